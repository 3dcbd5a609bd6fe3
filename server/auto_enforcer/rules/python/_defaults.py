"""Values that are made once, where each call seems to make its own."""

from __future__ import annotations

from collections.abc import Iterator

from auto_enforcer.model import (
    Candidate,
    Edit,
    Excuse,
    Fix,
    Line,
    NamedTuple,
    Option,
    Options,
    Rule,
    Severity,
)
from auto_enforcer.rules._common import indent_of, regex
from auto_enforcer.rules.python._reading import CLOSED, CODE, OPENED, VALUES, open_brackets

_ABOVE, _BELOW = 20, 50

_MAKERS = r"(?:(?:\w+\.)?(?:list|dict|set|bytearray|defaultdict|deque|OrderedDict|Counter))\("
_MUTABLE = rf"(?:\[.*\]|\{{.*\}}|{_MAKERS}.*\))$"
_CALLS = (
    r"(?:(?:\w+\.)?(?:datetime|date)\.(?:now|today|utcnow)|time\.(?:time|time_ns|monotonic|perf_counter)"
    r"|(?:uuid\.)?uuid[14]|random\.(?:random|randint|randrange|choice|sample|uniform|getrandbits)"
    r"|secrets\.token_\w+|secrets\.randbelow|os\.(?:getcwd|getpid|urandom))\("
)


class _Parameter(NamedTuple):
    name: str
    annotation: str
    start: int
    default: str
    of_lambda: bool


def _parameters(line: Line) -> Iterator[_Parameter]:
    """The parameters of a line that have a default there."""
    # Most lines that a trigger hits are assignments, which the text shows before it is taken apart.
    text = line.text
    if "def " not in text and "lambda" not in text and not _may_be_parameter(line):
        return
    code, values = line.only(CODE), line.only(VALUES)
    for header in regex(r"\bdef[ \t]+\w+[ \t]*(?:\[[^\]]*\])?[ \t]*\(|\blambda\b").finditer(code):
        yield from _read(code, values, header.end(), header[0] == "lambda")
    begin = indent_of(code)
    if not _may_be_parameter(line):
        return
    around = next(open_brackets(line, begin, _ABOVE), None)
    opener = r"\bdef[ \t]+\w+[ \t]*(?:\[.*\])?[ \t]*$"
    if around is not None and around.bracket == "(" and regex(opener).search(around.before):
        yield from _read(code, values, begin, of_lambda=False)


def _may_be_parameter(line: Line) -> bool:
    """Whether a line may begin with a parameter, as far as its text and the one above tell."""
    begin = indent_of(line.text)
    return (
        regex(r"[\w*]+(?:,|=|[ \t]*:[^=]*=| = [\[{].*,)").match(line.text, begin) is not None
        and regex(r"[,(][ \t]*(?:#.*)?$|^[ \t]*(?:#.*)?$").search(line.text_before(1)) is not None
        and "def " in line.text_before(_ABOVE)
    )


def _read(code: str, values: str, begin: int, of_lambda: bool) -> Iterator[_Parameter]:
    depth, start = 0, begin
    for at in range(begin, len(code) + 1):
        character = code[at] if at < len(code) else ","
        ends = depth == 0 and (character in ",)" or (of_lambda and character == ":"))
        if ends or at == len(code):
            found = regex(r"[ \t*]*(\w+)[ \t]*(?::([^=]*))?=(?!=)[ \t]*").match(values, start, at)
            if found is not None:
                yield _Parameter(
                    found[1],
                    (found[2] or "").strip(),
                    found.end(),
                    values[found.end() : at].rstrip(),
                    of_lambda,
                )
            start = at + 1
            if character != ",":
                return
        depth += (character in OPENED) - (character in CLOSED)
        if depth < 0:
            return


def _mutable(line: Line, options: Options) -> Iterator[Candidate]:
    for parameter in _parameters(line):
        if regex(_MUTABLE).match(parameter.default) and not _goes_on(parameter.default):
            end = parameter.start + len(parameter.default)
            details = {"name": parameter.name, "default": parameter.default[:40]}
            value = f"{parameter.name}\n{parameter.annotation}\n{'lambda' if parameter.of_lambda else ''}"
            yield Candidate(parameter.start, end, details, _fixes(line, parameter, end), value)


