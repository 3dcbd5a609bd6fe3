"""What is ignored is what git ignores, asked of the real git."""

from __future__ import annotations

import os
import random
import subprocess
import time
from pathlib import Path

import pytest

from auto_enforcer.files import Found, is_ignored, walk
from auto_enforcer.wildmatch import Patterns
from effort import is_within
from repositories import Repository

_GIT = {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull, "PATH": os.environ["PATH"]}


def _git(folder: Path, *arguments: str, given: bytes = b"") -> bytes:
    command = ["git", "-c", "core.ignorecase=false", *arguments]
    done = subprocess.run(command, cwd=folder, input=given, stdout=subprocess.PIPE, env=_GIT, check=False)
    assert done.returncode in (0, 1)
    return done.stdout


_ATOMS = (
    *(
        "a",
        "b",
        "c",
        "ab",
        ".",
        "-",
        "*",
        "**",
        "?",
        "/",
        "/",
        "**/",
        "/**",
        "/**/",
        "!",
        "#",
        " ",
        "\\",
        "\\ ",
    ),
    *(
        "[",
        "]",
        "[ab]",
        "[!a]",
        "[^b]",
        "[a-c]",
        "[]a]",
        "[a-]",
        "[[:alpha:]]",
        "[[:x:]]",
        "[\\]]",
        "[a",
        "é",
    ),
    *(
        "\r",
        "\\/",
        "\\*",
        "*.c",
        "a/",
        "[/]",
        "[[:]",
        "[!-b]",
        "[b-a]",
        "{a,b}",
        "[a\\-c]",
        "[+--]",
        "[[::]]",
    ),
)
_NAMES = (
    "a",
    "b",
    "c",
    "ab",
    "abc",
    "a.c",
    "é",
    "-",
    "a b",
    "a ",
    "*",
    "[a]",
    "#a",
    "!a",
    "{a,b}",
    "aé",
    "bca",
)


def _ignore_file(chance: random.Random) -> str:
    lines = []
    for _ in range(chance.randint(1, 3)):
        line = "".join(chance.choices(_ATOMS, k=chance.randint(1, 5)))
        lines.append(chance.choice(("", "", "", "!")) + line)
    return chance.choice(("*\n", "/*\n", "", "", "")) + chance.choice(("\n", "\n", "\r\n")).join(lines)


def _fill(folder: Path, chance: random.Random, depth: int = 0) -> None:
    """A small tree, with ignore files now and then."""
    folder.mkdir()
    for name in chance.sample(_NAMES, 4):
        if chance.random() < (0.5, 0.3, 0.2, 0)[depth]:
            _fill(folder / name, chance, depth + 1)
        else:
            (folder / name).touch()
    if depth == 0 or chance.random() < 0.2:
        (folder / ".gitignore").write_text(_ignore_file(chance), newline="")


def test_a_walk_finds_what_git_would_list_whatever_the_patterns(tmp_path: Path) -> None:
    """Every case has a folder of its own, so that git is asked once for all."""
    chance = random.Random(7)
    _git(tmp_path, "init", "-q")
    for number in range(1_000):
        _fill(tmp_path / str(number), chance)
    listed, walked = _listed_by_git(tmp_path), sorted(_walked(tmp_path))
    wrong = sorted({path.split("/")[0] for path in set(listed) ^ set(walked)})
    for case in wrong[:3]:
        texts = {str(path): path.read_bytes() for path in (tmp_path / case).rglob(".gitignore")}
        ours, gits = ([path for path in found if path.startswith(case + "/")] for found in (walked, listed))
        assert ours == gits, texts
    everything = sum(len(files) for _, _, files in os.walk(tmp_path) if "/.git/" not in _)
    assert wrong == []
    assert 0.2 < len(walked) / everything < 0.9


@pytest.mark.parametrize(
    ("text", "ignored", "kept"),
    [
        ("*.pyc\nbuild/\n/top\n", ["a.pyc", "x/a.pyc", "build/a", "x/build/a", "top"], ["x/top", "a.py"]),
        ("*.log\n!keep.log\n", ["a.log"], ["keep.log", "x/keep.log"]),
        ("a**/b", ["ab", "ax/y/b", "a/b"], ["b"]),
        ("doc/**/x\r\n", ["doc/x", "doc/a/b/x"], ["x"]),
        ("\\#a\n\\!b\nc\\ \nd  ", ["#a", "!b", "c ", "d"], ["a", "b", "c"]),
        ("/*\n!/foo\n/foo/*\n!/foo/bar", ["a/b", "foo/baz"], ["foo/bar"]),
        ("build/", [], ["build"]),
    ],
)
def test_common_patterns(tmp_path: Path, text: str, ignored: list[str], kept: list[str]) -> None:
    _git(tmp_path, "init", "-q")
    _tree(tmp_path, dict.fromkeys((*ignored, *kept), "") | {"sub/.gitignore": ""})
    (tmp_path / ".git" / "info" / "exclude").write_text(text, newline="")
    walked = _walked(tmp_path)
    assert sorted(walked) == _listed_by_git(tmp_path)
    assert set(walked) - {"sub/.gitignore"} == set(kept)


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("*a" * 300 + "b/x", "a" * 4000),
        ("**/a/" * 100 + "b", "a/" * 1999 + "a"),
        ("**/*a*a*a/" * 40 + "b", ("a" * 30 + "/") * 130 + "a"),
        ("[a-z]*" * 100 + "!/x", "a" * 4000),
    ],
)
def test_no_pattern_is_slow(pattern: str, path: str) -> None:
    patterns = Patterns([(pattern, True)])
    started = time.thread_time()
    assert not patterns.said_of(path, is_folder=False)
    assert is_within(time.thread_time() - started, 1)


