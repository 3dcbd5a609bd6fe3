"""Which language a file is in: the table of languages, and the ways to one by path, first line or name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from auto_enforcer.grammars.row import Language
from auto_enforcer.grammars.rows_braces import ROWS as BRACE_ROWS
from auto_enforcer.grammars.rows_data import ROWS as DATA_ROWS
from auto_enforcer.grammars.rows_scripts import ROWS as SCRIPT_ROWS

__all__ = ["LANGUAGES", "MINIFIED", "PLAINTEXT", "Language", "language_named", "language_of"]

PLAINTEXT: Final = "plaintext"

LANGUAGES: Final[Mapping[str, Language]] = {row.id: row for row in (*SCRIPT_ROWS, *BRACE_ROWS, *DATA_ROWS)}
"""The rows by LSP language id. What a suppression comment is written with is in a row's `line_comment` (empty
where there is none) and `block_comment` (opener and closer, or None)."""

MINIFIED: Final = frozenset(
    [
        "javascript",
        "javascriptreact",
        "typescript",
        "typescriptreact",
        "css",
        "scss",
        "less",
        "html",
        "vue",
        "svelte",
        "json",
    ]
)
"""The languages in which a line that is longer than anyone reads was made by a program."""

_NAMES: Final[Mapping[str, str]] = {
    **{alias: row.id for row in LANGUAGES.values() for alias in row.aliases},
    **{row.id: row.id for row in LANGUAGES.values()},
}
_FILENAMES: Final[Mapping[str, str]] = {name: row.id for row in LANGUAGES.values() for name in row.filenames}
_SUFFIXES: Final[Mapping[str, str]] = {
    suffix: row.id for row in LANGUAGES.values() for suffix in row.suffixes
}
_INTERPRETERS: Final[Mapping[str, str]] = {
    name: row.id for row in LANGUAGES.values() for name in row.interpreters
}
_STEMS: Final[Mapping[str, str]] = {
    "dockerfile": "dockerfile",
    "containerfile": "dockerfile",
    "makefile": "makefile",
    "gnumakefile": "makefile",
    "jenkinsfile": "groovy",
    ".env": "dotenv",
}
"""What a file's name may begin with before a dot, a dash or an underscore: `Dockerfile.dev`, `.env.local`."""


def language_of(path: str, first_line: str = "", language_id: str = "") -> str:
    """The LSP id of a file's language; "plaintext" where nothing tells.

    The file's name counts first, then its suffix in any case, then a `#!` that begins `first_line`. An
    editor's word (`language_id`, or an alias of one) counts only where these tell nothing: the command, which
    hears no such word, would find something else. `path` may have slashes of either kind.
    """
    name = path.replace("\\", "/").rpartition("/")[2]
    found = _FILENAMES.get(name) or _by_suffix(name.lower())
    if not found and first_line.startswith("#!"):
        found = _INTERPRETERS.get(_interpreter(first_line))
    return found or _NAMES.get(language_id, PLAINTEXT)


def language_named(name: str) -> str | None:
    """The LSP id behind a name as people write it behind a fence or in `lang=` (`py`, `sh`), in any case."""
    lower = name.lower()
    return _NAMES.get(lower) or _SUFFIXES.get(f".{lower}")


def _by_suffix(name: str) -> str | None:
    # The longest suffix wins. A hidden file's first dot begins no suffix.
    at = name.find(".", 1)
    while at >= 0:
        found = _SUFFIXES.get(name[at:])
        if found:
            return found
        at = name.find(".", at + 1)
    return _STEMS.get(re.split(r"(?<=.)[.\-_]", name, maxsplit=1)[0])


def _interpreter(first_line: str) -> str:
    """The program that a `#!` line runs, without its folder and version."""
    words = first_line[2:].split()
    while words and (words[0].rpartition("/")[2] == "env" or words[0].startswith("-") or "=" in words[0]):
        del words[0]
    program = words[0].rpartition("/")[2].lower() if words else ""
    return program if program in _INTERPRETERS else program.rstrip("0123456789.")
