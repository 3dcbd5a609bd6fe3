"""What is called new after each kind of change, and what telling it costs: `python3 tests/bench/scope.py`.

Expected of a change is what it adds: of each rule as many violations as there are more than before.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from environment import ROOT, machine, options
from texts import many

from auto_enforcer import files
from auto_enforcer.session import Session
from lsp.stdio import Client, edit

MOST_FILES = 60
"""Files that a kind of change is made in."""

COMMITS = 10

Change = Callable[["Clone", Path, int], None]
"""Changes a file of a clone whose line of that number has a violation."""


def main() -> None:
    parser = options("Measure what is called new after each kind of change, and what telling it costs.")
    parser.add_argument("--repository", metavar="PATH", default=str(ROOT), help="one with history")
    chosen = parser.parse_args()
    print(machine())
    with tempfile.TemporaryDirectory() as folder:
        clone = Clone(Path(folder) / "clone", chosen.repository)
        places = clone.places()
        print(f"\n{chosen.repository}: {clone.git('rev-list', '--count', 'HEAD')} commits,")
        print(f"{len(places)} files with violations are changed each way\n")
        print(f"{'change':28} expected  called new")
        for name, change in KINDS.items():
            expected, got = clone.judged(places, change)
            print(f"{name:28} {expected:8} {got:11}", flush=True)
    print("\na letter typed and taken back, in one process: time to what is shown (ms, CPU)")
    for count in (500, 10_000):
        for name, base in (("without a base", ""), ("with one that differs", "x = 1\n")):
            p50, p95 = typed(count, base)
            print(f"  {count:6} violations {name:22} p50 {p50:6.3f}  p95 {p95:6.3f}")
    middle, slowest = followed()
    print(f"\nfrom a commit's end to diagnostics by it (ms): median {middle:.0f}, slowest {slowest:.0f}")


class Clone:
    """A clone of a repository, in which files are changed and put back."""

    def __init__(self, folder: Path, source: str) -> None:
        self.folder = folder
        subprocess.run(["git", "clone", "-q", "--no-hardlinks", source, str(folder)], check=True)
        for key, value in (("user.name", "nobody"), ("user.email", "nobody@example.invalid")):
            self.git("config", key, value)

    def git(self, *arguments: str) -> str:
        done = subprocess.run(
            ["git", *arguments], cwd=self.folder, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    def restore(self) -> None:
        self.git("config", "core.autocrlf", "false")
        self.git("reset", "-q", "--hard")
        self.git("clean", "-qfd")

    def places(self) -> dict[Path, int]:
        """Files with violations, and the line of the first one in the middle of each."""
        session = Session(str(self.folder))
        found: dict[Path, int] = {}
        for one in files.walk(str(self.folder), str(self.folder), lambda path: False):
            if isinstance(one, files.Found):
                report = session.check_file(one.path).report
                rows = [] if report is None else [row for row, verdict in report.rows if verdict.shown]
                lines = [row.number for row in rows if row.violation.end > row.violation.start]
                if lines and _is_plain(Path(one.path)):
                    found[Path(one.path)] = lines[len(lines) // 2]
        step = max(1, len(found) // MOST_FILES)
        return dict(list(found.items())[::step][:MOST_FILES])

    def judged(self, places: dict[Path, int], change: Change) -> tuple[int, int]:
        """How many violations a change adds to all files, and how many are called new."""
        expected = got = 0
        try:
            before = {path: Counter(rule for rule, _ in self.rows(path)) for path in places}
            for path, line in places.items():
                change(self, path, line)
            changed = {path: path if path.exists() else _renamed(path) for path in places}
            copies = [_copied(path) for path in places if _copied(path).exists()]
            for path, now in [*changed.items(), *((copy, copy) for copy in copies)]:
                rows = self.rows(now)
                after = Counter(rule for rule, _ in rows)
                expected += (after - before.get(path, Counter())).total()
                got += sum(is_new for _, is_new in rows)
        finally:
            self.restore()
        return expected, got

    def rows(self, path: Path) -> list[tuple[str, bool]]:
        """Of each violation of a file that is shown the rule, and whether it is new."""
        session = Session(str(self.folder))
        session.compare("HEAD")
        report = session.check_file(str(path)).report
        try:
            if report is None:
                return []
            rows = session.compared(str(path), report).rows
            return [(row.violation.rule, row.base is None) for row, verdict in rows if not verdict.suppressed]
        finally:
            if session.comparing is not None:
                session.comparing.close()


def _is_plain(path: Path) -> bool:
    data = path.read_bytes()
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return b"\r" not in data and data.endswith(b"\n") and not data.startswith(b"version https://git-lfs")


def _renamed(path: Path) -> Path:
    return path.with_name(f"renamed_{path.name}")


def _copied(path: Path) -> Path:
    return path.with_name(f"copied_{path.name}")


def _rewrite(change: Callable[[list[str], int], list[str]]) -> Change:
    def rewrite(clone: Clone, path: Path, line: int) -> None:
        path.write_text("".join(change(path.read_text().splitlines(keepends=True), line)), newline="")

    return rewrite


def _rename(change: Callable[[list[str], int], list[str]]) -> Change:
    def rename(clone: Clone, path: Path, line: int) -> None:
        _rewrite(change)(clone, path, line)
        path.rename(_renamed(path))

    return rename


def _autocrlf(clone: Clone, path: Path, line: int) -> None:
    clone.git("config", "core.autocrlf", "true")
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))


def _utf16(clone: Clone, path: Path, line: int) -> None:
    path.write_bytes(path.read_text().encode("utf-16"))


def _pointer(clone: Clone, path: Path, line: int) -> None:
    """As Git LFS leaves a file: a pointer is committed, the text is beside the objects and on the disk."""
    data = path.read_bytes()
    name = hashlib.sha256(data).hexdigest()
    path.write_text(
        f"version https://git-lfs.github.com/spec/v1\noid sha256:{name}\nsize {len(data)}\n", newline=""
    )
    clone.git("add", str(path))
    clone.git("commit", "-qm", "pointer")
    kept = clone.folder / ".git" / "lfs" / "objects" / name[:2] / name[2:4]
    kept.mkdir(parents=True, exist_ok=True)
    (kept / name).write_bytes(data)
    path.write_bytes(data)


def _beside(lines: list[str], at: int) -> list[str]:
    return [*lines[:at], lines[at].rstrip("\n") + " \n", *lines[at + 1 :]]


def _reordered(lines: list[str], at: int) -> list[str]:
    half = len(lines) // 2
    return [*lines[half:], *lines[:half]]


KINDS: dict[str, Change] = {
    "nothing": _rewrite(lambda lines, at: lines),
    "copy above": _rewrite(lambda lines, at: [*lines[:at], lines[at], *lines[at:]]),
    "copy below": _rewrite(lambda lines, at: [*lines[: at + 1], lines[at], *lines[at + 1 :]]),
    "copy at the end": _rewrite(lambda lines, at: [*lines, lines[at]]),
    "edit beside": _rewrite(_beside),
    "lines above": _rewrite(lambda lines, at: ["\n", "\n", *lines]),
    "lines around removed": _rewrite(
        lambda lines, at: [*lines[: at - 1], *lines[at : at + 1], *lines[at + 2 :]]
    ),
    "re-indented": _rewrite(lambda lines, at: [f"  {line}" if line.strip() else line for line in lines]),
    "halves exchanged": _rewrite(_reordered),
    "renamed": _rename(lambda lines, at: lines),
    "renamed with a copied line": _rename(lambda lines, at: [*lines[:at], lines[at], *lines[at:]]),
    "copied file": lambda clone, path, line: _copied(path).write_bytes(path.read_bytes()) and None,
    "CRLF by core.autocrlf": _autocrlf,
    "UTF-16": _utf16,
    "pointer of Git LFS": _pointer,
}


def typed(count: int, base: str) -> tuple[float, float]:
    """p50 and p95 in ms of CPU time of a letter in a file of 10,000 lines."""
    text = many("python", count)
    with tempfile.TemporaryDirectory() as folder:
        session = Session(folder)
        document = session.open(os.path.join(folder, f"a{text.suffix}"), "python", text.whole)
        if base:
            document.compare(base + text.whole)
        document.finish()
        session.foremost(document, 500)
        taken = []
        line = document.line_count // 2
        for number in range(400):
            started = time.process_time()
            document.change(line, 0, line, number % 2, "" if number % 2 else "x")
            document.finish()
            session.foremost(document, 500)
            taken.append(time.process_time() - started)
        taken = sorted(taken[20:])
        return taken[len(taken) // 2] * 1e3, taken[int(len(taken) * 0.95)] * 1e3


def followed() -> tuple[float, float]:
    """The median and the slowest time in ms from a commit to diagnostics that go by it."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "source"
        source.mkdir()
        for arguments in (
            ("init", "-q"),
            ("config", "user.name", "n"),
            ("config", "user.email", "n@e.invalid"),
        ):
            subprocess.run(["git", *arguments], cwd=source, check=True)
        clone = Clone.__new__(Clone)
        clone.folder = source
        path = source / "app.py"
        path.write_text("one = 1\n")
        clone.git("add", ".")
        clone.git("commit", "-qm", "first")
        taken = []
        with Client() as client:
            client.initialize(source)
            text = "one = 1\n"
            name = client.open(path, text)
            client.diagnostics(name)
            for version in range(2, 2 + COMMITS):
                line = text.count("\n")
                text += "breakpoint()\n"
                client.change(name, version, edit((line, 0), (line, 0), "breakpoint()\n"))
                _until(client, name, line, 1)
                path.write_text(text)
                clone.git("commit", "-qam", "more")
                started = time.perf_counter()
                _until(client, name, line, 2)
                taken.append(time.perf_counter() - started)
        taken.sort()
        return taken[len(taken) // 2] * 1e3, taken[-1] * 1e3


def _until(client: Client, name: str, line: int, severity: int) -> None:
    """Wait until the violation of a line is shown so."""
    while not any(
        one["range"]["start"]["line"] == line and one["severity"] == severity
        for one in client.diagnostics(name)
    ):
        pass


if __name__ == "__main__":
    main()
