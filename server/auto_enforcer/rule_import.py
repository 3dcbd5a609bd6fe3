"""Other tools' rule files as `[[rule]]` tables: converted, tried, and written with what was left out."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from auto_enforcer import __version__, catalog, policy_file, rule_import_devskim, rule_import_gitleaks
from auto_enforcer.model import NamedTuple
from auto_enforcer.policy_rules import MOST_RULES
from auto_enforcer.policy_values import InvalidPolicyError, Problem, TeamRule
from auto_enforcer.rule_import_values import Carried, LeftOut, Rules, kebab
from auto_enforcer.text import well_formed

FORMATS: Mapping[str, Callable[[str], Rules]] = {
    "gitleaks": rule_import_gitleaks.read,
    "devskim": rule_import_devskim.read,
}
"""What reads the files of each tool. Betterleaks' are those of gitleaks."""

_WIDEST = 110
"""Columns of a line of the file that is written."""

_ORDER = (
    *(
        "id",
        "severity",
        "message",
        "languages",
        "zones",
        "pattern",
        "ignore_case",
        "any",
        "same_line",
        "near",
    ),
    *("file_seen", "value", "allow", "paths", "exclude", "fix", "fixes", "note", "url", "tags", "match"),
    "no_match",
)
"""The keys of a table as they are written."""

_TESTS = {"match": "must be found", "no_match": "must not be found"}


class Imported(NamedTuple):
    """The text of a policy, and what it holds. Rules in `carried` may have notes."""

    text: str
    carried: tuple[Carried, ...]
    left_out: tuple[LeftOut, ...]
    remarks: tuple[str, ...]


def imported(path: str, form: str, family: str = "") -> Imported:
    """The rules of a file of another tool. Raises OSError and rule_import_values.MalformedError."""
    rules = FORMATS[form](path)
    family = family or form
    named, remarks = _named(rules.carried, family)
    left = list(rules.left_out)
    most = f"a policy has at most {MOST_RULES} rules of its own"
    left += [LeftOut(rule.name, most) for rule in named[MOST_RULES:]]
    tried = _tried(named[:MOST_RULES], left)
    nowhere = rules.nowhere if tried else ()
    remarks = [*rules.remarks, *remarks]
    text = _text(form, tried, left, remarks, nowhere, family)
    return Imported(text, tuple(tried), tuple(left), tuple(remarks))


def _named(rules: tuple[Carried, ...], family: str) -> tuple[list[Carried], list[str]]:
    """The rules with ids of their own, and what was done about those that two of them would have."""
    taken, named, remarks = set[str](), list[Carried](), list[str]()
    for rule in rules:
        wanted = name = kebab(rule.name) or "rule"
        number = 2
        while name in taken:
            name, number = f"{wanted}-{number}", number + 1
        if name != wanted:
            remarks.append(f"`{rule.name}` is `{family}/{name}` here: `{family}/{wanted}` is another one")
        taken.add(name)
        named.append(rule._replace(table={"id": f"{family}/{name}", **rule.table}))
    return named, remarks


# Trying


def _tried(rules: list[Carried], left: list[LeftOut]) -> list[Carried]:
    """The rules as a policy takes them: what it refuses is taken out of them, and noted."""
    while True:
        problems = _problems(rules)
        if not problems:
            return rules
        kept = []
        for rule in rules:
            found = problems.get(rule.table["id"], ())
            again = _without(rule, found) if found else rule
            if isinstance(again, LeftOut):
                left.append(again)
            else:
                kept.append(again)
        rules = kept


def _problems(rules: list[Carried]) -> Mapping[str, tuple[Problem, ...]]:
    """What is wrong with the rules, by id."""
    text = "".join(_table(rule.table) for rule in rules)
    try:
        content = policy_file.read("", "rules.toml", catalog.entries(), __version__, text)
    except InvalidPolicyError as error:
        raise AssertionError(str(error)) from None
    found: dict[str, tuple[Problem, ...]] = {}
    one: TeamRule
    for one in content.rules:
        if one.problems:
            found[one.id] = one.problems
    if len(content.rules) != len(rules):
        raise AssertionError([str(problem) for problem in content.problems])
    return found


