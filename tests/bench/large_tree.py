"""A workspace of 200,000 files, 2,000 nested ignore files and 50 policies, served over stdio:
`python3 tests/bench/large_tree.py [--files N] [--edits N]`. Linux only.

It is made anew, with violations in one file of a hundred. A file is opened, a scan is begun and cancelled,
all is scanned to the end, and edits are made while another scan runs. Memory is that of the server and of the
process that scans. With `--home` the folder is the home folder, and then `/`, where a file is opened, and a
scan is begun and cancelled.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from environment import machine, options
from scans import ask, begun, is_answer, memory

from lsp.stdio import NoAnswerError, edit

PUBLISHED = "textDocument/publishDiagnostics"

CLEAN = "def total(lines):\n    return sum(line.amount for line in lines)\n" * 8
BAD = CLEAN + "print(total([]))\n"


def main() -> None:
    parser = options("Measure a server in a workspace of 200,000 files; Linux only.")
    parser.add_argument("--files", type=int, default=200_000)
    parser.add_argument("--edits", type=int, default=100_000)
    parser.add_argument("--home", action="store_true", help="the home folder and / instead of a made tree")
    given = parser.parse_args()
    print(machine())
    if given.home:
        for folder in (Path.home(), Path("/")):
            print(f"\n{folder}")
            begin(folder, Path(__file__))
        return
    with tempfile.TemporaryDirectory(prefix="auto-enforcer-") as made:
        tree = Path(made)
        started = time.perf_counter()
        ignored = make(tree, given.files)
        taken = time.perf_counter() - started
        print(f"\n{given.files:,} files, {ignored:,} of them ignored, made in {taken:.0f} s")
        begin(tree, tree / "p0" / "d0" / "m0.py")
        to_the_end(tree)
        edits(tree, given.edits)


def make(tree: Path, files: int) -> int:
    """50 projects with a policy, each of 40 folders with an ignore file, and as many files. How many files
    are ignored."""
    each = max(1, files // 2_000)
    for project in range(50):
        for folder in range(40):
            place = tree / f"p{project}" / f"d{folder}"
            place.mkdir(parents=True)
            (place / ".gitignore").write_text("*.tmp.py\n")
            for number in range(each - 1):
                (place / f"m{number}.py").write_text(BAD if number % 100 == 0 else CLEAN)
            (place / "x.tmp.py").write_text(BAD)
        (tree / f"p{project}" / "enforcer.toml").write_text('extends = ["recommended"]\n')
    return 2_000


def begin(folder: Path, file: Path) -> None:
    """Open a file, see its diagnostics, then the first result of a scan, and cancel it."""
    with begun(folder) as client:
        started = time.perf_counter()
        name = client.open(file, file.read_text(encoding="utf-8"))
        client.diagnostics(name, patience=60)
        taken = (time.perf_counter() - started) * 1e3
        print(f"  opening to diagnostics {taken:.0f} ms, server {memory(client.process.pid)}")
        client.seen.clear()
        started = time.perf_counter()
        number = ask(client)
        begin = client.wait(lambda message: message.get("method") == "$/progress", 60)
        client.wait(lambda message: message.get("method") == PUBLISHED, 120)
        print(f"  first result of a scan {(time.perf_counter() - started) * 1e3:.0f} ms")
        time.sleep(1)
        started = time.perf_counter()
        client.notify("window/workDoneProgress/cancel", {"token": begin["params"]["token"]})
        client.wait(lambda message: is_answer(message, number), 60)
        print(f"  cancelled in {(time.perf_counter() - started) * 1e3:.1f} ms")


def to_the_end(tree: Path) -> None:
    """A scan of all."""
    with begun(tree) as client:
        started = time.perf_counter()
        number = ask(client)
        most = 0
        while not any(is_answer(message, number) for message in client.seen):
            client.seen[:] = [message for message in client.seen if is_answer(message, number)]
            try:
                client.seen.append(client.read(0.5))
            except NoAnswerError:
                pass
            most = max([most, *(_resident(child) for child in children(client.process.pid))])
        answer = next(message for message in client.seen if is_answer(message, number))
        print(
            f"  to the end {time.perf_counter() - started:.1f} s: {answer['result']}\n"
            f"  server {memory(client.process.pid)}; the process that scans at most {most / 1024:.0f} MB"
        )


def edits(tree: Path, count: int) -> None:
    """The server's memory after edits while scans run."""
    with begun(tree) as client:
        name = client.open(tree / "p0" / "d0" / "m0.py", CLEAN)
        client.diagnostics(name)
        number = ask(client)
        for version in range(2, count + 2):
            there = version % 2 == 0
            change = edit((0, 0), (0, 0 if there else 9), "print(1);" if there else "")
            client.change(name, version, change)
            client.diagnostics(name, version, patience=60)
            if any(is_answer(message, number) for message in client.seen):
                number = ask(client)
            client.seen.clear()
            if version in (count // 10, count):
                print(f"  after {version:,} edits while scans run: server {memory(client.process.pid)}")


def children(process: int) -> Iterator[int]:
    try:
        yield from map(int, Path(f"/proc/{process}/task/{process}/children").read_text().split())
    except OSError:
        return


def _resident(process: int) -> int:
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM")), 0)


if __name__ == "__main__":
    main()
