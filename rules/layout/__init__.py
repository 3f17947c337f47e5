"""Headings, list markers, case numbers, corrections of recognised text."""
