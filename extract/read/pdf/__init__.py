"""PDF files to lines and tables."""
