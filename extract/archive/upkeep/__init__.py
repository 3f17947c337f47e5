"""Looking after an OUTPUT: its state, whether it is whole, what was taken out of it."""
