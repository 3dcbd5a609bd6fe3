"""Queries of Python over data that tenants share: Django's ORM, SQLAlchemy, SQL; and tenants that the client
names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from auto_enforcer.model import Candidate, Line, NamedTuple, Options
from auto_enforcer.rules._calls import Call, arguments
from auto_enforcer.rules._common import indent_of, regex
from auto_enforcer.rules.tenancy import _client
from auto_enforcer.rules.tenancy._shared import (
    ABOVE,
    CARRIED,
    CHECKED,
    CODE,
    MISSING,
    MOST,
    ROW_CHECKED,
    SCOPED,
    UNKNOWN,
    USERS,
    candidate,
    declared,
    folded,
    is_shared,
    key_of,
    mentions,
    rules,
    until_end,
)
from auto_enforcer.rules.tenancy._statements import TRIGGERS, statements

_LANGUAGES = ("python",)
_LONGEST = 30

_DJANGO = r"(?<![\w.])(?P<model>(?:models\.)?[A-Z]\w*)\.(?P<manager>objects|_default_manager)\b"
_SHORTCUT = r"(?<![\w.])(?:get_object_or_404|get_list_or_404|aget_object_or_404)\([ \t]*(?P<model>[A-Z]\w*)\b"
_SESSION = (
    r"(?<![\w.])(?P<start>(?:[\w.]+\.)?(?:query|select|update|delete|insert)|[\w.]*(?:session|db)\.get)"
    r"\([ \t]*(?P<model>(?:models\.)?[A-Z]\w*)\b(?P<rest>[^)\n]{0,80})"
)
_FLASK = r"(?<![\w.])(?P<model>[A-Z]\w*)\.query\b[ \t]*(?=\.)"

_FILTERS = (
    *(
        "filter",
        "get",
        "create",
        "get_or_create",
        "update_or_create",
        "where",
        "filter_by",
        "values",
        "having",
    ),
    *("aget", "acreate", "aget_or_create", "aupdate_or_create", "bulk_create", "abulk_create", "get_or_404"),
)
"""What says which rows are meant, or what a row is."""

_STEP = r"\.[ \t]*(\w+)[ \t]*(?=\()"


class _Step(NamedTuple):
    """A call of a chain."""

    name: str
    codes: list[str]
    texts: list[str]


def _queries(line: Line, options: Options) -> Iterator[Candidate]:
    if not options["models"]:
        return
    code = line.only(CODE)
    for match in islice(regex(_DJANGO).finditer(code), MOST):
        if is_shared(match["model"], options):
            steps = _steps(line, match.end())
            if steps:
                yield _judged(line, match.start("model"), match.end(), match["model"], steps, options)
    for match in islice(regex(_SHORTCUT).finditer(code), MOST):
        if is_shared(match["model"], options):
            steps = _steps(line, match.start())
            own = [_Step("get", one.codes[1:], one.texts[1:]) for one in steps[:1]]
            yield _judged(line, *match.span("model"), match["model"], own, options)
    for match in islice(regex(_SESSION).finditer(code), MOST):
        if is_shared(match["model"], options) and _is_query(match["start"], match["rest"]):
            steps = _steps(line, match.start())
            yield _judged(line, *match.span("model"), match["model"], steps[1:], options, steps[:1])
    for match in islice(regex(_FLASK).finditer(code), MOST):
        if is_shared(match["model"], options):
            yield _judged(line, *match.span("model"), match["model"], _steps(line, match.end()), options)
    yield from statements(line, options)


def _is_query(start: str, rest: str) -> bool:
    """Whether a call that is given a class may be SQLAlchemy's: `update(Order)` is."""
    receiver, _, name = start.rpartition(".")
    if name in ("query", "get"):
        return regex(r"(?i)(?:\w+\.)*\w*(?:session|db|s)").fullmatch(receiver) is not None
    return receiver in ("", "sa", "sqlalchemy", "sql") and "=" not in rest


def _steps(line: Line, column: int) -> list[_Step]:
    """The calls of a chain that begins at a column."""
    text = _client.chain(line, column, _LONGEST)
    code = regex(r"(?s)\"\"\".*?\"\"\"|'''.*?'''|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'").sub(
        lambda match: " " * len(match[0]), text
    )
    found, at = list[_Step](), 0
    while at < len(code) and len(found) < 30:
        match = regex(r"[.\s]*([\w.]*)[ \t]*\(").match(code, at)
        if match is None:
            break
        end = _closing(code, match.end() - 1)
        if end < 0:
            break
        call = Call(code[match.end() - 1 : end], text[match.end() - 1 : end], True)
        spans = arguments(call)
        found.append(
            _Step(
                match[1].rpartition(".")[2],
                [call.code[first:last] for first, last in spans],
                [call.text[first:last] for first, last in spans],
            )
        )
        at = end
    return found


