"""`auto-enforcer commit-msg`: judges a commit's message, as git's hook of that name is asked to."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator

from auto_enforcer import cli_new, git, reading
from auto_enforcer.cli_exit import UserError
from auto_enforcer.cli_files import shown_path, today, told
from auto_enforcer.git import GitError
from auto_enforcer.model import Skipped
from auto_enforcer.render.items import CouldNotRun, Item, Tally
from auto_enforcer.session import Session
from auto_enforcer.workspaces import Workspaces

RULES = ("secrets", "unicode", "naming/retired-term")
"""What a message is looked at for, as far as the policy has it on."""

NAME = "COMMIT_EDITMSG"
"""The path that a message has for the policy: a file at the top of the workspace."""

LARGEST_MESSAGE = 16 << 20
"""Bytes of a message, at most."""

_SCISSORS = b" ------------------------ >8 ------------------------"
_COMMENT_SIGNS = b"#;@!$%^&|:"
"""The signs that git chooses from where it is told to choose one (git-config(1), `core.commentChar`)."""


def add(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("file", metavar="FILE", help="the message, in the file that git names to its hook")


def run(options: argparse.Namespace) -> int:
    """Judge a message; the exit code."""
    if not options.file:
        raise UserError("the path is empty; give the file of the message")
    from auto_enforcer import cli_gates

    workspaces = Workspaces(only=RULES, today=today())
    session = workspaces.of_folder(os.getcwd())
    path = os.path.abspath(options.file)
    code = cli_gates.told(_judged(session, path), Tally(), workspaces)
    workspaces.close()
    return code


def _judged(session: Session, path: str) -> Iterator[Item]:
    with reading.open_regular(path) as file:
        data = file.read(LARGEST_MESSAGE + 1)
    shown = shown_path(path)
    if len(data) > LARGEST_MESSAGE:
        yield CouldNotRun(shown, f"larger than {LARGEST_MESSAGE >> 20} MiB")
        return
    said = _settings(session) if git.top_of(session.root) else {}
    data = kept(
        data,
        said.get("commit.cleanup", "default"),
        os.fsencode(said.get("core.commentstring") or said.get("core.commentchar") or "#"),
        # So git tells its hooks that nobody edits the message (githooks(5)).
        edited=os.environ.get("GIT_EDITOR") != ":",
    )
    checked = session.check_chunks(NAME, [data], lambda: [data], shown=shown, mode=0o100644)
    if checked.report is not None:
        yield checked.report
    if isinstance(checked.skipped, Skipped):
        if checked.skipped.reason == "binary":
            yield CouldNotRun(shown, "it is no text")
        else:
            yield checked.skipped
    for failure in session.failures:
        yield CouldNotRun(failure.path, told(failure.reason))


def _settings(session: Session) -> dict[str, str]:
    """What git's configuration says. From now on the policy is the one that will be committed."""
    repository = cli_new.repository_of(session)
    cli_new.go_by_staged_policy(session, repository)
    try:
        return dict(repository.settings())
    except GitError as error:
        raise UserError(str(error)) from None


def kept(data: bytes, cleanup: str, comment: bytes, *, edited: bool) -> bytes:
    """What git will commit of a message, the lines that it leaves out made empty. `cleanup` is the mode of
    git-commit(1), `comment` what a comment begins with or "auto", `edited` whether a person edits the message
    after git has written into it. What cannot be told is kept."""
    lines = data.split(b"\n")
    if comment == b"auto":
        comment = _sign(lines)
    strips = cleanup == "strip" or (edited and cleanup not in ("whitespace", "verbatim", "scissors"))
    if edited:
        for number, line in enumerate(lines):
            if line.rstrip(b"\r") == comment + _SCISSORS and (
                cleanup == "scissors" or _is_of_git(lines[number + 1 :], comment)
            ):
                del lines[number:]
                break
    return b"\n".join([b"" if strips and line.startswith(comment) else line for line in lines])


def _is_of_git(lines: list[bytes], comment: bytes) -> bool:
    """Whether what is below the scissors is the difference that `git commit -v` shows, and not somebody's
    words, which git would commit."""
    for line in lines:
        if line.strip() and not line.startswith(comment):
            return line.startswith(b"diff --")
    return True


def _sign(lines: list[bytes]) -> bytes:
    """The sign that git chose for comments: that of its own lines, which end what it writes."""
    for line in reversed(lines):
        if line.endswith(_SCISSORS) and len(line) == len(_SCISSORS) + 1:
            return line[:1]
    last = next((line for line in reversed(lines) if line.strip()), b"")
    return last[:1] if last and last[0] in _COMMENT_SIGNS else b"#"
