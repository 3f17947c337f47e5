"""Entries of many documents that describe one project."""
