"""Queries of JavaScript and TypeScript over data that tenants share: Prisma, TypeORM, Sequelize, Mongoose,
Knex, SQL; and tenants that the client names."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from auto_enforcer.model import Candidate, Fact, Line, NamedTuple, Options
from auto_enforcer.rules._calls import Call, arguments, read_call
from auto_enforcer.rules._common import regex
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
    has_property,
    is_model,
    is_shared,
    key_of,
    mentions,
    of_value,
    properties,
    rules,
    until_end,
)
from auto_enforcer.rules.tenancy._statements import TRIGGERS, statements

_LANGUAGES = ("javascript", "typescript", "javascriptreact", "typescriptreact", "vue", "svelte")

_LONGEST = 40
"""Lines that a query may take."""

_PRISMA_OWN = (
    "findMany|findFirstOrThrow|findFirst|findUniqueOrThrow|findUnique|updateMany|deleteMany|createManyAndReturn"
    "|updateManyAndReturn|createMany|upsert|groupBy"
)
_PRISMA_COMMON = "count|aggregate|create|update|delete"
_ROWS = ("create", "createMany", "createManyAndReturn")
"""What makes rows: their `data` must carry the key."""

_REPOSITORY = (
    "find|findBy|findOne|findOneBy|findOneOrFail|findOneByOrFail|findAndCount|findAndCountBy|count|countBy|exists"
    "|existsBy|update|delete|softDelete|restore|insert|createQueryBuilder"
)
_MODEL = (
    "findAll|findOne|findByPk|findAndCountAll|findOrCreate|bulkCreate|destroy|findById|findByIdAndUpdate"
    "|findByIdAndDelete|findOneAndUpdate|findOneAndDelete|updateOne|updateMany|deleteOne|deleteMany|insertMany"
    "|countDocuments|find|update|create|count"
)
_BY_ID = ("findByPk", "findById", "findByIdAndUpdate", "findByIdAndDelete")
_FIRST = (
    *(
        "findBy",
        "findOneBy",
        "findOneByOrFail",
        "findAndCountBy",
        "countBy",
        "existsBy",
        "delete",
        "softDelete",
    ),
    *("restore", "update", "insert"),
)
"""What takes the condition, or the row, as its first argument."""
_MONGO = ("findOneAndUpdate", "findOneAndDelete", "updateOne", "updateMany", "deleteOne", "deleteMany")

_CALL = (
    r"(?P<chain>(?:[\w$]+(?:\([^()\n]{0,80}\))?(?:<[\w<>, ]{1,40}>)?!?\??\.[ \t]*){0,5})"
    rf"(?P<model>[\w$]+)!?\??\.[ \t]*(?P<op>{_PRISMA_OWN}|{_PRISMA_COMMON}|{_REPOSITORY}|{_MODEL})\b"
    r"(?:<[^<>()\n]{0,60}>)?[ \t]*(?=\()"
)

_CLIENT = r"(?i)\w*prisma\w*|tx|trx|\w*db|db\w*|\w*database\w*|orm|client|transaction"
"""What a client of a database is called."""

_SPLIT = r"[ \t]*\??\.[ \t]*(?P<op>\w+)\b[ \t]*(?=\()"
"""A call on a line of its own, of what the line above ends with."""

_REPOSITORIES = Fact(
    "tenancy-repository",
    r"\b(\w{1,60}+[ \t]{0,8}[:!?]{1,2}[ \t]{0,8}(?:Repository|Model)<\w{1,60}>)",
)
"""A repository or model by its name."""


class _Query(NamedTuple):
    """A call that may be a query: where it stands, of what, and its arguments' bracket."""

    start: int
    end: int
    chain: str
    model: str
    op: str
    bracket: int


def _found(line: Line) -> Iterator[_Query]:
    code = line.only(CODE)
    taken = False
    for match in islice(regex(rf"(?<![\w$.]){_CALL}").finditer(code), MOST):
        taken = True
        yield _Query(
            match.start("model"), match.end("op"), match["chain"], match["model"], match["op"], match.end()
        )
    split = None if taken else regex(_SPLIT).match(code)
    if split is not None:
        above = next((one.only(CODE).rstrip() for one in line.before(1)), "")
        named = regex(r"((?:[\w$]+!?\??\.)*)([\w$]+)$").search(above[-160:])
        if named is not None and regex(rf"{_PRISMA_OWN}|{_PRISMA_COMMON}").fullmatch(split["op"]):
            yield _Query(*split.span("op"), named[1], named[2], split["op"], split.end())


