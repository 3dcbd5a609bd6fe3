"""Reads rule files of DevSkim (JSON), or a folder of them, into tables of rules."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from auto_enforcer import json_places
from auto_enforcer import rule_import_patterns as patterns
from auto_enforcer.languages import LANGUAGES
from auto_enforcer.model import WIDEST_WINDOW, NamedTuple
from auto_enforcer.policy_source import read_text
from auto_enforcer.policy_values import Place
from auto_enforcer.rule_import_values import Carried, LeftOut, MalformedError, Reader, Rules, said

MOST_FILES = 1_000
"""Files of a folder that are read."""

GUIDANCE = "https://github.com/microsoft/DevSkim/blob/main/guidance/"
"""Where the pages of its rules are."""

_BLOCKED = ("critical", "important")

_SUFFIXES: Mapping[str, tuple[str, ...]] = {
    "batch": ("*.bat",),
    "clojure": ("*.clj", "*.cljs", "*.cljc", "*.edn"),
    "cobol": ("*.cbl", "*.cob", "*.cpy"),
    "coffeescript": ("*.coffee",),
    "fsharp": ("*.fs",),
    "jade": ("*.jade",),
    "perl6": ("*.pl6", "*.p6", "*.pm6"),
    "vb": ("*.vb",),
    ".config": ("*.config",),
    "packages.config": ("packages.config",),
    "csharp project": ("*.csproj",),
}
"""Globs of what it calls a language and we do not."""

_LANGUAGES = {"batch": "bat"}
"""Languages that have another name here."""

_SCOPES: Mapping[str, tuple[str, ...]] = {
    "code": ("code", "string", "text"),
    "comment": ("comment",),
    "html": ("text",),
}
"""The zones that a scope is; `all` is everywhere."""

_TYPES = ("regex", "regexword", "string", "substring")
_REGION = re.compile(r"finding-region\(\s*(-?\d+)\s*,\s*(-?\d+)\s*\)")


def read(path: str) -> Rules:
    """The rules of a file, or of all files below a folder. Raises OSError and MalformedError."""
    carried, left = list[Carried](), list[LeftOut]()
    for file in _files(path):
        for reader in _tables(file):
            name = reader.text("id", needed=True)
            rule = _Converter(reader, name).convert()
            if isinstance(rule, LeftOut):
                left.append(rule)
            else:
                carried.append(rule)
    return Rules(tuple(carried), tuple(left))


def _files(path: str) -> list[str]:
    if not os.path.isdir(path):
        return [path]
    found: list[str] = []
    for folder, folders, names in os.walk(path):
        folders.sort()
        found += [os.path.join(folder, name) for name in sorted(names) if name.endswith(".json")]
        if len(found) > MOST_FILES:
            raise MalformedError(Place(path), f"has more than {MOST_FILES} files; name a folder within it")
    if not found:
        raise MalformedError(Place(path), "has no file that ends in `.json`")
    return found


def _tables(path: str) -> list[Reader]:
    shown = path.replace(os.sep, "/")
    try:
        text = read_text(path)
        value, spans = json_places.parsed(text)
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n")
        raise MalformedError(Place(shown, line, 0, 1), "not valid UTF-8; save the file as UTF-8") from None
    except json.JSONDecodeError as error:
        place = Place(shown, error.lineno - 1, error.colno - 1, error.colno)
        what = error.msg[:1].lower() + error.msg[1:]
        raise MalformedError(place, f"not valid JSON: {what}") from None
    except RecursionError:
        raise MalformedError(Place(shown), "nested too deeply to be read") from None
    if not isinstance(value, list):
        raise MalformedError(Place(shown), "must be a list of rules; is it a file of DevSkim?")
    return [Reader(shown, spans, (index,), table) for index, table in enumerate(value)]


class _Pattern(NamedTuple):
    """A pattern as RE2 reads it, and where it looks."""

    regex: str
    ignores_case: bool
    zones: frozenset[str]
    """None of them: everywhere."""
    problem: str = ""
    """Why it cannot be carried over."""


class _Converter:
    """Makes the table of one rule."""

    def __init__(self, reader: Reader, name: str) -> None:
        self._reader = reader
        self._name = name
        self._notes: list[str] = []

    def convert(self) -> Carried | LeftOut:
        reader = self._reader
        reader.used |= {"confidence"}
        title, description = reader.text("name"), reader.text("description")
        table: dict[str, Any] = {
            "severity": "blocked" if reader.text("severity").lower() in _BLOCKED else "warning",
            "message": said(title or description or self._name),
        }
        languages = self._where(table)
        given = reader.tables("patterns")
        if not given and "patterns" in reader.table:
            return LeftOut(self._name, "it looks for nothing: its `patterns` are empty")
        if not given:
            raise MalformedError(reader.place(), f"`{self._name}` has no `patterns`")
        found = [self._pattern(one) for one in given]
        usable = [one for one in found if not one.problem]
        self._notes += [one.problem for one in found if one.problem]
        if not usable:
            return LeftOut(self._name, found[0].problem)
        self._zones(table, usable)
        self._fixes(table, usable)
        if len(usable) == 1:
            table.setdefault("pattern", usable[0].regex)
            table |= {"ignore_case": True} if usable[0].ignores_case else {}
        else:
            table["any"] = [self._condition(one) for one in usable]
        for condition in reader.tables("conditions"):
            self._conditions(table, condition)
        note = "\n\n".join(text for text in (description, reader.text("recommendation")) if text)
        table |= {"note": note} if note else {}
        page = reader.text("rule_info")
        if re.fullmatch(r"[A-Za-z0-9_-]{1,40}\.md", page):
            table["url"] = GUIDANCE + page
        elif page.startswith("https://"):
            table["url"] = page
        tags = [tag for tag in reader.texts("tags") if tag]
        table |= {"tags": tags} if tags else {}
        self._tests(table, languages)
        if reader.texts("overrides"):
            self._notes.append("what the rules that it takes the place of find is told beside it")
        if reader.texts("depends_on"):
            self._notes.append("that other rules must find something first is left out")
        self._notes += [f"its `{key}` is not known here" for key in reader.unused()]
        return Carried(self._name, table, tuple(dict.fromkeys(self._notes)))

    # Where it looks

    def _where(self, table: dict[str, Any]) -> list[str]:
        """Set the languages or paths of the rule, and give the languages."""
        asked = [name.lower() for name in self._reader.texts("applies_to")]
        known = [name for name in (_LANGUAGES.get(name, name) for name in asked) if name in LANGUAGES]
        if asked and len(known) == len(asked):
            table["languages"] = list(dict.fromkeys(known))
        elif asked:
            # Some are no languages here, and all of them are told by the ends of files' names.
            paths = [glob for name in asked for glob in self._globs(name)]
            table |= {"paths": list(dict.fromkeys(paths))} if paths else {}
        files = self._reader.texts("applies_to_file_regex")
        if files:
            found = []
            for text in files:
                try:
                    found += patterns.globs_of(text)
                except ValueError as error:
                    self._notes.append(f"the path `{text}` {error}; it is left out")
            if found and not asked:
                table["paths"] = found
            elif found:
                self._notes.append("its languages and its paths are all asked for; there, one is enough")
                table["paths"] = found
        excluded = [glob for name in self._reader.texts("does_not_apply_to") for glob in self._globs(name)]
        table |= {"exclude": list(dict.fromkeys(excluded))} if excluded else {}
        return known

    def _globs(self, name: str) -> Iterator[str]:
        name = name.lower()
        row = LANGUAGES.get(_LANGUAGES.get(name, name))
        if name in _SUFFIXES:
            yield from _SUFFIXES[name]
        elif row is not None:
            yield from (f"*{suffix}" for suffix in row.suffixes)
        else:
            self._notes.append(f"`{name}` is no language here; it is left out")

    def _zones(self, table: dict[str, Any], found: Iterable[_Pattern]) -> None:
        zones = {one.zones for one in found}
        if len(zones) > 1:
            self._notes.append("its patterns look in several zones; here all look in each of these")
        if frozenset() not in zones:
            table["zones"] = sorted(set().union(*zones))

    # What it looks for

    def _pattern(self, reader: Reader) -> _Pattern:
        text, form = reader.text("pattern", needed=True), reader.text("type", needed=True).lower()
        modifiers = {one.lower() for one in reader.texts("modifiers")}
        zones = set[str]()
        scopes = [scope.lower() for scope in reader.texts("scopes")]
        for scope in scopes if "all" not in scopes else ():
            if scope not in _SCOPES:
                raise MalformedError(reader.place("scopes"), f"there is no scope `{scope}`")
            zones |= set(_SCOPES[scope])
        if form not in _TYPES:
            raise MalformedError(reader.place("type"), f"there is no type of pattern `{form}`")
        problem = ""
        for key in ("xpaths", "jsonpaths", "ymlpaths"):
            if reader.texts(key):
                problem = f"a pattern is for places in a tree (`{key}`); a rule looks at one line"
        reader.used |= {"confidence", "xpathnamespaces"}
        self._notes += [f"a pattern's `{key}` is not known here" for key in reader.unused()]
        if form in ("string", "substring"):
            text = _spelled(text)
        if form in ("string", "regexword"):
            text = rf"\b(?:{text})\b" if form == "regexword" else rf"\b{text}\b"
        if modifiers & {"s", "x"}:
            self._notes.append("the modifiers `s` and `x` of a pattern are left out")
        elif form.startswith("regex") and patterns.shape(text).crosses:
            self._notes.append("what it finds over several lines is not found; a rule looks at one line")
        return _Pattern(text, "i" in modifiers, frozenset(zones), problem)

    def _condition(self, pattern: _Pattern) -> dict[str, Any]:
        return {"pattern": pattern.regex} | ({"ignore_case": True} if pattern.ignores_case else {})

    def _conditions(self, table: dict[str, Any], reader: Reader) -> None:
        """Add what must be beside what is found, or must not be."""
        inner = reader.inner("pattern")
        if inner is None:
            raise MalformedError(reader.place(), "there is no `pattern`")
        pattern, where = self._pattern(inner), reader.text("search_in").lower().strip()
        negated = reader.flag("negate_finding")
        if pattern.problem:
            self._notes.append(f"a condition is left out: {pattern.problem}")
            return
        said_of_it = self._condition(pattern)
        beside = said_of_it | ({"zones": sorted(pattern.zones)} if pattern.zones else {})
        beside |= {"not": True} if negated else {}
        region = _REGION.fullmatch(where)
        if where == "finding-only":
            regex = f"(?i:{pattern.regex})" if pattern.ignores_case else pattern.regex
            more = {"not": True} if negated else {}
            table.setdefault("value", []).append({"pattern": regex, **more})
        elif where == "same-line":
            table.setdefault("same_line", []).append(beside)
        elif where in ("same-file", "only-before", "only-after"):
            if where != "same-file":
                self._notes.append(f"a condition asks for it {where[5:]} the place; here anywhere will do")
            beside.pop("zones", None)
            table.setdefault("file_seen", []).append(beside)
        elif region is not None and int(region[1]) <= 0 <= int(region[2]):
            before, after = min(-int(region[1]), WIDEST_WINDOW), min(int(region[2]), WIDEST_WINDOW)
            lines = ({"before": before} if before else {}) | ({"after": after} if after else {})
            key = "near" if lines else "same_line"
            table.setdefault(key, []).append(lines | beside)
        else:
            self._notes.append(f"a condition that looks in `{said(where)[:40]}` is left out")

    # Fixes and tests

    def _fixes(self, table: dict[str, Any], found: list[_Pattern]) -> None:
        """Carry over the fixes that write anew all that is found."""
        fixes, groups = [], dict[int, str]()
        for reader in self._reader.tables("fix_its"):
            inner = reader.inner("pattern")
            reader.used |= {"type"}
            replacement = reader.text("replacement")
            pattern = self._pattern(inner) if inner is not None else None
            if pattern is None or len(found) != 1 or _plain(pattern.regex) != _plain(found[0].regex):
                self._notes.append("a fix is left out: it writes a part of what is found anew")
                continue
            written = _template(replacement, len(patterns.shape(pattern.regex).groups))
            if written is None:
                self._notes.append("a fix is left out: it repeats what the pattern has no group for")
                continue
            text, used = written
            groups |= {number: f"g{number}" for number in used}
            title = " ".join(reader.text("name").split())[:200]
            fixes.append({"title": title, "replace": text} if title else {"replace": text})
            table["pattern"] = patterns.named(pattern.regex, groups)
        if fixes:
            table |= {"fix": fixes[0]} if len(fixes) == 1 else {"fixes": fixes}

    def _tests(self, table: dict[str, Any], languages: list[str]) -> None:
        path = next((glob.lstrip("*") for glob in table.get("paths", ()) if "*" not in glob[1:]), "")
        for key, name in (("match", "must-match"), ("no_match", "must-not-match")):
            texts = [text for text in self._reader.texts(name) if text]
            if languages == ["php"]:
                # There it is a program from its first letter; here what stands before `<?` is HTML.
                texts = [text if "<?" in text else f"<?php\n{text}" for text in texts]
            if not texts:
                continue
            if languages and "languages" not in table:
                table[key] = [{"text": text, "language": languages[0]} for text in texts]
            elif path and not languages:
                table[key] = [{"text": text, "path": f"sample{path}"} for text in texts]
            else:
                table[key] = texts


def _spelled(text: str) -> str:
    """A text as a pattern."""
    return "".join(
        one if one.isalnum() or one in " _" else f"\\{one}" if one.isascii() else one for one in text
    )


def _plain(regex: str) -> str:
    """A pattern without what a word's border or a spelling adds."""
    return regex.replace(r"\b", "").replace("\\", "")


def _template(replacement: str, groups: int) -> tuple[str, set[int]] | None:
    """A replacement as a template of ours, and the groups in it; None where there is no such group."""
    text, used, at = "", set[int](), 0
    for match in re.finditer(r"\$(?:(\d{1,2})|\{(\d{1,2})\}|(\$)|(&))", replacement):
        text += _braced(replacement[at : match.start()])
        at = match.end()
        number = int(match[1] or match[2] or 0)
        if match[3]:
            text += "$"
        elif number == 0:
            text += "{match}"
        elif number <= groups:
            used.add(number)
            text += f"{{g{number}}}"
        else:
            return None
    return text + _braced(replacement[at:]), used


def _braced(text: str) -> str:
    """A text in a template: braces are braces."""
    return text.replace("{", "{{").replace("}", "}}")
