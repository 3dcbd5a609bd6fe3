"""Random conversations over the server's pipes, held against the model; and those that once found a fault.

`python3 tests/fuzz run --edits 1000000` goes on for longer.
"""

from __future__ import annotations

import glob
import logging
import os
from pathlib import Path

import pytest

from auto_enforcer.session import Session
from fuzz import campaign
from fuzz.runner import Runner, Step
from fuzz.shrink import play, shrink
from fuzz.talk import Talk
from fuzz.wire import Fault, Inside
from reference import TODAY

REPLAYS = sorted(glob.glob(os.path.join(campaign.REPLAYS, "*.json")))


@pytest.mark.parametrize("path", REPLAYS, ids=[os.path.basename(path) for path in REPLAYS])
def test_what_once_was_wrong_is_right(path: str) -> None:
    assert (fault := play(campaign.read(path))) is None, str(fault)


def test_conversations_over_pipes_hold() -> None:
    tally = campaign.run(2_500, seed=20261122)
    assert not tally.faults, tally.faults
    counts = tally.counts
    assert counts["edits"] >= 2_500
    assert tally.changed >= 0.3 * tally.published, "few edits change what is published"
    assert tally.published >= 300
    assert counts["quiet points"] >= 40
    assert len(tally.languages) >= 15
    for what in ("broken messages", "other requests", "cancellations", "policies written", "folder changes"):
        assert counts[what] >= 3, what
    for what in ("openings", "closings", "code actions"):
        assert counts[what] >= 10, what


def steps_of(seed: str, edits: int) -> list[Step]:
    with Runner(inside=True) as runner:
        talk = Talk(seed, edits, runner)
        talk.hold()
        return talk.steps


def test_the_same_seed_makes_the_same_conversation() -> None:
    assert steps_of("7", 150) == steps_of("7", 150)
    assert steps_of("7", 150) != steps_of("8", 150)


class Faulty(Runner):
    """Against a server that leaves one family of rules out."""

    def __init__(self, *, inside: bool = True, patience: float = 0.05) -> None:
        super().__init__(inside=True, patience=patience)
        self.wire.close()
        log = logging.getLogger("auto_enforcer").info
        self.wire = Inside(lambda root: Session(root, today=TODAY, only=("errors",), log=log))


def test_a_fault_is_found_written_down_shrunk_and_found_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fuzz.shrink.Runner", Faulty)
    monkeypatch.setattr("fuzz.campaign.Runner", Faulty)
    found = campaign.hold("1", 300, campaign.Tally(), inside=True)
    assert found is not None
    steps, fault = found
    assert fault.kind == "published"
    shrunk = shrink(steps, fault.kind, inside=True, seconds=60)
    assert len(shrunk) <= 6
    assert len(str(shrunk)) < len(str(steps)) / 3
    path = str(tmp_path / "found.json")
    campaign.write(path, shrunk, str(fault))
    assert campaign.read(path) == shrunk
    again = play(campaign.read(path))
    assert isinstance(again, Fault)
    assert again.kind == "published"
    monkeypatch.undo()
    assert play(campaign.read(path), inside=True) is None
