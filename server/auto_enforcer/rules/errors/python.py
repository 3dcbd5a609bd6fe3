"""Failures that vanish in Python: empty and bare `except`, lost causes, traces sent to a client."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from auto_enforcer.model import Candidate, Edit, Excuse, Fix, Line, Options, Rule, Severity, Zone
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
    says_so,
    says_why,
)
from auto_enforcer.rules.errors._traces import leaked_rule

_LONGEST_BODY = 50
_BROAD = ("", "Exception", "BaseException")

_HEADER = r"([ \t]*)except\b(?=[ \t(:*]|$)\*?[ \t]*([^:#'\"]*)(:?)[ \t]*"
"""Group 2: the exceptions and their name; group 3: the colon, missing where the header goes on."""

_NOTHING = r"(?:pass|\.\.\.)[ \t]*;?[ \t]*(#.*)?"
_NOTHING_OR_NEXT = r"(?:pass|\.\.\.|continue)[ \t]*;?[ \t]*(#.*)?"
"""A broad handler that goes on with the next round vanishes as much; a narrow one is how a loop filters."""


def _swallowed_broadly(line: Line, options: Options) -> Iterable[Candidate]:
    return _swallowed(line, broad=True)


def _swallowed_narrowly(line: Line, options: Options) -> Iterable[Candidate]:
    return _swallowed(line, broad=False)


def _swallowed(line: Line, broad: bool) -> Iterable[Candidate]:
    # Most handlers do something, which the next line shows: that is looked at first, for there are many.
    header = regex(_HEADER).match(line.text)
    if header is None:
        return ()
    tail = line.text[header.end() :]
    names: list[str] | None = None
    if header[3] and not tail:
        begins = line.text_after(1).lstrip()
        if begins and not begins.startswith(_BEGINS_BROAD if broad else _BEGINS):
            return ()
    below = line.after(WINDOW)
    if not header[3]:
        if broad or not header[2].startswith("("):
            return ()
        names, taken = _continued(header[2], below)
        below = below[taken:]
    comment = _empty(len(header[1]), tail, below, _NOTHING_OR_NEXT if broad else _NOTHING)
    if comment is None:
        return ()
    names = _names(header[2]) if names is None else names
    if not names or any(name in _BROAD for name in names) != broad:
        return ()
    what = "except" if names == [""] else "except " + ", ".join(names)
    start = len(header[1])
    end = start + len(line.text[start : header.end(2)].rstrip())
    return (Candidate(start, end, {"handler": what}, value=comment),)


_BEGINS = ("pass", "...", "#")
_BEGINS_BROAD = (*_BEGINS, "continue")


def _names(exceptions: str) -> list[str]:
    """`(OSError, a.Error) as error` -> its exceptions; one empty name for a bare `except`, none for `()`."""
    listed = regex(r"\bas\b.*|[()\n]").sub(" ", exceptions)
    names = [name.strip() for name in listed.split(",") if name.strip()]
    return names if names or "(" in exceptions else [""]


def _continued(first: str, below: Sequence[Line]) -> tuple[list[str], int]:
    """The exceptions of a header that goes on below, and how many lines it takes; nothing when it is odd."""
    pieces = [first]
    for number, one in enumerate(below[:8], 1):
        code = one.text.partition("#")[0].strip()
        pieces.append(code)
        if code.endswith(":"):
            return _names(regex(r"\).*").sub("", "\n".join(pieces)).replace("\n", " ")), number
    return [], 0


def _empty(indent: int, tail: str, below: Sequence[Line], nothing_is: str) -> str | None:
    """The comments in a handler that does nothing; None when it does something. `tail` follows its colon,
    `below` are the lines under it, `nothing_is` matches a statement that does nothing."""
    words: list[str] = []
    if tail and not tail.startswith("#"):
        nothing = regex(nothing_is).fullmatch(tail)
        return None if nothing is None else nothing[1] or ""
    if tail:
        words.append(tail)
    seen = False
    for one in below:
        text = one.text.strip()
        if not text:
            continue
        outside = indent_of(one.text) <= indent
        if text.startswith("#"):
            if not outside:
                words.append(text)
            continue
        if outside:
            break
        nothing = regex(nothing_is).fullmatch(text)
        if seen or nothing is None:
            return None
        seen = True
        words.append(nothing[1] or "")
    return "\n".join(words) if seen else None


def _tried(line: Line) -> tuple[list[str], list[str]]:
    """The code lines of the `try` that a handler belongs to, with their indent, and the comments above it and
    in it; no code lines when the `try` is out of sight."""
    indent = indent_of(line.text)
    code: list[str] = []
    comments: list[str] = []
    above = iter(line.before(WINDOW))
    for one in above:
        text = one.text.strip()
        depth = indent_of(one.text)
        if not text:
            continue
        if text.startswith("#"):
            comments.append(text)
        elif depth > indent:
            code.append(one.text)
            comments += regex(r"#.*").findall(one.text)
        elif depth == indent and regex(r"except\b").match(text):
            code, comments = [], []
        elif depth == indent and regex(r"try[ \t]*:").match(text):
            comments += regex(r"#.*").findall(text)
            inline = text.partition(":")[2].partition("#")[0].strip()
            comments += _comments_above(above)
            return ([*code, " " * (indent + 4) + inline] if inline else code)[::-1], comments
        else:
            return [], []
    return [], []


def _comments_above(above: Iterator[Line]) -> Iterator[str]:
    for one in above:
        text = one.text.strip()
        if not text.startswith("#"):
            return
        yield text


def _is_explained(line: Line, candidate: Candidate, options: Options) -> bool:
    """A comment at the `try` that speaks of failing explains the handler as well as one inside it."""
    _, comments = _tried(line)
    comments += _comments_after(line)
    if any(regex(EXPLAINS).search(comment) and says_why(comment) for comment in comments):
        return True
    return any(regex(_SWALLOWS).search(one.text) for one in line.before(WINDOW))


_SWALLOWS = r"\b(?:[Ss]wallows?|[Ss]uppress(?:es)?|[Ii]gnor(?:es?|ing)) (?:\w+ )?(?:errors?|exceptions?)\b"
"""A docstring that announces it."""


def _comments_after(line: Line) -> Iterator[str]:
    """The comments right under the handler, without a blank line between."""
    indent = indent_of(line.text)
    for one in line.after(WINDOW):
        text = one.text.strip()
        if text.startswith("#"):
            yield text
        elif not text or indent_of(one.text) <= indent:
            return


def _is_idiom(line: Line, candidate: Candidate, options: Options) -> bool:
    names = [name for name in _exceptions(candidate) if regex(_SIGNAL).fullmatch(name) is None]
    return not names or all_idioms(names, options)


_SIGNAL = (
    r"(?!KeyboardInterrupt|SystemExit|GeneratorExit|Stop(?:Async)?Iteration)(?:\w+\.)*[A-Z]+[a-z]\w*(?<!Error)(?<!Errors)(?<!Exception)(?<!Fault)(?<!Failure)(?<!Failed)(?<!Timeout)(?<!Warning)"
    r"|(?:\w+\.)*\w*(?i:ignore|suppress|expected)\w*"
)
"""Names that do not call themselves an error, as an exception that is one should."""


def _exceptions(candidate: Candidate) -> Sequence[str]:
    return (candidate.details or {}).get("handler", "").removeprefix("except ").split(", ")


def _is_clean_up(line: Line, candidate: Candidate, options: Options) -> bool:
    return gives_back(_tried(line)[0], options) or regex(_TEARING_DOWN).match(_function(line)) is not None


def _function(line: Line) -> str:
    """The name of the function around a line, if its `def` is in sight."""
    indent = indent_of(line.text)
    for one in line.before(WINDOW):
        text = one.text.lstrip()
        if text and text[0] not in "#)" and indent_of(one.text) < indent:
            indent = indent_of(one.text)
            defined = regex(r"(?:async[ ]+)?def[ ]+(\w+)").match(text)
            if defined:
                return defined[1]
    return ""


def _is_fallback(line: Line, candidate: Candidate, options: Options) -> bool:
    """The `try` leaves when it works, or raises what follows: what follows the handler handles it."""
    code, _ = _tried(line)
    outer = _statements(code)
    if leaves(code) or leaves(outer):
        return True
    following = _following(line)
    return following is not None and regex(r"(?:else[ \t]*:|raise\b)").match(following) is not None


def _sets_flag(line: Line, candidate: Candidate, options: Options) -> bool:
    """The last that is tried says in a variable that it worked: without it, it did not."""
    return says_so(_tried(line)[0])


def _stands_beside(line: Line, candidate: Candidate, options: Options) -> bool:
    """A handler below it does something about what is not expected: this one picks out what is."""
    indent = indent_of(line.text)
    beside = False
    for one in line.after(WINDOW):
        text = one.text.strip()
        if not text or text.startswith("#"):
            continue
        if indent_of(one.text) <= indent:
            header = regex(r"except\b[^:#]*:(.*)").match(text)
            if header is None or indent_of(one.text) < indent:
                return False
            beside, text = True, header[1].partition("#")[0].strip()
        if beside and text and regex(_NOTHING).fullmatch(text) is None:
            return True
    return False


def _has_else(line: Line, candidate: Candidate, options: Options) -> bool:
    """An `else` says what to do when nothing was raised, so the handler is the other branch."""
    following = _following(line)
    return following is not None and regex(r"else[ \t]*:").match(following) is not None


def _is_probe(line: Line, candidate: Candidate, options: Options) -> bool:
    """One statement that asks whether something is there, and an exception that says no."""
    names = _exceptions(candidate)
    code, _ = _tried(line)
    return (
        all_probes(names, options)
        and len(_statements(code)) == 1
        and (len(code) == 1 or code[-1].lstrip()[0] in ")]}" or len(code) == 2)
    )


def _statements(code: Sequence[str]) -> list[str]:
    """The lines that begin a statement of the block itself."""
    indent = min((indent_of(text) for text in code), default=0)
    return [text for text in code if indent_of(text) == indent and text.lstrip()[0] not in ")]}"]


def _following(line: Line) -> str | None:
    """The code that follows the handler, at its own level or further out."""
    indent = indent_of(line.text)
    for one in line.after(WINDOW):
        text = one.text.strip()
        if text and indent_of(one.text) <= indent and text[0] not in "#)":
            return text
    return None


_TEARING_DOWN = r"__del__$|_?(?:finali[sz]e|clean_?up|tear_?down|at_?exit)"

EXPLAINED = Excuse("explained", _is_explained)
IDIOM = Excuse("idiom", _is_idiom)
CLEAN_UP = leniently(Excuse("clean-up", _is_clean_up))
FALLBACK = leniently(Excuse("fallback", _is_fallback))
FLAG = Excuse("flag", _sets_flag)
BESIDE = leniently(Excuse("beside", _stands_beside))
ELSE = Excuse("else", _has_else)
PROBE = leniently(Excuse("probe", _is_probe))


def _bare(line: Line, options: Options) -> Iterator[Candidate]:
    header = regex(r"([ \t]*)(except\b[ \t]*(?:\(?BaseException\)?[ \t]*(?:as[ \t]+\w+[ \t]*)?)?):").match(
        line.text
    )
    if header is None:
        return
    start, end = header.span(2)
    end = start + len(header[2].rstrip())
    if header[2].strip() != "except":
        yield Candidate(start, end, {"handler": "except BaseException"})
        return
    fix = Fix("Catch `Exception` only", False, (Edit(0, end, 0, end, " Exception"),))
    yield Candidate(start, end, {"handler": "except:"}, (fix,))


def _body(line: Line) -> list[Line] | None:
    """The lines below a handler's header that are its body; None when it goes on out of sight."""
    indent = indent_of(line.text)
    lines: list[Line] = []
    below = line.after(_LONGEST_BODY)
    for one in below:
        text = one.text.strip()
        if text and indent_of(one.text) <= indent and not text.startswith("#"):
            return lines
        lines.append(one)
    return None if len(below) == _LONGEST_BODY else lines


