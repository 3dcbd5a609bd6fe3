"""What the security rules of all languages share: their kinds, calls with their arguments, and what is
constant."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from itertools import islice, pairwise

from auto_enforcer.model import (
    Candidate,
    Check,
    Edit,
    Fix,
    Line,
    NamedTuple,
    Options,
    Zone,
)
from auto_enforcer.rules._calls import CALL, Call, arguments, at_top, read_call
from auto_enforcer.rules._common import regex, words
from auto_enforcer.rules._kinds import Family, Kind, said

ABOVE = 40
"""Lines above a call in which it is sought what a name means."""

MOST_CALLS = 16
"""Calls that are judged on a line."""

MOST_READ = 12_000
"""Characters of a line's calls after which no further one is read: on a long line they lie in each other."""

_CODE, _NO_COMMENT = int(Zone.CODE), int(Zone.CODE | Zone.STRING | Zone.TEXT)


KINDS: Mapping[str, Kind] = {
    "eval-call": Kind("`{call}` runs text as code; parse what is expected, or choose from a table"),
    "exec-call": Kind("`{call}` runs what was chosen at run time; choose from a fixed list", optional=True),
    "shell-injection": Kind(
        "`{call}` gives the shell text that was put together; pass a list of arguments without a shell",
        blocked=True,
    ),
    "sql-built-from-text": Kind(
        "the statement is put together from text; give the values as parameters", blocked=True
    ),
    "unsafe-deserialization": Kind("`{call}` makes any object that the data asks for; {advice}"),
    "weak-hash": Kind("`{name}` is broken; use SHA-256, or say that it is not for security", optional=True),
    "weak-cipher": Kind("`{name}` can be broken; use AES-GCM or ChaCha20-Poly1305"),
    "weak-key-size": Kind("a key of this size can be broken; use RSA of 2048 bits, or a curve of 256"),
    "weak-tls-version": Kind("`{name}` can be broken; ask for TLS 1.2 or later"),
    "insecure-random": Kind("`{call}` can be predicted, and `{name}` must not be; use {advice}"),
    "tls-verification-disabled": Kind(
        "`{call}` accepts any certificate; verify it, or trust the one that you know", blocked=True
    ),
    "unverified-host-key": Kind("`{call}` accepts any host; compare its key with the known ones"),
    "raw-html": Kind("`{call}` writes text as markup; {advice}"),
    "xxe-parser": Kind("`{call}` resolves what the document names; {advice}"),
    "archive-path-traversal": Kind("`{call}` writes wherever the archive says; {advice}"),
    "temp-file-race": Kind("`{call}` names a file that somebody else can make first; {advice}"),
    "debug-mode-enabled": Kind(
        "`{call}` shows the program's inside to whoever breaks it; read it from settings"
    ),
    "permissive-cors": Kind("`{call}` lets every site ask; name those that may"),
    "permissive-mode": Kind("`{call}` lets everybody write; give the owner alone the right"),
    "bind-all-interfaces": Kind(
        "it listens to every network; name the address, or read it from settings", optional=True
    ),
    "cleartext-url": Kind("`{host}` is spoken to in clear text; use `https://`", optional=True),
    "cleartext-protocol": Kind("`{call}` sends passwords and data in clear text; use {advice}"),
    "jwt-verification-disabled": Kind("`{call}` believes any token; verify its signature", blocked=True),
    "csrf-disabled": Kind("`{call}` takes requests from any site; keep the protection, or check a token"),
    "open-redirect": Kind("it redirects to wherever the request says; check the target", optional=True),
    "trusting-pickle-model": Kind("`{call}` runs code that the model file holds; {advice}"),
    "unbounded-copy": Kind("`{call}` writes on where its place ends; {advice}"),
    "format-string": Kind('what `{call}` is given is read as a form; print it by `"%s"`'),
    "insecure-cookie": Kind("`{call}` lets the cookie be read where it should not; leave it on"),
}
"""The rules of the family by the second part of their ids."""


CONSTANT = said("constant")
"""All that is given is written in the program."""


