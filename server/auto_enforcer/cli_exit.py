"""How the command ends: its exit codes, and what a user can mend."""

from __future__ import annotations

CLEAN, BLOCKED, FAILED = 0, 1, 2
"""Exit codes: nothing blocked; something is; the job could not be done."""


class UserError(Exception):
    """What was asked for cannot be done; the message says why and what to do."""
