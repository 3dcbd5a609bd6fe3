"""Performs a conversation, step by step, and holds the server to the model."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
from collections.abc import Mapping, Sequence
from typing import Any

from auto_enforcer.lsp.positions import uri_of
from fuzz import model
from fuzz.model import Diagnostic, Model, Opened, key
from fuzz.wire import WORDS_OF_A_FAULT, Fault, Inside, Message, Process, Wire
from lsp.stdio import frame

ROOT = "$ROOT"
"""What stands for the workspace's folder in a conversation that is written down."""

Step = Sequence[Any]
"""A name and its arguments, as JSON has them:

say MESSAGE                   a message, kept back until `send`
bytes LATIN-1 [LEAST, MOST]   bytes that are no proper message, and how many errors without an id they may be
                              answered with
send N                        what was kept back goes out, in N writes
sync                          wait until the server has read all of it
file PATH TEXT                write a file (null: remove it), and let the server know
quiet                         wait until the server has nothing more to say, and compare
plain                         let the model find things without Hyperscan from here on
end HOW                       the end, one of ENDS
"""

ENDS = {"shutdown": 0, "exit": 1, "eof": 1, "header": 1}
"""How a conversation ends, and the exit code that belongs to it."""

ROUNDS = 60
"""Questions and answers without a change after which what is published counts as final, if time is up too."""


