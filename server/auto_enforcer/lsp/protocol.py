"""pygls' protocol with its repairs: what reads a message, finds its handler and answers.

Each repair has a test that shows the fault in pygls 2.1.1 itself.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Generator, Mapping
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, TypeGuard

from lsprotocol import types
from pygls.exceptions import (
    JsonRpcException,
    JsonRpcInternalError,
    JsonRpcInvalidParams,
    JsonRpcInvalidRequest,
    JsonRpcMethodNotFound,
    JsonRpcParseError,
    JsonRpcRequestCancelled,
    JsonRpcServerNotInitialized,
)
from pygls.progress import Progress
from pygls.protocol import LanguageServerProtocol, lsp_method
from pygls.protocol.language_server import _prepare_command_arguments

from auto_enforcer.lsp.client import Client, parse_client
from auto_enforcer.lsp.framing import frame
from auto_enforcer.lsp.logs import describe
from auto_enforcer.model import NamedTuple

if TYPE_CHECKING:
    from cattrs import Converter

    from auto_enforcer.lsp.language_server import Server

logger = logging.getLogger("auto_enforcer")

BUILT_IN_REQUESTS = frozenset((types.SHUTDOWN, types.WORKSPACE_EXECUTE_COMMAND))
BUILT_IN_NOTIFICATIONS = frozenset((types.SET_TRACE, types.WINDOW_WORK_DONE_PROGRESS_CANCEL))
"""What is left to pygls' own handlers. Others would open documents behind our back, those of notebooks among
them, or would run for a message of the wrong kind, which then is never answered."""

MOST_QUESTIONS = 256
"""Requests to the client that wait for its answer; the oldest is given up for one more."""

_TITLES = {
    refusal.CODE: refusal.MESSAGE
    for refusal in (JsonRpcInvalidParams, JsonRpcInvalidRequest, JsonRpcMethodNotFound)
}


class Encoded(NamedTuple):
    """A result that is JSON text already, in ASCII."""

    text: str


class ServerCancelledError(JsonRpcException):
    """The server ends a request that is held. `retrigger`: the client is to ask again."""

    CODE = -32802
    MESSAGE = "Server Cancelled"

    def __init__(self, *, retrigger: bool) -> None:
        super().__init__(self.MESSAGE, self.CODE, {"retriggerRequest": retrigger})


MessageId = str | int
Params = Mapping[str, Any]


class _Progress(Progress):
    """Forgets a token when its work has ended; pygls keeps each for ever."""

    def end(self, token: types.ProgressToken, value: types.WorkDoneProgressEnd) -> None:
        """Notify the end of work."""
        super().end(token, value)
        self.tokens.pop(token, None)


class Protocol(LanguageServerProtocol):
    """Messages come in by `receive`, as bytes.

    `initialize` and the notifications of `plain`, which come with each keystroke, get their parameters as
    JSON has them: turning them into lsprotocol's classes costs more than answering. All else is typed.
    """

    _server: Server

    def __init__(self, server: Server, converter: Converter) -> None:
        super().__init__(server, converter)
        self.progress = _Progress(self)
        self.plain: dict[str, Callable[[Params], None]] = {}
        self.client: Client | None = None
        self._asked = 0
        self._questions: dict[str, Future[Any]] = {}
        """What the client was asked: its ids and ours may be the same."""

    @property
    def leaving(self) -> bool:
        """Whether the client has asked to shut down: whatever ends the session then is by the rules."""
        return bool(self._shutdown)

    # -- What comes in

    def receive(self, body: bytes) -> None:
        """Handle one message. Never raises: what cannot be understood is answered or logged."""
        try:
            message = json.loads(body)
        except (ValueError, RecursionError):
            self._refuse(None, JsonRpcParseError())
            return
        if not isinstance(message, dict) or message.get("jsonrpc") != self.VERSION:
            message_id = message.get("id") if isinstance(message, dict) else None
            self._refuse(message_id if _is_id(message_id) else None, JsonRpcInvalidRequest())
            return
        method, message_id = message.get("method"), message.get("id")
        if isinstance(method, str):
            if message_id is None:
                self._notified(method, message)
            elif _is_id(message_id):
                self._requested(message_id, method, message)
            else:
                self._refuse(None, JsonRpcInvalidRequest())
        elif _is_id(message_id):
            self._answered(message_id, message)
        else:
            self._refuse(None, JsonRpcInvalidRequest())

    def _notified(self, method: str, message: dict[str, Any]) -> None:
        if method == types.EXIT:
            self._server.end(0 if self.leaving else 1)
            return
        if self.client is None or self._shutdown:
            logger.debug("a notification is ignored outside a session")
            return
        try:
            if (handler := self.plain.get(method)) is not None:
                handler(message.get("params") or {})
            elif method == types.CANCEL_REQUEST:
                self._handle_cancel_notification(message["params"]["id"])
            elif method in self.fm.features or method in BUILT_IN_NOTIFICATIONS:
                self.handle_message(self.structure_message(message))
        except Exception as error:  # noqa: BLE001 - one message must not end the server
            self._report(method, error)

    def _requested(self, message_id: MessageId, method: str, message: dict[str, Any]) -> None:
        if self._shutdown:
            self._refuse(message_id, JsonRpcInvalidRequest("the server is shutting down"))
        elif method == types.INITIALIZE:
            self._initialize(message_id, message.get("params"))
        elif self.client is None:
            self._refuse(message_id, JsonRpcServerNotInitialized("`initialize` comes first"))
        elif method not in self.fm.features and method not in BUILT_IN_REQUESTS:
            self._refuse(message_id, JsonRpcMethodNotFound())
        else:
            try:
                request = self.structure_message(message)
            except Exception as error:  # noqa: BLE001 - whatever the converter raises, the params are not valid
                logger.warning("%s cannot be read: %s", method, describe(error))
                self._refuse(message_id, JsonRpcInvalidParams(f"the parameters of {method} cannot be read"))
                return
            self.handle_message(request)

    def _answered(self, message_id: MessageId, message: dict[str, Any]) -> None:
        future = self._questions.pop(message_id, None) if isinstance(message_id, str) else None
        if future is None or future.done():
            return
        error = message.get("error")
        if error is None:
            future.set_result(message.get("result"))
        else:
            code = error.get("code") if isinstance(error, dict) else None
            future.set_exception(JsonRpcException(code=code if isinstance(code, int) else None))

    def _initialize(self, message_id: MessageId, params: Any) -> None:
        if self.client is not None:
            self._refuse(message_id, JsonRpcInvalidRequest("`initialize` has been answered"))
        elif not isinstance(params, dict):
            self._refuse(message_id, JsonRpcInvalidParams("the parameters of initialize cannot be read"))
        else:
            self.client = parse_client(params)
            try:
                result = self._server.initialize(self.client)
            except Exception as error:  # noqa: BLE001 - the client must get an answer
                self.client = None
                logger.error("initialize failed: %s", describe(error))
                self._refuse(message_id, JsonRpcInternalError("initialize failed"))
            else:
                self._send_response(message_id, result)

    # -- What runs

    def _execute_handler(
        self,
        msg_id: MessageId,
        handler: Callable[..., Any],
        callback: Callable[[Future[Any]], None],
        args: tuple[Any, ...] | None = None,
        kwargs: dict[str, Any] | None = None,
    ) -> None:
        """Let go of the future when its handler is done; pygls keeps that of every notification."""

        def done(future: Future[Any]) -> None:
            if self._request_futures.get(msg_id) is future:
                del self._request_futures[msg_id]
            callback(future)

        super()._execute_handler(msg_id, handler, done, args, kwargs)

    @lsp_method(types.SHUTDOWN)
    def lsp_shutdown(self, *args: Any) -> Generator[Any, Any, None]:
        """Cancel what runs, over a copy: each one that ends takes itself out of the dictionary."""
        if (handler := self.fm.features.get(types.SHUTDOWN)) is not None:
            yield handler, args, None
        current = self.msg_id
        for message_id, future in list(self._request_futures.items()):
            if message_id != current and not future.done():
                future.cancel()
        self._shutdown = True

    @lsp_method(types.WORKSPACE_EXECUTE_COMMAND)
    async def lsp_workspace__execute_command(  # type: ignore[override]
        self, params: types.ExecuteCommandParams
    ) -> Any:
        """Run a command in the request's own task, which a client may cancel; pygls' generator keeps it from
        that."""
        handler = self.fm.commands.get(params.command)
        if handler is None:
            raise JsonRpcInvalidParams
        try:
            args, kwargs = _prepare_command_arguments(handler, params, self._converter)
        except Exception as error:
            raise JsonRpcInvalidParams from error
        return await handler(*args, **kwargs)

    # -- What goes out

    def _send_handler_result(self, future: Future[Any], *, msg_id: MessageId) -> None:
        if future.cancelled():
            self._refuse(msg_id, JsonRpcRequestCancelled("cancelled"))
            return
        error = future.exception()
        if error is None:
            self._send_response(msg_id, future.result())
        elif isinstance(error, ServerCancelledError):
            self._refuse(msg_id, error)
        elif isinstance(error, JsonRpcException):
            self._refuse(msg_id, type(error)())  # its own words repeat what the client sent
        else:
            logger.error("a request failed: %s", describe(error))
            self._refuse(msg_id, JsonRpcInternalError(f"internal error: {type(error).__name__}"))

    def _check_handler_result(self, future: Future[Any]) -> None:
        """Log what a notification's handler raised. pygls lets the editor pop up a box, at each keystroke."""
        if not future.cancelled() and (error := future.exception()) is not None:
            self._report("a notification", error)

    def _report(self, what: str, error: BaseException) -> None:
        logger.error("%s failed: %s", what, describe(error))

    def _refuse(self, message_id: MessageId | None, error: JsonRpcException) -> None:
        answer: dict[str, Any] = {"code": error.code, "message": error.message}
        if isinstance(error, ServerCancelledError):
            answer["data"] = error.data
        self._send_data({"jsonrpc": self.VERSION, "id": message_id, "error": answer})

    def _send_response(self, msg_id: MessageId, result: Any = None, error: Any = None) -> None:
        if isinstance(result, Encoded):
            head = json.dumps({"jsonrpc": self.VERSION, "id": msg_id})
            self.send(f'{head[:-1]},"result":{result.text}}}'.encode("ascii"))
            return
        answer: dict[str, Any] = {"jsonrpc": self.VERSION, "id": msg_id}
        if error is None:
            answer["result"] = result
        else:
            # pygls repeats what the client sent, or an exception's text: either may quote a document.
            answer["error"] = {"code": error.code, "message": _TITLES.get(error.code, "Internal Error")}
        self._send_data(answer)

    def _send_data(self, data: Any) -> None:
        try:
            body = json.dumps(data, default=self._serialize_message)
        except Exception as error:  # noqa: BLE001 - an answer that cannot be written must not end the server
            self._report("an answer", error)
            message_id = data.get("id") if isinstance(data, dict) else None
            if message_id is not None:
                self._refuse(message_id, JsonRpcInternalError("internal error: the answer cannot be written"))
            return
        self.send(body.encode("ascii"))

    def send(self, body: bytes) -> None:
        """Send a message that is encoded already."""
        if self.writer is not None:
            self.writer.write(frame(body))

    def tell(self, method: str, params: dict[str, Any]) -> None:
        """Send a notification whose parameters are JSON already."""
        self._send_data({"jsonrpc": self.VERSION, "method": method, "params": params})

    def ask(self, method: str, params: dict[str, Any] | None) -> Future[Any]:
        """Send a request whose parameters are JSON already. The future ends with the client's answer."""
        self._asked += 1
        message_id = f"auto-enforcer-{self._asked}"
        future: Future[Any] = Future()
        if len(self._questions) >= MOST_QUESTIONS:
            self._questions.pop(next(iter(self._questions))).cancel()
        self._questions[message_id] = future
        self._send_data({"jsonrpc": self.VERSION, "id": message_id, "method": method, "params": params})
        return future


def _is_id(value: Any) -> TypeGuard[MessageId]:
    """Whether a request may be named so. JSON's true is Python's 1."""
    return isinstance(value, str | int) and not isinstance(value, bool)
