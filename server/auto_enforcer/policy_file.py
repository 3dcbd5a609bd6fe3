"""Reads a configuration file into the policy's layers, and says all that is wrong with it at its place."""

from __future__ import annotations

import datetime
import os
import re
import tomllib
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from auto_enforcer import globs
from auto_enforcer.model import Option, Severity, Stage
from auto_enforcer.policy_filling import TABLE_FORMS, frozen
from auto_enforcer.policy_keys import (
    ALLOW_KEYS,
    FILE_KEYS,
    LEVELS,
    OVERRIDE_KEYS,
    PRESETS,
    RULE_KEYS,
    SETS,
    Key,
)
from auto_enforcer.policy_source import PACKAGE, Source, package_file, read_text, syntax_problem, text_of
from auto_enforcer.policy_values import (
    ALWAYS_ON,
    DEFAULTS,
    Allowance,
    Change,
    Content,
    InvalidPolicyError,
    Layer,
    Place,
    PlacedGlob,
    Problem,
    Rollout,
    Said,
    TeamRule,
)
from auto_enforcer.policy_words import failing, kind, listed, meant, short, version_fits
from auto_enforcer.toml_places import KeyPath, parsed, places

if TYPE_CHECKING:
    from auto_enforcer.policy_rules import Room
    from auto_enforcer.policy_values import Entries, Given

MOST_NAMES = 1_000
"""Names in a table that is an option."""

LONGEST_NAME = 200
"""Characters of such a name, and of what stands for it."""

MOST_PROBLEMS = 500
"""Problems of a file that are told; there the reading ends."""

_OUR_TABLE: KeyPath = ("tool", "auto-enforcer")
_BUILT_IN_SET = Place("", key="recommended")


def read(
    root: str,
    file: str,
    entries: Entries,
    version: str,
    text: str | None = None,
    given: Given | None = None,
) -> Content:
    """Reads `file`, relative to the workspace `root`, and all that it extends.

    `text` is what to take for the file's own content (an editor's), `given` for that of any, where they are
    given. Raises InvalidPolicyError.
    """
    reader = _Reader(root, entries, version, given)
    try:
        reader.read(file, text)
    except _EnoughError:
        pass
    if reader.problems:
        problems = sorted(
            dict.fromkeys(reader.problems),
            key=lambda problem: (
                reader.files.index(problem.place.file) if problem.place.file in reader.files else -1,
                problem.place.line,
                problem.place.column,
            ),
        )
        raise InvalidPolicyError(tuple(problems), tuple(reader.files))
    return Content(
        file,
        tuple(reader.files),
        tuple(reader.layers),
        tuple(reader.exclusions),
        reader.said,
        tuple(reader.generated),
        tuple(reader.extended),
        tuple(reader.rules),
        tuple(reader.rule_problems[:MOST_PROBLEMS]),
        tuple(reader.allowances),
    )


def _nothing(file: str) -> bytes | None:
    """What is given where nothing is."""
    del file
    return None


def has_our_table(text: bytes) -> bool:
    """Whether the text of a pyproject.toml has `[tool.auto-enforcer]`. One that is no TOML has it when a line
    looks like its header, so that the mistake is told and not passed over."""
    try:
        table: Any = parsed(text.decode())
    except (ValueError, RecursionError):
        return re.search(rb"(?m)^\s*\[\s*tool\s*\.\s*[\"']?auto-enforcer\b", text) is not None
    for key in _OUR_TABLE:
        table = table.get(key) if isinstance(table, dict) else None
    return table is not None


class _EnoughError(Exception):
    """So many things are wrong that no more are looked for."""


