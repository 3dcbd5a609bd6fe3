"""What the error rules of several languages share: reading handlers, and the excuses of one that is empty."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from auto_enforcer.model import Candidate, Check, Excuse, Line, Option, Options, Rule, Severity, Zone
from auto_enforcer.rules._common import regex

WINDOW = 20
"""Lines around a handler that are read to understand it. A longer one is unknown, and then not reported."""

IDIOMS = Option(
    "idioms",
    (
        *("StopIteration", "StopAsyncIteration", "GeneratorExit", "KeyboardInterrupt", "Interrupt"),
        *("SystemExit", "ImportError", "ModuleNotFoundError", "LoadError", "ClassNotFoundException"),
        *("NoClassDefFoundError", "CloneNotSupportedException"),
        *("BlockingIOError", "InterruptedError", "ProcessLookupError"),
        *("CancelledError", "OperationCanceledException", "TaskCanceledException"),
    ),
    "exceptions that tell a state rather than a failure: a handler of these alone may do nothing",
)

_STATES = frozenset(
    [
        *("TimeoutExpired", "socket.timeout", "EOFError"),
        *("NoSuchMethodException", "NoSuchFieldException"),
        *("Empty", "Full", "QueueEmpty", "QueueFull"),
        *("FileNotFoundError", "FileExistsError", "DoesNotExist"),
        *("NoSuchFileException", "FileAlreadyExistsException"),
        *("Errno::ENOENT", "Errno::EEXIST", "Errno::ESRCH"),
    ]
)
"""More of these, for a lenient policy."""

PROBES = Option(
    "probes",
    (
        *("KeyError", "IndexError", "LookupError", "AttributeError", "NameError", "ValueError", "TypeError"),
        *("UnicodeError", "UnicodeDecodeError", "UnicodeEncodeError", "OverflowError", "NotImplementedError"),
        *("NumberFormatException", "FormatException", "KeyNotFoundException", "NoSuchElementException"),
        *("ArgumentError", "KeyNotFound", "DateTimeParseException", "URISyntaxException"),
        *(
            "MalformedURLException",
            "out_of_range",
            "std::out_of_range",
            "invalid_argument",
            "std::invalid_argument",
        ),
    ),
    "exceptions that say that something is not there or not of a kind: one statement may be tried for them",
)

CLEAN_UP_CALLS = Option(
    "clean-up-calls",
    (
        *(
            "close",
            "aclose",
            "unlink",
            "remove",
            "rmdir",
            "rmtree",
            "rm",
            "delete",
            "kill",
            "terminate",
            "cancel",
        ),
        *(
            "release",
            "shutdown",
            "disconnect",
            "dispose",
            "stop",
            "join",
            "destroy",
            "abort",
            "detach",
            "flush",
        ),
        *("unregister", "unsubscribe", "removeItem", "remove_file", "remove_dir_all", "unlinkSync", "rmSync"),
        *("rmdirSync", "removeSync", "closeSync", "closeQuietly", "closeAsync", "disposeAsync", "interrupt"),
        *(
            "fclose",
            "CloseAsync",
            "Close",
            "Dispose",
            "Delete",
            "Cancel",
            "Abort",
            "Kill",
            "Stop",
            "rollback",
        ),
        *(
            "rm_f",
            "rm_rf",
            "finish",
            "end",
            "quit",
            "logout",
            "unlock",
            "free",
            "deleteIfExists",
            "shutdownNow",
        ),
    ),
    "calls that give something back: where a `try` does nothing else, its failure may be ignored",
)


LENIENT = Option(
    "lenient",
    False,
    "leave alone what is mostly meant: a way out that follows, giving something back, exceptions that tell"
    " a state",
)


def leniently(excuse: Excuse) -> Excuse:
    """An excuse that holds only where the policy is lenient."""

    def applies(line: Line, candidate: Candidate, options: Options) -> bool:
        return bool(options["lenient"]) and excuse.speaks(line, candidate, options)

    return Excuse(excuse.name, applies)


def handler_rules(
    languages: tuple[str, ...],
    *,
    broad: Check,
    broad_triggers: tuple[str, ...],
    broad_excuses: tuple[Excuse, ...],
    narrow: Check,
    narrow_triggers: tuple[str, ...],
    narrow_excuses: tuple[Excuse, ...],
    catch: str = "catch",
) -> tuple[Rule, Rule]:
    """The rules for empty handlers of everything (broad) and of some exceptions (narrow), each with its own
    check, triggers and excuses. `catch` is the languages' word for it."""
    return (
        Rule(
            id="errors/swallowed-exception",
            severity=Severity.BLOCKED,
            message=f"`{{handler}}` makes every failure vanish; {catch} what can happen, log it or let it "
            "through",
            languages=languages,
            check=broad,
            triggers=broad_triggers,
            excuses=broad_excuses,
            options=(CLEAN_UP_CALLS, LENIENT),
            before=WINDOW,
            after=WINDOW,
        ),
        Rule(
            id="errors/swallowed-narrow-exception",
            severity=Severity.WARNING,
            message="`{handler}` makes the failure vanish; say why in a comment, or handle it",
            languages=languages,
            check=narrow,
            triggers=narrow_triggers,
            excuses=narrow_excuses,
            options=(IDIOMS, CLEAN_UP_CALLS, PROBES, LENIENT),
            before=WINDOW,
            after=WINDOW,
        ),
    )


