"""The baseline file: the violations that a workspace has come to terms with, one a line. Values and text
alone: who reads the file, and the lines that it speaks of, stands elsewhere.

    enforcer-baseline 1 6f1c…                                  the salt
    # what people want to say of the first entry, or of the file
    app/service.py logging/print-call 90ab… 3f1d 1             path, rule, digest, place, ordinal

An entry stands for one violation: of a path, of a rule, whose matched text has the digest. The place is two
bytes of a digest of what stands around it, and only chooses: where more is alike than there are entries,
those are old that stood in the base, then those whose surroundings are the same, then the first. The ordinal
counts entries that are the same in all else. Line numbers are nowhere.

The file is a set of lines, so that git merges it as people would:

- no line says anything of others: no counts, no header but the salt, nothing at the end that each change
  would touch. Adding and removing entries changes these lines alone, and they are sorted, so that what two
  branches do lies apart unless it is of the same place;
- what it means does not hang on the order, and the same line twice is one. Any lines of two baselines are a
  baseline: a conflict is resolved by keeping both sides, and `merge=union` in `.gitattributes` does so. What
  both have added is one line, and covers one violation: never more than either meant;
- the salt is chosen when the file is made and kept when it is written anew, so that branches share it. Where
  two branches made the file, it has two salts after the merge, and an entry may be of either. Of what is
  alike by several salts that counts of which there is most, not the sum.

A comment stays above the entry that it stands above, and goes with it; those above the first entry stay.

Of a secret the digest is one that takes long to make (`scrypt`), of its value; of all else a quick one, of
text from which the secrets are taken out. Both are salted. Nobody reads a secret out of the file, nor that it
is the one in another's.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from auto_enforcer.model import NamedTuple

LARGEST = 64 << 20
"""Bytes of a baseline that is read, at most."""

MOST_SALTS = 4
MOST_MISTAKES = 100
"""Bad lines that are told, at most."""

MOST_SLOW = 2_000
"""Values of secrets that a run compares, at most: each takes a hundredth of a second. As many are
remembered."""

SALT = 16
"""Random bytes."""

NEVER = "enforcer"
"""The family that no baseline takes in: what could not be checked, or allows too much, is never old."""

_COMMENT = (
    b"# One violation a line that was here before: path, rule, digest, place, ordinal. Keep both sides of a"
    b" conflict."
)
_DIGEST, _NEAR = 12, 2
"""Bytes of digests in an entry."""

_HEAD = re.compile(rb"enforcer-baseline ([0-9]{1,9})(?: ([0-9a-f]{32}))?(?![^ \t\r]).*")
_ENTRY = re.compile(
    rb"([^ \t\r\n#][^ \t\r\n]*) (([a-z0-9][a-z0-9-]*)/[a-z0-9][a-z0-9-]*) ([0-9a-f]{24}) ([0-9a-f]{4})"
    rb" ([1-9][0-9]{0,8})[ \t\r]*"
)
_REST = (
    rb" (?!enforcer/)[a-z0-9][a-z0-9-]*/[a-z0-9][a-z0-9-]* [0-9a-f]{24} [0-9a-f]{4} [1-9][0-9]{0,8}[ \t\r]*\n"
)
_RUN = re.compile(rb"([^ \t\r\n#][^ \t\r\n]*)" + _REST + rb"(?:\1" + _REST + rb"){0,999}")
"""Entries of one path, each with its end: mostly a file's entries are read at once."""

_FIELDS = re.compile(rb"(?m)^[^ \r\n]+ ([a-z0-9/-]+) ([0-9a-f]{24}) ([0-9a-f]{4}) ([1-9][0-9]*)")
"""What stands behind the path, in lines that are entries."""
_BLANKS = re.compile(r"[ \t\r\n\f\v]+")
_MARK = re.compile(rb"(?:<{7}|={7}|>{7}|\|{7})(?: |\r?$)")
_UNSAFE = re.compile(
    "[\x00-\x20#%\x7f-\xa0\xad\u061c\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ud800-\uf8ff\ufe00-\ufe0f"
    "\ufeff\ufff0-\uffff\U000e0000-\U000e0fff]"
)
"""The characters of a path that are written in percent: named here, since what Python calls printable is
another in each of its versions."""


