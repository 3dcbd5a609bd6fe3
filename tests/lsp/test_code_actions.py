"""Code actions on the violations of the rule pages, each applied and looked at again.

With AUTO_ENFORCER_TEST_PROFILE=thorough on all of them, else on the foremost of each block in one of
its languages.
"""

from __future__ import annotations

import ast
import json
import os
import zlib
from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types

import pages
import reference
from auto_enforcer import catalog, lexer
from auto_enforcer.languages import LANGUAGES
from auto_enforcer.lsp import code_actions
from auto_enforcer.lsp.client import Client, parse_client
from auto_enforcer.lsp.workspace import OpenDocument
from auto_enforcer.model import Row, Verdict
from auto_enforcer.session import Session, Shared, scanners

UTF32 = {"general": {"positionEncodings": ["utf-32"]}}
CLIENT: Client = parse_client({"capabilities": UTF32})
OPEN = scanners()
THOROUGH = os.environ.get("AUTO_ENFORCER_TEST_PROFILE") == "thorough"
MOST_PLACES = None if THOROUGH else 3
MOST_TURNED = 1_000_000 if THOROUGH else 20
"""Actions of a family that turn a rule off and are looked at: each is a session of its own."""


@pytest.fixture(scope="module")
def shared() -> Shared:
    return Shared(OPEN)


def _policy(section: pages.Section, block: pages.Block) -> str:
    """The recommended rules and the section's own, with the options that the block sets."""
    rule = catalog.entries()[section.rule]
    options = pages.options_of(block)
    if not options and not rule.optional:
        return ""
    said = {"severity": rule.severity.value, **options}
    table = "\n".join(f"{name} = {pages.toml(value)}" for name, value in said.items())
    return f'[rules."{section.rule}"]\n{table}\n'


def _blocks(family: str) -> Iterator[tuple[pages.Section, pages.Block, str]]:
    for section in pages.read(family).sections:
        for block in section.blocks:
            if block.expected and not block.fixed:
                languages = block.languages
                other = zlib.crc32("\n".join(block.lines).encode()) % len(languages)
                for language in languages if THOROUGH else (languages[other],):
                    yield section, block, language


class Place:
    """A folder in which texts are opened, one after the other."""

    def __init__(self, folder: Path, shared: Shared, policy: str, today: date) -> None:
        self.folder = folder
        (folder / "enforcer.toml").write_text(policy)
        self.session = Session(str(folder), today=today, shared=shared)

    def open(self, name: str, language: str, text: str) -> OpenDocument:
        document = self.session.open(str(self.folder / name), language, text)
        document.finish()
        return OpenDocument(f"file://{document.path}", 1, language, "", self.session, document)

    def rows(self, opened: OpenDocument) -> list[tuple[Row, Verdict]]:
        rows = self.session.rows(opened.document)
        self.session.close(opened.document)
        return rows


def actions(opened: OpenDocument, line: int, start: int, end: int, only: Any = None) -> list[dict[str, Any]]:
    span = types.Range(types.Position(line, start), types.Position(line, end))
    context = types.CodeActionContext([], only)
    params = types.CodeActionParams(types.TextDocumentIdentifier(opened.uri), span, context)
    return code_actions.answer(opened, params, CLIENT)


def applied(text: str, action: dict[str, Any], uri: str) -> tuple[str, list[tuple[int, int, int]]]:
    """The text after an action, and the lines [first, last) that each edit took, with how many came."""
    lines = reference.split_lines(text)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    edits = []
    for edit in action["edit"]["changes"][uri]:
        places = [edit["range"][end] for end in ("start", "end")]
        begin, stop = (starts[place["line"]] + place["character"] for place in places)
        edits.append((begin, stop, edit["newText"], places))
    edits.sort(key=lambda edit: edit[:2])
    assert all(one[1] <= other[0] for one, other in pairwise(edits)), "edits overlap"
    touched = []
    for begin, stop, new, (first, last) in reversed(edits):
        text = text[:begin] + new + text[stop:]
        touched.append((first["line"], last["line"] + 1, new.count("\n") + 1))
    return text, touched[::-1]


def zones(text: str, language: str) -> list[tuple[str, Any]]:
    state, found = lexer.start(language), []
    for line in reference.split_lines(text):
        lexed = lexer.lex(line, state)
        state = lexed.state
        found.append((line, lexed.runs))
    return found


def untouched(found: list[tuple[str, Any]], touched: list[tuple[int, int, int]]) -> list[tuple[str, Any]]:
    """The lines that no edit took."""
    taken = {line for first, last, _ in touched for line in range(first, last)}
    return [line for number, line in enumerate(found) if number not in taken]


def came(found: list[tuple[str, Any]], touched: list[tuple[int, int, int]]) -> list[tuple[str, Any]]:
    """The lines of the text after the edits that are none of theirs."""
    kept, at, shift = [], 0, 0
    for first, last, new in touched:
        kept += found[at + shift : first + shift]
        shift += new - (last - first)
        at = last
    return kept + found[at + shift :]


def parses(text: str, language: str) -> bool:
    try:
        if language == "python":
            ast.parse(text)
        elif language == "json":
            json.loads(text)
        else:
            return False
    except (SyntaxError, ValueError):
        return False
    return True


def by_rule(rows: list[tuple[Row, Verdict]]) -> Counter[str]:
    return Counter(row.violation.rule for row, _ in rows if row.suppression is None)


