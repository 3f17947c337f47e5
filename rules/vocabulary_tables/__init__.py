"""Vocabulary files read."""
