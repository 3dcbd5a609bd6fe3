"""A workspace that nobody would make: long lines, deep nesting, odd files and names, stacked suppressions.
Every front end answers, within bounds of CPU and memory."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from command import environment, fill
from effort import THOROUGH, is_within, spread
from hostile.front_ends import Ran, launched, run
from lsp.stdio import PATIENCE, SERVER, Client, edit

SECONDS = 50.0
"""Of CPU for all of the workspace, at most: on an idle machine none takes more than 15."""

PEAK = 400 << 20
"""Bytes: the command streams files; the server holds texts of 1 MB, and those that changed."""

SCALE = 1 if THOROUGH else 4
"""How much smaller than they could be the texts are."""

LONG = (1 << 20) // SCALE
DEEP = 100_000 // SCALE

ENDS = "print(1)\n"
"""The last line of each file, which is to be found."""

OPENERS = {
    "brackets.py": "([{" * (DEEP // 3),
    "brackets.json": "[" * DEEP,
    "flow.yaml": "a: " + "[{" * (DEEP // 2),
    "indented.yaml": " " * DEEP + "- x",
    "items.yaml": "- " * DEEP,
    "templates.ts": "`${" * (DEEP // 3),
    "formats.py": "f'{" * (DEEP // 3),
    "substitutions.sh": "$(" * (DEEP // 2),
    "comments.rs": "/*" * (DEEP // 2),
    "interpolations.rb": '"#{' * (DEEP // 3),
    "interpolations.swift": '"\\(' * (DEEP // 3),
    "elements.html": "<div>" * (DEEP // 5),
    "elements.tsx": "<a>{" * (DEEP // 4),
    "quotes.md": "> " * DEEP,
    "stars.md": "*" * DEEP,
    "documents.sh": "cat " + "<<A " * (DEEP // 4),
    "strings.sql": "$a$ '" * (DEEP // 5),
    "tables.toml": "x = " + "[" * DEEP,
}
"""What opens and never closes, on one line and on as many."""

SUPPRESSIONS = {
    "stacked.py": "# enforcer: allow[logging]: a reason\n" * (10_000 // SCALE),
    "named.py": f"# enforcer: allow[{', '.join(['logging/print-call'] * (50_000 // SCALE))}]: a reason\n",
    "unknown.py": "".join(
        f"# enforcer: allow[logging/print-cal{n}]: a reason\n" for n in range(2_000 // SCALE)
    ),
    "open.py": "# enforcer: allow[" * (50_000 // SCALE) + "\n",
    "at ends.py": "print(1)  # enforcer: allow[logging]: a reason # enforcer: allow[x]\n" * (5_000 // SCALE),
    "of files.py": "# enforcer: allow-file[logging]: a reason\n" * (5_000 // SCALE),
    "over strings.py": '# enforcer: allow[logging]: a reason\nx = """\n' * (10_000 // SCALE),
}

NAMES = (
    b"no utf-8 \xff\xfe.py",
    b"a line\nend.py",
    b"a return\rhere.py",
    b"\x1b]0;a title\x07 and \x1b[2J.py",
    "turned \u202e yp.py".encode(),
    "\ud800".encode("utf-8", "surrogatepass") + b".py",
    b"-o.py",
    b"--rule=x",
    b"%00%2e%2e.py",
    b"\\back\\slash.py",
    b"'quoted' \"twice\" `and so` $(on).py",
    b" ",
    b"~",
    b"a" * 255,
)


