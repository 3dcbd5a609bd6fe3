"""`check --new`, `--base`, `--staged` and `--commit`: what files are compared with, and which files are
checked where it is not those of the disk."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial

from auto_enforcer import cli_weakened, files, git
from auto_enforcer.bases import AUTO, Bases
from auto_enforcer.cli_exit import UserError
from auto_enforcer.cli_files import real_path, shown_path, told
from auto_enforcer.files import BASELINE
from auto_enforcer.git import GITLINK, SYMLINK, Entry, GitError, Repository, Staged
from auto_enforcer.model import Report, Skipped
from auto_enforcer.render.items import CouldNotRun, Item, Tally
from auto_enforcer.session import Session
from auto_enforcer.workspaces import Workspaces


def compared(workspaces: Workspaces, items: Iterable[Item], tally: Tally) -> Iterator[Item]:
    """The items, each report's old rows told from its new ones; then what stands in the way of telling."""
    for item in items:
        if not isinstance(item, Report):
            yield item
            continue
        path = os.path.abspath(item.path)
        session = workspaces.of(path)
        before = len(session.failures)
        yield session.compared(path, item)
        yield from _failures(session, before)
    yield from cli_weakened.of_disk(workspaces)
    yield from _ended(workspaces, tally)


def _failures(session: Session, before: int) -> Iterator[Item]:
    for failure in session.failures[before:]:
        yield CouldNotRun(failure.path, told(failure.reason))
    del session.failures[before:]


def _ended(workspaces: Workspaces, tally: Tally) -> Iterator[Item]:
    """Note what files were compared with. A gate that had nothing to compare is not green."""
    names = dict[str, None]()
    idle: list[Item] = []
    is_idle = True
    for session in workspaces.sessions():
        comparing = session.comparing
        if comparing is None:
            continue
        try:
            if comparing.bases("", session.policy(os.path.join(session.root, "any")).base) is None:
                names["nothing, for it is in no git repository"] = None
            for bases in comparing.all():
                commit = bases.commit()
                names[commit.name] = None
                is_idle = is_idle and commit.is_own and not bases.differs and bases.is_clean()
                if is_idle:
                    how = "in more than its line ends" if bases.ends_differ else "from it"
                    said = (
                        f"there is nothing to compare: `{commit.name}`, the base, is the revision that is"
                        f" checked out, and no file differs {how}; name another one with `--base`"
                    )
                    idle.append(CouldNotRun(shown_path(session.root), said))
        except GitError as error:
            if not tally.failures:
                yield CouldNotRun(shown_path(session.root), str(error))
    # Where one of several repositories has something to compare, as a submodule's may have not, there was.
    yield from idle if is_idle else ()
    tally.base = ", ".join(names)


def _is_in(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder + os.sep)


def refuse_missing_base(workspaces: Workspaces, paths: Iterable[str]) -> None:
    """Raise UserError for a base that was asked for and is not there: all would be told as new."""
    for path in map(real_path, paths):
        session = workspaces.of_folder(path if os.path.isdir(path) else os.path.dirname(path))
        assert session.comparing is not None
        try:
            session.comparing.bases("", "")
        except GitError as error:
            raise UserError(str(error)) from None


def staged(workspaces: Workspaces, paths: Iterable[str], base: str, tally: Tally) -> Iterator[Item]:
    """What is found in the files of the index that differ from a revision, as the index has them; without one
    from what the next commit will be made on: HEAD, or each parent of a merge that is under way."""
    session = workspaces.of_folder(os.getcwd())
    repository = repository_of(session)
    words = [base] if base else _parents(repository)
    index = _index(session)
    go_by_staged_policy(session, repository)
    yield from changed(
        workspaces, session, words, lambda commit: repository.staged(commit, index), paths, tally
    )


def _index(session: Session) -> str:
    """The index that git lets its hooks look at; "" for the usual one."""
    named = os.environ.get("GIT_INDEX_FILE", "")
    return os.path.join(session.root, named) if named else ""


def _parents(repository: Repository) -> list[str]:
    """The commits that the next one will be made on."""
    head = repository.commit("HEAD")
    if not head:
        return [git.NOTHING]
    # git names what it merges to its hook in the environment, and writes it down where it could not go on.
    prefix = "GITHEAD_"
    named = [name[len(prefix) :] for name in os.environ if name.startswith(prefix)]
    others = [repository.commit(name) for name in (*repository.merge_heads(), *named)]
    return list(dict.fromkeys([head, *filter(None, others)]))


