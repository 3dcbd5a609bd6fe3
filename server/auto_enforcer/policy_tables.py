"""The tables of a team's rule as values of the right types, and what is wrong with them at its place."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from auto_enforcer import policy_matching as matching
from auto_enforcer.languages import LANGUAGES
from auto_enforcer.model import WIDEST_WINDOW
from auto_enforcer.policy_keys import Key
from auto_enforcer.policy_rule_keys import LISTS, SHORT, TABLES, ZONE_NAMES
from auto_enforcer.policy_source import Source
from auto_enforcer.policy_values import PlacedGlob, Problem
from auto_enforcer.policy_words import kind, listed, meant, short
from auto_enforcer.toml_places import KeyPath

MOST_TABLES = 200
"""Conditions, or tests, of one kind that a rule may have."""

LONGEST_MESSAGE = 1_000
"""Characters of a message, a title or a replacement."""

Globs = Callable[[Source, KeyPath, Any], tuple[list[PlacedGlob], list[Problem]]]
"""Reads a list of globs, and says what is wrong with them."""


class Tables:
    """Reads the tables of one rule."""

    __slots__ = ("_globs", "problems", "source")

    def __init__(self, source: Source, globs: Globs) -> None:
        self.source = source
        self._globs = globs
        self.problems: list[Problem] = []

    def table(self, path: KeyPath, table: Mapping[str, Any], keys: Sequence[Key]) -> dict[str, Any]:
        """What of a table is well: values by key, and for tables pairs of their path and what is well in
        them."""
        known = {key.name: key for key in keys}
        said = {}
        for name, value in table.items():
            key = known.get(name)
            if key is None:
                self.problem((*path, name), f"unknown key `{short(name)}`{meant(name, known)}")
                continue
            read = self._read_value((*path, name), value, key)
            if read is not None:
                said[name] = read
        return said

    def _read_value(self, path: KeyPath, value: Any, key: Key) -> Any:
        """The value as its key's form has it; None and a problem where it is none."""
        form = key.form
        if form in TABLES:
            return self._tables(path, value, form)
        if form == "globs":
            return self.globs(path, value)
        if form in ("texts", "languages", "zones", "cwe"):
            return self._list(path, value, form)
        if form == "swap":
            return self._pairs(path, value)
        if form == "choice":
            if isinstance(value, str) and value in key.choices:
                return value
            said = (
                f"`{short(value)}`{meant(value, key.choices, listing=False)}"
                if isinstance(value, str)
                else kind(value)
            )
            self.problem(path, f"must be {listed(key.choices)}, not {said}")
            return None
        wanted = _WANTED.get(form, ("a string", str))
        if (
            not isinstance(value, wanted[1])
            or (isinstance(value, bool) and form != "bool")
            or isinstance(value, datetime.datetime)
        ):
            self.problem(path, f"must be {wanted[0]}, not {kind(value)}")
            return None
        problem = _wrong(form, value)
        if problem:
            self.problem(path, problem)
            return None
        return value

    def _tables(self, path: KeyPath, value: Any, form: str) -> list[tuple[KeyPath, dict[str, Any]]] | None:
        """Tables, each with its path."""
        given: list[tuple[KeyPath, Any]]
        if isinstance(value, list):
            given = [((*path, index), one) for index, one in enumerate(value)]
        else:
            given = [(path, value)]
        wanted = "a table" if form not in SHORT else "a string or a table"
        if (form in LISTS) != isinstance(value, list) and (form in LISTS or form == "fix"):
            self.problem(path, f"must be {'a list' if form in LISTS else 'a table'}, not {kind(value)}")
            return None
        if len(given) > MOST_TABLES:
            self.problem(path, f"has {len(given)} items; write at most {MOST_TABLES}")
            return None
        tables = []
        for here, one in given:
            if isinstance(one, str) and form in SHORT:
                one = {"pattern" if form == "conditions" else "text": one}
                if form != "conditions" or self._read_value(here, one["pattern"], _PATTERN) is not None:
                    tables.append((here, one))
            elif isinstance(one, dict):
                tables.append((here, self.table(here, one, TABLES[form])))
            else:
                self.problem(here, f"must be {wanted}, not {kind(one)}")
        return tables

    def _list(self, path: KeyPath, value: Any, form: str) -> Any:
        if not isinstance(value, list) or not value:
            self.problem(
                path, f"must be a list, not {kind(value)}" if value != [] else "is empty; leave it out"
            )
            return None
        if len(value) > matching.MOST_TEXTS:
            self.problem(path, f"has {len(value)} items; write at most {matching.MOST_TEXTS}")
            return None
        read: list[Any] = []
        for index, one in enumerate(value):
            here = (*path, index)
            if form == "cwe" and (isinstance(one, int) or re.fullmatch(r"(?i)CWE-\d{1,5}", str(one))):
                number = one if isinstance(one, int) else int(one[4:])
                read.append(f"CWE-{number}")
            elif not isinstance(one, str) or form == "cwe":
                self.problem(
                    here, f"must be {'a number' if form == 'cwe' else 'a string'}, not {_quoted(one)}"
                )
            elif form == "zones" and one not in ZONE_NAMES:
                self.problem(here, f"unknown zone `{short(one)}`{meant(one, ZONE_NAMES)}")
            elif form == "languages" and one not in LANGUAGES:
                self.problem(here, f"unknown language `{short(one)}`{meant(one, LANGUAGES)}")
            elif problem := _wrong("text", one):
                self.problem(here, problem)
            else:
                read.append(one)
        if len(read) != len(value):
            return None
        if form == "zones":
            return sum(1 << ZONE_NAMES.index(one) for one in set(read))
        return list(dict.fromkeys(read))

    def _pairs(self, path: KeyPath, value: Any) -> dict[str, str] | None:
        if not isinstance(value, dict) or not value:
            self.problem(
                path, f"must be a table of words, not {kind(value)}" if value != {} else "is empty; add words"
            )
            return None
        if len(value) > matching.MOST_TEXTS:
            self.problem(path, f"has {len(value)} words; write at most {matching.MOST_TEXTS}")
            return None
        pairs = {}
        for old, new in value.items():
            if not isinstance(new, str):
                self.problem((*path, old), f"must be a string, not {kind(new)}")
            elif problem := _wrong("text", old):
                self.problem((*path, old), problem)
            elif len(new) > LONGEST_MESSAGE or "\n" in new:
                self.problem((*path, old), "must be one line, and not long")
            else:
                pairs[old] = new
        return pairs if len(pairs) == len(value) else None

    def globs(self, path: KeyPath, value: Any) -> list[PlacedGlob]:
        """The globs of a list."""
        placed, problems = self._globs(self.source, path, value)
        self.problems += problems
        return placed

    def missing(self, path: KeyPath, message: str) -> None:
        """A problem of a table that lacks something, unless something in it is wrong already."""
        key = self.source.place(path).key
        if not any(problem.place.key.startswith(f"{key}.") for problem in self.problems):
            self.problem(path, message)

    def problem(self, path: KeyPath, message: str) -> None:
        """Note what is wrong at a path."""
        place = self.source.place(path)
        self.problems.append(Problem(place, message))


