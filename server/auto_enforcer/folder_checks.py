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
    from auto_enforcer.policy import Policy
    from auto_enforcer.policy_values import Allowance


class FolderChecks:
    """Looks at a workspace's folders; what was found is kept until it is asked for."""

    __slots__ = (
        "_activation",
        "_against",
        "_allowed_in",
        "_concealing",
        "_failures",
        "_found",
        "_judging",
        "_lost",
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
        self._allowed_in: dict[str, None] = {}
        """The files that were met of which an `[[allow]]` table allows something that is found in folders."""
        self._lost: list[tuple[Allowance, str]] = []
        """The tables that were met of which no file can tell that they take out nothing, and why."""

    def look_into(self, folder: str, names: Sequence[str], folders: Sequence[str]) -> None:
        """Let the rules about the workspace look at a folder, by absolute path, and the names of the files
        and the folders in it. What they find is told by `reports`."""
        relative = "" if folder == self._policies.root else self._policies.relative(folder)
        inside = f"{relative}/" if relative else ""
        selection = self._policies.selection(inside)
        found: Iterable[beside.FolderFound] = beside.in_folder(
            self._activation, selection, self._policies.root, relative, names, folders, self._changed
        )
        found = islice(found, max(0, beside.MOST_FOUND - len(self._found)))
        against = self._against()
        self._found += found if against is None else self._scoped(against, relative, list(found))
        policy = self._policies.of(inside)
        if policy.content.allowances:
            self._look_at_tables(policy, relative)

    def _look_at_tables(self, policy: Policy, folder: str) -> None:
        """Note the `[[allow]]` tables whose files, in a folder that is looked into, the rules about the
        workspace must have seen; and those of which no file can tell that they take out nothing."""
        from auto_enforcer import allowing

        said = policy.content.allowances
        paths = {one.path for one in said if allowing.is_of_folders(one.rule)}
        self._allowed_in.update(dict.fromkeys(path for path in paths if path.rpartition("/")[0] == folder))
        if policy.file.rpartition("/")[0] == folder:
            self._lost += [(one, why) for one in said if (why := allowing.lost(one, self._policies))]

    def reports(self, shown: Callable[[str], str]) -> Iterator[Report]:
        """What was found in folders since this was last asked. `shown` gives an absolute path as reports show
        it."""
        found_in_folders, self._found = self._found, []
        expected, self._allowed_in = self._allowed_in, {}
        rows: dict[str, list[Row]] = {}
        for found in found_in_folders:
            if found.failure:
                self._failures.note(found.folder or ".", f"`{found.rule}` could not run ({found.failure})")
                continue
            placed = self._placed(found)
            if placed is not None:
                path, row = placed
                rows.setdefault(path, []).append(row._replace(base=row.number) if found.is_old else row)
        is_whole = len(found_in_folders) < beside.MOST_FOUND
        for path in expected:
            rows.setdefault(path, [])
        covers: dict[str, tuple[Held, Cover]] = {}
        for path, of_path in rows.items():
            of_path.sort(key=lambda row: row.number)
            whole = is_whole and path in expected
            for row in self._judging.allowed_in_folders(path, of_path, whole=whole):
                yield self._report(shown, path, self._of_table(path, row), covers)
        for path, row in self._of_lost():
            yield self._report(shown, path, row, covers)

    def _report(
        self, shown: Callable[[str], str], path: str, row: Row, covers: dict[str, tuple[Held, Cover]]
    ) -> Report:
        held = self._judging.baseline
        old = held is not None and held.has(covers, path, row, self._judging.lines_of(path, None))
        judged = self._judging.judged([row], path, [old])
        return Report(shown(os.path.join(self._policies.root, *path.split("/"))), judged, beside=True)

    def _of_table(self, path: str, row: Row) -> Row:
        """A row, told apart by whether it was so in the base where it speaks of an `[[allow]]` table."""
        from auto_enforcer import allowing, standing

        table = allowing.table_of(row, self._policies.of(path).allowances(path))
        against = self._against()
        if table is None or against is None:
            return row
        is_unused = row.violation.rule == standing.UNUSED
        is_old = against.had(table, until=not is_unused)
        if is_old and is_unused:
            folder, _, name = path.rpartition("/")
            is_old = all(one[::2] != (table.rule, name) for one in self._before(against, folder))
        return row._replace(base=0) if is_old else row

    def _of_lost(self) -> Iterator[tuple[str, Row]]:
        """What is told of the tables that take out nothing wherever one looks, where they stand."""
        from auto_enforcer.standing import UNUSED

        lost, self._lost = self._lost, []
        mask = self._concealing.mask_of([one.place.file for one, _ in lost]) if lost else str
        against = self._against()
        for place, (one, why) in {one.place: (one, why) for one, why in lost}.items():
            if UNUSED not in self._policies.selection(place.file).active():
                continue
            message = f"this `[[allow]]` table speaks of `{mask(one.path)}`, {why}; remove it"
            row = Row(place.line, Violation(UNUSED, message, place.column, place.end))
            if against is not None and against.had(one):
                bases = against.bases(one.path.rpartition("/")[0])
                stood = bases is not None and bases.has(against.comparing.inside(one.path))
                if not stood or os.path.lexists(os.path.join(self._policies.root, *one.path.split("/"))):
                    row = row._replace(base=row.number)
            yield place.file, row

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
        if not found or against.bases(relative) is None:
            return found
        old = self._before(against, relative)
        return [one._replace(is_old=(one.rule, one.message, one.finding.name) in old) for one in found]

    def _before(self, against: AgainstBase, relative: str) -> list[tuple[str, str, str]]:
        """What would have been found in a folder as the base has it: rule, message and name."""
        bases = against.bases(relative)
        if bases is None:
            return []
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
        return [(one.rule, one.message, one.finding.name) for one in before]

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
