"""Where the keys of a TOML text stand, which `tomllib` does not say."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterator
from typing import Any

from auto_enforcer.model import NamedTuple

KeyPath = tuple[str | int, ...]
"""The way to a value from the top: keys, and indexes into lists and arrays of tables."""


DEEPEST = 64
"""Keys and places in lists, one within the other, that a text may have. Each is held with all of those around
it, here and in `tomllib`, whose time for a dotted key grows with the square of its parts."""


class Span(NamedTuple):
    """A 0-based line, and columns in code points, `end` exclusive. Lines end in `\\n` or `\\r\\n`."""

    line: int
    column: int
    end: int


def parsed(text: str) -> dict[str, Any]:
    """What a TOML text says. Raises tomllib.TOMLDecodeError, and RecursionError for what is nested too
    deeply."""
    if re.search(_MANY_PARTS, text):
        raise RecursionError
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        raise
    except ValueError:  # Python's own, which reads only so many digits
        raise tomllib.TOMLDecodeError("a number has too many digits") from None


def places(text: str) -> dict[KeyPath, Span]:
    """The place of every key of a TOML text that `parsed` has accepted, by its path. Raises RecursionError
    for what is nested too deeply.

    A table or dotted key that is said several times has the place of its own header, else of its first
    mention. An element of a list has the place of its value (its first line).
    """
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    spans: dict[KeyPath, Span] = {}
    for path, start, end, defining in _Walker(text).found():
        if defining or path not in spans:
            line = bisect_right(starts, start) - 1
            spans[path] = Span(line, start - starts[line], end - starts[line])
    return spans


_MANY_PARTS = (
    rf"""(?a)(?<![\w.-])(?:(?:[\w-]+|"[^"\n]*"|'[^'\n]*')[ \t]*\.[ \t]*){{{DEEPEST}}}(?:[\w-]|"|')"""
)
"""A dotted key of more parts than may be, or what looks like one."""

_SPACE = re.compile(r"[ \t]*")
_FILLING = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_PLAIN_VALUE = re.compile(r"[^,\]}#\r\n]*")
_BASIC = re.compile(r'"(?:[^"\\]|\\.)*"')
_LITERAL = re.compile(r"'[^']*'")
_LONG_BASIC = re.compile(r'"""(?:[^"\\]|\\.|"(?!""))*"""(?:"{1,2}(?!"))?', re.DOTALL)
_LONG_LITERAL = re.compile(r"'''(?:[^']|'(?!''))*'''(?:'{1,2}(?!'))?")
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))")
_ESCAPED = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r"}

_Found = tuple[KeyPath, int, int, bool]
"""Path, start offset, end offset, and whether the key is defined there, not passed through."""


class _Walker:
    """Reads a valid TOML text from its start to its end and tells the keys as it meets them."""

    __slots__ = ("at", "tables", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.tables: dict[KeyPath, int] = {}
        """How many elements each array of tables has so far."""

    def found(self) -> Iterator[_Found]:
        """All keys of the text in their order."""
        prefix: KeyPath = ()
        while True:
            self._skip(_FILLING)
            if self.at >= len(self.text):
                return
            if self.text[self.at] != "[":
                yield from self._pair(prefix)
                continue
            array = self.text.startswith("[[", self.at)
            self.at += 2 if array else 1
            parts = list(self._dotted())
            prefix = ()
            for index, (key, start, end) in enumerate(parts):
                prefix += (key,)
                last = index == len(parts) - 1
                if last and array:
                    yield prefix, start, end, prefix not in self.tables
                    self.tables[prefix] = self.tables.get(prefix, 0) + 1
                else:
                    yield prefix, start, end, last
                if prefix in self.tables:
                    prefix += (self.tables[prefix] - 1,)
                    yield prefix, start, end, last and array
            self.at += 2 if array else 1

    def _pair(self, prefix: KeyPath) -> Iterator[_Found]:
        """A dotted key, its `=` and its value."""
        parts = list(self._dotted())
        for index, (key, start, end) in enumerate(parts):
            prefix += (key,)
            yield prefix, start, end, index == len(parts) - 1
        self.at += 1
        self._skip(_SPACE)
        yield from self._value(prefix)

    def _dotted(self) -> Iterator[tuple[str, int, int]]:
        """The parts of a dotted key with the offsets of their texts, quotes included."""
        while True:
            self._skip(_SPACE)
            start = self.at
            quote = self.text[start]
            if quote == '"':
                self._skip(_BASIC)
                key = _ESCAPE.sub(_unescaped, self.text[start + 1 : self.at - 1])
            elif quote == "'":
                self._skip(_LITERAL)
                key = self.text[start + 1 : self.at - 1]
            else:
                self._skip(_BARE_KEY)
                key = self.text[start : self.at]
            yield key, start, self.at
            self._skip(_SPACE)
            if self.text[self.at : self.at + 1] != ".":
                return
            self.at += 1

    def _value(self, path: KeyPath) -> Iterator[_Found]:
        """The keys inside of a value, whose end is then behind us."""
        if len(path) > DEEPEST:
            raise RecursionError
        character = self.text[self.at]
        if character == "{":
            self.at += 1
            self._skip(_FILLING)
            while self.text[self.at] != "}":
                yield from self._pair(path)
                self._pass_comma()
            self.at += 1
        elif character == "[":
            self.at += 1
            self._skip(_FILLING)
            index = 0
            while self.text[self.at] != "]":
                start = self.at
                inner = list(self._value((*path, index)))
                line_end = self.text.find("\n", start, self.at)
                yield (*path, index), start, self.at if line_end < 0 else line_end, True
                yield from inner
                self._pass_comma()
                index += 1
            self.at += 1
        elif self.text.startswith('"""', self.at):
            self._skip(_LONG_BASIC)
        elif self.text.startswith("'''", self.at):
            self._skip(_LONG_LITERAL)
        elif character == '"':
            self._skip(_BASIC)
        elif character == "'":
            self._skip(_LITERAL)
        else:
            self._skip(_PLAIN_VALUE)
            while self.text[self.at - 1] in " \t":
                self.at -= 1

    def _pass_comma(self) -> None:
        self._skip(_FILLING)
        if self.text[self.at] == ",":
            self.at += 1
            self._skip(_FILLING)

    def _skip(self, pattern: re.Pattern[str]) -> None:
        match = pattern.match(self.text, self.at)
        if match is not None:
            self.at = match.end()


def _unescaped(match: re.Match[str]) -> str:
    """The character that an escape of a quoted key stands for."""
    short, long, letter = match.groups()
    if letter is None:
        return chr(int(short or long, 16))
    return _ESCAPED.get(letter, letter)
