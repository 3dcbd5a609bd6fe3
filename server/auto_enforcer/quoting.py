"""Takes the secrets out of what is said of a walk's lines: of the line itself, and of those around it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from auto_enforcer import redaction, text
from auto_enforcer.looked import Judged, Looked
from auto_enforcer.looks import Concealed, Hit, Look, Lookout
from auto_enforcer.model import Line
from auto_enforcer.redaction import Mask, Quote, Secret
from auto_enforcer.windows import WINDOW, Source

_NEAR = 2_048
"""Bytes to either side of a line in which most windows lie."""


class Quoting:
    """What a walk asks when words are made from its lines. Told where the walk is."""

    __slots__ = ("_data", "_end", "_ends", "_every", "_failed", "_keys", "_source", "_start")

    def __init__(self, every: Lookout, source: Source, failed: set[str]) -> None:
        """`every` is the lookout of the rules for every language; `failed` names the rules that raised, and
        grows."""
        self._every = every
        self._source = source
        self._failed = failed
        self._data = b""
        self._start = self._end = 0
        self._ends: list[int] = []
        self._keys: list[int] | None = None
        """Where in the block something speaks of private keys; None until that is asked."""

    def at_block(self, data: bytes, hits: Sequence[Hit]) -> None:
        """The walk is in this block; `hits` are those of the rules for every language."""
        self._data = data
        self._ends = [end for end, action in hits if redaction.of_secrets(action) is not None]
        self._keys = None

    def at_line(self, start: int, end: int) -> None:
        """The walk is at the line data[start:end] of its block."""
        self._start, self._end = start, end

    def redact(
        self,
        rows: list[Judged],
        quotes: Sequence[Quote],
        hits: Sequence[Hit],
        whole: Line,
        looked: Looked,
        *,
        around: bool = True,
    ) -> None:
        """Take the secrets of the lines that they come from out of the words of some of the rows. `around`:
        whether the line has others around it that the words may repeat."""
        secrets: list[Secret] | None = None
        for _, action in hits:
            kind = type(action)
            if kind is Concealed or (kind is Look and action.is_of_secrets and action.id in self._failed):  # type: ignore[union-attr]
                secrets = self.secrets_on(hits, whole, looked)
                break
        else:
            quoted = [quote for quote in quotes if quote[1].is_of_secrets]
            secrets = [s for _, look, line, found in quoted for s in redaction.secrets_of(look, line, found)]
        if around:
            secrets = self._add_near(secrets, quotes, whole, looked)
        if secrets or secrets is None:
            mask = Mask(secrets)
            for index, look, _, candidate in quotes:
                if not mask.may_hide(redaction.words_of(candidate)):
                    continue
                violation, suppression = rows[index]
                rows[index] = redaction.redacted(violation, look, candidate, mask), suppression

    def secrets_on(self, hits: Sequence[Hit], whole: Line, looked: Looked) -> list[Secret] | None:
        """What the rules of secrets find on the line at hand; None where that cannot be told."""
        looks = [look for _, action in hits if (look := redaction.of_secrets(action)) is not None]
        for look in looks:
            looked.reach_before = max(looked.reach_before, look.rule.before)
            looked.reach_after = max(looked.reach_after, look.rule.after)
        return redaction.secrets_in(self._every, whole) if looks else []

    def _add_near(
        self, secrets: list[Secret] | None, quotes: Sequence[Quote], whole: Line, looked: Looked
    ) -> list[Secret] | None:
        """The secrets with those that the words may repeat of the lines around, or of a key's body. Each
        window and each piece of the line is gone over once, however much is said of them."""
        if secrets is None:
            return None
        found: list[Secret] = []
        windows: set[tuple[int, int]] = set()
        keys: list[Line] = []
        for _, look, line, candidate in quotes:
            rule = look.rule
            window = rule.before, rule.after
            if (
                any(window)
                and window not in windows
                and not look.is_of_secrets
                and redaction.may_come_from_around(whole, candidate)
            ):
                windows.add(window)
                if self._may_be_near(*window):
                    block = "\n".join(self._around(whole.number, *window))
                    more = redaction.secrets_in_block(self._every, text.encode(block), whole.file)
                    if more is None:
                        return None
                    found += more
            if not any(line is seen for seen in keys) and redaction.may_be_of_key(candidate):
                keys.append(line)
                if redaction.looks_like_key(line):
                    looked.reach_before = max(looked.reach_before, redaction.KEY_WINDOW)
                    if self._may_be_in_key():
                        above = self._around(whole.number, redaction.KEY_WINDOW, 0)
                        found += redaction.key_lines(line, above)
        return [*secrets, *found]

    def _may_be_near(self, before: int, after: int) -> bool:
        """False where so many lines above and below lie in the block and nothing in them was hit."""
        low, high, data = max(0, self._start - _NEAR), self._end + _NEAR, self._data
        if data.count(b"\n", low, self._start) <= before or data.count(b"\n", self._end, high) <= after:
            return True
        return bisect_right(self._ends, high) > bisect_right(self._ends, low)

    def _may_be_in_key(self) -> bool:
        """False where as many lines above as tell lie in the block, and nothing in them speaks of a key."""
        low = max(0, self._start - WINDOW)
        if self._data.count(b"\n", low, self._start) < redaction.KEY_WINDOW:
            return True
        keys = self._keys
        if keys is None:
            found = re.finditer(redaction.SPEAKS_OF_KEY, self._data)
            keys = self._keys = [match.start() for match in found]
        return bisect_right(keys, self._start) > bisect_right(keys, low - 1)

    def _around(self, number: int, before: int, after: int) -> list[str]:
        """The texts of so many lines above line `number`, the nearest first, and then of so many below."""
        texts = [*self._source.above(number, before)] if before else []
        texts += self._source.below(number, after) if after else []
        return [words if isinstance(words, str) else text.decode(words) for words in texts]
