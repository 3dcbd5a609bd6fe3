"""Keeps secrets out of all that is said of a text: what the `secrets` rules find in the lines that a message
comes from is replaced by its kind, whatever the policy says of these rules."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from auto_enforcer import text
from auto_enforcer.looks import Concealed, Look, Lookout
from auto_enforcer.model import WIDEST_WINDOW, Candidate, File, Fix, Line, Violation, Zone

Secret = tuple[str, str]
"""What must not be repeated, and the kind that stands for it."""

Quote = tuple[int, Look, Line, Candidate]
"""A violation whose words may repeat its line: its index among the line's, and what it was made from."""

_PART = 8
"""Characters of a secret that are hidden also where the rest of it is missing."""

_FEW = 4
"""Secrets that are sought one by one in what is said."""

_GOES_ON = r"(?:[.~:=_-]{0,2}(?=[A-Za-z+/]*[0-9])[A-Za-z0-9+/]{6,})+"
"""What follows a secret without a blank, and is long enough to be more of it: a rule may know only the first
part."""

_SHORTEST_QUOTE = 8
"""Characters from which a word of a message may give a key's line away."""

SPEAKS_OF_KEY = rb"PRIVATE KEY|PuTTY-User-Key-File-"
"""What stands where a private key begins."""

# Compiled on the first use, as most files have no key.
_KEY_LINE = r"[A-Za-z0-9+/]{20,}={0,2}"
_KEY_BEGINS = r"BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY|PuTTY-User-Key-File-"
_KEY_ENDS = r"END [A-Z0-9 ]{0,30}PRIVATE KEY"
_MEANS_SECRET = r"(?i)password|passphrase|credential"
"""Words of names that are as long as a part of a secret that is hidden."""


class Mask:
    """What some secrets are hidden by."""

    __slots__ = ("_kinds", "_secrets", "_sizes", "_whole")

    def __init__(self, secrets: Iterable[Secret] | None) -> None:
        """None where it could not be found out what is secret: then everything is."""
        self._whole = secrets is None
        self._secrets: dict[str, str] = {}
        for secret, kind in secrets or ():
            if secret:
                self._secrets.setdefault(_folded(secret), kind)
        self._kinds: dict[str, str] | None = None
        self._sizes: list[int] = []

    def __bool__(self) -> bool:
        """Whether anything is hidden."""
        return self._whole or bool(self._secrets)

    def of(self, words: str) -> str:
        """The words with every secret, and every part of one that is long enough to tell, as `<kind>`."""
        if self._whole:
            return "<withheld>" if words else ""
        kinds, folded = self._parts(), _folded(words)
        spans: list[tuple[int, int, str]] = []
        for size in self._sizes:
            for start in range(len(folded) - size + 1):
                kind = kinds.get(folded[start : start + size])
                if kind is not None:
                    spans.append((start, start + size, kind))
        if not spans:
            return words
        spans.sort()
        goes_on = re.compile(_GOES_ON)
        pieces: list[str] = []
        position = 0
        for start, end, kind in spans:
            # Spans that touch are parts of one secret.
            if start > position or not pieces:
                pieces += [words[position:start], f"<{kind}>"]
            if end > position:
                rest = goes_on.match(words, end)
                position = rest.end() if rest else end
        return "".join([*pieces, words[position:]])

    def _parts(self) -> dict[str, str]:
        """All that is hidden, each with its kind, and in `_sizes` how long they are."""
        kinds = self._kinds
        if kinds is None:
            kinds = self._kinds = {}
            for secret, kind in self._secrets.items():
                size = min(_PART, len(secret))
                for start in range(len(secret) - size + 1):
                    kinds.setdefault(secret[start : start + size], kind)
            self._sizes = sorted({len(part) for part in kinds})
        return kinds

    def may_hide(self, words: Iterable[str]) -> bool:
        """False where none of the words would change: that is seen with less than what it takes to mask
        them."""
        if self._whole or len(self._secrets) > _FEW:
            return True
        folded = "\n".join(map(_folded, words))
        for secret in self._secrets:
            if len(secret) <= _PART:
                if secret in folded:
                    return True
                continue
            for start in range(len(secret) - _PART + 1):
                if secret[start : start + _PART] in folded:
                    return True
        return False

    def hides(self, words: str) -> bool:
        """Whether the words would not stay as they are."""
        return self.of(words) != words


def secrets_in(every: Lookout, line: Line) -> list[Secret] | None:
    """What the rules for secrets find on a line, be they on or off; None where one of them fails.

    `every` is the lookout of the rules for every language. Nothing that a suppression takes out is left out.
    """
    looks: dict[Look, list[int]] = {}
    data = text.encode(line.text)
    for end, index in every.scanner.scan(data):
        look = of_secrets(every.actions[index])
        if look is not None:
            looks.setdefault(look, []).append(end - 1)
    if not looks:
        return []
    sights = [line]
    if len(data) > text.PIECE:
        ends = [end for found in looks.values() for end in found]
        sights = [
            Line(piece.text, line.number, line.language, line.file, lambda: ((0, 1),))
            for piece in text.pieces(data, ends, 0, first=True, last=True)
        ]
    found: list[Secret] = []
    try:
        for look in looks:
            for sight in sights:
                found += _found(look, sight)
    except Exception:  # noqa: BLE001 - what a rule of secrets cannot read must not be repeated
        return None
    return found


