"""Earlier rulesets: which rules were on and how severe, so that an upgrade changes no verdict of a policy
that names one.

A ruleset is a file in `rulesets`. That of the newest one says what the catalog says, and is made with the
policy's schema. Once a later one is there it stays as it is.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING

from auto_enforcer import catalog
from auto_enforcer.model import NamedTuple, Severity
from auto_enforcer.recommended import CAPS, Cap

if TYPE_CHECKING:
    from auto_enforcer.policy_values import Known

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "rulesets")

_OFF = "off"


class Default(NamedTuple):
    """What a ruleset says of a rule."""

    severity: Severity
    optional: bool
    """Whether it is off until a policy turns it on."""


class Ruleset(NamedTuple):
    """What held by default. A rule that `rules` does not name is a later one: whatever set of rules is
    extended, it is off until a policy names it."""

    name: str
    rules: Mapping[str, Default]
    caps: tuple[Cap, ...]
    place: str = ""
    """Where a policy names it."""


@cache
def ruleset(name: str) -> Ruleset:
    """An earlier ruleset, by its name. Raises OSError where there is none."""
    said = json.loads(catalog.package_data(path_of(name)))
    caps = [
        Cap(tuple(cap["kinds"]), tuple(cap["rules"]), _severity(cap["level"]), cap["reason"])
        for cap in said["caps"]
    ]
    rules = {rule: _default(word) for rule, word in said["rules"].items()}
    return Ruleset(name, rules, tuple(caps))


def path_of(name: str) -> str:
    """The file of a ruleset."""
    return os.path.join(FOLDER, f"{name}.json")


def text_of(entries: Iterable[Known]) -> str:
    """The file of the newest ruleset: a rule a line, so that a reader of its changes sees what became of
    each."""
    rules = [f"  {json.dumps(entry.id)}: {json.dumps(_word(entry))}" for entry in entries]
    caps = [
        json.dumps(
            {
                "kinds": cap.kinds,
                "rules": cap.rules,
                "level": _OFF if cap.severity is None else cap.severity.value,
                "reason": cap.reason,
            }
        )
        for cap in CAPS
    ]
    joined = ",\n  ".join(caps)
    return '{\n "rules": {\n' + ",\n".join(sorted(rules)) + f'\n }},\n "caps": [\n  {joined}\n ]\n}}\n'


def _word(entry: Known) -> str:
    return f"{entry.severity.value}, {_OFF}" if entry.optional else entry.severity.value


def _default(word: str) -> Default:
    severity, _, off = word.partition(", ")
    return Default(Severity(severity), off == _OFF)


def _severity(word: str) -> Severity | None:
    return None if word == _OFF else Severity(word)
