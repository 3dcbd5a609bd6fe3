"""Secrets in text: credentials by their shape, and literals given to names that mean a secret."""
