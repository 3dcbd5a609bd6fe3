"""From an edit to the right diagnostics, over stdio: `python3 tests/bench/edits.py`.

A figure is printed only after every planted violation was seen, and every answer was the right one.
"""

from __future__ import annotations

import json
import tempfile
import time
from pathlib import Path

from environment import machine, options
from servers import Measured, ours, peers
from texts import Text, many, planted

from lsp.stdio import Client, Message, edit, frame, opening

ROUNDS = 100
"""Letters typed and taken back for one figure."""

LONGEST = 20.0
"""Seconds after which a slow server's letters are enough."""

Found = set[tuple[int, str]]


class Wrong(AssertionError):
    """A server's answer was not the right one: no figure is printed."""


def main() -> None:
    options("Measure an edit to the right diagnostics over stdio, beside other servers.").parse_args()
    print(machine())
    for language in ("typescript", "python"):
        print(f"\n{language}: a letter that makes or unmakes a violation, to the right diagnostics (ms)")
        for measured in (ours(), *peers()):
            if language in measured.languages:
                row(measured, language, measured.name, beside=False)
        row(ours(), language, "  beside violations", beside=True)
    print("\nopening 100,000 lines (ms, the server warm)")
    for language in ("typescript", "python"):
        for measured in (ours(), *peers()):
            if language in measured.languages:
                print(f"  {language:12} {measured.name:20} {opened(measured, language):7.0f}", flush=True)
    print("\nthe worst edits, set and removed in line 1 of 100,000 (ms, the slower of five of each)")
    for language, marks in (("typescript", ("/*", "`")), ("python", ('"""',))):
        for mark in marks:
            there, back = turned(language, mark)
            print(f"  {language:12} {mark:4} set {there:6.1f}   removed {back:6.1f}", flush=True)
    for language in ("typescript", "python"):
        p50, p95 = crowded(language)
        print(f"\n{language}: a letter in a file with 10,000 violations (ms): p50 {p50:.2f} p95 {p95:.2f}")
        print(
            f"{language}: 200 changes sent without waiting, after the last one (ms): {flooded(language):.1f}"
        )


def row(measured: Measured, language: str, name: str, *, beside: bool) -> None:
    """Print the figures of one server."""
    figures = [typed(measured, planted(language, count), beside) for count in (1_000, 10_000, 100_000)]
    cells = "   ".join(
        f"{lines} p50 {p50:7.2f} p95 {p95:7.2f}"
        for lines, (p50, p95) in zip(("1k", "10k", "100k"), figures, strict=True)
    )
    print(f"  {name:20} {cells}", flush=True)


