"""`auto-enforcer session`: what is kept of a workspace between runs, where, and how to be rid of it."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from typing import Any

from auto_enforcer import history, results
from auto_enforcer.cli_exit import CLEAN, UserError
from auto_enforcer.cli_files import real_path
from auto_enforcer.history import History
from auto_enforcer.model import NamedTuple
from auto_enforcer.render.text import counted, printable
from auto_enforcer.result_file import ResultFile
from auto_enforcer.workspaces import Workspaces

MOST_TOLD = 30
"""Days that are listed for a reader: the last ones."""

NO_PLACE = "nothing is kept: there is no folder for caches; name one in `AUTO_ENFORCER_CACHE_DIR`"


class _Kept(NamedTuple):
    """What is kept of a workspace."""

    root: str
    history_path: str
    history_size: int
    """Bytes; 0 where there is no file."""
    history: History
    results_path: str
    results_size: int
    answers: int
    """Those that this release can give again."""


def run(options: argparse.Namespace) -> int:
    """Tell what is kept of a workspace, or remove it; the exit code."""
    root = _root(options.path)
    paths = [history.path_of(root), results.path_of(root)]
    if not all(paths):
        raise UserError(NO_PLACE)
    if options.forget:
        gone = history.forget(paths)
        lines = [f"removed {path}" for path in gone] or ["there was nothing to remove"]
        sys.stdout.writelines(f"{printable(line)}\n" for line in lines)
        return CLEAN
    kept = _kept(root, *paths)
    if options.format == "json":
        import json

        sys.stdout.write(f"{json.dumps(_object(kept), indent=2)}\n")
    else:
        sys.stdout.writelines(f"{printable(line)}\n" for line in _lines(kept))
    return CLEAN


def _root(path: str) -> str:
    """The workspace that a path lies in. Raises UserError."""
    top = real_path(path)
    if not os.path.lexists(top):
        raise UserError(f"{path}: there is no such file or folder")
    folder = top if os.path.isdir(top) else os.path.dirname(top)
    return Workspaces().of_folder(folder).root


def _kept(root: str, history_path: str, results_path: str) -> _Kept:
    file = ResultFile(results_path, results.release())
    answers = len(file)
    file.close()
    sizes = _size(history_path), _size(results_path)
    return _Kept(root, history_path, sizes[0], history.read(history_path), results_path, sizes[1], answers)


def _size(path: str) -> int:
    try:
        return os.stat(path).st_size
    except OSError:
        return 0


def _lines(kept: _Kept) -> Iterator[str]:
    points, failed = kept.history
    yield f"workspace {kept.root}"
    if kept.history_size:
        days = counted(len(points), "day")
        yield f"history   {kept.history_path} ({_bytes(kept.history_size)}, {days})"
    else:
        yield "history   none yet; `auto-enforcer check` of the whole workspace begins one"
    if not kept.results_size:
        yield "results   none yet; `auto-enforcer check` keeps those of many files"
    elif kept.answers:
        files = counted(kept.answers, "file")
        yield f"results   {kept.results_path} ({_bytes(kept.results_size)}, of {files})"
    else:
        why = "damaged, or of another release; the next check makes them anew"
        yield f"results   {kept.results_path} ({_bytes(kept.results_size)}, {why})"
    if points:
        yield ""
        yield "day            blocked  warnings  historical"
        for point in points[-MOST_TOLD:]:
            yield f"{point.day}  {point.blocked:>10,}  {point.warnings:>8,}  {point.historical:>10,}"
        if len(points) > MOST_TOLD:
            yield f"{counted(len(points) - MOST_TOLD, 'earlier day')}: `--format json` has them"
    if failed:
        yield ""
        yield "rules that could not run, and when that was last so"
        for one in failed:
            yield f"{one.day}  `{one.rule}` in {counted(one.files, 'file')}"


def _object(kept: _Kept) -> dict[str, Any]:
    points, failed = kept.history
    return {
        "version": 1,
        "workspace": kept.root,
        "history": {
            "path": kept.history_path,
            "bytes": kept.history_size,
            "days": [point._asdict() for point in points],
            "could_not_run": [one._asdict() for one in failed],
        },
        "results": {"path": kept.results_path, "bytes": kept.results_size, "files": kept.answers},
    }


def _bytes(size: int) -> str:
    """A size as people say it."""
    if size < 1 << 10:
        return f"{size} bytes"
    return f"{size / 1024:.1f} KiB" if size < 1 << 20 else f"{size / (1 << 20):.1f} MiB"
