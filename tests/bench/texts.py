"""Texts of any length with planted violations: one of each family in the first, middle and last lines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from tokens import token

FAMILIES = ("dates", "debt", "errors", "logging", "secrets", "unicode")
"""Of which a violation is planted."""


class Text(NamedTuple):
    """A text, and what must be found in it."""

    language: str
    suffix: str
    lines: list[str]
    planted: frozenset[tuple[int, str]]
    """Line number and family of each planted violation."""
    beside: tuple[int, ...]
    """Lines that a letter turns into a violation, each beside what is planted."""
    apart: tuple[int, ...]
    """Such lines with more than a window of plain code around them."""
    column: int
    """Where that letter goes."""
    letter: str

    @property
    def whole(self) -> str:
        return "\n".join(self.lines) + "\n"

    def typed(self, number: int) -> str:
        """The text with the letter in a line."""
        line = self.lines[number]
        typed = line[: self.column] + self.letter + line[self.column :]
        return "\n".join((*self.lines[:number], typed, *self.lines[number + 1 :])) + "\n"


_SECRET = token("github-token") or ""
_BIDIRECTIONAL = "\u202e"

_PLANTS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "python": (
        ("dates", 'due = "2026-02-31"'),
        ("debt", "# TODO: settle this"),
        ("logging", "print(total)"),
        ("secrets", f'key = "{_SECRET}"'),
        ("unicode", f'name = "{_BIDIRECTIONAL}total"'),
        ("", "try:"),
        ("", "    settle(total)"),
        ("errors", "except:"),
        ("", "    settle(None)"),
    ),
    "typescript": (
        ("dates", 'const due = "2026-02-31";'),
        ("debt", "// TODO: settle this"),
        ("logging", "console.log(total);"),
        ("secrets", f'const key = "{_SECRET}";'),
        ("unicode", f'const name = "{_BIDIRECTIONAL}total";'),
        ("errors", "try { settle(total) } catch (error) {}"),
    ),
}

_LOOSE = {"python": ("prin(total)", 4, "t"), "typescript": ("console.lo(total);", 10, "g")}

_FILLER = {
    "python": (
        "def settle_{n}(account, amount, *, currency=None):",
        '    """Settle what is open and say what is left."""',
        "    # An account without lines has nothing to settle.",
        "    if not account.lines or amount <= 0:",
        '        raise ValueError(f"cannot settle {{amount}} of {{account.name}}")',
        "    open_lines = [line for line in account.lines if not line.settled]",
        "    for line in sorted(open_lines, key=lambda line: line.date):",
        "        part = min(line.amount, amount)",
        "        line.amount, amount = line.amount - part, amount - part",
        "    return {{'left': amount, 'currency': currency or account.currency}}",
        "",
    ),
    "typescript": (
        "export function settle{n}(account: Account, amount: number, currency?: string): Left {{",
        "  // An account without lines has nothing to settle.",
        "  if (account.lines.length === 0 || amount <= 0) {{",
        "    throw new RangeError(`cannot settle ${{amount}} of ${{account.name}}`);",
        "  }}",
        "  const open = account.lines.filter((line) => !line.settled);",
        "  for (const line of open.sort((a, b) => a.date - b.date)) {{",
        "    const part = Math.min(line.amount, amount);",
        "    line.amount -= part;",
        "    amount -= part;",
        "  }}",
        "  return {{ left: amount, currency: currency ?? account.currency }};",
        "}}",
        "",
    ),
}

_SUFFIXES = {"python": ".py", "typescript": ".ts"}


def planted(language: str, count: int) -> Text:
    """A text of about `count` lines."""
    plants, (loose_line, column, letter) = _PLANTS[language], _LOOSE[language]
    lines: list[str] = []
    expected: list[tuple[int, str]] = []
    beside: list[int] = []
    apart: list[int] = []

    def plant() -> None:
        for family, line in plants:
            if family:
                expected.append((len(lines), family))
            lines.append(line)
        loosen(beside)

    def loosen(where: list[int]) -> None:
        lines.append("")
        where.append(len(lines))
        lines.extend((loose_line, ""))

    def fill(until: int) -> None:
        while len(lines) < until:
            number = len(lines)
            lines.extend(line.format(n=number) for line in _FILLER[language])

    plant()
    fill(count // 4)
    loosen(apart)
    fill(count // 2)
    plant()
    fill(count * 3 // 4)
    loosen(apart)
    fill(count - len(plants) - 3)
    plant()
    return Text(
        language, _SUFFIXES[language], lines, frozenset(expected), tuple(beside), tuple(apart), column, letter
    )


def many(language: str, count: int) -> Text:
    """A text of `count` violations, one a line."""
    line = {"python": "print(total)", "typescript": "console.log(total);"}[language]
    lines = [line] * count
    expected = frozenset((number, "logging") for number in range(count))
    return Text(language, _SUFFIXES[language], lines, expected, (), (), 0, "")
