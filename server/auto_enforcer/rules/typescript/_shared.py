"""The rules that hold for JavaScript and TypeScript alike, each made for the languages of a module."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from auto_enforcer.model import Candidate, Edit, Excuse, Fact, Fix, Line, Options, Rule, Severity, Zone
from auto_enforcer.rules._calls import arguments, read_call
from auto_enforcer.rules._common import indent_of, regex
from auto_enforcer.rules._kinds import said

_CODE = int(Zone.CODE)
_COMMENT = int(Zone.COMMENT)
_WRITTEN = int(Zone.CODE | Zone.STRING)

MOST = 16
"""Candidates on one line, at most."""

ABOVE = 30


def replaced(title: str, start: int, end: int, text: str) -> tuple[Fix, ...]:
    """A fix that changes what the program means, so it is offered and never done in bulk."""
    return (Fix(title, False, (Edit(0, start, 0, end, text),)),)


# ts-nocheck


def _nochecks(line: Line, options: Options) -> Iterator[Candidate]:
    comment = line.only(_COMMENT)
    for match in islice(regex(r"@ts-nocheck\b").finditer(comment), MOST):
        before = line.text[: match.start()].rstrip()
        opened = max(before.rfind("//"), before.rfind("/*"))
        start = opened if opened >= 0 and line.zone_at(opened) & Zone.COMMENT else match.start()
        value = before[start:].strip("/* \t")
        end = len(line.text.rstrip()) if not value else match.end()
        fixes = replaced("Take the comment out", start, end, "")
        # Taking a part of a longer comment out would leave its end behind.
        alone = not value and (before.endswith("//") or line.text.rstrip().endswith("*/"))
        yield Candidate(*match.span(), fixes=fixes if alone else (), value=value)


def _is_mentioned(line: Line, candidate: Candidate, options: Options) -> bool:
    """It is no directive but a word within a comment."""
    return bool(candidate.value)


def _is_late(line: Line, candidate: Candidate, options: Options) -> bool:
    """Code stands before it, so the compiler does not heed it."""
    return any(one.only(_WRITTEN).strip() for one in line.before(ABOVE))


def _is_generated(line: Line, candidate: Candidate, options: Options) -> bool:
    """The comment, or one around it, says that a program wrote the file."""
    around = (line, *line.before(3), *line.after(3))
    return any(regex(r"(?i)\bgenerated\b|do not edit").search(one.only(_COMMENT)) for one in around)


def nocheck_rule(languages: tuple[str, ...]) -> Rule:
    """`ts-nocheck` for languages."""
    return Rule(
        id="typescript/ts-nocheck",
        severity=Severity.BLOCKED,
        message="`@ts-nocheck` leaves the whole file unchecked; mend its types, or mark single lines with"
        " `@ts-expect-error` and the reason",
        languages=languages,
        zones=Zone.COMMENT,
        check=_nochecks,
        triggers=("@ts-nocheck",),
        excuses=(
            Excuse("mentioned", _is_mentioned),
            Excuse("late", _is_late),
            Excuse("generated", _is_generated),
        ),
        before=ABOVE,
        after=3,
    )


# what a program wrote

_COMPILED = Fact(
    "typescript-compiled",
    r"Object\.defineProperty\(exports, ?[\"']__esModule[\"']|\b__webpack_require__\b"
    r"|\b_interopRequireDefault\(|\b__(?:commonJS|commonJSMin|esm|toESM|toCommonJS)\(|\bfrom [\"']tslib[\"']"
    r"|^var __(?:create|defProp|extends|assign|createBinding|importDefault|awaiter|exportStar|classPrivate)"
    r"|^// node_modules/",
    anywhere=True,
)


def _is_compiled(line: Line, candidate: Candidate, options: Options) -> bool:
    """The file bears the helpers of a compiler or bundler: its sources are where to mend it."""
    return _COMPILED.name in line.file.anywhere


def _is_packed(line: Line, candidate: Candidate, options: Options) -> bool:
    """A long line with hardly a blank in it, as minifiers write it."""
    text = line.text
    return len(text) > _LONG and text.count(" ") < len(text) // 12


_LONG = 250

COMPILED = Excuse("compiled", _is_compiled)
PACKED = Excuse("packed", _is_packed)


# loose-equality


def _comparisons(line: Line, options: Options) -> Iterator[Candidate]:
    code = line.only(_CODE)
    for match in islice(regex(r"(?<![=!<>])[=!]=(?!=)").finditer(code), MOST):
        strict = match[0] + "="
        fixes = replaced(f"Compare with `{strict}`", match.end(), match.end(), "=")
        yield Candidate(*match.span(), {"operator": match[0], "strict": strict}, fixes)


def _is_with_null(line: Line, candidate: Candidate, options: Options) -> bool:
    """One side is `null`: that is how to ask for `null` and `undefined` at once."""
    code = line.only(_CODE)
    before, after = code[: candidate.start].rstrip(), code[candidate.end :].strip()
    if not before:
        before = next((one.only(_CODE).rstrip() for one in line.before(1)), "")
    if not after:
        after = next((one.only(_CODE).strip() for one in line.after(1)), "")
    return (
        regex(r"(?<![\w$.])null$").search(before) is not None
        or regex(r"\(?null(?![\w$])").match(after) is not None
    )


def equality_rule(languages: tuple[str, ...]) -> Rule:
    """`loose-equality` for languages."""
    return Rule(
        id="typescript/loose-equality",
        severity=Severity.WARNING,
        message="`{operator}` converts before it compares; use `{strict}`",
        languages=languages,
        check=_comparisons,
        triggers=(r"(?:^|[^=!<>])==(?:[^=]|$)", r"!=(?:[^=]|$)"),
        excuses=(Excuse("null", _is_with_null), COMPILED, PACKED),
        facts=(_COMPILED,),
        before=1,
        after=1,
    )


# var-declaration


def _variables(line: Line, options: Options) -> Iterator[Candidate]:
    code = line.only(_CODE)
    for match in islice(regex(r"(?<![\w$.'\"@-])var(?=[ \t]+[\w$\[{])").finditer(code), MOST):
        yield Candidate(*match.span(), fixes=replaced("Declare it with `let`", *match.span(), "let"))


def _is_declared(line: Line, candidate: Candidate, options: Options) -> bool:
    """It declares what exists elsewhere: `declare var`, or one in a `declare global`."""
    if regex(r"\bdeclare[ \t]+$").search(line.text[: candidate.start]):
        return True
    indent = indent_of(line.text)
    for above in line.before(ABOVE) if indent else ():
        if above.text.strip() and indent_of(above.text) < indent:
            return regex(r"\bdeclare[ \t]+(?:global|module|namespace)\b").search(above.text) is not None
    return False


def _is_temporary(line: Line, candidate: Candidate, options: Options) -> bool:
    """What TypeScript declares for a value that it needs twice: `var _a, _b;`."""
    return regex(r"[ \t]+_[a-z](?:, _[a-z])*;").match(line.text, candidate.end) is not None


_MODERN = Fact("typescript-modern", r"^(?:import|export|const|let|class)[ \t{]", anywhere=True)


def _is_old(line: Line, candidate: Candidate, options: Options) -> bool:
    """Nothing in the file is newer than `var`: it is written for engines that know nothing else."""
    return _MODERN.name not in line.file.anywhere


def variable_rule(languages: tuple[str, ...], old: bool) -> Rule:
    """`var-declaration` for languages; `old`: files of them may be for engines that know only `var`."""
    excuses = (Excuse("old", _is_old),) if old else ()
    return Rule(
        id="typescript/var-declaration",
        severity=Severity.WARNING,
        message="`var` is seen outside of its block and before its line; use `const` or `let`",
        languages=languages,
        check=_variables,
        triggers=(r"\bvar[ \t]+[\w$\[{]",),
        excuses=(
            *excuses,
            Excuse("declared", _is_declared),
            Excuse("temporary", _is_temporary),
            COMPILED,
            PACKED,
        ),
        facts=(_MODERN, _COMPILED) if old else (_COMPILED,),
        before=ABOVE,
    )


# require-import


_CREATED = Fact("typescript-require", r"\brequire[ \t]*=")


def _is_created(line: Line, candidate: Candidate, options: Options) -> bool:
    """The file makes its own `require`, as a module must to load what only that can."""
    return bool(line.facts(_CREATED.name))


def require_rule(languages: tuple[str, ...]) -> Rule:
    """`require-import` for languages."""
    return Rule(
        id="typescript/require-import",
        severity=Severity.WARNING,
        message="`require` gives no types and cannot be analysed; use `import`",
        languages=languages,
        pattern=r"(?<![\w$.])(?P<span>require)[ \t]*\((?!\))",
        triggers=(r"\brequire[ \t]*\(",),
        excuses=(Excuse("created", _is_created),),
        facts=(_CREATED,),
        optional=True,
    )


# unawaited-promise


_ASYNC = Fact(
    "typescript-async",
    r"\basync[ \t]+(?:function[ \t]*\*?[ \t]*)?([\w$]{1,80})[ \t]*[(<]",
)
_ASYNC_VALUE = Fact(
    "typescript-async-value",
    r"([\w$]{1,80})[ \t]*(?::[^=\n]{1,80})?=[ \t]*async\b",
)
_PROMISES = (
    r"(?:fetch|import|Promise\.(?:all|allSettled|race|any|reject)|new[ \t]+Promise|axios(?:\.\w+)?"
    r"|(?:fsPromises|fs\.promises|fsp)\.\w+|(?:this\.)?prisma(?:\.\w+){2})"
)
_STATEMENT = (
    r"(?P<handled>(?:await|void|return|yield)\b)?[ \t]{0,4}(?P<call>(?:new[ \t]{1,4})?[\w$]{1,80}"
    r"(?:\.[\w$]{1,80}){0,4})(?:<[^<>()]{0,80}>)?[ \t]{0,4}(?=\()"
)


def _floating(line: Line, options: Options) -> Iterator[Candidate]:
    code = line.only(_CODE)
    match = regex(rf"[ \t]*{_STATEMENT}").match(code)
    if match is None or not _begins_statement(line):
        return
    call = match["call"]
    name = call.removeprefix("this.")
    known = line.facts(_ASYNC.name) | line.facts(_ASYNC_VALUE.name)
    if not regex(_PROMISES).fullmatch(call) and name not in known:
        return
    rest = _rest(line, match.end())
    if rest is None:
        return
    value = "awaited" if match["handled"] else ""
    if regex(
        r"\.(?:catch|finally)[ \t]{0,4}\(|\.then[ \t]{0,4}\([^;]{0,200},[^;]{0,80}(?:=>|function|\w\))"
    ).search(rest):
        value = value or "caught"
    start = match.start("call")
    fixes = replaced(f"Await `{call}`", start, start, "await ")
    yield Candidate(start, match.end("call"), {"call": call}, fixes, value)


def _begins_statement(line: Line) -> bool:
    """Whether the line is not the rest of what stands above it."""
    for above in line.before(3):
        code = above.only(_WRITTEN).rstrip()
        if code.strip():
            return code.endswith((";", "{", "}")) or regex(r"(?:=>|[=(\[,:?&|+.])$").search(code) is None
    return True


def _rest(line: Line, column: int) -> str | None:
    """What stands behind a call up to the end of its statement; None where it is more than a statement."""
    call = read_call(line, column)
    if not call.whole:
        return None
    down = call.code.count("\n")
    lines = [one.only(_CODE) for one in line.after(20)]
    own = line.only(_CODE)
    if down > len(lines):
        return None
    last = call.code.rpartition("\n")[2]
    text = own[column + len(last) :] if not down else lines[down - 1][len(last) :]
    for below in lines[down:]:
        stripped = below.strip()
        if text.rstrip().endswith(";") or not (stripped.startswith((".", "?.")) or "(" in text):
            break
        text += "\n" + stripped
    stripped = text.strip()
    if not stripped or stripped.startswith((";", ".then", ".catch", ".finally", "}")):
        return stripped
    return None


def promise_rule(languages: tuple[str, ...]) -> Rule:
    """`unawaited-promise` for languages."""
    return Rule(
        id="typescript/unawaited-promise",
        severity=Severity.WARNING,
        message=(
            "nothing waits for what `{call}` promises, so its failure vanishes; `await` it, or add `.catch`"
        ),
        languages=languages,
        check=_floating,
        triggers=(r"^[ \t]*(?:(?:await|void|return|yield)[ \t]+)?(?:new[ \t]+)?[\w$.]{2,160}(?:<|[ \t]*\()",),
        excuses=(said("awaited"), said("caught")),
        facts=(_ASYNC, _ASYNC_VALUE),
        before=3,
        after=20,
        optional=True,
    )


# alert-call


_OWN = Fact(
    "typescript-dialogs",
    r"(?:\b(?:function|const|let|var|import|class)\b[^\n;=(]{0,120}?\b|^[ \t]*(?=\w+[ \t]*(?:[,}=:]|$)))"
    r"(alert|confirm|prompt)\b(?![ \t]+as\b)",
)
_DIALOG = (
    r"(?<![\w$])(?P<span>(?:(?P<object>[\w$\])]{1,80})\??\.)?(?P<name>alert|confirm|prompt))(?=[ \t]*\()"
)


def _dialogs(line: Line, options: Options) -> Iterator[Candidate]:
    for match in islice(regex(_DIALOG).finditer(line.only(_CODE)), MOST):
        owner = match["object"]
        if owner is None and line.text[: match.start()].endswith("."):
            continue
        value = "method" if owner and owner not in ("window", "globalThis", "self", "top") else match["name"]
        yield Candidate(*match.span("span"), {"call": match["span"]}, value=value if owner else match["name"])


def _is_method(line: Line, candidate: Candidate, options: Options) -> bool:
    return candidate.value == "method"


def _is_own(line: Line, candidate: Candidate, options: Options) -> bool:
    """The name is the file's own: declared, imported, or handed over."""
    if "." in line.text[candidate.start : candidate.end]:
        return False
    name = candidate.value
    if name in line.facts(_OWN.name):
        return True
    before = line.text[: candidate.start]
    if regex(r"\b(?:function|async|get|set|static|public|private|protected)[ \t*]+$").search(before):
        return True
    declared = rf"[(,{{][ \t]*{name}\b[ \t]*(?:[,)}}:=?]|$)"
    return any(regex(declared).search(one.only(_CODE)) for one in line.before(ABOVE))


