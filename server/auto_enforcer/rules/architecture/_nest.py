"""The preset for NestJS: what a controller takes, asks and guards, and what a service writes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from auto_enforcer.model import Candidate, Fact, Line, Option, Options, Rule, Severity, Zone
from auto_enforcer.rules._calls import read_call
from auto_enforcer.rules._common import indent_of, regex
from auto_enforcer.rules._kinds import said

LANGUAGES = ("typescript", "javascript")

_CODE = int(Zone.CODE)
_ABOVE = 50
_BELOW = 20
_MOST = 8

_CONTROLLER = Fact("nest-controller", r"^\s*@Controller\b")
_GUARDED = Fact(
    "nest-guarded",
    r"^@(UseGuards|Public|SkipAuth|AllowAnonymous|NoAuth|Auth\w*|RequirePermissions?|Permissions)\b",
)
"""A decorator that stands at the line's start, as those of a class do."""

# untyped-body


def _bodies(line: Line, options: Options) -> Iterator[Candidate]:
    code = line.only(_CODE)
    for match in islice(regex(r"@Body[ \t]*(?=\()").finditer(code), _MOST):
        call = read_call(line, match.end(), 5)
        if not call.whole or "\n" in call.text:
            continue
        rest = code[match.end() + len(call.text) :]
        name = regex(r"[ \t]*(?:readonly[ \t]+)?[\w$]+[ \t]*\??[ \t]*").match(rest)
        if name is None:
            continue
        kind = _type(rest[name.end() :])
        if kind is None:
            continue
        pipe = regex(r"[Pp]ipe\b|\bschema\b|Schema\b").search(call.code) is not None
        yield Candidate(match.start(), match.end(), {"type": kind or "no type"}, value="pipe" if pipe else "")


_LOOSE = (
    r"any|unknown|object|Object|\{[ \t]*\}|Record<[^<>]*>|(?:Partial|Readonly|Required)<any>|any\[\]"
    r"|Array<any>"
)


def _type(text: str) -> str | None:
    """What a parameter's type is, where it checks nothing: "" for none; None where it does check."""
    if not text.startswith(":"):
        return "" if regex(r"$|[,)=]").match(text) else None
    depth, end = 0, len(text)
    for at, character in enumerate(text):
        if character in "([{<":
            depth += 1
        elif character in ")]}>":
            depth -= 1
        if depth < 0 or (depth == 0 and character in ",="):
            end = at
            break
    kind = text[1:end].strip()
    if regex(_LOOSE).fullmatch(kind) or (kind.startswith("{") and regex(r":[ \t]*any\b").search(kind)):
        return f"`{kind}`"
    return None


# query-in-controller

_ASKED = (
    r"(?<![\w$])(?:this\.)?(?:prisma|prismaService|db|database|dataSource|entityManager|manager|knex|sequelize"
    r"|connection|repository|repo|\w*Repository|\w*Repo|\w*Model)\b(?:\??\.[\w$]+){0,3}?\??\."
    r"(?:find\w*|create\w*|update\w*|upsert|delete\w*|save|insert\w*|remove|count\w*|aggregate\w*|groupBy|query"
    r"|\$queryRaw\w*|\$executeRaw\w*|\$transaction|transaction|createQueryBuilder)[ \t]*(?=[(`<])"
)


def _queries(line: Line, options: Options) -> Iterator[Candidate]:
    if not line.facts(_CONTROLLER.name):
        return
    code = line.only(_CODE)
    for match in islice(regex(_ASKED).finditer(code), _MOST):
        value = "health" if regex(r"(?i)['\"`]select[ \t]+1\b").search(line.text) else ""
        yield Candidate(*match.span(), value=value)


# unguarded-mutation


def _mutations(line: Line, options: Options) -> Iterator[Candidate]:
    code = line.only(_CODE)
    match = regex(r"[ \t]*(@(?:Post|Put|Patch|Delete))[ \t]*\(").match(code)
    if match is None or not line.facts(_CONTROLLER.name):
        return
    names = _decorators(line)
    of_class = line.facts(_GUARDED.name)
    value = ""
    if any(_guards(name, options["guards"]) for name in names):
        value = "guarded"
    elif any(_guards(name, options["guards"]) for name in of_class):
        value = "guarded-class"
    elif any(name in options["public"] for name in (*names, *of_class)):
        value = "public"
    elif regex(_ENTRANCES).search(line.text[match.end() :]):
        value = "entrance"
    yield Candidate(*match.span(1), {"name": match[1]}, value=value)


_ENTRANCES = (
    r"(?i)^['\"`][^'\"`]*(?:log-?in|sign-?in|sign-?up|register|webhooks?|callback|exchange[\w-]*token)\b"
)


def _guards(name: str, guards: Sequence[str]) -> bool:
    return name in guards or regex(r"\w*(?:Guard|Auth|Permission|Policies)\w*").fullmatch(name) is not None


def _decorators(line: Line) -> list[str]:
    """The names of the decorators around one of a method's."""
    names: list[str] = []
    indent = indent_of(line.text)
    for around in (line.before(_BELOW), line.after(_BELOW)):
        depth = 0
        for one in around:
            code = one.only(_CODE)
            if not code.strip():
                continue
            found = regex(r"[ \t]*@(\w+)").match(code)
            if found is not None and indent_of(code) == indent:
                names.append(found[1])
                depth = 0
            elif indent_of(code) > indent or regex(r"[ \t]*[)\]}]+[)\]}; \t]*$").match(code):
                # A decorator's arguments, over several lines; a method's end above is one bracket alone.
                depth += 1
                if depth > 12 or code.strip() == "}":
                    break
            else:
                break
    return names


