"""Calls that do more, or something else, than is meant."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from auto_enforcer.model import Candidate, Edit, Excuse, Fix, Line, Options, Rule, Severity
from auto_enforcer.rules._common import regex
from auto_enforcer.rules.python._reading import (
    CODE,
    MOST,
    VALUES,
    arguments,
    closing,
    open_brackets,
    without_nested,
)

_BELOW, _ABOVE = 12, 12

_CONSUMERS = "sum|any|all|min|max|set|frozenset|sorted|dict|list"
_LISTED = rf"(?<![\w.])(?P<call>{_CONSUMERS})\([ \t]*\["
_CALLED = rf"\b(?:{_CONSUMERS})\("
_GENERATED = r"(?<![\w.])(?P<call>list|set)\((?![ \t]*[\[\]){(*])"


def _listed(line: Line, options: Options) -> Iterator[Candidate]:
    yield from _listed_below(line)
    if regex(_CALLED).search(line.text) is None:
        return
    code = line.only(CODE)
    for found in islice(regex(_LISTED).finditer(code), MOST):
        inner = closing(line, found.end() - 1, _BELOW)
        outer = closing(line, found.end("call"), _BELOW)
        if inner is None or outer is None:
            continue
        text = _between(line, found.end(), inner)
        if not regex(r"\bfor\b.*\bin\b").search(without_nested(text).replace("\n", " ")):
            continue
        rest = _between(line, inner[1] + 1, outer, inner[0]).strip()
        if rest and not rest.startswith(","):
            continue
        fixes: tuple[Fix, ...] = ()
        if not rest and found["call"] == "set":
            edits = (
                Edit(0, found.start(), 0, found.end(), "{"),
                Edit(*inner, outer[0], outer[1] + 1, "}"),
            )
            fixes = (Fix("Write it as a comprehension", False, edits),)
        elif not rest and found["call"] != "list":
            edits = (Edit(0, found.end() - 1, 0, found.end(), ""), Edit(*inner, inner[0], inner[1] + 1, ""))
            fixes = (Fix("Hand on a generator", False, edits),)
        elif not rest:
            edits = (
                Edit(0, found.start(), 0, found.end() - 1, ""),
                Edit(*outer, outer[0], outer[1] + 1, ""),
            )
            fixes = (Fix("Keep the list alone", False, edits),)
        advice = "makes a list of a list" if found["call"] == "list" else "makes a list and throws it away"
        advice += "; leave the brackets out" if found["call"] != "list" else "; leave `list` out"
        yield Candidate(
            *found.span(),
            {"written": found["call"] + "([…])", "advice": advice},
            fixes,
            value=without_nested(text),
        )
    for found in islice(regex(_GENERATED).finditer(code), MOST):
        outer = closing(line, found.end() - 1, _BELOW)
        if outer is None:
            continue
        own = without_nested(_between(line, found.end(), outer))
        if not regex(r"\bfor\b.*\bin\b").search(own.replace("\n", " ")) or "," in own.partition(" for ")[0]:
            continue
        brackets = "[]" if found["call"] == "list" else "{}"
        edits = (
            Edit(0, found.start(), 0, found.end(), brackets[0]),
            Edit(*outer, outer[0], outer[1] + 1, brackets[1]),
        )
        details = {
            "written": found["call"] + "(… for …)",
            "advice": f"is a comprehension; write `{brackets[0]}… for …{brackets[1]}`",
        }
        fix = Fix("Write it as a comprehension", False, edits)
        yield Candidate(found.start(), found.end(), details, (fix,), value=own)


_CONSUMER = rf"(?<![\w.])(?P<call>{_CONSUMERS})\([ \t]*$"


def _listed_below(line: Line) -> Iterator[Candidate]:
    """A list that begins on the line below the call's name."""
    begin = len(line.text) - len(line.text.lstrip())
    if not line.text.startswith("[", begin) or not line.text_before(1).rstrip().endswith("("):
        return
    above = next(iter(line.before(1)), None)
    consumer = regex(_CONSUMER).search(above.only(CODE)) if above is not None else None
    end = closing(line, begin, _BELOW) if consumer is not None else None
    if consumer is None or end is None:
        return
    own = without_nested(_between(line, begin + 1, end))
    lines = (line, *line.after(_BELOW))
    rest = lines[end[0]].only(CODE)[end[1] + 1 :].strip()
    below = lines[end[0] + 1].only(CODE).strip() if not rest and end[0] + 1 < len(lines) else ""
    if not regex(r"\bfor\b.*\bin\b").search(own.replace("\n", " ")) or (rest or below)[:1] not in (")", ","):
        return
    fixes: tuple[Fix, ...] = ()
    if (rest or below)[:1] == ")" and consumer["call"] not in ("list", "set"):
        edits = (Edit(0, begin, 0, begin + 1, ""), Edit(*end, end[0], end[1] + 1, ""))
        fixes = (Fix("Hand on a generator", False, edits),)
    details = {
        "written": consumer["call"] + "([…])",
        "advice": "makes a list and throws it away; leave the brackets out",
    }
    yield Candidate(begin, begin + 1, details, fixes, value=own)


