"""What `.gitattributes` calls generated is what git says of it."""

from __future__ import annotations

import os
import random
import subprocess
from pathlib import Path

import pytest

from auto_enforcer.attributes import Attributes

_GIT = {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull, "PATH": os.environ["PATH"]}


def _git(folder: Path, *arguments: str, given: bytes = b"") -> bytes:
    command = ["git", "-c", "core.ignorecase=false", *arguments]
    return subprocess.run(
        command,
        cwd=folder,
        input=given,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_GIT,
        check=True,
    ).stdout


def _said_by_git(root: Path, paths: list[str]) -> list[bool]:
    given = b"".join(os.fsencode(path) + b"\0" for path in paths)
    answers = _git(root, "check-attr", "-z", "--stdin", "linguist-generated", given=given).split(b"\0")
    return [answers[index] in (b"set", b"true") for index in range(2, len(answers), 3)]


def _said_by_us(root: Path, paths: list[str]) -> list[bool]:
    attributes = Attributes(str(root))
    return [attributes.generated(path) for path in paths]


@pytest.mark.parametrize(
    ("text", "generated", "other"),
    [
        ("*.pb.go linguist-generated", ["a.pb.go", "x/a.pb.go"], ["a.go"]),
        ("gen/** text linguist-generated=true", ["gen/a", "gen/x/a"], ["x/gen/a"]),
        ("/gen/*  -linguist-generated\n*.c linguist-generated\r\n", ["a.c", "gen/a.c"], ["gen/a"]),
        (
            "* linguist-generated\nsrc/** -linguist-generated\nsrc/x !linguist-generated",
            ["a"],
            ["src/a", "src/x"],
        ),
        ("* linguist-generated=false", [], ["a"]),
        ("gen/ linguist-generated", [], ["gen/a"]),
        ("gen linguist-generated", ["gen"], ["gen/a"]),
        ('"a b" linguist-generated\n"\\303\\251" linguist-generated', ["a b", "é"], ["a"]),
        ("# * linguist-generated\n  *.c linguist-generated", ["a.c"], ["a"]),
        ("*.c linguist-generatedly not-linguist-generated", [], ["a.c"]),
        ("a linguist-generated -linguist-generated\nb -linguist-generated linguist-generated", ["b"], ["a"]),
        ("!a linguist-generated\nb linguist-generated", ["b"], ["a", "!a"]),
    ],
)
def test_a_file_is_generated_when_git_says_so(
    tmp_path: Path, text: str, generated: list[str], other: list[str]
) -> None:
    _git(tmp_path, "init", "-q")
    (tmp_path / ".gitattributes").write_text(text, newline="")
    paths = [*generated, *other]
    assert _said_by_us(tmp_path, paths) == [path in generated for path in paths]
    assert _said_by_git(tmp_path, paths) == [path in generated for path in paths]


_PATTERNS = ("*", "*.c", "a", "b/", "a/*", "/a", "a/**", "**/b", "a*", "?", "[ab]", "a/b", "a**/b", "**")
_STATES = (
    "linguist-generated",
    "-linguist-generated",
    "!linguist-generated",
    "linguist-generated=true",
    "text",
)


def test_nested_files_have_the_word_that_git_gives_them(tmp_path: Path) -> None:
    chance = random.Random(3)
    _git(tmp_path, "init", "-q")
    paths = []
    for case in range(150):
        for folder in (f"{case}", f"{case}/a", f"{case}/a/b"):
            (tmp_path / folder).mkdir()
            lines = [
                f"{chance.choice(_PATTERNS)} {chance.choice(_STATES)}" for _ in range(chance.randint(0, 3))
            ]
            (tmp_path / folder / ".gitattributes").write_text("\n".join(lines))
            paths += [f"{folder}/{name}" for name in ("a", "b", "x.c", "abc")]
    (tmp_path / ".git/info/attributes").write_text("1*/a/abc linguist-generated\n/2/** -linguist-generated")
    said = _said_by_git(tmp_path, paths)
    assert _said_by_us(tmp_path, paths) == said
    assert 0.1 < sum(said) / len(said) < 0.9


def test_the_files_above_a_workspace_count_as_far_as_the_repository_goes(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "repository", tmp_path / "repository" / "ws"):
        folder.mkdir(exist_ok=True)
    (tmp_path / ".gitattributes").write_text("*.x linguist-generated")
    (tmp_path / "repository" / ".gitattributes").write_text("*.y linguist-generated")
    workspace = tmp_path / "repository" / "ws"
    assert _said_by_us(workspace, ["a.x", "a.y"]) == [False, False]
    _git(tmp_path / "repository", "init", "-q")
    assert _said_by_us(workspace, ["a.x", "a.y"]) == [False, True]
    _git(workspace, "init", "-q")
    assert _said_by_us(workspace, ["a.x", "a.y"]) == [False, False]
