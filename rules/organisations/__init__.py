"""Organisations, funders, municipalities, bodies."""
