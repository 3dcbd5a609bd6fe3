"""The JSON Schema of a configuration file, made from the table of its keys and the catalog.

Editors complete enforcer.toml by it. `policy.schema.json` beside this module is its text, and a test holds
them equal.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from auto_enforcer.model import Option
from auto_enforcer.policy_keys import FILE_KEYS, LEVELS, OVERRIDE_KEYS, RULE_KEYS, SETS, Key
from auto_enforcer.policy_values import ALWAYS_ON

if TYPE_CHECKING:
    from auto_enforcer.policy_values import Entries

SCHEMA_FILE = os.path.join(os.path.dirname(__file__), "policy.schema.json")
"""Where the shipped schema is."""


_PLAIN_RULE = {"$ref": "#/definitions/rule"}


def schema_text(entries: Entries) -> str:
    """The schema as it is shipped: draft 7, which editors' TOML servers understand."""
    families = sorted({rule.partition("/")[0] for rule in entries})
    schema = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Auto-Enforcer's policy (enforcer.toml)",
        "type": "object",
        "additionalProperties": False,
        "properties": {key.name: _key(key) for key in FILE_KEYS if key.form != "later"},
        "dependencies": {"from": ["stage"]},
        "definitions": {
            "level": {"enum": list(LEVELS)},
            "rule": _rule(()),
            "rules": {
                "type": "object",
                "additionalProperties": False,
                "properties": dict.fromkeys(families, _PLAIN_RULE)
                | {
                    rule: _rule(options) if (options := entries[rule].options) else _PLAIN_RULE
                    for rule in sorted(entries)
                    if rule != ALWAYS_ON
                },
            },
        },
    }
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


def _key(key: Key) -> dict[str, Any]:
    return {"description": key.title} | _FORMS[key.form](key)


def _rule(options: tuple[Option, ...]) -> dict[str, Any]:
    """The schema of what may be said of a rule or family: a word or a table."""
    table: dict[str, Any] = {
        "type": "object",
        "additionalProperties": False,
        "properties": {key.name: _key(key) for key in RULE_KEYS}
        | {option.name: _option(option) for option in options},
        "dependencies": {"from": ["stage"]},
    }
    return {"anyOf": [{"$ref": "#/definitions/level"}, table]}


def _option(option: Option) -> dict[str, Any]:
    default = option.default
    types: dict[str, Any]
    if isinstance(default, bool):
        types = {"type": "boolean", "default": default}
    elif isinstance(default, int):
        types = {"type": "integer", "default": default}
    elif isinstance(default, str):
        types = {"type": "string", "default": default}
    else:
        types = {"type": "array", "items": {"type": "string"}, "default": list(default)}
    return {"description": option.title} | types


def _overrides(key: Key) -> dict[str, Any]:
    table = {
        "type": "object",
        "additionalProperties": False,
        "required": ["paths"],
        "properties": {key.name: _key(key) for key in OVERRIDE_KEYS},
        "dependencies": {"from": ["stage"]},
    }
    return {"type": "array", "items": table}


def _extends(key: Key) -> dict[str, Any]:
    one = {"anyOf": [{"enum": list(SETS)}, {"type": "string", "pattern": "(/|\\.toml$)"}]}
    return {"anyOf": [one, {"type": "array", "items": one}]}


def main() -> None:
    """Writes the shipped schema: `python -m auto_enforcer.policy_schema` in `server`."""
    from auto_enforcer import catalog

    with open(SCHEMA_FILE, "w", encoding="utf-8", newline="\n") as file:
        file.write(schema_text(catalog.entries()))


_FORMS: Mapping[str, Callable[[Key], dict[str, Any]]] = {
    "choice": lambda key: {"enum": list(key.choices)},
    "date": lambda key: {"type": "string", "format": "date"},
    "globs": lambda key: {"type": "array", "items": {"type": "string", "minLength": 1}},
    "extends": _extends,
    "version": lambda key: {"type": "string"},
    "revision": lambda key: {"type": "string", "pattern": "^[^- ][^ ]*$"},
    "rules": lambda key: {"$ref": "#/definitions/rules"},
    "overrides": _overrides,
}

if __name__ == "__main__":
    main()
