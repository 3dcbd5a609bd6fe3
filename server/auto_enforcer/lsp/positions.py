"""The client's positions and ours."""

from __future__ import annotations

import os
from typing import Any, Protocol

from auto_enforcer.lsp.uris import path_from, uri_from
from auto_enforcer.text import code_points, units

WINDOWS = os.name == "nt"

NOWHERE = os.path.join(os.path.abspath(os.sep), "?" if WINDOWS else os.devnull, "unsaved")
"""A folder that cannot exist. What is in no file (`untitled:…`) is treated as if it were in it."""


class Lines(Protocol):
    """What a conversion asks of a document."""

    @property
    def line_count(self) -> int:
        """How many lines there are, at least 1."""

    def line(self, number: int) -> str:
        """A line without its end."""


Place = tuple[int, int]
"""A 0-based line and a 0-based column in code points."""


def place(lines: Lines, position: Any, encoding: str) -> Place:
    """A JSON position as ours. Past the end of a line is its end; past the last line is left for the document
    to clamp. Raises KeyError, TypeError or ValueError for what is no position."""
    number, character = position["line"], position["character"]
    if number < 0 or character < 0:
        raise ValueError("a negative position")
    if number >= lines.line_count:
        return number, character
    line = lines.line(number)
    if line.isascii():
        return number, min(character, len(line))
    return number, code_points(line, character, encoding)


def column(lines: Lines, number: int, code_point: int, encoding: str) -> int:
    """A column of ours in the client's units."""
    if encoding == "utf-32":
        return code_point
    line = lines.line(number)
    return code_point if line.isascii() else units(line, code_point, encoding)


def path_of(uri: str) -> str:
    """The absolute path of a document, below NOWHERE if it is in no file."""
    path = path_from(uri, windows=WINDOWS)
    if path and os.path.isabs(path):
        return os.path.normpath(path)
    name = "".join(character if character.isalnum() or character in "-._" else "_" for character in uri)
    return os.path.join(NOWHERE, name.lstrip("."))


def uri_of(path: str) -> str:
    """The `file:` URI of an absolute path."""
    return uri_from(path, windows=WINDOWS)
