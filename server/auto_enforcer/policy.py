"""The policy: which rules hold for which file, how severely and with which options; the only resolver."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from auto_enforcer import __version__, globs, path_kinds, policy_filling, policy_prisma, reading, recommended
from auto_enforcer.model import NamedTuple, Severity
from auto_enforcer.policy_values import (
    ALWAYS_ON,
    DEFAULT_CONTENT,
    DEFAULT_ROLLOUT,
    DEFAULTS,
    LARGEST_FILE,
    OWN_FAMILY,
    RULESET,
    Allowance,
    Content,
    InvalidPolicyError,
    Layer,
    Place,
    PlacedGlob,
    Problem,
    Said,
    Setting,
    TeamRule,
)

if TYPE_CHECKING:
    from auto_enforcer.policy_filling import Filled
    from auto_enforcer.policy_prisma import Packages, Schema
    from auto_enforcer.policy_rulesets import Ruleset
    from auto_enforcer.policy_values import Entries, Given, Known

Fills = frozenset[tuple[str, "Filled | None"]]
"""For rules with tables, by id, what of them holds for a file."""

FILE_NAMES = ("enforcer.toml", "pyproject.toml")
"""The configuration files that may stand in a folder; the first that says anything counts."""

_NOTHING: Mapping[str, Any] = {}
"""What most settings say of options."""

_MOST_SELECTIONS = 256
_MOST_FOLDERS = 4096
_MOST_POLICIES = 256


class Policy:
    """The frozen word of one configuration file, or the defaults where there is none (`file` is then "").

    Only its bounded cache of selections changes.
    """

    __slots__ = (
        "_allowances",
        "_asked",
        "_by_kind",
        "_caps",
        "_compiled",
        "_entries",
        "_exclusions",
        "_generated",
        "_ruleset",
        "_selections",
        "_tables",
        "_team_paths",
        "content",
        "schema",
        "schema_file",
    )

    def __init__(
        self, content: Content, entries: Entries, schema: Schema | None = None, schema_file: str = ""
    ) -> None:
        self.content = content
        self.schema = schema
        """The Prisma schema that says what tenants share, if there is one."""
        self.schema_file = schema_file
        """The schema beside the policy's file, or that it names, whether or not tenants share anything."""
        self._entries = {**entries, **{rule.id: rule for rule in content.rules}} if content.rules else entries
        self._team_paths = [
            (rule.id, _PlacedGlobs(rule.paths), _PlacedGlobs(rule.exclude))
            for rule in content.rules
            if rule.paths or rule.exclude
        ]
        self._ruleset = _earlier(content)
        self._caps = any(layer.set_name for layer in content.layers)
        caps = recommended.CAPS if self._ruleset is None else self._ruleset.caps
        self._by_kind = recommended.caps_by_kind(caps) if self._caps else {}
        self._asked: tuple[str, Selection] | None = None
        self._compiled: dict[int, re.Pattern[str]] = {}
        self._allowances: dict[str, list[Allowance]] = {}
        for allowance in content.allowances:
            self._allowances.setdefault(allowance.path, []).append(allowance)
        self._exclusions = _PlacedGlobs(content.exclusions)
        self._generated = _PlacedGlobs(content.generated)
        self._selections: dict[
            tuple[frozenset[int], frozenset[int], frozenset[str], Fills | None], Selection
        ] = {}
        said = {rule for layer in content.layers for rule, change in layer.changes.items() if change.options}
        self._tables = [
            self._entries[rule]
            for rule in sorted(said & self._entries.keys())
            if any(option.form in policy_filling.FILLED_FORMS for option in self._entries[rule].options)
        ]
        """The rules of which not the same holds in every file."""

    @property
    def file(self) -> str:
        """The configuration file, relative to the workspace; "" for the defaults."""
        return self.content.file

    @property
    def files(self) -> tuple[str, ...]:
        """The configuration file and those it extends: what to watch."""
        return self.content.files

    @property
    def entries(self) -> Entries:
        """Every rule that can be had under it, the team's own included, by id."""
        return self._entries

    @property
    def historical(self) -> str:
        """How old violations are shown: "lower", "same" or "off"."""
        return self.said("historical").value

    @property
    def base(self) -> str:
        """What a file is compared with: "auto", "session" or a git revision."""
        return self.said("base").value

    @property
    def on_error(self) -> str:
        """What a gate does that cannot judge: "block" or "warn"."""
        return self.said("on_error").value

    @property
    def agents(self) -> str:
        """Whether coding agents may weaken what is enforced: "may-suppress" or "may-not-suppress"."""
        return self.said("agents").value

    def said(self, key: str) -> Said:
        """One of the keys of `DEFAULTS`, with the place that said it."""
        return self.content.said.get(key) or Said(DEFAULTS[key], Place("", key="default"))

    def select(self, path: str) -> Selection:
        """What holds for a file, by its path relative to the workspace with forward slashes. Equal selections
        are the same object as long as the cache holds them."""
        # A file is asked for several times before the next one is.
        asked = self._asked
        if asked is None or asked[0] != path:
            asked = self._asked = path, self._select(path)
        return asked[1]

    def _select(self, path: str) -> Selection:
        overrides = frozenset(
            index
            for index, layer in enumerate(self.content.layers)
            if layer.globs and self.matches(index, path)
        )
        by_kind = self._by_kind
        caps: frozenset[int] = frozenset()
        for kind in path_kinds.kinds_of(path) if by_kind else ():
            caps |= by_kind.get(kind, frozenset())
        outside = frozenset(
            rule
            for rule, paths, exclude in self._team_paths
            if (paths and paths.place_of(path) is None) or exclude.place_of(path) is not None
        )
        if path in self.content.files:
            # A file that brings rules holds what they look for.
            outside = frozenset(rule.id for rule in self.content.rules)
        selection = self._selection(overrides, caps, outside, None)
        if not self._tables:
            return selection
        return self._selection(overrides, caps, outside, self._filled(selection, path))

    def _filled(self, selection: Selection, path: str) -> Fills:
        """What of the rules' tables holds for a path, where nothing else of a selection differs."""
        found = []
        for entry in self._tables:
            setting = selection.setting(entry.id)
            if setting.on:
                own = setting.options, setting.option_places
                found.append((entry.id, policy_filling.filled(entry.options, *own, path, self.file)))
        return frozenset(found)

    def _selection(
        self, overrides: frozenset[int], caps: frozenset[int], outside: frozenset[str], fills: Fills | None
    ) -> Selection:
        key = (overrides, caps, outside, fills)
        selection = self._selections.get(key)
        if selection is None:
            if len(self._selections) >= _MOST_SELECTIONS:
                del self._selections[next(iter(self._selections))]
            layers = tuple(
                layer
                for index, layer in enumerate(self.content.layers)
                if not layer.globs or index in overrides
            )
            selection = self._selections[key] = Selection(
                self._entries,
                layers,
                caps,
                self.content.rules,
                outside,
                self.schema,
                fills or frozenset(),
                self._ruleset,
            )
        return selection

    def excluded(self, path: str) -> Place | None:
        """Where the policy leaves a path out of the walk, None when it does not. A folder ends in `/`."""
        return self._exclusions.place_of(path)

    def generated(self, path: str) -> Place | None:
        """Where the policy calls a file generated, None when it does not."""
        return self._generated.place_of(path)

    def allowances(self, path: str) -> Sequence[Allowance]:
        """What `[[allow]]` tables say of a file, by its path relative to the workspace."""
        return self._allowances.get(path, ())

    def matches(self, index: int, path: str) -> bool:
        """Whether the globs of a layer of the content, by its index, match a path."""
        layer = self.content.layers[index]
        inner = globs.composed(policy_filling.below(layer.folder, path))
        if not inner:
            return False
        pattern = self._compiled.get(index)
        if pattern is None:
            pattern = self._compiled[index] = globs.compile_globs(layer.globs)
        return pattern.fullmatch(inner) is not None


