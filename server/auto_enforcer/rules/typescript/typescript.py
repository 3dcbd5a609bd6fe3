"""TypeScript: its types, and what it shares with JavaScript."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from auto_enforcer.model import Candidate, Excuse, Line, Options, Rule, Severity, Zone
from auto_enforcer.rules._common import regex
from auto_enforcer.rules.typescript._shared import (
    MOST,
    dialog_rule,
    equality_rule,
    executor_rule,
    kind_rule,
    nan_rule,
    nocheck_rule,
    promise_rule,
    relation_rule,
    replaced,
    require_rule,
    target_rule,
    timer_rule,
    variable_rule,
)

_TYPED = ("typescript", "typescriptreact")
_CODE = int(Zone.CODE)

_ANY = (
    r"(?:(?:[:|&]|\b(?:as|extends|is|keyof|readonly)|=>|[\w$>\])?]<|[(=,+\s]<|^<"
    r"|,(?=[ \t]*+[\[(]?[ \t]*+any)(?=[^()]*>)|\btype[ \t][\w$]+"
    r"(?:<[^=]*>)?[ \t]*=)[ \t]*(?:\[[ \t]*|\([ \t]*)?|(?<==)[ \t]*(?=any[ \t]*[,>]))"
    r"(?P<span>any)(?![\w$(.:'\"`?!])(?=[ \t]*(?:[\[\])}>,;=|&{?]|$|//|/\*|(?:in|extends|as)\b))"
)


def _anys(line: Line, options: Options) -> Iterator[Candidate]:
    code = line.only(_CODE)
    for match in islice(regex(_ANY).finditer(code), MOST):
        start, end = match.span("span")
        yield Candidate(start, end, fixes=replaced("Use `unknown`", start, end, "unknown"))


def _is_mixin(line: Line, candidate: Candidate, options: Options) -> bool:
    """The compiler asks for `any[]` in a mixin's constructor."""
    return regex(r"(?:\bnew|\bconstructor)[ \t]*\([ \t]*\.\.\.[\w$]+[ \t]*:[ \t]*$").search(
        line.text[: candidate.start]
    ) is not None and line.text[candidate.end :].startswith("[]")


def _is_conditional(line: Line, candidate: Candidate, options: Options) -> bool:
    """`T extends any ?` spreads a type over its members and lets nothing pass unchecked."""
    return (
        regex(r"\bextends[ \t]+$").search(line.text[: candidate.start]) is not None
        and regex(r"[ \t]*(?:\?|$)").match(line.text, candidate.end) is not None
    )


def _is_key(line: Line, candidate: Candidate, options: Options) -> bool:
    """`keyof any` are the types that a key may have."""
    return regex(r"\bkeyof[ \t]+$").search(line.text[: candidate.start]) is not None


def _is_value(line: Line, candidate: Candidate, options: Options) -> bool:
    """The file has something of that name, and an object or a choice holds it."""
    before = line.text[: candidate.start].rstrip()
    return before.endswith(":") and regex(r"\?[^:?]*:$").search(before) is not None and "?:" not in before


_WRAPPED = r"(?:String|Number|Boolean|Symbol|BigInt|Object|Function)"


def _wrappers(line: Line, options: Options) -> Iterator[Candidate]:
    pattern = (
        rf"(?:(?<=\w):|\?:|\):|\b(?:const|let|var)[ \t]+[\w$]+:)[ \t]*(?P<span>{_WRAPPED})(?:\[\])?"
        r"(?=[ \t]*(?:(?P<end>;|=(?![=>])|\{[ \t]*$|\|[ \t]*(?:null|undefined)|\)|,|\}|$)))"
        rf"|\b(?:(?:Promise|Array|Set|Observable|Partial|Map)<[ \t]*(?P<inner>{_WRAPPED})[ \t]*[>,]"
        rf"|[a-z][\w$]*<[ \t]*(?P<given>{_WRAPPED})[ \t]*>\()"
    )
    for match in islice(regex(pattern).finditer(line.only(_CODE)), MOST):
        group = "span" if match["span"] else "inner" if match["inner"] else "given"
        name = match[group]
        better = {"Object": "object", "Function": "() => void"}.get(name, name.lower())
        fixes = () if name == "Function" else replaced(f"Use `{better}`", *match.span(group), better)
        ends = match["end"] or ""
        value = "" if group != "span" or ends[:1] in (";", "=", "{", "|") else "member"
        if value and regex(r"\?:[ \t]*$|\):[ \t]*$").search(line.text[: match.start(group)]):
            value = ""
        if value and regex(
            r"\b(?:function|constructor)\b[^{}]*$|^[ \t]*(?:export[ \t]+|async[ \t]+|public[ \t]+"
            r"|private[ \t]+|static[ \t]+){0,4}[\w$]+\([^(){}]*$"
        ).search(line.text[: match.start(group)]):
            value = ""
        yield Candidate(*match.span(group), {"name": name, "better": better}, fixes, value)


def _is_member(line: Line, candidate: Candidate, options: Options) -> bool:
    """A member of an object: there the name is a value, such as what a property is read as."""
    return candidate.value == "member"


RULES = (
    Rule(
        id="typescript/any-type",
        severity=Severity.WARNING,
        message="`any` switches type checking off; say what the type is, or `unknown`",
        languages=_TYPED,
        check=_anys,
        triggers=(r"\bany\b",),
        excuses=(
            Excuse("mixin", _is_mixin),
            Excuse("conditional", _is_conditional),
            Excuse("key", _is_key),
            Excuse("value", _is_value),
        ),
    ),
    nocheck_rule(_TYPED),
    Rule(
        id="typescript/non-null-assertion",
        severity=Severity.WARNING,
        message="`!` says that this is never null, and nothing checks it; ask for null, or use `?.`",
        languages=_TYPED,
        pattern=(
            r"(?<=[\w$)\]>])(?P<span>!)(?=[.\[,;:)\]}]|$|[ \t]*(?:$|[;)\]},?:+*/%<>&|]|-|as\b"
            r"|satisfies\b|===|!==|(?:&&)))"
        ),
        triggers=(r"[\w$)\]>]!(?:[^=\w]|$)",),
        excuses=(
            Excuse(
                "definite",
                lambda line, candidate, options: (
                    regex(r"[ \t]*:").match(line.text, candidate.end) is not None
                    and "?" not in line.text[: candidate.start]
                ),
            ),
        ),
        optional=True,
    ),
    Rule(
        id="typescript/wrapper-type",
        severity=Severity.WARNING,
        message="`{name}` is the type of an object that nobody makes; use `{better}`",
        languages=_TYPED,
        check=_wrappers,
        triggers=(rf"[:<][ \t]*{_WRAPPED}\b",),
        excuses=(Excuse("member", _is_member),),
    ),
    equality_rule(_TYPED),
    variable_rule(_TYPED, old=False),
    require_rule(_TYPED),
    promise_rule(_TYPED),
    dialog_rule(_TYPED),
    timer_rule(_TYPED),
    target_rule(_TYPED),
    nan_rule(_TYPED),
    kind_rule(_TYPED),
    relation_rule(_TYPED),
    executor_rule(_TYPED),
)
