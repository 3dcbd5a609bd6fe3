"""What the lines around a Python call say of a name in it: what the callers of a private function give, which
values a condition leaves, and what was escaped above."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from auto_enforcer.model import Line, NamedTuple, Zone
from auto_enforcer.rules._calls import CALL
from auto_enforcer.rules._common import indent_of, regex
from auto_enforcer.rules.security._shared import (
    ABOVE,
    HOLE,
    constant_name,
    function_around,
    is_constant,
    with_hole,
)

_CODE, _NO_COMMENT = int(Zone.CODE), int(Zone.CODE | Zone.STRING | Zone.TEXT)

_NAME = r"(?<![\w.])[A-Za-z_]\w{0,60}(?![\w]*[ \t]*(?:\(|=(?!=)))"
"""A name that is neither called nor an argument's label."""

_WORDS = r"(?:if|else|for|in|and|or|not|is|lambda|await|async|f|fr|rf|r|b|u)"
"""What stands in an expression without being a value of its own."""


def names_in(code: str) -> set[str]:
    """The names whose values go into an expression."""
    return {name for name in regex(_NAME).findall(code) if not regex(_WORDS).fullmatch(name)}


# What the callers give.


def is_given_constants(line: Line, code: str) -> bool:
    """Whether each name in an expression was given a constant last, or is a parameter of the private function
    around it to which each call in sight gives one."""
    if line.language != "python" or regex(r"[\w\])][ \t]*\(|\b(?:self|cls)\.").search(code):
        return False
    names = names_in(code)
    own = _private_function(line) if 0 < len(names) < 6 else None
    if own is None:
        return False
    return all(constant_name(line, name) or _is_parameter_constant(line, own, name) for name in names)


class _Function(NamedTuple):
    """A private function: its name, and its parameters without the object."""

    name: str
    parameters: tuple[str, ...]


def _private_function(line: Line) -> _Function | None:
    """The private function around a line, if its header is in sight."""
    above = line.before(ABOVE)
    indent = indent_of(line.text)
    for number, one in enumerate(above):
        depth = indent_of(one.text)
        if depth >= indent or not one.text.strip():
            continue
        if one.text.lstrip().startswith(")"):
            indent = depth + 1  # Its header stands above.
            continue
        header = regex(r"[ \t]*(?:async[ \t]+)?def[ \t]+(_(?!_)\w{1,60})[ \t]*(?=\()").match(one.text)
        if header:
            code = "\n".join(each.only(_CODE) for each in reversed(above[: number + 1]))
            parts = _parts(code, header.end()) or []
            names = [regex(r"\*{0,2}(\w*)").match(part.strip()) for part in parts]
            found = [name[1] for name in names if name and name[1]]
            return _Function(header[1], tuple(name for name in found if name not in ("self", "cls")))
        if depth == 0 or regex(r"[ \t]*(?:async[ \t]+)?(?:def|class)\b").match(one.text):
            return None
        indent = depth
    return None


def _is_parameter_constant(line: Line, own: _Function, parameter: str) -> bool:
    """Whether the private function is called in sight, and each such call gives a parameter a constant."""
    if parameter not in own.parameters:
        return False
    at = own.parameters.index(parameter)
    seen = (*reversed(line.before(ABOVE)), line, *line.after(CALL))
    code = "\n".join(one.only(_CODE) for one in seen)
    called = False
    for match in regex(rf"(?<![\w]){own.name}\b[ \t]*(\()?").finditer(code):
        if regex(r"\bdef[ \t]+$").search(code, max(0, match.start() - 12), match.start()):
            continue
        parts = _parts(code, match.end() - 1) if match[1] else []
        if parts is None:
            continue  # It goes on out of sight.
        given = _given(parts, at, parameter)
        if given is None or not _is_list_of_constants(code, given):
            return False
        called = True
    return called


def _parts(code: str, start: int) -> list[str] | None:
    """What stands between the commas of the bracket at a column; None where it does not close."""
    found, depth, begin = list[str](), 0, start + 1
    for match in regex(r"[()\[\]{},]").finditer(code, start):
        if match[0] in "([{":
            depth += 1
        elif match[0] in ")]}":
            depth -= 1
            if depth == 0:
                last = code[begin : match.start()]
                return [*found, last] if last else found
        elif depth == 1:
            found.append(code[begin : match.start()])
            begin = match.end()
    return None


def _given(parts: list[str], at: int, parameter: str) -> str | None:
    """What a call gives to a parameter, by its name or its place."""
    placed = list[str]()
    for part in parts:
        label = regex(r"\s*(\w+)[ \t]*=(?!=)").match(part)
        if label is None:
            placed.append(part)
        elif label[1] == parameter:
            return part[label.end() :]
    if any(part.lstrip().startswith("*") for part in parts):
        return None
    return placed[at] if at < len(placed) else None


