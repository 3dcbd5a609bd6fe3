"""Whether a change takes the hooks out that let an agent be judged."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from auto_enforcer.model import Row
from auto_enforcer.weakened_change import Change, json_of, row_of

_SETTINGS = re.compile(
    r"(?:\A|/)(?:\.claude/settings(?:\.local)?\.json|\.cursor/hooks\.json|\.codex/(?:hooks\.json|config\.toml)"
    r"|\.gemini/settings\.json|\.github/(?:hooks/[^/]+\.json|copilot/settings(?:\.local)?\.json))\Z"
)


def holds_hooks(path: str) -> bool:
    """Whether an agent's hooks may be set in a file, by path with forward slashes."""
    return _SETTINGS.search(path) is not None


def unhooked(changes: Sequence[Change]) -> Iterator[tuple[str, Row]]:
    """The hooks of ours that an agent's settings have no more, and what turns hooks off that another file may
    set."""
    for change in changes:
        if not holds_hooks(change.path):
            continue
        before, after = change.before or "", change.after or ""
        if _hooks(before) - _hooks(after):
            message = "a hook of `auto-enforcer` is taken out here; put it back, or let a person decide that"
            yield change.path, row_of(message)
        elif _turned_off(after) - _turned_off(before):
            message = "hooks are turned off here, which others may set; turn them on, or let a person decide"
            yield change.path, row_of(message)


def _hooks(content: str) -> Counter[str]:
    """The hooks of ours in an agent's settings, with the event and the matcher that each stands under."""
    found: Counter[str] = Counter()
    if "auto-enforcer" not in content:
        return found
    settings = json_of(content)
    if settings is None:
        # TOML, or JSON with comments: the lines that name us tell enough.
        return Counter(" ".join(line.split()) for line in content.splitlines() if "auto-enforcer" in line)

    def look(value: Any, above: str, depth: int) -> None:
        if depth > 12:
            return
        if isinstance(value, list):
            for item in value:
                look(item, above, depth + 1)
        elif isinstance(value, dict):
            matcher = value.get("matcher")
            above += f"/{matcher}" if isinstance(matcher, str) else ""
            for name, item in value.items():
                if isinstance(item, str) and "auto-enforcer" in item:
                    found[f"{above} {name} {item}"] += 1
                else:
                    look(item, f"{above}/{name}", depth + 1)

    look(settings, "", 0)
    return found


def _turned_off(content: str) -> frozenset[str]:
    """What an agent's settings turn off: all hooks, or one of ours by its name."""
    settings = json_of(content)
    if not isinstance(settings, dict):
        is_off = re.search(r"(?m)^\s*(?:codex_)?hooks\s*=\s*false", content) is not None
        return frozenset(("all",) if is_off else ())
    config = settings.get("hooksConfig")
    config = config if isinstance(config, dict) else {}
    disabled = config.get("disabled")
    names = disabled if isinstance(disabled, list) else ()
    off = {name for name in names if isinstance(name, str) and "auto-enforcer" in name}
    if settings.get("disableAllHooks") is True or config.get("enabled") is False:
        off.add("all")
    return frozenset(off)
