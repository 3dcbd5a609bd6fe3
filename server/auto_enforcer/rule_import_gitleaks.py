"""Reads rule files of gitleaks and betterleaks (TOML) into tables of rules."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterable
from typing import Any

from auto_enforcer import rule_import_filters as filters
from auto_enforcer import rule_import_patterns as patterns
from auto_enforcer.model import WIDEST_WINDOW, NamedTuple
from auto_enforcer.policy_matching import LONGEST_TEXT, MOST_TEXTS
from auto_enforcer.policy_source import read_text, syntax_problem
from auto_enforcer.policy_values import Place
from auto_enforcer.policy_words import failing
from auto_enforcer.rule_import_values import Carried, LeftOut, MalformedError, Reader, Rules, fitting, said
from auto_enforcer.toml_places import parsed, places

DEEPEST_EXTENDED = 3
"""Files that extend each other."""

_REASON = "left alone by the rules that this one comes from"
_WHERE = {"": "value", "secret": "value", "match": "match", "line": "line"}


class _Allow(NamedTuple):
    """An allow-list."""

    reason: str
    regexes: tuple[str, ...]
    stopwords: tuple[str, ...]
    paths: tuple[str, ...]
    where: str
    is_all: bool
    """Whether all that it says must hold, not one of it."""
    commits: bool
    rules: tuple[str, ...]
    """The rules that it is for; none for all."""


class _Rule(NamedTuple):
    """A rule as its file has it, with what it changes of one that is extended."""

    id: str
    description: str
    regex: str
    path: str
    entropy: float
    group: int
    keywords: tuple[str, ...]
    tags: tuple[str, ...]
    allows: tuple[_Allow, ...]
    required: tuple[tuple[str, int | None], ...]
    filter: str
    is_silent: bool
    unknown: tuple[str, ...]
    place: Place


class _File(NamedTuple):
    """All that a file and those that it extends say."""

    rules: dict[str, _Rule]
    allows: tuple[_Allow, ...]
    filters: tuple[str, ...]
    remarks: tuple[str, ...]


def read(path: str) -> Rules:
    """The rules of a file. Raises OSError and MalformedError."""
    file = _read(path, path, 1)
    remarks, nowhere = list(file.remarks), list[str]()
    shared = list[_Allow]()
    for one in file.allows:
        if one.paths and not one.is_all and not one.rules:
            found, refused = _globs(one.paths)
            nowhere += found
            remarks += [f"its list of paths that nothing looks at: `{each}` {why}" for each, why in refused]
        shared.append(one._replace(paths=() if not one.is_all and not one.rules else one.paths))
    for expression in file.filters:
        understood, others = filters.terms(expression)
        for term in understood:
            if term.call == "matchesAny" and term.where == "path" and not term.negated:
                found, refused = _globs(term.texts)
                nowhere += found
                remarks += [
                    f"its list of paths that nothing looks at: `{each}` {why}" for each, why in refused
                ]
        remarks += [f"its filter for all rules: `{said(other)[:80]}` is not understood" for other in others]
    carried, left = list[Carried](), list[LeftOut]()
    for rule in file.rules.values():
        one_rule = _Converter(rule, file).convert(shared)
        if isinstance(one_rule, LeftOut):
            left.append(one_rule)
        else:
            carried.append(one_rule)
    return Rules(tuple(carried), tuple(left), tuple(dict.fromkeys(nowhere)), tuple(dict.fromkeys(remarks)))


# Reading


def _read(path: str, shown: str, depth: int) -> _File:
    try:
        text = read_text(path).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n")
        raise MalformedError(Place(shown, line, 0, 1), "not valid UTF-8; save the file as UTF-8") from None
    try:
        table, spans = parsed(text), places(text)
    except tomllib.TOMLDecodeError as error:
        raise MalformedError(*syntax_problem(shown, text, str(error))) from None
    except RecursionError:
        raise MalformedError(Place(shown), "nested too deeply to be read") from None
    top = Reader(shown, spans, (), table)
    top.used |= {"title", "description", "minVersion", "betterleaksMinVersion"}
    base = _extended(top, path, depth)
    rules, remarks, own = dict(base.rules), list(base.remarks), set[str]()
    for reader in top.tables("rules"):
        rule = _rule(reader, extends=rules)
        if rule.id in own:
            remarks.append(f"`{rule.id}` is here twice; only what is said last holds ({rule.place})")
        own.add(rule.id)
        rules[rule.id] = _over(base.rules.get(rule.id), rule)
    allows = [_allow(reader) for reader in _both(top, "allowlist", "allowlists")]
    told = [text for key in ("prefilter", "filter") if (text := top.text(key))]
    remarks += [f"its `{key}` is not known here" for key in top.unused()]
    if not rules and "rules" not in top.table:
        raise MalformedError(Place(shown), "has no `[[rules]]`; is it a file of gitleaks or betterleaks?")
    return _File(rules, (*base.allows, *allows), (*base.filters, *told), tuple(remarks))


def _extended(top: Reader, path: str, depth: int) -> _File:
    nothing = _File({}, (), (), ())
    extend = top.inner("extend")
    if extend is None:
        return nothing
    remarks = []
    if extend.flag("useDefault"):
        remarks.append("it extends its tool's own rules, which are not in it; import their file too")
    if extend.text("url"):
        remarks.append("it extends an address, which is not opened; import that file too")
    disabled = set(extend.texts("disabledRules"))
    name = extend.text("path")
    if not name:
        return nothing._replace(remarks=tuple(remarks))
    if depth >= DEEPEST_EXTENDED:
        raise MalformedError(extend.place("path"), f"more than {DEEPEST_EXTENDED} files extend each other")
    beside = os.path.join(os.path.dirname(path), name)
    try:
        base = _read(beside if os.path.exists(beside) else name, name, depth + 1)
    except OSError as error:
        message = f"`{name}` cannot be read: {failing(error)}"
        raise MalformedError(extend.place("path"), message) from None
    rules = {rule: one for rule, one in base.rules.items() if rule not in disabled}
    return base._replace(rules=rules, remarks=(*base.remarks, *remarks))


def _rule(reader: Reader, extends: Iterable[str]) -> _Rule:
    rule = reader.text("id", needed=True)
    reader.used |= {"validate", "verify"}
    regex, path = reader.text("regex"), reader.text("path")
    if not regex and not path and rule not in extends:
        raise MalformedError(reader.place(), f"`{rule}` has neither `regex` nor `path`")
    allows = tuple(_allow(one) for one in _both(reader, "allowlist", "allowlists"))
    required = tuple(_required(one) for one in reader.tables("required"))
    group = reader.number("secretGroup")
    if group != int(group) or group < 0:
        raise MalformedError(reader.place("secretGroup"), "must be the number of a group")
    return _Rule(
        rule,
        reader.text("description"),
        regex,
        path,
        float(reader.number("entropy")),
        int(group),
        tuple(reader.texts("keywords")),
        tuple(reader.texts("tags")),
        allows,
        required,
        reader.text("filter"),
        reader.flag("skipReport"),
        (*(key for key in reader.unused() if key != "specificity"),),
        reader.place("id"),
    )


def _required(reader: Reader) -> tuple[str, int | None]:
    lines = reader.number("withinLines") if "withinLines" in reader.table else None
    return reader.text("id", needed=True), None if lines is None else int(lines)


def _both(reader: Reader, old: str, new: str) -> list[Reader]:
    """The allow-lists, as they are and as they were written."""
    one = reader.inner(old)
    return [*([one] if one is not None else []), *reader.tables(new)]


def _allow(reader: Reader) -> _Allow:
    condition = reader.text("condition").upper()
    if condition not in ("", "OR", "AND", "||", "&&"):
        raise MalformedError(reader.place("condition"), "must be `OR` or `AND`")
    where = reader.text("regexTarget")
    if where not in _WHERE:
        raise MalformedError(reader.place("regexTarget"), "must be `secret`, `match` or `line`")
    return _Allow(
        " ".join(reader.text("description").split())[:200] or _REASON,
        tuple(reader.texts("regexes")),
        tuple(reader.texts("stopwords")),
        tuple(reader.texts("paths")),
        _WHERE[where],
        condition in ("AND", "&&"),
        bool(reader.texts("commits")),
        tuple(reader.texts("targetRules")),
    )


def _over(base: _Rule | None, rule: _Rule) -> _Rule:
    """A rule with what it leaves to the one that it extends."""
    if base is None:
        return rule
    return rule._replace(
        description=rule.description or base.description,
        regex=rule.regex or base.regex,
        path=rule.path or base.path,
        entropy=rule.entropy or base.entropy,
        group=rule.group or base.group,
        keywords=(*base.keywords, *rule.keywords),
        tags=(*base.tags, *rule.tags),
        allows=(*base.allows, *rule.allows),
        required=rule.required or base.required,
        filter=rule.filter or base.filter,
        unknown=(*base.unknown, *rule.unknown),
    )


# Converting


class _Converter:
    """Makes the table of one rule."""

    def __init__(self, rule: _Rule, file: _File) -> None:
        self._rule = rule
        self._file = file
        self._notes: list[str] = [f"its `{key}` is not known here" for key in rule.unknown]
        self._values: list[dict[str, Any]] = []
        self._allow: list[dict[str, Any]] = []
        self._exclude: list[str] = []
        self._entropy = rule.entropy

    def convert(self, shared: Iterable[_Allow]) -> Carried | LeftOut:
        rule = self._rule
        if not rule.regex:
            return LeftOut(rule.id, "it is about names of files alone; a rule here looks at lines")
        if rule.is_silent:
            return LeftOut(rule.id, "it reports nothing by itself (`skipReport`)")
        shape = patterns.shape(rule.regex)
        if rule.group > len(shape.groups):
            return LeftOut(rule.id, f"its regex has no group {rule.group} (`secretGroup`)")
        table: dict[str, Any] = {
            "severity": "blocked",
            "message": said(rule.description or f"{rule.id} was found"),
            "pattern": self._marked(shape),
        }
        if shape.crosses:
            self._notes.append("what it finds over several lines is not found; a rule looks at one line")
        self._near(table)
        for one in (*shared, *rule.allows):
            if not one.rules or rule.id in one.rules:
                self._allowed(one)
        for expression in (*self._file.filters, rule.filter):
            self._filtered(expression, of_all=expression is not rule.filter)
        table["pattern"] = patterns.spelled(table["pattern"])
        self._keywords(table)
        if self._entropy:
            self._values.insert(0, {"min_entropy": self._entropy})
        self._paths(table)
        table |= {"value": self._values} if self._values else {}
        table |= {"allow": self._allow} if self._allow else {}
        table |= {"exclude": self._exclude} if self._exclude else {}
        if rule.tags:
            table["tags"] = [tag for tag in dict.fromkeys(rule.tags) if 0 < len(tag) <= LONGEST_TEXT]
        return Carried(rule.id, table, tuple(dict.fromkeys(self._notes)))

    def _marked(self, shape: patterns.Shape) -> str:
        """The regex with the name `span` for the group that is the secret."""
        groups, chosen = shape.groups, self._rule.group
        if not chosen and groups:
            chosen = 1
            if len(groups) > 1 and not groups[0].certain:
                self._notes.append("its secret may be in any of several groups; only the first is marked")
        return patterns.named(self._rule.regex, {chosen: "span"}) if chosen else self._rule.regex

    def _keywords(self, table: dict[str, Any]) -> None:
        """Ask for one of the words in the file, as its tool does; where one is in all that matches, for one
        on the line, and only if that spares a look at each line."""
        if not self._rule.keywords:
            return
        lists, lost = fitting(self._rule.keywords, MOST_TEXTS, LONGEST_TEXT)
        if lost or len(lists) != 1:
            self._notes.append("its keywords are left out: one is long, or they are many")
            return
        key = "file_seen"
        if patterns.has_one_of(table["pattern"], lists[0]):
            if patterns.is_sought(table["pattern"]):
                return
            key = "same_line"
        table.setdefault(key, []).append({"literals": lists[0], "ignore_case": True})

    def _near(self, table: dict[str, Any]) -> None:
        for name, lines in self._rule.required:
            other = self._file.rules.get(name)
            if other is None or not other.regex:
                self._notes.append(f"that `{name}` must be near is left out: it has no regex")
                continue
            if other.entropy or other.filter or other.allows:
                self._notes.append(f"of `{name}`, which must be near, only the regex is asked for")
            if lines is None or lines > WIDEST_WINDOW:
                table.setdefault("file_seen", []).append({"pattern": other.regex})
            elif lines == 0:
                table.setdefault("same_line", []).append({"pattern": other.regex})
            else:
                table.setdefault("near", []).append({"before": lines, "after": lines, "pattern": other.regex})

    def _allowed(self, one: _Allow) -> None:
        if one.is_all:
            given = [bool(one.regexes), bool(one.stopwords), bool(one.paths), one.commits]
            if one.paths or one.commits:
                if sum(given) == 1 and one.paths:
                    self._exclude += self._globs(one.paths)
                    return
                what = "paths" if one.paths else "commits"
                self._notes.append(f"an allow-list that asks for {what} and more is left out")
                return
            self._add(one.reason, one.where, one.regexes, one.stopwords, both=all(given[:2]))
            return
        if one.commits:
            self._notes.append("its allow-list of commits is left out; a rule knows none")
        self._add(one.reason, one.where, one.regexes, (), both=False)
        self._add(one.reason, "value", (), one.stopwords, both=False)
        self._exclude += self._globs(one.paths)

    def _add(
        self, reason: str, where: str, regexes: Iterable[str], words: Iterable[str], *, both: bool
    ) -> None:
        """Add what is left alone: what has a regex and a word in it where `both` are asked for."""
        joined = patterns.one_of(list(dict.fromkeys(regexes)))
        lists, lost = fitting(words, MOST_TEXTS, LONGEST_TEXT)
        if lost:
            self._notes.append(f"{lost} of the words that it leaves alone are left out: empty or too long")
        said_in = {"in": where} if where != "value" else {}
        if both:
            if where != "value":
                self._notes.append("an allow-list that asks for words of the secret and more is left out")
                return
            self._allow += [
                {"pattern": pattern, "contains": some, "reason": reason}
                for pattern in joined
                for some in lists
            ]
            return
        self._allow += [{"pattern": pattern, **said_in, "reason": reason} for pattern in joined]
        self._allow += [{"contains": some, **said_in, "reason": reason} for some in lists]

    def _filtered(self, expression: str, *, of_all: bool) -> None:
        understood, others = filters.terms(expression)
        if not of_all:
            self._notes += [f"its filter `{said(one)[:80]}` is left out" for one in others]
        for term in understood:
            where = _WHERE.get(term.where, "")
            if term.call == "entropy":
                self._entropy = max(self._entropy, term.bits)
            elif term.where == "path":
                if term.negated or term.call != "matchesAny":
                    self._notes.append("its filter of paths is left out")
                elif not of_all:
                    self._exclude += self._globs(term.texts)
            elif not term.negated:
                regexes, words = (term.texts, ()) if term.call == "matchesAny" else ((), term.texts)
                self._add(_REASON, where, regexes, words, both=False)
            elif where == "value" and term.call == "matchesAny":
                self._values += [{"pattern": pattern} for pattern in patterns.one_of(term.texts)[:1]]
            else:
                self._notes.append("a part of its filter is left out")

    def _paths(self, table: dict[str, Any]) -> None:
        if not self._rule.path:
            return
        found = self._globs((self._rule.path,))
        if found:
            table["paths"] = found

    def _globs(self, texts: Iterable[str]) -> list[str]:
        found, refused = _globs(texts)
        self._notes += [f"the path `{text}` {why}; it is left out" for text, why in refused]
        return found


def _globs(texts: Iterable[str]) -> tuple[list[str], list[tuple[str, str]]]:
    """Globs for expressions of paths, and those for which there are none, each with why."""
    found, refused = [], []
    for text in texts:
        try:
            found += patterns.globs_of(text)
        except ValueError as error:
            refused.append((text, str(error)))
    return found, refused
