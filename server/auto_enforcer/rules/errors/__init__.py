"""Failures that vanish: handlers that swallow, errors that nobody looks at, traces that reach strangers."""
