"""Review: rows looked up, corrections made, and the local page on which people do that."""
