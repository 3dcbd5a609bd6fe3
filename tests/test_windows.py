"""What is different on Windows and macOS, as far as it can be held on any system.

`tests/elsewhere` lets the package find what Windows has and miss what only POSIX has; paths are held by pure
functions over `ntpath`.
"""

from __future__ import annotations

import ast
import asyncio
import ctypes
import ntpath
import os
import re
import select
import subprocess
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from auto_enforcer import cli_files, policies, policy_file, session, wildmatch, workspaces
from auto_enforcer.globs import compile_globs, composed, translate
from auto_enforcer.lsp import parent, positions
from auto_enforcer.lsp import workspace as lsp_workspace
from auto_enforcer.lsp.uris import path_from, uri_from
from auto_enforcer.session import Session
from command import PATIENCE, SERVER, Command, Done, command, environment, fill, run
from lsp.stdio import Client

HERE = Path(__file__).parent
ELSEWHERE = os.pathsep.join((str(HERE / "elsewhere"), str(SERVER)))


# -- Paths and URIs


@pytest.mark.parametrize(
    ("said", "path"),
    [
        ("file:///c%3A/Users/ann/a.py", r"c:\Users\ann\a.py"),
        ("file:///C:/Users/ann/a.py", r"c:\Users\ann\a.py"),
        ("file:///C%3a/Users/ann/a%20b/%C3%A9.py", "c:\\Users\\ann\\a b\\é.py"),
        ("FILE:///c|/a.py", r"c:\a.py"),
        ("file:///c%3A", "c:\\"),
        ("file:///c:/", "c:\\"),
        ("file://localhost/c:/a.py", r"c:\a.py"),
        ("file:/c:/a.py", r"c:\a.py"),
        ("file://server/share/a.py", r"\\server\share\a.py"),
        ("file://server/c$/a%23b.py", r"\\server\c$\a#b.py"),
        ("file:////server/share/a.py", r"\\server\share\a.py"),
        ("file:///c:/a.py?version=1#L2", r"c:\a.py"),
        ("untitled:Untitled-1", ""),
        ("git:/c:/a.py", ""),
        ("file", ""),
        ("", ""),
    ],
)
def test_a_uri_is_a_path_of_windows(said: str, path: str) -> None:
    assert path_from(said, windows=True) == path


@pytest.mark.parametrize(
    ("said", "path"),
    [
        ("file:///home/ann/a%20b/%C3%A9.py", "/home/ann/a b/é.py"),
        ("file://localhost/home/a.py", "/home/a.py"),
        ("file:/home/a.py", "/home/a.py"),
        ("file:///home/a%FF.py", "/home/a\udcff.py"),
        ("file:///home/a:b;c=d@e.py", "/home/a:b;c=d@e.py"),
        ("file:///c%3A/a.py", "/c:/a.py"),
        ("file://server/share/a.py", ""),
        ("untitled:Untitled-1", ""),
    ],
)
def test_a_uri_is_a_path_of_other_systems(said: str, path: str) -> None:
    assert path_from(said, windows=False) == path


@pytest.mark.parametrize(
    ("path", "said"),
    [
        (r"C:\Users\a b\é.py", "file:///c:/Users/a%20b/%C3%A9.py"),
        (r"\\server\share\a#b.py", "file://server/share/a%23b.py"),
        (r"\\?\C:\long\a.py", "file:///c:/long/a.py"),
        (r"\\?\UNC\server\share\a.py", "file://server/share/a.py"),
        ("c:/ws/app/a.py", "file:///c:/ws/app/a.py"),
        ("c:\\", "file:///c:/"),
    ],
)
def test_a_path_of_windows_is_a_uri(path: str, said: str) -> None:
    assert uri_from(path, windows=True) == said


NAMES = st.text(st.characters(exclude_characters='\\/:*?"<>|\0', exclude_categories=["Cs"]), min_size=1)


@given(st.sampled_from(["c:", r"\\server\share"]), st.lists(NAMES, min_size=1, max_size=4))
def test_every_path_of_windows_comes_back(drive: str, names: Sequence[str]) -> None:
    path = "\\".join([drive, *names])
    assert path_from(uri_from(path, windows=True), windows=True) == path


