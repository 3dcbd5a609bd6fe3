"""Failures that vanish in JavaScript and TypeScript: empty handlers, lost causes, traces sent to a client."""

from __future__ import annotations

from collections.abc import Iterator

from auto_enforcer.model import Candidate, Excuse, Line, Options, Rule, Severity, Zone
from auto_enforcer.rules._common import regex
from auto_enforcer.rules.errors._braces import EXPLAINED, NAMED, TRIGGER, Dialect, empty_handlers
from auto_enforcer.rules.errors._causes import Thrower, lost_cause_rule
from auto_enforcer.rules.errors._shared import (
    CLEAN_UP_CALLS,
    COMMENT,
    LENIENT,
    WINDOW,
    braced_comment,
    gives_back,
    leaves,
    leniently,
    onward,
    says_so,
    tried_block,
)
from auto_enforcer.rules.errors._traces import leaked_rule

_LANGUAGES = ("javascript", "javascriptreact", "typescript", "typescriptreact", "vue", "svelte")
_DIALECT = Dialect(language=_LANGUAGES, broad=("",))

_REJECTION = (
    r"\.(catch[ \t]*\([ \t]*(?:(?:async[ \t]*)?(?:\([^()]{0,80}\)(?:[ \t]*:[ \t]*[\w<>]{1,40})?|\w+)[ \t]*=>"
    r"|(?:async[ \t]+)?function\b[ \t]*\w*[ \t]*\([^()]{0,80}\))[ \t]*)\{"
)
_NO_OPERATION = r"\.(catch[ \t]*\([ \t]*(?:\w+\.)?noop[ \t]*\))"

_VALUE = (
    r"\.(catch[ \t]*\([ \t]*(?:async[ \t]*)?(?:\([^()]{0,80}\)|\w+)[ \t]*=>"
    r"[ \t]*(?P<value>null|undefined|void 0)[ \t]*\))[ \t]*;?[ \t]*(?P<comment>//.*|/\*.*)?$"
)
_STATEMENT = r"[ \t]*(?:(?:await|void)[ \t]+)?(?!(?:return|yield|throw|case|export)\b)[A-Za-z_$][\w$.?]*\("
_GOES_ON = r"(?:[=(\[,:?&|+]|=>|\breturn)[ \t]*$"

_CARRIED_ON = r"\{[ \t]*\}[ \t]*\)[ \t]*\.(?:then|finally)\b"

_ANSWER = (
    r"(?:\b(?:res|resp|response|reply|ctx\.res)\b(?:\??\.\w+(?:\([^()]*\))?)*\??"
    r"\.(?:send|json|jsonp|end|write|render|status)"
    r"|\bnew (?:Next)?Response|\b(?:Next)?Response\.json|\bctx\.throw|\bh\.response"
    r"|\bc\.(?:json|text|html))[ \t]*\("
    r"|\b(?:ctx|context)\.body[ \t]*=[ \t]*(?:\{)?"
    r"|\breturn[ \t]*\{(?=[^{}\n]{0,200}\bstatusCode\b)"
)
_TRACE = (
    r"\b(?:e|ex|er|err|error|exc|exception|reason|\w+(?:Error|Err|Exception))\??\.stack\b"
    r"|\(\w{1,40}[ \t]+as[ \t]+\w{0,40}Error\)\.stack\b"
)


def _swallowed(line: Line, options: Options) -> Iterator[Candidate]:
    for candidate, _, _ in empty_handlers(line, _DIALECT):
        yield candidate
    for handler in regex(_REJECTION).finditer(line.text):
        comment = braced_comment(onward(line), handler.end())
        if comment is None and regex(r"[ \t]*return[ \t]*;?[ \t]*\}").match(line.text, handler.end()):
            comment = ""
        if comment is not None:
            start = handler.start(1)
            yield Candidate(start, start + 5, {"handler": ".catch(() => {})"}, value=comment)
    yield from _unwanted_values(line)
    for handler in regex(_NO_OPERATION).finditer(line.text):
        yield Candidate(*handler.span(1), {"handler": f".{handler[1]}"})


