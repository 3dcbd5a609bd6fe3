"""From start to the answer of `initialize`, beside a bare pygls server: `python3 tests/bench/start.py`."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence

from environment import ROOT, machine, options

from lsp.stdio import SERVER, Client

STARTS = 15
"""Of each, in turn."""

PLAIN = (sys.executable, "-I", str(ROOT / "tests" / "lsp" / "plain_server.py"))

CAPABILITIES = {
    "general": {"positionEncodings": ["utf-8", "utf-16", "utf-32"]},
    "textDocument": {
        "synchronization": {"dynamicRegistration": True, "didSave": True},
        "publishDiagnostics": {"relatedInformation": True, "codeDescriptionSupport": True},
        "codeAction": {"dataSupport": True, "isPreferredSupport": True},
    },
    "workspace": {
        "applyEdit": True,
        "configuration": True,
        "didChangeWatchedFiles": {"dynamicRegistration": True},
        "workspaceFolders": True,
    },
}
"""About what an editor says of itself."""


def main() -> None:
    options(
        "Measure the server's start to the answer of `initialize`, beside a bare pygls server."
    ).parse_args()
    print(machine())
    taken: dict[str, list[float]] = {"auto-enforcer": [], "bare pygls": []}
    for _ in range(STARTS):
        for name, command in (("auto-enforcer", SERVER), ("bare pygls", PLAIN)):
            taken[name].append(start(command))
    ours, plain = (sorted(taken[name])[STARTS // 2] * 1e3 for name in ("auto-enforcer", "bare pygls"))
    print(
        f"start to the answer of `initialize`, median of {STARTS} (ms): "
        f"auto-enforcer {ours:.0f}, bare pygls {plain:.0f}, {ours / plain:.2f} x"
    )


def start(command: Sequence[str]) -> float:
    started = time.perf_counter()
    with Client(command) as client:
        client.initialize(ROOT, capabilities=CAPABILITIES)
        return time.perf_counter() - started


if __name__ == "__main__":
    main()
