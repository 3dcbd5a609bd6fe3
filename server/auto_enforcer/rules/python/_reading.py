"""How the rules read Python: brackets, the calls around a column, what a call is given, blocks by indent."""

from __future__ import annotations

from collections.abc import Iterator

from auto_enforcer.model import Line, NamedTuple, Zone
from auto_enforcer.rules._common import indent_of, regex

CODE = int(Zone.CODE)
VALUES = int(Zone.CODE | Zone.STRING | Zone.TEXT)

OPENED, CLOSED = "([{", ")]}"
_BRACKET, _BRACKET_OR_COMMA = r"[()\[\]{}]", r"[()\[\]{},]"

MOST = 16
"""Finds of one rule on a line, or a piece of a long one, that are looked into: no line that people write has
as many, and each look may go over much of the line."""

_FARTHEST = 1000
"""Characters of code in which a bracket's other end is sought."""


class Opened(NamedTuple):
    """A bracket that is open at some column: what stands before it and between it and the column, as code."""

    bracket: str
    before: str
    inside: str


def open_brackets(line: Line, column: int, count: int) -> Iterator[Opened]:
    """The brackets around a column, the innermost first, as far as `count` lines above. What stands inside
    leaves nested brackets out."""
    depth, walked = 0, 0
    inside: list[str] = []
    for one in _upward(line, count):
        code = one.only(CODE)
        end = column if one is line else len(code)
        walked += end
        if walked > _FARTHEST:
            return
        for found in reversed(list(regex(_BRACKET).finditer(code, 0, end))):
            at, character = found.start(), found[0]
            if not depth:
                inside.append(code[at + 1 : end])
            end = at
            if character in CLOSED:
                depth += 1
            elif depth:
                depth -= 1
            else:
                yield Opened(character, code[:at], "".join(reversed(inside)))
                inside = []
        if not depth:
            inside.append(code[:end])
        inside.append("\n")
        if not depth and one is not line and (not _goes_on(one) or code.rstrip().endswith(":")):
            return


def _upward(line: Line, count: int) -> Iterator[Line]:
    yield line
    yield from line.before(count)


def _goes_on(line: Line) -> bool:
    """Whether a line may stand inside brackets that opened above: it is indented or begins with one."""
    return line.text[:1] in " \t)]}" or not line.text


def arguments(statement: str) -> list[str]:
    """What a call is given, from a text that ends with the call's bracket and in which no string holds a
    bracket or comma, taken apart at its own commas."""
    at = statement.find("(")
    pieces, depth, begin = [], 0, at + 1
    for found in regex(_BRACKET_OR_COMMA).finditer(statement, max(at, 0)):
        position, character = found.start(), found[0]
        depth += (character in OPENED) - (character in CLOSED)
        if depth == 0 or (depth == 1 and character == ","):
            pieces.append(statement[begin:position].strip())
            begin = position + 1
            if depth == 0:
                break
    return pieces if pieces and pieces[-1] else pieces[:-1]


def closing(line: Line, column: int, count: int) -> tuple[int, int] | None:
    """(lines below, column) of the bracket that closes the one at `column`; None when it is out of sight."""
    depth, walked = 0, 0
    for number, one in enumerate(_downward(line, count)):
        code = one.only(CODE)
        begin = column if number == 0 else 0
        for found in regex(_BRACKET).finditer(code, begin, begin + _FARTHEST):
            if found[0] in OPENED:
                depth += 1
            else:
                depth -= 1
                if depth == 0:
                    return number, found.start()
        walked += len(code) - begin
        if walked > _FARTHEST:
            return None
    return None


def _downward(line: Line, count: int) -> Iterator[Line]:
    yield line
    yield from line.after(count)


def body(line: Line, count: int) -> list[Line] | None:
    """The lines of the block below a one-line header; None when it goes on out of sight."""
    indent = indent_of(line.text)
    lines: list[Line] = []
    below = line.after(count)
    for one in below:
        text = one.text.strip()
        if text and indent_of(one.text) <= indent and text[0] not in ")]}#":
            return lines
        lines.append(one)
    return None if len(below) == count else lines


def without_nested(text: str) -> str:
    """Code with what stands in brackets blanked, up to one that closes what is open around it."""
    depth, at = 0, 0
    kept: list[str] = []
    for found in regex(_BRACKET).finditer(text):
        kept.append(" " * (found.start() - at) if depth else text[at : found.start()])
        at = found.end()
        depth += 1 if found[0] in OPENED else -1
        if depth < 0:
            break
        kept.append(" ")
    else:
        kept.append(" " * (len(text) - at) if depth else text[at:])
    return "".join(kept)