def _is_awaited(line: Line, candidate: Candidate, options: Options) -> bool:
    """The browser's own dialogs have nothing to wait for."""
    return regex(r"\bawait[ \t]+$").search(line.text[: candidate.start]) is not None


def _is_defined(line: Line, candidate: Candidate, options: Options) -> bool:
    """A method's definition: a type or a body stands behind the brackets."""
    return (
        not line.text[: candidate.start].strip()
        and regex(r"[ \t]{0,4}\([^()]{0,400}\)[ \t]{0,4}[:{]").match(line.text, candidate.end) is not None
    )


def dialog_rule(languages: tuple[str, ...]) -> Rule:
    """`alert-call` for languages."""
    return Rule(
        id="typescript/alert-call",
        severity=Severity.WARNING,
        message="`{call}` stops the page until it is answered; show the message in the page",
        languages=languages,
        check=_dialogs,
        triggers=(r"\b(?:alert|confirm|prompt)[ \t]*\(",),
        excuses=(
            Excuse("method", _is_method),
            Excuse("awaited", _is_awaited),
            Excuse("own", _is_own),
            Excuse("definition", _is_defined),
        ),
        facts=(_OWN,),
        before=ABOVE,
    )


# eval-like-timeout


_TIMER = (
    r"(?<![\w$])(?P<span>(?:(?P<object>[\w$\])]{1,80})\??\.)?(?:setTimeout|setInterval|setImmediate"
    r"|execScript))[ \t]*\("
)