def _is_list_of_constants(code: str, given: str) -> bool:
    """Whether what is given is constant, or runs through constants: `_run(one) for one in ones`."""
    if is_constant(given):
        return True
    name = given.strip()
    if not regex(r"\w{1,60}").fullmatch(name):
        return False
    through = regex(rf"\bfor[ \t]+{name}[ \t]+in[ \t]+(?P<open>[\[(])?(?P<name>\w{{0,60}})").search(code)
    if through is None:
        given_it = regex(rf"(?m)^[ \t]*{name}[ \t]*[+]?=(?!=)(?P<value>.*)").findall(code)
        return bool(given_it) and all(map(is_constant, given_it))
    if through["open"]:
        return all(map(is_constant, _parts(code, through.start("open")) or ["a"]))
    values = list(regex(rf"(?<![\w.]){through['name']}[ \t]*=(?!=)[ \t]*(?P<open>[\[(])?").finditer(code))
    if len(values) != 1 or not values[0]["open"]:
        return False
    return all(map(is_constant, _parts(code, values[0].start("open")) or ["a"]))


# What a condition says.


def is_chosen(line: Line, code: str) -> bool:
    """Whether an expression is a name of which the condition right above says that it is one of several
    constants, a number, or nothing: `if value in ("True", "False"):`."""
    name = code.strip()
    if not regex(r"[A-Za-z_]\w{0,60}").fullmatch(name) or name not in line.text_before(6):
        return False
    indent = indent_of(line.text)
    for one in line.before(6):
        text = one.text.strip()
        if not text or text.startswith("#"):
            continue
        if indent_of(one.text) >= indent:
            if regex(rf"[ \t]*{name}[ \t]*[+]?=(?!=)").match(one.text):
                return False
            continue
        asked = regex(r"[ \t]*(?:el)?if\b(?P<asked>.*):[ \t]*$").match(one.only(_CODE).rstrip())
        return asked is not None and all(
            any(_leaves_constants(name, part) for part in regex(r"\band\b").split(choice))
            for choice in regex(r"\bor\b").split(asked["asked"])
        )
    return False


def _leaves_constants(name: str, asked: str) -> bool:
    among = regex(rf"\s*{name}\s+in\s*(?P<among>[\[({{].*[\])}}])\s*").fullmatch(asked)
    if among:
        return is_constant(among["among"])
    same = regex(rf"\s*{name}\s*(?:==|\bis\b(?!\s+not\b))(?P<other>.*)").fullmatch(asked)
    if same:
        return is_constant(same["other"])
    return (
        regex(rf"\s*isinstance\(\s*{name}\s*,\s*\(?(?:(?:int|float|bool)[\s,]*)+\)?\s*\)\s*").fullmatch(asked)
        is not None
    )


# What was escaped above.

_ESCAPES = (
    r"\b(?:escape|conditional_escape|force_escape|escapejs|bleach\.clean|nh3\.clean|sanitize\w*"
    r"|format_html\w*|json_script)\b|\.translate\(\s*\w*escape\w*"
)
_TRANSLATION = r"(?<![\w.])(?:_|n?p?gettext(?:_lazy)?)\([\s,]*\)"
_REPLACES = r"""(?s)\.replace\([ \t]*["'][<&]["'].*\.replace\([ \t]*["'][<&]["']"""
_BY_CHOICE = r"(?i)escap|safe"
"""A word of a condition by which somebody chose that nothing is escaped, or said that it is already."""


def untranslated(code: str) -> str:
    """An expression's code without the translations of literals, which are the program's own."""
    return regex(_TRANSLATION).sub(lambda match: " " * len(match[0]), code)


def escapes(code: str, text: str) -> bool:
    """Whether an expression escapes what stands in it."""
    return regex(_ESCAPES).search(code) is not None or regex(_REPLACES).search(text) is not None


def is_escaped_above(line: Line, code: str) -> bool:
    """Whether each value that goes into an expression was escaped above, in the same function. What is only
    put together from such values counts; of the two ways of a choice that a condition offers, one must."""
    names = _put_together(regex(r"\b\w+(?=\.format\()").sub(" ", code))
    known = [_held(line, name, 0, ()) for name in names] if len(names) <= _MOST_NAMES else []
    return "" not in known and _ESCAPED in known


def is_made_of_constants(line: Line, code: str) -> bool:
    """Whether each value that goes into an expression was put together above, in the same function, from
    literals and counted numbers alone."""
    if line.language != "python":
        return False
    names = _put_together(code)
    return 0 < len(names) <= _MOST_NAMES and all(_held(line, name, 0, ()) == _CONSTANT for name in names)


_SAYS_SAFE = r"\bSafe(?:Data|String|Text)\b|(?<!\bnot )\b(?:\w+[._])?(?:is_safe|safe_\w+|autoescape|safe)\b"
_MAKES_SAFE = r"_*(?:do_)?(?:mark_)?(?:html_)?safe(?:_?(?:seq|html))?|__html__"


def is_declared(line: Line, end: int) -> bool:
    """Whether markup is made in the function that is there to declare it, or where a condition right above,
    or behind the call, asks whether the text is markup already."""
    if regex(_MAKES_SAFE).fullmatch(function_around(line)):
        return True
    if regex(rf"[ \t]*if\b[^\n]*?(?:{_SAYS_SAFE})").match(line.text, end):
        return True
    indent = indent_of(line.text)
    for one in line.before(6):
        if one.text.strip() and indent_of(one.text) < indent:
            return regex(rf"[ \t]*(?:el)?if\b[^\n]*?(?:{_SAYS_SAFE})").match(one.text) is not None
    return False


