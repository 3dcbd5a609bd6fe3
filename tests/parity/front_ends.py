"""What each front end says of the samples, all in one form: place in code points, rule, severity, message."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from command import SERVER, TODAY, environment
from effort import spread
from lsp.stdio import Client, Message, opening, uri
from parity.editor import Buffer, lines_of, way_to
from parity.samples import Sample, samples

Found = tuple[int, int, int, str, int, str]
"""0-based line, start and end in code points, rule, severity as the protocol has it, message."""

Said = Mapping[str, list[Found]]
"""What was found by path, sorted. Files in which nothing was found are not there."""

SEVERITIES = {
    ("blocked", "new"): 1,
    ("warning", "new"): 2,
    ("blocked", "historical"): 2,
    ("warning", "historical"): 3,
}

AT_ONCE = 8
"""Documents that a client opens before it looks at what comes back."""

_INPUT = """
import os, sys
sys.path.insert(0, sys.argv[1])
from auto_enforcer.cli import main
for path in sys.stdin.buffer.read().decode().splitlines():
    file = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    os.dup2(file, 0)
    os.close(file)
    sys.stdin = open(0, closefd=False)
    main(["check", "--format", "jsonl", "-", "--stdin-path", path])
"""
"""Checks files as standard input, one after another in one process: a process for each would take minutes."""

_SERVE = f"""
import sys
from datetime import date
sys.path.insert(0, {str(SERVER)!r})
from auto_enforcer.lsp import server
from auto_enforcer.session import Session
server._begin = lambda root: Session(root, today=date.fromisoformat({TODAY!r}))
sys.exit(server.main(sys.argv[1:]))
"""
"""The server on the day that the command is told."""


class Way(NamedTuple):
    """How a client speaks with the server."""

    encoding: str
    ask: Callable[[Client, Mapping[str, int]], Iterator[tuple[str, list[Message]]]]
    """Gives the diagnostics of documents, whose versions are given by URI."""
    capabilities: Mapping[str, Any] = MappingProxyType({})
    needs: str = ""
    """What the server must be capable of."""
    every: bool = False
    """Whether all samples go this way, not only those in which encodings differ."""

    def samples(self, *, edit: bool) -> Sequence[Sample]:
        """Those that go this way: by default one half is opened, the other reached by edits."""
        chosen = [sample for sample in samples() if self.every or not sample.text.isascii()]
        return spread(chosen, 2, int(edit))


def pushed(client: Client, versions: Mapping[str, int]) -> Iterator[tuple[str, list[Message]]]:
    """What the server publishes for these versions."""
    missing = dict(versions)
    while missing:
        message = client.read()
        params = message.get("params") or {}
        if message.get("method") == "textDocument/publishDiagnostics":
            name = params["uri"]
            if name in missing and missing[name] == params.get("version"):
                del missing[name]
                yield name, params["diagnostics"]


def pulled(client: Client, versions: Mapping[str, int]) -> Iterator[tuple[str, list[Message]]]:
    """What the server answers when it is asked for these documents."""
    for name in versions:
        report = client.result("textDocument/diagnostic", {"textDocument": {"uri": name}})
        yield name, report["items"]


PULLS = {
    "textDocument": {"diagnostic": {"dynamicRegistration": False}},
    "workspace": {"diagnostics": {"refreshSupport": True}},
}

WAYS: Mapping[str, Way] = MappingProxyType(
    {
        "pushed in utf-8": Way("utf-8", pushed),
        "pushed in utf-16": Way("utf-16", pushed, every=True),
        "pushed in utf-32": Way("utf-32", pushed),
        "pulled in utf-16": Way("utf-16", pulled, PULLS, needs="diagnosticProvider"),
    }
)


def checked(workspace: Path, cache: Path, *arguments: str) -> Said:
    """What the command says of the workspace's files."""
    done = subprocess.run(
        [sys.executable, "-m", "auto_enforcer", "check", "--format", "jsonl", *arguments],
        cwd=workspace,
        env=environment(cache),
        capture_output=True,
        check=False,
    )
    assert done.returncode == 1, done.stderr.decode()
    assert not done.stderr, done.stderr.decode()
    return _read(done.stdout)


