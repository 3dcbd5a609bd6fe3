"""The lines around a line: what rules with a window see, bounded in lines and in bytes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from auto_enforcer import lexer, text
from auto_enforcer.model import File, Line, Neighbours, Run

WINDOW = 32_768
"""Bytes of UTF-8, line ends counted as one each, that a window reaches to either side at most."""


class Source(Protocol):
    """Reaches the texts around the line that the engine is looking at, and the lexer's state above it."""

    def at(self, start: int, end: int) -> None:
        """The engine is at the line data[start:end] of its block."""
        ...

    def turned(self, number: int, state: lexer.State) -> None:
        """From line `number` on the lexer is in another state."""
        ...

    def above(self, number: int, count: int) -> list[str]:
        """Up to `count` lines above line `number`, the nearest first, within WINDOW bytes."""
        ...

    def below(self, number: int, count: int) -> list[str]:
        """Up to `count` lines below line `number`, the nearest first, within WINDOW bytes."""
        ...

    def state_at(self, number: int) -> lexer.State:
        """The lexer's state before line `number`, which is at most a window above the current line."""
        ...


class WindowNeighbours(Neighbours):
    """The neighbours of lines that come from a source; lexes a neighbour only when its zones are asked
    for."""

    __slots__ = ("_file", "_source", "_state_after")

    def __init__(self, source: Source, file: File, state_after: Callable[[Line], lexer.State]) -> None:
        self._source = source
        self._file = file
        self._state_after = state_after

    def before(self, line: Line, count: int) -> Sequence[Line]:
        """Up to `count` lines above, the nearest first."""
        texts = self._source.above(line.number, count)
        first = line.number - len(texts)
        chain = _Chain(texts[::-1], lambda: self._source.state_at(first))
        return [self._line(chain, len(texts) - 1 - i, line.number - 1 - i) for i in range(len(texts))]

    def after(self, line: Line, count: int) -> Sequence[Line]:
        """Up to `count` lines below, the nearest first."""
        texts = self._source.below(line.number, count)
        chain = _Chain(texts, lambda: self._state_after(line))
        return [self._line(chain, i, line.number + 1 + i) for i in range(len(texts))]

    def _line(self, chain: _Chain, index: int, number: int) -> Line:
        return Line(chain.texts[index], number, self._file.language, self._file, lambda: chain.runs(index))


class _Chain:
    """Consecutive lines, lexed from the first one up to the one that is asked for."""

    __slots__ = ("_first", "_lexed", "texts")

    def __init__(self, texts: list[str], first: Callable[[], lexer.State]) -> None:
        self.texts = [piece[: text.PIECE] for piece in texts]
        self._first = first
        self._lexed: list[lexer.Lexed] = []

    def runs(self, index: int) -> tuple[Run, ...]:
        while len(self._lexed) <= index:
            state = self._lexed[-1].state if self._lexed else self._first()
            self._lexed.append(lexer.lex(self.texts[len(self._lexed)], state))
        return self._lexed[index].runs


class BlockSource:
    """The source for a file that is read in blocks: the block at hand, what came before, what comes next."""

    __slots__ = ("_data", "_end", "_peek", "_start", "_states", "_tail")

    def __init__(self, first: lexer.State) -> None:
        self._data = b""
        self._tail = b""
        self._peek: Callable[[], bytes] = bytes
        self._start = self._end = 0
        self._states: list[tuple[int, lexer.State]] = [(0, first)]

    def block(self, data: bytes, peek: Callable[[], bytes]) -> None:
        """Go on to the next block. `peek` gives the bytes after it: more than WINDOW, or all there are."""
        if len(self._data) <= WINDOW:
            self._tail = (self._tail + self._data)[-WINDOW - 1 :]
        else:
            self._tail = self._data[-WINDOW - 1 :]
        self._data, self._peek = data, peek

    def at(self, start: int, end: int) -> None:
        """The current line's first byte in the block, and its end."""
        self._start, self._end = start, end

    def turned(self, number: int, state: lexer.State) -> None:
        """From line `number` on the lexer is in another state."""
        states = self._states
        states.append((number, state))
        if len(states) > 256:
            del states[:128]

    def state_at(self, number: int) -> lexer.State:
        """The state before line `number`, at most a window above the current one."""
        for first, state in reversed(self._states):
            if first <= number:
                return state
        return self._states[0][1]

    def above(self, number: int, count: int) -> list[str]:
        """Up to `count` lines above the current one, the nearest first."""
        start = self._start
        region = self._data[max(0, start - WINDOW - 1) : start]
        if len(region) <= WINDOW and start <= WINDOW:
            region = (self._tail + region)[-WINDOW - 1 :]
        if len(region) > WINDOW:
            region = region[region.find(b"\n") + 1 :]
        if not region:
            return []
        lines = region.rsplit(b"\n", count + 1)
        return [text.decode(line) for line in lines[-2::-1][:count]]

    def below(self, number: int, count: int) -> list[str]:
        """Up to `count` lines below the current one, the nearest first."""
        region = self._data[self._end + 1 : self._end + 1 + WINDOW + 1]
        if len(region) <= WINDOW and region.count(b"\n") < count:
            region = (region + self._peek())[: WINDOW + 1]
        lines = region.split(b"\n", count)
        if len(lines) > count or len(region) > WINDOW or not lines[-1]:
            lines.pop()
        return [text.decode(line) for line in lines]
