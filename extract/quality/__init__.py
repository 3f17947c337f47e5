"""How right the tables are: gold, evaluation, comparison, explanation."""
