"""What git ignores in a workspace: `.gitignore` files, nested ones, and `.git/info/exclude`."""

from __future__ import annotations

import os
from typing import Any

from auto_enforcer import reading

LARGEST = 1 << 20
"""Bytes of an ignore file that are read."""


class Ignored:
    """The ignore files that hold on the way down into a tree.

    The patterns are matched by pathspec, which is imported when the first ignore file is met.
    """

    __slots__ = ("_root", "_specs")

    def __init__(self, root: str, top: str) -> None:
        """`root` is the workspace; ignore files of the folders from there down to `top` hold too."""
        self._root = root
        self._specs: list[tuple[str, str, Any]] = []
        """(folder, its path relative to the root with a `/` at its end, what its file says), from the root
        down."""
        self._read(root, os.path.join(root, ".git", "info", "exclude"))
        inner = os.path.relpath(top, root) if top != root else "."
        folder = root
        for name in inner.split(os.sep):
            if name in (".", ".."):
                continue
            self._read(folder, os.path.join(folder, ".gitignore"))
            folder = os.path.join(folder, name)

    def enter(self, folder: str) -> None:
        """Go down into a folder."""
        self._read(folder, os.path.join(folder, ".gitignore"))

    def leave(self, folder: str) -> None:
        """Go up out of a folder that was entered."""
        if folder == self._root:
            return
        while self._specs and self._specs[-1][0] == folder:
            self._specs.pop()

    def ignores(self, relative: str, is_folder: bool) -> bool:
        """Whether a path, relative to the root, is ignored. The nearest file that speaks of it decides."""
        if not self._specs:
            return False
        for _, prefix, spec in reversed(self._specs):
            if relative.startswith(prefix):
                inner = relative[len(prefix) :] + ("/" if is_folder else "")
                said = spec.check_file(inner).include
                if said is not None:
                    return bool(said)
        return False

    def _read(self, folder: str, path: str) -> None:
        try:
            with reading.open_regular(path) as file:
                text = file.read(LARGEST).decode("utf-8", "surrogateescape")
        except OSError:
            return
        lines = [line for line in text.replace("\r\n", "\n").split("\n") if line and not line.startswith("#")]
        if not lines:
            return
        from pathspec import GitIgnoreSpec

        relative = os.path.relpath(folder, self._root).replace(os.sep, "/")
        prefix = "" if relative == "." else relative + "/"
        self._specs.append((folder, prefix, GitIgnoreSpec.from_lines(lines, backend="simple")))
