"""The fixes of what is wrong with a suppression: it is removed, or says what it should."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from auto_enforcer import lexer, standing, suppressions
from auto_enforcer.document import Document
from auto_enforcer.lsp import mentions
from auto_enforcer.model import Edit, Fix, Line, Row
from auto_enforcer.policy_words import nearest
from auto_enforcer.suppressions import Directive

_BARE = ("", "{}")
"""What is left of a line that held nothing but a comment; markup in JavaScript has it in braces."""


def fixes(document: Document, row: Row, known: Collection[str]) -> Iterator[Fix]:
    """The fixes of a violation of the enforcer's own rules. `known` are the ids and families that may be
    named."""
    rule, number, start = row.violation.rule, row.number, row.violation.start
    found = mentions.directive_of(document, number)
    if found is None or row.violation.start == row.violation.end:
        return  # what is said of a table of the policy, is said of the file as such
    line, directive = found
    if rule == standing.UNUSED:
        unused = standing.named_unused(row.violation)
        removed = _without(directive, unused) or _removed(document, line, directive)
        if removed is not None:
            yield Fix("Remove what takes nothing out", True, (removed,))
    elif rule == "enforcer/expired-suppression":
        removed = _removed(document, line, directive)
        if removed is not None:
            yield Fix("Remove the expired suppression", False, (removed,))
    elif rule == "enforcer/missing-reason":
        text = document.line(number)[: directive.end].rstrip()
        text = text.removesuffix(suppressions.PLACEHOLDER).rstrip()
        begun = "" if text.endswith(":") else ":"
        yield Fix(
            "Write the reason",
            False,
            (Edit(0, len(text), 0, directive.end, f"{begun} {suppressions.PLACEHOLDER}"),),
        )
    elif rule == "enforcer/unknown-rule":
        name = next((name for name, column in directive.names if column == start), "")
        near = nearest(name, known) if name else ""
        if near:
            yield Fix(f"Write `{near}`", False, (Edit(0, start, 0, start + len(name), near),))


def _without(directive: Directive, unused: Collection[str]) -> Edit | None:
    """The brackets without the unused names; None where no name would be left."""
    kept = [name for name, _ in directive.names if name not in unused]
    if not kept or len(kept) == len(directive.names):
        return None
    name, last = directive.names[-1]
    return Edit(0, directive.names[0][1], 0, last + len(name), ", ".join(kept))


def _removed(document: Document, line: Line, directive: Directive) -> Edit | None:
    """The directive's comment taken out, with its line where it stood alone; None where that would change
    what the lines below are."""
    text, number = line.text, line.number
    state = document.state_above(number)
    before = lexer.lex(text, state)
    start, end = suppressions.extent(line, directive)
    rest = (text[:start] + text[end:]).rstrip()
    if rest.strip() in _BARE and number + 1 < document.line_count:
        return Edit(0, 0, 1, 0, "") if before.state == state else None
    kept = text[:start].rstrip() if not text[end:].strip() else text[:start]
    if lexer.lex(kept + text[end:], state).state != before.state:
        return None
    return Edit(0, len(kept), 0, len(text) if kept != text[:start] else end, "")
