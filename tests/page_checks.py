"""Checks rule pages with an engine: what `pages.py` says a block means is so."""

from __future__ import annotations

import importlib
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import reference
from auto_enforcer.model import Fix, Row, Rule, Severity, Zone
from page_engines import Checker, limited, triggered
from pages import (
    COLUMNS,
    ENOUGH,
    FURTHER_COLUMNS,
    HEADS,
    Block,
    Found,
    Page,
    PageError,
    Section,
    Text,
    active,
    filled,
    options_of,
    prepare,
    rules_of,
    table,
)

_COLUMN_LANGUAGES = tuple(language for languages in COLUMNS.values() for language in languages)


@dataclass(slots=True)
class Tally:
    """What a page's blocks have shown: how many finds and silences by rule and language."""

    finds: dict[tuple[str, str], int] = field(default_factory=dict)
    silences: dict[tuple[str, str], int] = field(default_factory=dict)


def check_page(page: Page) -> None:
    """Holds the page's form: its heading, its sections against the rules, the parts of each section."""
    rules = rules_of(page.family)
    ids = {rule.id for rule in rules.values()}
    if page.lines[0] != f"# {page.family}":
        raise PageError(f"{page.path}: begins with {page.lines[0]!r}")
    if [section.rule for section in page.sections] != list(dict.fromkeys(s.rule for s in page.sections)):
        raise PageError(f"{page.path}: two sections of one rule")
    if different := ids ^ {section.rule for section in page.sections}:
        raise PageError(f"{page.path}: sections and rules differ by {sorted(different)}")
    for section in page.sections:
        _check_section(section, [rule for rule in rules.values() if rule.id == section.rule])
    for number, line in enumerate(page.lines):
        if any(
            (character < " " and character != "\t") or 0x7F <= ord(character) < 0xA0 for character in line
        ):
            raise PageError(f"{page.path}:{number + 1}: a control character; write it as \\u{{…}}")


def check_table(page: Page, tally: Tally) -> None:
    """Holds the page's table: a tick stands for enough finds and silences, a blank has its reason."""
    header, rows, below = table(page.head)
    known = dict(COLUMNS) | dict(FURTHER_COLUMNS)
    if missing := [name for name in COLUMNS if name not in header]:
        raise PageError(f"{page.path}: the table has no column {missing}")
    if unknown := [name for name in header if name not in known]:
        raise PageError(f"{page.path}: the table has a column {unknown}; known are {list(known)}")
    rules = rules_of(page.family).values()
    if different := {f"{page.family}/{name}" for name in rows} ^ {rule.id for rule in rules}:
        raise PageError(f"{page.path}: the table's rows and the rules differ by {sorted(different)}")
    wrong = []
    for name, cells in rows.items():
        rule_id = f"{page.family}/{name}"
        spoken = {
            language
            for rule in rules
            if rule.id == rule_id
            for language in rule.languages or _COLUMN_LANGUAGES
        }
        for column, cell in zip(header, cells, strict=True):
            languages = known[column]
            if cell == "✓":
                for what, counted in (("finds", tally.finds), ("silences", tally.silences)):
                    count = sum(counted.get((rule_id, language), 0) for language in languages)
                    if count < ENOUGH:
                        wrong.append(f"{rule_id}: {count} {what} in {column}, which is ticked")
            elif spoken & set(languages):
                wrong.append(f"{rule_id}: works in {column}, which is not ticked")
            elif not (f"`{name}`" in below if cell in ("", "–") else f"{cell}. " in below):
                wrong.append(f"{rule_id}: no reason below the table for the blank at {column}")
    if wrong:
        raise PageError(f"{page.path}:\n  " + "\n  ".join(wrong))