rule = Family("security", KINDS, before=ABOVE, after=CALL).rule
"""A language's variant of one of them."""


class Argument(NamedTuple):
    """One argument of a call: its name (`shell` of `shell=True`, else empty), its code with strings
    blanked, its text, and the columns in the call's text."""

    name: str
    code: str
    text: str
    start: int
    end: int

    @property
    def constant(self) -> bool:
        """Whether nothing in it is known at run time only."""
        return is_constant(self.code)


class Called(NamedTuple):
    """A call in code: the line it begins on, the match, the columns of what is called, and its arguments."""

    line: Line
    match: re.Match[str]
    start: int
    end: int
    name: str
    """What is called, as the file's imports say."""
    call: Call
    arguments: tuple[Argument, ...]

    def named(self, *names: str) -> Argument | None:
        """The argument that is given by one of the names."""
        return next((one for one in self.arguments if one.name in names), None)

    def at(self, index: int) -> Argument | None:
        """The argument at a position, among those without a name."""
        given = [one for one in self.arguments if not one.name]
        return given[index] if index < len(given) else None

    def found(self, excuse: str = "", fixes: tuple[Fix, ...] = (), **details: str) -> Candidate:
        """The violation at the call's name, which an excuse may silence."""
        shown = " ".join(self.match["call"].split())
        return Candidate(self.start, self.end, {"call": shown, **details}, fixes, excuse)

    def insertion(self, title: str, text: str, safe: bool = False) -> tuple[Fix, ...]:
        """The fix that adds an argument, where the call ends on its line."""
        if "\n" in self.call.text or not self.call.whole:
            return ()
        close = self.match.end() - 1 + len(self.call.text) - 1
        return (Fix(title, safe, (Edit(0, close, 0, close, text),)),)

    def renaming(self, title: str, new: str, safe: bool = False) -> tuple[Fix, ...]:
        """The fix that puts another name in the place of what is called."""
        return (Fix(title, safe, (Edit(0, self.start, 0, self.end, new),)),)


Judge = Callable[[Called], Candidate | None]
Resolve = Callable[[Line, str], str]
Excusing = Callable[[Line, re.Match[str]], str]

_DEFINES = (
    r"(?:\b(?:def|function|fun|func|fn|sub|class|interface|async|get|set|static|void|public"
    r"|private|protected|override"
    r"|new class)[ \t]+|@)$"
)


_BODY = r"\([^()\n]{0,300}\)[ \t]*(?::[ \t]*[\w<>\[\]|. ]{1,60})?[ \t]*\{[ \t]*$"
"""What follows the name of a method that is defined."""


def calls(pattern: str, judge: Judge, resolve: Resolve | None = None, keyword: str = "=") -> Check:
    """A check that judges each call which `pattern` matches up to its bracket; its group `call` is what is
    called. `keyword` is what stands between an argument's name and its value."""

    def check(line: Line, options: Options) -> Iterator[Candidate]:
        read = 0
        for match in islice(regex(pattern).finditer(line.text), MOST_CALLS):
            # What the name means is asked first: it costs less than the line's zones.
            name = resolve(line, match["call"]) if resolve else match["call"]
            if not name:
                continue
            start, end = match.span("call")
            if not line.zone_at(start) & _CODE or not line.zone_at(match.end() - 1) & _CODE:
                continue
            silenced = line.language == "php" and line.text[start - 1 : start] == "@"
            if not silenced and regex(_DEFINES).search(line.text, max(0, start - 20), start):
                continue
            if read > MOST_READ:
                break
            call = _with_fields(line, read_call(line, match.end() - 1))
            read += len(call.code)
            if not line.text[:start].strip() and regex(_BODY).match(line.text, match.end() - 1):
                continue
            candidate = judge(Called(line, match, start, end, name, call, _arguments(call, keyword)))
            if candidate is not None:
                yield candidate

    return check


_FIELDS: Mapping[str, str] = dict.fromkeys(("kotlin", "groovy", "dart"), r"(?<!\\)\$[A-Za-z_]\w*")
"""What a language's texts are filled in with and the lexer takes for text."""


