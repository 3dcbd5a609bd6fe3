"""What the command costs: on CPython's library, on files of 1 MB to 1 GB, on 100,000 violations, at its
start.

`python3 tests/bench/check.py [--large] [--runs N]`. Every input has violations planted in it, and no figure
is printed unless all of them are in the output. `--large` adds the file of 1 GB. Beside it stand ruff, and
betterleaks where it is on the PATH.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import environment
from environment import ROOT, machine, peer
from texts import FAMILIES, many, planted

_MEASURE = """
import os, sys, time
out = os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
begun = time.perf_counter()
pid = os.posix_spawn(sys.argv[2], sys.argv[2:], os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, out, 1)])
_, status, usage = os.wait4(pid, 0)
wall, cpu = time.perf_counter() - begun, usage.ru_utime + usage.ru_stime
print(wall, cpu, usage.ru_maxrss, os.waitstatus_to_exitcode(status))
"""
"""Run by a Python of 9 MB, for a process's peak is at least that of the one it was spawned from."""


class Run(NamedTuple):
    """One run of a command: seconds, seconds of CPU, peak in MB, exit code, what it printed."""

    wall: float
    cpu: float
    peak: float
    code: int
    output: str


def run(command: Sequence[str], folder: str) -> Run:
    """Run a command whose program is given by its path."""
    printed = os.path.join(folder, "printed")
    measured = subprocess.run(
        [sys.executable, "-I", "-S", "-c", _MEASURE, printed, *command],
        capture_output=True,
        text=True,
        check=True,
        cwd=folder,
    )
    wall, cpu, peak, code = measured.stdout.split()
    return Run(float(wall), float(cpu), int(peak) / 1024, int(code), Path(printed).read_text())


def ours(*arguments: str) -> list[str]:
    """Our command, one process."""
    return [sys.executable, "-I", str(ROOT / "server"), "check", "--format", "jsonl", *arguments]


class Figure(NamedTuple):
    """The medians of some runs."""

    wall: float
    cpu: float
    peak: float

    def row(self, name: str, more: str = "") -> str:
        return (
            f"{name:48} {self.wall * 1000:9.0f} ms {self.cpu * 1000:9.0f} ms CPU {self.peak:7.1f} MB  {more}"
        )


def figure(
    command: Sequence[str], folder: str, runs: int, before: Callable[[], object] | None = None
) -> tuple[Figure, Run]:
    """The medians of so many runs after one that is not counted, and the last of them. `before` is called
    before each."""
    found = list[Run]()
    for _ in range(runs + 1):
        if before is not None:
            before()
        found.append(run(command, folder))
    del found[0]
    medians = (statistics.median(getattr(one, name) for one in found) for name in ("wall", "cpu", "peak"))
    return Figure(*medians), found[-1]


def demand(ran: Run, expected: set[tuple[str, int, str]], name: str) -> None:
    """End without a figure unless each (path, line number, family) is in the output."""
    rows = [json.loads(line) for line in ran.output.splitlines()]
    found = {(row["path"], row["line"] - 1, row["rule"].partition("/")[0]) for row in rows}
    missing = expected - found
    if missing or ran.code != 1:
        sys.exit(
            f"{name}: exit code {ran.code}, {len(missing)} planted violations missing: {sorted(missing)[:5]}"
        )


