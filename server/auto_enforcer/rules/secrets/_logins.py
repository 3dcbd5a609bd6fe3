"""Passwords that no name stands before: a call or a command takes them by their place, often after a user."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auto_enforcer.model import NamedTuple
from auto_enforcer.rules._common import lazy

_TEXT = r"""b?["'](?P<value>[^"'\n]{4,80})["']"""
_WORD = r"""["']?(?P<value>[^\s"'`$<>{|;-][^\s"'`<>|;]{3,64})(?=["'`\s]|\\n|$)"""
_USER = r"""["'][^"'\n]{1,60}["'],[ ]{0,3}"""


class _Form(NamedTuple):
    """How a password is given by its place. One of `needles` is in every text that `pattern` matches, and
    `trigger` is for the scanner. `sure`: nothing else stands there; else it must look like a password."""

    needles: tuple[str, ...]
    trigger: str
    pattern: re.Pattern[str]
    sure: bool


def _form(needles: str, trigger: str, pattern: str, sure: bool = False) -> _Form:
    return _Form(tuple(needles.split("|")), trigger, lazy(pattern, re.ASCII), sure)


_HASHING = (
    r"(?:[mM]ake_?[pP]assword|generate_password_hash|password_hash|hashpw|[hH]ash_?[pP]assword|bcrypt"
    r"(?:\.hash(?:Sync)?)?|Hash::make|[pP]assword_?[eE]ncoder(?:\(\))?\.encode|(?:check|verify|valid|validate)_?[pP]assword[?!]?)"
)
_KEYED = r"(?:SymmetricSecurityKey|SecretKeySpec)"
_SIGNED = r"(?:[cC]reateHmac\([ ]?[\"'][\w-]{2,20}[\"'],[ ]?|hmac\.new\([ ]?)"
_BASIC = r"(?:httpBasic|Credentials\.basic|basic_auth|\.auth)"
_CREATED = r"[cC]reate_?(?:[sS]uper_?)?[uU]ser"

_FORMS = (
    # What is hashed, or compared with a hash. As a template's filter the call names the way of hashing.
    _form(
        "assword(|assword?(|assword!(|assword_hash(|bcrypt|hashpw(|Hash::make(|ncoder.encode(|ncoder().encode(",
        rf"""{_HASHING}\([ ]?b?["'][^"'\n]{{4}}""",
        rf"""(?<![A-Za-z])(?<!\|)(?<!\|[ ]){_HASHING}\([ ]?{_TEXT}""",
    ),
    # What signs.
    _form(
        "SecurityKey|SecretKeySpec",
        rf"{_KEYED}\([^\n]*\"",
        rf"""{_KEYED}\([^"\n]{{0,60}}"(?P<value>[^"\n]{{8,80}})"(?=\)|\.getBytes|\.toByteArray|,)""",
    ),
    _form("reateHmac(|hmac.new(", rf"""{_SIGNED}b?["'][^"'\n]{{4}}""", _SIGNED + _TEXT),
    # A user and a password, in this order.
    _form(
        "httpBasic(|Credentials.basic(|basic_auth(|.auth(",
        rf"""{_BASIC}\([ ]?["'][^"'\n]+["'],""",
        rf"""{_BASIC}\([ ]?{_USER}(?:Some\([ ]?)?{_TEXT}""",
    ),
    _form(
        "reate_user(|reateUser(|reate_superuser(|reateSuperuser(|reateSuperUser(",
        rf"""{_CREATED}\([ ]?["'][^\n]*,[ ]*["'][^"'\n]{{4}}""",
        rf"""{_CREATED}\([ ]?{_USER}["'][^"'\n@]{{0,40}}@[^"'\n]{{1,60}}["'],[ ]{{0,3}}{_TEXT}""",
        sure=True,
    ),
    _form(
        "CreateAsync(",
        r"\bCreateAsync\(\w+,[ ]?\"",
        r"""\bCreateAsync\(\w{1,60},[ ]?"(?P<value>[^"\n]{4,80})"\)""",
    ),
    _form(
        "WiFi.begin(",
        r"\bWiFi\.begin\([ ]?\"[^\"\n]+\",",
        rf"\bWiFi\.begin\([ ]?{_USER}{_TEXT}",
        sure=True,
    ),
    # Commands.
    _form(
        " -p| -P| --pass ",
        r"[ \"'](?:-u|-U|--user(?:name)?)[ =][^\n]*[ ](?:-[pP]|--pass[ ])",
        r"""[ "'](?:-u|-U|--user(?:name)?)[ =][^\s|;]{1,40}[ ](?:[^\s|;]{1,60}[ ]){0,4}?(?<!mkdir )"""
        rf"(?:-[pP][ ]{{1,2}}|--pass[ ]){_WORD}",
    ),
    _form("mysql", r"\bmysql[^\n]*[\"']-p[^\s\"']{4}", r"""["']-p(?P<value>[^\s"'$<{=]{4,64})["']"""),
    _form(
        "config set |configure set ",
        r"\bconfig(?:ure)?[ ]set[ ][^\n]*(?i:token|password|secret|_auth|key)[ =][\"']?[^\s\"'$<{]{8}",
        r"\bconfig(?:ure)?[ ]set[ ][^\s=]{0,60}(?i:token|password|secret|_auth|access_key|api_?key)[ =]"
        r"""["']?(?P<value>[^\s"'$<{][^\s"']{7,128})(?=["'\s]|$)""",
    ),
    _form(
        "echo ",
        r"\becho[ ][^\n|]*\|[^\n]*(?:sudo[ ]-S|-stdin)",
        rf"\becho[ ](?:-n[ ])?{_WORD}[\"']?[ ]{{0,3}}\|[^|\n]{{0,60}}(?:sudo[ ]-S|-stdin)",
    ),
    _form(
        "htpasswd ",
        r"\bhtpasswd[ ]+-[a-zA-Z]*b",
        rf"\bhtpasswd[ ](?=-[a-zA-Z]{{0,6}}b)(?:-[a-zA-Z]{{1,7}}[ ]){{1,4}}"
        rf"(?:[^\s-][^\s]{{0,60}}[ ]){{1,2}}{_WORD}[ \t]*+(?:[|;#]|$)",
    ),
    _form("net user", r"\bnet[ ]user[ ][^\s/]", rf"\bnet[ ]user[ ][^\s/]{{1,40}}[ ](?!/){_WORD}"),
    _form("/rp", r"\bschtasks[^\n]*/rp[ ]", rf"(?i)\bschtasks[^\n]{{0,200}}[ ]/rp[ ]{_WORD}"),
    _form(
        "sqlplus",
        r"\bsqlplus[ ][^\n]*/[^\s@]+@",
        r"""\bsqlplus[ ](?:-\w{1,8}[ ]){0,3}["']?\w{1,40}/(?P<value>[^\s@/"'$%&{<]{3,40})@""",
    ),
    _form(
        "smbclient |rpcclient |winexe |wmic |smbget ",
        r"\b(?:smbclient|rpcclient|winexe|wmic|smbget)[ ][^\n]*-U[^\n]*%[^\s\"']{4}",
        r"""\b(?:smbclient|rpcclient|winexe|wmic|smbget)[ ][^\n]{0,200}?[ ]-U[ ]?["']?[^\s"'%]{1,40}%"""
        r"""(?P<value>[^\s"'$<{][^\s"']{3,64})""",
    ),
    # Statements.
    _form(
        "et password |ET PASSWORD |et Password ",
        r"(?i)\bset[ ]password[ ][^\n]*'[^'\n]{3}",
        r"(?i)\bset[ ]password[ ](?:for[ ][^=\n]{1,80})?=[ ]{0,3}(?:password[ ]{0,2}\([ ]?)?"
        r"'(?P<value>[^'\n]{3,80})'",
        sure=True,
    ),
)

_BY_NEEDLE = tuple((needle, form) for form in _FORMS for needle in form.needles)

LOGIN_TRIGGERS = tuple(form.trigger for form in _FORMS)


class Login(NamedTuple):
    """A password by its place. Columns are the value's."""

    value: str
    start: int
    end: int
    sure: bool


def logins(text: str) -> Iterator[Login]:
    """The passwords that calls, commands and statements in a line are given without a name; perhaps twice."""
    # One loop: `any` for each form takes four times as long, and this is asked often.
    for needle, form in _BY_NEEDLE:
        if needle in text:
            for match in form.pattern.finditer(text):
                yield Login(match["value"], *match.span("value"), form.sure)
