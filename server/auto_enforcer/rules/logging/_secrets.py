"""Secrets that are handed to a log or a print call: names that mean one, and what becomes of them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from auto_enforcer.model import (
    Candidate,
    Check,
    Excuse,
    Fact,
    Line,
    NamedTuple,
    Options,
    Rule,
    Severity,
    Zone,
)
from auto_enforcer.rules._common import regex, words
from auto_enforcer.rules._kinds import said
from auto_enforcer.rules.logging._shared import vocabulary

_WINDOW = 8
"""Lines above a name in which the call around it is sought."""

_MOST_NAMES = 12
"""Names that are judged on a line."""

_MOST_PARTS = 8
"""Parts of a chain of names that are read."""

_REACH = 1_000
"""Characters before a name on its line in which the call around it is sought."""

_OWNERS = (
    r"access|auth|api|bearer|refresh|session|jwt|oauth|bot|github|gitlab|slack|deploy|security|personal"
    r"|account|login|admin|service|vault|user"
)

_WORD = (
    r"passw(?:or)?d|passphrase|secret|credential|creds|api_?key|private_?key|encryption_?key|signing_?key"
    rf"|(?:id|{_OWNERS})_?token|(?:db|user|admin|root|smtp|mail|ftp|login)_?pwd"
    r"|(?<![A-Za-z0-9_])token(?![A-Za-z0-9_])"
)

TRIGGERS = (
    *(r"(?i)passw(?:or)?d", r"(?i)passphrase", r"(?i)secret", r"(?i)credential", r"(?i)creds\b"),
    *(r"(?i)api_?key", r"(?i)private_?key", r"(?i)encryption_?key", r"(?i)signing_?key", r"(?i)\bid_?token"),
    rf"(?i)(?:{_OWNERS})_?token",
    r"(?i)(?:db|user|admin|root|smtp|mail|ftp|login)_?pwd",
    r"\btoken\b",
)
"""What stands on every line that may name a secret."""

_KINDS = vocabulary(
    "password passwd passphrase secret secrets credential credentials creds apikey privatekey secretkey"
    " accesstoken authtoken refreshtoken apitoken passwords"
)
_TOKENS = vocabulary(
    "access auth api bearer refresh session jwt oauth bot github gitlab slack deploy security id personal"
    " account login admin service vault user"
)
_KEYS = vocabulary("api private encryption signing")
_PWDS = vocabulary("db user admin root smtp mail ftp login")
_NEUTRAL = vocabulary("value val str string plain plaintext raw clear cleartext")

_TURNS = vocabulary(
    "is has have had no not num n nb count min max len invalid missing wrong bad empty unknown masked"
    " mask hashed hash hashing encrypted enc cipher ciphered redacted redact obfuscated sanitized"
    " sanitised scrubbed safe hidden hide show public csrf xsrf next page fake dummy mock error errors err"
    " forgot forgotten reset change changed type field conf arg opt attr need needs needed require"
    " required requires use uses using with without want check verify validate update set create delete"
    " remove add list find load loaded store stored save saved allow enable disable prompt ask expired"
    " expire label title invalidate revoke rotate generate encode encoded decode sealed wrapped event kind"
    " name names key param header flag option command msg message test k8s kube kubernetes column node"
    " syntax image pull"
)
"""What makes something else of the name when it stands before."""

_ABOUT = vocabulary(
    "error errors err errs label labels text texts message messages msg msgs t i18n l10n translations"
    " translation type types kind kinds field fields rules schema column columns validator validators"
    " touched styles style css selector selectors locator locators page option opts flags names titles"
    " hints help docs token tokens lexer syntax enum strings string r resources constants const codes"
    " event events state states status"
)
"""Names whose member or entry says something about a secret."""

_STORES = (
    r"(?i)(?:environ|env|config\w*|conf|cfg|settings?|creds|credentials?|secrets?|params|parameters|payload|body"
    r"|form|request|req|args|user|account|response|resp|result|json|auth|options|data|properties|props)$"
)

_OPENS = r"[(\[{]"
_MEMBERS = (
    r"(?:to_?string|c_str|value|decode|strip|trim|to_s|inspect|text|encode|get_secret_value|reveal|as_str|unwrap"
    r"|expose_secret|clone|to_owned|unwrap_or_default|description)\b"
)


class Dialect(NamedTuple):
    """How a language logs. `callee` matches, at the end of the code before a bracket, a call that logs;
    `command` the same before arguments without brackets; `transparent` a call that hands on what it is given;
    `inline` a name inside of a string, in its group 1; `labels`: `name:` is a label, not a value."""

    callee: str
    hint: str
    """What stands, on its line or above, before all that `callee` and `command` match; sought first."""
    transparent: str = r"(?!x)x"
    command: str = ""
    inline: str = ""
    labels: bool = True


def secret_rule(
    languages: tuple[str, ...],
    dialect: Dialect,
    *,
    excuses: tuple[Excuse, ...] = (),
    facts: tuple[Fact, ...] = (),
) -> Rule:
    """The rule against a secret in a log."""
    return Rule(
        id="logging/secret-in-log",
        severity=Severity.BLOCKED,
        message="`{name}` goes into the log for all who read it; leave it out or mask it",
        languages=languages,
        zones=Zone.CODE | Zone.STRING,
        check=_check(dialect),
        triggers=TRIGGERS,
        excuses=(
            said("harmless-name"),
            said("derived"),
            said("condition"),
            said("part"),
            Excuse("announced", _is_announced),
            Excuse("no-credential", _is_no_credential),
            *excuses,
        ),
        facts=(_CREDENTIALS, _LANGUAGE, *facts),
        before=_WINDOW,
    )


_CREDENTIALS = Fact(
    "credentials", r"(?i)password|passwd|oauth|\bjwt\b|\bbearer\b|login|sign_?in\b|credential", anywhere=True
)
_LANGUAGE = Fact(
    "language",
    r"(?i)lexer|lexical|tokeni[sz]|grammar|\bsyntax|\bast\b|vocab|(?:next|peek|current|unexpected)[_ ]?token",
    anywhere=True,
)


def _is_no_credential(line: Line, candidate: Candidate, options: Options) -> bool:
    """A bare `token` where nothing in the file is about signing in, or where a language is read in tokens."""
    if words((candidate.details or {}).get("name", "")) != ["token"]:
        return False
    return "credentials" not in line.file.anywhere or "language" in line.file.anywhere


def _is_announced(line: Line, candidate: Candidate, options: Options) -> bool:
    """The message says before its only place that a path, a file or the like stands there, not the secret."""
    text = line.text[: candidate.start]
    told = regex(
        r"(?i)\b(?:path|file|folder|directory|field|column|header|variable)[ \t:='\"]{0,4}(?:\{[^{}]*\}|%\w)"
    )
    return told.search(text) is not None and len(regex(r"\{[^{}]*\}|%\w").findall(text)) == 1


def _check(dialect: Dialect) -> Check:
    def check(line: Line, options: Options) -> Iterator[Candidate]:
        text, hint = line.text, regex(dialect.hint)
        if not hint.search(text) and not hint.search(line.text_before(_WINDOW)):
            return
        end = judged = 0
        for match in regex(rf"(?i)(?:{_WORD})").finditer(text):
            start = match.start()
            if start < end:
                continue
            while start and (text[start - 1].isalnum() or text[start - 1] in "_$"):
                start -= 1
            end = match.end()
            while end < len(text) and (text[end].isalnum() or text[end] in "_$"):
                end += 1
            judged += 1
            if judged > _MOST_NAMES:
                return
            found = _value_at(line, start, end, dialect)
            if found is None:
                continue
            begin, _, excuse = found
            way = _way_to_log(line, begin, dialect)
            if way is None:
                continue
            name = text[start:end].lstrip("$")
            yield Candidate(end - len(name), end, {"name": name}, value=excuse or way)

    return check


def _value_at(line: Line, start: int, end: int, dialect: Dialect) -> tuple[int, int, str] | None:
    """Where the value that a name means begins and ends in the line, and what already excuses it; None where
    the name is no value but a word, a label, a type."""
    text, code = line.text, line.only(Zone.CODE)
    name = text[start:end]
    if code[start:end] == name:
        if regex(rf"(?i){_MEMBERS}").match(name):
            return None
        excuse = "" if means_secret(name) else "harmless-name"
        begin = start
        for _ in range(_MOST_PARTS):
            chain = regex(r"([\w$@]+(?:\(\)|\[\w*\])?[!?]?)(?:\.|\?\.|->|::)$").search(
                code, max(0, begin - 60), begin
            )
            if chain is None:
                break
            base = chain[1]
            if _is_about(base) or (base[:1].isupper() and name.isupper() and not base.isupper()):
                excuse = excuse or "harmless-name"
            begin = chain.start()
        return _with_rest(code, begin, end, name, excuse, dialect)
    if code[start:end].strip():
        return None
    bare = end - len(name.lstrip("$"))
    around = regex(dialect.inline).finditer(text, max(0, start - 2), end + 40) if dialect.inline else ()
    inline = next((match for match in around if match.start(1) >= start), None)
    if inline and inline.span(1) == (bare, end):
        return start, end, "" if means_secret(name.lstrip("$")) else "harmless-name"
    return _entry(line, start, end, dialect)


def _entry(line: Line, start: int, end: int, dialect: Dialect) -> tuple[int, int, str] | None:
    """`config["password"]`, `os.environ.get("DB_PASSWORD")`: a string that is the key of an entry."""
    text, code = line.text, line.only(Zone.CODE)
    if text[start - 1 : start] not in ('"', "'", ":") or start < 2:
        return None
    closing = regex(r"""["']?[ \t]*(?:,[^()\[\]]{0,40})?([\])])""").match(text, end)
    if closing is None:
        return None
    first = max(0, start - 120)
    before = code[first : start - 1].rstrip()
    if before.endswith("[") and closing[1] == "]":
        store = regex(r"([\w$.@]+)\[$").search(before)
    elif before.endswith("(") and closing[1] == ")":
        store = regex(
            r"((?:[\w$@]+\.)*[\w$@]+)\.(?:get|fetch|getProperty|getString)\($|((?:\w+(?:\.|::))*(?:getenv|Getenv|env|var))\($"
        ).search(before)
    else:
        store = None
    if store is None:
        return None
    base = store[1] or store.group(store.lastindex or 0)
    harmless = not means_secret(text[start:end]) or (
        store.lastindex == 1 and not regex(_STORES).search(base.split(".")[-1])
    )
    excuse = "harmless-name" if harmless else ""
    return _with_rest(code, first + store.start(), closing.end(), "", excuse, dialect)


