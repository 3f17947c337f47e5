"""Scanned pages by text recognition."""
