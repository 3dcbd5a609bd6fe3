"""The server: what each message of the client leads to."""

from __future__ import annotations

import asyncio
import logging
import os
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInvalidParams
from pygls.lsp.server import LanguageServer

from auto_enforcer import __version__
from auto_enforcer.languages import language_of
from auto_enforcer.lsp import code_actions, configuration, diagnostics, parent
from auto_enforcer.lsp.channel import Channel
from auto_enforcer.lsp.client import Client, folder_uris
from auto_enforcer.lsp.comparisons import Comparisons
from auto_enforcer.lsp.days import Days
from auto_enforcer.lsp.framing import Frames, FramingError
from auto_enforcer.lsp.logs import Teller, describe
from auto_enforcer.lsp.notebooks import CAPABILITY, Notebooks
from auto_enforcer.lsp.pages import shown
from auto_enforcer.lsp.positions import path_of, uri_of
from auto_enforcer.lsp.protocol import Encoded, Params, Protocol
from auto_enforcer.lsp.publisher import Publisher, advanced
from auto_enforcer.lsp.scan import FIX, SCAN, Scans
from auto_enforcer.lsp.settings import HISTORICAL, OFF, ON_SAVE, ON_TYPE, SECTION, Layers, Settings
from auto_enforcer.lsp.team import Told
from auto_enforcer.lsp.uris import is_text
from auto_enforcer.lsp.workspace import OpenDocument, Workspace
from auto_enforcer.lsp.workspace_pull import WorkspacePull
from auto_enforcer.policy import FILE_NAMES
from auto_enforcer.seen import Seen
from auto_enforcer.session import Session

if TYPE_CHECKING:
    from auto_enforcer.lsp.scan import Scan
    from auto_enforcer.lsp.status import Status

COMPLETING = ("[", ",", ":", '"', "=", "/")
"""The characters after which a client asks by itself what may follow."""

PAUSING = "autoEnforcer.pause"
RESUMING = "autoEnforcer.resume"
"""The commands that clear a folder's diagnostics and bring them back, of all that is open without one."""

SHOWING_OLD = "autoEnforcer.showHistorical"
"""The command that says how old violations are shown, whatever settings and policy say, until the server
ends: "lower", "same", "off"; null as these say."""

PAUSE = 0.15
"""Seconds without a change after which a policy's file that is being written is looked at: the tests of its
rules run then."""

MOST_WRONG = 50
"""Mistakes in the settings that are logged."""

_WARNING = types.MessageType.Warning

logger = logging.getLogger("auto_enforcer")


