"""Handlers, `finally`, `raise` and `assert` that do not do what they say."""

from __future__ import annotations

import builtins
from collections.abc import Iterator

from auto_enforcer.model import Candidate, Edit, Excuse, Fix, Line, Option, Options, Rule, Severity
from auto_enforcer.rules._common import indent_of, regex
from auto_enforcer.rules.python._reading import CODE, VALUES, closing, open_brackets, without_nested

_TRIED, _BELOW = 15, 12

_HANDLER = r"(?P<indent>[ \t]*)except\b\*?(?P<span>[^:#]*):"


def _unreachable(line: Line, options: Options) -> Iterator[Candidate]:
    indent = line.text[: indent_of(line.text)]
    above_it = line.text_before(_TRIED)
    if f"\n{indent}except" not in "\n" + above_it:
        return
    handler = regex(_HANDLER).match(line.text)
    if handler is None:
        return
    names = _names(handler["span"])
    earlier: list[str] = []
    for text in above_it.split("\n"):
        if text.startswith(indent + "except"):
            above = regex(_HANDLER).match(text)
            if above is None:
                break
            earlier += _names(above["span"])
        elif text.strip() and indent_of(text) <= len(indent) and text.lstrip()[0] not in "#)]}":
            break
    if not earlier or line.zone_at(handler.start("span")) != CODE:
        return
    for name in names:
        taken = next((one for one in earlier if _takes(one, name)), None)
        if taken is not None:
            at = line.text.index(name, handler.start("span"))
            yield Candidate(at, at + len(name), {"name": name, "earlier": taken})


def _names(exceptions: str) -> list[str]:
    """The exceptions of a header, none where one is more than a name."""
    listed = regex(r"\bas\b.*|[()]").sub(" ", exceptions)
    names = [name.strip() for name in listed.split(",") if name.strip()]
    return names if all(regex(r"[\w.]+").fullmatch(name) for name in names) else []


def _takes(one: str, other: str) -> bool:
    """Whether a handler of one exception takes the other too, as far as Python's own exceptions tell."""
    if one == other:
        return True
    first, second = (getattr(builtins, name, None) for name in (one, other))
    if isinstance(first, type) and isinstance(second, type):
        return issubclass(second, first) and issubclass(first, BaseException)
    # Whatever somebody defines is an `Exception`, save by design: its name then says so.
    return one == "BaseException" or (
        one == "Exception"
        and regex(r"(?:\w+\.)*\w*(?:Error|Exception|Warning|Timeout)").fullmatch(other) is not None
    )


_Around = tuple[tuple[int, bool], ...]
"""The functions, classes and loops around a line of a `finally`, outermost first: the columns that they begin
at, and whether each is no loop."""

_Finally = tuple[int, _Around]
"""The column that the `finally` around a line begins at, -1 where there is none, and what is around in it."""

_NO_FINALLY: _Finally = -1, ()

_DEEPEST = 20
"""Blocks that Python lets stand in one another; what is deeper opens nothing."""


def _left_in_finally(line: Line, options: Options, carry: _Finally) -> tuple[tuple[Candidate, ...], _Finally]:
    begun, around = carry
    column = indent_of(line.text)
    statement = line.text[column:]
    if begun >= 0:
        if not statement or statement[0] in "#)]}" or line.zone_at(0) != CODE:
            return (), carry
        around = tuple(one for one in around if one[0] < column)
    if column <= begun or begun < 0:
        begun, around = column, ()
        header = regex(r"finally[ \t]*:[ \t]*").match(statement)
        if header is None:
            return (), _NO_FINALLY
        statement = statement[header.end() :]
        if (not statement and not _may_be_left(line, begun)) or line.zone_at(0) != CODE:
            return (), _NO_FINALLY
        column += header.end()
    else:
        opened = regex(r"(?:async[ \t]+)?(def|class|for|while)\b").match(statement)
        if opened is not None and len(around) < _DEEPEST:
            return (), (begun, (*around, (column, opened[1] in ("def", "class"))))
    left = regex(r"(?:(?:if|elif|else)\b[^\n]*:[ \t]*)?(?P<span>return|break|continue)\b").match(statement)
    if left is None or any(is_no_loop for _, is_no_loop in around) or (around and left["span"] != "return"):
        return (), (begun, around)
    start, end = left.span("span")
    found = Candidate(column + start, column + end, {"statement": left["span"]})
    return (found,), (begun, around)


def _may_be_left(line: Line, begun: int) -> bool:
    """Whether a `finally` is worth following: most say nowhere what could leave them."""
    for whole in line.text_after(_FINALLY).split("\n"):
        text = whole.lstrip()
        if text and text[0] not in "#)]}" and len(whole) - len(text) <= begun:
            return False
        if "return" in text or "break" in text or "continue" in text:
            return True
    return False