_GIVEN_FIELDS: Mapping[str, str] = {**_FIELDS, "php": r"\"[^\"\n]*(?<!\\)\$\{?[A-Za-z_]"}
"""The same of what a name is given."""


def _with_fields(line: Line, call: Call) -> Call:
    """The call, whose code shows the names that stand in its texts."""
    fields = _FIELDS.get(line.language)
    if fields is None or "$" not in call.text:
        return call
    code = list(call.code)
    for match in regex(fields).finditer(call.text):
        if code[match.start()] == " ":
            code[match.start() + 1 : match.end()] = match[0][1:]
    return call._replace(code="".join(code))


def _arguments(call: Call, keyword: str) -> tuple[Argument, ...]:
    found = []
    named = regex(rf"([A-Za-z_]\w*)\s*{keyword}(?![=~>])")
    for start, end in arguments(call):
        label = named.match(call.code, start, end)
        begin = label.end() if label else start
        while begin < end and call.text[begin].isspace():
            begin += 1
        name = label[1] if label else ""
        found.append(Argument(name, call.code[begin:end], call.text[begin:end], begin, end))
    return tuple(found)


_LITERALS = (
    r"\b(?:True|False|None|null|nil|NULL|true|false|undefined|nullptr|bytes|str|new|String|and|or|not|in)\b"
    r"|(?<![\w.])[A-Z][A-Z0-9_]{2,}\.(?:join|keys|values|first|last)\b"
    r"|(?<![\w.])(?!(?:self\.)?request\.)(?:[A-Za-z_]\w*(?:\.|::))*[A-Z][A-Z0-9_]{2,}\b(?![ \t]*[.(])"
    r"|\.(?:strip|trim|encode|freeze|lower|upper|to_s|toString|dedent|stripIndent|trimIndent)\b|\btextwrap\b"
    r"|\b[0-9][\w.]*"
)
"""What stands in code and says nothing that is not written there: literals, names of constants, harmless
calls."""


def is_constant(code: str) -> bool:
    """Whether an expression's code, strings blanked, names nothing that is known at run time only."""
    return regex(r"[A-Za-z_@]|\$\w").search(regex(_LITERALS).sub(" ", code)) is None


def constant_name(line: Line, code: str, sign: str = r"(?::[^=\n]{1,40})?:?=(?!=)") -> bool:
    """Whether an expression is one name to which a constant was given last, some lines above, or that runs
    through constants: `for command in ("ver", "cmd /c ver"):`."""
    name = code.strip().lstrip("$")
    if not regex(r"\w{1,60}").fullmatch(name) or name not in line.text_before(ABOVE):
        return False
    for one in line.before(ABOVE):
        if name not in one.text:
            continue
        text = with_hole(one.text, name)
        through = regex(
            rf"\bfor\b[ \t(]*(?:const|let|var)?[ \t]*{HOLE}[ \t]+(?:in|of)[ \t]+(?=[\[(])"
        ).search(text)
        if through:
            values = one.only(Zone.CODE)[through.end() :].rstrip(" \t:{")
            values = values.removesuffix(")") if values.count(")") > values.count("(") else values
            whole = values.count("(") == values.count(")") and values.count("[") == values.count("]")
            return whole and is_constant(values)
        if regex(
            rf"(?<!\.){HOLE}[ \t]*(?:\+=|\.=|<<|\|\|=)|\bfor\b[^\n]*{HOLE}[^\n]*\b(?:in|of)\b"
            rf"|[,(][ \t]*{HOLE}[ \t]*[,)=:]"
        ).search(text):
            return False
        match = given_in(one, text, rf"(?:^|[\s($;{{]){HOLE}[ \t]*{sign}[ \t]*")
        if match:
            value = one.only(Zone.CODE)[match.end() :]
            fields = _GIVEN_FIELDS.get(line.language)
            if fields and regex(fields).search(one.text, match.end()):
                return False
            whole = value.count("(") == value.count(")") and value.count("[") == value.count("]")
            return whole and one.text[match.end() :].strip() != "" and is_constant(value)
    return False


