"""What is looked at beside a file's lines: its path, size and mode, its text as a whole; and the folders
that a walk comes through."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain

from auto_enforcer import globs, reading, text
from auto_enforcer.activation import Activation
from auto_enforcer.given import FileLook, FileObserver, Found, Given, found
from auto_enforcer.languages import language_of
from auto_enforcer.model import MOST_TEXT, FileView, Folder, FolderFinding, NamedTuple
from auto_enforcer.policy import Selection

MOST_FOUND = 1_000
"""What the rules about the workspace find in a run, at most; further findings are dropped."""

LARGEST_CONFIGURATION = 1 << 20
"""Bytes of a repository's configuration that are read."""

_FILE_MODE_OFF = rb"(?im)^[ \t]*filemode[ \t]*=[ \t]*(?:false|no|off|0)[ \t]*\r?$"


class Begun:
    """A file's looks that are seen without its text, done; those that read it are still to be done."""

    __slots__ = ("_failed", "_found", "_looks", "_view", "key")

    def __init__(self, view: FileView, looks: Iterable[FileLook], told: FileObserver | None = None) -> None:
        self._view = view
        self._looks: list[FileLook] = []
        self._found: list[Found] = []
        self._failed: list[Found] = []
        silenced: list[str] = []
        for look in looks:
            if not look.is_for(view) or (view.binary and not look.binaries):
                continue
            if not look.reads:
                self._found += found(look, view, told)
                continue
            try:
                excuse = look.silenced(view)
            except Exception as error:  # noqa: BLE001 — it is raised again where the walk tells of it
                self._failed.append((look, error))
                continue
            if excuse:
                silenced.append(look.id)
            else:
                self._looks.append(look)
        self.key = ""
        """What path, size and mode came to: beside the text all that decides what is found."""
        if self._found or self._failed or silenced:
            of_path = [(look.id, one) for look, one in (*self._found, *self._failed)]
            self.key = repr((of_path, silenced))

    def reads(self, *, few: bool) -> bool:
        """Whether a rule wants to read the text. `few`: in a file that few rules look at."""
        return any(look.everywhere or not few for look in self._looks)

    def given(
        self, data: bytes | None, content: str | None, *, few: bool, told: FileObserver | None = None
    ) -> Given | None:
        """What was found, None for nothing. `data` is what the file holds, None where that is too much or
        nobody reads; `content` its text, where that is known."""
        all_found = [one for one in (*self._found, *self._failed) if one[0].everywhere or not few]
        for look in self._looks if data is not None else ():
            if (few and not look.everywhere) or not look.is_triggered(data or b""):
                continue
            if content is None:
                content = _decoded(data or b"")
            # What depends on the path or the mode is decided beforehand.
            view = self._view._replace(path="", executable=None, text=content, matching=_none)
            all_found += found(look, view, told)
        return Given(all_found, content) if all_found else None


def begin(
    activation: Activation,
    selection: Selection,
    relative: str,
    *,
    size: int,
    executable: bool | None,
    first: bytes,
    binary: bool,
    language_id: str = "",
    told: FileObserver | None = None,
) -> Begun | None:
    """Look at a file, by its path relative to the workspace, as far as that goes without its text; None where
    no rule wants to. `first` are its first bytes."""
    looks = activation.file_looks(selection)
    if not looks:
        return None
    view = FileView(
        relative,
        language_of(relative, "", language_id),
        size,
        executable,
        first.startswith((b"#!", b"\xef\xbb\xbf#!")),
        binary,
        None,
        lambda patterns: matching(tuple(patterns), relative),
    )
    return Begun(view, looks, told)


def is_executable(mode: int) -> bool:
    """Whether a mode lets somebody run the file."""
    return bool(mode & (stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH))