def _timers(line: Line, options: Options) -> Iterator[Candidate]:
    for match in islice(regex(_TIMER).finditer(line.only(_CODE)), MOST):
        call = read_call(line, match.end() - 1)
        given = arguments(call)
        if not given or not regex(r"[\"'`]").match(call.text, given[0][0]):
            continue
        yield Candidate(*match.span("span"), {"call": match["span"]}, value=match["object"] or "")


def _is_other_timer(line: Line, candidate: Candidate, options: Options) -> bool:
    """A method of something that is not the window, such as a connection's."""
    return candidate.value not in ("", "window", "global", "globalThis", "self", "top", "parent", "document")


def timer_rule(languages: tuple[str, ...]) -> Rule:
    """`eval-like-timeout` for languages."""
    return Rule(
        id="typescript/eval-like-timeout",
        severity=Severity.WARNING,
        message="`{call}` runs its text as code; give it a function",
        languages=languages,
        check=_timers,
        triggers=(r"\b(?:set(?:Timeout|Interval|Immediate)|execScript)[ \t]*\([ \t]*(?:[\"'`/]|$)",),
        excuses=(Excuse("method", _is_other_timer),),
        after=20,
    )


# dangerous-target-blank


_TARGET = r"\btarget[ \t]*=[ \t]*(?:\{[ \t]*)?(?P<quote>\\?[\"'])_blank(?P=quote)(?:[ \t]*\})?"
_TAG = 12
"""Lines that a tag may take to either side of its target."""


