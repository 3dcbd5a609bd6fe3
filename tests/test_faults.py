"""What is kept between runs, under kill -9, damage, a full disk, other processes and a clock that jumps:
answers stay right, and nothing that is kept is half of something."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from auto_enforcer import catalog, pattern_cache, pattern_compiler
from auto_enforcer.pattern_cache import SUFFIX, CacheDirectory
from auto_enforcer.scanner import open_scanner
from command import PATIENCE, SERVER, TODAY, Command, command, environment, fill, run
from lsp.stdio import SERVER as SERVING
from lsp.stdio import Client, frame, opening

pytestmark = pytest.mark.skipif(
    not any(os.path.isdir(os.path.join(folder, "hyperscan")) for folder in sys.path),
    reason="there is no wheel of the library here, so nothing is compiled",
)

BLOCKED = "try:\n    work()\nexcept:\n    pass\n"

NO_BYTE_CODE = {"PYTHONDONTWRITEBYTECODE": "1"}
"""Where no file can be long, Python 3.11 would keep half of a module's byte code."""

HEAD = pattern_compiler.HEADER


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A folder with the compiled patterns of one small set."""
    folder = tmp_path / "kept"
    scanner = open_scanner(catalog.pattern_set("python", catalog.ANYWHERE)[0], CacheDirectory(str(folder)))
    assert scanner.settle(300)
    assert scanner.accelerated
    return folder


def test_a_database_is_read_whole_or_not_at_all(kept: Path) -> None:
    """Every bit of its head turned, every length of its head, and a thousand places of its body."""
    (file,) = kept.iterdir()
    whole = file.read_bytes()

    def read(content: bytes) -> bytes | None:
        file.write_bytes(content)
        return pattern_cache.read(str(file))

    assert read(whole) == whole[HEAD:]
    chance = random.Random(1)
    places = [*range(HEAD), *(chance.randrange(HEAD, len(whole)) for _ in range(1_000))]
    for place in places:
        damaged = bytearray(whole)
        damaged[place] ^= 1 << chance.randrange(8)
        assert read(bytes(damaged)) is None, place
    for place in range(HEAD):
        for bit in range(8):
            damaged = bytearray(whole)
            damaged[place] ^= 1 << bit
            assert read(bytes(damaged)) is None, (place, bit)
    lengths = [*range(HEAD + 64), *(chance.randrange(len(whole)) for _ in range(200))]
    assert all(read(whole[:length]) is None for length in lengths)
    assert read(whole + b"\0") is None


def test_a_compilation_that_is_killed_leaves_nothing_that_is_half_there(tmp_path: Path) -> None:
    """kill -9 for the process and, with its group, for the child that compiles, at any moment."""
    folder = tmp_path / "cache"
    program = (
        "import sys\n"
        f"sys.path.insert(0, {str(SERVER)!r})\n"
        "from auto_enforcer import catalog\n"
        "from auto_enforcer.scanner import CacheDirectory, open_scanner\n"
        f"cache = CacheDirectory({str(folder)!r})\n"
        "for language in ('python', 'yaml', 'toml', 'json', 'go', 'rust'):\n"
        "    open_scanner(catalog.pattern_set(language, catalog.COMMON)[0], cache).settle(300)\n"
    )
    chance = random.Random(2)
    for _ in range(8):
        try:
            done = subprocess.run(
                [sys.executable, "-I", "-c", program], timeout=chance.uniform(0.05, 1.2), check=False
            )
            assert done.returncode == 0
        except subprocess.TimeoutExpired:  # killed
            pass
        for file in folder.glob(f"*{SUFFIX}"):
            assert pattern_cache.read(str(file)) is not None, file
    scanner = open_scanner(catalog.pattern_set("python")[0], CacheDirectory(str(folder)))
    assert scanner.settle(300)
    assert scanner.accelerated
    assert scanner.scan(b"x = 1\nexcept:\n")


@pytest.mark.skipif(sys.platform == "win32", reason="a file's size has no limit there")
def test_on_a_full_disk_the_answer_is_right(workspace: Path, tmp_path: Path) -> None:
    """No file can be longer than a thousand bytes, so no database and no answer can be kept."""
    fill(workspace, {f"file{number}.py": BLOCKED for number in range(70)})
    program = (
        "import resource, signal, sys\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "from auto_enforcer.cli import main\n"
        "sys.exit(main(['check', '--format', 'jsonl', '--jobs', '1']))\n"
    )
    cache = tmp_path / "cache"
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-c", program],
            cwd=workspace,
            env=environment(cache, NO_BYTE_CODE),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 1
        assert done.stderr.count("cannot be kept for the next run") == done.stderr.count("\n") == 1
        assert done.stdout.count('"errors/swallowed-exception"') == 70
        files = [path for path in cache.rglob("*") if path.is_file()]
        assert all(file.stat().st_size <= 1_000 for file in files)


def test_two_servers_on_one_cold_cache_agree(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    more = {**os.environ, "XDG_CACHE_HOME": str(cache), "HOME": str(cache), "AUTO_ENFORCER_TODAY": TODAY}
    found = []
    with Client(SERVING, env=more) as one, Client(SERVING, env=more) as other:
        for client in (one, other):
            client.initialize(tmp_path)
        names = [client.open(f"{tmp_path.as_uri()}/a.py", BLOCKED, "python") for client in (one, other)]
        for client, name in zip((one, other), names, strict=True):
            found.append([(d["code"], d["range"]) for d in client.diagnostics(name)])
        for client in (one, other):
            client.result("shutdown")
            client.notify("exit")
            assert client.process.wait(PATIENCE) == 0
    assert found[0] == found[1]
    assert "errors/swallowed-exception" in [code for code, _ in found[0]]
    for file in cache.rglob(f"*{SUFFIX}"):
        assert pattern_cache.read(str(file)) is not None


def test_a_clock_that_jumps_spoils_nothing_that_is_kept(kept: Path) -> None:
    """Files from the future and from long ago are read; a refusal from the future is none."""
    (file,) = kept.iterdir()
    database = pattern_cache.read(str(file))
    for when in (1, time.time() + 10 * 365 * 86_400):
        os.utime(file, (when, when))
        assert pattern_cache.read(str(file)) == database
    pattern_compiler.write(str(file), pattern_compiler.packed(b"", file.name))
    assert pattern_cache.was_refused(str(file))
    os.utime(file, (time.time() + 86_400, time.time() + 86_400))
    assert not pattern_cache.was_refused(str(file))


def test_a_deadline_follows_the_day_that_is_said_however_the_clock_goes(ae: Command, workspace: Path) -> None:
    """Forth and back again: nothing that is kept from one day is told on another."""
    fill(workspace, {f"file{number}.py": "# TODO(mara): drop until 2026-11-22\n" for number in range(70)})
    told = []
    for day in ("2026-11-22", "2026-11-23", "2026-11-22", "2031-01-01", "2026-11-21"):
        done = ae("check", "--format", "jsonl", "--jobs", "1", AUTO_ENFORCER_TODAY=day)
        told.append(done.out.count("dates/passed-deadline"))
    assert told == [0, 70, 0, 70, 0]


KILLED = """
import os, signal, sys
sys.path.insert(0, sys.argv[1])
from auto_enforcer import pattern_compiler
left = int(sys.argv[3])
def dying(real):
    def call(*arguments, **named):
        global left
        left -= 1
        if left == 0:
            if real is replace:
                with open(arguments[0], "r+b") as file:
                    file.truncate(1_000)
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*arguments, **named)
    return call
