"""The verdicts on what was found, by policy and baseline, in files and in documents."""

from __future__ import annotations

import os
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import repeat
from typing import TYPE_CHECKING

from auto_enforcer import files, verdict
from auto_enforcer.looks import Lookout
from auto_enforcer.model import Row, Scope, Stage, Verdict
from auto_enforcer.policies import Policies
from auto_enforcer.policy import Selection
from auto_enforcer.records import place
from auto_enforcer.standing import EXPIRING

if TYPE_CHECKING:
    from auto_enforcer.allowing import Allowing
    from auto_enforcer.baseline_rows import Applied, Known
    from auto_enforcer.document import Document
    from auto_enforcer.policy_values import Allowance

MOST_VERDICTS = 512
"""Verdicts that are kept, at most."""


class Judging:
    """Judges what was found in a workspace."""

    __slots__ = (
        "_allowing_in",
        "_asked_for",
        "_conceal",
        "_known_by",
        "_policies",
        "_verdicts",
        "baseline",
        "shows_old",
    )

    def __init__(
        self,
        policies: Policies,
        conceal: Callable[[], Lookout],
        asked_for: Callable[[str], bool] = lambda rule: True,
    ) -> None:
        """`conceal` gives what finds secrets, of which the baseline has only digests; `asked_for` says
        whether a rule looks at all."""
        self._policies = policies
        self._asked_for = asked_for
        self._conceal = conceal
        self._verdicts: dict[tuple[int, str, str, bool, bool, bool], tuple[Selection, Verdict]] = {}
        self._known_by: dict[int, Known] = {}
        """By document, where the baseline speaks of its file: what its violations are known by."""
        self._allowing_in: dict[int, tuple[Sequence[Allowance], Allowing, Known]] = {}
        """By document, where the policy speaks of single violations in it: what it says, what goes by it, and
        what violations are known by."""
        self.shows_old = ""
        """How old violations are shown, where somebody looks at them who wants them shown otherwise than the
        policy says: "lower", "same", "off"."""
        self.baseline: Applied | None = None
        """The baseline of the workspace; None where it has none."""
        self.find_baseline()

    def refresh(self) -> bool:
        """Policies may be others. True where the baseline is another."""
        self._verdicts.clear()  # they keep the selections of policies that are gone
        return self.find_baseline()

    def forget(self, document: Document) -> None:
        """A document is closed."""
        self._known_by.pop(id(document), None)
        self._allowing_in.pop(id(document), None)

    def empty_baseline(self) -> Applied:
        """What is to become the baseline of the workspace, read anew where there is one."""
        from auto_enforcer.baseline_rows import Applied

        return Applied(self._policies.root, self._conceal)

    def take_baseline(self, data: bytes) -> None:
        """Go by a baseline with this content, whatever is on the disk."""
        if self.baseline is None:
            self.baseline = self.empty_baseline()
        self.baseline.take(data)
        self._known_by.clear()

    def find_baseline(self) -> bool:
        """Look for the baseline. True where it is another."""
        if self.baseline is not None:
            changed = self.baseline.refresh()
            if changed:
                self._known_by.clear()
            return changed
        if not os.path.lexists(os.path.join(self._policies.root, files.BASELINE)):
            return False
        self.baseline = self.empty_baseline()
        return True

    def judged(
        self, rows: Iterable[Row], relative: str, baselined: Iterable[bool] = repeat(False)
    ) -> Iterator[tuple[Row, Verdict]]:
        """The rows of a file with their verdicts. `baselined`: for each whether the baseline has it, told
        when the row has come."""
        policy = self._policies.of(relative)
        selection, flags = policy.select(relative), iter(baselined)
        historical = self.shows_old or policy.historical
        for row in rows:
            yield (
                row,
                self._verdict(
                    row.violation.rule,
                    selection,
                    historical,
                    is_old=row.base is not None,
                    suppressed=row.suppression is not None,
                    baselined=next(flags),
                ),
            )

    def judged_of_file(
        self,
        rows: Iterable[Row],
        relative: str,
        again: Callable[[], Iterable[bytes]] | None = None,
    ) -> Iterator[tuple[Row, Verdict]]:
        """The rows of a file, each judged by the policy's `[[allow]]` tables and the baseline too. `again`
        gives its bytes, which else are read where they are asked for."""
        if (allowing := self._allowing(relative)) is not None:
            told, days = self._told(relative)
            rows = allowing.rows(rows, self.lines_of(relative, again), self._policies.today, told, days)
        if self.baseline is None or relative not in self.baseline.baseline:
            yield from self.judged(rows, relative)
            return
        marked = self.baseline.marked(relative, rows, self.lines_of(relative, again))
        flags = deque[bool]()

        def plain() -> Iterator[Row]:
            for row, baselined in marked:
                flags.append(baselined)
                yield row

        yield from self.judged(plain(), relative, popped(flags))

    def _told(self, relative: str) -> tuple[frozenset[str], int]:
        """The rules that look at a file, and how many days ahead it is told that a suppression expires."""
        selection = self._policies.selection(relative)
        active = frozenset(filter(self._asked_for, selection.active()))
        return active, selection.setting(EXPIRING).options["days"] if EXPIRING in active else 0

    def _allowing(self, relative: str, *, of_folders: bool = False) -> Allowing | None:
        """What the policy says of single violations of a file; None where it says nothing."""
        said = self._policies.of(relative).allowances(relative)
        if not said:
            return None
        from auto_enforcer.allowing import Allowing

        return Allowing(said, self._conceal(), of_folders=of_folders)

    def allowed_in_folders(self, relative: str, rows: Iterable[Row], *, whole: bool) -> list[Row]:
        """The rows of a file that the rules about the workspace found, judged by the policy's `[[allow]]`
        tables; `whole`: they are all, so that it is told which table takes out nothing."""
        allowing = self._allowing(relative, of_folders=True)
        if allowing is None:
            return list(rows)
        told, days = self._told(relative)
        lines = self.lines_of(relative, None)
        return allowing.rows(rows, lines, self._policies.today, told, days, whole=whole)

    def would_take_out(self, one: Allowance, relative: str, rows: Iterable[Row], data: bytes) -> bool:
        """Whether an `[[allow]]` table takes out something of what was found in a text."""
        from auto_enforcer.baseline_rows import Ahead

        allowing = self._allowing(relative)
        return allowing is not None and allowing.takes_out(one, rows, Ahead((data,)))

    def lines_of(self, relative: str, again: Callable[[], Iterable[bytes]] | None) -> Callable[[int], str]:
        """Gives a file's lines in order, read when the first is asked for."""
        from auto_enforcer.baseline_rows import Ahead, chunks_of

        chunks = again or (lambda: chunks_of(os.path.join(self._policies.root, relative)))
        return Ahead(chunk for _ in (0,) for chunk in chunks())

    def known_by(self, relative: str, row: Row, line_of: Callable[[int], str] | None = None) -> str:
        """What an `[[allow]]` table may know a violation of a file by, with the salt of those that the policy
        has; "" where that cannot be told. `line_of` gives the file's lines, which else are read."""
        from auto_enforcer.allowing import hash_of
        from auto_enforcer.baseline import SALT

        said = self._policies.of(relative).content.allowances
        salt = said[-1].salt if said else os.urandom(SALT)
        return hash_of(row, line_of or self.lines_of(relative, None), self._conceal(), salt)

    def rows(self, document: Document, first: int = 0, end: int | None = None) -> list[tuple[Row, Verdict]]:
        """A document's rows on the lines [first, end) in line order, with their verdicts."""
        judged = self._one_by_one(document)
        if judged is not None:
            last = document.line_count if end is None else end
            return [(row, found) for row, found in judged if first <= row.number < last]
        return list(self.judged(document.rows(first, end), self._policies.relative(document.path)))

    def foremost(self, document: Document, most: int) -> tuple[list[tuple[Row, Verdict]], int]:
        """A document's rows that are shown, in line order, and how many are left out: where there are more
        than `most` there is room for one less, so that this can be told. New ones go before historical ones,
        then blocked ones before warnings, then the first."""
        judged_each = self._one_by_one(document)
        if judged_each is not None:
            return foremost(judged_each, most)
        relative = self._policies.relative(document.path)
        policy = self._policies.of(relative)
        selection = policy.select(relative)
        judged: dict[tuple[str, bool], Verdict] = {}

        def rank(rule: str, is_old: bool) -> int | None:
            found = judged[rule, is_old] = self._verdict(
                rule, selection, self.shows_old or policy.historical, is_old=is_old
            )
            return None if found.shown is None else verdict.rank(found)

        rows, left_out = document.foremost(most, rank)
        return [(row, judged[row.violation.rule, row.base is not None]) for row in rows], left_out

    def counted(self, document: Document) -> Counter[tuple[str, str]]:
        """How many violations of a document are shown, by severity and scope; and how many new ones are only
        observed."""
        judged_each = self._one_by_one(document)
        if judged_each is not None:
            shown = [found for _, found in judged_each if found.shown is not None]
            return Counter((one.severity.value, _scope_of(one).value) for one in shown)
        relative = self._policies.relative(document.path)
        policy = self._policies.of(relative)
        selection = policy.select(relative)
        counts = Counter[tuple[str, str]]()
        for (rule, is_old), count in document.counts().items():
            found = self._verdict(rule, selection, self.shows_old or policy.historical, is_old=is_old)
            if found.shown is not None:
                counts[found.severity.value, found.scope.value] += count
            elif found.stage is Stage.OBSERVE and found.scope is Scope.NEW and not found.baselined:
                counts[Stage.OBSERVE.value, found.scope.value] += count
        return counts

    def _one_by_one(self, document: Document) -> list[tuple[Row, Verdict]] | None:
        """All rows of a document with their verdicts, where the baseline or an `[[allow]]` table speaks of
        its file; else None. A cell is judged as if the notebook had no others."""
        relative, held = self._policies.relative(document.path), self.baseline
        policy = self._policies.of(relative)
        said = policy.allowances(relative)
        if not said and (held is None or relative not in held.baseline):
            return None
        from auto_enforcer.baseline_rows import MOST_IN_DOCUMENT, Known

        rows = document.rows()
        marks: Iterable[bool] = repeat(False)
        if said:
            from auto_enforcer.allowing import Allowing

            kept = self._allowing_in.get(id(document))
            if kept is None or kept[0] != said:
                kept = self._allowing_in[id(document)] = said, Allowing(said, self._conceal()), Known()
            kept[2].make_room(len(rows))
            told, days = self._told(relative)
            whole = not document.is_part
            today = self._policies.today
            rows = kept[1].rows(
                rows, document.line, today, told, days, kept[2].of, whole=whole, most_slow=MOST_IN_DOCUMENT
            )
        if held is not None and relative in held.baseline:
            known = self._known_by.setdefault(id(document), Known())
            marks = held.in_document(relative, rows, document.line, known)
        selection, historical = policy.select(relative), self.shows_old or policy.historical
        judged: list[tuple[Row, Verdict]] = []
        verdicts: dict[tuple[str, bool, bool, bool], Verdict] = {}
        for row, baselined in zip(rows, marks, strict=False):
            rule, is_old, suppressed = row.violation.rule, row.base is not None, row.suppression is not None
            key = rule, is_old, suppressed, baselined
            found = verdicts.get(key)
            if found is None:
                found = verdicts[key] = self._verdict(
                    rule, selection, historical, is_old=is_old, suppressed=suppressed, baselined=baselined
                )
            judged.append((row, found))
        return judged

    def _verdict(
        self,
        rule: str,
        selection: Selection,
        historical: str,
        *,
        is_old: bool,
        suppressed: bool = False,
        baselined: bool = False,
    ) -> Verdict:
        key = (id(selection), rule, historical, is_old, suppressed, baselined)
        held = self._verdicts.get(key)
        if held is None:
            if len(self._verdicts) >= MOST_VERDICTS:
                self._verdicts.clear()
            setting = selection.setting(rule)
            judged = verdict.judge(
                setting.severity,
                Scope.HISTORICAL if is_old else Scope.NEW,
                setting.stage(self._policies.today),
                suppressed=suppressed,
                baselined=baselined,
                historical=historical,
            )
            held = self._verdicts[key] = (selection, judged)
        return held[1]