def _goes_on(default: str) -> bool:
    """Whether the first bracket closes before the end, as in `[] or None`."""
    depth = 0
    for at, character in enumerate(default):
        depth += (character in OPENED) - (character in CLOSED)
        if depth == 0 and character in CLOSED:
            return at < len(default) - 1
    return True


def _fixes(line: Line, parameter: _Parameter, end: int) -> tuple[Fix, ...]:
    """`None` for the default, and what makes a new one in the body's first line, where both are in sight."""
    indent = indent_of(line.text)
    if parameter.of_lambda or not line.only(CODE).rstrip().endswith(":"):
        return ()
    below = [one.text for one in line.after(2)]
    at = 1
    if below and regex(r"[ \t]*[rR]?\"\"\".*\"\"\"[ \t]*$").match(below[0]):
        at, below = 2, below[1:]
    if not below or indent_of(below[0]) <= indent or regex(r"[ \t]*[rR]?[\"']").match(below[0]):
        return ()
    blanks = below[0][: indent_of(below[0])]
    made = f"{blanks}if {parameter.name} is None:\n{blanks}    {parameter.name} = {parameter.default}\n"
    edits = (Edit(0, parameter.start, 0, end, "None"), Edit(at, 0, at, 0, made))
    return (Fix("Make a new one for each call", False, edits),)


def _is_annotated(line: Line, candidate: Candidate, options: Options) -> bool:
    """The annotation promises that nobody changes it."""
    _, annotation, _ = candidate.value.split("\n")
    return regex(_READ_ONLY).match(annotation) is not None


_READ_ONLY = (
    r"[\"']?(?:(?:\w+\.)?(?:Optional|Annotated)\[[ \t]*)?(?:\w+\.){0,3}(?:Sequence|Mapping"
    r"|Iterable|Collection|Container|AbstractSet|FrozenSet|Tuple|Final|Iterator|Sized|Set|ReadOnly)\b(?<!\bSet)"
)


def _is_cache(line: Line, candidate: Candidate, options: Options) -> bool:
    """The name says that it is kept on purpose, or it is a place for a variable of the function around."""
    name = candidate.value.split("\n")[0]
    if (candidate.details or {}).get("default") == f"[{name}]":
        return True
    return regex(r"(?i)_|.*(?:cache|memo|registry|singleton)").match(name) is not None


def _is_only_read(line: Line, candidate: Candidate, options: Options) -> bool:
    """Nothing in the function changes it or hands it on, and the policy takes that for harmless."""
    name, _, of_lambda = candidate.value.split("\n")
    if of_lambda or not options["allow-only-read"]:
        return False
    lines = _function(line) or []
    uses = 0
    outer = min((indent_of(one.text) for one in lines if one.text.strip()), default=0)
    for one in lines:
        if name not in one.text:
            continue
        code = one.only(CODE)
        for use in regex(rf"(?<![\w.]){name}(?!\w)").finditer(code):
            if regex(r"[(,][ \t]*$").search(code, 0, use.start()) and regex(r"=[^=]").match(code, use.end()):
                continue  # the name of another call's argument
            uses += 1
            if not _only_reads(code, use.start(), use.end()):
                return False
        if regex(rf"[ \t]{{{outer}}}{name}[ \t]*=(?!=)").match(code):
            return True  # From here on it is the name of something else.
    return uses > 0


def _only_reads(code: str, start: int, end: int) -> bool:
    if regex(_READ_AFTER).match(code, end):
        return True
    return regex(_READ_BEFORE).search(code[max(0, start - 40) : start]) is not None and not regex(
        r"[ \t]*[.\[]"
    ).match(code, end)


_READ_AFTER = (
    r"[ \t]*(?:\.(?:get|items|keys|values|copy|index|count|union|intersection|difference|issubset)\("
    r"|\[[^\[\]]*\](?![ \t]*(?:[-+*/|&%^]|<<|>>|//|\*\*)?=(?!=))(?![ \t]*[.\[(])|(?:==|!=|in\b|not[ \t]+in\b)"
    r"|=(?!=)|\+[ \t]*[\w\[(])"
)
_READ_BEFORE = (
    r"(?:\b(?:in|if|elif|while|not)[ \t]+|(?<![\w)\]][ \t])(?<![\w)\]])\*{1,2}[ \t]*"
    r"|\b(?:len|dict|list|tuple|set|frozenset|sorted|enumerate|any|all|sum|min|max|bool|zip|repr|str|copy"
    r"|deepcopy|isinstance|join)\()$"
)