def given_in(line: Line, text: str, pattern: str) -> re.Match[str] | None:
    """The first match of what gives a name something that stands in code: in a statement of SQL's,
    `WHERE id = ?` gives none."""
    for match in islice(regex(pattern).finditer(text), 4):
        if line.zone_at(text.index("\0", match.start())) & _CODE:
            return match
    return None


HOLE = r"(?<![\w\x00])\x00+(?![\w\x00])"
"""A name where `with_hole` left it out: one pattern serves all names."""


def with_hole(text: str, name: str) -> str:
    """The text with NULs in the place of a name wherever it is a word, at equal length."""
    pieces, at, start = list[str](), 0, text.find(name)
    while start >= 0:
        end = start + len(name)
        if not _is_word(text[start - 1 : start]) and not _is_word(text[end : end + 1]):
            pieces += (text[at:start], "\0" * len(name))
            at = end
        start = text.find(name, end)
    return "".join([*pieces, text[at:]])


def _is_word(character: str) -> bool:
    return character.isascii() and (character.isalnum() or character == "_")


def settings(
    pattern: str,
    excuse: Callable[[Line, re.Match[str]], str] | None = None,
    fix: Callable[[Line, re.Match[str]], tuple[Fix, ...]] | None = None,
    **details: str,
) -> Check:
    """A check that finds what `pattern` matches and begins in code; group `span`, else the whole, is
    marked. `excuse` names the excuse for a match, or is empty."""

    def check(line: Line, options: Options) -> Iterator[Candidate]:
        for match in islice(regex(pattern).finditer(line.text), MOST_CALLS):
            groups = match.groupdict()
            marked = next((name for name in ("span", "spread", "other", "third") if groups.get(name)), None)
            start, end = match.span(marked) if marked else match.span()
            if not _is_code(line, start):
                continue
            why = excuse(line, match) if excuse else ""
            if why == "none":
                continue
            shown = " ".join(match.string[start:end].split())
            told = {"call": shown, "name": groups.get("name") or shown, **details}
            yield Candidate(start, end, told, fix(line, match) if fix else (), why)

    return check


def redirects(goes: str, asks: str) -> Check:
    """A check that finds what goes to a name, group `name` or `other` of `goes`, which was given what `asks`
    matches above, in the same function, and of which nothing was asked since."""

    def check(line: Line, options: Options) -> Iterator[Candidate]:
        for match in islice(regex(goes).finditer(line.text), 4):
            groups = match.groupdict()
            name = groups["name"] or groups.get("other") or ""
            if _is_code(line, match.start()) and _is_asked_for(line, name, asks):
                yield Candidate(*match.span("span"))

    return check


def _is_asked_for(line: Line, name: str, asks: str) -> bool:
    name = name.lstrip("$")
    if name not in line.text_before(ABOVE):
        return False
    for one in line.before(ABOVE):
        if name in one.text:
            text = with_hole(one.text, name)
            given = given_in(
                one,
                text,
                rf"(?:^|[\s($;]){HOLE}[ \t]*(?::[^=\n]{{1,40}})?:?=(?![=>])[ \t]*"
                rf"|\{{[^{{}}\n]{{0,80}}{HOLE}[^{{}}\n]{{0,80}}\}}[ \t]*=(?![=>])[ \t]*",
            )
            if given:
                return regex(asks).match(one.text, given.end()) is not None
            if regex(rf"{HOLE}").search(text):
                return False  # It is looked at, or is a parameter.
        if regex(_HEADER).search(one.text[:300]):
            return False
    return False


def _is_code(line: Line, start: int) -> bool:
    """Whether what begins at a column is code, or a string of its own."""
    if line.zone_at(start) & _CODE:
        return True
    quoted = line.text[start : start + 1] in ("'", '"', "`") and line.zone_at(start) & int(Zone.STRING)
    return bool(quoted) and (start == 0 or bool(line.zone_at(start - 1) & _CODE))


