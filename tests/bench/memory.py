"""Resident memory of the server beside a bare pygls server: `python3 tests/bench/memory.py`. Linux only."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from environment import ROOT, machine, options
from texts import planted

from lsp.stdio import SERVER, Client, Message, edit

PLAIN = (sys.executable, "-I", str(ROOT / "tests" / "lsp" / "plain_server.py"))

EDITS = 20_000


def main() -> None:
    options("Measure the server's resident memory beside a bare pygls server; Linux only.").parse_args()
    print(machine())
    for language in ("typescript", "python"):
        rows = {
            name: resident(command, language)
            for name, command in (("auto-enforcer", SERVER), ("bare pygls", PLAIN))
        }
        print(f"\nresident memory, {language} (MB)")
        for name, (rest, opened, first, last) in rows.items():
            print(
                f"  {name:14} at rest {rest:6.1f}   100,000 lines open {opened:6.1f}   "
                f"after {EDITS // 10:,} edits {first:6.1f}   after {EDITS:,} {last:6.1f}"
            )
        ours, plain = rows["auto-enforcer"], rows["bare pygls"]
        print(
            f"  above bare pygls: at rest {ours[0] - plain[0]:+.1f}, open {ours[1] - plain[1]:+.1f}; "
            f"above bare pygls at rest, open {ours[1] - plain[0]:+.1f}; growth {ours[3] - ours[2]:+.1f}"
        )


def resident(command: Sequence[str], language: str) -> tuple[float, float, float, float]:
    """At rest, with a long file open, after a tenth of the edits and after all of them."""
    text = planted(language, 100_000)
    is_ours = command is SERVER
    with tempfile.TemporaryDirectory(prefix="auto-enforcer-") as folder, Client(command) as client:
        client.initialize(folder, encodings=["utf-8", "utf-16"])
        rest = megabytes(client)
        name = client.open(f"{folder}/long{text.suffix}", text.whole, language)
        see(client.diagnostics(name, patience=60), text.planted, is_ours)
        opened = megabytes(client)
        # The peer needs 10 ms for an edit of a long text, and its growth is not what is asked.
        count = EDITS if is_ours else EDITS // 100
        first = 0.0
        for version in range(2, count + 2):
            line = text.apart[version // 2 % len(text.apart)]
            there = version % 2 == 0
            span = (line, text.column), (line, text.column + (0 if there else 1))
            client.change(name, version, edit(*span, text.letter if there else ""))
            diagnostics = client.diagnostics(name, version)
            if version == count // 10:
                first = megabytes(client)
        see(diagnostics, text.planted, is_ours)
        return rest, opened, first, megabytes(client)


def see(diagnostics: list[Message], planted: frozenset[tuple[int, str]], is_ours: bool) -> None:
    families = {(one["range"]["start"]["line"], str(one["code"]).partition("/")[0]) for one in diagnostics}
    if is_ours and not planted <= families:
        raise AssertionError(f"not found: {sorted(planted - families)[:12]}")


def megabytes(client: Client) -> float:
    for line in Path(f"/proc/{client.process.pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise AssertionError("no VmRSS")


if __name__ == "__main__":
    main()
