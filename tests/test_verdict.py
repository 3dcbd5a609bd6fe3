"""Verdicts: the table of ARCHITECTURE.md, row by row."""

from __future__ import annotations

from pathlib import Path

import pytest

from auto_enforcer.model import Scope, Severity, Stage
from auto_enforcer.verdict import judge

PAGE = Path(__file__).parent.parent / "server" / "ARCHITECTURE.md"


def table() -> list[list[str]]:
    """The cells of the table under `## Verdict`."""
    section = PAGE.read_text(encoding="utf-8").split("## Verdict")[1].split("\n## ")[0]
    rows = [line.strip("|").split("|") for line in section.split("\n") if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows[2:]]


def each(cell: str, names: list[str]) -> list[str]:
    """What a cell stands for."""
    return names if cell == "any" else [name.strip() for name in cell.split(",")]


def cases() -> list[tuple[str, str, str, str, str, str, str]]:
    """Every combination that the table speaks of, with what it says."""
    return [
        (severity, stage, suppressed, old, historical, row[5], row[6])
        for row in table()
        for severity in each(row[0], ["blocked", "warning"])
        for stage in each(row[1], ["observe", "warn", "block"])
        for suppressed in each(row[2], ["yes", "no"])
        for old in each(row[3], ["yes", "no"])
        for historical in each(row[4], ["lower", "same", "off"])
    ]


def test_the_table_speaks_of_every_combination() -> None:
    """None is left open, and where rows overlap they agree."""
    said: dict[tuple[str, ...], set[tuple[str, ...]]] = {}
    for case in cases():
        said.setdefault(case[:5], set()).add(case[5:])
    assert len(said) == 2 * 3 * 2 * 2 * 3
    assert all(len(words) == 1 for words in said.values())


@pytest.mark.parametrize("case", sorted(set(cases())), ids="-".join)
def test_a_verdict_is_what_the_table_says(case: tuple[str, str, str, str, str, str, str]) -> None:
    """For old violations by scope and by baseline alike."""
    severity, stage, suppressed, old, historical, shown, gates = case
    for scope, baselined in (
        [(Scope.HISTORICAL, False), (Scope.NEW, True)] if old == "yes" else [(Scope.NEW, False)]
    ):
        verdict = judge(
            Severity(severity),
            scope,
            Stage(stage),
            suppressed=suppressed == "yes",
            baselined=baselined,
            historical=historical,
        )
        assert verdict.shown == (None if shown == "not" else shown)
        assert verdict.gates == (gates == "yes")