def _closing(code: str, column: int) -> int:
    """The column behind the bracket that closes the one at a column; -1 where none does."""
    depth = 0
    for match in regex(r"[()\[\]{}]").finditer(code, column):
        depth += 1 if match[0] in "([{" else -1
        if depth == 0:
            return match.end()
    return -1


def _judged(
    line: Line,
    start: int,
    end: int,
    model: str,
    steps: list[_Step],
    options: Options,
    begun: Sequence[_Step] = (),
) -> Candidate:
    """`begun`: the call that is given the model, where that is SQLAlchemy's."""
    known, is_variable = MISSING, False
    scoped = {folded(name) for name in options["scoped"]}
    for step in steps:
        if folded(step.name) in scoped or mentions(step.name, options):
            known = SCOPED
            break
        if step.name not in _FILTERS:
            continue
        for code, text in zip(step.codes, step.texts, strict=True):
            found = _of_argument(line, step.name, code, text, options)
            if found == CARRIED:
                is_variable = is_variable or code.startswith("*")
                return candidate(start, end, model, CARRIED, options, variable=is_variable)
            if found == UNKNOWN:
                known, is_variable = UNKNOWN, True
    if known in (MISSING, UNKNOWN) and _is_narrowed(line, start, options):
        known = CARRIED
    elif known == MISSING and _is_checked(line, start, model, [*begun, *steps], options):
        known = CHECKED
    return candidate(start, end, model, known, options, variable=is_variable)


def _of_argument(line: Line, step: str, code: str, text: str, options: Options) -> str:
    """What is known by an argument of a step that narrows, or makes a row."""
    named = regex(r"(\w+)[ \t]*=(?!=)").match(code)
    if named is not None:
        return CARRIED if regex(rf"(?:\w+__)?{key_of(options)}(?:__\w+)?").fullmatch(named[1]) else MISSING
    if regex(rf"(?<![a-zA-Z0-9]){key_of(options)}(?:__\w+)?[ \t]*(?:=|[!=]=|\.in_\b|\.is_\b)").search(code):
        return CARRIED
    if regex(rf"==[ \t]*(?:\w+\.)+{key_of(options)}\b|^\{{.*['\"]{key_of(options)}['\"]").search(text):
        return CARRIED
    if code.startswith("*"):
        name = code.lstrip("*")
        return CARRIED if mentions(name, options) or declared(line, name, options) else UNKNOWN
    if step in ("bulk_create", "abulk_create") or regex(r"[a-z_][\w.]*(?:\(.*\))?").fullmatch(
        code.replace("\n", " ")
    ):
        if regex(r"(?:Q|and_|or_|not_)\b").match(code):
            return MISSING
        return CARRIED if mentions(text, options) else UNKNOWN
    return MISSING


def _is_narrowed(line: Line, column: int, options: Options) -> bool:
    """Whether what the query is given to is narrowed further below."""
    name = regex(r"[ \t]*([\w.]+)[ \t]*(?::[^=\n]{1,60})?=[ \t]*[\w.(]*$").match(line.only(CODE)[:column])
    if name is None:
        return False
    own = regex(rf"(?<![\w.]){name[1]}\.(?:where|filter|filter_by)\(")
    for below in line.after(_LONGEST):
        code = below.only(CODE)
        if own.search(code) and regex(rf"(?<![a-zA-Z0-9]){key_of(options)}(?![a-z])").search(
            _client.chain(below, own.search(code).start(), 6)  # type: ignore[union-attr]
        ):
            return True
        if regex(r"[ \t]*(?:async[ \t]+)?(?:def|class)\b").match(code):
            break
    return False


_WRITES = (
    "update",
    "delete",
    "insert",
    "create",
    "get_or_create",
    "update_or_create",
    "bulk_create",
    "bulk_update",
)
_DEFINES = r"[ \t]*(?:async[ \t]+)?(?:def|class)\b"
_ASKS = r"\.(?:objects|_default_manager|query)\b|_or_404\(|\bselect\(|\b(?:query|get)\("


