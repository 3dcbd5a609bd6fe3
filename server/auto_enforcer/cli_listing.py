"""The rules of a policy as `rules --format json` and `--format markdown` list them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from auto_enforcer import catalog
from auto_enforcer.cli_team import Entry
from auto_enforcer.policy_values import TeamRule

Mask = Callable[[str], str]
"""Takes the secrets out of a text of a policy."""


def as_json(entries: Iterable[Entry], mask: Mask = str) -> str:
    """An object whose `rules` are all that can be said of each without importing it."""
    listed = [_described(entry, mask) for entry in entries]
    return json.dumps({"rules": listed}, indent=2, ensure_ascii=False) + "\n"


def as_markdown(entries: Iterable[Entry], mask: Mask = str) -> str:
    """A table of the rules, one a line, with links to the pages of ours, relative to the checkout."""
    lines = ["| rule | what it finds | severity | languages | options |", "|---|---|---|---|---|"]
    for entry in entries:
        page = mask(_page(entry))
        name = f"[{entry.id}]({page})" if page else f"`{entry.id}`"
        severity = f"{entry.severity.value}, off" if entry.optional else entry.severity.value
        options = ", ".join(f"`{option.name}`" for option in entry.options)
        cells = (name, _cell(mask(_title(entry))), severity, _languages(entry.languages), options)
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _described(entry: Entry, mask: Mask) -> dict[str, Any]:
    options = {one.name: {"title": one.title, "default": _plain(one.default)} for one in entry.options}
    return {
        "id": entry.id,
        "family": entry.family,
        "title": mask(_title(entry)),
        "severity": entry.severity.value,
        "on": not entry.optional,
        "languages": sorted(entry.languages),
        "options": options,
        "page": mask(_page(entry)),
        "own": isinstance(entry, TeamRule),
    }


def _title(entry: Entry) -> str:
    """What a rule finds, in one line: the first sentence of its section, or of its message."""
    if isinstance(entry, TeamRule):
        message = entry.rule.message if entry.rule is not None else ""
        return message.replace("{{", "{").replace("}}", "}")
    body = catalog.page(entry.id).partition("\n")[2].strip()
    paragraph = " ".join(body.partition("\n\n")[0].split())
    return re.split(r"(?<=[.!?]) (?=[A-Z`*])", re.sub(r"^\*\*.*?\*\*[.:]? *", "", paragraph))[0]


def _page(entry: Entry) -> str:
    """The section of a rule's page, relative to the checkout; a team's rule has an address, or none."""
    if isinstance(entry, TeamRule):
        return entry.url
    anchor = re.sub(r"[^a-z0-9 -]", "", entry.id).replace(" ", "-")
    return f"server/auto_enforcer/rules/{entry.family}/{entry.family}.md#{anchor}"


def _languages(languages: Sequence[str]) -> str:
    if not languages:
        return "all"
    names = sorted(languages)
    return ", ".join(names) if len(names) <= 4 else f"{', '.join(names[:3])} and {len(names) - 3} more"


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _cell(text: str) -> str:
    return text.replace("|", r"\|")
