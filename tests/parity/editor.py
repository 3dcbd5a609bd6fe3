"""An editor's buffer: a text, its positions in an encoding, and random edits that lead to another text."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from typing import Any

Change = dict[str, Any]
"""A content change as JSON has it."""

_ENDS = re.compile(r"\r\n|\r|\n")
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")

_TURNS = ('"""', "'''", "/*", "*/", "`", "<!--", "-->", "```python\n", "\r", "\n", "\r\n", "\U0001f600")
"""What turns the lines below it, makes lines, or makes columns differ."""


class Buffer:
    """A text as an editor holds it. Offsets are code points."""

    def __init__(self, text: str, encoding: str) -> None:
        self.text = text
        self._encoding = encoding

    def change(self, start: int, end: int, new: str) -> Change:
        """Put a text in the place of a span, and how the protocol says so."""
        change = {"range": {"start": self._position(start), "end": self._position(end)}, "text": new}
        self.text = self.text[:start] + new + self.text[end:]
        return change

    def code_points(self, line: str, column: int) -> int:
        """A column in units of the encoding as code points; raises ValueError within a character."""
        at = units = 0
        while units < column:
            units += self._units(line[at])
            at += 1
        if units != column:
            raise ValueError(f"column {column} is within a character")
        return at

    def _position(self, offset: int) -> dict[str, int]:
        line = start = 0
        for end in _ENDS.finditer(self.text, 0, offset):
            line, start = line + 1, end.end()
        return {"line": line, "character": sum(map(self._units, self.text[start:offset]))}

    def _units(self, character: str) -> int:
        if self._encoding == "utf-8":
            return len(character.encode())
        return 2 if self._encoding == "utf-16" and character > "\uffff" else 1


def lines_of(text: str) -> list[str]:
    """The lines of a text without their ends, as the protocol cuts them."""
    return _ENDS.split(text)


Step = tuple[int, int, str]
"""A span in code points, and the text that takes its place."""


def way_to(text: str, other: str, chance: random.Random) -> tuple[str, Iterator[Sequence[Step]]]:
    """A text to begin with, and the edits of each notification, in order, that make `text` of it.

    It is `text` with some damage, which is taken back bit by bit, or `other`, in which edits anywhere come
    first. An edit is given as of the moment when it is its turn.
    """
    if chance.random() < 0.3:
        return other, _rewriting(other, text, chance)
    steps: list[Step] = []
    damaged = text
    for _ in range(chance.randint(2, 8)):
        start, end, new = _damage(damaged, chance)
        after = damaged[:start] + new + damaged[end:]
        back = (start, start + len(new), damaged[start:end])
        if all(map(_has_position, (damaged, damaged, after, after), (start, end, *back[:2]))):
            steps.append(back)
            damaged = after
    return damaged, _by_notification(steps[::-1], chance)


def _damage(text: str, chance: random.Random) -> Step:
    lines = list(_LINE.finditer(text))
    if not lines or chance.random() < 0.3:
        at = chance.randint(0, len(text))
        return at, min(len(text), at + chance.choice((0, 0, 1, 5))), chance.choice(("", *_TURNS))
    line = chance.choice(lines)
    if chance.random() < 0.5:
        return line.start(), line.end(), chance.choice(("", "\n", *_TURNS))
    return line.start(), line.start(), chance.choice((*_TURNS, chance.choice(lines)[0]))


def _by_notification(steps: Sequence[Step], chance: random.Random) -> Iterator[Sequence[Step]]:
    at = 0
    while at < len(steps):
        count = chance.randint(1, 3)
        yield steps[at : at + count]
        at += count


def _rewriting(old: str, text: str, chance: random.Random) -> Iterator[Sequence[Step]]:
    """Edits anywhere, then pieces of the text in any order, each in the place of a piece of the old one."""
    for _ in range(chance.randint(1, 4)):
        start = chance.randint(0, len(old))
        end = min(len(old), start + chance.choice((0, 1, 3, 40, 400)))
        at = chance.randint(0, len(text))
        new = chance.choice((chance.choice(_TURNS), text[at : at + 80]))
        if _has_position(old, start) and _has_position(old, end):
            yield [(start, end, new)]
            old = old[:start] + new + old[end:]
    olds = _cut(old, chance, chance.randint(1, 6))
    news = _cut(text, chance, len(olds))
    for index in chance.sample(range(len(olds)), len(olds)):
        start = sum(map(len, olds[:index]))
        end = start + len(olds[index])
        now = "".join(olds)
        if not _has_position(now, start) or not _has_position(now, end):
            yield [(0, len(now), text)]
            return
        yield [(start, end, news[index])]
        olds[index] = news[index]


def _cut(text: str, chance: random.Random, count: int) -> list[str]:
    """The text in so many pieces."""
    borders = sorted(chance.randint(0, len(text)) for _ in range(count - 1))
    return [text[a:b] for a, b in zip([0, *borders], [*borders, len(text)], strict=True)]


def _has_position(text: str, offset: int) -> bool:
    """Whether the protocol can name an offset: not one between `\\r` and `\\n`."""
    return text[max(0, offset - 1) : offset + 1] != "\r\n"
