"""Old and new violations in an editor: how each is shown, and that HEAD, policy and settings are followed."""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from lsp.stdio import PATIENCE, ROOT, Client, edit, uri
from repositories import Repository

if shutil.which("git") is None:
    pytest.skip("git is not installed", allow_module_level=True)

BASE = "def first(one):\n    print(one)\n    breakpoint()\n"
PUBLISHED = "textDocument/publishDiagnostics"
RELATES = {"textDocument": {"publishDiagnostics": {"relatedInformation": True}}}


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = Repository(tmp_path / "repository")
    made.commit({"app.py": BASE, "enforcer.toml": 'extends = ["recommended"]\n'})
    return made


@pytest.fixture
def client() -> Iterator[Client]:
    with Client() as started:
        started.answers["workspace/diagnostic/refresh"] = None
        yield started


def severities(diagnostics: list[dict[str, Any]]) -> list[tuple[int, int]]:
    """The lines, from 1 on, with the protocol's severities."""
    return [(one["range"]["start"]["line"] + 1, one["severity"]) for one in diagnostics]


def shown(
    client: Client, name: str, *expected: tuple[int, int], related: bool = False
) -> list[dict[str, Any]]:
    """Waits for diagnostics of a document, from now on, that are on these lines with these severities, and
    say where old ones stood if `related`."""
    client.seen.clear()

    def wanted(message: dict[str, Any]) -> bool:
        params = message.get("params") or {}
        is_of = message.get("method") == PUBLISHED and params["uri"] == name
        found = params["diagnostics"] if is_of else []
        is_said = not related or any("relatedInformation" in one for one in found)
        return is_of and is_said and severities(found) == list(expected)

    found: list[dict[str, Any]] = client.wait(wanted)["params"]["diagnostics"]
    return found


OLD = ((2, 3), (3, 2))
"""The base's violations: a warning as information, a blocked one as a warning."""


def test_an_old_violation_is_a_level_lower_and_says_where_it_stood(
    repository: Repository, client: Client
) -> None:
    client.initialize(repository.folder, capabilities=RELATES)
    name = client.open(repository.folder / "app.py", "# above\n" + BASE)
    one, other = shown(client, name, (3, 3), (4, 2), related=True)
    assert one["message"].endswith(" (historical)")
    assert one["data"] == {"scope": "historical", "baselined": False}
    (related,) = other["relatedInformation"]
    assert related["location"]["uri"] == name
    assert related["location"]["range"]["start"]["line"] == 2
    commit = repository.git("rev-parse", "HEAD")[:12]
    assert related["message"] == f"stood on line 3 in {commit}"
    client.change(name, 2, edit((3, 0), (3, 0), "    breakpoint()\n"))
    shown(client, name, (3, 3), (4, 2), (5, 1))


def test_a_commit_makes_what_is_new_old_and_a_reset_makes_it_new_again(
    repository: Repository, client: Client
) -> None:
    client.initialize(repository.folder)
    text = BASE + "breakpoint()\n"
    name = client.open(repository.folder / "app.py", text)
    shown(client, name, *OLD, (4, 1))
    repository.commit({"app.py": text})
    shown(client, name, *OLD, (4, 2))
    repository.git("reset", "-q", "HEAD~1")
    shown(client, name, *OLD, (4, 1))


def test_a_document_that_git_does_not_know_is_new_unless_it_was_renamed(
    repository: Repository, client: Client
) -> None:
    client.initialize(repository.folder, capabilities=RELATES)
    name = client.open(repository.folder / "new.py", BASE)
    shown(client, name, (2, 2), (3, 1))
    os.rename(repository.folder / "app.py", repository.folder / "renamed.py")
    renamed = client.open(repository.folder / "renamed.py", BASE)
    found = shown(client, renamed, *OLD, related=True)
    assert "of `app.py`" in found[0]["relatedInformation"][0]["message"]


