"""A language client of raw messages: what the server is told is exactly what a test writes."""

from __future__ import annotations

import itertools
import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

ROOT = Path(__file__).parents[2]

SERVER = (
    sys.executable,
    "-I",
    "-c",
    f"import sys; sys.path.insert(0, {str(ROOT / 'server')!r}); "
    "from auto_enforcer.lsp.server import main; sys.exit(main(sys.argv[1:]))",
)
"""The command that starts the server of this checkout in the interpreter that runs the tests."""

PATIENCE = 200.0
"""Seconds after which an answer counts as missing, however busy the machine is. Nothing waits for them to
pass when all is well."""

Message = dict[str, Any]


class NoAnswerError(AssertionError):
    """The server did not say what was waited for."""


class Client:
    """One server process and the conversation with it."""

    def __init__(
        self,
        command: Sequence[str] = SERVER,
        *,
        cwd: str | Path | None = None,
        env: Mapping[str, str] | None = None,
        stderr: Any = subprocess.PIPE,
        in_thread: bool = os.name == "nt",
    ) -> None:
        """`in_thread`: what the server writes is read at once, by a thread: where pipes cannot be waited for
        there is no other way."""
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=stderr, cwd=cwd, env=env, bufsize=0
        )
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self._input = self.process.stdin
        self._output = self.process.stdout.fileno()
        self._arrived: SimpleQueue[bytes] | None = None
        if in_thread:
            self._arrived = SimpleQueue()
            Thread(target=_pump, args=(self._output, self._arrived), daemon=True).start()
        else:
            os.set_blocking(self._input.fileno(), False)
        self._buffer = b""
        self._numbers = itertools.count(1)
        self.seen: list[Message] = []
        """Messages that came while another was waited for."""
        self.answers: dict[str, Any] = {"client/registerCapability": None}
        """What the client answers to the server's requests."""
        self.encoding = "utf-16"
        self.wants_whole_texts = False
        """Whether the server takes a change only as the whole new text."""

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *exc: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            if stream is not None:
                try:
                    stream.close()
                except BrokenPipeError:
                    pass

    # -- Sending

    def send(self, message: Message) -> None:
        self.send_bytes(frame(json.dumps(message).encode()))

    def send_bytes(self, data: bytes) -> None:
        """Write without waiting for the server to read: what it writes meanwhile is read."""
        view = memoryview(data)
        descriptor = self._input.fileno()
        while view and self._arrived is not None:
            view = view[os.write(descriptor, view) :]
        while view:
            readable, writable, _ = select.select([self._output], [descriptor], [], PATIENCE)
            if readable:
                self._buffer += os.read(self._output, 1 << 18)
            if writable:
                try:
                    view = view[os.write(descriptor, view) :]
                except BlockingIOError:  # room for less than the system writes at once
                    continue

    def send_all(self, messages: Sequence[Message]) -> None:
        """Send many at once, without waiting between them."""
        self.send_bytes(b"".join(frame(json.dumps(message).encode()) for message in messages))

    def notify(self, method: str, params: Any = None) -> None:
        self.send({"jsonrpc": "2.0", "method": method, "params": params})

    def request(self, method: str, params: Any = None, patience: float = PATIENCE) -> Message:
        """The whole answer, result or error."""
        number = self.ask(method, params)
        return self.wait(lambda message: message.get("id") == number and "method" not in message, patience)

    def ask(self, method: str, params: Any = None) -> int:
        number = next(self._numbers)
        self.send(asking(number, method, params))
        return number

    def result(self, method: str, params: Any = None) -> Any:
        answer = self.request(method, params)
        assert "error" not in answer, answer
        return answer["result"]

    # -- Reading

    def read(self, patience: float = PATIENCE) -> Message:
        """The next message. Answers the server's own requests."""
        deadline = time.monotonic() + patience
        while True:
            head, separator, rest = self._buffer.partition(b"\r\n\r\n")
            if separator:
                length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
                if len(rest) >= length:
                    self._buffer = rest[length:]
                    message: Message = json.loads(rest[:length])
                    if "id" in message and "method" in message and message["method"] in self.answers:
                        answer = self.answers[message["method"]]
                        self.send({"jsonrpc": "2.0", "id": message["id"], "result": answer})
                    return message
            data = self._received(deadline - time.monotonic())
            if data is None:
                raise NoAnswerError(f"nothing within {patience} s; seen {self.seen!r:.2000}")
            if not data:
                error = self.process.stderr.read().decode() if self.process.stderr else ""
                raise NoAnswerError(f"the server has closed its output; {error[-3000:]}")
            self._buffer += data

    def _received(self, seconds: float) -> bytes | None:
        """What has come, b"" at the end, None if nothing comes so long."""
        if self._arrived is not None:
            try:
                return self._arrived.get(timeout=max(0.0, seconds))
            except Empty:
                return None
        if seconds <= 0 or not select.select([self._output], [], [], seconds)[0]:
            return None
        return os.read(self._output, 1 << 18)

    def wait(self, wanted: Callable[[Message], bool], patience: float = PATIENCE) -> Message:
        """The first message, of those seen and those to come, that is wanted. It is not seen again."""
        for index, message in enumerate(self.seen):
            if wanted(message):
                return self.seen.pop(index)
        deadline = time.monotonic() + patience
        while True:
            message = self.read(max(0.0, deadline - time.monotonic()))
            if wanted(message):
                return message
            self.seen.append(message)

    def diagnostics(self, uri: str, version: int | None = None, patience: float = PATIENCE) -> list[Message]:
        """What is published next for a document, at this version if one is given."""

        def wanted(message: Message) -> bool:
            return (
                message.get("method") == "textDocument/publishDiagnostics"
                and message["params"]["uri"] == uri
                and (version is None or message["params"].get("version") == version)
            )

        found: list[Message] = self.wait(wanted, patience)["params"]["diagnostics"]
        return found

    def settle(self) -> list[Message]:
        """All that the server had to say up to now: an answer to a request that comes after everything."""
        self.request("auto-enforcer/are-you-there")
        self.request("auto-enforcer/are-you-there")
        self.request("auto-enforcer/are-you-there")
        seen, self.seen = self.seen, []
        return seen

    # -- The usual course

    def initialize(
        self,
        *folders: str | Path,
        encodings: Sequence[str] | None = None,
        capabilities: Mapping[str, Any] | None = None,
        options: Any = None,
        process_id: int | None = None,
    ) -> Any:
        said: dict[str, Any] = dict(capabilities or {})
        if encodings is not None:
            said["general"] = {"positionEncodings": list(encodings)}
        params: dict[str, Any] = {
            "processId": process_id,
            "rootUri": None,
            "capabilities": said,
            "workspaceFolders": [{"uri": uri(folder), "name": str(folder)} for folder in folders] or None,
        }
        if options is not None:
            params["initializationOptions"] = options
        result = self.result("initialize", params)
        self.encoding = result["capabilities"].get("positionEncoding", "utf-16")
        sync = result["capabilities"].get("textDocumentSync")
        self.wants_whole_texts = (sync.get("change") if isinstance(sync, dict) else sync) == 1
        self.notify("initialized", {})
        return result

    def open(self, path: str | Path, text: str, language: str = "python", version: int = 1) -> str:
        """Tell that a document is open; its URI."""
        name = str(path) if "://" in str(path) or str(path).startswith("untitled:") else uri(path)
        self.send(opening(name, text, language, version))
        return name

    def change(self, name: str, version: int, *changes: Message) -> None:
        self.send(changing(name, version, *changes))

    def close(self, name: str) -> None:
        self.notify("textDocument/didClose", {"textDocument": {"uri": name}})

    def save(self, name: str) -> None:
        self.notify("textDocument/didSave", {"textDocument": {"uri": name}})

    def stop(self) -> int:
        """End by the rules; the server's exit code."""
        self.result("shutdown")
        self.notify("exit")
        self._input.close()
        return self.process.wait(PATIENCE)


