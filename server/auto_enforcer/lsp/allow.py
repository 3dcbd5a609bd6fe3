"""The fix that writes `enforcer: allow[rule]: reason` where it takes a violation out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Protocol

from auto_enforcer import lexer
from auto_enforcer.languages import LANGUAGES
from auto_enforcer.lsp.positions import Lines
from auto_enforcer.model import Edit, Fix, Row, Zone
from auto_enforcer.suppressions import FILE_LINES, PLACEHOLDER

_MARK = "\ufeff"
"""A byte order mark, where a client leaves it in the text."""

FARTHEST = 200
"""Lines above the violation where a comment may have to go, at most: the start of a string it stands in."""

_RULES = re.compile(r"enforcer:\s*allow\s*\[([^\]\n]*)\]")
_FILE_RULES = re.compile(r"enforcer:\s*allow-file\s*\[([^\]\n]*)\]")
_FIRST = re.compile(
    r"#!|.*coding[:=]|#[ \t]*(?:syntax|escape|check)=|<\?|<!doctype|@charset|---[ \t]*$", re.IGNORECASE
)
"""What must stay in a file's first two lines."""


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
    ways = [_joined, _at_end, _above]
    if not row.violation.start and row.violation.end >= len(document.line(row.number).rstrip()):
        ways = [_joined, _above, _at_end]  # a line that is nothing else must stay what it is
    edit = next((edit for way in ways if (edit := way(document, row.number, rule)) is not None), None)
    return None if edit is None else Fix(f"Allow `{rule}` here: write the reason", False, (edit,))


def file_fix(document: Lexed, rule: str) -> Fix | None:
    """The suppression for the whole file, in its first lines; None where no comment can stand there."""
    if rule.startswith("enforcer/"):
        return None
    edit = _joined_in_head(document, rule) or _in_head(document, rule)
    return None if edit is None else Fix(f"Allow `{rule}` in this file: write the reason", False, (edit,))


def _joined_in_head(document: Lexed, rule: str) -> Edit | None:
    for number in range(min(FILE_LINES, document.line_count)):
        edit = _joined(document, number, rule, _FILE_RULES)
        if edit is not None:
            return edit._replace(start_line=number, end_line=number)
    return None


def _in_head(document: Lexed, rule: str) -> Edit | None:
    """Above the first line where a comment of its own changes nothing: behind `#!`, a coding line, an opening
    tag, a prologue."""
    for number in range(min(FILE_LINES, document.line_count)):
        text, state = document.line(number), document.state_above(number)
        if _FIRST.match(text) and number < 2:
            continue
        for comment in _comments(lexer.languages(state)[-1], rule, "allow-file"):
            column = 1 if text.startswith(_MARK) else 0
            if _is_harmless(text[:column] + comment, state, state, column):
                return Edit(number, column, number, column, f"{comment}\n")
    return None


def _joined(document: Lexed, number: int, rule: str, form: re.Pattern[str] = _RULES) -> Edit | None:
    """The name of the rule within the brackets of the comment that stands on the line."""
    text, state = document.line(number), document.state_above(number)
    found = form.search(text)
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
        line = document.line(number)
        if (number == below or depth < least) and not line.startswith(_MARK):
            indent = line[: len(line) - len(line.lstrip())]
            for comment in _comments(lexer.languages(state)[-1], rule):
                if _is_harmless(indent + comment, state, state, len(indent)):
                    offset = number - below
                    return Edit(offset, 0, offset, 0, f"{indent}{comment}\n")
        least = min(least, depth)
        if not depth:
            return None
    return None


def _comments(language: str, rule: str, form: str = "allow") -> Iterator[str]:
    """The whole comment in each form that the language has."""
    directive = f"enforcer: {form}[{rule}]: {PLACEHOLDER}"
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