def test_the_command_and_the_policy_say_how_old_ones_are_shown(
    repository: Repository, client: Client
) -> None:
    client.initialize(repository.folder)
    name = client.open(repository.folder / "app.py", BASE)
    shown(client, name, *OLD)
    for how, expected in (("same", ((2, 2), (3, 1))), ("off", ()), (None, OLD)):
        asked = {"command": "autoEnforcer.showHistorical", "arguments": [how]}
        client.request("workspace/executeCommand", asked)
        shown(client, name, *expected)
    repository.write({"enforcer.toml": 'extends = ["recommended"]\nhistorical = "same"\n'})
    client.save(name)
    shown(client, name, (2, 2), (3, 1))


def test_the_session_may_be_the_base(repository: Repository, client: Client) -> None:
    repository.write({"enforcer.toml": 'extends = ["recommended"]\nbase = "session"\n'})
    client.initialize(repository.folder)
    text = BASE + "breakpoint()\n"
    name = client.open(repository.folder / "new.py", text)
    shown(client, name, *OLD, (4, 2))
    client.change(name, 2, edit((0, 0), (0, 0), "breakpoint()\n"))
    shown(client, name, (1, 1), (3, 3), (4, 2), (5, 2))
    client.close(name)
    client.open(repository.folder / "new.py", "breakpoint()\n" + text)
    shown(client, name, (1, 1), (3, 3), (4, 2), (5, 2))


def test_without_a_base_that_is_named_nothing_is_red_and_the_user_is_told(
    repository: Repository, client: Client
) -> None:
    repository.write({"enforcer.toml": 'extends = ["recommended"]\nbase = "nowhere"\n'})
    client.initialize(repository.folder)
    name = client.open(repository.folder / "app.py", BASE)
    shown(client, name, *OLD)
    told = client.wait(lambda message: message.get("method") == "window/showMessage")
    assert "there is no revision `nowhere`" in told["params"]["message"]
    client.change(name, 2, edit((0, 0), (0, 0), "breakpoint()\n"))
    shown(client, name, (1, 2), (3, 3), (4, 2))


def begun(log: Path, least: int = 0) -> list[str]:
    """What git was asked so far, once it was asked `least` times: nobody waits for the thread that asks."""
    until = time.monotonic() + PATIENCE
    while len(lines := log.read_text().splitlines()) < least and time.monotonic() < until:
        time.sleep(0.01)
    return [line.rpartition("-C ")[2].split()[1] for line in lines]


@pytest.mark.skipif(sys.platform == "win32", reason="a script stands in for git")
def test_edits_start_no_process(repository: Repository, tmp_path: Path) -> None:
    log, folder = tmp_path / "log", tmp_path / "bin"
    folder.mkdir()
    counting = folder / "git"
    counting.write_text(f'#!/bin/sh\necho "$@" >> {log}\nexec {shutil.which("git")} "$@"\n')
    counting.chmod(0o755)
    path = f"{folder}{os.pathsep}{os.environ['PATH']}"
    with Client(env={**os.environ, "PATH": path}) as client:
        client.initialize(repository.folder)
        name = client.open(repository.folder / "app.py", "# above\n" + BASE)
        shown(client, name, (3, 3), (4, 2))
        for version in range(2, 1_002):
            client.change(name, version, edit((0, 0), (0, 0), "x" if version < 1_001 else "x\n"))
        shown(client, name, (4, 3), (5, 2))
        assert sorted(begun(log, 2)) == ["cat-file", "config"]
        assert "protocol.allow=never" in log.read_text().splitlines()[0]


LISTING = """
import os, sys; sys.path.insert(0, {server!r})
out = os.open({log!r}, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
def listed(event, given):
    if event in ("os.scandir", "os.listdir"):
        path = os.path.abspath(os.fsdecode(given[0] or "."))
        if path.startswith({top!r}) and os.path.isdir(path):
            os.write(out, os.fsencode(path) + bytes([10]))
sys.addaudithook(listed)
from auto_enforcer.lsp.server import main
sys.exit(main([]))
"""


