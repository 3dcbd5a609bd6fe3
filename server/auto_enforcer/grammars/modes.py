"""The parts that grammars are made of: modes, their rules, and the cursor that goes along a line."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterator
from functools import cache
from importlib import import_module
from typing import Any, Final

from auto_enforcer.expressions import compiled
from auto_enforcer.languages import LANGUAGES
from auto_enforcer.model import NamedTuple, Part, Run, Zone

CODE: Final = int(Zone.CODE)
COMMENT: Final = int(Zone.COMMENT)
STRING: Final = int(Zone.STRING)
TEXT: Final = int(Zone.TEXT)

Frame = tuple[str, str, Hashable]
"""(language, mode's name, the mode's data): one thing that is open."""

Frames = tuple[Frame, ...]

DEEPEST = 64
"""Things that may be open inside each other. What opens past it is passed over as ordinary text."""

CONTINUED: Final = "continued"
"""The mode of code whose last line ended in a splice; its data are the heredocs that still wait, each as the
frames that its body opens."""

SKIP, TOKEN, PUSH, POP, OPEN, CLOSE, SPLICE, UNTIL, CALL = range(9)
"""What a rule does.

- SKIP: nothing.
- TOKEN: a run of its own zone.
- PUSH: opens the mode `argument`.
- POP: closes the innermost mode.
- OPEN, CLOSE: count the innermost mode's nesting up and down (its data), closing it below zero; a match
  counts once for each of its characters, or as often as `argument` says.
- SPLICE: the line goes on in the next.
- UNTIL: opens a mode that ends at a text made of the rule's first inner group; `argument` is (mode,
  template).
- CALL: `argument` is an Action.
"""


class Cursor:
    """Goes along one line: what is open, and what it has found."""

    __slots__ = (
        "brackets",
        "counted",
        "frames",
        "opened",
        "parts",
        "pending",
        "position",
        "restart",
        "runs",
        "spliced",
        "steps",
        "text",
    )

    def __init__(self, text: str, frames: Frames) -> None:
        self.text = text
        self.frames = frames
        self.position = 0
        self.runs: list[Run] = []
        self.parts: list[Part] = []
        self.steps: Iterator[int] = iter(())
        """Runs out when the line has had as many delimiters as are looked at."""
        self.spliced = False
        self.opened = False
        """The line before ended inside an expression."""
        self.pending: tuple[Frames, ...] = ()
        """Heredocs whose bodies begin on the next line."""
        self.restart = False
        """An action opened or closed an embedded language: where it ends must be looked up anew."""
        self.brackets: list[int] = []
        """The brackets that are open before `counted`: see `lookback.opener`."""
        self.counted = 0

    def emit(self, start: int, zone: int) -> None:
        """From `start` on, all is in `zone`."""
        runs = self.runs
        while runs and runs[-1][0] >= start:
            runs.pop()
        if not runs or runs[-1][1] != zone:
            runs.append((start, zone))

    def speak(self, start: int) -> None:
        """From `start` on, the language is that of the innermost frame."""
        parts, language = self.parts, self.frames[-1][0]
        while parts and parts[-1][0] >= start:
            parts.pop()
        if not parts or parts[-1][1] != language:
            parts.append((start, language))

    def push(self, *frames: Frame) -> bool:
        """Opens `frames` in order; False, and nothing opened, where that would be too deep."""
        if len(self.frames) + len(frames) > DEEPEST:
            return False
        self.frames += frames
        return True

    def with_prefix(self, start: int, prefix: str) -> int:
        """Where a token that begins at `start` begins with its prefix of up to three characters of `prefix`:
        at `start` when a word goes before that."""
        text, begin = self.text, start
        floor = self.runs[-1][0] if self.runs else 0
        while begin > floor and start - begin < 4 and text[begin - 1] in prefix:
            begin -= 1
        if begin > floor and text[begin].isalnum() and (text[begin - 1].isalnum() or text[begin - 1] == "_"):
            return start
        return begin

    def token(self, start: int, end: int, zone: int) -> None:
        """From `start` to `end` is in `zone`; goes on at `end` in the innermost frame's."""
        self.emit(start, zone)
        self.position = end
        frame = self.frames[-1]
        self.emit(end, machine(frame[0], frame[1]).zone)


Action = Callable[[Cursor, "re.Match[str]", int], None]
"""Called with the match and the rule's group; must move the cursor's position past the group's start."""

