"""The file that a report is written to: whole, or as it was."""

from __future__ import annotations

import os
from collections.abc import Iterable

from auto_enforcer.cli_exit import UserError
from auto_enforcer.policy_words import failing


class Output:
    """Where a report goes. Made before the run, so that a path that cannot be written is told at once."""

    __slots__ = ("_folder", "_path", "_shown")

    def __init__(self, shown: str) -> None:
        """Raises UserError for what no report can be written to."""
        if not shown:
            raise UserError("`--output` is empty; give the file that the report goes to")
        if shown == "-":
            raise UserError("`--output -`: leave it out for standard output; a file of that name is `./-`")
        self._shown = shown
        self._path = os.path.abspath(shown)
        self._folder = os.path.dirname(self._path)
        if os.path.isdir(self._path):
            raise UserError(f"{shown} is a folder; give the file that the report goes to")
        if os.path.lexists(self._path) and not os.path.isfile(self._path):
            raise UserError(f"{shown} is no regular file; leave `--output` out and redirect instead")
        if not os.path.isdir(self._folder):
            raise UserError(f"{shown}: there is no such folder; make it first")
        if not os.access(self._folder, os.W_OK):
            raise UserError(f"{shown}: cannot be written: nothing may be made in its folder")

    def write(self, chunks: Iterable[str]) -> None:
        """Take the chunks, and put them in the place of what the file holds when the last has come. Nothing
        is written beside it until then, where a run would find it. Raises UserError."""
        import tempfile

        with tempfile.TemporaryFile("w+", encoding="utf-8", errors="backslashreplace", newline="") as spool:
            for chunk in chunks:
                spool.write(chunk)
            spool.seek(0)
            self._put(iter(lambda: spool.read(1 << 16), ""))

    def _put(self, chunks: Iterable[str]) -> None:
        beside = f"{self._path}.{os.getpid()}.tmp"
        try:
            try:
                with open(beside, "x", encoding="utf-8", newline="") as file:
                    file.writelines(chunks)
                os.replace(beside, self._path)
            except BaseException:
                if os.path.lexists(beside):
                    os.unlink(beside)
                raise
        except OSError as error:
            raise UserError(f"{self._shown}: cannot be written: {failing(error)}") from None
