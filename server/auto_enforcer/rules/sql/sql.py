"""SQL, of whatever dialect, also in the bodies of functions between `$$`."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from auto_enforcer.model import Candidate, Check, Edit, Excuse, Fact, Fix, Line, Options, Rule, Severity, Zone
from auto_enforcer.rules._calls import at_top
from auto_enforcer.rules._common import regex

_CODE = int(Zone.CODE)
_WRITTEN = int(Zone.CODE | Zone.STRING)
_BELOW = 40
_ABOVE = 50
_MOST = 8

_NAME = r"(?:[\w$#@.\-]|\"[^\"\n]{0,80}\"|`[^`\n]{0,80}`|\[[^\]\n]{0,80}\]){1,160}"
_QUIET = r"(?i)--.*|/\*.*?(?:\*/|$)"


def _code(line: Line, body: bool | None = None) -> str:
    """The statements of a line, strings and comments blanked. The body of a function between `$$` is a
    string to the lexer, and read all the same. `body`: what is known of a line around another.
    """
    if not line.text or line.zone_at(0) != Zone.STRING or not (_in_body(line) if body is None else body):
        return line.only(_CODE)
    text = regex(r"'(?:[^'\n]|'')*'?").sub(lambda found: " " * len(found[0]), line.text)
    return regex(_QUIET).sub(lambda found: " " * len(found[0]), text)


def _in_body(line: Line) -> bool:
    """Whether the string that a line begins in was opened by `$$` or `$tag$` on a line above."""
    for above in line.before(_ABOVE):
        if above.zone_at(0) == Zone.CODE or not above.text:
            opened = regex(r"\$\w*\$").search(above.text)
            if opened or above.text:
                return opened is not None
        elif above.zone_at(0) == Zone.STRING and regex(r"\$\w*\$").search(above.text):
            return True
    return False


_NEXT = (
    r"(?i)[ \t]*(?:go|insert|update|delete|select|create|alter|drop|commit|rollback|end|begin|if(?![ \t]*\()"
    r"|else|elsif|return|exec|execute|declare|print|truncate|merge|with(?![ \t]*\()|grant|use|raise|perform"
    r"|fetch|call|analyze|vacuum|insert|\\\w)\b"
)


def _statement(line: Line, column: int) -> str | None:
    """The code of the statement that begins at a column, what stands in brackets blanked; None where its end
    is out of sight. It ends with `;`, with the file, or where a line begins another."""
    text = _code(line)[column:]
    body = _in_body(line)
    below = line.after(_BELOW)
    for index in range(len(below) + 1):
        top = at_top(text)
        ended = top.find(";")
        if ended >= 0:
            return top[:ended]
        if index == len(below):
            break
        code = _code(below[index], body)
        cases = len(regex(r"(?i)\bcase\b").findall(top)) - len(regex(r"(?i)\bend\b").findall(top))
        inside = top.rstrip().endswith("(") or text.count("(") > text.count(")")
        if cases <= 0 and not inside and regex(_NEXT).match(code):
            return top
        text += "\n" + code
    return at_top(text) if len(below) < _BELOW else None


def _word_before(line: Line, column: int) -> str:
    """The word right before a column, in small letters, or the sign; also at the end of a line above."""
    text = _code(line)[:column].rstrip()
    for above in line.before(2) if not text else ():
        text = _code(above, _in_body(line)).rstrip()
        if text:
            break
    found = regex(r"[\w$]+$|\S$").search(text)
    return found[0].lower() if found else ""


_NO_START = (
    "on",
    "for",
    "do",
    "key",
    "or",
    "before",
    "after",
    "of",
    "grant",
    "revoke",
    ",",
    "matched",
    "to",
    ".",
)


def _updates(line: Line, options: Options) -> Iterator[Candidate]:
    code = _code(line)
    for match in islice(regex(r"(?i)(?<![\w.$])update(?![\w(])").finditer(code), _MOST):
        after = line.text[match.end() :].strip() or next((one.text.strip() for one in line.after(1)), "")
        if (
            regex(r"(?i)(?:set|on|of|statistics|cascade|no|restrict)\b|[;,)]|$").match(after)
            or _word_before(line, match.start()) in _NO_START
        ):
            continue
        statement = _statement(line, match.start())
        named = regex(rf"(?i)(?:only[ \t]+|top[ \t]*\([^)]*\)[ \t]*)?({_NAME})").match(after)
        if statement is None or named is None or not regex(r"(?i)\bset\b").search(statement):
            continue
        start, end = match.span()
        yield Candidate(start, end, {"name": named[1]}, value=statement)


def _deletes(line: Line, options: Options) -> Iterator[Candidate]:
    code = _code(line)
    pattern = (
        r"(?i)(?<![\w.$])delete[ \t]+(?:(?:low_priority|quick|ignore)[ \t]+)?from\b"
        r"|^[ \t]*delete(?=[ \t]+(?!from\b|on\b|or\b|as\b|of\b|cascade\b|where\b|top\b|set\b)[\w\[#@\"`])"
        r"|(?<![\w.$])delete[ \t]+top[ \t]*\([^)]*\)[ \t]*(?:from\b)?"
        r"|(?<![\w.$])delete[ \t]*$"
    )
    for match in islice(regex(pattern).finditer(code), _MOST):
        after = line.text[match.end() :].strip() or next((one.text.strip() for one in line.after(1)), "")
        after = regex(r"(?i)from\b[ \t]*|only\b[ \t]*").sub("", after, count=1)
        named = regex(_NAME).match(after)
        word = _word_before(line, match.start())
        # A `MERGE` deletes what it has matched, and names no table.
        merges = word == "then" and not regex(r"(?i)\bfrom\b").search(match[0])
        if named is None or merges or word in _NO_START:
            continue
        statement = _statement(line, match.start())
        if statement is not None and named is not None:
            start = match.start() + len(match[0]) - len(match[0].lstrip())
            yield Candidate(start, match.end(), {"name": named[0]}, value=statement)


def _has_where(line: Line, candidate: Candidate, options: Options) -> bool:
    return regex(r"(?i)\bwhere\b").search(candidate.value) is not None


def _is_joined(line: Line, candidate: Candidate, options: Options) -> bool:
    """A join says which rows are meant."""
    return regex(r"(?i)\bjoin\b").search(candidate.value) is not None


def _is_limited(line: Line, candidate: Candidate, options: Options) -> bool:
    """It says how many rows are meant."""
    return regex(r"(?i)\b(?:limit|top|fetch[ \t]+first)\b").search(candidate.value) is not None


_TEMPORARY = Fact(
    "sql-temporary",
    r"(?i)\b(?:temp|temporary)[ \t]+table[ \t]+(?:if[ \t]+not[ \t]+exists[ \t]+)?([\w.$#]{1,80})",
)
_ADDED = Fact(
    "sql-column", r"(?i)\badd[ \t]+(?:column[ \t]+)?(?:if[ \t]+not[ \t]+exists[ \t]+)?[\"`\[]?(\w{1,80})"
)
_MADE = Fact(
    "sql-table",
    (
        r"(?i)\bcreate[ \t]+(?:\w{1,12}[ \t]+)?table[ \t]+(?:if[ \t]+not[ \t]+exists[ \t]+)?(?:[\""
        r"`\[]?\w{1,80}[\"`\]]?\.)?[\"`\[]?(\w{1,80})"
    ),
)


def _bare(name: str) -> str:
    return name.rpartition(".")[2].strip('"`[]').lower()


def _is_temporary(line: Line, candidate: Candidate, options: Options) -> bool:
    """The table is the session's own: a temporary one, a variable, or one named so."""
    name = _bare((candidate.details or {}).get("name", ""))
    known = {_bare(value) for value in line.facts(_TEMPORARY.name)}
    return name in known or regex(r"[#@]|te?mp_|temp").match(name) is not None