def _tree(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def _walked(root: Path, top: Path | None = None) -> list[str]:
    found = walk(str(top or root), str(root))
    return [os.path.relpath(one.path, root) for one in found if isinstance(one, Found)]


def _listed_by_git(root: Path) -> list[str]:
    listed = _git(root, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    return sorted(os.fsdecode(path) for path in listed.split(b"\0") if path)


_FILES = {
    ".gitignore": "*.log\n/out/\nnode_modules\n!important.log\n",
    "a.py": "",
    "a.log": "",
    "important.log": "",
    "out/a.py": "",
    "src/out/a.py": "",
    "src/.gitignore": "!b.log\n*.tmp\nimportant.log\n",
    "src/b.log": "",
    "src/c.log": "",
    "src/important.log": "",
    "src/x.tmp": "",
    "src/node_modules/a.py": "",
    "src/deep/er/x.tmp": "",
    "src/deep/er/a.py": "",
    "local/a.py": "",
    "café/é.py": "",
}


def test_a_walk_finds_what_git_would_list(tmp_path: Path) -> None:
    _git(tmp_path, "init", "-q")
    _tree(tmp_path, _FILES)
    (tmp_path / ".git" / "info" / "exclude").write_text("local\n")
    walked = _walked(tmp_path)
    assert "src/b.log" in walked
    assert sorted(walked) == _listed_by_git(tmp_path)


def test_the_files_above_the_workspace_hold_as_far_as_the_repository_goes(tmp_path: Path) -> None:
    _tree(tmp_path, {".gitignore": "*.py\n"})
    _tree(tmp_path / "repository", _FILES)
    _git(tmp_path / "repository", "init", "-q")
    source = tmp_path / "repository" / "src"
    assert _walked(source) == [".gitignore", "b.log", "deep/er/a.py", "out/a.py"]
    assert _walked(tmp_path / "repository", source / "deep") == ["src/deep/er/a.py"]


def test_without_a_repository_the_files_hold_from_the_workspace_down(tmp_path: Path) -> None:
    _tree(tmp_path, {".gitignore": "*.py\n", "ws/.gitignore": "b.py\n", "ws/a.py": "", "ws/in/b.py": ""})
    assert _walked(tmp_path / "ws") == [".gitignore", "a.py"]
    assert _walked(tmp_path / "ws", tmp_path / "ws" / "in") == []


def test_a_repository_inside_of_another_has_only_its_own_files(tmp_path: Path) -> None:
    _git(tmp_path, "init", "-q")
    _tree(
        tmp_path,
        {".gitignore": "*.log\n", "inner/a.log": "", "inner/b.tmp": "", "inner/.gitignore": "*.tmp\n"},
    )
    _git(tmp_path / "inner", "init", "-q")
    assert _walked(tmp_path) == [".gitignore", "inner/.gitignore", "inner/a.log"]


def test_a_worktree_has_the_exclude_file_of_its_repository(tmp_path: Path) -> None:
    main, tree = tmp_path / "main", tmp_path / "tree"
    _tree(main, {"a.py": ""})
    _git(main, "init", "-q")
    identity = ("-c", "user.name=a", "-c", "user.email=a@b")
    _git(main, "add", ".")
    _git(main, *identity, "commit", "-qm", "a")
    _git(main, "worktree", "add", "-q", str(tree))
    (main / ".git" / "info" / "exclude").write_text("local\n")
    _tree(tree, {"local": "", "b.py": ""})
    assert _walked(tree) == ["a.py", "b.py"]


def test_what_is_asked_for_in_an_ignored_folder_is_found(tmp_path: Path) -> None:
    _git(tmp_path, "init", "-q")
    _tree(tmp_path, {".gitignore": "out\n*.log\n", "out/a.py": "", "out/in/b.log": ""})
    assert _walked(tmp_path, tmp_path / "out") == ["out/a.py", "out/in/b.log"]
    assert _walked(tmp_path, tmp_path / "out" / "in") == ["out/in/b.log"]


def test_a_byte_order_mark_and_a_fifo_do_no_harm(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_bytes(b"\xef\xbb\xbf*.log\n")
    _tree(tmp_path, {"a.log": "", "in/b.log": "", "in/a.py": ""})
    os.mkfifo(tmp_path / "in" / ".gitignore")
    assert _walked(tmp_path) == [".gitignore", "in/a.py"]


def test_what_git_tracks_is_not_ignored(tmp_path: Path) -> None:
    """Whatever ignore files say, however deep it lies. What package managers install is left out still."""
    made = Repository(tmp_path / "made")
    tracked = ("a.py", "build/deep/b.py", "node_modules/c.py")
    made.commit(dict.fromkeys(tracked, "x = 1\n"))
    made.write(
        {".gitignore": "*.py\nbuild/\n", "new.py": "", "build/deep/new.py": "", "build/other/n.py": ""}
    )
    top = str(made.folder)
    found = {os.path.relpath(one.path, top) for one in walk(top, top) if isinstance(one, Found)}
    assert found == {".gitignore", "a.py", os.path.join("build", "deep", "b.py")}
    assert [is_ignored(top, path) for path in (*tracked, "new.py", "build/deep/new.py")] == [
        *(False, False, True),
        *(True, True),
    ]
    made.git("rm", "-q", "--cached", "a.py")
    assert is_ignored(top, "a.py")
    assert is_ignored(str(tmp_path), "made/a.py")