def _is_checked(line: Line, column: int, model: str, steps: list[_Step], options: Options) -> bool:
    """Whether the key of the row that is read is compared below, or what belongs to a row is meant that was
    asked for with the key above; both in the same function."""
    if not any(step.name.removeprefix("a") in _WRITES for step in steps) and _is_compared_below(
        line, column, model, options
    ):
        return True
    values = [value for step in steps for value in _ids(step)]
    return len(values) == 1 and _was_asked_for(line, values[0], options)


def _is_compared_below(line: Line, column: int, model: str, options: Options) -> bool:
    """Whether the key of the row that is read is compared; of somebody who signs in the tenant is first
    learned by it."""
    name = regex(r"[ \t]*(\w+)[ \t]*(?::[^=\n]{1,60})?=[ \t]*(?:await[ \t]+|[\w.(])*$").match(
        line.only(CODE)[:column]
    )
    if name is None or name[1] not in line.text_after(_LONGEST):
        return False
    own = rf"(?<![\w.]){name[1]}\.{key_of(options)}\b"
    sign = r"[ \t]*(?:[!=]=|\bis(?:[ \t]+not)?\b|(?:\bnot[ \t]+)?\bin\b)[ \t]*"
    compared = rf"{own}{sign}(?![ \t]*(?:not[ \t]+)?None\b)|[\w)\]][ \t]*[!=]=[ \t]*{own}"
    if regex(USERS).fullmatch(model):
        compared += rf"|(?<![\w.]){key_of(options)}\b[^=\n]{{0,40}}=[ \t]*{own}"
    for one in line.after(_LONGEST):
        code = one.only(CODE)
        if regex(_DEFINES).match(code):
            return False
        if name[1] in code and regex(compared).search(code):
            return True
    return False


_ID = r"(?:\w+_)?(?:id|pk|uuid)(?:__in)?"


def _ids(step: _Step) -> Iterator[str]:
    """What a step narrows by: the values that are ids, or rows; "" for anything else."""
    if step.name in ("query", "select", "update", "delete", "insert"):
        return
    if step.name == "get" and len(step.texts) == 2 and regex(r"[A-Z]\w*").fullmatch(step.texts[0]):
        yield step.texts[1] if regex(r"[\w.]{1,80}").fullmatch(step.texts[1]) else ""
        return
    if step.name not in _FILTERS or step.name == "values":
        return
    for text in step.texts:
        given = regex(
            rf"(?:(?P<id>{_ID})|(?P<relation>\w+))[ \t]*=[ \t]*(?P<value>[\w.]{{1,80}})"
            rf"|\w+\.{_ID}[ \t]*==[ \t]*(?P<other>[\w.]{{1,80}})"
        ).fullmatch(text)
        if given is None:
            yield ""
        elif given["other"] or given["id"]:
            yield given["other"] or given["value"]
        else:
            yield given["value"] if given["relation"] == given["value"] else ""


def _was_asked_for(line: Line, value: str, options: Options) -> bool:
    """Whether a value is a row, or of a row, that was asked for with the key above and given a name."""
    root = value.partition(".")[0]
    if not root or root not in line.text_before(ABOVE) or mentions(value, options):
        return False
    given = regex(rf"[ \t]*{root}[ \t]*(?::[^=\n]{{1,60}})?=(?!=)")
    key = regex(rf"(?<![a-zA-Z0-9]){key_of(options)}(?:__\w+)?[ \t]*(?:=|[!=]=)")
    above = list(line.before(ABOVE))
    indent = indent_of(line.text)
    for number, one in enumerate(above):
        code = one.only(CODE)
        if regex(_DEFINES).match(code) and indent_of(code) < indent:
            return False
        if given.match(code):
            text = "\n".join(until_end([one, *reversed(above[:number])]))
            return regex(_ASKS).search(text) is not None and key.search(text) is not None
    return False


RULES = (
    *rules(
        _LANGUAGES,
        _queries,
        (
            r"\.(?:objects|_default_manager)\b",
            r"_or_404\(",
            r"(?:\b|[._])(?:query|select|update|delete|insert)\([ \t]*(?:models\.)?[A-Z]",
            r"(?:session|db)\.get\(",
            r"\.query\b",
            *TRIGGERS,
        ),
        (ROW_CHECKED,),
    ),
    _client.python_rule(_LANGUAGES),
)
