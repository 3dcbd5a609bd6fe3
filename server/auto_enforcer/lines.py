"""The lines of an open document: where an edit goes, and how the engine reads them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from auto_enforcer import lexer, text
from auto_enforcer.files import BINARY_HEAD, is_binary
from auto_enforcer.windows import WINDOW

HEAD_LINES = 10
"""The first lines, which may decide on the whole file: `#!`, a generated file's marker, `allow-file`."""

BINARY = ("\0",)
"""What stands for the head of a text that is binary, as `files.is_binary` has it."""

BLOCK_LINES = 1_024
"""Lines that are scanned at once, at most."""


class Lines:
    """Lines with their ends; the last has none. Columns are code points."""

    __slots__ = ("_holds_nul", "_read", "all", "size")

    def __init__(self, content: str, read: Callable[[str], str] | None = None) -> None:
        """`read` gives a line as the engine is to see it, as long as it is; None: as it is."""
        self._read = read
        self.all = text.split_lines(text.well_formed(content))
        self._holds_nul = "\0" in content
        self.size = len(content)
        """Characters of all lines."""

    def line(self, number: int) -> str:
        """A line without its end; "" past the last."""
        return self.all[number].rstrip("\r\n") if number < len(self.all) else ""

    def read(self, number: int) -> str:
        """A line without its end as the engine sees it; "" past the last."""
        line = self.line(number)
        return line if self._read is None else self._read(line)

    def spliced(
        self, start_line: int, start: int, end_line: int, end: int, content: str
    ) -> tuple[int, int, list[str]]:
        """The lines [first, last) that an edit replaces, and those that take their place. Positions past an
        end are that end."""
        content, lines = text.well_formed(content), self.all
        if start_line >= len(lines):
            start_line, start = len(lines) - 1, len(lines[-1])
        if end_line >= len(lines):
            end_line, end = len(lines) - 1, len(lines[-1])
        if (end_line, end) < (start_line, start):
            end_line, end = start_line, start
        head, tail = lines[start_line], lines[end_line]
        start = min(start, len(head.rstrip("\r\n")))
        end = min(end, len(tail.rstrip("\r\n")))
        joined = head[:start] + content + tail[end:]
        first = start_line
        if first and joined.startswith("\n") and lines[first - 1].endswith("\r"):
            first -= 1
            joined = lines[first] + joined
        new = text.split_lines(joined)
        if end_line + 1 < len(lines) and not new[-1]:
            new.pop()
        return first, end_line + 1, new

    def put(self, first: int, last: int, new: Sequence[str]) -> None:
        """Put lines in the place of [first, last)."""
        self.size += sum(map(len, new)) - sum(map(len, self.all[first:last]))
        self.all[first:last] = new
        self._holds_nul = self._holds_nul or any("\0" in line for line in new)

    def decides(self, line: int) -> bool:
        """Whether a change of a line may change what `head` says."""
        return line < HEAD_LINES or self._holds_nul

    def head(self) -> Sequence[str]:
        """The first lines without their ends, as far as a file's head would reach; or BINARY."""
        if self._holds_nul and self._is_binary():
            return BINARY
        lines = self.all[:HEAD_LINES]
        if 4 * sum(map(len, lines)) <= text.HEAD:
            return [line.rstrip("\r\n") for line in lines]
        return text.head(text.encode("".join(line[: text.HEAD] for line in lines)), HEAD_LINES)

    def _is_binary(self) -> bool:
        """Whether a file with this text is skipped: an editor may show one."""
        pieces, size = [], 0
        for line in self.all:
            pieces.append(line[:BINARY_HEAD])
            size += len(pieces[-1])
            if size >= BINARY_HEAD:
                break
        return is_binary("".join(pieces).encode())

    def blocks(self, start: int = 0, end: int | None = None) -> Iterator[text.Block]:
        """The lines [start, end) as the blocks that a file of them would be read in, borders aside."""
        lines = self.all
        stop = len(lines) if end is None else end
        while start < stop:
            part = lines[start : min(stop, start + BLOCK_LINES)]
            start += len(part)
            if self._read is not None:
                part = [self._read(line) for line in part]
            data = text.encode("".join(part))
            if not _has_long_line(data):
                yield text.Block(data)
                continue
            for line in part:
                data = text.encode(line)
                if len(data) - data.endswith(b"\n") > text.BLOCK:
                    yield from text.segments(data.removesuffix(b"\n"))
                else:
                    yield text.Block(data)


class LinesSource:
    """The lines around a line of a document; the states of the lines being walked over are its own."""

    __slots__ = ("_lines", "_state_above", "_states")

    def __init__(
        self, lines: Lines, number: int, state: lexer.State, state_above: Callable[[int], lexer.State]
    ) -> None:
        """The walk begins at line `number` in a state; `state_above` knows those before the lines above."""
        self._lines = lines
        self._state_above = state_above
        self._states = [(number, state)]

    def at(self, start: int, end: int) -> None:
        """Nothing to note: lines are reached by their number."""

    def turned(self, number: int, state: lexer.State) -> None:
        """From line `number` on the lexer is in another state."""
        self._states.append((number, state))
        if len(self._states) > 256:
            del self._states[1:129]

    def state_at(self, number: int) -> lexer.State:
        """The state before line `number`."""
        if number < self._states[0][0]:
            return self._state_above(number)
        return next(state for first, state in reversed(self._states) if first <= number)

    def above(self, number: int, count: int) -> list[str]:
        """Up to `count` lines above, the nearest first."""
        return self._within(range(number - 1, max(-1, number - 1 - count), -1))

    def below(self, number: int, count: int) -> list[str]:
        """Up to `count` lines below, the nearest first."""
        lines = self._lines.all
        size = len(lines) if lines[-1] else len(lines) - 1
        return self._within(range(number + 1, min(size, number + 1 + count)))

    def _within(self, numbers: range) -> list[str]:
        found, left = [], WINDOW
        for number in numbers:
            line = self._lines.read(number)
            left -= 1 + (len(line) if line.isascii() else len(line.encode()))
            if left < 0:
                break
            found.append(line)
        return found


def _has_long_line(data: bytes) -> bool:
    """Whether there is a line longer than a block."""
    start = 0
    while len(data) - start > text.BLOCK:
        end = data.rfind(b"\n", start, start + text.BLOCK + 1)
        if end < 0:
            return True
        start = end + 1
    return False
