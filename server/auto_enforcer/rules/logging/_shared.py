"""What the logging rules of several languages share: reading calls, and the excuses of one that prints."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from auto_enforcer.model import (
    Candidate,
    Check,
    Edit,
    Excuse,
    Fact,
    Fix,
    Line,
    Options,
    Rule,
    Severity,
    Zone,
)
from auto_enforcer.rules._calls import CALL as CALL
from auto_enforcer.rules._calls import arguments as arguments
from auto_enforcer.rules._calls import at_top as at_top
from auto_enforcer.rules._calls import read_call as read_call
from auto_enforcer.rules._common import regex, words

FUNCTION = r"\b(?:fun|func|fn|function|def)[ \t]+(?:\([^()]*\)[ \t]*)?(?:self\.|&|[\w<>]+\.)?(\w+)"
"""The header of a function in languages that say so; group 1: its name."""

METHOD = (
    r"^[ \t]*(?!(?:return|new|throw|else|await|yield|if|for|while|case|package|import)\b)"
    r"(?:[\w<>\[\],.?@:&*]+[ \t]+){1,8}(\w+)[ \t]*\([^;]*$"
)
"""The header of a method in Java and its like; group 1: its name."""

WINDOW = 50
"""Lines above a call in which the function that holds it is sought."""

MOST_CALLS = 32
"""Calls that are judged on a line: a bound for one that is made of nothing else."""

LOGGER = (
    r"(?:(?:(?<![A-Za-z0-9])[lL]|(?<=[a-z0-9])L)og(?:ger|ging|s)?"
    r"|(?<![A-Za-z0-9])LOG(?:GER)?)(?![A-Za-z0-9])_?"
)
"""The end of a name that means a logger: `log`, `_logger`, `auditLog`, `LOG`; not `dialog`, `login`."""

LOGGER_TRIGGER = r"(?:[lL]og(?:ger|ging|s)?|LOG(?:GER)?)_?"
"""What all that LOGGER matches looks like, in the scanner's syntax."""


def vocabulary(text: str) -> frozenset[str]:
    """The words of a text, each once."""
    return frozenset(text.split())


def anywhere(name: str) -> Excuse:
    """The excuse that a fact of that name holds for the file."""

    def speaks(line: Line, candidate: Candidate, options: Options) -> bool:
        return name in line.file.anywhere

    return Excuse(name, speaks)


SHEBANG = anywhere("shebang")
MAIN_GUARD = anywhere("main-guard")
ARGUMENT_PARSER = anywhere("argument-parser")


def main_guard(pattern: str) -> Fact:
    """The fact that a file can be run as a program."""
    return Fact("main-guard", pattern, anywhere=True)


def argument_parser(pattern: str) -> Fact:
    """The fact that a file reads the arguments of a command."""
    return Fact("argument-parser", pattern, anywhere=True)


_CONDITION = r"(?i)\b(?:if|elif|unless|when|while|switch|guard)\b"
_SWITCH = (
    r"(?i:(?:verbos|debug|trace|quiet|silent|\bdev\b|__dev"
    r"|(?<![a-z])log|node_env|interactive|isatty|dry_?run|profil|(?<![a-z])print|show|enabled|\bdisplay))"
)


_SWITCHED_BEHIND = (
    r"(?i)[)\"'\w?][ \t]+(?:if|unless)[ \t]+[@\w.]{0,40}(?:verbos|debug|quiet|silent)\w*[?!]?[ \t]*$"
)
"""What Ruby writes behind a call to switch it."""


def _is_switched(line: Line, candidate: Candidate, options: Options) -> bool:
    """It stands under an `if` about debugging or verbosity: somebody can switch it off."""
    start = candidate.start
    if (
        _asks(line.text[:start])
        or regex(_SWITCHED_BEHIND).search(line.text, start)
        or regex(r"(?i)(?:debug|verbose)\w*[ \t]*(?:&&|and\b)").search(
            line.text, max(0, start - _HEADER), start
        )
    ):
        return True
    indent = _indent(line.text)
    for above in line.before(WINDOW) if indent else ():
        text = above.text
        if not text.strip():
            continue
        depth = _indent(text)
        if depth >= indent:
            continue
        indent = depth
        if _asks(text[:_HEADER]):
            return True
        if depth == 0:
            break
    return False


def _asks(text: str) -> bool:
    """Whether a condition in the text is about debugging or verbosity."""
    condition = regex(_CONDITION).search(text)
    return condition is not None and regex(_SWITCH).search(text, condition.end()) is not None


SWITCHED = Excuse("switched", _is_switched)
"""Under an `if debug`, `if (verbose)`: it is output that somebody can switch."""


def _ends_program(line: Line, candidate: Candidate, options: Options) -> bool:
    """What is printed is a program's last word: the statement below ends it."""
    start = _indent(line.text)
    for below in line.after(4):
        text = below.text.strip()
        if text and _indent(below.text) <= start:
            return regex(_EXITS).match(text) is not None
    return False


_EXITS = (
    r"(?:(?:Kernel\.)?exit!?(?:[ \t]*\(|[ \t]+[\w-]|;?$)|(?:std::)?process::exit\(|System\.exit\(|os\.Exit\("
    r"|exitProcess\(|Environment\.Exit\()"
)

ENDS_PROGRAM = Excuse("exit", _ends_program)
"""Only a program may end itself, and says why before."""


