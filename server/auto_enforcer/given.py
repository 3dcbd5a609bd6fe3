"""What the rules about files find. They are asked of a file as a whole, and what they find is told on its
lines by a walk, so that suppressions, masks, verdicts and edits meet it as they meet all else. So is all that
was found in a text that only makes sense as a whole, as a notebook does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from auto_enforcer import text
from auto_enforcer.looks import SETTLED, Action, Look
from auto_enforcer.model import (
    LARGE_FILE,
    Candidate,
    Cell,
    FileRule,
    FileTrigger,
    FileView,
    Finding,
    Line,
    Options,
    Row,
    Rule,
    Severity,
    Suppression,
    Violation,
    Zone,
)

MOST_FINDINGS = 64
"""What one rule finds in a file, at most; further findings are dropped."""

FileObserver = Callable[["FileLook", Finding, str], None]
"""Told of each finding that an excuse silences, and of the excuse's name."""


class FileLook:
    """A rule about files as a policy has it. Its module is imported when a file gives cause for it."""

    __slots__ = (
        "_load",
        "_rule",
        "binaries",
        "everywhere",
        "id",
        "languages",
        "named",
        "options",
        "reads",
        "severity",
        "trigger",
    )

    def __init__(
        self,
        rule: str,
        severity: Severity,
        options: Options,
        load: Callable[[], FileRule],
        *,
        trigger: FileTrigger,
        languages: tuple[str, ...],
        reads: bool,
        binaries: bool,
        named: bool,
        everywhere: bool,
    ) -> None:
        """`rule` is its id, `load` gives the rule itself; the rest is what the index says of it."""
        self.id = rule
        self.severity = severity
        self.options = options
        self.trigger = trigger
        self.languages = languages
        self.reads = reads
        self.binaries = binaries
        self.named = named
        self.everywhere = everywhere
        self._load = load
        self._rule: FileRule | None = None

    @property
    def rule(self) -> FileRule:
        """The rule itself; the first call may import its module."""
        rule = self._rule
        if rule is None:
            rule = self._rule = self._load()
        return rule

    def is_for(self, view: FileView) -> bool:
        """Whether such a file may give cause for a look, as far as that is seen without its text."""
        if self.languages and view.language not in self.languages:
            return False
        trigger = self.trigger
        if trigger is FileTrigger.EXECUTABLE:
            return view.executable is True
        if trigger is FileTrigger.SHEBANG:
            return view.shebang
        return trigger is not FileTrigger.LARGE or view.size > LARGE_FILE

    def is_triggered(self, data: bytes) -> bool:
        """Whether the text, in the file's own encoding, gives cause for a look. True may be too much."""
        trigger = self.trigger
        if trigger is FileTrigger.CARRIAGE_RETURN:
            return b"\r" in data
        if trigger is not FileTrigger.UNFINISHED:
            return True
        # Of two or four bytes a character, the last one says nothing.
        return data != b"" and (not data.endswith((b"\n", b"\r")) or text.encoding_of(data) != "utf-8")

    def silenced(self, view: FileView) -> str:
        """The name of the excuse that speaks before the rule looks, "" for none. Raises what it raises."""
        for excuse in self.rule.excuses if self.named else ():
            if excuse.beforehand and excuse.speaks(view, None, self.options):
                return excuse.name
        return ""


Found = tuple[FileLook, Finding | Exception]
"""What a rule proposes, or what it raised."""


def found(look: FileLook, view: FileView, told: FileObserver | None = None) -> list[Found]:
    """What a rule finds in a file, its excuses asked. Never raises."""
    findings: list[Found] = []
    try:
        rule = look.rule
        for finding in islice(rule.check(view, look.options), MOST_FINDINGS):
            for excuse in rule.excuses:
                if not excuse.beforehand and excuse.speaks(view, finding, look.options):
                    if told is not None:
                        told(look, finding, excuse.name)
                    break
            else:
                findings.append((look, finding))
    except Exception as error:  # noqa: BLE001 — it is raised again where the walk tells what could not run
        findings.append((look, error))
    return findings