def _is_new_column(line: Line, candidate: Candidate, options: Options) -> bool:
    """It fills a column that the file has added above: every row needs it."""
    added = {value.lower() for value in line.facts(_ADDED.name)}
    below = "\n".join([line.text[candidate.start :], *(one.text for one in line.after(3))])
    found = regex(r"(?i)\bset[ \t\n]+[\"`\[]?(\w+)").search(below)
    return found is not None and found[1].lower() in added


def _truncates(line: Line, options: Options) -> Iterator[Candidate]:
    code = _code(line)
    for match in islice(regex(r"(?i)(?<![\w.$])truncate(?:[ \t]+table)?(?=[ \t]|$)").finditer(code), _MOST):
        after = line.text[match.end() :].strip()
        named = regex(_NAME).match(after)
        if (
            _word_before(line, match.start()) in _NO_START
            or named is None
            or regex(r"(?i)(?:on|partition)\b").match(after)
        ):
            continue
        yield Candidate(*match.span(), {"name": named[0]})


_THINGS = (
    r"(?:table|view|materialized[ \t]+view|index|sequence|schema|database|function|procedure"
    r"|trigger|type|policy"
    r"|extension|domain)"
)


def _drops(line: Line, options: Options) -> Iterator[Candidate]:
    code = _code(line)
    pattern = (
        rf"(?i)(?<![\w.$])drop[ \t]+(?P<temporary>temporary[ \t]+)?(?P<thing>{_THINGS})(?:[ \t]+con"
        rf"currently)?(?![\w])"
    )
    for match in islice(regex(pattern).finditer(code), _MOST):
        if regex(r"(?i)\balter\b[^;]*$").search(code[: match.start()]) or _word_before(
            line, match.start()
        ) not in ("", ";", "begin", "then", "else", "go", "do", "$", ")", "end", "as"):
            continue
        after = line.text[match.end() :].strip()
        named = regex(_NAME).match(after)
        if named is None:
            continue
        thing = " ".join(match["thing"].split())
        end = match.end()
        fixes = (Fix("Add `IF EXISTS`", False, (Edit(0, end, 0, end, " IF EXISTS"),)),)
        details = {"thing": thing, "name": named[0]}
        yield Candidate(*match.span(), details, fixes, "temporary" if match["temporary"] else after[:40])


