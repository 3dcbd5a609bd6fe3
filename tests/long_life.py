"""A server's long life: at the end it holds what it held at the beginning.

`python3 tests/long_life.py` makes 100,000 edits, 10,000 openings and closings and 1,000 changes of policy,
each with options that were not there before, in a server process over its pipes, and looks at it from
outside: resident memory, threads, file descriptors, child processes. It does the same in a server within this
process, whose clock then goes 24 hours ahead without anyone sleeping, and counts what the server holds:
futures, tasks, timers, sessions, documents, encoders, caches; and what `tracemalloc` sees grow over a tenth.

`--short` is what the suite does.
"""

from __future__ import annotations

import argparse
import asyncio
import functools
import gc
import inspect
import os
import random
import re
import resource
import selectors
import shutil
import sys
import tempfile
import time
import tracemalloc
from collections import Counter
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

if __name__ == "__main__":
    sys.path[:1] = [str(Path(__file__).parent / "bench")]
    import environment  # noqa: F401

import json

from auto_enforcer.languages import LANGUAGES
from auto_enforcer.lsp import parent
from auto_enforcer.session import Session, Shared, scanners
from fuzz import texts
from fuzz.wire import Fault, Inside, Message, Process, Wire
from lsp.stdio import frame

LANGUAGE_IDS = (
    "python",
    "typescript",
    "go",
    "java",
    "yaml",
    "markdown",
    "shellscript",
    "rust",
    "html",
    "csharp",
)
"""Of the documents that are open all the time."""

LINES = 60
"""Of a document, about."""

BATCH = 20
"""Edits that are sent before the client reads."""

MEGABYTE = 1 << 20

PATIENCE = 300
"""Seconds after which the server counts as stuck."""

THREADS = 2
"""Of a server at rest: its own, and the one that asks git."""

RESIDENT = 8 * MEGABYTE
"""Bytes of resident memory that a process may have gained: the allocator's holes, and caches that are not
full yet. A leak of 100 bytes an edit would be more."""

TRACED = MEGABYTE
"""Bytes that Python's objects may have gained over the last tenth: the texts that encoders hold beyond those
shown, and plans that are larger than those they took the place of."""

HOURS = 24


