"""What carries documents to workers."""