def committed(
    workspaces: Workspaces, paths: Iterable[str], base: str, revision: str, tally: Tally
) -> Iterator[Item]:
    """What is found in the files of a commit that differ from another revision, as the commit has them;
    without one from each of its parents."""
    session = workspaces.of_folder(os.getcwd())
    repository = repository_of(session)
    own = repository.commit(revision)
    if not own:
        raise UserError(f"there is no revision `{revision}`; fetch it, or name another one with `--commit`")
    go_by_policy(session, repository, partial(repository.entry, own))
    if base.endswith("..."):
        base += revision
    left = _left(repository, own) if base == AUTO else ""
    words = [left or base] if left or base not in ("", AUTO) else made_on(repository, own, revision)
    commit = _settled(session, words)[0].commit()
    if own == commit.id:
        raise UserError(
            f"there is nothing to compare: `{commit.name}`, the base, is `{revision}` itself; name another"
            " one with `--base`"
        )
    yield from changed(
        workspaces, session, words, lambda commit: repository.differing(commit, own), paths, tally
    )


def _left(repository: Repository, commit: str) -> str:
    """The commit where one, by its id, has left the upstream's default branch; "" where it has not."""
    upstream = Bases(repository).upstream()
    try:
        found = repository.merge_base(commit, upstream) if upstream else ""
    except GitError as error:
        raise UserError(str(error)) from None
    return found if found != commit else ""


def made_on(repository: Repository, commit: str, revision: str) -> list[str]:
    """The commits that one, by its id, was made on: what it brings beside them is its own, as `git show` has
    it. `revision` is what it was called. Raises UserError for one that is not here."""
    parents = repository.parents(commit)
    for parent in parents:
        if not repository.commit(parent):
            deepen = "`git fetch --deepen=1`" if repository.is_shallow else "`git fetch`"
            raise UserError(
                f"the commit that `{revision}` was made on, `{parent[:12]}`, is not here; fetch it ({deepen})"
                " or name another one with `--base`"
            )
    return parents or [git.NOTHING]


def go_by_staged_policy(session: Session, repository: Repository) -> None:
    """Let a session go by the configuration files that the index has."""
    found: list[Mapping[str, Entry]] = []

    def entry_of(path: str) -> Entry | None:
        if not found:
            found.append(repository.indexed("*.toml", _index(session)))
        return found[0].get(path)

    go_by_policy(session, repository, entry_of)


def go_by_policy(session: Session, repository: Repository, entry_of: Callable[[str], Entry | None]) -> None:
    """Let a session go by the configuration files that git has beside the files; by those of the disk where
    git has none. `entry_of` gives what git has at a path."""

    def given(relative: str) -> bytes | None:
        path = os.path.relpath(os.path.join(session.root, relative), repository.top).replace(os.sep, "/")
        try:
            entry = entry_of(path)
            regular = entry is not None and entry.mode & 0o170000 == 0o100000
            found = repository.read(entry.id) if entry is not None and regular else None
        except GitError:
            return None  # What is judged cannot be read then either, which is said.
        return None if found is None else found.data

    session.resolver.take(given)


def repository_of(session: Session) -> Repository:
    """The repository of a workspace. Raises UserError."""
    if session.comparing is None:
        session.compare()
    comparing = session.comparing
    assert comparing is not None
    try:
        found = comparing.repository()
    except GitError as error:
        raise UserError(str(error)) from None
    if found is None:
        raise UserError("this is no git repository; `--staged` and `--commit` take files out of one")
    return found


def _settled(session: Session, words: Sequence[str]) -> list[Bases]:
    comparing = session.comparing
    assert comparing is not None
    try:
        found = comparing.settle(words)
        for bases in found:
            bases.commit()
    except GitError as error:
        raise UserError(str(error)) from None
    return found