def given(workspace: Path, cache: Path, paths: Iterable[str]) -> Said:
    """What the command says of files as its standard input."""
    done = subprocess.run(
        [sys.executable, "-c", _INPUT, str(SERVER)],
        cwd=workspace,
        env=environment(cache),
        input="\n".join(paths).encode(),
        capture_output=True,
        check=True,
    )
    assert not done.stderr, done.stderr.decode()
    return _read(done.stdout)


def opened(workspace: Path, cache: Path, way: Way, samples: Sequence[Sample]) -> Said | None:
    """What the server says of texts that an editor opens. None where it does not know the way."""
    return _served(workspace, cache, way, samples, edit=False)


def edited(workspace: Path, cache: Path, way: Way, samples: Sequence[Sample]) -> Said | None:
    """The same of texts that were reached from others by edits at random places."""
    return _served(workspace, cache, way, samples, edit=True)


@contextmanager
def served(
    workspace: Path, cache: Path, encoding: str, capabilities: Mapping[str, Any] = MappingProxyType({})
) -> Iterator[tuple[Client, Mapping[str, Any]]]:
    """A client of the server in the workspace, which shows all that is found, and what the server is capable
    of. The server ends well."""
    command = (sys.executable, "-c", _SERVE, "--log-level", "error")
    with Client(command, env=environment(cache), stderr=None) as client:
        options = {"maximumDiagnostics": 100_000}
        result = client.initialize(
            workspace, encodings=[encoding], capabilities=capabilities, options=options
        )
        assert client.encoding == encoding
        yield client, result["capabilities"]
        assert client.stop() == 0


def _served(workspace: Path, cache: Path, way: Way, samples: Sequence[Sample], *, edit: bool) -> Said | None:
    said: dict[str, list[Found]] = {}
    before: dict[str, str] = {}
    with served(workspace, cache, way.encoding, way.capabilities) as (client, capabilities):
        if way.needs and way.needs not in capabilities:
            return None
        rest = iter(samples)
        while batch := list(islice(rest, AT_ONCE)):
            by_uri = {uri(workspace / sample.path): sample for sample in batch}
            versions = {name: _reached(client, name, by_uri[name], before, edit=edit) for name in by_uri}
            for name, diagnostics in way.ask(client, versions):
                sample = by_uri[name]
                rows = _rows(diagnostics, Buffer(sample.text, way.encoding))
                if rows:
                    said[sample.path] = rows
            for name in by_uri:
                client.close(name)
    return said


def _reached(client: Client, name: str, sample: Sample, before: dict[str, str], *, edit: bool) -> int:
    """Let the document hold the sample's text, by random edits or at once; its version."""
    text, language, version = sample.text, sample.language, 1
    if not edit:
        client.send(opening(name, text, language))
        return version
    chance = random.Random(f"{client.encoding} {sample.path}")
    start, notifications = way_to(text, before.get(language, ""), chance)
    before[language] = text
    buffer = Buffer(start, client.encoding)
    client.send(opening(name, start, language))
    for steps in notifications:
        version += 1
        client.change(name, version, *(buffer.change(*step) for step in steps))
    assert buffer.text == text
    return version


def _rows(diagnostics: Iterable[Message], buffer: Buffer) -> list[Found]:
    lines = lines_of(buffer.text)
    rows: list[Found] = []
    for diagnostic in diagnostics:
        start, end = diagnostic["range"]["start"], diagnostic["range"]["end"]
        number = start["line"]
        assert end["line"] == number
        first, last = (buffer.code_points(lines[number], place["character"]) for place in (start, end))
        rows.append((number, first, last, diagnostic["code"], diagnostic["severity"], diagnostic["message"]))
    return sorted(rows)


def _read(output: bytes) -> Said:
    said: dict[str, list[Found]] = {}
    for line in output.splitlines():
        one = json.loads(line)
        assert one["line"] == one["end_line"]
        severity = SEVERITIES[one["severity"], one["scope"]]
        place = one["line"] - 1, one["column"] - 1, one["end_column"] - 1
        said.setdefault(one["path"], []).append((*place, one["rule"], severity, one["message"]))
    return {path: sorted(rows) for path, rows in said.items()}
