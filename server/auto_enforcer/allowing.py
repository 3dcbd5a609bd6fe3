"""Takes out of a file's rows those of which an `[[allow]]` table of the policy says that they stay. A table
that takes nothing out is told in the file that it speaks of."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from auto_enforcer import redaction
from auto_enforcer.baseline import MOST_SLOW, Digests, Identity
from auto_enforcer.baseline_rows import identity
from auto_enforcer.model import File, Line, Row, Suppression, Violation, Zone
from auto_enforcer.policy_values import Allowance
from auto_enforcer.standing import EXPIRING, UNUSED

if TYPE_CHECKING:
    from auto_enforcer.looks import Lookout

EXPIRED = "enforcer/expired-suppression"

LONGEST_REASON = 1_000
"""Characters of a reason that are repeated."""

_FILE = File("toml", date.min)


def hash_of(row: Row, line_of: Callable[[int], str], every: Lookout, salt: bytes) -> str:
    """What a violation is known by in a table; "" where that cannot be told. `every` finds secrets."""
    found = identity(row, line_of, every, Digests((salt,)))
    return "" if found is None else f"{salt.hex()}-{found.digests[0]}"


class Allowing:
    """Takes out of a file's rows those that tables say stay."""

    __slots__ = ("_by_hash", "_digests", "_every", "_said", "_salts")

    def __init__(self, said: Sequence[Allowance], every: Lookout) -> None:
        """`said` is of one file; `every` finds secrets."""
        self._every = every
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
        """The rows, in line order, with the suppression of those that stay; and, of the rules that are
        `told`, what is wrong with tables, `days` before they expire, too. `known` remembers what rows are
        known by. `whole`: they are all that there are, so that it can be said what takes nothing out. Of so
        many secrets, `most_slow`, it is found out."""
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
                    if stays.until is None or today <= stays.until:
                        row = row._replace(suppression=_suppression(stays))
                        break
            judged.append(row)
        if whole:
            wrong = [row for one in self._said for row in _wrong(one, today, days, is_used=one in used)]
            judged[:0] = [row for row in wrong if row.violation.rule in told]
        return judged

    def _matching(self, found: Identity) -> list[Allowance]:
        """The tables that know a violation; one may have expired that another one renews."""
        pairs = zip(self._salts, found.digests, strict=True)
        return [one for salt, digest in pairs for one in self._by_hash.get((found.rule, salt, digest), ())]


def _masked(reason: str, every: Lookout) -> str:
    """A reason without the secrets in it: reports repeat it."""
    line = Line(reason[:LONGEST_REASON], 0, _FILE.language, _FILE, lambda: ((0, int(Zone.TEXT)),))
    found = redaction.secrets_in(every, line)
    return line.text if found == [] else redaction.Mask(found).of(line.text)


def _suppression(one: Allowance) -> Suppression:
    return Suppression((one.rule,), one.reason, one.until, 0, 0, whole_file=True, source=str(one.place))


def _wrong(one: Allowance, today: date, days: int, *, is_used: bool) -> Iterable[Row]:
    """What there is to say of a table."""
    if not is_used:
        message = f"the `[[allow]]` table at {one.place} takes out no `{one.rule}` here; remove it"
        yield Row(0, Violation(UNUSED, message, 0, 0))
    elif one.until is not None and one.until < today:
        held = f"the `[[allow]]` table at {one.place} held until {one.until}"
        message = f"{held}; mend what it allows, or renew it"
        yield Row(0, Violation(EXPIRED, message, 0, 0))
    elif one.until is not None and (one.until - today).days <= days:
        message = f"the `[[allow]]` table at {one.place} expires on {one.until}; mend what it allows by then"
        yield Row(0, Violation(EXPIRING, message, 0, 0))
