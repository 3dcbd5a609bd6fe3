"""What is mended of pygls 2.1.1: each fault is shown in pygls itself, then that our server does not have it.

When a test of pygls fails, pygls has mended it, and the repair can go.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types

from auto_enforcer.lsp.diagnostics import Encoder, publication
from auto_enforcer.lsp.framing import frame
from auto_enforcer.model import Row, Scope, Severity, Stage, Verdict, Violation
from lsp.inprocess import Ours, Plain, Talk, begun, turns
from lsp.standin import Document
from lsp.stdio import PATIENCE, Client, Message, NoAnswerError, edit

HERE = Path(__file__).parent


@pytest.fixture
async def ours() -> AsyncIterator[Talk]:
    talk = await begun(Ours)
    yield talk
    talk.stop()


@pytest.fixture
async def pygls() -> AsyncIterator[Talk]:
    talk = await begun(Plain)
    yield talk
    talk.stop()


# 1. Every notification leaves a future behind


async def futures_left(talk: Talk) -> int:
    before = len(talk.server.protocol._request_futures)
    for _ in range(50):
        await talk.say({"method": "$/setTrace", "params": {"value": "off"}})
    return len(talk.server.protocol._request_futures) - before


async def test_pygls_keeps_a_future_of_each_notification(pygls: Talk) -> None:
    assert await futures_left(pygls) == 50


async def test_no_future_of_a_notification_is_kept(ours: Talk) -> None:
    assert await futures_left(ours) == 0


# 2. Lines are cut where the protocol does not cut them, and the text is built anew at each edit

ODD = "a\x0cb\x85c\u2028d\x1ce\nsecond\rthird\r\nfourth"


async def edited(talk: Talk, text: str, *changes: Message) -> str:
    uri = "file:///nowhere/a.txt"
    item = {"uri": uri, "languageId": "plaintext", "version": 1, "text": text}
    await talk.say({"method": "textDocument/didOpen", "params": {"textDocument": item}})
    for version, change in enumerate(changes, 2):
        params = {"textDocument": {"uri": uri, "version": version}, "contentChanges": [change]}
        await talk.say({"method": "textDocument/didChange", "params": params})
    return talk.server.workspace.get_text_document(uri).source


async def test_pygls_corrupts_a_text_with_separators_that_are_no_line_ends(pygls: Talk) -> None:
    assert await edited(pygls, ODD, edit((1, 0), (1, 6), "2nd")) != ODD.replace("second", "2nd")


async def test_only_the_protocols_line_ends_cut_lines(ours: Talk) -> None:
    assert await edited(ours, ODD, edit((1, 0), (1, 6), "2nd")) == ODD.replace("second", "2nd")


async def seconds_of_an_edit(talk: Talk) -> float:
    """In a text of 100,000 lines, the fastest of a few."""
    uri = "file:///nowhere/long.txt"
    item = {"uri": uri, "languageId": "plaintext", "version": 1, "text": "some words on a line\n" * 100_000}
    await talk.say({"method": "textDocument/didOpen", "params": {"textDocument": item}})
    await turns(1_000)
    taken = []
    for version in range(2, 8):
        change = types.TextDocumentContentChangePartial(
            types.Range(types.Position(5, 3), types.Position(5, 3)), "x"
        )
        document = types.VersionedTextDocumentIdentifier(version, uri)
        start = time.thread_time()
        talk.server.workspace.update_text_document(document, change)
        taken.append(time.thread_time() - start)
    return min(taken)


async def test_an_edit_of_a_long_text_does_not_build_it_anew(ours: Talk, pygls: Talk) -> None:
    assert await seconds_of_an_edit(ours) * 10 < await seconds_of_an_edit(pygls)


# 3. A column past the end of its line is clamped one short


async def test_pygls_clamps_a_column_one_short(pygls: Talk) -> None:
    assert await edited(pygls, "abc", edit((0, 99), (0, 99), "X")) == "abXc"


async def test_a_column_past_the_end_is_the_end(ours: Talk) -> None:
    assert await edited(ours, "abc", edit((0, 99), (0, 99), "X")) == "abcX"
    assert await edited(ours, "é😀\r\nb", edit((0, 99), (0, 99), "X")) == "é😀X\r\nb"
    assert await edited(ours, "é😀\r\nb", edit((99, 99), (99, 99), "X")) == "é😀\r\nbX"


# 4. Input is read in the pool of the handlers


def blocked_pool(kind: str) -> Client:
    """A server whose pool of one thread waits for a notification, which has been sent."""
    client = Client((sys.executable, "-I", str(HERE / "pool_server.py"), kind), stderr=subprocess.DEVNULL)
    client.initialize()
    client.waiting = client.ask("test/wait")
    client.notify("test/release")
    return client


def released(client: Client, patience: float) -> Any:
    return client.wait(lambda message: message.get("id") == client.waiting, patience)["result"]


def test_pygls_reads_nothing_while_its_pool_is_full() -> None:
    with blocked_pool("plain") as client, pytest.raises(NoAnswerError):
        released(client, 1.5)


def test_input_is_read_while_the_pool_is_full() -> None:
    with blocked_pool("ours") as client:
        assert released(client, PATIENCE) == "released"


# 5. Requests that cannot be read are not answered, and notifications that fail pop up a box

UNREADABLE = {"id": 7, "method": "textDocument/codeAction", "params": {"textDocument": 3}}
FAILING = {"method": "textDocument/didOpen", "params": {"textDocument": {"uri": "file:///a"}}}


async def test_pygls_does_not_answer_what_it_cannot_read(pygls: Talk) -> None:
    await pygls.say(UNREADABLE)
    assert [message for message in pygls.channel.sent if message.get("id") == 7] == []


async def test_what_cannot_be_read_is_answered_as_invalid_params(ours: Talk) -> None:
    await ours.say(UNREADABLE)
    [answer] = ours.channel.sent
    assert (answer["id"], answer["error"]["code"]) == (7, -32602)


async def test_pygls_pops_up_a_box_when_a_notification_fails(pygls: Talk) -> None:
    await pygls.say(FAILING)
    assert [message["method"] for message in pygls.channel.sent] == ["window/showMessage"]


async def test_a_failing_notification_is_only_logged(ours: Talk, caplog: pytest.LogCaptureFixture) -> None:
    await ours.say(FAILING)
    assert {message["method"] for message in ours.channel.sent} <= {"textDocument/publishDiagnostics"}
    assert "textDocument/didOpen failed" in caplog.text


async def test_a_request_can_be_cancelled(ours: Talk) -> None:
    def forever(*arguments: Any) -> Any:
        return asyncio.Event().wait()

    async def wait(params: Any) -> None:
        await forever()

    ours.server.protocol.fm.features["test/wait"] = wait
    await ours.say({"id": 8, "method": "test/wait", "params": {}})
    await ours.say({"method": "$/cancelRequest", "params": {"id": 8}})
    [answer] = ours.channel.sent
    assert (answer["id"], answer["error"]["code"]) == (8, -32800)
    assert ours.server.protocol._request_futures == {}


# 6. shutdown fails when something runs; progress is remembered for ever; the client's end is not noticed


async def shut_down_while_a_command_runs(talk: Talk) -> Message:
    @talk.server.command("test/wait")
    async def wait() -> None:
        await asyncio.Event().wait()

    params = {"command": "test/wait"}
    await talk.say({"id": 9, "method": "workspace/executeCommand", "params": params})
    await talk.say({"id": 10, "method": "shutdown"})
    return next(message for message in talk.channel.sent if message.get("id") == 10)


async def test_pygls_fails_to_shut_down_while_a_command_runs(pygls: Talk) -> None:
    answer = await shut_down_while_a_command_runs(pygls)
    assert "changed size" in answer["error"]["message"]


async def test_shutdown_succeeds_while_a_command_runs(ours: Talk) -> None:
    answer = await shut_down_while_a_command_runs(ours)
    assert answer == {"jsonrpc": "2.0", "id": 10, "result": None}


async def tokens_left(talk: Talk) -> int:
    progress = talk.server.work_done_progress
    progress.begin("work", types.WorkDoneProgressBegin("work"))
    progress.end("work", types.WorkDoneProgressEnd())
    return len(progress.tokens)


async def test_pygls_keeps_a_progress_token_for_ever(pygls: Talk) -> None:
    assert await tokens_left(pygls) == 1


async def test_a_progress_token_goes_with_its_work(ours: Talk) -> None:
    assert await tokens_left(ours) == 0


def outlives_its_client(command: tuple[str, ...], patience: float) -> bool:
    """Whether the server runs on, its input open, after the process it was told of has ended."""
    editor = subprocess.Popen([sys.executable, "-I", "-c", "input()"], stdin=subprocess.PIPE)
    assert editor.stdin is not None
    with Client(command, stderr=subprocess.DEVNULL) as client:
        client.initialize(process_id=editor.pid)
        editor.stdin.close()
        editor.wait()
        try:
            client.process.wait(patience)
        except subprocess.TimeoutExpired:
            return True
        return False


def test_pygls_outlives_its_client() -> None:
    assert outlives_its_client((sys.executable, "-I", str(HERE / "plain_server.py")), 3.0)


def test_the_server_ends_with_its_client() -> None:
    assert not outlives_its_client((sys.executable, "-I", str(HERE / "standin.py")), PATIENCE)


# 7. Many diagnostics are slow to publish


async def test_ten_thousand_diagnostics_are_published_several_times_as_fast(pygls: Talk) -> None:
    verdict = Verdict(Severity.WARNING, Scope.NEW, Stage.BLOCK, "warning", gates=False)
    judged = [(Row(number, Violation("test/bad", "bad", 0, 3)), verdict) for number in range(10_000)]
    span = types.Range(types.Position(0, 0), types.Position(0, 3))
    typed = [types.Diagnostic(span, "bad", types.DiagnosticSeverity.Warning, "test/bad") for _ in judged]
    encoder = Encoder("utf-32", lambda rule: ())
    document = Document("/a", "python", "bad\n" * 10_000)

    def publish_ours() -> None:
        texts = encoder.encode(judged, 0, document)
        pygls.channel.write(frame(publication("file:///a", 1, texts)))

    def publish_plain() -> None:
        pygls.server.text_document_publish_diagnostics(types.PublishDiagnosticsParams("file:///a", typed, 1))

    pygls.channel.write = lambda data: None  # type: ignore[method-assign]
    taken: dict[Any, list[float]] = {publish_ours: [], publish_plain: []}
    for _ in range(6):
        for publish in taken:
            start = time.thread_time()
            publish()
            taken[publish].append(time.thread_time() - start)
    assert min(taken[publish_ours]) * 2.5 < min(taken[publish_plain])
