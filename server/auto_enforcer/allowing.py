"""Takes out of a file's rows those of which an `[[allow]]` table of the policy says that they stay. A table
that takes nothing out is told in the file that it speaks of."""

from __future__ import annotations

import os
from collections.abc import Callable, Container, Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from auto_enforcer import catalog, redaction
from auto_enforcer.baseline import MOST_SLOW, Digests, Identity
from auto_enforcer.baseline_rows import identity
from auto_enforcer.model import File, Line, Row, Suppression, Violation, Zone
from auto_enforcer.policy_values import Allowance
from auto_enforcer.standing import EXPIRING, UNUSED

if TYPE_CHECKING:
    from auto_enforcer.looks import Lookout
    from auto_enforcer.policies import Policies

EXPIRED, REASONLESS = "enforcer/expired-suppression", "enforcer/missing-reason"

LONGEST_REASON = 1_000
"""Characters of a reason that are repeated."""

_TOLD = "the `[[allow]]` table at {} "
"""How it begins what is told of a table in the file that it speaks of."""

_FILE = File("toml", date.min)


def hash_of(row: Row, line_of: Callable[[int], str], every: Lookout, salt: bytes) -> str:
    """What a violation is known by in a table; "" where that cannot be told. `every` finds secrets."""
    found = identity(row, line_of, every, Digests((salt,)))
    return "" if found is None else f"{salt.hex()}-{found.digests[0]}"


class Allowing:
    """Takes out of a file's rows those that tables say stay."""

    __slots__ = ("_by_hash", "_digests", "_every", "_of_folders", "_said", "_salts")

    def __init__(self, said: Sequence[Allowance], every: Lookout, *, of_folders: bool = False) -> None:
        """`said` is of one file; `every` finds secrets. `of_folders`: the rows are those of the rules about
        the workspace, which are told when all folders were looked into; else those of all others."""
        self._every = every
        self._of_folders = of_folders
        self._said = [one._replace(reason=_masked(one.reason, every)) for one in said]
        self._salts = tuple(dict.fromkeys(one.salt for one in said))
        self._digests = Digests(self._salts)
        self._by_hash: dict[tuple[str, bytes, str], list[Allowance]] = {}
        for one in self._said:
            self._by_hash.setdefault((one.rule, one.salt, one.digest), []).append(one)

    def rows(
        self,
        rows: Iterable[Row],
        line_of: Callable[[int], str],
        today: date,
        told: Container[str],
        days: int = 0,
        known: Callable[[Row, Callable[[Row], Identity | None]], Identity | None] | None = None,
        *,
        whole: bool = True,
        most_slow: int = MOST_SLOW,
    ) -> list[Row]:
        """The rows, in line order, with the suppression of those that stay; and what is wrong with tables,
        `days` before they expire, too. `told` are the rules that look here: of others nothing is said.
        `known` remembers what rows are known by. `whole`: they are all that there are, so that it can be said
        what takes nothing out. Of so many secrets, `most_slow`, it is found out."""
        self._digests.allowance = most_slow
        rules = {one.rule for one in self._said}
        used: set[Allowance] = set()

        def find(row: Row) -> Identity | None:
            return identity(row, line_of, self._every, self._digests)

        judged: list[Row] = []
        for row in rows:
            if row.suppression is None and row.violation.rule in rules:
                found = known(row, find) if known is not None else find(row)
                matching = [] if found is None else self._matching(found)
                used.update(matching)
                for stays in matching:
                    if stays.reason and (stays.until is None or today <= stays.until):
                        row = row._replace(suppression=_suppression(stays))
                        break
            judged.append(row)
        if whole:
            # Of a rule that did not look nobody knows.
            said = [one for one in self._said if one.rule in told]
            said = [one for one in said if self._of_folders is is_of_folders(one.rule)]
            wrong = [row for one in said for row in _wrong(one, today, days, is_used=one in used)]
            judged[:0] = [row for row in wrong if row.violation.rule in told]
        return judged

    def takes_out(self, one: Allowance, rows: Iterable[Row], line_of: Callable[[int], str]) -> bool:
        """Whether a table takes out one of some rows, in line order, or would until its day."""
        self._digests.allowance = MOST_SLOW
        for row in rows:
            if row.violation.rule == one.rule and row.suppression is None:
                found = identity(row, line_of, self._every, self._digests)
                if found is not None and any(same.place == one.place for same in self._matching(found)):
                    return True
        return False

    def _matching(self, found: Identity) -> list[Allowance]:
        """The tables that know a violation; one may have expired that another one renews."""
        pairs = zip(self._salts, found.digests, strict=True)
        return [one for salt, digest in pairs for one in self._by_hash.get((found.rule, salt, digest), ())]


def is_of_folders(rule: str) -> bool:
    """Whether a rule is about the workspace, so that it looks when a folder is checked."""
    entry = catalog.entries().get(rule)
    return entry is not None and entry.whole is not None and entry.whole.subject == "workspace"


def table_of(row: Row, said: Iterable[Allowance]) -> Allowance | None:
    """The table, of those for a file, that a row of the file speaks of; None where it speaks of none."""
    violation = row.violation
    if violation.rule in (UNUSED, EXPIRED, EXPIRING, REASONLESS) and not violation.end:
        for one in said:
            if violation.message.startswith(_TOLD.format(one.place)):
                return one
    return None


def lost(one: Allowance, policies: Policies) -> str:
    """Why a table takes out nothing wherever one looks; "" where its file is checked by it."""
    path = os.path.join(policies.root, *one.path.split("/"))
    if not os.path.lexists(path):
        return "which is not there"
    if os.path.isdir(path):
        return "which is a folder"
    policy = policies.of(one.path)
    if all(same.place != one.place for same in policy.allowances(one.path)):
        return f"for which `{policy.file}` holds" if policy.file else "for which it does not hold"
    place = policies.excluded(one.path)
    return "" if place is None else f"which is not checked ({place})"


def _masked(reason: str, every: Lookout) -> str:
    """A reason without the secrets in it: reports repeat it."""
    line = Line(reason[:LONGEST_REASON], 0, _FILE.language, _FILE, lambda: ((0, int(Zone.TEXT)),))
    found = redaction.secrets_in(every, line)
    return line.text if found == [] else redaction.Mask(found).of(line.text)


def _suppression(one: Allowance) -> Suppression:
    return Suppression((one.rule,), one.reason, one.until, 0, 0, whole_file=True, source=str(one.place))


def _wrong(one: Allowance, today: date, days: int, *, is_used: bool) -> Iterable[Row]:
    """What there is to say of a table."""
    told = _TOLD.format(one.place)
    if not one.reason:
        message = f"{told}gives no reason, so that it takes nothing out; write why this stays"
        yield Row(0, Violation(REASONLESS, message, 0, 0))
    elif not is_used:
        message = f"{told}takes out no `{one.rule}` here; remove it"
        yield Row(0, Violation(UNUSED, message, 0, 0))
    elif one.until is not None and one.until < today:
        message = f"{told}held until {one.until}; mend what it allows, or renew it"
        yield Row(0, Violation(EXPIRED, message, 0, 0))
    elif one.until is not None and (one.until - today).days <= days:
        message = f"{told}expires on {one.until}; mend what it allows by then"
        yield Row(0, Violation(EXPIRING, message, 0, 0))
