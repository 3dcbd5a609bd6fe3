"""Reads the `[[rule]]` tables of a configuration file: a team's own rules, each a rule of the engine.

What is wrong with one is told at its place and stops that rule alone.
"""

from __future__ import annotations

import re
import string
from collections.abc import Collection, Mapping
from typing import Any

from auto_enforcer import policy_matching as matching
from auto_enforcer.hashing import begin, digest
from auto_enforcer.languages import LANGUAGES, language_of
from auto_enforcer.model import NamedTuple, Rule, Severity, Zone
from auto_enforcer.policy_looking import (
    Allowed,
    Around,
    Fixing,
    Looking,
    Near,
    Value,
    allowing,
    checking,
)
from auto_enforcer.policy_matching import Matcher, RefusedError
from auto_enforcer.policy_rule_keys import COMBINING, LEAVES, TEAM_KEYS
from auto_enforcer.policy_source import Source
from auto_enforcer.policy_tables import LONGEST_MESSAGE, Globs, Tables
from auto_enforcer.policy_trials import failures
from auto_enforcer.policy_values import (
    OWN_FAMILY,
    PlacedGlob,
    Problem,
    TeamFact,
    TeamRule,
    TeamTest,
)
from auto_enforcer.policy_words import kind, listed, meant, short
from auto_enforcer.toml_places import KeyPath

MOST_RULES = 500
"""Rules that a policy may bring."""

MOST_CONDITIONS = 1_000
"""Conditions of all of them together: each may take memory of its own."""

MOST_DERIVED = 50_000
"""How dear all patterns may be that triggers are derived from; rules of further ones look at each line."""

MOST_TESTS = 2_000
"""Tests of all of them together: they are run whenever the policy is read."""

_ID = r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*/[a-z0-9]+(?:-[a-z0-9]+)*"


class Room:
    """How much the rules of a policy may still be, in all of its files."""

    __slots__ = ("conditions", "derived", "rules", "searched", "tests")

    def __init__(self) -> None:
        self.rules = MOST_RULES
        self.conditions = MOST_CONDITIONS
        self.derived = MOST_DERIVED
        self.tests = MOST_TESTS
        self.searched: dict[str, Matcher] = {}
        """What is sought in values, by pattern: many rules share such a list."""


def read(
    source: Source, taken: Collection[str], families: Collection[str], globs: Globs, room: Room
) -> tuple[list[TeamRule], list[Problem]]:
    """The rules of a file, and what is wrong with tables that have no id to go by. `taken` are the ids that
    there are, `families` those that no team's rule may be of."""
    given = source.table.get("rule", [])
    if not isinstance(given, list):
        return [], [Problem(source.place(("rule",)), f"must be `[[rule]]` tables, not {kind(given)}")]
    families = {*families, OWN_FAMILY}
    ids, rules, problems = set(taken), list[TeamRule](), list[Problem]()
    for index, table in enumerate(given):
        path: KeyPath = ("rule", index)
        if not isinstance(table, dict):
            problems.append(
                Problem(source.place(path), f"must be `[[rule]]` tables, not a list with {kind(table)}")
            )
            continue
        if not room.rules:
            most = f"a policy has at most {MOST_RULES} rules of its own; remove this one"
            problems.append(Problem(source.place(path), most))
            break
        tables = Tables(source, globs)
        reader = _Reader(tables, path, table, room)
        rule = reader.id(ids, families)
        if not rule:
            problems += tables.problems
            continue
        room.rules -= 1
        ids.add(rule)
        rules.append(reader.read(rule))
    return rules, problems


class _Template(NamedTuple):
    """A message or replacement as it was given, and the names in it."""

    text: str
    names: frozenset[str]


