"""Tables, rights and functions of a database that tenants share."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from auto_enforcer.model import Candidate, Check, Fact, Line, Options, Rule, Severity, Zone
from auto_enforcer.rules._common import regex
from auto_enforcer.rules._kinds import said
from auto_enforcer.rules.tenancy._shared import KEYS, MODELS, SCHEMA, is_shared, key_of

_WORDS = int(Zone.CODE | Zone.STRING)
_CODE = int(Zone.CODE)
_AROUND = 50
_MOST = 8

_NAME = r"(?:(?:\"[^\"\n]{1,80}\"|\w{1,80})\.)?(?:\"[^\"\n]{1,80}\"|\w{1,80})"

# missing-row-level-security

_CREATED = (
    r"(?i)(?<![\w.])(?P<span>create[ \t]+"
    r"(?P<kind>(?:global[ \t]+|local[ \t]+)?(?:temporary|temp)[ \t]+|unlogged[ \t]+)?"
    rf"table)[ \t]+(?:if[ \t]+not[ \t]+exists[ \t]+)?(?P<name>{_NAME})"
)


def _tables(line: Line, options: Options) -> Iterator[Candidate]:
    code = _plain(line)
    for match in islice(regex(_CREATED).finditer(code), _MOST):
        if not line.zone_at(match.start()) & Zone.CODE:
            continue
        body = _body(line, match.end())
        if body is None or not regex(rf"(?:^|[(,])\s*[\"`]?{key_of(options)}[\"`]?\s+[\w\"]").search(body):
            continue
        value = ""
        if regex(r"(?i)temp").match((match["kind"] or "").strip()):
            value = "temporary"
        elif _is_enabled(line, match["name"]):
            value = "enabled"
        elif line.facts(_DYNAMIC.name):
            value = "dynamic"
        yield Candidate(*match.span("span"), {"name": match["name"]}, value=value)


_DYNAMIC = Fact("tenancy-security-loop", r"(?i)format\(\s*'alter table %[IsL]\b")
"""The file switches it on for tables that it lists."""


def _plain(line: Line) -> str:
    """A line without its comments and strings; names in quotes stay."""
    code = line.only(_CODE)
    words = line.only(_WORDS)
    return (
        "".join(
            other if one == " " and other != " " and _is_name(words, at) else one
            for at, (one, other) in enumerate(zip(code, words, strict=True))
        )
        if '"' in words
        else code
    )


def _is_name(words: str, at: int) -> bool:
    """Whether a column is within double quotes, which SQL has around names."""
    return words[:at].count("'") % 2 == 0


def _body(line: Line, column: int) -> str | None:
    """What stands in the brackets of a table that is created; None where they are not closed."""
    depth, pieces = 0, list[str]()
    for number, one in enumerate((line, *line.after(_AROUND))):
        code = _plain(one)
        start = column if number == 0 else 0
        for match in regex(r"[();]").finditer(code, start):
            if match[0] == "(":
                depth += 1
            elif match[0] == ")":
                depth -= 1
            if match[0] == ";" or (depth == 0 and match[0] == ")"):
                pieces.append(code[start : match.end()])
                return "\n".join(pieces)
        pieces.append(code[start:])
    return None


def _is_enabled(line: Line, name: str) -> bool:
    own = regex(
        rf"(?i)alter[ \t]+table[ \t]+(?:if[ \t]+exists[ \t]+)?(?:only[ \t]+)?{_same(name)}\s+enable\s+row"
        r"\s+level\s+security"
    )
    text = "\n".join([line.text, *(_plain(below) for below in line.after(_AROUND))])
    return own.search(text) is not None


def _same(name: str) -> str:
    """What matches a name with or without its schema and quotes."""
    bare = name.rpartition(".")[2].strip('"')
    return rf"(?:[\w\"]+\.)?\"?{bare}\"?"


# disabled-row-level-security

_DISABLED = (
    r"(?i)(?<![\w.])(?P<span>disable[ \t]+row[ \t]+level[ \t]+security"
    r"|no[ \t]+force[ \t]+row[ \t]+level[ \t]+security"
    r"|bypassrls\b|(?<=set[ \t])row_security[ \t]*(?:=|to\b)[ \t]*(?:'?off'?|false|0)\b"
    r"|(?<=local[ \t])row_security[ \t]*(?:=|to\b)[ \t]*(?:'?off'?|false|0)\b)"
)


def _switches(line: Line, options: Options) -> Iterator[Candidate]:
    code = line.only(_CODE)
    for match in islice(regex(_DISABLED).finditer(code), _MOST):
        above = "\n".join(one.only(_CODE) for one in reversed(line.before(3)))
        statement = (above + "\n" + code[: match.start()]).rpartition(";")[2]
        named = regex(rf"(?i)alter\s+table\s+(?:if\s+exists\s+)?(?:only\s+)?({_NAME})").search(
            _joined(line, match.start())
        )
        if match[0].lower().startswith(("disable", "no")) and not regex(r"(?i)alter\s+table\b").search(
            statement
        ):
            continue
        again = named is not None and match[0].lower().startswith("disable") and _is_enabled(line, named[1])
        yield Candidate(*match.span("span"), value="again" if again else "")


def _joined(line: Line, column: int) -> str:
    above = "\n".join(_plain(one) for one in reversed(line.before(3)))
    return (above + "\n" + _plain(line)[:column]).rpartition(";")[2]


# security-definer-function

_DEFINER = r"(?i)(?<![\w.])security[ \t]+definer\b"


def _functions(line: Line, options: Options) -> Iterator[Candidate]:
    code = line.only(_CODE)
    for match in islice(regex(_DEFINER).finditer(code), _MOST):
        text = _function(line, match.start())
        if text is None:
            continue
        value = ""
        if regex(
            rf"(?<![A-Za-z0-9]){key_of(options)}(?![a-z])|\bauth\.(?:uid|jwt)\(|\bcurrent_setting\("
        ).search(text):
            value = "checked"
        elif regex(r"(?i)\breturns\s+(?:event_)?trigger\b").search(text):
            value = "trigger"
        elif options["models"] and _is_of_others(text, options):
            value = "unshared"
        yield Candidate(*match.span(), value=value)


def _is_of_others(text: str, options: Options) -> bool:
    """Whether a function has a body, and speaks in it of no table that tenants share."""
    if not regex(r"\$\w*\$").search(text):
        return False
    tables = regex(rf"(?i)\b(?:from|into|update|join)\s+(?:only\s+)?({_NAME})").findall(text)
    return not any(is_shared(table, options) for table in tables)


def _function(line: Line, column: int) -> str | None:
    """The text of the function that a column is in the head of; None where there is none."""
    begins = regex(r"(?i)\b(?:create|alter)\s+(?:or\s+replace\s+)?(?:function|procedure)\b")
    own = line.only(_WORDS)
    found = [match.start() for match in begins.finditer(own, 0, column)]
    if found:
        above = [own[found[-1] :]]
    else:
        above = [own]
        for one in line.before(_AROUND):
            text = one.only(_WORDS)
            above.append(text)
            if begins.search(text):
                break
        else:
            return None
        above.reverse()
    below = []
    if not regex(r";\s*$").search(own) or "$$" not in own:
        for one in line.after(_AROUND):
            text = one.only(_WORDS)
            if begins.search(text):
                break
            below.append(text)
            if regex(r"\$\w*\$[^;]*;\s*$").search(text):
                break
    if regex(r";\s*$").search(own):
        below = []
    return "\n".join([*above, *below])


def _rule(
    name: str,
    message: str,
    check: Check,
    triggers: tuple[str, ...],
    excuses: tuple[str, ...],
    facts: tuple[Fact, ...] = (),
    blocked: bool = False,
) -> Rule:
    # The schema alone does not switch on what asks for a way of building databases.
    keys = KEYS._replace(form="") if name == "missing-row-level-security" else KEYS
    models = MODELS._replace(form="") if name == "missing-row-level-security" else MODELS
    return Rule(
        id=f"tenancy/{name}",
        severity=Severity.BLOCKED if blocked else Severity.WARNING,
        message=message,
        languages=("sql",),
        check=check,
        triggers=triggers,
        excuses=tuple(said(one) for one in excuses),
        options=(models, keys, SCHEMA),
        facts=facts,
        before=_AROUND,
        after=_AROUND,
        optional=True,
    )


RULES = (
    _rule(
        "missing-row-level-security",
        "tenants share `{name}`, and only the queries keep them apart; `ENABLE ROW LEVEL SECURITY` and add a"
        " policy",
        _tables,
        (r"(?i)\bcreate[ \t]+(?:\w+[ \t]+){0,2}table\b",),
        ("temporary", "enabled", "dynamic"),
        (_DYNAMIC,),
    ),
    _rule(
        "disabled-row-level-security",
        "without row level security every tenant's rows are open to this role or table; leave it on",
        _switches,
        (r"(?i)\brow[ \t]+level[ \t]+security", r"(?i)\bbypassrls\b", r"(?i)\brow_security\b"),
        ("again",),
        blocked=True,
    ),
    _rule(
        "security-definer-function",
        "this function runs with its owner's rights, past row level security, and asks for no tenant; make it"
        " `SECURITY INVOKER`, or check the tenant in it",
        _functions,
        (r"(?i)\bsecurity[ \t]+definer\b",),
        ("checked", "trigger", "unshared"),
    ),
)
