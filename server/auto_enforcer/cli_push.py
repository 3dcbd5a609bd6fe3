"""`auto-enforcer pre-push`: judges what a push would bring to a remote, as git's hook of that name.

What is pushed git says on standard input, a ref a line (githooks(5)); the pre-commit framework, which reads
that itself, says it in the environment, and of several refs names one.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from functools import partial

from auto_enforcer import cli_gates, cli_new, git
from auto_enforcer.cli_between import Between
from auto_enforcer.cli_exit import CLEAN, FAILED, UserError
from auto_enforcer.cli_files import today
from auto_enforcer.git import GitError, Repository
from auto_enforcer.model import NamedTuple
from auto_enforcer.render.items import CouldNotRun, Item, Tally
from auto_enforcer.render.text import printable
from auto_enforcer.workspaces import Workspaces

MOST_REFS = 1_000
"""Refs that are judged in one push."""


LARGEST_SAID = 16 << 20
"""Bytes that git may say of them."""

_LEAVES = (
    "{} would bring commit {} too; rewrite it (`git rebase --interactive`) where what it brought must not"
    " leave:\n"
)

_LEFT_OUT = (
    "so many commits are pushed at once that {} of them, the oldest, were not looked through for secrets;"
    " `auto-enforcer check --commit REV` looks through one"
)


class Pushed(NamedTuple):
    """A ref that is pushed."""

    name: str
    """As people know it."""
    commit: str
    """A revision."""
    there: str
    """The commit that the ref is at now, at the remote; "" where there is none."""


def add(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument(
        "remote",
        nargs="?",
        default="",
        metavar="REMOTE",
        help="the remote's name, as git says it to its hook",
    )
    parser.add_argument("url", nargs="?", default="", metavar="URL", help="its address, as git says it")


def run(options: argparse.Namespace) -> int:
    """Judge what is pushed; the exit code."""
    all_pushed = list(_of_framework(os.environ) or _of_git())
    if len(all_pushed) > MOST_REFS:
        raise UserError(f"more than {MOST_REFS} refs are pushed at once; push fewer")
    if not all_pushed:
        return CLEAN
    workspaces = Workspaces(today=today())
    repository = cli_new.repository_of(workspaces.of_folder(os.getcwd()))
    remote = os.environ.get("PRE_COMMIT_REMOTE_NAME") or options.remote
    url = os.environ.get("PRE_COMMIT_REMOTE_URL") or options.url
    try:
        remote = _named(repository, remote, url)
    except GitError as error:
        raise UserError(str(error)) from None
    codes, judged = set[int](), dict[str, None]()
    between = Between()
    for pushed in all_pushed:
        name = printable(pushed.name)
        brought = list[str]()
        tally = Tally(new_only=True)
        items = _judged(workspaces, repository, pushed, remote, judged, tally, brought)
        codes.add(cli_gates.told(items, tally, workspaces, f"{name}:\n" if len(all_pushed) > 1 else ""))
        for commit, items, tally in between.found(brought):
            codes.add(cli_gates.told(items, tally, None, _LEAVES.format(name, commit[:12])))
    if between.left_out:
        sys.stderr.write(f"auto-enforcer: {_LEFT_OUT.format(between.left_out)}\n")
    between.close()
    workspaces.close()
    return FAILED if FAILED in codes else max(codes)


def _of_git() -> Iterator[Pushed]:
    """What git says is pushed; what is removed there is left out."""
    if sys.stdin.isatty():
        raise UserError("git says on standard input what is pushed; run this as its hook `pre-push`")
    said = sys.stdin.buffer.read(LARGEST_SAID + 1)
    if len(said) > LARGEST_SAID:
        raise UserError("too much is pushed at once; push fewer refs")
    for line in said.splitlines():
        words = os.fsdecode(line).rsplit(maxsplit=3)
        if len(words) != 4:
            raise UserError("what is pushed is not said as git says it to its hook `pre-push`")
        _, commit, ref, there = words
        if commit.strip("0"):
            yield Pushed(ref, commit, there if there.strip("0") else "")


def _of_framework(said: os._Environ[str]) -> list[Pushed]:
    """What the pre-commit framework says is pushed, where it is that which asks."""
    commit = said.get("PRE_COMMIT_TO_REF", "")
    branch = said.get("PRE_COMMIT_LOCAL_BRANCH", "")
    if commit or said.get("PRE_COMMIT") == "1":
        # Of a push of all there is it names the branch alone.
        name = said.get("PRE_COMMIT_REMOTE_BRANCH") or branch or commit or "HEAD"
        return [Pushed(name, commit or branch or "HEAD", said.get("PRE_COMMIT_FROM_REF", ""))]
    return []


def _named(repository: Repository, remote: str, url: str) -> str:
    """The name of a remote: git calls one that is pushed to by its address by that. "" for no remote."""
    said = repository.settings()
    if f"remote.{remote}.url" in said:
        return remote
    named = (key[len("remote.") : -len(".url")] for key, value in said.items() if value == (url or remote))
    return next((name for name in named if name), remote)


def _judged(
    workspaces: Workspaces,
    repository: Repository,
    pushed: Pushed,
    remote: str,
    judged: dict[str, None],
    tally: Tally,
    brought: list[str],
) -> Iterator[Item]:
    """What a ref brings that is new. `judged` are the commits of refs before it, whose own was told;
    `brought` is filled with the commits that it brings, the newest first."""
    session = workspaces.of_folder(os.getcwd())
    try:
        own = repository.commit(pushed.commit)
        if not own:
            yield CouldNotRun(pushed.name, f"`{pushed.commit[:40]}` is no commit that is here")
            return
        there = repository.commit(pushed.there) if pushed.there else ""
        known = [*([there] if there else ()), *judged]
        commits, edge = repository.beyond(own, known, remote)
        judged[own] = None
        if not commits:
            return
        brought += commits
        words = list(dict.fromkeys([*([there] if there else ()), *edge]))
        if not words:
            _refuse_cut(repository, pushed, remote)
            words = [git.NOTHING]
        cli_new.go_by_policy(session, repository, partial(repository.entry, own))
        yield from cli_new.changed(
            workspaces, session, words, lambda commit: repository.differing(commit, own), (), tally
        )
    except (GitError, UserError) as error:
        yield CouldNotRun(pushed.name, str(error))


def _refuse_cut(repository: Repository, pushed: Pushed, remote: str) -> None:
    """Raise GitError where what is pushed cannot be compared, though there is something to compare with.
    Where the remote has nothing, all is new."""
    if pushed.there:
        fetch = f"git fetch {remote}".strip()
        raise GitError(f"it is at `{pushed.there[:12]}` there, which is not here; fetch it with `{fetch}`")
    if repository.is_shallow:
        raise GitError(
            "the history is cut off before what the remote has; fetch it with `git fetch --unshallow`"
        )
