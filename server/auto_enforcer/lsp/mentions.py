"""Where a text names rules and families: in suppressions, and in the policy's file."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable, Iterator

from auto_enforcer import lexer, suppressions
from auto_enforcer.document import Document
from auto_enforcer.model import Line, NamedTuple, Zone
from auto_enforcer.policy import FILE_NAMES
from auto_enforcer.suppressions import Directive

_NAME = re.compile(r"[a-z0-9][a-z0-9-]*(?:/[a-z0-9][a-z0-9-]*)?")
_KEY = re.compile(r"[ \t]*[\"']?\Z|.*[{,][ \t]*[\"']?\Z")
"""What stands before a key."""


class Mention(NamedTuple):
    """A rule or family and the columns that name it."""

    name: str
    start: int
    end: int


def names(entries: Iterable[str]) -> frozenset[str]:
    """The rules that there are, and their families."""
    ids = frozenset(entries)
    return ids | {rule.partition("/")[0] for rule in ids}


def is_policy(path: str) -> bool:
    """Whether a file is one that a policy stands in, by its name."""
    return os.path.basename(path) in FILE_NAMES


def line_of(document: Document, number: int) -> Line:
    """A line of a document with its zones."""
    text = document.line(number)
    lexed = lexer.lex(text, document.state_above(number))
    return Line(text, number, lexed.parts[0][1], document.file, lambda: lexed.runs)


def directive_of(document: Document, number: int) -> tuple[Line, Directive] | None:
    """A line and the suppression that stands on it."""
    if suppressions.MARK.decode() not in document.line(number):
        return None
    line = line_of(document, number)
    directive = suppressions.find(line)
    return None if directive is None else (line, directive)


def mentions(document: Document, number: int, known: Collection[str]) -> Iterator[Mention]:
    """The rules and families that a line names, from left to right. `known` are those that there are."""
    if is_policy(document.path):
        line = line_of(document, number)
        written = line.only(Zone.CODE | Zone.STRING)
        for match in _NAME.finditer(written):
            if match[0] in known and ("/" in match[0] or _KEY.match(written[: match.start()])):
                yield Mention(match[0], *match.span())
    found = directive_of(document, number)
    for name, column in found[1].names if found is not None else ():
        if name in known:
            yield Mention(name, column, column + len(name))