class _PlacedGlobs:
    """Globs with the places where they were said; one expression a folder, compiled on first use."""

    __slots__ = ("_compiled", "_globs")

    def __init__(self, placed: tuple[PlacedGlob, ...]) -> None:
        self._globs = placed
        self._compiled: dict[str, tuple[re.Pattern[str], list[PlacedGlob]]] | None = None

    def __bool__(self) -> bool:
        return bool(self._globs)

    def place_of(self, path: str) -> Place | None:
        """The place of the first glob that matches a path."""
        if not self._globs:
            return None
        if self._compiled is None:
            self._compiled = {}
            for folder in {glob.folder for glob in self._globs}:
                own = [glob for glob in self._globs if glob.folder == folder]
                self._compiled[folder] = globs.compile_globs(glob.source for glob in own), own
        for folder, (pattern, own) in self._compiled.items():
            inner = globs.composed(policy_filling.below(folder, path))
            if inner and (match := pattern.fullmatch(inner)):
                return own[(match.lastindex or 1) - 1].place
        return None


class Selection:
    """What holds for files that the same overrides match. Frozen; a setting is resolved when asked for."""

    __slots__ = (
        "_active",
        "_caps",
        "_entries",
        "_fills",
        "_layers",
        "_outside",
        "_ruleset",
        "_schema",
        "_settings",
        "team",
    )

    def __init__(
        self,
        entries: Entries,
        layers: tuple[Layer, ...],
        caps: frozenset[int],
        team: tuple[TeamRule, ...] = (),
        outside: frozenset[str] = frozenset(),
        schema: Schema | None = None,
        fills: Fills = frozenset(),
        ruleset: Ruleset | None = None,
    ) -> None:
        """`outside` are those of the team's rules that do not look at such files; `fills` is what of the
        rules' tables holds for them. `ruleset` is the earlier one that the policy names."""
        self._entries = entries
        self._schema = schema
        self._fills = dict(fills)
        self._ruleset = ruleset
        self.team = team
        """The rules that the policy brings itself."""
        self._outside = outside
        self._layers = layers
        self._caps = caps
        self._settings: dict[str, Setting] = {}
        self._active: frozenset[str] | None = None

    def setting(self, rule: str) -> Setting:
        """What holds for a rule. Raises KeyError for one that the catalog does not know."""
        setting = self._settings.get(rule)
        if setting is None:
            setting = self._settings[rule] = self._resolve(self._entries[rule])
        return setting

    def active(self) -> frozenset[str]:
        """The ids of the rules that are on."""
        if self._active is None:
            self._active = frozenset(rule for rule in self._entries if self.setting(rule).on)
        return self._active

    def asks_the_same(self, other: Selection) -> bool:
        """Whether the same rules are on in another selection, as severe and with the same options, wherever
        that was said."""
        if self.active() != other.active():
            return False
        for rule in self.active():
            one, two = self.setting(rule), other.setting(rule)
            if one.severity is not two.severity or one.options != two.options:
                return False
        return True

    def _resolve(self, entry: Known) -> Setting:
        if entry.id == ALWAYS_ON:
            return Setting(entry.severity, True, {}, DEFAULT_ROLLOUT, Place("", key="always on"), {})
        team = entry if isinstance(entry, TeamRule) else None
        if team is not None and entry.id in self._outside:
            why = "its `paths` or `exclude` leave the file out, or it brings the rule itself"
            return Setting(entry.severity, False, {}, DEFAULT_ROLLOUT, team.place, {}, why)
        by_default, optional, is_later, since = self._default_of(entry)
        own = team is not None or (_family(entry.id) == OWN_FAMILY and not optional and not is_later)
        severity, on, stated_off, by_path = by_default, own, False, False
        reason = since
        place = Place("", key="always on" if own else "no set of rules is extended")
        place = place if team is None else team.place
        options: dict[str, Any] = {option.name: option.default for option in entry.options}
        option_places: dict[str, Place] = {}
        rollout = DEFAULT_ROLLOUT
        for layer in self._layers:
            rollout = layer.rollout or rollout
            if layer.set_name and team is None:
                severity, stated_off = by_default, False
                on = not is_later and (not optional or layer.set_name == "all")
                place, by_path, reason = layer.place, False, since
            for name, whole_family in ((_family(entry.id), True), (entry.id, False)):
                change = layer.changes.get(name)
                if change is None or (change.of_set and is_later):
                    continue
                rollout = change.rollout or rollout
                given = {
                    option.name: policy_filling.merged(
                        options[option.name], change.options[option.name], option
                    )
                    for option in (entry.options if change.options else ())
                    if change.options is not None and option.name in change.options
                }
                if given:
                    options.update(given)
                    places = change.option_places or {}
                    option_places.update({name: places[name] for name in given})
                if change.off:
                    on, stated_off = False, True
                elif change.severity is not None:
                    severity = by_default if change.of_set else change.severity
                    if whole_family and (optional or is_later) and not on:
                        # A family leaves its optional rules off: each is turned on by its own name.
                        continue
                    on, stated_off = True, False
                elif given and not on and not stated_off:
                    on = True
                else:
                    continue
                place, by_path = change.place, bool(layer.globs)
                reason = since if change.of_set else ""
        schema = self._schema
        if schema is not None:
            shared = {"models": schema.models, "keys": schema.keys}
            for option in entry.options:
                if option.form in shared:
                    options[option.name] = tuple(dict.fromkeys([*options[option.name], *shared[option.form]]))
                    if not on and not stated_off and any(layer.set_name for layer in self._layers):
                        on, place, reason = True, schema.place, "the schema has models that tenants share"
        if entry.id in self._fills:
            own_part = self._fills[entry.id]
            options.update(own_part or ())
            if own_part is None and on:
                on, reason = False, "its boundaries do not speak of this file"
        if on and not by_path:
            for index in sorted(self._caps):
                cap = (recommended.CAPS if self._ruleset is None else self._ruleset.caps)[index]
                if entry.id not in cap.rules and _family(entry.id) not in cap.rules:
                    continue
                if cap.severity is None or (
                    cap.severity is Severity.WARNING and severity is Severity.BLOCKED
                ):
                    severity, on = cap.severity or severity, cap.severity is not None
                    place, reason = Place("", key="recommended"), cap.reason
                    if not on:
                        break
        return Setting(severity, on, options or _NOTHING, rollout, place, option_places or _NOTHING, reason)

    def _default_of(self, entry: Known) -> tuple[Severity, bool, bool, str]:
        """How severe a rule is by default, whether it is off then, whether it is later than the ruleset that
        the policy names, and what to say of that ruleset where it has the rule in another way than the newest
        one."""
        ruleset = self._ruleset
        if ruleset is None or isinstance(entry, TeamRule):
            return entry.severity, entry.optional, False, ""
        default = ruleset.rules.get(entry.id)
        named = f"the ruleset `{ruleset.name}` ({ruleset.place})"
        if default is None:
            return entry.severity, entry.optional, True, f"{named} does not have it"
        same = (default.severity, default.optional) == (entry.severity, entry.optional)
        return *default, False, "" if same else f"as {named} has it"


