"""What each way of saving memory saves: `python3 tests/bench/claims.py`. Linux and macOS.

Every row is one thing done twice, each time by a Python of its own: as it is done here, and as it is done
where nobody thinks of memory. "traced" is the peak that tracemalloc saw, "resident" what the process's peak
grew by.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from environment import ROOT, machine, options
from texts import many, planted

FILE_LINES = 400_000
"""Of the long file: about 21 MB."""

OBJECTS = 100_000

VIOLATIONS = 100_000


class Cost(NamedTuple):
    """Peaks above what was there before, in MB, and what the way itself has to say."""

    traced: float
    resident: float
    said: str


def main() -> None:
    parser = options("Measure what each way of saving memory saves, by tracemalloc and resident memory.")
    parser.add_argument("--only", choices=CLAIMS, help="one claim alone")
    parser.add_argument("--way", help=argparse_hidden())
    parser.add_argument("--folder", help=argparse_hidden())
    parser.add_argument("--traced", action="store_true", help=argparse_hidden())
    chosen = parser.parse_args()
    if chosen.way:
        print(json.dumps(measured(CLAIMS[chosen.only][chosen.way], chosen.folder, traced=chosen.traced)))
        return
    print(machine())
    with tempfile.TemporaryDirectory(prefix="auto-enforcer-") as folder:
        prepare(folder)
        for claim in [chosen.only] if chosen.only else CLAIMS:
            print(f"\n{claim}", flush=True)
            for way in CLAIMS[claim]:
                cost = of(claim, way, folder)
                peaks = f"traced {cost.traced:8.2f} MB   resident {cost.resident:8.2f} MB"
                print(f"  {way:44} {peaks}   {cost.said}", flush=True)


def argparse_hidden() -> str:
    """The help of what the script says to itself."""
    import argparse

    return argparse.SUPPRESS


def prepare(folder: str) -> None:
    """The files that are read, and the compiled patterns."""
    text = planted("python", FILE_LINES)
    Path(folder, "long.py").write_text(text.whole)
    Path(folder, "small.py").write_text(planted("python", 60).whole)
    Path(folder, "many.py").write_text(many("python", VIOLATIONS).whole)
    subprocess.run(
        [sys.executable, "-I", str(ROOT / "server"), "check", "--exit-zero", folder],
        check=True,
        stdout=subprocess.DEVNULL,
    )


def of(claim: str, way: str, folder: str) -> Cost:
    """One way's cost, by two children: one counts allocations, one is left alone."""
    found = []
    for more in (["--traced"], []):
        done = subprocess.run(
            [sys.executable, __file__, "--only", claim, "--way", way, "--folder", folder, *more],
            check=True,
            capture_output=True,
            text=True,
        )
        found.append(json.loads(done.stdout.splitlines()[-1]))
    return Cost(found[0]["peak"], found[1]["peak"], found[1]["said"])


def measured(run: Callable[[str], str], folder: str, *, traced: bool) -> Mapping[str, Any]:
    """The peak that a run adds, in MB."""
    import tracemalloc

    if traced:
        tracemalloc.start()
        said = run(folder)
        return {"peak": tracemalloc.get_traced_memory()[1] / 1e6, "said": said}
    before = highest()
    said = run(folder)
    return {"peak": highest() - before, "said": said}


