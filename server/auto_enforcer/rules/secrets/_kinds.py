"""Secrets with a form of their own and no provider: key blocks, addresses, headers, web tokens."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from auto_enforcer.model import Candidate, Line, Options, Zone
from auto_enforcer.rules._common import lazy
from auto_enforcer.rules.secrets import _values
from auto_enforcer.rules.secrets._shared import base64_text

# Private keys

KEY_BLOCK_TRIGGERS = (
    r"-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY",
    r"PuTTY-User-Key-File-[23]:",
    r"---- BEGIN SSH2 ENCRYPTED PRIVATE KEY",
    r"AGE-SECRET-KEY-1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}",
    r"LS0tLS1CRUdJTi[A-Za-z0-9+/]{60}",
)
KEY_BLOCK_WINDOW = 8

_KEY_BLOCK = lazy(
    r"-----BEGIN (?P<kind>(?:[A-Z0-9]{2,10} ){0,3})PRIVATE KEY(?: BLOCK)?-----"
    r"|PuTTY-User-Key-File-[23]: \S+|---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----",
    re.ASCII,
)
_KEY_END = lazy(r"-{4,5}[ ]?END [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?[ ]?-{4,5}", re.ASCII)
_KEY_BODY = lazy(r"[A-Za-z0-9+/]{32,}={0,2}")
_KEY_HEADER = lazy(r"^[\s>#*/|'\"`+.-]*(?:\\n|[\w-]+: .*|[|>+-]*)[\s\\nr'\"`,+.;|)-]*$", re.ASCII)
_LEFT_OUT = lazy(r"\.{3}|…|EXAMPLE|<[A-Za-z]")
_AGE = lazy(r"AGE-SECRET-KEY-1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}")
_ENCODED_BLOCK = lazy(r"LS0tLS1CRUdJTi[A-Za-z0-9+/]{60,}={0,2}")


def private_keys(line: Line, options: Options) -> Iterator[Candidate]:
    """The first line of a key block, with what of its body stands on the line; keys that are one word."""
    text = line.text
    begun = list(_KEY_BLOCK.finditer(text))
    for index, match in enumerate(begun):
        beyond = begun[index + 1].start() if index + 1 < len(begun) else len(text)
        end = _KEY_END.search(text, match.end(), beyond)
        stop = end.end() if end else match.end()
        body = text[match.end() : end.start() if end else beyond]
        if not end and (first := _KEY_BODY.search(body)):
            stop = match.end() + first.end()
        yield Candidate(match.start(), stop, {"kind": "a private key"}, value=body)
    for match in _AGE.finditer(text):
        yield Candidate(match.start(), match.end(), {"kind": "an age secret key"}, value=match[0])
    for match in _ENCODED_BLOCK.finditer(text):
        decoded = base64_text(match[0][:80]) or ""
        if "PRIVATE KEY" in decoded:
            yield Candidate(match.start(), match.end(), {"kind": "a private key in base64"}, value=match[0])


def has_no_body(line: Line, candidate: Candidate, options: Options) -> bool:
    """No line of a key follows: the header stands alone, in a comparison or a pattern, say."""
    return not _bodies(line, candidate)


def has_placeholder_body(line: Line, candidate: Candidate, options: Options) -> bool:
    """The body is dull, or says that it is left out."""
    if _LEFT_OUT.search(candidate.value):
        return True
    # A description of a parameter shows how a key begins.
    if candidate.value and line.zone_at(candidate.start) & Zone.TEXT and line.language == "python":
        return "END" not in line.text[candidate.start :]
    bodies = _bodies(line, candidate)
    return bool(bodies) and all(_values.is_dull(body) or _values.says_placeholder(body) for body in bodies)


def _bodies(line: Line, candidate: Candidate) -> list[str]:
    """Runs of base64 between the header and the end of the block, as far as they are near."""
    bodies = [match[0] for match in _KEY_BODY.finditer(candidate.value)]
    if bodies or _KEY_END.search(line.text, candidate.start, candidate.end):
        return bodies
    for below in line.after(KEY_BLOCK_WINDOW):
        if _bounds_key(below.text):
            break
        found = [match[0] for match in _KEY_BODY.finditer(below.text)]
        if found:
            return found
        if not _KEY_HEADER.match(below.text[:200]):
            break
    return bodies


@lru_cache(64)  # each header on a line asks for the same lines below it
def _bounds_key(text: str) -> bool:
    return _KEY_END.search(text) is not None or _KEY_BLOCK.search(text) is not None


# Addresses and connection strings

URL_TRIGGERS = (
    r"""://[^\s/:@"'<>`]{0,80}:[^\s/@"'<>`]{1,120}@[\w\[$%{]""",
    r"(?i)(?:password|pwd)\s{0,2}=\s{0,2}[^\s;&]{3}[^\n]{0,200};",
    r"(?i);\s{0,2}(?:password|pwd)\s{0,2}=\s{0,2}[^\s;&]",
    r"(?i)jdbc:[a-z0-9]{2,16}:[^\n]{4,200}[?&;:,](?:password|pwd)=[^\s&;]",
    r"(?i)jdbc:oracle:thin:[^\s/]{1,40}/[^\s@/]{1,40}@",
    r"(?i)\b(?:host|dbname|user)=[^\n]{1,200}[\s&]password=[^\s]",
    r"@(?:tcp|unix)\(",
    r"(?i):[0-9]+,[^\n]*password=[^\s,]",
)

