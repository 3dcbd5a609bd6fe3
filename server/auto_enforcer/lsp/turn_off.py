"""The edit of a configuration file that turns a rule off for one path: a table of its own at the end, so that
the file's comments and layout stay as they are."""

from __future__ import annotations

import json
import os
import re
import tomllib
from typing import TYPE_CHECKING, Any

from auto_enforcer import reading
from auto_enforcer.globs import glob_of
from auto_enforcer.lsp.client import Client
from auto_enforcer.lsp.positions import column, uri_of
from auto_enforcer.model import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from auto_enforcer.lsp.workspace import OpenDocument

NEW_FILE = "enforcer.toml"
"""What is made where there is no configuration file."""

LARGEST = 1 << 20
"""Bytes of a configuration file that is edited, at most."""

_OURS = "tool.auto-enforcer."


class _Ended(NamedTuple):
    """A configuration file: where it ends, by the client's positions, and the version that is open."""

    uri: str
    text: str
    version: int | None
    end: dict[str, int]


def edits(
    opened: OpenDocument, rules: Iterable[str], open_documents: Iterable[OpenDocument], client: Client
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """The configuration file's name and a workspace edit for each rule. Nothing for one that cannot be turned
    off, where the file has a form that a table at its end would not fit, or where the client cannot make a
    file. The file is read once."""
    session = opened.session
    may_be = [rule for rule in rules if rule != "enforcer/rule-failed"]
    if not may_be or not os.path.isdir(session.root):
        return
    relative = session.relative(opened.path)
    file = session.policy(opened.path).file
    if not file:
        for rule in may_be if _may_make(client, session.root) else ():
            yield rule, NEW_FILE, _new_file(session.root, rule, relative)
        return
    folder = file.rpartition("/")[0]
    inside = relative.removeprefix(f"{folder}/") if folder else relative
    path = os.path.join(session.root, file)
    ended = _of_open(path, open_documents, client) or _of_disk(path)
    if ended is None:
        return
    prefix = _OURS if os.path.basename(file) == "pyproject.toml" else ""
    gap = "" if not ended.text else "\n" if ended.text.endswith("\n") else "\n\n"
    if not _fits(ended.text + gap + _table(prefix, may_be[0], inside), prefix, inside):
        return
    for rule in may_be:
        new = gap + _table(prefix, rule, inside)
        if "\r\n" in ended.text:
            new = new.replace("\n", "\r\n")
        yield rule, file, _insertion(ended, new, client)


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


def _new_file(root: str, rule: str, relative: str) -> dict[str, Any]:
    uri = uri_of(os.path.join(root, NEW_FILE))
    begin = {"line": 0, "character": 0}
    text = f'extends = ["recommended"]\n\n{_table("", rule, relative)}'
    return {
        "documentChanges": [
            {"kind": "create", "uri": uri, "options": {"ignoreIfExists": True}},
            {
                "textDocument": {"uri": uri, "version": None},
                "edits": [{"range": {"start": begin, "end": begin}, "newText": text}],
            },
        ]
    }


def _table(prefix: str, rule: str, path: str) -> str:
    """An override for one path, whatever characters its name has."""
    glob = json.dumps(glob_of(path), ensure_ascii=False).replace("\x7f", "\\u007f")
    return f'[[{prefix}overrides]]\npaths = [{glob}]\nrules = {{ "{rule}" = "off" }}\n'


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


def _fits(text: str, prefix: str, path: str) -> bool:
    """Whether the table is the last of the overrides that the text then has."""
    try:
        table: Any = tomllib.loads(text)
        for key in filter(None, prefix.split(".")):
            table = table[key]
        return bool(table["overrides"][-1]["paths"] == [glob_of(path)])
    except (ValueError, KeyError, TypeError, IndexError, RecursionError):
        return False