def _queries(line: Line, options: Options) -> Iterator[Candidate]:
    if not options["models"]:
        return
    for query in _found(line):
        yield from _judged(line, query, options)
    yield from _builders(line, options)
    yield from statements(line, options)


def _judged(line: Line, query: _Query, options: Options) -> Iterator[Candidate]:
    call = read_call(line, query.bracket, _LONGEST)
    if not call.whole:
        return
    model, kind = _model_of(line, query, options)
    if not kind or not (is_model if kind == "prisma" else is_shared)(model, options):
        return
    known, is_variable = _of_call(line, query, call, kind, options)
    if known in (MISSING, UNKNOWN) and _is_scoped(query.chain + query.model, options):
        known = SCOPED
    elif known == MISSING and kind == "prisma" and _is_checked(line, query, call, options):
        known = CHECKED
    yield candidate(query.start, query.end, model, known, options, variable=is_variable)


def _model_of(line: Line, query: _Query, options: Options) -> tuple[str, str]:
    """The model of a call, and the kind of client: "" where it is none."""
    name, op = query.model, query.op
    last = regex(r"[\w$]+").findall(query.chain)[-1:] or [""]
    is_client = regex(_CLIENT).fullmatch(last[0])
    for declaration in line.facts(_REPOSITORIES.name):
        own, kind = regex(r"(\w+)[ \t]*[:!?]+[ \t]*\w+<(\w+)>").findall(declaration)[0]
        if own == name and regex(f"{_REPOSITORY}|{_MODEL}").fullmatch(op):
            return kind, "repository"
    if regex(_PRISMA_OWN).fullmatch(op) and name[:1].islower() and query.chain and op not in _MONGO:
        return name, "prisma"
    if name[:1].islower() and is_client and regex(f"{_PRISMA_OWN}|{_PRISMA_COMMON}").fullmatch(op):
        return name, "prisma"
    if name[:1].islower() and query.chain and _takes_where(line, query):
        return name, "prisma"
    repository = regex(r"(\w+?)(?:Repository|Repo)").fullmatch(name)
    if repository is not None and regex(_REPOSITORY).fullmatch(op):
        return repository[1], "repository"
    if name[:1].isupper() and not query.chain and regex(_MODEL).fullmatch(op):
        return name.removesuffix("Model"), "model"
    return "", ""


def _takes_where(line: Line, query: _Query) -> bool:
    """Whether an operation that many things have is given what only Prisma takes."""
    if not regex(f"{_PRISMA_OWN}|{_PRISMA_COMMON}").fullmatch(query.op):
        return False
    call = read_call(line, query.bracket, _LONGEST)
    return regex(r"\([\s]*\{[\s]*(?:where|data)\b").match(call.code) is not None


def _of_call(line: Line, query: _Query, call: Call, kind: str, options: Options) -> tuple[str, bool]:
    """What is known of a query by its arguments, and whether what decides is a variable."""
    spans = arguments(call)
    codes = [call.code[start:end] for start, end in spans]
    texts = [call.text[start:end] for start, end in spans]
    op = query.op
    if op == "createQueryBuilder":
        return _of_chain(line, query.bracket, options)
    if kind == "prisma":
        wanted = "data" if op in _ROWS else "where"
        return _of_property(line, codes, texts, 0, wanted, options)
    if kind == "model":
        return _of_model(line, op, codes, texts, options)
    if op in _FIRST or (
        codes and codes[0].startswith("{") and not _has(codes[0], texts[0], "where", "relations")
    ):
        return _of_argument(line, codes, texts, 0, options)
    return _of_property(line, codes, texts, 0, "where", options)


def _of_model(line: Line, op: str, codes: list[str], texts: list[str], options: Options) -> tuple[str, bool]:
    if op in _BY_ID:
        return (CARRIED if has_property("{" + ",".join(texts[1:]) + "}", options) else MISSING), False
    if op in ("create", "bulkCreate", "insertMany"):
        is_awaited = regex(r"\bawait\b").search(line.only(CODE)) is not None
        return _of_argument(line, codes, texts, 0, options) if is_awaited else (CARRIED, False)
    if op == "update" and len(codes) > 1 and _has(codes[1], texts[1], "where"):
        return _of_property(line, codes, texts, 1, "where", options)
    if op in _MONGO or (
        op in ("find", "findOne", "countDocuments") and codes and not _has(codes[0], texts[0], "where")
    ):
        if codes and regex(r"\(?[\w$, ]*\)?\s*=>|function\b").match(codes[0]):
            return CARRIED, False  # the elements of a list
        return _of_argument(line, codes, texts, 0, options)
    return _of_property(line, codes, texts, 0, "where", options)


