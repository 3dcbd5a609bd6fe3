"""Notebooks that a client keeps in step: each cell is a document in its language, under its file's policy."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from auto_enforcer import cell_bases
from auto_enforcer.session import Session
from lsp.inprocess import Ours, turns
from lsp.stdio import PATIENCE, Client, Message, edit, uri
from lsp.test_pull import PULLING, REFRESH, codes, pulled

CODE, MARKUP = 2, 1
PUBLISH = "textDocument/publishDiagnostics"


@pytest.fixture
def client() -> Iterator[Client]:
    with Client() as started:
        started.answers[REFRESH] = None
        yield started


class Book:
    """A notebook that the client has open."""

    def __init__(self, client: Client, path: Path) -> None:
        self.client = client
        self.uri = uri(path)
        self.version = 1

    def cell(self, name: str) -> str:
        return f"vscode-notebook-cell:{self.uri.partition('file:')[2]}#{name}"

    def said(self, name: str, kind: int = CODE) -> Message:
        return {"kind": kind, "document": self.cell(name), "metadata": {}}

    def text(self, name: str, text: str, language: str = "python") -> Message:
        return {"uri": self.cell(name), "languageId": language, "version": 1, "text": text}

    def open(self, *cells: tuple[Any, ...]) -> None:
        """Each cell is its name, its text, and its language, if that is not Python."""
        kinds = [self.said(name, MARKUP if "markdown" in rest else CODE) for name, _, *rest in cells]
        self.client.notify(
            "notebookDocument/didOpen",
            {
                "notebookDocument": {
                    "uri": self.uri,
                    "notebookType": "jupyter-notebook",
                    "version": 1,
                    "cells": kinds,
                },
                "cellTextDocuments": [self.text(*cell) for cell in cells],
            },
        )

    def change(self, **cells: Any) -> None:
        self.version += 1
        document = {"uri": self.uri, "version": self.version}
        params = {"notebookDocument": document, "change": {"cells": cells}}
        self.client.notify("notebookDocument/didChange", params)

    def write(self, name: str, version: int, *changes: Message) -> None:
        document = {"uri": self.cell(name), "version": version}
        self.change(textContent=[{"document": document, "changes": list(changes)}])

    def close(self, *names: str) -> None:
        self.client.notify(
            "notebookDocument/didClose",
            {
                "notebookDocument": {"uri": self.uri},
                "cellTextDocuments": [{"uri": self.cell(name)} for name in names],
            },
        )

    def found(self, name: str) -> list[tuple[str, int]]:
        """What is published next of a cell: rules and lines."""
        return [
            (one["code"], one["range"]["start"]["line"]) for one in self.client.diagnostics(self.cell(name))
        ]


def begun(client: Client, folder: Path, name: str = "a.ipynb", **more: Any) -> Book:
    answer = client.initialize(folder, **more)
    sync = answer["capabilities"]["notebookDocumentSync"]
    assert sync == {"notebookSelector": [{"notebook": "jupyter-notebook"}], "save": True}
    return Book(client, folder / name)


def test_each_cell_is_checked_in_its_language(client: Client, tmp_path: Path) -> None:
    book = begun(client, tmp_path)
    book.open(
        ("a", "import os\neval(x)\n"),
        ("b", "# Title\neval(x)\n", "markdown"),
        ("c", "%%bash\neval $1\n"),
        ("d", "eval $1\n", "shellscript"),
        ("e", "eval(x)\n", "raw"),
    )
    assert book.found("a") == [("security/eval-call", 1)]
    assert book.found("b") == []
    assert book.found("c") == [("security/eval-call", 1)]
    assert book.found("d") == [("security/eval-call", 0)]
    assert book.found("e") == []


def test_what_is_typed_in_a_cell_is_published_for_the_cell_and_its_version(
    client: Client, tmp_path: Path
) -> None:
    book = begun(client, tmp_path)
    book.open(("a", "x = '😀'\n"), ("b", "eval(x)\n"))
    assert book.found("a") == []
    assert book.found("b") == [("security/eval-call", 0)]
    book.write("a", 7, edit((0, 8), (0, 8), "; eval(x)"))
    (one,) = client.diagnostics(book.cell("a"), 7)
    assert (one["code"], one["range"]["start"]["character"]) == ("security/eval-call", 10)
    book.write("a", 8, {"text": "x = 1\n"}, edit((0, 0), (0, 0), "\n"))
    assert book.found("a") == []
    assert client.settle() == []


def test_a_line_for_the_notebook_is_no_code(client: Client, tmp_path: Path) -> None:
    book = begun(client, tmp_path)
    book.open(("a", "%time eval(x)\neval(x)\n"))
    assert book.found("a") == [("security/eval-call", 1)]
    book.write("a", 2, edit((0, 0), (0, 6), ""), edit((1, 0), (1, 0), "!"))
    assert book.found("a") == [("security/eval-call", 0)]
    book.write("a", 3, {"text": "%%bash\n! eval $1\n"})
    assert book.found("a") == [("security/eval-call", 1)]


def test_cells_come_go_and_are_moved(client: Client, tmp_path: Path) -> None:
    book = begun(client, tmp_path)
    book.open(("a", "eval(x)\n"), ("b", "eval(x)\n"))
    assert book.found("a") == book.found("b") == [("security/eval-call", 0)]
    # One comes between them.
    array: Message = {"start": 1, "deleteCount": 0, "cells": [book.said("c")]}
    book.change(structure={"array": array, "didOpen": [book.text("c", "\neval(x)\n")], "didClose": []})
    assert book.found("c") == [("security/eval-call", 1)]
    # They are moved: nothing is opened or closed, and nothing is said.
    book.change(
        structure={"array": {"start": 0, "deleteCount": 2, "cells": [book.said("c"), book.said("a")]}}
    )
    assert client.settle() == []
    # One goes, once with and once without a word about its text.
    closed = {"uri": book.cell("c")}
    book.change(structure={"array": {"start": 0, "deleteCount": 1}, "didClose": [closed]})
    assert book.found("c") == []
    book.change(structure={"array": {"start": 0, "deleteCount": 1}})
    assert book.found("a") == []
    book.write("c", 3, edit((0, 0), (0, 0), "eval(y)\n"))
    book.write("b", 3, edit((0, 0), (0, 0), "\n"))
    assert book.found("b") == [("security/eval-call", 1)]
    book.close("b")
    assert book.found("b") == []
    assert client.settle() == []


def test_a_cell_that_becomes_prose_is_checked_as_prose(client: Client, tmp_path: Path) -> None:
    book = begun(client, tmp_path)
    book.open(("a", "eval(x)\n"), ("b", "eval(x)\n", "markdown"))
    assert book.found("a") == [("security/eval-call", 0)]
    assert book.found("b") == []
    book.change(data=[book.said("a", MARKUP)])
    assert book.found("a") == []
    book.change(data=[book.said("a", CODE)])
    assert book.found("a") == [("security/eval-call", 0)]
    book.change(data=[{**book.said("a", CODE), "executionSummary": {"executionOrder": 1}}])
    assert client.settle() == []
    # As clients do it: the text is closed and opened in another language.
    array = {"start": 1, "deleteCount": 1, "cells": [book.said("b", CODE)]}
    book.change(
        structure={
            "array": array,
            "didClose": [{"uri": book.cell("b")}],
            "didOpen": [book.text("b", "eval(x)\n")],
        }
    )
    assert book.found("b") == []
    assert book.found("b") == [("security/eval-call", 0)]


def test_the_policy_is_that_of_the_notebook_s_path_and_is_read_again_when_it_is_saved(
    client: Client, tmp_path: Path
) -> None:
    policy = tmp_path / "enforcer.toml"
    policy.write_text('[[overrides]]\npaths = ["a.ipynb"]\nrules = { "security/eval-call" = "blocked" }\n')
    book = begun(client, tmp_path)
    book.open(("a", "# enforcer: allow-file[security/assert]: x\neval(x)\n"))
    assert ("security/eval-call", 1) in book.found("a")
    policy.write_text("[rules]\nsecurity = 'off'\n")
    client.notify("notebookDocument/didSave", {"notebookDocument": {"uri": book.uri}})
    assert ("security/eval-call", 1) not in book.found("a")


def test_a_client_that_asks_asks_for_each_cell(client: Client, tmp_path: Path) -> None:
    book = begun(client, tmp_path, capabilities=PULLING)
    book.open(("a", "eval(x)\n"), ("b", "# x\n", "markdown"))
    assert codes(pulled(client, book.cell("a"))) == ["security/eval-call"]
    assert codes(pulled(client, book.cell("b"))) == []
    book.close("a", "b")
    assert codes(pulled(client, book.cell("a"))) == []
    assert not [one for one in client.seen if one.get("method") == PUBLISH]


def test_what_is_no_message_of_the_protocol_harms_no_other(client: Client, tmp_path: Path) -> None:
    book = begun(client, tmp_path)
    for params in ({}, {"notebookDocument": 1}, {"notebookDocument": {"uri": book.uri, "cells": 3}}):
        for method in ("didOpen", "didChange", "didSave", "didClose"):
            client.notify(f"notebookDocument/{method}", params)
    book.write("a", 1, edit((0, 0), (0, 0), "x"))
    book.open(("a", "eval(x)\n"))
    assert book.found("a") == [("security/eval-call", 0)]
    book.change(structure={"array": {"start": -3, "deleteCount": 1}})
    book.change(textContent=3)
    book.open(("a", "\neval(x)\n"))  # twice
    assert book.found("a") == []
    assert book.found("a") == [("security/eval-call", 1)]
    git = Book(client, tmp_path / "a.ipynb")
    git.uri = book.uri.replace("file:", "git:")
    git.open(("z", "eval(x)\n"))
    assert client.settle() == []


def test_cells_that_are_opened_as_plain_documents_are_checked_as_ever(client: Client, tmp_path: Path) -> None:
    client.initialize(tmp_path)
    name = client.open(f"vscode-notebook-cell://{tmp_path}/a.ipynb#W0", "eval(x)\n")
    assert [one["code"] for one in client.diagnostics(name)] == ["security/eval-call"]
    client.close(name)
    assert client.diagnostics(name) == []


class Opened:
    """A notebook of many cells in a server in the test's own process, and what it does for them."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.reloads = 0
        self.threads = list[str]()
        reload, bases_of = Session.reload, cell_bases.bases_of

        def counted(session: Session) -> bool:
            self.reloads += 1
            return reload(session)

        def heard(cells: Sequence[str], base: Sequence[str]) -> list[str]:
            self.threads.append(threading.current_thread().name)
            return bases_of(cells, base)

        def begin(root: str) -> Session:
            session = Session(root, today=date(2026, 11, 22))
            session.compare(guesses_old=True)
            return session

        monkeypatch.setattr(Session, "reload", counted)
        monkeypatch.setattr(cell_bases, "bases_of", heard)
        self.ours = Ours(begin)
        self.book = f"file://{folder}/a.ipynb"

    def cell(self, number: int) -> str:
        return f"vscode-notebook-cell:{self.folder}/a.ipynb#{number}"

    async def open(self, count: int) -> None:
        await self.ours.say(
            {
                "id": 1,
                "method": "initialize",
                "params": {"rootUri": f"file://{self.folder}", "capabilities": {}},
            }
        )
        await self.ours.say({"method": "initialized", "params": {}})
        item = {"uri": f"file://{self.folder}/a.py", "languageId": "python", "version": 1, "text": "x = 1\n"}
        await self.ours.say({"method": "textDocument/didOpen", "params": {"textDocument": item}})
        cells = [{"kind": CODE, "document": self.cell(number)} for number in range(count)]
        texts = [
            {"uri": self.cell(number), "languageId": "python", "version": 1, "text": "eval(x)\n"}
            for number in range(count)
        ]
        document = {"uri": self.book, "notebookType": "jupyter-notebook", "version": 1, "cells": cells}
        params = {"notebookDocument": document, "cellTextDocuments": texts}
        self.ours.channel.sent.clear()
        await self.ours.say({"method": "notebookDocument/didOpen", "params": params})

    def told(self) -> list[str]:
        """What was told of, by URI, in order."""
        return [one["params"]["uri"] for one in self.ours.channel.sent if one.get("method") == PUBLISH]


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not is_so():
            await turns()


