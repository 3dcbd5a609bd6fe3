"""New or historical in real repositories: what each kind of change makes new, compared with what."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import threading
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from auto_enforcer import git
from auto_enforcer.bases import Bases
from auto_enforcer.comparing import Comparing
from auto_enforcer.git import GitError
from auto_enforcer.session import Session
from command import PATIENCE, Command
from repositories import Repository
from tokens import token

if shutil.which("git") is None:
    pytest.skip("git is not installed", allow_module_level=True)

BASE = "import os\n\n\ndef first(one):\n    print(one)\n    return one\n\n\ndef second():\n    breakpoint()\n"
STALE = "# Guide\n\nLast updated: 2026-03-09\n"
POLICY = 'extends = ["recommended"]\n'


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = Repository(tmp_path / "repository")
    made.commit({"app.py": BASE, "other.txt": "other\n", "enforcer.toml": POLICY})
    return made


def new(repository: Repository, base: str = "", *, failures: bool = False) -> str:
    """The places of the violations that are new, and how many are old."""
    session = Session(str(repository.folder), today=date(2026, 11, 22))
    session.compare(base)
    found, old = [], 0
    for path in sorted(repository.folder.rglob("*")):
        if path.is_file() and ".git" not in path.relative_to(repository.folder).parts:
            checked = session.check_file(str(path))
            if checked.report is not None:
                for row, verdict in session.compared(str(path), checked.report).rows:
                    assert verdict.gates <= (row.base is None)
                    if row.base is None:
                        found.append(f"{session.relative(str(path))}:{row.number + 1}")
                    else:
                        old += 1
    if not failures:
        assert session.failures == []
    assert session.comparing is not None
    session.comparing.close()
    return f"{' '.join(found)} +{old}".strip()


def rewritten(change: Callable[[str], str], name: str = "app.py") -> Callable[[Repository], None]:
    return lambda repository: repository.write({name: change(BASE)})


def moved(change: Callable[[str], str], *, staged: bool) -> Callable[[Repository], None]:
    def move(repository: Repository) -> None:
        (repository.folder / "app.py").unlink()
        repository.write({"inner/moved.py": change(BASE)})
        if staged:
            repository.git("add", "-A")

    return move


def with_print(change: str) -> Callable[[str], str]:
    """Puts something in the place of `print(one)`."""
    return lambda text: text.replace("    print(one)\n", change)


def indented(text: str) -> str:
    return "if os:\n" + "".join(f"    {line}\n" for line in text.splitlines())


def reordered(text: str) -> str:
    second = text.index("def second")
    return f"{text[second:]}\n\n{text[:second]}"


def twice(repository: Repository) -> None:
    moved(str, staged=False)(repository)
    repository.write({"inner/again.py": BASE})


PRINT = "    print(one)\n"

KINDS = [
    ("nothing", rewritten(str), "+2"),
    ("a line above", rewritten("# a comment\n".__add__), "+2"),
    ("a copy above", rewritten(with_print(f"    print(one)\n{PRINT}")), "app.py:6 +2"),
    ("a copy below", rewritten(with_print(f"{PRINT}    print(one)\n")), "app.py:6 +2"),
    ("a copy at the end", rewritten(lambda text: text + "print(one)\n"), "app.py:11 +2"),
    ("an edit beside", rewritten(with_print("    print(one)  # why\n")), "+2"),
    ("an edit of the same line", rewritten(with_print("    print(two)\n")), "+2"),
    ("a new one on the line", rewritten(with_print("    print(one); breakpoint()\n")), "app.py:5 +2"),
    ("re-indented", rewritten(lambda text: text.replace("    ", "\t")), "+2"),
    ("wrapped in a block", rewritten(indented), "+2"),
    ("re-ordered", rewritten(reordered), "+2"),
    ("CRLF", rewritten(lambda text: text.replace("\n", "\r\n")), "+2"),
    ("a copied file", rewritten(str, "copy.py"), "copy.py:5 copy.py:10 +2"),
    ("renamed", moved(str, staged=False), "+2"),
    ("renamed and staged", moved(str, staged=True), "+2"),
    (
        "renamed with an edit",
        moved(with_print(f"{PRINT}    breakpoint()\n"), staged=False),
        "inner/moved.py:6 +2",
    ),
    ("renamed and copied", twice, "inner/moved.py:5 inner/moved.py:10 +2"),
]


@pytest.mark.parametrize(
    ("change", "expected"), [kind[1:] for kind in KINDS], ids=[kind[0] for kind in KINDS]
)
def test_what_a_change_makes_new(
    repository: Repository, change: Callable[[Repository], None], expected: str
) -> None:
    change(repository)
    assert new(repository) == expected


def test_another_secret_on_an_old_line_is_new(repository: Repository) -> None:
    one, other = token("github-token"), token("github-token", "other")
    assert one != other
    repository.commit({"app.py": f'TOKEN = "{one}"\n'})
    assert new(repository) == "+1"
    repository.write({"app.py": f'TOKEN = "{one}"  # mine\n'})
    assert new(repository) == "+1"
    repository.write({"app.py": f'TOKEN = "{other}"\n'})
    assert new(repository) == "app.py:1 +0"


def test_what_git_makes_of_line_ends_is_not_new(repository: Repository) -> None:
    repository.git("config", "core.autocrlf", "true")
    repository.git("rm", "-q", "--cached", "-r", ".")
    repository.git("reset", "-q", "--hard")
    text = (repository.folder / "app.py").read_bytes()
    assert b"\r\n" in text
    assert new(repository) == "+2"
    repository.write({"app.py": text + b"breakpoint()\r\n"})
    assert new(repository) == "app.py:11 +2"


def test_where_line_ends_alone_differ_that_is_said(repository: Repository, ae: Command) -> None:
    """Nothing is new then, and nothing was compared."""
    said = "is the revision that is checked out, and no file differs"
    for change, how in ((BASE, "from it"), (BASE.replace("\n", "\r\n"), "in more than its line ends")):
        repository.write({"app.py": change.encode()})
        for arguments in (["--new"], ["--base", "HEAD"]):
            done = ae("check", *arguments, folder=repository.folder)
            assert done.code == 2
            assert f"{said} {how}; name another one with `--base`" in done.out
            assert "nothing new found" in done.out


def test_a_text_in_another_encoding_is_compared_as_text(repository: Repository) -> None:
    repository.write({".gitattributes": "[ag][pu]*.[pm]* text working-tree-encoding=UTF-16\n"})
    repository.commit({"app.py": BASE.encode("utf-16"), "guide.md": STALE.encode("utf-16")})
    assert repository.git("cat-file", "blob", "HEAD:app.py") == BASE.strip()
    assert new(repository) == "+2"
    repository.write({"app.py": (BASE + "breakpoint()\n").encode("utf-16")})
    assert new(repository) == "app.py:11 +2"


@pytest.mark.skipif(os.name == "nt", reason="there is no `tr`")
def test_what_git_converts_is_as_it_was(repository: Repository, ae: Command) -> None:
    """By a filter, an `ident` or an encoding, or left out of a sparse checkout: git knows what it wrote."""
    secret = f'x = "{token("github-token")}"\n'
    repository.git("config", "filter.shout.clean", "tr a-z A-Z")
    repository.git("config", "filter.shout.smudge", "tr A-Z a-z")
    attributes = "*.low filter=shout\nid.py ident\n*.wide working-tree-encoding=UTF-16LE\n"
    wide = "print(1)\n".encode("utf-16-le")
    repository.commit({".gitattributes": attributes, "a.low": "key = 1\n"})
    repository.commit({"id.py": "# $Id$\nprint(1)\n", "b.wide": wide, "far/c.py": secret})
    written = [repository.folder / name for name in ("a.low", "id.py", "b.wide")]
    for path in written:
        path.unlink()
    repository.git("checkout", "-q", ".")
    assert "$Id: " in written[1].read_text()
    for path in written:
        os.utime(path, (1e9, 1e9))
    repository.git("update-index", "-q", "--refresh")
    repository.git("sparse-checkout", "set", "--no-cone", "/*", "!far")
    assert not (repository.folder / "far").exists()
    done = ae("check", "--new", folder=repository.folder)
    assert (done.code, "there is nothing to compare" in done.out) == (2, True), done
    written[0].write_text("key = 2\n")
    assert ae("check", "--new", folder=repository.folder).code == 0


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_a_link_has_what_it_leads_to(repository: Repository) -> None:
    """Whether git knows of the link or not."""
    (repository.folder / "link.py").symlink_to("app.py")
    assert new(repository) == "+4"
    repository.commit()
    (repository.folder / "inner").mkdir()
    (repository.folder / "inner" / "link.py").symlink_to("../app.py")
    repository.write({"app.py": BASE + "print(2)\n"})
    assert new(repository) == "app.py:11 inner/link.py:11 link.py:11 +6"
    (repository.folder / "out.py").symlink_to("/dev/null")
    (repository.folder / "inner" / "link.py").unlink()
    (repository.folder / "link.py").unlink()
    repository.write({"link.py": BASE})
    assert new(repository) == "app.py:11 link.py:5 link.py:10 +2", "a copy in the place of a link is one"


def test_what_git_lfs_points_to_is_compared(repository: Repository) -> None:
    data = BASE.encode()
    name = hashlib.sha256(data).hexdigest()
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{name}\nsize {len(data)}\n"
    repository.commit({"app.py": pointer})
    repository.write({"app.py": BASE})
    assert new(repository) == "+2"
    repository.write({"app.py": BASE + "breakpoint()\n"})
    assert new(repository, failures=True).startswith("app.py:5")
    repository.write({f".git/lfs/objects/{name[:2]}/{name[2:4]}/{name}": data})
    assert new(repository) == "app.py:11 +2"


def test_the_base_is_where_the_upstreams_default_branch_was_left(tmp_path: Path) -> None:
    upstream = Repository(tmp_path / "upstream")
    upstream.commit({"app.py": BASE, "enforcer.toml": POLICY})
    clone = Repository(tmp_path / "clone")
    clone.git("remote", "add", "origin", str(upstream.folder))
    clone.git("fetch", "-q", "origin")
    clone.git("checkout", "-q", "-b", "topic", "origin/main")
    assert new(clone) == "+2"
    clone.commit({"app.py": BASE + "breakpoint()\n"})
    assert new(clone) == "app.py:11 +2", "it is committed, but not upstream"
    assert new(clone, "HEAD") == "+3"
    upstream.commit({"app.py": BASE + "pass\nbreakpoint()\n"})
    clone.git("fetch", "-q", "origin")
    assert new(clone) == "app.py:11 +2", "what is upstream since was not there when the branch was begun"


def test_without_a_commit_all_is_new(tmp_path: Path) -> None:
    made = Repository(tmp_path / "empty")
    made.write({"app.py": BASE, "enforcer.toml": POLICY})
    assert new(made) == "app.py:5 app.py:10 +0"
    assert new(made, "HEAD") == "app.py:5 app.py:10 +0"
    made.git("add", "-A")
    reader = git.Repository(str(made.folder))
    assert [one.path for one in reader.staged("")] == ["app.py", "enforcer.toml"]
    reader.close()


def test_outside_of_git_all_is_new_and_a_revision_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(BASE)
    session = Session(str(tmp_path), today=date(2026, 11, 22))
    session.compare()
    path = str(tmp_path / "app.py")
    report = session.check_file(path).report
    assert report is not None
    assert [row.base for row, _ in session.compared(path, report).rows] == [None, None]
    assert session.comparing is not None
    with pytest.raises(GitError, match="no git repository"):
        session.comparing.bases("app.py", "main")


def test_the_command_says_that_there_is_no_base(tmp_path: Path, ae: Command) -> None:
    (tmp_path / "app.py").write_text(BASE)
    done = ae("check", "--new", folder=tmp_path)
    assert done.code == 1
    assert done.out.endswith("; compared with nothing, for it is in no git repository\n")


def test_a_linked_work_tree_and_a_detached_head(repository: Repository, tmp_path: Path) -> None:
    linked = tmp_path / "linked"
    repository.git("worktree", "add", "-q", "--detach", str(linked))
    assert (linked / ".git").is_file()
    other = Repository.__new__(Repository)
    other.folder = linked
    other.write({"app.py": BASE + "breakpoint()\n"})
    assert new(other) == "app.py:11 +2"


def test_a_submodule_is_compared_with_the_commit_that_the_base_names(
    repository: Repository, tmp_path: Path
) -> None:
    inner = Repository(tmp_path / "inner")
    inner.commit({"lib.py": BASE})
    repository.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", str(inner.folder), "lib")
    repository.commit()
    module = Repository.__new__(Repository)
    module.folder = repository.folder / "lib"
    module.write({"lib.py": BASE + "breakpoint()\n"})
    module.git("commit", "-qam", "inside")
    assert new(repository) == "lib/lib.py:11 +4"


def test_a_submodule_follows_what_the_repository_around_it_names(
    repository: Repository, tmp_path: Path, ae: Command
) -> None:
    inner = Repository(tmp_path / "inner")
    inner.commit({"lib.py": BASE})
    repository.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", str(inner.folder), "lib")
    repository.commit()
    repository.write({"app.py": BASE + "pass\n"})
    assert ae("check", "--new", folder=repository.folder).code == 0, "there is something to compare"
    repository.write({"app.py": BASE})
    assert ae("check", "--new", folder=repository.folder).code == 2
    module = Repository.__new__(Repository)
    module.folder = repository.folder / "lib"
    module.write({"lib.py": BASE + "breakpoint()\n"})
    module.git("commit", "-qam", "inside")
    comparing = Comparing(str(repository.folder))
    bases = comparing.bases("lib/lib.py", "auto")
    assert bases is not None
    before = bases.commit()
    assert not comparing.have_moved()
    repository.commit()
    assert comparing.have_moved()
    assert bases.commit().id == module.git("rev-parse", "HEAD") != before.id
    comparing.close()


def test_a_repository_of_sha256(tmp_path: Path) -> None:
    made = Repository(tmp_path / "repository", "--object-format=sha256")
    made.commit({"app.py": BASE, "enforcer.toml": POLICY})
    assert new(made) == "+2"
    made.write({"app.py": BASE + "breakpoint()\n"})
    assert new(made) == "app.py:11 +2"


@pytest.mark.skipif(os.name == "nt", reason="names there hold no such characters")
def test_names_with_any_bytes(repository: Repository) -> None:
    names = [b"line\nend.py", b"\xff\xfe.py", b" space .py", b"-dash.py", b"quote'\".py", "é.py".encode()]
    for name in names:
        Path(os.fsdecode(os.fsencode(repository.folder) + b"/" + name)).write_text("breakpoint()\n")
    repository.commit()
    assert new(repository) == "+8"


def test_a_date_that_stayed_is_told_of_a_file_that_was_changed(repository: Repository) -> None:
    repository.commit({"guide.md": STALE})
    assert new(repository) == "+2", "as it was, it says what is true"
    repository.write({"guide.md": STALE + "More.\n"})
    assert new(repository) == "guide.md:3 +2"


def test_a_document_is_told_when_it_begins_to_differ(repository: Repository) -> None:
    session = Session(str(repository.folder), today=date(2026, 11, 22))
    document = session.open(str(repository.folder / "guide.md"), "markdown", STALE)
    document.finish()
    assert document.rows() == []
    document.compare(STALE)
    document.finish()
    assert document.rows() == []
    document.change(0, 7, 0, 7, "s")
    document.finish()
    assert [(row.number, row.base) for row in document.rows()] == [(2, None)]
    document.change(0, 7, 0, 8, "")
    document.finish()
    assert document.rows() == []


def test_what_was_found_in_a_base_is_not_looked_for_again(repository: Repository) -> None:
    policy = repository.folder / "enforcer.toml"
    session = Session(str(repository.folder), today=date(2026, 11, 22))
    path = str(repository.folder / "app.py")
    base_text = BASE + "one = 1\n" * 5_000

    def compared() -> tuple[int, list[int | None]]:
        """How many lines were looked at, and where what was found stood."""
        document = session.open(path, "python", f"# above\n{base_text}")
        document.finish()
        before = document.lines_walked
        document.compare(base_text, memory=session.memory(document, "0" * 40))
        walked: list[int] = []
        while not document.advance():
            base = document._base_document
            walked.append(0 if base is None else base.lines_walked)
        assert document.lines_walked == before
        found = [row.base for row in document.rows()]
        session.close(document)
        return max(walked, default=0), found

    walked, found = compared()
    assert walked > 2_000
    assert found == [4, 9]
    assert compared() == (0, [4, 9]), "it is known by the name of the text"
    policy.write_text(f"{POLICY}[rules]\n'logging/print-call' = 'off'\n")
    session.reload()
    walked, found = compared()
    assert walked > 2_000, "what is looked for is another"
    assert found == [9]


def test_what_the_workspace_lacked_before_is_old(repository: Repository) -> None:
    policy = (
        'extends = ["recommended"]\n[rules]\n"files/required-file" = { paths = ["LICENSE", "NOTICE"] }\n'
        '"files/stale-companion" = { pairs = ["*.py -> other.txt"] }\n'
    )
    repository.commit({"NOTICE": "notice\n", "enforcer.toml": policy})
    (repository.folder / "NOTICE").unlink()

    def found() -> list[tuple[str, bool]]:
        session = Session(str(repository.folder), today=date(2026, 11, 22))
        session.compare()
        names = sorted(path.name for path in repository.folder.iterdir() if path.is_file())
        session.look_into(str(repository.folder), names, [])
        rows = [row for report in session.folder_reports(str) for row, _ in report.rows]
        assert session.comparing is not None
        session.comparing.close()
        return [(row.violation.message.split("`")[1], row.base is None) for row in rows]

    assert found() == [("LICENSE", False), ("NOTICE", True)]
    repository.write({"app.py": BASE + "\n"})
    assert found() == [("LICENSE", False), ("NOTICE", True), ("app.py", True)]
    repository.write({"other.txt": "mine\n"})
    assert found() == [("LICENSE", False), ("NOTICE", True)]


def test_a_missing_revision_says_what_to_fetch(repository: Repository, tmp_path: Path) -> None:
    for number in range(3):
        repository.commit({"other.txt": str(number)})
    shallow = tmp_path / "shallow"
    repository.git("clone", "-q", "--depth=1", f"file://{repository.folder}", str(shallow))
    reader = git.Repository(str(shallow))
    with pytest.raises(GitError, match="git fetch --unshallow"):
        Bases(reader, "HEAD~2").commit()
    with pytest.raises(GitError, match="no revision `nowhere`"):
        Bases(reader, "nowhere").commit()
    reader.close()


def test_what_a_base_may_be_called(repository: Repository) -> None:
    first = repository.git("rev-parse", "HEAD")
    repository.git("tag", "-a", "-m", "one", "v1")
    repository.commit({"app.py": BASE + "breakpoint()\n"}, "second")
    tree = repository.git("rev-parse", "HEAD^{tree}")
    reader = git.Repository(str(repository.folder))
    for word in (":/change", "v1", "HEAD~1", "HEAD^{/change}", "main@{1}", first[:9]):
        assert Bases(reader, word).commit() == (first, word, False), word
    for word in ("--help", "HEAD@{upstream}", "HEAD~1..HEAD", tree, "HEAD:app.py", ":/nothing", "a\nb"):
        with pytest.raises(GitError, match="there is no revision"):
            Bases(reader, word).commit()
    reader.close()
    with pytest.raises(GitError, match="nothing is compared"):
        Bases(reader, "HEAD").commit()


@pytest.mark.skipif(os.name == "nt", reason="a script stands in for git")
def test_who_waits_for_git_waits_no_longer_than_it_is_asked(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, folder = tmp_path / "begun", tmp_path / "bin"
    folder.mkdir()
    os.mkfifo(begun)
    (folder / "git").write_text(f"#!/bin/sh\n: > {begun}\nexec sleep 600\n")
    (folder / "git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    said: list[str] = []

    def wait(ask: Callable[[], object]) -> None:
        try:
            ask()
        except GitError as error:
            said.append(str(error))

    for number, name in enumerate(("read", "settings"), 1):
        reader = git.Repository(str(repository.folder))
        ask = reader.settings if name == "settings" else partial(reader.read, "HEAD")
        waiting = threading.Thread(target=wait, args=(ask,), daemon=True)
        waiting.start()
        begun.read_bytes()
        reader.close()
        waiting.join(PATIENCE)
        assert len(said) == number


def test_a_base_that_cannot_be_told_is_tried_again_when_something_moves(repository: Repository) -> None:
    comparing = Comparing(str(repository.folder))
    with pytest.raises(GitError, match="no revision `later`"):
        comparing.bases("app.py", "later")
    assert not comparing.have_moved()
    repository.git("branch", "later")
    assert comparing.have_moved()
    bases = comparing.bases("app.py", "later")
    assert bases is not None
    repository.commit({"app.py": BASE + "pass\n"})
    assert not comparing.have_moved(), "HEAD has, but not what is compared with"
    repository.git("branch", "-f", "later", "main")
    assert comparing.have_moved()
    repository.git("branch", "-D", "-q", "later")
    for _ in range(20):
        assert not comparing.have_moved()
    assert bases.repository.started < 12, "where nothing moves it is not tried for ever"
    comparing.close()


def test_a_commit_that_is_lost_is_no_empty_repository(repository: Repository) -> None:
    head = repository.git("rev-parse", "HEAD")
    (repository.folder / ".git" / "objects" / head[:2] / head[2:]).unlink()
    reader = git.Repository(str(repository.folder))
    for word in ("auto", "HEAD"):
        with pytest.raises(GitError, match="is not in the repository"):
            Bases(reader, word).commit()
    reader.close()


@pytest.mark.skipif(os.name == "nt", reason="links need rights there, and there are no FIFOs")
def test_where_a_file_lies_decides_on_its_repository(repository: Repository, tmp_path: Path) -> None:
    """Links on the way to it do not, nor does a `.git` that is no repository."""
    other = Repository(tmp_path / "other")
    other.commit({"lib.py": BASE})
    repository.commit({"inner/lib.py": BASE, "fifo/lib.py": BASE})
    (repository.folder / "inner" / ".git").mkdir()
    os.mkfifo(repository.folder / "fifo" / ".git")
    assert new(repository) == "+6"
    (repository.folder / "link").symlink_to(other.folder)
    (tmp_path / "inner").symlink_to(repository.folder / "inner")
    for root, name in ((repository.folder, "link/lib.py"), (tmp_path / "inner", "lib.py")):
        session = Session(str(root), today=date(2026, 11, 22))
        session.compare()
        report = session.check_file(str(root / name)).report
        assert report is not None
        rows = list(session.compared(str(root / name), report).rows)
        assert [row.base for row, _ in rows] == [4, 9]
        assert session.comparing is not None
        session.comparing.close()


def test_a_file_may_be_moved_again(repository: Repository) -> None:
    comparing = Comparing(str(repository.folder))
    before = "app.py"
    for name in ("one.py", "two.py"):
        os.rename(repository.folder / before, repository.folder / name)
        bases = comparing.bases(name, "auto")
        assert bases is not None
        bases.look_again()
        stood = comparing.stood(name, "auto", BASE.encode())
        assert stood is not None
        assert stood.path == "app.py"
        before = name
    comparing.close()


def test_one_reader_serves_a_whole_run(repository: Repository) -> None:
    repository.commit({f"inner/{number}.py": BASE for number in range(30)})
    for number in range(30):
        ends = "\r\n" if number % 2 else "\n"
        repository.write({f"inner/{number}.py": (BASE + f"breakpoint()  # {number}\n").replace("\n", ends)})
    session = Session(str(repository.folder), today=date(2026, 11, 22))
    session.compare()
    for path in sorted(repository.folder.rglob("*.py")):
        report = session.check_file(str(path)).report
        assert report is not None
        assert [row.base is None for row, _ in session.compared(str(path), report).rows][2:] in ([], [True])
    assert session.comparing is not None
    (bases,) = session.comparing.all()
    assert bases.repository.started == 3, "the reader, and two looks at the configuration"
    bases.repository.close()


def test_the_gates_of_the_command(repository: Repository, ae: Command) -> None:
    def check(*arguments: str) -> tuple[int, str]:
        done = ae("check", *arguments, folder=repository.folder)
        return done.code, done.out

    code, out = check("--new")
    assert code == 2
    assert "--base" in out
    repository.write({"app.py": BASE + "breakpoint()\n"})
    code, out = check("--new")
    assert code == 1
    assert out.startswith("app.py:11:1: blocked logging/breakpoint-call")
    assert "1 blocked, 0 warnings new in 1 of 3 files; 2 historical; compared with" in out
    code, out = check("--staged")
    assert (code, out) == (0, "no files to check\n")
    repository.git("add", "app.py")
    repository.write({"app.py": BASE})
    code, out = check("--staged")
    assert code == 1, "what is staged is judged, not what is on the disk"
    assert "app.py:11:1" in out
    repository.git("commit", "-qm", "more")
    repository.git("checkout", "-q", ".")
    code, out = check("--commit", "HEAD", "--base", "HEAD~1")
    assert code == 1
    assert "app.py:11:1" in out
    done = ae("check", "--commit", "HEAD", "--base", "HEAD", folder=repository.folder)
    assert done.code == 2
    assert "there is nothing to compare" in done.err
    repository.write({"enforcer.toml": POLICY + 'base = "session"\n'})
    code, out = check("--new")
    assert code == 2
    assert "what a session first saw" in out
    repository.write({"enforcer.toml": POLICY})
    done = ae("check", "--base", "nowhere", folder=repository.folder)
    assert (done.code, done.out) == (2, ""), "what is compared with nothing is not called new"
    assert "there is no revision `nowhere`" in done.err


def test_a_submodule_and_what_is_around_it_are_one_change(
    repository: Repository, tmp_path: Path, ae: Command
) -> None:
    inner = Repository(tmp_path / "inner")
    inner.commit({"lib.py": BASE})
    repository.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", str(inner.folder), "lib")
    repository.commit()
    done = ae("check", "--new", folder=repository.folder)
    assert (done.code, done.out.count("there is nothing to compare")) == (2, 2)
    repository.write({"app.py": BASE + "# more\n"})
    assert ae("check", "--new", folder=repository.folder).code == 0, "lib is as it was"
    repository.write({"app.py": BASE, "lib/lib.py": BASE + "# more\n"})
    assert ae("check", "--new", folder=repository.folder).code == 0, "only lib is not"
    done = ae("check", "--staged", "lib", folder=repository.folder)
    assert done.code == 2, "what is staged in it another index says"
    assert "lib: this is not in the repository" in done.out


def test_a_commit_brings_what_its_parents_had_not(
    repository: Repository, tmp_path: Path, ae: Command
) -> None:
    """As `git show` has it: whatever HEAD is, a merge what none of its parents had, the first commit all."""

    def brings(revision: str, folder: Path = repository.folder, *more: str) -> tuple[int, list[str]]:
        done = ae("check", "--format", "jsonl", "--commit", revision, *more, folder=folder)
        rows = (json.loads(line) for line in done.out.splitlines())
        return done.code, [f"{row['path']}:{row['line']}" for row in rows if "line" in row]

    repository.git("checkout", "-qb", "other")
    repository.commit({"theirs.py": "breakpoint()\n"})
    repository.git("checkout", "-q", "main")
    repository.commit({"app.py": BASE + "breakpoint()\n"})
    repository.git("merge", "-q", "--no-commit", "other")
    repository.commit({"merged.py": "breakpoint()\n"})
    repository.commit({"app.py": "last = 1\n"})
    assert brings("HEAD") == (0, [])
    assert brings("HEAD~1") == (1, ["merged.py:1"])
    assert brings("HEAD~2") == (1, ["app.py:11"])
    assert brings("HEAD~3") == (1, ["app.py:5", "app.py:10"])
    own = tmp_path / "own"
    repository.git("clone", "-q", repository.folder.as_uri(), str(own))
    apart = Repository(own)
    apart.git("checkout", "-q", "-b", "topic", "HEAD~1")
    apart.commit({"topic.py": "breakpoint()\n"})
    apart.commit({"last.py": "breakpoint()\n"})
    assert brings("topic", own) == (1, ["last.py:1"])
    assert brings("topic", own, "--base", "auto") == (1, ["last.py:1", "topic.py:1"])
    assert brings("main", own, "--base", "auto") == (0, []), "its own parent stands for it"
    cut = tmp_path / "cut"
    repository.git("clone", "-q", "--depth=1", repository.folder.as_uri(), str(cut))
    done = ae("check", "--commit", "HEAD", folder=cut)
    assert (done.code, done.out) == (2, "")
    assert "is not here; fetch it (`git fetch --deepen=1`)" in done.err


def test_what_a_merge_left_unresolved_cannot_be_judged(repository: Repository, ae: Command) -> None:
    repository.git("checkout", "-qb", "other")
    repository.commit({"app.py": BASE + "theirs = 1\n"})
    (repository.folder / "other.txt").unlink()
    repository.commit()
    repository.git("checkout", "-q", "main")
    repository.commit({"app.py": BASE + "mine = 1\n", "other.txt": "mine\n"})
    repository.git("read-tree", "-m", "HEAD~1", "HEAD", "other")
    done = ae("check", "--staged", folder=repository.folder)
    assert done.code == 2
    for path in ("app.py", "other.txt"):
        assert f"error: {path}: the merge left it unresolved" in done.out
    repository.write({"app.py": BASE})
    repository.git("add", "-A")
    assert ae("check", "--staged", folder=repository.folder).code == 0


def test_a_path_that_git_has_nothing_of_is_an_error(repository: Repository, ae: Command) -> None:
    repository.write({"inner/gone.py": BASE})
    repository.commit()
    for name in ("app.py", "inner/gone.py"):
        (repository.folder / name).unlink()
    repository.git("add", "app.py")
    of_commit = ("--commit", "HEAD", "--base", "HEAD~1")
    assert ae("check", "--staged", "app.py", "inner/gone.py", folder=repository.folder).code == 0
    assert ae("check", *of_commit, "app.py", "inner", folder=repository.folder).code == 1
    for arguments in (("--staged",), of_commit):
        done = ae("check", *arguments, "ap.py", folder=repository.folder)
        assert (done.code, done.out) == (
            2,
            "error: ap.py: there is no such file or folder\n",
        )


def test_an_index_that_git_cannot_read_is_said(repository: Repository, ae: Command) -> None:
    (repository.folder / ".git" / "index").write_bytes(b"no index")
    done = ae("check", "--staged", folder=repository.folder)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("auto-enforcer: git cannot read `")


def test_what_enforces_less_is_a_warning(repository: Repository, ae: Command) -> None:
    """Of the disk, of the index and of a commit; what stood in the base is none."""
    repository.commit({"old.py": "y = 2  # enforcer: allow[logging]: as it was\n", "enforcer.toml": ""})
    allowed = "x = 1  # enforcer: allow[logging]: for now\n"
    repository.write({"new.py": allowed, "old.py": (repository.folder / "old.py").read_text() + "z = 3\n"})
    (repository.folder / "enforcer.toml").write_text('historical = "off"\n')
    told = "new.py:1:10: warning enforcer/weakened-policy  this `allow` is new"
    lowered = "enforcer.toml:1:1: warning enforcer/weakened-policy  `historical` is less strict"
    found = ae("check", "--new", folder=repository.folder)
    assert found.code == 0
    assert told in found.out
    assert lowered in found.out
    assert found.out.count("weakened-policy") == 2
    repository.git("add", "-A")
    for arguments in (("--staged",), ("--commit", "HEAD", "--base", "HEAD~1")):
        found = ae("check", *arguments, folder=repository.folder)
        assert told in found.out
        assert lowered in found.out
        assert found.out.count("weakened-policy") == 2
        repository.commit()
    assert "weakened" not in ae("check", folder=repository.folder).out


def test_what_another_parent_of_a_merge_allows_is_not_less(tmp_path: Path, ae: Command) -> None:
    made = Repository(tmp_path / "merged")
    lines = "a = 1\n" + "\n".join(f"x{number} = {number}" for number in range(9)) + "\n"
    made.commit({"app.py": lines, ".enforcer-baseline": ""})
    made.git("checkout", "-q", "-b", "other")
    made.commit({"app.py": lines + "y = 2  # enforcer: allow[logging]: there\n"})
    made.git("checkout", "-q", "main")
    made.commit({"app.py": lines.replace("a = 1", "a = 2")})
    made.git("merge", "--no-commit", "--no-ff", "other")
    made.write({"new.py": "z = 3  # enforcer: allow[logging]: here\n"})
    made.git("add", "-A")
    found = ae("check", "--staged", folder=made.folder)
    assert found.out.count("weakened-policy") == 1
    assert "new.py:1:10: warning enforcer/weakened-policy" in found.out