@given(st.lists(st.binary(min_size=1, max_size=8), min_size=1, max_size=4))
def test_every_path_of_other_systems_comes_back(names: Sequence[bytes]) -> None:
    path = os.fsdecode(b"".join(b"/" + name.replace(b"/", b"_").replace(b"\0", b"_") for name in names))
    if not path.startswith("//"):
        assert path_from(uri_from(path, windows=False), windows=False) == path


@pytest.fixture
def windows_paths(monkeypatch: pytest.MonkeyPatch) -> None:
    """Modules of ours join, split and compare paths as on Windows."""
    names: dict[str, Any] = {**vars(os), "path": ntpath, "sep": "\\", "altsep": "/", "name": "nt"}
    theirs = SimpleNamespace(**names)
    for module in (
        positions,
        lsp_workspace,
        session,
        policies,
        cli_files,
        workspaces,
        policy_file,
        wildmatch,
    ):
        monkeypatch.setattr(module, "os", theirs)
    monkeypatch.setattr(positions, "WINDOWS", True)
    monkeypatch.setattr(positions, "NOWHERE", ntpath.join("c:\\?", "unsaved"))


@pytest.mark.usefixtures("windows_paths")
@pytest.mark.parametrize(
    ("folder", "document", "relative"),
    [
        ("file:///c%3A/ws", "file:///c%3A/ws/app/a.py", "app/a.py"),
        ("file:///C:/ws", "file:///c%3A/ws/app/a.py", "app/a.py"),
        ("file:///c%3A/WS", "file:///c%3A/ws/app/a.py", "app/a.py"),
        ("file:///c%3A/", "file:///c%3A/a.py", "a.py"),
        ("file://server/share/ws", "file://server/share/ws/app/a.py", "app/a.py"),
        ("file://SERVER/share/ws", "file://server/Share/ws/app/a.py", "app/a.py"),
    ],
)
def test_a_document_of_windows_belongs_to_its_folder(folder: str, document: str, relative: str) -> None:
    begun: list[str] = []

    def begin(root: str) -> Session:
        begun.append(root)
        return Session(root)

    space = lsp_workspace.Workspace([folder], "utf-16", begin)
    opened = space.open(document, 1, "python", "print(1)\n")
    assert begun == [positions.path_of(folder)]
    assert opened.session.relative(opened.path) == relative
    opened.document.finish()
    assert [row.violation.rule for row, _ in opened.session.rows(opened.document)] == ["logging/print-call"]


@pytest.mark.usefixtures("windows_paths")
@pytest.mark.parametrize(
    "document",
    ["file:///d%3A/ws/a.py", "file:///c%3A/ws2/a.py", "file://server/ws/a.py", "untitled:Untitled-1", "a.py"],
)
def test_a_document_of_windows_elsewhere_has_a_session_of_its_own(document: str) -> None:
    begun: list[str] = []

    def begin(root: str) -> Session:
        begun.append(root)
        return Session(root)

    space = lsp_workspace.Workspace(["file:///c%3A/ws"], "utf-16", begin)
    opened = space.open(document, 1, "python", "print(1)\n")
    assert begun == [ntpath.dirname(opened.path)]
    assert "/" not in opened.path


@pytest.mark.usefixtures("windows_paths")
def test_paths_of_windows_are_shown_and_compared_with_forward_slashes() -> None:
    assert Session("C:\\ws").relative("C:\\ws\\app\\a.py") == "app/a.py"
    assert Session("C:\\ws").relative("c:\\WS\\app\\a.py") == "app/a.py"
    assert Session("C:\\ws").relative("C:\\b.py") == "../b.py"
    assert Session("C:\\ws").relative("D:\\b.py") == "D:/b.py"
    assert cli_files.shown_path("D:\\b\\c.py") == "D:/b/c.py"
    assert wildmatch.bytewise("app\\é.py") == "app/Ã©.py"


# -- Names


def test_a_glob_matches_a_name_however_its_letters_are_composed() -> None:
    """A file system may keep `é` as two characters; a policy's author sees one."""
    apart = unicodedata.normalize("NFD", "café/crème.py")
    for glob in ("café/**", unicodedata.normalize("NFD", "café/**"), "**/cr?me.py"):
        pattern = compile_globs([translate(glob)])
        assert pattern.fullmatch(composed(apart)), glob
        assert pattern.fullmatch("café/crème.py"), glob


