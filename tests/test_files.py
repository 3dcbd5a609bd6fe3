"""Walking, kinds of files, digests: on real files of all sorts."""

from __future__ import annotations

import os
import socket
import subprocess
import tracemalloc
from pathlib import Path

import pytest

from auto_enforcer import files, git, reading
from auto_enforcer.files import Found, Left
from found import said
from repositories import Repository
from tokens import token


def _tree(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def _walk(
    root: Path, top: Path | None = None, excluded: tuple[str, ...] = ()
) -> tuple[list[str], dict[str, str]]:
    found, left = [], {}
    for one in files.walk(str(top or root), str(root), lambda path: path in excluded):
        path = os.path.relpath(one.path, root)
        if isinstance(one, Left):
            left[path] = one.reason
        else:
            found.append(path)
    return found, left


def test_files_come_in_the_order_of_their_names(tmp_path: Path) -> None:
    _tree(tmp_path, "b/z.py", "b/a.py", "a.py", "c.py", "b.py", ".git/config", ".hidden")
    assert _walk(tmp_path) == ([".hidden", "a.py", "b/a.py", "b/z.py", "b.py", "c.py"], {})


def test_what_is_no_file_is_left_with_its_reason(tmp_path: Path) -> None:
    _tree(tmp_path, "folder/a.py")
    os.mkfifo(tmp_path / "fifo.py")
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "nothing.py").symlink_to(tmp_path / "none")
    (tmp_path / "linked.py").symlink_to(tmp_path / "folder/a.py")
    (tmp_path / "device.py").symlink_to("/dev/zero")
    with socket.socket(socket.AF_UNIX) as server:
        here = os.getcwd()
        os.chdir(tmp_path)  # the path of a socket has few characters
        server.bind("socket.py")
        os.chdir(here)
        found, left = _walk(tmp_path)
    assert found == ["folder/a.py"]
    assert left == {
        "device.py": "a device, not a file",
        "fifo.py": "a FIFO, not a file",
        "linked.py": "a link to a file that is checked",
        "loop": "a link to a folder",
        "nothing.py": "a link to nothing",
        "socket.py": "a socket, not a file",
    }


