"""What the terminal at hand can show."""

from __future__ import annotations

import os
from typing import TextIO

USUAL = 80
"""Columns of a terminal that does not say how many it has."""


def is_capable(stream: TextIO) -> bool:
    """Whether a stream is a terminal that understands more than plain lines."""
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def wants_colour(stream: TextIO) -> bool:
    """Whether what is written to a stream may be coloured: nobody said otherwise, and it will be seen."""
    return is_capable(stream) and not os.environ.get("NO_COLOR")


def columns(stream: TextIO) -> int:
    """How wide a stream is, in columns; 0 for one that is no terminal."""
    try:
        return (os.get_terminal_size(stream.fileno()).columns or USUAL) if stream.isatty() else 0
    except (OSError, ValueError):
        return 0
