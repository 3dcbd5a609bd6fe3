"""Regular expressions of other tools' rules: which groups they have, what reaches over lines, and globs for
those that speak of paths."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Sequence
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

from auto_enforcer import globs, triggers
from auto_enforcer.model import NamedTuple, Zone
from auto_enforcer.policy_matching import LONGEST_PATTERN, RefusedError, of_pattern

_TOKEN = re.compile(
    r"""(?P<quoted>\\Q.*?(?:\\E|$))|(?P<escape>\\(?:x\{[0-9a-fA-F]+\}|[pP]\{\w+\}|.))
    |(?P<set>\[\^?\]?(?:\[:\^?\w+:\]|\\.|[^\]\\])*\])
    |(?P<open>\((?:\?(?:P?<(?P<name>[A-Za-z_]\w*)>|[a-zA-Z]*(?:-[a-zA-Z]+)?[:)]|<?[=!]|>|\#))?)
    |(?P<close>\))|(?P<or>\|)|(?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
_MAY_BE_ABSENT = re.compile(r"[?*]|\{(?:0|,)")


class Group(NamedTuple):
    """A group that captures: where its bracket and the opening around it lie, its name, and whether every
    match has it."""

    start: int
    end: int
    name: str
    certain: bool


class Shape(NamedTuple):
    """What is known of a pattern. `crosses`: it asks for the end of a line within what it matches."""

    groups: tuple[Group, ...]
    crosses: bool


def shape(pattern: str) -> Shape:
    """The groups of a pattern in the syntax of RE2."""
    levels = [_Level(0, 0, None, -1)]
    inside, crosses = [0], False
    for token in _TOKEN.finditer(pattern):
        form, text = token.lastgroup, token[0]
        if token["open"] is not None:
            if text.endswith(")"):
                crosses = crosses or "s" in text.partition("-")[0]
                continue
            captures = text == "(" or token["name"] is not None
            crosses = crosses or re.match(r"\(\?[a-zA-Z]*s[a-zA-Z]*[:-]", text) is not None
            name = (token["name"] or "") if captures else None
            levels.append(_Level(token.start(), token.end(), name, inside[-1]))
            inside.append(len(levels) - 1)
        elif form == "close" and len(inside) > 1:
            level = levels[inside.pop()]
            level.optional = _MAY_BE_ABSENT.match(pattern, token.end()) is not None
        elif form == "or":
            levels[inside[-1]].alternates = True
        elif form == "escape":
            crosses = crosses or text in (r"\n", r"\r")
        elif form == "set":
            crosses = crosses or any(one in text and one.upper() in text for one in (r"\s", r"\d", r"\w"))
    groups = [
        Group(level.start, level.end, level.name, _is_certain(level, levels))
        for level in levels[1:]
        if level.name is not None
    ]
    return Shape(tuple(groups), crosses)


def spelled(pattern: str) -> str:
    """The pattern without what `re` reads in another way than RE2: named classes, and flags that hold from
    the middle of it."""
    inside, written = [""], []
    for token in _TOKEN.finditer(pattern):
        text, form = token[0], token.lastgroup
        if form == "set":
            text = re.sub(r"\[:(\w+):\]", lambda match: _NAMED.get(match[1], match[0]), text)
        flags = re.fullmatch(r"\(\?([a-zA-Z-]+)\)", text) if token["open"] is not None else None
        if flags is not None:
            if token.start() == 0:
                written.append(text)
                continue
            text = f"(?{flags[1]}:"
            inside[-1] += text
        elif token["open"] is not None and not (text.startswith("(?") and text.endswith(")")):
            inside.append("")
        elif form == "or" and inside[-1]:
            text = f"{')' * inside[-1].count('(')}|{inside[-1]}"
        elif form == "close" and len(inside) > 1:
            text = f"{')' * inside.pop().count('(')})"
        written.append(text)
    return "".join(written) + ")" * sum(one.count("(") for one in inside)


_NAMED = {
    "alnum": "0-9A-Za-z",
    "alpha": "A-Za-z",
    "digit": "0-9",
    "lower": "a-z",
    "upper": "A-Z",
    "word": r"\w",
    "xdigit": "0-9A-Fa-f",
}


def named(pattern: str, names: dict[int, str]) -> str:
    """The pattern with names for some of its groups, which are counted from 1. Raises IndexError."""
    groups = shape(pattern).groups
    for number in sorted(names, reverse=True):
        group = groups[number - 1]
        pattern = f"{pattern[: group.start]}(?P<{names[number]}>{pattern[group.end :]}"
    return pattern


def one_of(patterns: Sequence[str]) -> list[str]:
    """Patterns that find whatever one of these does, as few as the bound on their length allows."""
    if len(patterns) <= 1:
        return list(patterns)
    joined, current = [], ""
    for pattern in patterns:
        apart = f"(?:{pattern})"
        if current and len(current) + len(apart) + 1 > LONGEST_PATTERN // 2:
            joined.append(current)
            current = ""
        current = f"{current}|{apart}" if current else apart
    return [*joined, current]


def has_one_of(pattern: str, keywords: Iterable[str]) -> bool:
    """Whether it is certain that whatever matches has one of the keywords in it, in whatever case."""
    wanted = [keyword.lower() for keyword in keywords]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            (derived,) = triggers.derive(pattern)
            _, literals = triggers.needles(derived)
    except (re.error, RecursionError, OverflowError, triggers.WeakTrigger):
        return False
    found = [literal.decode("utf-8", "replace").lower() for literal in literals]
    return bool(found) and all(any(keyword in literal for keyword in wanted) for literal in found)


def is_sought(pattern: str) -> bool:
    """Whether a rule with the pattern looks only at lines that something of it is on."""
    try:
        return of_pattern(pattern, int(Zone.EVERYWHERE)).triggers is not None
    except RefusedError:
        return True


# Paths


def globs_of(pattern: str) -> list[str]:
    """Globs of the paths in which a pattern is found, as many as it has alternatives at its top.

    Raises ValueError where there are none that say the same.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            read: Any = parser.parse(_bare_flags(pattern))
    except (re.error, RecursionError, OverflowError):
        raise ValueError("is no expression that can be read") from None
    items = list(read)
    folded = bool(read.state.flags & re.IGNORECASE)
    branches = items[0][1][1] if len(items) == 1 and str(items[0][0]) == "BRANCH" else [items]
    return [_checked(_glob(list(branch), folded)) for branch in branches]


def _bare_flags(pattern: str) -> str:
    """A pattern as `re` reads it: what is between slashes may be escaped."""
    return pattern.replace(r"\/", "/").replace(r"\z", "$")


def _checked(glob: str) -> str:
    globs.translate(glob)
    return glob


def _glob(items: list[Any], folded: bool) -> str:
    start, items = _start(items)
    items, end = _end(items)
    body = "".join(_piece(item, folded) for item in items)
    if not body and not end:
        raise ValueError("says nothing of a name")
    return start + body + end


def _start(items: list[Any]) -> tuple[str, list[Any]]:
    """What a glob begins with, and what is left of the pattern: unlike a glob, it may begin anywhere."""
    if items and _is_at(items[0], "BEGINNING"):
        return "/", items[1:]
    if items and _is_start_or_slash(items[0]):
        return "**/", items[1:]
    if items and _is_literal(items[0], "/"):
        return "*/**/", items[1:]
    if items and _is_anything(items[0]):
        return "**/*", items[1:]
    return "**/*", items


def _end(items: list[Any]) -> tuple[list[Any], str]:
    """What is left of the pattern, and what a glob ends with: one that names a folder holds for all in it."""
    if not items:
        return items, ""
    if _is_at(items[-1], "END"):
        items = items[:-1]
        if items and _is_rest(items[-1]):
            return items[:-1], ""
        if len(items) > 1 and _is_anything(items[-1]):
            return (items[:-2], "/**") if _is_literal(items[-2], "/") else (items[:-1], "*")
        return items, ""
    if _is_rest(items[-1]):
        return items[:-1], "*"
    if _is_literal(items[-1], "/"):
        return items[:-1], "/**"
    if _is_anything(items[-1]):
        return items[:-1], "*"
    return items, "*"


def _piece(item: Any, folded: bool) -> str:
    name, value = str(item[0]), item[1]
    if name == "LITERAL":
        return _letter(chr(value), folded)
    if name == "ANY":
        return "?"
    if name == "IN":
        return _class(value, folded)
    if name == "BRANCH":
        return "{" + ",".join(_sequence(branch, folded) for branch in value[1]) + "}"
    if name == "SUBPATTERN":
        return _sequence(value[3], folded or bool(value[1] & re.IGNORECASE))
    if name in ("MAX_REPEAT", "MIN_REPEAT"):
        least, most, inner = value
        if len(inner) == 1 and str(inner[0][0]) == "NOT_LITERAL" and least == 0 and chr(inner[0][1]) == "/":
            return "*"
        if len(inner) == 1 and least == 1 and str(inner[0][0]) == "NOT_LITERAL" and chr(inner[0][1]) == "/":
            return "?*"
        if int(most) <= 3:
            one = _sequence(inner, folded)
            return "{" + ",".join(one * count for count in range(least, int(most) + 1)) + "}"
    raise ValueError("repeats what no glob can repeat")


def _sequence(items: Iterable[Any], folded: bool) -> str:
    return "".join(_piece(item, folded) for item in items)


def _letter(letter: str, folded: bool) -> str:
    if folded and letter.lower() != letter.upper():
        return f"[{letter.lower()}{letter.upper()}]"
    return f"\\{letter}" if letter in "*?[]{}\\,!" else letter


def _class(members: Iterable[Any], folded: bool) -> str:
    body = ""
    for name, value in members:
        if str(name) == "NEGATE":
            body = "!"
        elif str(name) == "LITERAL":
            letter = chr(value)
            body += f"\\{letter}" if letter in "]\\^!-[" else letter
            body += letter.upper() if folded and letter.islower() else ""
        elif str(name) == "RANGE":
            low, high = map(chr, value)
            body += f"{low}-{high}"
            body += f"{low.upper()}-{high.upper()}" if folded and low.islower() and high.islower() else ""
        elif str(value) in _CATEGORIES:
            body += _CATEGORIES[str(value)]
        else:
            raise ValueError("has a class that no glob has")
    return f"[{body}]"


_CATEGORIES = {"CATEGORY_DIGIT": "0-9", "CATEGORY_WORD": "0-9A-Za-z_"}


def _is_at(item: Any, where: str) -> bool:
    return str(item[0]) == "AT" and str(item[1]).startswith(f"AT_{where}")


def _is_literal(item: Any, text: str) -> bool:
    return str(item[0]) == "LITERAL" and chr(item[1]) == text


def _is_start_or_slash(item: Any) -> bool:
    """`(?:^|/)`."""
    inner = list(item[1][3]) if str(item[0]) == "SUBPATTERN" else [item]
    if len(inner) != 1 or str(inner[0][0]) != "BRANCH":
        return False
    branches = [list(branch) for branch in inner[0][1][1]]
    if len(branches) != 2 or any(len(branch) != 1 for branch in branches):
        return False
    return any(_is_at(branch[0], "BEGINNING") for branch in branches) and any(
        _is_literal(branch[0], "/") for branch in branches
    )


def _is_anything(item: Any) -> bool:
    """`.*`."""
    if str(item[0]) not in ("MAX_REPEAT", "MIN_REPEAT"):
        return False
    least, most, inner = item[1]
    return least == 0 and int(most) > 1_000 and len(inner) == 1 and str(inner[0][0]) == "ANY"


def _is_rest(item: Any) -> bool:
    """`(?:/.*)?`."""
    if str(item[0]) not in ("MAX_REPEAT", "MIN_REPEAT") or tuple(item[1][:2]) != (0, 1):
        return False
    inner = list(item[1][2])
    if len(inner) == 1 and str(inner[0][0]) == "SUBPATTERN":
        inner = list(inner[0][1][3])
    return len(inner) == 2 and _is_literal(inner[0], "/") and str(inner[1][0]) in ("MAX_REPEAT", "MIN_REPEAT")


class _Level:
    """What is between two brackets. `name` is None where nothing is captured, "" where it has none."""

    __slots__ = ("alternates", "around", "end", "name", "optional", "start")

    def __init__(self, start: int, end: int, name: str | None, around: int) -> None:
        self.start = start
        self.end = end
        self.name = name
        self.around = around
        self.alternates = False
        self.optional = False


def _is_certain(level: _Level, levels: Sequence[_Level]) -> bool:
    if level.optional:
        return False
    while level.around >= 0:
        level = levels[level.around]
        if level.alternates or level.optional:
            return False
    return True
