"""Names out of the tables: pseudonyms, location, redaction."""