_URL = lazy(
    r"""(?P<scheme>[A-Za-z][A-Za-z0-9+.-]{1,20})://(?P<user>[^\s/:@"'<>`]{0,80}):(?P<password>"""
    r"""[^\s/"'<>`@]{1,120}"""
    r"""(?:@[^\s/"'<>`@.]{1,60}(?=@))?)@(?P<host>[\w.\[\]:$%{}()-]{1,200})"""
)
_CONNECTION = lazy(
    r"""(?i)(?:^|[;"'`\s?&:,])(?:password|pwd)\s?=\s?(?P<password>"[^"\n]{1,128}"|'[^'\n]{1,128}'|"""
    r"""[^\s;&"'`<>,)]{1,128})"""
)
_CONNECTION_KEY = lazy(
    r"(?i)\b(?:server|data ?source|host(?:name)?|address|addr|initial catalog|database|dbname|user ?id"
    r"|uid|user ?name"
    r"|user|driver|provider|endpoint|port)\s?=\s?[^\s;&\"'][^;&\"'\n]{0,120}[;&\s]"
    r"|[;&\s](?:server|data ?source|host(?:name)?|initial catalog|database|dbname|user ?id|uid"
    r"|user ?name|user|driver"
    r"|port|encrypt|pooling|integrated security|trusted_connection)\s?=|jdbc:[a-z]"
)
_BLANK_DIVIDED = lazy(r"(?:(?:user|dbname|port|sslmode)=[^\s,()=]{1,60}[ ]{1,2}){1,4}")
"""What stands before the password of a string whose parts are divided by blanks; a call's have commas."""
_ORACLE = lazy(
    r"(?i)jdbc:oracle:thin:(?P<user>[\w$]{1,40})/(?P<password>[^\s@/\"']{1,40})@(?P<host>[\w./:-]{1,120})"
)
_DATA_SOURCE = lazy(
    r"""["'`](?P<user>[\w.-]{1,40}):(?P<password>[^\s"'`@/]{1,80})@(?:tcp|unix)\((?P<host>[^\s()]{0,120})\)"""
)
_COMMAS = lazy(
    r"""(?i)(?P<host>[\w.-]{1,80}):[0-9]{2,5},(?:[\w ]{1,30}=[^,"'\s]{1,60},){0,6}"""
    r"""password=(?P<password>[^\s,"'`]{1,80})"""
)
"""How clients of Redis are told where to connect."""
_SAMPLE_HOST = lazy(
    r"(?i)^(?:host(?:name)?|server|example|domain|some[\w-]*|your[\w-]*|my-?(?:host|server|domain"
    r"|proxy|site)|addr(?:ess)?"
    r"|proxy[\w-]*\.example|foo|bar|a|b|h|x|url|[\w-]+\.(?:example|test|invalid)|.*\bexample\.(?:com"
    r"|org|net|edu|io)"
    r"|(?:[\w-]+\.)?(?:domain|site|host|hostname|somewhere|yourdomain|mydomain|foo|bar)\.(?:com|org"
    r"|net|tld)|\d)(?=[:/.\]]|$)"
)
_SAMPLE_PASSWORD = lazy(
    r"(?i)^(?:(?:my|your|the|db|some|a|user|proxy)?[-_]?(?:pass|passwd|password|pwd|pw|pass_?word"
    r"|secret|token|key|credentials?"
    r"|auth|api_?key|access_?token|oauth2?|x-oauth-basic)(?:[-_]?(?:here|word))?|p|pp|sekrit|x+"
    r"|\*+|\.+|-+|test|foo|bar|baz"
    r"|word|port|\d{1,3}\\*|anon\w*|user|username|name|.)$"
)
_LOCAL_HOST = lazy(
    r"(?i)^(?:localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|\[?::1\]?|host\.docker\.internal|[a-z][\w-]*)(?:[:/]|$)"
)