def changed(
    workspaces: Workspaces,
    session: Session,
    words: Sequence[str],
    differing: Callable[[str], Iterator[Staged]],
    paths: Iterable[str],
    tally: Tally,
) -> Iterator[Item]:
    """What is found in files as git has them that differ from each of some revisions, one at least.
    `differing` says where what is judged differs from a commit, for which "" may stand. Raises UserError."""
    repository = repository_of(session)
    all_bases = _settled(session, words)
    tally.base = ", ".join([bases.commit().name for bases in all_bases])
    changes: dict[str, Staged] = {}
    known = set[str]()
    for number, bases in enumerate(all_bases):
        try:
            differences = {one.path: one for one in differing(bases.commit().id)}
        except GitError as error:
            raise UserError(str(error)) from None
        gone = {
            one.path: one.base
            for one in differences.values()
            if one.entry is None and one.base and not one.is_unmerged
        }
        bases.missing(gone)
        if not number:
            yield from _go_by_baseline(session, bases, differences)
        # What is as one of them has it holds nothing that is new.
        changes = {path: one for path, one in differences.items() if not number or path in changes}
        known |= differences.keys()
    wanted = [real_path(path) for path in paths]
    for path in wanted:
        why = _not_here(repository, path, known, all_bases)
        if why:
            yield CouldNotRun(shown_path(path), why)
    for one in changes.values():
        entry = one.entry
        path = os.path.join(repository.top, *one.path.split("/"))
        shown, relative = shown_path(path), session.relative(path)
        if wanted and not any(_is_in(path, inside) for inside in wanted):
            continue
        if one.is_unmerged:
            yield CouldNotRun(
                shown, "the merge left it unresolved, so that it is not staged; mend and add it"
            )
            continue
        if entry is None or entry.mode in (GITLINK, SYMLINK):
            continue
        try:
            found = repository.read(entry.id)
        except GitError as error:
            yield CouldNotRun(shown, str(error))
            continue
        if found is None or found.data is None:
            place = session.excluded(relative)
            large = f"larger than {git.LARGEST >> 20} MiB"
            yield (
                CouldNotRun(shown, f"{large}; check it with `check {shown}`, and `exclude` it in the policy")
                if place is None
                else Skipped(shown, f"{files.EXCLUDED}: {place}")
            )
            continue
        workspaces.given[shown] = partial(_data, repository, entry.id)
        yield from _of_text(session, path, relative, shown, found.data, entry.mode)
    merged = [one for one in changes.values() if not one.is_unmerged]
    yield from cli_weakened.of_git(session, all_bases, merged)


def _not_here(repository: Repository, path: str, differing: Iterable[str], bases: Iterable[Bases]) -> str:
    """Why nothing of a repository can be at an absolute path that was asked for; "" where something is, or
    was. `differing` are paths relative to the top."""
    top = repository.top
    own = git.top_of(path if os.path.isdir(path) else os.path.dirname(path))
    if os.path.lexists(path) and (not own or not os.path.samefile(own, top)):
        return f"this is not in the repository `{top}`; go where it is and ask there"
    if os.path.lexists(path) or any(_is_in(os.path.join(top, *one.split("/")), path) for one in differing):
        return ""
    relative = os.path.relpath(path, top).replace(os.sep, "/")
    return "" if any(one.has(relative) for one in bases) else "there is no such file or folder"


def _go_by_baseline(session: Session, bases: Bases, changes: Mapping[str, Staged]) -> Iterator[Item]:
    """Let a session go by the baseline that git has beside the files: that of the disk may say more."""
    path = os.path.relpath(os.path.join(session.root, BASELINE), bases.repository.top).replace(os.sep, "/")
    try:
        entry = changes[path].entry if path in changes else bases.entry(path)
        found = None if entry is None else bases.repository.read(entry.id)
    except GitError as error:
        yield CouldNotRun(BASELINE, str(error))
        found = entry = None
    if found is not None and found.data is None:
        yield CouldNotRun(BASELINE, f"larger than {git.LARGEST >> 20} MiB, so that nothing in it counts")
    if entry is not None or session.baseline is not None:
        session.take_baseline(b"" if found is None else found.data or b"")


def _data(repository: Repository, blob: str) -> bytes | None:
    """What a blob holds; None where that cannot be had."""
    try:
        found = repository.read(blob)
    except GitError:
        return None
    return None if found is None else found.data


def _of_text(
    session: Session, path: str, relative: str, shown: str, data: bytes, mode: int
) -> Iterator[Item]:
    before = len(session.failures)
    checked = session.check_chunks(relative, [data], lambda: [data], shown=shown, mode=mode)
    if checked.report is not None:
        yield session.compared(path, checked.report, data)
    if isinstance(checked.skipped, Skipped):
        yield checked.skipped
    yield from _failures(session, before)
