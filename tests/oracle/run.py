"""Compares the zones of a check with those of `tokenize` and Pygments, in files of npm, PyPI and Debian.

`python3 tests/oracle [LANGUAGE …]` fetches what is not here yet, compares, and prints one line a language;
1 when a language has a line in a thousand or more that differs for no known reason or by our fault.

A line counts once: for no known reason, or for the kind that explains it (`differences.md` has them all).

--kinds     also print how many lines differ by each kind
--show N    also print N of the lines that differ for no known reason, of each language
--times N   N times as many files
--page      write `differences.md` anew, and compare nothing
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator

from oracle import corpus, page
from oracle.compare import Tally, compare
from oracle.peer import EITHER, OURS, THEIRS
from oracle.peers import PEERS
from oracle.pins import PINS

MOST = 1 / 1000
"""The part of the lines that may differ by our fault or for no known reason."""

FILES = 200
"""The files of a language that are compared where so many are to be had."""

_ROW = "{:<18}{:>6}{:>8}{:>13}{:>11}{:>12}{:>14}{:>8}{:>7}"

HEAD = _ROW.format(
    *("language", "files", "lines", "unexplained", "per 1,000"),
    *("ours wrong", "theirs wrong", "either", "kinds"),
)


def main(arguments: list[str]) -> int:
    """0 when every language keeps to MOST, 1 when one does not."""
    parser = argparse.ArgumentParser(prog="tests/oracle", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("languages", nargs="*", choices=[[], *PEERS], metavar="LANGUAGE")
    parser.add_argument("--kinds", action="store_true")
    parser.add_argument("--show", type=int, default=0, metavar="N")
    parser.add_argument("--times", type=int, default=1, metavar="N")
    parser.add_argument("--page", action="store_true")
    asked = parser.parse_args(arguments)
    if asked.page:
        page.PATH.write_text(page.written(), encoding="utf-8")
        return 0
    print(HEAD)
    kept, began, few = True, time.process_time(), list[str]()
    for language in asked.languages or PEERS:
        left_out: list[str] = []
        tally = compare(language, PEERS[language], _texts(language, asked.times, left_out))
        kept = kept and wrong(language, tally) <= MOST * tally.lines
        print(row(language, tally), flush=True)
        if tally.files + len(tally.failed) < FILES * asked.times:
            few.append(f"{language} {tally.files + len(tally.failed)}")
        for kind in PEERS[language].kinds if asked.kinds else ():
            print(f"  {tally.kinds[kind.name]:>6} {page.WRONG[kind.right]} wrong: {kind.name}")
        for line in (*left_out, *(f"unread by the peer: {failed}" for failed in tally.failed)):
            print(f"  {line}")
        for difference in _spread(tally, asked.show):
            print(difference)
    if few:
        print(f"Fewer than {FILES * asked.times} files were to be had: {', '.join(few)}.")
    print(f"{time.process_time() - began:.0f} s of one core; the files are in {corpus.cache()}")
    return 0 if kept else 1


def wrong(language: str, tally: Tally) -> int:
    """The lines that differ by our fault or for no known reason."""
    return _counted(language, tally, THEIRS) + len(tally.undecided)


def row(language: str, tally: Tally) -> str:
    """A language's line of the table."""
    unexplained = len(tally.undecided)
    share = f"{1000 * unexplained / max(1, tally.lines):.2f}"
    counts = [_counted(language, tally, right) for right in (THEIRS, OURS, EITHER)]
    return _ROW.format(language, tally.files, tally.lines, unexplained, share, *counts, len(+tally.kinds))


def _counted(language: str, tally: Tally, right: str) -> int:
    return sum(tally.kinds[kind.name] for kind in PEERS[language].kinds if kind.right == right)


def _texts(language: str, times: int, left_out: list[str]) -> Iterator[tuple[str, str]]:
    for source in PINS[language]:
        try:
            yield from corpus.texts(source._replace(most=source.most * times))
        except corpus.NotToBeHad as error:
            left_out.append(f"left out: {source}: {error}")


def _spread(tally: Tally, count: int) -> list[object]:
    """So many of what is undecided, one of each run of lines, evenly spread."""
    firsts = [
        found
        for before, found in zip([None, *tally.undecided], tally.undecided, strict=False)
        if before is None or (before.path, before.number + 1) != (found.path, found.number)
    ]
    return list(firsts[:: max(1, len(firsts) // count)][:count]) if count else []