_BENIGN = (
    r"(?i)etag|cache|check_?sum|gravatar|content_?hash|integrity|dedup|file_?hash|revision"
    r"|version|bucket|shard|uuid"
    r"|content-?md5|websocket|handshake|file_?name|not.{0,10}security|unique_?id|git"
)


def benign_hash(line: Line, match: re.Match[str]) -> str:
    """The excuse for a weak hash: an import, or a name near it that says what it is for."""
    if regex(r"[ \t]*(?:(?:import|use|require|from|package)\b|using\b[^(\n]*$)").match(line.text):
        return "none"
    return "checksum" if _is_benign(around(line, 1) + function_around(line, 15)) else ""


@lru_cache(8)  # each hash on a line asks for the same one
def _is_benign(text: str) -> bool:
    return regex(_BENIGN).search(text) is not None


def chances(pattern: str, advice: str, secure: str = r"(?!x)x") -> Check:
    """A check for the random numbers that `pattern` matches, where something near means a secret. Where
    `secure` is spoken of above, the numbers may come from there."""

    def check(line: Line, options: Options) -> Iterator[Candidate]:
        for match in islice(regex(pattern).finditer(line.text), 4):
            if line.zone_at(match.start()) & _CODE:
                secret = secret_near(line, *match.span())
                if secret:
                    shown = match[0].rstrip("( ")
                    own = regex(r"new\b|[A-Z]").match(shown)
                    known = not own and regex(secure).search(line.text + line.text_before(ABOVE))
                    details = {"call": shown, "name": secret, "advice": advice}
                    yield Candidate(*match.span(), details, (), "secure-random" if known else "")

    return check


def outside(archive: str, checked: str) -> Callable[[Line, re.Match[str]], str]:
    """The excuse for a path that is made of an entry's name: no archive is spoken of, or the path is
    compared."""

    def excuse(line: Line, match: re.Match[str]) -> str:
        near = line.text_before(15) + line.text + line.text_after(8)
        if not regex(archive).search(near):
            return "none"
        return "checked" if regex(checked).search(near) else ""

    return excuse


def either(*checks: Check) -> Check:
    """A check that finds what each of several finds."""

    def check(line: Line, options: Options) -> Iterator[Candidate]:
        for one in checks:
            yield from one(line, options)

    return check


def onward(line: Line, start: int, count: int = 12) -> tuple[str, str]:
    """The code and the text of a statement from a column on, up to its `;`, over `count` further lines at
    most."""
    codes: list[str] = []
    texts: list[str] = []
    for one in (line, *line.after(count)):
        code, text = one.only(_CODE), one.only(_NO_COMMENT)
        begin = start if one is line else 0
        end = code.find(";", begin)
        codes.append(code[begin : end if end >= 0 else len(code)])
        texts.append(text[begin : end if end >= 0 else len(text)])
        if end >= 0:
            break
    return "\n".join(codes), "\n".join(texts)


ASKED = said("asked")
"""A condition asks for the caller's choice."""


def unless_asked(excuse: Excusing | None = None) -> Excusing:
    """The excuse for a setting about certificates; `asked` where a condition asks for somebody's choice."""

    def why(line: Line, match: re.Match[str]) -> str:
        own = excuse(line, match) if excuse else ""
        return "asked" if not own and is_asked(line, *match.span()) else own

    return why


def where_near(words: str) -> Excusing:
    """Finds what a pattern matches only where some words stand near it."""

    def why(line: Line, match: re.Match[str]) -> str:
        near = line.text_before(8) + line.text + line.text_after(4)
        return "" if regex(words).search(near) else "none"

    return why


LOCAL = said("local")
"""The other end is named beside it, and is this machine."""

_NEAR = 3
"""Lines above and below a setting in which the other end is sought."""

_THIS_MACHINE = (
    r"https?://(?:localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])(?![\w.-])"
    r"|[(,][ \t]*[\"'](?:localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|::1)[\"']"
)
_BY_DEFAULT = r"(?i)env|default|config|option|setting|args|argv|[!=]==?"
"""What stands on a line that names this machine only where nobody says another one."""


