"""Small predicates that rules of several families share."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, AnyStr, cast

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


@lru_cache(1024)  # some patterns have a name of the text in them
def regex(pattern: str) -> re.Pattern[str]:
    """The pattern compiled as the engine compiles a rule's, on its first use."""
    return re.compile(pattern, re.ASCII)


def lazy(pattern: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """A module's own pattern, compiled when its first method is asked for: of a family's many, one file needs
    few, and a long one takes milliseconds to compile."""
    return cast("re.Pattern[AnyStr]", _Lazy(pattern, flags))


class _Lazy:
    """Takes over the methods of a compiled pattern when one of them is first asked for."""

    __slots__ = ("_flags", "_pattern", "findall", "finditer", "fullmatch", "match", "search", "split", "sub")

    def __init__(self, pattern: str | bytes, flags: int) -> None:
        self._pattern = pattern
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        # Python comes here only while the method's slot is empty.
        compiled = re.compile(self._pattern, self._flags)
        for method in self.__slots__[2:]:
            setattr(self, method, getattr(compiled, method))
        return getattr(compiled, name)


def indent_of(text: str) -> int:
    """How many blanks stand before a line's first word."""
    return len(text) - len(text.lstrip())


def words(name: str) -> list[str]:
    """The words of a name in lower case, however it is written: `lastUpdated_at` -> last, updated, at."""
    return [word.lower() for word in regex("[A-Z]+(?![a-z])|[A-Z]?[a-z]+").findall(name)]