def _between(line: Line, start: int, end: tuple[int, int], first: int = 0) -> str:
    """The code from a column of the line `first` below up to an end."""
    pieces = []
    for number, one in enumerate((line, *line.after(end[0]))):
        if number >= first:
            pieces.append(
                one.only(CODE)[start if number == first else 0 : end[1] if number == end[0] else None]
            )
    return "\n".join(pieces)


def _is_async(line: Line, candidate: Candidate, options: Options) -> bool:
    """A generator that waits is an asynchronous one, which these do not take."""
    end = closing(line, candidate.end - 1, _BELOW)
    return (
        end is not None
        and regex(r"\b(?:await|async|yield)\b").search(_between(line, candidate.end, end)) is not None
    )


_STARRED = r"(?P<star>(?:(?<=,)|(?<=, )|^[ \t]*)\*(?!\*)[A-Za-z_(\[])"


def _starred(line: Line, options: Options) -> Iterator[Candidate]:
    text = line.text
    if regex(r"[ \t]*(?:async[ \t]+)?def\b").match(text):
        return
    # Most stars have no keyword before them, which is seen without taking the line apart.
    before = text[: text.rfind("*")]
    if "=" not in before and (before.count("(") > before.count(")") or "=" not in line.text_before(_ABOVE)):
        return
    code = line.only(CODE)
    for found in islice(regex(_STARRED).finditer(code), MOST):
        at = found.end() - 2
        opened = next(open_brackets(line, at, _ABOVE), None)
        if opened is None or opened.bracket != "(":
            continue
        called = regex(r"(?:(?P<kind>\b(?:def|class)[ \t]+)?(?P<name>[\w.]+)|[)\]])[ \t]*$").search(
            opened.before
        )
        if called is None or called["kind"] or called["name"] in _NO_CALLS or "lambda" in opened.inside:
            continue
        if regex(r"(?:^|,)\s*(?!lambda)[A-Za-z_]\w*[ \t]*=(?!=)").search(opened.inside):
            name = regex(r"\*[\w.]+").match(code, at)
            yield Candidate(at, name.end() if name else at + 1, {"given": name[0] if name else "*…"})


_NO_CALLS = (
    "if",
    "in",
    "and",
    "or",
    "not",
    "return",
    "lambda",
    "for",
    "while",
    "elif",
    "assert",
    "is",
)


