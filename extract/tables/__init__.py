"""Rows and schema of the tables."""
