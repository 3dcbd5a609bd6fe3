"""Rules' pages as reports hold them: where an example gives a secret, the word `example` stands.

A report may be written into the workspace, and the rules for secrets look at every file, at generated ones
too. What they found in the examples of a page would be nobody's to mend.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from html import unescape
from json import dumps, loads

from auto_enforcer import redaction, text
from auto_enforcer.cli_lines import Around
from auto_enforcer.looks import Lookout
from auto_enforcer.model import LONGEST_PIECE, File, Line, Zone
from auto_enforcer.render.markup import escaped

STANDS_IN = "example"
"""What stands in the place of a secret: a word that the rules take for none."""

MOST_ROUNDS = 4
"""How often a page is looked at: where one secret is gone, a rule may see another."""

_MARK = re.compile(r"[ \t]*(\^+)(?= |$)")
"""What says of a line of an example what is found on the line above."""

_READINGS = (
    ("json", Zone.STRING),
    ("html", Zone.TEXT),
    ("plaintext", Zone.TEXT),
    ("python", Zone.CODE),
)
"""What a line of a report may be read as."""


def harmless(page: str, every: Lookout) -> str:
    """A page in Markdown in which no rule for secrets finds anything: not as it stands, nor in HTML, nor in
    JSON, where all of it is one line, wherever the pieces begin in which a long line is looked at."""
    lines = page.split("\n")
    for _ in range(MOST_ROUNDS):
        before = list(lines)
        for written in (lines, [dumps(line) for line in lines], [escaped(line) for line in lines]):
            for number, secret in list(_secrets(written, every)):
                _take_out(secret, lines, [number])
        whole = dumps("\n".join(lines))
        for ahead in range(0, LONGEST_PIECE, LONGEST_PIECE // 4):
            for _, secret in list(_secrets([" " * ahead + whole], every)):
                _take_out(secret, lines, range(len(lines)))
        if lines == before:
            break
    return "\n".join(lines)


def _secrets(lines: Sequence[str], every: Lookout) -> Iterator[tuple[int, str]]:
    """What the rules for secrets find in some lines, as it stands there, with the index of the line."""
    block = text.encode("\n".join(lines))
    ends = [end for end, index in every.scanner.scan(block) if redaction.of_secrets(every.actions[index])]
    around = Around([text.encode(line) for line in lines] if ends else ())
    for number in sorted({block.count(b"\n", 0, end - 1) for end in ends}):
        for language, zone in _READINGS:
            file, runs = File(language, date.max), ((0, int(zone)),)
            line = Line(lines[number], number, language, file, lambda runs=runs: runs, around)  # type: ignore[misc]
            for secret, _ in redaction.secrets_in(every, line) or ():
                yield number, secret


def _take_out(secret: str, lines: list[str], numbers: Iterable[int]) -> None:
    """Put a word in the place of a secret, however it was written where it was found."""
    forms = [secret, unescape(secret), secret.rstrip("\\")]
    try:
        forms.append(str(loads(f'"{secret}"')))
    except ValueError:
        pass  # It is no JSON.
    for number in numbers:
        form = next((form for form in forms if form != STANDS_IN and form in lines[number]), "")
        at = lines[number].find(form) if form else -1
        while at >= 0:
            lines[number] = lines[number][:at] + STANDS_IN + lines[number][at + len(form) :]
            _move_marks(lines, number + 1, at, len(form))
            at = lines[number].find(form, at + len(STANDS_IN))


def _move_marks(lines: list[str], number: int, at: int, size: int) -> None:
    """Let the marks on the lines from `number` on point at what they did, now that a word stands at a column
    where there were so many characters."""
    change = len(STANDS_IN) - size
    while number < len(lines) and (mark := _MARK.match(lines[number])) is not None:
        start, end = (one + change if one >= at + size else min(one, at) for one in mark.span(1))
        end = max(end, start + 1)
        before = f"{lines[number][: mark.start(1)]:{start}}"[:start]
        lines[number] = before + "^" * (end - start) + lines[number][mark.end(1) :]
        number += 1
