"""The lines around a line: what rules with a window see, bounded in lines and in bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Protocol, overload

from auto_enforcer import lexer, suppressions, text
from auto_enforcer.model import WIDEST_WINDOW, File, Line, Neighbours, Run

WINDOW = 32_768
"""Bytes of UTF-8, line ends counted as one each, that a window reaches to either side at most."""

MOST_NEAR = 4 * WIDEST_WINDOW
"""Neighbours that are kept for the next line, which mostly has the same ones; with more they are dropped."""

_DIRECTED = suppressions.MARK.decode()


_FEW = 3
"""Lines that are sought one by one: for more of them the block is cut into its lines, once."""

_WIDEST = 4
"""Bytes that a character has at most."""


class Source(Protocol):
    """Reaches the texts around the line that the engine is looking at, and the lexer's state above it."""

    def at(self, start: int, end: int) -> None:
        """The engine is at the line data[start:end] of its block."""
        ...

    def turned(self, number: int, state: lexer.State) -> None:
        """From line `number` on the lexer is in another state."""
        ...

    def above(self, number: int, count: int) -> Sequence[str | bytes]:
        """Up to `count` lines above line `number`, the nearest first, within WINDOW bytes."""
        ...

    def below(self, number: int, count: int) -> Sequence[str | bytes]:
        """Up to `count` lines below line `number`, the nearest first, within WINDOW bytes."""
        ...

    def state_at(self, number: int) -> lexer.State:
        """The lexer's state before line `number`, which is at most a window above the current line."""
        ...


class WindowNeighbours(Neighbours):
    """The neighbours of lines that come from a source. A neighbour is made when it is reached for, and lexed
    only when its zones are asked for. Where each line has something to be looked at, each is a neighbour of
    as many lines as a window has, so those that were made are kept for a while."""

    __slots__ = ("_above", "_below", "_file", "_lexed", "_lines", "_source", "_state_after")

    def __init__(self, source: Source, file: File, state_after: Callable[[Line], lexer.State]) -> None:
        self._source = source
        self._file = file
        self._state_after = state_after
        # By number: the lines that were made so far, and those of them that were lexed.
        self._lines: dict[int, Line] = {}
        self._lexed: dict[int, lexer.Lexed] = {}
        # The excuses of a rule ask for the same window one after the other.
        self._above: tuple[int, _Window] | None = None
        self._below: tuple[int, _Window] | None = None

    def close(self) -> None:
        """Nobody asks for neighbours any more."""
        self.forget()
        self._lines.clear()
        self._lexed.clear()
        self._state_after = _closed

    def forget(self) -> None:
        """The line at hand is another, so are its neighbours."""
        self._above = self._below = None

    def before(self, line: Line, count: int) -> Sequence[Line]:
        """Up to `count` lines above, the nearest first."""
        held = self._above
        if held is None or held[1].number != line.number or held[0] < count:
            texts = self._source.above(line.number, count)
            state = partial(self._source.state_at, line.number - len(texts))
            held = self._above = count, self._window(texts, line.number, -1, state)
        return held[1] if held[0] == count else held[1][:count]

    def after(self, line: Line, count: int) -> Sequence[Line]:
        """Up to `count` lines below, the nearest first."""
        held = self._below
        if held is None or held[1].number != line.number or held[0] < count:
            texts = self._source.below(line.number, count)
            state = partial(self._state_after, line)
            held = self._below = count, self._window(texts, line.number, 1, state)
        return held[1] if held[0] == count else held[1][:count]

    def text_before(self, line: Line, count: int) -> str:
        """The text of those lines above, the nearest first, joined by `\n`."""
        return _joined(self._source.above(line.number, count))

    def text_after(self, line: Line, count: int) -> str:
        """The text of those lines below, joined by `\n`."""
        return _joined(self._source.below(line.number, count))

    def _window(
        self, texts: Sequence[str | bytes], number: int, step: int, state: Callable[[], lexer.State]
    ) -> _Window:
        for held in (self._lines, self._lexed):
            if len(held) > MOST_NEAR:
                for other in [other for other in held if abs(other - number) > WIDEST_WINDOW]:
                    del held[other]
        return _Window(texts, number, step, self._lines, self._made, state)

    def _made(self, number: int, words: str) -> Line:
        line = Line(words, number, self._file.language, self._file, partial(self._runs, number))
        return suppressions.neighbour(line) if _DIRECTED in words else line

    def _runs(self, number: int) -> tuple[Run, ...]:
        """The zones of a line of one of the windows of the line at hand."""
        held = self._below if self._below is not None and number > self._below[1].number else self._above
        assert held is not None
        window, lexed = held[1], self._lexed
        begin = number
        while begin > window.top and begin not in lexed:
            begin -= 1
        if begin in lexed:
            state = lexed[begin].state
            begin += 1
        else:
            state = window.first()
        for other in range(begin, number + 1):
            # Lexed whole, for what ends behind the part that is seen must have ended for the next line.
            found = lexed[other] = lexer.lex(window.whole(other), state)
            state = found.state
        runs = lexed[number].runs
        return runs if runs[-1][0] < text.PIECE else tuple(run for run in runs if run[0] < text.PIECE)


def _closed(line: Line) -> lexer.State:
    """Stands in for the walk that is over."""
    raise RuntimeError(f"line {line.number} is asked for its neighbours after the walk")


def _joined(texts: Sequence[str | bytes]) -> str:
    if texts and isinstance(texts[0], str):
        return "\n".join(texts)  # type: ignore[arg-type]  # a source gives them all alike
    return "\n".join([text.decode(raw) if isinstance(raw, bytes) else raw for raw in texts])