def highest() -> float:
    """The most memory that was ever resident in this process, in MB."""
    try:
        # What `getrusage` says on Linux is at least what the process had before it became this program.
        with open("/proc/self/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1e3
    except OSError:
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def check_small(folder: str) -> str:
    """Check a small file: what it needs is imported."""
    from auto_enforcer.session import Session

    session = Session(folder)
    report = session.check_file(f"{folder}/small.py").report
    found = sum(1 for _ in report.rows) if report else 0
    return f"{found} violations, {len(session.modules)} rule modules"


def check_small_with_all(folder: str) -> str:
    """The same after importing every rule module and every grammar."""
    from auto_enforcer import catalog, lexer
    from auto_enforcer.grammars.modes import modes_of
    from auto_enforcer.languages import LANGUAGES

    modules = {entry.module for entry in catalog.variants()}
    for module in modules:
        catalog.load(module)
    for language in LANGUAGES:
        lexer.start(language)
        modes_of(language)
    return f"{check_small(folder)} of {len(modules)}"


def stream(folder: str) -> str:
    """Check the long file."""
    from auto_enforcer.session import Session

    report = Session(folder).check_file(f"{folder}/long.py").report
    return f"{sum(1 for _ in report.rows) if report else 0} violations"


def whole(folder: str) -> str:
    """Check the long file, read at once into a list of its lines."""
    from auto_enforcer.session import Session

    lines = Path(folder, "long.py").read_text().splitlines(keepends=True)
    data = [line.encode() for line in lines]
    report = Session(folder).check_chunks("long.py", data, lambda: data).report
    return f"{sum(1 for _ in report.rows) if report else 0} violations, {len(lines):,} lines held"


def records(kind: Callable[[], Callable[[], Any]]) -> Callable[[str], str]:
    """Make many of an object."""

    def run(folder: str) -> str:
        del folder
        make = kind()
        held = [make() for _ in range(OBJECTS)]
        return f"{len(held):,} objects"

    return run


def slotted() -> Callable[[], Any]:
    """A line's record as an open document keeps it."""
    from auto_enforcer.looked import Looked, Traveller

    traveller = Traveller(())
    return lambda: Looked(1, traveller)


class WithDict:
    """A record with the same attributes, and no slots."""

    def __init__(self, traveller: Any) -> None:
        self.number = 1
        self.before = self.after = traveller
        self.rows = self.facts = self.ended = ()
        self.reach_before = self.reach_after = 0
        self.opened = None


def with_dict() -> Callable[[], Any]:
    """The same without slots."""
    return lambda: WithDict(())


def dictionary() -> Callable[[], Any]:
    """The same as a dictionary."""
    return lambda: dict(vars(WithDict(())))


def lines_of(rows: Iterable[Any]) -> Iterator[str]:
    for row, _ in rows:
        yield f"{row.number}:{row.violation.start} {row.violation.rule} {row.violation.message}\n"


def rows_as_they_come(folder: str) -> str:
    """Write each violation of many when it is found."""
    from auto_enforcer.session import Session

    report = Session(folder).check_file(f"{folder}/many.py").report
    assert report is not None
    with open(os.devnull, "w") as out:
        return f"{sum(1 for line in lines_of(report.rows) if out.write(line)):,} violations"


def rows_in_a_list(folder: str) -> str:
    """Collect them first."""
    from auto_enforcer.session import Session

    report = Session(folder).check_file(f"{folder}/many.py").report
    assert report is not None
    rows = list(report.rows)
    with open(os.devnull, "w") as out:
        return f"{sum(1 for line in lines_of(rows) if out.write(line)):,} violations"


def hash_in_pieces(folder: str) -> str:
    """Hash the long file as it is read."""
    from auto_enforcer import hashing, text

    hasher = hashing.begin()
    with open(f"{folder}/long.py", "rb", buffering=0) as file:
        while piece := file.read(text.BLOCK):
            hasher.update(piece)
    return hashing.digest(hasher).hex()[:8]


def hash_at_once(folder: str) -> str:
    """Read it, then hash it."""
    from auto_enforcer import hashing

    return hashing.digest(hashing.begin(Path(folder, "long.py").read_bytes())).hex()[:8]


def turned(most: int | None) -> Callable[[str], str]:
    """The state after each line of the standard library, `most` answers remembered."""

    def run(folder: str) -> str:
        del folder
        import sysconfig
        import time
        from functools import lru_cache

        from auto_enforcer import lexer

        turn = lru_cache(most)(lexer.turn)
        begun = time.process_time()
        for path in sorted(Path(sysconfig.get_path("stdlib")).glob("*.py")):
            state = lexer.start("python")
            with path.open(encoding="utf-8", errors="replace") as file:
                for line in file:
                    after = turn(line.rstrip("\n"), state)
                    assert after is not None
                    state = after
        seconds, info = time.process_time() - begun, turn.cache_info()
        remembered = info.hits / (info.hits + info.misses)
        return f"{remembered:.0%} of the lines remembered, {seconds:.2f} s of CPU"

    return run


CLAIMS: Mapping[str, Mapping[str, Callable[[str], str]]] = {
    "lazy modules: check a file of 60 lines": {
        "imported on the first hit": check_small,
        "all imported first": check_small_with_all,
    },
    f"line streaming: check a file of {FILE_LINES:,} lines": {
        "in blocks": stream,
        "read at once, lines in a list": whole,
    },
    f"slots: {OBJECTS:,} records of a line": {
        "slots": records(slotted),
        "a class without slots": records(with_dict),
        "a dictionary": records(dictionary),
    },
    f"generators: write {VIOLATIONS:,} violations of one file": {
        "each when it is found": rows_as_they_come,
        "list(…) of the same generator": rows_in_a_list,
    },
    "chunked hashing: a file of 21 MB": {
        "in pieces of 64 KiB": hash_in_pieces,
        "read at once": hash_at_once,
    },
    "a bounded cache: the lexer's state after each line of the standard library": {
        "1,024 answers": turned(1_024),
        "without a bound": turned(None),
        "none": turned(0),
    },
}


if __name__ == "__main__":
    main()