def _if_exists(line: Line, candidate: Candidate, options: Options) -> bool:
    return regex(r"(?i)if[ \t]+exists\b").match(candidate.value) is not None


def _is_dropped_temporary(line: Line, candidate: Candidate, options: Options) -> bool:
    return candidate.value == "temporary" or _is_temporary(line, candidate, options)


def _is_checked(line: Line, candidate: Candidate, options: Options) -> bool:
    """A condition asks before whether it is there."""
    texts = [line.text[: candidate.start], *(above.text for above in line.before(3))]
    return any(
        regex(r"(?i)^[ \t]*if\b.*\b(?:exists|object_id|is[ \t]+not[ \t]+null)\b").search(text)
        for text in texts
    )


_GRANT = r"(?i)(?<![\w.$])(?P<span>grant[ \t]+all(?:[ \t]+privileges)?)\b"


def _grants(line: Line, options: Options) -> Iterator[Candidate]:
    for match in islice(regex(_GRANT).finditer(_code(line)), _MOST):
        if _word_before(line, match.start()) == "revoke":
            continue
        text = "\n".join([line.text[match.end() :], *(one.text for one in line.after(4))])
        text = text.partition(";")[0]
        found = regex(r"(?i)\bto[ \t\n]+([^;\n]{1,160})").search(text)
        yield Candidate(*match.span("span"), value=found[1] if found else "")


def _is_administrator(line: Line, candidate: Candidate, options: Options) -> bool:
    """Whoever gets it administers the database by name."""
    roles = [
        role.strip().strip("'\"`").partition("@")[0].strip("'\"` ") for role in candidate.value.split(",")
    ]
    known = regex(
        r"(?i)(?:\w*_)?(?:admin\w*|root|postgres|dba|sys|system|sysdba|superuser|sa|service_role"
        r"|supabase_admin|current_user|session_user)(?:_\w+)?(?:[ \t]+with[ \t]+grant[ \t]+option)?"
    )
    return bool(roles) and all(known.fullmatch(role) for role in roles)


_NULLS = (
    r"(?i)(?P<span>(?:<>|!=)[ \t]*null\b)"
    r"|\b(?:where|and|or|on|having|when|not|if)\b[ \t(]*[\w.\"`\[\]]{1,80}[ \t]*(?P<equal>=[ \t]*null\b)"
)