def url_credentials(line: Line, options: Options) -> Iterator[Candidate]:
    """Passwords in addresses and in connection strings."""
    yield from (candidate for candidate in _credentials(line) if not _is_default(candidate))


def default_url_credentials(line: Line, options: Options) -> Iterator[Candidate]:
    """The same where the password is the user's name and the host a local one."""
    yield from (candidate for candidate in _credentials(line) if _is_default(candidate))


def url_spans(text: str) -> Iterator[tuple[int, int]]:
    """Where passwords in addresses and connection strings stand."""
    for candidate in _addresses(text):
        yield candidate.start, candidate.end


def _credentials(line: Line) -> Iterator[Candidate]:
    return _addresses(line.text)


def _addresses(text: str) -> Iterator[Candidate]:
    if "://" in text:
        for match in _URL.finditer(text):
            yield _address(match, "a password in an address")
    if "racle" in text or "RACLE" in text:
        for match in _ORACLE.finditer(text):
            yield _address(match, "a password in an address")
    if "@tcp(" in text or "@unix(" in text:
        for match in _DATA_SOURCE.finditer(text):
            yield _address(match, "a password in an address")
    folded = text.lower()
    if ",password=" in folded:
        for match in _COMMAS.finditer(text):
            details = {"kind": "a password in a connection string", "user": "", "host": match["host"]}
            yield Candidate(*match.span("password"), details, value=match["password"])
    if ("password" in folded or "pwd" in folded) and "=" in text:
        for match in _CONNECTION.finditer(text):
            around = text[max(0, match.start() - 300) : match.start() + 1]
            behind = text[match.end() : match.end() + 200]
            closed = re.split(r"""["'`]""", around)[-1] + " " if around else ""
            following = re.split(r"""["'`]""", behind)[0]
            connected = (
                ";" in around[-1:]
                or following.startswith(";")
                or "jdbc:" in closed.lower()
                or "host" in closed
                or ("=" in closed and "," not in closed and _BLANK_DIVIDED.fullmatch(closed) is not None)
            )
            if connected and (
                _CONNECTION_KEY.search(closed) or _CONNECTION_KEY.search(";" + following.lstrip(";") + ";")
            ):
                start, end = match.span("password")
                password = match["password"]
                if password[0] in "\"'":
                    start, end, password = start + 1, end - 1, password[1:-1]
                details = {"kind": "a password in a connection string", "user": "", "host": ""}
                yield Candidate(start, end, details, value=password)


def _address(match: re.Match[str], kind: str) -> Candidate:
    start, end = match.span("password")
    details = {"kind": kind, "user": match["user"], "host": match["host"]}
    return Candidate(start, end, details, value=match["password"])


def _is_default(candidate: Candidate) -> bool:
    details = candidate.details or {}
    same = candidate.value.lower() == details["user"].lower()
    return same and bool(_LOCAL_HOST.match(details["host"]))


def is_sample_address(line: Line, candidate: Candidate, options: Options) -> bool:
    """The host is an example's (`host`, `example.com`), or the password the word for one."""
    details = candidate.details or {}
    if _SAMPLE_PASSWORD.match(candidate.value.strip("[]<>(){}")):
        return True
    if (details["user"], candidate.value) == ("scott", "tiger"):  # Oracle's sample, known to everybody
        return True
    if re.fullmatch(r"[A-Z][A-Z_]*", candidate.value) and len(candidate.value) > 3:
        return True
    user = details["user"].lower()
    # What templates put together for the machine that they run on: `cacheuser:cachepass@localhost`.
    if _LOCAL_HOST.match(details["host"]) and re.fullmatch(r"[a-z]{1,12}[_-]?pass(?:word)?", candidate.value):
        return True
    sample_user = user in ("user", "username", "login", "name", "foo", "usr", "<user>", "me", "user1", "u")
    word = candidate.value.isalpha() and not _values.is_common_password(candidate.value)
    return (bool(details["host"]) and bool(_SAMPLE_HOST.match(details["host"]))) or (sample_user and word)


# Headers

