"""Places in a text as lines have them: cut at `\\r\\n`, `\\n` and `\\r` only."""

from __future__ import annotations

import re


def lines_of(text: str) -> list[str]:
    """The lines with their ends; the last has none, unless it is the end of the text."""
    return re.findall(r"[^\r\n]*+(?:\r\n?|\n)|[^\r\n]++", text) or [""]


def ends_of(line: str) -> str:
    """What ends a line, "" for nothing."""
    return line[len(line.rstrip("\r\n")) :]


def place_of(text: str, offset: int) -> tuple[int, int]:
    """The 0-based line and column of an offset."""
    lines = lines_of(text[:offset])
    if ends_of(lines[-1]):
        return len(lines), 0
    return len(lines) - 1, len(lines[-1])
