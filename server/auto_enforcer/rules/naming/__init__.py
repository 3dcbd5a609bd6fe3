"""Terms that a team has given up."""
