"""The fix that writes `enforcer: allow[rule]: reason` where it takes a violation out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Protocol

from auto_enforcer import lexer
from auto_enforcer.languages import LANGUAGES
from auto_enforcer.lsp.positions import Lines
from auto_enforcer.model import Edit, Fix, Row, Zone

FARTHEST = 200
"""Lines above the violation where a comment may have to go, at most: the start of a string it stands in."""

_RULES = re.compile(r"enforcer:\s*allow\s*\[([^\]\n]*)\]")


class Lexed(Lines, Protocol):
    """What a fix asks of a document."""

    def state_above(self, line: int) -> lexer.State:
        """The lexer's state before a line."""


def fix(document: Lexed, row: Row) -> Fix | None:
    """None where no comment can stand.

    It goes to the end of the line, or alone above the line, or above where a string, fence or the like began
    that holds the line; into a comment that is there already, if there is one. Where it lands is read by the
    lexer before it is offered: it must be a comment and must change nothing else.
    """
    rule = row.violation.rule
    if rule.startswith("enforcer/"):
        return None
    edit = (
        _joined(document, row.number, rule)
        or _at_end(document, row.number, rule)
        or _above(document, row.number, rule)
    )
    return None if edit is None else Fix(f"Allow `{rule}` here: write the reason", False, (edit,))


def _joined(document: Lexed, number: int, rule: str) -> Edit | None:
    """The name of the rule within the brackets of the comment that stands on the line."""
    text, state = document.line(number), document.state_above(number)
    found = _RULES.search(text)
    if found is None or _zone(text, state, found.start()) != Zone.COMMENT:
        return None
    separator = ", " if found[1].strip() else ""
    return Edit(0, found.end(1), 0, found.end(1), f"{separator}{rule}")


def _at_end(document: Lexed, number: int, rule: str) -> Edit | None:
    text, state = document.line(number), document.state_above(number)
    before = lexer.lex(text, state)
    gap = "" if text.endswith((" ", "\t")) else "  "
    for comment in _comments(before.parts[-1][1], rule):
        longer = f"{text}{gap}{comment}"
        if _is_harmless(longer, state, before.state, len(text) + len(gap)):
            return Edit(0, len(text), 0, len(text), gap + comment)
    return None


def _above(document: Lexed, below: int, rule: str) -> Edit | None:
    least = 1 << 30
    for number in range(below, max(-1, below - FARTHEST), -1):
        state = document.state_above(number)
        depth = lexer.depth(state)
        if number == below or depth < least:
            line = document.line(number)
            indent = line[: len(line) - len(line.lstrip())]
            for comment in _comments(lexer.languages(state)[-1], rule):
                if _is_harmless(indent + comment, state, state, len(indent)):
                    offset = number - below
                    return Edit(offset, 0, offset, 0, f"{indent}{comment}\n")
        least = min(least, depth)
        if not depth:
            return None
    return None


def _comments(language: str, rule: str) -> Iterator[str]:
    """The whole comment in each form that the language has."""
    directive = f"enforcer: allow[{rule}]: reason"
    known = LANGUAGES.get(language)
    if known is not None and known.line_comment:
        yield f"{known.line_comment} {directive}"
    if known is not None and known.block_comment:
        opener, closer = known.block_comment
        yield f"{opener} {directive} {closer}"


def _is_harmless(text: str, state: lexer.State, after: lexer.State, column: int) -> bool:
    """Whether a comment begins at `column` and the line leaves the state that it left before."""
    return lexer.lex(text, state).state == after and _zone(text, state, column) == Zone.COMMENT


def _zone(text: str, state: lexer.State, column: int) -> int:
    zone = 0
    for start, run_zone in lexer.lex(text, state).runs:
        if start > column:
            break
        zone = run_zone
    return zone
