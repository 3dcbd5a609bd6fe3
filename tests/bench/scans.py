"""A scan of a workspace, and edits while it runs, over stdio: `python3 tests/bench/scans.py [FOLDER]`.

Edits are timed as in `edits.py`, from the change to its right diagnostics, without a scan and while one runs.
"""

from __future__ import annotations

import sysconfig
import tempfile
import time
from pathlib import Path

from edits import check, hold
from environment import machine, options
from servers import Measured, ours
from texts import Text, planted

from lsp.stdio import Client, Message, edit

SCAN = "autoEnforcer.scanWorkspace"
CAPABILITIES = {"window": {"workDoneProgress": True}}
ROUNDS = 5
LETTERS = 400


def main() -> None:
    parser = options("Measure a scan over stdio, and edits while it runs.")
    parser.add_argument("folder", nargs="?", type=Path, default=Path(sysconfig.get_path("stdlib")))
    folder = parser.parse_args().folder.resolve()
    print(machine())
    print(f"\n{folder}")
    first, last, counts = zip(*(scanned(folder) for _ in range(ROUNDS)), strict=True)
    print(f"  {counts[0]['files']} files, {counts[0]['violations']} violations")
    print(
        f"  first result {median(first):.0f} ms, last {median(last):.0f} ms (median of {ROUNDS}, server warm)"
    )
    taken = sorted(cancelled(folder) for _ in range(ROUNDS))
    print(f"  cancel to answer {median(taken):.1f} ms, slowest {taken[-1]:.1f} ms")
    for count in (1_000, 10_000, 100_000):
        for while_scanning in (False, True):
            figures = typed(folder, planted("python", count), while_scanning=while_scanning)
            name = "while a scan runs" if while_scanning else "without a scan"
            print(
                f"  {count:7} lines, {name:18} p50 {figures[0]:6.2f} ms  p95 {figures[1]:6.2f} ms", flush=True
            )


def begun(folder: Path) -> Client:
    """A server that has seen a document."""
    client = Client()
    client.answers["window/workDoneProgress/create"] = None
    client.initialize(folder, capabilities=CAPABILITIES)
    with tempfile.TemporaryDirectory(prefix="auto-enforcer-") as elsewhere:
        name = client.open(Path(elsewhere) / "a.py", "print(1)\n")
        client.diagnostics(name)
        client.close(name)
        client.diagnostics(name)
    return client


def ask(client: Client) -> int:
    return client.ask("workspace/executeCommand", {"command": SCAN})


def is_answer(message: Message, number: int) -> bool:
    return message.get("id") == number and "method" not in message


def scanned(folder: Path) -> tuple[float, float, Message]:
    """From the command to the first and the last result, in ms, and the counts."""
    with begun(folder) as client:
        started = time.perf_counter()
        number = ask(client)
        client.wait(lambda message: message.get("method") == "textDocument/publishDiagnostics", 60)
        first = time.perf_counter() - started
        answer = client.wait(lambda message: is_answer(message, number), 600)
        last = time.perf_counter() - started
        print(f"  server {memory(client.process.pid)}, ", end="")
        print(f"its diagnostics in {sum(one.get('method') != '$/progress' for one in client.seen)} messages")
        return first * 1e3, last * 1e3, answer["result"]


def cancelled(folder: Path) -> float:
    """From the cancellation, half a second into a scan, to the end of all that is told of it, in ms."""
    with begun(folder) as client:
        number = ask(client)
        begin = client.wait(lambda message: message.get("method") == "$/progress")
        client.wait(lambda message: message.get("method") == "textDocument/publishDiagnostics", 60)
        token = begin["params"]["token"]
        started = time.perf_counter()
        client.notify("window/workDoneProgress/cancel", {"token": token})
        answer = client.wait(lambda message: is_answer(message, number))
        taken = time.perf_counter() - started
        check(answer["result"]["cancelled"], "the scan was over before")
        return taken * 1e3


def typed(folder: Path, text: Text, *, while_scanning: bool) -> tuple[float, float]:
    """p50 and p95 in ms; a scan that ends is begun again."""
    measured: Measured = ours()
    with begun(folder) as client, tempfile.TemporaryDirectory(prefix="auto-enforcer-") as elsewhere:
        path = Path(elsewhere) / f"text{text.suffix}"
        name = client.open(path, text.whole, text.language)
        hold(measured, text, client.diagnostics(name, patience=60))
        number = ask(client) if while_scanning else 0
        if while_scanning:
            client.wait(lambda message: message.get("method") == "textDocument/publishDiagnostics", 60)
        taken: list[float] = []
        for version in range(2, 2 + LETTERS):
            line = text.apart[version // 2 % len(text.apart)]
            there = version % 2 == 0
            end = text.column + (0 if there else 1)
            started = time.perf_counter()
            client.change(name, version, edit((line, text.column), (line, end), text.letter if there else ""))
            diagnostics = client.diagnostics(name, version)
            taken.append(time.perf_counter() - started)
            found = any(
                one["range"]["start"]["line"] == line and measured.is_typed(one) for one in diagnostics
            )
            check(found == there, f"line {line} at version {version}")
            ended = any(is_answer(message, number) for message in client.seen)
            client.seen.clear()
            if while_scanning and ended:
                number = ask(client)
        taken = sorted(taken[10:])
        return taken[len(taken) // 2] * 1e3, taken[int(len(taken) * 0.95)] * 1e3


def median(figures: tuple[float, ...] | list[float]) -> float:
    return sorted(figures)[len(figures) // 2]


def memory(process: int) -> str:
    """What a process holds and held at most, where the system tells."""
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return ""
    said = dict(line.split(":", 1) for line in lines)
    now, most = (int(said[key].split()[0]) / 1024 for key in ("VmRSS", "VmHWM"))
    return f"holds {now:.0f} MB, at most {most:.0f} MB"


if __name__ == "__main__":
    main()