HEADER_TRIGGERS = (
    r"(?i)authorization[^\n]{0,40}(?:basic|bearer|token|apikey|api-key|key|digest|negotiate)\s{1,3}"
    r"(?:token=)?[\"']?[A-Za-z0-9+/_.=~:-]{8}",
    r"""["'`](?:Basic|Bearer)\s[A-Za-z0-9+/_.=~-]{8}""",
    r"""(?i:curl)[^\n]{0,400}[\s"'](?:-u|--user|--proxy-user)[ =]?["']?[^\s"':]{1,80}:[^\s"']""",
    r"""CURLOPT_(?:PROXY)?USERPWD["']?\s*(?:,|=>|=)\s*["'][^\s"':]+:[^\s"']""",
    r"""(?i)\bx-(?:[a-z]{1,20}-)?(?:api-?key|(?:auth|access|api)-?token)["']?\s{0,3}[:,=]\s{0,3}["']?"""
    r"""[A-Za-z0-9+/_.=~-]{8}""",
    r"""(?i)[A-Za-z0-9+/_.=~-]{8}["'],[ ]{0,3}forHTTPHeaderField:[ ]{0,3}["']x-""",
    r"""(?i)private-token["']?\s{0,3}[:,=]\s{0,3}["']?[A-Za-z0-9+/_.=~-]{8}""",
)

_HEADER = lazy(
    r"(?i)authorization(?P<between>[^\n]{0,40}?)\b(?P<scheme>basic|bearer|token|apikey|api-key|key)\s{1,3}"
    r"(?:token=)?[\"']?(?P<secret>[A-Za-z0-9+/_.=~:-]{8,2048})"
)
_QUOTED_HEADER = lazy(r"""["'`](?P<scheme>Basic|Bearer)\s(?P<secret>[A-Za-z0-9+/_.=~-]{8,2048})["'`]""")
_CURL_USER = lazy(
    r"""(?:(?i:curl)[^\n]{0,400}?[\s"'](?:-u|--user|--proxy-user)[ =]?["']?"""
    r"""|CURLOPT_(?:PROXY)?USERPWD["']?\s{0,3}(?:,|=>|=)\s{0,3}["'])(?P<user>[^\s"':]{1,80}):"""
    r"""(?P<secret>[^\s"']{1,200})"""
)
_KEY_HEADER_FIELD = lazy(
    r"""(?i)\b(?:x-(?:[a-z]{1,20}-)?(?:api-?key|(?:auth|access|api)-?token)|private-token)["']?\s{0,3}"""
    r"""[:,=]\s{0,3}["']?"""
    r"""(?P<secret>[A-Za-z0-9+/_.=~-]{8,512})"""
)
_KEY_HEADER_LAST = lazy(
    r"""(?i)["'](?P<secret>[A-Za-z0-9+/_.=~-]{8,512})["'],[ ]{0,3}forHTTPHeaderField:[ ]{0,3}"""
    r"""["']x-(?:[a-z]{1,20}-)?(?:api-?key|(?:auth|access|api)-?token)["']"""
)
_JOINED = lazy(r"""^\s*(?:["'`]\s*[+.,%]|\$|\{|<)""")


def authorization_headers(line: Line, options: Options) -> Iterator[Candidate]:
    """Credentials in headers and in a command's `user:password`."""
    text = line.text
    taken: list[tuple[int, int]] = []
    for pattern in (_HEADER, _QUOTED_HEADER):
        for match in pattern.finditer(text):
            start, end = match.span("secret")
            scheme = match["scheme"].lower()
            secret = match["secret"]
            if (
                any(start < other_end and end > other for other, other_end in taken)
                or text[start - 1] in "$<{"
            ):
                continue
            taken.append((start, end))
            if scheme == "basic":
                decoded = base64_text(secret)
                if decoded is None or ":" not in decoded:
                    continue
                user, _, password = decoded.partition(":")
                yield _header(start, end, "basic credentials", user, password)
            elif text[end : end + 1] not in ("{", "$", "%", "(", "<", "[") and _values.looks_made(secret):
                yield _header(
                    start, end, f"a {scheme} token" if scheme != "apikey" else "an API key", "", secret
                )
    for match in _CURL_USER.finditer(text) if "url" in text or "URL" in text else ():
        yield _header(*match.span("secret"), "a user's password", match["user"], match["secret"])
    for match in _KEY_HEADER_LAST.finditer(text) if "forHTTP" in text else ():
        if _values.looks_made(match["secret"]):
            yield _header(*match.span("secret"), "an API key", "", match["secret"])
    for match in _KEY_HEADER_FIELD.finditer(text):
        in_address = text[max(0, match.start() - 3) : match.start()] == "://"
        if _values.looks_made(match["secret"]) and not (
            in_address or text[match.end() : match.end() + 1] in ("(", "[", "{", "<")
        ):
            yield _header(*match.span("secret"), "an API key", "", match["secret"])