class _Reader:
    """Reads one table."""

    __slots__ = ("_path", "_room", "_table", "_tables")

    def __init__(self, tables: Tables, path: KeyPath, table: Mapping[str, Any], room: Room) -> None:
        self._room = room
        self._tables = tables
        self._path = path
        self._table = table

    def id(self, ids: Collection[str], families: Collection[str]) -> str:
        """The rule's id, "" where it has none that could be its own."""
        rule, path = self._table.get("id"), (*self._path, "id")
        if rule is None:
            self._tables.problem(self._path, 'there is no `id`; add one such as `id = "acme/legacy-client"`')
        elif not isinstance(rule, str):
            self._tables.problem(path, f"must be a string, not {kind(rule)}")
        elif len(rule) > 100 or not re.fullmatch(_ID, rule):
            form = "write `team/name` in small letters, digits and hyphens"
            self._tables.problem(path, f"`{short(rule)}` is not a rule's id; {form}")
        elif rule in ids:
            self._tables.problem(path, f"`{rule}` is taken; give this rule another id")
        elif rule.partition("/")[0] in families:
            taken = rule.partition("/")[0]
            self._tables.problem(
                path, f"the family `{taken}` is taken; use the team's name, as in `acme/legacy-client`"
            )
        else:
            return rule
        return ""

    def read(self, rule: str) -> TeamRule:
        """The rule; without a `model.Rule` where something is wrong."""
        place = self._tables.source.place((*self._path, "id"))
        said = self._tables.table(self._path, self._table, TEAM_KEYS)
        severity = Severity(said.get("severity", "warning"))
        paths, exclude = said.get("paths", []), said.get("exclude", [])
        zones = said.get("zones", Zone.EVERYWHERE)
        main, fixing_of_swap = self._main(said, zones)
        looking, facts = self._looking(rule, said, main, zones) if main is not None else (None, ())
        own = ("old", "new") if "swap" in said else ()
        names = frozenset(("match", *main.names, *own)) if main is not None else None
        message = self._message(said, names)
        fixes = self._fixes(said, names, fixing_of_swap)
        allowed = self._allowed(said, exclude)
        tests = self._tests(said, zones)
        if not any(name in self._table for name in (*LEAVES, *COMBINING)):
            self._tables.missing(
                self._path, f"says nothing to look for; add one of {listed((*LEAVES, 'swap', 'any'))}"
            )
        team = TeamRule(
            rule,
            place,
            severity,
            paths=tuple(paths),
            exclude=tuple(exclude),
            note=said.get("note", ""),
            url=said.get("url", ""),
            words=(*said.get("tags", ()), *said.get("cwe", ())),
            digest=digest(begin(repr(sorted(self._table.items())).encode())).hex(),
            everywhere=said.get("generated", False),
            tests=tests,
        )
        if self._tables.problems or looking is None or message is None:
            return team._replace(problems=tuple(dict.fromkeys(self._tables.problems)))
        looking = looking._replace(
            fixes=fixes,
            wants_groups=bool(message.names) or any(fix.names for fix in fixes),
        )
        before = max(
            (*(one.lines for one in looking.before), *(one.before for one in looking.near)), default=0
        )
        after = max((*(one.lines for one in looking.after), *(one.after for one in looking.near)), default=0)
        team = team._replace(
            rule=Rule(
                id=rule,
                severity=severity,
                message=message.text,
                languages=tuple(said.get("languages", ())),
                zones=Zone(zones),
                check=checking(looking),
                excuses=allowing(allowed, looking),
                before=before,
                after=after,
                everywhere=team.everywhere,
            ),
            triggers=looking.triggers,
            facts=facts,
            said=tuple(
                words for fix in fixes for words in (fix.title, fix.replace, *fix.swap.values()) if words
            ),
        )
        failing = tuple(failures(team))
        return team._replace(problems=failing, is_failing=bool(failing), rule=None if failing else team.rule)

    # What is looked for

    def _main(self, said: Mapping[str, Any], zones: int) -> tuple[Matcher | None, Fixing | None]:
        """What the rule marks, and the fix that a `swap` gives."""
        named = [name for name in self._table if name in (*LEAVES, "swap", "any")]
        if len(named) > 1:
            both = f"`{named[1]}` cannot stand beside `{named[0]}`; put both into `any` or `all`"
            self._tables.problem((*self._path, named[1]), both)
            return None, None
        if not named:
            found = self._conditions(said, "all", zones)
            if found and found[0][1] != zones:
                wrong = "what the first of `all` marks lies in the zones of the rule; leave `zones` out"
                self._tables.problem((*self._path, "all", 0), wrong)
            return (found[0][0] if found else None), None
        if named[0] == "swap":
            if "ignore_case" in said:
                wrong = "has no meaning beside `swap`, which finds words in every case; remove it"
                self._tables.problem((*self._path, "ignore_case"), wrong)
            return self._swap(said, zones)
        if named[0] == "any":
            members = [matcher for matcher, _ in self._conditions(said, "any", zones)]
            return (matching.any_of(members) if members else None), None
        return self._leaf(self._path, said, zones, ignore=bool(said.get("ignore_case"))), None

    def _swap(self, said: Mapping[str, Any], zones: int) -> tuple[Matcher | None, Fixing | None]:
        swap: dict[str, str] = said.get("swap", {})
        if not swap:
            return None, None
        by_folded: dict[str, str] = {}
        for old in swap:
            if old.lower() in by_folded:
                self._tables.problem(
                    (*self._path, "swap", old), f"`{short(old)}` is here twice; their case does not matter"
                )
            by_folded[old.lower()] = old
        matcher = matching.of_texts(swap, zones, ignore_case=True, whole_words=True)
        return matcher, Fixing("replace with `{new}`", "{new}", safe=False, swap=swap)

    def _leaf(
        self,
        path: KeyPath,
        said: Mapping[str, Any],
        zones: int,
        *,
        ignore: bool,
        wants_triggers: bool = True,
    ) -> Matcher | None:
        """The one of `pattern`, `literal`, `literals` and `words` that a table has; None and a problem where
        it cannot be used."""
        name = next((name for name in LEAVES if name in said), "")
        if not name:
            return None
        self._room.conditions -= 1
        if self._room.conditions < 0:
            self._tables.problem(path, f"a policy has at most {MOST_CONDITIONS} conditions; remove this one")
            return None
        if name == "pattern":
            try:
                self._room.derived -= matching.dearness(said[name]) if wants_triggers else 0
                wants_triggers = wants_triggers and self._room.derived >= 0
                return matching.of_pattern(
                    said[name], zones, ignore_case=ignore, wants_triggers=wants_triggers
                )
            except RefusedError as error:
                self._tables.problem((*path, name), str(error))
                return None
        texts = [said[name]] if name == "literal" else said[name]
        return matching.of_texts(texts, zones, ignore_case=ignore, whole_words=name == "words")

    def _condition(
        self,
        path: KeyPath,
        said: Mapping[str, Any],
        zones: int,
        *,
        ignore: bool = False,
        wants_triggers: bool = True,
    ) -> tuple[Matcher, int] | None:
        """The matcher of a condition's table, and the zones that it looks in. `zones` and `ignore` hold where
        it says nothing else."""
        named = [name for name in said if name in LEAVES]
        if len(named) != 1:
            if named:
                self._tables.problem(
                    (*path, named[1]), f"`{named[1]}` cannot stand beside `{named[0]}`; give one of them"
                )
            else:
                self._tables.missing(path, f"says nothing to look for; add one of {listed(LEAVES)}")
            return None
        zones = said.get("zones", zones)
        ignore = bool(said.get("ignore_case", ignore))
        matcher = self._leaf(path, said, zones, ignore=ignore, wants_triggers=wants_triggers)
        return None if matcher is None else (matcher, zones)

    def _conditions(self, said: Mapping[str, Any], name: str, zones: int) -> list[tuple[Matcher, int]]:
        found = []
        for path, table in said.get(name, ()):
            ignore = bool(said.get("ignore_case"))
            condition = self._condition(path, table, zones, ignore=ignore, wants_triggers=name != "none")
            if condition is None:
                continue
            matcher, where = condition
            if where != zones and name == "any":
                self._tables.problem(
                    (*path, "zones"), "what `any` marks lies in the zones of the rule; leave `zones` out"
                )
            found.append((matcher, where))
        return found

    def _looking(
        self, rule: str, said: Mapping[str, Any], main: Matcher, zones: int
    ) -> tuple[Looking, tuple[TeamFact, ...]]:
        every = int(Zone.EVERYWHERE)
        wanted = self._conditions(said, "all", zones)
        sides: dict[str, list[Around]] = {}
        for name in ("before", "after", "same_line", "file_seen"):
            sides[name] = []
            for path, table in said.get(name, ()):
                wants = name == "file_seen" or (name == "same_line" and not table.get("not"))
                condition = self._condition(path, table, every, wants_triggers=wants)
                if condition is None:
                    continue
                lines = table.get("lines", 0)
                if name in ("before", "after") and "lines" not in table:
                    self._tables.missing(
                        path, "there is no `lines`; say how many are looked at, as in `lines = 3`"
                    )
                sides[name].append(Around(*condition, lines, bool(table.get("not"))))
        near = []
        for path, table in said.get("near", ()):
            condition = self._condition(path, table, every, wants_triggers=False)
            if "before" not in table and "after" not in table:
                wanted_lines = "there is no `before` or `after`; say how many lines, as in `before = 3`"
                self._tables.missing(path, wanted_lines)
            if condition is not None:
                sizes = table.get("before", 0), table.get("after", 0)
                near.append(Near(*condition, *sizes, bool(table.get("not"))))
        facts = tuple(
            TeamFact(f"{rule}#{index}", seen.matcher.is_in, seen.matcher.triggers)
            for index, seen in enumerate(sides["file_seen"])
        )
        values = tuple(self._value(path, table, main) for path, table in said.get("value", ()))
        chosen = [main, *(matcher for matcher, _ in wanted)]
        chosen += [one.matcher for one in sides["same_line"] if not one.negated]
        return (
            Looking(
                main,
                int(zones),
                tuple(wanted),
                tuple(self._conditions(said, "none", zones)),
                tuple(sides["same_line"]),
                tuple(sides["before"]),
                tuple(sides["after"]),
                tuple(
                    (fact.name, seen.negated) for fact, seen in zip(facts, sides["file_seen"], strict=True)
                ),
                values,
                next((one.triggers for one in chosen if one.triggers is not None), None),
                near=tuple(near),
            ),
            facts,
        )

    def _value(self, path: KeyPath, table: Mapping[str, Any], main: Matcher) -> Value:
        group = table.get("group", "")
        if group and group not in main.names:
            there = meant(group, main.names) if main.names else "; name it in the pattern: `(?P<name>…)`"
            self._tables.problem((*path, "group"), f"the pattern has no group `{short(group)}`{there}")
        least, most = table.get("min_length", 0), table.get("max_length")
        if most is not None and most < least:
            self._tables.problem((*path, "max_length"), "is less than `min_length`; swap the two")
        tests = {
            *("min_entropy", "min_length", "max_length", "alphabet", "date", "checksum"),
            *("pattern", "contains"),
        }
        if not tests & set(table):
            self._tables.missing(path, f"tests nothing; add one of {listed(sorted(tests))}")
        return Value(
            group,
            float(table.get("min_entropy", 0.0)),
            least,
            most,
            table.get("alphabet", ""),
            table.get("date", ""),
            table.get("checksum", ""),
            bool(table.get("not")),
            self._searched(path, table),
            tuple(one.lower() for one in table.get("contains", ())),
        )

    def _searched(self, path: KeyPath, table: Mapping[str, Any]) -> Matcher | None:
        """The pattern that is sought in a value; None where there is none, or a problem."""
        pattern = table.get("pattern")
        if pattern is None:
            return None
        known = self._room.searched.get(pattern)
        if known is None:
            known = self._leaf(
                path, {"pattern": pattern}, int(Zone.EVERYWHERE), ignore=False, wants_triggers=False
            )
            if known is not None:
                self._room.searched[pattern] = known
        return known

    # What is said of it

    def _message(self, said: Mapping[str, Any], names: frozenset[str] | None) -> _Template | None:
        if "message" not in self._table:
            if "swap" in said:
                return _Template("`{old}` should be `{new}`; replace it", frozenset(("old", "new")))
            self._tables.missing(self._path, "there is no `message`; say what is wrong and what to do")
            return None
        return self._template((*self._path, "message"), said.get("message"), names)

    def _template(self, path: KeyPath, text: str | None, names: frozenset[str] | None) -> _Template | None:
        """A text with names in braces, which must be those of groups; None where these are not known."""
        if text is None or names is None:
            return None
        if len(text) > LONGEST_MESSAGE:
            self._tables.problem(path, f"has {len(text)} characters; write at most {LONGEST_MESSAGE}")
            return None
        used = set()
        try:
            for _, name, form, conversion in string.Formatter().parse(text):
                if name is None:
                    continue
                used.add(name)
                if form or conversion or name not in names:
                    near = meant(name, sorted(names)) or "; name a group of the pattern: `(?P<name>…)`"
                    wrong = f"`{{{short(name)}}}` is nothing that can be written here{near}"
                    self._tables.problem(path, f"{wrong} (for a brace itself write `{{{{`)")
                    return None
        except ValueError:
            wrong = "has a brace without its other half; a brace itself is written `{{` or `}}`"
            self._tables.problem(path, wrong)
            return None
        return _Template(text, frozenset(used))

    def _fixes(
        self, said: Mapping[str, Any], names: frozenset[str] | None, of_swap: Fixing | None
    ) -> tuple[Fixing, ...]:
        if "fix" in said and "fixes" in said:
            self._tables.problem((*self._path, "fixes"), "cannot stand beside `fix`; put all of them here")
        fixes = []
        for path, table in (*said.get("fix", ()), *said.get("fixes", ())):
            title, safe = table.get("title", ""), bool(table.get("safe"))
            if "replace" not in table and of_swap is not None:
                of_swap = of_swap._replace(
                    safe=safe, title=title.replace("{", "{{").replace("}", "}}") or of_swap.title
                )
                continue
            if "replace" not in table:
                self._tables.missing(
                    path, "there is no `replace`; say what to write in place of what is marked"
                )
                continue
            replace = self._template((*path, "replace"), table["replace"], names)
            if replace is None:
                continue
            if not title:
                shown = short(replace.text, 40)
                title = f"replace with `{shown}`" if replace.text else "remove it"
            if not table.get("title") and replace.text != short(replace.text, 40):
                title = "replace it"
            title = title if "title" not in table else title.replace("{", "{{").replace("}", "}}")
            fixes.append(Fixing(title, replace.text, safe, of_swap.swap if of_swap else {}, replace.names))
        return (*((of_swap,) if of_swap is not None else ()), *fixes)

    def _allowed(self, said: Mapping[str, Any], exclude: list[PlacedGlob]) -> list[Allowed]:
        """What is left alone, each with why; paths go to those that are excluded."""
        allowed = []
        for path, table in said.get("allow", ()):
            named = [name for name in ("value", "sha256", "path", "pattern", "contains") if name in table]
            if len(named) != 1 and named != ["pattern", "contains"]:
                which = "one of `value`, `sha256`, `path`, `pattern` or `contains`"
                self._tables.missing(path, f"must have {which}; the last two can stand together")
                continue
            if not table.get("reason"):
                self._tables.missing(path, "there is no `reason`; say why this is left alone")
                continue
            if named[0] == "path":
                exclude += self._tables.globs((*path, "path"), [table["path"]])
            elif named[0] in ("value", "sha256"):
                allowed.append(Allowed(table["reason"], **{named[0]: table[named[0]]}))
            else:
                pattern = self._searched(path, table)
                contains = tuple(one.lower() for one in table.get("contains", ()))
                where = table.get("in", "value")
                allowed.append(Allowed(table["reason"], "", "", pattern, contains, where))
        return allowed

    def _tests(self, said: Mapping[str, Any], zones: int) -> tuple[TeamTest, ...]:
        tests = []
        languages = said.get("languages", ())
        of_code = "plaintext" if zones & Zone.TEXT else "python"
        for name in ("match", "no_match"):
            for path, table in said.get(name, ()):
                if "text" not in table:
                    self._tables.missing(path, "there is no `text` to test")
                    continue
                language = table.get("language", "")
                if language and language not in LANGUAGES:
                    self._tables.problem(
                        (*path, "language"),
                        f"unknown language `{short(language)}`{meant(language, LANGUAGES)}",
                    )
                    continue
                if not language:
                    by_path = language_of(table["path"]) if "path" in table else ""
                    language = by_path or (languages[0] if languages else of_code)
                place = self._tables.source.place(path)
                if table.get("range") and not re.fullmatch(
                    r"[1-9]\d{0,6}:[1-9]\d{0,6}-[1-9]\d{0,6}", table["range"]
                ):
                    self._tables.problem(
                        (*path, "range"), "must be `LINE:FIRST-LAST`, as in `1:5-12`, counted from 1"
                    )
                    continue
                today = table.get("today")
                self._room.tests -= 1
                if self._room.tests < 0:
                    self._tables.problem(path, f"a policy has at most {MOST_TESTS} tests; remove this one")
                    return ()
                tests.append(
                    TeamTest(
                        place,
                        table["text"],
                        name == "match",
                        language,
                        today,
                        table.get("range", ""),
                        table.get("fixed"),
                    )
                )
        return tuple(tests)