def says_why(comment: str) -> bool:
    """Whether a comment holds words for people: a linter's directive or a TODO gives no reason."""
    words = regex(_DIRECTIVE).sub(" ", comment.replace("\n", " -- "))
    return sum(character.isalpha() for character in words) >= 3


def onward(line: Line) -> Iterator[str]:
    """The text of a line and of those below it, as far as a handler is read."""
    yield line.text
    for below in line.after(WINDOW):
        yield below.text


def braced_comment(texts: Iterable[str], column: int, hashes: bool = False) -> str | None:
    """The comments in and behind a block that opens before `column` of the first text and does nothing; None
    when it does something, or does not close in sight. `hashes`: `#` begins a comment too."""
    words: list[str] = []
    inside = False
    for number, text in enumerate(texts):
        at = column if number == 0 else 0
        while at < len(text):
            if inside:
                end = text.find("*/", at)
                words.append(text[at:] if end < 0 else text[at:end])
                inside = end < 0
                at = len(text) if end < 0 else end + 2
            elif text[at] in " \t;":
                at += 1
            elif text[at] == "}":
                words += regex(r"[ \t;)]*(?://|/\*)(.*)").findall(text[at + 1 :])[:1]
                return "\n".join(words)
            elif text.startswith("//", at) or (hashes and text[at] == "#"):
                words.append(text[at:].lstrip("/#"))
                break
            elif text.startswith("/*", at):
                inside, at = True, at + 2
            else:
                return None
    return None


def braced_lines(line: Line, column: int, count: int) -> tuple[list[str], bool]:
    """The code of the first block that opens from `column` on, strings and comments blanked, and whether it
    is whole."""
    depth = 0
    lines: list[str] = []
    for one in (line, *line.after(count)):
        code = one.only(Zone.CODE)
        start = column if one is line else 0
        for match in regex(r"[{}]").finditer(code, start):
            depth += 1 if match[0] == "{" else -1
            if depth == 0:
                lines.append(code[start : match.start()])
                return lines, True
        lines.append(code[start:])
    return lines, False


def tried_block(line: Line, column: int) -> tuple[list[str], list[str]]:
    """The code lines of the `try` block above a handler that begins at `column`, and the comments in it and
    right above it. Strings are blanked. No code when it does not open in sight."""
    window = (line, *line.before(WINDOW))
    codes = [one.only(Zone.CODE) for one in window]
    codes[0] = codes[0][:column]
    lines, last = _block_above(codes)
    comments = [one.only(Zone.COMMENT).strip() for one in window[1 : last + 1]]
    for one, code in zip(window[last + 1 :], codes[last + 1 :], strict=True):
        comment = one.only(Zone.COMMENT).strip()
        if code.strip() or not comment:
            break
        comments.append(comment)
    return lines, [comment for comment in comments if comment]


