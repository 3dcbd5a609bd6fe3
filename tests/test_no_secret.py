"""No output holds a secret: one of each kind is planted, every front end is run at its most verbose and where
it fails, and every byte that it wrote, sent or kept is searched for each value.

That the search would find them is shown by the same runs with the mask taken away.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from auto_enforcer.cli import FORMATS
from auto_enforcer.files import BASELINE
from command import SERVER, command, environment, fill
from hook.asked import payload
from lsp.stdio import PATIENCE, Client, Message, edit, frame, uri
from planted_secrets import (
    Planted,
    bare,
    configuration,
    few,
    leaked,
    planted,
    program,
    rules_of_secrets,
    script,
    settings,
)

BYPASSED = "from auto_enforcer.redaction import Mask\nMask.of = lambda self, words: words\n"
"""The negative control: nothing is masked."""

RAISING = """
from auto_enforcer import catalog
real = catalog.load
def boom(line, options, *carry):
    raise ValueError(line.text)
def load(module):
    return {id: rule._replace(check=boom) if id.startswith("FAMILY/") else rule
            for id, rule in real(module).items()}
catalog.load = load
"""
"""Every rule of a family raises, and the exception quotes the line."""

BROKEN = """
from auto_enforcer import engine
def check(plan, file, blocks, **named):
    raise RuntimeError(b"".join(block.data for block in blocks).decode())
engine.check = check
"""
"""The engine has a defect, and the exception quotes the file."""

BROKEN_SERVER = """
from auto_enforcer.document import Document
def broken(self, *arguments, **named):
    raise RuntimeError(self.text())
