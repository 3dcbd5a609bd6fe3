"""What the client said of itself in `initialize`, as far as we ask."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from auto_enforcer.lsp.positions import uri_of
from auto_enforcer.model import NamedTuple

_ENCODINGS = ("utf-8", "utf-16", "utf-32")
"""The position encodings, the one that suits us best first."""


class Client(NamedTuple):
    """A client's nature. What it said in another form than the protocol's counts as not said: a slip in one
    capability must not cost the whole connection."""

    process_id: int | None
    """The process whose end is ours."""
    folders: tuple[str, ...]
    """URIs of its workspace folders."""
    encoding: str
    """Of positions: `utf-8`, `utf-16` or `utf-32`."""
    document_changes: bool
    """Whether an edit may name the version it is for."""
    makes_files: bool
    """Whether an edit may make a file."""
    snippets: bool
    """Whether an edit may be a snippet, in which a cursor goes where a person has to write."""
    shows_documents: bool
    """Whether it can be asked to show a document."""
    pulls: bool
    """Whether it asks for a document's diagnostics, and can be told to ask again. One that cannot be told
    would show what was so before the policy changed: it is sent them."""
    reads_markdown: bool
    """Whether it shows Markdown where the pointer rests."""
    watches_files: bool
    """Whether it can be asked to watch files."""
    relates: bool
    """Whether it shows what a diagnostic is related to."""
    shows_progress: bool
    """Whether it can be told of progress that it did not ask for."""
    applies_edits: bool
    """Whether it can be asked to apply an edit."""
    asks_before_edits: bool
    """Whether an edit may say that a person is to look at it first."""
    scans: bool
    """Whether the whole workspace is scanned at start."""
    options: Any
    """What it said for us alone, as JSON has it."""
    tells_settings: bool
    """Whether it can be asked for settings, folder by folder."""
    registers_settings: bool
    """Whether it can be asked to tell that settings have changed."""
    trace: Any
    """How much of what is logged it wants to be told, as JSON has it."""
    wants_status: bool
    """Whether it wants to be told what a status bar shows."""
    applies_all: bool
    """Whether it applies every action that it is offered, and so is to be offered one."""


def parse_client(params: Mapping[str, Any]) -> Client:
    """Read the parameters of `initialize`."""
    capabilities = _mapping(params, "capabilities")
    workspace, document = _mapping(capabilities, "workspace"), _mapping(capabilities, "textDocument")
    process_id = params.get("processId")
    return Client(
        process_id=process_id if _is_count(process_id) else None,
        folders=_folders(params),
        encoding=_encoding(
            _mapping(capabilities, "general").get("positionEncodings"),
            _mapping(params, "initializationOptions").get("positionEncoding"),
        ),
        document_changes=_mapping(workspace, "workspaceEdit").get("documentChanges") is True,
        makes_files="create" in _list(_mapping(workspace, "workspaceEdit").get("resourceOperations")),
        snippets=_mapping(workspace, "workspaceEdit").get("snippetEditSupport") is True,
        shows_documents=_mapping(_mapping(capabilities, "window"), "showDocument").get("support") is True,
        pulls="diagnostic" in _mapping(capabilities, "textDocument")
        and _mapping(workspace, "diagnostics").get("refreshSupport") is True,
        reads_markdown=_reads_markdown(_mapping(_mapping(capabilities, "textDocument"), "hover")),
        watches_files=_mapping(workspace, "didChangeWatchedFiles").get("dynamicRegistration") is True,
        relates=_mapping(document, "publishDiagnostics").get("relatedInformation") is True,
        shows_progress=_mapping(capabilities, "window").get("workDoneProgress") is True,
        applies_edits=workspace.get("applyEdit") is True,
        asks_before_edits=isinstance(
            _mapping(workspace, "workspaceEdit").get("changeAnnotationSupport"), dict
        ),
        scans=_mapping(params, "initializationOptions").get("scan") == "workspace",
        options=params.get("initializationOptions"),
        tells_settings=workspace.get("configuration") is True,
        registers_settings=_mapping(workspace, "didChangeConfiguration").get("dynamicRegistration") is True,
        trace=params.get("trace"),
        wants_status=_mapping(params, "initializationOptions").get("status") is True
        or _mapping(capabilities, "experimental").get("autoEnforcerStatus") is True,
        applies_all=_mapping(params, "initializationOptions").get("oneAction") is True,
    )


def folder_uris(folders: Any) -> tuple[str, ...]:
    """The URIs in a list of workspace folders."""
    if not isinstance(folders, list):
        return ()
    uris = (folder.get("uri") for folder in folders if isinstance(folder, dict))
    return tuple(uri for uri in uris if isinstance(uri, str))


def _folders(params: Mapping[str, Any]) -> tuple[str, ...]:
    """A client without folders may name a root, in one of two older ways."""
    if folders := folder_uris(params.get("workspaceFolders")):
        return folders
    if isinstance(root := params.get("rootUri"), str):
        return (root,)
    if isinstance(root := params.get("rootPath"), str) and root:
        return (uri_of(root),)
    return ()


def _encoding(offered: Any, told: Any) -> str:
    """What is best of what a client offers. `told` is for clients that offer nothing and count otherwise than
    the protocol has it for them."""
    if offered is None and told in _ENCODINGS:
        return str(told)
    if isinstance(offered, list):
        for encoding in _ENCODINGS:
            if encoding in offered:
                return encoding
    return "utf-16"


def _reads_markdown(hover: Mapping[str, Any]) -> bool:
    """Clients that name no format are older than plain ones."""
    formats = hover.get("contentFormat")
    return not isinstance(formats, list) or not formats or "markdown" in formats


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _mapping(of: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = of.get(name)
    return value if isinstance(value, dict) else {}