def _is_raised_again(line: Line, candidate: Candidate, options: Options) -> bool:
    body = _body(line)
    raised = regex(r"\braise\b|\b(?:sys\.exit|os\._exit|os\.abort|exit)[ ]*\(|\breraise\b")
    return (
        body is None
        or raised.search(line.text.partition(":")[2]) is not None
        # What the text has not, its code has not either, and need not be lexed.
        or any(raised.search(one.text) and raised.search(one.only(Zone.CODE)) for one in body)
    )


def _is_left(line: Line, candidate: Candidate, options: Options) -> bool:
    """A handler above lets through what stops the program: this one takes the rest."""
    indent = indent_of(line.text)
    stops = regex(r"except\b[ \t(]*[^:#]*\b(?:KeyboardInterrupt|SystemExit|GeneratorExit|BaseException)\b")
    below = ""
    for one in line.before(WINDOW):
        text = one.text.strip()
        if not text or text.startswith("#") or indent_of(one.text) > indent:
            below = text if text and not text.startswith("#") else below
        elif stops.match(text):
            return regex(r"raise\b").match(below or text.partition(":")[2].strip()) is not None
        elif not regex(r"(?:except\b|[)\]])").match(text):
            return False
        else:
            below = ""
    return False


def _is_handed_on(line: Line, candidate: Candidate, options: Options) -> bool:
    """The exception is kept for someone else, so it is not lost here."""
    named = regex(r"\bas[ \t]+(\w+)").search(line.text)
    name = (
        rf"|(?:=|\breturn\b)[^=\n]*\b{named[1]}\b|\b(?:append|put|send|throw|callback)\w*\([^)]*\b{named[1]}\b"
        if named
        else ""
    )
    kept = regex(
        rf"\bset_exception\b|\bexc_info\(\)|\bhandle_error\b|\bhandleError\b|\berrback\b"
        rf"|\b_?handle_\w*exception\w*\(|\b\w*reraise\w*\({name}"
    )
    return kept.search(line.text.partition(":")[2]) is not None or any(
        kept.search(one.only(Zone.CODE)) for one in _body(line) or ()
    )


