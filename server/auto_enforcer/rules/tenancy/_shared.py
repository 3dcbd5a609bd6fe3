"""What the rules of tenancy share: the models that tenants share, the key that tells tenants apart, the
options, and how far an argument can be judged."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from auto_enforcer.model import (
    Candidate,
    Check,
    Excuse,
    Line,
    NamedTuple,
    Option,
    Options,
    Rule,
    Severity,
    Zone,
)
from auto_enforcer.rules._calls import Call, arguments
from auto_enforcer.rules._common import regex
from auto_enforcer.rules._kinds import said

CODE = int(Zone.CODE)
STRING = int(Zone.STRING)
WRITTEN = int(Zone.CODE | Zone.STRING | Zone.TEXT)

ABOVE = 50
BELOW = 40
MOST = 8
"""Queries on one line, at most."""

MISSING, CARRIED, UNKNOWN, SCOPED, CHECKED = "", "tenant", "variable", "scoped", "checked"
"""What is known of a query: no key, a key, nothing, a client that adds the key, a read with the key above."""

USERS = r"(?i)(?:\w*user|member|membership|session|api_?key|account_?token)s?"
"""Models whose rows say to which tenant somebody belongs who asks."""

MODELS = Option(
    "models",
    (),
    "models or tables that tenants share; a Prisma schema adds those that have the key",
    form="models",
    shared=True,
)
KEYS = Option(
    "keys",
    ("tenantId", "tenant_id"),
    "names of the field that tells tenants apart",
    form="keys",
    shared=True,
)
SCHEMA = Option(
    "schema",
    "",
    "the Prisma schema, relative to this file; `prisma/schema.prisma` beside or below it by default",
    form="schema",
    shared=True,
)
CLIENTS = Option(
    "scoped",
    ("forTenant", "withTenant", "for_tenant", "tenantPrisma", "tenantClient", "tenantDb"),
    "names of clients and managers that add the key themselves",
    shared=True,
)


def folded(name: str) -> str:
    """A name as names of models and tables are compared."""
    return name.replace("_", "").lower()


@lru_cache(64)
def _models(names: tuple[str, ...]) -> frozenset[str]:
    found = set()
    for name in names:
        one = folded(name.rpartition(".")[2])
        found |= {one, one + "s"}
        if one.endswith("y"):
            found.add(one[:-1] + "ies")
        elif one.endswith(("s", "x", "ch")):
            found.add(one + "es")
    return frozenset(found)


def is_model(name: str, options: Options) -> bool:
    """Whether tenants share the model of a name, which is not in the plural."""
    return folded(name) in {folded(one) for one in options["models"]}


def is_shared(name: str, options: Options) -> bool:
    """Whether tenants share the model or table of a name, which may be in the plural or behind a schema's."""
    return folded(name.strip("\"'`[]").rpartition(".")[2].strip("\"'`[]")) in _models(
        tuple(options["models"])
    )