_FINALLY = 25


_NO_TUPLE = r"[ \t]*(?:assert|if|elif|while)[ \t]*\([^,()\"'#]*(?:\([^()\"'#]*\)[^,()\"'#]*)*\)"
"""A bracket that closes on its line and has no comma of its own."""


def _tuples(line: Line, options: Options) -> Iterator[Candidate]:
    if regex(_NO_TUPLE).match(line.text):
        return
    code = line.only(CODE)
    found = regex(r"[ \t]*(assert|if|elif|while)[ \t]*\(").match(code)
    if found is None:
        return
    end = closing(line, found.end() - 1, _BELOW)
    if end is None:
        return
    lines = (line, *(line.after(_BELOW)[: end[0]] if end[0] else ()))
    rest = lines[end[0]].only(CODE)[end[1] + 1 :].strip()
    if rest not in ("", ";") if found[1] == "assert" else rest[:1] != ":":
        return
    pieces = [one.only(CODE) for one in lines[: end[0] + 1]]
    pieces[-1] = pieces[-1][: end[1]]
    pieces[0] = pieces[0][found.end() :]
    depth = 0
    for character in "\n".join(pieces):
        depth += (character in "([{") - (character in ")]}")
        if character == "," and depth == 0:
            if regex(r"\blambda\b").search("".join(pieces)) is None:
                yield Candidate(*found.span(1), {"statement": found[1]})
            return


_RAISED = (
    r"\braise[ \t]+(?P<span>(?P<name>NotImplemented)\b(?![.\w])"
    r"|[bBrRuUfF]{0,2}[\"'][^\n]*|\d+|None\b|True\b|False\b)"
)


def _raised(line: Line, options: Options) -> Iterator[Candidate]:
    values, code = line.only(VALUES), line.only(CODE)
    for found in regex(_RAISED).finditer(values):
        if code[found.start() : found.start() + 5] != "raise":
            continue
        if found["name"]:
            start, end = found.span("name")
            fix = Fix("Raise `NotImplementedError`", False, (Edit(0, start, 0, end, "NotImplementedError"),))
            yield Candidate(
                *found.span("name"),
                {"what": "`NotImplemented`", "advice": "raise `NotImplementedError`"},
                (fix,),
            )
        elif (
            "%" not in code[found.start("span") :] and not code[found.start("span") :].strip(" )")
        ) or regex(r"(?:[fF][rR]?|[rR][fF])([\"'])(?!\1)(?:(?!\1)[^\\\n]|\\.)*\1[ \t]*").fullmatch(
            found["span"]
        ):
            yield Candidate(
                found.start(), found.end(), {"what": "a text", "advice": "raise an exception that holds it"}
            )
        elif found["span"][0] not in "\"'bBrRuUfF" and not regex(r"[ \t]*/").match(code, found.end()):
            yield Candidate(
                found.start(), found.end(), {"what": f"`{found['span']}`", "advice": "raise an exception"}
            )


def _or_caught(line: Line, options: Options) -> Iterator[Candidate]:
    found = regex(r"[ \t]*except\*?[ \t]*\(?[ \t]*(?P<span>[\w.]+[ \t]+(?P<word>or|and)[ \t]+[\w.]+)").match(
        line.only(CODE)
    )
    if found is not None:
        left, _, right = found["span"].partition(f" {found['word']} ")
        kept = left if found["word"] == "or" else right
        names = regex(r"[\w.]+").findall(found["span"])
        listed = f"({', '.join(name for name in names if name != found['word'])})"
        yield Candidate(*found.span("span"), {"kept": kept.strip(), "listed": listed})


def _asserted(line: Line, options: Options) -> Iterator[Candidate]:
    found = regex(r"[ \t]*(assert)\b").match(line.only(CODE))
    if found is not None:
        yield Candidate(*found.span(1))


def _is_narrowing(line: Line, candidate: Candidate, options: Options) -> bool:
    """It tells a type checker what it cannot see, and the policy takes that for its use."""
    if not options["allow-narrowing"]:
        return False
    code = line.only(CODE)[candidate.end :]
    return (
        regex(
            r"[ \t]*(?:isinstance\(|issubclass\(|callable\(|[\w.\[\]()]+[ \t]+is[ \t]+not[ \t]+None\b"
            r"|False\b|TYPE_CHECKING\b)"
        ).match(code)
        is not None
    )