def _with_rest(
    code: str, begin: int, end: int, name: str, excuse: str, dialect: Dialect
) -> tuple[int, int, str] | None:
    """Judges a value by what stands right after and right before it."""
    rest = regex(r"(?:[ \t]|!(?!=))*").match(code, end)
    at = rest.end() if rest else end
    after = code[at : at + 200]
    if after.startswith("("):
        getter = regex(r"(?i)get[_A-Z]").match(name) and after.startswith("()")
        if not getter and name:
            return begin, end, excuse or "derived"
        after = after[2:].lstrip()
    while member := regex(rf"(?:\.|\?\.|->|::)({_MEMBERS})?(?:\(\))?").match(after):
        if not member[1] or regex(r"[ \t]*\(").match(after, member.end()):
            return begin, end, excuse or "derived"
        after = after[member.end() :].lstrip()
    if regex(r"=(?![=~>]|[ \t]*[}!:])").match(after):
        return None
    if dialect.labels and regex(r":(?!:)|=>").match(after):
        return None
    if after.startswith("["):
        return begin, end, excuse or "part"
    if regex(r"(?:is|in|not|instanceof|matches|==|!=|<=|>=|<(?!<)|>|=~|and|&&|\?(?![:?.]))(?!\w)").match(
        after
    ):
        return begin, end, excuse or "condition"
    before = code[max(0, begin - 80) : begin].rstrip()
    if regex(
        r"(?:\b(?:not|if|elif|unless|in|is|typeof|void|defined|new|import|class|def)|[=!]=|!|&&)$"
    ).search(before):
        return begin, end, excuse or "condition"
    return begin, end, excuse


