"""How many lines with a secret, or with a dangerous call, a family tells from lines that only look like one.

`python3 tests/labelled/lines.py [SET …]` reads `lines/<set>/`: pages of whole files, each in a fence of four
backticks that names its path, and `labels.tsv` with a row a labelled line:

    config/app.ini  3  true  password

Path, line from 1, whether somebody's secret stands there (`true`, `false`, or `either` where readers
differ) and of what kind the line is. `9,7` is for what is built in line 7 and used in 9: a violation in
either is as good. Each set was written before its writer had seen what the rules make of it. A line is found
by whatever rule of the family reports in it; all that is reported in a line that is not `true` or `either`
is false, whether the line has a label or not.

The set `security` is of that family, with the rules that are off by default, and has a page a language, for
which its figures are printed, too. All other sets are of `secrets` and its recommended rules.

No page holds a token's shape: `«hex 32»` stands for digits, `«aws»`, `«ghp»`, `«slack»`, `«google»`, `«az»`
and `«jwt»` for tokens of a provider. They are made when the page is read, alike every time.

--show  also print each line that is missed and each that is false
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import os
import random
import re
import string
import sys
import tempfile
import uuid
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

if __name__ == "__main__":
    HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    sys.path[:0] = [os.path.join(os.path.dirname(HERE), "server"), HERE]

from auto_enforcer.session import Session

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "lines")
POLICIES: Mapping[str, str] = {
    "secrets": 'extends = ["recommended"]\n',
    "security": 'extends = ["recommended", "all"]\n',
}
TODAY = date(2026, 11, 22)
VERDICTS = ("true", "false", "either")

_FENCE = re.compile(r"````([a-z-]+) path=(\S+)")
_MADE = re.compile(r"«([A-Za-z0-9]+)(?: (\w+))?»")
_ALPHABETS: Mapping[str, str] = {
    "hex": "0123456789abcdef",
    "HEX": "0123456789ABCDEF",
    "dig": string.digits,
    "low": string.ascii_lowercase + "234567",
    "b62": string.ascii_letters + string.digits,
    "b64u": string.ascii_letters + string.digits + "-_",
    "b64line": string.ascii_letters + string.digits + "+/",
    "pw": string.ascii_letters + string.digits + "!@#%^&*()-_=+;:,.?",
}


class LabelError(AssertionError):
    """A set is not in its form."""


@dataclass(frozen=True, slots=True)
class Label:
    """What somebody said of a line."""

    verdict: str
    kind: str
    others: tuple[int, ...] = ()
    """The lines in which a violation is as good."""


@dataclass(frozen=True, slots=True)
class File:
    """A file of a set, and its labels by line, from 1."""

    path: str
    page: str
    lines: tuple[str, ...]
    labels: Mapping[int, Label]


@dataclass(slots=True)
class Score:
    """What became of a set's lines: by kind what was found of how many, and a sentence for each mistake."""

    true: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    near: Counter[str] = field(default_factory=Counter)
    false: Counter[str] = field(default_factory=Counter)
    sentences: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        """The part of the true lines that was found."""
        return self.found.total() / self.true.total()

    @property
    def precision(self) -> float:
        """The part of the lines found that is true."""
        return self.found.total() / (self.found.total() + self.false.total())

    def add(self, other: Score) -> None:
        """Counts another one in."""
        self.true += other.true
        self.found += other.found
        self.near += other.near
        self.false += other.false
        self.sentences += other.sentences

    def __str__(self) -> str:
        return (
            f"{self.true.total()} true, {self.near.total()} near misses, "
            f"recall {self.recall:.1%}, precision {self.precision:.1%}"
        )


def family(name: str) -> str:
    """The one that a set is of."""
    return name if name in POLICIES else "secrets"


def names() -> list[str]:
    """The sets there are."""
    return sorted(os.listdir(FOLDER))


def read(name: str) -> list[File]:
    """A set's files. Raises LabelError where a page or the table is not in its form."""
    folder = os.path.join(FOLDER, name)
    labels: dict[str, dict[int, Label]] = {}
    with open(os.path.join(folder, "labels.tsv"), encoding="utf-8") as table:
        for row in table.read().splitlines():
            path, numbers, verdict, kind = row.split("\t")
            number, *others = map(int, numbers.split(","))
            if verdict not in VERDICTS or number in labels.setdefault(path, {}):
                raise LabelError(f"{name}: {row!r} has no verdict, or is there twice")
            labels[path][number] = Label(verdict, kind, tuple(others))
    files = [
        (path, page, lines)
        for page in sorted(os.listdir(folder))
        if page.endswith(".md")
        for path, lines in _page(folder, page)
    ]
    paths = [path for path, _, _ in files]
    if missing := set(labels) - set(paths):
        raise LabelError(f"{name}: {sorted(missing)} is not there")
    if len(set(paths)) != len(paths):
        raise LabelError(f"{name}: a path is there twice")
    for path, _, lines in files:
        for first, label in labels.get(path, {}).items():
            for number in (first, *label.others):
                if not 1 <= number <= len(lines) or not lines[number - 1].strip():
                    raise LabelError(f"{name}: {path}: there is nothing in line {number}")
    return [File(path, page.removesuffix(".md"), lines, labels.get(path, {})) for path, page, lines in files]


