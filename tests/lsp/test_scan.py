"""What is found in files that nobody has open, how it follows them, and that nothing of it stays behind."""

from __future__ import annotations

import asyncio
import json
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from auto_enforcer.lsp import scan
from auto_enforcer.lsp.scan import Scans
from auto_enforcer.lsp.scan_worker import Job, Jobs, SeenBefore, Worker
from command import Command
from lsp.inprocess import Ours, turns
from lsp.stdio import PATIENCE, Client, Message, edit, uri
from repositories import Repository

SCAN = "autoEnforcer.scanWorkspace"
PUBLISHED = "textDocument/publishDiagnostics"
CREATE = "window/workDoneProgress/create"

PROGRESSING: Message = {
    "window": {"workDoneProgress": True},
    "workspace": {"didChangeWatchedFiles": {"dynamicRegistration": True}},
}


@pytest.fixture
def client() -> Iterator[Client]:
    with Client() as started:
        started.answers[CREATE] = None
        started.answers["workspace/diagnostic/refresh"] = None
        yield started


def scanned(client: Client) -> Message:
    """What the command answers."""
    result: Message = client.result("workspace/executeCommand", {"command": SCAN})
    return result


def published(client: Client) -> dict[str, list[Message]]:
    """The last that was sent for each file, of what was read and not waited for."""
    shown: dict[str, list[Message]] = {}
    for message in client.seen:
        if message.get("method") == PUBLISHED:
            shown[message["params"]["uri"]] = message["params"]["diagnostics"]
    return shown


def codes(diagnostics: list[Message]) -> list[str]:
    return [one["code"] for one in diagnostics]