async def test_for_all_cells_of_a_message_the_policy_is_read_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = Opened(tmp_path, monkeypatch)
    await one.open(30)
    assert one.reloads == 1
    await one.ours.say(
        {"method": "notebookDocument/didSave", "params": {"notebookDocument": {"uri": one.book}}}
    )
    assert one.reloads == 2
    one.ours.stop()


async def test_what_somebody_types_in_is_told_before_the_cells_that_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = Opened(tmp_path, monkeypatch)
    await one.open(200)
    before = len(one.told())
    document = {"uri": f"file://{tmp_path}/a.py", "version": 2}
    change = {"range": edit((0, 0), (0, 0), "")["range"], "text": "eval(y)\n"}
    params = {"textDocument": document, "contentChanges": [change]}
    await one.ours.say({"method": "textDocument/didChange", "params": params})
    await until(lambda: document["uri"] in one.told())
    at = one.told().index(document["uri"])
    assert at < before + 20
    await until(lambda: len(set(one.told())) == 201)
    one.ours.stop()


async def test_which_cell_was_which_is_found_out_beside_the_loop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "enforcer.toml").write_text('extends = ["recommended"]\nbase = "session"\n')
    one = Opened(tmp_path, monkeypatch)
    await one.open(50)
    await until(lambda: bool(one.threads))
    assert threading.current_thread().name not in one.threads
    session = next(iter(one.ours.server._workspace.sessions.values()))
    await until(lambda: not any(document.awaits_base for document in session.documents))
    one.ours.stop()


def test_what_is_found_out_after_the_end_is_no_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "enforcer.toml").write_text('extends = ["recommended"]\nbase = "session"\n')
    ended, threads = threading.Event(), list[threading.Thread]()

    def slow(cells: Sequence[str], base: Sequence[str]) -> list[str]:
        threads.append(threading.current_thread())
        ended.wait(PATIENCE)
        return list(base)

    async def begun() -> None:
        one = Opened(tmp_path, monkeypatch)
        monkeypatch.setattr(cell_bases, "bases_of", slow)
        await one.open(3)
        await until(lambda: bool(threads))
        one.ours.server._comparisons.close()
        one.ours.stop()

    asyncio.run(begun())
    ended.set()
    threads[0].join(PATIENCE)
    assert "exception calling callback" not in caplog.text
