"""The JSON Schema of a configuration file, made from the table of its keys and the catalog.

Editors complete enforcer.toml by it. `policy.schema.json` beside this module is its text, and a test holds
them equal.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from auto_enforcer import policy_allowances
from auto_enforcer.languages import LANGUAGES
from auto_enforcer.model import WIDEST_WINDOW, Option
from auto_enforcer.policy_keys import ALLOW_KEYS, FILE_KEYS, LEVELS, OVERRIDE_KEYS, RULE_KEYS, SETS, Key
from auto_enforcer.policy_matching import LONGEST_PATTERN, LONGEST_TEXT
from auto_enforcer.policy_rule_keys import COMBINING, LEAVES, LISTS, SHORT, TABLES, TEAM_KEYS, ZONE_NAMES
from auto_enforcer.policy_tables import LONGEST_MESSAGE
from auto_enforcer.policy_values import ALWAYS_ON, RULESET

if TYPE_CHECKING:
    from auto_enforcer.policy_values import Entries

SCHEMA_FILE = os.path.join(os.path.dirname(__file__), "policy.schema.json")
"""Where the shipped schema is."""


_PLAIN_RULE = {"$ref": "#/definitions/rule"}

_FAMILY = "[a-z][a-z0-9]*(-[a-z0-9]+)*"
_ID = f"{_FAMILY}/[a-z0-9]+(-[a-z0-9]+)*"
_TEXTS = {"type": "array", "minItems": 1, "items": {"type": "string", "minLength": 1}}
_ZONES = {"type": "array", "minItems": 1, "items": {"enum": list(ZONE_NAMES)}}


def schema_text(entries: Entries) -> str:
    """The schema as it is shipped: draft 7, which editors' TOML servers understand."""
    families = sorted({rule.partition("/")[0] for rule in entries})
    ours = {"propertyNames": {"pattern": f"^({'|'.join(families)})(/|$)"}}
    schema = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Auto-Enforcer's policy (enforcer.toml)",
        "type": "object",
        "additionalProperties": False,
        "properties": {key.name: _key(key) for key in FILE_KEYS},
        "dependencies": {"from": ["stage"]},
        # Where no rules are brought, there are no families but ours.
        "if": {"not": {"anyOf": [{"required": ["rule"]}, {"required": ["extends"]}]}},
        "then": {"properties": {"rules": ours, "overrides": {"items": {"properties": {"rules": ours}}}}},
        "definitions": {
            "level": {"enum": list(LEVELS)},
            "rule": _rule(()),
            "texts": _TEXTS,
            "zones": _ZONES,
            **{name: _team_table(keys) for name, keys in TABLES.items()},
            "team-rule": _team_table(TEAM_KEYS)
            | {"required": ["id"], "anyOf": [{"required": [name]} for name in (*LEAVES, *COMBINING)]},
            "rules": {
                "type": "object",
                "additionalProperties": False,
                # A team's rule, or a whole family of them: any that is none of ours.
                "patternProperties": {
                    f"^(?!({'|'.join(families)})(/|$))({_ID}|{_FAMILY})$": _PLAIN_RULE,
                },
                "properties": {family: _family(family, entries) for family in families}
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
        | {option.name: _option(option) for option in options if option.form != "folder"},
        "dependencies": {"from": ["stage"]},
    }
    return {"anyOf": [{"$ref": "#/definitions/level"}, table]}


def _family(family: str, entries: Entries) -> dict[str, Any]:
    """The schema of what may be said of all rules of a family."""
    own = [entry for rule, entry in entries.items() if rule.startswith(f"{family}/")]
    shared = {option.name: option for entry in own for option in entry.options if option.shared}
    return _rule(tuple(shared.values())) if shared else _PLAIN_RULE


def _option(option: Option) -> dict[str, Any]:
    default = option.default
    types: dict[str, Any]
    if option.form == "words":
        types = {"type": "object", "additionalProperties": {"type": "string"}}
    elif option.form in ("boundaries", "places"):
        lists = {"type": "array", "items": {"type": "string", "minLength": 1}}
        types = {"type": "object", "additionalProperties": lists}
    elif isinstance(default, bool):
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


def _allowances(key: Key) -> dict[str, Any]:
    table = {
        "type": "object",
        "additionalProperties": False,
        "required": [key.name for key in ALLOW_KEYS if key.form != "date"],
        "properties": {key.name: _key(key) for key in ALLOW_KEYS},
    }
    return {"type": "array", "items": table}


def _extends(key: Key) -> dict[str, Any]:
    one = {"anyOf": [{"enum": list(SETS)}, {"type": "string", "pattern": "(/|\\.toml$)"}]}
    return {"anyOf": [one, {"type": "array", "items": one}]}


def _team_table(keys: Iterable[Key]) -> dict[str, Any]:
    """The schema of a table of a team's rule."""
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {key.name: _key(key) for key in keys},
    }