def check_section(
    page: Page, section: Section, checker: Checker, tally: Tally, most: int | None = None
) -> None:
    """Checks each of a section's blocks with a checker, and counts what they show. `most`: in so many of its
    languages, chosen by its place."""
    rules = active(page.family, section.rule)
    previous: Block | None = None
    for block in section.blocks:
        place = f"{page.path}:{block.first + 1}"
        for language in _spread(block.languages, block.first, most):
            try:
                if block.fixed:
                    _check_fixed(previous, block, section.rule, rules, language, checker)
                elif "silent" in block.keys:
                    count = _check_silence(block, section.rule, rules, language, checker)
                    _add(tally.silences, (section.rule, language), count)
                else:
                    for rule in _check_finds(block, section.rule, rules, language, checker):
                        _add(tally.finds, (rule, language), 1)
            except PageError as error:
                raise PageError(f"{place} ({language}): {error}") from None
        previous = block


def _spread(languages: Sequence[str], first: int, most: int | None) -> Sequence[str]:
    """So many of the languages, from the first on as far from each other as can be."""
    count = len(languages)
    if most is None or count <= most:
        return languages
    return [languages[(first + number * count // most) % count] for number in range(most)]


def rewritten(page: Page, checker: Checker) -> str:
    """The page with the markers and the fixed blocks that its rules give, in the first language of each."""
    lines: list[str] = []
    at = 0
    for section in page.sections:
        rules = active(page.family, section.rule)
        previous: Block | None = None
        for block in section.blocks:
            lines += page.lines[at : block.first + 1]
            lines += _rewritten(previous, block, section.rule, rules, checker)
            at, previous = block.last, block
    return "\n".join([*lines, *page.lines[at:]])


def apply(text: str, fixes: Iterable[tuple[int, Fix]]) -> str:
    """The text with each fix's edits made; a fix comes with its violation's line. Edits must not overlap."""
    lines = reference.split_lines(text)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    edits = set()
    for number, fix in fixes:
        for edit in fix.edits:
            begin = starts[number + edit.start_line] + edit.start
            edits.add((begin, starts[number + edit.end_line] + edit.end, edit.text))
    for begin, end, new in sorted(edits, reverse=True):
        text = text[:begin] + new + text[end:]
    return text


def run(
    block: Block,
    section_rule: str,
    rules: Sequence[Rule],
    text: Text,
    checker: Checker,
    options: Mapping[str, Any] | None = None,
    after: str | None = None,
) -> list[Row]:
    """What a checker gives for a block, under the keys of its info string; `options` take the place of its
    own ones, `after` that of its text."""
    given = {section_rule: options_of(block) if options is None else options}
    given = {rule: filled(rules, rule, own, block.keys.get("path", "")) for rule, own in given.items()}
    today = date.fromisoformat(block.keys["today"]) if "today" in block.keys else reference.TODAY
    base = block.keys.get("base")
    differs = base is not None and base != "same" and tomllib.loads(f"t = {base}")["t"] != text.text
    facts = ["differs-from-base"] if differs else []
    source = text.text if after is None else after
    return list(checker(source, text.language, rules, given, today, facts))


def _check_section(section: Section, rules: Sequence[Rule]) -> None:
    lines = [line for line in section.body[1:] if line.strip()]
    if not lines or lines[0].startswith("**"):
        raise PageError(f"{section.rule}: does not say what it is and why")
    options = section.part("**Options**")
    for rule in rules:
        for option in rule.options:
            if f"`{option.name}`" not in options:
                raise PageError(f"{section.rule}: **Options** does not name `{option.name}`")
    for head in HEADS:
        if not section.part(head):
            raise PageError(f"{section.rule}: nothing after {head}")
    positions = [section.body.index(line) for head in HEADS for line in section.body if line.startswith(head)]
    if positions != sorted(positions):
        raise PageError(f"{section.rule}: the parts are not in the order {HEADS}")


def _check_finds(
    block: Block, section_rule: str, rules: Sequence[Rule], language: str, checker: Checker
) -> list[str]:
    text = prepare(block, language)
    rows = run(block, section_rule, rules, text, checker)
    found, expected = text.found(rows), sorted(found for found, _ in block.expected)
    if found != expected:
        raise PageError("\n" + _difference(block, expected, found))
    severities = _severities(block, rules)
    for (_, _, _, rule_id), severity in block.expected:
        if severities[rule_id] != severity:
            raise PageError(f"{rule_id} is {severities[rule_id]}")
    for row in rows:
        _check_row(row, rules, text)
        for fix in row.violation.fixes:
            after = apply(text.text, [(row.number, fix)])
            again = run(block, section_rule, rules, text, checker, after=after)
            if len(again) >= len(rows):
                raise PageError(f"the fix “{fix.title}” leaves the violation in line {row.number + 1}")
    return [found[3] for found, _ in block.expected]


def _severities(block: Block, rules: Sequence[Rule]) -> dict[str, str]:
    path = block.keys.get("path")
    found = {rule.id: severity_at(rule.id, rule.severity, path) if path else rule.severity for rule in rules}
    return {rule_id: severity.value if severity else "off" for rule_id, severity in found.items()}


def _check_silence(
    block: Block, section_rule: str, rules: Sequence[Rule], language: str, checker: Checker
) -> int:
    """How many lines would be violations of the section's rule without the excuse."""
    text = prepare(block, language)
    excuse = block.keys["silent"]
    if block.expected:
        raise PageError("a silence has markers")
    own = [rule for rule in rules if rule.id == section_rule]
    if excuse == "path":
        _check_path(block, section_rule)
    else:
        rows = run(block, section_rule, rules, text, checker)
        if rows:
            raise PageError("not silent:\n" + _difference(block, [], text.found(rows)))
    known = {known.name for rule in own for known in rule.excuses} | {"path", "zone"}
    if excuse not in known and not excuse.startswith("option:"):
        raise PageError(f"the rule has no excuse `{excuse}`")
    lines: set[int] = set()
    for without, options, zone in _taken_away(block, own, excuse):
        source = checker if not zone else limited(zone=zone)
        for row in run(block, section_rule, without, text, source, options=options):
            _check_row(row, without, text)
            lines.add(row.number)
    if excuse == "zone":
        bare = _DELIMITERS.sub(lambda match: " " * len(match[0]), text.text)
        lines |= {row.number for row in run(block, section_rule, own, text, checker, after=bare)}
    if not lines:
        raise PageError(f"silent without `{excuse}` too, so not a near miss")
    return len(lines)


_DELIMITERS = re.compile(r'"""|\'\'\'|/\*+|\*/|//+|<!--|-->|#+|--+')


def _taken_away(
    block: Block, rules: Sequence[Rule], excuse: str
) -> Iterator[tuple[list[Rule], dict[str, Any], int]]:
    """The rules without the excuse, the options, and the zone to take the whole block for (0: as lexed)."""
    options = options_of(block)
    name = excuse.removeprefix("option:")
    if excuse == "path":
        yield list(rules), options, 0
    elif excuse == "zone":
        yield [rule._replace(zones=Zone.EVERYWHERE) for rule in rules], options, 0
        for zone in (Zone.CODE, Zone.COMMENT, Zone.STRING, Zone.TEXT):
            yield [rule for rule in rules if rule.zones & zone], options, zone
    elif excuse != name:
        if name in options:
            del options[name]
        else:
            default = {option.name: option.default for rule in rules for option in rule.options}[name]
            options[name] = type(default)()
        yield list(rules), options, 0
    else:
        yield [_without(rule, name) for rule in rules], options, 0


def _without(rule: Rule, excuse: str) -> Rule:
    return rule._replace(excuses=tuple(known for known in rule.excuses if known.name != excuse))


def _check_path(block: Block, rule_id: str) -> None:
    if "path" not in block.keys:
        raise PageError("`silent=path` needs a path")
    if severity_at(rule_id, Severity.BLOCKED, block.keys["path"]) is not None:
        raise PageError(f"the recommended set leaves {rule_id} on at {block.keys['path']}")


def severity_at(rule_id: str, severity: Severity, path: str) -> Severity | None:
    """What the recommended set makes of a rule's severity at a path; None: the rule is off there."""
    kinds = importlib.import_module("auto_enforcer.path_kinds").kinds_of(path)
    for cap in importlib.import_module("auto_enforcer.recommended").CAPS:
        if kinds & set(cap.kinds) and {rule_id, rule_id.partition("/")[0]} & set(cap.rules):
            if cap.severity is None:
                return None
            severity = cap.severity if severity is Severity.BLOCKED else severity
    return severity


def _check_row(row: Row, rules: Sequence[Rule], text: Text) -> None:
    """Holds what every violation is: a span that is not empty, a message in form, a trigger on its line; of a
    rule that follows what it has seen, on its line or above."""
    violation = row.violation
    lines = reference.split_lines(text.text)
    line = lines[row.number]
    if not 0 <= violation.start < violation.end <= len(line):
        raise PageError(f"line {row.number + 1}: a span of {violation.start}-{violation.end}")
    message = violation.message
    if re.match(r"[A-Z][a-z]", message) or message.endswith(".") or not message:
        raise PageError(f"the message “{message}” begins with a capital or ends with a full stop")
    own = [rule for rule in rules if rule.id == violation.rule]
    looked = {rule.id: lines[: row.number + 1] if rule.follows else [line] for rule in own}
    if not any(triggered(rule, line) for rule in own for line in looked[rule.id]):
        raise PageError(f"line {row.number + 1}: no trigger of {violation.rule} hits it")


def _check_fixed(
    before: Block | None,
    block: Block,
    section_rule: str,
    rules: Sequence[Rule],
    language: str,
    checker: Checker,
) -> None:
    if before is None or before.fixed or block.languages != before.languages:
        raise PageError("a `fixed` block stands below the one that it fixes, in the same language")
    expected = prepare(block, language)
    fixed = _fixed(before, section_rule, rules, language, checker)
    if fixed != expected.text:
        raise PageError(f"the fixes give\n{fixed}")
    after = replace(block, keys=before.keys)
    rows = run(after, section_rule, rules, expected, checker)
    if rows:
        raise PageError(f"the fixed block is not silent: {expected.found(rows)}")


def _fixed(block: Block, section_rule: str, rules: Sequence[Rule], language: str, checker: Checker) -> str:
    text = prepare(block, language)
    rows = run(block, section_rule, rules, text, checker)
    return apply(text.text, [(row.number, row.violation.fixes[0]) for row in rows if row.violation.fixes])


def _rewritten(
    before: Block | None, block: Block, section_rule: str, rules: Sequence[Rule], checker: Checker
) -> list[str]:
    language = block.languages[0]
    if block.fixed and before is not None:
        fixed = _fixed(before, section_rule, rules, language, checker)
        return fixed.removesuffix("\n").split("\n")
    if "silent" in block.keys:
        return list(block.lines)
    text = prepare(block, language)
    return _marked(block, text.found(run(block, section_rule, rules, text, checker)), rules)


def _marked(block: Block, found: Iterable[Found], rules: Sequence[Rule]) -> list[str]:
    severities = _severities(block, rules)
    markers: dict[int, list[str]] = {}
    for number, start, end, rule_id in found:
        marker = " " * start + "^" * max(end - start, 1) + f" {rule_id}: {severities[rule_id]}"
        markers.setdefault(number, []).append(marker)
    marked = []
    for number, line in enumerate(block.lines):
        marked += [line, *markers.get(number, [])]
    return marked


def _difference(block: Block, expected: Sequence[Found], found: Sequence[Found]) -> str:
    lines = []
    for found_one in sorted(set(expected) ^ set(found)):
        number, start, end, rule_id = found_one
        verb = "is not found" if found_one in expected else "is found"
        line = block.lines[number] if number < len(block.lines) else ""
        lines.append(f"    {line}\n    {' ' * start}{'^' * (end - start)} {rule_id} {verb}")
    return "\n".join(lines)


def _add(counts: dict[tuple[str, str], int], key: tuple[str, str], count: int) -> None:
    counts[key] = counts.get(key, 0) + count
