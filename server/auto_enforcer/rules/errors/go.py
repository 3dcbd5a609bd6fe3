"""Failures that vanish in Go: panics recovered in silence, errors not looked at, causes left out."""

from __future__ import annotations

from collections.abc import Iterator

from auto_enforcer.model import Candidate, Excuse, Line, Options, Rule, Severity
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
from auto_enforcer.rules.errors._traces import leaked_rule
from auto_enforcer.rules.errors._unchecked import unchecked

_RECOVERED = r"(?:^|[{;])[ \t]*(?:_[ \t]*=[ \t]*)?(recover\(\))[ \t]*;?[ \t]*(?:\}|(//.*)?$)"
_LOOKED_AT = r"\b(if[ \t]+(\w+)[ \t]*:=[ \t]*recover\(\)[ \t]*;[ \t]*\2[ \t]*!=[ \t]*nil)[ \t]*\{"
_EMPTY_CHECK = r"\b(if[ \t]+(?:[^{};]{1,200};[ \t]*)?\w*[eE]rr[ \t]*!=[ \t]*nil)[ \t]*\{"

_ASSIGNED = (
    r"(?:^|[;{])[ \t]*(?:(?:if|switch)[ \t]+)?((?:[\w.\[\]]+[ \t]*,[ \t]*)*_[ \t]*:?=)[ \t]*"
    r"((?:[\w.]|\([^()]{0,120}\)(?=\.))+)\("
)
_FALLIBLE = (
    r"(?:^|.*\b)(?:json\.(?:Marshal|MarshalIndent|Unmarshal)|xml\.(?:Marshal|Unmarshal)|yaml\.(?:Marshal|Unmarshal)"
    r"|os\.(?:Open|OpenFile|Create|ReadFile|WriteFile|ReadDir|Chdir|Mkdir|MkdirAll|MkdirTemp|CreateTemp|Rename|Chmod"
    r"|Chown|Symlink|Truncate|Stat|Lstat|Getwd|UserHomeDir|UserConfigDir|UserCacheDir|Hostname|Readlink|Executable"
    r"|Remove|RemoveAll|Setenv|Unsetenv)"
    r"|strconv\.(?:Atoi|Parse\w+|Unquote)|time\.(?:Parse\w*|LoadLocation)|url\.(?:Parse\w*|\w+Unescape)"
    r"|uuid\.(?:New\w+|Parse\w*)|(?:hex|base64\.\w+)\.DecodeString|regexp\.Compile\w*"
    r"|filepath\.(?:Abs|Rel|EvalSymlinks|Glob)|io\.(?:ReadAll|ReadFull|Copy|CopyN)|ioutil\.\w+"
    r"|http\.(?:Get|Post|PostForm|Head|NewRequest|NewRequestWithContext)|filepath\.(?:Walk|WalkDir)"
    r"|net\.(?:Dial|DialTimeout|Listen|LookupHost|LookupIP)|rand\.Read|sql\.Open|tls\.LoadX509KeyPair"
    r"|x509\.Parse\w+|pem\.Encode|binary\.(?:Read|Write)|bcrypt\.\w+|exec\.Command\(.*\)\.\w+"
    r"|json\.New(?:En|De)coder\(.*\)\.(?:Encode|Decode)|tx\.Commit"
    r"|(?:\w*[dD][bB]|\w*[tT]x|\w*[sS]tmt|\w*[cC]onn)\.(?:Begin|BeginTx|Exec|ExecContext|Query|QueryContext|Prepare"
    r"|PrepareContext|Ping|PingContext)|\w+\.(?:LastInsertId|RowsAffected)"
    r"|template\.ParseFiles|template\.New\(.*\)\.Parse)"
)
"""Calls of the standard library whose error tells of the world, not of an argument that does not parse."""

_ANSWERING = (
    r"(?:fmt\.(?:Sprint|Append)|strings\.|bytes\.|sort\.|slices\.|maps\.|math\.|unsafe\.|reflect\.|atomic\.|errors\."
    r"|context\.|path\.|runtime\.|unicode\.|cmp\.|rand\.(?!Read)|[\w]+$|.*\.(?:Len|String|Get|Value|Values|Add|Set"
    r"|Load|Store|Swap|Done|Lock|Unlock|New\w*|Is\w*|Has\w*|Err)$|.*\(\)$)"
)
"""Calls whose answer is no error, or may be none: `_ =` only says that it is not used."""

