"""Reads `verdicts.md`: what two readers say of findings, who saw the line, those around it, and the page.

A section a rule, whose rows are `| place | severity | first | second | reason |`. A place is a package with
its version, a path in it and a line; a reader says `true` or `false`, and `-` where nobody has read it twice.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import NamedTuple

PATH = os.path.join(os.path.dirname(os.path.abspath(__file__)), "verdicts.md")

ENOUGH = 0.8
"""The part of a rule's warnings that must be true for both readers; of what is blocked, all."""

_ROW = re.compile(r"\| `(\S+ \S+:\d+)` \| ([BW]) \| (true|false) \| (true|false|-) \| (.*) \|")


class Verdict(NamedTuple):
    """What the readers say of a finding. `second` is "" where there is only one reading."""

    rule: str
    place: str
    severity: str
    first: str
    second: str
    reason: str

    @property
    def is_true(self) -> bool:
        """Whether every reader says so."""
        return self.first == "true" and self.second in ("true", "")


class Share(NamedTuple):
    """The findings of a rule that were read, and how many of them are true for each reader and for both."""

    rule: str
    severity: str
    read: int
    first: int
    second: int
    both: int

    @property
    def too_low(self) -> bool:
        """Whether the rule is less trustworthy than it must be."""
        return self.both < self.read * (1 if self.severity == "B" else ENOUGH)


class TableError(AssertionError):
    """The table is not in its form."""


def read(path: str = PATH) -> Iterator[Verdict]:
    """The rows in their order. Raises TableError at a row that cannot be read."""
    rule = ""
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            if line.startswith("## "):
                rule = line[3:].strip()
            elif line.startswith("| `"):
                row = _ROW.fullmatch(line.rstrip("\n"))
                if row is None or not rule:
                    raise TableError(f"{path}:{number}: cannot read {line!r}")
                place, severity, first, second, reason = row.groups()
                yield Verdict(rule, place, severity, first, "" if second == "-" else second, reason.strip())


def shares(path: str = PATH) -> list[Share]:
    """What was read of each rule, blocked findings and warnings apart, by the rule's name."""
    rows = list(read(path))
    keys = sorted({(row.rule, row.severity) for row in rows})
    return [_share(rule, severity, rows) for rule, severity in keys]


def _share(rule: str, severity: str, rows: list[Verdict]) -> Share:
    own = [row for row in rows if (row.rule, row.severity) == (rule, severity)]
    return Share(
        rule,
        severity,
        len(own),
        sum(row.first == "true" for row in own),
        sum(row.second == "true" for row in own),
        sum(row.is_true for row in own),
    )