_NO_SALT = "the salt is missing, without which no entry counts; take its line from an older version"


class Entry(NamedTuple):
    """A violation that the baseline holds. `path` is relative to the workspace, with forward slashes, and has
    surrogates for what is no UTF-8."""

    path: str
    rule: str
    digest: str
    near: str
    ordinal: int

    def line(self) -> bytes:
        """The entry as it is written, with its end."""
        written = f"{escaped(self.path)} {self.rule} {self.digest} {self.near} {self.ordinal}\n"
        return written.encode()


class Mistake(NamedTuple):
    """A bad line, from 0, its code points, and what is wrong with it. The message quotes nothing of it."""

    line: int
    length: int
    message: str


class Identity(NamedTuple):
    """What a violation is known by: its rule, and by each salt of the baseline the digests of its text and of
    what stands around it."""

    rule: str
    digests: tuple[str, ...]
    nears: tuple[str, ...]


class Held(NamedTuple):
    """What a baseline holds for one file: by rule and digest the places, and how many entries each rule
    has."""

    entries: Mapping[tuple[str, str], Sequence[str]]
    rules: Mapping[str, int]


class Baseline:
    """What a file says. Holds its bytes, and where each path's lines are; an entry is made when it is asked
    for."""

    __slots__ = ("_spans", "count", "data", "mistakes", "salts")

    def __init__(self, data: bytes) -> None:
        self.data = data
        self._spans: dict[bytes, list[int]] = {}
        """By path as it is written: where runs of its lines begin and end."""
        self.count = 0
        """How many entries there are."""
        salts: list[bytes] = []
        mistakes: list[Mistake] = []
        start = number = 0
        if data.startswith(b"\xef\xbb\xbf"):
            start = 3
        before, spans = b"", self._spans
        while start < len(data):
            run = _RUN.match(data, start) or _last(data, start)
            if run is not None:
                path, end = run[1], run.end()
                path = _canonical(path) if b"%" in path else path
                if path == before:
                    spans[path][-1] = end
                else:
                    spans.setdefault(path, []).extend((start, end))
                count = data.count(b"\n", start, end - 1) + 1
                self.count, number = self.count + count, number + count
                before, start = path, end
                continue
            before, end = b"", data.find(b"\n", start)
            end = len(data) if end < 0 else end
            if (wrong := _wrong(data[start:end], salts)) and len(mistakes) < MOST_MISTAKES:
                length = len(data[start:end].decode("utf-8", "replace"))
                mistakes.append(Mistake(number, length, wrong))
            start, number = end + 1, number + 1
        if data and not salts and not mistakes:
            mistakes.append(Mistake(0, 0, _NO_SALT))
        self.salts = tuple(salts)
        """The first is the one that new entries get; none in a file that is damaged or empty."""
        self.mistakes = tuple(mistakes)

    def __contains__(self, path: str) -> bool:
        return escaped(path).encode() in self._spans

    def paths(self) -> Iterator[str]:
        """Those that entries speak of."""
        return map(_unescaped, self._spans)

    def entries(self, path: str) -> list[Entry]:
        """The entries of a path, each once, sorted as they are written."""
        entries = [
            Entry(path, rule.decode(), digest.decode(), near.decode(), int(ordinal))
            for rule, digest, near, ordinal in self._fields(path)
        ]
        return sorted(entries, key=Entry.line)

    def _fields(self, path: str) -> set[tuple[bytes, bytes, bytes, bytes]]:
        """The rest of each entry of a path."""
        runs = self._spans.get(escaped(path).encode(), ())
        found: set[tuple[bytes, bytes, bytes, bytes]] = set()
        for start, end in zip(runs[::2], runs[1::2], strict=True):
            found.update(_FIELDS.findall(self.data[start:end]))
        return found

    def of(self, path: str) -> Held | None:
        """What holds for a file, by its path relative to the workspace; None where that is nothing."""
        if not self.salts or path not in self:
            return None
        held: dict[tuple[str, str], list[str]] = {}
        for rule, digest, near, _ in self._fields(path):
            held.setdefault((rule.decode(), digest.decode()), []).append(near.decode())
        rules: Counter[str] = Counter()
        for (of_rule, _), nears in held.items():
            rules[of_rule] += len(nears)
        return Held(held, rules)

    def lines(self) -> Iterator[tuple[bytes, Entry | None]]:
        """Each line that is no salt's and not empty, as it stands, with the entry that it is; None for a
        comment and for a bad line."""
        for line in self.data.removeprefix(b"\xef\xbb\xbf").split(b"\n"):
            line = line.rstrip()
            entry = _ENTRY.fullmatch(line)
            if entry is not None and entry[3] != b"enforcer":
                path, rule, _, digest, near, ordinal = entry.groups()
                made = Entry(_unescaped(path), rule.decode(), digest.decode(), near.decode(), int(ordinal))
                yield line, made
            elif line and not _HEAD.fullmatch(line):
                yield line, None


