"""What Finnish officials write: pure rules and their vocabulary."""
