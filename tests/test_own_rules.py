"""The project is held by its own rules."""

from __future__ import annotations

from pathlib import Path

from command import Command

ROOT = Path(__file__).parent.parent


def test_nothing_in_the_project_is_blocked(ae: Command) -> None:
    """Its rule pages and samples aside, which are there to be found."""
    done = ae("check", "--jobs", "1", str(ROOT))
    assert done.code == 0, done.out + done.err
    assert " files" in done.out