def library(folder: str) -> tuple[str, set[tuple[str, int, str]], int, int]:
    """A copy of CPython's library with violations planted in its first, a middle and its last file of code;
    what was planted, and how many files and bytes it has. Binary and generated files are not in it."""
    top = os.path.join(folder, "Lib")
    source = sysconfig.get_path("stdlib")
    for path, folders, names in os.walk(source):
        folders[:] = sorted(set(folders) - {"site-packages", "dist-packages", "__pycache__"})
        for name in names:
            target = os.path.join(top, os.path.relpath(path, source), name)
            os.makedirs(os.path.dirname(target), exist_ok=True)
            if os.path.isfile(os.path.join(path, name)):
                shutil.copyfile(os.path.join(path, name), target)
    skipped = run([*ours("--format", "json", "-v"), top], folder)
    for one in json.loads(skipped.output)["skipped"]:
        os.unlink(os.path.join(folder, one["path"]))
    code = [p for p in sorted(Path(top).rglob("*.py"), key=lambda p: p.parts) if "test" not in str(p)]
    code = [p for p in code if "__main__" not in p.read_text("utf-8", "replace")]
    expected: set[tuple[str, int, str]] = set()
    for path in (code[0], code[len(code) // 2], code[-1]):
        text = planted("python", 100)
        path.write_text(text.whole, encoding="utf-8")
        expected |= {(str(path.relative_to(folder)), number, family) for number, family in text.planted}
    files = [p for p in Path(top).rglob("*") if p.is_file()]
    return top, expected, len(files), sum(p.stat().st_size for p in files)


def check_library(folder: str, runs: int) -> None:
    """Our command and its peers on CPython's library."""
    top, expected, files, size = library(folder)
    print(f"\nCPython's Lib: {files} files, {size / 1e6:.1f} MB, {len(expected)} violations planted\n")
    command = [*ours("--jobs", "1"), top]
    figures, ran = figure([*command, "--no-cache"], folder, runs)
    demand(ran, expected, "Lib")
    print(figures.row("auto-enforcer check, one process", f"{size / 1e6 / figures.wall:.0f} MB/s"))
    figures, ran = figure(command, folder, runs, lambda: [os.unlink(path) for path in kept(folder)])
    demand(ran, expected, "Lib, kept")
    print(figures.row("  the same, with what is found kept"))
    figures, ran = figure(command, folder, runs)
    demand(ran, expected, "Lib, reused")
    print(figures.row("  the same again", f"{sum(map(os.path.getsize, kept(folder))) / 1e3:.0f} kB kept"))
    secrets = {one for one in expected if one[2] == "secrets"}
    figures, ran = figure([*ours("--jobs", "1"), top, "--no-cache", "--rule", "secrets"], folder, runs)
    demand(ran, secrets, "Lib, secrets")
    print(figures.row("auto-enforcer check --rule secrets, one process"))
    if (ruff := peer("ruff")) is not None:
        command = [ruff, "check", "--isolated", "--no-cache", "--quiet", "--output-format", "concise", top]
        print(figure(command, folder, runs)[0].row("ruff check, default rules, all cores"))
        os.environ["RAYON_NUM_THREADS"] = "1"
        print(figure(command, folder, runs)[0].row("ruff check, default rules, one thread"))
        del os.environ["RAYON_NUM_THREADS"]
    if (kingfisher := peer("kingfisher")) is not None:
        command = [kingfisher, "scan", "--no-validate", "--no-update-check", "--git-history", "none"]
        command += ["--rule-cache-dir", os.path.join(folder, "kingfisher"), "--format", "jsonl", "--quiet"]
        print(figure([*command, "--jobs", "1", top], folder, runs)[0].row("kingfisher scan, one thread"))
        print(figure([*command, top], folder, runs)[0].row("kingfisher scan, all cores"))
    if (betterleaks := shutil.which("betterleaks")) is not None:
        command = [betterleaks, "dir", "--no-banner", "--exit-code", "0", top]
        print(figure(command, folder, runs)[0].row("betterleaks dir, all cores"))
    else:
        print("betterleaks is not on the PATH: no figure of it")


def kept(folder: str) -> list[Path]:
    """The files in which answers are kept."""
    return list(Path(folder, "cache").glob("*.results"))


def check_sizes(folder: str, runs: int, sizes: Sequence[int]) -> None:
    """Our command on one file of each size, in MB."""
    print("\nOne file with violations in its first, middle and last lines\n")
    text = planted("python", 10_000)
    middle = text.lines[2_000:4_000]
    filler = ("\n".join(line for line in middle if "prin(" not in line) + "\n").encode()
    half = len(text.lines) // 2 - 100
    head = ("\n".join(text.lines[:half]) + "\n").encode()
    tail = ("\n".join(text.lines[half:]) + "\n").encode()
    for size in sizes:
        path = os.path.join(folder, "large.py")
        times = max(0, (size * 1_000_000 - len(head) - len(tail)) // len(filler))
        with open(path, "wb") as file:
            file.write(head)
            file.writelines(filler for _ in range(times))
            file.write(tail)
        moved = times * filler.count(b"\n")
        expected = {("large.py", n if n < half else n + moved, family) for n, family in text.planted}
        figures, ran = figure([*ours(), path], folder, 1 if size > 200 else runs)
        demand(ran, expected, f"{size} MB")
        actual = os.path.getsize(path) / 1e6
        print(figures.row(f"{actual:.0f} MB", f"{actual / figures.wall:.0f} MB/s"))
        os.unlink(path)


def check_many(folder: str, runs: int) -> None:
    """100,000 violations in one file."""
    text = many("python", 100_000)
    Path(folder, "many.py").write_text(text.whole, encoding="utf-8")
    figures, ran = figure([*ours("--exit-zero"), os.path.join(folder, "many.py")], folder, runs)
    demand(ran._replace(code=1), {("many.py", number, family) for number, family in text.planted}, "many")
    print(figures.row("100,000 violations in one file"))


def check_start(folder: str, runs: int) -> None:
    """The command before its first file, and to the first violation of a small one."""
    print("\nStart\n")
    empty = os.path.join(folder, "empty")
    os.mkdir(empty)
    small = planted("python", 60)
    Path(folder, "small.py").write_text(small.whole, encoding="utf-8")
    bare, _ = figure([sys.executable, "-I", "-c", "pass"], folder, runs)
    print(bare.row("python -I -c pass"))
    print(figure([*ours(), empty], folder, runs)[0].row("check of an empty folder"))
    figures, ran = figure([*ours(), os.path.join(folder, "small.py")], folder, runs)
    demand(ran, {("small.py", number, family) for number, family in small.planted}, "small")
    print(figures.row("check of a small file with a violation of each family"))


def main() -> None:
    """Print all figures."""
    parser = environment.options(
        "Measure what the command costs on files of all sizes, beside other programs."
    )
    parser.add_argument("--runs", type=int, default=5, help="runs for each figure (default: 5)")
    parser.add_argument("--large", action="store_true", help="add the file of 1 GB")
    options = parser.parse_args()
    print(machine())
    print(f"violations of {', '.join(FAMILIES)}")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["AUTO_ENFORCER_CACHE_DIR"] = os.path.join(folder, "cache")
        warm(folder)
        check_start(folder, max(options.runs, 15))
        check_library(folder, options.runs)
        check_sizes(folder, options.runs, (1, 100, 1_000) if options.large else (1, 100))
        check_many(folder, options.runs)


def warm(folder: str) -> None:
    """Have the patterns compiled and cached."""
    from auto_enforcer import catalog
    from auto_enforcer.pattern_cache import CacheDirectory
    from auto_enforcer.scanner import open_scanner

    cache = CacheDirectory(os.path.join(folder, "cache"))
    for language in (
        None,
        *catalog.entries()["errors/swallowed-exception"].languages,
        "markdown",
        "c",
        "html",
        "xml",
    ):
        scanner = open_scanner(catalog.pattern_set(language)[0], cache)
        scanner.settle(300)


if __name__ == "__main__":
    main()
