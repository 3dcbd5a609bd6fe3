"""Code with labels: what the rules of a family must find in it, and what they must leave alone."""