_GUARDS = (
    Option("guards", ("UseGuards",), "decorators that guard, beside those with a name such as `Auth`"),
    Option(
        "public", ("Public", "SkipAuth", "AllowAnonymous", "NoAuth"), "decorators that say: for everybody"
    ),
)

# writes-without-transaction

_WRITE = (
    r"(?<![\w$.])(?P<client>(?:this\.)?(?:prisma|prismaService|db|database|(?:\w*Repository|\w*Repo)))\??\."
    r"(?:(?P<model>[\w$]+)\.)?(?P<op>create|createMany|update|updateMany|upsert|delete|deleteMany|save|insert|remove)"
    r"[ \t]*(?=[(<])"
)


def _writes(line: Line, options: Options) -> Iterator[Candidate]:
    code = line.only(_CODE)
    match = regex(_WRITE).search(code)
    if match is None or not _is_write(match["client"], match["model"]):
        return
    value = _alone(line)
    if value is not None:
        yield Candidate(match.start(), match.end(), value=value)


def _is_write(client: str, model: str | None) -> bool:
    """Whether a call writes: repositories have no model, the other clients have one."""
    return (model is None) == client.endswith(("Repository", "Repo"))


def _alone(line: Line) -> str | None:
    """None where a write is the first in its function; else the reason why it may follow another one, or
    ""."""
    found: list[int] = []
    """The indents of the writes above whose own block is still to be seen."""
    own = indent_of(line.text)
    other_branch, left = -1, False
    counted = False
    for above in line.before(_ABOVE):
        code = above.only(_CODE)
        if not code.strip():
            continue
        indent = indent_of(code)
        opens_transaction = regex(r"\btransaction\(|\$transaction\b|\brunInTransaction\b|\.tx\(").search(code)
        if found and indent < found[-1]:
            if opens_transaction:
                found.pop()
            elif indent <= own:
                counted, found = True, []
        if indent < own:
            if opens_transaction:
                return "transaction" if counted or found or _any_write_above(line) else None
            if regex(_HEADER).search(code) and not regex(_BLOCK).match(code):
                break
            own = indent
            if regex(r"[ \t]*\}?[ \t]*(?:else|catch|case|default)\b").match(code):
                other_branch = indent
            left = False
            continue
        if other_branch >= 0:
            if indent == other_branch and regex(r"[ \t]*(?:if|try|switch)\b").match(code):
                other_branch = -1
            if indent > other_branch >= 0:
                continue
        if indent > own and regex(r"[ \t]*(?:return|throw)\b").match(code):
            left = True
        elif indent <= own:
            left = False
        match = regex(_WRITE).search(code)
        if match is None or left or not _is_write(match["client"], match["model"]):
            continue
        if regex(r"[ \t]*return\b").match(code):
            continue
        if indent <= own:
            if opens_transaction:
                continue
            counted = True
        else:
            found.append(indent)
    return "" if counted or found else None


_HEADER = r"\)[ \t]*(?::[^{=]{1,120})?(?:=>[ \t]*)?\{[ \t]*$|=>[ \t]*\{[ \t]*$"
_BLOCK = r"[ \t]*\}?[ \t]*(?:if|for|while|switch|else|catch|try|do)\b"


def _any_write_above(line: Line) -> bool:
    return any(regex(_WRITE).search(above.only(_CODE)) for above in line.before(10))


def _rule(name: str, message: str, **further: object) -> Rule:
    rule = Rule(
        id=f"architecture/{name}",
        severity=Severity.WARNING,
        message=message,
        languages=LANGUAGES,
        before=_ABOVE,
        after=_BELOW,
        optional=True,
    )
    return rule._replace(**further)  # type: ignore[arg-type]


RULES = (
    _rule(
        "untyped-body",
        "the body has {type}, so nothing checks what a client sends; give it a class that is validated",
        check=_bodies,
        triggers=(r"@Body[ \t]*\(",),
        excuses=(said("pipe"),),
    ),
    _rule(
        "query-in-controller",
        "a controller asks the database itself; move the query into a service",
        check=_queries,
        zones=Zone.CODE | Zone.STRING,
        triggers=(
            r"(?:prisma|prismaService|db|database|dataSource|[mM]anager|knex|sequelize|connection|[rR]epository"
            r"|[rR]epo|Model)\??\.",
        ),
        facts=(_CONTROLLER,),
        excuses=(said("health"),),
    ),
    _rule(
        "unguarded-mutation",
        "`{name}` changes something and nothing guards it; add `@UseGuards`, or `@Public` where it is meant",
        check=_mutations,
        triggers=(r"@(?:Post|Put|Patch|Delete)[ \t]*\(",),
        facts=(_CONTROLLER, _GUARDED),
        excuses=(said("guarded"), said("guarded-class"), said("public"), said("entrance")),
        options=_GUARDS,
    ),
    _rule(
        "writes-without-transaction",
        "where this write fails, the one above stays; put both into one transaction",
        check=_writes,
        triggers=(
            r"\.(?:create|createMany|update|updateMany|upsert|delete|deleteMany|save|insert|remove)"
            r"[ \t]*[(<]",
        ),
        excuses=(said("transaction"),),
    ),
)
