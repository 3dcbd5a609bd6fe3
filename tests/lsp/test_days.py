"""What depends on the day, in a server that runs past midnight. The clocks are the test's own."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from datetime import date, datetime
from pathlib import Path

import pytest

from auto_enforcer.clock import seconds_to_midnight
from auto_enforcer.lsp.days import LATE, LONGEST_SLEEP, Days
from auto_enforcer.session import Session
from lsp.inprocess import Message, Ours, begun, turns
from lsp.stdio import PATIENCE, Client, edit, uri
from lsp.test_pull import PULLING

EVENING = datetime(2026, 11, 22, 23, 50).timestamp()
MIDNIGHT = datetime(2026, 11, 23).timestamp()

TEXT = """\
# TODO(ann, until 2026-11-22): settle this
print(1)  # enforcer: allow[logging] until=2026-11-22: shown
try:
    settle()
except:
    settle(None)
"""

POLICY = """
[rules."errors/bare-except"]
stage = "warn"
from = 2026-11-23

[rules."dates/impossible-date"]
stage = "block"
from = 2026-11-23
"""

ON_THE_DAY = [(1, "enforcer/expiring-suppression")]
THE_DAY_AFTER = [
    (0, "dates/passed-deadline"),
    (1, "logging/print-call"),
    (1, "enforcer/expired-suppression"),
    (4, "errors/bare-except"),
]


class Clocks:
    """The time of day, and the loop's own, which stand still unless they are moved."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = EVENING
        self.ticked = 0.0
        loop = asyncio.get_running_loop()
        began = loop.time()
        monkeypatch.setattr(loop, "time", lambda: began + self.ticked)

    def day(self) -> date:
        return date.fromtimestamp(self.now)

    async def pass_by(self, seconds: float) -> None:
        """Both go on, as they do while the machine is awake; what is due is done."""
        self.now += seconds
        self.ticked += seconds
        await turns()


@pytest.fixture
async def clocks(monkeypatch: pytest.MonkeyPatch) -> Clocks:
    return Clocks(monkeypatch)


@pytest.fixture
async def server(clocks: Clocks, tmp_path: Path) -> AsyncIterator[Ours]:
    (tmp_path / "enforcer.toml").write_text(POLICY)

    def begin(root: str) -> Session:
        return Session(root, clock=clocks.day)

    talk = await begun(lambda: Ours(begin, lambda: clocks.now))
    assert isinstance(talk, Ours)
    added = {"added": [{"uri": uri(tmp_path), "name": "x"}], "removed": []}
    await talk.say({"method": "workspace/didChangeWorkspaceFolders", "params": {"event": added}})
    yield talk
    talk.stop()


async def opened(server: Ours, path: Path, text: str) -> str:
    item = {"uri": uri(path), "version": 1, "languageId": "python", "text": text}
    await server.say({"method": "textDocument/didOpen", "params": {"textDocument": item}})
    return uri(path)


async def changed(server: Ours, name: str, version: int) -> None:
    params = {
        "textDocument": {"uri": name, "version": version},
        "contentChanges": [edit((0, 0), (0, 0), "\n")],
    }
    await server.say({"method": "textDocument/didChange", "params": params})


def published(server: Ours, name: str) -> list[list[tuple[int, str]]]:
    """What was published of a document since the last time, in order."""
    found = [
        [(one["range"]["start"]["line"], one["code"]) for one in message["params"]["diagnostics"]]
        for message in server.channel.sent
        if is_of(message, name)
    ]
    server.channel.sent = [message for message in server.channel.sent if not is_of(message, name)]
    return found


def is_of(message: Message, name: str) -> bool:
    return message.get("method") == "textDocument/publishDiagnostics" and message["params"]["uri"] == name


async def test_open_documents_are_looked_at_again_after_midnight(
    server: Ours, clocks: Clocks, tmp_path: Path
) -> None:
    name = await opened(server, tmp_path / "a.py", TEXT)
    assert published(server, name) == [ON_THE_DAY]
    await clocks.pass_by(MIDNIGHT - EVENING)
    assert published(server, name) == []
    await clocks.pass_by(LATE + 0.1)
    assert published(server, name) == [THE_DAY_AFTER]
    await clocks.pass_by(3 * LONGEST_SLEEP)
    assert published(server, name) == []


async def test_what_is_rolled_out_at_midnight_is_red_from_then_on(
    server: Ours, clocks: Clocks, tmp_path: Path
) -> None:
    def shown() -> list[tuple[int, bool]]:
        sent, server.channel.sent = server.channel.sent, []
        told = [one for message in sent if is_of(message, name) for one in message["params"]["diagnostics"]]
        return [(one["severity"], "(would be blocked at stage `block`)" in one["message"]) for one in told]

    name = await opened(server, tmp_path / "a.py", 'when = "2026-02-31"\n')
    assert shown() == [(2, True)]
    await clocks.pass_by(MIDNIGHT - EVENING + LATE + 0.1)
    assert shown() == [(1, False)]


