"""What reviewers said of values: kept in a file, found again in the text, and applied to the rows of a document."""