def test_opening_a_file_lists_no_folder_that_it_is_not_in(repository: Repository, tmp_path: Path) -> None:
    """But for those that packages are kept in, where a policy's Prisma schema may be: each once a policy."""
    files = {f"{top}/p{number}/src/a.py": BASE for top in ("lib", "packages") for number in range(5)}
    ignores = {f"{top}/p{number}/.gitignore": "*.log\n" for top in ("lib", "packages") for number in range(5)}
    policies = {f"lib/p{number}/enforcer.toml": 'extends = ["recommended"]\n' for number in range(5)}
    repository.commit({**files, **ignores, **policies})
    top, log = repository.folder, tmp_path / "log"
    for folder in (top, *(one for one in top.rglob("*") if one.is_dir())):
        os.utime(folder, (0, 0))  # what changed a moment ago is looked at again
    code = LISTING.format(server=str(ROOT / "server"), log=str(log), top=str(top))
    with Client((sys.executable, "-I", "-c", code)) as client:
        client.initialize(top)
        for place in ("lib/p1", "lib/p2", "packages/p3"):
            shown(client, client.open(top / place / "src/a.py", "# above\n" + BASE), (3, 3), (4, 2))
        client.stop()
    listed = Counter(Path(line).relative_to(top).as_posix() for line in log.read_text().splitlines())
    assert listed == {".": 1, "packages": 1, "lib/p1": 1, "lib/p2": 1}


@pytest.mark.skipif(sys.platform == "win32", reason="a script stands in for git")
def test_files_outside_of_all_folders_share_a_reader(repository: Repository, tmp_path: Path) -> None:
    repository.commit({f"{number}/app.py": BASE for number in range(5)})
    log, folder = tmp_path / "log", tmp_path / "bin"
    folder.mkdir()
    counting = folder / "git"
    counting.write_text(f'#!/bin/sh\necho "$@" >> {log}\nexec {shutil.which("git")} "$@"\n')
    counting.chmod(0o755)
    (tmp_path / "empty").mkdir()
    path = f"{folder}{os.pathsep}{os.environ['PATH']}"
    with Client(env={**os.environ, "PATH": path}) as client:
        client.initialize(tmp_path / "empty")
        for number in range(5):
            shown(client, client.open(repository.folder / f"{number}/app.py", BASE), *OLD)
        begun(log, 2)
        assert client.stop() == 0
        assert sorted(begun(log)) == ["cat-file", "config"]


def test_what_is_found_of_a_base_that_is_none_any_more_is_not_taken(
    repository: Repository, client: Client
) -> None:
    """One file goes by git, another one by the session, first and last."""
    policy = 'extends = ["recommended"]\n'
    repository.commit({"inner/app.py": BASE, "inner/enforcer.toml": policy})
    client.initialize(repository.folder)
    outer = client.open(repository.folder / "app.py", BASE)
    shown(client, outer, *OLD)
    text = BASE + "breakpoint()\n"
    inner = client.open(repository.folder / "inner/app.py", text)
    shown(client, inner, *OLD, (4, 1))
    repository.write({"inner/enforcer.toml": policy + 'base = "session"\n'})
    client.save(inner)
    shown(client, inner, *OLD, (4, 2))
    client.save(inner)
    client.change(inner, 2, edit((0, 0), (0, 0), "#\n"))
    shown(client, inner, (3, 3), (4, 2), (5, 2))
    repository.git("commit", "-q", "--allow-empty", "-m", "more")
    repository.commit({"app.py": BASE + "# more\n"})
    client.change(outer, 2, edit((3, 0), (3, 0), "# more\nbreakpoint()\n"))
    shown(client, outer, *OLD, (5, 1))
    client.change(inner, 3, edit((0, 0), (0, 0), "#\n"))
    shown(client, inner, (4, 3), (5, 2), (6, 2))


def test_a_base_that_is_fetched_later_is_taken(repository: Repository, client: Client) -> None:
    repository.write({"enforcer.toml": 'extends = ["recommended"]\nbase = "later"\n'})
    client.initialize(repository.folder)
    name = client.open(repository.folder / "app.py", BASE + "breakpoint()\n")
    shown(client, name, *OLD, (4, 2))
    client.wait(lambda message: message.get("method") == "window/showMessage")
    repository.git("branch", "later")
    shown(client, name, *OLD, (4, 1))