def _way_to_log(line: Line, column: int, dialect: Dialect) -> str | None:
    """How a value at a column gets into a log: "" as it is, `derived` through a call that makes something
    else of it; None when no log or print call is around it."""
    depth, excuse = 0, ""
    for one in (line, *line.before(_WINDOW)):
        code = one.only(Zone.CODE)
        end = column if one is line else len(code)
        if (
            one is not line
            and regex(r"[;{}][ \t]*$").search(code)
            and not regex(r"[(\[,]\s*\{[ \t]*$").search(code)
        ):
            return None
        for at in range(end - 1, max(-1, end - _REACH), -1):
            character = code[at]
            if character in ")]}":
                depth += 1
            elif character in "([{":
                if depth:
                    depth -= 1
                    continue
                before = code[max(0, at - 120) : at]
                if character == "(":
                    if regex(rf"(?:{dialect.callee})[ \t]*$").search(before):
                        return excuse
                    called = regex(r"[\w$!?]+[ \t]*$").search(before)
                    if called and not regex(
                        rf"(?:{dialect.transparent}|\b(?:return|and|or|not|in|if))[ \t]*$"
                    ).search(before):
                        excuse = "derived"
                elif character == "[" and regex(r"[\w)\]]$").search(before):
                    excuse = excuse or "part"
                elif (
                    character == "{"
                    and regex(r"(?:\)|=>|->)[ \t]*$").search(before)
                    and one.text[at - 1 : at] in ") >"
                ):
                    return None
            elif character == ";" and not depth and not regex(_KEYED).match(one.text, at):
                return None
        if dialect.command and regex(dialect.command).search(code[:end]):
            return excuse
        if (
            not regex(r"[(\[{,+%.\\|&?:][ \t]*$|^[ \t]*$").search(code)
            and one is not line
            and not _opens(code)
        ):
            return None
    return None