def _lost_cause(line: Line, options: Options) -> Iterator[Candidate]:
    raised = regex(r"([ \t]+)(raise[ \t]+([\w.]+))[ \t]*(\(|$|#)").match(line.text)
    if raised is None or not (raised[4] == "(" or regex(r"(?:\w+\.)*[A-Z]").match(raised[3])):
        return
    indent = len(raised[1])
    for one in line.before(_LONGEST_BODY):
        text = one.text.lstrip()
        depth = len(one.text) - len(text)
        if not text or depth >= indent or text[0] in "#)]}'\"":
            continue
        if regex(r"(?:async[ \t]+)?(?:def|class)\b").match(text):
            return
        indent = depth
        if regex(r"except\b").match(text):
            yield Candidate(*raised.span(2), {"exception": raised[3]})
            return


def _has_cause(line: Line, candidate: Candidate, options: Options) -> bool:
    text, whole = line.statement(candidate.start, 12)
    if not whole:
        return True
    last = text.rpartition("\n")[2]
    rest = [line, *line.after(12)][text.count("\n")].text
    at = (candidate.start if "\n" not in text else 0) + len(last)
    return regex(r"[ \t]*(?:from\b|if\b)").match(rest, at) is not None


_ANSWER = (
    r"(?:\b(?:HttpResponse\w*|JsonResponse|JSONResponse|ORJSONResponse|HTMLResponse|PlainTextResponse|Response"
    r"|StreamingResponse|jsonify|make_response|abort|HTTPException|HTTPError|send_error)|(?:\bself|\bresp|\bresponse)"
    r"\.(?:write|finish|send|send_error|set_data))[ \t]*\("
)
_STOP = r"[ \t]*(?:def|class|raise|except|try)\b"
_RETURNED = r"[ \t]*return\b.*,[ \t]*5\d\d[ \t]*$"


