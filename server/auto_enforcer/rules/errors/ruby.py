"""Failures that vanish in Ruby: empty `rescue`, `rescue Exception`, traces sent to a client."""

from __future__ import annotations

from collections.abc import Iterator

from auto_enforcer.model import Candidate, Check, Edit, Excuse, Fix, Line, Options, Rule, Severity, Zone
from auto_enforcer.rules._common import indent_of, regex
from auto_enforcer.rules.errors._shared import (
    COMMENT,
    EXPLAINS,
    WINDOW,
    all_idioms,
    all_probes,
    gives_back,
    handler_rules,
    leaves,
    leniently,
    says_why,
)
from auto_enforcer.rules.errors._traces import leaked_rule

_LONGEST_BODY = 50
_HEADER = r"([ \t]*)(rescue\b([^#;]*?))[ \t]*(;[ \t]*end\b|;?[ \t]*(?:#.*)?$)"
_BROAD = ("", "StandardError", "Exception", "::StandardError", "::Exception")
_END = r"(?:end|ensure|else|rescue)\b"

_ANSWER = (
    r"(?:\b(?:render|head|json|halt|respond_with)\b[ \t(]+(?=.)"
    r"|\bres(?:ponse)?\.(?:write|body)\b[ \t(=]+|\bbody[ \t(=]+"
    r"|^[ \t]*(?:return[ \t]+)?\[[ \t]*[1-5]\d\d,)"
)
_TRACE = r"(?:\b\w+|\])(?:&)?\.(?:backtrace\b|full_message\b|backtrace_locations\b)"


def _swallowed(broad: bool) -> Check:
    def check(line: Line, options: Options) -> Iterator[Candidate]:
        header = regex(_HEADER).fullmatch(line.text)
        if header is None:
            yield from _swallowed_inline(line, broad)
            return
        names = _names(header[3])
        if any(name in _BROAD for name in names) != broad:
            return
        comment = "" if header[4].endswith("end") else _empty(line)
        if comment is not None:
            what = " ".join(header[2].partition("=>")[0].split())
            yield Candidate(*header.span(2), {"handler": what, "caught": ", ".join(names)}, value=comment)

    return check


_INLINE = r"\bbegin\b[^#]{1,200}?;[ \t]*(rescue\b([^#;\n]{0,120}?))[ \t]*;[ \t]*end\b"
_MODIFIER = r"(?<=[\w)\]}?!'\"])[ \t]+(rescue[ \t]+nil)[ \t]*(#.*)?$"


def _swallowed_inline(line: Line, broad: bool) -> Iterator[Candidate]:
    """`begin; save; rescue; end` and `save rescue nil`."""
    if "rescue" not in line.only(Zone.CODE):
        return
    for found in regex(_INLINE).finditer(line.text):
        names = _names(found[2])
        if any(name in _BROAD for name in names) == broad:
            what = " ".join(found[1].partition("=>")[0].split())
            comment = "\n".join(regex(r"#.*").findall(line.text))
            yield Candidate(*found.span(1), {"handler": what, "caught": ", ".join(names)}, value=comment)
    modifier = regex(_MODIFIER).search(line.text) if broad else None
    if modifier is not None and line.zone_at(modifier.start(1)) & Zone.CODE:
        yield Candidate(*modifier.span(1), {"handler": "rescue nil", "caught": ""}, value=modifier[2] or "")


def _names(caught: str) -> list[str]:
    return [name.strip() for name in caught.partition("=>")[0].split(",")]


def _empty(line: Line) -> str | None:
    """The comments of a handler without a statement; None when it has one."""
    words = regex(r"#.*").findall(line.text)
    for one in line.after(WINDOW):
        text = one.text.strip()
        if text.startswith("#"):
            words.append(text)
        elif text:
            return "\n".join(words) if regex(_END).match(text) else None
    return None


def _tried(line: Line) -> tuple[list[str], list[str]]:
    """The code lines above a handler, up to the one that they belong to, and the comments there and above."""
    indent = indent_of(line.text)
    code: list[str] = []
    comments: list[str] = []
    done = False
    for one in line.before(WINDOW):
        text = one.text.strip()
        if text.startswith("#"):
            comments.append(text)
        elif done and text:
            break
        elif text and indent_of(one.text) > indent:
            code.append(text)
        elif text:
            done = True
    return code[::-1] if done else [], comments


def _is_explained(line: Line, candidate: Candidate, options: Options) -> bool:
    return any(regex(EXPLAINS).search(comment) and says_why(comment) for comment in _tried(line)[1])