class _Reader:
    """What a file and those it extends have said so far, the later word last, and what is wrong with it."""

    __slots__ = (
        "_entries",
        "_families",
        "_given",
        "_own_families",
        "_room",
        "_root",
        "_sets",
        "_translated",
        "_version",
        "allowances",
        "exclusions",
        "extended",
        "files",
        "generated",
        "layers",
        "problems",
        "rule_problems",
        "rules",
        "said",
    )

    def __init__(self, root: str, entries: Entries, version: str, given: Given | None) -> None:
        self._root = root
        self._given = given or _nothing
        self._entries = entries
        self._families = frozenset(rule.partition("/")[0] for rule in entries)
        self._version = version
        self._sets: set[str] = set()
        self._translated = 0
        """Characters of the expressions of all globs so far."""
        self.files: list[str] = []
        self.layers: list[Layer] = []
        self.exclusions: list[PlacedGlob] = []
        self.generated: list[PlacedGlob] = []
        self.extended: list[Said] = []
        self.said: dict[str, Said] = {}
        self.problems: list[Problem] = []
        self._room: Room | None = None
        self._own_families: frozenset[str] = frozenset()
        """The families of the rules that the files bring."""
        self.rules: list[TeamRule] = []
        self.rule_problems: list[Problem] = []
        self.allowances: list[Allowance] = []

    def read(self, file: str, text: str | None = None, above: tuple[str, ...] = ()) -> None:
        """Take over what a file says, after what it extends says: the later word counts."""
        self.files.append(file)
        source = self._source(file, text)
        if source is None or self._refused_version(source):
            return
        self._extend(source, (*above, file))
        self._unknown_keys(source, (), source.table, FILE_KEYS)
        self.exclusions += self._globs(source, ("exclude",), source.table.get("exclude"))
        self.generated += self._globs(source, ("generated",), source.table.get("generated"))
        self.said |= self._said(source)
        if "rule" in source.table:
            self._take_rules(source)
        changes = self._changes(source, ("rules",), source.table.get("rules", {}))
        self.layers.append(Layer(changes, source.place(()), self._rollout(source, (), source.table)))
        self.layers += self._overrides(source)
        if "allow" in source.table:
            self._allow(source, source.table["allow"])

    def _source(self, file: str, text: str | None) -> Source | None:
        """The file as TOML, or None and a problem."""
        if text is None:
            try:
                data = self._given(file)
                text = read_text(os.path.join(self._root, file)) if data is None else text_of(data)
            except OSError as error:
                self._problem(Place(file), f"cannot be read: {failing(error)}")
                return None
            except UnicodeDecodeError as error:
                good = error.object[: error.start].decode()
                line, column = good.count("\n"), len(good) - good.rfind("\n") - 1
                self._problem(
                    Place(file, line, column, column + 1), "not valid UTF-8; save the file as UTF-8"
                )
                return None
        text = text.removeprefix("\ufeff")
        try:
            table: Any = parsed(text)
            spans = places(text)
        except tomllib.TOMLDecodeError as error:
            self._problem(*syntax_problem(file, text, str(error)))
            return None
        except RecursionError:
            self._problem(Place(file), "nested too deeply to be read; use fewer levels")
            return None
        prefix: KeyPath = _OUR_TABLE if os.path.basename(file) == "pyproject.toml" else ()
        for depth, key in enumerate(prefix, 1):
            if not isinstance(table, dict) or key not in table:
                self._problem(Place(file), "there is no `[tool.auto-enforcer]` table in this file; add one")
                return None
            table = table[key]
            if not isinstance(table, dict):
                self._problem(
                    Source(file, {}, spans, ()).place(prefix[:depth]), f"must be a table, not {kind(table)}"
                )
                return None
        source = Source(file, table, spans, prefix)
        if file.startswith(PACKAGE):
            # A package lies nowhere in the workspace: its globs mean what they would in the policy.
            source.folder = self.files[0].rpartition("/")[0]
        return source

    def _refused_version(self, source: Source) -> bool:
        """Whether the file asks for another version of ours; then the rest of it is not ours to judge."""
        value = source.table.get("required-version")
        if value is None:
            return False
        place = source.place(("required-version",))
        if not isinstance(value, str):
            self._problem(place, f"must be a string such as `>=1.2`, not {kind(value)}")
        elif (fits := version_fits(self._version, value)) is None:
            self._problem(
                place, f"`{short(value)}` is not a version; write one (`1.2.0`) or bounds (`>=1.2, <2`)"
            )
        elif not fits:
            self._problem(
                place,
                f"this is auto-enforcer {self._version}; install a version that matches `{short(value)}`",
            )
            return True
        return False

    def _take_rules(self, source: Source) -> None:
        """Take the file's own rules over; what is wrong with one of them stops no other and nothing else."""
        from auto_enforcer import policy_rules

        room = self._room = self._room or policy_rules.Room()
        rules, problems = policy_rules.read(source, self._entries, self._families, self._team_globs, room)
        self.rules += rules
        self.rule_problems += [*problems, *(problem for rule in rules for problem in rule.problems)]
        self._entries = {**self._entries, **{rule.id: rule for rule in rules}}
        self._own_families |= {rule.family for rule in rules}

    def _team_globs(
        self, source: Source, path: KeyPath, value: Any
    ) -> tuple[list[PlacedGlob], list[Problem]]:
        """The globs of a rule, and what is wrong with them, which is the rule's matter alone."""
        before = len(self.problems)
        placed = self._globs(source, path, value)
        problems = self.problems[before:]
        del self.problems[before:]
        return placed, problems

    def _extend(self, source: Source, above: tuple[str, ...]) -> None:
        """Take over what the files and sets say that a file extends. Each counts once, where first named."""
        if "extends" not in source.table:
            self._extend_set("recommended", _BUILT_IN_SET)
            return
        value = source.table["extends"]
        for path, name in self._texts(source, ("extends",), [value] if isinstance(value, str) else value):
            place = source.place(path if isinstance(value, list) else ("extends",))
            if name in SETS:
                self._extend_set(name, place)
            elif name.startswith(PACKAGE):
                self._extend_package(place, name)
            elif source.file.startswith(PACKAGE) and ("/" in name or name.endswith(".toml")):
                self._problem(place, "a package's file extends sets of rules and files of packages alone")
            elif "/" not in name and not name.endswith(".toml"):
                self._problem(place, f"unknown set of rules `{short(name)}`{meant(name, SETS)}")
            elif extended := self._extended_file(source, place, name, above):
                self.extended.append(Said(name, place))
                self.read(extended, above=above)

    def _extend_package(self, place: Place, name: str) -> None:
        """Take over what a file of an installed package says."""
        try:
            path = package_file(name)
        except ValueError:
            form = "write `package:acme_rules/rules.toml`, a package and a file in it"
            self._problem(place, f"`{short(name)}` names no file of a package; {form}")
            return
        if not path:
            missing = "is not installed beside auto-enforcer, as files and not in development mode"
            self._problem(place, f"`{short(name)}` {missing}; install the package there")
        elif name not in self.files:
            self.extended.append(Said(name, place))
            try:
                self.read(name, read_text(path))
            except (OSError, UnicodeDecodeError) as error:
                self._problem(place, f"`{short(name)}` cannot be read: {error}")

    def _extend_set(self, name: str, place: Place) -> None:
        if name not in self._sets:
            self._sets.add(name)
            self.extended.append(Said(name, place))
            if name in PRESETS:
                # Only what there is: the tests' catalogs have few rules.
                own = {rule: self._entries[rule] for rule in PRESETS[name] if rule in self._entries}
                changes = {rule: Change(place, entry.severity, of_set=True) for rule, entry in own.items()}
                self.layers.append(Layer(changes, place))
            else:
                self.layers.append(Layer({}, place, set_name=name))

    def _extended_file(self, source: Source, place: Place, name: str, above: tuple[str, ...]) -> str:
        """The file that a path in `extends` names, relative to the workspace; "" when there is nothing (more)
        to read, with a problem where there should be."""
        if name.startswith("/") or os.path.isabs(name) or "\\" in name or "\0" in name:
            self._problem(
                place, f"`{short(name)}` is not a relative path; write it relative to this file, with `/`"
            )
            return ""
        folder = source.file.rpartition("/")[0]
        file = os.path.normpath(os.path.join(folder, name)).replace(os.sep, "/")
        if file == ".." or file.startswith("../") or not self._is_inside(file):
            self._problem(place, f"`{short(name)}` is outside the workspace; name a file inside it")
        elif file in above:
            cycle = " -> ".join((*above[above.index(file) :], file))
            self._problem(
                place, f"this file ends up extending itself ({short(cycle, 200)}); remove one of these"
            )
        elif self._given(file) is not None:
            return "" if file in self.files else file
        elif not os.path.lexists(os.path.join(self._root, file)):
            self._problem(place, f"`{short(file)}` does not exist; paths are relative to this file")
            self.files.append(file)  # it may come
        elif os.path.isdir(os.path.join(self._root, file)):
            self._problem(place, f"`{short(file)}` is a folder; name a file in it")
            self.files.append(file)
        elif file not in self.files:
            return file
        return ""

    def _is_inside(self, file: str) -> bool:
        """Whether a path stays inside the workspace when its symlinks are followed."""
        real_root = os.path.realpath(self._root)
        return os.path.realpath(os.path.join(self._root, file)).startswith(os.path.join(real_root, ""))

    def _said(self, source: Source) -> dict[str, Said]:
        said = {}
        version = source.table.get("required-version")
        if isinstance(version, str):
            said["required-version"] = Said(version, source.place(("required-version",)))
        for key in FILE_KEYS:
            value = source.table.get(key.name)
            if key.name not in DEFAULTS or value is None:
                continue
            place = source.place((key.name,))
            if key.form == "choice":
                if key.name == "ruleset" and _is_later(value, key.choices[0]):
                    more = f"install a newer auto-enforcer, or name `{key.choices[0]}`"
                    self._problem(place, f"`{value}` is later than all that are known here; {more}")
                elif self._choice(place, value, key.choices):
                    said[key.name] = Said(value, place)
            elif not isinstance(value, str):
                self._problem(place, f"must be a string, not {kind(value)}")
            elif not value or value.startswith("-") or not value.isprintable() or " " in value:
                self._problem(
                    place, f"`{short(value)}` is not a git revision; write `auto`, `session` or a revision"
                )
            else:
                said[key.name] = Said(value, place)
        return said

    def _rollout(self, source: Source, path: KeyPath, table: Mapping[str, Any]) -> Rollout | None:
        """The `stage` and `from` of a table."""
        stage, since = table.get("stage"), table.get("from")
        place = source.place((*path, "stage"))
        choices = next(key.choices for key in RULE_KEYS if key.name == "stage")
        if stage is not None and path and not self._choice(place, stage, choices):
            return None
        if since is not None:
            from_place = source.place((*path, "from"))
            if not isinstance(since, datetime.date) or isinstance(since, datetime.datetime):
                self._problem(
                    from_place, f"must be a date such as `2027-01-31`, without quotes, not {kind(since)}"
                )
                return None
            if stage is None:
                self._problem(from_place, "there is no `stage` for this date to apply to; add one")
            elif stage == Stage.OBSERVE.value:
                self._problem(
                    from_place, "`observe` is the first stage and cannot start later; remove `from`"
                )
        if stage not in choices:
            return None
        return Rollout(Stage(stage), since, place)

    def _overrides(self, source: Source) -> list[Layer]:
        given = source.table.get("overrides", [])
        if not isinstance(given, list):
            self._problem(source.place(("overrides",)), f"must be `[[overrides]]` tables, not {kind(given)}")
            return []
        layers = []
        for index, table in enumerate(given):
            path: KeyPath = ("overrides", index)
            if not isinstance(table, dict):
                self._problem(source.place(path), f"must be `[[overrides]]` tables, not {kind(table)}")
                continue
            self._unknown_keys(source, path, table, OVERRIDE_KEYS)
            paths = tuple(self._globs(source, (*path, "paths"), table.get("paths")))
            if not table.get("paths"):
                place = source.place((*path, "paths") if "paths" in table else path)
                self._problem(place, 'there are no paths for this to apply to; add `paths = ["…"]`')
            changes = self._changes(source, (*path, "rules"), table.get("rules", {}))
            rollout = self._rollout(source, path, table)
            if paths and table.keys() <= {"paths"}:
                place = source.place(path)
                self._problem(place, 'this says nothing; add `rules = { "family/rule" = "off" }`')
            if paths:
                matched = tuple(glob.source for glob in paths)
                place = source.place(path)
                layers.append(Layer(changes, place, rollout, matched, source.folder, paths=paths))
        return layers

    def _allow(self, source: Source, given: Any) -> None:
        """Take over what the `[[allow]]` tables say."""
        from auto_enforcer import policy_allowances

        if not isinstance(given, list) or not all(isinstance(table, dict) for table in given):
            self._problem(source.place(("allow",)), "must be `[[allow]]` tables")
            return
        if len(given) > policy_allowances.MOST:
            message = f"there are more than {policy_allowances.MOST}; take them into the baseline instead"
            self._problem(source.place(("allow",)), message)
            return
        for index, table in enumerate(given):
            path: KeyPath = ("allow", index)
            before = len(self.problems)
            self._unknown_keys(source, path, table, ALLOW_KEYS)
            for key in ALLOW_KEYS:
                if key.form != "date":
                    self._needed_text(source, path, table, key)
            until = table.get("until")
            if until is not None and (
                not isinstance(until, datetime.date) or isinstance(until, datetime.datetime)
            ):
                wanted = "must be a date such as `2027-01-31`, without quotes"
                self._problem(source.place((*path, "until")), f"{wanted}, not {kind(until)}")
            if len(self.problems) > before:
                continue
            try:
                found = policy_allowances.made(table, source.folder, source.place(path))
            except ValueError as wrong:
                key_name, message = wrong.args
                self._problem(source.place((*path, key_name)), message)
                continue
            salts = {one.salt for one in self.allowances} | {found.salt}
            if len(salts) > policy_allowances.MOST_SALTS:
                most = f"more than {policy_allowances.MOST_SALTS} ways"
                message = f"the hashes of this policy begin in {most}; let a quick fix write this table anew"
                self._problem(source.place((*path, "hash")), message)
            elif "/" not in found.rule:
                message = f"`{short(found.rule)}` is no rule's id; write it with its family, `family/rule`"
                self._problem(source.place((*path, "rule")), message)
            elif found.rule not in self._entries or found.rule == ALWAYS_ON:
                self._problem(source.place((*path, "rule")), self._unknown_rule(found.rule))
            else:
                self.allowances.append(found)

    def _needed_text(self, source: Source, path: KeyPath, table: Mapping[str, Any], key: Key) -> None:
        value = table.get(key.name)
        if value is None:
            self._problem(source.place(path), f"there is no `{key.name}`: {key.title}; add it")
        elif not isinstance(value, str):
            self._problem(source.place((*path, key.name)), f"must be a string, not {kind(value)}")
        elif not value.strip():
            self._problem(source.place((*path, key.name)), f"must say {key.title}")

    def _changes(self, source: Source, path: KeyPath, table: Any) -> dict[str, Change]:
        """What a `rules` table says, by rule id and family."""
        if not isinstance(table, dict):
            self._problem(source.place(path), f"must be a table, not {kind(table)}")
            return {}
        changes = {}
        for name, value in table.items():
            here = (*path, name)
            place = source.place(here)
            if name not in self._entries and name not in self._families | self._own_families:
                self._problem(place, self._unknown_rule(name))
            elif name == ALWAYS_ON:
                self._problem(place, "this rule is always on; remove this line")
            elif isinstance(value, str):
                if self._choice(place, value, LEVELS):
                    off = value == "off"
                    changes[name] = Change(place, None if off else Severity(value), off)
            elif isinstance(value, dict):
                changes[name] = self._table_change(source, here, name, value)
            else:
                self._problem(place, f"must be `blocked`, `warning`, `off` or a table, not {kind(value)}")
        return changes

    def _table_change(self, source: Source, path: KeyPath, name: str, table: Mapping[str, Any]) -> Change:
        """What a rule's or family's table says."""
        known = self._options(name)
        level = table.get("severity")
        place = source.place((*path, "severity") if level is not None else path)
        if level is not None and not self._choice(place, level, LEVELS):
            level = None
        options, option_places = {}, {}
        for key, value in table.items():
            here = source.place((*path, key))
            if key in known:
                if self._option(source, (*path, key), value, known[key]):
                    options[key] = frozen(value)
                    option_places[key] = here
            elif all(key != rule_key.name for rule_key in RULE_KEYS):
                self._problem(here, self._unknown_option(name, key, known))
        off = level == "off"
        severity = None if off or level is None else Severity(level)
        return Change(place, severity, off, options, option_places, self._rollout(source, path, table))

    def _options(self, name: str) -> dict[str, Option]:
        """What can be set on a rule, or on all rules of a family at once."""
        entry = self._entries.get(name)
        if entry is not None:
            return {option.name: option for option in entry.options if option.form != "folder"}
        own = [entry for rule, entry in self._entries.items() if rule.startswith(f"{name}/")]
        return {option.name: option for entry in own for option in entry.options if option.shared}

    def _option(self, source: Source, path: KeyPath, value: Any, option: Option) -> bool:
        """Whether a value has the option's type."""
        if option.form in TABLE_FORMS:
            before = len(self.problems)
            self._check_table(source, path, value, option)
            return len(self.problems) == before
        if option.form == "schema" and isinstance(value, str):
            return self._is_schema(source, path, value)
        wanted = option.default
        if isinstance(wanted, tuple):
            return len(self._texts(source, path, value)) == (len(value) if isinstance(value, list) else -1)
        if type(value) is type(wanted):
            return True
        self._problem(source.place(path), f"must be {kind(wanted)}, not {kind(value)}")
        return False

    def _check_table(self, source: Source, path: KeyPath, value: Any, option: Option) -> None:
        """Say what is wrong with an option that is a table of names or globs."""
        if not isinstance(value, dict):
            self._problem(source.place(path), f"must be a table, not {kind(value)}")
            return
        if len(value) > MOST_NAMES:
            self._problem(source.place(path), f"has {len(value)} names; write at most {MOST_NAMES}")
            return
        for name, given in value.items():
            here = (*path, name)
            if option.form == "boundaries":
                self._globs(source, here, [name], inside=False)
            elif not 0 < len(name) <= LONGEST_NAME:
                self._problem(source.place(here), f"a name has 1 to {LONGEST_NAME} characters")
            elif option.sought and not re.search("[A-Za-z0-9]", name):
                self._problem(source.place(here), "has no letter or digit by which lines could be found")
            if option.form != "words":
                self._globs(source, here, given)
            elif not isinstance(given, str):
                self._problem(source.place(here), f"must be a string, not {kind(given)}")
            elif len(given) > LONGEST_NAME or not given.isprintable():
                self._problem(source.place(here), f"must be one line of at most {LONGEST_NAME} characters")

    def _is_schema(self, source: Source, path: KeyPath, name: str) -> bool:
        """Whether an option names a schema that there is in the workspace."""
        before = len(self.problems)
        place = source.place(path)
        file = os.path.normpath(os.path.join(source.folder, name)).replace(os.sep, "/")
        outside = name.startswith("/") or os.path.isabs(name) or "\\" in name or "\0" in name
        if outside or file == ".." or file.startswith("../") or not self._is_inside(file):
            self._problem(
                place, f"`{short(name)}` is outside the workspace; write a path relative to this file"
            )
        elif not os.path.isfile(os.path.join(self._root, file)):
            self.files.append(file)  # it may come
            self._problem(place, f"there is no file `{short(file)}`; paths are relative to this file")
        return len(self.problems) == before

    def _globs(self, source: Source, path: KeyPath, value: Any, *, inside: bool = True) -> list[PlacedGlob]:
        """The globs of a list. Not `inside`: the path is that of the one glob itself."""
        placed = []
        for here, glob in self._texts(source, path, [] if value is None else value):
            here = here if inside else path
            if self._translated > globs.MOST_TRANSLATED:
                break
            try:
                translated = globs.translate(glob)
            except ValueError as error:
                self._problem(source.place(here), str(error))
                continue
            self._translated += len(translated)
            if self._translated > globs.MOST_TRANSLATED:
                message = "the globs of this policy are too many to be matched; write fewer or shorter ones"
                self._problem(source.place(here), message)
            placed.append(PlacedGlob(translated, source.folder, source.place(here), glob))
        return placed

    def _texts(self, source: Source, path: KeyPath, value: Any) -> list[tuple[KeyPath, str]]:
        """The strings of a list, each with its path."""
        if not isinstance(value, list):
            self._problem(source.place(path), f"must be a list of strings, not {kind(value)}")
            return []
        texts = []
        for index, text in enumerate(value):
            if isinstance(text, str):
                texts.append(((*path, index), text))
            else:
                self._problem(source.place((*path, index)), f"must be a string, not {kind(text)}")
        return texts

    def _choice(self, place: Place, value: Any, choices: tuple[str, ...]) -> bool:
        if value in choices:
            return True
        words = listed(choices)
        if isinstance(value, (int, float)) and not isinstance(value, bool) and f"{value}" in choices:
            self._problem(place, f'must be a text; put it in quotes: `"{value}"`')
            return False
        is_word = isinstance(value, str) and any(letter.isalpha() for letter in value)
        near = meant(value, choices, listing=False) if is_word and len(choices) > 1 else ""
        if isinstance(value, str):
            self._problem(place, f"must be {words}, not `{short(value)}`{near}")
        else:
            self._problem(place, f"must be {words}, not {kind(value)}")
        return False

    def _unknown_keys(
        self, source: Source, path: KeyPath, table: Mapping[str, Any], keys: tuple[Key, ...]
    ) -> None:
        names = [key.name for key in keys if key.form != "later"]
        known = {key.name for key in keys}
        for name in table:
            if name in known:
                continue
            place = source.place((*path, name))
            if name in self._entries or name in self._families:
                self._problem(place, f"unknown key `{short(name)}`; rules and families go under `[rules]`")
            else:
                self._problem(place, f"unknown key `{short(name)}`{meant(name, names)}")

    def _unknown_rule(self, name: str) -> str:
        what = "rule" if "/" in name else "rule or family"
        same_name = [rule for rule in self._entries if rule.partition("/")[2] == name.rpartition("/")[2]]
        if same_name:
            return f"unknown {what} `{short(name)}`; did you mean `{same_name[0]}`?"
        known = [*self._entries, *self._families, *self._own_families]
        return f"unknown {what} `{short(name)}`{meant(name, known, listing=False)}"

    def _unknown_option(self, name: str, key: str, known: Iterable[str]) -> str:
        if name in self._families | self._own_families:
            if f"{name}/{key}" in self._entries:
                return f'`{key}` is a rule; write it as `"{name}/{key}"` under `[rules]`'
            names = [*known, *(rule_key.name for rule_key in RULE_KEYS)]
            if names != [rule_key.name for rule_key in RULE_KEYS]:
                return f"the family `{name}` has no option `{short(key)}`{meant(key, names)}"
            taken = "a family takes only `severity`, `stage` and `from`; set options on its rules"
            return f"unknown key `{short(key)}`; {taken}"
        names = [*known, *(rule_key.name for rule_key in RULE_KEYS)]
        return f"`{name}` has no option `{short(key)}`{meant(key, names)}"

    def _problem(self, place: Place, message: str) -> None:
        self.problems.append(Problem(place, message))
        if len(self.problems) >= MOST_PROBLEMS:
            raise _EnoughError


def _is_later(value: object, newest: str) -> bool:
    """Whether what a policy names may be a ruleset that came after the newest one."""
    parts = value.split(".") if isinstance(value, str) and len(value) < 10 else []
    if len(parts) != 2 or not all(part.isascii() and part.isdecimal() for part in parts):
        return False
    return [int(part) for part in parts] > [int(part) for part in newest.split(".")]
