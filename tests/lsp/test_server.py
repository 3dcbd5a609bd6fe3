"""The server over stdio, message by message, with a session small enough to see through."""

from __future__ import annotations

import json
import os
import re
import select
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from lsp.stdio import PATIENCE, Client, Message, NoAnswerError, asking, changing, edit, frame, uri

INITIALIZE = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"capabilities": {}}}
STANDIN = (sys.executable, "-I", str(Path(__file__).parent / "standin.py"))


@pytest.fixture
def client() -> Iterator[Client]:
    with Client(STANDIN) as started:
        yield started


class Tidy(Client):
    """A client that closes what is still open."""

    def __init__(self) -> None:
        super().__init__(STANDIN)
        self._opened: dict[str, None] = {}

    def open(self, path: str | Path, text: str, language: str = "python", version: int = 1) -> str:
        name = super().open(path, text, language, version)
        self._opened[name] = None
        return name

    def tidy(self) -> None:
        for name in self._opened:
            self.close(name)
        self._opened.clear()
        self.settle()
        self.seen.clear()


@pytest.fixture(scope="module")
def _tidy() -> Iterator[Tidy]:
    with Tidy() as started:
        started.initialize()
        yield started
        assert started.stop() == 0


@pytest.fixture
def ready(_tidy: Tidy) -> Iterator[Client]:
    """A server that is ready for documents, shared by the tests that ask for no more."""
    yield _tidy
    _tidy.tidy()


def found(diagnostics: Sequence[Message]) -> list[tuple[int, int, int, str]]:
    """Line, start, end, code of each."""
    spans = [(one["range"]["start"], one["range"]["end"], one["code"]) for one in diagnostics]
    return [(start["line"], start["character"], end["character"], code) for start, end, code in spans]


def log_of(client: Client) -> str:
    """The whole log of a server that has ended."""
    assert client.process.stderr is not None
    return str(client.process.stderr.read().decode())


# From the first message to the last


def test_a_session_by_the_rules_ends_with_zero(client: Client) -> None:
    result = client.initialize()
    assert result["serverInfo"]["name"] == "auto-enforcer"
    assert result["capabilities"]["textDocumentSync"]["change"] == 2
    assert client.stop() == 0


def test_exit_without_shutdown_ends_with_one(client: Client) -> None:
    client.initialize()
    client.notify("exit")
    assert client.process.wait(PATIENCE) == 1


def test_exit_before_initialize_is_obeyed(client: Client) -> None:
    client.notify("exit")
    assert client.process.wait(PATIENCE) == 1


def test_the_server_ends_when_its_input_does(client: Client) -> None:
    client.initialize()
    client.open("/nowhere/a.py", "/*\n" * 200_000)
    assert client.process.stdin is not None
    client.process.stdin.close()
    assert client.process.wait(PATIENCE) == 1


def test_requests_before_initialize_are_refused(client: Client) -> None:
    assert client.request("textDocument/codeAction", {})["error"]["code"] == -32002


def test_a_second_initialize_is_refused(client: Client) -> None:
    client.initialize()
    assert client.request("initialize", {"capabilities": {}})["error"]["code"] == -32600


def test_requests_after_shutdown_are_refused(client: Client) -> None:
    client.initialize()
    client.result("shutdown")
    assert client.request("textDocument/codeAction", {})["error"]["code"] == -32600


def test_an_unknown_request_is_refused_and_an_unknown_notification_ignored(client: Client) -> None:
    client.initialize()
    client.notify("workspace/didFoo", {})
    assert client.request("textDocument/foo", {})["error"]["code"] == -32601
    assert client.request("$/foo", {})["error"]["code"] == -32601