def _cached(line: Line, options: Options) -> Iterator[Candidate]:
    code = line.only(CODE)
    for found in regex(r"\blru_cache\([ \t]*(?:maxsize[ \t]*=[ \t]*)?None\b[^()]*\)").finditer(code):
        yield Candidate(
            *found.span(), {"written": "lru_cache(maxsize=None)", "what": "keeps every answer for good"}
        )
    split = regex(r"[ \t]*(?P<span>(?:maxsize[ \t]*=[ \t]*)?None)[ \t]*(?:,|\)|$)").match(code)
    if split is not None:
        around = next(open_brackets(line, split.start("span"), 4), None)
        if around is not None and regex(r"\blru_cache$").search(around.before):
            details = {"written": "lru_cache(maxsize=None)", "what": "keeps every answer for good"}
            yield Candidate(*split.span("span"), details)
    cached = regex(r"[ \t]+@((?:functools\.)?cache)[ \t]*$").match(code)
    if cached is not None:
        what = "keeps every instance alive that it was called on"
        yield Candidate(*cached.span(1), {"written": "cache", "what": what}, value="method")


def _is_function(line: Line, candidate: Candidate, options: Options) -> bool:
    """`@cache` on what is no method of an instance."""
    header = _header(line)
    return candidate.value == "method" and (header is None or not regex(r"[^(]*\([ \t]*self\b").match(header))


def _has_no_arguments(line: Line, candidate: Candidate, options: Options) -> bool:
    """A function without arguments has one answer."""
    header = _header(line)
    return header is not None and regex(r"[^(]*\([ \t]*\)").match(header) is not None


def _is_bounded(line: Line, candidate: Candidate, options: Options) -> bool:
    """The comment above says how many answers there can be, or why they may stay."""
    for one in line.before(_ABOVE):
        comment = one.text.strip()
        if not comment.startswith("#"):
            return False
        if regex(r"(?i)\b(?:bound|limit|grow|at most|cache size|number of|only (?:ever )?called)").search(
            comment
        ):
            return True
    return False


def _header(line: Line) -> str | None:
    """The `def` below a decorator."""
    for one in line.after(4):
        text = one.only(CODE).strip()
        if regex(r"(?:async[ \t]+)?def\b").match(text):
            return text
        if text and text[0] not in "@#)":
            return None
    return None


_READ = (
    r"\bfor\b[^\n]*\bin\b[^\n]*?(?P<span>\.readlines\(\)"
    r"|\.read(?:_text)?\([^()]*\)\.(?:splitlines|split)\([^()]*\))[ \t]*(?:\)[ \t]*)?(?::|\]|\)|$|if\b)"
)


def _read_whole(line: Line, options: Options) -> Iterator[Candidate]:
    values = line.only(VALUES)
    for found in islice(regex(_READ).finditer(values), MOST):
        split = regex(r".*\.split\([ \t]*(.*?)\)$").match(found["span"])
        if split and split[1] not in (r'"\n"', r"'\n'"):
            continue
        fixes: tuple[Fix, ...] = ()
        if found["span"] == ".readlines()":
            fixes = (
                Fix(
                    "Loop over the file", False, (Edit(0, *found.span("span")[:1], 0, found.end("span"), ""),)
                ),
            )
        yield Candidate(*found.span("span"), {"written": found["span"][1:].partition("(")[0] + "()"}, fixes)


_FLAG = (
    r"(?:^|\|)[ \t]*re(?:gex)?\.(?:I|IGNORECASE|M|MULTILINE|S|DOTALL|X|VERBOSE|A|ASCII|U|UNICODE|L|LOCALE)\b"
)


def _misplaced_flags(line: Line, options: Options) -> Iterator[Candidate]:
    code = line.only(CODE)
    calls = regex(r"(?<![\w.])re(?:gex)?\.(?P<name>subn?|split)\(").finditer(code)
    for found in islice(calls, MOST):
        end = closing(line, found.end() - 1, _BELOW)
        if end is None:
            continue
        given = arguments("(" + _between(line, found.end(), end) + ")")
        place = 2 if found["name"] == "split" else 3
        if len(given) > place and all("=" not in one for one in given) and regex(_FLAG).search(given[place]):
            name = "maxsplit" if found["name"] == "split" else "count"
            yield Candidate(found.start(), found.end() - 1, {"call": found[0][:-1], "name": name})


