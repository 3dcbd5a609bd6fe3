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
_ARGUMENT = r"""(?:"[^"\n]{0,120}"|'[^'\n]{0,120}'|[^,"'()\n]{1,60}),[ ]{0,3}"""
_END = r"[ \t]*+(?:$|(?<=[ \t])(?:[#;!]|//|--[ ]|/\*|<!--))"
"""Where a line ends, but for a comment."""


class _Form(NamedTuple):
    """How a password is given by its place. One of `needles` stands in every text that `pattern` matches;
    those of a call are its names. `trigger` is for the scanner, and empty where another trigger of the rule
    hits the same. `sure`: nothing else is given there; otherwise it must look like a password."""

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
_BASIC = (
    r"(?:httpBasic|Credentials\.basic|basic_auth|authorization_basic|\.auth"
    r"|auth\(\)(?:\.preemptive\(\))?\.basic)"
)
_OF_DATABASES = r"(?:mysqli(?:_connect|_real_connect)?|mysql_p?connect)"
_OF_HOSTS = r"(?:[cC]onnect|[sS][fF][tT][pP]Client|[fF]tpClient|[sS]shClient|ConnectionInfo|\w{0,20}_connect)"
_CIPHERS = r"openssl_(?:en|de)crypt"
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
    _call(
        "check_password_hash checkPasswordHash verify_password_hash",
        rf"""{_CHECKING}_?[hH]ash\([^"'\n]*["'][^"'\n]{{4}}""",
        rf"""(?<![A-Za-z]){_CHECKING}_?[hH]ash\([^"'()\n]{{1,60}},[ ]?{_TEXT}[ ]?\)""",
        sure=True,
    ),
    # What signs.
    _call(
        "SymmetricSecurityKey SecretKeySpec",
        rf"{_KEYED}\([^\n]*\"",
        rf"""{_KEYED}\([^"\n]{{0,60}}"(?P<value>[^"\n]{{8,80}})"(?=\)|\.getBytes|\.toByteArray|,)""",
    ),
    _call("setSigningKey", r"\bsetSigningKey\([ ]?\"", rf"\bsetSigningKey\([ ]?{_TEXT}", sure=True),
    _call("createHmac CreateHmac new", rf"""{_SIGNED}b?["'][^"'\n]{{4}}""", _SIGNED + _TEXT, sure=True),
    _call(
        "cookieParser", r"\bcookieParser\([ ]?[\"'][^\"'\n]{4}", rf"\bcookieParser\([ ]?{_TEXT}", sure=True
    ),
    _call(
        "openssl_encrypt openssl_decrypt",
        rf"""{_CIPHERS}\([^\n]*["'],[ ]*["'][^"'\n]{{4}}""",
        rf"""{_CIPHERS}\([ ]?{_ARGUMENT}["'][\w-]{{3,30}}["'],[ ]{{0,3}}{_TEXT}""",
        sure=True,
    ),
    # A user and a password, in this order.
    _call(
        "httpBasic basic basic_auth authorization_basic auth",
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
        r"\bPDO\([ ]?[\"'$][^\n]*,[^\n]*,[ ]*[\"'][^\"'\n]{4}",
        rf"""\bPDO\([ ]?{_ARGUMENT}{_ARGUMENT}{_TEXT}[ ]?[,)]""",
        sure=True,
    ),
    _call(
        "mysqli mysqli_connect mysqli_real_connect mysql_connect mysql_pconnect",
        rf"""\b{_OF_DATABASES}\([^\n]*,[^\n]*,[ ]*["'][^"'\n]{{4}}""",
        rf"""\b{_OF_DATABASES}\([ ]?{_ARGUMENT}{_ARGUMENT}{_TEXT}""",
        sure=True,
    ),
    _call(
        "mysql_real_connect",
        r"\bmysql_real_connect\([^\n]*,[^\n]*,[^\n]*,[ ]*\"",
        rf"\bmysql_real_connect\([ ]?{_ARGUMENT}{_ARGUMENT}{_ARGUMENT}{_TEXT}",
        sure=True,
    ),
    _call(
        "FTP FTP_TLS",
        r"\bFTP(?:_TLS)?\([ ]?[\"'][^\n]*,[ ]*[\"'][^\n]*,[ ]*[\"']",
        rf"\bFTP(?:_TLS)?\([ ]?{_USER}{_USER}{_TEXT}",
        sure=True,
    ),
    _call(
        "Sequelize",
        r"\bSequelize\([ ]?[\"'][^\n]*,[ ]*[\"'][^\n]*,[ ]*[\"']",
        rf"\bSequelize\([ ]?{_USER}{_USER}{_TEXT}",
        sure=True,
    ),
    _call(
        "create_credential",
        r"(?i)\bcreate_credential\([ ]?'",
        rf"\bcreate_credential\([ ]?{_USER}{_USER}{_TEXT}",
        sure=True,
    ),
    _call(
        "connect Connect SftpClient SFTPClient FtpClient ftpClient SshClient sshClient ConnectionInfo"
        " mqtt_connect ssh_connect ftp_connect",
        rf"""{_OF_HOSTS}\([ ]?["'][^"'\n]+["'],[ ]*[0-9]+,[ ]*["'][^"'\n]+["'],[ ]*["']""",
        rf"""{_OF_HOSTS}\([ ]?["'][^"'\n]{{1,80}}["'],[ ]{{0,3}}[0-9]{{2,5}},[ ]{{0,3}}{_USER}{_TEXT}""",
        sure=True,
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
    # Calls that their whole way tells.
    _command(
        "Credentials::new(",
        r"\bCredentials::new\([ ]?\"[^\n]*,[ ]*\"",
        rf"""\bCredentials::new\([ ]?"[^"\n]{{1,80}}"(?:\.\w{{2,12}}\(\))?,[ ]{{0,3}}{_TEXT}""",
        sure=True,
    ),
    _command(
        "URL.create(",
        r"\bURL\.create\([ ]?[\"'][^\"'\n]+[\"'],[ ]*[\"'][^\"'\n]+[\"'],[ ]*[\"']",
        rf"\bURL\.create\([ ]?{_USER}{_USER}{_TEXT}",
        sure=True,
    ),
    _command(
        "Fernet(",
        r"\bFernet\([ ]?b?[\"'][A-Za-z0-9_-]{8}",
        r"""\bFernet\([ ]?b?["'](?P<value>[A-Za-z0-9+/_-]{43}=)["']""",
        sure=True,
    ),
    _command(
        "AES.new(",
        r"\bAES\.new\([ ]?b?[\"'][^\"'\n]{16}",
        r"""\bAES\.new\([ ]?b?["'](?P<value>[^"'\\\n]{16}|[^"'\\\n]{24}|[^"'\\\n]{32})["']""",
        sure=True,
    ),
    _command(
        'GetBytes("',
        r"[kK]ey[ ]*=[ ]*[\w.]*GetBytes\(\"",
        r"""(?:(?<![A-Za-z])k|(?<![A-Z])K)ey[ ]?=[ ]?[\w.]{0,40}\bGetBytes\("(?P<value>[^"\\\n]{8,80})"\)""",
        sure=True,
    ),
    _command(
        "ememberMe().key(",
        r"ememberMe\(\)\.key\(\"",
        rf"ememberMe\(\)\.key\([ ]?{_TEXT}",
        sure=True,
    ),
    _command(
        "asic_auth |basic_authorize ",
        r"\bbasic_auth(?:orize)?[ ][\"'][^\n]*,[ ]*[\"'][^\"'\n]{4}",
        rf"\bbasic_auth(?:orize)?[ ]{_USER}{_TEXT}",
        sure=True,
    ),
    # Commands whose user and password are nothing else.
    _command(
        "mongo|az login|docker login|podman login|cqlsh|psexec|PsExec|sqlcmd",
        r"\b(?:mongo|az[ ]login|docker[ ]login|podman[ ]login|cqlsh|[pP]s[eE]xec|sqlcmd)"
        r"[^\n]*[ ]-[uU][^\n]*[ ]-[pP][ ]",
        r"\b(?:mongo(?:sh|dump|restore|export|import)?|(?:az|docker|podman)[ ]login|cqlsh|[pP]s[eE]xec"
        r"|sqlcmd)\b[^\n|;]{0,120}?[ ]-[uU][ ]?[^\s|;]{1,40}[ ](?:[^\s|;]{1,60}[ ]){0,4}?-[pP][ ]{1,2}"
        rf"{_WORD}",
        sure=True,
    ),
    _command(
        "mysqladmin ",
        r"\bmysqladmin[ ][^\n]*[ ]password[ ]",
        rf"\bmysqladmin[ ][^\n|;]{{0,80}}?[ ]password[ ]{{1,2}}{_WORD}",
        sure=True,
    ),
    _command(
        " -p",
        r"\b(?:7z|7za|7zz|rar|unrar)[ ][axelt][ ][^\n]*-p[^\s]{4}",
        r"\b(?:7zz?a?|(?:un)?rar)[ ][axelt][ ](?:[^\s|;]{1,80}[ ]){0,6}?-p"
        r"""["']?(?P<value>[^\s"'`$<>{|;%-][^\s"'`<>|;%]{3,64})(?=["'\s]|$)""",
        sure=True,
    ),
    _command(
        "plink|pscp|psftp",
        r"\b(?:plink|pscp|psftp)[^\n]*[ ]-pw[ ]",
        rf"\b(?:plink|pscp|psftp)(?:\.exe)?[ ][^\n|;]{{0,120}}?-pw[ ]{{1,2}}{_WORD}",
        sure=True,
    ),
    _command(
        "storepass |keypass ",
        "",
        rf"[ ]-(?:src|dest)?(?:store|key)pass[ ]{{1,2}}(?!changeit){_WORD}",
        sure=True,
    ),
    _command(
        "rabbitmqctl ",
        r"\brabbitmqctl[ ][^\n]*(?:add_user|change_password)[ ]",
        r"\brabbitmqctl[ ](?:-\S{1,40}[ ]){0,3}(?:add_user|change_password)[ ][^\s-]\S{0,60}[ ]{1,2}"
        rf"{_WORD}",
        sure=True,
    ),
    _command(
        "password password ",
        r"password(?:_again)?[ ]password[ ]",
        rf"/[\w-]{{0,40}}password(?:[_-]again|-confirm)?[ ]password[ ]{_WORD}",
        sure=True,
    ),
    _command(
        "password_again password ",
        r"password_again[ ]password[ ]",
        rf"/[\w-]{{0,40}}password_again[ ]password[ ]{_WORD}",
        sure=True,
    ),
    _command(
        "useradd ",
        r"\buseradd[ ][^\n]*-p[ ]",
        rf"\buseradd[ ][^\n|;]{{0,120}}?-p[ ]{_WORD}",
    ),
    _command(
        "/user:",
        "",
        r"\bnet[ ]use[ ](?:[^\s/]\S{0,60}[ ]){1,2}(?![/*%\\]|[A-Za-z]:)"
        r"(?P<value>[^\s\"'$%<]{4,64})[ ]/user:",
        sure=True,
    ),
    _command(
        "PGPASSWORD=|MYSQL_PWD=|SSHPASS=|RSYNC_PASSWORD=",
        r"\b(?:PGPASSWORD|MYSQL_PWD|SSHPASS|RSYNC_PASSWORD)=[^\s\"'$]{4}[^\n]*[ ][a-z]",
        r"(?<![A-Za-z_])(?:PGPASSWORD|MYSQL_PWD|SSHPASS|RSYNC_PASSWORD)="
        r"(?P<value>[^\s\"'`$<>{|;-][^\s\"'`<>|;]{3,64})(?=[ ][a-z])",
        sure=True,
    ),
    _command(
        "Input Password|Input Text",
        r"\bInput[ ](?:Password|Text)[ ]{2}",
        r"\bInput[ ](?:Password|Text(?=[ ]{2,8}[^\s]{0,40}(?i:passw)))[ ]{2,8}[^\s]{1,80}[ ]{2,8}"
        r"(?P<value>[^\s$%@&][^\s]{3,64})" + _END,
        sure=True,
    ),
    _command(
        "PASSWORD}  |Password}  |password}  ",
        r"(?i)^\$\{[\w ]*password\}[ ]{2}",
        r"(?i)^\$\{[\w ]{0,40}password\}[ ]{2,24}(?P<value>[^\s$%@&][^\s]{3,64})" + _END,
        sure=True,
    ),
    # What files of settings say of users and hosts.
    _command(
        "insecure-password |stats auth |remote_password |rootpw |bindpw ",
        r"\b(?:insecure-password|stats[ ]auth|remote_password|rootpw|bindpw)[ \t]+[^\s]{4}",
        r"(?:^|[ ])(?:insecure-password|stats[ ]auth[ ][\w.@-]{1,40}:|remote_password|rootpw|bindpw)[ \t]*+"
        r"(?P<value>[^\s\"'$<{:][^\s\"'<]{3,64})" + _END,
        sure=True,
    ),
    _command(
        "enable password |username |snmp-server |server |isakmp key |wpa-psk ",
        r"^[ \t]*(?:enable[ ]password|username[ ]|(?:radius|tacacs)-server[ ][^\n]*key|crypto[ ]isakmp[ ]key"
        r"|snmp-server[ ]community|wpa-psk[ ]ascii)[^\n]*[ ][^\s]{4}",
        r"^[ \t]*+(?:enable[ ]password|username[ ]\S{1,40}[ ](?:privilege[ ]\d{1,2}[ ])?(?:password|secret)"
        r"|(?:radius|tacacs)-server[ ][^\n]{0,80}?[ ]?key|crypto[ ]isakmp[ ]key(?=[ ]\S{1,64}[ ]address[ ])"
        r"|snmp-server[ ]community(?=[ ]\S{1,64}[ ]R[OW])|wpa-psk[ ]ascii)[ ](?:0[ ])?(?![0-9][ ])"
        r"(?P<value>[^\s<$][^\s<]{3,64})(?:[ ](?:RO|RW|address[ ])[^\n]{0,40})?" + _END,
        sure=True,
    ),
    _command(
        "user ",
        r"^[ \t]*user[ ][^\s]+[ ](?:on|off)[ ][^\n]*>[^\s]{4}",
        r"^[ \t]*+user[ ]\S{1,40}[ ](?:on|off)[ ](?:[^\s>]{1,40}[ ]){0,4}>(?P<value>\S{4,64})(?=\s|$)",
        sure=True,
    ),
    _command(
        "register ",
        r"^register[ ]*=>?[ ]*[^\n]*:[^\n]*@",
        r"^register[ ]{0,3}=>?[ ]{0,3}[\w.+-]{1,40}:(?P<value>[^\s:@/]{4,64})(?::[\w.-]{1,40})?@[\w.-]",
        sure=True,
    ),
    _command(
        "]:",
        r"^\[[\w.-]+\]:[0-9]+[ \t]+[\w.@+-]+:[^\s]{4}",
        rf"^\[[\w.-]{{1,80}}\]:[0-9]{{2,5}}[ \t]{{1,8}}[\w.@+-]{{1,80}}:(?P<value>[^\s:]{{4,64}}){_END}",
        sure=True,
    ),
    _command(
        ': PSK "|: EAP "|: XAUTH "',
        r""":[ ]*(?:PSK|EAP|XAUTH)[ ]+\"[^\"\n]{4}""",
        r"""(?:^|[ ]):[ ]{0,3}(?:PSK|EAP|XAUTH)[ ]{1,3}["](?P<value>[^"\n]{4,80})["]""" + _END,
        sure=True,
    ),
    # Statements.
    _command(
        "dentified by |DENTIFIED BY |dentified BY ",
        "",
        r"(?i)\b(?:create|alter)[ ]user[ ][^\s;]{1,60}[ ]identified[ ]by[ ](?!values[ ])"
        r"(?P<value>[A-Za-z][\w$#]{3,40})(?=[ ;]|$)",
        sure=True,
    ),
    _command(
        "onnect |ONNECT |onn |ONN ",
        r"(?i)^[ \t]*conn(?:ect)?[ ][\w$]+/[^\s@]+@",
        r"(?i)^[ \t]*+conn(?:ect)?[ ](?!scott/)[\w$]{1,30}/(?P<value>[^\s@/\"'&$%<{]{4,40})@[\w.:/-]{1,80};?"
        + _END,
        sure=True,
    ),
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
        sure=True,
    ),
    _command("net user", r"\bnet[ ]user[ ][^\s/]", rf"\bnet[ ]user[ ][^\s/]{{1,40}}[ ](?!/){_WORD}"),
    _command("/rp", r"\bschtasks[^\n]*/rp[ ]", rf"(?i)\bschtasks[^\n]{{0,200}}[ ]/rp[ ]{_WORD}", sure=True),
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
        sure=True,
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

LOGIN_TRIGGERS = tuple(form.trigger for form in (*_CALLS, *_COMMANDS) if form.trigger)


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
