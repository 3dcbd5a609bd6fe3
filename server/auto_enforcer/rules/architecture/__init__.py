"""What a map of the project forbids."""
