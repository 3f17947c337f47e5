"""Tables handed on: export, queries, compaction."""
