"""Quick fixes: a violation's own, and the comment that allows it where it stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from lsprotocol import types

from auto_enforcer.lsp.client import Client
from auto_enforcer.lsp.positions import column
from auto_enforcer.lsp.workspace import OpenDocument
from auto_enforcer.model import Edit, Fix, Row

KIND = "quickfix"
"""Of every action."""

MOST_ACTIONS = 100
"""In one answer."""

Action = dict[str, Any]
"""A `CodeAction` as JSON has it."""


def answer(opened: OpenDocument, params: types.CodeActionParams, client: Client) -> list[Action]:
    """The actions for what stands in a range.

    They are made from the document as it is now, since not every client gives back what it was sent with a
    diagnostic, and each holds its whole edit, since not every client asks for it later.
    """
    if not _is_wanted(params.context.only):
        return []
    encoding, span = client.encoding, params.range
    rows = [
        row
        for row, verdict in opened.session.rows(opened.document, span.start.line, span.end.line + 1)
        if verdict.shown is not None and _touches(span, *_span(opened, row, encoding))
    ]
    from auto_enforcer.lsp import allow  # it brings the lexer, which a server at rest does without

    fixes = [(row, fix) for row in rows for fix in row.violation.fixes]
    allowances = [
        (row, fix) for row in _one_of_each(rows) if (fix := allow.fix(opened.document, row)) is not None
    ]
    return [
        _action(opened, row, fix, params.context.diagnostics, client)
        for row, fix in [*fixes, *allowances][:MOST_ACTIONS]
    ]


def _is_wanted(only: Sequence[types.CodeActionKind | str] | None) -> bool:
    """Whether the client wants quick fixes; a kind stands for all that it is a prefix of."""
    return only is None or any(kind in ("", KIND) for kind in only)


def _span(opened: OpenDocument, row: Row, encoding: str) -> tuple[types.Position, types.Position]:
    start, end = (
        types.Position(row.number, column(opened.document, row.number, code_point, encoding))
        for code_point in (row.violation.start, row.violation.end)
    )
    return start, end


def _touches(span: types.Range, start: types.Position, end: types.Position) -> bool:
    return start <= span.end and span.start <= end


def _one_of_each(rows: Sequence[Row]) -> Iterator[Row]:
    """One row for each line and rule: a suppression speaks for all of them."""
    seen = set()
    for row in rows:
        key = (row.number, row.violation.rule)
        if key not in seen:
            seen.add(key)
            yield row


def _action(
    opened: OpenDocument, row: Row, fix: Fix, shown: Sequence[types.Diagnostic], client: Client
) -> Action:
    start, end = _span(opened, row, client.encoding)
    edits = [_edit(opened, row.number, edit, client.encoding) for edit in fix.edits]
    resolved = [
        diagnostic
        for diagnostic in shown
        if diagnostic.range.start == start
        and diagnostic.range.end == end
        and diagnostic.code == row.violation.rule
    ]
    action: Action = {"title": fix.title, "kind": KIND, "edit": _workspace_edit(opened, edits, client)}
    if resolved:
        action["diagnostics"] = resolved
    if fix.safe:
        action["isPreferred"] = True
    return action


def _workspace_edit(opened: OpenDocument, edits: list[dict[str, Any]], client: Client) -> dict[str, Any]:
    if not client.document_changes:
        return {"changes": {opened.uri: edits}}
    document = {"uri": opened.uri, "version": opened.version}
    return {"documentChanges": [{"textDocument": document, "edits": edits}]}


def _edit(opened: OpenDocument, number: int, edit: Edit, encoding: str) -> dict[str, Any]:
    ends = ((number + edit.start_line, edit.start), (number + edit.end_line, edit.end))
    start, end = (
        {"line": line, "character": column(opened.document, line, code_point, encoding)}
        for line, code_point in ends
    )
    text = edit.text
    if "\n" in text and opened.document.lines[0].endswith("\r\n"):
        text = text.replace("\r\n", "\n").replace("\n", "\r\n")
    return {"range": {"start": start, "end": end}, "newText": text}