LineHook = Callable[[Cursor, int], bool]
"""Called at a line's start with the index of its frame; True when it consumed the line whole."""

Boundary = Callable[[str, int, Hashable], "re.Match[str] | None"]
"""Called with the text, a position and the frame's data: where what is inside the frame ends."""

Leave = Callable[[Cursor, int, "re.Match[str]"], None]
"""Called at a boundary with the index of its frame; must move the cursor's position past the boundary."""


class Rule(NamedTuple):
    """What turns a mode. `pattern` begins with one of the characters of `first`; the mode's order counts.

    `groups` counts the capturing groups inside `pattern`. `prefix` are the characters that may stand before
    the match and belong to it (three at most, and nothing of a word before them). Where `first` has letters,
    `ahead` is the pattern without groups, if it has some.
    """

    first: str
    pattern: str
    kind: int
    zone: int
    argument: Any = None
    prefix: str = ""
    groups: int = 0
    ahead: str = ""


class Passed(NamedTuple):
    """What a mode passes over, such as an escape: an expression, and the characters it can begin with."""

    pattern: str
    first: str


NOTHING: Final = Passed("", "")
ESCAPES: Final = Passed(r"\\.", "\\")


class Mode(NamedTuple):
    """A way to read on. Without rules it ends where its data, a text, occurs."""

    zone: int
    rules: tuple[Rule, ...] = ()
    flags: int = 0
    """Of `re`, for all its rules."""
    passed: Passed = NOTHING
    wrap: str = ""
    """Of a single-line string, the literal that opens code in it: such code may go on in the next line."""
    single_line: bool = False
    """Ends with its line, unless that is spliced."""
    settled: bool = False
    """Lines without a turning mark leave it open and open nothing."""
    closer: str = ""
    """Of a settled mode, what closes it and is no turning mark wherever it stands."""
    depth: int = 1
    line: LineHook | None = None
    boundary: Boundary | None = None
    leave: Leave | None = None
    shield: bool = False
    """What is inside it ends by itself: no boundary of the frames below counts."""
    end: Callable[[Cursor], None] | None = None
    """Called at the end of a line that ends in this mode."""
    closed: tuple[tuple[str, str], ...] = ()
    """Expressions for what its rules would open and close again, each with its first character: only to tell
    sooner that a line leaves the mode as it is."""
    turns: tuple[tuple[str, str], ...] = ()
    """Expressions for whole lines that only open a mode, or with "" only close this one: to tell that sooner,
    too."""


MANY_LINES = 24
"""Lines that a mode is asked of before its expression for whole lines is compiled."""


class Machine:
    """A mode, compiled."""

    __slots__ = (
        "_asked",
        "_mode",
        "boundary",
        "closer",
        "depth",
        "end",
        "is_quiet",
        "leave",
        "line",
        "match",
        "parts",
        "plain",
        "rules",
        "runs",
        "settled",
        "shield",
        "single_line",
        "turns",
        "uniform",
        "wrap",
        "zone",
    )

    def __init__(self, language: str, name: str, mode: Mode) -> None:
        self.zone = mode.zone
        self.single_line = mode.single_line
        self.wrap = mode.wrap
        self.settled = mode.settled
        self.closer = mode.closer.encode()
        self.depth = mode.depth
        self.line = mode.line
        self.boundary = mode.boundary
        self.leave = mode.leave
        self.shield = mode.shield
        self.end = mode.end
        self.runs: tuple[Run, ...] = ((0, mode.zone),)
        self.parts: tuple[Part, ...] = ((0, language),)
        self.match: Callable[[str, int, int], re.Match[str] | None] | None = None
        self.rules: tuple[tuple[int, int, Any, str], ...] = ()
        if mode.rules:
            self.match, self.rules = _compiled(mode)
        self.plain = mode.line is None and mode.boundary is None and not mode.single_line and mode.end is None
        """A line that meets no rule leaves everything as it is."""
        closes = bool(mode.rules) and all(rule.kind == POP for rule in mode.rules)
        self.uniform = self.plain and mode.settled and closes
        """Lines without a turning mark are in its zone from end to end."""
        self.is_quiet: Callable[[str], object] = self._learn_quiet
        """Whether a line of a plain mode has nothing in it but what leaves the mode as it is. False where
        that is not seen at a glance."""
        self.turns = tuple(
            [
                (compiled(pattern + r"\Z").match, (language, name, 0) if name else None)
                for pattern, name in mode.turns
            ]
        )
        """Whole lines that turn the mode, each with the frame that it opens; None closes it."""
        self._mode = mode
        self._asked = 0

    def _learn_quiet(self, text: str) -> object:
        """Its expression is compiled when that pays: for a short file it costs more than it saves."""
        self._asked += 1
        if self._asked < MANY_LINES:
            return None
        self.is_quiet = _quiet(self._mode) if self.rules else _never
        return self.is_quiet(text)


