"""Breaks a copy of the project in named ways, each of which some test must notice: `python3 tests --mutants`.

`python3 tests --mutants NAME…` tries some of them; `--jobs N` says how many at once. With `--record FILE` a
run that was interrupted goes on where it ended: what FILE has as done is not done again. It is for one state
of the code; take it away before another.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from queue import SimpleQueue
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent))

from table import MUTANTS, Mutant

ROOT = Path(__file__).resolve().parents[2]
COPIED = (
    *("server", "tests", "pyproject.toml", "README.md", "LICENSE", "requirements.lock", "editors"),
    ".pre-commit-hooks.yaml",
)
LONGEST = 600
"""Seconds that the tests of one mutant may take: one that hangs is noticed, too."""

SEQUENCES = "1000"
"""Of the 10,000 edit sequences of the suite, those that a mutant gets."""

FAILED = re.compile(r"^(?:FAILED|ERROR) (\S+)", re.MULTILINE)


class Outcome(NamedTuple):
    """What came of a mutant; `by` is the test that noticed it, "" for none."""

    mutant: Mutant
    by: str
    seconds: float
    problem: str = ""
    """Why its tests could not be run."""

    def __str__(self) -> str:
        if self.problem:
            return f"COULD NOT BE TRIED: {self.mutant.name}: {self.problem}"
        said = f"noticed by {self.by}" if self.by else "NOT NOTICED"
        return f"{self.mutant.name}: {said}, {self.seconds:.0f} s"


def main(arguments: Sequence[str]) -> int:
    """0 when every mutant was noticed."""
    parser = argparse.ArgumentParser(prog="python3 tests --mutants", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="the mutants to try (default: all)")
    parser.add_argument("--jobs", type=int, default=max(1, (os.cpu_count() or 1) // 2), metavar="N")
    parser.add_argument("--record", type=Path, metavar="FILE", help="keep in FILE what is done")
    parser.add_argument("--list", action="store_true", help="only name them")
    options = parser.parse_args(arguments)
    if unknown := set(options.names) - {mutant.name for mutant in MUTANTS}:
        parser.error(f"there is no mutant `{min(unknown)}`; `--list` names them all")
    chosen = [mutant for mutant in MUTANTS if not options.names or mutant.name in options.names]
    if options.list:
        print("\n".join(mutant.name for mutant in chosen))
        return 0
    for mutant in chosen:
        check_applies(mutant)
    began = time.monotonic()
    known = recorded(options.record)
    left = [mutant for mutant in chosen if as_recorded(mutant) not in known]
    noticed = len(chosen) - len(left)
    if noticed:
        print(f"{noticed} were noticed before: {options.record}", flush=True)
    others = []
    for number, outcome in enumerate(tried(left, options.jobs, options.record), start=noticed + 1):
        print(f"{number}/{len(chosen)} {outcome}", flush=True)
        if not outcome.by:
            others.append(outcome)
        else:
            record(options.record, as_recorded(outcome.mutant))
    minutes = (time.monotonic() - began) / 60
    print(f"{len(chosen) - len(others)} of {len(chosen)} mutants were noticed, {minutes:.1f} min", flush=True)
    for outcome in others:
        print(outcome)
    return 1 if others else 0


def check_applies(mutant: Mutant) -> None:
    """A mutant that changes nothing would be taken for one that no test notices."""
    count = (ROOT / mutant.path).read_text(encoding="utf-8").count(mutant.before)
    if count != 1:
        raise SystemExit(f"mutants: {mutant.name}: what it replaces is in {mutant.path} {count} times")


def recorded(file: Path | None) -> frozenset[str]:
    """The lines of a record, none where there is none yet."""
    if file is None or not file.exists():
        return frozenset()
    return frozenset(file.read_text(encoding="utf-8").splitlines())


def record(file: Path | None, line: str) -> None:
    """Add a line to a record, if one is kept."""
    if file is not None:
        with file.open("a", encoding="utf-8") as opened:
            opened.write(line + "\n")


def as_recorded(mutant: Mutant) -> str:
    """A mutant's line in a record: one that was changed since is another."""
    return json.dumps(mutant)


def tried(mutants: Sequence[Mutant], jobs: int, file: Path | None) -> Iterable[Outcome]:
    """What comes of each mutant, in the order in which they end. `file` is a record of the tests that passed
    without one."""
    with tempfile.TemporaryDirectory(prefix="auto-enforcer-mutants-") as folder:
        copies: SimpleQueue[Path] = SimpleQueue()
        for number in range(jobs):
            copies.put(copied(Path(folder, str(number))))

        def whole(test: str) -> None:
            copy = copies.get()
            began = time.monotonic()
            try:
                done = run(copy, (test,))
            finally:
                copies.put(copy)
            if done.returncode != 0:
                raise SystemExit(f"mutants: {test} fails without a mutant:\n{done.stdout[-2000:]}")
            print(f"without a mutant: {test}, {time.monotonic() - began:.0f} s", flush=True)
            record(file, test)

        def attempt(mutant: Mutant) -> Outcome:
            copy = copies.get()
            try:
                return outcome_of(mutant, copy)
            finally:
                copies.put(copy)

        known = recorded(file)
        tests = dict.fromkeys(test for mutant in mutants for test in mutant.tests if test not in known)
        with ThreadPoolExecutor(jobs) as pool:
            for _ in pool.map(whole, tests):
                pass
            running = [pool.submit(attempt, mutant) for mutant in mutants]
            try:
                for ended in as_completed(running):
                    yield ended.result()
            finally:
                pool.shutdown(wait=False, cancel_futures=True)


def copied(folder: Path) -> Path:
    """A copy of what the tests need."""
    folder.mkdir()
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__", ".*_cache"))
        else:
            shutil.copy(source, folder / name)
    return folder


def outcome_of(mutant: Mutant, copy: Path) -> Outcome:
    """Break the copy, run the mutant's tests in it, mend it."""
    file = copy / mutant.path
    whole = file.read_text(encoding="utf-8")
    file.write_text(whole.replace(mutant.before, mutant.after), encoding="utf-8")
    began = time.monotonic()
    try:
        done = run(copy, mutant.tests)
    except subprocess.TimeoutExpired:
        return Outcome(mutant, "tests that did not end", time.monotonic() - began)
    finally:
        file.write_text(whole, encoding="utf-8")
    seconds = time.monotonic() - began
    if done.returncode == 1:
        found = FAILED.search(done.stdout)
        return Outcome(mutant, found[1] if found else "a test", seconds)
    # Other than 0, it neither passed nor failed: tests could not be run, or there are none of that name.
    problem = f"pytest ended with {done.returncode}:\n{done.stdout[-2000:]}" if done.returncode else ""
    return Outcome(mutant, "", seconds, problem)


def run(copy: Path, tests: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """Run tests, up to the first that fails. No byte code is kept: a file may change twice in a second."""
    return subprocess.run(
        [
            sys.executable,
            "-B",
            "-m",
            "pytest",
            "-q",
            "-x",
            "-p",
            "no:cacheprovider",
            "-p",
            "no:xdist",
            *tests,
        ],
        cwd=copy,
        env={**os.environ, "AUTO_ENFORCER_SEQUENCES": SEQUENCES},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
        timeout=LONGEST,
        check=False,
    )


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