def foremost(rows: Iterable[tuple[Row, Verdict]], most: int) -> tuple[list[tuple[Row, Verdict]], int]:
    """What is shown of a file's rows, as a document chooses it, and how many are left out. Holds no more than
    `most` of each rank."""
    by_rank: dict[int, list[tuple[Row, Verdict]]] = {}
    ranks: dict[int, tuple[Verdict, list[tuple[Row, Verdict]]]] = {}
    total = 0
    for one in rows:
        found = one[1]
        if found.shown is None:
            continue
        total += 1
        of_rank = ranks.get(id(found))
        if of_rank is None:  # the verdict is kept, so that no other one can have its identity
            of_rank = ranks[id(found)] = found, by_rank.setdefault(verdict.rank(found), [])
        if len(of_rank[1]) < most:
            of_rank[1].append(one)
    room = total if total <= most else most - 1
    chosen: list[tuple[Row, Verdict]] = []
    for at in sorted(by_rank):
        chosen += by_rank[at][: room - len(chosen)]
    chosen.sort(key=lambda one: place(one[0]))
    return chosen, total - room


def popped(flags: deque[bool]) -> Iterator[bool]:
    """What others put there, in order, without an end."""
    while True:
        yield flags.popleft()


def _scope_of(found: Verdict) -> Scope:
    return Scope.HISTORICAL if found.baselined else found.scope