def test_a_policy_speaks_of_a_name_however_it_is_composed(ae: Command, workspace: Path) -> None:
    text = 'exclude = ["ausgenommen/é.py"]\n[[overrides]]\npaths = ["café/**"]\nrules = { logging = "off" }\n'
    names = [unicodedata.normalize("NFD", name) for name in ("café/a.py", "ausgenommen/é.py")]
    fill(workspace, {"enforcer.toml": text, **dict.fromkeys(names, "print(1)\n"), "cafe/a.py": "print(1)\n"})
    done = ae("check")
    assert [line.partition(":")[0] for line in done.out.splitlines() if "print-call" in line] == ["cafe/a.py"]


@pytest.mark.parametrize(("system", "matches"), [("darwin", True), ("linux", False)])
def test_git_composes_names_on_macos(monkeypatch: pytest.MonkeyPatch, system: str, matches: bool) -> None:
    monkeypatch.setattr(wildmatch, "sys", SimpleNamespace(platform=system))
    written = "é.py".encode().decode("latin-1")
    patterns = wildmatch.Patterns([(written, True)])
    on_disk = wildmatch.bytewise(unicodedata.normalize("NFD", "é.py"))
    assert patterns.said_of(on_disk, is_folder=False) is (True if matches else None)


@pytest.mark.parametrize("folded", [True, False])
def test_git_takes_names_that_differ_by_case_for_the_same_where_file_systems_do(
    monkeypatch: pytest.MonkeyPatch, folded: bool
) -> None:
    monkeypatch.setattr(wildmatch, "_FOLDED", folded)
    patterns = wildmatch.Patterns([("/Build", True), ("*.LOG", True), ("Doc/**/x?", True)])
    for path in ("build", "a.log", "doc/a/X1"):
        assert patterns.said_of(path, is_folder=False) is (True if folded else None), path


def test_names_in_capitals_are_what_they_are(ae: Command, workspace: Path) -> None:
    fill(workspace, {"APP/A.PY": "print(1)\n", "TESTS/TEST_A.PY": "print(1)\n", "POETRY.LOCK": "TODO\n"})
    done = ae("check", "-v")
    assert "APP/A.PY:1:1: warning logging/print-call" in done.out
    assert "TEST_A.PY" not in done.out
    assert "POETRY.LOCK: skipped lock file" in done.out


# -- Streams


SPOKEN = {
    "app/naïve_Ωmega_→.py": "print('\u202e →')  # TODO: 中文\nпароль = 'k8Zr5TnW2vLx9'\nраy = 1\n",
    "enforcer.toml": 'extends = ["all"]\n"\u4e2d\u6587" = 1\n',
}
"""Names and messages with characters that Windows' older code pages lack, or have at another place."""

SAYING = (
    ("check", "-v", "app"),
    ("check", "--format", "json"),
    ("check", "--format", "jsonl", "app"),
    ("check", "--format", "sarif", "app"),
    ("why", "app/naïve_Ωmega_→.py:1"),
    ("config", "app/naïve_Ωmega_→.py"),
    ("rules",),
    ("explain", "unicode/invisible-character"),
    ("explain", "unicode/nothing-→"),
    ("check", "no-such-→.py"),
    ("--help",),
    ("check", "--nonsense-→"),
)


@pytest.mark.parametrize("arguments", SAYING, ids=" ".join)
def test_streams_of_an_older_code_page_lose_no_line(
    workspace: Path, cache: Path, arguments: tuple[str, ...]
) -> None:
    """What they cannot show is escaped."""
    fill(workspace, SPOKEN)
    told = [_ended(arguments, workspace, cache, encoding) for encoding in ("utf-8", "cp1252")]
    assert told[0].code == told[1].code
    for utf_8, cp1252 in zip(told[0][1:], told[1][1:], strict=True):
        assert "Traceback" not in cp1252
        assert _escaped(utf_8) == _escaped(cp1252)


def test_standard_input_is_read_as_bytes_whatever_the_streams_encoding(workspace: Path, cache: Path) -> None:
    text = SPOKEN["app/naïve_Ωmega_→.py"].replace("\n", "\r\n")
    arguments = ("check", "--format", "jsonl", "-", "--stdin-path", "app/a.py")
    told = [_ended(arguments, workspace, cache, code, text.encode()) for code in ("utf-8", "cp1252")]
    assert told[0] == told[1]
    assert told[0].out.count("\n") >= 3