class Resolver:
    """Finds the policy of a file: the nearest configuration file above it inside the workspace stands alone.

    One per session. A file that became invalid keeps its last good policy, or the defaults when it never had
    one. Nothing is read again until `refresh` is called.
    """

    __slots__ = (
        "_by_folder",
        "_default",
        "_entries",
        "_held",
        "_packages",
        "_root",
        "_schema_stamp",
        "_shared",
        "_version",
        "given",
    )

    def __init__(
        self, root: str, entries: Entries, version: str = __version__, default: Policy | None = None
    ) -> None:
        """`root` is the workspace's absolute path, `version` ours, for `required-version`. `default` is the
        policy where there is no file; several resolvers may share one."""
        self._root = root
        self._entries = entries
        self._version = version
        self._shared = default or Policy(DEFAULT_CONTENT, entries)
        self._default: Policy | None = None
        """The policy where there is no file, once it is asked for: the schema is the workspace's own."""
        self._schema_stamp: tuple[str, _Stamp | None] = ("", None)
        self._by_folder: dict[str, str] = {}
        self._held: dict[str, _Held] = {}
        self._packages = policy_prisma.Packages()
        self.given: Given | None = None
        """Gives configuration files as they are to be taken, whatever the disk has."""

    def take(self, given: Given) -> None:
        """From now on take configuration files as they are given; what is not given, as the disk has it."""
        self.given = given
        self._by_folder.clear()
        self._held.clear()

    def policy(self, path: str) -> Policy:
        """The policy of a file, by its path relative to the workspace with forward slashes. Never raises."""
        file = self.configuration_file(path)
        return self._hold(file).policy if file else self._without_file()

    def configuration_file(self, path: str) -> str:
        """The nearest configuration file above a path, relative to the workspace; "" where there is none."""
        folder = path.rpartition("/")[0]
        passed: list[str] = []
        while (found := self._by_folder.get(folder)) is None:
            passed.append(folder)
            found = self._in_folder(folder)
            if found or not folder:
                break
            folder = folder.rpartition("/")[0]
        if passed:
            if len(self._by_folder) + len(passed) > _MOST_FOLDERS:
                self._by_folder.clear()
            self._by_folder.update(dict.fromkeys(passed, found))
        return found

    def problems(self) -> Iterator[Problem]:
        """What is wrong with the configuration files met so far, and with the schemas that they speak of."""
        if self._default is not None and self._default.schema is not None:
            yield from self._default.schema.problems
        for held in self._held.values():
            yield from held.problems

    def consequences(self) -> Mapping[Problem, str]:
        """What follows from the mistakes of each configuration file met so far, by the last one of them."""
        found = {}
        for file, held in self._held.items():
            if not held.problems:
                continue
            if held.is_valid:
                found[held.problems[-1]] = f"the rest of `{file}` is used"
            else:
                instead = "what it said before is" if held.policy.file == file else "the defaults are"
                found[held.problems[-1]] = f"nothing of `{file}` is used; {instead} used in its place"
        return found

    def policies(self) -> Iterator[Policy]:
        """Those of the configuration files met so far."""
        for held in self._held.values():
            yield held.policy

    def refresh(self) -> None:
        """Looks for new, changed and removed configuration files. A policy that did not change stays the same
        object, so compare by identity."""
        self._by_folder.clear()
        for file, held in tuple(self._held.items()):
            if self._in_folder(file.rpartition("/")[0]) != file:
                del self._held[file]  # it is gone, speaks of us no more, or another goes before it now
            elif (
                any(_stamp(self._root, name) != stamp for name, stamp in held.stamps.items())
                or _schema_file(self._root, held.policy.content, self._packages) != held.policy.schema_file
            ):
                self._held[file] = self._read(file, held.policy)
        if self._default is not None and self._schema_stamp != self._stamp_of_schema():
            self._default = None

    def _hold(self, file: str) -> _Held:
        held = self._held.get(file)
        if held is None:
            if len(self._held) >= _MOST_POLICIES:
                del self._held[next(iter(self._held))]
            held = self._held[file] = self._read(file, None)
        return held

    def _without_file(self) -> Policy:
        """The policy where there is no file."""
        if self._default is None:
            self._schema_stamp = self._stamp_of_schema()
            file = self._schema_stamp[0]
            schema = _schema(self._root, DEFAULT_CONTENT, self._entries, file)
            self._default = Policy(DEFAULT_CONTENT, self._entries, schema, file) if file else self._shared
        return self._default

    def _stamp_of_schema(self) -> tuple[str, _Stamp | None]:
        file = _schema_file(self._root, DEFAULT_CONTENT, self._packages)
        return file, _stamp(self._root, file) if file else None

    def _read(self, file: str, last_good: Policy | None) -> _Held:
        # Stamped before it is read: a change in between is then seen as one.
        stamps = {file: _stamp(self._root, file)}
        try:
            policy = load(self._root, file, self._entries, self._version, self.given, self._packages)
            problems = policy.content.problems + (policy.schema.problems if policy.schema else ())
            files = (*policy.files, policy.schema_file) if policy.schema_file else policy.files
            return _Held(policy, problems, self._stamps(files) | stamps, is_valid=True)
        except InvalidPolicyError as invalid:
            watched = self._stamps(invalid.files) | stamps
            return _Held(last_good or self._without_file(), invalid.problems, watched, is_valid=False)

    def _stamps(self, files: tuple[str, ...]) -> dict[str, _Stamp | None]:
        return {file: _stamp(self._root, file) for file in files}

    def _in_folder(self, folder: str) -> str:
        for name in FILE_NAMES:
            file = f"{folder}/{name}" if folder else name
            data = None if self.given is None else self.given(file)
            if data is None and not os.path.lexists(os.path.join(self._root, file)):
                continue
            if name != "pyproject.toml" or _has_our_table(os.path.join(self._root, file), data):
                return file
        return ""


