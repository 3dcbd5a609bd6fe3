"""What comes of the files that a command checks, and how they are named."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterable, Iterator
from datetime import date

from auto_enforcer import clock, files
from auto_enforcer.cli_exit import UserError
from auto_enforcer.model import Skipped
from auto_enforcer.render.items import CouldNotRun, Item
from auto_enforcer.session import Session
from auto_enforcer.walk import Observer
from auto_enforcer.workspaces import Workspaces


def today() -> date | None:
    """The day that `AUTO_ENFORCER_TODAY` says; None for the real one."""
    try:
        return clock.fixed_day()
    except ValueError as error:
        raise UserError(str(error)) from None


def found_below(
    workspaces: Workspaces, paths: Iterable[str], listed: files.Listed | None = None
) -> Iterator[files.Found | files.Left]:
    """The files that a command is to look at, each once, for the paths that it was given; `listed` is told of
    the folders. Raises UserError."""
    seen: set[str] = set()
    tops = [real_path(path) for path in paths]
    named, several = frozenset(tops), len(tops) > 1
    for top in tops:
        is_folder = os.path.isdir(top)
        session = workspaces.of_folder(top if is_folder else os.path.dirname(top))
        place = session.excluded(f"{session.relative(top)}/") if is_folder and top != session.root else None
        if place is not None:
            yield files.Left(top, f"{files.EXCLUDED}: {place}")
            continue
        for one in files.walk(top, session.root, _exclusion(session), listed):
            if several:
                is_linked = one.path not in named and os.path.islink(one.path)
                path = os.path.realpath(one.path) if is_linked else one.path
                if path in seen:
                    continue
                seen.add(path)
            if one.path not in named:
                yield one
            elif isinstance(one, files.Found):
                yield files.Found(one.path, named=True)
            else:
                yield files.Left(one.path, f"named: {one.reason}")


def _exclusion(session: Session) -> Callable[[str], bool]:
    resolver = session.resolver

    def excluded(relative: str) -> bool:
        return resolver.policy(relative).excluded(relative) is not None

    return excluded


def left(one: files.Left) -> Iterator[Item]:
    """What the walk left out: a file asked for by name could not be checked, another was skipped."""
    shown = shown_path(one.path)
    kind, _, reason = one.reason.partition("named: ")
    if reason and not kind:
        yield CouldNotRun(shown, told(reason))
    else:
        yield Skipped(shown, one.reason)


def checked_file(
    workspaces: Workspaces, one: files.Found, observer: Observer | None = None
) -> Iterator[Item]:
    """What came of a file: its report, that it was skipped, what could not run. `observer` is told of the
    looks."""
    session = workspaces.of(one.path)
    before = len(session.failures)
    checked = session.check_file(one.path, shown_path(one.path), observer=observer)
    if checked.report is not None:
        yield checked.report
    unreadable = checked.skipped is not None and checked.skipped.reason.startswith("unreadable")
    if checked.skipped is not None and not (unreadable and one.named):
        yield checked.skipped
    if not unreadable or one.named:
        for failure in session.failures[before:]:
            yield CouldNotRun(failure.path, told(failure.reason))
    # They are told, and must not fill the session's memory: what fails later is told too.
    del session.failures[before:]


def recalled_file(workspaces: Workspaces, one: files.Found) -> list[Item] | None:
    """What comes of a file, where an earlier run has found it; None where it must be checked."""
    checked = workspaces.of(one.path).recall(one.path, shown_path(one.path))
    return checked and [item for item in checked if item is not None]


def of_folders(workspaces: Workspaces) -> Iterator[Item]:
    """What the rules about the workspace found in the folders that were walked."""
    for session in workspaces.sessions():
        before = len(session.failures)
        yield from session.folder_reports(shown_path)
        for failure in session.failures[before:]:
            yield CouldNotRun(failure.path, told(failure.reason))
        del session.failures[before:]


def shown_path(path: str) -> str:
    """An absolute path as it is shown: relative to the working folder where it lies below."""
    here = os.getcwd()
    if path.startswith(here + os.sep):
        path = path[len(here) + 1 :]
    return path.replace(os.sep, "/") if os.sep != "/" else path


def told(reason: str) -> str:
    """Why a path that was asked for by name could not be checked, as people say it."""
    kind, _, why = reason.partition("unreadable: ")
    if kind or not why:
        return f"it is {reason}" if reason.startswith("a ") else reason
    if why == os.strerror(errno.ENOENT):
        return "there is no such file or folder"
    from auto_enforcer.policy_words import failing

    return f"cannot be read: {failing(OSError(-1, why))}"


def not_counted(path: str) -> str:
    """What to say of a configuration file above the working folder."""
    place = os.path.dirname(path)
    return f"`{path}` is not used: outside of git a workspace is the working folder; run this in `{place}`"


def real_path(path: str) -> str:
    """A path that was asked for, absolute. Raises UserError for an empty one, which would be the working
    folder."""
    if not path:
        raise UserError("the path is empty; write `.` for the working folder")
    return os.path.abspath(path)