class Runner:
    """One server, one client, one model."""

    def __init__(
        self, *, inside: bool = False, patience: float = 60.0, environment: Mapping[str, str] | None = None
    ) -> None:
        """`patience` is how many seconds what is not as it must be may take to become so. When all is well,
        nothing waits."""
        self.root = tempfile.mkdtemp(prefix="fuzz-")
        self.patience = patience
        self.model = Model(self.root)
        self.wire: Wire = Inside() if inside else Process(environment)
        self.shown: dict[str, tuple[int | None, list[Message]]] = {}
        """What was published last, by URI."""
        self.answers: dict[str, Message] = {}
        """The answers to requests that someone waits for."""
        self.published = self.changed = self.errors = 0
        self.least_nameless = self.most_nameless = self.nameless = 0
        self.ended = False
        self._kept = bytearray()
        self._versions: dict[str, int] = {}
        self._canonical: dict[str, tuple[object, list[Diagnostic]]] = {}
        self._pings = 0
        self._traces = False
        """Whether the client may have asked to be told what is logged."""
        self._stamp = 1_700_000_000_000_000_000

    def __enter__(self) -> Runner:
        return self

    def __exit__(self, *exc: object) -> None:
        self.wire.close()
        shutil.rmtree(self.root, ignore_errors=True)

    # -- Steps

    def perform(self, step: Step) -> None:
        """One step. Raises Fault."""
        if not self.ended:
            getattr(self, f"_{step[0]}")(*step[1:])

    def _say(self, message: Message) -> None:
        message = self.placed(message)
        self.model.said(message)
        self._kept += frame(json.dumps(message).encode())

    def placed(self, value: Any) -> Any:
        """With the folder of this run in its place."""
        if isinstance(value, str):
            return value.replace(ROOT, self.root) if ROOT in value else value
        if isinstance(value, dict):
            return {name: self.placed(inner) for name, inner in value.items()}
        if isinstance(value, list):
            return [self.placed(inner) for inner in value]
        return value

    def _plain(self) -> None:
        self.model.plain()

    def _bytes(self, data: str, nameless: Sequence[int]) -> None:
        self._kept += data.encode("latin-1")
        self._traces |= '"$/setTrace"' in data
        self.least_nameless += nameless[0]
        self.most_nameless += nameless[1]

    def _send(self, pieces: int = 1) -> None:
        data, self._kept = bytes(self._kept), bytearray()
        size = max(1, -(-len(data) // pieces))
        for start in range(0, len(data), size):
            self.wire.write(data[start : start + size])
        self._take(0.0)

    def _sync(self) -> None:
        self._pings += 1
        number = f"ping-{self._pings}"
        self._say({"jsonrpc": "2.0", "id": number, "method": "fuzz/ping"})
        self._send()
        deadline = time.monotonic() + self.wire_patience
        while key(number) in self.model.asked:
            self._take(0.05)
            if time.monotonic() > deadline:
                raise Fault("stuck", "a question is not answered")

    @property
    def wire_patience(self) -> float:
        """Seconds in which a question must be answered; a process under load may take a while."""
        return max(200.0, self.patience)

    def _file(self, path: str, text: str | None) -> None:
        self._sync()
        absolute = os.path.join(self.root, path)
        if text is None:
            if os.path.exists(absolute):
                os.unlink(absolute)
        else:
            os.makedirs(os.path.dirname(absolute), exist_ok=True)
            with open(absolute, "wb") as file:
                file.write(text.encode())
            # Two changes within one tick of the file system's clock are not what is asked here.
            self._stamp += 1_000_000_000
            os.utime(absolute, ns=(self._stamp, self._stamp))
        self.model.files_changed()
        if self.model.watches:
            changes = [{"uri": f"file://{absolute}", "type": 2}]
            self._notify("workspace/didChangeWatchedFiles", {"changes": changes})
        else:
            for root, session in list(self.model.sessions.items()):
                uri = next((one.uri for one in self.model.open.values() if one.root == root), None)
                if uri is not None:
                    self._notify("textDocument/didSave", {"textDocument": {"uri": uri}})
                    continue
                uri = f"file://{session.root}/zz-look.txt"
                item = {
                    "uri": uri,
                    "languageId": "plaintext",
                    "version": self._stamp // 10**9 - 1_700_000_000,
                    "text": "",
                }
                self._notify("textDocument/didOpen", {"textDocument": item})
                self._notify("textDocument/didClose", {"textDocument": {"uri": uri}})
        self._sync()

    def _notify(self, method: str, params: Any) -> None:
        self._say({"jsonrpc": "2.0", "method": method, "params": params})

    def _quiet(self) -> None:
        deadline, rounds, calm = time.monotonic() + self.patience, 0, 0
        while calm < 2:
            before = self.published
            self._sync()
            rounds = 0 if self.published != before else rounds + 1
            wrong = self.wrong()
            if wrong is None:
                calm += 1
                continue
            calm = 0
            self._take(0.02)
            if rounds > ROUNDS and time.monotonic() > deadline:
                raise wrong
        self._look_at_log()

    def wrong(self) -> Fault | None:
        """What is not as it must be when the server is quiet."""
        for number in self.model.asked:
            return Fault("not answered", number)
        if not self.least_nameless <= self.nameless <= self.most_nameless:
            return Fault(
                "nameless errors", f"{self.nameless}, not {self.least_nameless} to {self.most_nameless}"
            )
        problems = self.model.problems()
        for opened in self.model.open.values():
            may_be = [problems.get(opened.path, set())]
            if opened.path in self.model.written:
                may_be = self.model.written[opened.path][1]
            faults = [self._compared(opened, one) for one in may_be]
            if all(faults):
                return faults[0]
        open_paths = {opened.path for opened in self.model.open.values()}
        for path, found in problems.items():
            if path in open_paths:
                continue
            uri = self.uri_of(path)
            if uri not in self.shown and uri not in self.model.open:
                return Fault("policy", f"{uri}: nothing shown of {sorted(found)}")
        for uri in self.shown:
            if uri in self.model.open:
                continue
            codes = [one[5] for one in self.canonical(uri)]
            if uri in self.model.failed_opens:
                if model.FAILED not in codes:
                    return Fault("failed open", f"{uri}: shown {codes}")
                continue
            path = model.real_path(uri)
            is_own = uri == self.uri_of(path) and path not in open_paths
            expected = sorted(problems.get(path, ())) if is_own else []
            if self.canonical(uri) != expected:
                kind = "policy" if expected or model.INVALID in codes else "closed"
                return Fault(kind, f"{uri}: shown {self.canonical(uri)}, not {expected}")
        return None

    def uri_of(self, path: str) -> str:
        """The URI under which the server speaks of a file that no client opened."""
        return uri_of(path)

    def _compared(self, opened: Opened, problems: set[Diagnostic]) -> Fault | None:
        uri = opened.uri
        if uri not in self.shown:
            return Fault("published", f"{uri}: nothing")
        if opened.failed:
            found = [one for one in self.canonical(uri) if one[5] != model.INVALID]
            return (
                None
                if [one[5] for one in found] == [model.FAILED]
                else Fault("failed change", f"{uri}: {found}")
            )
        version = self.shown[uri][0]
        if version != opened.version:
            return Fault("version", f"{uri}: {version}, not {opened.version}")
        if opened.text.startswith("\ufeff"):
            return None  # a letter to the client, a mark in front of the text to who reads the file
        expected = sorted([*self.model.expected(opened), *problems])
        found = self.canonical(uri)
        if found != expected:
            missing = [one for one in expected if one not in found]
            extra = [one for one in found if one not in expected]
            kind = "policy" if any(one[5] == model.INVALID for one in (*missing, *extra)) else "published"
            return Fault(
                kind, f"{uri} version {version}: missing {missing}, too many {extra}, of {len(expected)}"
            )
        return None

    def canonical(self, uri: str) -> list[Diagnostic]:
        """What is shown for a URI, in the model's form."""
        shown = self.shown[uri][1]
        held = self._canonical.get(uri)
        if held is None or held[0] is not shown:
            held = self._canonical[uri] = shown, sorted(map(canonical, shown))
        return held[1]

    def _look_at_log(self) -> None:
        log = self.wire.log()
        for words in WORDS_OF_A_FAULT:
            if (at := log.find(words)) >= 0:
                raise Fault("log", log[max(0, at - 100) : at + 1_500])

    def _end(self, how: str) -> None:
        self._sync()
        if how == "shutdown":
            # Asked for, answered, and then nothing but `exit` counts.
            self._say({"jsonrpc": "2.0", "id": "bye", "method": "shutdown"})
            self._say({"jsonrpc": "2.0", "id": "late", "method": "textDocument/codeAction", "params": {}})
            self._notify(
                "textDocument/didOpen", {"textDocument": {"uri": "untitled:late", "text": "x", "version": 1}}
            )
            self._sync()
            if self.model.asked:
                raise Fault("not answered", str(list(self.model.asked)))
        self._look_at_log()
        self.ended = True
        if how == "eof":
            self._send()
            self.wire.end_input()
        else:
            if how == "header":
                self._kept += b"Content-Length: many\r\n\r\n{}"
            else:
                self._notify("exit", None)
            self._send()
        expected = ENDS[how]
        if how in ("exit", "eof", "header") and self.model.over:
            expected = 0 if how == "exit" else 1
        code = self.wire.code()
        if code != expected:
            raise Fault("exit", f"{how}: exit code {code}, not {expected}; {self.wire.log()[-1000:]}")

    # -- What the server says

    def _take(self, seconds: float) -> None:
        for message in self.wire.read(seconds):
            if "method" not in message:
                self._answered(message)
            elif message["method"] == "textDocument/publishDiagnostics" and "id" not in message:
                self._published(message["params"])
            elif message["method"] == "client/registerCapability" and self.model.watches:
                self._kept += frame(
                    json.dumps({"jsonrpc": "2.0", "id": message["id"], "result": None}).encode()
                )
            elif not self._traces or message["method"] not in ("$/logTrace", "window/logMessage"):
                raise Fault("unasked", repr(message)[:500])

    def _answered(self, message: Message) -> None:
        number = message.get("id")
        code = message["error"]["code"] if "error" in message else None
        self.errors += code is not None and not str(number).startswith("ping-")
        if number is None:
            self.nameless += 1
            if code not in (-32700, model.INVALID_REQUEST) or self.nameless > self.most_nameless:
                raise Fault("nameless errors", repr(message)[:500])
            return
        allowed = self.model.asked.get(key(number))
        if not allowed:
            raise Fault("answered twice", repr(message)[:500])
        fitting = next((codes for codes in allowed if code in codes), None)
        if fitting is None:
            raise Fault("answer", f"{message!r:.500}, not {allowed}")
        allowed.remove(fitting)
        if not allowed:
            del self.model.asked[key(number)]
        if isinstance(number, str) and number.startswith("wanted"):
            self.answers[number] = message

    def _published(self, params: Message) -> None:
        uri, version, found = params.get("uri"), params.get("version"), params.get("diagnostics")
        if not isinstance(uri, str) or not isinstance(found, list):
            raise Fault("no publication", repr(params)[:500])
        if version is not None and (isinstance(version, bool) or not isinstance(version, int)):
            raise Fault("no publication", repr(version))
        before = self.shown.get(uri)
        if before is not None and version is not None:
            last = self._versions.get(uri)
            if last is not None and version < last and version not in self.model.lowered.get(uri, ()):
                raise Fault("version back", f"{uri}: {version} after {last}")
        if version is not None:
            self._versions[uri] = version
        self.published += 1
        self.changed += before is None or before[1] != found
        self.shown[uri] = version, found


def canonical(shown: Message) -> Diagnostic:
    """A diagnostic in the model's form. Raises Fault for one that is malformed."""
    try:
        start, end, code = shown["range"]["start"], shown["range"]["end"], shown["code"]
        if shown["source"] != "auto-enforcer" or shown.keys() - _KEYS:
            raise Fault("diagnostic", repr(shown))
        message = shown["message"]
        if code == model.MORE:
            message = message.partition(" ")[0]
        place = start["line"], start["character"], end["line"], end["character"]
        return *place, shown["severity"], code, message
    except (KeyError, TypeError):
        raise Fault("diagnostic", repr(shown)) from None


_KEYS = {"range", "severity", "code", "codeDescription", "source", "message", "tags"}