def _block_above(codes: Sequence[str]) -> tuple[list[str], int]:
    """The lines of the last block, other handlers of the same `try` left out, of lines that come last first;
    and on which of them it opens. No lines when something else stands behind it, or it does not open."""
    depth = 0
    lines: list[str] = []
    handler = False
    for number, code in enumerate(codes):
        kept = len(code)
        for at in range(len(code) - 1, -1, -1):
            character = code[at]
            if character == "}":
                depth += 1
                handler = False
                kept = at if depth == 1 else kept
            elif character == "{" and depth > 0:
                depth -= 1
                if depth == 0:
                    lines.append(code[at + 1 : kept])
                    header = code[:at] if code[:at].strip() else "".join(codes[number + 1 : number + 2])
                    handler = regex(r"\bcatch\b[^{}]*$").search(header) is not None
                    if not handler:
                        return [text for text in reversed(lines) if text.strip()], number
                    lines = []
            elif depth == 0 and not handler and not character.isspace() and character != "@":
                return [], number
        if depth:
            lines.append(code[:kept])
    return [], len(codes) - 1


def inside_call(line: Line, column: int, opener: str, stop: str, count: int = 6) -> bool:
    """Whether a call that `opener` matches up to its bracket is still open at a column. It is sought on
    `count` lines above too, up to one that `stop` matches."""
    for one in (line, *line.before(count)):
        code = one.only(Zone.CODE)
        end = column if one is line else len(code)
        found = list(regex(opener).finditer(code, 0, end))
        if found and not _closes(code[found[-1].end() : end]):
            return True
        if one is not line and (regex(stop).match(code) or code.rstrip().endswith((";", "{", "}"))):
            return False
    return False


def _closes(code: str) -> bool:
    depth = 1
    for character in code:
        depth += (character in "([{") - (character in ")]}")
        if depth == 0:
            return True
    return False


def last_name(name: str) -> str:
    """`a.b.C` -> `C`; Ruby's `A::B` stays whole where the option names it so."""
    return regex(r"[.\\]").split(name.strip())[-1]


def all_idioms(names: Sequence[str], options: Options) -> bool:
    """Whether each of the exception names is one of the option's, or says that something is over."""
    return bool(names) and all(_is_idiom(name, options) for name in names)


def all_probes(names: Sequence[str], options: Options) -> bool:
    """Whether each of the exception names says that something is not there or not of a kind, or is an idiom,
    and not all of them are idioms."""
    rest = [name for name in names if not _is_idiom(name, options)]
    return bool(rest) and all(_is_probe(name, options) for name in rest)


def _is_probe(name: str, options: Options) -> bool:
    probes = options["probes"]
    return (
        name in probes or last_name(name) in probes or regex(_ABSENT).fullmatch(last_name(name)) is not None
    )


def _is_idiom(name: str, options: Options) -> bool:
    idioms, last = options["idioms"], last_name(name)
    if name in idioms or last in idioms or regex(_OVER).fullmatch(last) is not None:
        return True
    return bool(options["lenient"]) and (name in _STATES or last in _STATES)


_OVER = (
    r"Stop[A-Z]\w*|\w*[a-z](?:Exit|Quit|Stop|Complete|Completed|Done|Finished|Escape|AlreadyExists)"
    r"|AlreadyExists|(?:\w*[a-z])?Cancell?ation(?:Exception|Error)?"
    r"|\w*Already(?:Sent|Closed|Committed|Done)(?:Exception|Error)|Cancell?ed(?:Exception|Error)"
)
"""Exceptions that leave a loop or a visit rather than tell of a failure."""

