"""Comparisons that ask something else than they say."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from auto_enforcer.model import Candidate, Edit, Excuse, Fix, Line, Options, Rule, Severity
from auto_enforcer.rules._common import regex
from auto_enforcer.rules.python._reading import CODE, MOST, VALUES, open_brackets

_ABOVE = 8

_NONE = r"(?P<after>(?P<op>[=!]=)[ \t]*None\b)|(?P<before>\bNone[ \t]*(?P<op2>[=!]=)(?!=))"


def _with_none(line: Line, options: Options) -> Iterator[Candidate]:
    for found in islice(regex(_NONE).finditer(line.only(CODE)), MOST):
        group = "op" if found["op"] else "op2"
        operator = "is" if found[group] == "==" else "is not"
        fix = Fix(
            f"Compare with `{operator}`", False, (Edit(0, found.start(group), 0, found.end(group), operator),)
        )
        yield Candidate(*found.span(), {"written": found[0], "operator": operator}, (fix,))


_BOOLEAN = (
    r"(?P<after>(?P<op>[=!]=)[ \t]*(?P<value>True|False)\b)"
    r"|(?P<before>(?<![\w.])(?P<value2>True|False)[ \t]*(?P<op2>[=!]=)(?!=))"
)
_OPERAND = r"(?P<operand>[A-Za-z_][\w.]*(?:\([^()]*\)|\[[^\[\]]*\])?)"
_TESTED = r"(?:\b(?:if|elif|while|and|or|return|assert)[ \t]+|\([ \t]*)"


def _with_boolean(line: Line, options: Options) -> Iterator[Candidate]:
    code = line.only(CODE)
    for found in islice(regex(_BOOLEAN).finditer(code), MOST):
        value, operator = found["value"] or found["value2"], found["op"] or found["op2"]
        wanted = (value == "True") == (operator == "==")
        yield Candidate(
            *found.span(), {"written": found[0]}, _simpler(line, found.start(), found.end(), wanted)
        )


def _simpler(line: Line, start: int, end: int, wanted: bool) -> tuple[Fix, ...]:
    """The value alone, or with `not`, where it is a name, call or item that stands by itself."""
    code = line.only(CODE)
    near = max(0, start - 80)
    left = regex(_TESTED + _OPERAND + r"[ \t]*$").search(code[near:start])
    if left is None or not regex(r"[ \t]*(?:[:)]|and\b|or\b|$)").match(code, end):
        return ()
    if (
        left["operand"] in ("not", "await", "lambda", "True", "False")
        or line.only(VALUES)[near:end] != code[near:end]
    ):
        return ()
    at = near + left.start("operand")
    value = ("" if wanted else "not ") + left["operand"]
    return (Fix("Test the value itself", False, (Edit(0, at, 0, end, value),)),)


def _is_query(line: Line, candidate: Candidate, options: Options) -> bool:
    """The comparison makes a query or a mask of an array: its `==` is not Python's."""
    code = line.only(CODE)
    operand = regex(
        r"(?:\b[A-Z]\w*|\.c|\bcol|\bcols)(?:\.\w+|\[[^\]]*\])[ \t]*$|\b(?:col|column|F|Q)\([^()]*\)[ \t]*$"
    )
    if operand.search(code[max(0, candidate.start - 80) : candidate.start]):
        return True
    for opened in open_brackets(line, candidate.start, _ABOVE):
        if opened.bracket == "[" and regex(r"[\w)\]]$").search(opened.before) and "for" not in opened.inside:
            return True
        if opened.bracket == "(" and regex(_QUERIES).search(opened.before):
            return True
    return False


_QUERIES = (
    r"\b(?:filter|filter_by|where|having|exclude|and_|or_|not_|select|join|outerjoin|case|when|on|query|update"
    r"|delete|get_or_none|first|loc|mask|count_if|any_|all_|expr|func\.\w+|conditions?|criterion|find|find_one"
    r"|find_all)$"
)

QUERY = Excuse("query", _is_query)

_TYPES = (
    r"(?P<left>(?<![\w.])type\([^()]*(?:\([^()]*\)[^()]*)?\)[ \t]*(?P<op>[=!]=)(?!=))"
    r"|(?P<right>(?P<op2>[=!]=)[ \t]*type\([^(),]*(?:\([^()]*\)[^(),]*)?\)(?!\.))"
)


def _with_type(line: Line, options: Options) -> Iterator[Candidate]:
    for found in islice(regex(_TYPES).finditer(line.only(CODE)), MOST):
        group = "op" if found["op"] else "op2"
        operator = "is" if found[group] == "==" else "is not"
        fix = Fix(
            f"Compare with `{operator}`", False, (Edit(0, found.start(group), 0, found.end(group), operator),)
        )
        yield Candidate(*found.span(), None, (fix,))


