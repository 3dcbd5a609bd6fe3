"""Notebooks that a client keeps in step with the server: which cells each has, and what happens to their
texts. A cell is a document of its own, in the session and under the policy of the notebook's file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from auto_enforcer.lsp.positions import path_of
from auto_enforcer.lsp.uris import is_text

TYPE = "jupyter-notebook"

CAPABILITY = {"notebookSelector": [{"notebook": TYPE}], "save": True}
"""Which notebooks the client is asked for: those of Jupyter, with all of their cells."""

_MARKUP, _MARKDOWN = 1, "markdown"

Item = Mapping[str, Any]


class Documents(Protocol):
    """What is done to the text of a cell, by its URI."""

    def look_around(self, notebook: str) -> None:
        """Something is about to be done to cells of the notebook at a path: read what its policy says now."""

    def open_cell(self, item: Item, notebook: str) -> None:
        """Check a text document from now on as a cell of the notebook at a path. One that is open is taken
        anew."""

    def change_cell(self, item: Item, changes: Any) -> None:
        """Change it."""

    def save_cell(self, uri: str) -> None:
        """The notebook was saved."""

    def close_cell(self, uri: str, notebook: str) -> None:
        """Forget it, and what is shown of it."""

    def cell_text(self, uri: str) -> tuple[int | None, str] | None:
        """Its version and text, None where it is not open."""


class _Notebook:
    """One that is open. `cells` are the URIs of its cells in their order, `kinds` what each is, `languages`
    what the client says of its text."""

    __slots__ = ("cells", "kinds", "languages", "path")

    def __init__(self, path: str) -> None:
        self.path = path
        self.cells: list[str] = []
        self.kinds: dict[str, object] = {}
        self.languages: dict[str, str] = {}

    def language(self, uri: str) -> str:
        """The language that a cell is in: a cell of prose is Markdown, whatever its text was before."""
        if self.kinds.get(uri) == _MARKUP:
            return _MARKDOWN
        said = self.languages.get(uri, "")
        if said != _MARKDOWN or uri not in self.kinds:
            return said
        others = (self.languages.get(one, "") for one in self.cells if self.kinds.get(one) != _MARKUP)
        return next((one for one in others if one not in ("", _MARKDOWN)), said)


class Notebooks:
    """The notebooks that are open. Its methods take what the client says as JSON has it, and raise KeyError,
    TypeError, ValueError or AttributeError for what is none of the protocol's messages."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._open: dict[str, _Notebook] = {}

    def opened(self, params: Item) -> None:
        """Check all cells of a notebook of Jupyter; no other was asked for. One that is open is closed
        first."""
        said = params["notebookDocument"]
        uri = said["uri"]
        if said["notebookType"] != TYPE or not is_text(uri):
            return
        self._close(uri)
        notebook = self._open[uri] = _Notebook(path_of(uri))
        self._documents.look_around(notebook.path)
        self._put(notebook, 0, 0, said["cells"])
        for item in params["cellTextDocuments"]:
            self._open_cell(notebook, item)

    def changed(self, params: Item) -> None:
        """Cells came, went or were moved; or what they are, or what they say, is other."""
        notebook = self._open.get(params["notebookDocument"]["uri"])
        cells = params["change"].get("cells")
        if notebook is None or not cells:
            return
        structure = cells.get("structure")
        if structure:
            array = structure["array"]
            self._put(notebook, array["start"], array["deleteCount"], array.get("cells") or ())
            for item in structure.get("didClose") or ():
                self._close_cell(notebook, item["uri"])
            came = structure.get("didOpen") or ()
            if came:
                self._documents.look_around(notebook.path)
            for item in came:
                self._open_cell(notebook, item)
            # A client may leave out what it has closed with its cell.
            for uri in notebook.languages.keys() - set(notebook.cells):
                self._close_cell(notebook, uri)
        for cell in cells.get("data") or ():
            self._set(notebook, cell)
        for change in cells.get("textContent") or ():
            self._documents.change_cell(change["document"], change["changes"])

    def saved(self, params: Item) -> None:
        """The notebook was written to the disk."""
        notebook = self._open.get(params["notebookDocument"]["uri"])
        if notebook is None:
            return
        self._documents.look_around(notebook.path)
        for uri in notebook.cells:
            self._documents.save_cell(uri)

    def closed(self, params: Item) -> None:
        """The notebook was closed, and all of its cells."""
        self._close(params["notebookDocument"]["uri"])

    def _close(self, uri: str) -> None:
        notebook = self._open.pop(uri, None)
        if notebook is not None:
            for cell in notebook.languages:
                self._documents.close_cell(cell, notebook.path)

    def _put(self, notebook: _Notebook, start: int, count: int, cells: Any) -> None:
        """Put cells in the place of `count` others."""
        if start < 0 or count < 0:
            raise ValueError("a negative place")
        for cell in cells:
            notebook.kinds[cell["document"]] = cell.get("kind")
        notebook.cells[start : start + count] = [cell["document"] for cell in cells]

    def _set(self, notebook: _Notebook, cell: Item) -> None:
        """What a cell is may be other: then its text is looked at in another language."""
        uri = cell["document"]
        before = notebook.language(uri)
        notebook.kinds[uri] = cell.get("kind")
        language = notebook.language(uri)
        known = self._documents.cell_text(uri)
        if language != before and known is not None:
            item = {"uri": uri, "version": known[0], "languageId": language, "text": known[1]}
            self._documents.open_cell(item, notebook.path)

    def _open_cell(self, notebook: _Notebook, item: Item) -> None:
        uri, said = item["uri"], item.get("languageId")
        notebook.languages[uri] = said if isinstance(said, str) else ""
        self._documents.open_cell({**item, "languageId": notebook.language(uri)}, notebook.path)

    def _close_cell(self, notebook: _Notebook, uri: str) -> None:
        if notebook.languages.pop(uri, None) is not None:
            if uri not in notebook.cells:
                notebook.kinds.pop(uri, None)
            self._documents.close_cell(uri, notebook.path)
