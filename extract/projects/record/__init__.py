"""From an entry to a project record: values, people, sums, findings."""