def _targets(line: Line, options: Options) -> Iterator[Candidate]:
    text = line.only(Zone.CODE | Zone.STRING | Zone.TEXT)
    for match in islice(regex(_TARGET).finditer(text), MOST):
        tag = _tag(line, text, match.start(), match.end())
        if tag is None or not regex(r"<(?:a|area|[A-Z][\w.]*|[a-z]+-link)\b").match(tag):
            continue
        quote = match["quote"]
        fixes = replaced("Add `rel`", match.end(), match.end(), f" rel={quote}noopener noreferrer{quote}")
        yield Candidate(*match.span(), fixes=fixes, value=tag)


def _tag(line: Line, text: str, start: int, end: int) -> str | None:
    """The tag around a column, from its `<` to its `>`, as far as the window shows it."""
    before = text[:start]
    for above in line.before(_TAG):
        if regex(r"<[A-Za-z]").search(before):
            break
        before = above.text + "\n" + before
    opened = max((found.start() for found in regex(r"<[A-Za-z]").finditer(before)), default=-1)
    if opened < 0:
        return None
    after = text[end:]
    for below in line.after(_TAG):
        if regex(r"(?<!=)>").search(after):
            break
        after += "\n" + below.text
    closed = regex(r"(?<!=)>").search(after)
    return before[opened:] + text[start:end] + (after[: closed.end()] if closed else after)


