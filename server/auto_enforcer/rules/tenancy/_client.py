"""Tenants that the client names, and calls one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from auto_enforcer.model import Candidate, Check, Line, Options, Rule, Severity, Zone
from auto_enforcer.rules._common import regex
from auto_enforcer.rules._kinds import said
from auto_enforcer.rules.tenancy._shared import CODE, KEYS, MODELS, MOST, SCHEMA, WRITTEN, first_key, key_of

_COMPARED_BELOW = 15


def chain(line: Line, column: int, count: int) -> str:
    """The text of the calls from a column on, over lines that begin with a dot or stand in brackets."""
    depth, pieces = 0, list[str]()
    for number, one in enumerate((line, *line.after(count))):
        code, text = one.only(CODE), one.only(WRITTEN)
        start = column if number == 0 else 0
        if number and depth == 0 and code.strip() and not code.lstrip().startswith((".", "?.", ")")):
            break
        for match in regex(r"[()\[\]{};]").finditer(code, start):
            if match[0] in "([{":
                depth += 1
            elif match[0] != ";":
                depth -= 1
            if depth < 0 or (depth == 0 and match[0] == ";"):
                pieces.append(text[start : match.start()])
                return "\n".join(pieces)
        pieces.append(text[start:])
    return "\n".join(pieces)


def _rule(languages: tuple[str, ...], check: Check, triggers: tuple[str, ...]) -> Rule:
    return Rule(
        id="tenancy/client-supplied-tenant",
        severity=Severity.BLOCKED,
        message="the client says which tenant it is, so it can name any; take `{key}` from the session or the"
        " token",
        languages=languages,
        zones=Zone.CODE | Zone.STRING,
        check=check,
        triggers=triggers,
        excuses=(said("compared"), said("assigned"), said("logged")),
        options=(MODELS, KEYS, SCHEMA),
        before=2,
        after=_COMPARED_BELOW,
        optional=True,
    )


def _candidates(line: Line, pattern: str, options: Options) -> Iterator[Candidate]:
    text = line.only(WRITTEN)
    for match in islice(regex(pattern).finditer(text), MOST):
        if line.zone_at(match.start()) & CODE:
            details = {"key": first_key(options)}
            yield Candidate(*match.span(), details, value=_excuse(line, text, match.start(), match.end()))


def _excuse(line: Line, text: str, start: int, end: int) -> str:
    before, after = text[:start], text[end:]
    if regex(r"[ \t]*[!=]==?(?!=)").match(after) or regex(r"[!=]==?[ \t]*$").search(before):
        return "compared"
    if regex(r"[ \t]*(?:\?\?|\|\|)?=(?![=>])").match(after) or regex(r"\b(?:delete|del)[ \t]+$").search(
        before
    ):
        return "assigned"
    if regex(r"(?i)(?:\bconsole|\blog(?:ger|ging)?)\.\w+\(").search(before):
        return "logged"
    name = regex(r"(?:const|let|var)?[ \t]*(\w+)[ \t]*(?::[^=\n]{1,40})?=[ \t]*$").search(before)
    if name is not None:
        own = rf"(?<![\w.]){name[1]}\b"
        other = r"(?!\s*(?:null|undefined|None|''|\"\"))"
        below = line.text_after(_COMPARED_BELOW)
        if regex(rf"{own}[ \t]*[!=]==?{other}[ \t]*[\w.]+|[\w)]\.[\w.]+[ \t]*[!=]==?[ \t]*{own}").search(
            below
        ):
            return "compared"
    return ""


def script_rule(languages: tuple[str, ...]) -> Rule:
    """`client-supplied-tenant` for JavaScript and TypeScript."""

    def check(line: Line, options: Options) -> Iterator[Candidate]:
        key = key_of(options)
        held = r"(?:body|query|params|headers|cookies|queryStringParameters|pathParameters)"
        name = rf"(?:[xX][-_])?{key}"
        pattern = (
            rf"(?<![\w$])(?:(?:this\.|ctx\.|context\.|c\.)?(?:req|request|event|ctx)\??\.(?:raw\.)?{held}!?\??"
            rf"(?:\.{key}\b|(?:\?\.)?\[[ \t]*['\"`]{name}['\"`][ \t]*\])"
            rf"|(?:req|request|ctx|c\.req)\.(?:get|header|param|query)\([ \t]*['\"`]{name}['\"`]"
            rf"|(?:\w+\.)?(?:searchParams|headers)(?:\(\))?\.get\([ \t]*['\"`]{name}['\"`]"
            rf"|(?<!\.)body\??\.{key}\b(?!\()"
            rf"|\{{[^{{}}=]{{0,200}}(?<![\w$.]){key}\b[^{{}}=]{{0,200}}\}}[ \t]*=[ \t]*(?:await[ \t]+)?"
            rf"(?:\w+\.)?(?:req|request|event|ctx)\??\.{held}\b)"
            rf"|@(?:Body|Query|Param|Headers|Cookies)[ \t]*\([ \t]*['\"`]{name}['\"`]"
        )
        yield from _candidates(line, pattern, options)

    return _rule(
        languages,
        check,
        (
            r"\b(?:body|query|params|headers|cookies|queryStringParameters|pathParameters)\b",
            r"\b(?:req|request|ctx)\.(?:get|header|param|query)\(",
            r"\bsearchParams\b",
            r"@(?:Body|Query|Param|Headers|Cookies)[ \t]*\(",
        ),
    )


def python_rule(languages: tuple[str, ...]) -> Rule:
    """`client-supplied-tenant` for Python."""

    def check(line: Line, options: Options) -> Iterator[Candidate]:
        key = key_of(options)
        held = (
            r"(?:GET|POST|data|json|args|form|values|headers|query_params|path_params|cookies|COOKIES|META|params"
            r"|matchdict|view_args|get_json\(\)|query)"
        )
        name = rf"(?:(?:HTTP_)?[xX][-_])?{key}"
        quoted = rf"[ \t]*['\"]{name}['\"]"
        pattern = (
            rf"(?<![\w.])(?:self\.)?request\.{held}(?:\[{quoted}[ \t]*\]|\.get\({quoted}|\.pop\({quoted})"
            rf"|(?<![\w.])(?:x_)?{key}[ \t]*:[ \t]*(?:[\w.\[\], |]{{1,60}}=[ \t]*(?:fastapi\.)?"
            rf"(?:Query|Header|Body|Path|Form|Cookie)\(|Annotated\[[\w.| ]{{1,40}},[ \t]*"
            rf"(?:Query|Header|Body|Path|Form|Cookie)\()"
        )
        yield from _candidates(line, pattern, options)

    return _rule(
        languages,
        check,
        (
            r"\brequest\.[A-Za-z_]",
            r"=[ \t]*(?:fastapi\.)?(?:Query|Header|Body|Path|Form|Cookie)\(",
            r"\bAnnotated\[",
        ),
    )