_ESCAPED, _CONSTANT, _UNKNOWN = "escaped", "constant", ""
"""What a name holds, by the alphabet: of two the one that says more is the greater."""

_MOST_NAMES = 5
"""Names in an expression that are followed."""


def _put_together(code: str) -> set[str]:
    """The names that an expression puts together to a text; none where it does something else with them."""
    code = regex(r"\.(?:format|join|replace|strip)[ \t]*(?=\()").sub("+", code)
    if regex(r"[A-Za-z_\])]\w*[ \t]*[(\[]|[\w\])]\.[A-Za-z_]").search(code):
        return set()
    return names_in(code)


def _held(line: Line, name: str, start: int, within: tuple[str, ...]) -> str:
    """What a name holds below the `start`-th line above; `within` are the names that are put together with
    it."""
    above = line.before(ABOVE)
    indent = indent_of((above[start - 1] if start else line).text)
    given = regex(
        rf"[ \t]*(?:[\w\0]+[ \t]*,[ \t]*)*?{HOLE}(?P<part>\[[^\]\n]*\])?(?:[ \t]*,[ \t]*[\w\0]+)*"
        rf"[ \t]*(?::[^=\n]*)?(?P<more>\+)?=(?!=)|[ \t]*{HOLE}(?P<put>\.(?:append|extend|insert|add))(?=\()"
    )
    runs = regex(rf"[ \t]*(?:async[ \t]+)?for[ \t][^\n]*?{HOLE}[^\n]*?\bin[ \t]+(?P<counts>range\()?")
    kinds = set[str]()
    replaced = False
    for at in range(start, len(above)):
        one = above[at]
        if regex(r"[ \t]*(?:async[ \t]+)?(?:def|class)\b").match(one.text):
            return _UNKNOWN
        holed = with_hole(one.text, name) if name in one.text else ""
        run = runs.match(holed)
        if run:
            return _CONSTANT if run["counts"] and not kinds else _UNKNOWN
        match = given.match(holed)
        if match is None:
            continue
        statement = _statement(above, at, match.end())
        if statement is None:
            return _UNKNOWN
        code, text = statement
        whole = not (match["part"] or match["more"] or match["put"])
        if kind := _kind(code, text):
            kinds.add(kind)
            replaced = replaced or (kind == _ESCAPED and match["part"] is not None)
            if whole and (indent_of(one.text) <= indent or _is_by_choice(above, at)):
                return max(kinds, default=_UNKNOWN)
        elif not _is_by_choice(above, at):
            names = _put_together(code)
            followed = 0 < len(names) <= _MOST_NAMES and len(within) < 2
            others = names - {name, *within} if followed else set[str]()
            held = [_held(line, other, at + 1, (*within, name)) for other in others]
            if not followed or _UNKNOWN in held:
                return _ESCAPED if whole and replaced else _UNKNOWN
            kinds.update(held)
            if whole and name not in names:
                return max(kinds, default=_UNKNOWN)
    return _UNKNOWN


def _kind(code: str, text: str) -> str:
    """What a statement gives, without the names in it: an escaped text, a constant, or it is not known."""
    if escapes(code, text) or (regex(_TRANSLATION).search(code) and is_constant(untranslated(code))):
        return _ESCAPED
    if regex(r"\s*\*[ \t]*\w+\s*").fullmatch(code):
        return _ESCAPED  # blanks, as often as somebody says
    return _CONSTANT if is_constant(code) else _UNKNOWN


def _statement(above: Sequence[Line], at: int, start: int) -> tuple[str, str] | None:
    """The code and the text of the statement that begins in the `at`-th line above, from a column on. Of one
    that goes on in the line that is looked at, None: what it gives is not given there."""
    codes, texts = list[str](), list[str]()
    for number in range(at, max(-1, at - 7), -1):
        begin = start if number == at else 0
        codes.append(above[number].only(_CODE)[begin:])
        texts.append(above[number].only(_NO_COMMENT)[begin:])
        if sum(map("".join(codes).count, "([{")) <= sum(map("".join(codes).count, ")]}")):
            break
    else:
        if at < 7:
            return None
    return "\n".join(codes), "\n".join(texts)


def _is_by_choice(above: Sequence[Line], at: int) -> bool:
    """Whether the `at`-th line above stands under a condition that asks whether to escape."""
    return any(regex(_BY_CHOICE).search(header) for header in _headers(above, at))


def _headers(above: Sequence[Line], at: int) -> Iterator[str]:
    """The conditions that a line stands under, and those before its `else`."""
    indent = indent_of(above[at].text)
    for one in above[at + 1 :]:
        text = one.text.strip()
        depth = indent_of(one.text)
        if not text or depth >= indent:
            continue
        if regex(r"(?:async[ \t]+)?(?:def|class)\b").match(text):
            return
        if regex(r"(?:el)?if\b").match(text):
            yield text
        indent = depth + 1 if regex(r"(?:el|except|finally)").match(text) else depth
