"""The words in which mistakes of a configuration file are told, and the small readings that they need."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise

from auto_enforcer.toml_places import KeyPath

_MEANT = {
    "error": "blocked",
    "block": "blocked",
    "deny": "blocked",
    "warn": "warning",
    "none": "off",
    "level": "severity",
}
"""What other tools call our words."""

LONGEST_NAME = 100
"""Characters of an unknown name that is still compared with those that there are."""

MOST_COMPARED = 4
"""Names that an unknown one is compared with letter by letter."""

_OF_TOML = {
    "Invalid value": "there is no valid value here; put text in quotes",
    "Invalid statement": "this is neither `key = value` nor a `[table]`",
    "Expected '=' after a key": "there is no `=` after the key",
    "Expected newline or end of document": "there is something after the value; start a new line",
    "Cannot overwrite a value": "this key is already set; remove one of the two",
    "Unclosed array": "there is no `]` to close the list, or no comma between two values",
    "Unclosed inline table": "there is no `}` to close the table, or no comma between two keys",
    "Unterminated string": "there is no closing quote",
    'Expected "\'"': "there is no closing quote",
    "Illegal character '\\n'": "there is no closing quote on this line",
}
"""What tomllib says, by its beginning, in words that say what to do."""


def version_fits(version: str, bounds: str) -> bool | None:
    """Whether a version lies inside bounds such as `>=1.2, <2`; None when they are no bounds."""
    ours = _numbers(version)
    fits = True
    for bound in bounds.split(","):
        match = re.fullmatch(r"\s*(==|!=|>=|<=|>|<|~=)?\s*v?(\d+(?:\.\d+){0,3})\s*", bound, re.ASCII)
        if match is None:
            return None
        operator, wanted = match[1] or "==", _numbers(match[2])
        fits = (
            fits
            and {
                "==": ours == wanted,
                "!=": ours != wanted,
                ">=": ours >= wanted,
                "<=": ours <= wanted,
                ">": ours > wanted,
                "<": ours < wanted,
                "~=": ours >= wanted
                and ours[: max(1, match[2].count("."))] == wanted[: max(1, match[2].count("."))],
            }[operator]
        )
    return fits


def _numbers(version: str) -> tuple[int, ...]:
    """The first four numbers of a version; what is missing is 0."""
    numbers = [int(number[:9]) for number in re.findall(r"\d+", version, re.ASCII)[:4]]
    return tuple(numbers + [0] * (4 - len(numbers)))


def dotted(path: KeyPath) -> str:
    """A path as TOML would write it, with indexes in brackets."""
    written = ""
    for key in path:
        if isinstance(key, int):
            written += f"[{key}]"
        else:
            bare = re.fullmatch(r"[A-Za-z0-9_-]+", key)
            written += ("." if written else "") + (short(key) if bare else f'"{short(key)}"')
    return written


def kind(value: object) -> str:
    """What kind of thing a value is, in TOML's words."""
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, str):
        return "a string"
    if isinstance(value, (int, float)):
        return "a number"
    if isinstance(value, (list, tuple)):
        return "a list"
    if isinstance(value, dict):
        return "a table"
    return "a date or time"


def meant(name: str, names: Iterable[str], *, listing: bool = True) -> str:
    """The end of a message about an unknown name: what may have been meant, else all there is."""
    known = list(names)
    close = _MEANT[name.lower()] if _MEANT.get(name.lower()) in known else ""
    close = close or nearest(name.lower().replace("_", "-"), known) or nearest(name.lower(), known)
    if close:
        return f"; did you mean `{close}`?"
    return f"; use one of {listed(known)}" if listing and len(known) <= 16 else ""


def nearest(name: str, names: Iterable[str]) -> str:
    """The one of the names that looks most like this one; "" where none does.

    Compared are only those that have most pairs of letters in common with it, and no long name: a file may be
    made of nothing but names that look like all there are, and each comparison takes a while.
    """
    if len(name) > LONGEST_NAME:
        return ""
    counts: dict[str, int] = {}
    by_pair = _by_pair(tuple(names))
    for pair in _pairs(name):
        for other in by_pair.get(pair, ()):
            counts[other] = counts.get(other, 0) + 1
    alike = sorted(counts, key=lambda other: (-counts[other], other))[:MOST_COMPARED]
    return next(iter(difflib.get_close_matches(name, alike, 1, 0.6)), "")


@lru_cache(16)
def _by_pair(names: tuple[str, ...]) -> dict[str, list[str]]:
    """For each pair of letters the names that have it."""
    found: dict[str, list[str]] = {}
    for name in names:
        for pair in _pairs(name):
            found.setdefault(pair, []).append(name)
    return found


def _pairs(word: str) -> set[str]:
    """The letters of a word two by two, and its first and last one."""
    return {*map("".join, pairwise(word)), f"^{word[:1]}", f"{word[-1:]}$"}


def listed(words: Iterable[str]) -> str:
    """The words in backticks, with an `or` before the last; there must be one."""
    *most, last = [f"`{word}`" for word in words]
    return f"{', '.join(most)} or {last}" if most else last


def lowered(sentence: str) -> str:
    """A sentence of the system's or of tomllib's as the end of one of ours."""
    return sentence if sentence[1:2].isupper() else sentence[:1].lower() + sentence[1:]


def failing(error: OSError) -> str:
    """Why a file cannot be read, as the end of a sentence."""
    words = lowered(error.strerror or str(error))
    return f"it is a {words}, not a file" if error.errno == 0 else words


def corrected(sentence: str) -> str:
    """What tomllib says is wrong, and where it says too little, what to do."""
    for beginning, ours in _OF_TOML.items():
        if sentence.startswith(beginning):
            return ours
    sentence = re.sub(r"\('([^']*)',?\)", r"`\1`", sentence)
    return re.sub(r"'([^']+)'", r"`\1`", lowered(sentence))


def short(text: str, longest: int = 60) -> str:
    """User text as it may stand in a message: one line, not long."""
    text = "".join(character if character.isprintable() else "\ufffd" for character in text)
    return text if len(text) <= longest else text[: longest - 1] + "…"