def test_a_repository_that_is_made_later_is_seen(client: Client, tmp_path: Path) -> None:
    made = tmp_path / "made"
    made.mkdir()
    client.initialize(made)
    name = client.open(made / "app.py", BASE)
    shown(client, name, (2, 2), (3, 1))
    Repository(made).commit({"app.py": BASE})
    client.save(name)
    shown(client, name, *OLD)


def test_a_text_that_becomes_what_it_was_differs_no_more(repository: Repository, client: Client) -> None:
    """Whatever line ends git gives it."""
    stale = "# Guide\n\nLast updated: 2026-03-09\n"
    repository.commit({"guide.md": stale, ".gitattributes": "*.md text eol=crlf\n"})
    client.initialize(repository.folder)
    text = stale.replace("\n", "\r\n")
    name = client.open(repository.folder / "guide.md", text.replace("Guide", "Guides"), "markdown")
    shown(client, name, (3, 2))
    client.change(name, 2, edit((0, 7), (0, 8), ""))
    shown(client, name)


def test_a_client_that_asks_is_told_to_ask_again(repository: Repository, client: Client) -> None:
    pulls = {"textDocument": {"diagnostic": {}}, "workspace": {"diagnostics": {"refreshSupport": True}}}
    client.initialize(repository.folder, capabilities=pulls)
    name = client.open(repository.folder / "app.py", BASE + "breakpoint()\n")
    asked = {"textDocument": {"uri": name}}
    while severities(client.result("textDocument/diagnostic", asked)["items"]) != [*OLD, (4, 1)]:
        client.wait(lambda message: message.get("method") == "workspace/diagnostic/refresh")


class Notebook:
    """A notebook of code cells that a client has open."""

    def __init__(self, client: Client, path: Path, *texts: str) -> None:
        self.client, self.uri, self.count = client, uri(path), 0
        cells, documents = self._made(*texts)
        document = {"uri": self.uri, "notebookType": "jupyter-notebook", "version": 1, "cells": cells}
        client.notify(
            "notebookDocument/didOpen", {"notebookDocument": document, "cellTextDocuments": documents}
        )

    def cell(self, number: int) -> str:
        """The URI of a cell, by the order in which they came."""
        return f"vscode-notebook-cell:/1#{number}"

    def put(self, start: int, deleted: int, *texts: str, changed: Sequence[Any] = ()) -> None:
        """Put cells in the place of others, and change texts: number, edit."""
        cells, documents = self._made(*texts)
        gone = [{"uri": self.cell(start + number)} for number in range(deleted)]
        structure = {
            "array": {"start": start, "deleteCount": deleted, "cells": cells},
            "didOpen": documents,
            "didClose": gone,
        }
        content = [
            {"document": {"uri": self.cell(number), "version": 2}, "changes": [change]}
            for number, change in changed
        ]
        change = {"cells": {"structure": structure, "textContent": content}}
        params = {"notebookDocument": {"uri": self.uri, "version": 2}, "change": change}
        self.client.notify("notebookDocument/didChange", params)

    def _made(self, *texts: str) -> tuple[list[Any], list[Any]]:
        names = [self.cell(self.count + number) for number in range(len(texts))]
        self.count += len(texts)
        documents = [
            {"uri": name, "languageId": "python", "version": 1, "text": text}
            for name, text in zip(names, texts, strict=True)
        ]
        return [{"kind": 2, "document": name} for name in names], documents


OLD_CELL = "try:\n    run()\nexcept Exception:\n    pass"


def committed(repository: Repository, *texts: str) -> Path:
    cells = [{"cell_type": "code", "source": [text], "metadata": {}, "outputs": []} for text in texts]
    text = '{"cells": %s, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'
    repository.commit({"book.ipynb": text % json.dumps(cells)})
    return repository.folder / "book.ipynb"