def test_what_is_no_message_is_refused_and_the_session_goes_on(client: Client) -> None:
    client.initialize()
    for body, code in (
        (b"{", -32700),
        (b"\xff\xfe\xfd", -32700),
        (b"[" * 100_000, -32700),
        (b"[]", -32600),
        (b"7", -32600),
        (b'{"jsonrpc": "1.0", "id": 1, "method": "shutdown"}', -32600),
        (b'{"jsonrpc": "2.0"}', -32600),
        (b'{"jsonrpc": "2.0", "id": {}, "method": "shutdown"}', -32600),
    ):
        client.send_bytes(frame(body))
        assert client.wait(lambda message: "error" in message)["error"]["code"] == code, body
    assert client.stop() == 0


@pytest.mark.parametrize("stream", [b"Content-Length: x\r\n\r\n", b"Foo: 1\r\n\r\n", b"x" * 5_000])
def test_a_stream_without_frames_ends_the_server(client: Client, stream: bytes) -> None:
    client.send_bytes(stream)
    assert client.process.wait(PATIENCE) == 1


def test_headers_are_read_in_any_case_and_order_and_messages_in_any_pieces(client: Client) -> None:
    body = json.dumps(INITIALIZE).encode()
    header = f"content-type: application/vscode-jsonrpc; charset=utf-8\r\nCONTENT-LENGTH:{len(body)}\r\n\r\n"
    for byte in header.encode() + body:
        client.send_bytes(bytes([byte]))
    assert "capabilities" in client.read()["result"]


def test_notifications_of_the_wrong_form_do_no_harm(client: Client) -> None:
    client.initialize()
    document = {"uri": "file:///a"}
    for method in ("didOpen", "didChange", "didSave", "didClose"):
        for params in (
            None,
            {},
            {"textDocument": {}},
            {"textDocument": {"uri": 5}},
            {"textDocument": document},
            [],
        ):
            client.notify(f"textDocument/{method}", params)
    name = client.open("/nowhere/a.py", "print(1)")
    assert found(client.diagnostics(name)) == [(0, 0, 6, "test/print-call")]


# What is said of a document


def test_a_diagnostic_has_all_its_parts(ready: Client) -> None:
    name = ready.open("/nowhere/a.py", "x\n  eval(1)\nold(2)\n", version=7)
    message = ready.wait(lambda message: message.get("method") == "textDocument/publishDiagnostics")
    first, second = message["params"]["diagnostics"]
    assert (message["params"]["uri"], message["params"]["version"]) == (name, 7)
    assert first == {
        "range": {"start": {"line": 1, "character": 2}, "end": {"line": 1, "character": 7}},
        "severity": 1,
        "code": "test/eval-call",
        "source": "auto-enforcer",
        "message": "eval!",
    }
    assert (second["severity"], second["tags"]) == (3, [1])


@pytest.mark.parametrize(("encoding", "column"), [("utf-8", 7), ("utf-16", 4), ("utf-32", 3)])
def test_columns_are_in_the_clients_units(client: Client, encoding: str, column: int) -> None:
    client.initialize(encodings=[encoding])
    name = client.open("/nowhere/a.py", "😀é eval(1)")
    assert found(client.diagnostics(name)) == [(0, column, column + 5, "test/eval-call")]
    client.change(name, 2, edit((0, column), (0, column + 4), "print"))
    assert found(client.diagnostics(name, 2)) == [(0, column, column + 6, "test/print-call")]
    client.change(name, 3, edit((0, 0), (0, column - 1), ""))
    assert found(client.diagnostics(name, 3)) == [(0, 1, 7, "test/print-call")]


def test_each_edit_is_answered(ready: Client) -> None:
    name = ready.open("/nowhere/a.py", "")
    assert ready.diagnostics(name) == []
    text = ""
    for version, letter in enumerate("print(1)\nold(", 2):
        line, character = text.count("\n"), len(text.rpartition("\n")[2])
        ready.change(name, version, edit((line, character), (line, character), letter))
        text += letter
        expected = [(0, 0, 6, "test/print-call")] if "print(" in text else []
        expected += [(1, 0, 4, "test/old-call")] if "old(" in text else []
        assert found(ready.diagnostics(name, version)) == expected


