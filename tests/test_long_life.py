"""What a server holds after a long life is what it held before; in short. `long_life.py` is the long form."""

from __future__ import annotations

import sys

import pytest

import long_life


@pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc")
def test_a_process_gains_neither_memory_nor_threads_descriptors_or_children() -> None:
    before, after, life = long_life.of_a_process(long_life.SHORT, long_life.BRIEFLY)
    assert life.published["all"] >= 500
    assert long_life.wrong_outside(before, after) == []


def test_a_server_lets_go_of_all_that_it_is_done_with() -> None:
    """Futures, tasks, timers, sessions, documents and caches, after 2,000 edits, 300 openings and closings,
    50 policies and a day of rest."""
    inner, life = long_life.of_the_inside(long_life.SHORT, long_life.BRIEFLY, traced=False)
    assert life.published["all"] >= 500
    assert inner.wakings > 24 * 3_600 / 4, "the clock did not go through a day's timers"
    assert inner.before["open documents"] == len(long_life.LANGUAGE_IDS)
    assert long_life.wrong_inside(inner) == []


@pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc")
def test_files_outside_of_all_folders_share_what_finds_violations() -> None:
    """Each has a session; scanners and plans of its own would take 2 MB."""
    wire = long_life.Process()
    life = long_life.Life(wire)
    try:
        life.begin()
        before = long_life.at_rest(wire.process.pid, life)["resident bytes"]
        for number in range(30):
            life.open(f"file:///nowhere/{number}.py", "python", "print(1)\n")
            life.settle()
        after = long_life.at_rest(wire.process.pid, life)["resident bytes"]
    finally:
        wire.close()
        life.end()
    assert after - before < 20 * long_life.MEGABYTE
