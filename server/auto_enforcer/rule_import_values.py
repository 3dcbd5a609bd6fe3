"""What the readers of other tools' rule files hand on: tables of rules, and what is not carried over."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from auto_enforcer.model import NamedTuple
from auto_enforcer.policy_values import Place
from auto_enforcer.policy_words import dotted, kind
from auto_enforcer.toml_places import KeyPath, Span


class MalformedError(ValueError):
    """A file that is not what it should be; `place` says where."""

    def __init__(self, place: Place, message: str) -> None:
        super().__init__(message)
        self.place = place


class Carried(NamedTuple):
    """A rule as the table that it becomes, and what of it could not be carried over. The table's `id` has no
    family yet."""

    name: str
    """What its own tool calls it."""
    table: dict[str, Any]
    notes: tuple[str, ...] = ()


class LeftOut(NamedTuple):
    """A rule that could not be carried over, and why."""

    name: str
    reason: str


class Rules(NamedTuple):
    """What is in the files. `nowhere`: globs of files that no rule looks at; `remarks`: what concerns no one
    rule."""

    carried: tuple[Carried, ...]
    left_out: tuple[LeftOut, ...] = ()
    nowhere: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


class Reader:
    """Reads values of the right type out of a table, or says where one is of another."""

    __slots__ = ("_file", "_path", "_spans", "table", "used")

    def __init__(self, file: str, spans: Mapping[KeyPath, Span], path: KeyPath, table: Any) -> None:
        self._file = file
        self._spans = spans
        self._path = path
        if not isinstance(table, dict):
            raise MalformedError(self.place(), f"must be a table, not {kind(table)}")
        self.table: dict[str, Any] = table
        self.used: set[str] = set()

    def place(self, *more: str | int) -> Place:
        """The place of a key, or of the nearest thing around it that has one."""
        path = (*self._path, *more)
        for length in range(len(path), 0, -1):
            span = self._spans.get(path[:length])
            if span is not None:
                return Place(self._file, span.line, span.column, span.end, dotted(path))
        return Place(self._file, key=dotted(path))

    def text(self, key: str, *, needed: bool = False) -> str:
        """A text, "" where there is none."""
        value = self._value(key, str, "a string")
        if needed and not value:
            raise MalformedError(self.place(), f"there is no `{key}`")
        return str(value or "")

    def number(self, key: str) -> float:
        """A number, 0 where there is none."""
        value = self._value(key, (int, float), "a number")
        return value or 0

    def flag(self, key: str) -> bool:
        """Whether a key is true."""
        return bool(self._value(key, bool, "`true` or `false`"))

    def texts(self, key: str) -> list[str]:
        """A list of texts."""
        texts = self._value(key, list, "a list") or []
        for index, text in enumerate(texts):
            if not isinstance(text, str):
                raise MalformedError(self.place(key, index), f"must be a string, not {kind(text)}")
        return list(texts)

    def tables(self, key: str) -> list[Reader]:
        """A list of tables, each with a reader of its own."""
        tables = self._value(key, list, "a list of tables") or []
        return [self._inner(table, key, index) for index, table in enumerate(tables)]

    def inner(self, key: str) -> Reader | None:
        """A table within this one."""
        self.used.add(key)
        return self._inner(self.table[key], key) if self.table.get(key) is not None else None

    def unused(self) -> list[str]:
        """The keys that nobody asked for; those that begin with `_` are comments."""
        return [key for key in self.table if key not in self.used and not key.startswith("_")]

    def _inner(self, table: Any, *path: str | int) -> Reader:
        return Reader(self._file, self._spans, (*self._path, *path), table)

    def _value(self, key: str, types: Any, wanted: str) -> Any:
        self.used.add(key)
        value = self.table.get(key)
        if value is None:
            return None
        if not isinstance(value, types) or (isinstance(value, bool) and types is not bool):
            raise MalformedError(self.place(key), f"must be {wanted}, not {kind(value)}")
        return value


def kebab(name: str) -> str:
    """The part of a rule's id that a name becomes; "" where nothing of it can stand there."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name)
    return "-".join(re.findall("[a-z0-9]+", apart.lower()))[:60].strip("-")


def said(text: str) -> str:
    """A text as a message: one line, and braces are braces."""
    return " ".join(text.split())[:400].replace("{", "{{").replace("}", "}}")


def fitting(texts: Iterable[str], most: int, longest: int) -> tuple[list[list[str]], int]:
    """Texts in lists of so many, and how many fit in none: long ones, empty ones, several lines."""
    given = list(dict.fromkeys(texts))
    well = [one for one in given if one and len(one) <= longest and "\n" not in one and "\r" not in one]
    return [well[start : start + most] for start in range(0, len(well), most)], len(given) - len(well)