def plant(folder: Path, **texts: str) -> None:
    for name, text in texts.items():
        path = folder / name.replace("__", "/").replace("_dot_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


MANY = 2_000
"""Files. What is told of so many goes into no pipe, and a scan waits for a client that does not read: it is
not over before the client has answered or sent something, however long the client is kept waiting."""


def many(folder: Path) -> None:
    for number in range(MANY):
        (folder / f"a{number:04}.py").write_text("print(1)\n")


def changed(client: Client, *paths: Path, kind: int = 2) -> None:
    changes = [{"uri": uri(path), "type": kind} for path in paths]
    client.notify("workspace/didChangeWatchedFiles", {"changes": changes})


def test_what_is_found_is_what_the_command_finds(client: Client, workspace: Path, ae: Command) -> None:
    plant(
        workspace,
        a_dot_py="x = '😀'; print(1)\n\n# TODO\n",
        sub__b_dot_ts="console.log(1);\r\n" * 3,
        sub__deep__c_dot_py="try:\n    f()\nexcept:\n    pass\n",
        ignored__d_dot_py="print(1)\n",
        node_modules__e_dot_js="console.log(1);\n",
        excluded__f_dot_py="print(1)\n",
        clean_dot_py="x = 1\n",
        Clean_dot_py="x = 1\n",
        enforcer_dot_toml="exclude = ['excluded/**']\n[rules]\n'files/case-collision' = 'warning'\n",
        _dot_gitignore="ignored/\n",
    )
    (workspace / "latin.py").write_bytes(b"name = '\xe9'; print(name)\n")
    (workspace / "binary.py").write_bytes(b"print(1)\0\n")
    (workspace / "wide.py").write_bytes("print('x')\n".encode("utf-16"))
    client.initialize(workspace)
    counts = scanned(client)
    found = {
        (name.removeprefix(uri(workspace) + "/"), one["range"]["start"]["line"] + 1, one["code"])
        for name, diagnostics in published(client).items()
        for one in diagnostics
    }
    done = ae("check", "--format", "jsonl")
    lines = [json.loads(line) for line in done.out.splitlines()]
    assert found == {(one["path"], one["line"], one["rule"]) for one in lines}
    assert {"a.py", "sub/b.ts", "sub/deep/c.py", "latin.py", "wide.py"} <= {one[0] for one in found}
    assert (counts["violations"], counts["cancelled"], counts["notKept"]) == (len(lines), False, 0)


def test_what_is_found_is_what_is_shown_of_an_open_document(client: Client, workspace: Path) -> None:
    texts = {
        "a.py": "x = '😀'; print(1)\r\n\r\n\fprint(2)\n",
        "b.ts": "console.log(`${x}`);\n" * 600,
        "long.py": "x = '" + "é" * 70_000 + "'; print(1)\n" + "print(2)\n",
        "own.py": "c = LegacyClient()\n",
    }
    rule = "id = 'acme/legacy'\nseverity = 'blocked'\nlanguages = ['python']\nmessage = 'it is retired'\n"
    rule += "pattern = 'LegacyClient'\nnote = 'ask us'\n"
    (workspace / "enforcer.toml").write_text(f"[[rule]]\n{rule}")
    for name, text in texts.items():
        (workspace / name).write_bytes(text.encode())
    client.initialize(
        workspace, capabilities={"textDocument": {"publishDiagnostics": {"relatedInformation": True}}}
    )
    scanned(client)
    closed = published(client)
    for name, text in texts.items():
        language = "python" if name.endswith(".py") else "typescript"
        opened = client.open(workspace / name, text, language)
        assert client.diagnostics(opened, 1) == closed[opened], name


def test_a_scan_at_start_is_asked_for(client: Client, workspace: Path) -> None:
    plant(workspace, a_dot_py="print(1)\n")
    client.initialize(workspace, options={"scan": "workspace"})
    assert codes(client.diagnostics(uri(workspace / "a.py"))) == ["logging/print-call"]


def test_without_being_asked_nothing_closed_is_read(client: Client, workspace: Path) -> None:
    plant(workspace, a_dot_py="print(1)\n", b_dot_py="x = 1\n")
    client.initialize(workspace, capabilities=PROGRESSING)
    name = client.open(workspace / "b.py", "print(1)\n")
    changed(client, workspace / "a.py")
    client.close(name)
    assert {uri for message in client.settle() if (uri := message.get("params", {}).get("uri"))} == {name}


def test_progress_is_told_with_its_end(client: Client, workspace: Path) -> None:
    many(workspace)
    client.initialize(workspace, capabilities=PROGRESSING)
    counts = scanned(client)
    assert (counts["files"], counts["violations"]) == (MANY, MANY)
    values = [one["params"]["value"] for one in client.seen if one.get("method") == "$/progress"]
    assert [one["kind"] for one in values if one["kind"] != "report"] == ["begin", "end"]
    assert values[0]["cancellable"] is True
    assert values[-1]["message"] == "checked 2,000 files: 2,000 violations in 2,000 files"


def test_results_follow_what_changes_on_disk(client: Client, workspace: Path) -> None:
    plant(workspace, a_dot_py="print(1)\n", sub__b_dot_py="print(1)\n", sub__c_dot_py="print(1)\n")
    client.initialize(workspace, capabilities=PROGRESSING)
    scanned(client)
    watched = [one for one in client.seen if one.get("method") == "client/registerCapability"]
    assert "**/*" in json.dumps(watched)
    client.seen.clear()
    a, sub, new = workspace / "a.py", workspace / "sub", workspace / "new.py"
    a.write_text("x = 1\nbreakpoint()\n")
    changed(client, a)
    assert codes(client.diagnostics(uri(a))) == ["logging/breakpoint-call"]
    new.write_text("print(1)\n")
    changed(client, new, kind=1)
    assert codes(client.diagnostics(uri(new))) == ["logging/print-call"]
    new.unlink()
    changed(client, new, kind=3)
    assert client.diagnostics(uri(new)) == []
    other = workspace / "other"
    sub.rename(other)
    changed(client, sub, kind=3)
    changed(client, other, kind=1)
    for name in ("b.py", "c.py"):
        assert client.diagnostics(uri(sub / name)) == []
        assert codes(client.diagnostics(uri(other / name))) == ["logging/print-call"]
    (workspace / ".gitignore").write_text("other/\n")
    changed(client, workspace / ".gitignore", kind=1)
    for name in ("b.py", "c.py"):
        assert client.diagnostics(uri(other / name)) == []
    ignored = other / "b.py"
    ignored.write_text("breakpoint()\n")
    a.write_text("print(1)\n")
    changed(client, ignored, a)
    assert codes(client.diagnostics(uri(a))) == ["logging/print-call"]
    assert uri(ignored) not in published(client)


def test_a_changed_policy_is_followed(client: Client, workspace: Path) -> None:
    plant(workspace, a_dot_py="print(1)\nbreakpoint()\n")
    client.initialize(workspace, capabilities=PROGRESSING)
    scanned(client)
    client.seen.clear()
    policy = workspace / "enforcer.toml"
    policy.write_text("[rules]\n'logging/print-call' = 'off'\n")
    changed(client, policy, kind=1)
    assert codes(client.diagnostics(uri(workspace / "a.py"))) == ["logging/breakpoint-call"]
    policy.write_text("[rules]\n'logging/print-cal' = 'off'\n")
    changed(client, policy)
    assert codes(client.diagnostics(uri(policy))) == ["enforcer/invalid-policy"]


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_old_violations_are_old_whatever_comes_between(tmp_path: Path) -> None:
    """A file that changes meanwhile is looked at in the midst of a folder; without a base nothing is red."""
    made = Repository(tmp_path / "made")
    made.commit({f"{name}.py": "breakpoint()\n" for name in "abc"})
    told: list[tuple[int, str, str]] = []

    def tell(head: dict[str, Any], body: str) -> None:
        if head["kind"] == "file":
            told.append(
                (head["job"], Path(head["path"]).name, json.loads(body)["message"].rpartition("(")[2])
            )

    jobs = Jobs()
    worker = Worker({"encoding": "utf-16", "most": 100, "relates": False}, jobs, tell)
    jobs.put(Job(2, str(made.folder), ("c.py",), ()))
    worker.do(Job(1, str(made.folder), ("",), ()))
    order = [(2, "c.py"), (1, "a.py"), (1, "b.py"), (1, "c.py")]
    assert told == [(*one, "historical)") for one in order]
    for word in ("nowhere", "session"):
        told.clear()
        made.write({"enforcer.toml": f'base = "{word}"\n'})
        worker.do(Job(3, str(made.folder), ("a.py",), ()))
        assert told == [(3, "a.py", "historical)")]


def test_another_process_knows_how_files_were_when_they_were_first_seen(workspace: Path) -> None:
    """A scan that was cancelled, or has rested, has left its process. Nothing of a file's text is told."""
    first, second = list[dict[str, Any]](), list[dict[str, Any]]()
    plant(
        workspace, a_dot_py="breakpoint()\n", enforcer_dot_toml='base = "session"\n', clean_dot_py="x = 1\n"
    )

    def does(job: Job, told: list[dict[str, Any]]) -> None:
        options = {"encoding": "utf-16", "most": 100, "relates": False}
        Worker(options, Jobs(), lambda head, body: told.append({**head, "body": body})).do(job)

    key = bytes(16).hex()
    does(Job(1, str(workspace), ("",), (), seen=SeenBefore(key, False, {})), first)
    seen = {one["path"]: one["body"] for one in first if one["kind"] == "seen"}
    assert {Path(path).name for path in seen} == {"a.py", "clean.py", "enforcer.toml"}
    assert all(set(hashes) <= set("0123456789abcdef") for hashes in seen.values())
    plant(
        workspace,
        a_dot_py="x = 1\nbreakpoint()\n",
        clean_dot_py="breakpoint()\n",
        new_dot_py="breakpoint()\n",
    )
    does(Job(2, str(workspace), ("",), (), seen=SeenBefore(key, True, seen)), second)
    found = {Path(one["path"]).name: one["body"] for one in second if one["kind"] == "file"}
    assert {name: "historical)" in body for name, body in found.items()} == {
        "a.py": True,
        "clean.py": False,
        "new.py": False,
    }
    assert not [one for one in second if one["kind"] == "seen"]


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_how_old_ones_are_shown_is_followed(client: Client, tmp_path: Path) -> None:
    made = Repository(tmp_path / "made")
    made.commit({"a.py": "breakpoint()\n", "enforcer.toml": 'extends = ["recommended"]\n'})
    client.initialize(made.folder, capabilities=PROGRESSING)
    scanned(client)
    client.seen.clear()
    for how, expected in (("same", [1]), ("off", []), (None, [2])):
        client.request(
            "workspace/executeCommand", {"command": "autoEnforcer.showHistorical", "arguments": [how]}
        )
        while [one["severity"] for one in client.diagnostics(uri(made.folder / "a.py"))] != expected:
            pass


def test_an_open_document_is_left_to_itself(client: Client, workspace: Path) -> None:
    plant(workspace, a_dot_py="print(1)\n", b_dot_py="print(1)\n")
    client.initialize(workspace, capabilities=PROGRESSING)
    name = client.open(workspace / "a.py", "x = 1\n")
    assert client.diagnostics(name, 1) == []
    scanned(client)
    assert name not in published(client)
    assert codes(published(client)[uri(workspace / "b.py")]) == ["logging/print-call"]
    client.seen.clear()
    changed(client, workspace / "a.py")
    client.change(name, 2, edit((0, 0), (0, 0), "breakpoint()\n"))
    assert codes(client.diagnostics(name, 2)) == ["logging/breakpoint-call"]
    client.close(name)
    assert client.diagnostics(name) == [], "what was not saved is gone"
    assert codes(client.diagnostics(name)) == ["logging/print-call"], "what is on disk is shown again"


def test_a_document_opened_while_a_scan_runs_has_one_kind_of_diagnostics(
    client: Client, workspace: Path
) -> None:
    many(workspace)
    client.initialize(workspace, capabilities=PROGRESSING)
    asked = client.ask("workspace/executeCommand", {"command": SCAN})
    client.wait(lambda message: message.get("method") == PUBLISHED)
    last = client.open(workspace / "a1999.py", "x = 1\n")
    version = 1
    while not any(message.get("id") == asked and "result" in message for message in client.seen):
        version += 1
        text = "breakpoint()\n" if version % 2 == 0 else ""
        client.change(last, version, {"text": text})
        expected = ["logging/breakpoint-call"] if text else []
        assert codes(client.diagnostics(last, version)) == expected
    assert version > 2, "the scan was over before an edit"
    pushed = [one["params"] for one in client.seen if one.get("method") == PUBLISHED]
    versions = [one.get("version") for one in pushed if one["uri"] == last]
    assert None not in versions[versions.index(1) if 1 in versions else 0 :]


def test_a_folder_that_goes_takes_what_was_found_with_it(client: Client, tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    plant(one, a_dot_py="print(1)\n", inner__c_dot_py="print(1)\n")
    plant(two, b_dot_py="print(1)\n")
    client.initialize(one, one / "inner", two)
    assert scanned(client)["files"] == 3, "the inner folder's file is looked at once"
    client.seen.clear()
    event: dict[str, Any] = {"added": [], "removed": [{"uri": uri(two), "name": "two"}]}
    client.notify("workspace/didChangeWorkspaceFolders", {"event": event})
    assert client.diagnostics(uri(two / "b.py")) == []


class Inside:
    """A server in this process, whose scans can be counted."""

    def __init__(self, folder: Path, **capabilities: Any) -> None:
        self._folder = folder
        self._capabilities = capabilities

    async def __aenter__(self) -> Inside:
        self.talk = Ours()
        folders = [{"uri": uri(self._folder), "name": "folder"}]
        params = {"capabilities": {**PROGRESSING, **self._capabilities}, "workspaceFolders": folders}
        await self.talk.say({"id": 0, "method": "initialize", "params": params})
        await self.talk.say({"method": "initialized", "params": {}})
        self.scans: Scans = self.talk.server._scans  # type: ignore[attr-defined]
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.talk.say({"id": 99, "method": "shutdown"})
        await self.talk.say({"method": "exit"})
        await self.until(lambda: self.talk._serving.done())

    async def until(self, holds: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not holds():
            assert time.monotonic() < deadline, self.talk.channel.sent[-3:]
            await asyncio.sleep(0.002)

    async def scan(self, number: int = 1) -> None:
        await self.talk.say({"id": number, "method": "workspace/executeCommand", "params": {"command": SCAN}})

    def answer(self, number: int = 1) -> Any:
        answers = [one for one in self.talk.channel.sent if one.get("id") == number and "method" not in one]
        return answers[0].get("result", answers[0].get("error")) if answers else None

    async def answer_the_server(self) -> None:
        for message in self.talk.channel.sent:
            if "id" in message and message.get("method") == CREATE:
                await self.talk.say({"id": message["id"], "result": None})

    def sent(self, method: str) -> list[Message]:
        return [one["params"] for one in self.talk.channel.sent if one.get("method") == method]


def living() -> set[str]:
    """The threads of this process, those aside that wait for a process which has ended."""
    return {one.name for one in threading.enumerate() if not one.name.startswith("waitpid")}


@pytest.mark.parametrize("by", ["progress", "request", "shutdown"])
def test_a_cancelled_scan_leaves_nothing_running(tmp_path: Path, by: str) -> None:
    for number in range(500):
        (tmp_path / f"a{number:03}.py").write_text("print(1)\n")

    async def cancelled() -> None:
        async with Inside(tmp_path) as server:
            await server.scan()
            await server.answer_the_server()
            tasks, threads = len(asyncio.all_tasks()), living()
            await server.until(lambda: server.scans.records > 3)
            process = server.scans._process
            assert process is not None
            if by == "progress":
                token = server.sent("$/progress")[0]["token"]
                await server.talk.say(
                    {"method": "window/workDoneProgress/cancel", "params": {"token": token}}
                )
                assert server.answer()["cancelled"] is True, "answered at once"
                assert server.sent("$/progress")[-1]["value"]["message"].startswith("cancelled after ")
            elif by == "request":
                await server.talk.say({"method": "$/cancelRequest", "params": {"id": 1}})
                assert server.answer()["code"] == -32800
            else:
                await server.talk.say({"id": 2, "method": "shutdown"})
            records, sent = server.scans.records, len(server.talk.channel.sent)
            assert not server.scans.busy
            assert server.scans._process is None
            await process.wait()
            await turns()
            assert (server.scans.records, len(server.talk.channel.sent)) == (records, sent)
            assert len(asyncio.all_tasks()) <= tasks - 2, "neither the request's nor the process's goes on"
            assert living() <= threads

    asyncio.run(cancelled())


def test_a_process_that_dies_fails_its_scan_and_the_next_has_another(tmp_path: Path) -> None:
    for number in range(500):
        (tmp_path / f"a{number:03}.py").write_text("print(1)\n")

    async def died() -> None:
        async with Inside(tmp_path) as server:
            await server.scan()
            await server.answer_the_server()
            await server.until(lambda: server.scans.records > 3)
            process = server.scans._process
            assert process is not None
            process.kill()
            await server.until(lambda: server.answer() is not None)
            assert (server.answer()["failed"], server.answer()["cancelled"]) == (True, False)
            assert server.sent("$/progress")[-1]["value"]["message"].startswith("the scan failed after ")
            assert not server.scans.busy
            await server.scan(2)
            await server.until(lambda: server.answer(2) is not None)
            assert (server.answer(2)["failed"], server.answer(2)["violations"]) == (False, 500)

    asyncio.run(died())


def test_what_is_kept_is_bounded_and_the_rest_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scan, "MOST_FILES", 5)
    monkeypatch.setattr(scan, "MOST_SHOWN", 12)
    for number in range(9):
        (tmp_path / f"a{number}.py").write_text("print(1)\nprint(2)\nprint(3)\n")

    async def bounded() -> None:
        async with Inside(tmp_path) as server:
            await server.scan()
            await server.answer_the_server()
            await server.until(lambda: server.answer() is not None)
            assert (len(server.scans.findings), server.scans.findings.shown) == (4, 12)
            counts = server.answer()
            assert (counts["violations"], counts["notKept"], counts["filesNotKept"]) == (27, 15, 5)
            words = server.sent("$/progress")[-1]["value"]["message"]
            assert "15 violations in 5 files not shown" in words
            assert len(server.sent(PUBLISHED)) == 4
            (tmp_path / "a0.py").unlink()
            event = {"changes": [{"uri": uri(tmp_path / "a0.py"), "type": 3}]}
            await server.talk.say({"method": "workspace/didChangeWatchedFiles", "params": event})
            await server.until(lambda: not server.scans.busy)
            assert (len(server.scans.findings), server.scans.findings.shown) == (3, 9)

    asyncio.run(bounded())


def test_findings_count_what_they_keep() -> None:
    findings = scan.Findings()
    for kind in scan.KINDS:
        assert findings.put("/a", kind, scan.Kept('{"a":1}', 1, 1))
    assert findings.put("/a", scan.FILE, scan.Kept('{"b":1},{"c":1}', 2, 2))
    assert (len(findings), findings.shown, len(findings.of("/a"))) == (1, 4, 3)
    assert findings.older(2, lambda path, kind: kind != scan.POLICY) == ["/a"]
    assert findings.of("/a", policy=False) == ['{"b":1},{"c":1}']
    assert findings.forget("/a")
    assert not findings.forget("/a")
    assert (len(findings), findings.shown, findings._characters) == (0, 0, 0)
