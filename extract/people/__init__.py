"""Names of persons: recogniser, mentions, base forms."""
