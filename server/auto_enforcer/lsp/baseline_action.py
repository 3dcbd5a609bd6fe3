"""The edit of the baseline that takes one violation in: a line at its sorted place, so that all else stays as
it is. What is saved counts."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from auto_enforcer import baseline, reading
from auto_enforcer.baseline import Baseline, Digests, Entry, Identity
from auto_enforcer.baseline_rows import identity
from auto_enforcer.files import BASELINE
from auto_enforcer.lsp.client import Client
from auto_enforcer.lsp.positions import column, uri_of
from auto_enforcer.model import NamedTuple, Scope

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from auto_enforcer.lsp.workspace import OpenDocument
    from auto_enforcer.model import Row, Verdict

LARGEST = 8 << 20
"""Bytes of a baseline that is edited, at most."""


class _Known(NamedTuple):
    """The baseline: its URI, what it says, and where it ends. `end` is None where there is no such file."""

    uri: str
    baseline: Baseline
    version: int | None
    end: dict[str, int] | None


def edits(
    opened: OpenDocument,
    judged: Iterable[tuple[Row, Verdict]],
    open_documents: Iterable[OpenDocument],
    client: Client,
) -> Iterator[tuple[Row, dict[str, Any]]]:
    """Of the rows those that are new and can be taken in, each with a workspace edit. Nothing where the
    baseline has bad lines, or where there is none and the client cannot make files."""
    session = opened.session
    new = [row for row, verdict in judged if not (verdict.baselined or verdict.scope is Scope.HISTORICAL)]
    if not new or not os.path.isdir(session.root):
        return
    relative = session.relative(opened.path)
    if relative.startswith("../"):
        return
    path = os.path.join(session.root, BASELINE)
    known = _of_open(path, open_documents, client) or _of_disk(path)
    if known is None or known.baseline.mistakes:
        return
    if known.end is None and not (client.makes_files and client.document_changes):
        return
    salts = known.baseline.salts or (os.urandom(baseline.SALT),)
    applied = session.empty_baseline() if session.baseline is None else session.baseline
    digests = applied.digests if applied.baseline.salts == salts else Digests(salts)
    held = known.baseline.entries(relative)
    for row in new:
        found = identity(row, opened.document.line, applied.every, digests)
        if found is not None:
            yield row, _edit(known, _entry(relative, found, held), salts, client)


def _entry(relative: str, found: Identity, held: Sequence[Entry]) -> Entry:
    """One more than there are: by the salt of which there are most, for that is the one that counts."""
    counts = [sum((one.rule, one.digest) == (found.rule, digest) for one in held) for digest in found.digests]
    salt = counts.index(max(counts))
    key = relative, found.rule, found.digests[salt], found.nears[salt]
    return Entry(*key, 1 + max((one.ordinal for one in held if one[:4] == key), default=0))


def _edit(known: _Known, entry: Entry, salts: Sequence[bytes], client: Client) -> dict[str, Any]:
    if known.end is None:
        text = baseline.written(None, salts, [entry]).decode()
        begin = {"line": 0, "character": 0}
        return {
            "documentChanges": [
                {"kind": "create", "uri": known.uri, "options": {"ignoreIfExists": True}},
                {
                    "textDocument": {"uri": known.uri, "version": None},
                    "edits": [{"range": {"start": begin, "end": begin}, "newText": text}],
                },
            ]
        }
    place, text = _place(known, entry)
    if not known.baseline.salts:
        text = baseline.written(None, salts, [entry]).decode()
    if b"\r\n" in known.baseline.data:
        text = text.replace("\n", "\r\n")
    edits = [{"range": {"start": place, "end": place}, "newText": text}]
    if not client.document_changes:
        return {"changes": {known.uri: edits}}
    document = {"uri": known.uri, "version": known.version}
    return {"documentChanges": [{"textDocument": document, "edits": edits}]}


def _place(known: _Known, entry: Entry) -> tuple[dict[str, int], str]:
    """Where the entry's line comes, and its text: above the first entry that is behind it, and above the
    comments of that one; else at the end."""
    line = entry.line()
    number = baseline.place_of(known.baseline, line)
    if number is not None:
        return {"line": number, "character": 0}, line.decode()
    assert known.end is not None
    data = known.baseline.data
    before = "" if not data or data.endswith(b"\n") else "\n"
    return known.end, before + line.decode()


def _of_open(path: str, open_documents: Iterable[OpenDocument], client: Client) -> _Known | None:
    """The file as an editor shows it."""
    for one in open_documents:
        if one.path == path:
            last = one.document.line_count - 1
            length = len(one.document.line(last))
            end = {"line": last, "character": column(one.document, last, length, client.encoding)}
            return _Known(one.uri, Baseline(one.document.text().encode()), one.version, end)
    return None


def _of_disk(path: str) -> _Known | None:
    """The file as it is saved; None where it cannot be edited."""
    if not os.path.lexists(path):
        return _Known(uri_of(path), Baseline(b""), None, None)
    try:
        with reading.open_regular(path) as file:
            data = reading.read_block(file, LARGEST + 1)
        data.decode()
    except (OSError, UnicodeDecodeError):
        return None
    lines = data.split(b"\n")
    # A last line without an end is rare, and one that is not ASCII rarer: then nothing is offered.
    if len(data) > LARGEST or not lines[-1].isascii():
        return None
    return _Known(uri_of(path), Baseline(data), None, {"line": len(lines) - 1, "character": len(lines[-1])})