def of_secrets(action: object) -> Look | None:
    """The look of a hit's action where it is one for secrets."""
    if isinstance(action, Concealed):
        return action.look
    return action if isinstance(action, Look) and action.is_of_secrets else None


def secrets_of(look: Look, line: Line, candidate: Candidate) -> Iterator[Secret]:
    """What a candidate of a rule of secrets must not let out."""
    kind = look.id.partition("/")[2]
    for secret in (line.text[candidate.start : candidate.end], candidate.value):
        if secret.strip("\"'` "):
            yield secret.strip("\"'` "), kind


def redacted(violation: Violation, look: Look, candidate: Candidate, mask: Mask) -> Violation:
    """The violation without what the mask hides. A fix that would write it is left out."""
    details = {
        name: value if look.is_of_secrets and _is_harmless(name, value, mask) else mask.of(value)
        for name, value in (candidate.details or {}).items()
    }
    fixes = tuple(
        Fix(mask.of(fix.title), fix.safe, fix.edits)
        for fix in violation.fixes
        if not any(mask.hides(edit.text) for edit in fix.edits)
    )
    return violation._replace(message=look.rule.message.format_map(details), fixes=fixes)


def _is_harmless(name: str, value: str, mask: Mask) -> bool:
    """Whether a detail of a rule of secrets may be told as it is: its own word, or the name that a secret is
    given to, where nothing but a word such as `password` stands in both."""
    return name == "kind" or (name == "name" and not mask.hides(re.sub(_MEANS_SECRET, " ", value)))


def words_of(candidate: Candidate) -> list[str]:
    """All that a candidate says."""
    words = list(candidate.details.values()) if candidate.details else []
    for fix in candidate.fixes:
        words.append(fix.title)
        words += [edit.text for edit in fix.edits]
    return words


def may_come_from_around(line: Line, candidate: Candidate) -> bool:
    """Whether what the candidate says is not all on its line."""
    return not all(words in line.text for words in words_of(candidate))


def secrets_in_block(every: Lookout, block: bytes, file: File) -> list[Secret] | None:
    """What the rules for secrets find in some lines, each taken for itself and for code."""
    code = int(Zone.CODE)
    block = block.replace(b"\r", b"\n")
    found: list[Secret] = []
    seen = -1
    for end, index in every.scanner.scan(block):
        if end <= seen or of_secrets(every.actions[index]) is None:
            continue
        start = block.rfind(b"\n", 0, end - 1) + 1
        seen = block.find(b"\n", start)
        seen = len(block) if seen < 0 else seen
        words = text.decode(block[start:seen])
        secrets = secrets_in(every, Line(words, 0, file.language, file, lambda: ((0, code),)))
        if secrets is None:
            return None
        found += secrets
    return found


def may_be_of_key(candidate: Candidate) -> bool:
    """Whether what the candidate says may be part of a line of a private key's body."""
    return any(len(words) >= _SHORTEST_QUOTE for words in words_of(candidate))


def looks_like_key(line: Line) -> bool:
    """Whether something on the line looks like a private key's body."""
    return next(_key_parts(line.text), None) is not None


def key_lines(line: Line, above: Iterable[str]) -> Iterator[Secret]:
    """What looks like a key's body on the line, where one begins above it and does not end. `above` are the
    texts of the lines above, the nearest first, WIDEST_WINDOW of them."""
    for words in above:
        if "KEY" not in words and "-Key-" not in words:
            continue
        if re.search(_KEY_ENDS, words, re.ASCII):
            return
        if re.search(_KEY_BEGINS, words, re.ASCII):
            for part in _key_parts(line.text):
                yield part, "private-key"
            return


def _key_parts(words: str) -> Iterator[str]:
    """What may be part of a key's body: a long run of its letters with a digit among them."""
    for match in re.finditer(_KEY_LINE, words, re.ASCII):
        if re.search("[0-9]", match[0]):
            yield match[0]


KEY_WINDOW = WIDEST_WINDOW
"""Lines above a line that tell whether it is in a private key."""


def _found(look: Look, line: Line) -> Iterator[Secret]:
    """What one rule finds on a line."""
    rule, options = look.rule, look.options
    for candidate in look.check(line, options) if look.check is not None else look.matches(line):
        if not any(excuse.speaks(line, candidate, options) for excuse in rule.excuses):
            yield from secrets_of(look, line, candidate)


def _folded(words: str) -> str:
    """The words in lower case, where that leaves their length as it is."""
    lowered = words.lower()
    return lowered if len(lowered) == len(words) else words
