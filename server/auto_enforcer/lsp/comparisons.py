"""Finds what open documents are compared with, beside the loop, and again when HEAD moves: so old violations
are told from new ones."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from auto_enforcer import reading
from auto_enforcer.document import Memory
from auto_enforcer.lsp.diagnostics import Origin
from auto_enforcer.lsp.logs import describe
from auto_enforcer.lsp.positions import uri_of
from auto_enforcer.lsp.workspace import OpenDocument
from auto_enforcer.model import NamedTuple
from auto_enforcer.scope import Pairs
from auto_enforcer.text import split_lines

if TYPE_CHECKING:
    from auto_enforcer.bases import Stood
    from auto_enforcer.comparing import Comparing
    from auto_enforcer.document import Document
    from auto_enforcer.model import Row
    from auto_enforcer.seen import Seen

SESSION = "session"
"""What a policy says to compare with what the session first saw."""

PAUSE = 0.5
"""Seconds between two looks at whether HEAD has moved."""

LARGEST_NOTEBOOK = 16 << 20
"""Bytes of a notebook that are read to see where it was moved from, at most."""

SLICE = 0.003
"""Seconds in which cells are told what they are compared with before others have their turn."""

MOST_SEEN = 16 << 20
"""Characters of texts as the session first saw them that are kept, at most."""

MOST_NOTEBOOKS = 1_000
"""Notebooks of which is remembered which cells they had first, at most."""

MOST_WARNED = 100
"""Reasons why nothing can be compared that are told the user, each once."""

logger = logging.getLogger("auto_enforcer")


class Answer(NamedTuple):
    """What was found of the base of a document, or of a notebook with all its cells."""

    stood: Stood | None
    commit: str
    """The base commit as people know it."""
    path: str
    """The file's own path, relative to the top of its work tree."""
    text: str = ""
    """Of a document the base's text."""
    pairs: Pairs | None = None
    """Which lines of the document were which of that; None where it is as it was."""
    cells: Sequence[str] | None = None
    """Of a notebook the texts of its cells."""


class CellBase(NamedTuple):
    """What a cell is compared with."""

    known: str
    """Its name as git would have it."""
    text: str
    pairs: Pairs | None
    """Which lines of the cell were which of that, where that takes long."""


class _Cell(NamedTuple):
    """A cell as it was when it was asked what it is compared with."""

    opened: OpenDocument
    lines: Sequence[str]
    known: str
    """What it is compared with so far; "" for nothing."""


