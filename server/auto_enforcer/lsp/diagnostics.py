"""Rows as the JSON text of diagnostics, encoded once for each violation and joined."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from auto_enforcer.hashing import begin, digest
from auto_enforcer.lsp.pages import page_of
from auto_enforcer.lsp.positions import Lines
from auto_enforcer.lsp.team import Told
from auto_enforcer.model import NamedTuple, Row, Scope, Severity, Stage, Verdict, Violation
from auto_enforcer.text import units

SOURCE = "auto-enforcer"
"""Of every diagnostic."""

SEVERITIES = {"error": 1, "warning": 2, "information": 3}
"""`Verdict.shown` as the protocol's number."""

TAGS = {"unnecessary": 1, "deprecated": 2}
"""A rule's tags as the protocol's numbers."""

_AGES = {False: "historical", True: "in the baseline"}

_WOULD_BLOCK = f"would be blocked at stage `{Stage.BLOCK.value}`"

_SPARE = 64
"""Texts beyond twice those shown that are remembered before the rest is forgotten."""

Judged = tuple[Row, Verdict]


_Tail = tuple[Violation, Verdict, int | None, str, str]
"""What a diagnostic was made from, violation, verdict and base line, and its text between and after the two
places where its line number stands. It keeps the violation, so that no other one can have its identity."""


class Origin(NamedTuple):
    """Where the lines of a document's base are."""

    uri: str
    """What a client can show of them: the document."""
    commit: str
    path: str = ""
    """In the base; "" where that is the document's own."""


class Encoder:
    """Makes the diagnostics of one document. Remembers the texts of the last time, as many as are shown: most
    are what they were after an edit."""

    __slots__ = ("_encoding", "_origin", "_related", "_tags", "_tails", "_told")

    def __init__(
        self,
        encoding: str,
        tags: Callable[[str], Sequence[str]],
        told: Callable[[str], Told | None] | None = None,
        *,
        related: bool = False,
    ) -> None:
        """`tags` gives those of our rules, `told` what is said of a policy's own. `related`: whether the
        client shows what a diagnostic is related to."""
        self._related = related
        self._encoding = encoding
        self._tags = tags
        self._told = told
        self._tails: dict[int, _Tail] = {}
        self._origin: Origin | None = None

    def compare(self, origin: Origin | None) -> None:
        """Say of old violations from now on where they stood; None: nothing more than that they are old."""
        if origin != self._origin:
            self._origin = origin
            self._tails = {}

    def encode(self, shown: Sequence[Judged], left_out: int, lines: Lines) -> list[str]:
        """The JSON texts in line order. If more were left out, the last one says how many."""
        known = self._tails
        texts = []
        for row, verdict in shown:
            number, violation = row.number, row.violation
            tail = known.get(id(violation))
            # One that is the same object stands on a line of the same text.
            if tail is None or tail[1] != verdict or tail[2] != row.base:
                tail = known[id(violation)] = self._tail(row, verdict, lines.line(number))
            texts.append(f'{{"range":{{"start":{{"line":{number}{tail[3]}{number}{tail[4]}')
        if len(known) > 2 * len(shown) + _SPARE:
            self._tails = {id(row.violation): known[id(row.violation)] for row, _ in shown}
        if left_out:
            texts.append(_more(left_out))
        return texts

    def _tail(self, row: Row, verdict: Verdict, line: str) -> _Tail:
        violation = row.violation
        start, end = (units(line, column, self._encoding) for column in (violation.start, violation.end))
        rest: dict[str, Any] = {
            "severity": SEVERITIES[verdict.shown or "information"],
            "code": violation.rule,
        }
        page, said = page_of(violation.rule), self._tags(violation.rule)
        told = self._told(violation.rule) if self._told is not None and not page else None
        if told is not None:
            page, said = told.page, told.tags
        if page:
            rest["codeDescription"] = {"href": page}
        rest["source"] = SOURCE
        is_old = verdict.baselined or verdict.scope is Scope.HISTORICAL
        remark = _AGES[verdict.baselined] if is_old else _WOULD_BLOCK if _would_block(verdict) else ""
        rest["message"] = f"{violation.message} ({remark})" if remark else violation.message
        if tags := [TAGS[tag] for tag in said if tag in TAGS]:
            rest["tags"] = tags
        related = list(told.related) if told is not None else []
        if is_old:
            rest["data"] = {"scope": verdict.scope.value, "baselined": verdict.baselined}
            related += self._stood(row.base)
        if related:
            rest["relatedInformation"] = related
        after = f',"character":{end}}}}},{json.dumps(rest)[1:]}'
        return violation, verdict, row.base, f',"character":{start}}},"end":{{"line":', after

    def _stood(self, line: int | None) -> list[dict[str, Any]]:
        """Where a violation stood, as related information."""
        origin = self._origin
        if not self._related or origin is None or line is None or line < 0:
            return []
        place = {"line": line, "character": 0}
        of = f" of `{origin.path}`" if origin.path else ""
        return [
            {
                "location": {"uri": origin.uri, "range": {"start": place, "end": place}},
                "message": f"stood on line {line + 1}{of} in {origin.commit}",
            }
        ]


def _would_block(verdict: Verdict) -> bool:
    """Whether it is no error only because its rule is not rolled out yet."""
    return verdict.severity is Severity.BLOCKED and verdict.stage is not Stage.BLOCK


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


def report(texts: Sequence[str], known: str | None) -> tuple[str, str]:
    """A document's diagnostics as the client that asks for them gets them, and their result id, which tells
    them from others. `known` is the id of those that the client has."""
    hasher = begin()
    hasher.update(",".join(texts).encode("ascii"))
    result = digest(hasher).hex()[:32]
    if result == known:
        return unchanged(result), result
    return f'{{"kind":"full","resultId":"{result}","items":[{",".join(texts)}]}}', result


def unchanged(result: str) -> str:
    """The report that the client has all of already, by the id that it was given with."""
    return f'{{"kind":"unchanged","resultId":"{result}"}}'


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
