"""Passwords that no name stands before: a call or a command takes them by their place, often after a user."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from auto_enforcer.model import NamedTuple
from auto_enforcer.rules._common import lazy

_TEXT = r"""b?["'](?P<value>[^"'\n]{4,80})["']"""
_WORD = r"""["']?(?P<value>[^\s"'`$<>{|;-][^\s"'`<>|;]{3,64})(?=["'`\s]|\\n|$)"""
_USER = r"""["'][^"'\n]{1,60}["'],[ ]{0,3}"""


class _Form(NamedTuple):
    """How a password is given by its place. One of `needles` stands in every text that `pattern` matches;
    those of a call are its names. `trigger` is for the scanner. `sure`: nothing else is given there;
    otherwise it must look like a password."""

    needles: tuple[str, ...]
    trigger: str
    pattern: re.Pattern[str]
    sure: bool


def _call(callees: str, trigger: str, pattern: str, sure: bool = False) -> _Form:
    return _Form(tuple(callees.split()), trigger, lazy(pattern, re.ASCII), sure)


def _command(needles: str, trigger: str, pattern: str, sure: bool = False) -> _Form:
    return _Form(tuple(needles.split("|")), trigger, lazy(pattern, re.ASCII), sure)


_HASHING = (
    r"(?:make_password|makePassword|generate_password_hash|password_hash|hashpw|hash_password|[hH]ashPassword|bcrypt"
    r"(?:\.hash(?:Sync)?)?|Hash::make|[pP]assword_?[eE]ncoder(?:\(\))?\.encode)"
)
_CHECKING = r"(?:check|verify|valid|validate)(?:_p|P)assword[?!]?"
_KEYED = r"(?:SymmetricSecurityKey|SecretKeySpec)"
_SIGNED = r"(?:[cC]reateHmac\([ ]?[\"'][\w-]{2,20}[\"'],[ ]?|hmac\.new\([ ]?)"
_BASIC = r"(?:httpBasic|Credentials\.basic|basic_auth|\.auth)"
_CREATED = r"(?:create_(?:super)?user|[cC]reateUser|createSuper[uU]ser)"

_CALLS = (
    # What is hashed, or compared with a hash. As a template's filter the call names the way of hashing.
    _call(
        "make_password makePassword hash_password hashPassword HashPassword generate_password_hash"
        " password_hash hashpw bcrypt hash hashSync make encode",
        rf"""{_HASHING}\([ ]?b?["'][^"'\n]{{4}}""",
        rf"""(?<![A-Za-z])(?<!\|)(?<!\|[ ]){_HASHING}\([ ]?{_TEXT}""",
        sure=True,
    ),
    _call(
        "check_password checkPassword verify_password verifyPassword valid_password validPassword"
        " validate_password validatePassword",
        rf"""{_CHECKING}\([ ]?b?["'][^"'\n]{{4}}""",
        rf"""(?<![A-Za-z]){_CHECKING}\([ ]?{_TEXT}""",
    ),
    # What signs.
    _call(
        "SymmetricSecurityKey SecretKeySpec",
        rf"{_KEYED}\([^\n]*\"",
        rf"""{_KEYED}\([^"\n]{{0,60}}"(?P<value>[^"\n]{{8,80}})"(?=\)|\.getBytes|\.toByteArray|,)""",
    ),
    _call("setSigningKey", r"\bsetSigningKey\([ ]?\"", rf"\bsetSigningKey\([ ]?{_TEXT}"),
    _call("createHmac CreateHmac new", rf"""{_SIGNED}b?["'][^"'\n]{{4}}""", _SIGNED + _TEXT),
    # A user and a password, in this order.
    _call(
        "httpBasic basic basic_auth auth",
        rf"""{_BASIC}\([ ]?["'][^"'\n]+["'],""",
        rf"""{_BASIC}\([ ]?{_USER}(?:Some\([ ]?)?{_TEXT}""",
    ),
    _call(
        "create_user createUser CreateUser create_superuser createSuperuser createSuperUser",
        rf"""{_CREATED}\([ ]?["'][^\n]*,[ ]*["'][^"'\n]{{4}}""",
        rf"""{_CREATED}\([ ]?{_USER}["'][^"'\n@]{{0,40}}@[^"'\n]{{1,60}}["'],[ ]{{0,3}}{_TEXT}""",
        sure=True,
    ),
    _call(
        "PDO",
        r"\bPDO\([ ]?\$[^\n]*,[ ]*[\"'][^\n]*,[ ]*[\"']",
        rf"""\bPDO\([ ]?\$\w{{1,40}},[ ]?{_USER}{_TEXT}""",
    ),
    _call(
        "CreateAsync",
        r"\bCreateAsync\(\w+,[ ]?\"",
        r"""\bCreateAsync\(\w{1,60},[ ]?"(?P<value>[^"\n]{4,80})"\)""",
    ),
    _call(
        "begin",
        r"\bWiFi\.begin\([ ]?\"[^\"\n]+\",",
        rf"\bWiFi\.begin\([ ]?{_USER}{_TEXT}",
        sure=True,
    ),
)