def test_the_changes_of_one_message_are_applied_in_order(ready: Client) -> None:
    name = ready.open("/nowhere/a.py", "x")
    ready.change(name, 2, edit((0, 1), (0, 1), "eval"), edit((0, 0), (0, 1), ""), edit((0, 4), (0, 4), "("))
    assert found(ready.diagnostics(name, 2)) == [(0, 0, 5, "test/eval-call")]


def test_a_change_without_range_is_the_whole_text(ready: Client) -> None:
    name = ready.open("/nowhere/a.py", "x")
    ready.change(name, 2, {"text": "a\nprint("})
    assert found(ready.diagnostics(name, 2)) == [(1, 0, 6, "test/print-call")]


@pytest.mark.parametrize("name", ["/nowhere/a.py", "file:///nowhere/%61.py", "untitled:Untitled-1"])
def test_closing_clears(ready: Client, name: str) -> None:
    """Under the very URI that the ready opened it by."""
    name = ready.open(name, "print(1)")
    assert ready.diagnostics(name)
    ready.close(name)
    assert ready.diagnostics(name) == []


def test_nothing_is_published_after_closing(ready: Client) -> None:
    name = ready.open("/nowhere/a.py", "print(1)\n" * 20_000)
    ready.close(name)
    while ready.diagnostics(name) != []:
        continue  # it was told before the server heard of the closing
    # What takes as long, and was begun later, is published: so would the closed one be by now.
    assert ready.diagnostics(ready.open("/nowhere/b.py", "print(1)\n" * 20_000))
    assert ready.settle() == []


def test_opening_again_takes_the_new_text(ready: Client) -> None:
    name = ready.open("/nowhere/a.py", "print(1)")
    ready.diagnostics(name)
    ready.open("/nowhere/a.py", "eval(1)", version=5)
    assert found(ready.diagnostics(name, 5)) == [(0, 0, 5, "test/eval-call")]


def test_a_document_without_a_file_is_checked(ready: Client) -> None:
    name = ready.open("untitled:Untitled-1", "print(1)")
    assert found(ready.diagnostics(name)) == [(0, 0, 6, "test/print-call")]


@pytest.mark.parametrize("name", ["git:/nowhere/a.txt?ref=HEAD", "output:tasks", "vscode-scm:/x/a.txt"])
def test_what_nobody_writes_is_left_alone(ready: Client, name: str) -> None:
    item = {"uri": name, "languageId": "plaintext", "version": 1, "text": "print(1)"}
    ready.notify("textDocument/didOpen", {"textDocument": item})
    ready.change(name, 2, {"text": "print(2)"})
    ready.save(name)
    assert actions(ready, name, 0) == []
    ready.close(name)
    other = ready.open("/nowhere/b.txt", "print(1)", "plaintext")
    assert len(ready.diagnostics(other)) == 1
    published = [one["params"]["uri"] for one in ready.seen if "publishDiagnostics" in one.get("method", "")]
    assert name not in published


def test_two_hundred_changes_without_waiting_are_answered_for_the_last(ready: Client) -> None:
    name = ready.open("/nowhere/a.py", "x\n" * 1_000)
    ready.diagnostics(name)
    ready.send_all([changing(name, version, edit((0, 0), (0, 0), "print(")) for version in range(2, 202)])
    published = []
    while not published or published[-1]["version"] < 201:
        message = ready.wait(lambda message: message.get("method") == "textDocument/publishDiagnostics")
        published.append(message["params"])
    assert len(published[-1]["diagnostics"]) == 200
    assert len(published) < 50
    versions = [one["version"] for one in published]
    assert versions == sorted(versions)
    for one in published:
        assert len(one["diagnostics"]) == one["version"] - 1