def load(
    root: str,
    file: str,
    entries: Entries,
    version: str = __version__,
    given: Given | None = None,
    packages: Packages | None = None,
) -> Policy:
    """Reads a configuration file, named relative to the workspace `root`, and those it extends; `given` gives
    what is to be taken for one, whatever the disk has, `packages` what is known of folders already.

    Raises InvalidPolicyError with everything that is wrong.
    """
    # Reading costs tomllib and the table of keys; most workspaces have no configuration file.
    from auto_enforcer import policy_file

    content = policy_file.read(root, file, entries, version, given=given)
    schema = _schema_file(root, content, packages)
    return Policy(content, entries, _schema(root, content, entries, schema), schema)


def _earlier(content: Content) -> Ruleset | None:
    """The ruleset that a policy names; None for the newest, which is what the catalog says."""
    said = content.said.get("ruleset")
    if said is None or said.value == RULESET:
        return None
    from auto_enforcer import policy_rulesets

    return policy_rulesets.ruleset(said.value)._replace(place=str(said.place))


def load_text(root: str, file: str, entries: Entries, text: str | None) -> Policy:
    """The policy that a configuration file would be with another text than it has; None: with its own. What
    a Prisma schema adds is left out. Raises InvalidPolicyError."""
    from auto_enforcer import policy_file

    return Policy(policy_file.read(root, file, entries, __version__, text), entries)