class Comparisons:
    """What the open documents are compared with. git is asked by one thread of its own, which also finds out
    what takes long."""

    def __init__(
        self,
        documents: Callable[[], Iterable[OpenDocument]],
        show: Callable[[OpenDocument, Origin | None], None],
        moved: Callable[[], None],
        warn: Callable[[str], None],
        seen: Seen,
    ) -> None:
        """`show` is called when a document can be shown anew, with where its base's lines are; `moved` when
        the base has become another commit; `warn` tells the user what stands in the way. `seen` knows how
        files were before they were opened."""
        self._documents = documents
        self._show = show
        self._moved = moved
        self._warn = warn
        self._loop = asyncio.get_running_loop()
        self._executor: ThreadPoolExecutor | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._followed: dict[str, OpenDocument] = {}
        """The documents that are compared, by URI."""
        self._tickets: dict[str, int] = {}
        self._ticket = 0
        self._known: dict[str, tuple[str, str]] = {}
        """Of each document, by URI, which text of which path it was last compared with."""
        self._asked: set[str] = set()
        """The notebooks, by path, that there is no answer for yet."""
        self._computing: dict[str, Future[list[CellBase]]] = {}
        """Of notebooks, by path, what is being found out of their cells."""
        self._applied: dict[str, deque[tuple[_Cell, CellBase]]] = {}
        """What was found out of them and is still to be taken over."""
        self._first_cells: dict[str, list[str]] = {}
        """Of each notebook, by path, the URIs of the cells that it had first, where that is what they are
        compared with."""
        self._hearing: set[str] = set()
        """Those of which it is still being heard which they are."""
        self._words: dict[str, str] = {}
        """Of each document what its policy says it is compared with."""
        self._first: dict[str, str] = {}
        """The texts of documents as the session first saw them, by URI."""
        self._first_size = 0
        self._restored: set[str] = set()
        """Those of which only the lines are known that they still had when they were opened."""
        self._seen = seen
        self._comparing: Comparing | None = None
        """One for all sessions, so that a repository has one reader, however many of its files are open in
        whatever folders."""
        self._warned: set[str] = set()

    def follow(self, opened: OpenDocument) -> None:
        """Compare a document from now on. Until what with is known, nothing in it is new."""
        self._forget(opened.uri)
        if opened.session.comparing is None:
            return
        self._followed[opened.uri] = opened
        word = self._words[opened.uri] = opened.session.policy(opened.path).base
        if word == SESSION and opened.notebook:
            opened.document.awaits_base = True
            self._follow_first(opened)
            return
        if word == SESSION:
            first = self._first_seen(opened)
            document, memory = opened.document, None
            if opened.uri in self._restored:
                memory = Memory(lambda: _known_lines(document, first), lambda rows: None)
            document.compare(first, memory=memory)
            self._show(opened, None)
            return
        if word == "auto" and not self._is_in_repository(opened.path):
            opened.document.compare(None)
            return
        opened.document.awaits_base = True
        self._ask(opened)
        self._wake()

    def reloaded(self, opened: OpenDocument) -> None:
        """A document's policy may be another: compare it with what that says."""
        if self._words.get(opened.uri) not in (None, opened.session.policy(opened.path).base):
            self.follow(opened)

    def saved(self, opened: OpenDocument) -> None:
        """Pair a document's lines anew, as the command does, and look for its base again."""
        opened.document.pair_anew()
        if opened.uri in self._tickets:
            self._ask(opened)
        elif self._words.get(opened.uri) == "auto" and self._is_in_repository(opened.path):
            self.follow(opened)  # since it was opened, a repository was made

    def closed(self, opened: OpenDocument) -> bytes | None:
        """A document was closed. Gives the hashes of the lines that its file had when the session first saw
        it, where that is what it is compared with and the text is known."""
        first, hashes = self._first.get(opened.uri), None
        if first is not None and not opened.notebook and self._words.get(opened.uri) == SESSION:
            known = self._seen.of(opened.path) if opened.uri in self._restored else None
            hashes = self._seen.hashes(first.encode()) if known is None else known
        is_asked = opened.uri in self._tickets
        self._forget(opened.uri)
        if is_asked and opened.notebook:
            other = next(self._open_cells(opened.path), None)
            if other is not None:
                self._ask(other)  # what this cell was may be moved to another one
        return hashes

    def _forget(self, uri: str) -> None:
        """What was asked of a document is no answer any more."""
        self._followed.pop(uri, None)
        self._tickets.pop(uri, None)
        self._known.pop(uri, None)
        self._words.pop(uri, None)

    def look(self) -> None:
        """See whether HEAD has moved, and compare what is open anew if it has."""
        self._timer = None
        if self._executor is None or self._comparing is None:
            return
        if not self._tickets:
            self._executor.submit(self._comparing.rest)
            return
        asked = self._executor.submit(self._comparing.have_moved)
        asked.add_done_callback(lambda done: self._hand_over(self._looked, done))

    def close(self) -> None:
        """Ask nothing any more, and end what was begun."""
        if self._timer is not None:
            self._timer.cancel()
        self._tickets.clear()
        if self._executor is not None:
            self._executor.shutdown(wait=False, cancel_futures=True)
        if self._comparing is not None:
            self._comparing.close()

    def _wake(self) -> None:
        if self._timer is None:
            self._timer = self._loop.call_later(PAUSE, self.look)

    def _looked(self, done: Future[bool]) -> None:
        if done.cancelled():
            return
        if done.exception() is None and done.result():
            logger.info("the base has moved")
            for opened in list(self._documents()):
                if opened.uri in self._tickets:
                    self._ask(opened)
            self._moved()
        self._wake()

    def _all(self) -> Comparing:
        if self._comparing is None:
            from auto_enforcer.comparing import Comparing

            self._comparing = Comparing("")
        return self._comparing

    def _hand_over(self, take: Callable[..., None], *found: Any) -> None:
        """Let the loop take what the thread has found out; nobody does once the server has ended."""
        try:
            self._loop.call_soon_threadsafe(take, *found)
        except RuntimeError:
            logger.debug("what was found out after the end is forgotten")

    def _thread(self) -> ThreadPoolExecutor:
        if self._executor is None:
            self._executor = ThreadPoolExecutor(1, "auto-enforcer-git")
        return self._executor

    def _is_in_repository(self, path: str) -> bool:
        comparing = self._all()
        comparing.look_again()
        return comparing.is_repository(path)

    def _ask(self, opened: OpenDocument) -> None:
        self._ticket += 1
        ticket = self._tickets[opened.uri] = self._ticket
        if opened.notebook in self._asked:
            return  # the answer is for all cells
        if opened.notebook:
            self._asked.add(opened.notebook)
        data = None if opened.notebook else opened.document.text().encode()
        asked = self._thread().submit(_found, self._all(), opened.path, self._words[opened.uri], data)

        def answered(done: Future[Answer]) -> None:
            if opened.notebook:
                self._hand_over(self._answered_cells, opened.notebook, done)
            else:
                self._hand_over(self._answered, opened, ticket, data or b"", done)

        asked.add_done_callback(answered)

    def _cells_of(self, path: str) -> list[OpenDocument]:
        """The cells of a notebook that are open and compared with git's."""
        return list(self._open_cells(path))

    def _open_cells(self, path: str) -> Iterator[OpenDocument]:
        return (one for one in self._documents() if one.notebook == path and one.uri in self._tickets)

    def _answered_cells(self, path: str, done: Future[Answer]) -> None:
        self._asked.discard(path)
        if done.cancelled():
            return
        error = done.exception()
        if error is not None:
            self._tell(error)
        else:
            self._compare_cells(path, self._cells_of(path), done.result().cells)

    def _compare_cells(self, path: str, opened: Sequence[OpenDocument], base: Sequence[str] | None) -> None:
        """Compare the cells of a notebook with those that it had; None: with nothing. Which was which is
        found out beside the loop, for that is long."""
        self._applied.pop(path, None)  # it was found out before there were these
        if base is None:
            for one in opened:
                self._known.pop(one.uri, None)
                one.document.compare(None)
                self._show(one, None)
            return
        cells = [
            _Cell(one, list(one.document.lines), self._known.get(one.uri, ("", ""))[0]) for one in opened
        ]
        asked = self._thread().submit(_bases_of, cells, base)

        def found(done: Future[list[CellBase]]) -> None:
            self._hand_over(self._found_cells, path, cells, done)

        self._computing[path] = asked
        asked.add_done_callback(found)

    def _found_cells(self, path: str, cells: Sequence[_Cell], done: Future[list[CellBase]]) -> None:
        if self._computing.get(path) is not done:
            return  # something newer is being found out
        del self._computing[path]
        error = None if done.cancelled() else done.exception()
        if error is not None:
            self._tell(error)
        elif not done.cancelled():
            self._applied[path] = deque(zip(cells, done.result(), strict=True))
            self._apply(path)

    def _apply(self, path: str) -> None:
        """Compare some of a notebook's cells with what they were, and the rest when others had their turn."""
        waiting, until = self._applied.get(path), time.monotonic() + SLICE
        while waiting and time.monotonic() < until:
            (one, lines, before), (known, text, pairs) = waiting.popleft()
            if self._followed.get(one.uri) is not one:
                continue
            if before != known:
                self._known[one.uri] = known, one.notebook
                is_as_asked = one.document.lines == lines
                memory = one.session.memory(one.document, known)
                one.document.compare(text, memory=memory, pairs=pairs if is_as_asked else None)
            self._show(one, None)
        if waiting:
            self._loop.call_soon(self._apply, path)
        else:
            self._applied.pop(path, None)

    def _follow_first(self, opened: OpenDocument) -> None:
        """Compare a cell with what its notebook was when the session first saw it, which is known when all of
        a message was heard."""
        path = opened.notebook
        if path not in self._first_cells:
            while len(self._first_cells) >= MOST_NOTEBOOKS:
                del self._first_cells[next(iter(self._first_cells))]
            self._first_cells[path] = []
            self._hearing.add(path)
        if path in self._hearing:
            self._first_cells[path].append(opened.uri)
            self._first_seen(opened)
        if path not in self._asked:
            self._asked.add(path)
            self._loop.call_soon(self._heard_first, path)

    def _heard_first(self, path: str) -> None:
        self._asked.discard(path)
        self._hearing.discard(path)
        cells = [
            one for one in self._documents() if one.notebook == path and self._words.get(one.uri) == SESSION
        ]
        base = [self._first.get(uri) for uri in self._first_cells.get(path, ())]
        if None in base:  # too much would be kept: they are seen for the first time now
            base = [one.document.text() for one in cells]
        self._compare_cells(path, cells, [text for text in base if text is not None])

    def _answered(self, opened: OpenDocument, ticket: int, data: bytes, done: Future[Answer]) -> None:
        if done.cancelled() or self._tickets.get(opened.uri) != ticket:
            return
        error = done.exception()
        if error is not None:
            self._tell(error)
            return
        stood, commit, own_path, text, pairs, _ = done.result()
        if stood is None or stood.data is None:
            self._known.pop(opened.uri, None)
            opened.document.compare(None)
            self._show(opened, None)
            return
        known = stood.entry.id, stood.path
        if self._known.get(opened.uri) != known:
            self._known[opened.uri] = known
            # The bytes are kept where more is in them than in the text.
            content = None if text.encode() == stood.data else stood.data
            session, document = opened.session, opened.document
            is_as_asked = pairs is not None and document.text().encode() == data
            document.compare(
                text,
                lambda base: session.given_in(document, base.encode() if content is None else content),
                session.memory(document, stood.entry.id),
                pairs if is_as_asked else None,
            )
        path = stood.path if stood.path != own_path else ""
        self._show(opened, Origin(uri_of(opened.path), commit, path))

    def _tell(self, error: BaseException) -> None:
        from auto_enforcer.git import GitError

        if not isinstance(error, GitError):
            logger.error("a document could not be compared: %s", describe(error))
            return
        said = str(error)
        if said not in self._warned and len(self._warned) < MOST_WARNED:
            self._warned.add(said)
            logger.warning("what is new cannot be told: %s", said)
            self._warn(f"Auto-Enforcer cannot tell what is new, and shows all as historical: {said}")

    def _first_seen(self, opened: OpenDocument) -> str:
        """The text that a document had when it was first opened. Where too much would be kept it is as if it
        were opened for the first time."""
        first = self._first.get(opened.uri)
        if first is None:
            first = opened.document.text() if opened.notebook else self._before(opened)
            while self._first and self._first_size + len(first) > MOST_SEEN:
                self._first_size -= len(self._first.pop(next(iter(self._first))))
            self._first[opened.uri] = first
            self._first_size += len(first)
        return first

    def _before(self, opened: OpenDocument) -> str:
        """The text that a document's file had when a scan first saw it, as far as hashes tell; that of the
        document, where none did."""
        text = opened.document.text()
        self._restored.discard(opened.uri)
        hashes = self._seen.of(opened.path)
        if hashes is None:
            return text
        from auto_enforcer.bases import is_all_crlf
        from auto_enforcer.comparing import lines_of
        from auto_enforcer.seen import restored

        data = text.encode()
        own = self._seen.hashes(data)
        if own == hashes:
            return text
        self._restored.add(opened.uri)
        return ("\r\n" if is_all_crlf(data) else "\n").join(restored(hashes, own, lines_of(data)))