def test_work_through_a_long_text_yields_to_the_next_edit_and_is_published_once(ready: Client) -> None:
    name = ready.open("/nowhere/a.py", "x\n" * 300_000 + "print(")
    ready.diagnostics(name)
    # In one piece: a question that comes later may find the work done.
    ready.send_all(
        [changing(name, 2, edit((0, 0), (0, 0), "/*")), asking("question", "auto-enforcer/are-you-there")]
    )
    ready.wait(lambda message: message.get("id") == "question")
    assert ready.seen == [], "it is answered before the work is done"
    ready.change(name, 3, edit((0, 0), (0, 2), ""))
    assert found(ready.diagnostics(name, 3)) == [(300_000, 0, 6, "test/print-call")]
    # Where the edit came late, the work was done before: then it is told whole.
    others = [one["params"] for one in ready.settle()]
    assert [(one["version"], one["diagnostics"]) for one in others] in ([], [(2, [])])


def test_a_fault_in_one_document_is_shown_there_and_nowhere_else(ready: Client) -> None:
    bad, good = ready.open("/nowhere/bad.py", "boom("), ready.open("/nowhere/good.py", "print(")
    [diagnostic] = ready.diagnostics(bad)
    assert (diagnostic["code"], diagnostic["severity"]) == ("enforcer/check-failed", 1)
    assert found(ready.diagnostics(good)) == [(0, 0, 6, "test/print-call")]
    ready.open("/nowhere/bad.py", "eval(", version=2)
    assert found(ready.diagnostics(bad, 2)) == [(0, 0, 5, "test/eval-call")]


# How many are shown


def test_at_most_five_hundred_are_shown_and_the_last_tells_the_rest(ready: Client) -> None:
    name = ready.open("/nowhere/a.py", "print(1)\n" * 700)
    diagnostics = ready.diagnostics(name)
    assert len(diagnostics) == 500
    assert diagnostics[-1]["message"].startswith("201 more violations are not shown here")
    assert [line for line, *_ in found(diagnostics[:-1])] == list(range(499))


def test_as_many_as_may_be_shown_are(ready: Client) -> None:
    name = ready.open("/nowhere/a.py", "print(1)\n" * 500)
    assert {one["code"] for one in ready.diagnostics(name)} == {"test/print-call"}


def test_new_and_blocked_ones_go_before_the_rest(client: Client) -> None:
    client.initialize(options={"maximumDiagnostics": 4})
    name = client.open("/nowhere/a.py", "old(\nprint(\nold(\neval(\nprint(\neval(\n")
    codes = [(line, code) for line, _, _, code in found(client.diagnostics(name))]
    assert codes == [
        (1, "test/print-call"),
        (3, "test/eval-call"),
        (5, "test/eval-call"),
        (0, "enforcer/more-violations"),
    ]


# Folders


def sessions(client: Client) -> list[str]:
    """The roots of the sessions that were begun, once the server has ended."""
    client.stop()
    return re.findall(r"INFO session (.*)", log_of(client))


