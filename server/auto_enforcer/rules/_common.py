"""Small predicates that rules of several families share."""

from __future__ import annotations

import re
from functools import cache

PROGRAMS = (
    *("python", "javascript", "javascriptreact", "typescript", "typescriptreact", "vue", "svelte", "java"),
    *("kotlin", "scala", "groovy", "c", "cpp", "csharp", "go", "rust", "swift", "objective-c", "dart", "php"),
    *("ruby", "perl", "lua", "r", "julia", "elixir", "haskell", "sql", "shellscript", "powershell", "bat"),
)
"""The languages that programs are written in."""

DATA = ("yaml", "toml", "json", "jsonc", "ini", "properties", "dotenv", "xml")
"""The formats that hold data and settings."""

PROSE = ("markdown", "restructuredtext", "plaintext")
"""What is written for people in the first place."""


@cache
def regex(pattern: str) -> re.Pattern[str]:
    """The pattern compiled as the engine compiles a rule's, on its first use."""
    return re.compile(pattern, re.ASCII)


def words(name: str) -> list[str]:
    """The words of a name in lower case, however it is written: `lastUpdated_at` -> last, updated, at."""
    return [word.lower() for word in regex("[A-Z]+(?![a-z])|[A-Z]?[a-z]+").findall(name)]
