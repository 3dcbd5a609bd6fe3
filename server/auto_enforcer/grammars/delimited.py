"""The grammar of languages that their row's delimiters describe whole."""

from __future__ import annotations

import re

from auto_enforcer.grammars.modes import (
    CLOSE,
    CODE,
    COMMENT,
    NOTHING,
    OPEN,
    POP,
    PUSH,
    SPLICE,
    TOKEN,
    UNTIL,
    Mode,
    Passed,
    Rule,
)
from auto_enforcer.grammars.row import Labelled, Language, Quoted

CLOSERS = {"{": "}", "(": ")", "[": "]"}


def modes(row: Language) -> dict[str, Mode]:
    """The modes that the row's delimiters make: `start`, one for each delimiter, `inside{` and the like."""
    return build(row)


def build(row: Language, more: tuple[Rule, ...] = (), passed: Passed = NOTHING) -> dict[str, Mode]:
    """As `modes`, where code knows the rules `more`, tried first, and passes over `passed`."""
    rules = (*more, *code_rules(row), *_splices(row))
    made = {
        "start": Mode(row.zone, rules, settled=True, depth=0, passed=passed),
        **delimiter_modes(row),
    }
    for quoted in row.quoted:
        if quoted.interpolation:
            opener = quoted.interpolation[-1]
            made[f"inside{opener}"] = inside(opener, rules, passed)
    return made


def inside(opener: str, rules: tuple[Rule, ...], passed: Passed = NOTHING) -> Mode:
    """Code inside a string up to the bracket that closes `opener`."""
    closer = CLOSERS[opener]
    brackets = (
        Rule(opener, f"{re.escape(opener)}++", OPEN, CODE),
        Rule(closer, f"{re.escape(closer)}++", CLOSE, CODE),
    )
    return Mode(CODE, (*rules, *brackets), depth=0, passed=passed)


def code_rules(row: Language) -> tuple[Rule, ...]:
    """What turns code, in the order in which it is tried."""
    rules = [
        Rule(
            labelled.first,
            labelled.pattern,
            UNTIL,
            labelled.zone,
            (f"until{i}", labelled.close),
            labelled.prefix,
            1,
        )
        for i, labelled in enumerate(row.labelled)
    ]
    rules.extend(_block_comments(row))
    rules.extend(
        Rule(token.first, token.pattern, TOKEN, token.zone, None, token.prefix) for token in row.tokens
    )
    rules.extend(_line_comments(row))
    for index in sorted(
        range(len(row.quoted)), key=lambda i: (-len(row.quoted[i].open), not row.quoted[i].behind)
    ):
        rules.extend(_quoted(row, index))
    return tuple(rules)


def delimiter_modes(row: Language) -> dict[str, Mode]:
    """The modes that `code_rules` opens."""
    made = {f"until{i}": _until(labelled) for i, labelled in enumerate(row.labelled)}
    for opener, closer in row.block_comments:
        close = Rule(closer[0], re.escape(closer), CLOSE, COMMENT, 1)
        nested = (Rule(opener[0], re.escape(opener), OPEN, COMMENT, 1),) if row.nested_comments else ()
        made[f"comment{opener}"] = Mode(COMMENT, (*nested, close), settled=True)
    if row.spliced:
        splice = Rule("\\", r"\\$", SPLICE, 0)
        made["line comment"] = Mode(COMMENT, (splice,), single_line=True)
    for index, quoted in enumerate(row.quoted):
        made[f"quoted{index}"] = _string(row, quoted)
    return made


def body(quoted: Quoted) -> str:
    """An expression for what is inside up to the closer, an interpolation or the line's end; possessive."""
    stops = [quoted.close or quoted.open]
    closer = _closer(quoted)
    if quoted.interpolation:
        stops.append(quoted.interpolation)
        closer += f"|{re.escape(quoted.interpolation)}"
    firsts = "".join(
        sorted({re.escape(stop[0]) for stop in stops} | {re.escape(c) for c in _escape_first(quoted)})
    )
    escape = f"{quoted.escape}|" if quoted.escape else ""
    return f"(?:[^{firsts}]++|{escape}(?!{closer})[{firsts}])*+"


def _closer(quoted: Quoted) -> str:
    """An expression for what closes the string."""
    closer = quoted.close or quoted.open
    return re.escape(closer) + (f"(?!{re.escape(closer[-1])})" if quoted.greedy else "")


def _escape_first(quoted: Quoted) -> str:
    """The characters that an escape can begin with."""
    return "".join({part.lstrip("\\")[:1] or "\\" for part in quoted.escape.split("|") if part}).replace(
        ".", "\\"
    )


def _splices(row: Language) -> tuple[Rule, ...]:
    return (Rule("\\", r"\\$", SPLICE, 0),) if row.spliced else ()


def _block_comments(row: Language) -> list[Rule]:
    rules = []
    for opener, closer in row.block_comments:
        if not row.nested_comments:
            end = re.escape(closer)
            inner = f"(?:[^{re.escape(closer[0])}]++|(?!{end})[\\s\\S])*+"
            rules.append(Rule(opener[0], f"{re.escape(opener)}{inner}{end}", TOKEN, COMMENT))
        rules.append(Rule(opener[0], re.escape(opener), PUSH, COMMENT, f"comment{opener}"))
    return rules


def _line_comments(row: Language) -> list[Rule]:
    rules = []
    if row.comment_pattern:
        first = {opener[0] for opener in row.line_comments}
        both = "".join(sorted({character for one in first for character in (one.lower(), one.upper())}))
        return [Rule(both, f"{row.comment_pattern}.*", TOKEN, COMMENT)]
    for opener in row.line_comments:
        literal = f"{row.comment_behind}{re.escape(opener)}"
        if row.spliced:
            rules.append(Rule(opener[0], f"{literal}(?:.*[^\\\\])?$", TOKEN, COMMENT))
            rules.append(Rule(opener[0], literal, PUSH, COMMENT, "line comment"))
        else:
            rules.append(Rule(opener[0], f"{literal}.*", TOKEN, COMMENT))
    return rules


def _quoted(row: Language, index: int) -> list[Rule]:
    quoted = row.quoted[index]
    behind = f"(?<={quoted.behind})" if quoted.behind else ""
    opener = f"{behind}{re.escape(quoted.open)}"
    whole = f"{opener}{body(quoted)}{_closer(quoted)}"
    return [
        Rule(quoted.open[0], whole, TOKEN, quoted.zone, None, quoted.prefix),
        Rule(quoted.open[0], opener, PUSH, quoted.zone, f"quoted{index}", quoted.prefix),
    ]


def _string(row: Language, quoted: Quoted) -> Mode:
    closer = quoted.close or quoted.open
    rules = [Rule(closer[0], _closer(quoted), POP, quoted.zone)]
    if quoted.interpolation:
        opener = quoted.interpolation
        rules.append(Rule(opener[0], re.escape(opener), PUSH, CODE, f"inside{opener[-1]}"))
    if (row.spliced or quoted.spliced) and not quoted.multiline:
        rules.append(Rule("\\", r"\\$", SPLICE, 0))
    return Mode(
        quoted.zone,
        tuple(rules),
        passed=Passed(quoted.escape, _escape_first(quoted)),
        single_line=not quoted.multiline,
        settled=quoted.settled,
        wrap=quoted.interpolation if quoted.interpolation.endswith("{") else "",
    )


def _until(labelled: Labelled) -> Mode:
    return Mode(labelled.zone, settled=labelled.settled)