def _bases_of(cells: Sequence[_Cell], base: Sequence[str]) -> list[CellBase]:
    """What the cells of a notebook are compared with; `base` are those that it had."""
    from auto_enforcer.cell_bases import bases_of
    from auto_enforcer.git import blob_id

    texts = ["".join(cell.lines).replace("\r\n", "\n") for cell in cells]
    found: list[CellBase] = []
    for cell, own, text in zip(
        cells, texts, bases_of(texts, [one.replace("\r\n", "\n") for one in base]), strict=True
    ):
        known = blob_id(text.encode())
        pairs = None if known == cell.known or own == text else Pairs(split_lines(text), cell.lines)
        found.append(CellBase(known, text, pairs))
    return found


def _found(comparing: Comparing, path: str, word: str, data: bytes | None) -> Answer:
    """What is found of the base of a file, by absolute path. What a notebook holds is read from the disk."""
    comparing.look_again()
    bases = comparing.bases(path, word)
    if bases is not None:
        bases.look_again()
    stood = comparing.stood(path, word, _on_disk(path) if data is None else data)
    answer = Answer(stood, "" if bases is None else bases.commit().name, comparing.inside(path))
    if stood is None or stood.data is None:
        return answer
    if data is None:
        return answer._replace(cells=_cells(stood.data))
    base = _text(stood, data)
    # Of long texts that is long: the loop is better left to those who type.
    pairs = None if stood.is_same else Pairs(split_lines(base), split_lines(data.decode()))
    return answer._replace(text=base, pairs=pairs)