def typed(measured: Measured, text: Text, beside: bool) -> tuple[float, float]:
    """p50 and p95 in ms, on lines among plain code or beside what is planted."""
    lines = text.beside if beside else text.apart
    with workspace(measured, text) as (client, name):
        taken: list[float] = []
        for version in range(2, 2 + 2 * ROUNDS):
            if sum(taken) > LONGEST and len(taken) > 20:
                break
            line = lines[version // 2 % len(lines)]
            there = version % 2 == 0
            change = edit(
                (line, text.column),
                (line, text.column + (0 if there else 1)),
                text.letter if there else "",
            )
            if client.wants_whole_texts:
                change = {"text": text.typed(line) if there else text.whole}
            started = time.perf_counter()
            client.change(name, version, change)
            diagnostics = client.diagnostics(name, version)
            taken.append(time.perf_counter() - started)
            is_there = any(
                one["range"]["start"]["line"] == line and measured.is_typed(one) for one in diagnostics
            )
            if is_there != there:
                raise Wrong(f"{measured.name}: line {line} at version {version}")
        taken = sorted(taken[10:])
        return taken[len(taken) // 2] * 1e3, taken[int(len(taken) * 0.95)] * 1e3


def opened(measured: Measured, language: str) -> float:
    """The median of five openings in ms, after a short file was opened."""
    text = planted(language, 100_000)
    whole = text.whole
    with workspace(measured, planted(language, 1_000)) as (client, name):
        folder = name.rpartition("/")[0]
        taken = []
        for number in range(5):
            name = f"{folder}/long{number}{text.suffix}"
            message = frame(json.dumps(opening(name, whole, language)).encode())
            started = time.perf_counter()
            client.send_bytes(message)
            diagnostics = client.diagnostics(name, patience=60)
            taken.append(time.perf_counter() - started)
            hold(measured, text, diagnostics)
            client.close(name)
        return sorted(taken)[2] * 1e3


def turned(language: str, mark: str) -> tuple[float, float]:
    """The slowest time for the mark in line 1 to be answered, and for its removal, in ms."""
    text = planted(language, 100_000)
    with workspace(ours(), text) as (client, name):
        folder = name.rpartition("/")[0]
        before = found(client.diagnostics(client.open(f"{folder}/a{text.suffix}", text.whole, language)))
        turned_text = mark + text.whole
        after = found(client.diagnostics(client.open(f"{folder}/b{text.suffix}", turned_text, language)))
        if before == after:
            raise Wrong(f"{mark} changes nothing")
        there, back = [], []
        for version in range(2, 12, 2):
            started = time.perf_counter()
            client.change(name, version, edit((0, 0), (0, 0), mark))
            diagnostics = client.diagnostics(name, version)
            there.append(time.perf_counter() - started)
            check(found(diagnostics) == after, f"{mark} set")
            started = time.perf_counter()
            client.change(name, version + 1, edit((0, 0), (0, len(mark)), ""))
            diagnostics = client.diagnostics(name, version + 1)
            back.append(time.perf_counter() - started)
            check(found(diagnostics) == before, f"{mark} removed")
        return max(there) * 1e3, max(back) * 1e3


def crowded(language: str) -> tuple[float, float]:
    """p50 and p95 in ms of a letter in a file with 10,000 violations, of which 500 are shown."""
    text = many(language, 10_000)
    with workspace(ours(), text, shown=500) as (client, name):
        taken = []
        for version in range(2, 202):
            there = version % 2 == 0
            started = time.perf_counter()
            client.change(name, version, edit((5_000, 0), (5_000, 0 if there else 1), "x" if there else ""))
            diagnostics = client.diagnostics(name, version)
            taken.append(time.perf_counter() - started)
            rest = 10_000 - 500 + 1 - there
            check(diagnostics[-1]["message"].startswith(f"{rest} more"), diagnostics[-1]["message"])
        taken = sorted(taken[10:])
        return taken[len(taken) // 2] * 1e3, taken[int(len(taken) * 0.95)] * 1e3


def flooded(language: str) -> float:
    """From the last of 200 keystrokes, sent without waiting, to its right answer, in ms."""
    text = planted(language, 10_000)
    call = "print(total)\n" if language == "python" else "console.log(total);\n"
    keys = (call * 200)[:200]
    with workspace(ours(), text) as (client, name):
        line = text.apart[0] + 1
        messages, typed_text = [], ""
        for version, key in enumerate(keys, 2):
            place = line + typed_text.count("\n"), len(typed_text.rpartition("\n")[2])
            params = {
                "textDocument": {"uri": name, "version": version},
                "contentChanges": [edit(place, place, key)],
            }
            messages.append({"jsonrpc": "2.0", "method": "textDocument/didChange", "params": params})
            typed_text += key
        lines = text.lines
        whole = "\n".join((*lines[:line], typed_text + lines[line], *lines[line + 1 :])) + "\n"
        other = client.open(f"{name}.copy{text.suffix}", whole, language)
        expected = client.diagnostics(other)
        check(
            len(expected) == len(text.planted) + len(keys) // len(call), "the keystrokes make no violations"
        )
        client.close(other)
        client.diagnostics(other)
        client.send_all(messages)
        started = time.perf_counter()
        versions = [0]
        while versions[-1] != len(keys) + 1:
            message = client.wait(lambda message: message.get("params", {}).get("uri") == name)
            versions.append(message["params"]["version"])
        taken = time.perf_counter() - started
        check(message["params"]["diagnostics"] == expected, "the last answer is not right")
        check(versions == sorted(versions), "an older version was answered after a newer one")
        check(client.settle() == [], "something came after the last answer")
        return taken * 1e3


class workspace:
    """A server with one document open, in which all that was planted has been seen."""

    def __init__(self, measured: Measured, text: Text, shown: int = 0) -> None:
        self._measured, self._text, self._shown = measured, text, shown
        self._folder = tempfile.TemporaryDirectory(prefix="auto-enforcer-")

    def __enter__(self) -> tuple[Client, str]:
        folder = Path(self._folder.__enter__())
        self._client = client = self._measured.start(folder)
        path = folder / f"text{self._text.suffix}"
        path.write_text(self._text.whole, encoding="utf-8")
        name = client.open(path, self._text.whole, self._text.language)
        diagnostics = client.diagnostics(name, patience=60)
        if self._shown:
            check(len(diagnostics) == self._shown, f"{len(diagnostics)} are shown")
            rest = len(self._text.lines) - self._shown + 1
            check(str(rest) in diagnostics[-1]["message"], "the last one does not tell the rest")
        else:
            hold(self._measured, self._text, diagnostics)
        return client, name

    def __exit__(self, *exc: object) -> None:
        self._client.__exit__(*exc)
        self._folder.__exit__(None, None, None)


def found(diagnostics: list[Message]) -> Found:
    return {(one["range"]["start"]["line"], one["code"]) for one in diagnostics}


def hold(measured: Measured, text: Text, diagnostics: list[Message]) -> None:
    """See that all that is planted was found; by others, that they found what they are asked to."""
    if measured.name == "auto-enforcer":
        families = {(line, str(code).partition("/")[0]) for line, code in found(diagnostics)}
        missing = sorted(text.planted - families)
        check(not missing, f"not found: {missing[:12]}")
    else:
        calls = {line for line, family in text.planted if family == "logging"}
        check(calls <= {one["range"]["start"]["line"] for one in diagnostics}, f"{measured.name} found less")


def check(holds: bool, what: str) -> None:
    if not holds:
        raise Wrong(what)


if __name__ == "__main__":
    main()
