"""Sums in euros and their kinds."""