def _function(line: Line) -> list[Line] | None:
    """The lines of the function whose header the line is part of; None when it is not whole in sight."""
    header = line
    if not regex(r"[ \t]*(?:async[ \t]+)?def\b").match(line.text):
        found = [one for one in line.before(_ABOVE) if regex(r"[ \t]*(?:async[ \t]+)?def\b").match(one.text)]
        if not found:
            return None
        header = found[0]
    indent = indent_of(header.text)
    below = line.after(_BELOW)
    lines: list[Line] = []
    started = line.only(CODE).rstrip().endswith(":") and header is line
    for one in below:
        text = one.text.strip()
        if not started:
            started = one.only(CODE).rstrip().endswith(":") and (text[:1] == ")" or text.endswith("):"))
            continue
        if text and indent_of(one.text) <= indent and text[0] not in "#)]}":
            return lines
        lines.append(one)
    return None if len(below) == _BELOW else lines


def _called(line: Line, options: Options) -> Iterator[Candidate]:
    for parameter in _parameters(line):
        found = regex(_CALLS).match(parameter.default)
        if found is not None:
            yield Candidate(
                parameter.start,
                parameter.start + len(parameter.default),
                {"name": parameter.name, "call": found[0] + ")"},
            )


_SHARED = (
    r"\b(?:dict|OrderedDict|defaultdict|Counter)\.fromkeys\([^()]*(?:\([^()]*\))?[^()]*,[ \t]*"
    r"(?P<one>\[\]|\{\}|(?:list|dict|set)\(\))[ \t]*\)"
    r"|\[[ \t]*(?P<two>\[\]|\{\}|\[[^\[\]]*\][ \t]*\*[ \t]*[\w.]+(?:\([^()]*\))?"
    r"|(?:list|dict|set)\(\))[ \t]*\][ \t]*\*(?![*=])"
)


def _shared(line: Line, options: Options) -> Iterator[Candidate]:
    for found in regex(_SHARED).finditer(line.only(VALUES)):
        yield Candidate(*found.span(), {"value": (found["one"] or found["two"])[:40]})


RULES = (
    Rule(
        id="python/mutable-default",
        severity=Severity.BLOCKED,
        message="`{default}` is made once and shared by all calls; default to `None` and make it in the body",
        languages=("python",),
        check=_mutable,
        triggers=(
            rf"\b(?:def|lambda)\b[^\n]*=[ \t]*(?:\[|\{{|{_MAKERS})",
            rf"^[ \t]+\w+=(?:\[|\{{|{_MAKERS})",
            rf"^[ \t]+\w+[ \t]*:[^\n=]*=[ \t]*(?:\[|\{{|{_MAKERS})",
            r"^[ \t]+\w+ = (?:\[[^\n]*\]|\{[^\n]*\}),",
            r",[ \t]*\w+(?:: [^\n=]+ )?=[ ]?(?:\[\]|\{\}|(?:list|dict|set)\(\))",
        ),
        excuses=(
            Excuse("annotation", _is_annotated),
            Excuse("cache", _is_cache),
            Excuse("only-read", _is_only_read),
        ),
        options=(Option("allow-only-read", False, "leave defaults alone that the function only reads"),),
        before=_ABOVE,
        after=_BELOW,
    ),
    Rule(
        id="python/call-in-default",
        severity=Severity.WARNING,
        message="`{call}` is called once, as the function is defined; default to `None`, call it in the body",
        languages=("python",),
        check=_called,
        triggers=(rf"=[ \t]*{_CALLS}",),
        before=_ABOVE,
    ),
    Rule(
        id="python/shared-mutable-value",
        severity=Severity.WARNING,
        message="each place holds the same `{value}`; make one for each in a comprehension",
        languages=("python",),
        check=_shared,
        optional=True,
        triggers=(
            r"\.fromkeys\([^\n]*,[ \t]*(?:\[\]|\{\}|(?:list|dict|set)\(\))[ \t]*\)",
            r"\[[ \t]*(?:\[\]|\[[^\n]*\][ \t]*\*[^\n\[\]]*|\{\}|(?:list|dict|set)\(\))[ \t]*\][ \t]*\*",
        ),
    ),
)