def unless_local(excuse: Excusing) -> Excusing:
    """The excuse for a setting about certificates; `local` where who is spoken to is this machine."""

    def why(line: Line, match: re.Match[str]) -> str:
        own = excuse(line, match)
        if own:
            return own
        near = "\n".join((line.text_before(_NEAR), line.text, line.text_after(_NEAR)))
        named = (one for one in near.split("\n") if regex(_THIS_MACHINE).search(one))
        return "local" if any(not regex(_BY_DEFAULT).search(one) for one in named) else ""

    return why


def is_asked(line: Line, start: int, end: int) -> bool:
    """Whether what stands between two columns is under a condition that asks for somebody's choice about
    certificates; of an `else` the conditions before it count."""
    before, after = line.text[:start], line.text[end:]
    if regex(rf"\bif\b[^\n]*{_CHOICE}|{_CHOICE}[^\n]*\?").search(before) or (
        regex(rf"[^\n]*?\b(?:if|unless)\b[^\n]*{_CHOICE}").match(after)
    ):
        return True
    indent = len(line.text) - len(line.text.lstrip())
    branched, closing = False, False
    parts: list[str] = []
    for one in line.before(ABOVE):
        text = one.text.lstrip()
        depth = len(one.text) - len(text)
        if not text or depth > indent or (depth == indent and not branched):
            if closing:
                parts.append(text)
            continue
        header = regex(r"(?:\}[ \t]*)?(?:if|elif|elsif|else|unless|when|case|switch|guard)\b|\)").match(text)
        if depth < indent and header is None and regex(_HEADER).search(one.text[:300]):
            return False
        if text.rstrip() == "{":
            indent, branched = depth + 1, False  # Its header stands above.
            continue
        indent = depth
        if header is None:
            branched = closing = False
            continue
        if regex(_CHOICE).search(" ".join([text, *parts])):
            return True
        parts.clear()
        closing = text.startswith(")")
        branched = closing or regex(r"(?:\}[ \t]*)?(?:el|when|case)").match(text) is not None
    return False


_CHOICE = r"(?i:verif|(?<!self\.)cert|validat|insecure|(?:server|check|assert)_?host_?name|fingerprint)"
"""A word of a name by which somebody chooses whether certificates are verified."""


def in_definition(line: Line, start: int) -> bool:
    """Whether a column stands among the parameters of a function that is defined."""
    depth = 0
    for one in (line, *line.before(12)):
        code = one.only(_CODE)
        upto = start if one is line else len(code)
        for at in range(upto - 1, -1, -1):
            if code[at] in ")]}":
                depth += 1
            elif code[at] in "([{":
                depth -= 1
                if depth < 0:
                    return (
                        regex(r"\b(?:def|function|func|fn|fun)[ \t]+\w*[ \t]*$").search(code[:at]) is not None
                    )
        if one.text and not one.text[0].isspace() and one is not line and depth >= 0 and code[0] not in ")]}":
            return False
    return False


def around(line: Line, count: int = 3) -> str:
    """A line and those right above it, up to one that is blank."""
    lines = [line.text]
    for one in line.before(count):
        if not one.text.strip():
            break
        lines.append(one.text)
    return "\n".join(lines)


def function_around(line: Line, count: int = ABOVE) -> str:
    """The name of the function around a line, if its header is in sight; else an empty text."""
    indent = len(line.text) - len(line.text.lstrip())
    own = regex(_HEADER).search(line.text)
    if own:
        return own.group(own.lastindex or 0)
    for one in line.before(count) if indent else ():
        text = one.text
        depth = len(text) - len(text.lstrip())
        if depth >= indent or not text.strip():
            continue
        if text.strip() == "{":
            indent = depth + 1  # Its header stands above.
            continue
        indent = depth
        named = regex(_HEADER).search(text[:300])
        if named:
            return named.group(named.lastindex or 0)
        if depth == 0 and text[0] not in "})]":
            break
    return ""


