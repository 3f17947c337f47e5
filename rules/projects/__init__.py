"""What speaks of a project: names, status, roles, labels."""