def _last(data: bytes, start: int) -> re.Match[bytes] | None:
    """An entry that ends with the file."""
    entry = None if data.find(b"\n", start) >= 0 else _ENTRY.fullmatch(data, start)
    return None if entry is None or entry[3] == b"enforcer" else entry


def _wrong(line: bytes, salts: list[bytes]) -> str:
    """What is wrong with a line that is no entry; "" for a comment, an empty line and one with a salt, which
    is taken into `salts`."""
    if not line.strip() or line.startswith(b"#"):
        return ""
    head = _HEAD.fullmatch(line)
    if head is not None:
        if head[1] != b"1":
            return "this baseline is of a newer version; update, or nothing in it counts"
        if head[2] is None:
            return _NO_SALT
        salt = bytes.fromhex(head[2].decode())
        if salt not in salts:
            if len(salts) == MOST_SALTS:
                return f"more than {MOST_SALTS} salts; write the baseline anew with `auto-enforcer baseline`"
            salts.append(salt)
        return ""
    if _MARK.match(line):
        return "a merge left this mark; take it out and keep the lines of both sides"
    if _ENTRY.fullmatch(line):
        return "what `enforcer` says is never in a baseline; take the line out and mend what it speaks of"
    return "this is no entry (path, rule, digest, place, ordinal); take the line out"


# -- Paths


def escaped(path: str) -> str:
    """A path as an entry has it: what would end a word or is not to be seen in percent, byte by byte."""
    return _UNSAFE.sub(_percent, path)


def _percent(match: re.Match[str]) -> str:
    return "".join([f"%{byte:02X}" for byte in match[0].encode("utf-8", "surrogateescape")])


def _unescaped(path: bytes) -> str:
    data = re.sub(rb"%([0-9A-Fa-f]{2})", lambda match: bytes.fromhex(match[1].decode()), path)
    return data.decode("utf-8", "surrogateescape")


def _canonical(path: bytes) -> bytes:
    """The path as we write it, whoever wrote it."""
    return escaped(_unescaped(path)).encode()


# -- Digests


