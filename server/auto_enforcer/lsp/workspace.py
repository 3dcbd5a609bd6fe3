"""The folders, whose session owns which file, and the documents that are open."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.workspace import TextDocument
from pygls.workspace import Workspace as PlainWorkspace

from auto_enforcer.lsp.positions import path_of, place

if TYPE_CHECKING:
    from auto_enforcer.document import Document
    from auto_enforcer.session import Session


class OpenDocument:
    """A document that the client has open, under the URI that the client calls it."""

    __slots__ = (
        "changed",
        "document",
        "failed",
        "language_id",
        "notebook",
        "path",
        "pulled",
        "root",
        "session",
        "uri",
        "version",
    )

    def __init__(
        self, uri: str, version: int | None, language_id: str, root: str, session: Session, document: Document
    ) -> None:
        self.uri = uri
        self.version = version
        self.language_id = language_id
        self.path = document.path
        self.notebook = ""
        """The path of the notebook that it is a cell of; "" where it is none."""
        self.root = root
        self.session = session
        self.document = document
        self.pulled: tuple[int | None, str] | None = None
        """The version and the result id of the diagnostics that the client last asked for."""
        self.changed = False
        """Whether it was changed since it was opened or saved."""
        self.failed = ""
        """What went wrong when it was last changed or checked."""


class Workspace(PlainWorkspace):
    """Keeps documents of our own in the place of pygls'.

    pygls cuts lines where the protocol does not (form feed, NEL, U+2028), so that later edits corrupt the
    text, clamps columns one short, and builds the whole text anew at each edit.

    A file belongs to the innermost folder around it; one outside all folders has a session of its own.
    Sessions begin with their first document and end with their folder, or the file.
    """

    def __init__(self, folders: Iterable[str], encoding: str, begin: Callable[[str], Session]) -> None:
        super().__init__(
            None, types.TextDocumentSyncKind.Incremental, None, types.PositionEncodingKind(encoding)
        )
        self._encoding = encoding
        self._begin = begin
        self._roots: dict[str, str] = {}
        self._sessions: dict[str, Session] = {}
        self._open: dict[str, OpenDocument] = {}
        for uri in folders:
            self._roots[uri] = path_of(uri)

    @property
    def open_documents(self) -> Mapping[str, OpenDocument]:
        """By URI."""
        return self._open

    @property
    def roots(self) -> Iterable[str]:
        """The paths of the folders."""
        return self._roots.values()

    @property
    def sessions(self) -> Mapping[str, Session]:
        """By root: a folder's path, or the path of a file outside all folders."""
        return self._sessions

    @property
    def folders(self) -> Mapping[str, str]:
        """The folders' paths, by URI."""
        return self._roots

    def folder_of(self, path: str) -> str:
        """The path of the folder that a file belongs to; "" outside all folders."""
        root = self._owner(path)
        return root if root in self._roots.values() else ""

    def session_of(self, uri: str, notebook: str = "") -> Session | None:
        """The session that owns a URI's file, or that of the notebook it is a cell of, if it has begun."""
        return self._sessions.get(self._owner(notebook or path_of(uri)))

    def open(
        self, uri: str, version: int | None, language_id: str, text: str, notebook: str = ""
    ) -> OpenDocument:
        """Put a document into its session. One that is open under this URI is closed first. `notebook` is the
        path of the notebook that it is a cell of."""
        self.close(uri)
        path = notebook or path_of(uri)
        root = self._owner(path)
        session = self._session(root, path)
        document = session.open(path, language_id, text, is_cell=bool(notebook))
        opened = OpenDocument(uri, version, language_id, root, session, document)
        opened.notebook = notebook
        self._open[uri] = opened
        return opened

    def change(self, uri: str, version: int | None, changes: Sequence[Any]) -> OpenDocument | None:
        """Apply content changes, as JSON has them, in order. None if the document is not open. Raises
        KeyError, TypeError or ValueError for what is no change."""
        opened = self._open.get(uri)
        if opened is None:
            return None
        document, encoding = opened.document, self._encoding
        for change in changes:
            text, span = change["text"], change.get("range")
            if span is None:
                document.replace(text)
                continue
            start_line, start = place(document, span["start"], encoding)
            end_line, end = place(document, span["end"], encoding)
            document.change(start_line, start, end_line, end, text)
        opened.version = version
        return opened

    def close(self, uri: str) -> OpenDocument | None:
        """Take a document out of its session; a session for this file alone ends. None if it is not open."""
        closed = self._open.pop(uri, None)
        if closed is not None:
            closed.session.close(closed.document)
            self._end_unused()
        return closed

    def change_folders(
        self, added: Iterable[str], removed: Iterable[str]
    ) -> tuple[list[OpenDocument], list[Session]]:
        """Add and remove folders by URI. Gives the documents with a new owner and the sessions that ended."""
        before = tuple(self._sessions.values())
        for uri in removed:
            self._roots.pop(uri, None)
        for uri in added:
            self._roots[uri] = path_of(uri)
        moved = []
        for opened in list(self._open.values()):
            if self._owner(opened.path) != opened.root:
                text = opened.document.text()
                moved.append(self.open(opened.uri, opened.version, opened.language_id, text, opened.notebook))
                moved[-1].failed, moved[-1].changed = opened.failed, opened.changed
        self._end_unused()
        return moved, [session for session in before if session not in self._sessions.values()]

    def _end_unused(self) -> None:
        used = {*self._roots.values(), *(opened.root for opened in self._open.values())}
        for root in self._sessions.keys() - used:
            del self._sessions[root]

    def _owner(self, path: str) -> str:
        """The innermost root around a path, else the path itself."""
        folded = os.path.normcase(path)
        around = [root for root in self._roots.values() if _is_within(folded, os.path.normcase(root))]
        return max(around, key=len, default=path)

    def _session(self, root: str, path: str) -> Session:
        session = self._sessions.get(root)
        if session is None:
            session = self._begin(os.path.dirname(path) if root == path else root)
            self._sessions[root] = session
        return session

    # -- What pygls' own handlers call

    def put_text_document(
        self, text_document: types.TextDocumentItem, notebook_uri: str | None = None
    ) -> None:
        """Open a document."""
        self.open(text_document.uri, text_document.version, text_document.language_id, text_document.text)

    def update_text_document(
        self, text_doc: types.VersionedTextDocumentIdentifier, change: types.TextDocumentContentChangeEvent
    ) -> None:
        """Apply one content change."""
        span = getattr(change, "range", None)
        plain: dict[str, Any] = {"text": change.text}
        if span is not None:
            for end, position in (("start", span.start), ("end", span.end)):
                plain.setdefault("range", {})[end] = {"line": position.line, "character": position.character}
        self.change(text_doc.uri, text_doc.version, [plain])

    def remove_text_document(self, doc_uri: str) -> None:
        """Close a document."""
        self.close(doc_uri)

    def get_text_document(self, doc_uri: str) -> TextDocument:
        """A copy of an open document; an empty one if it is not open: what is on disk is not read here."""
        opened = self._open.get(doc_uri)
        if opened is None:
            return TextDocument(doc_uri, "")
        return TextDocument(doc_uri, opened.document.text(), opened.version, opened.language_id)


def _is_within(path: str, root: str) -> bool:
    return path == root or path.startswith(root if root.endswith(os.sep) else root + os.sep)
