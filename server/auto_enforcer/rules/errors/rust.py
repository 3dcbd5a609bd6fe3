"""Failures that vanish in Rust: results thrown away, causes left out."""

from __future__ import annotations

from collections.abc import Iterator

from auto_enforcer.model import Candidate, Line, Options, Rule, Severity
from auto_enforcer.rules._common import regex
from auto_enforcer.rules.errors._shared import (
    CLEAN_UP_CALLS,
    COMMENT,
    IDIOMS,
    LENIENT,
    PROBES,
    WINDOW,
    braced_comment,
    onward,
)
from auto_enforcer.rules.errors._unchecked import unchecked

_ARM = r"\b(Err\((?:_\w*|[a-z]\w*)\))[ \t]*=>[ \t]*(\(\)|\{)"
_BRANCH = r"\b(if[ \t]+let[ \t]+Err\((?:_\w*|[a-z]\w*)\))[ \t]*=[ \t]*[^{}]{1,200}\{"

_FALLIBLE = (
    r"(?:\b(?:std::|tokio::)?fs::(?:write|rename|copy|create_dir|create_dir_all|set_permissions|hard_link|read\w*)"
    r"|\b(?:std::|tokio::)?fs::remove_\w+|\benv::set_current_dir|\.(?:sync_all|sync_data|set_permissions|set_len"
    r"|commit|send|try_send|write_all|write_fmt|flush|status|spawn|output|join|wait|kill|shutdown|set_nodelay"
    r"|set_nonblocking|set_(?:read|write)_timeout|connect|execute|persist|start|stop|save|close|read_exact"
    r"|read_to_end|read_to_string)|\btry_init)[ \t]*\("
)
_DISCARDED = rf"(?:^|[{{;])[ \t]*(let[ \t]+_[ \t]*=)[^;]{{0,200}}?{_FALLIBLE}"
_MADE_NOTHING = r"^[ \t]*(?!(?:let|return|break|yield)\b)[\w.:&*()\"'/, -]{1,200}(\.ok\(\));"


def _swallowed(line: Line, options: Options) -> Iterator[Candidate]:
    for handler in regex(_ARM).finditer(line.text):
        comment = (
            "\n".join(regex(r"//.*|/\*.*").findall(line.text))
            if handler[2] == "()"
            else braced_comment(onward(line), handler.end())
        )
        if comment is not None:
            yield Candidate(*handler.span(1), {"handler": handler[1]}, value=comment)
    for handler in regex(_BRANCH).finditer(line.text):
        comment = braced_comment(onward(line), handler.end())
        if comment is not None:
            yield Candidate(*handler.span(1), {"handler": handler[1]}, value=comment)


def _unchecked(line: Line, options: Options) -> Iterator[Candidate]:
    for pattern in (_DISCARDED, _MADE_NOTHING):
        for found in regex(pattern).finditer(line.text):
            if not regex(r"\?[ \t]*;").search(line.text, found.end()):
                yield Candidate(*found.span(1), {"call": found[1]})


RULES = (
    Rule(
        id="errors/swallowed-narrow-exception",
        severity=Severity.WARNING,
        message="`{handler}` makes the failure vanish; say why in a comment, or handle it",
        languages=("rust",),
        check=_swallowed,
        triggers=(r"\bErr\([_a-z]\w*\)[ \t]*=>", r"\bif[ \t]+let[ \t]+Err\("),
        excuses=(COMMENT,),
        options=(IDIOMS, CLEAN_UP_CALLS, PROBES, LENIENT),
        after=WINDOW,
    ),
    Rule(
        id="errors/lost-cause",
        severity=Severity.WARNING,
        message="`map_err` drops the error that it is given; put it into the new one",
        languages=("rust",),
        pattern=r"\bmap_err\([ \t]*(?:move[ \t]*)?\|[ \t]*_\w*[ \t]*\|",
        optional=True,
    ),
    unchecked(
        ("rust",),
        _unchecked,
        (r"\blet[ \t]+_[ \t]*=", r"\.ok\(\);"),
        "`{call}` throws away whether the call failed; check it",
    ),
)
