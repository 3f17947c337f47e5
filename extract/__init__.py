"""Finnish minutes in, tables out."""
