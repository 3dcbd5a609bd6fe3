"""Edits of a configuration file: a table of its own at the end, which turns a rule off for one path or allows
one violation, so that the file's comments and layout stay as they are."""

from __future__ import annotations

import os
import re
import tomllib
from typing import TYPE_CHECKING, Any

from auto_enforcer import reading
from auto_enforcer.globs import glob_of
from auto_enforcer.lsp.client import Client
from auto_enforcer.lsp.positions import column, uri_of
from auto_enforcer.model import NamedTuple
from auto_enforcer.policy_allowances import NEW_FILE, placed, quoted, written

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from auto_enforcer.lsp.workspace import OpenDocument
    from auto_enforcer.model import Row

LARGEST = 1 << 20
"""Bytes of a configuration file that is edited, at most."""


class _Ended(NamedTuple):
    """A configuration file: where it ends, by the client's positions, and the version that is open."""

    uri: str
    text: str
    version: int | None
    end: dict[str, int]


class _Target(NamedTuple):
    """Where a table goes: the file relative to the workspace, what it is now, None where it is to be made,
    what goes before the names of its tables, and the path of the table's file as it is told there."""

    file: str
    ended: _Ended | None
    prefix: str
    inside: str


def turning_off(
    opened: OpenDocument, rules: Iterable[str], open_documents: Iterable[OpenDocument], client: Client
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """The configuration file's name and a workspace edit for each rule. Nothing for one that cannot be turned
    off, where the file has a form that a table at its end would not fit, or where the client cannot make a
    file. The file is read once."""
    may_be = [rule for rule in rules if rule != "enforcer/rule-failed"]
    target = _target(opened, open_documents, client) if may_be else None
    for rule in may_be if target is not None else ():
        assert target is not None
        glob = glob_of(target.inside)
        table = f'[[{target.prefix}overrides]]\npaths = [{quoted(glob)}]\nrules = {{ "{rule}" = "off" }}\n'
        edit = _edit(target, table, ("overrides", "paths", [glob]), opened.session.root, client)
        if edit is not None:
            yield rule, target.file, edit


def allowing(
    opened: OpenDocument, rows: Iterable[Row], open_documents: Iterable[OpenDocument], client: Client
) -> Iterator[tuple[Row, str, dict[str, Any]]]:
    """The same for an `[[allow]]` table of each row, which somebody who reads it gives a reason."""
    may_be = [row for row in rows if not row.violation.rule.startswith("enforcer/")]
    target = _target(opened, open_documents, client) if may_be else None
    for row in may_be if target is not None else ():
        assert target is not None
        known_by = opened.session.known_by(opened.document, row)
        if not known_by:
            continue
        table = written(row.violation.rule, target.inside, known_by, target.prefix)
        edit = _edit(target, table, ("allow", "path", target.inside), opened.session.root, client)
        if edit is not None:
            yield row, target.file, edit


def _target(opened: OpenDocument, open_documents: Iterable[OpenDocument], client: Client) -> _Target | None:
    session = opened.session
    if not os.path.isdir(session.root):
        return None
    relative = session.relative(opened.path)
    file = session.policy(opened.path).file
    if not file:
        return _Target(NEW_FILE, None, "", relative) if _may_make(client, session.root) else None
    path = os.path.join(session.root, file)
    ended = _of_open(path, open_documents, client) or _of_disk(path)
    file, prefix, inside = placed(file, relative)
    return None if ended is None else _Target(file, ended, prefix, inside)


def _edit(
    target: _Target, table: str, told: tuple[str, str, object], root: str, client: Client
) -> dict[str, Any] | None:
    """The edit that adds a table; None where it would not fit. `told`: the name of its kind, and a key of it
    with its value."""
    ended = target.ended
    if ended is None:
        return _new_file(root, table)
    gap = "" if not ended.text else "\n" if ended.text.endswith("\n") else "\n\n"
    if not _fits(ended.text + gap + table, target.prefix, told):
        return None
    new = gap + table
    return _insertion(ended, new.replace("\n", "\r\n") if "\r\n" in ended.text else new, client)


def _insertion(ended: _Ended, new: str, client: Client) -> dict[str, Any]:
    edits = [{"range": {"start": ended.end, "end": ended.end}, "newText": new}]
    if not client.document_changes:
        return {"changes": {ended.uri: edits}}
    document = {"uri": ended.uri, "version": ended.version}
    return {"documentChanges": [{"textDocument": document, "edits": edits}]}


def _may_make(client: Client, root: str) -> bool:
    """A file that is there and speaks of nothing, or is no regular one, is nobody's to write over."""
    return (
        client.makes_files and client.document_changes and not os.path.lexists(os.path.join(root, NEW_FILE))
    )


def _new_file(root: str, table: str) -> dict[str, Any]:
    uri = uri_of(os.path.join(root, NEW_FILE))
    begin = {"line": 0, "character": 0}
    text = f'extends = ["recommended"]\n\n{table}'
    return {
        "documentChanges": [
            {"kind": "create", "uri": uri, "options": {"ignoreIfExists": True}},
            {
                "textDocument": {"uri": uri, "version": None},
                "edits": [{"range": {"start": begin, "end": begin}, "newText": text}],
            },
        ]
    }


def _of_open(path: str, open_documents: Iterable[OpenDocument], client: Client) -> _Ended | None:
    """The file as an editor shows it."""
    for one in open_documents:
        if one.path == path:
            text = one.document.text()
            last = one.document.line_count - 1
            length = len(one.document.line(last))
            end = {"line": last, "character": column(one.document, last, length, client.encoding)}
            return _Ended(one.uri, text.removeprefix("\ufeff"), one.version, end)
    return None


def _of_disk(path: str) -> _Ended | None:
    try:
        with reading.open_regular(path) as file:
            data = file.read(LARGEST + 1)
        text = data.decode()
    except (OSError, UnicodeDecodeError):
        return None
    if len(data) > LARGEST:
        return None
    text = text.removeprefix("\ufeff")
    lines = re.split("\r\n|\r|\n", text)
    # A last line without an end is rare, and one that is not ASCII rarer: then nothing is offered.
    if not lines[-1].isascii():
        return None
    return _Ended(uri_of(path), text, None, {"line": len(lines) - 1, "character": len(lines[-1])})


def _fits(text: str, prefix: str, told: tuple[str, str, object]) -> bool:
    """Whether the table is the last of its kind that the text then has."""
    name, key, value = told
    try:
        table: Any = tomllib.loads(text)
        for above in filter(None, prefix.split(".")):
            table = table[above]
        return bool(table[name][-1][key] == value)
    except (ValueError, KeyError, TypeError, IndexError, RecursionError):
        return False
