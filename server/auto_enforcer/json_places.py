"""JSON with the place of every key, which `json` does not say; comments and a last comma are let pass."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import Any

from auto_enforcer.toml_places import DEEPEST, KeyPath, Span

_FILLING = re.compile(r"(?:[ \t\r\n]|//[^\n]*|/\*(?:[^*]|\*(?!/))*\*/)*")
_PLAIN = re.compile(r"-?\d[\w.+-]*|[A-Za-z]+")


def parsed(text: str) -> tuple[Any, dict[KeyPath, Span]]:
    """What a JSON text says, and where each key and each item of a list stands.

    Raises json.JSONDecodeError, and RecursionError for what is nested too deeply.
    """
    reader = _Reader(text.removeprefix("\ufeff"))
    return reader.document(), reader.spans


class _Reader:
    """Reads a text from its start to its end."""

    __slots__ = ("_at", "_starts", "_text", "spans")

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self.spans: dict[KeyPath, Span] = {}

    def document(self) -> Any:
        value = self._value(())
        if self._next():
            raise self._wrong("there is something after the end")
        return value

    def _value(self, path: KeyPath) -> Any:
        if len(path) > DEEPEST:
            raise RecursionError
        sign = self._next()
        if sign == "{":
            return self._object(path)
        if sign == "[":
            return self._list(path)
        if sign == '"':
            return self._string()
        plain = _PLAIN.match(self._text, self._at)
        if plain is None:
            raise self._wrong("there is no value here" if sign else "the text ends too early")
        try:
            value = json.loads(plain[0])
        except ValueError:
            raise self._wrong("there is no value here; put text in quotes") from None
        self._at = plain.end()
        return value

    def _object(self, path: KeyPath) -> dict[str, Any]:
        table: dict[str, Any] = {}
        self._at += 1
        while self._next() != "}":
            if self._next() != '"':
                raise self._wrong("there is no key in quotes here, and no `}`")
            start = self._at
            key = self._string()
            self._note((*path, key), start)
            self._expect(":")
            table[key] = self._value((*path, key))
            if self._next() != "}":
                self._expect(",")
        self._at += 1
        return table

    def _list(self, path: KeyPath) -> list[Any]:
        items: list[Any] = []
        self._at += 1
        while self._next() != "]":
            here = (*path, len(items))
            self._note(here, self._at)
            items.append(self._value(here))
            if self._next() != "]":
                self._expect(",")
        self._at += 1
        return items

    def _string(self) -> str:
        text, self._at = scanstring(self._text, self._at + 1, False)
        return str(text)

    def _next(self) -> str:
        """The character that comes after blanks and comments, "" at the end."""
        filling = _FILLING.match(self._text, self._at)
        self._at = filling.end() if filling is not None else self._at
        return self._text[self._at : self._at + 1]

    def _expect(self, sign: str) -> None:
        if self._next() != sign:
            raise self._wrong(f"there is no `{sign}` here")
        self._at += 1

    def _wrong(self, what: str) -> json.JSONDecodeError:
        return json.JSONDecodeError(what, self._text, self._at)

    def _note(self, path: KeyPath, start: int) -> None:
        line = bisect_right(self._starts, start) - 1
        column = start - self._starts[line]
        self.spans[path] = Span(line, column, column + 1)