def test_the_server_speaks_utf_8_whatever_the_streams_encoding(workspace: Path, cache: Path) -> None:
    fill(workspace, SPOKEN)
    more = {"PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"}
    with Client(command("lsp"), env=environment(cache, more)) as client:
        client.initialize(workspace)
        for path, text in SPOKEN.items():
            name = client.open(workspace / path, text)
            said = client.diagnostics(name)
            assert said
        assert client.stop() == 0


def test_no_file_is_opened_in_the_encoding_of_the_system(workspace: Path, cache: Path) -> None:
    """It is cp1252 on Windows. Python tells of each text file that is opened without an encoding."""
    fill(workspace, {**SPOKEN, ".gitignore": "build/\n", ".gitattributes": "*.gen linguist-generated\n"})
    more = {"PYTHONWARNDEFAULTENCODING": "1", "PYTHONWARNINGS": "error::EncodingWarning"}
    for arguments in SAYING:
        done = run(arguments, workspace, cache, more=more)
        assert "EncodingWarning" not in done.out + done.err
    with Client(command("lsp", "--log-file", str(workspace / "log")), env=environment(cache, more)) as client:
        client.initialize(workspace)
        for path, text in SPOKEN.items():
            assert client.diagnostics(client.open(workspace / path, text))
        assert client.stop() == 0
        assert client.process.stderr is not None
        assert b"EncodingWarning" not in client.process.stderr.read()


