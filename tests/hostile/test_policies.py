"""Policies, ignore files and attributes that are written to stall: each is refused or followed within bounds
of CPU and memory, whatever front end reads it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from command import environment, fill
from effort import THOROUGH, is_within, spread
from hostile.front_ends import launched, run
from lsp.stdio import PATIENCE, SERVER, Client, uri

SECONDS = 25.0
"""Of CPU, at most: on an idle machine none takes more than 4."""

PEAK = 200 << 20
"""Bytes: the command takes 20 MB for a file, and a text of 1 MiB is held some times over as TOML."""

GLOBS = {
    "stars": "*a" * 499 + "b",
    "folders": "**/a/" * 190 + "b",
    "stars in folders": "**/*a*a*a*" * 90,
    "marks": "*?" * 450 + "x",
    "classes": "[!b]*" * 190 + "z",
    "braces": "{a,b}" * 6 + "*" * 900,
    "nested braces": "{" * 400 + "}" * 400,
}

MANY = {
    "stars": "*a" * 100 + "N*b",
    "folders": "**/aN/*a*/**/b",
    "names": "*aN*",
    "short": "*N?",
    "braces": "{*a,*b}{*c,*d}{*e,*f}{*g,*h}{*i,*j}*N?",
}


def many(glob: str, around: str = "{}\n") -> str:
    """As many of a glob, each with another number, as a file of 1 MiB holds."""
    lines, size, number = [], 0, 0
    while size < 1_040_000:
        lines.append(around.replace("{}", glob.replace("N", str(number))))
        size, number = size + len(lines[-1]), number + 1
    return "".join(lines)


def written(kind: str, glob: str, *, often: bool) -> dict[str, str]:
    """The file in which a glob stands, once or as often as it goes in."""
    if kind in (".gitignore", ".gitattributes"):
        around = "{}\n" if kind == ".gitignore" else "{} linguist-generated\n"
        return {kind: many(glob, around) if often else around.replace("{}", glob)}
    quoted = json.dumps(glob)
    if kind == "exclude":
        inner = many(quoted, "{},\n") if often else quoted
        return {"enforcer.toml": f"exclude = [\n{inner}]\n"}
    around = "[[overrides]]\npaths = [{}]\nrules.logging = 'off'\n"
    return {"enforcer.toml": many(quoted, around) if often else around.replace("{}", quoted)}


KINDS = ("exclude", "overrides", ".gitignore", ".gitattributes")


@pytest.fixture
def deep(workspace: Path) -> Path:
    """A workspace with names as long as names may be, some of them deep."""
    fill(workspace, {f"{'a' * 250}.py": "print(1)\n", "a/a/a/b.py": "print(1)\n"})
    fill(workspace, {"/".join([*["a" * 200] * 12, f"{'a' * 250}.py"]): "print(1)\n"})
    return workspace


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("glob", GLOBS.values(), ids=GLOBS)
def test_no_glob_stalls(glob: str, kind: str, deep: Path, cache: Path) -> None:
    fill(deep, written(kind, glob, often=False))
    ran = run(["check", "--jobs", "1", "--format", "jsonl"], deep, cache)
    assert ran.code in ((0, 2) if kind in ("exclude", "overrides") else (0,)), ran.err
    assert (is_within(ran.seconds, SECONDS), ran.peak < PEAK) == (True, True), (ran.seconds, ran.peak)


@pytest.mark.parametrize(
    ("kind", "glob"),
    [
        *((kind, "short") for kind in KINDS),
        *((kind, glob) for glob in MANY if glob != "short" for kind in KINDS[::2] if THOROUGH),
        *(() if THOROUGH else (("exclude", "braces"), (".gitignore", "folders"))),
    ],
)
def test_no_number_of_globs_stalls(glob: str, kind: str, deep: Path, cache: Path) -> None:
    """Those of a policy are refused, once; of git's files as many count as can be matched."""
    fill(deep, written(kind, MANY[glob], often=True))
    ran = run(["check", "--jobs", "1", "--format", "jsonl"], deep, cache)
    assert (is_within(ran.seconds, SECONDS), ran.peak < PEAK) == (True, True), (ran.seconds, ran.peak)
    if kind in ("exclude", "overrides"):
        assert ran.code == 2
        assert ran.err.count("the globs of this policy are too many to be matched") == 1, ran.err[:2_000]
    else:
        assert (ran.code, ran.err) == (0, "")
        assert ran.out.count(b"logging/print-call") == 3