def score(name: str) -> dict[str, Score]:
    """Checks every file of a set as one of a workspace with the family's rules. The result is by page."""
    results: dict[str, Score] = {}
    files = read(name)
    with tempfile.TemporaryDirectory() as folder:
        root = os.path.realpath(folder)
        with open(os.path.join(root, "enforcer.toml"), "w", encoding="utf-8") as policy:
            policy.write(POLICIES[family(name)])
        session = Session(root, today=TODAY, only=[family(name)])
        for file in files:
            judge(file, _reported(session, file, family(name)), results.setdefault(file.page, Score()))
        if session.failures:
            raise LabelError(f"{name}: {session.failures[0].reason}")
    return results


def judge(file: File, reported: Mapping[int, str], result: Score) -> None:
    """Counts what is made of a file, of which the lines `reported` have a violation."""
    either: set[int] = set()
    for number, label in file.labels.items():
        if label.verdict == "true":
            either.update(label.others)
            result.true[label.kind] += 1
            found = not reported.keys().isdisjoint((number, *label.others))
            result.found[label.kind] += found
            if not found:
                result.sentences.append(_sentence("missed", file, number, label.kind))
        elif label.verdict == "false":
            result.near[label.kind] += 1
    for number, rule in sorted(reported.items()):
        if number in either:
            continue
        label = file.labels.get(number, Label("false", "unlabelled"))
        if label.verdict == "false":
            result.false[label.kind] += 1
            result.sentences.append(_sentence("false ", file, number, f"{label.kind} {rule}"))


def _sentence(what: str, file: File, number: int, kind: str) -> str:
    return f"{what} {file.path}:{number} [{kind}] {file.lines[number - 1].strip()}"


def _reported(session: Session, file: File, family: str) -> dict[int, str]:
    data = ("\n".join(file.lines) + "\n").encode()
    checked = session.check_chunks(file.path, [data], lambda: [data])
    if checked.report is None:
        raise LabelError(f"{file.path}: not checked: {checked.skipped}")
    return {
        row.number + 1: row.violation.rule
        for row, _ in checked.report.rows
        if row.violation.rule.startswith(f"{family}/")
    }


def _page(folder: str, page: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    with open(os.path.join(folder, page), encoding="utf-8") as file:
        lines = iter(file.read().splitlines())
    for line in lines:
        if not line:
            continue
        fence = _FENCE.fullmatch(line)
        if fence is None:
            raise LabelError(f"{page}: cannot read {line!r}")
        body: list[str] = []
        for inner in lines:
            if inner == "````":
                break
            body.append(inner)
        else:
            raise LabelError(f"{page}: {fence[2]} has no end")
        yield fence[2], tuple(_made(fence[2], number, text) for number, text in enumerate(body))


def _made(path: str, number: int, text: str) -> str:
    """The line with what its templates stand for, which path, line and place decide."""
    if "«" not in text:
        return text
    chance = random.Random(hashlib.sha256(f"{path}:{number}".encode()).digest())
    return _MADE.sub(lambda match: _value(chance, match[1], match[2] or ""), text)


def _value(chance: random.Random, form: str, size: str) -> str:
    def letters(alphabet: str, count: int) -> str:
        return "".join(chance.choice(alphabet) for _ in range(count))

    base62 = _ALPHABETS["b62"]
    match form:
        case "RSA" | "PRIVATE":
            return f"{form} {size}".strip()
        case "uuid" | "UUID":
            made = str(uuid.UUID(bytes=chance.randbytes(16), version=4))
            return made.upper() if form == "UUID" else made
        case "b64":
            return base64.b64encode(chance.randbytes(int(size))).decode()[: int(size) - 1] + _padding(
                int(size)
            )
        case "aws":
            return "AKIA" + letters(string.ascii_uppercase + "234567", 16)
        case "ghp":
            return _github(letters(base62, 30))
        case "slack":
            return f"xoxb-{letters(string.digits, 12)}-{letters(string.digits, 13)}-{letters(base62, 24)}"
        case "google":
            return "AIza" + letters(_ALPHABETS["b64u"], 35)
        case "az":
            return f"{letters(base62, 3)}8Q~{letters(base62, 34)}"
        case "jwt":
            parts = (
                b'{"alg":"HS256","typ":"JWT"}',
                f'{{"sub":"{letters(base62, 8)}","iat":1611111111,"role":"admin"}}'.encode(),
                chance.randbytes(32),
            )
            return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)
        case _ if form in _ALPHABETS:
            return letters(_ALPHABETS[form], int(size))
        case _:
            raise LabelError(f"nothing is known of «{form}»")


def _padding(size: int) -> str:
    return "=" if size % 4 == 0 else "A"


def _github(body: str) -> str:
    digits = string.digits + string.ascii_uppercase + string.ascii_lowercase
    rest, check = zlib.crc32(body.encode()), ""
    for _ in range(6):
        rest, digit = divmod(rest, 62)
        check = digits[digit] + check
    return f"ghp_{body}{check}"


def main(arguments: list[str]) -> int:
    """Prints the figures, and the mistakes if asked."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("sets", nargs="*", default=names(), metavar="SET")
    parser.add_argument("--show", action="store_true", help="also print what is missed and what is false")
    options = parser.parse_args(arguments)
    for name in options.sets:
        pages = score(name)
        result = Score()
        for page in pages.values():
            result.add(page)
        print(f"{name}: {result}")
        if name in POLICIES:
            for page, of_page in pages.items():
                print(f"  {page}: {of_page}")
        for kind, count in sorted(result.true.items()):
            print(f"  true  {kind:<24}{result.found[kind]:>4} of {count} found")
        for kind, count in sorted((result.near + result.false).items()):
            print(f"  false {kind:<24}{result.false[kind]:>4} of {result.near[kind] or count} found")
        if options.show:
            print(*sorted(result.sentences), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