def header_spans(text: str) -> Iterator[tuple[int, int]]:
    """Where credentials in headers may stand."""
    folded = text.lower()
    if "authorization" in folded:
        for match in _HEADER.finditer(text):
            yield match.span("secret")
    if "asic " in text or "earer " in text:
        for match in _QUOTED_HEADER.finditer(text):
            yield match.span("secret")
    if "url" in text or "URL" in text:
        for match in _CURL_USER.finditer(text):
            yield match.span("secret")
    if "x-" in folded or "private-token" in folded:
        for match in _KEY_HEADER_FIELD.finditer(text):
            if text[max(0, match.start() - 3) : match.start()] != "://":
                yield match.span("secret")


def is_sample_header(line: Line, candidate: Candidate, options: Options) -> bool:
    """The user is `user` or an example's, or the password the word for one."""
    details = candidate.details or {}
    if details["kind"] not in ("basic credentials", "a user's password"):
        return False
    samples = ("user", "username", "login", "foo", "aladdin", "user1", "name", "myuser")
    if _SAMPLE_PASSWORD.match(candidate.value):
        return True
    # In base64 nobody reads the example, so what is encoded was used.
    used = details["kind"] == "basic credentials" and _values.looks_strong(candidate.value)
    used = used and not _values.is_common_password(candidate.value)
    return details["user"].lower() in samples and not used


def is_whole_variable(line: Line, candidate: Candidate, options: Options) -> bool:
    """It is put together from parts, or is a variable, a substitution, a prompt."""
    text = line.text
    # `setValue("Basic …", forHTTPHeaderField: "Authorization")`: behind the comma stands the header's name.
    named = text[candidate.end + 1 : candidate.end + 2] == "," and "uthorization" in text[candidate.end :]
    joined = _JOINED.match(text[candidate.end : candidate.end + 12]) and not named
    if joined and not candidate.value.count("="):
        return text[candidate.end : candidate.end + 1] in ("$", "{", "<") or not _values.looks_made(
            candidate.value
        )
    value = candidate.value
    return _values.is_reference(value) or _values.is_template(value) or value[:1] in "$<{%`"


def _header(start: int, end: int, kind: str, user: str, secret: str) -> Candidate:
    return Candidate(start, end, {"kind": kind, "user": user, "host": ""}, value=secret)


# JSON Web Tokens

JWT_TRIGGERS = (r"eyJ[\w-]{10,2000}\.eyJ[\w-]{10}",)
_JWT = lazy(r"(?<![\w.-])eyJ[\w-]{10,2000}\.eyJ[\w-]{10,3000}\.[\w-]{20,1000}", re.ASCII)


def web_tokens(line: Line, options: Options) -> Iterator[Candidate]:
    """JSON Web Tokens whose header says an algorithm."""
    for match in _JWT.finditer(line.text):
        header = _claims(match[0].split(".")[0])
        if header is not None and "alg" in header:
            yield Candidate(match.start(), match.end(), {"kind": "a JSON Web Token"}, value=match[0])


def jwt_spans(text: str) -> Iterator[tuple[int, int]]:
    """Where JSON Web Tokens stand."""
    if "eyJ" in text:
        for match in _JWT.finditer(text):
            yield match.span()


def is_sample_token(line: Line, candidate: Candidate, options: Options) -> bool:
    """What jwt.io and every tutorial show: John Doe, subject 1234567890, issued at 1516239022."""
    claims = _claims(candidate.value.split(".")[1])
    if claims is None:
        return True
    values = {str(value).lower() for value in claims.values()}
    return bool(
        values
        & {"john doe", "1234567890", "1516239022", "1516242622", "jane doe", "alice", "joe", "foo", "bar"}
    )


def is_public_token(line: Line, candidate: Candidate, options: Options) -> bool:
    """Its role is the one of everybody: what a hosted database gives to browsers."""
    claims = _claims(candidate.value.split(".")[1]) or {}
    return claims.get("role") in ("anon", "public", "anonymous")


