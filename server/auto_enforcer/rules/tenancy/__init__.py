"""Data that tenants share, and queries that forget it."""