class Digests:
    """Makes identities by the salts of a baseline. Remembers what took long, by a digest of the secret."""

    __slots__ = ("_digest", "_salts", "_slow", "allowance", "left_out")

    def __init__(self, salts: Sequence[bytes]) -> None:
        from hashlib import sha256

        self._digest = sha256
        self._salts = salts
        self._slow: dict[bytes, tuple[str, ...]] = {}
        self.allowance = MOST_SLOW
        """How many more digests of secrets are made."""
        self.left_out = False
        """Whether there was a secret too many, or this Python cannot make such a digest: it counts as new."""

    def of(self, rule: str, words: str, around: str, *, secret: bool) -> Identity | None:
        """The identity of a violation by its matched text, of a `secret` its value, and by what stands around
        it. Both but a secret's value hold no secret. None where it cannot be made."""
        digests = self._of_secret(words) if secret else self._quick(b"text", folded(words), _DIGEST)
        if digests is None:
            return None
        return Identity(rule, digests, self._quick(b"near", folded(around), _NEAR))

    def _quick(self, kind: bytes, words: str, size: int) -> tuple[str, ...]:
        data = kind + words.encode("utf-8", "surrogatepass")
        return tuple([self._digest(salt + data).digest()[:size].hex() for salt in self._salts])

    def _of_secret(self, value: str) -> tuple[str, ...] | None:
        data = value.encode("utf-8", "surrogatepass")
        key = self._digest(b"".join((*self._salts, b"key", data))).digest()
        known = self._slow.get(key)
        if known is None:
            if not self.allowance:
                self.left_out = True
                return None
            try:
                known = tuple([_slow(data, salt) for salt in self._salts])
            except (ImportError, ValueError):  # OpenSSL was built without it, or may not
                self.left_out = True
                return None
            self.allowance -= 1
            if len(self._slow) >= MOST_SLOW:
                del self._slow[next(iter(self._slow))]
            self._slow[key] = known
        return known


def _slow(data: bytes, salt: bytes) -> str:
    """A digest that takes 4 MiB and a hundredth of a second, so that guesses cost as much."""
    from hashlib import scrypt

    return scrypt(data, salt=salt, n=4_096, r=8, p=1, maxmem=1 << 25, dklen=_DIGEST).hex()


def folded(words: str) -> str:
    """The words with each run of blanks, tabs and line ends as one blank, and none at their ends."""
    return _BLANKS.sub(" ", words).strip(" ")


# -- What is old


class Cover:
    """Says which violations of one file are those of the baseline. Each entry covers one."""

    __slots__ = ("_held", "_left")

    def __init__(self, held: Held) -> None:
        self._held = held
        self._left: dict[tuple[str, tuple[str, ...]], int] = {}
        """How many more are covered of those that are alike."""

    def first(self, found: Sequence[tuple[Identity | None, bool]]) -> list[bool]:
        """Which of the first violations are covered: mostly all that the file has. Each comes with whether it
        is known to have stood in the base."""
        groups: dict[tuple[str, tuple[str, ...]], list[int]] = {}
        for index, (identity, _) in enumerate(found):
            if identity is not None:
                groups.setdefault(identity[:2], []).append(index)
        covered = [False] * len(found)
        for group, indexes in groups.items():
            (salt, nears), count = self._nears(group), len(indexes)
            if len(nears) < count:
                indexes = self._chosen(indexes, found, salt, Counter(nears)) if nears else []
            for index in indexes[: len(nears)]:
                covered[index] = True
            self._left[group] = max(0, len(nears) - count)
        return covered

    def next(self, identity: Identity | None) -> bool:
        """Whether a further one is: of those that are alike, the first that come."""
        if identity is None:
            return False
        group = identity[:2]
        left = self._left.get(group)
        left = len(self._nears(group)[1]) if left is None else left
        self._left[group] = max(0, left - 1)
        return left > 0

    def _nears(self, group: tuple[str, tuple[str, ...]]) -> tuple[int, Sequence[str]]:
        """The places of the entries of those that are alike, by the salt that has most of them, and that
        salt's number."""
        rule, digests = group
        by_salt = [self._held.entries.get((rule, digest), ()) for digest in digests]
        salt = max(range(len(by_salt)), key=lambda number: len(by_salt[number]))
        return salt, by_salt[salt]

    def _chosen(
        self,
        indexes: Sequence[int],
        found: Sequence[tuple[Identity | None, bool]],
        salt: int,
        left: Counter[str],
    ) -> list[int]:
        """The indexes in the order in which they are covered."""
        ranked: list[tuple[bool, bool, int]] = []
        for index in sorted(indexes, key=lambda one: not found[one][1]):
            identity, old = found[index]
            near = identity.nears[salt] if identity is not None else ""
            same = left[near] > 0
            left[near] -= same
            ranked.append((not old, not same, index))
        return [index for _, _, index in sorted(ranked)]