Document.METHOD = broken
"""
"""A document has a defect, and the exception quotes it."""


def some(each: int = 5) -> list[Planted]:
    """What most runs are given: of every kind there are secrets in one test."""
    return [
        one for number, one in enumerate(few()) if number % each == 0 or one.rule == "secrets/github-token"
    ]


def texts(each: int) -> dict[str, str]:
    """Files with one secret in so many: the fewer there are, the sooner a run ends, and what masks the words
    of one masks those of all."""
    return {
        "enforcer.toml": 'extends = ["all"]\n',
        "app/service.py": program(some(5 * each)),
        "app/view.ts": script(
            [*some(5 * each)[::2], *[one for one in bare() if one.value.islower()][::each]]
        ),
        "deploy/values.yaml": settings(some(5 * each)[::3]),
        "lib/enforcer.toml": configuration(bare()[::each]),
        "lib/a.py": "x = 1\n",
        "syntax/enforcer.toml": "".join(f"{one.words} =\n" for one in bare()[:3]),
        "syntax/a.py": "x = 1\n",
    }


MANY, SOME, FEW = 1, 2, 6
"""Of how many secrets the files hold one: where the command is shown all, where a server is asked of each,
and where one more way out of them is looked at."""


class Stage:
    """A workspace full of secrets, and a home for all that a run keeps."""

    def __init__(self, folder: Path, cache: Path) -> None:
        self.workspace = folder / "workspace"
        self.home = folder / "home"
        self._code = folder / "code"
        (self.workspace / ".git").mkdir(parents=True)
        self._code.mkdir()
        shutil.copytree(cache, self.home)
        (self.home / "tmp").mkdir(exist_ok=True)
        self.files: dict[str, str] = {}
        self.hold(texts(FEW))
        self._before = self._written()

    def hold(self, files: dict[str, str]) -> None:
        """Let the workspace consist of these files."""
        for name in self.files.keys() - files.keys():
            (self.workspace / name).unlink()
        self.files = files
        fill(self.workspace, files)

    def environment(self, first: str) -> dict[str, str]:
        """What a process runs under, which runs `first` before all else, as do those that it starts."""
        (self._code / "sitecustomize.py").write_text(first)
        path = os.pathsep.join((str(self._code), str(SERVER)))
        return environment(self.home, {"PYTHONPATH": path, "TMPDIR": str(self.home / "tmp")})

    def run(self, *arguments: str, given: str = "", first: str = "") -> bytes:
        """All that the command writes to its streams."""
        done = subprocess.run(
            command(*arguments),
            cwd=self.workspace,
            env=self.environment(first),
            input=given.encode(),
            capture_output=True,
            timeout=300,
            check=False,
        )
        assert done.stdout + done.stderr
        return done.stdout + b"\n" + done.stderr

    def kept(self) -> bytes:
        """All that was left in the home, names too; what was there before aside."""
        left = [path for path, written in self._written().items() if self._before.get(path) != written]
        return b"\n".join(str(path).encode() + b"\n" + path.read_bytes() for path in left)

    def _written(self) -> dict[Path, tuple[int, int]]:
        """When each file of the home was written, and how long it is."""
        files = [path for path in sorted(self.home.rglob("*")) if path.is_file()]
        return {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in files}

    def untouched(self) -> bool:
        """Whether the workspace is as it was."""
        now = {
            path.relative_to(self.workspace).as_posix(): path.read_bytes()
            for path in self.workspace.rglob("*")
            if path.is_file()
        }
        return now == {name: text.encode() for name, text in self.files.items()}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, cache: Path) -> Path:
    """What every run finds in its home: the compiled patterns."""
    folder = tmp_path_factory.mktemp("stage")
    Stage(folder, cache).run("check")
    shutil.copytree(folder / "home", folder / "kept")
    for path in (folder / "kept").rglob("*.results"):
        path.unlink()
    return folder / "kept"


@pytest.fixture
def stage(tmp_path: Path, home: Path) -> Stage:
    return Stage(tmp_path, home)


CHECK = ("check", "-v", "--color", "always", "--format")

RUNS: Mapping[str, Sequence[str]] = {
    **{f"check, {name}": (*CHECK, name, "--timings") for name in FORMATS},
    "check, html": (*CHECK, "html", "app/view.ts", "lib/a.py"),
    "check, some rules": (*CHECK, "sarif", "--rule", "logging", "--rule", "unicode", "--rule", "debt"),
    "check, two processes": (*CHECK, "sarif", "--jobs", "2"),
    "check, one file": (*CHECK, "sarif", "app/service.py", "lib/a.py"),
    "standard input": (*CHECK, "sarif", "-", "--stdin-path", "app/service.py"),
    "why": ("why", "app/service.py:5"),
    "config": ("config", "lib/a.py"),
    "suppressions": ("suppressions", "--format", "json"),
}
"""The command lines whose output would hold secrets."""

WHOLE = ("check, sarif", "check, two processes", "config", "suppressions")
"""Those that are shown many secrets."""

OTHERS: Mapping[str, Sequence[str]] = {
    "why, no such line": ("why", "app/service.py:99999"),
    "config, no TOML": ("config", "syntax/a.py"),
    "rules": ("rules",),
    "rules of a file": ("rules", "--active", "app/service.py"),
    "explain": ("explain", "secrets/github-token"),
    "init": ("init", "--stdout"),
}
"""Those whose output would hold none."""


def test_secrets_of_every_kind_are_planted() -> None:
    assert {one.rule for one in planted()} == {one.rule for one in few()} == rules_of_secrets()


@pytest.mark.parametrize("form", ["as it is", "JSON", "a part", "upper case", "percent", "hex", "base64"])
def test_the_search_finds_each_secret_however_it_is_written(form: str) -> None:
    ways: Mapping[str, Callable[[str], str]] = {
        "as it is": str,
        "JSON": json.dumps,
        "a part": lambda value: value[:-1] if len(value) > 10 else value,
        "upper case": str.upper,
        "percent": lambda value: quote(value, safe=""),
        "hex": lambda value: value.encode().hex(),
        "base64": lambda value: base64.b64encode(f"see {value}!".encode()).decode(),
    }
    written = (f"see {ways[form](one.value)}." for one in planted())
    assert leaked("\n".join(written).encode()) == sorted({one.kind for one in planted()})
    assert leaked(b"nothing to see") == []


@pytest.mark.parametrize("name", [*RUNS, *OTHERS])
def test_the_command_repeats_no_secret(stage: Stage, name: str) -> None:
    arguments = {**RUNS, **OTHERS}[name]
    if name in WHOLE:
        stage.hold(texts(MANY))
    output = stage.run(*arguments, given=stage.files["app/service.py"])
    assert b"Traceback" not in output
    assert leaked(output + stage.kept()) == []
    assert stage.untouched()


LIKE_JSON = ("github", "gitlab", "junit", "checkstyle", "rdjson", "markdown")
"""Formats that have all their words from where `json` has them: one of them is enough to show a leak."""


@pytest.mark.parametrize("name", [name for name in RUNS if not name.endswith(LIKE_JSON)])
def test_the_command_would_repeat_them_without_the_mask(stage: Stage, name: str) -> None:
    assert leaked(stage.run(*RUNS[name], given=stage.files["app/service.py"], first=BYPASSED))


@pytest.mark.parametrize("off", ["", '[rules]\nsecrets = "off"\n'])
def test_every_kind_of_secret_would_be_repeated_and_none_is(stage: Stage, off: str) -> None:
    one_of_each = {one.kind: one for one in planted()}
    stage.hold({"app/service.py": program(one_of_each.values()), "enforcer.toml": off})
    arguments = ("check", "--format", "sarif", "app/service.py")
    assert set(leaked(stage.run(*arguments, first=BYPASSED))) == one_of_each.keys()
    masked = stage.run(*arguments)
    assert leaked(masked) == []
    assert b"<github-token>" in masked


@pytest.mark.parametrize(
    ("agent", "path", "first"),
    [
        ("claude-code", "app/service.py", ""),
        ("copilot", "app/view.ts", RAISING.replace("FAMILY", "debt")),
        ("cursor", "app/service.py", BROKEN),
        ("gemini", "lib/enforcer.toml", ""),
    ],
)
def test_a_hook_repeats_no_secret(stage: Stage, agent: str, path: str, first: str) -> None:
    """Of what an agent is about to write."""
    given = written_by(agent, "new/" + path, stage.files[path], stage.workspace)
    output = stage.run("hook", agent, "--most", "1000", given=given, first=first)
    assert b"RuntimeError" in output if first is BROKEN else b"blocked" in output or b"deny" in output
    assert leaked(output + stage.kept()) == []
    assert stage.untouched()


def test_a_hook_would_repeat_them_without_the_mask(stage: Stage) -> None:
    given = written_by("codex", "new.py", stage.files["app/service.py"], stage.workspace)
    assert leaked(stage.run("hook", "codex", "--most", "1000", given=given, first=BYPASSED))


def written_by(agent: str, path: str, content: str, folder: Path) -> str:
    """What an agent hands over that is about to write a file."""
    if agent == "codex":
        lines = "".join(f"+{line}\n" for line in content.splitlines())
        patch = f"*** Begin Patch\n*** Add File: {path}\n{lines}*** End Patch\n"
        return json.dumps(payload(agent, "apply_patch", folder, command=patch))
    tool = {"copilot": "create", "gemini": "write_file"}.get(agent, "Write")
    of_text = "file_text" if agent == "copilot" else "content"
    return json.dumps(payload(agent, tool, folder, **{"path": path, of_text: content}))


def test_what_is_kept_from_run_to_run_holds_none(stage: Stage) -> None:
    """The second run may take its answers from what the first has kept."""
    stage.hold(texts(MANY) | {f"more/f{number}.txt": f"{number}\n" for number in range(40)})
    for _ in range(2):
        assert leaked(stage.run(*CHECK, "sarif")) == []
        kept = stage.kept()
        assert b".results" in kept
        assert leaked(kept) == []
    assert stage.untouched()


def test_the_baseline_holds_none(stage: Stage) -> None:
    """Also of the lines on which other rules find something; and each secret is old by it."""
    stage.hold({"app/service.py": program(some()), "enforcer.toml": 'extends = ["all"]\n'})
    output = stage.run("baseline") + stage.run("check", "--exit-zero")
    path = stage.workspace / BASELINE
    written = path.read_bytes()
    assert leaked(output + written + stage.kept()) == []
    assert {one.rule for one in some()} <= {word.decode() for word in written.split()}
    assert b"(historical" in output
    assert b"warning secrets/" not in output
    assert b"blocked secrets/" not in output
    path.unlink()
    assert stage.untouched()


@pytest.mark.parametrize(
    "arguments", [(*CHECK, "sarif"), (*CHECK, "text", "--jobs", "2"), ("why", "app/service.py:5")]
)
@pytest.mark.parametrize(
    "first", [RAISING.replace("FAMILY", "debt"), RAISING.replace("FAMILY", "secrets"), BROKEN]
)
def test_what_fails_says_no_more_than_its_type(stage: Stage, arguments: Sequence[str], first: str) -> None:
    output = stage.run(*arguments, first=first)
    assert (b"RuntimeError" if first is BROKEN else b"(ValueError)") in output or arguments[0] == "why"
    assert leaked(output + stage.kept()) == []


AT_A_PLACE = {
    "hoverProvider": "textDocument/hover",
    "completionProvider": "textDocument/completion",
    "definitionProvider": "textDocument/definition",
    "documentHighlightProvider": "textDocument/documentHighlight",
    "signatureHelpProvider": "textDocument/signatureHelp",
}
"""What the server may offer for a place, and the request for it."""

OF_A_DOCUMENT = {
    "codeLensProvider": "textDocument/codeLens",
    "diagnosticProvider": "textDocument/diagnostic",
    "documentLinkProvider": "textDocument/documentLink",
    "documentSymbolProvider": "textDocument/documentSymbol",
    "foldingRangeProvider": "textDocument/foldingRange",
}
"""The same for a document."""


class Recorder(Client):
    """A client that keeps all that the server says."""

    def __init__(self, command: Sequence[str], env: Mapping[str, str], errors: Any) -> None:
        super().__init__(command, env=env, stderr=errors)
        self.written: list[Message] = []

    def read(self, patience: float = PATIENCE) -> Message:
        message = super().read(patience)
        self.written.append(message)
        return message


TYPED_IN = "lib/a.py"
"""A short file, so that what is published of it is what is typed."""


def conversation(stage: Stage, first: str) -> bytes:
    """All that the server says, logs and keeps in a session that shows it every secret."""
    log = stage.home / "server.log"
    command = (sys.executable, "-m", "auto_enforcer", "lsp", "--log-level", "debug", "--log-file", str(log))
    errors = stage.home / "errors.txt"
    with errors.open("wb") as file, Recorder(command, stage.environment(first), file) as client:
        secret = bare()[0].value
        capable = client.initialize(stage.workspace, options={"maximumDiagnostics": 10_000, secret: secret})
        client.notify("$/setTrace", {"value": "verbose"})
        for name in stage.files:
            _look_at(client, uri(stage.workspace / name), stage.files[name], capable["capabilities"])
        _type(client, uri(stage.workspace / TYPED_IN))
        _blunder(client, stage.files["app/service.py"])
        client.settle()
        assert client.stop() == 0
    assert errors.stat().st_size
    assert log.stat().st_size
    return "\n".join(_texts(client.written)).encode() + b"\n" + stage.kept()


def _texts(said: Any) -> list[str]:
    """All texts in what is said, each once, names too."""
    texts: dict[str, None] = {}
    rest = [said]
    while rest:
        one = rest.pop()
        if isinstance(one, dict):
            rest += one.keys()
            rest += one.values()
        elif isinstance(one, list):
            rest += one
        else:
            texts[str(one)] = None
    return list(texts)


def _look_at(client: Recorder, name: str, text: str, capable: Mapping[str, Any]) -> None:
    """Open a document and ask all that can be asked of it."""
    client.open(name, text)
    published = client.diagnostics(name)
    item = {"textDocument": {"uri": name}}
    last = text.count("\n")
    for line in range(0, last, 20):
        span = {"start": {"line": line, "character": 0}, "end": {"line": line + 20, "character": 0}}
        shown = [one for one in published if line <= one["range"]["start"]["line"] <= line + 20]
        client.request("textDocument/codeAction", {**item, "range": span, "context": {"diagnostics": shown}})
    for provider, method in OF_A_DOCUMENT.items():
        if capable.get(provider):
            client.request(method, item)
    for provider, method in AT_A_PLACE.items():
        for diagnostic in published[::3] if capable.get(provider) else ():
            client.request(method, {**item, "position": diagnostic["range"]["start"]})


def _type(client: Recorder, name: str) -> None:
    """Type secrets bit by bit, on a line of their own, and take them back."""
    version = 1
    for one in bare()[:10]:
        line = f'logger.info(f"{{name}} {one.words}")  # TODO: {one.words}'
        for at in range(0, len(line), 9):
            version += 1
            client.change(name, version, edit((1, at), (1, at), line[at : at + 9]))
        client.settle()
        version += 1
        client.change(name, version, edit((1, 0), (1, len(line)), ""))
    client.settle()


def _blunder(client: Recorder, text: str) -> None:
    """Send what no client should, with secrets in it."""
    lines = text.splitlines()[3:40]
    document = {"textDocument": {"uri": "file:///nowhere/a.py"}}
    client.notify("textDocument/didChange", {**document, "contentChanges": lines})
    client.notify("textDocument/didOpen", {"textDocument": {"uri": 1, "text": text}})
    client.notify("textDocument/didOpen", {"textDocument": {"uri": "untitled:1", "text": lines}})
    client.notify("textDocument/didOpen", text)
    client.notify("workspace/didChangeWorkspaceFolders", {"event": lines})
    client.notify("workspace/didChangeWatchedFiles", {"changes": lines})
    client.notify("window/workDoneProgress/cancel", {"token": lines})
    client.notify("$/cancelRequest", {"id": lines})
    for line in lines:
        client.request("textDocument/codeAction", {"textDocument": line, "range": line})
        client.request("workspace/executeCommand", {"command": line, "arguments": [line]})
        client.request(line, {line: line})
        client.notify(line, line)
        client.notify("$/setTrace", {"value": line})
        client.send_bytes(frame(line.encode()))
        client.send_bytes(frame(json.dumps({"jsonrpc": line, "method": line}).encode()))
        client.send({"jsonrpc": "2.0", "id": "no-such-id", "result": line})
        client.send({"jsonrpc": "2.0", "id": [line], "method": "textDocument/codeAction", "params": line})


def test_the_server_repeats_no_secret(stage: Stage) -> None:
    stage.hold(texts(SOME))
    output = conversation(stage, "")
    assert b"<github-token>" in output
    assert leaked(output) == []
    assert stage.untouched()


def test_the_server_would_repeat_them_without_the_mask(stage: Stage) -> None:
    assert len(leaked(conversation(stage, BYPASSED))) > 10


@pytest.mark.parametrize(
    "first",
    [
        RAISING.replace("FAMILY", "debt"),
        RAISING.replace("FAMILY", "secrets"),
        *(BROKEN_SERVER.replace("METHOD", method) for method in ("advance", "change", "state_above")),
    ],
)
def test_a_server_that_fails_says_no_more_than_the_type(stage: Stage, first: str) -> None:
    stage.hold({"app/service.py": program(some(10)), TYPED_IN: "x = 1\n"})
    output = conversation(stage, first)
    assert b"Error" in output
    assert leaked(output) == []