_ABSENT = r"\w*(?:NotFound|NotFoundError|NotFoundException|DoesNotExist|NoSuch\w+|Missing\w*Error|Unknown\w+)"
"""Exceptions that say that something is not there."""


def gives_back(lines: Iterable[str], options: Options) -> bool:
    """Whether code lines are a few calls that give something back, perhaps under an `if`, and no more."""
    statements = [
        part.strip() for text in lines for part in regex(r"[;{}]|:$|\bdo$").split(text) if part.strip()
    ]
    if len(statements) > 4 or any(len(statement) > 200 for statement in statements):
        return False
    names = options["clean-up-calls"]
    code = "\n".join(statements)
    if not any(name in code for name in names):
        return False  # Seen at once, where the pattern of all the names has to be tried at every place.
    call = regex(_cleaning(names))
    calls = [statement for statement in statements if call.fullmatch(statement)]
    return bool(calls) and all(
        statement in calls or regex(_BESIDE).fullmatch(statement) for statement in statements
    )


def leaves(lines: Sequence[str]) -> bool:
    """Whether the last statement of a block leaves it for good, so that what follows is the other way."""
    code = [text.strip() for text in lines if text.strip(" \t;)}]")]
    return bool(code) and regex(r"(?:if\b.*)?\b(?:return|break|continue|yield)\b").match(code[-1]) is not None


def says_so(lines: Sequence[str]) -> bool:
    """Whether the last statement of a block gives a variable `true` or `false`."""
    code = [text.strip() for text in lines if text.strip(" \t;)}]")]
    flag = regex(
        r"(?:(?:this|self)\.|(?:var|let|const)[ \t]+)?[\w$]+"
        r"[ \t]*=[ \t]*(?:[Tt]rue|[Ff]alse)[ \t]*;?(?:[ \t]*#.*)?"
    )
    return len(code) > 1 and flag.fullmatch(code[-1]) is not None


@lru_cache(64)  # as many as there are policies at once
def _cleaning(names: tuple[str, ...]) -> str:
    calls = "|".join(re.escape(name) for name in names)
    return (
        r"(?:if\b[^{]*\)\s*)?(?:(?:await|try[?!]?|yield|void|_\s*=|let\s+_\s*=|_\s*,\s*_\s*=)\s*)*"
        rf"[^=\s(]*?(?:\([^()]*\)[?!]?[.:>-]+)?(?<![A-Za-z0-9])_*(?:{calls})(?:[?!]?\s*\(.*\)?|[?!]?|[ ].*)"
    )


_BESIDE = r"if\b.*|[\w.$@>-]+\s*=\s*(?:None|null|nil|undefined|false|nullptr)"


_DIRECTIVE = (
    r"(?i)\b(?:noqa|nosec|nosonar|nolint|noinspection|pragma|type:\s*ignore|pylint|pyright|mypy|flake8|ruff"
    r"|eslint|biome-ignore|istanbul|c8|v8|ts-ignore|ts-expect-error|tslint|rubocop|phpcs|phpstan|psalm"
    r"|codecoverageignore\w*|swiftlint|checkstyle|suppresswarnings|enforcer|todo|fixme|xxx)\b.*?(?:--|$)"
    r"|^\W*(?:end|endtry|auto-generated catch block)\W*$"
)


def _is_comment(line: Line, candidate: Candidate, options: Options) -> bool:
    return says_why(candidate.value)


EXPLAINS = (
    r"(?i)\b(?:ignor|best[- ]effort|fail|error|exception|rais|thrown?|optional|silen|swallow|suppress"
    r"|don't care|if possible|already|may not|might not|try to|attempt|not (?:be )?available|unsupported|gone"
    r"|falls? through|no-?op|expected|harmless|nothing to do|just pass)"
)
"""What a comment beside a handler speaks of when it explains it."""

COMMENT = Excuse("comment", _is_comment)
"""A comment in the handler says why it is silent: the check gives it as the candidate's value."""
