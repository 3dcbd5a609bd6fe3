"""The mutants still break what stands: each has its text in the code once, and says another."""

from __future__ import annotations

from pathlib import Path

import pytest

from mutants.table import MUTANTS, Mutant

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_mutant_breaks_what_stands_in_the_code_once(mutant: Mutant) -> None:
    assert (ROOT / mutant.path).read_text(encoding="utf-8").count(mutant.before) == 1
    assert mutant.after != mutant.before
    assert all((ROOT / test.partition("::")[0]).is_file() for test in mutant.tests)


def test_their_names_are_their_own() -> None:
    assert len({mutant.name for mutant in MUTANTS}) == len(MUTANTS) >= 40