replace = os.replace
for name in ("makedirs", "open", "replace", "urandom"):
    setattr(os, name, dying(getattr(os, name)))
pattern_compiler.write(sys.argv[2], pattern_compiler.packed(b"new" * 100_000, os.path.basename(sys.argv[2])))
"""
"""Writes a database, and is killed at its n-th call, the file that it wrote being half there."""


@pytest.mark.skipif(os.name != "posix", reason="there is no SIGKILL")
def test_a_database_is_replaced_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "cache" / f"a{SUFFIX}"
    kept = []
    for call in range(1, 20):
        pattern_compiler.write(str(path), pattern_compiler.packed(b"old", path.name))
        program = [sys.executable, "-I", "-c", KILLED, str(SERVER), str(path), str(call)]
        done = subprocess.run(program, check=False)
        kept.append(pattern_cache.read(str(path)))
        if done.returncode == 0:
            break
    assert kept == [b"old"] * 4 + [b"new" * 100_000]


@pytest.mark.parametrize("damage", ["cut", "turned", "emptied", "another's"])
def test_a_damaged_database_is_made_again(kept: Path, damage: str) -> None:
    """Until it is, what it would find is found all the same."""
    (file,) = kept.iterdir()
    whole = file.read_bytes()
    middle = len(whole) // 2
    content = {
        "cut": whole[:middle],
        "turned": whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :],
        "emptied": b"",
        "another's": pattern_compiler.packed(whole[HEAD:], "another"),
    }
    file.write_bytes(content[damage])
    scanner = open_scanner(catalog.pattern_set("python", catalog.ANYWHERE)[0], CacheDirectory(str(kept)))
    text = b"x = 1\nif __name__ == '__main__':\n    pass\n"
    plain = open_scanner(catalog.pattern_set("python", catalog.ANYWHERE)[0], None)
    lines = {line for line, _ in plain.scan(text)}
    assert {line for line, _ in scanner.scan(text)} == lines
    assert scanner.settle(300)
    assert scanner.accelerated
    assert {line for line, _ in scanner.scan(text)} == lines
    assert pattern_cache.read(str(file)) is not None


@pytest.mark.skipif(sys.platform != "linux", reason="there is no place known that nobody can write to")
def test_where_nobody_can_write_the_answer_is_right_and_that_is_told_once(
    workspace: Path, tmp_path: Path
) -> None:
    """Not even the one user whom no permission holds back."""
    fill(workspace, {f"file{number}.py": BLOCKED for number in range(70)})
    arguments = ["check", "--format", "jsonl", "--jobs", "1"]
    more = {"AUTO_ENFORCER_CACHE_DIR": "/proc/auto-enforcer"}
    told = run(arguments, workspace, tmp_path, more=more)
    assert told.code == 1
    assert told.out.count('"errors/swallowed-exception"') == 70
    assert told.err.count("cannot be kept for the next run") == told.err.count("\n") == 1


def test_two_commands_on_one_cold_cache_agree(workspace: Path, tmp_path: Path) -> None:
    fill(workspace, {f"file{number}.py": BLOCKED for number in range(70)})
    cache = tmp_path / "cache"
    both = [
        subprocess.Popen(
            command("check", "--format", "jsonl"),
            cwd=workspace,
            env=environment(cache),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for _ in range(3)
    ]
    said = [process.communicate(timeout=300) for process in both]
    assert {process.returncode for process in both} == {1}
    assert len({(out, err) for out, err in said}) == 1
    assert said[0][0].count(b'"errors/swallowed-exception"') == 70
    assert said[0][1] == b""
    for file in cache.rglob(f"*{SUFFIX}"):
        assert pattern_cache.read(str(file)) is not None
    # What they have kept serves a fourth.
    done = run(["check", "--format", "jsonl"], workspace, cache)
    assert done.out.encode() == said[0][0]


@pytest.mark.parametrize("ending", ["input", "exit"])
def test_a_server_ends_though_its_client_has_stopped_reading(tmp_path: Path, ending: str) -> None:
    """More is to be written than the pipe holds, and nobody takes it."""
    more = {**os.environ, "XDG_CACHE_HOME": str(tmp_path), "AUTO_ENFORCER_TODAY": TODAY}
    with Client(SERVING, env=more, stderr=subprocess.DEVNULL) as client:
        client.initialize(tmp_path, options={"maximumDiagnostics": 20_000})
        messages = [opening(f"file:///a{number}.py", "print(1)\n" * 5_000, "python") for number in range(3)]
        assert client.process.stdin is not None
        os.set_blocking(client.process.stdin.fileno(), True)
        for message in messages:
            client.process.stdin.write(frame(json.dumps(message).encode()))
        if ending == "exit":
            client.process.stdin.write(frame(b'{"jsonrpc":"2.0","method":"exit"}'))
        client.process.stdin.close()
        assert client.process.wait(PATIENCE) == 1
