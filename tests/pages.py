r"""Reads rule pages, whose fenced blocks are the rules' tests; `page_checks.py` checks them.

A page is `rules/<family>/<family>.md`: a heading, a table of rule x language, and one section a rule with
what and why, **Finds**, **Silent on**, **Options** and **Fix**. In a section stand fenced blocks:

    ```python path=app/service.py today=2026-11-22
    print("x")
    ^^^^^ logging/print-call: warning
    ```

A line of blanks and carets, an id and a severity marks what must be found in the line above it, from the
first caret to the last; all else must stay silent. Several markers may follow one line.

    ```python silent=main-guard
    print("x")
    ```

A silence names what silences it, and the violation must appear when that is taken away:

- an excuse's name: the rule runs without this excuse;
- `zone`: the rule's zones are widened, then the whole block is taken for one of its zones, then the
  delimiters of comments and long strings are blanked;
- `option:<name>`: an option that the block sets is set back to its default; one that it does not set, to the
  empty value of its type;
- `path`: the recommended policy switches the rule off at `path`; here it is on.

A block ```` ```python fixed ```` after a block is what that becomes by each violation's first fix.

The first word is a language, several joined by `+`, or `every`, one language of each column that every page's
table has. Keys: `path`, `today`, `options` (a TOML inline table for the section's rule) and `base` (a TOML
string, the text that the file had; `same` for no change). In the text, `{{comment}}` stands for the
language's line comment, `{{github-token}}` for a token made by `tokens.py`, and `\u{202e}` for a character;
carets count the columns of the page. In a block of several languages, PHP is given its opening tag.

Run with AUTO_ENFORCER_REWRITE_PAGES=dates,debt (1: all), the tests write the markers and the fixed blocks
that these families' rules give.
"""

from __future__ import annotations

import importlib
import json
import os
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

import auto_enforcer.rules
import tokens
from auto_enforcer import policy_filling
from auto_enforcer.model import Row, Rule

RULES = os.path.dirname(auto_enforcer.rules.__file__)

COLUMNS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "Python": ("python",),
        "JS/TS": ("javascript", "typescript", "javascriptreact", "typescriptreact", "vue", "svelte"),
        "Java": ("java",),
        "Kotlin": ("kotlin",),
        "C#": ("csharp",),
        "Go": ("go",),
        "Rust": ("rust",),
        "Ruby": ("ruby",),
        "PHP": ("php",),
        "Swift": ("swift",),
        "C/C++": ("c", "cpp", "objective-c"),
        "Shell": ("shellscript",),
        "SQL": ("sql",),
        "Data": ("yaml", "toml", "json", "jsonc", "ini", "properties", "dotenv", "xml"),
    }
)
"""What every page's table has, and the languages of which one is enough for a tick."""

EVERY = tuple(languages[0] for languages in COLUMNS.values())
"""The languages of a block for `every` one."""

FURTHER_COLUMNS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "Markdown": ("markdown",),
        "reStructuredText": ("restructuredtext",),
        "HTML": ("html",),
        "Templates": ("erb", "ejs", "handlebars", "jinja", "twig", "blade", "jsp", "razor", "liquid"),
        "CSS": ("css", "scss", "less"),
        "Scala": ("scala",),
        "Groovy": ("groovy",),
        "Dart": ("dart",),
        "Perl": ("perl",),
        "Lua": ("lua",),
        "Elixir": ("elixir",),
        "PowerShell": ("powershell",),
        "Batch": ("bat",),
        "Dockerfile": ("dockerfile",),
        "Terraform": ("terraform",),
        "Text": ("plaintext",),
    }
)
"""What a page's table may have beside them."""

ENOUGH = 3
"""Finds and near-miss silences that a tick in the table stands for, each."""

HEADS = ("**Finds**", "**Silent on**", "**Options**", "**Fix**")

LINE_COMMENTS: Mapping[str, str] = MappingProxyType(
    dict.fromkeys(
        ("python", "ruby", "shellscript", "yaml", "toml", "perl", "r", "elixir", "dockerfile", "makefile"),
        "#",
    )
    | dict.fromkeys(("sql", "lua", "haskell"), "--")
    | dict.fromkeys(("ini", "properties", "dotenv"), "#")
)
"""Where it is not `//`."""

KEYS = frozenset(("path", "today", "options", "base", "silent", "mode", "tree", "end", "size", "binary"))
"""What an info string may set; the last five are for rules about files, see `whole_pages.py`."""

