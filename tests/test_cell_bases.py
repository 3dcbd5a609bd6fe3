"""What each cell of a notebook is compared with."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auto_enforcer.cell_bases import bases_of

A, B, C = "a = 1\nprint(a)\nb = 2", "import os", "try:\n    c()\nexcept:\n    pass"


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ([A, B, C], [A, B, C]),
        ([C, A, B], [C, A, B]),
        ([A, A, B, C], [A, "", B, C]),
        ([A, B, C, "x = 1\nprint(a)"], [A, B, C, ""]),
        ([A, C], [A, C]),
        (["a = 1", "print(a)\nb = 2", B, C], ["a = 1", A, B, C]),
        ([f"{A}\n{B}", C], [f"{A}\n{B}", C]),
        ([A, "import sys", C], [A, B, C]),
        ([A, B, "other()"], [A, B, C]),
        (["other()", B, C], [A, B, C]),
        (["a = 1\nb = 2", f"print(a)\n{B}", C], [A, f"{B}\nprint(a)", C]),
        (["a = 1\nb = 2", B, C, "print(a)", "print(a)"], [A, B, C, "print(a)", ""]),
        (["a = 1\nb = 2", "print(a)", B, f"{C}\nprint(a)"], [A, "print(a)", B, C]),
        (["print(a)\na = 1\nb = 2\nprint(a)", B, C], [A, B, C]),
        ([A.replace("\n", "\n  "), B, C], [A, B, C]),
        (["", B], [A, B]),
        ([], []),
    ],
    ids=[
        *("as it was", "reordered", "a cell copied", "a line copied into a new cell", "one removed"),
        *("split", "joined", "one rewritten", "the last one rewritten", "the first one rewritten"),
        *("a line moved", "one moved and copied", "one moved into two"),
        *("one moved within and copied", "re-indented", "an empty one", "none"),
    ],
)
def test_what_a_cell_is_compared_with(cells: list[str], expected: list[str]) -> None:
    assert bases_of(cells, [A, B, C]) == expected


LINES = st.lists(st.sampled_from(["a", "b", "c", "", "d"]), max_size=4).map("\n".join)


@given(st.lists(LINES, max_size=5), st.lists(LINES, max_size=5))
def test_what_the_base_has_is_a_base_of_all_and_nothing_else_is(cells: list[str], base: list[str]) -> None:
    """Every cell has a text, whose lines are the base's; and what is as it was is compared with that."""
    found = bases_of(cells, base)
    assert len(found) == len(cells)
    assert {line for text in found for line in text.split("\n")} <= {
        "",
        *(line for text in base for line in text.split("\n")),
    }
    assert bases_of(base, base) == base