def test_git_is_asked_once_however_many_links_lead_to_what_it_ignores(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = Repository(tmp_path / "made")
    made.commit({".gitignore": "made*.py\n", "a.py": "1\n"})
    for number in range(5):
        made.write({f"made{number}.py": "1\n"})
        (made.folder / f"link{number}").symlink_to(f"made{number}.py")
    asked: list[str] = []
    question = git.Repository.tracked_though_ignored

    def counted(repository: git.Repository) -> list[str]:
        asked.append(repository.top)
        return question(repository)

    monkeypatch.setattr(git.Repository, "tracked_though_ignored", counted)
    walked = [one for one in files.walk(str(made.folder), str(made.folder)) if isinstance(one, Found)]
    assert sum(os.path.basename(one.path).startswith("link") for one in walked) == 5
    assert len(asked) == 1


def test_a_link_is_found_where_what_it_leads_to_is_not(tmp_path: Path) -> None:
    """Because that is ignored, excluded, installed, or elsewhere."""
    names = (
        "in/a.py",
        "in/z.py",
        "out/b.py",
        "ignored/c.py",
        "vendor/d.py",
        "node_modules/e.py",
        "venv/f.py",
    )
    _tree(tmp_path, *names, "in/g.py", "venv/pyvenv.cfg")
    (tmp_path / ".gitignore").write_text("ignored/\n")
    for name in (*names, "in/g.py"):
        (tmp_path / "in" / f"to_{Path(name).name}").symlink_to(tmp_path / name)
    (tmp_path / "in" / "again.py").symlink_to("to_a.py")
    found, left = _walk(tmp_path, excluded=("vendor/", "in/g.py"))
    linked = [f"in/to_{letter}.py" for letter in "cdefg"]
    assert [name for name in found if "to_" in name or "again" in name] == linked
    assert set(left) == {"in/again.py", "in/to_a.py", "in/to_b.py", "in/to_z.py"}
    walked = list(files.walk(str(tmp_path / "in"), str(tmp_path)))
    found = [Path(one.path).name for one in walked if isinstance(one, Found)]
    assert found == ["a.py", "g.py", *(f"to_{letter}.py" for letter in "bcdef"), "z.py"]


def test_a_folder_that_is_excluded_is_not_entered(tmp_path: Path) -> None:
    _tree(tmp_path, "vendor/a.py", "a.py", "b.py")
    assert _walk(tmp_path, excluded=("vendor/", "b.py")) == (["a.py"], {})


def test_what_is_asked_for_by_name_is_found_though_it_is_excluded_or_ignored(tmp_path: Path) -> None:
    _tree(tmp_path, "vendor/a.py")
    (tmp_path / ".gitignore").write_text("*")
    assert _walk(tmp_path, tmp_path / "vendor/a.py", ("vendor/a.py",)) == (["vendor/a.py"], {})
    (one,) = files.walk(str(tmp_path / "vendor/a.py"), str(tmp_path))
    assert one == Found(str(tmp_path / "vendor/a.py"), named=True)


def test_what_is_asked_for_and_is_not_there_is_left(tmp_path: Path) -> None:
    assert _walk(tmp_path, tmp_path / "none")[1] == {"none": "unreadable: No such file or directory"}
    os.mkfifo(tmp_path / "fifo")
    assert _walk(tmp_path, tmp_path / "fifo")[1] == {"fifo": "a FIFO, not a file"}


def test_a_deep_tree_and_a_folder_that_goes_away_are_no_errors(tmp_path: Path) -> None:
    deep = tmp_path
    for _ in range(150):
        deep = deep / "deeper"
    _tree(deep, "a.py")
    _tree(tmp_path, "z/b.py")
    walk = files.walk(str(tmp_path), str(tmp_path))
    assert next(walk).path.endswith("deeper/a.py")
    subprocess.run(["rm", "-r", str(tmp_path / "z")], check=True)
    assert [(os.path.basename(one.path), type(one)) for one in walk] == [("z", Left)]


def test_names_of_any_bytes_are_found(tmp_path: Path) -> None:
    name = b"a\xff\n.py"
    (tmp_path / os.fsdecode(name)).touch()
    assert _walk(tmp_path)[0] == [os.fsdecode(name)]


# Reading


def test_only_regular_files_are_opened_and_a_fifo_does_not_make_it_wait(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    for path in (str(tmp_path / "fifo"), str(tmp_path), "/dev/zero", str(tmp_path / "none"), "a\0b"):
        with pytest.raises(OSError, match=r"."):
            reading.open_regular(path)
    (tmp_path / "file").write_bytes(b"abc")
    with reading.open_regular(str(tmp_path / "file")) as file:
        assert file.read(65_536) == b"abc"


@pytest.mark.parametrize(
    ("head", "binary"),
    [
        (b"", False),
        (b"text", False),
        (b"a\0b", True),
        (b"\xff\xfea\0b\0", False),
        (b"\xfe\xff\0a", False),
        (b"\xff\xfe\0\0a\0\0\0", False),
        (b"\xef\xbb\xbfa\0", True),
        (b"\xff\xfea\0\0\0", True),
        (b"a" * 8_191 + b"\0", True),
        (b"a" * 8_192 + b"\0", False),
        (b"\xef\xbb\xbf" + b"a" * 8_191 + b"\0", True),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", True),
    ],
)
def test_a_nul_makes_a_file_binary_where_no_mark_explains_it(head: bytes, binary: bool) -> None:
    assert files.is_binary(head) == binary


def test_digests_are_those_of_the_tools_in_constant_memory(tmp_path: Path) -> None:
    path = tmp_path / "large"
    with path.open("wb") as file:
        for number in range(200):
            file.write(bytes([number]) * 100_000)
    expected = subprocess.run(["sha256sum", str(path)], capture_output=True, check=True).stdout.split()[0]
    blob = subprocess.run(
        ["git", "hash-object", "--no-filters", str(path)], capture_output=True, check=True
    ).stdout
    files.digest(str(path))  # imports what it needs
    tracemalloc.start()
    assert files.digest(str(path)) == expected.decode()
    assert files.blob_id(str(path)) == blob.strip().decode()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1_000_000


# Kinds


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("package-lock.json", "lock file"),
        ("a/b/Cargo.lock", "lock file"),
        ("go.sum", "lock file"),
        ("poetry.lock", "lock file"),
        ("my.lock", ""),
        ("uv.lock.md", ""),
        ("a/jquery.min.js", "minified"),
        ("a/app.bundle.js", "minified"),
        ("a/app.js.map", "minified"),
        ("style-min.css", "minified"),
        ("admin.js", ""),
        ("map.js", ""),
        ("min.js", ""),
    ],
)
def test_the_name_tells_lock_files_and_minified_ones(path: str, kind: str) -> None:
    assert files.kind_of(path, [], [], "javascript") == kind