def trusts_modes(root: str) -> bool:
    """Whether the modes of files mean anything in a workspace: not on Windows, nor where git found that the
    file system makes them up."""
    if os.name == "nt":
        return False
    folder = root
    while not os.path.lexists(os.path.join(folder, ".git")):
        above = os.path.dirname(folder)
        if above == folder:
            return True
        folder = above
    try:
        with reading.open_regular(os.path.join(folder, ".git", "config")) as file:
            return re.search(_FILE_MODE_OFF, file.read(LARGEST_CONFIGURATION)) is None
    except OSError:
        return True


@lru_cache(256)
def _compiled(patterns: tuple[str, ...]) -> re.Pattern[str] | None:
    """The globs as one expression; one that is no glob matches nothing."""
    sources = []
    for glob in patterns:
        try:
            sources.append(globs.translate(glob))
        except ValueError:
            sources.append("(?!)")
    return globs.compile_globs(sources) if sources else None


def matching(patterns: tuple[str, ...], path: str) -> str:
    """The first of some globs that a path relative to the workspace matches, "" for none. A folder's path
    ends in `/`."""
    pattern = _compiled(patterns)
    match = pattern.fullmatch(globs.composed(path)) if pattern is not None else None
    return patterns[(match.lastindex or 1) - 1] if match is not None else ""


def gathered(first: bytes, chunks: Iterator[bytes]) -> tuple[Iterator[bytes], bytes | None]:
    """The chunks again of a file that begins with `first`, and all it holds; None where that is more than
    MOST_TEXT bytes, or cannot be read to its end: then whoever comes to that place is told."""
    read, size = [first], len(first)
    while size <= MOST_TEXT:
        try:
            chunk = next(chunks, b"")
        except OSError as error:
            return chain(read, _raising(error)), None
        if not chunk:
            return iter(read), read[0] if len(read) == 1 else b"".join(read)
        read.append(chunk)
        size += len(chunk)
    return chain(read, chunks), None


def _raising(error: OSError) -> Iterator[bytes]:
    raise error
    yield b""


STALE = "files/stale-companion"
"""The rule that asks which paths differ from the base."""


class FolderFound(NamedTuple):
    """What a rule found in a folder."""

    folder: str
    rule: str
    message: str
    finding: FolderFinding
    failure: str = ""
    """Why the rule could not run."""
    is_old: bool = False
    """Whether it was so in the base."""


def in_folder(
    activation: Activation,
    selection: Selection,
    root: str,
    path: str,
    files: Sequence[str],
    folders: Sequence[str],
    changed: Callable[[], Sequence[str] | None],
    exists: Callable[[str], bool] | None = None,
) -> Iterator[FolderFound]:
    """What the rules about the workspace find in a folder, by its path relative to the root. `changed` gives
    the paths that differ from the base, `exists` tells what there is, if that is not what the disk has."""
    folder = Folder(
        path,
        files,
        folders,
        lambda patterns, name: matching(tuple(patterns), name),
        exists or (lambda name: os.path.lexists(os.path.join(root, *name.split("/")))),
    )
    if not path and STALE in selection.active():
        folder = folder._replace(changed=changed())
    for rule, options in activation.workspace_looks(selection, colliding=_may_collide([*files, *folders])):
        try:
            for finding in rule.check(folder, options):
                message = rule.message.format_map(finding.details or {})
                yield FolderFound(path, rule.id, message, finding)
        except Exception as error:  # noqa: BLE001 — the other rules go on, and the failure is itself reported
            yield FolderFound(path, rule.id, "", FolderFinding(), type(error).__name__)


def _may_collide(names: Sequence[str]) -> bool:
    """Whether two names may be one where small letters and capitals are not told apart."""
    return len({name.lower() for name in names}) < len(names) or not "".join(names).isascii()


def _decoded(data: bytes) -> str:
    """What a file holds as text, with its line ends, without a byte order mark."""
    return data.decode(text.encoding_of(data), "replace").removeprefix("\ufeff")


def _none(patterns: Sequence[str]) -> str:
    del patterns
    return ""
