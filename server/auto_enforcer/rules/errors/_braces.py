"""Empty `catch` blocks of the languages that write them with braces."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from auto_enforcer.model import Candidate, Check, Excuse, Line, NamedTuple, Options, Rule
from auto_enforcer.rules._common import regex
from auto_enforcer.rules.errors._shared import (
    COMMENT,
    EXPLAINS,
    all_idioms,
    all_probes,
    braced_comment,
    gives_back,
    handler_rules,
    last_name,
    leaves,
    leniently,
    onward,
    says_why,
    tried_block,
)

TRIGGER = r"\bcatch\b[^{\n]*(?:\{[ \t]*(?:[/}#;]|Unit\b|$)|$)"
"""An empty block on its line, or a header whose block goes on below."""

_NAMED = 8
"""Lines above a handler in which the name of its function is sought."""

HEADER = r"((?<![.\w$])catch\b[ \t]*(?:\(([^(){}]{0,300})\)[ \t]*)?)(when[ \t]*\([^{}]{0,300}?\)[ \t]*)?(?:\{|(?://.*|/\*.*)?$)"
"""Group 1: what is marked; group 2: what is caught; group 3: C#'s filter."""


class Dialect(NamedTuple):
    """How a language writes its handlers. `broad` are the last names of the types that take everything."""

    language: tuple[str, ...]
    broad: tuple[str, ...]
    header: str = HEADER
    trigger: str = TRIGGER
    hashes: bool = False
    """Whether `#` begins a comment."""
    name_first: bool = False
    """Whether the caught name stands before its type (`e: Exception`)."""
    separators: str = r"\||,"
    """What stands between several types."""


def swallowing_rules(dialect: Dialect) -> tuple[Rule, Rule]:
    """The rules for a language whose handlers say what they catch."""
    return handler_rules(
        dialect.language,
        broad=_check(dialect, broad=True),
        broad_triggers=(dialect.trigger,),
        broad_excuses=(COMMENT, EXPLAINED, NAMED, CLEAN_UP),
        narrow=_check(dialect, broad=False),
        narrow_triggers=(dialect.trigger,),
        narrow_excuses=(IDIOM, COMMENT, EXPLAINED, NAMED, CLEAN_UP, FALLBACK, PROBE, BESIDE),
    )


def empty_handlers(line: Line, dialect: Dialect) -> Iterator[tuple[Candidate, Sequence[str], bool]]:
    """The handlers of a line that do nothing, what each catches, and whether a filter narrows it. The
    candidate's value holds the comments."""
    for header in regex(dialect.header).finditer(line.text):
        comment = _comment(line, header.end(), dialect)
        if comment is None:
            continue
        start, end = header.span(1)
        end = start + len(header[1].rstrip())
        handler = " ".join(line.text[start:end].split())
        caught = _types(header[2] or "", dialect)
        yield Candidate(start, end, {"handler": handler}, value=comment), caught, bool(header[3])


def _comment(line: Line, column: int, dialect: Dialect) -> str | None:
    if line.text[column - 1 : column] == "{":
        if dialect.name_first and regex(r"[ \t]*Unit[ \t]*\}").match(line.text, column):
            return ""
        # Most handlers do something, which the next line shows: that is looked at first, for there are many.
        if len(line.text) == column and line.text_after(1).lstrip(" \t;")[:1] not in ("", "}", "/", "#"):
            return None
        return braced_comment(onward(line), column, dialect.hashes)
    texts = onward(line)
    header = next(texts)
    below = next((text for text in texts if text.strip()), "")
    opened = regex(r"[ \t]*\{").match(below)
    if opened is None:
        return None
    inside = braced_comment(chain((below,), texts), opened.end(), dialect.hashes)
    comments = regex(r"(?://|/\*).*").findall(header)
    return None if inside is None else "\n".join([*comments, inside])


def _types(caught: str, dialect: Dialect) -> list[str]:
    names = []
    for part in regex(dialect.separators).split(caught):
        words = regex(
            r"\bfinal\b|\bconst\b|\bvolatile\b|\blet\b(?:[ \t]+\w+)?|\b(?:as|is)\b|@\w+(?:\([^)]*\))?|[&*]"
        ).sub(" ", part)
        if dialect.name_first:
            words = words.partition(":")[2] or words
        found = words.split()
        names.append(last_name(found[0]).partition("<")[0] if found else "")
    return names


def _check(dialect: Dialect, broad: bool) -> Check:
    def check(line: Line, options: Options) -> Iterator[Candidate]:
        for candidate, caught, filtered in empty_handlers(line, dialect):
            wide = not filtered and any(name in dialect.broad for name in caught)
            if wide == broad:
                details = {**(candidate.details or {}), "caught": ", ".join(caught)}
                yield Candidate(candidate.start, candidate.end, details, value=candidate.value)

    return check


def _is_explained(line: Line, candidate: Candidate, options: Options) -> bool:
    """A comment in or above what is tried, or above the handler, speaks of failing."""
    _, comments = tried_block(line, candidate.start)
    return any(regex(EXPLAINS).search(comment) and says_why(comment) for comment in comments)


def _is_named(line: Line, candidate: Candidate, options: Options) -> bool:
    """The exception's name, or that of the function around, says that it is ignored on purpose."""
    words = regex(r"\w+").findall(line.text[candidate.start : candidate.end])
    ignored = regex(r"(?i)(?:ignore|expected|swallow|unused|dont_?care|not_?used)")
    if any(ignored.match(word) for word in words):
        return True
    quiet = regex(r"\w*(?:[Qq]uiet|[Ii]gnor|[Ss]ilent|[Ss]wallow|[Ss]uppress)\w*[ \t]*\(")
    return any(quiet.search(one.text) for one in line.before(_NAMED))


def _is_idiom(line: Line, candidate: Candidate, options: Options) -> bool:
    return all_idioms((candidate.details or {}).get("caught", "").split(", "), options)


def _is_clean_up(line: Line, candidate: Candidate, options: Options) -> bool:
    return gives_back(tried_block(line, candidate.start)[0], options)


def _is_fallback(line: Line, candidate: Candidate, options: Options) -> bool:
    return leaves(tried_block(line, candidate.start)[0])


def _stands_beside(line: Line, candidate: Candidate, options: Options) -> bool:
    """A handler below it does something about what is not expected: this one picks out what is."""
    texts = list(onward(line))
    below = "\n".join([texts[0][candidate.end :], *texts[1:]])
    while True:
        closed = regex(r"[^{}]*\{[ \t\n;]*\}[ \t\n]*(?=catch\b)").match(below)
        if closed is None:
            return False
        below = below[closed.end() :]
        if regex(r"catch\b[^{}]*\{[ \t\n]*[^\s{};/]").match(below):
            return True


def _is_probe(line: Line, candidate: Candidate, options: Options) -> bool:
    caught = (candidate.details or {}).get("caught", "").split(", ")
    code, _ = tried_block(line, candidate.start)
    statements = max(len(code) if not any(";" in text for text in code) else 0, "".join(code).count(";"))
    return all_probes(caught, options) and statements == 1


EXPLAINED = Excuse("explained", _is_explained)
NAMED = leniently(Excuse("named", _is_named))
IDIOM = Excuse("idiom", _is_idiom)
CLEAN_UP = leniently(Excuse("clean-up", _is_clean_up))
FALLBACK = leniently(Excuse("fallback", _is_fallback))
BESIDE = leniently(Excuse("beside", _stands_beside))
PROBE = leniently(Excuse("probe", _is_probe))
