"""The pages of rules as people read them: nothing of the tests that they are is left in one."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from html import unescape
from pathlib import Path

import pytest

import pages
from auto_enforcer import catalog, catalog_pages, cli_check, cli_explain
from auto_enforcer.render import html_pages
from auto_enforcer.workspaces import Workspaces
from command import Command, fill

RULES = sorted(catalog.entries())


def test_the_test_knows_what_is_left() -> None:
    """Each section that has blocks has markup which this would find."""
    raw = [rule for rule in RULES if "```" in catalog.page(rule)]
    assert len(raw) > 300
    without = [rule for rule in raw if not pages.TEST_MARKUP.search(catalog.page(rule))]
    assert len(without) < 5, without


@pytest.mark.parametrize("rule", RULES)
def test_no_markup_of_a_test_is_left_in_a_page(rule: str) -> None:
    texts = [catalog_pages.page(rule, language, count) for language in ("", "go") for count in (0, 1)]
    texts += [cli_explain.told_page(rule), unescape(html_pages.page(texts[0]))]
    for text in texts:
        assert not pages.TEST_MARKUP.findall(text)
    for head in ("**Finds**", "**Silent on**", "**Options**", "**Fix**"):
        assert [head in text for text in texts[:4]] == [head in catalog.page(rule)] * 4


def test_no_markup_of_a_test_is_left_in_what_reports_say(tmp_path: Path) -> None:
    workspaces = Workspaces()
    workspaces.of_folder(str(tmp_path))
    infos = cli_check.RuleInfos(workspaces)
    for rule in RULES:
        assert not pages.TEST_MARKUP.findall(infos[rule].markdown)
        assert infos[rule].markdown.startswith(f"## {rule}\n")


@pytest.mark.parametrize("rule", RULES)
def test_marks_stand_below_what_they_stood_below(rule: str) -> None:
    """In a language whose comment is the one of the example, each mark is below the same text."""
    section = catalog.page(rule).split("\n")
    whole = rule.startswith(("files/", "docs/"))
    told = catalog_pages.page(rule).split("\n")
    read = [texts for texts in _fenced(told) if any(line.strip() for line in texts)]
    written = [block for block in pages.blocks(section, 0, len(section)) if any(map(str.strip, block.lines))]
    assert len(read) == len(written)
    for texts, block in zip(read, written, strict=True):
        lines = [line for line in texts if not _is_mark(line)]
        assert len(lines) == len(block.lines)
        shown = sorted((number, words) for number, words in _marked(texts))
        expected = sorted(
            (number, (_shown(block.lines[number][start:end], block) or "\n", rule if one == rule else one))
            for (number, start, end, one), _ in block.expected
            if not (whole and (start, end) == (0, 1))
        )
        assert [(number, words) for number, (words, _) in expected] == [
            (number, words[0]) for number, words in shown
        ]
        assert {one for _, (_, one) in expected} - {rule} == {one for _, (_, one) in shown} - {""}


def _fenced(lines: Sequence[str]) -> list[list[str]]:
    found: list[list[str]] = []
    fence = ""
    for line in lines:
        if fence and line == fence:
            fence = ""
        elif fence:
            found[-1].append(line)
        elif line.startswith("```"):
            fence = line[: len(line) - len(line.lstrip("`"))]
            found.append([])
    return found


def _is_mark(line: str) -> bool:
    return re.fullmatch(r"[ \t]*\^+(?:[ \t]+\^+)*(?: [a-z-]+/[a-z0-9-]+)?", line) is not None


def _marked(texts: Sequence[str]) -> list[tuple[int, tuple[str, str]]]:
    """By the number of the line, what is marked on it, and the rule where the mark names one."""
    found: list[tuple[int, tuple[str, str]]] = []
    number, above = -1, ""
    for line in texts:
        if not _is_mark(line):
            number, above = number + 1, line
            continue
        name = line.rpartition(" ")[2]
        for mark in re.finditer(r"\^+", line):
            said = above[mark.start() : mark.end()] or "\n"
            found.append((number, (said, name if "/" in name else "")))
    return found


def _shown(text: str, block: pages.Block) -> str:
    text = re.sub(r"\{\{(?!comment)([a-z0-9-]+)(?::[a-z0-9]+)?\}\}", r"<\1>", text)
    language = block.languages[0]
    comment = "#" if block.languages == pages.EVERY else pages.LINE_COMMENTS.get(language, "//")
    text = text.replace("{{comment}}", comment)
    return re.sub(r"\\u\{([0-9a-f]+)\}", lambda one: f"<U+{one[1].upper():0>4}>", text)


def test_a_few_examples_are_those_of_the_language() -> None:
    told = catalog_pages.page("errors/swallowed-exception", "go", 1)
    assert re.findall(r"^```(\w+)$", told, re.MULTILINE)[:2] == ["go", "go"]
    assert "**Silent on**" in told
    assert "except" not in "".join(line for block in _fenced(told.split("\n"))[:2] for line in block)
    assert not re.search(r":\n+(?!```|- )\S", catalog_pages.page("secrets/hardcoded-password", "python", 1))


def test_what_an_example_sets_is_said_in_words() -> None:
    told = catalog_pages.page("files/oversized-file")
    assert "In `app/dump.csv`, of 80,000 bytes, with `most-kilobytes=64`." in told
    told = catalog_pages.page("dates/stale-last-updated")
    assert "Changed since its base:" in told
    assert "Unchanged since its base:" in told
    assert "This becomes:\n\n```python\n" in catalog_pages.page("python/none-comparison")
    assert "app/service.py" not in catalog_pages.page("logging/print-call")


def test_reports_show_the_same_page(workspace: Path, ae: Command) -> None:
    fill(workspace, {"a.py": "# TODO: later\n"})
    for name in ("sarif", "html"):
        done = ae("check", "--format", name)
        assert not pages.TEST_MARKUP.search(done.out.replace("\\n", "\n"))
    rules = json.loads(ae("check", "--format", "sarif").out)["runs"][0]["tool"]["driver"]["rules"]
    assert rules[0]["help"]["markdown"] == catalog_pages.page("debt/todo-without-reference")