TEST_MARKUP = re.compile(
    r"\{\{[a-z0-9-]+(?::[a-z0-9]+)?\}\}"  # a token, or each language's comment
    r"|\\u\{[0-9a-f]+\}"  # a character
    r"|^ *\^+ [a-z-]+/[a-z0-9-]+: "  # a mark
    r"|^ *`{3,}(?:every|\S*\+\S+|\S+ +\S)",  # what a block sets for its test
    re.MULTILINE,
)
"""What of a page is its test's, and no reader's."""

_FENCE = re.compile(r"^(`{3,})(\S*) ?(.*)$")
_MARKER = re.compile(r"^ *(\^+) ([a-z-]+/[a-z0-9-]+): (blocked|warning)$")
_SPECIAL = re.compile(r"\{\{([a-z0-9-]+)(?::([a-z0-9]+))?\}\}|\\u\{([0-9a-f]{1,6})\}")
_KEY = re.compile(r"""([a-z]+)=(\{.*?\}(?=\s|$)|"(?:[^"\\]|\\.)*"|\S+)""")

Found = tuple[int, int, int, str]
"""(line, start, end, rule id), in the columns of the page, lines counted from the block's first."""


class PageError(AssertionError):
    """A page says what is not so."""


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: its info string taken apart, its lines without markers, and what the markers say."""

    languages: tuple[str, ...]
    keys: Mapping[str, str]
    fixed: bool
    lines: tuple[str, ...]
    expected: tuple[tuple[Found, str], ...]
    first: int
    """The page's line (0-based) of the opening fence; the closing one is `last`."""
    last: int

    @property
    def several(self) -> bool:
        """Whether it is written for several languages at once."""
        return len(self.languages) > 1


@dataclass(frozen=True, slots=True)
class Section:
    """A rule's part of a page."""

    rule: str
    number: int
    body: tuple[str, ...]
    """Its lines outside of the blocks."""
    blocks: tuple[Block, ...]

    def part(self, head: str) -> str:
        """The text after a bold head up to the next one."""
        text = "\n".join(self.body)
        _, found, rest = text.partition("\n" + head)
        if not found:
            raise PageError(f"{self.rule}: no {head}")
        ends = [rest.find("\n" + other) for other in HEADS if "\n" + other in rest]
        return rest[: min(ends, default=len(rest))].strip()


@dataclass(frozen=True, slots=True)
class Page:
    """A family's page, taken apart."""

    family: str
    path: str
    lines: tuple[str, ...]
    head: tuple[str, ...]
    """The lines before the first section."""
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class Text:
    """A block as one language's text, with the way back to the page's columns."""

    language: str
    text: str
    columns: tuple[tuple[int, ...], ...]
    """For each line, the page's column of each of its columns and of its end."""
    prolog: int = 0
    """Lines put before the block's."""

    def found(self, rows: Iterable[Row]) -> list[Found]:
        """The rows in the page's columns."""
        return sorted(self._place(row) for row in rows)

    def _place(self, row: Row) -> Found:
        number, violation = row.number - self.prolog, row.violation
        columns = self.columns[number]
        return number, columns[violation.start], columns[violation.end], violation.rule


def families() -> list[str]:
    """The families of rules about lines that have a page, save the one whose violations the engine finds
    itself. Those about files and the workspace are in `whole_pages.py`."""
    return sorted(
        name
        for name in os.listdir(RULES)
        if name != "enforcer" and os.path.exists(_page_path(name)) and rules_of(name)
    )


@cache
def rules_of(family: str) -> Mapping[str, Rule]:
    """A family's rules by id, from all of its modules."""
    rules: dict[str, Rule] = {}
    for name in sorted(os.listdir(os.path.join(RULES, family))):
        stem, suffix = os.path.splitext(name)
        if suffix == ".py" and not stem.startswith("_"):
            module = importlib.import_module(f"auto_enforcer.rules.{family}.{stem}")
            for rule in getattr(module, "RULES", ()):
                rules[f"{rule.id}@{stem}"] = rule
    return rules


@cache
def read(family: str) -> Page:
    """Takes a family's page apart."""
    path = _page_path(family)
    with open(path, encoding="utf-8") as file:
        lines = tuple(file.read().split("\n"))
    starts = [number for number, line in _outside(lines) if re.match(r"## ", line)]
    sections = [
        _section(lines, start, end) for start, end in zip(starts, [*starts[1:], len(lines)], strict=True)
    ]
    return Page(family, path, lines, lines[: min(starts, default=len(lines))], tuple(sections))


def active(family: str, rule_id: str) -> list[Rule]:
    """The family's rules as a section sees them: optional ones only in their own."""
    return [rule for rule in rules_of(family).values() if not rule.optional or rule.id == rule_id]