def _unwanted_values(line: Line) -> Iterator[Candidate]:
    """`save().catch(() => null);` as a statement: nobody takes the value, so it is no answer."""
    for handler in regex(_VALUE).finditer(line.text):
        before = line.only(Zone.CODE)[: handler.start()]
        if not regex(_STATEMENT).match(before) or regex(r"=(?![=>])").search(before):
            continue
        above = next(iter(line.before(1)), None)
        if above is not None and regex(_GOES_ON).search(above.only(Zone.CODE)):
            continue
        details = {"handler": f".catch(() => {handler['value']})"}
        start = handler.start(1)
        yield Candidate(start, start + 5, details, value=handler["comment"] or "")


def _is_clean_up(line: Line, candidate: Candidate, options: Options) -> bool:
    if (candidate.details or {}).get("handler", "").startswith("."):
        before = line.text[: candidate.start - 1]
        return gives_back([regex(r"^[ \t]*(?:return|void|await)\b").sub("", before).strip()], options)
    return gives_back(tried_block(line, candidate.start)[0], options)


def _is_fallback(line: Line, candidate: Candidate, options: Options) -> bool:
    """What is tried leaves the function or loop when it works: what follows is the other way."""
    return leaves(tried_block(line, candidate.start)[0])


def _sets_flag(line: Line, candidate: Candidate, options: Options) -> bool:
    """The last that is tried says in a variable that it worked: without it, it did not."""
    return says_so(tried_block(line, candidate.start)[0])


def _is_default(line: Line, candidate: Candidate, options: Options) -> bool:
    """The code goes on with what it has: the promise gives `undefined`, or a variable keeps its value."""
    if not (candidate.details or {}).get("handler", "").startswith("."):
        code = [text.strip() for text in tried_block(line, candidate.start)[0]]
        return len(code) == 1 and regex(r"[\w$.]+[ \t]*=(?![=>])[^;]*;?$").match(code[0]) is not None
    given = regex(r"[\w\])}][ \t]*\??\??=(?![=>])").search(line.text, 0, candidate.start)
    return given is not None or regex(_CARRIED_ON).search(line.text) is not None


def _is_optional_module(line: Line, candidate: Candidate, options: Options) -> bool:
    """A module that may be missing is loaded, and nothing else is tried."""
    loads = regex(r"\b(?:require|import)\b[ \t]*\(")
    if (candidate.details or {}).get("handler", "").startswith("."):
        return any(loads.search(one.text) for one in (line, *line.before(6)))
    code = [text.strip() for text in tried_block(line, candidate.start)[0]]
    return 0 < len(code) <= 2 and any(loads.search(text) for text in code)


RULES = (
    Rule(
        id="errors/swallowed-exception",
        severity=Severity.BLOCKED,
        message="`{handler}` makes every failure vanish; handle it, log it, or let it through",
        languages=_LANGUAGES,
        check=_swallowed,
        triggers=(TRIGGER, r"\.catch[ \t]*\("),
        excuses=(
            COMMENT,
            EXPLAINED,
            NAMED,
            leniently(Excuse("clean-up", _is_clean_up)),
            leniently(Excuse("fallback", _is_fallback)),
            Excuse("flag", _sets_flag),
            leniently(Excuse("default", _is_default)),
            Excuse("optional-module", _is_optional_module),
        ),
        options=(CLEAN_UP_CALLS, LENIENT),
        before=WINDOW,
        after=WINDOW,
    ),
    lost_cause_rule(
        _LANGUAGES,
        Thrower(
            new=r"\bthrow[ \t]+(?:new[ \t]+)?(?=[A-Z])",
            trigger=r"\bthrow[ \t]+(?:new\b|[A-Z])",
            cause=r"\bcause\b",
            advice="hand it on as `cause`",
        ),
    ),
    leaked_rule(_LANGUAGES, _TRACE, _ANSWER, triggers=(r"\.stack\b",)),
)