PRINTING = vocabulary(
    "print prints printer printf println printfln pprint show shows display displays dump dumps usage help"
    " version main"
    " log logs logger logging echo warn warning error err info debug trace verbose report output out write"
    " banner prompt progress status summary notify say puts inform emit format fatal fail console"
    " stdout describe list repl interactive demo test tests selftest run cli cmd command commands handle"
    " do timing timer benchmark"
)
"""Words that tell, as the first or the last of a function's name, that it prints: that is its work."""


_LOGGERS = vocabulary("log logger logging console reporter printer progress")
"""Words of a class's name that tell that it prints."""


def printing_function(header: str, count: int = WINDOW) -> Excuse:
    """The excuse that the function around says by its name that it prints. `header` matches the first line of
    a function; its groups catch the name."""

    def speaks(line: Line, candidate: Candidate, options: Options) -> bool:
        own = regex(header).search(line.text[: min(candidate.start, _HEADER)])
        if own is not None:
            return _prints(own.group(own.lastindex or 0))
        indent = _indent(line.text)
        for above in line.before(count) if indent else ():
            text = above.text
            depth = _indent(text)
            if depth >= indent or not text.strip():
                continue
            indent = depth
            found = regex(header).search(text[:_HEADER])
            if found is not None:
                if _prints(found.group(found.lastindex or 0)):
                    return True
            elif "class " in text:
                named = regex(r"\bclass[ \t]+(\w+)").search(text[:_HEADER])
                if named is not None and not _LOGGERS.isdisjoint(words(named[1])):
                    return True
            if depth == 0 and text[0] not in "})]":
                break
        return False

    return Excuse("printing-function", speaks)


_HEADER = 300
"""Characters of a line in which a function's name is sought."""


def _prints(name: str) -> bool:
    parts = words(name)
    return bool(parts) and (parts[0] in PRINTING or parts[-1] in PRINTING)


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip())


def _is_definition(line: Line, candidate: Candidate, options: Options) -> bool:
    before = line.only(Zone.CODE)[: candidate.start]
    return (
        regex(r"\b(?:def|fun|func|fn|function|sub|void|override)[ \t]+(?:\w+\.|&)?$").search(before)
        is not None
    )


DEFINITION = Excuse("definition", _is_definition)
"""It is defined here, not called."""


def removal(line: Line, start: int, end: int, nothing: str = "") -> tuple[Fix, ...]:
    """The fix that removes a statement which has its line to itself; `nothing` stands in its place where it
    is all that a block has. No fix where a header without braces stands above."""
    text = line.text
    rest = text[end:].strip().strip(";")
    if text[:start].strip() or rest:
        return ()
    above = next((one.only(Zone.CODE).rstrip() for one in line.before(5) if one.text.strip()), "")
    if not nothing:
        alone = regex(
            r"(?:\belse|\bdo|=>|^[ \t]*(?:\}[ \t]*)?(?:else[ \t]+)?(?:if|for|while)\b.*\))$"
        ).search(above)
        return () if alone else (_REMOVED,)
    if not above.endswith(":"):
        return (_REMOVED,)
    below = next((one.text for one in line.after(5) if one.text.strip()), "")
    if below and _indent(below) >= start:
        return (_REMOVED,)
    stop = len(text.rstrip())
    return (Fix(f"Replace it by `{nothing}`", True, (Edit(0, start, 0, stop, nothing),)),)


_REMOVED = Fix("Remove the line", True, (Edit(0, 0, 1, 0, ""),))


def printing(pattern: str) -> Check:
    """A check for calls that print: group `span` of the pattern is marked, or `handed`, a function that
    prints and is given to another."""

    def check(line: Line, options: Options) -> Iterator[Candidate]:
        for match in islice(regex(pattern).finditer(line.only(Zone.CODE)), MOST_CALLS):
            name = "span" if match["span"] else "handed"
            yield Candidate(*match.span(name), value=match[name])

    return check


def stopping(pattern: str) -> Callable[[Line, Options], Iterator[Candidate]]:
    """A check for calls that stop: group `span` of the pattern is marked."""

    def check(line: Line, options: Options) -> Iterator[Candidate]:
        for match in islice(regex(pattern).finditer(line.only(Zone.CODE)), MOST_CALLS):
            start, end = match.span("span")
            rest = regex(r"[ \t]*\([ \t]*\)").match(line.text, end)
            fixes = removal(line, start, rest.end() if rest else end)
            yield Candidate(start, end, {"call": line.text[start:end]}, fixes)

    return check


def breakpoint_rule(
    languages: tuple[str, ...],
    check: Callable[[Line, Options], Iterable[Candidate]],
    triggers: tuple[str, ...],
    *,
    excuses: tuple[Excuse, ...] = (),
    facts: tuple[Fact, ...] = (),
) -> Rule:
    """The rule against a call that stops the program for a debugger."""
    return Rule(
        id="logging/breakpoint-call",
        severity=Severity.BLOCKED,
        message="`{call}` is left from debugging; remove it",
        languages=languages,
        check=check,
        triggers=triggers,
        excuses=excuses,
        facts=facts,
        before=5,
        after=5,
    )


def system_out_rule(
    languages: tuple[str, ...],
    pattern: str,
    message: str,
    triggers: tuple[str, ...],
    *,
    excuses: tuple[Excuse, ...],
    facts: tuple[Fact, ...],
) -> Rule:
    """The rule against printing to the standard output where a logger belongs."""
    return Rule(
        id="logging/system-out-call",
        severity=Severity.WARNING,
        message=message,
        languages=languages,
        optional=True,
        check=printing(pattern),
        triggers=triggers,
        excuses=(*excuses, ENDS_PROGRAM),
        facts=facts,
        before=WINDOW,
        after=CALL,
    )
