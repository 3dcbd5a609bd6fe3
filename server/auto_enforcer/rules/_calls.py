"""Reading calls: from a bracket to the one that balances it, over several lines, argument by argument."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from auto_enforcer.model import Line, NamedTuple, Zone
from auto_enforcer.rules._common import regex

CALL = 20
"""Lines that a call may take. A longer one is unknown."""

_CODE, _NO_COMMENT = int(Zone.CODE), int(Zone.CODE | Zone.STRING | Zone.TEXT)


class Call(NamedTuple):
    """A call from its bracket to the one that balances it: strings and comments blanked, comments blanked."""

    code: str
    text: str
    whole: bool


def read_call(line: Line, column: int, count: int = CALL) -> Call:
    """The call whose first bracket stands at or after a column, its lines joined by `\\n`."""
    depth = 0
    codes: list[str] = []
    texts: list[str] = []
    for one in _onward(line, count):
        start = column if one is line else 0
        code = one.only(_CODE)
        text = one.only(_NO_COMMENT)
        if one is not line:
            change, lowest = _balance(code)
            if depth + lowest > 0:
                codes.append(code)
                texts.append(text)
                depth += change
                continue
        for match in regex(r"[()\[\]{}]").finditer(code, start):
            depth += 1 if match[0] in "([{" else -1
            if depth <= 0:
                codes.append(code[start : match.end()])
                texts.append(text[start : match.end()])
                return Call("\n".join(codes), "\n".join(texts), depth == 0)
        codes.append(code[start:])
        texts.append(text[start:])
        if not depth:
            break
    return Call("\n".join(codes), "\n".join(texts), False)


@lru_cache(256)  # each call on a line, and on the lines above it, reads the same ones
def _balance(code: str) -> tuple[int, int]:
    """How many more brackets are open behind the code than before it, and at the least within it."""
    depth = lowest = 0
    for match in regex(r"[()\[\]{}]").finditer(code):
        depth += 1 if match[0] in "([{" else -1
        lowest = min(lowest, depth)
    return depth, lowest


def _onward(line: Line, count: int) -> Iterator[Line]:
    yield line
    yield from line.after(count)


def arguments(call: Call) -> list[tuple[int, int]]:
    """Where in a call's text its arguments stand: (start, end) of each, blanks and comments at the ends left
    out, empty ones too."""
    depth, start, spans = 0, 0, []
    for match in regex(r"[()\[\]{},]").finditer(call.code):
        if match[0] == ",":
            if depth == 1:
                spans.append((start, match.start()))
                start = match.end()
        elif match[0] in "([{":
            depth += 1
            start = match.end() if depth == 1 else start
        else:
            depth -= 1
            if depth == 0:
                spans.append((start, match.start()))
                break
    return [span for span in (_stripped(call.text, *span) for span in spans) if span[0] < span[1]]


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    part = text[start:end]
    return start + len(part) - len(part.lstrip()), start + len(part.rstrip())


def at_top(code: str) -> str:
    """An argument's code with all that stands inside its brackets blanked."""
    depth, characters = 0, []
    for character in code:
        closes = character in ")]}"
        depth -= closes
        characters.append(" " if depth > 0 else character)
        depth += character in "([{"
    return "".join(characters)