class Counts(NamedTuple):
    """How much is done."""

    edits: int
    openings: int
    policies: int

    def part(self, number: int) -> Counts:
        """A part of it."""
        return Counts(*(max(1, count // number) for count in self))


WHOLE = Counts(100_000, 10_000, 1_000)
SHORT = Counts(2_000, 300, 50)
WARM = Counts(3_000, 300, 150)
"""What fills the bounded caches before the first look."""

BRIEFLY = Counts(500, 60, 70)
"""The same for the short form: more policies than there are plans held at once."""

OF_A_RELEASE = frozenset(
    (
        *("lexer.start", "grammars.modes.modes_of", "grammars.modes.machine"),
        *("catalog.modules", "catalog.load", "catalog.pattern_set"),
    )
)
"""Caches without a bound that hold one thing a language or module, of which a release has so many."""


class Life:
    """A client that does the same things over and over, each a little otherwise."""

    def __init__(self, wire: Wire, seed: int = 1) -> None:
        self.wire = wire
        self.root = os.path.realpath(tempfile.mkdtemp(prefix="long-life-"))
        self.source = random.Random(seed)
        self.published: Counter[str] = Counter()
        self.shown: dict[str, list[Message]] = {}
        self.answers = 0
        self._asked = 0
        self._versions: Counter[str] = Counter()
        self._policies = 0
        self._out = bytearray()
        self.texts: dict[str, tuple[str, list[str]]] = {}

    def begin(self) -> None:
        """Initialize, and open the documents that stay."""
        folder = {"uri": f"file://{self.root}", "name": "x"}
        watching = {"workspace": {"didChangeWatchedFiles": {"dynamicRegistration": True}}}
        params = {"processId": os.getpid(), "capabilities": watching, "workspaceFolders": [folder]}
        self._ask("initialize", params)
        self._tell("initialized", {})
        for language in LANGUAGE_IDS:
            uri = f"file://{self.root}/app/{language}{LANGUAGES[language].suffixes[0]}"
            lines = [self._line(language) for _ in range(LINES)]
            self.texts[uri] = language, lines
            self.open(uri, language, "".join(lines))
        self.settle()

    def live(self, counts: Counts) -> None:
        """So many edits, openings and changes of policy, the one between the other."""
        done = [0, 0, 0]
        doing = self.edit, self.open_and_close, self.change_policy
        for step in range(1, 101):
            for kind, (count, do) in enumerate(zip(counts, doing, strict=True)):
                while done[kind] < count * step // 100:
                    done[kind] += 1
                    do()
            self.settle()
        if self._policies % 10 == 0:
            self.change_policy()

    def end(self) -> None:
        """Remove the folder."""
        shutil.rmtree(self.root, ignore_errors=True)

    # -- What it does

    def edit(self) -> None:
        """One edit; every hundredth time also a request, one that is taken back, and two that fail."""
        source = self.source
        uri = source.choice(list(self.texts))
        language, lines = self.texts[uri]
        number = source.randrange(len(lines))
        # Every other line goes and comes back, so that the text stays as long as it is.
        new = [] if len(lines) > LINES and source.random() < 0.5 else [self._line(language)]
        gone = 1 if new and len(lines) > LINES and source.random() < 0.8 else 1 - len(new)
        lines[number : number + gone] = new
        span = {"start": {"line": number, "character": 0}, "end": {"line": number + gone, "character": 0}}
        self._versions[uri] += 1
        item = {"uri": uri, "version": self._versions[uri]}
        self._tell(
            "textDocument/didChange",
            {"textDocument": item, "contentChanges": [{"range": span, "text": "".join(new)}]},
        )
        if self._versions[uri] % 100 == 0:
            whole = {"start": {"line": 0, "character": 0}, "end": {"line": 9_999, "character": 0}}
            params = {"textDocument": {"uri": uri}, "range": whole, "context": {"diagnostics": []}}
            self._ask("textDocument/codeAction", params)
            self._tell("$/cancelRequest", {"id": self._ask("textDocument/codeAction", params)})
            self._ask("textDocument/codeAction", {})
            self._ask("no/such-request", {})
            self._tell("textDocument/didChange", {"textDocument": {"uri": uri}, "contentChanges": [[]]})
            self.open(uri, language, "".join(lines))  # the failed change left its text unknown
        if self._versions[uri] % BATCH == 0:
            self.settle()

    def open_and_close(self) -> None:
        """Open and close a document: one of the folder, one outside, one of no file."""
        source = self.source
        language = source.choice(LANGUAGE_IDS)
        self._asked += 1
        name = f"{self._asked}{LANGUAGES[language].suffixes[0]}"
        uri = source.choice(
            (f"file://{self.root}/some/{name}", f"file:///nowhere/{name}", f"untitled:{name}")
        )
        self.open(uri, language, "".join(self._line(language) for _ in range(12)))
        if source.random() < 0.5:
            self.settle()
        self._tell("textDocument/didClose", {"textDocument": {"uri": uri}})
        if source.random() < 0.02:
            folder = [{"uri": f"file://{self.root}/app", "name": "app"}]
            self._tell("workspace/didChangeWorkspaceFolders", {"event": {"added": folder, "removed": []}})
            self._tell("workspace/didChangeWorkspaceFolders", {"event": {"added": [], "removed": folder}})

    def change_policy(self) -> None:
        """Write a policy that says what none has said before; every tenth does not hold."""
        self.settle()
        self._policies += 1
        number = self._policies
        text = (
            f'[rules]\n"logging/print-call" = "{("warning", "blocked")[number % 2]}"\n'
            f'"debt/todo-without-reference" = {{ markers = ["TODO", "MARK{number}"] }}\n'
            f'"dates/stale-last-updated" = {{ fields = ["updated", "changed {number}"] }}\n'
        )
        if number % 10 == 0:
            text += f"nonsense{number} = 1\n"
        path = Path(self.root, "enforcer.toml")
        path.write_text(text, encoding="utf-8")
        os.utime(path, ns=(number * 10**9, number * 10**9))
        changes = [{"uri": f"file://{path}", "type": 2}]
        self._tell("workspace/didChangeWatchedFiles", {"changes": changes})
        self.settle()

    def open(self, uri: str, language: str, text: str) -> None:
        """Open a document; one of those that stay keeps its version."""
        self._versions[uri] += 1
        item = {"uri": uri, "languageId": language, "version": self._versions[uri], "text": text}
        self._tell("textDocument/didOpen", {"textDocument": item})
        if uri not in self.texts:
            del self._versions[uri]

    def settle(self) -> None:
        """Let the server do what is to be done, and read it."""
        for _ in range(3):
            self._ask("no/such-request", {})
            self._flush()
            deadline = time.monotonic() + PATIENCE
            while self.answers < self._questions:
                self._take(0.05)
                if time.monotonic() > deadline:
                    raise Fault("stuck", f"{self._questions - self.answers} answers are missing")

    _questions = 0

    def _line(self, language: str) -> str:
        if self.source.random() < 0.85:  # as most lines of most files, nothing is to be said of it
            return f"value{self.source.randrange(1_000)}\n"
        piece = self.source.choice(self.source.choice(texts.blocks(language)).split("\n"))
        return piece.replace("\r", "") + "\n"

    def _tell(self, method: str, params: Any) -> None:
        self._out += frame(json.dumps({"jsonrpc": "2.0", "method": method, "params": params}).encode())

    def _ask(self, method: str, params: Any) -> int:
        self._questions += 1
        message = {"jsonrpc": "2.0", "id": self._questions, "method": method, "params": params}
        self._out += frame(json.dumps(message).encode())
        return self._questions

    def _flush(self) -> None:
        data, self._out = bytes(self._out), bytearray()
        self.wire.write(data)
        self._take(0.0)

    def _take(self, seconds: float) -> None:
        for message in self.wire.read(seconds):
            if "method" not in message:
                self.answers += 1
            elif "id" in message:
                self._out += frame(
                    json.dumps({"jsonrpc": "2.0", "id": message["id"], "result": None}).encode()
                )
            else:
                uri = message["params"]["uri"]
                self.published["all"] += 1
                if uri in self.texts:
                    self.shown[uri] = message["params"]["diagnostics"]


# The process, from outside


def outside(process: int) -> dict[str, int]:
    """What the system says of a process: bytes, threads, descriptors, children."""
    status = Path(f"/proc/{process}/status").read_text()
    fields = dict(line.split(":", 1) for line in status.splitlines() if ":" in line)
    tasks = list(Path(f"/proc/{process}/task").iterdir())
    children = [child for task in tasks for child in (task / "children").read_text().split()]
    return {
        "resident bytes": int(fields["VmRSS"].split()[0]) * 1024,
        "threads": int(fields["Threads"]),
        "descriptors": len(list(Path(f"/proc/{process}/fd").iterdir())),
        "children": len(children),
    }


def at_rest(process: int, life: Life) -> dict[str, int]:
    """The same once no patterns are compiled: each compilation has a thread, mostly with a child.
    What does not come to rest is told as it is."""
    deadline = time.monotonic() + PATIENCE
    found = outside(process)
    while (found["children"] or found["threads"] > THREADS) and time.monotonic() < deadline:
        life.settle()
        found = outside(process)
    return found


def of_a_process(counts: Counts, warm: Counts = WARM) -> tuple[dict[str, int], dict[str, int], Life]:
    """A server process before and after a long life."""
    wire = Process()
    life = Life(wire)
    try:
        life.begin()
        life.live(warm)
        before = at_rest(wire.process.pid, life)
        life.live(counts)
        return before, at_rest(wire.process.pid, life), life
    finally:
        wire.close()
        life.end()


# The server, from inside


class Clock:
    """A time that goes on only where nothing else is to be done."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.wakings = 0
        # Noon of some day: the day turns once in 24 hours.
        self.begin = time.mktime((2026, 11, 22, 12, 0, 0, 0, 0, -1))

    def now(self) -> float:
        """Seconds since the epoch."""
        return self.begin + self.seconds


class _Skipping(selectors.DefaultSelector):
    """Waits for no timer: the clock is put forward to it."""

    clock: Clock

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        found = super().select(0)
        if not found and timeout:
            self.clock.seconds += timeout
            self.clock.wakings += 1
        return found


class Loop(asyncio.SelectorEventLoop):
    """An event loop by such a clock."""

    def __init__(self, clock: Clock) -> None:
        selector = _Skipping()
        selector.clock = clock
        self._own = clock
        super().__init__(selector)

    def time(self) -> float:
        """Seconds."""
        return self._own.seconds


def holdings(wire: Inside) -> dict[str, int]:
    """What the server holds, by what it is."""
    server, protocol = wire.server, wire.server.protocol
    workspace = server._workspace
    sessions = list(workspace.sessions.values())
    loop = wire.loop
    return {
        "request futures": len(protocol._request_futures),
        "result types": len(protocol._result_types),
        "questions to the client": len(protocol._questions),
        "progress tokens": len(protocol.progress.tokens),
        "tasks": len(asyncio.all_tasks(loop)),
        "timers": len(loop._scheduled),
        "watched descriptors": len(loop._selector.get_map()),
        "sessions": len(sessions),
        "open documents": len(workspace.open_documents),
        "documents of sessions": sum(len(session.documents) for session in sessions),
        "encoders": len(server._encoders),
        "texts of encoders": sum(len(encoder._tails) for encoder in server._encoders.values()),
        "documents to publish": len(server._publisher._waiting),
        "sessions with problems": len(server._problems._shown),
        "policies": sum(len(session.resolver._held) for session in sessions),
        "descriptors": len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0,
        "pool threads": len(getattr(server._thread_pool, "_threads", ()))
        if getattr(server, "_thread_pool", None)
        else 0,
    }


def bounded(wire: Inside) -> dict[str, tuple[int, int]]:
    """What may differ from one time to another: how many are held, and how many may be."""
    from auto_enforcer import activation, judging
    from auto_enforcer.policy import _MOST_FOLDERS, _MOST_SELECTIONS

    found: dict[str, tuple[int, int]] = {}
    for root, one in wire.server._workspace.sessions.items():
        del root
        found["plans"] = max(found.get("plans", (0, 0)), (len(one._activation._plans), activation.MOST_PLANS))
        found["verdicts"] = max(
            found.get("verdicts", (0, 0)), (len(one._judging._verdicts), judging.MOST_VERDICTS)
        )
        found["folders"] = max(found.get("folders", (0, 0)), (len(one.resolver._by_folder), _MOST_FOLDERS))
        for held in one.resolver._held.values():
            found["selections"] = len(held.policy._selections), _MOST_SELECTIONS
    for name, function in caches().items():
        info = function.cache_info()
        if info.maxsize is not None:
            found[f"cache of {name}"] = info.currsize, info.maxsize
    return found


def caches() -> dict[str, Any]:
    """Every function of ours that remembers its results."""
    return {
        f"{module.__name__.removeprefix('auto_enforcer.')}.{name}": value
        for module in list(sys.modules.values())
        if getattr(module, "__name__", "").startswith("auto_enforcer")
        for name, value in vars(module).items()
        if isinstance(value, functools._lru_cache_wrapper) and value.__module__ == module.__name__
    }


def unbounded() -> dict[str, int]:
    """The sizes of caches without a bound: each must be of what a release has, not of what a text says. Those
    of functions that are asked for nothing hold one thing at most."""
    return {
        name: one.cache_info().currsize
        for name, one in caches().items()
        if one.cache_info().maxsize is None and inspect.signature(one).parameters
    }


class Inner(NamedTuple):
    """What became of the server within this process."""

    before: Mapping[str, int]
    after: Mapping[str, int]
    limits: Mapping[str, tuple[int, int]]
    unbounded_before: Mapping[str, int]
    unbounded_after: Mapping[str, int]
    traced: int
    """Bytes that Python's objects have gained over the last part; 0 where that is not asked."""
    wakings: int
    """Of the loop in a day without a client's word."""
    days: int
    """How often the server noticed that the day is over."""


def of_the_inside(counts: Counts, warm: Counts = WARM, *, traced: bool = True) -> tuple[Inner, Life]:
    """A server within this process before and after a long life and a day of rest."""
    clock = Clock()
    loop = Loop(clock)

    shared = Shared(scanners())

    def begin(root: str) -> Session:
        return Session(root, clock=lambda: date.fromtimestamp(clock.now()), shared=shared)

    wire = Inside(begin, loop=loop, now=clock.now)
    life = Life(wire)
    try:
        life.begin()
        # As where the system cannot tell that the client is gone: a look every two seconds.
        assert parent._poll(lambda: True, lambda: None, loop)
        life.live(warm)
        before, unbounded_before = holdings(wire), unbounded()
        life.live(counts)
        gained = _traced(life, counts.part(10)) if traced else 0
        wakings = clock.wakings
        until = clock.seconds + HOURS * 3_600
        loop.run_until_complete(asyncio.sleep(HOURS * 3_600))
        assert clock.seconds >= until
        wakings = clock.wakings - wakings
        life.settle()
        session = next(iter(wire.server._workspace.sessions.values()))
        days = (session.today - date.fromtimestamp(clock.begin)).days
        return Inner(
            before, holdings(wire), bounded(wire), unbounded_before, unbounded(), gained, wakings, days
        ), life
    finally:
        wire.close()
        life.end()


def _traced(life: Life, counts: Counts) -> int:
    tracemalloc.start()
    life.live(BRIEFLY)  # what plans there are was made before and is not counted: let them be made anew
    first = _without_caches()
    life.live(counts)
    last = _without_caches()
    tracemalloc.stop()
    return last - first


def _without_caches() -> int:
    """Bytes of Python's objects, save those in caches that have a bound and are asked about beside."""
    for cache in caches().values():
        if cache.cache_info().maxsize is not None:
            cache.cache_clear()
    re.purge()
    gc.collect()
    return tracemalloc.get_traced_memory()[0]


def wrong_outside(before: Mapping[str, int], after: Mapping[str, int]) -> list[str]:
    """What a process has gained that it may not have."""
    found = [
        f"{name}: {before[name]}, then {after[name]}"
        for name in before
        if name != "resident bytes" and after[name] > before[name]
    ]
    if after["resident bytes"] - before["resident bytes"] > RESIDENT:
        found.append(f"resident bytes: {before['resident bytes']:,}, then {after['resident bytes']:,}")
    return found


def wrong_inside(inner: Inner) -> list[str]:
    """What the server holds that it may not hold."""
    before, after = dict(inner.before), inner.after
    # As many as are shown twice, and some: this depends on the text at hand.
    most = 2 * 500 + 64
    found = [
        f"{name}: {before[name]}, then {after[name]}"
        for name in before
        if name != "texts of encoders" and before[name] != after[name]
    ]
    if after["texts of encoders"] > most * len(LANGUAGE_IDS):
        found.append(f"texts of encoders: {after['texts of encoders']}")
    found += [f"{name}: {held} of {limit}" for name, (held, limit) in inner.limits.items() if held > limit]
    for name, size in inner.unbounded_after.items():
        if name not in OF_A_RELEASE and size > inner.unbounded_before.get(name, 0):
            found.append(
                f"cache of {name} without a bound: {inner.unbounded_before.get(name, 0)}, then {size}"
            )
    if inner.traced > TRACED:
        found.append(f"Python's objects have gained {inner.traced:,} bytes")
    if inner.days != 1:
        found.append(f"{inner.days} days have passed, not 1")
    return found


def main() -> int:
    """0 when all is as it was."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--short", action="store_true", help="as the suite does")
    counts = SHORT if parser.parse_args().short else WHOLE
    print("{:,} edits, {:,} openings and closings, {:,} changes of policy".format(*counts))
    warm = WARM if counts is WHOLE else BRIEFLY
    found: list[str] = []
    if sys.platform == "linux":
        before, after, life = of_a_process(counts, warm)
        print(f"a process, {life.published['all']:,} publications:")
        for name in before:
            print(f"  {name:24} {before[name]:>12,} then {after[name]:>12,}")
        found += wrong_outside(before, after)
    inner, life = of_the_inside(counts, warm, traced=counts is WHOLE)
    print(f"within this process, {life.published['all']:,} publications:")
    for name in inner.before:
        print(f"  {name:24} {inner.before[name]:>12,} then {inner.after[name]:>12,}")
    for name, (held, limit) in sorted(inner.limits.items()):
        print(f"  {name:44} {held:>7,} of {limit:,}")
    if counts is WHOLE:
        print(f"  Python's objects over the last tenth: {inner.traced:+,} bytes")
    print(f"  {HOURS} hours of rest: {inner.wakings:,} timers, {inner.days} day has turned")
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    here, there = (one.ru_utime + one.ru_stime for one in used)
    print(f"seconds of CPU: {here:.0f} here, {there:.0f} in the process")
    for one in found + wrong_inside(inner):
        print(f"wrong: {one}")
    return 1 if found + wrong_inside(inner) else 0


if __name__ == "__main__":
    sys.exit(main())
