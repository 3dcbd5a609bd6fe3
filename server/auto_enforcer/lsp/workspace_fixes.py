"""All fixes of the workspace that are safe, as one edit that a person may look at first."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from auto_enforcer.lsp import code_actions
from auto_enforcer.lsp.client import Client, parse_client
from auto_enforcer.lsp.positions import uri_of
from auto_enforcer.lsp.scan import MOST_FIXES, MOST_MENDED
from auto_enforcer.lsp.workspace import OpenDocument
from auto_enforcer.model import NamedTuple

if TYPE_CHECKING:
    from auto_enforcer.session import Session

LARGEST = 4 << 20
"""Bytes of a closed file that is mended."""

ANNOTATION = "auto-enforcer"
TITLE = "Fix all that is safe in the workspace"


class Fixes(NamedTuple):
    """Those of one file: its URI, its version where it is open, their number, and their edits as JSON."""

    uri: str
    version: int | None
    number: int
    edits: list[dict[str, Any]]


def of_file(session: Session, path: str, encoding: str) -> Fixes | None:
    """Those of a closed file; None where there are none, or the editor might read the file in another way.
    Raises OSError."""
    from auto_enforcer import reading

    with reading.open_regular(path) as file:
        data = reading.read_block(file, LARGEST + 1)
    if len(data) > LARGEST:
        return None
    try:
        content = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    document = session.open(path, "", content)
    try:
        document.finish()
        client = parse_client({"capabilities": {"general": {"positionEncodings": [encoding]}}})
        return of_document(OpenDocument(uri_of(path), None, "", "", session, document), client)
    finally:
        session.close(document)


def of_document(opened: OpenDocument, client: Client) -> Fixes | None:
    """Those of a document that has been looked at; None where there are none."""
    number, edits = code_actions.safe_edits(opened, client)
    return Fixes(opened.uri, opened.version, number, edits) if edits else None


def bounded(found: Iterable[Fixes]) -> tuple[list[Fixes], int]:
    """As many as one edit may have, and the number of fixes that it has not."""
    taken: list[Fixes] = []
    count = left = 0
    for one in found:
        if len(taken) < MOST_MENDED and count < MOST_FIXES:
            taken.append(one)
            count += one.number
        else:
            left += one.number
    return taken, left


def edit(found: Iterable[Fixes], client: Client) -> dict[str, Any]:
    """The parameters of `workspace/applyEdit`: for the versions that they were made for, and to be confirmed
    by a person, where the client can."""
    if not client.document_changes:
        return {"label": TITLE, "edit": {"changes": {one.uri: one.edits for one in found}}}
    changes = []
    for one in found:
        edits = one.edits
        if client.asks_before_edits:
            edits = [{**edit, "annotationId": ANNOTATION} for edit in edits]
        changes.append({"textDocument": {"uri": one.uri, "version": one.version}, "edits": edits})
    whole: dict[str, Any] = {"documentChanges": changes}
    if client.asks_before_edits:
        whole["changeAnnotations"] = {ANNOTATION: {"label": TITLE, "needsConfirmation": True}}
    return {"label": TITLE, "edit": whole}


def parsed(path: str, number: int, body: str) -> Fixes:
    """Those of a closed file, from the JSON text of their edits."""
    return Fixes(uri_of(path), None, number, json.loads(body))