@pytest.mark.parametrize("family", pages.families())
def test_each_action_on_a_page_does_what_it_says(family: str, shared: Shared, tmp_path: Path) -> None:
    wrong, counts = [], Counter[str]()
    for section, block, language in _blocks(family):
        text = pages.prepare(block, language)
        today = date.fromisoformat(block.keys["today"]) if "today" in block.keys else reference.TODAY
        place = Place(tmp_path, shared, _policy(section, block), today)
        name = block.keys.get("path", f"block{(LANGUAGES[language].suffixes or ('',))[0]}")
        opened = place.open(name, language, text.text)
        before = by_rule(place.session.rows(opened.document))
        spans = {
            (row.number, row.violation.start, row.violation.end)
            for row, verdict in place.session.rows(opened.document)
            if verdict.shown and row.violation.rule == section.rule
        }
        seen = set()
        for span in sorted(spans)[:MOST_PLACES]:
            for action in actions(opened, *span):
                key = json.dumps(action["edit"], sort_keys=True)
                if key in seen:
                    continue
                seen.add(key)
                kind = action["title"].split(" ")[0]
                counts[kind] += 1
                if kind == "Turn" and counts[kind] > MOST_TURNED:
                    continue
                problem = _problem(place, opened, text, before, action, span)
                if problem:
                    where = f"{family}.md:{block.first + 1} ({language}) line {span[0] + 1}"
                    wrong.append(f"{where}: {action['title']}: {problem}")
        place.session.close(opened.document)
    assert not wrong, "\n".join(wrong)
    assert counts["Allow"] or family in ("unicode", "files", "docs"), counts


def _problem(
    place: Place,
    opened: OpenDocument,
    text: pages.Text,
    before: Counter[str],
    action: dict[str, Any],
    span: tuple[int, int, int],
) -> str:
    """What is wrong with the text after an action, "" where nothing is."""
    if action["title"].startswith("Turn "):
        return _problem_of_turning_off(place, opened, text, before, action)
    if action["title"].startswith("Allow this "):
        return _problem_of_allowing(place, opened, text, before, action)
    after, touched = applied(text.text, action, opened.uri)
    if action["title"].endswith("write the reason"):
        after = after.replace(": reason", ": sample")  # which the person writes
    again = place.open(Path(opened.path).relative_to(place.folder).as_posix(), text.language, after)
    language = again.document.language
    rows = place.rows(again)
    found = by_rule(rows)
    there = {row.violation.rule for row, _ in place.session.rows(opened.document, span[0], span[0] + 1)}
    if new := dict(found - before):
        return f"brings {new}\n{after}"
    if not any(found[rule] < before[rule] for rule in there):
        return f"takes nothing away\n{after}"
    if action["title"].startswith("Allow") and not any(row.suppression for row, _ in rows):
        return f"suppresses nothing\n{after}"
    if untouched(zones(text.text, language), touched) != came(zones(after, language), touched):
        return f"changes the zones of other lines\n{after}"
    if parses(text.text, language) and not parses(after, language):
        return f"does not parse\n{after}"
    return ""


def _under_changed_policy(
    place: Place, opened: OpenDocument, text: pages.Text, action: dict[str, Any]
) -> tuple[str, list[tuple[Row, Verdict]], str]:
    """The policy that an action makes, what is found under it, and what is wrong with the policy."""
    policy = place.folder / "enforcer.toml"
    was = policy.read_text()
    now, _ = applied(was, action, policy.as_uri())
    now = now.replace('reason = "reason"', 'reason = "sample"')
    elsewhere = place.folder / "off"
    elsewhere.mkdir(exist_ok=True)
    changed = Place(elsewhere, place.session._shared, now, place.session.today)
    name = Path(opened.path).relative_to(place.folder).as_posix()
    rows = changed.rows(changed.open(name, text.language, text.text))
    problems = list(changed.session.problems())
    if problems:
        return now, rows, f"makes mistakes: {problems}\n{now}"
    return now, rows, "" if now.startswith(was) else f"changes what is there\n{now}"


def _problem_of_allowing(
    place: Place, opened: OpenDocument, text: pages.Text, before: Counter[str], action: dict[str, Any]
) -> str:
    """The same for an action that allows one violation in the policy."""
    now, rows, problem = _under_changed_policy(place, opened, text, action)
    found, rule = by_rule(rows), action["title"].split("`")[1]
    if not problem and (found - before or not found[rule] < before[rule]):
        problem = f"brings {dict(found - before)}, leaves {found[rule]} of {before[rule]}\n{now}"
    return problem


def _problem_of_turning_off(
    place: Place, opened: OpenDocument, text: pages.Text, before: Counter[str], action: dict[str, Any]
) -> str:
    """The same for an action that edits the policy: the rule is silent in this file, the others are not."""
    now, rows, problem = _under_changed_policy(place, opened, text, action)
    if problem:
        return problem
    found, rule = by_rule(rows), action["title"].split("`")[1]
    # A suppression for the rule is unused now, and what it kept from speaking may speak.
    left = {one for one in found if not one.startswith("enforcer/")}
    kept = {one for one in before if not one.startswith("enforcer/")} - {rule}
    return (
        "" if rule not in left and kept <= left else f"turns off {kept - left}, leaves {rule in left}\n{now}"
    )
