"""Which stretches of text describe a project each."""