def _has_rel(line: Line, candidate: Candidate, options: Options) -> bool:
    """`rel` keeps the opener from the page, or is not written out."""
    return (
        regex(
            r"\brel\b[^\n>]{0,80}\b(?:noopener|noreferrer|opener)\b"
            r"|\brel[ \t]*=[ \t]*\{(?![ \t]*[\"'])|\{[ \t]*\.\.\."
        ).search(candidate.value)
        is not None
    )


_ADDRESS = (
    r"(?P<bound>:|\[)?\b(?:href|to)\]?[ \t]*=[ \t]*(?:\{[ \t]*)?\\?(?P<quote>[\"'`]?)"
    r"(?P<url>[^\"'`\n]{0,200})"
)


def _is_own_page(line: Line, candidate: Candidate, options: Options) -> bool:
    """The address is one of the same site, or no page."""
    href = regex(_ADDRESS).search(candidate.value)
    if href is None:
        return True
    made = href["bound"] or not href["quote"]
    return not made and regex(r"(?i)(?:https?:)?//|\$\{|\{|<|$").match(href["url"]) is None


def target_rule(languages: tuple[str, ...]) -> Rule:
    """`dangerous-target-blank` for languages."""
    return Rule(
        id="typescript/dangerous-target-blank",
        severity=Severity.WARNING,
        message='the page that opens can steer this one; add `rel="noopener noreferrer"`',
        languages=languages,
        zones=Zone.CODE | Zone.STRING | Zone.TEXT,
        check=_targets,
        triggers=("_blank",),
        excuses=(Excuse("rel", _has_rel), Excuse("own-page", _is_own_page)),
        before=_TAG,
        after=_TAG,
    )


# nan-comparison


def nan_rule(languages: tuple[str, ...]) -> Rule:
    """`nan-comparison` for languages."""
    return Rule(
        id="typescript/nan-comparison",
        severity=Severity.WARNING,
        message="nothing equals `NaN`, not even itself; use `Number.isNaN`",
        languages=languages,
        pattern=(
            r"(?P<span>[=!]==?[ \t]*(?:Number\.)?NaN\b|(?<![\w$])(?:Number\.)?NaN[ \t]*[=!]==?"
            r"|\bcase[ \t]+NaN\b)"
        ),
        triggers=(r"\bNaN\b",),
    )


# invalid-typeof


_TYPES = ("undefined", "object", "boolean", "number", "string", "function", "symbol", "bigint")
_KIND = (
    r"(?<![\w$])typeof(?:[ \t]+|(?=\())[\w$.\[\]()]{1,80}[ \t]*[=!]==?[ \t]*(?P<span>(?P<quote"
    r">[\"'])(?P<name>[^"
    r"\"'\n]{0,40})(?P=quote))"
)
_KIND_FIRST = (
    r"(?P<span>(?P<quote>[\"'])(?P<name>[^\"'\n]{0,40})(?P=quote))"
    r"[ \t]*[=!]==?[ \t]*(?P<word>typeof)(?![\w$])"
)


