"""What a change makes of the policy: old and new are compared by what holds for paths, not as they are
written."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from auto_enforcer import catalog
from auto_enforcer.model import Row, Stage
from auto_enforcer.policy import FILE_NAMES, Policy, load_text
from auto_enforcer.policy_values import DEFAULT_CONTENT, InvalidPolicyError, Place
from auto_enforcer.weakened_change import Change
from auto_enforcer.weakened_change import row_of as told

if TYPE_CHECKING:
    from auto_enforcer.policy import Selection
    from auto_enforcer.policy_values import PlacedGlob, Setting
    from auto_enforcer.session import Session

MOST_SAMPLES = 400
"""Paths that two policies are compared by, at most."""

MOST_TOLD = 50
"""Lowered things of one file that are told one by one."""


class Policies:
    """The policies that hold where some files have other texts than those on the disk; None: they are not
    there."""

    __slots__ = ("_held", "_session", "_texts")

    def __init__(self, session: Session, texts: Mapping[str, str | None]) -> None:
        self._session = session
        self._texts = texts
        self._held: dict[str, Policy | InvalidPolicyError] = {}

    def of(self, path: str) -> Policy:
        """The policy of a path; the defaults where its file cannot be read."""
        file = self.file_of(path)
        held = self.load(file) if file else None
        return held if isinstance(held, Policy) else Policy(DEFAULT_CONTENT, catalog.entries())

    def file_of(self, path: str) -> str:
        """The nearest configuration file above a path; "" where there is none."""
        folder = path.rpartition("/")[0]
        while True:
            for name in FILE_NAMES:
                file = f"{folder}/{name}" if folder else name
                if self._speaks(file):
                    return file
            if not folder:
                return ""
            folder = folder.rpartition("/")[0]

    def _speaks(self, file: str) -> bool:
        content = self._texts.get(file, "")
        if file in self._texts:
            return content is not None and (not _is_project(file) or _has_our_table(content))
        # The resolver knows of the disk; a file that stands there is its nearest.
        return self._session.resolver.configuration_file(file) == file

    def load(self, file: str) -> Policy | InvalidPolicyError:
        """The policy of a configuration file, or what is wrong with it."""
        held = self._held.get(file)
        if held is None:
            try:
                held = load_text(self._session.root, file, catalog.entries(), self._texts.get(file))
            except InvalidPolicyError as error:
                held = error
            self._held[file] = held
        return held


def _is_project(file: str) -> bool:
    return file.rpartition("/")[2] == "pyproject.toml"


def _has_our_table(content: str) -> bool:
    if "auto-enforcer" not in content:
        return False
    from auto_enforcer import policy_file

    return policy_file.has_our_table(content.encode("utf-8", "replace"))


def lowered(session: Session, changes: Sequence[Change]) -> Iterator[tuple[str, Row]]:
    """What changed configuration files, and the files that they extend, say less strictly."""
    # What another parent of a merge says, somebody has decided there.
    changed = [one for one in changes if one.after not in one.also and _is_policy(session, one)]
    if not changed:
        return
    before = Policies(session, {change.path: change.before for change in changes})
    after = Policies(session, {change.path: change.after for change in changes})
    for change in changed:
        # One line of a policy may lower many rules.
        alike: dict[tuple[int, str], dict[str, Row]] = {}
        for row in _of_file(session, change, before, after):
            kind = re.sub("`[^`]*/[^`]*`", "", row.violation.message)
            alike.setdefault((row.number, kind), {}).setdefault(row.violation.message, row)
        for rows in list(alike.values())[:MOST_TOLD]:
            first = rows[min(rows)]
            if len(rows) > 1:
                message = f"{first.violation.message} (and {len(rows) - 1} more like it)"
                first = first._replace(violation=first.violation._replace(message=message))
            yield change.path, first


def _is_policy(session: Session, change: Change) -> bool:
    """Whether a file is a configuration file of ours, or one that such a file extends."""
    name = change.path.rpartition("/")[2]
    if name == "enforcer.toml":
        return True
    if name == "pyproject.toml":
        return any(one is not None and _has_our_table(one) for one in (change.before, change.after))
    if not name.endswith(".toml"):
        return False
    resolver = session.resolver
    return any(change.path in resolver.policy(one).files for one in (change.path, "enforcer.toml"))


def _of_file(session: Session, change: Change, before: Policies, after: Policies) -> Iterator[Row]:
    path, folder = change.path, change.path.rpartition("/")[0]
    inside = f"{folder}/zqzq" if folder else "zqzq"
    old_file, new_file = before.file_of(inside), after.file_of(inside)
    if path.rpartition("/")[2] not in FILE_NAMES:
        old_file = path if change.before is not None else ""
        new_file = path if change.after is not None else ""
    new = after.load(new_file) if new_file else Policy(DEFAULT_CONTENT, catalog.entries())
    if isinstance(new, InvalidPolicyError):
        old = before.load(old_file) if old_file else None
        if isinstance(old, InvalidPolicyError):
            return
        place = new.problems[0].place if new.problems else Place(path)
        number = place.line if place.file == path else 0
        yield told(
            "the policy cannot be read as it is here, so that nobody knows what holds; mend it", number
        )
        return
    old = before.load(old_file) if old_file else Policy(DEFAULT_CONTENT, catalog.entries())
    if isinstance(old, InvalidPolicyError):
        old = Policy(DEFAULT_CONTENT, catalog.entries())
    yield from _compared(old, new, path, folder, session.today)


_ORDERS = {
    "historical": ("off", "lower", "same"),
    "on_error": ("warn", "block"),
    "agents": ("may-suppress", "may-not-suppress"),
}
"""The words of a key, the most lenient first."""

_STAGES = (Stage.OBSERVE, Stage.WARN, Stage.BLOCK)


def _compared(old: Policy, new: Policy, path: str, folder: str, today: date) -> Iterator[Row]:
    """What the new policy enforces less than the old one."""

    def row(message: str, place: Place) -> Row:
        if place.file != path:
            return told(f"{message}; let a person decide that")
        return told(f"{message}; let a person decide that", place.line, place.column, place.end)

    for key, order in _ORDERS.items():
        if order.index(new.said(key).value) < order.index(old.said(key).value):
            yield row(f"`{key}` is less strict than it was", new.said(key).place)
    if new.base != old.base:
        yield row("`base` is another than it was", new.said("base").place)
    known = {one[:4]: one for one in old.content.allowances}
    for stays in new.content.allowances:
        was = known.get(stays[:4])
        if was is None:
            yield row(f"an `[[allow]]` table takes out `{stays.rule}` in a file", stays.place)
        elif was.until is not None and (stays.until is None or stays.until > was.until):
            yield row("an `[[allow]]` table holds longer than it did", stays.place)
    for glob, what in _widened(old, new):
        yield row(f"`{what}` holds for more paths than it did", glob.place)
    selections: set[tuple[int, int]] = set()
    for sample in _samples(old, new, folder):
        for what, one in (
            ("exclude", (old.excluded(sample), new.excluded(sample))),
            ("generated", (old.generated(sample), new.generated(sample))),
        ):
            if one[0] is None and one[1] is not None:
                yield row(f"`{what}` holds for more paths than it did", one[1])
        pair = old.select(sample), new.select(sample)
        if (id(pair[0]), id(pair[1])) not in selections:
            selections.add((id(pair[0]), id(pair[1])))
            for message, place in _less(*pair, old, new, today):
                yield row(message, place)


def _less(
    old: Selection, new: Selection, old_policy: Policy, new_policy: Policy, today: date
) -> Iterator[tuple[str, Place]]:
    """What one selection enforces less than another, and where that is said."""
    team = {rule.id: rule for rule in new_policy.content.rules}
    for rule in sorted(old.active()):
        was = old.setting(rule)
        if rule not in new_policy.entries:
            yield f"the rule `{rule}` is gone", Place(new_policy.file)
            continue
        now = new.setting(rule)
        message = _lower(rule, was, now, today)
        if message:
            yield message, now.place
        elif now.options != was.options:
            place = next(iter(now.option_places.values()), now.place)
            yield f"options of `{rule}` are others than they were", place
        elif rule in team:
            before = next((one for one in old_policy.content.rules if one.id == rule), None)
            if before is not None and before.digest != team[rule].digest:
                yield f"`{rule}` looks for something else than it did", team[rule].place


def _lower(rule: str, was: Setting, now: Setting, today: date) -> str:
    """How a rule that was on is lower now; "" where it is not."""
    if not now.on:
        return f"`{rule}` is off, and was on"
    if now.severity is not was.severity and was.severity.value == "blocked":
        return f"`{rule}` is a warning, and was blocked"
    for day in (today, date.max):
        if _STAGES.index(now.stage(day)) < _STAGES.index(was.stage(day)):
            return f"`{rule}` is rolled out less far than it was"
    if now.rollout.since is not None and now.rollout.since > max(today, was.rollout.since or today):
        return f"`{rule}` is rolled out later than it was"
    return ""


def _widened(old: Policy, new: Policy) -> Iterator[tuple[PlacedGlob, str]]:
    """Globs that the old policy has not, of which no path can be made up that stands for all they match."""
    for what, before, after in (
        ("exclude", old.content.exclusions, new.content.exclusions),
        ("generated", old.content.generated, new.content.generated),
    ):
        known = Counter((glob.folder, glob.written) for glob in before)
        for glob in after:
            if known[glob.folder, glob.written]:
                known[glob.folder, glob.written] -= 1
            elif any(character in glob.written for character in "[?\\"):
                yield glob, what


def _samples(old: Policy, new: Policy, folder: str) -> Iterator[str]:
    """Paths that tell two policies apart: one for each choice of each glob that either has, and some that no
    glob is likely to be meant for."""
    given: dict[str, None] = dict.fromkeys(
        [
            os.path.join(folder, name).replace(os.sep, "/")
            for name in ("zqzq.zq", "zqzq/zqzq.zq", "tests/zqzq.zq")
        ]
    )
    for policy in (new, old):
        content = policy.content
        placed = [*content.exclusions, *content.generated]
        placed += [glob for layer in content.layers for glob in layer.paths]
        placed += [glob for rule in content.rules for glob in (*rule.paths, *rule.exclude)]
        for glob in placed:
            for one in _paths_of(glob.written):
                given[f"{glob.folder}/{one}" if glob.folder else one] = None
                if len(given) >= MOST_SAMPLES:
                    yield from given
                    return
    yield from given


def _paths_of(glob: str) -> Iterator[str]:
    """A path for each choice of the braces of a glob."""
    from auto_enforcer.globs import expanded

    try:
        choices = list(expanded(glob))
    except ValueError:
        return
    for choice in choices:
        path = re.sub(r"\*\*+", "zqzq/zqzq", choice.strip("/"))
        path = re.sub(r"\[[!^]?(.)[^\]]*\]", r"\1", path).replace("*", "zqzq").replace("?", "z")
        yield path.replace("\\", "")
        yield path.replace("\\", "") + "/zqzq.zq"