def test_the_innermost_folder_owns_a_file(client: Client, tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    client.initialize(tmp_path, inner)
    for path in (inner / "a.py", tmp_path / "b.py", tmp_path / "inner2" / "c.py", inner / "d" / "e.py"):
        client.diagnostics(client.open(path, "x"))
    assert sessions(client) == [str(inner), str(tmp_path)]


def test_a_file_outside_all_folders_has_a_session_of_its_own(client: Client, tmp_path: Path) -> None:
    client.initialize(tmp_path / "folder")
    for path in (tmp_path / "a.py", tmp_path / "b.py"):
        client.diagnostics(client.open(path, "x"))
    assert sessions(client) == [str(tmp_path), str(tmp_path)]


def test_documents_move_when_folders_come_and_go(client: Client, tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    client.initialize(tmp_path)
    name = client.open(inner / "a.py", "print(1)")
    client.change(name, 2, edit((0, 0), (0, 0), "é"))
    assert found(client.diagnostics(name, 2)) == []
    folder = {"uri": uri(inner), "name": "inner"}
    event = "workspace/didChangeWorkspaceFolders"
    client.notify(event, {"event": {"added": [folder], "removed": []}})
    client.diagnostics(name, 2)
    client.notify(event, {"event": {"added": [], "removed": [folder]}})
    client.diagnostics(name, 2)
    client.notify(event, {"event": {"added": [], "removed": [{"uri": uri(tmp_path), "name": "outer"}]}})
    client.diagnostics(name, 2)
    client.change(name, 3, edit((0, 0), (0, 1), ""))
    assert found(client.diagnostics(name, 3)) == [(0, 0, 6, "test/print-call")]
    assert sessions(client) == [str(tmp_path), str(inner), str(inner)]


def test_an_older_clients_root_is_a_folder(client: Client, tmp_path: Path) -> None:
    client.result("initialize", {"capabilities": {}, "rootPath": str(tmp_path)})
    client.notify("initialized", {})
    client.diagnostics(client.open(tmp_path / "sub" / "a.py", "x"))
    assert sessions(client) == [str(tmp_path)]


# Code actions


def actions(client: Client, name: str, line: int, **context: Any) -> list[Message]:
    span = {"start": {"line": line, "character": 0}, "end": {"line": line, "character": 99}}
    given = {"diagnostics": [], "only": ["quickfix"], **context}
    params = {"textDocument": {"uri": name}, "range": span, "context": given}
    result: list[Message] = client.result("textDocument/codeAction", params)
    return result


def test_a_fix_is_a_whole_edit_in_the_clients_units(ready: Client) -> None:
    name = ready.open("/nowhere/a.txt", "x\n😀 print(1)\n", "plaintext")
    [action] = actions(ready, name, 1)
    assert (action["title"], action["kind"], action["isPreferred"]) == ("remove it", "quickfix", True)
    span = {"start": {"line": 1, "character": 3}, "end": {"line": 1, "character": 9}}
    assert action["edit"] == {"changes": {name: [{"range": span, "newText": ""}]}}


def test_an_edit_names_its_version_where_the_client_understands(client: Client) -> None:
    client.initialize(capabilities={"workspace": {"workspaceEdit": {"documentChanges": True}}})
    name = client.open("/nowhere/a.txt", "print(1)", "plaintext", version=4)
    [action] = actions(client, name, 0)
    [change] = action["edit"]["documentChanges"]
    assert change["textDocument"] == {"uri": name, "version": 4}


def test_an_action_names_the_diagnostic_it_answers(ready: Client) -> None:
    name = ready.open("/nowhere/a.txt", "print(1)", "plaintext")
    diagnostics = ready.diagnostics(name)
    [action] = actions(ready, name, 0, diagnostics=diagnostics)
    assert action["diagnostics"] == diagnostics


def test_actions_come_only_where_and_when_they_are_wanted(ready: Client) -> None:
    name = ready.open("/nowhere/a.txt", "print(1)\nx", "plaintext")
    assert actions(ready, name, 1) == []
    assert actions(ready, name, 0, only=["refactor"]) == []
    assert len(actions(ready, name, 0, only=["refactor", "quickfix"])) == 1
    assert len(actions(ready, name, 0, diagnostics=[{"range": SPAN, "message": "as ALE sends it"}])) == 1
    assert actions(ready, "file:///nowhere/other.txt", 0) == []
    everything = actions(ready, name, 0, only=None)
    assert [one["kind"] for one in everything] == ["quickfix", "source.fixAll.auto-enforcer"]
    assert actions(ready, name, 0, only=None, triggerKind=2) == everything[:1]
    for kind in ("", "source", "source.fixAll", "source.fixAll.auto-enforcer"):
        assert everything[1] in actions(ready, name, 1, only=[kind]), kind
    for kind in ("source.organizeImports", "source.fixAll.other", "source.fix"):
        assert actions(ready, name, 0, only=[kind]) == [], kind


def test_all_that_is_safe_is_fixed_at_once(client: Client) -> None:
    client.initialize(capabilities={"workspace": {"workspaceEdit": {"documentChanges": True}}})
    name = client.open("/nowhere/a.txt", "print(1) print(2)\nx\nprint(3)", "plaintext", version=7)
    [action] = actions(client, name, 1, only=["source.fixAll"])
    [change] = action["edit"]["documentChanges"]
    assert change["textDocument"] == {"uri": name, "version": 7}
    starts = [(one["range"]["start"]["line"], one["range"]["start"]["character"]) for one in change["edits"]]
    assert starts == [(0, 0), (0, 9), (2, 0)]
    like = actions(client, name, 2)[1]
    assert like["title"] == "Fix all 3 of `test/print-call` in this file"
    assert like["edit"] == action["edit"]


SPAN = {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 1}}


def test_actions_wait_for_pending_work_and_can_be_cancelled(client: Client) -> None:
    client.initialize()
    name = client.open("/nowhere/a.txt", "x\n" * 400_000 + "print(", "plaintext")
    span = {"start": {"line": 400_000, "character": 0}, "end": {"line": 400_000, "character": 1}}
    params = {"textDocument": {"uri": name}, "range": span, "context": {"diagnostics": []}}
    cancel = {"jsonrpc": "2.0", "method": "$/cancelRequest", "params": {"id": "asked"}}
    # In one piece: a cancellation that comes later may find the work done.
    client.send_all([asking("asked", "textDocument/codeAction", params), cancel])
    answer = client.wait(lambda message: message.get("id") == "asked")
    assert answer["error"]["code"] == -32800
    titles = [one["title"] for one in client.result("textDocument/codeAction", params)]
    assert titles == ["remove it", "Fix all that is safe in this file"]


# The streams


def test_what_anything_prints_goes_to_standard_error() -> None:
    code = (
        "import logging, os, runpy, subprocess, sys\n"
        "sys.path.insert(0, sys.argv.pop(1))\n"
        "import standin\n"
        "from auto_enforcer.lsp import server\n"
        "def begin(root):\n"
        "    print('from print'); sys.stdout.flush()\n"
        "    os.write(1, b'from the descriptor\\n')\n"
        "    subprocess.run([sys.executable, '-I', '-c', 'print(\"from a child\")'])\n"
        "    assert not sys.stdin.read()\n"
        "    return standin.Session(root, log=logging.getLogger('auto_enforcer').info)\n"
        "server._begin, server._tags = begin, lambda rule: []\n"
        "sys.exit(server.main([]))\n"
    )
    server = Path(__file__).parents[2] / "server"
    command = (sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(server)!r})\n{code}")
    with Client((*command, str(Path(__file__).parent))) as client:
        client.initialize()
        name = client.open("/nowhere/a.py", "print(1)")
        assert found(client.diagnostics(name)) == [(0, 0, 6, "test/print-call")]
        client.stop()
        log = log_of(client)
        assert "from print" in log
        assert "from the descriptor" in log
        assert "from a child" in log