def _nulls(line: Line, options: Options) -> Iterator[Candidate]:
    for match in islice(regex(_NULLS).finditer(_code(line)), _MOST):
        group = "span" if match["span"] else "equal"
        start, end = match.span(group)
        better = "IS NOT NULL" if group == "span" else "IS NULL"
        fixes = (Fix(f"Write `{better}`", False, (Edit(0, start, 0, end, better),)),)
        yield Candidate(start, end, {"comparison": " ".join(match[group].split()), "better": better}, fixes)


def _is_set(line: Line, candidate: Candidate, options: Options) -> bool:
    """Not a comparison, but what a column is set to, or the setting that makes `= NULL` work."""
    before = _code(line)[: candidate.start]
    settings = r"(?i)(?:\bset|\bkey[ \t]+update)\b(?![^;]*\bwhere\b)"
    return regex(settings).search(before) is not None


def _stars(line: Line, options: Options) -> Iterator[Candidate]:
    code = _code(line)
    pattern = (
        r"(?i)(?<![\w.$])select[ \t]+(?:(?:sql_\w{1,20}|straight_join"
        r"|high_priority)[ \t]+){0,3}(?:distinct[ \t]+|all[ \t]+"
        r"|top[ \t]*\(?\d+\)?[ \t]+)?(?P<span>(?:\w{1,60}\.)?\*)(?=[ \t]*(?:,|\bfrom\b|$))"
    )
    for match in islice(regex(pattern).finditer(code), _MOST):
        rest = code[match.end() :] + "\n" + "\n".join(_code(one, _in_body(line)) for one in line.after(1))
        yield Candidate(*match.span("span"), value=code[: match.start()] + "\0" + rest)


def _is_existence(line: Line, candidate: Candidate, options: Options) -> bool:
    """Whether there are rows is all that is asked."""
    before = candidate.value.partition("\0")[0].rstrip()
    if before in ("", "("):
        before = next((_code(above, _in_body(line)).rstrip() for above in line.before(1)), "") + before
    return regex(r"(?i)\bexists[ \t]*\($").search(before) is not None


def _is_call(line: Line, candidate: Candidate, options: Options) -> bool:
    """The columns are those of a function's result, or of a query written there."""
    rest = candidate.value.partition("\0")[2]
    return regex(r"(?i)[ \t\n]*from[ \t\n]+(?:[\w.]+[ \t]*)?\(").match(rest) is not None


_INDEX = r"(?i)(?<![\w.$])(?P<span>create[ \t]+(?:unique[ \t]+)?index)(?P<concurrently>[ \t]+concurrently)?\b"


def _indexes(line: Line, options: Options) -> Iterator[Candidate]:
    for match in islice(regex(_INDEX).finditer(_code(line)), _MOST):
        text = "\n".join([line.text[match.end() :], *(one.text for one in line.after(2))])
        named = regex(rf"(?i)\bon[ \t\n]+(?:only[ \t]+)?({_NAME})").search(text)
        end = match.end("span")
        fixes = (Fix("Add `CONCURRENTLY`", False, (Edit(0, end, 0, end, " CONCURRENTLY"),)),)
        yield Candidate(
            *match.span("span"),
            {"name": named[1] if named else ""},
            fixes,
            "concurrently" if match["concurrently"] else "",
        )


def _is_made(line: Line, candidate: Candidate, options: Options) -> bool:
    """The file makes the table above, so its rows are the file's own. What a function does comes later."""
    return line.zone_at(candidate.start) == Zone.CODE and _is_new_table(line, candidate, options)


def _is_new_table(line: Line, candidate: Candidate, options: Options) -> bool:
    """The file makes the table itself, so it is empty."""
    name = _bare((candidate.details or {}).get("name", ""))
    return name in {_bare(value) for value in line.facts(_MADE.name)}


_COLUMN = r"(?i)(?<![\w.$])(?P<span>add[ \t]+column)\b[^,;]{1,200}?\bnot[ \t]+null\b(?P<rest>[^,;]{0,200})"


def _columns(line: Line, options: Options) -> Iterator[Candidate]:
    for match in islice(regex(_COLUMN).finditer(_code(line)), _MOST):
        yield Candidate(*match.span("span"), value=match[0])


