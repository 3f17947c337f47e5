"""Meetings: cover, agenda items, attendance, signatures."""