class Server(LanguageServer):
    """One client's server. `begin` makes the session of a folder, `tags` gives a rule's tags by its id, `now`
    the time in seconds since the epoch; without it no day ends. `told` gives what is said of a policy's own
    rules in a document."""

    protocol: Protocol

    def __init__(
        self,
        begin: Callable[[str], Session],
        tags: Callable[[str], Sequence[str]],
        now: Callable[[], float] | None = None,
        told: Callable[[OpenDocument, Client], Callable[[str], Told | None]] | None = None,
    ) -> None:
        super().__init__(
            "auto-enforcer", __version__, types.TextDocumentSyncKind.Incremental, protocol_cls=Protocol
        )
        self._begin = begin
        self._tags = tags
        self._now = now
        self._told = told
        self._days: Days | None = None
        self._encoders: dict[str, diagnostics.Encoder] = {}
        self._problems = configuration.Problems()
        self._trials: dict[str, asyncio.TimerHandle] = {}
        """When the policy's files that are being written are looked at next, by URI."""
        self._unopened: dict[str, str] = {}
        """What is said of the documents that could not be opened, by URI."""
        self._sent: set[str] = set()
        """The closed files for which diagnostics were sent that are still shown, by path."""
        self._scans: Scans
        self._pull: WorkspacePull
        self._settings: dict[str, Settings] = {}
        """Of each folder by its path, "" for what is in none, as they were last settled."""
        self._said_wrong: set[str] = set()
        """What was said to be wrong with the settings."""
        self._paused: set[str] = set()
        """The paths of paused folders; "" for what is in none."""
        self._shows_old = ""
        """How old violations are shown by the client's command, if it gave one."""
        self._comparisons: Comparisons
        self._layers: Layers
        self._status: Status | None = None
        self._teller: Teller
        self._client: Client
        self._notebooks: Notebooks
        self._workspace: Workspace
        self._channel: Channel
        self._publisher: Publisher
        self._end: asyncio.Future[int]
        self.protocol.plain = {
            types.INITIALIZED: self._initialized,
            types.TEXT_DOCUMENT_DID_OPEN: self._opened,
            types.TEXT_DOCUMENT_DID_CHANGE: self._changed,
            types.TEXT_DOCUMENT_DID_SAVE: self._saved,
            types.TEXT_DOCUMENT_DID_CLOSE: self._closed,
            types.NOTEBOOK_DOCUMENT_DID_OPEN: lambda params: self._notebooks.opened(params),
            types.NOTEBOOK_DOCUMENT_DID_CHANGE: lambda params: self._notebooks.changed(params),
            types.NOTEBOOK_DOCUMENT_DID_SAVE: lambda params: self._notebooks.saved(params),
            types.NOTEBOOK_DOCUMENT_DID_CLOSE: lambda params: self._notebooks.closed(params),
            types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS: self._folders_changed,
            types.WORKSPACE_DID_CHANGE_WATCHED_FILES: self._files_changed,
            types.WINDOW_WORK_DONE_PROGRESS_CANCEL: self._work_cancelled,
            types.WORKSPACE_DID_CHANGE_CONFIGURATION: self._settings_changed,
            types.SET_TRACE: lambda params: self._teller.follow(params.get("value")),
        }

        async def code_action(params: types.CodeActionParams) -> list[dict[str, Any]]:
            return await self._code_action(params)

        async def diagnose(params: types.DocumentDiagnosticParams) -> Encoded:
            return await self._diagnose(params)

        async def diagnose_workspace(params: types.WorkspaceDiagnosticParams) -> Encoded:
            for path in self._sent:
                self._send_diagnostics(uri_of(path), None, [])  # from now on the client asks for them
            self._sent.clear()
            return await self._pull.answer(params)

        async def hover_of(params: types.HoverParams) -> dict[str, Any] | None:
            opened = await self._settled(params.text_document.uri)
            if opened is None:
                return None
            from auto_enforcer.lsp import (
                hover,
            )  # it brings what a server at rest does without, as those below

            return hover.answer(opened, _place(params.position), self._client)

        async def complete(params: types.CompletionParams) -> list[dict[str, Any]]:
            opened = await self._settled(params.text_document.uri)
            if opened is None:
                return []
            from auto_enforcer.lsp import completion

            return completion.answer(opened, _place(params.position), self._client)

        async def link(params: types.DocumentLinkParams) -> list[dict[str, Any]]:
            opened = await self._settled(params.text_document.uri)
            if opened is None:
                return []
            from auto_enforcer.lsp import links

            return links.answer(opened, self._client)

        async def open_page(rule: str) -> None:
            self._open_page(rule)

        async def scan_workspace() -> dict[str, Any]:
            return await self._ended(self._scan())

        async def fix_workspace() -> dict[str, Any]:
            return await self._fix_workspace()

        async def pause(*folders: Any) -> None:
            self._pause(self._named(folders))

        async def resume(*folders: Any) -> None:
            self._resume(self._named(folders))

        async def show_historical(how: Any = None) -> None:
            if how is not None and how not in HISTORICAL:
                raise JsonRpcInvalidParams
            self._shows_old = how or ""
            self._settle(anew=True)

        self.feature(types.TEXT_DOCUMENT_CODE_ACTION)(code_action)
        self.feature(types.TEXT_DOCUMENT_DIAGNOSTIC)(diagnose)
        self.feature(types.WORKSPACE_DIAGNOSTIC)(diagnose_workspace)
        self.feature(types.TEXT_DOCUMENT_HOVER)(hover_of)
        self.feature(types.TEXT_DOCUMENT_COMPLETION)(complete)
        self.feature(types.TEXT_DOCUMENT_DOCUMENT_LINK)(link)
        self.command(code_actions.OPEN_PAGE)(open_page)
        self.command(SCAN)(scan_workspace)
        self.command(FIX)(fix_workspace)
        self.command(PAUSING)(pause)
        self.command(RESUMING)(resume)
        self.command(SHOWING_OLD)(show_historical)

    # -- From the first byte to the last

    async def serve(self, channel: Channel) -> int:
        """Speak with the client until the session ends; the exit code."""
        frames = Frames()
        self._end = asyncio.get_running_loop().create_future()
        self._channel = channel
        self._publisher = Publisher(channel, self._publish)
        self.protocol.writer = channel

        def received(data: bytes) -> None:
            self._publisher.note_input()
            try:
                for body in frames.feed(data):
                    self.protocol.receive(body)
                    if self._end.done():
                        return
                if self._days is not None:
                    self._days.look()
            except FramingError as error:
                logger.error("the input cannot be read: %s", error)
                self.end(1)

        channel.received = received
        channel.ended = lambda: self.end(1)
        self._teller = Teller(logger, self.protocol.tell)
        logger.addHandler(self._teller)
        try:
            code = await self._end
        finally:
            self._teller.follow("off")
            logger.removeHandler(self._teller)
        if self.protocol.client is not None:
            self._comparisons.close()
            await self._scans.close()
        channel.close()
        return code

    def end(self, code: int) -> None:
        """End the session, once."""
        if not self._end.done():
            self._end.set_result(code)

    def terminated(self) -> None:
        """The system wants the process to end."""
        logger.info("the system asks the server to end")
        self.end(0 if self.protocol.leaving else 1)

    def initialize(self, client: Client) -> dict[str, Any]:
        """The answer to `initialize`."""
        self._client = client
        self._layers = Layers(client.options)
        self._teller.follow(client.trace)
        self._notebooks = Notebooks(self)
        self._workspace = Workspace(client.folders, client.encoding, self._begin)
        self.protocol._workspace = self._workspace
        seen = Seen()
        self._comparisons = Comparisons(
            lambda: self._workspace.open_documents.values(),
            self._compared,
            self._look_again,
            self._warn,
            seen,
        )
        self._scans = Scans(
            self.protocol,
            self._channel,
            client,
            lambda: self._workspace.roots,
            self._is_open,
            self._old_shown,
            self._publish_closed,
            lambda: self._pull.rested(),
            seen,
        )
        self._pull = WorkspacePull(
            self.protocol, self._known_closed, self._closed_texts, self._is_open, lambda: self._scans.busy
        )
        if client.wants_status:
            from auto_enforcer.lsp.status import STATUS, Status

            self._status = Status(
                self._workspace,
                lambda params: self.protocol.tell(STATUS, params),
                lambda root: self._workspace.folder_of(root) in self._paused,
                lambda root: self._problems.count(self._workspace.sessions[root]),
                self._now or time.time,
            )
        if self._now is not None:
            self._days = Days(self._now, self._day_turned)
        self.process_id = client.process_id
        if client.process_id is not None and not parent.watch(client.process_id, self._parent_gone):
            logger.info("the client's process %d is not of this system", client.process_id)
        logger.info("version %s, positions in %s", __version__, client.encoding)
        pulling = {
            "identifier": "auto-enforcer",
            "interFileDependencies": False,
            "workspaceDiagnostics": True,
        }
        return {
            "capabilities": {
                **({"diagnosticProvider": pulling} if client.pulls else {}),
                "positionEncoding": client.encoding,
                "textDocumentSync": {
                    "openClose": True,
                    "change": types.TextDocumentSyncKind.Incremental.value,
                    "save": {"includeText": False},
                },
                "notebookDocumentSync": CAPABILITY,
                "codeActionProvider": {"codeActionKinds": list(code_actions.KINDS)},
                "hoverProvider": True,
                "completionProvider": {"triggerCharacters": list(COMPLETING)},
                "documentLinkProvider": {},
                "executeCommandProvider": {
                    "commands": [code_actions.OPEN_PAGE, SCAN, FIX, PAUSING, RESUMING, SHOWING_OLD]
                },
                "workspace": {"workspaceFolders": {"supported": True, "changeNotifications": True}},
            },
            "serverInfo": {"name": "auto-enforcer", "version": __version__},
        }

    def _parent_gone(self) -> None:
        logger.info("the client's process is gone")
        self.end(1)

    def _initialized(self, params: Params) -> None:
        if self._client.watches_files:
            self.protocol.ask(types.CLIENT_REGISTER_CAPABILITY, configuration.registration())
        if self._client.registers_settings:
            asked = configuration.settings_registration(SECTION)
            self.protocol.ask(types.CLIENT_REGISTER_CAPABILITY, asked)
        self._ask_for_settings()
        self._settle()
        if self._client.scans:
            self._scan()

    # -- Settings

    def _settings_changed(self, params: Params) -> None:
        self._layers.tell(params.get("settings"))
        self._ask_for_settings()
        self._settle()

    def _ask_for_settings(self) -> None:
        """Ask for the settings of each folder, and of what is in none; `_settle` once they are known."""
        if not self._client.tells_settings:
            return
        uris = {path: uri for uri, path in self._workspace.folders.items()}
        roots = (*uris, "")
        scopes = [{"scopeUri": uri, "section": SECTION} for uri in uris.values()]

        def answered(answer: Future[Any]) -> None:
            if not answer.cancelled() and answer.exception() is None:
                self._layers.answer(roots, answer.result())
                self._settle()

        asked = {"items": [*scopes, {"section": SECTION}]}
        self.protocol.ask(types.WORKSPACE_CONFIGURATION, asked).add_done_callback(answered)

    def _settle(self, *, anew: bool = False) -> None:
        """Show what is open as the settings want it now; what is wrong with them is logged, and said once."""
        old = {root: self._old_shown(root) for root in self._workspace.roots}
        before, self._settings = self._settings, {}
        wrong = dict[str, None]()
        for root in (*self._workspace.roots, ""):
            self._settings[root], of_root = self._layers.settle(root)
            wrong.update(dict.fromkeys(of_root))
        news = [sentence for sentence in wrong if sentence not in self._said_wrong][:MOST_WRONG]
        for sentence in news:
            logger.warning("a setting is not taken: %s", sentence)
        if news and not self._said_wrong:
            self._warn(f"Auto-Enforcer: {news[0]}" + (f" (and {len(news) - 1} more)" if news[1:] else ""))
        if len(self._said_wrong) < MOST_WRONG:
            self._said_wrong.update(news)
        plain = Settings()
        changed = {root for root, now in self._settings.items() if anew or before.get(root, plain) != now}
        for root, session in self._workspace.sessions.items():
            self._set_old(session, root)
        if changed:
            self._show_anew(changed)
        if anew or any(self._old_shown(root) != how for root, how in old.items()):
            self._look_again()

    def _warn(self, message: str) -> None:
        self.protocol.notify(types.WINDOW_SHOW_MESSAGE, types.ShowMessageParams(_WARNING, message))

    def _set_old(self, session: Session, path: str) -> None:
        session.shows_old = self._old_shown(path)

    def _old_shown(self, path: str) -> str:
        """How old violations of a file are shown; "" as its policy says."""
        return self._shows_old or self._settings_of(path).historical

    def _compared(self, opened: OpenDocument, origin: diagnostics.Origin | None) -> None:
        """What a document is compared with is known, or another."""
        encoder = self._encoders.get(opened.uri)
        if encoder is not None:
            encoder.compare(origin)
            self._publisher.add(opened)

    def _settings_of(self, path: str) -> Settings:
        return self._settings.get(self._workspace.folder_of(path)) or self._layers.settle("")[0]

    def _run(self, opened: OpenDocument) -> str:
        """When what is found in a document is shown."""
        return self._run_of(opened.path, opened.language_id, opened.document.language)

    def _run_of(self, path: str, *languages: str) -> str:
        """When what is found in a file is shown, by the names of its language."""
        if self._workspace.folder_of(path) in self._paused:
            return OFF
        return self._settings_of(path).run_of(*languages)

    def _named(self, folders: Sequence[Any]) -> set[str]:
        """The paths of folders by their URIs; of all, and "" for what is in none, without one."""
        paths = set(self._workspace.roots)
        named = {path_of(one) if isinstance(one, str) else "" for one in folders}
        if not named <= paths:
            raise JsonRpcInvalidParams
        return named or {*paths, ""}

    def _pause(self, folders: set[str]) -> None:
        others = folders - self._paused
        self._paused |= folders
        self._show_anew(others)

    def _resume(self, folders: set[str]) -> None:
        others = folders & self._paused
        self._paused -= folders
        self._show_anew(others)

    def _show_anew(self, folders: set[str]) -> None:
        if self._status is not None:
            self._status.touch()
        for opened in self._workspace.open_documents.values():
            if self._workspace.folder_of(opened.path) in folders:
                self._publisher.add(opened)
        for path in self._scans.findings.paths():
            if self._workspace.folder_of(path) in folders:
                self._publish_closed(path)

    # -- Documents

    def _opened(self, params: Params) -> None:
        item = params["textDocument"]
        if is_text(_uri(item)):
            self._open(item)

    def _open(self, item: Params, notebook: str = "") -> None:
        """Check a document from now on, which may be a cell of the notebook at a path."""
        uri = _uri(item)
        self._take_out(uri)  # a client may open one twice
        try:
            if not notebook and (session := self._workspace.session_of(uri)) is not None:
                self._reload(session)
            language = item.get("languageId")
            language = language if isinstance(language, str) else ""
            opened = self._workspace.open(uri, _version(item), language, item["text"], notebook)
        except Exception as error:
            # Nothing unchecked may look clean.
            self._unopened[uri] = diagnostics.failure(type(error).__name__)
            if not self._client.pulls:
                self._send_diagnostics(uri, None, [self._unopened[uri]])
            raise
        elsewhere = uri_of(opened.path)
        others = self._client.pulls or elsewhere not in self._workspace.open_documents
        self._scans.findings.forget(opened.path)
        if others and opened.path in self._sent:
            self._send_diagnostics(elsewhere, None, [])  # shown under the document's own URI from now on
        self._sent.discard(opened.path)
        self._follow(opened)

    def _follow(self, opened: OpenDocument) -> None:
        """Publish a document that has come into its session, and what is wrong with its policy."""
        told = self._told(opened, self._client) if self._told is not None else None
        related = self._client.relates
        self._encoders[opened.uri] = diagnostics.Encoder(
            self._client.encoding, self._tags, told, related=related
        )
        self._set_old(opened.session, opened.path)
        self._publisher.add(opened)
        self._comparisons.follow(opened)
        self._publish_paths(self._problems.update(opened.session))

    def _changed(self, params: Params) -> None:
        item = params["textDocument"]
        opened = self._workspace.open_documents.get(_uri(item))
        if opened is None:
            if is_text(_uri(item)):
                logger.warning("a change of a document that is not open")
            return
        version = _version(item)
        if version is not None and opened.version is not None and version <= opened.version:
            # Changes come in the order in which they were made, whatever their numbers say.
            logger.warning("a change with version %d after version %d", version, opened.version)
        opened.version = version
        opened.changed = True
        try:
            self._workspace.change(opened.uri, opened.version, params["contentChanges"])
        except Exception as error:
            # The text may be half changed: what it holds is unknown until it is opened again.
            opened.failed = type(error).__name__
            self._publisher.add(opened)
            raise
        if self._run(opened) != ON_TYPE:
            return  # the client moves what it shows; what is new is found when it is asked for
        self._publisher.add(opened, edited=True)
        if os.path.basename(opened.path) in FILE_NAMES:
            self._forget_trial(opened.uri)
            loop = asyncio.get_running_loop()
            self._trials[opened.uri] = loop.call_later(PAUSE, self._try, opened.uri)

    def _try(self, uri: str) -> None:
        """See what is wrong with a policy's file as it is being written; what is saved is what counts."""
        self._forget_trial(uri)
        # It may have come into another session meanwhile.
        opened = self._workspace.open_documents.get(uri)
        if opened is None or opened.failed:
            return
        try:
            problems = opened.session.tried(opened.path, opened.document.text())
        except Exception as error:  # noqa: BLE001 - a fault in a text that nobody has saved must not end the server
            logger.error("a policy could not be tried: %s", describe(error))
            return
        self._problems.write(opened.path, problems, opened.document)
        self._publish_open(opened.path)

    def _forget_trial(self, uri: str) -> None:
        waiting = self._trials.pop(uri, None)
        if waiting is not None:
            waiting.cancel()

    def _saved(self, params: Params) -> None:
        opened = self._workspace.open_documents.get(_uri(params["textDocument"]))
        if opened is not None:
            changed, opened.changed = opened.changed, False
            self._forget_written(opened)
            if not opened.notebook:
                self._reload(opened.session)
            if opened.path.endswith(configuration.SPOKEN):
                self._look_again()
            self._comparisons.saved(opened)
            if opened.session.saved(opened.document) or (changed and self._run(opened) == ON_SAVE):
                self._publisher.add(opened)

    def _closed(self, params: Params) -> None:
        uri = _uri(params["textDocument"])
        if is_text(uri):
            self._close(uri, path_of(uri))

    def _close(self, uri: str, path: str) -> None:
        """Forget a document of a file, or a cell of it, and what is shown of it."""
        self._take_out(uri)
        open_still = self._is_open(path)
        if not open_still:
            self._scans.look((path,), sure=self._pull.asks)
        if uri == uri_of(path) and not open_still and not self._client.pulls:
            self._publish_paths((path,))
            return
        if not self._client.pulls:
            self._send_diagnostics(uri, None, [])
        if self._problems.has(path):
            self._publish_paths((path,))

    # -- Cells of notebooks

    def look_around(self, notebook: str) -> None:
        """Cells of the notebook at a path come or were saved: read what its policy says now, once for all."""
        session = self._workspace.session_of("", notebook)
        if session is not None:
            self._reload(session)

    def open_cell(self, item: Params, notebook: str) -> None:
        """Check a text from now on as a cell of the notebook at a path."""
        self._open(item, notebook)

    def change_cell(self, item: Params, changes: Any) -> None:
        """Change a cell's text."""
        self._changed({"textDocument": item, "contentChanges": changes})

    def save_cell(self, uri: str) -> None:
        """The notebook of a cell was saved."""
        self._saved({"textDocument": {"uri": uri}})

    def close_cell(self, uri: str, notebook: str) -> None:
        """Forget a cell of the notebook at a path, and what is shown of it."""
        self._close(uri, notebook)

    def cell_text(self, uri: str) -> tuple[int | None, str] | None:
        """The version and the text of a cell that is open."""
        opened = self._workspace.open_documents.get(uri)
        return None if opened is None else (opened.version, opened.document.text())

    def _take_out(self, uri: str) -> None:
        """Forget an open document, and its session if that was for it alone."""
        self._unopened.pop(uri, None)
        closed = self._workspace.close(uri)
        if closed is None:
            return
        self._forget_written(closed)
        self._publisher.remove(closed)
        first = self._comparisons.closed(closed)
        if first is not None:
            self._scans.saw(closed.path, first)
        if self._status is not None:
            self._status.forget(uri)
        self._encoders.pop(uri, None)
        if closed.session not in self._workspace.sessions.values():
            self._forget_problems(closed.session)

    def _forget_written(self, opened: OpenDocument) -> None:
        """What is on disk counts, and is shown, again."""
        self._forget_trial(opened.uri)
        if self._problems.saved(opened.path):
            self._publish_open(opened.path)

    # -- Folders and policy

    def _folders_changed(self, params: Params) -> None:
        event = params["event"]
        moved, ended = self._workspace.change_folders(
            folder_uris(event.get("added")), folder_uris(event.get("removed"))
        )
        self._paused &= {*self._workspace.roots, ""}
        self._ask_for_settings()
        self._settle()
        for session in ended:
            self._forget_problems(session)
        for session in dict.fromkeys(opened.session for opened in moved):
            self._reload(session)
        for opened in moved:
            self._follow(opened)
        self._scans.folders_changed()

    def _files_changed(self, params: Params) -> None:
        paths = [path_of(_uri(change)) for change in params.get("changes") or ()]
        if not paths or any(path.endswith(configuration.SPOKEN) for path in paths):
            self._reload_all()
            self._look_again()
        self._scans.look(path for path in paths if not self._is_open(path))

    def _day_turned(self) -> None:
        self._reload_all()
        self._look_again()

    def _look_again(self) -> None:
        """Scan again where there was a scan, for what files are looked at for is another."""
        if self._scans.follows:
            self._scans.again()
            self._pull.again()

    def _reload_all(self) -> None:
        for session in list(self._workspace.sessions.values()):
            self._reload(session)

    def _reload(self, session: Session) -> None:
        """Read the policy files that have changed, which their time of modification tells, and look at the
        clock."""
        changed = session.reload()
        self._publish_paths(self._problems.update(session))
        if changed:
            for opened in self._workspace.open_documents.values():
                if opened.session is session:
                    self._publisher.add(opened)
                    self._comparisons.reloaded(opened)

    def _forget_problems(self, session: Session) -> None:
        self._publish_paths(self._problems.forget(session))

    def _publish_open(self, path: str) -> None:
        """Publish anew under each name that a file is open under."""
        for opened in self._workspace.open_documents.values():
            if opened.path == path:
                self._publisher.add(opened)

    def _publish_paths(self, paths: Iterable[str]) -> None:
        """Publish anew for files whose policy's problems have changed, open or not."""
        if self._status is not None:
            self._status.touch()
        for path in paths:
            self._publish_open(path)
            if not self._is_open(path):
                self._publish_closed(path)

    def _is_open(self, path: str) -> bool:
        return any(one.path == path for one in self._workspace.open_documents.values())

    # -- Scans

    def _scan(self) -> Scan:
        if self._client.watches_files and not self._scans.follows:
            self.protocol.ask(types.CLIENT_REGISTER_CAPABILITY, configuration.registration_of_all())
        return self._scans.scan()

    async def _ended(self, scan: Scan) -> dict[str, Any]:
        """A scan's counts when it has ended; a client that takes its question back ends it."""
        try:
            return await asyncio.shield(scan.done)
        except asyncio.CancelledError:
            self._scans.cancel(scan.token)
            raise

    async def _fix_workspace(self) -> dict[str, Any]:
        """Let the client apply all safe fixes, and tell what became of them."""
        answer: dict[str, Any] = {"applied": False, "cancelled": False, "files": 0, "fixes": 0, "notFixed": 0}
        if not self._client.applies_edits:
            return answer
        scan = self._scans.scan(fixing=True)
        counts = await self._ended(scan)
        if counts["cancelled"] or counts["failed"]:
            return {**answer, "cancelled": counts["cancelled"]}
        from auto_enforcer.lsp import workspace_fixes

        roots = set(self._workspace.roots)
        for uri in list(self._workspace.open_documents):
            await self._settled(uri)
        found = {
            opened.path: workspace_fixes.of_document(opened, self._client)
            for opened in self._workspace.open_documents.values()
            if opened.root in roots
            and self._run(opened) != OFF
            and not opened.failed
            and not opened.document.pending
        }
        closed = (
            workspace_fixes.parsed(*one)
            for one in scan.fixes
            if not self._is_open(one[0]) and self._run_of(one[0], language_of(one[0])) != OFF
        )
        fixes, left = workspace_fixes.bounded([*(one for one in found.values() if one), *closed])
        answer |= {
            "files": len(fixes),
            "fixes": sum(one.number for one in fixes),
            "notFixed": left + scan.left,
        }
        if fixes:
            asked = self.protocol.ask(types.WORKSPACE_APPLY_EDIT, workspace_fixes.edit(fixes, self._client))
            try:
                said = await asyncio.wrap_future(asked)
            except JsonRpcException:
                said = None  # the client refused
            answer["applied"] = isinstance(said, dict) and said.get("applied") is True
        return answer

    def _work_cancelled(self, params: Params) -> None:
        self._scans.cancel(params.get("token"))

    def _known_closed(self) -> list[str]:
        """The files, open ones among them, of which something may be known as closed ones."""
        return [*self._scans.findings.paths(), *self._problems.paths()]

    def _closed_texts(self, path: str) -> list[str]:
        """What there is to say of a closed file: what is wrong with it as a policy's file, and what a scan
        found."""
        texts = self._problems.of(path, self._client.encoding)
        if self._run_of(path, language_of(path)) != OFF:
            texts = texts + self._scans.findings.of(path, policy=not texts)
        return texts

    def _publish_closed(self, path: str) -> None:
        """Send what is known of a closed file, or tell it the client that asks."""
        if self._pull.asks:
            self._pull.changed(path)
            return
        texts = self._closed_texts(path)
        if texts:
            self._sent.add(path)
        else:
            self._sent.discard(path)
        self._send_diagnostics(uri_of(path), None, texts)

    # -- What the client is told

    def _publish(self, opened: OpenDocument) -> None:
        """Send a document's diagnostics; a client that asks for them asks after each change by itself, and is
        only told when they have changed without one."""
        if self._status is not None:
            self._status.count(opened)
        if not self._client.pulls:
            self._send_diagnostics(opened.uri, opened.version, self._texts(opened))
        elif opened.pulled is not None and opened.pulled[0] == opened.version:
            _, result = diagnostics.report(self._texts(opened), None)
            if result != opened.pulled[1]:
                self.protocol.ask(types.WORKSPACE_DIAGNOSTIC_REFRESH, None)
                for one in self._workspace.open_documents.values():
                    one.pulled = None  # it asks for all of them

    async def _diagnose(self, params: types.DocumentDiagnosticParams) -> Encoded:
        """The diagnostics of a document that is asked for, when all of it has been looked at."""
        opened = await self._settled(params.text_document.uri, failed=True)
        if opened is None:
            unopened = self._unopened.get(params.text_document.uri)
            return Encoded(diagnostics.report([unopened] if unopened else [], params.previous_result_id)[0])
        known = params.previous_result_id
        waits = opened.changed and not opened.failed and self._run(opened) == ON_SAVE
        if waits and known is not None and opened.pulled is not None and opened.pulled[1] == known:
            # What is new waits to be saved. The client has moved what it shows with the text.
            opened.pulled = opened.version, known
            return Encoded(diagnostics.unchanged(known))
        text, result = diagnostics.report(self._texts(opened), known)
        opened.pulled = opened.version, result
        return Encoded(text)

    def _texts(self, opened: OpenDocument) -> list[str]:
        """The JSON texts of what there is to say of a document."""
        texts: list[str] = []
        if self._run(opened) == OFF:
            return self._problems.of(opened.path, self._client.encoding)
        if not opened.failed:
            try:
                most = self._settings_of(opened.path).most_diagnostics
                shown, left_out = opened.session.foremost(opened.document, most)
                texts = self._encoders[opened.uri].encode(shown, left_out, opened.document)
            except Exception as error:  # noqa: BLE001 - a fault in one document must not end the server
                logger.error("a document could not be shown: %s", describe(error))
                opened.failed = type(error).__name__
        if opened.failed:
            texts = [diagnostics.failure(opened.failed)]
        return texts + self._problems.of(opened.path, self._client.encoding)

    def _send_diagnostics(self, uri: str, version: int | None, texts: Sequence[str]) -> None:
        self.protocol.send(diagnostics.publication(uri, version, texts))

    async def _code_action(self, params: types.CodeActionParams) -> list[dict[str, Any]]:
        opened = await self._settled(params.text_document.uri)
        if opened is None or self._run(opened) == OFF:
            return []
        problems = self._problems.in_file(opened.path)
        others = self._workspace.open_documents.values()
        return code_actions.answer(opened, params, self._client, problems, others)

    async def _settled(self, uri: str, *, failed: bool = False) -> OpenDocument | None:
        """An open document with nothing left to look at; None where it is not open or, unless `failed` says
        otherwise, could not be checked."""
        opened = self._workspace.open_documents.get(uri)
        while opened is not None and not opened.failed and opened.document.pending:
            if not advanced(opened):
                await asyncio.sleep(0)
            opened = self._workspace.open_documents.get(uri)
        return None if opened is None or (opened.failed and not failed) else opened

    def _open_page(self, rule: str) -> None:
        """Let the client show a rule's section of its page."""
        uri, line = shown(rule)
        if not uri:
            raise JsonRpcInvalidParams
        place = {"line": line, "character": 0}
        params = {"uri": uri, "takeFocus": True, "selection": {"start": place, "end": place}}
        self.protocol.ask(types.WINDOW_SHOW_DOCUMENT, params)


def _uri(item: Params) -> str:
    """The URI of a document. Raises KeyError or TypeError where there is none."""
    uri = item["uri"]
    if not isinstance(uri, str):
        raise TypeError("a URI that is no text")
    return uri


def _place(position: types.Position) -> dict[str, int]:
    return {"line": position.line, "character": position.character}


def _version(item: Params) -> int | None:
    """The version of a document, as far as it is one."""
    version = item.get("version")
    return version if isinstance(version, int) and not isinstance(version, bool) else None