_COMMANDS = (
    _command(
        " -p| -P| --pass ",
        r"[ \"'](?:-u|-U|--user(?:name)?)[ =][^\n]*[ ](?:-[pP]|--pass[ ])",
        r"""[ "'](?:-u|-U|--user(?:name)?)[ =][^\s|;]{1,40}[ ](?:[^\s|;]{1,60}[ ]){0,4}?(?<!mkdir )"""
        rf"(?:-[pP][ ]{{1,2}}|--pass[ ]){_WORD}",
    ),
    _command("mysql", r"\bmysql[^\n]*[\"']-p[^\s\"']{4}", r"""["']-p(?P<value>[^\s"'$<{=]{4,64})["']"""),
    _command(
        "onfig set |onfigure set ",
        r"\bconfig(?:ure)?[ ]set[ ][^\n]*(?i:token|password|secret|_auth|key)[ =][\"']?[^\s\"'$<{]{8}",
        r"\bconfig(?:ure)?[ ]set[ ][^\s=]{0,60}(?i:token|password|secret|_auth|access_key|api_?key)[ =]"
        r"""["']?(?P<value>[^\s"'$<{][^\s"']{7,128})(?=["'\s]|$)""",
    ),
    _command(
        "sudo -S|-stdin",
        r"\becho[ ][^\n|]*\|[^\n]*(?:sudo[ ]-S|-stdin)",
        rf"\becho[ ](?:-n[ ])?{_WORD}[\"']?[ ]{{0,3}}\|[^|\n]{{0,60}}(?:sudo[ ]-S|-stdin)",
    ),
    _command(
        "htpasswd ",
        r"\bhtpasswd[ ]+-[a-zA-Z]*b",
        rf"\bhtpasswd[ ](?=-[a-zA-Z]{{0,6}}b)(?:-[a-zA-Z]{{1,7}}[ ]){{1,4}}"
        rf"(?:[^\s-][^\s]{{0,60}}[ ]){{1,2}}{_WORD}[ \t]*+(?:[|;#]|$)",
    ),
    _command("net user", r"\bnet[ ]user[ ][^\s/]", rf"\bnet[ ]user[ ][^\s/]{{1,40}}[ ](?!/){_WORD}"),
    _command("/rp", r"\bschtasks[^\n]*/rp[ ]", rf"(?i)\bschtasks[^\n]{{0,200}}[ ]/rp[ ]{_WORD}"),
    _command(
        "sqlplus",
        r"\bsqlplus[ ][^\n]*/[^\s@]+@",
        r"""\bsqlplus[ ](?:-\w{1,8}[ ]){0,3}["']?\w{1,40}/(?P<value>[^\s@/"'$%&{<]{3,40})@""",
    ),
    _command(
        " -U",
        r"\b(?:smbclient|rpcclient|winexe|wmic|smbget)[ ][^\n]*-U[^\n]*%[^\s\"']{4}",
        r"""\b(?:smbclient|rpcclient|winexe|wmic|smbget)[ ][^\n]{0,200}?[ ]-U[ ]?["']?[^\s"'%]{1,40}%"""
        r"""(?P<value>[^\s"'$<{][^\s"']{3,64})""",
    ),
    _command(
        "et password |ET PASSWORD |et Password ",
        r"(?i)\bset[ ]password[ ][^\n]*'[^'\n]{3}",
        r"(?i)\bset[ ]password[ ](?:for[ ][^=\n]{1,80})?=[ ]{0,3}(?:password[ ]{0,2}\([ ]?)?"
        r"'(?P<value>[^'\n]{3,80})'",
        sure=True,
    ),
)

_BY_CALLEE: Mapping[str, _Form] = MappingProxyType(
    {callee: form for form in _CALLS for callee in form.needles}
)
_BY_NEEDLE = tuple((needle, form) for form in _COMMANDS for needle in form.needles)
_CALLEE = lazy(r"\b(\w++)[?!]?\(", re.ASCII)

LOGIN_TRIGGERS = tuple(form.trigger for form in (*_CALLS, *_COMMANDS))


class Login(NamedTuple):
    """A password by its place. Columns are the value's."""

    value: str
    start: int
    end: int
    sure: bool


def logins(text: str) -> Iterator[Login]:
    """The passwords that calls, commands and statements in a line are given without a name; perhaps twice."""
    # This is asked of many lines: the callees are found once, and a loop is faster than `any`.
    if "(" in text:
        for callee in _CALLEE.findall(text):
            if callee in _BY_CALLEE:
                yield from _found(_BY_CALLEE[callee], text)
    for needle, form in _BY_NEEDLE:
        if needle in text:
            yield from _found(form, text)


def _found(form: _Form, text: str) -> Iterator[Login]:
    for match in form.pattern.finditer(text):
        yield Login(match["value"], *match.span("value"), form.sure)
