"""Archives of minutes: inputs, shards, commits, resuming."""