class _Window(Sequence[Line]):
    """Consecutive lines, the nearest to line `number` first, in the direction `step`. They are lexed from the
    uppermost one down to the one that is asked for; `first` gives the state before that."""

    __slots__ = ("_lines", "_make", "_step", "_texts", "first", "number")

    def __init__(
        self,
        texts: Sequence[str | bytes],
        number: int,
        step: int,
        lines: dict[int, Line],
        make: Callable[[int, str], Line],
        first: Callable[[], lexer.State],
    ) -> None:
        """`lines` are those that are known by their numbers; `make` makes others of their number and text."""
        self._texts = texts
        self.number = number
        self._step = step
        self._lines = lines
        self._make = make
        self.first = first

    @property
    def top(self) -> int:
        """The number of the uppermost line."""
        return self.number + 1 if self._step > 0 else self.number - len(self._texts)

    def __len__(self) -> int:
        return len(self._texts)

    @overload
    def __getitem__(self, index: int) -> Line: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Line]: ...

    def __getitem__(self, index: int | slice) -> Line | Sequence[Line]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self._texts)))]
        size = len(self._texts)
        if index < 0:
            index += size
        if not 0 <= index < size:
            raise IndexError
        number = self.number + self._step * (index + 1)
        line = self._lines.get(number)
        return self._made(number) if line is None else line

    def __iter__(self) -> Iterator[Line]:
        lines, number = self._lines, self.number
        for _ in range(len(self._texts)):
            number += self._step
            line = lines.get(number)
            yield self._made(number) if line is None else line

    def _made(self, number: int) -> Line:
        line = self._lines[number] = self._make(number, self.whole(number)[: text.PIECE])
        return line

    def whole(self, number: int) -> str:
        """The text of a line by its number."""
        raw = self._texts[self._step * (number - self.number) - 1]
        return text.decode(raw) if isinstance(raw, bytes) else raw


class BlockSource:
    """The source for a file that is read in blocks: the block at hand, what came before, what comes next."""

    __slots__ = (
        "_data",
        "_end",
        "_first",
        "_lines",
        "_longest",
        "_peek",
        "_start",
        "_states",
        "_tail",
    )

    def __init__(self, first: lexer.State) -> None:
        self._data = b""
        self._tail = b""
        self._peek: Callable[[], bytes] = bytes
        self._start = self._end = 0
        self._states: list[tuple[int, lexer.State]] = [(0, first)]
        self._first = 0
        # The block's lines, cut and decoded at once when a wide window is first asked for, and the most
        # bytes that one of them can have.
        self._lines: list[str] | None = None
        self._longest = 0

    def block(self, data: bytes, peek: Callable[[], bytes], first: int) -> None:
        """Go on to the next block, which begins with line `first`. `peek` gives the bytes after it: more than
        WINDOW, or all there are."""
        if len(self._data) <= WINDOW:
            self._tail = (self._tail + self._data)[-WINDOW - 1 :]
        else:
            self._tail = self._data[-WINDOW - 1 :]
        self._data, self._peek, self._first, self._lines = data, peek, first, None

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

    def above(self, number: int, count: int) -> Sequence[str | bytes]:
        """Up to `count` lines above the current one, the nearest first."""
        inside = self._inside_above(number, count)
        if inside is not None:
            return inside
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

    def below(self, number: int, count: int) -> Sequence[str | bytes]:
        """Up to `count` lines below the current one, the nearest first."""
        inside = self._inside_below(number, count)
        if inside is not None:
            return inside
        region = self._data[self._end + 1 : self._end + 1 + WINDOW]
        if len(region) < WINDOW and region.count(b"\n") < count:
            region = (region + self._peek())[:WINDOW]
        lines = region.split(b"\n", count)
        if len(lines) > count or len(region) == WINDOW or not lines[-1]:
            lines.pop()
        return lines

    def _inside_above(self, number: int, count: int) -> Sequence[str | bytes] | None:
        """The lines above, if there are so many of them in this block and within WINDOW: the common case."""
        data, end = self._data, self._start
        if count > _FEW:
            lines = self._cut()
            index = number - self._first
            if (index < count and self._tail) or count * self._longest > WINDOW:
                return None
            return lines[index - 1 :: -1][:count] if index else []
        least = max(0, end - WINDOW)
        found: list[bytes] = []
        for _ in range(count):
            start = data.rfind(b"\n", least, end - 1) + 1
            if start <= least or end <= least:
                return None
            found.append(data[start : end - 1])
            end = start
        return found

    def _inside_below(self, number: int, count: int) -> Sequence[str | bytes] | None:
        """The lines below, if there are so many of them in this block and within WINDOW: the common case."""
        data, start = self._data, self._end + 1
        if count > _FEW:
            lines = self._cut()
            index = number - self._first + 1
            if index + count > len(lines) or count * self._longest > WINDOW:
                return None
            return lines[index : index + count]
        most = start + WINDOW
        found: list[bytes] = []
        for _ in range(count):
            end = data.find(b"\n", start, most)
            if end < 0:
                return None
            found.append(data[start:end])
            start = end + 1
        return found

    def _cut(self) -> list[str]:
        """The lines of the block that end in it."""
        lines = self._lines
        if lines is None:
            lines = self._lines = text.decode(self._data).split("\n")
            lines.pop()
            widest = 1 if self._data.isascii() else _WIDEST
            self._longest = max(map(len, lines), default=0) * widest + 1
        return lines
