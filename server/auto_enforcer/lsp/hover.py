"""What is shown where the pointer rests: on a violation, on a rule's name, on a key of the policy."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from auto_enforcer import catalog, catalog_pages
from auto_enforcer.lsp import mentions, policy_text
from auto_enforcer.lsp.client import Client
from auto_enforcer.lsp.pages import page_of
from auto_enforcer.lsp.positions import column, place
from auto_enforcer.lsp.workspace import OpenDocument

if TYPE_CHECKING:
    from auto_enforcer.policy import Selection

LONGEST = 4_000
"""Characters of a page that are shown at once; the rest is behind a link."""

EXAMPLES = 1
"""Examples of what a rule finds, and of what it does not, that are shown at once."""

_FENCE = re.compile(r"[ \t]*(`{3,})")

Hover = dict[str, Any]
"""A `Hover` as JSON has it."""


def answer(opened: OpenDocument, position: Mapping[str, Any], client: Client) -> Hover | None:
    """What there is to say of a position; None where there is nothing."""
    document = opened.document
    number, at = place(document, position, client.encoding)
    if number >= document.line_count:
        return None
    entries = opened.session.policy(opened.path).entries
    known = mentions.names(entries)
    for name, start, end in mentions.mentions(document, number, known):
        if start <= at <= end:
            text = _of_rule(opened, name) if name in entries else _of_family(name, entries)
            return _hover(opened, number, start, end, text, client)
    if mentions.is_policy(opened.path):
        key = policy_text.key_at(document, opened.path, number, at)
        if key is not None:
            return _hover(opened, number, key.start, key.end, f"`{key.name}`: {key.title}", client)
    rows = [
        row
        for row, verdict in opened.session.rows(document, number, number + 1)
        if verdict.shown is not None and row.violation.start <= at <= row.violation.end
    ]
    if not rows:
        return None
    rules = dict.fromkeys(row.violation.rule for row in rows)
    text = "\n\n---\n\n".join(_of_rule(opened, rule) for rule in rules)
    start = min(row.violation.start for row in rows)
    return _hover(opened, number, start, max(row.violation.end for row in rows), text, client)


def _hover(opened: OpenDocument, number: int, start: int, end: int, text: str, client: Client) -> Hover:
    ends = [column(opened.document, number, one, client.encoding) for one in (start, end)]
    first, last = ({"line": number, "character": one} for one in ends)
    kind = "markdown" if client.reads_markdown else "plaintext"
    return {"contents": {"kind": kind, "value": text}, "range": {"start": first, "end": last}}


def _of_rule(opened: OpenDocument, rule: str) -> str:
    """The rule's section of its page, below what the policy says of it for this file."""
    session = opened.session
    selection = session.policy(opened.path).select(session.relative(opened.path))
    head = f"**{rule}** · {_setting(selection, rule)}{_rollout(selection, rule, session.today)}"
    if rule in catalog.entries():
        page = catalog_pages.page(rule, opened.document.language, EXAMPLES)
        whole = len(page) == len(catalog_pages.page(rule, opened.document.language))
        body = _shortened(page.splitlines()[1:], page_of(rule), whole=whole)
    else:
        from auto_enforcer import policy_pages

        policy = session.policy(opened.path)
        team = next(one for one in policy.content.rules if one.id == rule)
        mask = session.mask_of(policy.files)
        body = _shortened([mask(line) for line in policy_pages.page(team).splitlines()[1:]], team.url)
    return f"{head}\n\n{body}" if body else head


def _setting(selection: Selection, rule: str) -> str:
    setting = selection.setting(rule)
    word = setting.severity.value if setting.on else "off"
    where = f"by `{setting.place}`" if setting.place.file else f"({setting.place})"
    return f"{word} {where}" + (f": {setting.reason}" if setting.reason else "")


def _rollout(selection: Selection, rule: str, today: date) -> str:
    setting = selection.setting(rule)
    return setting.rollout.words(today) if setting.on else ""


def _of_family(family: str, entries: Mapping[str, Any]) -> str:
    rules = [rule for rule in entries if rule.partition("/")[0] == family]
    return "\n".join(
        [f"**{family}**, a family of {len(rules)} rules", "", *(f"- `{rule}`" for rule in rules)]
    )


def _shortened(lines: Sequence[str], link: str, *, whole: bool = True) -> str:
    """The lines up to LONGEST characters, cut between blocks, and a link to the rest, where there is one."""
    kept, size = list[str](), 0
    for block in _blocks(lines):
        size += sum(len(line) + 1 for line in block)
        if size > LONGEST:
            whole = False
            break
        kept += block
    if link and not whole:
        kept += ["", f"[the whole page]({link})"]
    return "\n".join(kept).strip()


def _blocks(lines: Sequence[str]) -> Iterator[list[str]]:
    """Fenced blocks whole, other lines one by one."""
    fence, block = "", list[str]()
    for line in lines:
        block.append(line)
        match = _FENCE.match(line)
        if match is not None and not fence:
            fence = match[1]
        elif match is not None and line.strip() == fence:
            fence = ""
        if not fence:
            yield block
            block = []
    if block:
        yield block