def _is_idiom(line: Line, candidate: Candidate, options: Options) -> bool:
    return all_idioms(_caught(candidate), options)


def _is_clean_up(line: Line, candidate: Candidate, options: Options) -> bool:
    return gives_back(_tried(line)[0], options)


def _is_fallback(line: Line, candidate: Candidate, options: Options) -> bool:
    """What is tried leaves when it works, or an `else` says what then: what follows is the other way."""
    following = (one.text.strip() for one in line.after(WINDOW) if one.text.strip())
    return leaves(_tried(line)[0]) or next(following, "").startswith("else")


def _is_probe(line: Line, candidate: Candidate, options: Options) -> bool:
    return len(_tried(line)[0]) == 1 and all_probes(_caught(candidate), options)


def _caught(candidate: Candidate) -> list[str]:
    return (candidate.details or {}).get("caught", "").split(", ")


def _is_kept(line: Line, candidate: Candidate, options: Options) -> bool:
    """The exception outlives its handler: an instance's variable holds it, or what follows looks at it."""
    named = regex(r"=>[ \t]*([@$]{0,2}\w+)").search(line.text)
    if named is None:
        return False
    if named[1][0] in "@$":
        return True
    used = regex(rf"(?<!=> )(?<![\w@$.]){named[1]}\b(?![ \t]*=[^=~])")
    for one in line.after(WINDOW):
        if regex(r"[ \t]*def\b").match(one.text):
            return False
        if used.search(one.text):
            return True
    return False


KEPT = Excuse("kept", _is_kept)
EXPLAINED = Excuse("explained", _is_explained)
CLEAN_UP = leniently(Excuse("clean-up", _is_clean_up))


def _caught_all(line: Line, options: Options) -> Iterator[Candidate]:
    found = regex(r"[ \t]*(rescue[ \t]+(?:::)?(Exception))\b(?!::)(?!,)").match(line.text)
    if found is not None:
        fix = Fix(
            "Rescue `StandardError` only", False, (Edit(0, found.start(2), 0, found.end(2), "StandardError"),)
        )
        yield Candidate(*found.span(1), {"handler": found[1]}, (fix,))


def _body(line: Line) -> list[str] | None:
    lines: list[str] = []
    indent = indent_of(line.text)
    for one in line.after(_LONGEST_BODY):
        text = one.text.strip()
        if text and indent_of(one.text) <= indent and regex(_END).match(text):
            return lines
        lines.append(text.partition(" #")[0])
    return None


def _is_raised_again(line: Line, candidate: Candidate, options: Options) -> bool:
    body = _body(line)
    return body is None or any(
        regex(r"\braise\b|(?<![.\w])(?:abort|exit!?|throw)\b").search(text) for text in body
    )


def _is_handed_on(line: Line, candidate: Candidate, options: Options) -> bool:
    named = regex(r"=>[ \t]*(\w+)").search(line.text)
    if named is None:
        return False
    kept = regex(rf"=[ \t]*{named[1]}\b|\b(?:reject|fail|set_exception)[ (]*{named[1]}\b")
    return any(kept.search(text) for text in _body(line) or ())


RULES = (
    *handler_rules(
        ("ruby",),
        broad=_swallowed(broad=True),
        broad_triggers=(r"\brescue\b",),
        broad_excuses=(COMMENT, KEPT, EXPLAINED, CLEAN_UP),
        narrow=_swallowed(broad=False),
        narrow_triggers=(r"\brescue\b",),
        narrow_excuses=(
            Excuse("idiom", _is_idiom),
            COMMENT,
            KEPT,
            EXPLAINED,
            CLEAN_UP,
            leniently(Excuse("fallback", _is_fallback)),
            leniently(Excuse("probe", _is_probe)),
        ),
        catch="rescue",
    ),
    Rule(
        id="errors/bare-except",
        severity=Severity.WARNING,
        message="`{handler}` catches even Ctrl-C and `exit`; rescue `StandardError` at most, or raise again",
        languages=("ruby",),
        check=_caught_all,
        triggers=(r"\brescue[ \t]+(?:::)?Exception\b",),
        excuses=(Excuse("raised-again", _is_raised_again), Excuse("handed-on", _is_handed_on)),
        after=_LONGEST_BODY,
    ),
    leaked_rule(
        ("ruby",),
        _TRACE,
        _ANSWER,
        triggers=(r"\.backtrace", r"\.full_message\b"),
        stop=r"[ \t]*(?:rescue|ensure|else|end|def|if|unless|return)\b",
    ),
)
