"""What a client is answered that asks for the diagnostics of the whole workspace: those of closed files."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Iterable, Sequence

from lsprotocol import types

from auto_enforcer.lsp import diagnostics
from auto_enforcer.lsp.positions import path_of, uri_of
from auto_enforcer.lsp.protocol import Encoded, Protocol, ServerCancelledError

SLICE = 0.005
"""Seconds of work after which what came of it is sent, where the client takes parts, and input is seen to."""

GATHERED = 0.1
"""Seconds in which changes are gathered before they are told."""


MOST_CHANGED = 10_000
"""Changed files that are remembered between two requests."""


class WorkspacePull:
    """Answers `workspace/diagnostic`.

    Open documents are left out: the client asks for each of them. The answer tells what is other than what
    the client has; where nothing is, the request is held until something is, and while a scan runs, if the
    client takes parts. One request is held at a time. `paths` gives the closed files of which something is
    known, `texts` the JSON texts of a closed file's diagnostics, `busy` whether a scan runs.
    """

    def __init__(
        self,
        protocol: Protocol,
        paths: Callable[[], Iterable[str]],
        texts: Callable[[str], Sequence[str]],
        is_open: Callable[[str], bool],
        busy: Callable[[], bool],
    ) -> None:
        self.asks = False
        """Whether the client has asked, ever: then nothing is pushed for closed files."""
        self._protocol = protocol
        self._paths = paths
        self._texts = texts
        self._is_open = is_open
        self._busy = busy
        self._changed: dict[str, None] = {}
        """Closed files of which something else may be to be told than the client knows."""
        self._held: asyncio.Future[None] | None = None
        self._woken = asyncio.Event()

    @property
    def holds(self) -> bool:
        """Whether a request is held."""
        return self._held is not None

    def changed(self, path: str) -> None:
        """What there is to say of a closed file is another."""
        self._changed[path] = None
        if len(self._changed) > MOST_CHANGED:
            del self._changed[next(iter(self._changed))]
        self._woken.set()

    def rested(self) -> None:
        """A scan has ended."""
        self._woken.set()

    def again(self) -> None:
        """Let the client ask again for all: what files are looked at for is another."""
        if self._held is not None:
            self._cancel(retrigger=True)
        elif self.asks:
            self._protocol.ask(types.WORKSPACE_DIAGNOSTIC_REFRESH, None)

    async def answer(self, params: types.WorkspaceDiagnosticParams) -> Encoded:
        """The answer to a request. Raises ServerCancelledError when another one takes its place."""
        self.asks = True
        if self._held is not None:
            self._cancel(retrigger=False)
        held = self._held = asyncio.get_running_loop().create_future()
        names = {path_of(one.uri): one.uri for one in params.previous_result_ids}
        known = {path_of(one.uri): one.value for one in params.previous_result_ids}
        self._changed = dict.fromkeys((*known, *self._paths(), *self._changed))
        telling = asyncio.ensure_future(self._told(params.partial_result_token, names, known))
        try:
            await asyncio.wait((telling, held), return_when=asyncio.FIRST_COMPLETED)
            if held.done():
                held.result()
            return telling.result()
        finally:
            telling.cancel()
            if self._held is held:
                self._held = None

    def _cancel(self, *, retrigger: bool) -> None:
        if self._held is not None and not self._held.done():
            self._held.set_exception(ServerCancelledError(retrigger=retrigger))
        self._held = None

    async def _told(
        self, token: types.ProgressToken | None, names: dict[str, str], known: dict[str, str]
    ) -> Encoded:
        """Tell what is other than known, in parts where there is a token for them; the rest is the answer."""
        items: dict[str, str] = {}
        """What is still to be sent, by path: of a file that changes while a request is held, the last."""
        news = False
        while True:
            since = time.monotonic()
            while self._changed:
                path = next(iter(self._changed))
                del self._changed[path]
                text, is_new = self._report(path, names, known)
                news = news or is_new
                items.pop(path, None)
                if text:
                    items[path] = text
                if time.monotonic() - since >= SLICE:
                    items = self._part(token, items)
                    await asyncio.sleep(0)
                    since = time.monotonic()
            if news and not (token is not None and self._busy()):
                return Encoded(f'{{"items":[{",".join(items.values())}]}}')
            items = self._part(token, items)
            self._woken.clear()
            await self._woken.wait()
            await asyncio.sleep(GATHERED)

    def _report(self, path: str, names: dict[str, str], known: dict[str, str]) -> tuple[str, bool]:
        """The JSON text of a closed file's report, "" where it is open, and whether it tells anything new."""
        if self._is_open(path):
            known.pop(path, None)
            return "", False
        text, result = diagnostics.report(self._texts(path), known.get(path))
        is_new = known.get(path) != result
        known[path] = result
        name = json.dumps(names.get(path) or uri_of(path))
        return f'{{"uri":{name},"version":null,{text[1:]}', is_new

    def _part(self, token: types.ProgressToken | None, items: dict[str, str]) -> dict[str, str]:
        """Send what there is as a part. What is still to be sent: all, where the client takes no parts."""
        if token is None or not items:
            return items
        text = f'{{"token":{json.dumps(token)},"value":{{"items":[{",".join(items.values())}]}}}}'
        self._protocol.send(f'{{"jsonrpc":"2.0","method":"$/progress","params":{text}}}'.encode("ascii"))
        return {}
