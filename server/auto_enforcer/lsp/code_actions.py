"""Code actions: a violation's own fixes, those of all its like, and the comment that allows it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from auto_enforcer.lsp.client import Client
from auto_enforcer.lsp.positions import column
from auto_enforcer.lsp.workspace import OpenDocument
from auto_enforcer.model import Edit, Fix, NamedTuple, Row, Verdict

if TYPE_CHECKING:
    from auto_enforcer.policy_values import Problem

QUICK_FIX = "quickfix"
FIX_ALL = "source.fixAll.auto-enforcer"
KINDS = (QUICK_FIX, FIX_ALL)
"""Of all actions."""

OPEN_PAGE = "autoEnforcer.openPage"
"""The command that shows a rule's page; its argument is the rule's id."""

MOST_ACTIONS = 100
"""In one answer."""

MOST_FIXES = 10_000
"""Violations that one action mends."""

Action = dict[str, Any]
"""A `CodeAction` as JSON has it."""


class Placed(NamedTuple):
    """A fix and the line that its edits count from."""

    number: int
    fix: Fix


def answer(
    opened: OpenDocument,
    params: types.CodeActionParams,
    client: Client,
    problems: Sequence[Problem] = (),
    others: Collection[OpenDocument] = (),
) -> list[Action]:
    """The actions for what stands in a range, and those for the file.

    They are made from the document as it is now, since not every client gives back what it was sent with a
    diagnostic, and each holds its whole edit, since not every client asks for it later. Nothing is checked
    for them: they are made of what is known. `problems` are those of the document as a policy's file;
    `others` are the documents that are open, the policy's file perhaps among them.
    """
    only = params.context.only
    by_hand = params.context.trigger_kind != types.CodeActionTriggerKind.Automatic
    actions: list[Action] = []
    if _is_wanted(QUICK_FIX, only):
        actions += _of_policy(opened, params, client, problems) if problems else []
        actions += _quick_fixes(opened, params, client, others)
    if _is_wanted(FIX_ALL, only) and (only or by_hand):
        actions += _fix_all(opened, client)
    return actions[:1] if client.applies_all else actions


def _of_policy(
    opened: OpenDocument, params: types.CodeActionParams, client: Client, problems: Sequence[Problem]
) -> Iterator[Action]:
    from auto_enforcer.lsp import policy_fixes

    span = params.range
    near = [one for one in problems if span.start.line <= one.place.line <= span.end.line]
    for problem, fix in policy_fixes.fixes(opened.document, near):
        edits = _edits(opened, [Placed(problem.place.line, fix)], client)
        yield {"title": fix.title, "kind": QUICK_FIX, "edit": _workspace_edit(opened, edits, client)}


def _is_wanted(kind: str, only: Sequence[types.CodeActionKind | str] | None) -> bool:
    """Whether the client wants actions of a kind; one stands for all that it is a prefix of."""
    if only is None:
        return True
    names = [one.value if isinstance(one, types.CodeActionKind) else one for one in only]
    return any(name in ("", kind) or kind.startswith(f"{name}.") for name in names)


def _quick_fixes(
    opened: OpenDocument, params: types.CodeActionParams, client: Client, others: Collection[OpenDocument]
) -> list[Action]:
    encoding, span = client.encoding, params.range
    judged = [
        (row, verdict)
        for row, verdict in opened.session.rows(opened.document, span.start.line, span.end.line + 1)
        if verdict.shown is not None and _touches(span, *_span(opened, row, encoding))
    ]
    shown = params.context.diagnostics
    # Some ask with the range of the whole file for what they name.
    judged = [(row, verdict) for row, verdict in judged if _named(opened, row, shown, encoding)] or judged
    rows = [row for row, _ in judged]
    if not rows:
        return []
    found: list[tuple[Row, Fix]] = [(row, fix) for row in rows for fix in _fixes(opened, row)]
    found += _allowances(opened, rows)
    actions = [_of_row(opened, row, fix, shown, client) for row, fix in found[:MOST_ACTIONS]]
    actions += _of_all_like(opened, rows, client)
    for rule in _rules(rows):
        actions += _for_the_file(opened, rule, client)
    actions += _allowed_elsewhere(opened, rows, client, others)
    actions += _turned_off(opened, rows, client, others)
    actions += _taken_in(opened, judged, client, others)
    actions += [_page(rule) for rule in _rules(rows) if client.shows_documents]
    return actions[:MOST_ACTIONS]


def _fixes(opened: OpenDocument, row: Row) -> Iterable[Fix]:
    """A violation's own fixes; the enforcer's own rules have theirs from the comment that they speak of."""
    if not row.violation.rule.startswith("enforcer/"):
        return row.violation.fixes
    from auto_enforcer.lsp import mentions, suppression_fixes

    known = mentions.names(opened.session.policy(opened.path).entries)
    return suppression_fixes.fixes(opened.document, row, known)


def _allowances(opened: OpenDocument, rows: Sequence[Row]) -> Iterator[tuple[Row, Fix]]:
    from auto_enforcer.lsp import allow  # it brings the lexer, which a server at rest does without

    for row in _one_of_each(rows):
        fix = allow.fix(opened.document, row)
        if fix is not None:
            yield row, fix


def _of_all_like(opened: OpenDocument, rows: Sequence[Row], client: Client) -> Iterator[Action]:
    """An action for each of the rows' rules that mends all that the rule found, where that is more."""
    for rule in _rules(rows):
        placed = _first_fixes(opened, {rule}, safe=False)
        if len(placed) > 1:
            title = f"Fix all {len(placed)} of `{rule}` in this file"
            edits = _edits(opened, placed, client)
            yield {"title": title, "kind": QUICK_FIX, "edit": _workspace_edit(opened, edits, client)}


