"""The benchmarks: what each is for is told without running it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from command import PATIENCE

BENCH = Path(__file__).parent / "bench"

SCRIPTS = sorted(path.name for path in BENCH.glob("*.py") if '__name__ == "__main__"' in path.read_text())


@pytest.mark.parametrize("script", SCRIPTS)
def test_each_says_what_it_measures(script: str) -> None:
    done = subprocess.run(
        [sys.executable, str(BENCH / script), "--help"], capture_output=True, text=True, timeout=PATIENCE
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"usage: {script} [-h]")
    about = done.stdout.split("\n\n")[1].strip()
    assert about.startswith(("Measure ", "Serve "))
    assert about.endswith(".")