def _bound_late(line: Line, options: Options) -> Iterator[Candidate]:
    code = line.only(CODE)
    for found in regex(r"\blambda\b(?P<given>[^:\n]*):(?P<body>[^\n]*)").finditer(code):
        body, loops = found["body"], _loops(line)
        around = regex(r"\bfor[ \t]+(.+?)[ \t]+in\b").search(without_nested(body))
        if around is not None:
            body = body[: around.start()]
            loops = loops | set(regex(r"[A-Za-z_]\w*").findall(around[1]))
        names = set(regex(r"(?<![\w.])[A-Za-z_]\w*").findall(body))
        given = set(regex(r"[A-Za-z_]\w*").findall(found["given"]))
        late = sorted((names & loops) - given)
        if late:
            yield Candidate(found.start(), found.start() + 6, {"name": late[0]})


def _loops(line: Line) -> set[str]:
    """The variables of the loops around a line."""
    indent, names = indent_of(line.text), set[str]()
    for one in line.before(_LOOPS):
        text = one.text.lstrip()
        depth = len(one.text) - len(text)
        if not text or depth >= indent or text[0] in "#)]}'\"":
            continue
        indent = depth
        loop = regex(r"(?:async[ \t]+)?for[ \t]+(.+?)[ \t]+in\b").match(text)
        if loop is not None:
            names.update(regex(r"[A-Za-z_]\w*").findall(loop[1]))
        if regex(r"(?:async[ \t]+)?def\b|class\b").match(text):
            break
    return names


_LOOPS = 25


def _is_called_at_once(line: Line, candidate: Candidate, options: Options) -> bool:
    """The function is used before the loop goes on."""
    code = line.only(CODE)
    around = next(open_brackets(line, candidate.start, 6), None)
    if regex(r"\b(?:return|yield)[ \t]+$").search(code[: candidate.start]):
        return True
    if around is None:
        return False
    return (
        regex(_AT_ONCE).search(around.before) is not None
        or regex(r"\bkey[ \t]*=[ \t]*$").search(code[: candidate.start]) is not None
    )


_AT_ONCE = (
    r"(?:\b(?:sorted|min|max|map|filter|reduce|sub|subn|groupby|takewhile|dropwhile|next|any|all|list|run)"
    r"|\.sort|\.apply)$"
)

RULES = (
    Rule(
        id="python/except-order",
        severity=Severity.WARNING,
        message="`{name}` never comes here: the handler of `{earlier}` above takes it; put this one first",
        languages=("python",),
        check=_unreachable,
        triggers=(r"^[ \t]*except\b[^\n]*\w[^\n]*:",),
        before=_TRIED,
    ),
    Rule(
        id="python/return-in-finally",
        severity=Severity.BLOCKED,
        message="`{statement}` in a `finally` makes an exception on its way vanish; leave after it",
        languages=("python",),
        check=_left_in_finally,
        triggers=(r"^[ \t]*finally[ \t]*:",),
        after=_FINALLY,
        carry=_NO_FINALLY,
        follows=True,
    ),
    Rule(
        id="python/always-true-tuple",
        severity=Severity.BLOCKED,
        message="`{statement}` gets a tuple here, which is always true; take the brackets away",
        languages=("python",),
        check=_tuples,
        triggers=(
            r"^[ \t]*assert[ \t]*\(",
            r"^[ \t]*(?:if|elif|while)[ \t]*\([^\n]*,[^\n]*\)[ \t]*:",
            r"^[ \t]*(?:if|elif|while)[ \t]*\([^)\n]*$",
        ),
        after=_BELOW,
    ),
    Rule(
        id="python/raised-non-exception",
        severity=Severity.BLOCKED,
        message="{what} is no exception and cannot be raised; {advice}",
        languages=("python",),
        check=_raised,
        triggers=(r"\braise[ \t]+(?:NotImplemented\b|[bBrRuUfF]{0,2}[\"']|\d|None\b|True\b|False\b)",),
    ),
    Rule(
        id="python/or-in-except",
        severity=Severity.BLOCKED,
        message="this catches `{kept}` alone; write `except {listed}`",
        languages=("python",),
        check=_or_caught,
        triggers=(r"^[ \t]*except\*?[ \t(]+[\w.]+[ \t]+(?:or|and)[ \t]",),
    ),
    Rule(
        id="python/assert-outside-tests",
        severity=Severity.WARNING,
        message="`python -O` leaves this out; raise an exception where the check must hold",
        languages=("python",),
        check=_asserted,
        triggers=(r"^[ \t]*assert\b",),
        excuses=(Excuse("narrowing", _is_narrowing),),
        options=(Option("allow-narrowing", False, "leave alone what only tells a type checker something"),),
        optional=True,
    ),
    Rule(
        id="python/late-binding-closure",
        severity=Severity.WARNING,
        message="`{name}` is looked up when this is called, after the loop; bind it, as in `{name}={name}`",
        languages=("python",),
        check=_bound_late,
        triggers=(r"\blambda\b",),
        excuses=(Excuse("called-at-once", _is_called_at_once),),
        before=_LOOPS,
        optional=True,
    ),
)
