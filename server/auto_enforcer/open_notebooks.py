"""Looks at the text of a notebook that an editor shows as the text of its file, not as cells: as the command
looks at the file, some of it at a time, so that nobody who types waits for the rest."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence

from auto_enforcer import notebook_reader, notebooks, text
from auto_enforcer.activation import Activation, known_language
from auto_enforcer.file_checks import Facts
from auto_enforcer.given import Given
from auto_enforcer.lines import Lines
from auto_enforcer.model import DIFFERS, MOST_TEXT, File, Row
from auto_enforcer.policies import Policies
from auto_enforcer.preparing import Preparing
from auto_enforcer.walk import Walk

SLICE = 0.003
"""Seconds after which others have their turn. The source of a cell is looked at at once, and of a longer one
256 KiB."""

MOST_LINES = 20_000
MOST_CHARACTERS = 4 << 20
"""A notebook of this size is looked at again after each edit, which takes about a tenth of a second; what is
found in a larger one moves with its lines until it is saved."""

CHUNK = 1_024
"""Lines that are read at once."""

_MARK = "\ufeff"


class OpenNotebook:
    """Looks at the texts of one notebook, by its path relative to the workspace: the one that is open and its
    base."""

    __slots__ = (
        "_activation",
        "_files",
        "_is_marked",
        "_marked",
        "_policies",
        "_preparing",
        "_relative",
        "plan",
    )

    def __init__(
        self,
        relative: str,
        policies: Policies,
        preparing: Preparing,
        activation: Activation,
        files: Callable[[str, Sequence[str]], Given],
        marked: Callable[[], bool],
    ) -> None:
        """`files` lets the rules about files look at a text, whose first lines decide on it; `marked` says
        whether the file has a byte order mark, which makes it no notebook."""
        self._relative = relative
        self._policies = policies
        self._preparing = preparing
        self._activation = activation
        self._files = files
        self._marked = marked
        self._is_marked = False
        self.plan = activation.nothing()
        """For its lines: what there is to tell of them is found in the whole."""

    def is_small(self, lines: int, characters: int) -> bool:
        """Whether all of a text of this size is looked at after each edit."""
        return lines <= MOST_LINES and characters <= MOST_CHARACTERS

    def look(self, lines: Sequence[str], given: Given | None, file: File) -> Iterator[Given | None]:
        """Look at a text; ends with what is found. `given` is what the rules about files found before, None
        lets them look; `file` knows whether the text differs from its base."""
        since = time.perf_counter()
        for found in self._turns(lines, given, file):
            if found is not None or time.perf_counter() - since >= SLICE:
                yield found
                since = time.perf_counter()

    def _turns(self, lines: Sequence[str], given: Given | None, file: File) -> Iterator[Given | None]:
        """The same, with None wherever others may have their turn."""
        if given is None:
            self._is_marked = self._marked()
        kernel: str | None = None
        if not (self._is_marked or lines[0].startswith(_MARK) or self._policies.excluded(self._relative)):
            kernel = yield from notebook_reader.survey_in_turns(_chunks(lines))
        if given is None:
            content = "".join(lines)
            given = self._files(content, () if kernel is not None else _head(content))
        if kernel is None:
            yield given
            return
        rows, unchecked = list[Row](), set[str]()
        held = b"".join(_chunks(lines)) if given else None
        if held is not None and len(held) > MOST_TEXT:
            held = None  # the rules about files have read nothing of it
        asked = self._asked(kernel, file, unchecked)
        for row in notebooks.rows_in_turns(_chunks(lines), asked, given or None, held):
            if row is None:
                yield None
            else:
                rows.append(row)
        yield Given((), rows=rows, of_file=given, unchecked=unchecked)

    def _asked(self, kernel: str, file: File, unchecked: set[str]) -> notebooks.Asked:
        """How the command checks it; the rules that could not run are added to `unchecked`."""
        selection = self._policies.selection(self._relative)
        prepared, _ = self._preparing.prepare(self._relative, "", (), marked=False)

        def of_cell(language: str, find: Callable[[], frozenset[str]]) -> File:
            facts = Facts(frozenset(), find, lambda: DIFFERS in file.anywhere)
            return File(language, prepared.today, facts)

        def walked(walk: Walk) -> None:
            unchecked.update(walk.failed)

        return notebooks.Asked(
            kernel,
            prepared.plan,
            self._activation.plan(selection, shapes_only=True),
            self.plan,
            of_cell,
            known_language,
            walked,
        )


def _head(content: str) -> Sequence[str]:
    """The first lines of a text as they decide on its file."""
    return Lines(content[: text.HEAD]).head()


def _chunks(lines: Sequence[str]) -> Iterator[bytes]:
    """The text, some lines at a time."""
    for start in range(0, len(lines), CHUNK):
        yield text.encode("".join(lines[start : start + CHUNK]))