def test_a_long_line_in_the_head_tells_minified_code_but_not_prose() -> None:
    head = ["/* licence */", "x" * 5_001]
    assert files.kind_of("a.js", head, [], "javascript") == "minified"
    assert files.kind_of("a.md", head, [], "markdown") == ""
    assert files.kind_of("a.js", ["x" * 5_000], [], "javascript") == ""
    assert files.kind_of("a.js", ["", "", "", "", "", "x" * 5_001], [], "javascript") == ""
    assert files.kind_of("a.html", ["<html>", "<link href=data:" + "x" * 5_001], [], "html") == ""


@pytest.mark.parametrize("size", [4_200, 30_000, 200_000])
def test_only_few_rules_look_at_a_line_of_code_that_nobody_wrote(size: int) -> None:
    """A script inside a page, a library behind its licence: in a line, as in a file that is minified."""
    filling = "function f(a){return a}"
    script = f"try{{f()}}catch(e){{}}console.log(1);{filling * (size // len(filling))}debugger;console.log(2)"
    page = "<html>\n" * 10 + f"<script>{script}</script>\n<script>\nconsole.log(3)\n</script>\n"
    assert said(page, "site/index.html") == ["13:1 logging/console-call"]
    assert said("// licence\n" * 10 + script + "\nconsole.log(3)\n", "app/lib.js") == [
        "12:1 logging/console-call"
    ]
    secret = f'key = "{token("github-token")}"'
    found = said("\n" * 10 + script + secret + "\n", "app/lib.js")
    assert found == [f"11:{len(script) + 8} secrets/github-token"]
    assert len(said("\n" * 10 + "# " + "x" * size + "\nprint(1)  #" + " x" * size + "\n")) == 1


@pytest.mark.parametrize(
    "comment",
    [
        "// Code generated by protoc-gen-go. DO NOT EDIT.",
        "# @generated",
        "// @generated SignedSource<<abc>>",
        "# This file was automatically generated by SWIG",
        "/* Auto-generated file, changes are lost */",
        "# autogenerated by make",
        "// <auto-generated/>",
        "# Generated by the protocol buffer compiler.  DO NOT EDIT!",
        "-- DO NOT MODIFY: generated by the schema tool",
    ],
)
def test_a_marker_in_a_comment_tells_generated_files(comment: str) -> None:
    assert files.may_be_generated([comment])
    assert files.kind_of("a.py", [comment], [comment], "python") == "generated"
    assert files.kind_of("a.py", [comment], [" " * len(comment)], "python") == ""


@pytest.mark.parametrize(
    "comment",
    [
        "# Generated by Django 4.2 on 2023-01-01",
        "# how ids are generated",
        "# regenerated code is checked by the tests; do it by hand",
        "# do not edit this without asking",
        "# the @generatedValue annotation",
    ],
)
def test_a_word_that_is_no_marker_tells_nothing(comment: str) -> None:
    assert files.kind_of("a.py", [comment], [comment], "python") == ""