_IDENTITY = (
    r"\bis[ \t]+(?P<no>not[ \t]+)?(?=[bBrRuUfF]{0,2}[\"']|-?\d|\([ \t]*\)|\[|\{)"
    r"|(?:\b(?:if|elif|while|and|or|not|return|assert)[ \t]|[(,=\[])[ \t]*"
    r"(?:\"[^\"\\\n]*\"|'[^'\\\n]*'|\d+)[ \t]+(?P<is>is)\b[ \t]+(?P<no2>not[ \t]+)?(?!None\b|True\b|False\b)"
)


def _by_identity(line: Line, options: Options) -> Iterator[Candidate]:
    if not regex(_IDENTITY).search(line.text):
        return  # Seen without the line's zones.
    values, code = line.only(VALUES), line.only(CODE)
    for found in islice(regex(_IDENTITY).finditer(values), MOST):
        start = found.start("is") if found["is"] else found.start()
        if code[start : start + 2] != "is":
            continue
        end = start + len(values[start : found.end()].rstrip())
        operator = "!=" if found["no"] or found["no2"] else "=="
        fix = Fix(f"Compare with `{operator}`", False, (Edit(0, start, 0, end, operator),))
        yield Candidate(start, end, {"written": values[start:end], "operator": operator}, (fix,))


_NEGATED = (
    r"(?<!is )(?P<span>\bnot[ \t]+(?P<left>[A-Za-z_][\w.]*(?:\([^()]*\)|\[[^\[\]]*\])*"
    r"|\"[^\"\\\n]*\"|'[^'\\\n]*'"
    r"|-?\d+)[ \t]+(?P<op>in|is)[ \t](?![ \t]*not\b))"
)


_NAMED = r"[A-Za-z_][\w.]*(?:\([^()]*\)|\[[^\[\]]*\])?"
_BRACKETED = (
    rf"(?<!is )\bnot[ \t]*\([ \t]*(?P<left>{_NAMED})[ \t]+(?P<op>in|is)[ \t]+"
    rf"(?P<right>(?!not\b){_NAMED})[ \t]*\)(?=[ \t]*(?:[:)\]]|and\b|or\b|$))"
)


def _negated(line: Line, options: Options) -> Iterator[Candidate]:
    values, code = line.only(VALUES), line.only(CODE)
    for found in regex(_BRACKETED).finditer(code):
        if values[found.start() : found.end()] != found[0]:
            continue  # Strings in it are blank here.
        operator = "not in" if found["op"] == "in" else "is not"
        edit = Edit(0, found.start(), 0, found.end(), f"{found['left']} {operator} {found['right']}")
        fix = Fix(f"Write `{operator}`", True, (edit,))
        yield Candidate(found.start(), found.end(), {"operator": operator}, (fix,))
    for found in regex(_NEGATED).finditer(values):
        start = found.start("span")
        if code[start : start + 3] != "not" or code[found.start("op") : found.end("op")] != found["op"]:
            continue
        if found["left"] in ("not", "await", "lambda", "in", "is"):
            continue
        better = f"{found['left']} not in" if found["op"] == "in" else f"{found['left']} is not"
        fix = Fix(f"Write `{better[-6:]}`", True, (Edit(0, start, 0, found.end("op"), better),))
        operator = "not in" if found["op"] == "in" else "is not"
        yield Candidate(
            start, found.end("op"), {"operator": operator}, (fix._replace(title=f"Write `{operator}`"),)
        )


_ALWAYS = (
    r"\b(?:if|elif|while|assert)\b(?P<left>[^\n]*?(?:==|\bin)[ \t]*(?:[\"'][^\"'\n]*[\"']|\d+))[ \t]+"
    r"(?P<span>or[ \t]+(?:[\"'][^\"'\n]+[\"']|[1-9]\d*))(?=[ \t]*(?::[ \t]*(?:#|$)|\)[ \t]*:|or\b))"
)


def _always(line: Line, options: Options) -> Iterator[Candidate]:
    values, code = line.only(VALUES), line.only(CODE)
    for found in regex(_ALWAYS).finditer(values):
        at = found.start("span")
        if code[at : at + 2] == "or" and "(" not in code[found.start("left") : at]:
            yield Candidate(*found.span("span"), {"written": found["span"][2:].strip()})


_STATEMENT = r"[ \t]*(?P<span>[A-Za-z_][\w.]*(?:\[[^\[\]]*\]){0,3}[ \t]*(?P<op>==|!=)[ \t]*[^=\n]+)$"


