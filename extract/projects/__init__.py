"""Projects: facts, entries, records."""
