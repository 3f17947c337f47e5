"""What was decided: outcomes, votes, dissents and disqualifications."""