def _known_lines(document: Document, base: str) -> list[Row]:
    """What stood in a base of which not all lines are known: what is found on the lines that are."""
    pairs = Pairs(split_lines(base), document.lines)
    found = ((pairs.base_of(row.number), row) for row in document.rows())
    return [row._replace(number=at) for at, row in found if at >= 0]


def _on_disk(path: str) -> bytes:
    """The bytes of a file; none of one that cannot be read."""
    try:
        with reading.open_regular(path) as file:
            return reading.read_block(file, LARGEST_NOTEBOOK)
    except OSError:
        return b""


def _text(stood: Stood, data: bytes) -> str:
    """The base's text. That of a document that is as it was is the document's own; other ones have its line
    ends too, so that it can become what it was."""
    from auto_enforcer.bases import is_all_crlf
    from auto_enforcer.comparing import lines_of

    assert stood.data is not None
    end = "\r\n" if is_all_crlf(data) else "\n"
    return data.decode() if stood.is_same else end.join(lines_of(stood.data))


def _cells(data: bytes) -> list[str] | None:
    """What the cells of a notebook of Jupyter's hold; None where it is none."""
    try:
        cells: Any = json.loads(data)["cells"]
        sources = [cell["source"] for cell in cells]
        texts = [one if isinstance(one, str) else "".join(one) for one in sources]
        return [text.replace("\r\n", "\n") for text in texts]
    except (ValueError, LookupError, TypeError, RecursionError):
        return None
