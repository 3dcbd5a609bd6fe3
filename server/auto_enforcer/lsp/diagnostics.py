"""Rows as the JSON text of diagnostics, encoded once for each violation and joined."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from itertools import islice
from typing import Any

from auto_enforcer.lsp.pages import page_of
from auto_enforcer.lsp.positions import Lines
from auto_enforcer.model import Row, Scope, Severity, Verdict, Violation
from auto_enforcer.text import units

SOURCE = "auto-enforcer"
"""Of every diagnostic."""

SEVERITIES = {"error": 1, "warning": 2, "information": 3}
"""`Verdict.shown` as the protocol's number."""

TAGS = {"unnecessary": 1, "deprecated": 2}
"""A rule's tags as the protocol's numbers."""

_SPARE = 64
"""Texts beyond twice those shown that are remembered before the rest is forgotten."""

Judged = tuple[Row, Verdict]


_Tail = tuple[Violation, str | None, int, int, str, str]
"""What a diagnostic was made from: violation, `shown`, start and end in the client's units; and its text
between and after the two places where its line number stands."""


class Encoder:
    """Makes the diagnostics of one document. Remembers the texts of the last time, as many as are shown: most
    are what they were after an edit."""

    __slots__ = ("_encoding", "_most", "_tags", "_tails")

    def __init__(self, encoding: str, most: int, tags: Callable[[str], Sequence[str]]) -> None:
        self._encoding = encoding
        self._most = most
        self._tags = tags
        self._tails: dict[int, _Tail] = {}

    def encode(self, judged: Sequence[Judged], lines: Lines) -> list[str]:
        """The JSON texts in line order. If there are more than may be shown, the last one says how many."""
        shown, left_out = _chosen(judged, self._most)
        known, encoding = self._tails, self._encoding
        in_code_points = encoding == "utf-32"
        texts = []
        for row, verdict in shown:
            violation, number = row.violation, row.number
            start, end = violation.start, violation.end
            if not in_code_points and not (line := lines.line(number)).isascii():
                start, end = units(line, start, encoding), units(line, end, encoding)
            tail = known.get(id(violation))
            if (
                tail is None
                or tail[0] is not violation  # the identity alone may be that of one that is gone
                or tail[1] != verdict.shown
                or tail[2] != start
                or tail[3] != end
            ):
                tail = known[id(violation)] = self._tail(violation, verdict.shown, start, end)
            digits = str(number)
            texts.append(f'{{"range":{{"start":{{"line":{digits}{tail[4]}{digits}{tail[5]}')
        if len(known) > 2 * len(shown) + _SPARE:
            self._tails = {id(row.violation): known[id(row.violation)] for row, _ in shown}
        if left_out:
            texts.append(_more(left_out))
        return texts

    def _tail(self, violation: Violation, shown: str | None, start: int, end: int) -> _Tail:
        rest: dict[str, Any] = {"severity": SEVERITIES[shown or "information"], "code": violation.rule}
        if page := page_of(violation.rule):
            rest["codeDescription"] = {"href": page}
        rest["source"] = SOURCE
        rest["message"] = violation.message
        if tags := [TAGS[tag] for tag in self._tags(violation.rule) if tag in TAGS]:
            rest["tags"] = tags
        after = f',"character":{end}}}}},{json.dumps(rest)[1:]}'
        return violation, shown, start, end, f',"character":{start}}},"end":{{"line":', after


def at(line: int, start: int, end: int, severity: int, code: str, message: str) -> str:
    """The JSON text of one diagnostic that no rule of a file's lines made. Columns in the client's units."""
    diagnostic = {
        "range": {"start": {"line": line, "character": start}, "end": {"line": line, "character": end}},
        "severity": severity,
        "code": code,
        "source": SOURCE,
        "message": message,
    }
    return json.dumps(diagnostic)


def publication(uri: str, version: int | None, texts: Sequence[str]) -> bytes:
    """The whole `textDocument/publishDiagnostics` notification, without its header."""
    numbered = "" if version is None else f'"version":{version},'
    return (
        '{"jsonrpc":"2.0","method":"textDocument/publishDiagnostics","params":{"uri":'
        f'{json.dumps(uri)},{numbered}"diagnostics":[{",".join(texts)}]}}}}'
    ).encode("ascii")


def _chosen(judged: Sequence[Judged], most: int) -> tuple[Sequence[Judged], int]:
    """What is to be shown, in line order, and how many are left out for the last diagnostic to tell.

    New before historical, then blocked before warning. Verdicts are few objects, however many rows there are.
    """
    verdicts = {id(verdict): verdict for _, verdict in judged}
    hidden = {key for key, verdict in verdicts.items() if verdict.shown is None}
    shown = [pair for pair in judged if id(pair[1]) not in hidden] if hidden else judged
    if len(shown) <= most:
        return shown, 0
    ranks: dict[int, set[int]] = {}
    for key in verdicts.keys() - hidden:
        ranks.setdefault(_rank(verdicts[key]), set()).add(key)
    chosen: list[int] = []
    for rank in sorted(ranks):
        keys = ranks[rank]
        of_rank = (index for index, pair in enumerate(shown) if id(pair[1]) in keys)
        chosen += islice(of_rank, most - 1 - len(chosen))
    return [shown[index] for index in sorted(chosen)], len(shown) - len(chosen)


def _rank(verdict: Verdict) -> int:
    return 2 * (verdict.scope is Scope.HISTORICAL) + (verdict.severity is Severity.WARNING)


def _more(count: int) -> str:
    violations = "violation is" if count == 1 else "violations are"
    message = f"{count} more {violations} not shown here, run `auto-enforcer check` on this file to see all"
    return at(0, 0, 0, SEVERITIES["information"], "enforcer/more-violations", message)


def failure(kind: str) -> str:
    """The diagnostic of a document that could not be checked: nothing unchecked may look clean."""
    message = (
        f"this document could not be checked ({kind}), open it again; the server's log says where it failed"
    )
    return at(0, 0, 0, SEVERITIES["error"], "enforcer/check-failed", message)