_PATTERN = Key("pattern", "pattern", "")

_WANTED: Mapping[str, tuple[str, Any]] = {
    "bool": ("`true` or `false`", bool),
    "count": ("a number", int),
    "window": ("a number", int),
    "number": ("a number", (int, float)),
    "date": ("a date such as `2027-01-31`, without quotes", datetime.date),
}


def _wrong(form: str, value: Any) -> str:
    """What is wrong with a value of the right type; "" for nothing."""
    if form == "window" and not 1 <= value <= WIDEST_WINDOW:
        return f"must be a number from 1 to {WIDEST_WINDOW}, not `{value}`"
    if form == "count" and not 0 <= value <= 10_000:
        return "must be a number from 0 to 10000"
    if form == "number" and not 0 <= value <= 32:
        return "must be a number from 0 to 32"
    if form == "url" and not re.fullmatch(r"https?://[^\s<>\"]{1,500}", value):
        return "must be an address that begins with `https://`"
    if form == "sha256" and not re.fullmatch(r"[0-9a-fA-F]{64}", value):
        return "must be 64 hexadecimal digits"
    if form in ("text", "pattern", "id") and not value:
        return "is empty"
    if form == "text" and ("\n" in value or "\r" in value):
        return "must be one line: rules look at one line at a time"
    if form == "text" and len(value) > matching.LONGEST_TEXT:
        return f"has {len(value)} characters; write at most {matching.LONGEST_TEXT}"
    return ""


def _quoted(value: Any) -> str:
    return f"`{short(value)}`" if isinstance(value, str) else kind(value)