def test_so_many_mistakes_are_told_and_no_more(workspace: Path, cache: Path) -> None:
    text = "[rules]\n" + "".join(f'"logging/print-cal{number}" = "off"\n' for number in range(30_000))
    fill(workspace, {"enforcer.toml": text, "a.py": "print(1)\n"})
    ran = run(["check", "--jobs", "1", "--format", "jsonl", "a.py"], workspace, cache)
    assert (ran.code, ran.err.count("\n")) == (2, 500)
    assert is_within(ran.seconds, SECONDS)


def test_a_number_that_is_not_read_is_a_mistake(workspace: Path, cache: Path) -> None:
    """Python reads only so many digits."""
    fill(workspace, {"enforcer.toml": f"x = {'9' * 1_000_000}\n", "a.py": "print(1)\n"})
    ran = run(["check", "--jobs", "1", "--format", "jsonl", "a.py"], workspace, cache)
    assert (ran.code, ran.err) == (
        2,
        "error: enforcer.toml:2:1: not valid TOML: a number has too many digits "
        "(nothing of `enforcer.toml` is used; the defaults are used in its place)\n",
    )


TOML = {
    "lists": "x = " + "[" * 100_000 + "]" * 100_000,
    "tables": "x = " + "{a=" * 100_000 + "1" + "}" * 100_000,
    "a dotted key": ".".join(["a"] * 200_000) + " = 1\n",
    "a header": "[" + ".".join(["a"] * 200_000) + "]\n",
    "a quoted key": " . ".join(['"a.b"', "'c'"] * 70_000) + " = 1\n",
    "deep lists of many": "x = " + "[" * 150 + "1, " * 300_000 + "]" * 150 + "\n",
}


@pytest.mark.parametrize("name", ["enforcer.toml", "pyproject.toml"])
@pytest.mark.parametrize("text", TOML.values(), ids=TOML)
def test_no_nesting_stalls(text: str, name: str, workspace: Path, cache: Path) -> None:
    head = "[tool.auto-enforcer]\n" if name == "pyproject.toml" and not text.startswith("[") else ""
    fill(workspace, {name: head + text, "a.py": "print(1)\n"})
    ran = run(["check", "--jobs", "1", "--format", "jsonl", "a.py"], workspace, cache)
    assert (is_within(ran.seconds, SECONDS), ran.peak < PEAK) == (True, True), (ran.seconds, ran.peak)
    if name == "enforcer.toml" or head:
        assert (ran.code, ran.err.count("\n")) == (2, 1)
        assert f"{name}:1:1: nested too deeply to be read; use fewer levels" in ran.err


@pytest.mark.parametrize("depth", [1, 20, 60])
def test_what_is_nested_as_people_nest_is_read(depth: int) -> None:
    from auto_enforcer.toml_places import parsed, places

    key = ".".join(f"k{number}" if number % 2 else f'"k.{number}"' for number in range(depth))
    for text in (f"{key} = 1\n", f"[{key}]\nx = 1\n", f"x = {'[' * depth}1{']' * depth}\n"):
        assert parsed(text)
        assert len(places(text)) >= depth


SERVED = {
    "globs": written("exclude", MANY["short"], often=True),
    "overrides": written("overrides", MANY["braces"], often=True),
    "a dotted key": {"enforcer.toml": TOML["a dotted key"]},
    "lists": {"enforcer.toml": TOML["deep lists of many"]},
    "a number": {"enforcer.toml": f"x = {'9' * 1_000_000}\n"},
    "mistakes": {"enforcer.toml": "".join(f"key{number} = 1\n" for number in range(60_000))},
}


@pytest.mark.parametrize("files", spread(list(SERVED.values()), 2, 1), ids=spread(list(SERVED), 2, 1))
def test_the_server_shows_what_is_wrong_with_them_and_goes_on(
    files: dict[str, str], workspace: Path, cache: Path, tmp_path: Path
) -> None:
    fill(workspace, files)
    report = tmp_path / "cost.json"
    with Client(launched(report, *SERVER), env=environment(cache), stderr=None) as client:
        client.initialize(workspace)
        document = client.open(workspace / "a.py", "print(1)\n")
        assert [one["code"] for one in client.diagnostics(document)] == ["logging/print-call"]
        shown = client.diagnostics(uri(workspace / "enforcer.toml"))
        assert {one["code"] for one in shown} == {"enforcer/invalid-policy"}
        assert len(shown) <= 500
        client.result("shutdown")
        client.notify("exit")
        assert client.process.wait(PATIENCE) == 0
    code, seconds, peak = json.loads(report.read_text())
    assert code == 0
    assert (is_within(seconds, SECONDS), peak < PEAK) == (True, True), (seconds, peak)