@lru_cache(64)
def _key(names: tuple[str, ...]) -> str:
    """What matches one of the keys however it is written, or the name of the tenant itself: `tenantId`,
    `tenant_id`, `tenant`."""
    found = []
    for name in names:
        words: list[str] = regex(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+").findall(name)
        if words:
            found.append("[-_]?".join(map(re.escape, words)))
            if len(words) > 1 and words[-1].lower() in ("id", "key", "uuid", "code", "slug"):
                found.append("[-_]?".join(map(re.escape, words[:-1])))
    return "(?i:" + ("|".join(dict.fromkeys(found)) or "(?!)") + ")"


def key_of(options: Options) -> str:
    """The expression of the key's names."""
    return _key(tuple(options["keys"]))


def first_key(options: Options) -> str:
    """The key's name, for messages."""
    return str(next(iter(options["keys"]), "tenantId"))


def mentions(text: str, options: Options) -> bool:
    """Whether a text speaks of the tenant in any name: `currentTenant`, `tenant_scope`."""
    return regex(rf"(?:(?i:(?<![a-z]){key_of(options)})|{_capital(options)})").search(text) is not None


def _capital(options: Options) -> str:
    """The key's words as the later words of a longer name."""
    stems = {word.title() for key in options["keys"] for word in regex("[A-Za-z][a-z]+").findall(key)[:1]}
    return "(?:" + ("|".join(sorted(map(re.escape, stems))) or "(?!)") + ")"


def has_property(text: str, options: Options) -> bool:
    """Whether an object's text has a property of the key, at any depth: `tenantId`, `tenantId: x`,
    `id_tenantId: {…}`, `...tenantFilter`."""
    key = key_of(options)
    return (
        regex(
            rf"(?:^|[{{,(\[])\s*['\"]?(?:\w+[_.])?{key}(?:_\w+)?['\"]?\s*(?=[:,}})\]]|$)|\.\.\.[^,{{}}]{{0,80}}?(?:"
            rf"(?<![A-Za-z]){key}|{_capital(options)})"
        ).search(text)
        is not None
    )


def of_value(text: str, options: Options) -> str:
    """What is known of an object, a list or a variable that says which rows are meant, or what a row is."""
    text = text.strip()
    if text.startswith(("{", "[", "(")):
        if has_property(text, options):
            return CARRIED
        if regex(r"\.\.\.|\b(?:AND|OR)\s*:\s*\[?\s*(?:[a-z_$][\w$.]*\s*[,\]}]|\.\.\.)").search(text):
            return UNKNOWN
        if text.startswith("[") and not regex(r"\{").search(text):
            return UNKNOWN if regex(r"[\w$]").search(text) else MISSING
        return MISSING
    if mentions(text, options) or (regex(r"\{").search(text) and has_property(text, options)):
        return CARRIED
    return UNKNOWN


class Property(NamedTuple):
    """A property of an object: its name, and the code and text of its value; a shorthand's is its name, a
    spread has no name."""

    name: str
    code: str
    text: str


def properties(code: str, text: str) -> Iterator[Property]:
    """The properties of an object that is written out."""
    for start, end in arguments(Call(code, text, True)):
        part, words = code[start:end], text[start:end]
        named = regex(r"\s*['\"]?([\w$]+)['\"]?\s*:").match(words)
        if words.startswith("..."):
            yield Property("", part, words)
        elif named is not None:
            yield Property(named[1], part[named.end() :], words[named.end() :].strip())
        elif regex(r"[\w$]+").fullmatch(words):
            yield Property(words, part, words)


def declared(line: Line, name: str, options: Options) -> bool:
    """Whether a variable that is given its value above, as far as can be seen, carries the key."""
    if not regex(r"[A-Za-z_$][\w$]{0,60}").fullmatch(name):
        return False
    text = line.text_before(ABOVE)
    if name not in text:
        return False
    own = re.escape(name)
    above = list(line.before(ABOVE))
    for number, one in enumerate(above):
        code = one.only(CODE)
        if regex(rf"(?<![\w$.]){own}\.(?:\w+\.)*{key_of(options)}\s*=|(?<![\w$.]){own}\[").search(one.text):
            return mentions(one.text, options)
        if regex(rf"(?<![\w$.]){own}\s*(?::[^=\n]{{1,80}})?=(?!=)").search(code):
            whole = [one, *reversed(above[max(0, number - 8) : number])]
            return has_property("\n".join(until_end(whole)), options)
    return False


def until_end(lines: Sequence[Line]) -> Iterator[str]:
    """The text of a statement's lines, as far as its brackets are open."""
    depth = 0
    for line in lines:
        code = line.only(CODE)
        depth += sum(code.count(one) for one in "([{") - sum(code.count(one) for one in ")]}")
        yield line.only(WRITTEN)
        if depth <= 0:
            break


ROW_CHECKED = Excuse("checked", lambda line, candidate, options: candidate.value == CHECKED)
"""What is meant was asked for with the key above, or the key of what was read is compared below."""


def rules(
    languages: tuple[str, ...], check: Check, triggers: tuple[str, ...], excuses: tuple[Excuse, ...] = ()
) -> tuple[Rule, ...]:
    """`query-without-tenant` and its twin for languages. The check gives each query on a shared model with
    what is known of it as its value."""

    def cannot_tell(line: Line, options: Options) -> Iterator[Candidate]:
        for candidate in check(line, options):
            if candidate.value == UNKNOWN:
                yield candidate._replace(value=MISSING)
            elif candidate.value in (CARRIED, SCOPED) and candidate.details and candidate.details["argument"]:
                yield candidate

    def rule(name: str, message: str, own: Check, further: tuple[Excuse, ...], blocked: bool) -> Rule:
        return Rule(
            id=f"tenancy/{name}",
            severity=Severity.BLOCKED if blocked else Severity.WARNING,
            message=message,
            languages=languages,
            zones=Zone.CODE | Zone.STRING,
            check=own,
            triggers=triggers,
            excuses=further,
            options=(MODELS, KEYS, SCHEMA, CLIENTS),
            before=ABOVE,
            after=BELOW,
            optional=True,
        )

    known = (said(CARRIED), said(SCOPED), *excuses)
    return (
        rule(
            "query-without-tenant",
            "tenants share `{model}`, and this query does not say whose rows it means; add `{key}`",
            check,
            (*known, said(UNKNOWN)),
            True,
        ),
        rule(
            "unverifiable-tenant",
            "tenants share `{model}`, and it cannot be seen here whether the query carries `{key}`; write"
            " `{key}` where the query is",
            cannot_tell,
            (said(CARRIED), said(SCOPED)),
            False,
        ),
    )


def candidate(
    start: int, end: int, model: str, known: str, options: Options, *, variable: bool = False
) -> Candidate:
    """A query on a shared model. `variable`: what says which rows are meant is not written out."""
    details = {"model": model, "key": first_key(options), "argument": "variable" if variable else ""}
    return Candidate(start, end, details, value=known)