def _ended(
    arguments: Sequence[str], folder: Path, cache: Path, encoding: str, given_text: bytes = b""
) -> Done:
    more = {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0", "LC_ALL": "C.UTF-8", "COLUMNS": "200"}
    done = subprocess.run(
        command(*arguments),
        cwd=folder,
        input=given_text,
        capture_output=True,
        env=environment(cache, more),
        timeout=PATIENCE,
        check=False,
    )
    return Done(done.returncode, done.stdout.decode(encoding), done.stderr.decode(encoding))


def _escaped(text: str) -> str:
    """The text with every character that cp1252 lacks as an escape."""
    return text.encode("cp1252", "backslashreplace").decode("cp1252")


# -- Without what only POSIX has


def elsewhere(cache: Path) -> dict[str, str]:
    """What a process runs under that is to find what Windows has."""
    places = {"AUTO_ENFORCER_CACHE_DIR": "", "LOCALAPPDATA": str(cache), "XDG_CACHE_HOME": "/nowhere"}
    return environment(cache, {"PYTHONPATH": ELSEWHERE, **places})


needs_proc = pytest.mark.skipif(
    not os.path.isdir("/proc/self/fd"), reason="it is there already, or no `/proc`"
)


def results(cache: Path, end: str = "") -> list[Path]:
    """The files of answers in a cache. Patterns come and go beside them: who compiles them may outlive the
    test that needed them."""
    return list((cache / "auto-enforcer").glob(f"*.results*{end}" if end else "*.results"))


@needs_proc
def test_the_package_finds_itself_elsewhere(cache: Path) -> None:
    """Or the tests below would hold nothing."""
    code = (
        "from auto_enforcer import cli_pool, pattern_cache\n"
        "from auto_enforcer.lsp import channel\n"
        "assert channel.sys.platform == 'win32' and not hasattr(channel.os, 'set_blocking')\n"
        "assert not hasattr(cli_pool.signal, 'SIG_BLOCK') and not hasattr(pattern_cache.os, 'geteuid')\n"
    )
    subprocess.run([sys.executable, "-c", code], env=elsewhere(cache), check=True)


FILES = {
    **{f"app/a{number}.py": f"print({number})\n# TODO: settle\n" for number in range(200)},
    ".gitignore": "BUILD/\n",
    "build/a.py": "print(1)\n",
    "enforcer.toml": 'extends = ["recommended"]\n',
}


@needs_proc
@pytest.mark.parametrize("jobs", [(), ("--no-cache", "--jobs", "2")], ids=["one process", "two processes"])
def test_the_command_says_the_same_elsewhere(workspace: Path, cache: Path, jobs: tuple[str, ...]) -> None:
    """Its processes are spawned; patterns are compiled and results kept, though files that are open stay."""
    fill(workspace, FILES)
    here = run(("check", "--format", "jsonl", "app", *jobs), workspace, cache)
    assert here.code == 0, here.err
    for round_ in range(3):
        done = subprocess.run(
            command("check", "-v", "--format", "jsonl", "app", *jobs),
            cwd=workspace,
            env=elsewhere(cache),
            capture_output=True,
            check=False,
        )
        assert (done.returncode, done.stderr.decode()) == (0, "")
        assert len(done.stdout.splitlines()) == len(here.out.splitlines()) + round_
        (workspace / f"app/b{round_}.py").write_text("print(1)\n")
    assert jobs or results(cache)
    assert not results(cache, ".tmp")


@needs_proc
def test_a_reader_that_goes_away_ends_it_without_a_word_elsewhere(workspace: Path, cache: Path) -> None:
    fill(workspace, {"a.py": "print(1)\n" * 20_000})
    process = subprocess.Popen(
        command("check", "a.py"),
        cwd=workspace,
        env=elsewhere(cache),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    process.stdout.readline()
    process.stdout.close()
    assert process.stderr is not None
    assert (process.stderr.read(), process.wait(PATIENCE)) == (b"", 2)
    process.stderr.close()


@needs_proc
def test_what_another_process_holds_open_is_told_and_harms_nothing(workspace: Path, cache: Path) -> None:
    fill(workspace, FILES)
    arguments = command("check", "-v", "--format", "jsonl", "app")
    subprocess.run(arguments, cwd=workspace, env=elsewhere(cache), capture_output=True, check=True)
    (workspace / "app/b.py").write_text("print(1)\n")
    held = [path.open("rb") for path in results(cache)]
    assert held
    try:
        env = elsewhere(cache) | {"AUTO_ENFORCER_TEST_HOLDER": str(os.getpid())}
        done = subprocess.run(arguments, cwd=workspace, env=env, capture_output=True, check=False)
    finally:
        for file in held:
            file.close()
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) == 401
    assert b"what was found cannot be kept for the next run: " in done.stderr
    assert not results(cache, ".tmp")


@needs_proc
def test_the_server_says_the_same_elsewhere(workspace: Path, cache: Path) -> None:
    """It reads in a thread, for loops watch no pipes there, and writes as much as the client takes."""
    text = "print(1)\n" * 3_000
    said = []
    for env in (environment(cache), elsewhere(cache)):
        with Client(command("lsp"), env=env, in_thread=True) as client:
            client.initialize(workspace, options={"maximumDiagnostics": 100_000})
            name = client.open(workspace / "app/a.py", text)
            before = client.diagnostics(name)
            for version in range(2, 40):
                client.change(name, version, _typed(version))
            after = client.diagnostics(name, 39)
            span = {"start": {"line": 0, "character": 0}, "end": {"line": 1, "character": 0}}
            params = {"textDocument": {"uri": name}, "range": span, "context": {"diagnostics": []}}
            said.append((before, after, client.result("textDocument/codeAction", params)))
            assert client.stop() == 0
    assert said[0] == said[1]
    assert len(said[0][0]) == 3_000


def _typed(version: int) -> dict[str, Any]:
    place = {"line": version, "character": 0}
    return {"range": {"start": place, "end": place}, "text": "x = 1\r\n"}


@needs_proc
@pytest.mark.parametrize("ends", ["the editor's process", "its pipe"])
def test_the_server_ends_with_its_editor_elsewhere(cache: Path, ends: str) -> None:
    editor = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        with Client(command("lsp"), env=elsewhere(cache), in_thread=True) as client:
            client.initialize(process_id=editor.pid)
            client.settle()
            if ends == "its pipe":
                assert client.process.stdin is not None
                client.process.stdin.close()
            else:
                editor.kill()
            assert client.process.wait(PATIENCE) == 1
    finally:
        editor.kill()
        editor.communicate()


# -- The parent's end


class Loop:
    """A loop whose time the test moves on."""

    def __init__(self) -> None:
        self.waiting: list[Any] = []

    def call_later(self, seconds: float, what: Any) -> None:
        assert seconds == parent.INTERVAL
        self.waiting.append(what)

    def turn(self) -> None:
        waiting, self.waiting = self.waiting, []
        for what in waiting:
            what()


@pytest.fixture
def loop(monkeypatch: pytest.MonkeyPatch) -> Loop:
    made = Loop()
    monkeypatch.setattr(asyncio, "get_running_loop", lambda: made)
    return made


@pytest.fixture
def child() -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    yield process
    process.kill()
    process.communicate()


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="there is no `/proc`")
def test_the_end_of_a_process_is_seen_where_no_descriptor_tells_it(
    monkeypatch: pytest.MonkeyPatch, loop: Loop, child: subprocess.Popen[bytes]
) -> None:
    def refuse(process: int) -> int:
        raise PermissionError

    monkeypatch.setattr(os, "pidfd_open", refuse, raising=False)
    gone: list[int] = []
    assert parent.watch(child.pid, lambda: gone.append(1))
    loop.turn()
    assert not gone
    child.kill()
    child.wait()
    loop.turn()
    assert gone
    assert not loop.waiting
    assert not parent.watch(child.pid, lambda: None)


