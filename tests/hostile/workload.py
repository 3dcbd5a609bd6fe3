"""What a hostile text costs, counted: hits, looks, lexed lines, rows; and the time of this process where
nothing else can be counted."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from functools import cache
from typing import NamedTuple

from auto_enforcer import catalog, scanner, text
from auto_enforcer.model import Row
from auto_enforcer.pattern_cache import CacheDirectory
from auto_enforcer.scanner import Scanner
from auto_enforcer.session import Session
from found import TODAY

ROOT = "/workspace"

PATIENCE = 300.0
"""Seconds that the compilation of patterns may take."""


class Cost(NamedTuple):
    """What a check took."""

    rows: list[Row]
    seconds: float
    """Of this thread, whatever else the machine and this process do."""


def plain_session() -> Session:
    """One whose scanners are the plain ones."""
    return Session(ROOT, today=TODAY, open_scanner=plain_scanner)


def session() -> Session:
    """One whose patterns are compiled, where the library is there."""
    return Session(ROOT, today=TODAY, open_scanner=settled_scanner)


def plain_scanner(language: str | None, kind: str = catalog.COMMON) -> Scanner:
    """A scanner without the library."""
    return scanner.open_scanner(catalog.pattern_set(language, kind)[0], None)


@cache
def settled_scanner(language: str | None, kind: str = catalog.COMMON) -> Scanner:
    """A scanner whose patterns are compiled."""
    opened = scanner.open_scanner(catalog.pattern_set(language, kind)[0], CacheDirectory())
    opened.settle(PATIENCE)
    return opened


def checked(made: Session, content: bytes, path: str) -> Cost:
    """What a check of a file costs."""
    chunks = [content[start : start + text.BLOCK] for start in range(0, len(content), text.BLOCK)]
    warm = [content[:64]]
    for given in (warm, chunks):
        began = time.thread_time()
        found = made.check_chunks(path, given, _again(given))
        assert found.report is not None
        rows = [row for row, _ in found.report.rows]
        seconds = time.thread_time() - began
    assert not made.failures
    return Cost(rows, seconds)


def opened(made: Session, content: str, path: str) -> Cost:
    """What opening it as a document costs."""
    began = time.thread_time()
    document = made.open(os.path.join(ROOT, path), "", content)
    document.finish()
    rows = document.rows()
    seconds = time.thread_time() - began
    made.close(document)
    return Cost(rows, seconds)


def _again(chunks: list[bytes]) -> Callable[[], Iterator[bytes]]:
    return lambda: iter(chunks)