_ANSWER = (
    r"(?:\bhttp\.Error|\bw\.Write|\bfmt\.Fprint(?:f|ln)?\((?=[ \t]*(?:w|rw|writer|resp)\b)"
    r"|\b(?:c|ctx|e)\.(?:JSON|String|HTML|AbortWithStatusJSON|SendString|Send|XML|IndentedJSON)|\bio\.WriteString)\(?"
)
_TRACE = (
    r"\b(?:debug|runtime)\.Stack\([^()]*\)"
    r"|\berr\.Error\(\)(?=[^\n]*(?:http\.StatusInternalServerError|, 500)\b)"
)


def _swallowed(line: Line, options: Options) -> Iterator[Candidate]:
    for found in regex(_RECOVERED).finditer(line.text):
        yield Candidate(*found.span(1), {"handler": "recover()"}, value=found[2] or _comments(line))
    for found in regex(_LOOKED_AT).finditer(line.text):
        comment = braced_comment(onward(line), found.end())
        if comment is not None:
            yield Candidate(*found.span(1), {"handler": found[1]}, value=comment)


def _comments(line: Line) -> str:
    return "\n".join(regex(r"//.*").findall(line.text))


def _unlooked(line: Line, options: Options) -> Iterator[Candidate]:
    for found in regex(_EMPTY_CHECK).finditer(line.text):
        comment = braced_comment(onward(line), found.end())
        if comment is not None:
            yield Candidate(*found.span(1), {"handler": found[1]}, value=comment)


def _unchecked(line: Line, options: Options) -> Iterator[Candidate]:
    for found in regex(_ASSIGNED).finditer(line.text):
        alone = regex(r"_[ \t]*=").fullmatch(found[1]) and regex(_ANSWERING).match(found[2]) is None
        if alone or regex(_FALLIBLE).fullmatch(found[2]):
            yield Candidate(*found.span(1), {"call": f"{found[1]} {found[2]}"})


def _lost_cause(line: Line, options: Options) -> Iterator[Candidate]:
    for found in regex(
        r'\b(fmt\.Errorf)\("((?:[^"\\]|\\.){0,400})"[^"]*?,[ \t]*(?:\w+\.)?(?:err|\w+Err)\)'
    ).finditer(line.text):
        yield Candidate(*found.span(1), value=found[2])


def _is_wrapped(line: Line, candidate: Candidate, options: Options) -> bool:
    return "%w" in candidate.value


RULES = (
    Rule(
        id="errors/swallowed-exception",
        severity=Severity.BLOCKED,
        message="`{handler}` makes every panic vanish; log it, or let it through",
        languages=("go",),
        check=_swallowed,
        triggers=(r"\brecover\(\)",),
        excuses=(COMMENT,),
        options=(CLEAN_UP_CALLS, LENIENT),
        after=WINDOW,
    ),
    Rule(
        id="errors/swallowed-narrow-exception",
        severity=Severity.WARNING,
        message="`{handler}` and then nothing: the failure vanishes; say why in a comment, or handle it",
        languages=("go",),
        check=_unlooked,
        triggers=(r"[eE]rr[ \t]*!=[ \t]*nil[ \t]*\{[ \t]*(?:[/}]|$)",),
        excuses=(COMMENT,),
        options=(IDIOMS, CLEAN_UP_CALLS, PROBES, LENIENT),
        after=WINDOW,
    ),
    Rule(
        id="errors/lost-cause",
        severity=Severity.WARNING,
        message="`fmt.Errorf` without `%w` hides the cause from `errors.Is`; wrap it",
        languages=("go",),
        check=_lost_cause,
        triggers=(r"\bfmt\.Errorf\(",),
        excuses=(Excuse("cause", _is_wrapped),),
        optional=True,
    ),
    leaked_rule(("go",), _TRACE, _ANSWER, triggers=(r"\b(?:debug|runtime)\.Stack\(", r"\berr\.Error\(\)")),
    unchecked(
        ("go",), _unchecked, (r"\b_[ \t]*:?=[ \t]*[A-Za-z]",), "`{call}` throws its error away; check it"
    ),
)