def _for_the_file(opened: OpenDocument, rule: str, client: Client) -> Iterator[Action]:
    from auto_enforcer.lsp import allow

    fix = allow.file_fix(opened.document, rule)
    if fix is not None:
        edits = _edits(opened, [Placed(0, fix)], client, asking=True)
        yield {"title": fix.title, "kind": QUICK_FIX, "edit": _workspace_edit(opened, edits, client)}


def _turned_off(
    opened: OpenDocument, rows: Sequence[Row], client: Client, others: Collection[OpenDocument]
) -> Iterator[Action]:
    from auto_enforcer.lsp import policy_tables

    for rule, file, edit in policy_tables.turning_off(opened, _rules(rows), others, client):
        yield {"title": f"Turn `{rule}` off for this file in {file}", "kind": QUICK_FIX, "edit": edit}


def _allowed_elsewhere(
    opened: OpenDocument, rows: Sequence[Row], client: Client, others: Collection[OpenDocument]
) -> Iterator[Action]:
    """Actions that allow violations in the configuration file, where no comment can."""
    from auto_enforcer.lsp import allow, policy_tables

    without = [row for row in _one_of_each(rows) if allow.fix(opened.document, row) is None]
    for row, file, edit in policy_tables.allowing(opened, without, others, client):
        title = f"Allow this `{row.violation.rule}` in {file}: write the reason there"
        yield {"title": title, "kind": QUICK_FIX, "edit": edit}


def _taken_in(
    opened: OpenDocument,
    judged: Sequence[tuple[Row, Verdict]],
    client: Client,
    others: Collection[OpenDocument],
) -> Iterator[Action]:
    from auto_enforcer.lsp import baseline_action

    for row, edit in baseline_action.edits(opened, judged, others, client):
        title = f"Take this `{row.violation.rule}` into the baseline"
        yield {"title": title, "kind": QUICK_FIX, "edit": edit}


def _page(rule: str) -> Action:
    title = f"Show the page of `{rule}`"
    command = {"title": title, "command": OPEN_PAGE, "arguments": [rule]}
    return {"title": title, "kind": QUICK_FIX, "command": command}


def _fix_all(opened: OpenDocument, client: Client) -> list[Action]:
    placed = _first_fixes(opened, None, safe=True)
    if not placed:
        return []
    edit = _workspace_edit(opened, _edits(opened, placed, client), client)
    return [{"title": "Fix all that is safe in this file", "kind": FIX_ALL, "edit": edit}]


