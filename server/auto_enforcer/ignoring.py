"""What git ignores in a workspace: `.gitignore` files, nested ones, and `.git/info/exclude`.

The library for it costs more than a whole start of the command, so the patterns are matched by `wildmatch`.
"""

from __future__ import annotations

import os
from collections.abc import Collection

from auto_enforcer import reading
from auto_enforcer.model import NamedTuple
from auto_enforcer.wildmatch import Patterns, bytewise

LARGEST = 1 << 20
"""Bytes of an ignore file that are read."""


class Ignored:
    """The ignore files that hold on the way down into a tree; a repository inside of another has its own."""

    __slots__ = ("_levels",)

    def __init__(self, root: str, top: str) -> None:
        """`root` is the workspace. The ignore files of the folders above `top` hold too, from the one that
        has `.git`, else from `root`; `top` itself is to be entered. Both paths are absolute."""
        self._levels: list[_Level] = []
        folders = [top]
        while not os.path.lexists(os.path.join(folders[-1], ".git")):
            above = os.path.dirname(folders[-1])
            if above == folders[-1]:
                del folders[folders.index(root) + 1 if root in folders else 1 :]
                break
            folders.append(above)
        for index in range(len(folders) - 1, 0, -1):
            names = (".git", ".gitignore")
            self.enter(folders[index], [n for n in names if os.path.lexists(os.path.join(folders[index], n))])
            if self.ignores(folders[index - 1], is_folder=True):
                # What was asked for lies in a folder that these files ignore: they have no say below it.
                self._levels.clear()

    def enter(self, folder: str, names: Collection[str]) -> None:
        """Go down into a folder that has files of these names."""
        if ".git" in names:
            patterns = _read(repository_file(os.path.join(folder, ".git"), "exclude"))
            self._levels.append(_Level(folder, len(os.path.join(folder, "")), True, patterns))
        if ".gitignore" in names:
            patterns = _read(os.path.join(folder, ".gitignore"))
            if patterns is not None:
                self._levels.append(_Level(folder, len(os.path.join(folder, "")), False, patterns))

    def leave(self, folder: str) -> None:
        """Go up out of a folder that was entered."""
        while self._levels and self._levels[-1].folder == folder:
            self._levels.pop()

    def ignores(self, path: str, *, is_folder: bool) -> bool:
        """Whether a path, absolute, in the folder entered last is ignored. The nearest file that speaks of it
        decides."""
        for level in reversed(self._levels):
            if level.patterns is not None:
                said = level.patterns.said_of(bytewise(path[level.cut :]), is_folder=is_folder)
                if said is not None:
                    return said
            if level.repository:
                break
        return False


class Tracked:
    """Knows the files that git tracks although ignore files name them: git does not ignore those. Of a
    repository it is asked once, when something in it is ignored."""

    __slots__ = ("_in", "_tops")

    def __init__(self) -> None:
        self._tops: dict[str, str] = {}
        self._in: dict[str, tuple[frozenset[str], frozenset[str]]] = {}
        """By the top of a work tree: the files, and the folders that they lie in, by absolute path."""

    def has(self, path: str, *, is_folder: bool) -> bool:
        """Whether an ignored file is tracked, or something in an ignored folder is. The path is absolute."""
        from auto_enforcer import git

        folder = os.path.dirname(path)
        top = self._tops.get(folder)
        if top is None:
            top = self._tops[folder] = git.top_of(folder)
        if not top:
            return False
        known = self._in.get(top)
        if known is None:
            known = self._in[top] = _tracked(top)
        return path in known[is_folder]


def _tracked(top: str) -> tuple[frozenset[str], frozenset[str]]:
    from auto_enforcer import git

    try:
        said = git.Repository(top).tracked_though_ignored()
    except git.GitError:
        return frozenset(), frozenset()  # then the ignore files alone have the word
    files = {os.path.join(top, *path.split("/")) for path in said}
    folders = set[str]()
    for path in files:
        while (path := os.path.dirname(path)) not in folders and len(path) > len(top):
            folders.add(path)
    return frozenset(files), frozenset(folders)


class _Level(NamedTuple):
    """An ignore file's patterns, which are relative to `folder`, `cut` characters long with its slash;
    `repository`: nothing above holds here."""

    folder: str
    cut: int
    repository: bool
    patterns: Patterns | None


def _read(path: str) -> Patterns | None:
    """The patterns of an ignore file, None where there is none to read."""
    try:
        with reading.open_regular(path) as file:
            text = file.read(LARGEST)
    except OSError:
        return None
    lines = text.removeprefix(b"\xef\xbb\xbf").decode("latin-1").split("\n")
    kept = [line.removesuffix("\r") for line in lines if line and line[0] != "#"]
    return Patterns(map(_pattern, kept)) if kept else None


def _pattern(line: str) -> tuple[str, bool]:
    """The pattern of a line, and whether it ignores or (after a `!`) takes back."""
    pattern = _without_trailing_spaces(line)
    return (pattern[1:], False) if pattern.startswith("!") else (pattern, True)


def repository_file(git: str, name: str) -> str:
    """Where a repository's own file of this name is (`exclude`, `attributes`). `git` is the path of its
    `.git`: a folder, or the file of a worktree or submodule that points to one."""
    if os.path.isdir(git):
        return os.path.join(git, "info", name)
    folder = os.path.join(os.path.dirname(git), reading.beginning(git).removeprefix("gitdir:").strip())
    common = reading.beginning(os.path.join(folder, "commondir")).strip()
    return os.path.join(folder, common, "info", name)


def _without_trailing_spaces(line: str) -> str:
    """The line without the spaces at its end, save one that a backslash keeps."""
    stripped = line.rstrip(" ")
    if len(stripped) == len(line):
        return line
    backslashes = len(stripped) - len(stripped.rstrip("\\"))
    return stripped + " " if backslashes % 2 else stripped