def prepare(block: Block, language: str) -> Text:
    """The block as text of a language: control characters and tokens made, nothing else changed."""
    pairs = [_expanded(line, language) for line in block.lines]
    lines, columns = [text for text, _ in pairs], [places for _, places in pairs]
    opened = block.several and language == "php"
    text = "\n".join(["<?php", *lines] if opened else lines) + "\n"
    return Text(language, text, (*columns, (0,)), int(opened))


def options_of(block: Block) -> dict[str, Any]:
    """The options that a block sets for its section's rule; TOML arrays are tuples."""
    given = tomllib.loads(f"t = {block.keys.get('options', '{}')}")["t"]
    return {name: policy_filling.frozen(value) for name, value in given.items()}


def toml(value: Any) -> str:
    """A value of an option as TOML writes it on one line."""
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{json.dumps(name)} = {toml(one)}" for name, one in value.items()) + " }"
    return json.dumps(list(value) if isinstance(value, tuple) else value)


def filled(rules: Sequence[Rule], rule_id: str, given: Mapping[str, Any], path: str) -> dict[str, Any]:
    """A rule's options as the policy fills them in for a path: its tables come down to what holds there."""
    options = next((rule.options for rule in rules if rule.id == rule_id), ())
    whole = {option.name: option.default for option in options} | dict(given)
    found = policy_filling.filled(options, whole, {}, path, "")
    empty = {option.name: () for option in options if option.form == "boundaries"}
    return {**given, **(empty if found is None else dict(found))}


def _page_path(family: str) -> str:
    return os.path.join(RULES, family, f"{family}.md")


def _outside(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """The lines outside of fenced blocks, with their numbers."""
    fence = ""
    for number, line in enumerate(lines):
        opened = _FENCE.match(line)
        if not fence and opened:
            fence = opened[1]
        elif fence and line == fence:
            fence = ""
        elif not fence:
            yield number, line


def _section(lines: Sequence[str], start: int, end: int) -> Section:
    body = tuple(line for _, line in _outside(lines[start:end]))
    name = lines[start].removeprefix("## ").strip()
    return Section(name, start, body, tuple(blocks(lines, start, end)))


def blocks(lines: Sequence[str], start: int, end: int) -> list[Block]:
    """The fenced blocks between two lines."""
    found = []
    number = start
    while number < end:
        opened = _FENCE.match(lines[number])
        if opened is None:
            number += 1
            continue
        last = next((at for at in range(number + 1, end) if lines[at] == opened[1]), None)
        if last is None:
            raise PageError(f"line {number + 1}: the block is not closed")
        found.append(_block(opened[2], opened[3], lines, number, last))
        number = last + 1
    return found


def _block(language: str, info: str, lines: Sequence[str], first: int, last: int) -> Block:
    if not language:
        raise PageError(f"line {first + 1}: the block has no language")
    keys = dict(_KEY.findall(info))
    rest = _KEY.sub("", info).split()
    if rest not in ([], ["fixed"]) or set(keys) - KEYS:
        raise PageError(f"line {first + 1}: cannot read {info!r}")
    texts: list[str] = []
    expected: list[tuple[Found, str]] = []
    for line in lines[first + 1 : last]:
        marker = _MARKER.match(line)
        if marker is None:
            texts.append(line)
        else:
            expected.append(((len(texts) - 1, marker.start(1), marker.end(1), marker[2]), marker[3]))
    languages = EVERY if language == "every" else tuple(language.split("+"))
    return Block(languages, keys, bool(rest), tuple(texts), tuple(expected), first, last)


def _expanded(line: str, language: str) -> tuple[str, tuple[int, ...]]:
    text, columns, at = "", [], 0
    for match in _SPECIAL.finditer(line):
        if match[3]:
            made: str | None = chr(int(match[3], 16))
        elif match[1] == "comment":
            made = LINE_COMMENTS.get(language, "//")
        else:
            made = tokens.token(match[1], match[2] or "")
        if made is None:
            continue
        text += line[at : match.start()] + made
        columns += [*range(at, match.start()), *[match.start()] * len(made)]
        at = match.end()
    return text + line[at:], (*columns, *range(at, len(line) + 1))


def table(head: Sequence[str]) -> tuple[list[str], dict[str, list[str]], str]:
    """The table's columns, its rows' cells by rule name, and the text below it, from a page's head."""
    numbers = [number for number, line in enumerate(head) if line.startswith("|")]
    if not numbers:
        raise PageError("no table rule x language")
    header, _, *rows = [
        [cell.strip() for cell in head[number].strip().strip("|").split("|")] for number in numbers
    ]
    named = {re.sub(r"^\[?`?(?:[a-z-]+/)?([a-z0-9-]+).*$", r"\1", cells[0]): cells[1:] for cells in rows}
    return header[1:], named, "\n".join(head[numbers[-1] + 1 :])
