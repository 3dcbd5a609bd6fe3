"""What may be written next: in a suppression, and in the policy's file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from auto_enforcer.lsp import mentions, policy_text
from auto_enforcer.lsp.client import Client
from auto_enforcer.lsp.positions import column, place
from auto_enforcer.lsp.workspace import OpenDocument
from auto_enforcer.model import NamedTuple, Zone

if TYPE_CHECKING:
    from auto_enforcer.policy_values import Entries

LONGEST_DATE = 90
"""Days that a suppression is proposed to last."""

_VALUE, _KEYWORD, _PROPERTY = 12, 14, 10
"""Kinds of items as the protocol numbers them."""

_NAMES = re.compile(r"enforcer:[ \t]*allow(?:-file)?[ \t]*\[(?:[^\]]*,)?[ \t]*(?P<word>[a-z0-9/-]*)\Z")
_FORMS = re.compile(r"enforcer:[ \t]*(?P<word>[a-z-]*)\Z")
_BEHIND = re.compile(r"enforcer:[ \t]*allow(?:-file)?[ \t]*\[[^\]]+\](?P<word>[ \t]*[a-z=]*)\Z")

_COMMENT = int(Zone.COMMENT)


class Item(NamedTuple):
    """A proposal: what is shown, what is written, what it is."""

    label: str
    text: str
    detail: str
    kind: int


def answer(opened: OpenDocument, position: Mapping[str, Any], client: Client) -> list[dict[str, Any]]:
    """The proposals for a position, as JSON has them."""
    document = opened.document
    number, at = place(document, position, client.encoding)
    if number >= document.line_count:
        return []
    entries = opened.session.policy(opened.path).entries
    begin, end, items = _in_suppression(opened, number, at, entries) or _in_policy(
        opened, number, at, entries
    )
    first, last = (column(document, number, one, client.encoding) for one in (begin, end))
    span = {"start": {"line": number, "character": first}, "end": {"line": number, "character": last}}
    return [
        {
            "label": item.label,
            "kind": item.kind,
            "detail": item.detail,
            "filterText": item.text,
            "sortText": f"{index:04}",
            "textEdit": {"range": span, "newText": item.text},
        }
        for index, item in enumerate(items)
    ]


_Found = tuple[int, int, list[Item]]
"""The columns of what the proposals take the place of, and these."""


def _in_suppression(opened: OpenDocument, number: int, at: int, entries: Entries) -> _Found | None:
    document = opened.document
    text = document.line(number)
    if "enforcer:" not in text:
        return None
    comments = mentions.line_of(document, number).only(_COMMENT)
    before = comments[:at].ljust(at)
    for form, items in ((_NAMES, _names), (_FORMS, _forms), (_BEHIND, _behind)):
        match = form.search(before)
        if match is not None:
            word = match.start("word")
            return word, at, list(items(opened, number, entries))
    return None


def _names(opened: OpenDocument, number: int, entries: Entries) -> Iterator[Item]:
    """The rules that found something here first, then all."""
    found = [row.violation.rule for row, _ in opened.session.rows(opened.document, number, number + 2)]
    families = dict.fromkeys(rule.partition("/")[0] for rule in entries)
    for rule in dict.fromkeys([*(rule for rule in found if not rule.startswith("enforcer/")), *entries]):
        entry = entries.get(rule)
        if entry is not None and not rule.startswith("enforcer/"):
            yield Item(rule, rule, entry.severity.value, _VALUE)
    for family in families:
        if family != "enforcer":
            yield Item(family, family, "a whole family", _VALUE)


def _forms(opened: OpenDocument, number: int, entries: Entries) -> Iterator[Item]:
    yield Item("allow[…]", "allow[", "for this line, or alone on its line for the next one", _KEYWORD)
    if number < 10:
        yield Item("allow-file[…]", "allow-file[", "for the whole file", _KEYWORD)


def _behind(opened: OpenDocument, number: int, entries: Entries) -> Iterator[Item]:
    until: date = opened.session.today + timedelta(days=LONGEST_DATE)
    yield Item(": reason", ": ", "why it is allowed", _KEYWORD)
    yield Item(f"until={until}", f" until={until}: ", f"expires in {LONGEST_DATE} days", _KEYWORD)


def _in_policy(opened: OpenDocument, number: int, at: int, entries: Entries) -> _Found:
    if not mentions.is_policy(opened.path):
        return at, at, []
    found = policy_text.place_at(opened.document, opened.path, number, at)
    if found is None:
        return at, at, []
    items: list[Item] = []
    if found.key:
        for value, quoted in policy_text.values_of(found, entries):
            text = f'"{value}"' if quoted and not found.quote else value
            items.append(Item(value, text, "", _VALUE))
    else:
        for key in policy_text.keys_of(found.path, entries):
            text = f'"{key.name}"' if "/" in key.name and not found.quote else key.name
            items.append(Item(key.name, text, key.title, _PROPERTY))
    return found.start, found.end, items
