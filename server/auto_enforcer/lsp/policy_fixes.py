"""The fixes of mistakes in a policy's file: what was meant is written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from auto_enforcer.lsp.positions import Lines
from auto_enforcer.model import Edit, Fix
from auto_enforcer.policy_values import Problem

_MEANT = re.compile(r"`([^`]+)`; did you mean `([^`]+)`\?\Z")
"""The end of a message about a word that is nearly right: the word, and what is near."""


def fixes(lines: Lines, problems: Iterable[Problem]) -> Iterator[tuple[Problem, Fix]]:
    """For each mistake that names what may have been meant, the fix that writes it in the word's place. Its
    edit's lines count from that of the mistake."""
    for problem in problems:
        match = _MEANT.search(problem.message)
        if match is None:
            continue
        wrong, near = match.groups()
        place = problem.place
        text = lines.line(place.line)
        # A mistake in a value is told at its key.
        found = re.compile(rf"(?<![\w/-]){re.escape(wrong)}(?![\w/-])").search(text, place.column)
        if found is not None:
            edit = Edit(0, found.start(), 0, found.end(), near)
            yield problem, Fix(f"Write `{near}`", False, (edit,))
