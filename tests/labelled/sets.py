"""Reads the labelled sets, `<family>/<language>.md`, which were written before the rules' patterns.

A file is fenced blocks of code as programs have it, in the form of the rule pages. Each block names its path.
A line of carets, an id and a severity marks a find in the line above it. `silent` names the near misses, code
that a careless pattern would find and a reviewer would not:

    ```python path=app/service.py silent=weak-hash@3,9;shell-injection@7,12=11

In the lines 3 and 9 `weak-hash` is a near miss, and in line 7 `shell-injection`; markers are not counted as
lines. `12=11` is for what goes over several lines: a violation in line 12 is as good as one in line 11, where
the marker is. All that has no label must be silent, too, and is not counted. `{{github-token}}` stands for a
token made by `tokens.py` and `\\u{202e}` for a character, as in the pages; labels stay with their lines.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import pages

FOLDER = os.path.dirname(os.path.abspath(__file__))
SECOND = os.path.join(FOLDER, "second")
"""A set of whole files, of eight families, written when the rules had been mended by the first."""

OTHERS = frozenset(("lines", "peers", "second"))
"""Folders that are no family's."""

_LABEL = re.compile(r"([a-z0-9-]+)@([0-9]+(?:=[0-9]+)?(?:,[0-9]+(?:=[0-9]+)?)*)")


class LabelError(AssertionError):
    """A labelled set is not in its form."""


@dataclass(frozen=True, slots=True)
class Case:
    """A block. Lines count from 1, without the markers; rules are ids."""

    place: str
    """The file and the line of the opening fence, for people."""
    language: str
    path: str
    lines: tuple[str, ...]
    """With the tokens and characters that the templates stand for."""
    finds: frozenset[tuple[str, int]]
    severities: Mapping[str, str]
    """What the markers say, by rule."""
    near_misses: frozenset[tuple[str, int]]
    stand_ins: Mapping[tuple[str, int], int]
    """The line of the find that a violation of a rule in a line is as good as."""

    @property
    def text(self) -> str:
        """The code."""
        return "\n".join(self.lines) + "\n"


def families(folder: str | None = None) -> list[str]:
    """Those that have a set in a folder, the first set's unless said.

    `peers` says which rules others have, and `lines` are `lines.py`'s.
    """
    return sorted(
        name
        for name in os.listdir(folder or FOLDER)
        if os.path.isdir(os.path.join(folder or FOLDER, name)) and name[0] != "_" and name not in OTHERS
    )


def languages(family: str, folder: str | None = None) -> list[str]:
    """The names of a family's files, without the ending."""
    return sorted(
        name.removesuffix(".md")
        for name in os.listdir(os.path.join(folder or FOLDER, family))
        if name.endswith(".md")
    )


def options(family: str) -> str:
    """What a policy says of the family's rules, as TOML; "" where the set asks for nothing."""
    path = os.path.join(FOLDER, family, "policy.toml")
    if not os.path.exists(path):
        return ""
    with open(path, encoding="utf-8") as file:
        return file.read()


@cache
def read(family: str, language: str, folder: str | None = None) -> tuple[Case, ...]:
    """The cases of a file. Raises LabelError, or PageError, where it is not in its form."""
    name = f"{family}/{language}.md"
    with open(os.path.join(folder or FOLDER, family, f"{language}.md"), encoding="utf-8") as file:
        lines = file.read().split("\n")
    return tuple(_case(family, name, block) for block in pages.blocks(lines, 0, len(lines)))


def _case(family: str, name: str, block: pages.Block) -> Case:
    place = f"{name}:{block.first + 1}"
    if block.several or "path" not in block.keys or set(block.keys) - {"path", "silent"}:
        raise LabelError(f"{place}: a block has one language, a path, and at most `silent`")
    finds = {(rule, number + 1) for (number, _, _, rule), _ in block.expected}
    misses: set[tuple[str, int]] = set()
    stand_ins: dict[tuple[str, int], int] = {}
    for label in filter(None, block.keys.get("silent", "").split(";")):
        match = _LABEL.fullmatch(label)
        if match is None:
            raise LabelError(f"{place}: cannot read {label!r}")
        rule = f"{family}/{match[1]}"
        for number in match[2].split(","):
            line, _, find = number.partition("=")
            if find:
                stand_ins[rule, int(line)] = int(find)
            else:
                misses.add((rule, int(line)))
    for rule, line in [*misses, *stand_ins]:
        if not 1 <= line <= len(block.lines) or not block.lines[line - 1].strip():
            raise LabelError(f"{place}: {rule}: there is nothing in line {line}")
    if both := finds & (misses | set(stand_ins)):
        raise LabelError(f"{place}: {sorted(both)} is a find and is not")
    for (rule, line), find in stand_ins.items():
        if (rule, find) not in finds:
            raise LabelError(f"{place}: {rule}: line {line} stands for line {find}, which has no marker")
    return Case(
        place,
        block.languages[0],
        block.keys["path"],
        tuple(pages.prepare(block, block.languages[0]).text.split("\n")[:-1]),
        frozenset(finds),
        {rule: severity for (_, _, _, rule), severity in block.expected},
        frozenset(misses),
        stand_ins,
    )