_KEYED = r""";[ \t]*"[\w.-]{1,60}"[ \t]*=>"""
"""Where the macros of slog begin with what is said beside the message."""


def _opens(code: str) -> bool:
    """Whether more brackets open than close."""
    return sum(code.count(sign) for sign in "([{") > sum(code.count(sign) for sign in ")]}")


def _is_about(base: str) -> bool:
    parts = words(base)
    return bool(parts) and parts[-1] in _ABOUT


@lru_cache(maxsize=1024)
def means_secret(name: str) -> bool:
    """Whether a name's value is a secret: its last word says so, and none before turns it."""
    parts = words(name)
    if len(parts) > 1 and parts[0] == "get":
        parts = parts[1:]
    while len(parts) > 1 and parts[-1] in _NEUTRAL:
        parts.pop()
    if parts[-3:] == ["secret", "key", "base"]:
        return True
    if not parts or any(part in _TURNS for part in parts[:-1]):
        return False
    last, previous = parts[-1], parts[-2] if len(parts) > 1 else ""
    if last in _KINDS or last.endswith("password"):
        return True
    if last == "token":
        return previous in _TOKENS or len(parts) == 1
    if last == "key":
        return previous in _KEYS or parts[-3:-1] == ["secret", "access"] or previous == "secret"
    return last == "pwd" and previous in _PWDS