def safe_edits(opened: OpenDocument, client: Client) -> tuple[int, list[dict[str, Any]]]:
    """How many safe fixes a document has, and their edits as JSON has them."""
    placed = _first_fixes(opened, None, safe=True)
    return len(placed), _edits(opened, placed, client)


def _first_fixes(opened: OpenDocument, rules: set[str] | None, *, safe: bool) -> list[Placed]:
    """The first fix of each violation that is shown, of these rules or of all, as far as they do not speak of
    the same text: the first one in the file has it."""
    taken: list[Placed] = []
    end = (-1, -1)
    for row, verdict in opened.session.rows(opened.document):
        if verdict.shown is None or (rules is not None and row.violation.rule not in rules):
            continue
        fix = next((one for one in _fixes(opened, row) if one.safe or not safe), None)
        if fix is None or not fix.edits:
            continue
        first = min((row.number + edit.start_line, edit.start) for edit in fix.edits)
        last = max((row.number + edit.end_line, edit.end) for edit in fix.edits)
        if first < end or (first == last == end):
            continue
        end = last
        taken.append(Placed(row.number, fix))
        if len(taken) == MOST_FIXES:
            break
    return taken


def _rules(rows: Sequence[Row]) -> list[str]:
    return list(dict.fromkeys(row.violation.rule for row in rows))


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


def _of_row(
    opened: OpenDocument, row: Row, fix: Fix, shown: Sequence[types.Diagnostic], client: Client
) -> Action:
    asking = fix not in row.violation.fixes
    edits = _edits(opened, [Placed(row.number, fix)], client, asking=asking)
    resolved = _named(opened, row, shown, client.encoding)
    action: Action = {"title": fix.title, "kind": QUICK_FIX, "edit": _workspace_edit(opened, edits, client)}
    if resolved:
        action["diagnostics"] = resolved
    if fix.safe:
        action["isPreferred"] = True
    return action


def _named(
    opened: OpenDocument, row: Row, shown: Sequence[types.Diagnostic], encoding: str
) -> list[types.Diagnostic]:
    """The client's diagnostics that are this row."""
    start, end = _span(opened, row, encoding)
    return [
        diagnostic
        for diagnostic in shown
        if diagnostic.range.start == start
        and diagnostic.range.end == end
        and diagnostic.code == row.violation.rule
    ]


def _workspace_edit(opened: OpenDocument, edits: list[dict[str, Any]], client: Client) -> dict[str, Any]:
    if not client.document_changes:
        return {"changes": {opened.uri: edits}}
    document = {"uri": opened.uri, "version": opened.version}
    return {"documentChanges": [{"textDocument": document, "edits": edits}]}


def _edits(
    opened: OpenDocument, placed: Iterable[Placed], client: Client, *, asking: bool = False
) -> list[dict[str, Any]]:
    """The edits of fixes as JSON has them. `asking`: a reason is to be written, and the client may put its
    cursor there."""
    return [
        _edit(opened, number, edit, client, asking=asking) for number, fix in placed for edit in fix.edits
    ]


def _edit(opened: OpenDocument, number: int, edit: Edit, client: Client, *, asking: bool) -> dict[str, Any]:
    ends = ((number + edit.start_line, edit.start), (number + edit.end_line, edit.end))
    start, end = (
        {"line": line, "character": column(opened.document, line, code_point, client.encoding)}
        for line, code_point in ends
    )
    text = edit.text
    if "\n" in text and opened.document.lines[0].endswith("\r\n"):
        text = text.replace("\r\n", "\n").replace("\n", "\r\n")
    span = {"start": start, "end": end}
    if asking and client.snippets and client.document_changes:
        return {"range": span, "snippet": {"kind": "snippet", "value": _snippet(text)}}
    return {"range": span, "newText": text}


def _snippet(text: str) -> str:
    """The text with the reason to be written as the snippet's first stop."""
    from auto_enforcer.suppressions import PLACEHOLDER

    escaped = text.replace("\\", "\\\\").replace("$", "\\$").replace("}", "\\}")
    before, reason, after = escaped.rpartition(PLACEHOLDER)
    return f"{before}${{1:{reason}}}{after}" if reason else escaped