def test_a_client_that_does_not_read_does_not_stop_the_server(client: Client) -> None:
    client.initialize(options={"maximumDiagnostics": 20_000})
    name = client.open("/nowhere/a.py", "print(1)\n" * 10_000)
    assert client.process.stdin is not None
    descriptor = client.process.stdin.fileno()
    for version in range(2, 500):  # more than the pipe holds, and nothing is read
        item = {"uri": name, "version": version}
        params = {"textDocument": item, "contentChanges": [edit((0, 0), (0, 0), " " * 1_000)]}
        message = {"jsonrpc": "2.0", "method": "textDocument/didChange", "params": params}
        data = frame(json.dumps(message).encode())
        assert select.select([], [descriptor], [], PATIENCE)[1], "the server no longer reads"
        os.write(descriptor, data)
    assert len(client.diagnostics(name, 499)) == 10_000


def test_the_log_holds_no_text_of_a_document(tmp_path: Path) -> None:
    path = tmp_path / "server.log"
    with Client((*STANDIN, "--log-level", "debug", "--log-file", str(path))) as client:
        client.initialize(tmp_path)
        name = client.open(tmp_path / "a.py", "print(1) # hush-hush\nboom(")
        client.diagnostics(name)
        client.change(name, 2, edit((0, 0), (0, 0), "hush-hush"), {"range": "hush-hush", "text": "hush-hush"})
        client.notify("textDocument/didOpen", {"textDocument": {"uri": name, "hush-hush": "hush-hush"}})
        client.request("textDocument/codeAction", {"hush-hush": "hush-hush"})
        client.notify("workspace/hush-hush", "hush-hush")
        client.stop()
        log = log_of(client)
    assert "textDocument/didChange failed: TypeError in change" in log
    assert path.read_text().splitlines() == log.splitlines()
    assert "hush" not in log


