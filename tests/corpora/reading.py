"""Checks whole packages with the recommended set, in one process."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from auto_enforcer import files
from auto_enforcer.languages import language_of
from auto_enforcer.session import Session, Shared, scanners
from oracle.corpus import Source, folder

TODAY = date(2026, 11, 22)

DATA = frozenset(
    [
        *("plaintext", "markdown", "restructuredtext", "json", "jsonc", "yaml", "toml", "ini", "properties"),
        *("xml", "html", "css", "scss", "less"),
    ]
)
"""Languages whose lines are not counted: prose and data would thin out what is found in programs."""

INSTALLED = frozenset(["site-packages", "__pycache__", "dist-packages"])
"""Folders of CPython's library that are not CPython's."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A violation. `path` is relative to the package, the line counts from 1."""

    package: str
    path: str
    line: int
    rule: str
    severity: str
    """`blocked` or `warning`: what the recommended set makes of it at this path."""

    @property
    def place(self) -> str:
        """What the table of verdicts calls it."""
        return f"{self.package} {self.path}:{self.line}"


@dataclass(slots=True)
class Read:
    """What became of a package. `lines` are those of its programs, `skipped` files by the reason."""

    package: str
    root: str
    lines: int = 0
    files: int = 0
    skipped: dict[str, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def count(self, severity: str, rule: str = "") -> int:
        """The findings of a severity, of all rules or of one."""
        return sum(finding.severity == severity and rule in ("", finding.rule) for finding in self.findings)

    def rate(self, severity: str, rule: str = "") -> float:
        """The same for each 1,000 lines; 0 where no line was read."""
        return 1_000 * self.count(severity, rule) / self.lines if self.lines else 0.0


def name(source: Source) -> str:
    """What a package is called: with its version, which is this Python's own for its library."""
    return f"cpython=={platform.python_version()}" if source.registry == "python" else source.package


def read(source: Source, shared: Shared) -> Read:
    """Checks a package, which is brought here first where it is not. Raises NotToBeHad."""
    root = folder(source)
    if source.registry == "npm" and (root / "package").is_dir():
        root = root / "package"
    return read_folder(name(source), root, shared)


def read_folder(package: str, root: Path, shared: Shared) -> Read:
    """Checks all files below a folder as a workspace of its own."""
    top = os.path.realpath(root)
    session = Session(top, today=TODAY, shared=shared)
    done = Read(package, top)
    for found in files.walk(top, top, _is_installed):
        if isinstance(found, files.Left):
            continue
        checked = session.check_file(found.path)
        relative = session.relative(found.path)
        if checked.report is not None:
            done.findings += [
                Finding(package, relative, row.number + 1, row.violation.rule, verdict.severity.name.lower())
                for row, verdict in checked.report.rows
                if verdict.shown is not None and not verdict.suppressed
            ]
        if checked.skipped is not None:
            done.skipped[checked.skipped.reason] = done.skipped.get(checked.skipped.reason, 0) + 1
        else:
            done.files += 1
            done.lines += _lines(found.path, relative)
        done.failures += [f"{failure.path}: {failure.reason}" for failure in session.failures]
        session.failures.clear()
    return done


def read_all(sources: tuple[Source, ...]) -> Iterator[Read]:
    """Checks packages one after the other with the same scanners."""
    shared = Shared(scanners())
    for source in sources:
        yield read(source, shared)


def _is_installed(relative: str) -> bool:
    return relative.endswith("/") and relative.rstrip("/").rpartition("/")[2] in INSTALLED


def _lines(path: str, relative: str) -> int:
    """The lines of a program; 0 of prose and data."""
    with open(path, "rb") as file:
        content = file.read()
    first = content[:200].decode("utf-8", "replace").split("\n")[0]
    return 0 if language_of(relative, first) in DATA else content.count(b"\n")