def _kinds(line: Line, options: Options) -> Iterator[Candidate]:
    for match in islice(regex(_KIND).finditer(line.only(_WRITTEN)), MOST):
        if line.zone_at(match.start()) & Zone.CODE:
            yield Candidate(*match.span("span"), {"name": match["name"]}, value=match["name"])
    for match in islice(regex(_KIND_FIRST).finditer(line.only(_WRITTEN)), MOST):
        if line.zone_at(match.start("word")) & Zone.CODE:
            yield Candidate(*match.span("span"), {"name": match["name"]}, value=match["name"])


def _is_kind(line: Line, candidate: Candidate, options: Options) -> bool:
    # Old engines answered `unknown`, and asking for it is right there.
    return candidate.value in (*_TYPES, "unknown")


def kind_rule(languages: tuple[str, ...]) -> Rule:
    """`invalid-typeof` for languages."""
    return Rule(
        id="typescript/invalid-typeof",
        severity=Severity.WARNING,
        message="`typeof` never gives `{name}`; compare with one of its eight names",
        languages=languages,
        zones=Zone.CODE | Zone.STRING,
        check=_kinds,
        triggers=(
            r"\btypeof[ \t]*[\w$.\[\]()]{1,80}[ \t]*[=!]=",
            r"[\"'][ \t]*[=!]==?[ \t]*typeof\b",
        ),
        excuses=(Excuse("known", _is_kind),),
    )


# negated-relation


_RELATION = (
    r"(?:^|[(=&|?:,;{]|\breturn\b)[ \t]*(?P<open>\(?)(?P<span>![ \t]*(?:[\w$.]{1,80}(?:\[[^\[\]]{"
    r"0,40}\])?|\"[^\"\n]{0,80}\"|'[^'\n]{0,80}')(?P<close>\)?)[ \t]+(?P<name>in|instanceof))[ \t]+[\w$(\[]"
)


def _relations(line: Line, options: Options) -> Iterator[Candidate]:
    for match in islice(regex(_RELATION).finditer(line.only(_WRITTEN)), MOST):
        if line.zone_at(match.start("name")) & Zone.CODE and line.zone_at(match.start("span")) & Zone.CODE:
            yield Candidate(*match.span("span"), {"name": match["name"]}, value=match["close"])


def _is_grouped(line: Line, candidate: Candidate, options: Options) -> bool:
    return bool(candidate.value)


def relation_rule(languages: tuple[str, ...]) -> Rule:
    """`negated-relation` for languages."""
    return Rule(
        id="typescript/negated-relation",
        severity=Severity.WARNING,
        message="`!` negates the left side, not `{name}`; write `!(a {name} b)`",
        languages=languages,
        check=_relations,
        triggers=(
            r"![ \t]*[\w$.\[\])]{1,120}[ \t]+(?:in|instanceof)[ \t]",
            r"![ \t]*(?:\"[^\"\n]{0,80}\"|'[^'\n]{0,80}')[ \t]+in[ \t]",
        ),
        excuses=(Excuse("grouped", _is_grouped),),
    )


# async-promise-executor


def _is_tried(line: Line, candidate: Candidate, options: Options) -> bool:
    """All that it does stands in a `try`."""
    call = read_call(line, candidate.end)
    body = regex(r"(?:=>|\))[ \t\n]{0,80}\{").search(call.code, 1)
    return body is not None and regex(r"\s{0,200}try\b").match(call.code, body.end()) is not None


def executor_rule(languages: tuple[str, ...]) -> Rule:
    """`async-promise-executor` for languages."""
    return Rule(
        id="typescript/async-promise-executor",
        severity=Severity.WARNING,
        message="what an `async` executor throws is lost and the promise never settles; make the promise from"
        " the async function itself",
        languages=languages,
        pattern=r"(?P<span>\bnew[ \t]+Promise(?:<[^()\n]{0,80}>)?)\([ \t]*async\b",
        triggers=(r"\bPromise[^(\n]{0,80}\([ \t]*async\b",),
        excuses=(Excuse("tried", _is_tried),),
        after=20,
    )