def _unused(line: Line, options: Options) -> Iterator[Candidate]:
    code = line.only(CODE)
    found = regex(_STATEMENT).match(line.only(VALUES).rstrip())
    if found is None or regex(r"[,([{\\][ \t]*$|\b(?:and|or|not|in|is|if|else|for)\b").search(code):
        return
    if (
        code.count("(") != code.count(")")
        or next(open_brackets(line, found.start("span"), _FAR), None) is not None
    ):
        return
    if regex(r"[ \t]*(?:and\b|or\b|if\b.*\belse\b|[)\]}.+*/|&-])").match(line.text_after(1)):
        return
    above = next(iter(line.before(1)), None)
    if above is None or not above.text.rstrip().endswith(("\\", "=", "(", "[", ",")):
        fix = Fix("Assign it", False, (Edit(0, found.start("op"), 0, found.end("op"), "="),))
        yield Candidate(*found.span("span"), None, (fix,) if found["op"] == "==" else ())


def _is_expected_to_fail(line: Line, candidate: Candidate, options: Options) -> bool:
    """A test that looks at what the comparison raises."""
    above = next(iter(line.before(1)), None)
    return above is not None and regex(r"[ \t]*(?:with\b.*:|try[ \t]*:)").match(above.text) is not None


_FAR = 30

RULES = (
    Rule(
        id="python/useless-comparison",
        severity=Severity.WARNING,
        message="nothing looks at what this comparison says; assign with `=`, or test it",
        languages=("python",),
        check=_unused,
        triggers=(r"^[ \t]*[A-Za-z_][\w.]*(?:\[[^\n]*\])?[ \t]*[=!]=[ \t]*[^=\n]",),
        excuses=(Excuse("expected-to-fail", _is_expected_to_fail),),
        before=_FAR,
        after=1,
    ),
    Rule(
        id="python/none-comparison",
        severity=Severity.WARNING,
        message="`{written}` asks the other side's `__eq__`; there is one `None`: compare with `{operator}`",
        languages=("python",),
        check=_with_none,
        triggers=(r"[=!]=[ \t]*None\b", r"\bNone[ \t]*[=!]="),
        excuses=(QUERY,),
        before=_ABOVE,
    ),
    Rule(
        id="python/boolean-comparison",
        severity=Severity.WARNING,
        message="`{written}` also asks what kind of value it is; test the value itself, or compare with `is`",
        languages=("python",),
        check=_with_boolean,
        triggers=(r"[=!]=[ \t]*(?:True|False)\b", r"\b(?:True|False)[ \t]*[=!]="),
        excuses=(QUERY,),
        before=_ABOVE,
    ),
    Rule(
        id="python/comparison-with-type",
        severity=Severity.WARNING,
        message="types are compared with `is`; where a subclass will do, ask `isinstance`",
        languages=("python",),
        check=_with_type,
        triggers=(r"\btype\([^\n]*\)[ \t]*[=!]=", r"[=!]=[ \t]*type\("),
        excuses=(QUERY,),
        before=_ABOVE,
    ),
    Rule(
        id="python/is-literal-comparison",
        severity=Severity.BLOCKED,
        message="`{written}` asks for the same object, which a literal is by luck; compare with `{operator}`",
        languages=("python",),
        check=_by_identity,
        triggers=(
            r"\bis[ \t]+(?:not[ \t]+)?(?:[bBrRuUfF]{0,2}[\"']|-?\d|\([ \t]*\)|\[|\{)",
            r"[\"'\d] ?is[ \t]+\w",
        ),
    ),
    Rule(
        id="python/negated-membership-test",
        severity=Severity.WARNING,
        message="`not` stands far from what it negates; write `{operator}`",
        languages=("python",),
        check=_negated,
        triggers=(
            r"\bnot[ \t]+-?[\w.]+[ \t]+(?:in|is)[ \t]",
            r"\bnot[ \t]+(?:[\w.]+[(\[]|[\"'])[^\n]*[ \t](?:in|is)[ \t]",
            r"\bnot[ \t]*\([ \t]*[\w.]+[^\n]*[ \t](?:in|is)[ \t]",
        ),
    ),
    Rule(
        id="python/literal-in-or",
        severity=Severity.BLOCKED,
        message="`{written}` alone is always true; compare it too, or ask `in (…)`",
        languages=("python",),
        check=_always,
        triggers=(r"\bor[ \t]+(?:[\"'][^\"'\n]+[\"']|[1-9]\d*)[ \t]*[:)o]",),
    ),
)