def is_expired_token(line: Line, candidate: Candidate, options: Options) -> bool:
    """Its own `exp` is past."""
    claims = _claims(candidate.value.split(".")[1]) or {}
    expires = claims.get("exp")
    today = (line.file.today.toordinal() - 719_163) * 86_400
    return isinstance(expires, int | float) and expires < today


def _claims(part: str) -> dict[str, object] | None:
    import json

    text = base64_text(part)
    if text is None:
        return None
    try:
        claims = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return claims if isinstance(claims, dict) else None


# The secret beside an AWS access key id

AWS_SECRET_TRIGGERS = (
    r"(?i)(?:aws|secret)[^\n]{0,60}[^A-Za-z0-9/+][A-Za-z0-9/+]{40}(?:[^A-Za-z0-9/+=]|$)",
    r"(?:AKIA|ASIA)[A-Z2-7]{16}[^A-Za-z0-9\n][^\n]{0,80}[A-Za-z0-9/+]{40}",
    # Without a name a cheaper trigger cannot be had, so only in double quotes.
    r'"[A-Za-z0-9/+]{40}"',
)
AWS_SECRET_WINDOW = 5

_AWS_SECRET = lazy(r"(?<![A-Za-z0-9/+_.-])(?P<secret>[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=_-])")
_AWS_NAME = lazy(
    r"(?ai)(?:aws[\w.-]{0,20}secret|secret_?access_?key|secretaccesskey|aws[_. -]?(?:sk|key)|secret_?key)"
    r"""[\w.-]{0,20}["'\]]{0,2}\s{0,4}(?:=>|:=|=|:|,|>|\s)\s{0,4}["']?$"""
)
_AWS_NEAR = lazy(
    rb"(?:(?i:aws|secret)[^\n]{0,60}[^A-Za-z0-9/+]|(?:AKIA|ASIA)[A-Z2-7]{16}[^A-Za-z0-9\n][^\n]{0,80})$"
)
"""What the triggers ask for before a secret that is not in double quotes, in UTF-8 bytes as they do."""
_AWS_NEAR_REACH = 101
"""The bytes of the longest match of _AWS_NEAR."""
_AWS_NAME_REACH = 80
"""Characters before a value in which its name is sought: more than a match of _AWS_NAME has."""
_AWS_ID = lazy(r"(?<![A-Za-z0-9])(?:AKIA|ASIA)[A-Z2-7]{16}(?![A-Za-z0-9])")


def aws_secrets(line: Line, options: Options) -> Iterator[Candidate]:
    """Forty characters of base64 that are named an AWS secret, or stand beside an access key id."""
    for match in _AWS_SECRET.finditer(line.text):
        value = match[0]
        if not _is_mixed(value):
            continue
        if _is_named(match) or (_is_apart(match) and _beside_id(line)):
            yield Candidate(match.start(), match.end(), {"kind": "an AWS secret access key"}, value=value)


def aws_secret_spans(text: str) -> Iterator[tuple[int, int]]:
    """Where an AWS secret by its name stands: one that `aws_secrets` takes."""
    if "ecret" in text or "SECRET" in text or "aws" in text.lower():
        for match in _AWS_SECRET.finditer(text):
            if not _is_mixed(match[0]):
                continue
            if _is_named(match) or (_is_apart(match) and _AWS_ID.search(text)):
                yield match.span()


def _is_mixed(value: str) -> bool:
    """Both cases, a digit or a sign, and no pattern: forty digits of a hash are none."""
    mixed = re.search("[a-z]", value) and re.search("[A-Z]", value) and re.search("[0-9/+]", value)
    return bool(mixed) and _values.entropy(value) >= 3.9


def _is_named(match: re.Match[str]) -> bool:
    return _AWS_NAME.search(match.string, max(0, match.start() - _AWS_NAME_REACH), match.start()) is not None


def _is_apart(match: re.Match[str]) -> bool:
    """Whether a value without a name of its own is one that the triggers hit: in double quotes, or soon after
    a word or an id that tells."""
    start, end = match.span()
    text = match.string
    if text[max(0, start - 1) : start] == '"' == text[end : end + 1]:
        return True
    return (
        _AWS_NEAR.search(text[max(0, start - _AWS_NEAR_REACH) : start].encode(errors="replace")) is not None
    )


def _beside_id(line: Line) -> bool:
    if _AWS_ID.search(line.text):
        return True
    near = (*line.before(AWS_SECRET_WINDOW), *line.after(AWS_SECRET_WINDOW))
    return any(_AWS_ID.search(other.text) for other in near)