def _schema_file(root: str, content: Content, packages: Packages | None) -> str:
    """The Prisma schema that a policy names, else the one beside or below it; "" where there is none."""
    for layer in reversed(content.layers):
        for change in layer.changes.values() if not layer.globs else ():
            named = (change.options or {}).get("schema")
            if named:
                folder = change.place.file.rpartition("/")[0]
                return os.path.normpath(os.path.join(folder, named)).replace(os.sep, "/")
    return policy_prisma.find(root, content.file.rpartition("/")[0], packages)


def _schema(root: str, content: Content, entries: Entries, file: str) -> Schema | None:
    """What the schema says, where there is one, and it has models that tenants share."""
    if not file:
        return None
    keys = [
        key
        for entry in entries.values()
        for option in entry.options
        if option.form == "keys" and isinstance(option.default, tuple)
        for key in option.default
    ]
    if not keys:
        return None
    said = [
        key
        for layer in content.layers
        for change in layer.changes.values()
        for key in (change.options or {}).get("keys", ())
    ]
    schema = policy_prisma.read(root, file, said or keys)
    return schema if schema.models else None


class _Held(NamedTuple):
    """A configuration file's policy, what is wrong with the file now, and what was read when."""

    policy: Policy
    problems: tuple[Problem, ...]
    stamps: Mapping[str, _Stamp | None]
    is_valid: bool
    """Whether the policy is the file's own, as it is now."""


_Stamp = tuple[int, int, int]
"""Time of change in nanoseconds, size, inode."""


def _stamp(root: str, file: str) -> _Stamp | None:
    try:
        status = os.stat(os.path.join(root, file))
    except (OSError, ValueError):
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


def _has_our_table(path: str, text: bytes | None = None) -> bool:
    """Whether a pyproject.toml, with this text where it is given, speaks of us. Most do not, and then no TOML
    is read."""
    try:
        if text is None:
            with reading.open_regular(path) as file:
                text = file.read(LARGEST_FILE)
    except OSError:
        return False
    if b"auto-enforcer" not in text:
        return False
    from auto_enforcer import policy_file

    return policy_file.has_our_table(text)


def _family(rule: str) -> str:
    return rule.partition("/")[0]