def test_a_cell_is_compared_with_the_cell_that_it_was(repository: Repository, client: Client) -> None:
    """What is copied into another cell is new there; what is moved into one is old."""
    mixed = f"one = 1\n{OLD_CELL}\ntwo = 2"
    path = committed(repository, mixed, "import os")
    client.initialize(repository.folder)
    book = Notebook(client, path, mixed, f"import os\n{OLD_CELL}")
    shown(client, book.cell(1), (4, 1))
    book.put(2, 0, f"{OLD_CELL}\n", changed=[(0, edit((1, 0), (5, 0), "")), (1, edit((1, 0), (5, 0), ""))])
    shown(client, book.cell(2), (3, 2))
    book.put(3, 0, OLD_CELL)
    shown(client, book.cell(3), (3, 1))


def test_the_cells_of_a_session_are_those_that_came_first(repository: Repository, client: Client) -> None:
    repository.write({"enforcer.toml": 'extends = ["recommended"]\nbase = "session"\n'})
    client.initialize(repository.folder)
    book = Notebook(client, repository.folder / "book.ipynb", "x = 1", f"one = 1\n{OLD_CELL}")
    shown(client, book.cell(1), (4, 2))
    book.put(2, 0, OLD_CELL)
    shown(client, book.cell(2), (3, 1))
    book.put(1, 2, OLD_CELL)
    shown(client, book.cell(3), (3, 2))


def test_a_scan_knows_how_files_were_that_nobody_has_opened(repository: Repository, client: Client) -> None:
    """What a session saw first: a scan by hashes of lines, whether the file is open later or was before."""
    repository.write({"enforcer.toml": 'extends = ["recommended"]\nbase = "session"\n'})
    app, other, late = (repository.folder / name for name in ("app.py", "other.py", "late.py"))
    watches = {"workspace": {"didChangeWatchedFiles": {"dynamicRegistration": True}}}
    client.initialize(repository.folder, capabilities=watches)
    opened = client.open(other, "x = 1\n")

    def scanned() -> dict[str, list[tuple[int, int]]]:
        client.seen.clear()
        client.request("workspace/executeCommand", {"command": "autoEnforcer.scanWorkspace"})
        told = [one["params"] for one in client.seen if one.get("method") == PUBLISHED]
        return {one["uri"]: severities(one["diagnostics"]) for one in told}

    assert scanned()[uri(app)] == [*OLD]

    def written(path: Path, text: str) -> None:
        repository.write({path.name: text})
        changes = [{"uri": uri(path), "type": 2}]
        client.notify("workspace/didChangeWatchedFiles", {"changes": changes})

    written(app, "breakpoint()\n" + BASE)
    shown(client, uri(app), (1, 1), (3, 3), (4, 2))
    written(late, BASE)
    shown(client, uri(late), (2, 2), (3, 1))
    client.close(opened)
    written(other, "x = 1\nbreakpoint()\n")
    shown(client, opened, (2, 1))
    client.open(app, "breakpoint()\n" + BASE)
    shown(client, uri(app), (1, 1), (3, 3), (4, 2))
    scanned()
    written(repository.folder / "Cargo.toml", "")
    written(late, "breakpoint()\n" + BASE)
    shown(client, uri(late), (1, 1), (3, 2), (4, 1))


def test_of_a_file_that_changed_before_it_was_opened_the_lines_are_known_that_it_still_has(
    repository: Repository, client: Client
) -> None:
    """Whatever the others may have begun or ended: nothing is red by a guess."""
    text = '"""What\nit is.\n"""\n' + BASE
    repository.write({"enforcer.toml": 'extends = ["recommended"]\nbase = "session"\n', "app.py": text})
    client.initialize(repository.folder)
    client.result("workspace/executeCommand", {"command": "autoEnforcer.scanWorkspace"})
    changed = text.replace("What", "That") + "late = breakpoint()\n"
    repository.write({"app.py": changed})
    name = client.open(repository.folder / "app.py", changed)
    shown(client, name, (5, 3), (6, 2), (7, 1))
    client.change(name, 2, edit((6, 0), (7, 0), ""))
    shown(client, name, (5, 3), (6, 2))
