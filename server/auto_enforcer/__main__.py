"""The installed command: `auto-enforcer`, also `python -m auto_enforcer`."""

from __future__ import annotations

import os
import sys


def main(arguments: list[str] | None = None) -> int:
    """Runs the command with `arguments` (default: the process's own) and returns its exit code."""
    _trust_only_installed_code()
    from auto_enforcer.cli import main as run

    return run(sys.argv[1:] if arguments is None else arguments)


def _trust_only_installed_code() -> None:
    """Takes the working folder and what PYTHONPATH names off `sys.path`, before anything else is imported:
    a workspace may plant a `json.py`. The standard library and the folder that holds this package stay, also
    where one of them is the working folder."""
    if sys.flags.isolated:
        return
    own = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    kept = {os.path.normcase(own), os.path.normcase(os.path.dirname(os.__file__))}
    named = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    untrusted = {_placed(entry) for entry in (*named, os.curdir)} - kept
    sys.path[:] = [entry for entry in sys.path if _placed(entry) not in untrusted]


def _placed(entry: str) -> str:
    """An entry of a path as one that can be compared. Where the working folder is gone, relative ones stay
    as they are: nothing can be imported from there."""
    try:
        return os.path.normcase(os.path.abspath(entry))
    except OSError:
        return os.path.normcase(entry or os.curdir)


if __name__ == "__main__":
    sys.exit(main())