def unused(entries: Iterable[Entry], found: Iterable[Identity]) -> list[Entry]:
    """The entries of a file that none of its violations needs: of those that are alike the ones whose place
    none has first, and those by a salt of which there are fewer."""
    alike: dict[tuple[str, str], list[Entry]] = {}
    for entry in entries:
        alike.setdefault((entry.rule, entry.digest), []).append(entry)
    groups: dict[tuple[str, tuple[str, ...]], list[Identity]] = {}
    for identity in found:
        groups.setdefault(identity[:2], []).append(identity)
    for (rule, digests), identities in groups.items():
        by_salt = [alike.get((rule, digest), []) for digest in digests]
        salt = max(range(len(by_salt)), key=lambda number: len(by_salt[number]))
        nears = Counter(identity.nears[salt] for identity in identities)
        others = []
        for entry in by_salt[salt]:
            if nears[entry.near]:
                nears[entry.near] -= 1
            else:
                others.append(entry)
        alike[rule, digests[salt]] = others[nears.total() :]
    return sorted((entry for some in alike.values() for entry in some), key=Entry.line)


def entries_of(path: str, found: Iterable[Identity]) -> list[Entry]:
    """The entries for the violations of a file, by the first salt."""
    counts: Counter[tuple[str, str, str]] = Counter()
    made = []
    for identity in found:
        key = identity.rule, identity.digests[0], identity.nears[0]
        counts[key] += 1
        made.append(Entry(path, *key, counts[key]))
    return made


# -- Writing


class Comments(NamedTuple):
    """The comments of a baseline: above its first entry, by entry above another with the line that it has,
    and below the last."""

    top: Sequence[bytes]
    above: Mapping[Entry, tuple[bytes, Sequence[bytes]]]
    last: Sequence[bytes] = ()


def written(before: Baseline | None, salts: Iterable[bytes], entries: Iterable[Entry]) -> bytes:
    """The file with these entries. Comments of the one before stay with the entry that they are above, also
    where its surroundings are others now."""
    comments = Comments((_COMMENT,), {}) if before is None else _comments(before)
    lines = sorted({entry.line(): entry for entry in entries}.items())
    exact = {line.rstrip() for line, _ in lines}
    moved = {entry[:3]: some for entry, (line, some) in comments.above.items() if line not in exact}
    parts = [b"enforcer-baseline 1 %s" % salt.hex().encode() for salt in salts]
    parts += comments.top
    for line, entry in lines:
        held = comments.above.get(entry)
        parts += held[1] if held is not None else moved.pop(entry[:3], ())
        parts.append(line.rstrip())
    return b"\n".join([*parts, *comments.last, b""])


def place_of(held: Baseline, line: bytes) -> int | None:
    """The number of the line above which an entry's line comes, from 0: the first entry behind it, or the
    first of that one's comments; None for the end."""
    above: int | None = None
    seen = False
    for number, one in enumerate(held.data.removeprefix(b"\xef\xbb\xbf").split(b"\n")):
        if one.startswith(b"#") and seen:
            above = number if above is None else above
        elif _ENTRY.fullmatch(one):
            if one.rstrip() + b"\n" > line:
                return number if above is None else above
            above, seen = None, True
        else:
            above = None
    return None


def _comments(before: Baseline) -> Comments:
    top: list[bytes] | None = None
    above: dict[Entry, tuple[bytes, list[bytes]]] = {}
    waiting: list[bytes] = []
    for line, entry in before.lines():
        if entry is None:
            if line != _COMMENT or (top is None and line not in waiting):  # not that of another's file too
                waiting.append(line)
        elif top is None:
            top, waiting = waiting, []
        elif waiting:
            above[entry], waiting = (line, waiting), []
    return Comments(waiting, {}) if top is None else Comments(top, above, waiting)
