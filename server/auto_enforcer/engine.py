"""Streams a file's blocks through a walk and yields the rows of what is found. No I/O, no clock."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from auto_enforcer import lexer, suppressions, text
from auto_enforcer.given import Given
from auto_enforcer.looked import travelling
from auto_enforcer.looks import FactLook, Plan
from auto_enforcer.model import File, Line, Row, Run, Suppression
from auto_enforcer.redaction import Mask, secrets_in
from auto_enforcer.standing import UNUSED, Ended, unused
from auto_enforcer.walk import Observer, Walk
from auto_enforcer.windows import BlockSource


def anywhere(plan: Plan, language: str, blocks: Iterable[text.Block]) -> frozenset[str]:
    """The names of the `anywhere` facts that the rules for the file's own language have and that hold in
    it."""
    found: set[str] = set()
    lookouts = [one.anywhere for one in (plan.every, plan.of(language)) if one.anywhere is not None]
    for block in blocks if lookouts else ():
        if block.offset >= 0:
            continue  # A walk notes no facts on a line that comes in segments.
        for lookout in lookouts:
            for end, action in lookout.hits(block.data):
                if isinstance(action, FactLook) and action.fact.name not in found:
                    start = block.data.rfind(b"\n", 0, end - 1) + 1
                    stop = block.data.find(b"\n", start)
                    line = block.data[start : stop if stop >= 0 else None]
                    if action.value(text.decode(line)[: text.PIECE]) is not None:
                        found.add(action.fact.name)
    return frozenset(found)


def head_suppressions(
    lines: Iterable[str], language: str, file: File, plan: Plan | None = None
) -> tuple[tuple[Suppression, int], ...]:
    """The `allow-file` suppressions among a file's first lines, each with its line number. `plan` knows what
    their reasons must not repeat."""
    found, state = [], lexer.start(language)
    for number, line_text in enumerate(lines):
        if number >= suppressions.FILE_LINES:
            break
        lexed = lexer.lex(line_text, state)
        if "enforcer:" in line_text:
            line = Line(line_text, number, language, file, _given(lexed.runs))
            directive = suppressions.find(line)
            if directive is not None and plan is not None:
                directive = suppressions.redacted(directive, Mask(secrets_in(plan.every, line)).of)
            if (
                directive is not None
                and directive.suppression is not None
                and directive.suppression.whole_file
            ):
                found.append((directive.suppression, number))
        state = lexed.state
    return tuple(found)


def _given(runs: tuple[Run, ...]) -> Callable[[], tuple[Run, ...]]:
    return lambda: runs


def check(
    plan: Plan,
    file: File,
    blocks: Iterable[text.Block],
    *,
    file_suppressions: tuple[tuple[Suppression, int], ...] = (),
    above: tuple[Suppression, ...] = (),
    observer: Observer | None = None,
    meter: Callable[[], float] | None = None,
    walked: Callable[[Walk], None] | None = None,
    marked: bool = False,
    given: Given | None = None,
) -> Iterator[Row]:
    """The rows of a file, by line, save that an unused suppression is known only after the lines it covers.

    `file.anywhere` and `file_suppressions` are known beforehand. `above` are further suppressions for all of
    the text, which stand elsewhere: whether they are used is not told here. `walked` is given the walk at the
    end. `marked`: whether a byte order mark was taken away before the first block. `given`: what the rules
    about files found.
    """
    state = lexer.start(file.language)
    source = BlockSource(state)
    walk = Walk(
        plan,
        file,
        travelling(state),
        source,
        file_suppressions=(*(suppression for suppression, _ in file_suppressions), *above),
        observer=observer,
        meter=meter,
        tells_all=False,
        marked=marked,
        given=given,
    )
    opened: list[tuple[Suppression, int]] = []
    show_unused = plan.on(UNUSED)
    ahead = _Ahead(blocks)
    for block in ahead if not (marked or given) or ahead.peek() else (text.Block(b""),):
        cut_off = block.offset >= 0 and block.last
        source.block(block.data + b"\n" if cut_off else block.data, ahead.peek, walk.number)
        for looked in walk.block(block.data) if block.offset < 0 else walk.segment(block):
            number = looked.number
            for violation, suppression in looked.rows:
                yield Row(number, violation, suppression)
            if looked.opened is not None:
                opened.append((looked.opened, number))
            for ended in looked.ended:
                yield from closed(ended, opened, show=show_unused)
    for ended in walk.finish():
        yield from closed(ended, opened, show=show_unused)
    if show_unused:
        yield from walk.unused_in_file(file_suppressions)
    if walked is not None:
        walked(walk)

    walk.close()


def closed(ended: Ended, opened: list[tuple[Suppression, int]], *, show: bool) -> Iterator[Row]:
    """An ended suppression's own row, if it was unused, at the line where it stands."""
    for index in range(len(opened) - 1, -1, -1):
        if opened[index][0] == ended.suppression:
            number = opened.pop(index)[1]
            if ended.unused and show:
                yield Row(number, unused(ended))
            return


class _Ahead:
    """Blocks, with a look at the bytes that come after the one at hand."""

    __slots__ = ("_blocks", "_next")

    def __init__(self, blocks: Iterable[text.Block]) -> None:
        self._blocks = iter(blocks)
        self._next: list[text.Block] = []

    def __iter__(self) -> Iterator[text.Block]:
        while self._next or self._pull():
            yield self._next.pop(0)

    def _pull(self) -> bool:
        block = next(self._blocks, None)
        if block is not None:
            self._next.append(block)
        return block is not None

    def peek(self) -> bytes:
        """The bytes after the block at hand: more than a window, or all there are."""
        while sum(len(block.data) for block in self._next) < text.BLOCK and self._pull():
            pass
        return b"".join(block.data for block in self._next)