async def test_who_asks_is_told_to_ask_again_after_midnight_and_gets_other_result_ids(
    clocks: Clocks, tmp_path: Path
) -> None:
    """Where the verdicts are others; where they are not, the client has all of them."""
    talk = await begun(
        lambda: Ours(lambda root: Session(root, clock=clocks.day), lambda: clocks.now), PULLING
    )
    assert isinstance(talk, Ours)
    (tmp_path / "enforcer.toml").write_text(POLICY)
    folder = {"added": [{"uri": uri(tmp_path), "name": "x"}], "removed": []}
    await talk.say({"method": "workspace/didChangeWorkspaceFolders", "params": {"event": folder}})
    dated = await opened(talk, tmp_path / "a.py", TEXT)
    staged = await opened(talk, tmp_path / "b.py", 'when = "2026-02-31"\n')
    other = await opened(talk, tmp_path / "c.py", "print(1)\n")

    async def pulled(name: str, known: str = "") -> Message:
        params = {"textDocument": {"uri": name}, "previousResultId": known or None}
        talk.channel.sent.clear()
        await talk.say({"id": "pull", "method": "textDocument/diagnostic", "params": params})
        [answer] = [one for one in talk.channel.sent if one.get("id") == "pull"]
        result: Message = answer["result"]
        return result

    before = {name: (await pulled(name))["resultId"] for name in (dated, staged, other)}
    talk.channel.sent.clear()
    await clocks.pass_by(MIDNIGHT - EVENING + LATE + 0.1)
    asked = [one["id"] for one in talk.channel.sent if one.get("method") == "workspace/diagnostic/refresh"]
    assert len(asked) == 1
    await talk.say({"id": asked[0], "result": None})
    after = {name: await pulled(name, known) for name, known in before.items()}
    assert {name: one["kind"] for name, one in after.items()} == {
        dated: "full",
        staged: "full",
        other: "unchanged",
    }
    assert after[dated]["resultId"] != before[dated]
    assert after[staged]["resultId"] != before[staged]
    assert [(one["range"]["start"]["line"], one["code"]) for one in after[dated]["items"]] == THE_DAY_AFTER
    assert [one["severity"] for one in after[staged]["items"]] == [1]
    again = {name: await pulled(name, one["resultId"]) for name, one in after.items()}
    assert {one["kind"] for one in again.values()} == {"unchanged"}
    talk.stop()


@pytest.mark.parametrize("event", ["edit", "open", "save"])
async def test_the_next_event_in_any_document_meets_the_new_day(
    server: Ours, clocks: Clocks, tmp_path: Path, event: str
) -> None:
    """The machine slept, and its timers with it."""
    name = await opened(server, tmp_path / "a.py", TEXT)
    other = await opened(server, tmp_path / "elsewhere" / "b.py", TEXT)
    assert published(server, name) == published(server, other) == [ON_THE_DAY]
    clocks.now = MIDNIGHT + 9 * 3_600
    if event == "edit":
        await changed(server, other, 2)
    elif event == "open":
        await opened(server, tmp_path / "c.py", "")
    else:
        await server.say({"method": "textDocument/didSave", "params": {"textDocument": {"uri": other}}})
    assert published(server, name) == [THE_DAY_AFTER]
    down = 1 if event == "edit" else 0
    assert published(server, other) == [[(line + down, code) for line, code in THE_DAY_AFTER]]


async def test_a_clock_that_is_set_back_is_met(server: Ours, clocks: Clocks, tmp_path: Path) -> None:
    clocks.now = MIDNIGHT + 60
    name = await opened(server, tmp_path / "a.py", TEXT)
    assert published(server, name)[-1] == THE_DAY_AFTER
    clocks.now = EVENING
    clocks.ticked += LONGEST_SLEEP
    await turns()
    assert published(server, name) == [ON_THE_DAY]


async def test_the_clock_is_looked_at_just_after_midnight_and_once_an_hour(clocks: Clocks) -> None:
    looks: set[float] = set()
    days: list[date] = []

    def now() -> float:
        looks.add(clocks.now)
        return clocks.now

    Days(now, lambda: days.append(clocks.day()))
    looks.clear()
    await clocks.pass_by(MIDNIGHT - EVENING)
    assert not looks
    await clocks.pass_by(LATE + 0.1)
    assert days == [date(2026, 11, 23)]
    looks.clear()
    for _ in range(23 * 6):
        await clocks.pass_by(600)
    assert len(looks) == 23
    assert days == [date(2026, 11, 23)]
    await clocks.pass_by(3_600)
    assert days == [date(2026, 11, 23), date(2026, 11, 24)]


@pytest.mark.parametrize(
    ("hour", "minute", "second", "left"), [(0, 0, 0, 86_400), (23, 59, 59, 1), (12, 30, 0, 41_400)]
)
def test_how_long_it_is_to_midnight(hour: int, minute: int, second: int, left: int) -> None:
    assert seconds_to_midnight(datetime(2026, 6, 10, hour, minute, second).timestamp()) == left


def test_a_day_that_was_said_does_not_end(tmp_path: Path) -> None:
    for day, expected in (("2026-11-22", []), ("2026-11-23", ["dates/passed-deadline"])):
        with Client(env={**os.environ, "AUTO_ENFORCER_TODAY": day}) as client:
            client.initialize(tmp_path)
            name = client.open(tmp_path / "a.py", TEXT.splitlines(keepends=True)[0])
            assert [one["code"] for one in client.diagnostics(name)] == expected


def test_a_day_that_is_none_is_refused() -> None:
    with Client(env={**os.environ, "AUTO_ENFORCER_TODAY": "tomorrow"}) as client:
        assert client.process.wait(PATIENCE) == 2
        assert client.process.stderr is not None
        assert b"write it as 2026-01-31" in client.process.stderr.read()
