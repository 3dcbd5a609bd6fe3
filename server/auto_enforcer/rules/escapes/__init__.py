"""Escapes: comments that switch a checker off without saying what or why."""