def _pump(output: int, arrived: SimpleQueue[bytes]) -> None:
    data = b"?"
    while data:
        try:
            data = os.read(output, 1 << 18)
        except OSError:
            data = b""
        arrived.put(data)


def opening(name: str, text: str, language: str, version: int = 1) -> Message:
    """The message that a document is open."""
    item = {"uri": name, "languageId": language, "version": version, "text": text}
    return {"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": {"textDocument": item}}


def changing(name: str, version: int, *changes: Message) -> Message:
    """The message that a document has changed."""
    params = {"textDocument": {"uri": name, "version": version}, "contentChanges": list(changes)}
    return {"jsonrpc": "2.0", "method": "textDocument/didChange", "params": params}


def asking(number: int | str, method: str, params: Any = None) -> Message:
    """A request."""
    return {"jsonrpc": "2.0", "id": number, "method": method, "params": params}


def frame(body: bytes) -> bytes:
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)


def uri(path: str | Path) -> str:
    return Path(path).absolute().as_uri()


def edit(start: tuple[int, int], end: tuple[int, int], text: str) -> Message:
    """A content change in the client's units."""
    (start_line, start_character), (end_line, end_character) = start, end
    return {
        "range": {
            "start": {"line": start_line, "character": start_character},
            "end": {"line": end_line, "character": end_character},
        },
        "text": text,
    }