def test_the_end_of_a_process_is_seen_on_macos(monkeypatch: pytest.MonkeyPatch, loop: Loop) -> None:
    ended: list[int] = []

    class Queue:
        def control(self, changes: Any, most: int, timeout: float = 0) -> list[Any]:
            if changes is not None:
                assert most == 0
                if changes == [(404, "process", "add", "exit")]:
                    raise ProcessLookupError
                return []
            assert (most, timeout) == (1, 0)
            return ended

        def close(self) -> None:
            ended.append(-1)

    names = {"KQ_FILTER_PROC": "process", "KQ_EV_ADD": "add", "KQ_NOTE_EXIT": "exit", "kqueue": Queue}
    for name, value in {**names, "kevent": lambda *given: given}.items():
        monkeypatch.setattr(select, name, value, raising=False)
    monkeypatch.setattr(parent, "sys", SimpleNamespace(platform="darwin"))
    gone: list[int] = []
    assert parent.watch(7, lambda: gone.append(1))
    loop.turn()
    assert not gone
    ended.append(7)
    loop.turn()
    assert gone
    assert not loop.waiting
    del ended[:]
    assert not parent.watch(404, lambda: None)
    assert ended == [-1]


def test_the_end_of_a_process_is_seen_on_windows(monkeypatch: pytest.MonkeyPatch, loop: Loop) -> None:
    states = {7: 0x102}

    class Function:
        def __init__(self, does: Any) -> None:
            self.does, self.restype, self.argtypes = does, None, None

        def __call__(self, *given: Any) -> Any:
            return self.does(*given)

    kernel = SimpleNamespace(
        OpenProcess=Function(lambda access, inherits, process: process if process in states else None),
        WaitForSingleObject=Function(lambda handle, milliseconds: states[handle]),
    )
    monkeypatch.setattr(ctypes, "WinDLL", lambda name, use_last_error: kernel, raising=False)
    monkeypatch.setattr(parent, "sys", SimpleNamespace(platform="win32"))
    gone: list[int] = []
    assert parent.watch(7, lambda: gone.append(1))
    loop.turn()
    assert not gone
    states[7] = 0
    loop.turn()
    assert gone
    assert not parent.watch(8, lambda: None)


# -- What only POSIX has, and what stands in for it

ONLY_POSIX = re.compile(
    r"\b(?:os\.(?:chown|fchmod|fork\w*|gete?[ug]id|getpgid|kill|killpg|mkfifo|mknod|nice|pidfd_open|posix_spawn\w*"
    r"|register_at_fork|set_blocking|setsid|uname|wait\w*|execv\w*|O_(?:CLOEXEC|DIRECTORY|NOCTTY|NOFOLLOW|NONBLOCK))"
    r"|signal\.(?:SIG[A-Z_]+|alarm|pthread_\w+|set_wakeup_fd|sigwait)|select\.\w+|add_reader|add_writer"
    r"|add_signal_handler|connect_read_pipe|connect_write_pipe|preexec_fn|start_new_session|pass_fds"
    r"|(?:fcntl|grp|pty|pwd|resource|termios|tty)\.\w+)\b"
)