def _without(rule: Carried, problems: tuple[Problem, ...]) -> Carried | LeftOut:
    """A rule without the parts that are wrong; left out where nothing is left to look for."""
    table, notes = dict(rule.table), list(rule.notes)
    gone: dict[str, set[int]] = {}
    for problem in problems:
        place = re.match(r"rule\[\d+\]\.(\w+)(?:\[(\d+)\])?", problem.place.key)
        key, index = (place[1], int(place[2] or 0)) if place is not None else ("", 0)
        message = re.sub("; until it is mended.*", "", problem.message)
        if key in _TESTS:
            notes.append(f"a sample that {_TESTS[key]} is left out: {message.partition(': ')[2] or message}")
        elif key in ("fix", "fixes"):
            notes.append(f"a fix is left out: it {message}")
        elif key in ("any", "same_line", "near", "file_seen", "value", "allow", "paths", "exclude", "tags"):
            notes.append(f"a part of it (`{key}`) is left out: it {message}")
        elif key == "url":
            notes.append("its address is left out")
        elif key == "pattern" and "too large" in message and (opened := _opened(table["pattern"])):
            table["pattern"] = opened
            notes.append("a long repeat has no upper bound here: written out, it would be too large")
            continue
        else:
            return LeftOut(rule.name, f"its {key or 'table'} {message}")
        gone.setdefault(key, set()).add(index)
    for key, indexes in gone.items():
        items = table[key] if isinstance(table[key], list) else [table[key]]
        kept = [item for index, item in enumerate(items) if index not in indexes]
        if kept and isinstance(table[key], list):
            table[key] = kept
        elif key == "any":
            return LeftOut(rule.name, notes[-1].partition("left out: ")[2])
        elif key == "match":
            return LeftOut(rule.name, "as it came over it finds none of its own samples")
        else:
            del table[key]
    return rule._replace(table=table, notes=tuple(dict.fromkeys(notes)))


def _opened(pattern: str) -> str:
    """A pattern without the upper bounds of its long repeats; "" where it has none."""
    opened = re.sub(r"(?<!\\)\{(\d+),\d{3,}\}", r"{\1,}", pattern)
    return opened if opened != pattern else ""


# Writing


def _text(
    form: str,
    rules: list[Carried],
    left: list[LeftOut],
    remarks: list[str],
    nowhere: tuple[str, ...],
    family: str,
) -> str:
    lines = [f"# Rules of {form}, carried over by `auto-enforcer rules import`."]
    lines += ["# Globs are relative to the folder of this file."]
    lines += [f"# {_comment(remark)}" for remark in remarks]
    pieces = ["\n".join(lines) + "\n"]
    for rule in rules:
        notes = "".join(f"# {_comment(note)}\n" for note in rule.notes)
        pieces.append(f"\n{notes}{_table(rule.table)}")
    if nowhere:
        globs = _value(list(nowhere), "paths = ")
        pieces.append(f'\n[[overrides]]\npaths = {globs}\nrules = {{ {family} = "off" }}\n')
    if left:
        pieces.append("\n# Left out:\n" + "".join(f"# {_comment(f'{n}: {why}')}\n" for n, why in left))
    return "".join(pieces)


def _comment(text: str) -> str:
    """A text as it may stand in a comment."""
    return "".join(one if one.isprintable() else " " for one in text)


def _table(table: Mapping[str, Any]) -> str:
    lines = [f"{key} = {_value(table[key], f'{key} = ')}" for key in _ORDER if key in table]
    return "[[rule]]\n" + "\n".join(lines) + "\n"


def _value(value: Any, before: str) -> str:
    """A value as TOML has it, a list in several lines where it is long."""
    if not isinstance(value, list) or len(before) + len(flat := _flat(value)) <= _WIDEST:
        return _flat(value)
    if all(isinstance(item, str) for item in value) and max(map(len, value)) < 40:
        return "[\n" + "".join(f"  {line}\n" for line in _filled(value)) + "]"
    del flat
    return "[\n" + "".join(f"  {_flat(item)},\n" for item in value) + "]"


def _filled(texts: list[str]) -> Iterator[str]:
    """Short texts, as many a line as it holds."""
    line = ""
    for text in texts:
        written = f"{_flat(text)},"
        if line and len(line) + len(written) + 3 > _WIDEST:
            yield line
            line = ""
        line = f"{line} {written}" if line else written
    yield line


def _flat(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, list):
        return "[" + ", ".join(map(_flat, value)) + "]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_flat(item)}" for key, item in value.items()) + " }"
    return repr(value)


def _quoted(text: str) -> str:
    """A string of TOML, without escapes where it can be."""
    text = well_formed(text)
    if text.isprintable():
        if "\\" not in text and '"' not in text:
            return f'"{text}"'
        if "'" not in text:
            return f"'{text}'"
        if "'''" not in text and not text.endswith("'"):
            return f"'''{text}'''"
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
