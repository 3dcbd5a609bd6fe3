"""Which language a file is in: the table of languages, and the ways to one by path, first line, id or name."""

from __future__ import annotations

import os.path
import re
from collections.abc import Iterator, Mapping
from typing import Final

from auto_enforcer.grammars.row import Language
from auto_enforcer.grammars.rows_code import ROWS as CODE_ROWS
from auto_enforcer.grammars.rows_data import ROWS as DATA_ROWS

__all__ = ["LANGUAGES", "PLAINTEXT", "Language", "language_named", "language_of"]

PLAINTEXT: Final = "plaintext"

LANGUAGES: Final[Mapping[str, Language]] = {row.id: row for row in (*CODE_ROWS, *DATA_ROWS)}
"""The rows by LSP language id."""


def _by_name() -> Iterator[tuple[str, str]]:
    for row in LANGUAGES.values():
        for alias in row.aliases:
            yield alias, row.id
    for row in LANGUAGES.values():
        yield row.id, row.id


_NAMES: Final[Mapping[str, str]] = dict(_by_name())
_FILENAMES: Final[Mapping[str, str]] = {name: row.id for row in LANGUAGES.values() for name in row.filenames}
_SUFFIXES: Final[Mapping[str, str]] = {
    suffix: row.id for row in LANGUAGES.values() for suffix in row.suffixes
}
_INTERPRETERS: Final[Mapping[str, str]] = {
    name: row.id for row in LANGUAGES.values() for name in row.interpreters
}


def language_of(path: str, first_line: str = "", language_id: str = "") -> str:
    """The LSP id of a file's language: a known `language_id` wins, then the file's name, then its suffix, then a
    `#!` in `first_line`; "plaintext" otherwise. `path` may have slashes of either kind; suffixes match in any case.
    """
    if language_id and language_id in _NAMES and (language_id != PLAINTEXT or not path):
        return _NAMES[language_id]
    name = os.path.basename(path.replace("\\", "/"))
    found = _FILENAMES.get(name) or _by_suffix(name)
    if found:
        return found
    if first_line.startswith("#!"):
        return _INTERPRETERS.get(_interpreter(first_line), PLAINTEXT)
    return PLAINTEXT


def language_named(name: str) -> str | None:
    """The LSP id behind a name as people write it (`py`, `sh`, `yml`, after a fence or in `lang=`), in any case."""
    return _NAMES.get(name) or _NAMES.get(name.lower()) or _SUFFIXES.get(f".{name.lower()}")


def _by_suffix(name: str) -> str | None:
    # The longest suffix wins: `.blade.php` before `.php`. The first dot of a hidden file is no suffix.
    lower = name.lower()
    at = lower.find(".", 1)
    while at >= 0:
        found = _SUFFIXES.get(lower[at:])
        if found:
            return found
        at = lower.find(".", at + 1)
    stem = re.match(r"\.?(dockerfile|containerfile|makefile|gnumakefile|env)(?:[.\-_]|$)", lower)
    return (
        {"containerfile": "dockerfile", "gnumakefile": "makefile", "env": "dotenv"}.get(stem[1], stem[1])
        if stem and (stem[1] != "env" or lower[0] == ".")
        else None
    )


def _interpreter(first_line: str) -> str:
    """The program that a `#!` line runs, without its folder and version."""
    words = first_line[2:].split()
    while words and (words[0].rpartition("/")[2] == "env" or words[0].startswith("-") or "=" in words[0]):
        del words[0]
    program = words[0].rpartition("/")[2] if words else ""
    return program if program in _INTERPRETERS else program.rstrip("0123456789.").lower()
