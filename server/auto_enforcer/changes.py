"""The files of a workspace that may enforce less than their base does: what `weakened` looks at."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence

from auto_enforcer import bases, files, reading, text, weakened
from auto_enforcer.bases import Bases
from auto_enforcer.comparing import Comparing
from auto_enforcer.git import GITLINK, SYMLINK, Entry, GitError, Repository, Staged
from auto_enforcer.session import Session
from auto_enforcer.weakened_change import Change


def since(session: Session, comparing: Comparing, paths: Iterable[str]) -> Iterator[Change]:
    """Those of the disk's files, and of the base's that are no more. A file that cannot be compared is left
    out: that is told elsewhere. Raises GitError where there is no base."""
    own = comparing.bases(_ANY, session.resolver.policy(_ANY).base)
    if own is None or not own.commit().id:
        return
    for path in paths:
        data, own_id = held(session, path)
        try:
            stood = comparing.stood(path, session.resolver.policy(path).base, data, own_id)
        except GitError:
            continue
        if stood is not None and stood.is_same:
            continue
        before = None if stood is None else stood.data
        if weakened.may_be(path, before, data):
            also = [one.data for one in comparing.stood_also(path, data, own_id)]
            yield Change(path, shown(before), shown(data), _texts(also))
    for path, entry in own.gone().items():
        inside = session.relative(os.path.join(own.repository.top, path))
        if weakened.is_telling(inside):
            was = own.repository.read(entry.id)
            if was is not None:
                yield Change(inside, shown(was.data), None)


def _texts(contents: Iterable[bytes | None]) -> tuple[str, ...]:
    return tuple([said for one in contents if (said := shown(one)) is not None])


def of_git(session: Session, all_bases: Sequence[Bases], staged: Iterable[Staged]) -> Iterator[Change]:
    """Those of the files as git has them, in the index or in a commit, which differ from each of the bases.
    Raises GitError."""
    repository = all_bases[0].repository
    for one in staged:
        if one.entry is not None and one.entry.mode in (GITLINK, SYMLINK):
            continue
        path = session.relative(os.path.join(repository.top, *one.path.split("/")))
        entries = [base.entry(one.path) for base in all_bases]
        before, *also = [None if entry is None else _data(repository, entry) for entry in entries]
        after = None if one.entry is None else _data(repository, one.entry)
        if weakened.may_be(path, before, after) and (after is not None or weakened.is_telling(path)):
            yield Change(path, shown(before), shown(after), _texts(also))


def _data(repository: Repository, entry: Entry) -> bytes | None:
    found = repository.read(entry.id)
    return None if found is None else found.data


_ANY = "enforcer.toml"
"""A path that stands for the workspace as such."""


def held(session: Session, path: str) -> tuple[bytes | None, str]:
    """A file's bytes; of one too large to be compared its name as git has it. One that cannot be read is as
    if it were empty: it is told when it is checked."""
    absolute = os.path.join(session.root, path)
    try:
        with reading.open_regular(absolute) as file:
            data = reading.read_block(file, bases.MOST_COMPARED + 1)
        return (data, "") if len(data) <= bases.MOST_COMPARED else (None, files.blob_id(absolute))
    except OSError:
        return b"", ""


def shown(data: bytes | None) -> str | None:
    """A text as the engine has it: `\\n` line ends, no byte order mark."""
    if data is None:
        return None
    said = data.decode(text.encoding_of(data), "replace").removeprefix("\ufeff")
    return said.replace("\r\n", "\n").replace("\r", "\n")