def _has(code: str, text: str, *names: str) -> bool:
    """Whether an argument is an object with one of the properties, or no object at all."""
    return not code.startswith("{") or any(one.name in names for one in properties(code, text))


def _of_argument(
    line: Line, codes: list[str], texts: list[str], number: int, options: Options
) -> tuple[str, bool]:
    if number >= len(codes):
        return MISSING, False
    return _of_text(line, codes[number], texts[number], options)


def _of_property(
    line: Line, codes: list[str], texts: list[str], number: int, wanted: str, options: Options
) -> tuple[str, bool]:
    """What is known by a property of an argument."""
    if number >= len(codes):
        return MISSING, False
    code, text = codes[number], texts[number]
    if not code.startswith("{"):
        return _of_text(line, code, text, options)
    spread = False
    for one in properties(code, text):
        if one.name == wanted:
            return _of_text(line, one.code, one.text, options)
        spread = spread or not one.name
    return (
        (_of_text(line, "…", text, options)[0] if has_property(text, options) else UNKNOWN, True)
        if spread
        else (
            MISSING,
            False,
        )
    )


def _of_text(line: Line, code: str, text: str, options: Options) -> tuple[str, bool]:
    known = of_value(text, options)
    name = text.strip()
    if known == UNKNOWN and regex(r"\.\.\.").search(name):
        spread = regex(r"\.\.\.\(?([\w$]+)").search(name)
        name = spread[1] if spread else ""
    if known == UNKNOWN and declared(line, name, options):
        known = CARRIED
    return known, known == UNKNOWN or not code.lstrip().startswith(("{", "["))


def _is_scoped(chain: str, options: Options) -> bool:
    """Whether one of the clients that add the key themselves is asked."""
    names = {folded(name) for name in options["scoped"]}
    return any(folded(one) in names for one in regex(r"[\w$]+").findall(chain))


_BEFORE_NAME = "(?:export|default|async|function|public|private|protected|static)"
"""What stands before the name of a function in its header."""


def _is_checked(line: Line, query: _Query, call: Call, options: Options) -> bool:
    """Whether what is meant by its id alone was asked for with the key in the lines above, or the key of what
    was read is compared below."""
    if query.op in _ROWS:
        return False
    if _is_compared_below(line, query, options):
        return True
    asked = regex(
        r"\bwhere\s*:\s*\{\s*(?P<id>id|uuid|\w{1,40}_id|\w{1,40}Id)\b"
        r"(?:\s*:\s*(?:\{\s*in\s*:\s*)?(?P<value>[\w$.]{1,80})(?:\([^{}]{0,80}\))?\s*\}?)?\s*,?\s*\}"
    ).search(call.text)
    if asked is None or mentions(asked["value"] or "", options):
        return False
    value = asked["value"] or asked["id"]
    root = value.partition(".")[0]
    # `order.id` is of a row that was read; `input.id` is not.
    own = regex(rf"(?<![\w$.]){root}(?![\w$])")
    given = regex(rf"(?:const|let)[ \t]+{root}\b[^=\n]{{0,60}}=|(?<![\w$.]){root}[ \t]*=(?![=>])")
    key = regex(rf"[(,]\s*(?:\w+\.)*{key_of(options)}\s*[,)]")
    above = list(line.before(ABOVE))
    for number, one in enumerate(above):
        code = one.only(CODE)
        if regex(rf"[ \t]{{0,2}}(?:(?:{_BEFORE_NAME}[ \t]+){{0,4}}\w+[ \t]*\(.*|\).*)\{{[ \t]*$").match(code):
            break
        if "await" not in code or (regex(r"\.create\w*\(").search(code) and not given.search(code)):
            continue
        text = "\n".join(until_end([one, *reversed(above[:number])]))
        named = value in text or given.search(code) if "." in value else own.search(text)
        if named is not None and (has_property(text, options) or key.search(text)):
            return True
    return False


