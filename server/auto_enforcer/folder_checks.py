"""Lets the rules about the workspace look at its folders."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from auto_enforcer import beside, files, reading, suppressions, text
from auto_enforcer.activation import Activation
from auto_enforcer.concealing import Concealing
from auto_enforcer.failures import Failures
from auto_enforcer.judging import Judging
from auto_enforcer.lines import HEAD_LINES
from auto_enforcer.model import Report, Row, Severity, Suppression, Violation
from auto_enforcer.policies import Policies
from auto_enforcer.preparing import Preparing

if TYPE_CHECKING:
    from auto_enforcer.against_base import AgainstBase
    from auto_enforcer.baseline import Cover, Held


class FolderChecks:
    """Looks at a workspace's folders; what was found is kept until it is asked for."""

    __slots__ = (
        "_activation",
        "_against",
        "_concealing",
        "_failures",
        "_found",
        "_judging",
        "_policies",
        "_preparing",
    )

    def __init__(
        self,
        policies: Policies,
        preparing: Preparing,
        judging: Judging,
        activation: Activation,
        concealing: Concealing,
        failures: Failures,
        against: Callable[[], AgainstBase | None],
    ) -> None:
        """`against` gives what knows what is new, where that is asked."""
        self._policies = policies
        self._preparing = preparing
        self._judging = judging
        self._activation = activation
        self._concealing = concealing
        self._failures = failures
        self._against = against
        self._found: list[beside.FolderFound] = []

    def look_into(self, folder: str, names: Sequence[str], folders: Sequence[str]) -> None:
        """Let the rules about the workspace look at a folder, by absolute path, and the names of the files
        and the folders in it. What they find is told by `reports`."""
        relative = "" if folder == self._policies.root else self._policies.relative(folder)
        selection = self._policies.selection(f"{relative}/" if relative else "")
        found: Iterable[beside.FolderFound] = beside.in_folder(
            self._activation, selection, self._policies.root, relative, names, folders, self._changed
        )
        found = islice(found, max(0, beside.MOST_FOUND - len(self._found)))
        against = self._against()
        self._found += found if against is None else self._scoped(against, relative, list(found))

    def reports(self, shown: Callable[[str], str]) -> Iterator[Report]:
        """What was found in folders since this was last asked. `shown` gives an absolute path as reports show
        it."""
        found_in_folders, self._found = self._found, []
        covers: dict[str, tuple[Held, Cover]] = {}
        for found in found_in_folders:
            if found.failure:
                self._failures.note(found.folder or ".", f"`{found.rule}` could not run ({found.failure})")
                continue
            placed = self._placed(found)
            if placed is not None:
                path, row = placed
                if found.is_old:
                    row = row._replace(base=row.number)
                held = self._judging.baseline
                old = held is not None and held.has(covers, path, row, self._judging.lines_of(path, None))
                judged = self._judging.judged([row], path, [old])
                yield Report(shown(os.path.join(self._policies.root, *path.split("/"))), judged, beside=True)

    def _scoped(
        self, against: AgainstBase, relative: str, found: list[beside.FolderFound]
    ) -> list[beside.FolderFound]:
        """What was found in a folder, told apart by whether the same would have been found in the base."""
        if found and (first_seen := against.first_seen(f"{relative}/any" if relative else "any")) is not None:
            from auto_enforcer import seen

            told = [" ".join(f"{one.rule} {one.finding.name} {one.message}".split()) for one in found]
            own = first_seen.hashes("\n".join(told).encode("utf-8", "surrogatepass"))
            stood = seen.each(first_seen.stood(os.path.join(self._policies.root, relative, ""), own) or b"")
            pairs = zip(found, seen.each(own), strict=True)
            return [one._replace(is_old=known in stood) for one, known in pairs]
        bases = against.bases(relative) if found else None
        if bases is None:
            return found
        prefix = _inside(against, relative)
        names, folders = bases.listing(prefix.rstrip("/"))
        of_root = _inside(against, "")
        before = beside.in_folder(
            self._activation,
            self._policies.selection(f"{relative}/" if relative else ""),
            self._policies.root,
            relative,
            names,
            folders,
            lambda: None,
            lambda name: bases.has(of_root + name),
        )
        old = [(one.rule, one.message, one.finding.name) for one in before]
        return [one._replace(is_old=(one.rule, one.message, one.finding.name) in old) for one in found]

    def _changed(self) -> Sequence[str] | None:
        """The paths relative to the root that differ from the base; None where there is none."""
        against = self._against()
        bases = None if against is None else against.bases("")
        if against is None or bases is None:
            return None

        def left_out(relative: str) -> bool:
            return self._policies.excluded(relative) is not None

        prefix = _inside(against, "")
        walked = files.walk(self._policies.root, self._policies.root, left_out)
        present = (
            prefix + self._policies.relative(one.path) for one in walked if isinstance(one, files.Found)
        )
        return [path.removeprefix(prefix) for path in bases.changed(present) if path.startswith(prefix)]

    def _placed(self, found: beside.FolderFound) -> tuple[str, Row] | None:
        """Where a finding is told: at the beginning of the file that it is about, which may allow it, or
        where the policy set the option. None where the file's own policy has the rule off."""
        rule, finding = found.rule, found.finding
        mask = self._concealing.mask_of(())
        if not finding.name:
            selection = self._policies.selection(f"{found.folder}/" if found.folder else "")
            place = selection.setting(rule).option_places.get(finding.option)
            if place is None:
                return None
            violation = Violation(rule, mask(found.message), place.column, place.end)
            return place.file, Row(place.line, violation)
        path = f"{found.folder}/{finding.name}" if found.folder else finding.name
        selection = self._policies.selection(path)
        if rule not in selection.active():
            return None
        allowed = self._allowed(path, rule, selection.setting(rule).severity)
        return path, Row(0, Violation(rule, mask(found.message), 0, 0), allowed)

    def _allowed(self, relative: str, rule: str, severity: Severity) -> Suppression | None:
        """The suppression for a whole file that allows a rule."""
        try:
            with reading.open_regular(os.path.join(self._policies.root, relative)) as file:
                data = reading.read_block(file, text.HEAD)
        except OSError:
            return None
        if b"enforcer:" not in data or files.is_binary(data):
            return None
        head = text.head(b"".join([block.data for block in text.blocks([data])]), HEAD_LINES)
        said = self._preparing.prepare(relative, "", head, marked=False)[0].file_suppressions
        heard = tuple([one for one, _ in said if one.reason or severity is not Severity.BLOCKED])
        return suppressions.covering(heard, rule, self._policies.today)


def _inside(against: AgainstBase, relative: str) -> str:
    """What goes before the paths of a folder's files, relative to the top of their work tree."""
    return against.comparing.inside(f"{relative}/" if relative else "")
