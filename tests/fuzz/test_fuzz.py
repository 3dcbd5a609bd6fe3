"""Random conversations over the server's pipes, held against the model; and those that once found a fault.

`python3 tests/fuzz run --edits 1000000` goes on for longer.
"""

from __future__ import annotations

import glob
import logging
import os
import random
from pathlib import Path

import pytest

from auto_enforcer.given import Given
from auto_enforcer.model import Finding
from auto_enforcer.session import Session
from effort import THOROUGH
from fuzz import campaign
from fuzz.model import Opened
from fuzz.runner import Runner, Step
from fuzz.shrink import play, shrink
from fuzz.talk import Talk
from fuzz.wire import Fault, Inside
from reference import TODAY

REPLAYS = sorted(glob.glob(os.path.join(campaign.REPLAYS, "*.json")))


@pytest.mark.parametrize("path", REPLAYS, ids=[os.path.basename(path) for path in REPLAYS])
def test_what_once_was_wrong_is_right(path: str) -> None:
    """By default without pipes, of which the conversations below have enough."""
    assert (fault := play(campaign.read(path), inside=not THOROUGH)) is None, str(fault)


def test_conversations_over_pipes_hold() -> None:
    tally = campaign.run(2_500, seed=20261125)
    assert not tally.faults, tally.faults
    counts = tally.counts
    assert counts["edits"] >= 2_500
    assert tally.changed >= 0.3 * tally.published, "few edits change what is published"
    assert tally.published >= 300
    assert counts["quiet points"] >= 40
    assert len(tally.languages) >= 15
    for what in ("broken messages", "other requests", "cancellations", "policies written", "folder changes"):
        assert counts[what] >= 3, what
    for what in ("openings", "closings", "code actions", "comparisons with what was said earlier"):
        assert counts[what] >= 10, what


def steps_of(seed: str, edits: int) -> list[Step]:
    with Runner(inside=True) as runner:
        talk = Talk(seed, edits, runner)
        talk.hold()
        return talk.steps


def test_the_same_seed_makes_the_same_conversation() -> None:
    assert steps_of("7", 150) == steps_of("7", 150)
    assert steps_of("7", 150) != steps_of("8", 150)


@pytest.mark.parametrize("seed", range(20))
def test_what_was_said_of_lines_goes_with_them_in_document_and_model(seed: int, tmp_path: Path) -> None:
    """After any edits, of lines that are often alike."""
    source = random.Random(seed)
    session = Session(str(tmp_path), today=TODAY)
    left = 0
    for _ in range(20):
        pieces = source.choices(("a\n", "b\r\n", "c\r", "\n", "d"), k=12)
        document = session.open(str(tmp_path / "x.txt"), "plaintext", "".join(pieces))
        opened = Opened("file:///x.txt", "plaintext", document.text(), 1)
        assert opened.lines == document.lines
        look = session._activation.file_looks(session.policy("x.txt").select("x.txt"))[0]
        opened.kept = [
            (look, Finding(line, 0, 0, {"said": f"{line}"})) for line in (None, *range(document.line_count))
        ]
        document.give(Given(opened.kept))
        for _ in range(6):
            lines = document.lines
            first = source.randrange(len(lines))
            last = min(first + source.randrange(4), len(lines) - 1)
            start, end = (source.randrange(len(lines[at].rstrip("\r\n")) + 1) for at in (first, last))
            if (last, end) < (first, start):
                end = start
            text = "".join(
                source.choices(("a\n", "a", "b\r\n", "c\r", "\r", "\n", *lines), k=source.randrange(4))
            )
            ends = [sum(map(len, lines[:at])) + column for at, column in ((first, start), (last, end))]
            document.change(first, start, last, end, text)
            opened.edit(ends[0], ends[1], text)
            assert opened.lines == document.lines
            expected = sorted(str(one) for _, one in opened.kept)
            given = document._given
            places = [(None, given._pinned), *given._at.items()]
            found = [Finding(line, *one[:4]) for line, at in places for told in at.values() for one in told]
            assert sorted(map(str, found)) == expected
        left += len(opened.kept) > 1
    assert left > 3


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
    found = campaign.hold("1", 300, campaign.Tally(), inside=True, patience=5)
    assert found is not None
    steps, fault = found
    assert fault.kind == "published"
    shrunk = shrink(steps, fault.kind, inside=True, seconds=1_200)
    assert len(shrunk) <= 6
    assert len(str(shrunk)) < len(str(steps)) / 3
    path = str(tmp_path / "found.json")
    campaign.write(path, shrunk, str(fault))
    assert campaign.read(path) == shrunk
    again = play(campaign.read(path), patience=5)
    assert isinstance(again, Fault)
    assert again.kind == "published"
    monkeypatch.undo()
    assert play(campaign.read(path), inside=True) is None