_STRIP = r"\.(?P<call>[lr]?strip)\((?P<quote>[\"'])(?P<text>[^\"'\\\n]{3,40})(?P=quote)\)"


def _stripped(line: Line, options: Options) -> Iterator[Candidate]:
    values, code = line.only(VALUES), line.only(CODE)
    for found in regex(_STRIP).finditer(values):
        if code[found.start()] != "." or not _is_word(found["text"]):
            continue
        better = {"lstrip": "removeprefix", "rstrip": "removesuffix"}.get(found["call"])
        advice = f"`{better}`" if better else "`removeprefix` and `removesuffix`"
        fixes: tuple[Fix, ...] = ()
        if better:
            edit = Edit(0, found.start("call"), 0, found.end("call"), better)
            fixes = (Fix(f"Call `{better}`", False, (edit,)),)
        yield Candidate(
            found.start("call"), found.end() - 1, {"call": found["call"], "advice": advice}, fixes
        )


def _is_word(text: str) -> bool:
    """A word, an ending or an address: characters in an order, not a set of them."""
    if regex(r"\.[A-Za-z]\w{1,5}|[a-z]+\.|[a-z]+://|[_-][a-z]{2,}|[a-z]{2,}[_-]").fullmatch(text):
        return True
    letters = [character for character in text.lower() if character.isalpha()]
    ordered = letters == sorted(letters) or regex(r"[A-Za-z]-[A-Za-z]").search(text)
    return len(set(text)) < len(text) and len(set(letters)) >= 2 and not ordered


_TASK = (
    r"[ \t]*(?P<span>(?:asyncio\.|(?:\w+\.)?(?:get_running_loop|get_event_loop)\(\)\.|(?:\w+\.)?loop\.)?"
    r"(?:create_task|ensure_future))\("
)


def _forgotten(line: Line, options: Options) -> Iterator[Candidate]:
    code = line.only(CODE)
    found = regex(_TASK).match(code)
    if found is None:
        return
    if next(open_brackets(line, found.start("span"), _ABOVE), None) is not None or _goes_on(line):
        return
    end = closing(line, found.end() - 1, _BELOW)
    if end is None:
        return
    rest = (line, *line.after(_BELOW))[end[0]].only(CODE)[end[1] + 1 :].strip()
    if not rest:
        yield Candidate(*found.span("span"), {"call": found["span"]})


def _goes_on(line: Line) -> bool:
    above = next(iter(line.before(1)), None)
    return above is not None and above.text.rstrip().endswith(("\\", "=", "(", ","))


_BLOCKING = (
    r"(?<![\w.])(?P<span>time\.sleep|requests\.(?:get|post|put|patch|delete|head|options|request)"
    r"|urllib\.request\.urlopen|subprocess\.(?:run|call|check_call|check_output)|os\.(?:system|popen|wait)"
    r"|httpx\.(?:get|post|put|patch|delete|head|options|request))\("
)


def _blocking(line: Line, options: Options) -> Iterator[Candidate]:
    for found in islice(regex(_BLOCKING).finditer(line.only(CODE)), MOST):
        if _in_coroutine(line):
            yield Candidate(*found.span("span"), {"call": found["span"]})


def _in_coroutine(line: Line) -> bool:
    """Whether the nearest function around a line is an asynchronous one."""
    indent = len(line.text) - len(line.text.lstrip())
    for text in line.text_before(_AROUND).split("\n"):
        stripped = text.lstrip()
        depth = len(text) - len(stripped)
        if stripped and depth < indent and stripped[0] not in "#)]}\"'":
            indent = depth
            header = regex(r"(async[ \t]+)?def\b|class\b").match(stripped)
            if header is not None:
                return header[1] is not None
    return False


_AROUND = 50