def _team_tables(key: Key) -> dict[str, Any]:
    """The schema of what takes a table, or several."""
    one: dict[str, Any] = {"$ref": f"#/definitions/{key.form}"}
    if key.form in SHORT:
        one = {"anyOf": [{"type": "string"}, one]}
    several = {"type": "array", "items": one}
    if key.form in LISTS:
        return several
    return one if key.form == "fix" else {"anyOf": [one, several]}


def main() -> None:
    """Writes the shipped schema, and the newest ruleset: `python -m auto_enforcer.policy_schema` in
    `server`."""
    from auto_enforcer import catalog, policy_rulesets

    entries = catalog.entries()
    newest = policy_rulesets.path_of(RULESET)
    texts = {SCHEMA_FILE: schema_text(entries), newest: policy_rulesets.text_of(entries.values())}
    for path, text in texts.items():
        with open(path, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)


_FORMS: Mapping[str, Callable[[Key], dict[str, Any]]] = {
    "choice": lambda key: {"enum": list(key.choices)},
    "date": lambda key: {"type": "string", "format": "date"},
    "globs": lambda key: {"type": "array", "items": {"type": "string", "minLength": 1}},
    "extends": _extends,
    "version": lambda key: {"type": "string"},
    "revision": lambda key: {"type": "string", "pattern": "^[^- ][^ ]*$"},
    "rules": lambda key: {"$ref": "#/definitions/rules"},
    "overrides": _overrides,
    "allowances": _allowances,
    "hash": lambda key: {"type": "string", "pattern": f"^{policy_allowances.HASH}$"},
    "team-rules": lambda key: {"type": "array", "items": {"$ref": "#/definitions/team-rule"}},
    "id": lambda key: {"type": "string", "pattern": f"^{_ID}$", "maxLength": 100},
    "bool": lambda key: {"type": "boolean"},
    "count": lambda key: {"type": "integer", "minimum": 0, "maximum": 10_000},
    "window": lambda key: {"type": "integer", "minimum": 1, "maximum": WIDEST_WINDOW},
    "number": lambda key: {"type": "number", "minimum": 0, "maximum": 32},
    "text": lambda key: {"type": "string", "minLength": 1, "maxLength": LONGEST_TEXT},
    "any-text": lambda key: {"type": "string"},
    "pattern": lambda key: {"type": "string", "minLength": 1, "maxLength": LONGEST_PATTERN},
    "template": lambda key: {"type": "string", "maxLength": LONGEST_MESSAGE},
    "url": lambda key: {"type": "string", "pattern": "^https?://"},
    "sha256": lambda key: {"type": "string", "pattern": "^[0-9a-fA-F]{64}$"},
    "texts": lambda key: {"$ref": "#/definitions/texts"},
    "languages": lambda key: {"type": "array", "minItems": 1, "items": {"enum": sorted(LANGUAGES)}},
    "zones": lambda key: {"$ref": "#/definitions/zones"},
    "cwe": lambda key: {
        "type": "array",
        "minItems": 1,
        "items": {"anyOf": [{"type": "integer"}, {"type": "string", "pattern": "^[cC][wW][eE]-[0-9]{1,5}$"}]},
    },
    "swap": lambda key: {"type": "object", "minProperties": 1, "additionalProperties": {"type": "string"}},
    **dict.fromkeys(TABLES, _team_tables),
}

if __name__ == "__main__":
    main()
