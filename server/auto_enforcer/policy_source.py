"""A configuration file's text: how it is read, where its keys stand, and where it is not TOML."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Mapping
from typing import Any

from auto_enforcer import reading
from auto_enforcer.policy_values import LARGEST_FILE, Place
from auto_enforcer.policy_words import corrected, dotted
from auto_enforcer.toml_places import KeyPath, Span


class Source:
    """A file's table and where its keys stand. `prefix` is the path of the table in the file."""

    __slots__ = ("file", "folder", "prefix", "spans", "table")

    def __init__(
        self, file: str, table: Mapping[str, Any], spans: Mapping[KeyPath, Span], prefix: KeyPath
    ) -> None:
        self.file = file
        self.folder = file.rpartition("/")[0]
        self.table = table
        self.spans = spans
        self.prefix = prefix

    def place(self, path: KeyPath) -> Place:
        """The place of a key, or of the nearest thing around it that has one."""
        whole = (*self.prefix, *path)
        for length in range(len(whole), 0, -1):
            span = self.spans.get(whole[:length])
            if span is not None:
                return Place(self.file, span.line, span.column, span.end, dotted(path))
        return Place(self.file, key=dotted(path))


def text_of(data: bytes) -> str:
    """The text of a file with this content. Raises OSError and UnicodeDecodeError."""
    if len(data) > LARGEST_FILE:
        raise _too_large()
    return data.decode()


def _too_large() -> OSError:
    return OSError(errno.EFBIG, f"it is larger than {LARGEST_FILE >> 20} MiB")


def read_text(path: str) -> str:
    """A file's text. Raises OSError and UnicodeDecodeError."""
    with reading.open_regular(path) as file:
        pieces, size = [], 0
        while piece := file.read(1 << 16):
            pieces.append(piece)
            size += len(piece)
            if size > LARGEST_FILE:
                raise _too_large()
    return b"".join(pieces).decode()


PACKAGE = "package:"
"""What a name in `extends` begins with where it names a file of an installed package."""


def package_file(name: str) -> str:
    """The path of `package:acme_rules/rules.toml`, a data file of a package that is installed beside this
    program; "" where there is none. Nothing is imported, and no finder of Python's is asked: some of them run
    code, and the working folder may be among the places where they look.

    Raises ValueError for a name that is none.
    """
    match = re.fullmatch(r"package:([A-Za-z_]\w{0,100})((?:/[\w-][\w.-]{0,100}){1,8}\.toml)", name, re.ASCII)
    if match is None:
        raise ValueError(name)
    import sysconfig

    for kind in ("purelib", "platlib"):
        top = os.path.realpath(sysconfig.get_path(kind))
        path = os.path.realpath(os.path.join(top, match[1], *match[2].split("/")))
        if path.startswith(os.path.join(top, match[1], "")) and os.path.isfile(path):
            return path
    return ""


def syntax_problem(file: str, text: str, message: str) -> tuple[Place, str]:
    """The place and message of what tomllib said, whose lines and columns are 1-based."""
    lines = text.replace("\r\n", "\n").split("\n")
    match = re.search(r" \(at (?:line (\d+), column (\d+)|end of document)\)$", message)
    line, column = len(lines) - 1, len(lines[-1])
    if match and match[1]:
        line, column = int(match[1]) - 1, int(match[2]) - 1
    what = message[: match.start()] if match else message
    return Place(file, line, column, column + 1), f"not valid TOML: {corrected(what)}"
