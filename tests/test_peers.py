"""The tables of what other tools find by default, `labelled/peers/<tool>.md`: their rules and ours."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from auto_enforcer import catalog

FOLDER = Path(__file__).parent / "labelled" / "peers"

COUNTS = {"bandit": 75, "devskim": 123, "ruff": 159, "zizmor": 41}
"""Rules of each tool, in the versions that the tables were made of."""


def rows(tool: str) -> list[list[str]]:
    """The cells of a tool's table."""
    text = (FOLDER / f"{tool}.md").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line.startswith("| ")][1:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_each_tool_has_its_table() -> None:
    assert {path.stem for path in FOLDER.iterdir()} >= set(COUNTS)


@pytest.mark.parametrize("tool", COUNTS)
def test_each_rule_of_theirs_stands_once(tool: str) -> None:
    theirs = [row[0] for row in rows(tool)]
    assert len(theirs) == len(set(theirs)) == COUNTS[tool]


@pytest.mark.parametrize("tool", COUNTS)
def test_each_has_a_rule_of_ours_or_a_reason(tool: str) -> None:
    for theirs, ours, why in rows(tool):
        assert ours or why, theirs


@pytest.mark.parametrize("tool", COUNTS)
def test_our_rules_are_there(tool: str) -> None:
    named = {rule for _, ours, _ in rows(tool) for rule in re.findall("`([^`]+)`", ours)}
    mentioned = {rule for *_, why in rows(tool) for rule in re.findall("`([a-z]+/[a-z-]+)`", why)}
    assert named
    assert sorted((named | mentioned) - set(catalog.entries())) == []
