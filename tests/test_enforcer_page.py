"""The page of the enforcer's own rules: its blocks are true of the real engine, suppressions included."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from found import rows

PAGE = Path(__file__).parent.parent / "server" / "auto_enforcer" / "rules" / "enforcer" / "enforcer.md"
_MARKER = re.compile(r"( *)(\^+) ([a-z/-]+): (blocked|warning)")
BLOCKS = re.findall(
    r"^```python [^\n]*\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
)


def test_the_page_has_blocks() -> None:
    """Two for each rule that has an example, three for missing reasons."""
    assert len(BLOCKS) == 13


@pytest.mark.parametrize("block", BLOCKS)
def test_a_block_is_true(block: str) -> None:
    """What is marked is found, what is not is silent or suppressed."""
    lines: list[str] = []
    expected: set[tuple[int, int, int, str]] = set()
    for line in block.splitlines():
        marker = _MARKER.fullmatch(line)
        if marker is None:
            lines.append(line)
        else:
            start, length = len(marker[1]), len(marker[2])
            expected.add((len(lines) - 1, start, start + length, marker[3]))
    found = {
        (row.number, row.violation.start, row.violation.end, row.violation.rule)
        for row in rows("\n".join(lines) + "\n")
        if row.suppression is None
    }
    assert found == expected
