"""A policy's file as it is being written: where in it a column is, and what may stand there."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from auto_enforcer.languages import LANGUAGES
from auto_enforcer.lsp.positions import Lines
from auto_enforcer.model import NamedTuple, Option
from auto_enforcer.policy_keys import ALLOW_KEYS, FILE_KEYS, LEVELS, OVERRIDE_KEYS, RULE_KEYS, SETS, Key
from auto_enforcer.policy_rule_keys import TABLES, TEAM_KEYS, ZONE_NAMES

if TYPE_CHECKING:
    from auto_enforcer.policy_values import Entries

FARTHEST = 2_000
"""Lines above a column in which the header of its table is sought."""

_HEADER = re.compile(r"[ \t]*\[\[?[ \t]*(?P<path>[^\]#]+?)[ \t]*\]")
_PART = re.compile(r"\"([^\"]*)\"|'([^']*)'|([\w-]+)")
_TOKEN = re.compile(
    r"(?P<string>\"[^\"\\]*+(?:\\.[^\"\\]*+)*\"?|'[^']*'?)|(?P<word>[\w./+-]+)|(?P<sign>[={}\[\],#])|[ \t]+|."
)
_OURS = ("tool", "auto-enforcer")


class Place(NamedTuple):
    """Where a column is. `path` are the keys of the table around it; `key` is the one whose value it is in,
    "" where a key stands or is to come. [start, end) is the word there, without its quotes; `quote` is what
    opens it, or "".
    """

    path: tuple[str, ...]
    key: str
    word: str
    start: int
    end: int
    quote: str


class Known(NamedTuple):
    """A key that a line has, with its columns, and what it is for."""

    name: str
    title: str
    start: int
    end: int


def place_at(lines: Lines, name: str, number: int, column: int) -> Place | None:
    """Where a column of the file `name` is; None in a comment, a header, or a table that is not ours."""
    text = lines.line(number)
    if _HEADER.match(text):
        return None
    path = _table(lines, name, number)
    return None if path is None else _in_line(text, column, path)


def key_at(lines: Lines, name: str, number: int, column: int) -> Known | None:
    """The key of ours that a column of the file `name` is in, None where it is in none."""
    found = place_at(lines, name, number, column)
    if found is None or found.key or not found.word:
        return None
    for key in keys_of(found.path, {}):
        if key.name == found.word:
            return Known(key.name, key.title, found.start, found.end)
    return None


def keys_of(path: Sequence[str], entries: Entries) -> Iterator[Key]:
    """The keys that a table may have: those of the file for an empty path; for `rules`, each rule and family.
    None for what is no table of ours."""
    if not path:
        yield from FILE_KEYS
        return
    first, rest = path[0], path[1:]
    if first == "overrides":
        if not rest:
            yield from OVERRIDE_KEYS
            return
        first, rest = rest[0], rest[1:]
    if first == "allow" and not rest:
        yield from ALLOW_KEYS
    elif first == "rules":
        yield from _of_rules(rest, entries)
    elif first == "rule" and not rest:
        yield from TEAM_KEYS
    elif first == "rule" and len(rest) == 1:
        form = next((key.form for key in TEAM_KEYS if key.name == rest[0]), "")
        yield from TABLES.get(form, ())


def values_of(place: Place, entries: Entries) -> Iterator[tuple[str, bool]]:
    """What may stand as the value at a place, and whether it stands in quotes."""
    key = next((key for key in keys_of(place.path, entries) if key.name == place.key), None)
    if key is None:
        return
    choices: Iterable[str] = key.choices
    if key.form == "rule":
        choices = LEVELS
    elif key.form == "extends":
        choices = SETS
    elif key.form == "languages":
        choices = sorted(LANGUAGES)
    elif key.form == "zones":
        choices = ZONE_NAMES
    elif key.form == "bool":
        yield from (("true", False), ("false", False))
    yield from ((choice, True) for choice in choices)


def _of_rules(rest: Sequence[str], entries: Entries) -> Iterator[Key]:
    if not rest:
        for rule, entry in entries.items():
            word = entry.severity.value
            yield Key(rule, "rule", f"{word}, off by default" if entry.optional else word)
        for family in dict.fromkeys(rule.partition("/")[0] for rule in entries):
            yield Key(family, "rule", "a whole family")
    elif len(rest) == 1:
        yield from RULE_KEYS
        options: Mapping[str, Option] = {}
        if rest[0] in entries:
            options = {option.name: option for option in entries[rest[0]].options}
        for option in options.values():
            yield Key(option.name, "bool" if isinstance(option.default, bool) else "value", option.title)


def _table(lines: Lines, name: str, number: int) -> tuple[str, ...] | None:
    """The path of the table that a line is in, from ours on."""
    path: tuple[str, ...] = ()
    for above in range(number - 1, max(-1, number - FARTHEST), -1):
        match = _HEADER.match(lines.line(above))
        if match is not None:
            path = tuple(a or b or c for a, b, c in _PART.findall(match["path"]))
            break
    if os.path.basename(name) != "pyproject.toml":
        return path
    return path[2:] if path[:2] == _OURS else None


def _in_line(text: str, column: int, path: tuple[str, ...]) -> Place | None:
    """Goes over the line's tokens up to the column; inline tables add to the path."""
    stack = [(path, "")]
    last, key = "", ""
    for token in _TOKEN.finditer(text):
        start, end = token.span()
        inside = token["string"] or token["word"]
        past = token["string"] and _is_past(token[0], column - start)
        if inside is not None and start <= column <= end and not past:
            quote = token[0][0] if token["string"] else ""
            closed = 1 if quote and len(token[0]) > 1 and token[0].endswith(quote) else 0
            first, behind = start + bool(quote), end - closed
            return Place(stack[-1][0], key, text[first:behind], first, behind, quote)
        if start >= column:
            break
        if inside is not None:
            last = inside.strip("\"'")
        elif token["sign"] == "#":
            return None
        elif token["sign"] == "=":
            key = last
        elif token["sign"] == "{":
            stack.append(((*stack[-1][0], key) if key else stack[-1][0], key))
            key = ""
        elif token["sign"] == "}" and len(stack) > 1:
            key = stack.pop()[1]
        elif token["sign"] == "," and len(stack) > 1 and not _in_list(text[:start]):
            key = ""
    return Place(stack[-1][0], key, "", column, column, "")


def _is_past(string: str, offset: int) -> bool:
    """Whether an offset is behind the quote that closes a string."""
    return offset == len(string) > 1 and string[-1] == string[0]


def _in_list(text: str) -> bool:
    return text.count("[") > text.count("]")