def _is_handed_over(line: Line, candidate: Candidate, options: Options) -> bool:
    """It runs in a thread of its own, or later."""
    return (
        regex(r"\b(?:lambda|to_thread|run_in_executor|run_sync|partial)\b").search(
            line.only(CODE)[: candidate.start]
        )
        is not None
    )


RULES = (
    Rule(
        id="python/blocking-call-in-coroutine",
        severity=Severity.WARNING,
        message="`{call}` holds up every other coroutine; await one that does not, or run it in a thread",
        languages=("python",),
        check=_blocking,
        triggers=(_BLOCKING.replace(r"(?<![\w.])", "").replace("(?P<span>", "(?:"),),
        excuses=(Excuse("handed-over", _is_handed_over),),
        before=_AROUND,
    ),
    Rule(
        id="python/list-where-generator-serves",
        severity=Severity.WARNING,
        message="`{written}` {advice}",
        languages=("python",),
        check=_listed,
        triggers=(
            rf"\b(?:{_CONSUMERS})\([ \t]*\[",
            r"\b(?:list|set)\([^\n]*\bfor\b",
            r"^[ \t]*\[[ \t]*$",
            r"^\[[^\n]*[ \t]for[ \t]",
            r"^[ \t]+\[[^\n]*[ \t]for[ \t]",
        ),
        excuses=(Excuse("async", _is_async),),
        before=1,
        after=_BELOW,
    ),
    Rule(
        id="python/star-arg-after-keyword",
        severity=Severity.WARNING,
        message="`{given}` is given before the keyword arguments that stand before it; put it first",
        languages=("python",),
        check=_starred,
        # What stands right before the star on its line is given by a name, or ends what was.
        triggers=(r"[=)\]}\"'][^,()\n]*,[ \t]*\*[A-Za-z_(\[]", r"^[ \t]*\*[A-Za-z_(\[]"),
        before=_ABOVE,
    ),
    Rule(
        id="python/unbounded-cache",
        severity=Severity.WARNING,
        message="`{written}` {what}; give it a `maxsize`, or keep the answers where they are let go",
        languages=("python",),
        check=_cached,
        triggers=(
            r"\blru_cache\([ \t]*(?:maxsize[ \t]*=[ \t]*)?None\b",
            r"^[ \t]+@(?:functools\.)?cache\b",
            r"^[ \t]*maxsize[ \t]*=[ \t]*None\b",
        ),
        before=_ABOVE,
        excuses=(
            Excuse("no-arguments", _has_no_arguments),
            Excuse("function", _is_function),
            Excuse("bounded", _is_bounded),
        ),
        after=4,
    ),
    Rule(
        id="python/whole-file-read",
        severity=Severity.WARNING,
        message="`{written}` holds the whole file for a loop over its lines; loop over the file itself",
        languages=("python",),
        check=_read_whole,
        triggers=(r"\bfor\b[^\n]*\.(?:readlines\(\)|read(?:_text)?\()",),
        optional=True,
    ),
    Rule(
        id="python/flags-as-count",
        severity=Severity.BLOCKED,
        message="`{call}` takes the flag for its `{name}` here; write `flags=…`",
        languages=("python",),
        check=_misplaced_flags,
        triggers=(r"\bre(?:gex)?\.(?:subn?|split)\(",),
        after=_BELOW,
    ),
    Rule(
        id="python/strip-of-word",
        severity=Severity.WARNING,
        message="`{call}` takes a set of characters, not a word; call {advice}",
        languages=("python",),
        check=_stripped,
        triggers=(r"\.[lr]?strip\([\"'][^\"'\\\n]{3,40}[\"']\)",),
    ),
    Rule(
        id="python/forgotten-task",
        severity=Severity.WARNING,
        message="nothing holds what `{call}` returns, so the task may vanish before it ends; keep it",
        languages=("python",),
        check=_forgotten,
        triggers=(r"\b(?:create_task|ensure_future)\(",),
        before=_ABOVE,
        after=_BELOW,
    ),
)