def _compiled(
    mode: Mode,
) -> tuple[Callable[[str, int, int], re.Match[str] | None], tuple[tuple[int, int, Any, str], ...]]:
    passed = _passed(mode, set("".join(rule.first for rule in mode.rules) + mode.passed.first))
    # The line's end is tried first, then only the rules that its first character can begin.
    branches: list[str] = []
    rules: list[tuple[int, int, Any, str]] = [(SKIP, 0, None, "")]
    for character in sorted({character for rule in mode.rules for character in rule.first}):
        pieces = []
        for rule in mode.rules:
            if character in rule.first:
                pieces.append(f"({rule.pattern})")
                rules.append((rule.kind, rule.zone, rule.argument, rule.prefix))
                rules.extend([(SKIP, 0, None, "")] * rule.groups)
        branches.append(f"(?={re.escape(character)})(?:{'|'.join(pieces)})")
    rules.append((SKIP, 0, None, ""))
    pattern = compiled(f"{passed}(?:\\Z|{'|'.join(branches)}|([\\s\\S]))", mode.flags)
    if pattern.groups + 1 != len(rules):
        raise AssertionError(f"a rule miscounts its groups: {branches}")
    return pattern.match, tuple(rules)


def _quiet(mode: Mode) -> Callable[[str], object]:
    """Matches the lines of a mode on which no rule but tokens comes to a match: read as `_compiled` reads
    them, in one go."""
    first = {character for rule in mode.rules for character in rule.first}
    branches = []
    for character in sorted(first):
        pieces, before = [pattern for start, pattern in mode.closed if start == character], list[str]()
        for rule in mode.rules:
            if character not in rule.first:
                continue
            if rule.groups:
                return _never
            if rule.kind in (SKIP, TOKEN):
                pieces.append(f"{_unless(before)}(?:{rule.pattern})")
            else:
                before.append(rule.pattern)
        pieces.append(f"{_unless(before)}[\\s\\S]")
        branches.append(f"(?={re.escape(character)})(?:{'|'.join(pieces)})")
    passed = _passed(mode, first | set(mode.passed.first))
    return compiled(f"{passed}(?:(?:{'|'.join(branches)}){passed})*+\\Z", mode.flags).match


def _unless(patterns: list[str]) -> str:
    return f"(?!{'|'.join(patterns)})" if patterns else ""


def _never(text: str) -> object:
    del text
    return None


def _passed(mode: Mode, first: set[str]) -> str:
    """All that no rule can begin with is passed over by one possessive repeat, which runs at memory speed; a
    letter that begins no rule here is passed over there too, for letters are frequent."""
    letters = {character for character in first if character.isalpha() or character == "_"}
    ways = [f"[^{_class(first)}]++"]
    if letters:
        ahead = [rule.ahead or rule.pattern for rule in mode.rules if not letters.isdisjoint(rule.first)]
        ways.append(f"(?!{'|'.join(ahead)})[{_class(letters)}]")
    if mode.passed.pattern:
        ways.append(mode.passed.pattern)
    return f"(?:{'|'.join(ways)})*+" if len(ways) > 1 else f"[^{_class(first)}]*+"


def _class(characters: set[str]) -> str:
    return "".join(sorted(re.escape(character) for character in characters))


@cache
def modes_of(language: str) -> dict[str, Mode]:
    """The modes of a language, by name. Imports its grammar."""
    row = LANGUAGES[language]
    modes: dict[str, Mode] = dict(import_module(f"{__package__}.{row.grammar}").modes(row))
    modes.setdefault(CONTINUED, Mode(CODE))
    return modes


@cache
def machine(language: str, name: str) -> Machine:
    """A mode of a language, compiled on first use."""
    return Machine(language, name, modes_of(language)[name])