def _is_compared_below(line: Line, query: _Query, options: Options) -> bool:
    """Whether the key of the one row that is read is compared below, in the same function; of somebody who
    signs in the tenant is first learned by it."""
    if not query.op.startswith(("findUnique", "findFirst")):
        return False
    name = regex(r"(?:(?:const|let|var)[ \t]+)?(\w+)[^=\n]{0,60}=[ \t]*(?:await[ \t]+)?[\w$.]*$").search(
        line.only(CODE)[: query.start]
    )
    if name is None:
        return False
    own = rf"(?<![\w$.]){name[1]}[?!]?\.{key_of(options)}\b"
    compared = rf"{own}[ \t]*[!=]==?(?!=|[ \t]*(?:null|undefined)\b)|[\w$)\]][ \t]*[!=]==?[ \t]*{own}"
    if regex(USERS).fullmatch(query.model):
        compared += rf"|(?<![\w$.])(?:const|let)[ \t]+{key_of(options)}\b[^=\n]{{0,40}}=[ \t]*{own}"
    for one in line.after(_LONGEST):
        code = one.only(CODE)
        if regex(r"[ \t]{0,2}\}").match(code):
            return False
        if name[1] in code and regex(compared).search(code):
            return True
    return False


# Chains: Knex, and TypeORM's builders

_TABLES = (
    r"(?:(?<![\w$])(?P<client>knex|db|trx|tx|database|this\.knex|this\.db)(?:<[^<>()\n]{0,60}>)?"
    r"|\.(?:select|distinct|with|count|max|min|insert)\([^()\n]{0,80}\)\.(?:from|into|table)"
    r"|(?<![\w$])(?:knex|db|trx)\.(?:from|into|table))[ \t]*"
    r"\([ \t]*(?P<quote>['\"`])(?P<table>[\w.]{1,80})(?:[ \t]+as[ \t]+\w+)?(?P=quote)"
)
_GIVEN = r"(?<![\w$])getRepository[ \t]*\([ \t]*(?P<model>[A-Z]\w*)[ \t]*\)"


def _builders(line: Line, options: Options) -> Iterator[Candidate]:
    for match in islice(regex(_TABLES).finditer(line.text), MOST):
        if not line.zone_at(match.start()) & CODE or not is_shared(match["table"], options):
            continue
        known, is_variable = _of_chain(line, match.start(), options)
        yield candidate(*match.span("table"), match["table"], known, options, variable=is_variable)
    for match in islice(regex(_GIVEN).finditer(line.only(CODE)), MOST):
        if is_shared(match["model"], options):
            known, is_variable = _of_chain(line, match.start(), options)
            yield candidate(*match.span("model"), match["model"], known, options, variable=is_variable)


def _of_chain(line: Line, column: int, options: Options) -> tuple[str, bool]:
    """What is known of calls one after the other that begin at a column, or go on below by a name."""
    text = _client.chain(line, column, _LONGEST)
    if _carries(text, options):
        return CARRIED, False
    name = regex(r"(?:const|let|var)[ \t]+(\w+)[^=\n]{0,60}=[ \t]*(?:await[ \t]+)?[\w$.<>()]*$").search(
        line.text[:column]
    )
    if name is not None:
        own = regex(rf"(?<![\w$.]){name[1]}(?:\s*=\s*{name[1]})?\s*\.")
        for below in line.after(_LONGEST):
            if own.search(below.text) and _carries(_client.chain(below, 0, 6), options):
                return CARRIED, False
    if regex(r"\.(?:where|andWhere|insert)\(\s*(?!\{|\[|['\"`(])[a-z_$][\w$.]*\s*[,)]").search(text):
        return UNKNOWN, True
    if name is not None and not regex(
        r"\.\s*(?:where|get\w+|first|execute|insert|update|del|delete)\("
    ).search(text):
        return UNKNOWN, True
    return MISSING, False


def _carries(text: str, options: Options) -> bool:
    return regex(rf"(?<![A-Za-z]){key_of(options)}(?![a-z])").search(text) is not None


RULES = (
    *(
        rule._replace(facts=(_REPOSITORIES,))
        for rule in rules(
            _LANGUAGES,
            _queries,
            (
                rf"\.[ \t]*(?:{_PRISMA_OWN}|{_PRISMA_COMMON}|{_REPOSITORY}|{_MODEL})\b[ \t]*[(<]",
                r"\b(?:knex|db|trx|tx|database)(?:<|\()",
                r"\.(?:from|into|table)[ \t]*\([ \t]*['\"`]",
                r"\bgetRepository[ \t]*\(",
                *TRIGGERS,
            ),
            (ROW_CHECKED,),
        )
    ),
    _client.script_rule(_LANGUAGES),
)