class Given:
    """What was found in a file, by line. What is about the file as such stays at its beginning; the rest
    moves with its line, and is dropped when the line is edited: then it is unknown until the rules look
    again."""

    __slots__ = ("_at", "_failed", "_looks", "_pinned", "_rows", "of_file", "unchecked")

    def __init__(
        self,
        all_found: Iterable[Found],
        content: str | None = None,
        *,
        rows: Iterable[Row] | None = None,
        of_file: Given | None = None,
        unchecked: Iterable[str] = (),
    ) -> None:
        """`content` is the text that those findings are about that name a line. `rows` are all that there is
        to tell of a text that was looked at as a whole, in order: no look at its lines is to find more.
        `of_file` is what the rules about files found in it, which is among them; `unchecked` names the rules
        that could not run."""
        self._rows: dict[int, list[_Settled]] | None = None
        if rows is not None:
            self._rows = {}
            for row in rows:
                self._rows.setdefault(row.number, []).append((row.violation, row.suppression, row.cell))
        self.of_file = self if of_file is None else of_file
        """What the rules about files found, without all else."""
        self.unchecked = frozenset(unchecked)
        self._at: dict[int, dict[str, tuple[Candidate, ...]]] = {}
        self._pinned: dict[str, tuple[Candidate, ...]] = {}
        self._failed: dict[str, Exception] = {}
        self._looks: dict[str, Look] = {}
        lines: list[str] | None = None
        for look, finding in all_found:
            self._looks.setdefault(look.id, _told_by(look, self))
            if isinstance(finding, Exception):
                self._failed[look.id] = finding
                self._pinned.setdefault(look.id, ())
                continue
            line, start, end, details, fixes = finding
            if line is None:
                at = self._pinned
            elif content is None:
                at = self._at.setdefault(line, {})
            else:
                lines = text.split_lines(content) if lines is None else lines
                line, start, end = _within(lines, line, start, end)
                at = self._at.setdefault(line, {})
            at[look.id] = (*at.get(look.id, ()), Candidate(start, end, details, fixes))

    def __bool__(self) -> bool:
        return bool(self._pinned or self._at or self._rows)

    @property
    def is_all(self) -> bool:
        """Whether there is no more to tell of the text: it was looked at as a whole."""
        return self._rows is not None

    def __eq__(self, other: object) -> bool:
        """Whether the same is told at the same places."""
        if not isinstance(other, Given):
            return NotImplemented
        told = self._at, self._pinned, self._rows, self._failed.keys(), self.unchecked
        same = told == (other._at, other._pinned, other._rows, other._failed.keys(), other.unchecked)
        return same and self._severities() == other._severities()

    __hash__ = None  # type: ignore[assignment]

    def _severities(self) -> dict[str, Severity]:
        """How severe the rules are of which something is told."""
        told = {*self._pinned, *(rule for at in self._at.values() for rule in at)}
        return {rule: self._looks[rule].severity for rule in told}

    def lines(self, first: int, last: int) -> list[int]:
        """The lines [first, last) that something is to be told on, in order."""
        found = {line for line in (*self._at, *(self._rows or ())) if first <= line < last}
        if self._pinned and first <= 0 < last:
            found.add(0)
        return sorted(found)

    @property
    def last(self) -> int:
        """The last line that something may be to be told on."""
        return max(max(self._at, default=0), max(self._rows or (), default=0))

    def looks(self, line: int) -> list[Look]:
        """The looks that tell what was found on a line."""
        names = set(self._at.get(line, ()))
        if line == 0:
            names.update(self._pinned)
        return [self._looks[name] for name in sorted(names)]

    def asked(self, line: int) -> list[Action]:
        """What a line that something is to be told on is looked at for."""
        looks = self.looks(line)
        return [*looks, SETTLED] if self._rows and line in self._rows else [*looks]

    def settled(self, line: int) -> list[tuple[Violation, Suppression | None]]:
        """What there is to tell of a line of a text that was looked at as a whole."""
        return [(violation, by) for violation, by, _ in (self._rows or {}).get(line, ())]

    def cells(self, first: int, last: int) -> dict[int, Cell | None]:
        """Of what is settled on the lines [first, last) the cells, by the identities of the violations."""
        rows = self._rows or {}
        lines = range(first, last) if last - first < len(rows) else (n for n in rows if first <= n < last)
        return {id(violation): cell for line in lines for violation, _, cell in rows.get(line, ())}

    def move(self, first: int, last: int, delta: int) -> None:
        """Lines [first, last) were replaced: those below have moved by `delta`."""
        if self.of_file is not self:
            self.of_file.move(first, last, delta)
        if self._rows:
            self._rows = {
                line if line < first else line + delta: [_kept(one, line, first, last) for one in settled]
                for line, settled in self._rows.items()
                if not first <= line < last
            }
        if self._at:
            self._at = {
                line if line < first else line + delta: told
                for line, told in self._at.items()
                if not first <= line < last
            }

    def told(self, rule: str, line: int) -> Iterator[Candidate]:
        """What a rule found on a line. Raises what the rule raised."""
        if line == 0:
            if (error := self._failed.get(rule)) is not None:
                raise error
            yield from self._pinned.get(rule, ())
        yield from self._at.get(line, {}).get(rule, ())


_Settled = tuple[Violation, Suppression | None, Cell | None]


def _kept(settled: _Settled, line: int, first: int, last: int) -> _Settled:
    """What is settled on a line after the lines [first, last) were replaced: without fixes that speak of one
    of these, or of lines on their other side."""
    violation = settled[0]
    if not violation.fixes:
        return settled
    edits = [edit for fix in violation.fixes for edit in fix.edits]
    top = min((line + edit.start_line for edit in edits), default=line)
    bottom = max((line + edit.end_line for edit in edits), default=line)
    if bottom < first or top >= last:
        return settled
    return violation._replace(fixes=()), *settled[1:]


def _told_by(look: FileLook, given: Given) -> Look:
    """The look that proposes on each line what the file's rule found there."""

    def check(line: Line, options: Options) -> Iterator[Candidate]:
        del options
        return given.told(look.id, line.number)

    def load() -> Rule:
        return Rule(
            look.id, look.severity, look.rule.message, zones=Zone.EVERYWHERE, check=check, everywhere=True
        )

    return Look(look.id, look.severity, look.options, None, load)


def _within(lines: list[str], line: int, start: int, end: int) -> tuple[int, int, int]:
    """A span within its line. A line that comes in pieces is marked at its beginning, so that it is told
    once; what stands behind the last line end is told on the line before."""
    last = len(lines) - 1
    if last and not lines[last]:
        last -= 1
    if line > last:
        line, start, end = last, len(lines[last]), len(lines[last])
    size = len(lines[line].rstrip("\r\n"))
    if 4 * size > text.PIECE and len(lines[line].encode("utf-8", "replace")) > text.PIECE:
        return line, 0, 0
    if start >= size:
        return line, max(0, size - 1), size
    return line, start, max(start, min(end, size))