_HEADER = (
    r"\b(?:def|function|fun|func|fn|sub)[ \t]+(?:\([^()\n]{0,80}\)[ \t]*)?(?:self\.)?(\w+)"
    r"|\b(?:const|let|var)[ \t]+(\w+)[ \t]*=[ \t]*(?:async\b[ \t]*)?(?:function\b"
    r"|\([^()\n]{0,200}\)[ \t]*(?::[^=\n]{0,40})?=>)"
    r"|^[ \t]*(?:(?:public|private|protected|internal|static|final|async|override|virtual"
    r"|export)[ \t]+){1,6}[\w<>\[\],.?]{1,80}[ \t]+(\w+)[ \t]*\("
    r"|^[ \t]+(?:async[ \t]+)?(?!(?:if|for|while|switch|catch"
    r"|return)\b)([A-Za-z_]\w*)[ \t]*\([^()\n;]{0,200}\)[ \t]*(?::[^{\n]{0,60})?\{[ \t]*$"
)

REFUSED = said("refused")
"""A test asserts that it is refused."""


def is_refused(line: Line) -> bool:
    """Whether a line of Python stands in a block, or is a call, of which a test asserts that it does not even
    begin: what it is given is of a wrong type, or nothing is there."""
    if regex(_ASSERTS_ERROR).search(line.text):
        return True
    indent = len(line.text) - len(line.text.lstrip())
    for one in line.before(4):
        text = one.text.lstrip()
        if text and len(one.text) - len(text) < indent:
            return regex(rf"(?:async[ \t]+)?with\b[^\n]*{_ASSERTS_ERROR}").match(text) is not None
    return False


_ASSERTS_ERROR = (
    r"(?:\bassertRaises(?:Regex)?|\bpytest\.raises)[ \t]*"
    r"\([ \t(]*(?:TypeError|ValueError|NotImplementedError|AttributeError)\b"
)


QUOTED = said("quoted")
"""A function quotes what is put in."""

_QUOTES = (
    r"\b(?:shlex\.(?:quote|join)|pipes\.quote|list2cmdline|escapeshellarg|escapeshellcmd"
    r"|shellescape|Shellwords"
    r"|shell_?quote|shellQuote|quote|quoteattr|shq|escapeArg|escape_?shell_?arg)\b"
)


def excuse_of(line: Line, code: str, text: str) -> str:
    """Why a command in code is harmless: `constant`, `quoted`; else an empty text."""
    if len(code) == len(text):
        code = without_choices(code, text)
    if is_constant(code) or constant_name(line, code) or _are_constant(line, code) or is_number(code, text):
        return "constant"
    # A quote within quotes ends what it stands in, and is put back.
    by_hand = regex(r"""\.replace\([ \t]*"'"[ \t]*,""").search(text)
    return "quoted" if by_hand or regex(_QUOTES).search(code) or _made_by_quoting(line, code) else ""


def is_number(code: str, text: str) -> bool:
    """Whether all that is put into one literal is a number: `"kill %d" % number`, an own process's."""
    if is_constant(regex(_PROCESS).sub(" ", code)):
        return True
    filled = regex(r"""[bBuUrR]{0,2}(?P<form>"[^"\n]*"|'[^'\n]*')[ \t\n]*%(?![=])""").match(text)
    if filled is None or code[: filled.end() - 1].strip() or "+" in at_top(code[filled.end() :]):
        return False
    holes = regex(r"%[-+ #0-9.*]*[a-zA-Z(]").findall(filled["form"].replace("%%", ""))
    return bool(holes) and all(hole[-1] in "diouxXeEfFgG" for hole in holes)


_PROCESS = r"\bos\.get(?:pp?|p?g|u|eu)id\(\)|\bprocess\.p?pid\b|\$\$(?!\w)"
"""The number of the program that runs, or of who runs it."""


def without_choices(code: str, text: str) -> str:
    """The code of an expression without the conditions by which one of two literals is chosen."""
    blanked = list(code)
    for match in islice(regex(_CHOSEN).finditer(text), 8):
        for start, end in (match.span("asked"), match.span("other")):
            blanked[max(start, 0) : max(end, 0)] = " " * (max(end, 0) - max(start, 0))
    return "".join(blanked)


