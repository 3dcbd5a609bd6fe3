"""Breaks a copy of the project in named ways, each of which some test must notice: `python3 tests --mutants`.

`python3 tests --mutants NAME…` tries some of them; `--jobs N` says how many at once.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue

sys.path.insert(0, str(Path(__file__).parent))

from table import MUTANTS, Mutant

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("server", "tests", "pyproject.toml", "README.md", "LICENSE", "requirements.lock", "editors")
LONGEST = 900
"""Seconds that the tests of one mutant may take: one that hangs is noticed, too."""


def main(arguments: Sequence[str]) -> int:
    """0 when every mutant was noticed."""
    parser = argparse.ArgumentParser(prog="python3 tests --mutants", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="the mutants to try (default: all)")
    parser.add_argument("--jobs", type=int, default=max(1, (os.cpu_count() or 1) // 2), metavar="N")
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
    survivors = [name for name, noticed in tried(chosen, options.jobs) if not noticed]
    print(f"{len(chosen) - len(survivors)} of {len(chosen)} mutants were noticed", flush=True)
    for name in survivors:
        print(f"not noticed: {name}")
    return 1 if survivors else 0


def check_applies(mutant: Mutant) -> None:
    """A mutant that changes nothing would be taken for one that no test notices."""
    count = (ROOT / mutant.path).read_text(encoding="utf-8").count(mutant.before)
    if count != 1:
        raise SystemExit(f"mutants: {mutant.name}: what it replaces is in {mutant.path} {count} times")


def tried(mutants: Sequence[Mutant], jobs: int) -> Iterable[tuple[str, bool]]:
    """Each mutant's name, and whether a test noticed it."""
    with tempfile.TemporaryDirectory(prefix="auto-enforcer-mutants-") as folder:
        copies: SimpleQueue[Path] = SimpleQueue()
        for number in range(jobs):
            copies.put(copied(Path(folder, str(number))))
        first = copies.get()
        tests = tuple(dict.fromkeys(test for mutant in mutants for test in mutant.tests))
        print("without a mutant", flush=True)
        if (done := run(first, tests)).returncode != 0:
            raise SystemExit(f"mutants: the tests fail without a mutant:\n{done.stdout[-2000:]}")
        copies.put(first)

        def attempt(mutant: Mutant) -> tuple[str, bool]:
            copy = copies.get()
            try:
                noticed = is_noticed(mutant, copy)
            finally:
                copies.put(copy)
            print(f"{'noticed' if noticed else 'NOT NOTICED'}: {mutant.name}", flush=True)
            return mutant.name, noticed

        with ThreadPoolExecutor(jobs) as pool:
            yield from pool.map(attempt, mutants)


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


def is_noticed(mutant: Mutant, copy: Path) -> bool:
    """Break the copy, run the mutant's tests in it, mend it."""
    file = copy / mutant.path
    whole = file.read_text(encoding="utf-8")
    file.write_text(whole.replace(mutant.before, mutant.after), encoding="utf-8")
    try:
        done = run(copy, mutant.tests)
    except subprocess.TimeoutExpired:
        return True
    finally:
        file.write_text(whole, encoding="utf-8")
    if done.returncode not in (0, 1):
        # Neither passed nor failed: the tests could not be run, or there are none of that name.
        raise SystemExit(
            f"mutants: {mutant.name}: pytest ended with {done.returncode}:\n{done.stdout[-2000:]}"
        )
    return done.returncode == 1


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
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=LONGEST,
        check=False,
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