def test_a_log_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    done = subprocess.run(
        (*STANDIN, "--log-file", str(tmp_path / "no" / "log")), stdin=subprocess.DEVNULL, capture_output=True
    )
    assert done.returncode == 2
    assert done.stderr == b"auto-enforcer: cannot write the log file: No such file or directory\n"


def test_wrong_arguments_are_refused() -> None:
    done = subprocess.run((*STANDIN, "--tcp", "nonsense"), stdin=subprocess.DEVNULL, capture_output=True)
    assert done.returncode == 2
    assert b"takes HOST:PORT" in done.stderr


def listening() -> tuple[subprocess.Popen[bytes], int]:
    """A server that waits for a client, and its port."""
    command = (*STANDIN, "--tcp", "127.0.0.1:0")
    server = subprocess.Popen(command, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
    assert server.stderr is not None
    return server, int(server.stderr.readline().rpartition(b":")[2])


def test_a_client_can_connect_over_tcp() -> None:
    server, port = listening()
    with socket.create_connection(("127.0.0.1", port)) as connection, connection.makefile("rb") as stream:
        connection.sendall(
            b"".join(
                frame(json.dumps({"jsonrpc": "2.0", **message}).encode())
                for message in (
                    {"id": 1, "method": "initialize", "params": {"capabilities": {}}},
                    {"method": "initialized", "params": {}},
                    {"method": "textDocument/didOpen", "params": {"textDocument": OPENED}},
                    {"id": 2, "method": "shutdown"},
                )
            )
        )
        messages = [read(stream) for _ in range(2)]
        connection.sendall(frame(b'{"jsonrpc": "2.0", "method": "exit"}'))
        assert [message["id"] for message in messages] == [1, 2]
    assert server.wait(PATIENCE) == 0
    server.communicate()


OPENED = {"uri": "file:///nowhere/a.py", "languageId": "python", "version": 1, "text": "print("}


def read(stream: Any) -> Message:
    length = int(stream.readline().rpartition(b":")[2])
    stream.readline()
    message: Message = json.loads(stream.read(length))
    return message if "id" in message else read(stream)


def test_the_server_ends_when_the_tcp_client_leaves() -> None:
    server, port = listening()
    socket.create_connection(("127.0.0.1", port)).close()
    assert server.wait(PATIENCE) == 1
    server.communicate()


def test_a_process_of_another_system_is_not_waited_for(client: Client) -> None:
    ended = subprocess.Popen([sys.executable, "-I", "-c", ""])
    ended.wait()
    client.initialize(process_id=ended.pid)
    assert client.stop() == 0


def test_a_file_may_be_the_input(tmp_path: Path) -> None:
    path = tmp_path / "messages"
    shutdown = {"jsonrpc": "2.0", "id": 2, "method": "shutdown"}
    path.write_bytes(b"".join(frame(json.dumps(message).encode()) for message in (INITIALIZE, shutdown)))
    with path.open("rb") as messages:
        done = subprocess.run(STANDIN, stdin=messages, capture_output=True, timeout=PATIENCE)
    assert b'"id": 2, "result": null' in done.stdout


def test_no_answer_is_an_error_of_the_test(client: Client) -> None:
    client.initialize()
    with pytest.raises(NoAnswerError):
        client.diagnostics("file:///nowhere/a.py", patience=0.01)