STANDS_IN = {
    ("bootstrap.py", "os.execv"): "where `os.name` is `nt` a child process is waited for",
    ("bootstrap.py", "fcntl.flock"): "`msvcrt.locking` on Windows",
    ("bootstrap.py", "fcntl.LOCK_EX"): "the same",
    ("bootstrap.py", "fcntl.LOCK_NB"): "the same",
    ("cli_pool.py", "signal.SIGINT"): "Python has it on Windows too",
    ("cli_pool.py", "signal.SIG_IGN"): "the same",
    ("cli_pool.py", "signal.SIG_BLOCK"): "not on Windows, where a process gets no signal before it asks",
    ("cli_pool.py", "signal.SIG_SETMASK"): "the same",
    ("cli_pool.py", "signal.pthread_sigmask"): "the same",
    ("channel.py", "add_reader"): "a thread reads where the loop refuses",
    ("channel.py", "add_writer"): "what is not made to refuse is written at once",
    ("channel.py", "os.set_blocking"): "only where writing may be made to refuse, which is not on Windows",
    ("channel.py", "select.select"): "the same",
    ("parent.py", "add_reader"): "only for the descriptor of a process, which Linux has",
    ("parent.py", "os.pidfd_open"): "an event on macOS, a handle on Windows, `/proc` elsewhere",
    ("pattern_cache.py", "fcntl.flock"): "`msvcrt.locking` on Windows",
    ("pattern_cache.py", "fcntl.LOCK_EX"): "the same",
    ("pattern_cache.py", "os.geteuid"): "on Windows the folder is the user's own",
    ("pattern_cache.py", "os.uname"): "`PROCESSOR_ARCHITECTURE` on Windows",
    ("pattern_cache.py", "start_new_session"): "Windows' `subprocess` takes no notice of it",
    ("pattern_compiler.py", "resource.RLIMIT_AS"): "no limit on Windows",
    ("pattern_compiler.py", "resource.RLIMIT_CPU"): "the same",
    ("pattern_compiler.py", "resource.RLIM_INFINITY"): "the same",
    ("pattern_compiler.py", "resource.getrlimit"): "the same",
    ("pattern_compiler.py", "resource.setrlimit"): "the same",
    ("scan_worker.py", "os.nice"): "without it the scan is as urgent as what is typed",
    ("server.py", "add_signal_handler"): "Windows ends the process at once",
    ("server.py", "signal.SIGTERM"): "the same",
}
"""File and name: what there is instead elsewhere."""


def test_what_only_posix_has_is_used_where_something_stands_in_for_it() -> None:
    """A flag of `os.open` is asked for by `getattr`."""
    used = set()
    for path in sorted(SERVER.rglob("*.py")):
        if "rules" in path.parts or path.name == "catalog_index.py":
            continue
        source = path.read_text("utf-8")
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Attribute | ast.keyword):
                text = node.arg if isinstance(node, ast.keyword) else ast.unparse(node)
                found = ONLY_POSIX.search(text or "")
                if found:
                    used.add((path.name, found[0]))
    assert used == STANDS_IN.keys()


def test_helpers_of_tests_need_posix_only_where_windows_leaves_their_tests_out() -> None:
    """`conftest.py` names the tests that import them."""
    needing = set()
    for path in HERE.rglob("*.py"):
        for node in ast.parse(path.read_text("utf-8")).body:
            names = [name.name for name in node.names] if isinstance(node, ast.Import) else []
            if {"fcntl", "grp", "pty", "pwd", "resource", "termios"}.intersection(names):
                needing.add(path.relative_to(HERE).as_posix())
    of_the_workbench = {"editors/vscode/building.py", "editors/vscode/loopback.py"}
    assert {"fuzz/campaign.py", "long_life.py"} | of_the_workbench >= needing


def test_the_suite_runs_on_every_system_and_python_that_is_promised() -> None:
    root = HERE.parent
    job = yaml.safe_load((root / ".github/workflows/tests.yml").read_text("utf-8"))["jobs"]["suite"]
    matrix = job["strategy"]["matrix"]
    promised = re.findall(r"Python :: (3\.\d+)", (root / "pyproject.toml").read_text("utf-8"))
    assert matrix["python"] == promised
    assert [system.partition("-")[0] for system in matrix["system"]] == ["ubuntu", "windows", "macos"]
    assert any(step.get("run", "").startswith("python tests") for step in job["steps"])
    for step in job["steps"]:
        assert re.search(r"@[0-9a-f]{40}$", step.get("uses", "@" + "0" * 40)), step
