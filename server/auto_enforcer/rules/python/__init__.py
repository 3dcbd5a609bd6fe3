"""Python: what runs, and does something else than it says."""