def texts() -> Iterator[tuple[str, str]]:
    """Names and texts, none of which a kind of file excuses."""
    head = "\n" * 12
    for name, text in OPENERS.items():
        cut = [text[at : at + 10] for at in range(0, len(text), 10)]
        yield f"deep/on one line/{name}", f"{head}{text}\n{ENDS}"
        yield f"deep/on many/{name}", f"{head}{chr(10).join(cut)}\n{ENDS}"
    yield "long/line.py", f"{head}{'x = 1; ' * (LONG // 7)}\n{ENDS}"
    yield "long/line.md", f"{head}{'word ' * (LONG // 5)}\n{ENDS}"
    yield "long/line.js", f"{head}{'console.log(1);' * (LONG // 15)}\n{ENDS}"
    yield "long/line.yaml", f"{head}key: {'x' * LONG}\n{ENDS}"
    yield "long/empty.py", "\n" * (1_000_000 // SCALE) + ENDS
    yield "long/empty.md", "\n" * (1_000_000 // SCALE) + ENDS
    yield "long/returns.py", "\r" * (1_000_000 // SCALE) + ENDS
    for name, text in SUPPRESSIONS.items():
        yield f"allowed/{name}", f"{head}{text}\n{ENDS}"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The workspace."""
    folder = tmp_path_factory.mktemp("hostile")
    (folder / ".git").mkdir()
    fill(folder, dict(texts()))
    named = os.fsencode(folder / "names")
    os.mkdir(named)
    for name in NAMES:
        with open(os.path.join(named, name), "w", encoding="utf-8") as file:
            file.write(ENDS)
    odd = folder / "odd"
    odd.mkdir()
    (odd / "loop.py").symlink_to(odd / "loop.py")
    (odd / "up").symlink_to(folder)
    (odd / "down").symlink_to(odd / "down/down")
    for device in ("zero", "full", "random", "tty", "stdin"):
        (odd / f"{device}.py").symlink_to(f"/dev/{device}")
    (odd / "memory.py").symlink_to("/proc/self/mem")
    os.mkfifo(odd / "fifo.py")
    with socket.socket(socket.AF_UNIX) as made:
        here = os.getcwd()
        os.chdir(odd)
        made.bind("socket.py")
        os.chdir(here)
    descriptor = os.open(folder, os.O_RDONLY)
    for _ in range(1_200):  # far deeper than a path can say
        os.mkdir("under", dir_fd=descriptor)
        inner = os.open("under", os.O_RDONLY, dir_fd=descriptor)
        os.close(descriptor)
        descriptor = inner
    os.close(descriptor)
    yield folder
    # What is too deep for a path is taken away from within.
    here = os.getcwd()
    os.chdir(folder)
    while os.path.isdir("under"):
        os.rename("under", "above")
        if os.path.isdir("above/under"):
            os.rename("above/under", "under")
        os.rmdir("above")
    os.chdir(here)


def within(ran: Ran) -> bool:
    """Whether it stayed within bounds."""
    assert is_within(ran.seconds, SECONDS), ran.seconds
    assert ran.peak < PEAK, ran.peak
    return "Traceback" not in ran.err


def found(ran: Ran) -> set[str]:
    """The files in which the last line was found, of those that JSON lines tell."""
    rows = [json.loads(line) for line in ran.out.decode("utf-8", "surrogateescape").splitlines()]
    return {row["path"] for row in rows if row.get("rule") == "logging/print-call"}


@pytest.mark.parametrize(
    ("form", "options"),
    [
        ("text", ("-v", "--jobs", "1", "allowed", "names", "odd")),
        ("json", ("--timings", "allowed", "names", "odd")),
        ("jsonl", ("--jobs", "3")),
        ("sarif", ("allowed", "names", "odd")),
    ],
)
def test_the_command_answers(form: str, options: tuple[str, ...], hostile: Path, cache: Path) -> None:
    ran = run(["check", "--format", form, *options], hostile, cache)
    assert within(ran)
    assert ran.code in (0, 1), ran.err
    assert b"\x1b" not in ran.out
    assert "\x1b" not in ran.err
    if form in ("json", "sarif"):
        json.loads(ran.out)
    if form == "jsonl":
        there = found(ran)
        assert {f"allowed/{name}" for name in SUPPRESSIONS} - there <= {"allowed/of files.py"}
        assert {"long/line.py", "long/empty.py", "long/returns.py", "deep/on many/brackets.py"} <= there
        # One after the other: a name with a line end is no line of its own.
        assert len([path for path in there if path.startswith("names/")]) == sum(
            name.endswith(b".py") for name in NAMES
        )


def test_what_is_no_file_is_refused_where_it_is_named(hostile: Path, cache: Path) -> None:
    names = sorted(f"odd/{name}" for name in os.listdir(hostile / "odd") if name != "up")
    ran = run(["check", *names], hostile, cache)
    assert within(ran)
    assert ran.code == 2


@pytest.mark.parametrize("name", [name for name in NAMES if name.endswith(b".py")])
def test_any_name_can_be_asked_for(name: bytes, hostile: Path, cache: Path) -> None:
    path = os.fsdecode(os.path.join(b"names", name))
    commands = ["check", path], ["why", f"{path}:1"], ["config", path], ["rules", "--active", path]
    number = NAMES.index(name)
    for arguments in (commands[0], *spread(commands[1:], 3, number % 3)):
        ran = run(arguments, hostile, cache)
        assert within(ran)
        assert ran.code in (0, 1), (arguments, ran.err)
        assert b"\x1b" not in ran.out
        assert "\x1b" not in ran.err


@pytest.mark.parametrize(
    "arguments",
    [["explain"], ["rules"], ["check", "--rule"], ["check", "--format"], ["why"], []],
    ids=" ".join,
)
def test_a_wrong_word_is_repeated_without_what_moves_a_terminal(
    arguments: list[str], hostile: Path, cache: Path
) -> None:
    ran = run([*arguments, "\x1b]0;a title\x07\x1b[2J\u202e"], hostile, cache)
    assert ran.code == 2
    assert {letter for letter in ran.err if not letter.isprintable()} == {"\n"}


@pytest.mark.parametrize("name", ["long/line.py", "long/empty.py", "deep/on many/templates.ts"])
def test_standard_input_is_answered(name: str, hostile: Path, cache: Path) -> None:
    given = (hostile / name).read_bytes()
    ran = run(["check", "-", "--stdin-path", name, "--format", "jsonl"], hostile, cache, given)
    assert within(ran)
    assert found(ran) == (set() if name.endswith(".ts") else {name})


def test_the_server_answers(hostile: Path, cache: Path, tmp_path: Path) -> None:
    """Each text opened, changed at its beginning and at its end, asked for actions, and closed."""
    report = tmp_path / "cost.json"
    wrong = []
    with Client(launched(report, *SERVER), env=environment(cache), cwd=hostile, stderr=None) as client:
        client.initialize(hostile, options={"maximumDiagnostics": 50})
        for number, (name, text) in enumerate(texts()):
            uri = client.open(hostile / name, text)
            client.change(uri, 2, edit((0, 0), (0, 0), '"""\n'), edit((0, 0), (1, 0), ""))
            client.change(uri, 3, edit((9_999_999, 0), (9_999_999, 0), "breakpoint()\n"))
            codes = [one["code"] for one in client.diagnostics(uri, 3)]
            if "enforcer/check-failed" in codes or (name.endswith(".py") and not codes):
                wrong.append((name, codes))
            whole = {"start": {"line": 0, "character": 0}, "end": {"line": 9_999_999, "character": 0}}
            params = {"textDocument": {"uri": uri}, "range": whole, "context": {"diagnostics": []}}
            assert "error" not in client.request("textDocument/codeAction", params)
            client.close(uri)
            if number % 8 == 0:
                client.settle()
        odd = sorted(os.listdir(hostile / "odd"))
        for name in odd:
            client.close(client.open(hostile / "odd" / name, "print(1)\n"))
        client.settle()
        client.result("shutdown")
        client.notify("exit")
        assert client.process.wait(PATIENCE) == 0
    code, seconds, peak = json.loads(report.read_text())
    assert (code, wrong) == (0, [])
    assert is_within(seconds, 3 * SECONDS), seconds
    assert peak < PEAK, peak