def _has_default(line: Line, candidate: Candidate, options: Options) -> bool:
    return (
        regex(r"(?i)\b(?:default|generated|identity|serial|bigserial)\b").search(candidate.value) is not None
    )


_WHERE = Excuse("where", _has_where)
_JOINED = Excuse("joined", _is_joined)
_LIMITED = Excuse("limited", _is_limited)
_OWN = Excuse("temporary", _is_temporary)


def _rule(
    name: str,
    message: str,
    check: Check,
    triggers: tuple[str, ...],
    excuses: tuple[Excuse, ...],
    facts: tuple[Fact, ...] = (),
    blocked: bool = False,
    optional: bool = False,
) -> Rule:
    return Rule(
        id=f"sql/{name}",
        severity=Severity.BLOCKED if blocked else Severity.WARNING,
        message=message,
        languages=("sql",),
        zones=Zone.CODE | Zone.STRING,
        check=check,
        triggers=triggers,
        excuses=excuses,
        facts=facts,
        before=_ABOVE,
        after=_BELOW,
        optional=optional,
    )


RULES = (
    _rule(
        "update-without-where",
        "this changes every row of `{name}`; say which ones with `WHERE`, or `WHERE TRUE` if all are meant",
        _updates,
        (r"(?i)\bupdate\b",),
        (
            *(_WHERE, _JOINED, _LIMITED, _OWN),
            Excuse("new-column", _is_new_column),
            Excuse("new-table", _is_made),
        ),
        (_TEMPORARY, _ADDED, _MADE),
        blocked=True,
    ),
    _rule(
        "delete-without-where",
        "this deletes every row of `{name}`; say which ones with `WHERE`, or `WHERE TRUE` if all are meant",
        _deletes,
        (r"(?i)\bdelete\b",),
        (_WHERE, _JOINED, _LIMITED, _OWN, Excuse("new-table", _is_made)),
        (_TEMPORARY, _MADE),
        blocked=True,
    ),
    _rule(
        "truncate-outside-migration",
        "this empties `{name}` and fires no triggers; do it in a migration, or delete what is meant",
        _truncates,
        (r"(?i)\btruncate\b",),
        (_OWN,),
        (_TEMPORARY,),
        optional=True,
    ),
    _rule(
        "drop-without-if-exists",
        "this fails where there is no {thing} `{name}`, so it cannot run twice; write `IF EXISTS`",
        _drops,
        (r"(?i)\bdrop[ \t]",),
        (
            Excuse("if-exists", _if_exists),
            Excuse("temporary", _is_dropped_temporary),
            Excuse("checked", _is_checked),
        ),
        (_TEMPORARY,),
        optional=True,
    ),
    _rule(
        "grant-all",
        "`GRANT ALL` gives rights that nobody asked for; name those that are needed",
        _grants,
        (r"(?i)\bgrant[ \t]{1,8}all\b",),
        (Excuse("administrator", _is_administrator),),
    ),
    _rule(
        "null-comparison",
        "`{comparison}` is never true, not even of null; write `{better}`",
        _nulls,
        (r"(?i)(?:<>|!=|=)[ \t]*null\b",),
        (Excuse("set", _is_set),),
    ),
    _rule(
        "select-star",
        "`*` takes whatever columns there are, in any order; name those that are needed",
        _stars,
        (r"(?i)\bselect[ \t].{0,60}\*",),
        (Excuse("existence", _is_existence), Excuse("call", _is_call)),
        optional=True,
    ),
    _rule(
        "blocking-index",
        "this stops every write to `{name}` until the index is built; add `CONCURRENTLY`",
        _indexes,
        (r"(?i)\bcreate[ \t]+(?:unique[ \t]+)?index\b",),
        (
            Excuse("concurrently", lambda line, candidate, options: candidate.value == "concurrently"),
            Excuse("new-table", _is_new_table),
        ),
        (_MADE,),
        optional=True,
    ),
    _rule(
        "required-column-without-default",
        "this fails where the table has rows; give the column a default, or fill it before it is `NOT NULL`",
        _columns,
        (r"(?i)\badd[ \t]+column\b",),
        (Excuse("default", _has_default),),
        optional=True,
    ),
)
