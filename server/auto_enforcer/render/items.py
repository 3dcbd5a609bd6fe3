"""What a renderer is given: a stream of reports, skipped files and failures, and the tally they add up to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from auto_enforcer.model import NamedTuple, Report, Row, Scope, Severity, Skipped, Stage, Verdict

MOST_PATHS = 20_000
"""Files of which it is remembered whether something was shown in them."""

MOST_FAILURES = 1000
"""Failures that a tally keeps to name them; further ones are only counted."""


COULD_NOT_RUN = "enforcer/could-not-run"
"""In the place of a rule, in formats that know violations only."""


class CouldNotRun(NamedTuple):
    """Something that was asked for and did not happen: `what` (a rule, a path) and `why`, for people."""

    what: str
    why: str


class RuleInfo(NamedTuple):
    """What a report says of a rule itself. `markdown` is the section of its page, `url` where it stands,
    `tags` are words beside its family."""

    id: str
    title: str
    severity: Severity
    url: str = ""
    markdown: str = ""
    tags: tuple[str, ...] = ()


class Quote(NamedTuple):
    """What a violation's line says, its secrets replaced, cut where it is long: what stands before the
    violation, the violation itself, and what stands behind it. `marked` is empty where it cannot be told
    what became of it."""

    before: str
    marked: str
    after: str


Item = Report | Skipped | CouldNotRun
"""One step of a run. A file that was checked in part is both a Report and Skipped."""


class Tally:
    """What a run adds up to, counted while its items pass through; complete once they are used up."""

    __slots__ = (
        "_paths",
        "base",
        "baselined",
        "blocked",
        "could_not_run",
        "failures",
        "families",
        "files",
        "files_with_violations",
        "gates",
        "historical",
        "new_only",
        "observed",
        "rules",
        "skipped",
        "suppressed",
        "unused_entries",
        "warnings",
        "would_block",
        "would_block_rules",
    )

    def __init__(self, *, new_only: bool = False) -> None:
        self.new_only = new_only
        """Rows that stood in the base are counted and then left out."""
        self.base = ""
        """What files were compared with, for people; "" where they were not."""
        self._paths: dict[int, bool] = {}
        """By the hash of a file's path: whether something was shown in it."""
        self.files = 0
        self.files_with_violations = 0
        self.blocked = 0
        """Rows shown whose severity is blocked, and so on below; `historical` is a part of both, save where
        these are left out."""
        self.warnings = 0
        self.historical = 0
        self.baselined = 0
        """Those of the historical rows that a baseline has."""
        self.unused_entries = 0
        """Entries of baselines that nothing needs any more."""
        self.suppressed = 0
        self.observed = 0
        """Rows that are only counted, for their stage is OBSERVE."""
        self.would_block = 0
        """Rows that gate nothing only because their stage is not BLOCK yet."""
        self.would_block_rules: dict[str, int] = {}
        """Rule: such rows."""
        self.gates = 0
        """Rows that gate: where there is one, the command's exit code is 1."""
        self.families: dict[str, tuple[int, int]] = {}
        """Family: blocked, warnings."""
        self.rules: dict[str, int] = {}
        """Rule: rows shown."""
        self.skipped: dict[str, int] = {}
        """Reason, up to its colon: files."""
        self.failures = 0
        """How often something could not run: the command's exit code 2."""
        self.could_not_run: list[CouldNotRun] = []

    def counting(self, items: Iterable[Item]) -> Iterator[Item]:
        """The same items, counted as they pass; a report's rows as they are consumed."""
        for item in items:
            if isinstance(item, Report):
                if not item.beside:
                    self.files += 1
                    self._note(hash(item.path), shown=False)
                yield Report(item.path, self._counting_rows(item), item.beside)
            elif isinstance(item, Skipped):
                reason = item.reason.partition(":")[0]
                self.skipped[reason] = self.skipped.get(reason, 0) + 1
                yield item
            else:
                self.failures += 1
                if self.failures <= MOST_FAILURES:
                    self.could_not_run.append(item)
                yield item

    def _counting_rows(self, item: Report) -> Iterator[tuple[Row, Verdict]]:
        any_shown = False
        for row, verdict in item.rows:
            if verdict.suppressed:
                self.suppressed += 1
            elif verdict.gates:
                self.gates += 1
            elif would_block(verdict):
                rule = row.violation.rule
                self.would_block += 1
                self.would_block_rules[rule] = self.would_block_rules.get(rule, 0) + 1
            self.observed += is_observed(verdict)
            if self.new_only and is_historical(verdict):
                self.historical += verdict.shown is not None
                continue
            if verdict.shown is not None:
                any_shown = True
                self._count(row.violation.rule, verdict)
            yield row, verdict
        path = hash(item.path)
        if any_shown and not self._paths.get(path):
            # What is told beside the rows of the checked files may be about another one, and about one often.
            is_other = item.beside and path not in self._paths and len(self._paths) < MOST_PATHS
            self.files += is_other
            self.files_with_violations += 1
            self._note(path, shown=True)

    def _note(self, path: int, *, shown: bool) -> None:
        if path in self._paths or len(self._paths) < MOST_PATHS:
            self._paths[path] = shown

    def _count(self, rule: str, verdict: Verdict) -> None:
        self.rules[rule] = self.rules.get(rule, 0) + 1
        family = rule.partition("/")[0]
        blocked, warnings = self.families.get(family, (0, 0))
        if verdict.severity is Severity.BLOCKED:
            self.blocked += 1
            blocked += 1
        else:
            self.warnings += 1
            warnings += 1
        self.families[family] = blocked, warnings
        if is_historical(verdict):
            self.historical += 1
            self.baselined += verdict.baselined


def is_historical(verdict: Verdict) -> bool:
    """Whether the change at hand did not bring it: it stood in the base or stands in the baseline."""
    return verdict.baselined or verdict.scope is Scope.HISTORICAL


def is_observed(verdict: Verdict) -> bool:
    """Whether a row is only counted."""
    return verdict.stage is Stage.OBSERVE and not verdict.suppressed and not is_historical(verdict)


def would_block(verdict: Verdict) -> bool:
    """Whether it gates nothing only because its stage is not BLOCK yet; suppressed ones aside."""
    blocked = verdict.severity is Severity.BLOCKED
    return blocked and verdict.stage is not Stage.BLOCK and not is_historical(verdict)


def remark(verdict: Verdict) -> str:
    """What is to be said of a violation beside its message, in few words; mostly nothing."""
    if verdict.baselined:
        return "historical, in the baseline"
    if verdict.scope is Scope.HISTORICAL:
        return "historical"
    return "would be blocked at stage `block`" if would_block(verdict) else ""


def with_remark(row: Row, verdict: Verdict) -> str:
    """The message, with what there is to be said beside it."""
    said = remark(verdict)
    return f"{row.violation.message} ({said})" if said else row.violation.message


def place_of(failure: CouldNotRun) -> tuple[str, int, int]:
    """The path that a failure names, with a line and a column from 1 on; 0 where it names none."""
    path, line, column = failure.what, 0, 0
    head, _, last = path.rpartition(":")
    if head and _is_number(last):
        path, line = head, int(last)
        head, _, last = path.rpartition(":")
        if head and _is_number(last):
            path, line, column = head, int(last), line
    return path, line, column


def _is_number(word: str) -> bool:
    return word.isascii() and word.isdecimal() and len(word) < 10
