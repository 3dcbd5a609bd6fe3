"""The keys of a configuration file, as one table: its reader and its JSON Schema are made from it."""

from __future__ import annotations

from auto_enforcer.model import NamedTuple, Severity, Stage
from auto_enforcer.policy_values import RULESETS

PRESETS = {
    "nestjs": (
        "architecture/untyped-body",
        "architecture/query-in-controller",
        "architecture/unguarded-mutation",
        "architecture/writes-without-transaction",
    ),
}
"""The rules that each set for one kind of project turns on, on top of what else is extended."""

SETS = ("recommended", "all", *PRESETS)
"""The sets of rules that `extends` may name."""

LEVELS = (*(severity.value for severity in Severity), "off")
"""What may be said of a rule or family in one word."""


class Key(NamedTuple):
    """A key. `form` names what it takes: "choice" (of `choices`), "date", "globs", "extends", "version",
    "revision", "rules", "overrides", "allowances", "hash", "team-rules", or one of those that
    `policy_rule_keys` uses."""

    name: str
    form: str
    title: str
    choices: tuple[str, ...] = ()


_STAGE = (
    Key(
        "stage",
        "choice",
        "how far this is rolled out: `observe` only counts, `warn` never fails a gate, `block` does",
        tuple(stage.value for stage in Stage),
    ),
    Key("from", "date", "the day from which `stage` holds; until then it is one step below"),
)

FILE_KEYS: tuple[Key, ...] = (
    Key(
        "extends",
        "extends",
        "`recommended` (the default), `all`, `nestjs` beside one of them, or files: `team/rules.toml`,"
        " `package:name/rules.toml`",
    ),
    Key("exclude", "globs", "globs of what is not checked, on top of .gitignore"),
    Key("generated", "globs", "globs of generated files: only few rules look at them"),
    Key("rules", "rules", "what holds for a rule or a family, in all files"),
    Key("overrides", "overrides", "what holds for some paths; the last one that matches has the word"),
    Key("required-version", "version", "the versions of auto-enforcer that may use this file"),
    Key("ruleset", "choice", "freezes which rules are on and how severe by default", RULESETS),
    *_STAGE,
    Key("historical", "choice", "how violations that stood in the base are shown", ("lower", "same", "off")),
    Key("base", "revision", "what files are compared with: `auto`, `session` or a git revision"),
    Key("on_error", "choice", "what the hook of a coding agent does that cannot judge", ("block", "warn")),
    Key(
        "agents",
        "choice",
        "whether coding agents may add suppressions and entries of the baseline, and change this file",
        ("may-not-suppress", "may-suppress"),
    ),
    Key("allow", "allowances", "violations that stay, in files that take no comment to say so"),
    Key("rule", "team-rules", "rules of your own"),
)
"""The keys of a configuration file, or of `[tool.auto-enforcer]` in pyproject.toml."""

OVERRIDE_KEYS: tuple[Key, ...] = (
    Key("paths", "globs", "globs of the files that this holds for, relative to this file's folder"),
    Key("rules", "rules", "what holds for a rule or a family in these files"),
    *_STAGE,
)
"""The keys of an `[[overrides]]` table."""

ALLOW_KEYS: tuple[Key, ...] = (
    Key("rule", "id", "the rule"),
    Key("path", "text", "the file, relative to this file's folder"),
    Key("hash", "hash", "what the violation's text is known by; an editor's quick fix writes it"),
    Key("reason", "text", "why it stays"),
    Key("until", "date", "the last day on which it does"),
)
"""The keys of an `[[allow]]` table; all but the last are needed."""

RULE_KEYS: tuple[Key, ...] = (
    Key("severity", "choice", "how severe, or off", LEVELS),
    *_STAGE,
)
"""The keys of a rule's or family's table beside a rule's options."""