_TRACE = (
    r"\b(?:traceback\.)?(?:format_exc|format_exception|format_tb)[ \t]*\([^()]{0,80}\)"
    r"|\b(?:str|repr)\((?:e|ex|exc|err|error|exception)\)"
)


def _is_expected(line: Line, candidate: Candidate, options: Options) -> bool:
    """The text is that of an exception that was named: it tells the client what the program means it to."""
    if not regex(r"(?:str|repr)\(").match(line.text, candidate.start):
        return False
    headers = (regex(_HEADER).match(one.text) for one in line.before(6))
    header = next((header for header in headers if header is not None), None)
    return header is None or not any(name in _BROAD for name in _names(header[2]))


RULES = (
    *handler_rules(
        ("python",),
        broad=_swallowed_broadly,
        broad_triggers=(r"\bexcept[ \t]*:", r"\bexcept[ \t(*][^\n]*Exception\b"),
        broad_excuses=(COMMENT, CLEAN_UP, ELSE, FLAG, EXPLAINED),
        narrow=_swallowed_narrowly,
        narrow_triggers=(r"^[ \t]*except\b",),
        narrow_excuses=(IDIOM, COMMENT, CLEAN_UP, FALLBACK, FLAG, PROBE, BESIDE, EXPLAINED),
    ),
    Rule(
        id="errors/bare-except",
        severity=Severity.WARNING,
        message="`{handler}` catches even Ctrl-C and `sys.exit`; catch `Exception` at most, or raise again",
        languages=("python",),
        check=_bare,
        triggers=(r"^[ \t]*except[ \t]*(?::|\(?BaseException)",),
        excuses=(
            Excuse("raised-again", _is_raised_again),
            Excuse("handed-on", _is_handed_on),
            Excuse("left", _is_left),
        ),
        before=WINDOW,
        after=_LONGEST_BODY,
    ),
    Rule(
        id="errors/lost-cause",
        severity=Severity.WARNING,
        message="`raise {exception}` in a handler hides its cause; add `from error`, or `from None`",
        languages=("python",),
        check=_lost_cause,
        triggers=(r"^[ \t]+raise[ \t]+[A-Za-z_]",),
        excuses=(Excuse("cause", _has_cause),),
        before=_LONGEST_BODY,
        after=12,
        optional=True,
    ),
    leaked_rule(
        ("python",),
        _TRACE,
        _ANSWER,
        triggers=(r"\bformat_(?:exc|exception|tb)\b", r"\b(?:str|repr)\(e\w{0,8}\)"),
        excuses=(Excuse("expected", _is_expected),),
        stop=_STOP,
        returned=_RETURNED,
    ),
)