_LITERAL = r"(?:\"[^\"\n$#{\\]{0,80}\"|'[^'\n\\]{0,80}')"
_CHOSEN = (
    rf"(?P<asked>!?(?<![\w.$@])[$@]?[A-Za-z_][\w.$]{{0,60}}\??[ \t]*\?)[ \t]*"
    rf"{_LITERAL}[ \t]*:[ \t]*{_LITERAL}"
    rf"|{_LITERAL}[ \t\n]*(?P<other>\bif\b[^\n\"'()]{{1,80}}\belse\b)[ \t\n]*{_LITERAL}"
)


def _are_constant(line: Line, code: str) -> bool:
    """Whether each of several names was given a constant last."""
    names = regex(r"(?<![\w.$@])\$?[A-Za-z_]\w*(?![\w.(\[])").findall(regex(_LITERALS).sub(" ", code))
    rest = regex(r"(?<![\w.$@])\$?[A-Za-z_]\w*(?![\w.(\[])").sub(" ", code)
    return 0 < len(names) < 6 and is_constant(rest) and all(constant_name(line, name) for name in names)


def _made_by_quoting(line: Line, code: str) -> bool:
    """Whether a command is one name, which was last given what a function quotes."""
    return regex(_QUOTES).search(given_last(line, code)) is not None


def given_last(line: Line, code: str) -> str:
    """The code of what was given last, above, to the name that is all of an expression; else empty."""
    name = code.strip()
    if not regex(r"[A-Za-z_]\w{0,60}").fullmatch(name) or name not in line.text_before(ABOVE):
        return ""
    for one in line.before(ABOVE):
        if name not in one.text:
            continue
        match = given_in(one, with_hole(one.text, name), rf"(?:^|[\s($;{{]){HOLE}[ \t]*[+.]?=(?!=)[ \t]*")
        if match:
            return one.only(_CODE)[match.end() :]
    return ""


_SECRETS = frozenset(
    [
        "token",
        "password",
        "passwd",
        "passphrase",
        "pwd",
        "secret",
        "nonce",
        "salt",
        "otp",
        "csrf",
        "xsrf",
        "captcha",
        "apikey",
        "sid",
        "credential",
        "credentials",
        "iv",
        "passcode",
        "pincode",
        "totp",
        "cnonce",
        "secrets",
        "passwords",
        "jwt",
    ]
)
_SECRET_PAIRS = frozenset(
    [
        "api_key",
        "session_id",
        "session_key",
        "secret_key",
        "private_key",
        "auth_code",
        "auth_key",
        "verification_code",
        "reset_code",
        "reset_key",
        "activation_code",
        "activation_key",
        "invite_code",
        "encryption_key",
        "signing_key",
        "access_key",
        "access_code",
        "otp_code",
        "pin_code",
        "confirmation_code",
        "aes_key",
    ]
)
_NO_SECRETS = frozenset(
    [
        "count",
        "len",
        "length",
        "num",
        "index",
        "idx",
        "max",
        "min",
        "type",
        "types",
        "probs",
        "logits",
        "embedding",
        "vocab",
        "pos",
        "position",
        "id",
        "ids",
        "size",
        "list",
        "stream",
        "mask",
        "masks",
        "limit",
        "budget",
        "kind",
        "bucket",
    ]
)


def means_secret(name: str) -> bool:
    """Whether a name means what nobody may guess."""
    parts = words(name)
    if not _NO_SECRETS.isdisjoint(parts) and "session" not in parts:
        return False
    return not _SECRETS.isdisjoint(parts) or any(
        f"{one}_{other}" in _SECRET_PAIRS for one, other in pairwise(parts)
    )


def secret_near(line: Line, start: int, end: int) -> str:
    """The name of a secret on a line, outside of a span of it, or of the function around it; else empty."""
    for match in islice(regex(r"[A-Za-z_]\w{1,60}").finditer(line.text), 64):
        if (match.end() <= start or match.start() >= end) and means_secret(match[0]):
            return match[0]
    function = function_around(line, 15)
    return function if means_secret(function) else ""
