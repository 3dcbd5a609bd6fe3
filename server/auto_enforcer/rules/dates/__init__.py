"""Dates that grow old, that were never real, and that have passed."""
