"""What `check --new` says of changes that enforce less than the base does."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence

from auto_enforcer import changes, verdict, weakened
from auto_enforcer.bases import Bases
from auto_enforcer.cli_files import shown_path
from auto_enforcer.git import GitError, Staged
from auto_enforcer.model import Report
from auto_enforcer.session import Session
from auto_enforcer.weakened_change import RULE, Change
from auto_enforcer.workspaces import Workspaces


def of_disk(workspaces: Workspaces) -> Iterator[Report]:
    """What was changed of the files that were checked, and of those that are no more."""
    for session in workspaces.sessions():
        comparing = session.comparing
        if comparing is None:
            continue
        try:
            yield from _reports(session, changes.since(session, comparing, list(comparing.differing)))
        except GitError:
            continue  # That there is no base is told where the files are compared.


def of_git(session: Session, all_bases: Sequence[Bases], staged: Iterable[Staged]) -> Iterator[Report]:
    """What was changed of files as git has them."""
    try:
        yield from _reports(session, changes.of_git(session, all_bases, staged))
    except GitError:
        return  # That a text is missing is told where the file is checked.


def _reports(session: Session, changed: Iterable[Change]) -> Iterator[Report]:
    for path, row in weakened.found(session, list(changed)):
        setting = session.resolver.policy(path).select(path).setting(RULE)
        if setting.on:
            judged = verdict.judge(setting.severity, stage=setting.stage(session.today))
            yield Report(
                shown_path(os.path.join(session.root, *path.split("/"))), [(row, judged)], beside=True
            )
