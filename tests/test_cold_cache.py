"""Several processes that need the same patterns at once compile them once."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from command import environment, fill, run

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("hyperscan") is None, reason="there is no wheel of the library here"
)

PROGRAM = """
import os, sys
compilations = []
sys.addaudithook(lambda event, given: event == "subprocess.Popen" and compilations.append(given))
from auto_enforcer.session import scanners
one = scanners()("toml")
sys.stdin.readline()
assert one.scan(b"a = 1\\n") is not None
assert one.settle(300)
assert one.accelerated
print(len(compilations))
"""


def test_processes_that_begin_together_compile_once(tmp_path: Path) -> None:
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", PROGRAM],
            env=environment(tmp_path),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(6)
    ]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    counts = [int(process.communicate(timeout=300)[0]) for process in processes]
    assert [process.returncode for process in processes] == [0] * 6
    assert sum(counts) == 1


def test_a_lock_that_cannot_be_had_keeps_nobody(tmp_path: Path) -> None:
    """A cache folder that is no folder, or that holds something else in the lock's place."""
    fill(tmp_path, {"w/a.toml": 'x = "2026-02-31"\n', "file": ""})
    for place in (tmp_path / "file", tmp_path / "cache"):
        for number in range(2):
            (tmp_path / "cache" / f"compiling-{number}.lock").mkdir(parents=True, exist_ok=True)
        done = run(["check", "w"], tmp_path, tmp_path, more={"AUTO_ENFORCER_CACHE_DIR": str(place)})
        assert done.code == 1
        assert done.err == ""
