"""Links from the names of rules to their pages."""

from __future__ import annotations

from typing import Any

from auto_enforcer.lsp import mentions
from auto_enforcer.lsp.client import Client
from auto_enforcer.lsp.pages import page_of
from auto_enforcer.lsp.positions import column
from auto_enforcer.lsp.workspace import OpenDocument

MOST = 1_000
"""Links in one answer."""


def answer(opened: OpenDocument, client: Client) -> list[dict[str, Any]]:
    """A link for each rule that a suppression or the policy's file names, as JSON has it."""
    document = opened.document
    known = mentions.names(opened.session.policy(opened.path).entries)
    every = mentions.is_policy(opened.path)
    links: list[dict[str, Any]] = []
    for number, line in enumerate(document.lines):
        if not every and "enforcer:" not in line:
            continue
        for name, start, end in mentions.mentions(document, number, known):
            page = page_of(name)
            if page:
                ends = [column(document, number, one, client.encoding) for one in (start, end)]
                first, last = ({"line": number, "character": one} for one in ends)
                links.append(
                    {"range": {"start": first, "end": last}, "target": page, "tooltip": f"the page of {name}"}
                )
                if len(links) == MOST:
                    return links
    return links
