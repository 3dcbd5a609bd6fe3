"""Literals given to names: where a name that means a secret stands on a line, and the value it is given."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auto_enforcer.model import Line, NamedTuple, Zone
from auto_enforcer.rules._common import PROGRAMS, lazy
from auto_enforcer.rules.secrets import _values
from auto_enforcer.rules.secrets._logins import LOGIN_TRIGGERS, logins
from auto_enforcer.rules.secrets._names import (
    DOUBTFUL,
    DOUBTFUL_NAME,
    NAME,
    NOTHING,
    PASSWORD,
    SECRET,
    is_key_for,
    meaning,
)
from auto_enforcer.rules.secrets._words import words

QUOTED, PLAIN, PROSE = "quoted", "plain", "prose"
"""How a value is written: in quotes, without them where a file's form has none, or in a sentence."""

TYPED = "typed"
"""The sign of what goes into a field or a command by its place: nobody gives a caption there."""

_LONGEST_NAME = 64
_LONGEST_TAG = 40
_LONGEST_VALUE = 240
"""What the triggers can see the end of."""

_LONGEST_SENTENCE = 2_000
"""Characters of a program's line beyond which nobody wrote it: what stands behind a sign without quotes is
code that was pressed together."""

PLAIN_LANGUAGES = frozenset(
    [
        "yaml",
        "ini",
        "dotenv",
        "properties",
        "dockerfile",
        "shellscript",
        "bat",
        "makefile",
        "plaintext",
        "markdown",
        "restructuredtext",
    ]
)
"""Where a value needs no quotes to be a literal."""

_PROSE_LANGUAGES = frozenset(("plaintext", "markdown", "restructuredtext"))
_STEMS = (
    "pass",
    "pw",
    "psw",
    "psk",
    "secret",
    "token",
    "key",
    "cred",
    "bearer",
    "kennwort",
    "contrase",
    "senha",
    "mnemonic",
    "pepper",
    "salt",
)
"""One is in every name that means a secret."""
_NAME = lazy(rf"(?i)(?:{NAME})", re.ASCII)
_DOUBTFUL_NAME = lazy(rf"(?i:(?<![a-z])(?:{DOUBTFUL_NAME})(?![a-z]))|[_a-z][Kk]eys?(?![a-z])", re.ASCII)
_NAME_LEFT = lazy(r"[\w.$@:/-]{0,64}", re.ASCII)
_NAME_RIGHT = lazy(r"[\w-]{0,24}", re.ASCII)

_SPACED_KEY = lazy(r"(?i)\b(?:api|app|access|secret|private|auth|account|master|signing|license)[ ]$")

_SEPARATOR = lazy(
    r"""(?P<close>(?:\\?["'`])?(?:[ \t]?[\])]){0,2}(?:(?<=\])["'`](?=,))?)"""
    r"""(?:\[\w{0,8}\]|\.(?:[tT]ext|[vV]alue)(?!\w))?"""
    r"""(?:[ \t]?\{[ ]?get;[^{}\n]{0,40}\})?"""
    r"""(?:[ \t]?[!?]?[ \t]{0,3}:[ \t]{0,3}[A-Za-z_&*][\w.:&*<>\[\]|?]{0,40}(?:[ ]\|[ ]\w{1,20})?(?="""
    r"""[ \t]{0,8}=[ \t]{0,8}b?["'`])"""
    r"""|[ \t]{1,8}(?:[Aa]s[ ][Ss]tring|string|str|text|varchar2?(?:\(\d{1,5}\))?|char\(\d{1,5}\))"""
    r"""(?=[ \t]{0,8}:?=))?"""
    r"""[ \t]{0,20}(?P<sign>=>|->|:=|===?|[!~]==?|\?\?=?|\|\|=?|\?=|\?:|\+=|=|:(?!:)|<-|,|\(|\bor[ \t]|\|)"""
    r"""[ \t]{0,20}""",
    re.ASCII,
)
_QUOTES = ("'", '"', "`", "\\")
_WRAPPER = lazy(
    r"(?:(?:Hash::make|bcrypt|make_password|generate_password_hash|password_hash|md5|sha1|MD5|SHA[12])\([ ]?"
    r"|(?:new[ ]{1,3})?(?:String|std::string|SecureString|SecretStr|SecretString|Secret|Some|bytes"
    r"|str|Buffer\.from"
    r"|\[\]byte|StringBuilder|to_string|char\[\]|_T|TEXT|StringValue|Optional\.of|Password"
    r"|base64\.b64encode)(?:::(?:new|from))?[ ]{0,2}\([ ]{0,3}"
    r"|\([ ]{0,3})?[bBrRuUfFLN@$]{0,2}(?=[\"'`\\])"
)
_HASHES = ("Hash::make", "bcrypt", "make_password", "generate_password_hash", "password_hash")
_QUOTED = lazy(
    r"""(?P<quote>["'`])(?=[^\s"'`])(?P<value>(?:\\.|(?!(?P=quote))[^\\\n]){3,240})(?P=quote)"""
    r"""|\\["'](?P<escaped>[^\s"'\\][^"'\\\n]{2,239})\\["']"""
)
_PLAIN_HEAD = lazy(r"""[^\s"'`,;<>(){}\[\]|=][^\s"'`]{3,200}(?=[ \t"'`]|$)""")
_PLAIN = lazy(r"""[^\s"'`,;<>(){}\[\]|][^\s"'`<>]{0,199}""")
_REST = lazy(r"[^\n]{1,256}")
_DEFAULT = lazy(r"\$\{[\w.]{1,64}:-?(?P<value>[^${}\s]{1,128})\}", re.ASCII)
_OWN_DEFAULT = lazy(r":-?(?P<value>[^\s\"'`${}?+=-][^\s${}]{3,127})\}")
_PAIR = lazy(
    r"""\\?["']?[ \t]{0,4}(?:,|[ \t])[ \t]{0,4}(?:[\w.:-]{1,30}[ \t]{0,2}[=:][ \t]{0,2}["'][^"'\n]{0,60}"""
    r"""["'][, \t]{1,4}){0,1}"""
    r"""\\?["']?(?:[a-z]{0,10}[Vv]alue|VALUE)\\?["']?[ \t]{0,4}[=:][ \t]{0,4}(?P<quote>\\?["']|)"""
    r"""(?P<value>[^"'<>\\\n]{1,256}?)(?:(?P=quote)(?=[\s,/>}\])]|$))""",
    re.ASCII,
)
_ELEMENT = lazy(r"""["'][^<>\n]{0,80}>(?:<value>)?(?P<value>[^<>\s][^<>\n]{0,255})</""")
_TAG = lazy(r"""(?:[ \t][^<>\n]{0,80})?>(?P<value>[^<>\s][^<>\n]{0,255})</""")
_WITH = lazy(r"(?:with:|:with[ ]?=>)[ ]{0,3}(?=[\"'])")
"""How a test of a page in Ruby fills in a field."""
_FILLED = ('" with "', "' with '", "\" with '")
_FILLING = lazy(r"(?i)\b(?:fills?|enters?|types?)\b")
"""How a story says what goes into a field."""
_TYPING = lazy(
    r"""(?:\.(?:fill|type|send_?[kK]eys|enter_?[tT]ext|setValue)|[sS]et_?[eE]nv|putenv|System\.setProperty)"""
    r"""\([ ]?["'](?:[^"'\n]{0,60}|[\w.#-]{0,40}\[[\w-]{1,20}=["'])$"""
)
"""Calls that type something into a field, or give it to an environment: a caption is of no use there."""
_COPYING = ("-define(", "cpy(", "cpy_s(", ".put(", ".setProperty(", ".setParameter(")
_LET = lazy(r"\)?[ ]\{[ ]?(?=[\"'])")
"""How a test in Ruby gives a name to a value: `let(:password) { 'x' }`, `password { 'x' }`."""
_BRACED = lazy(r"""\{[ ]?(?=")""")
_COMMA = lazy(r"[ ]{0,3},[ ]{0,3}(?=[\"'])")
_FIRST_OF_TWO = lazy(r"^[ \t]{0,24}(?:\w+ )?[A-Za-z_]\w*,[ ]$")
_USER = lazy(r"""(?i)\b(?:user(?:name)?|login|uid|email)["']?[ ]{0,3}(?:=>|[:=])|<user(?:name)?>[^<]""")
_OR_ELSE = lazy(
    r"""(?:[^"'`\n=]{1,80}(?:\?[^"'`\n:]{1,40}:|\|\||\?\?)"""
    r"""|[\w.>-]{0,40}(?:[gG]et_?[eE]nv|[eE]nv|[gG]et|[fF]etch|[fF]lag|[gG]etProperty|[lL]ookup|[pP]op)"""
    r"""(?:String)?\(["'][\w.-]{1,60}["'],)[ \t]{0,4}["'](?P<value>[^\s"'][^"'\n]{2,127})["']"""
)
_FOR = lazy(r"[ ](?:for|of)[ ][^\n,;.:]{1,60}?(?:[ ](?:is|was)|:)[ ]{1,2}(?=[^\s])")
_DIRECTLY = lazy(r"[ ]{1,3}(?=[^\s]{0,30}[0-9])")
_DEFAULTED = lazy(r"""["'][^\n]{0,80}?\bdefault[ ]?=[ ]?["'](?P<value>[^\s"'][^"'\n]{0,127})["']""")
_TYPED = lazy(
    r"""(?:["'`\])]{1,5}\.(?:send_?[kK]eys|type|fill|setValue|typeText|enterText)\([ ]?["']"""
    r"""|(?:\(\))?\.(?:equals|equalsIgnoreCase|contentEquals|Equals)\([ ]?["'])"""
    r"""(?P<value>[^\s"'`][^"'\n]{2,127}?)(?:\{enter\})?["']"""
)
_SPACED = lazy(r"""[ \t]{1,3}(?:is[ ]{1,2}|by[ ]{1,2})?(?=["'`])""")
_DEFINED = lazy(r"""[ \t]{1,24}@?(?=["'`])""")
_ROLE = lazy(r"(?i)\b(?:create|alter)[ ](?:role|user|login)[ ][^\n']{1,120}[ ]$|^[ \t]*+set[ ]$")
"""How a statement begins that makes a role, and one that sets a variable of Tcl."""
_NAMED_USER = lazy(
    r"""(?i)\b(?:user(?:[ ]?name)?|login|account)(?:[ ]is)?[ :]{1,3}["`][^\s"`]{1,40}["`][^\n"`]{1,20}$"""
)
"""A sentence that gives the user just before: in quotes, as what stands for one there is not."""
_BESIDE_USER = lazy(r"""(?:^|[\s?&"'])(?:user(?:_?name)?|login|uid)=[a-z][\w.@-]{0,60}[ &;,]{1,2}$""")
_IS = lazy(r"""[ \t]{1,3}(?:is|was|are|to)[ \t]{1,3}:?[ ]{0,2}(?=[^\s])""")
_PAIRED = lazy(r"""[^\s"'`,;<>(){}\[\]|&$*%]{4,64}(?=[\s&;,"']|$)""")
_OPTION = lazy(r"""(?:=|[ \t]{1,3})(?=["']?[^\s"'-])""")
_OPTION_VALUE = lazy(r"""[^\s"'`,;<>(){}\[\]|]{3,128}""")
_ENV = lazy(r"(?i)[ \t]{0,20}(?:ENV|ARG)[ \t]{1,8}$")
_ENV_VALUE = lazy(r"[ \t]{1,3}\"?([^\s\"'=]{3,128})\"?[ \t]*$")
_SIGNED = lazy(r"[^\s]{0,24}[0-9!$%^&*#?~+@]")

_ALONE = lazy(
    r"""^[ \t]*[bBrRuUL@]{0,2}(?P<quote>["'])(?P<value>[^\s"'\\]{3,128})(?P=quote)"""
    r"[ \t]*+\)?[ \t]*+;?[ \t]*+(?:(?:#|//).*)?$"
)
_OPEN_END = lazy(r"(?P<name>[A-Za-z_$][\w.$-]{0,63})[ \t]*=[ \t]*[(\\]?[ \t]*+(?:(?:#|//).*)?$", re.ASCII)

_VALUE_LINE = lazy(
    r"""^[ \t]*(?:-[ ])?["']?(?:value|default)["']?[ \t]*[:=][ \t]*+(?P<quote>["']|)"""
    r"""(?P<value>[^\s"'{}\[\]|>&*!#$<][^"'\n]{2,127}?)"""
    r"""(?P=quote),?(?:[ \t]+(?:#|//).*|[ \t]*)$"""
    r"""|^[ \t]*<value>(?P<element>[^<>\s][^<>\n]{2,127})</value>[ \t]*(?:<!--.*)?$"""
)
_NAME_LINE = lazy(
    r"""^[ \t]*(?:-[ ])?["']?(?:name|key)["']?[ \t]*[:=][ \t]*["']?(?P<name>[\w.-]{2,64})["']?,?"""
    r"""(?:[ \t]+(?:#|//).*|[ \t]*)$"""
    r"""|^[ \t]*variable[ ]"(?P<declared>[\w-]{2,64})"[ ]\{[ \t]*(?:(?:#|//).*)?$"""
    r"""|^[ \t]*<(?:name|key)>(?P<element>[\w.-]{2,64})</(?:name|key)>[ \t]*(?:<!--.*)?$"""
)

_COMMANDS = lazy(
    r"""\bsshpass[ ]{1,3}-p[ ]{0,3}["']?(?P<ssh>[^\s"']{3,64})"""
    r"""|\bmysql(?:dump|admin|import)?\b[^\n|;]{0,200}?[ ]-p["']?(?P<mysql>[^\s"'=]{4,64})"""
    r"""|ConvertTo-SecureString[ ]{1,3}(?:-String[ ]{1,3})?["'](?P<powershell>[^"'\n]{3,128})["']"""
    r"""|(?:\bIDENTIFIED|(?i:\buser[ ][^\n]{1,80}[ ]identified))(?i:[ ]{1,3}(?:WITH[ ]{1,3}\S{1,40}"""
    r"""[ ]{1,3})?BY[ ]{1,3}(?:PASSWORD[ ]{1,3})?)["'](?P<sql>[^"'\n]{3,128})["']"""
    r"""|\bmachine[ ][^\n]{1,100}[ ]password[ ]{1,3}"?(?P<netrc>(?<=")[^"\n]{3,64}(?=")|\S{3,64})"""
    r"""|\bnet[ ]{1,3}use[ ][^\n]{0,100}/user:\S{1,60}[ ]{1,3}(?P<netuse>[^\s/]{4,64})"""
    r"""|\bredis-cli\b[^\n|;]{0,100}?[ ]-a[ ]{1,3}["']?(?P<redis>[^\s"']{4,64})"""
    r"""|["'][\w.-]{1,40}:(?P<chpasswd>[^"'\s:]{3,64})["'][ ]{0,3}\|[ ]{0,3}(?:sudo[ ])?chpasswd"""
    r"""|[ ]login[ ][^\n|;]{0,200}?[ ]-p[ ]{1,2}["']?(?P<login>[^\s"'-][^\s"']{3,64})"""
    r"""|\bopenssl[ ]enc[ ][^\n|;]{0,200}?[ ]-k[ ]{1,2}["']?(?P<encrypt>[^\s"'-][^\s"']{3,64})"""
    r"""|\bsp_add(?:role|linkedsrv)?login[ ]{1,3}(?:@\w{1,20}"""
    r"""[ ]?=[ ]?)?N?'[^'\n]{1,40}',[ ]{0,3}N?'(?P<procedure>[^'\n]{3,64})'"""
    r"""|[ "'=]pass:(?P<openssl>[^\s"':]{4,64})(?=["'\s]|$)"""
    r"""|\bzip[ ][^\n|;]{0,100}?-P[ ]{0,2}["']?(?P<zip>[^\s"'-][^\s"']{3,64})"""
    r"""|\bldap(?:search|add|modify|delete|passwd|whoami|compare)[ ][^\n|;]{0,200}?-w[ ]{1,2}["']?"""
    r"""(?P<ldap>[^\s"'-][^\s"']{3,64})"""
    r"""|\blftp[ ][^\n|;]{0,60}?-u[ ]{1,2}["']?[^\s,"']{1,40},(?P<lftp>[^\s"',]{4,64})"""
    r"""|(?:--|\b)(?:requirepass|masterauth)["']?[,= \t]{1,4}["']?"""
    r"""(?P<requirepass>[^\s"'$<{]{4,64})(?=["'\s\]]|$)"""
    r"""|(?:^|["'])[\w.*-]{1,80}:(?:[0-9]{2,5}|\*):[\w*-]{1,60}:[\w*.-]{1,60}:"""
    r"""(?P<pgpass>[^\s:"']{3,80})(?=["'\s]|$)"""
    r"""|^[ \t]*+password[ \t]{1,4}(?P<netrcline>\S{4,64})[ \t]*+$"""
    r"""|\.(?:pfx|p12|jks|keystore)["'][^"'\n]{0,10},[ ]?["'](?P<cert>[^"'\n]{3,80})["']"""
    r"""|\.(?:load|getKey|store|setKeyEntry|init|PasswordProtection)\([^"\n]{0,100}"""
    r""""(?P<chars>[^"\n]{3,80})"\.toCharArray\("""
    r"""|[.:]auth\(["'](?P<redisauth>[^"'\n]{3,80})["']\)"""
    r"""|(?:b64encode|base64Encode|btoa|[eE]ncodeToString|ToBase64String|Buffer\.from|base64_encode"""
    r"""|Base64\.\w{0,8}encode\w{0,8})"""
    r"""\([^"'\n]{0,40}["'][\w.@-]{1,40}:(?P<encoded>[^"'\s:{$%]{4,80})["']"""
    r"""|\bjwt\.(?:sign|verify|encode|decode)\([^"'\n]{0,80},[ ]?["'](?P<jwtkey>[^"'\n]{4,80})["']"""
    r"""|(?:\b|[_.-])(?:[\w.-]{0,40}(?:auth|user[._]?info|userpwd|creds?|credentials))["']?"""
    r"""[ \t]{0,4}(?:=>|:=|=|:)"""
    r"""[ \t]{0,4}["']?[\w.@-]{1,40}:(?P<pair>[^\s"':/]{4,80})(?=["'\s,;)]|$)""",
    re.ASCII,
)
_COMMAND_WORDS = (
    "sshpass",
    "mysql",
    "SecureString",
    " BY ",
    " by ",
    "machine ",
    "/user:",
    "redis-cli",
    "pass:",
    "chpasswd",
    " login ",
    "openssl enc",
    "login ",
    "word '",
    "WORD '",
    "zip ",
    "ldap",
    "lftp ",
    "requirepass",
    "masterauth",
    ":*:",
    "word ",
    "word\t",
    ".pfx",
    ".p12",
    ".jks",
    ".keystore",
    "CharArray(",
    "auth",
    "info",
    "userpwd",
    "cred",
    ":5432:",
    "ase64",
    "btoa",
    "b64",
    "Buffer.from",
    "codeToString",
    "jwt.",
)
_TWO_TEXTS = lazy(r"""["'][ ]{0,3},[ ]{0,3}["']""")
_WEAK_CALL = lazy(
    r"""(?i)log_?in|sign_?in|authenticate|credentials|auth["']?[ ]{0,2}(?:=>|=|:)[ ]{0,2}\[|bind"""
)
_SURE_LOGIN = lazy(
    r"(?i)(?:\b|_)(?:s?ftps?|imap|smtp|pop3?|httr)(?:_?(?:client|conn(?:ection)?))?(?:\.|->|::)$"
)
"""What logs in with a user and a password and nothing else, before the call's name."""
_PAIR_OF_TEXTS = lazy(
    r"""(?:(?:HTTPBasicAuth|HTTPDigestAuth|\bauth[ ]{0,2}=|NetworkCredential"""
    r"""|UsernamePassword(?:Credentials?)?"""
    r"""|PasswordCredential"""
    r"""|getConnection|[Bb]asic_?[Aa]uth|BasicAWSCredentials|PasswordAuthentication(?:Token)?|[Ss]et_?"""
    r"""[Bb]asic_?[Aa]uth|[Ww]ithCredentials|ftp_login|\blog_?[Ii]n|\bLogin(?:Request|Dto|DTO|Form|Data)"""
    r"""|[Ss]ign_?[Ii]n|authenticate|credentials|PlainAuth)[ ]{0,2}\("""
    r"""|\bauth["']?[ ]{0,2}(?:=>|=|:)[ ]{0,2}[\[(]"""
    r"""|[Bb]ind(?:_s)?\((?=[ ]?["'](?:cn|CN|uid|UID|dc|ou)="""
    r"""[^"'\n]{1,80}["'],))[ ]{0,3}(?:"""
    r"""[^"'()\n]{0,60},[ ]{0,3}|["']{2},[ ]{0,3})?"""
    r"""["'](?P<user>[^"'\n]{1,80})["'][ ]{0,3},[ ]{0,3}["'](?P<value>[^"'\n]{3,128})["']"""
)

_THREE_TEXTS = lazy(
    r"""(?:[Cc]onnect|getConnection|mysqli|PDO)[ ]{0,2}\([ ]{0,3}["'][^"'\n]{1,120}["'][ ]{0,3},"""
    r"""[ ]{0,3}["']"""
    r"""[^"'\n]{1,80}["'][ ]{0,3},"""
    r"""[ ]{0,3}["'](?P<value>[^"'\n]{3,128})["']"""
)
_INSERT = lazy(r"(?i)\binsert[ ]into[ ][^\n(]{1,80}\((?P<columns>[^()\n]{1,400})\)[ ]{0,3}values[ ]?\(")
_COLUMN_VALUE = lazy(r"[ ]{0,3}(?:N?'(?P<value>(?:[^'\n]|'')*)'|(?:[^',()\n]|\([^()\n]*\))*)[ ]{0,3}(?:,|\))")

_NAME_IN_BYTES = NAME.replace("ñ", r"\xc3\xb1")
_NAMED = rf"(?:{_NAME_IN_BYTES})[\w-]{{0,24}}"
_SIGN = r"[\w.:;&*<>\[\](){}|?!~ \t]{0,70}(?:[=:]{1,3}>?|->|\?\?|<-|,|\(|\||\+=|or[ \t])"
"""A type, perhaps, and a sign."""

_QUOTE = "[\"'`]"
_IN_QUOTES = rf"""{_QUOTE}[^\s"'`][^\n]{{2,240}}{_QUOTE}"""
_TAILS = (
    # In quotes, after a sign; between them a type.
    rf"""\\?["'`]?{_SIGN}[ \t]{{0,20}}"""
    rf"""[\w.:\[\] ]{{0,26}}[({{]?[ \t]{{0,3}}[@$bruflnBRUFLN]{{0,2}}\\?{_IN_QUOTES}""",
    # Without quotes.
    r"""\\?["'`]?[\]) \t]{0,26}(?::=?|\??=|\|)[ \t]{0,20}"""
    r"""[^\s"'`,;<>(){}\[\]|=][^\s"'`]{3,200}(?:[ \t"'`]|$)""",
    # A builder's call, a sentence.
    rf"""[ \t]{{1,24}}(?:is[ ]{{1,2}}|by[ ]{{1,2}}|@)?{_IN_QUOTES}""",
    r"""[ \t]{1,3}(?:is|was|are|to)[ \t]{1,3}:?[ ]{0,2}["'`]?[^\s]{0,24}[0-9!$%^&*#?~+@]""",
    # Attributes or keys in pairs, an option's default, what is typed into a page's element.
    r"""\\?["']?[ \t]{0,4}[, \t][^\n]{0,130}(?:value|default)\\?["']?[ \t]{0,4}[=:]""",
    rf"""["'`\])]{{1,5}}\.(?:send_?keys|type|fill|setValue|typeText|enterText)\([ ]?{_IN_QUOTES}""",
    rf"""(?:\(\))?\.(?:equals|equalsignorecase|contentequals)\([ ]?{_IN_QUOTES}""",
    # What it is given where something else is not there.
    rf"""[ \t]*(?:=|:|=>)[ \t]*[^"'`\n]+[?:|][ \t]*{_IN_QUOTES}""",
    rf"""[ \t]*(?:=|:|=>)[ \t]*[\w.>-]+\(["'][\w.-]+["'],[ ]?{_IN_QUOTES}""",
    # A word about what it is for, a name in quotes and its value behind, a list of arguments.
    r"""[ ](?:for|of)[ ][^\n]*(?:[ ](?:is|was)|:)[ ]""",
    r"""[ ]{1,3}[^\s]*[0-9]""",
    rf"""["'](?:\]["'])?,[ ]{{0,3}}{_IN_QUOTES}""",
    rf"""\)?[ ]?\{{[ ]?{_IN_QUOTES}""",
    rf"""["'][ ]with[ ]{_IN_QUOTES}""",
)

_COMPARED = (
    r"(?:equals|strn?cmp|compare_?digest|secure_?compare|constant_?time_?compare|timingsafeequal|hash_equals)"
)
HARDCODED_TRIGGERS = (
    # One pattern costs the scanner half of what five with the same beginning do.
    rf"(?i){_NAMED}(?:{'|'.join(_TAILS)})",
    rf"""(?i)-[\w-]{{0,40}}{_NAMED}[ \t=]{{1,3}}["']?[^\s"'-]""",
    # Hyperscan misses matches of this one where the blanks at its start are counted.
    rf"""(?i)^[ \t]*(?:ENV|ARG)[ \t]{{1,8}}[\w-]{{0,40}}{_NAMED}[ \t]{{1,3}}"?[^\s"'=]{{3}}""",
    rf"""(?i)<[\w.:-]{{0,40}}{_NAMED}(?:[ \t][^<>\n]{{0,80}})?>[^<>\s]""",
    rf"""(?i)(?:key|name)=["'][\w.$@:/-]{{0,40}}{_NAMED}["'][^<>\n]{{0,80}}>(?:<value>)?[^<>\s]""",
    # A text alone on its line: the name may stand above.
    r"""^[ \t]*[bBrRuUL@]{0,2}["'][^\s"'\\]{3,128}["'][ \t]*\)?[ \t]*;?[ \t]*$""",
    # A value whose name stands in the line above.
    r"""^[ \t]*(?:-[ ])?["']?(?:value|default)["']?[ \t]*[:=][ \t]*["']?[^\s"'{}\[\]|>&*!#$<]""",
    r"""^[ \t]*<value>[^<>\s]""",
    # Comparisons.
    rf"""(?i)["']\.(?:equals|equalsignorecase|contentequals)\([ ]?[\w.$]*(?:{_NAME_IN_BYTES})""",
    rf"""(?i){_COMPARED}\([^"'\n]*(?:{_NAME_IN_BYTES})[^"'\n]*["'][^"'\n]{{3}}""",
    # Commands and calls that take a user and a password.
    r"\bsshpass[ ]{1,3}-p",
    r"\bmysql(?:dump|admin|import)?\b[^\n|;]{0,200}[ ]-p[^\s]{4}",
    r"ConvertTo-SecureString[ ]{1,3}(?:-String[ ]{1,3})?[\"']",
    r"(?i)\bIDENTIFIED[ ]{1,3}(?:WITH[ ]{1,3}\S{1,40}[ ]{1,3})?BY[ ]",
    r"\bmachine[ ][^\n]{1,100}[ ]password[ ]",
    r"\bnet[ ]{1,3}use[ ][^\n]{0,100}/user:",
    r"\bredis-cli\b[^\n|;]{0,100}[ ]-a[ ]",
    r"\bzip[ ][^\n]*-P",
    r"\bldap[a-z]*[ ][^\n]*-w[ ]",
    r"\blftp[ ][^\n]*-u[ ]",
    r"(?:requirepass|masterauth)",
    r"^[\w.*-]+:(?:[0-9]+|\*):[\w*-]+:[\w*.-]+:[^\s:\"']{3}",
    r"[\"'](?:[\w.*-]+):(?:[0-9]+|\*):[\w*-]+:[\w*.-]+:[^\s:\"']{3}",
    r"^[ \t]*password[ \t]{1,4}[^\s]{4}",
    r"\.(?:pfx|p12|jks|keystore)[\"'][^\"'\n]{0,10},[ ]?[\"']",
    r"[\"']\.toCharArray\(",
    r"[.:]auth\([\"']",
    r"(?:b64encode|base64Encode|btoa|[eE]ncodeToString|ToBase64String|Buffer\.from|base64_encode|Base64\.\w*encode\w*)"
    r"\([^\"'\n]*[\"'][\w.@-]+:[^\"'\s]{4}",
    r"\bjwt\.(?:sign|verify|encode|decode)\([^\"'\n]*,[ ]?[\"']",
    r"(?:auth|user[._]?info|userpwd|creds?|credentials)[\"']?[ \t]*(?:=>|:=|=|:)[ \t]*[\"']?"
    r"[\w.@-]+:[^\s\"':/]{4}",
    r"""\bauth["']?[ ]*(?:=>|=|:)[ ]*[\[(][ ]*["'][^"'\n]+["'][ ]*,[ ]*["'][^"'\n]{3}""",
    r"""[Bb]ind(?:_s)?\([ ]?["'](?:cn|CN|uid|UID|dc|ou)=[^"'\n]*["'],[ ]{0,3}["']""",
    r"""[ "'=]pass:[^\s"':]{4}""",
    r"""\|[ ]{0,3}(?:sudo[ ])?chpasswd""",
    r"""[ ]login[ ][^\n|;]{0,200}[ ]-p[ ]{1,2}["']?[^\s"'-]""",
    r"""\bopenssl[ ]enc[ ][^\n|;]{0,200}[ ]-k[ ]""",
    r"\bsp_add(?:role|linkedsrv)?login[ ]",
    # Texts in the order that a call or a statement gives them.
    r"""(?:[Cc]onnect|mysqli|PDO)[ ]{0,2}\([^\n]{0,200}["'][ ]{0,3},[ ]{0,3}["'][^"'\n]{3}""",
    rf"""(?i)\binsert[ ]into[ ][^\n]{{0,160}}(?:{_NAME_IN_BYTES})[^\n]{{0,160}}\bvalues[ ]?\(""",
    r"""(?:HTTPBasicAuth|HTTPDigestAuth|\bauth[ ]{0,2}=|NetworkCredential|UsernamePassword(?:Credentials?)?"""
    r"""|PasswordCredential|getConnection|[Bb]asic_?[Aa]uth|BasicAWSCredentials|PasswordAuthentication"""
    r"""(?:Token)?|[Ww]ithCredentials|ftp_login|\bLogin(?:Request|Dto|DTO|Form|Data)|\blog_?[Ii]n|[Ss]ign_?[Ii]n|authenticate|credentials"""
    r"""|PlainAuth)"""
    r"""[ ]{0,2}\("""
    r"""[^\n]{0,160}["'][ ]{0,3},[ ]{0,3}["'][^"'\n]{3}""",
    *LOGIN_TRIGGERS,
)
DOUBTFUL_TRIGGERS = (
    rf"""(?i)(?:{DOUBTFUL_NAME})\\?["'`]?{_SIGN}[ \t]{{0,20}}[\w.:\[\] ]{{0,26}}\(?[ \t]{{0,3}}"""
    rf"""[@$bruflnBRUFLN]{{0,2}}\\?["'`]?(?:base64:)?[a-z+/_=.~-]{{0,19}}[0-9]"""
    r"""[a-z0-9+/_=.~-]{6,200}(?:["'`\\ \t,;<>)}\]&]|$)""",
)


class Assignment(NamedTuple):
    """A value given to a name. Columns are the value's, without quotes."""

    name: str
    means: str
    known: bool
    """Whether the words after the one that means a secret are known."""
    value: str
    start: int
    end: int
    written: str
    sign: str


def assignments(line: Line, doubtful: bool) -> Iterator[Assignment]:
    """The literals given to names that mean a secret (`doubtful`: to those that may mean one), each once."""
    text = line.text
    taken = -1
    starts: set[int] = set()
    # Of two that see the same, the one that is surer says what it is.
    typed = [] if doubtful else sorted((*_commands(text), *_logins(text)), key=_doubt)
    sure = {found.start for found in typed if not _doubt(found)}
    for start, end in _places(text, doubtful):
        if start < taken:
            continue
        name = text[start:end]
        means, known = meaning(name)
        if means == NOTHING or (means == DOUBTFUL or is_key_for(name)) < doubtful:
            continue
        if means == DOUBTFUL and not doubtful:
            continue
        if not doubtful and _NAME.search(name) is None:
            continue
        found = _value(line, name, start, end, means, known)
        if found is not None and doubtful and is_key_for(found.value):
            continue
        if found is not None:
            taken = found.end
            starts.add(found.start)
            if not known and name.lstrip("$_@").lower() in ("pass", "pw", "psw") and _is_known(line, start):
                found = found._replace(known=True)
            if found.start in sure and means == SECRET and not _values.looks_made(found.value):
                found = found._replace(means=PASSWORD, written=QUOTED, sign=TYPED)
            if found.value.startswith("{noop}"):
                found = found._replace(value=found.value[6:], start=found.start + 6)
            yield found
    if not doubtful and (found := _continued(line)) is not None:
        yield found
    for found in typed:
        if found.start not in starts:
            starts.add(found.start)
            yield found


def _is_known(line: Line, start: int) -> bool:
    """Whether what is called `pass` is no verb: beside a user, in a form's data, in a file of settings."""
    asked = line.text[max(0, start - 8) : start].endswith(("_POST['", '_POST["', "_GET['", '_GET["'))
    return asked or line.language == "ini" or _USER.search(line.text) is not None


def _doubt(found: Assignment) -> int:
    return (found.written != QUOTED) * 2 + (found.sign == ",")


def _continued(line: Line) -> Assignment | None:
    """A text that is all of its line, given to a name at the end of the line above: `password = (`."""
    if ("value" in line.text or "default" in line.text) and (
        pair := _VALUE_LINE.match(line.text)
    ) is not None:
        return _below_name(line, pair)
    alone = _ALONE.match(line.text)
    if alone is None or "=" not in line.text_before(1)[-_LONGEST_NAME:]:
        return None
    above = next(iter(line.before(1)), None)
    given = _OPEN_END.search(above.text[-_LONGEST_NAME:]) if above else None
    if given is None:
        return None
    means, known = meaning(given["name"])
    if means in (NOTHING, DOUBTFUL) or _NAME.search(given["name"]) is None:
        return None
    return _made(alone, given["name"], means, known, QUOTED, "=")


def _below_name(line: Line, pair: re.Match[str]) -> Assignment | None:
    """A value in a line of its own below a line with its name: `- name: API_TOKEN`, `value: …`."""
    above = next(iter(line.before(1)), None)
    named = _NAME_LINE.match(above.text) if above else None
    if named is None:
        return None
    name = named["name"] or named["element"] or named["declared"]
    means, known = meaning(name)
    if means in (NOTHING, DOUBTFUL) or _NAME.search(name) is None:
        return None
    group = "value" if pair["value"] else "element"
    return Assignment(name, means, known, pair[group], *pair.span(group), QUOTED, "=")


def _places(text: str, doubtful: bool) -> list[tuple[int, int]]:
    """Where names stand that hold one of the words, in order: the whole identifier, path or option."""
    if doubtful:
        at = [match.start() for match in _DOUBTFUL_NAME.finditer(text)]
    else:
        folded = text.lower()
        if len(folded) != len(text):
            folded = text
        at = []
        for stem in _STEMS:
            place = folded.find(stem)
            while place >= 0:
                at.append(place)
                place = folded.find(stem, place + len(stem))
    return sorted({_extent(text, place) for place in at})


def _extent(text: str, place: int) -> tuple[int, int]:
    """A name's whole identifier, path or option around one of its words."""
    right = _NAME_RIGHT.match(text, place)
    left = _NAME_LEFT.match(text[max(0, place - _LONGEST_NAME) : place][::-1])
    start = place - (left.end() if left else 0)
    if (
        start == place
        and text[place - 1 : place] == " "
        and (spaced := _SPACED_KEY.search(text, max(0, place - 12), place)) is not None
    ):
        start = spaced.start()
    if start < place and text[start] in "nrt" and text[start - 1 : start] == "\\":
        start += 1  # of an escape such as `\n`, which ends a line of what is written
    return start, right.end() if right else place


def _value(line: Line, name: str, start: int, end: int, means: str, known: bool) -> Assignment | None:
    text = line.text
    if means == DOUBTFUL or len(name) > _LONGEST_TAG:
        return _after_sign(line, name, start, end, means, known)
    before = text[start - 1 : start]
    typed = _TYPED.match(text, end)
    if typed is not None:
        sure = means == PASSWORD and known and "quals(" not in typed[0]
        return _made(typed, name, means, known, QUOTED if sure else PROSE, TYPED if sure else ",")
    declared = name.startswith("-") or text[:start].endswith('variable "')
    if declared and (defaulted := _DEFAULTED.match(text, end)) is not None:
        return _made(defaulted, name, means, known, QUOTED, "=")
    if before == "<" and text[start - 2 : start - 1] != "=":
        return _made(_TAG.match(text, end), name, means, known, QUOTED, ">")
    if before in "\"'" and before:
        pair = _PAIR.match(text, end)
        if pair is not None and text[max(0, start - 24) : start].rstrip("\"'\\ :=")[-4:].lower().endswith(
            ("key", "name", "id", "erty", "ey", "ame")
        ):
            return _made(pair, name, means, known, QUOTED, "=")
        if text[max(0, start - 6) : start].lower().endswith(('key="', 'name="', "key='", "name='")):
            element = _ELEMENT.match(text, end)
            if element is not None:
                return _made(element, name, means, known, QUOTED, ">")
    elif text[max(0, start - 12) : start].rstrip(" :=\"'").lower().endswith(("name", "key")):
        pair = _PAIR.match(text, end)
        if pair is not None:
            return _made(pair, name, means, known, QUOTED, "=")
    if before == "{" and text[start - 2 : start - 1] == "$":
        return _made(_OWN_DEFAULT.match(text, end), name, means, known, PLAIN, "=")
    return _after_sign(line, name, start, end, means, known)


def _after_sign(line: Line, name: str, start: int, end: int, means: str, known: bool) -> Assignment | None:
    text = line.text
    sign_match = _SEPARATOR.match(text, end)
    if sign_match is None:
        if means == DOUBTFUL or len(name) > _LONGEST_TAG:
            return None
        return _without_sign(line, name, start, end, means, known)
    sign = sign_match["sign"].strip()
    at = sign_match.end()
    closed = sign_match["close"].strip("\\])` \t")[-1:] in ("'", '"') if sign_match["close"] else False
    given = (
        _WITH.match(text, at) if sign == "," and closed and text.startswith(("with", ":with"), at) else None
    )
    if given is not None:
        return _made(_QUOTED.match(text, given.end()), name, means, known, QUOTED, "=")
    typing = sign == "," and means == PASSWORD and _TYPING.search(text, max(0, start - 80), start) is not None
    if sign == "," and not (
        (typing or _is_set_by_call(line, start, at)) if closed else _is_copied(text, start)
    ):
        return None
    if (sign == "(" and not _sets(name)) or (sign == "->" and not closed):
        return None
    if typing and known:
        sign = TYPED
    before = text[max(0, start - 40) : start]
    if sign == "=" and before.endswith(", ") and _FIRST_OF_TWO.search(before):
        return _second(text, at, name, means, known, "user" in before.lower())
    if sign == "or" and (
        line.language in _PROSE_LANGUAGES or not line.zone_at(start) & (Zone.CODE | Zone.STRING)
    ):
        return None
    if sign == "|" and not (line.language in _PROSE_LANGUAGES and text.lstrip().startswith("|")):
        return None
    wrapper = None if text[at : at + 1] in _QUOTES else _WRAPPER.match(text, at)
    quoted = _QUOTED.match(text, wrapper.end() if wrapper else at)
    if (
        quoted is not None
        and wrapper is None
        and not closed
        and sign != "|"
        and _ends_string(line, start, at)
    ):
        return None
    if quoted is None and sign in ("=", ":", "=>") and (other := _OR_ELSE.match(text, at)) is not None:
        return _made(other, name, means, known, QUOTED, "=")
    if quoted is not None:
        inner = quoted["value"] or quoted["escaped"] or ""
        if sign == "(" and not re.match(r"\s*\)", text[quoted.end() : quoted.end() + 4]):
            return None
        if wrapper is not None and wrapper[0].lower().endswith("f") and "{" in inner:
            return None
        if quoted["value"] and inner[:2] == "${" and (default := _DEFAULT.fullmatch(inner)) is not None:
            begun = quoted.start("value") + default.start("value")
            value = default["value"]
            return Assignment(name, means, known, value, begun, begun + len(value), QUOTED, sign)
        if len(inner) < 20 and re.match(
            r"\s*(?:\+|\.\s?\$|%\s|<>|\.\.)\s*[\w\"'(]", text[quoted.end() : quoted.end() + 8]
        ):
            return None
        hashed = wrapper is not None and wrapper[0].startswith(_HASHES) and means == PASSWORD
        return _made(quoted, name, means, known, QUOTED, TYPED if hashed else sign)
    if sign in ("=", ":") and text[at : at + 1] in ("[", "{") and (within := _QUOTED.match(text, at + 1)):
        # A list of tokens; in Go the values of a form.
        form = text[at] == "{" and line.language == "go" and text[within.end() : within.end() + 1] == "}"
        if form or (text[at] == "[" and means == SECRET and known):
            return _made(within, name, means, known, QUOTED, "=")
    gap = text[end : sign_match.start("sign")]
    if sign not in ("=", ":", ":=", "?=", "|") or gap.strip("\\\"'`]) \t"):
        return None
    return _unquoted(line, name, start, at, means, known, sign)


def _unquoted(
    line: Line, name: str, start: int, at: int, means: str, known: bool, sign: str
) -> Assignment | None:
    text, language = line.text, line.language
    if _PLAIN_HEAD.match(text, at) is None:
        return None
    default = _DEFAULT.match(text, at)
    if default is not None:
        return _made(default, name, means, known, PLAIN, sign)
    if language not in PLAIN_LANGUAGES or (language not in _PROSE_LANGUAGES and _within_comment(line, start)):
        shell = name.isupper() and sign == "=" == text[at - 1]
        if (line.zone_at(start) & Zone.CODE or language in ("json", "jsonc", "toml", "terraform")) and not (
            shell and line.zone_at(start) & Zone.STRING
        ):
            return None
        if len(text) > _LONGEST_SENTENCE and language in PROGRAMS:
            return None
        if sign == "=" and means == PASSWORD and known and name[:2] in ("-D", "-P") and name[2:3].isalpha():
            return _made(_OPTION_VALUE.match(text, at), name, means, known, QUOTED, TYPED)
        return _prose(text, name, at, means, known, sign)
    if language in _PROSE_LANGUAGES and (text[:start].strip(" \t-*>#|`$+") or sign == "|"):
        lead = text[:start].strip()
        if not re.fullmatch(r"(?:[-*>+]\s*)*(?:`+)?(?:export|set|ENV|ARG|-e|--env)?", lead):
            plain = _PAIRED.match(text, at) if sign == "=" and means == PASSWORD else None
            if plain is not None and _BESIDE_USER.search(text[max(0, start - 100) : start]) is not None:
                return _made(plain, name, means, known, QUOTED, TYPED)
            return _prose(text, name, at, means, known, sign)
    if language == "shellscript" and (sign != "=" or text[at - 1] == " "):
        return None
    rest = _REST.match(text, at)
    if rest is None:
        return None
    one_word = language in ("shellscript", "dockerfile") or name.startswith("--")
    if language == "yaml":
        one_word = one_word or sign == "=" or bool(re.search(r"[{\[]", text[:start]))
    if one_word:
        plain = _PLAIN.match(text, at)
        value = plain[0] if plain else ""
        if language == "yaml":
            value = re.split(r"[,}\]]", value)[0]
    else:
        value = re.split(r"\s+[#;]|\s*//\s", rest[0])[0].rstrip()
        if language == "bat":
            value = value.rstrip('"')
    value = value.rstrip("`").rstrip()
    if len(value) < 2:
        return None
    return Assignment(name, means, known, value, at, at + len(value), PLAIN, sign)


def _second(text: str, at: int, name: str, means: str, known: bool, user: bool) -> Assignment | None:
    """The second of two texts that two names are given at once."""
    first = _QUOTED.match(text, at)
    comma = _COMMA.match(text, first.end()) if first else None
    sign = TYPED if user and means == PASSWORD else "="
    return _made(_QUOTED.match(text, comma.end()), name, means, known, QUOTED, sign) if comma else None


def _ends_string(line: Line, start: int, at: int) -> bool:
    """Whether the quote behind a name's sign ends the string around the name: `'--password=' . $x`."""
    if line.text[start - 1 : start] == line.text[at : at + 1]:
        return True
    inside = line.zone_at(start) & Zone.STRING and line.zone_at(at) & Zone.STRING
    return bool(inside and line.zone_at(at + 1) & Zone.CODE)


def _is_set_by_call(line: Line, start: int, at: int) -> bool:
    """Whether two texts, the first around `start`, are a name and its value: in a call that sets something or
    gives a default for it, or in an entry of a dictionary in C#. Two neighbours in a list are not."""
    text = line.text
    quote = max(text.rfind(mark, max(0, start - _LONGEST_NAME), start) for mark in "\"'`")
    if quote < 0:
        return False
    depth, commas, first = 0, 0, max(0, quote - _REACH)
    for opened in range(quote - 1, first - 1, -1):
        character = text[opened]
        if character in ")]}":
            depth += 1
        elif character == "," and not depth:
            commas += 1
        elif character in "([{":
            if not depth:
                break
            depth -= 1
    else:
        return False
    end = _QUOTED.match(text, at)
    closed = end is not None and text[end.end() :].lstrip()[:1] in (")", "", "}")
    if text[opened] == "{":
        nested = text[:opened].rstrip()[-1:] in ("", "{", ",")
        return line.language == "csharp" and nested and not commas and closed
    callee = _CALLEE.search(text, max(0, opened - _LONGEST_TAG), opened)
    if text[opened] != "(" or callee is None:
        return False
    called = {part.lower() for part in _HUMPS.findall(callee[0])}
    if called & _SAYING:
        return False
    if text[:opened].endswith(_FLAGS):
        return True
    strings = text[opened + 1 : quote].count('"') + text[opened + 1 : quote].count("'")
    if called & _SETTING_LAST and closed:
        return True
    return strings % 4 == 0 and bool(called & (_SETTING_LAST | _SETTING))


def _is_copied(text: str, start: int) -> bool:
    """Whether what stands behind a variable goes into it: `strcpy(config.password, "x")`."""
    return text[max(0, start - 24) : start].rstrip().endswith(_COPYING)


def _within_comment(line: Line, column: int) -> bool:
    return bool(line.zone_at(column) & Zone.COMMENT)


def _without_sign(line: Line, name: str, start: int, end: int, means: str, known: bool) -> Assignment | None:
    """`password "x"` of builder languages and SQL, `ENV NAME x`, `--password x`, and what sentences say."""
    text, language = line.text, line.language
    if name.startswith("-"):
        option = _OPTION.match(text, end)
        if option is not None:
            quoted = _QUOTED.match(text, option.end())
            if quoted is not None:
                return _made(quoted, name, means, known, QUOTED, TYPED if means == PASSWORD else "=")
            plain = _OPTION_VALUE.match(text, option.end())
            if plain is not None and (_values.looks_strong(plain[0]) or _is_no_word(plain[0])):
                return _made(plain, name, means, known, PLAIN, "=")
        return None
    if language == "dockerfile" and _ENV.match(text[:start]):
        plain = _ENV_VALUE.match(text, end)
        if plain is not None:
            return Assignment(name, means, known, plain[1], plain.start(1), plain.end(1), PLAIN, "=")
        return None
    if means == PASSWORD and text.startswith(_FILLED, end) and _FILLING.search(text[:start]) is not None:
        return _made(_QUOTED.match(text, end + len(_FILLED[0]) - 1), name, means, known, QUOTED, TYPED)
    if language == "ruby" and (let := _LET.match(text, end)) is not None:
        return _made(_QUOTED.match(text, let.end()), name, means, known, QUOTED, "=")
    if language == "cpp" and (braced := _BRACED.match(text, end)) is not None:
        quoted = _QUOTED.match(text, braced.end())
        if quoted is not None and text[quoted.end() :].lstrip().startswith("}"):
            return _made(quoted, name, means, known, QUOTED, "=")
    defined = language in ("c", "cpp", "objective-c") and text.lstrip().startswith("#define")
    spaced = (_DEFINED if defined else _SPACED).match(text, end)
    if spaced is not None:
        quoted = _QUOTED.match(text, spaced.end())
        if not known or (means != PASSWORD and language != "groovy" and not defined):
            return None
        builder = language in ("groovy", "ruby", "sql", "plaintext", "markdown", "restructuredtext")
        builder = builder or defined
        if quoted is not None and (builder or not line.zone_at(start) & Zone.CODE):
            begun = max(0, start - _REACH)
            shared = name == "PSK" and text[:start].rstrip().endswith(":")
            if shared or _ROLE.search(text, begun, start) or _NAMED_USER.search(text, begun, start):
                return _made(quoted, name, means, known, QUOTED, TYPED)
            written = PROSE if language in _PROSE_LANGUAGES or language == "sql" else QUOTED
            return _made(quoted, name, means, known, written, " ")
        return None
    if language in _PROSE_LANGUAGES and known:
        behind = _FOR.match(text, end)
        if behind is not None:
            return _prose(text, name, behind.end(), means, known, "is")
        behind = _DIRECTLY.match(text, end) if means == PASSWORD else None
        if behind is not None:
            found = _prose(text, name, behind.end(), means, known, "is")
            return found if found is not None and _is_no_word(found.value) else None
    said = _IS.match(text, end)
    if (
        said is not None
        and known
        and text[said.end()] not in "\"'`"
        and (language in _PROSE_LANGUAGES or not line.zone_at(start) & Zone.CODE)
    ):
        return _prose(text, name, said.end(), means, known, "is")
    return None


def _is_no_word(value: str) -> bool:
    """Whether it can only be a password, where a sentence goes on: `password Cr3nel8`, not `password v2`."""
    kinds = [any(map(kind, value)) for kind in (str.isupper, str.islower, str.isdigit)]
    return len(value) >= 6 and all(kinds)


def _prose(text: str, name: str, at: int, means: str, known: bool, sign: str) -> Assignment | None:
    """In a sentence a value must look like one: a digit or a sign among letters."""
    quoted = _QUOTED.match(text, at)
    if quoted is not None:
        return _made(quoted, name, means, known, PROSE, sign)
    plain = _PLAIN.match(text, at)
    if plain is None or _SIGNED.match(text, at) is None:
        return None
    value = re.split(r"[;&,]|\\n", plain[0])[0].rstrip(".,;:!?)*_`”’»")
    if (means == PASSWORD and _values.looks_strong(value)) or _values.looks_made(value):
        return Assignment(name, means, known, value, at, at + len(value), PROSE, sign)
    return None


def _made(
    match: re.Match[str] | None, name: str, means: str, known: bool, written: str, sign: str
) -> Assignment | None:
    if match is None:
        return None
    group: str | int = "value" if "value" in match.re.groupindex else 0
    if match[group] is None:
        group = "escaped"
    value, (start, end) = match[group], match.span(group)
    stripped = value.strip()
    if written == QUOTED and sign == ">" and stripped != value:
        start, end = start + value.index(stripped), start + value.index(stripped) + len(stripped)
        value = stripped
    if not value or len(value) > _LONGEST_VALUE:
        return None
    return Assignment(name, means, known, value, start, end, written, sign)


def _commands(text: str) -> Iterator[Assignment]:
    for match in _COMMANDS.finditer(text) if _speaks_of_command(text) else ():
        group = match.lastgroup or ""
        strict = (
            *("role", "openssl", "mysql", "netuse", "login", "encrypt", "zip", "ldap", "lftp", "pgpass"),
            *("netrcline", "cert", "chars", "redisauth", "pair", "encoded", "jwtkey"),
        )
        written = PROSE if group in strict else QUOTED
        if group == "mysql" and len(match[group]) >= 8 and _is_no_word(match[group]):
            written = QUOTED
        # What looks strong is sure enough, and found in what documents code, too.
        if not _values.looks_strong(match[group]) and _is_all_that_is_given(match, group):
            written = QUOTED
        if group == "netrc" and not text.lstrip().startswith("machine"):
            written = PROSE
        yield Assignment("password", PASSWORD, True, match[group], *match.span(group), written, TYPED)
    for match in _PAIR_OF_TEXTS.finditer(text) if _TWO_TEXTS.search(text) else ():
        if "://" in match["user"] or match["user"].startswith("jdbc:"):
            continue
        sign = "," if _WEAK_CALL.match(match[0]) else "="
        if sign == "," and (
            _SURE_LOGIN.search(text, max(0, match.start() - _LONGEST_TAG), match.start()) is not None
            or ("@" in match["user"] and re.search(r"[0-9!?#$%]", match["value"]) is not None)
        ):
            sign = TYPED
        yield Assignment("password", PASSWORD, True, match["value"], *match.span("value"), QUOTED, sign)
    if "qual" in text or "ompare" in text or "cmp(" in text:
        yield from _comparisons(text)
    for match in _THREE_TEXTS.finditer(text) if "(" in text and _TWO_TEXTS.search(text) else ():
        yield Assignment("password", PASSWORD, True, match["value"], *match.span("value"), QUOTED, ",")
    if "insert" in text or "INSERT" in text:
        yield from _inserted(text)


_EQUAL_TO = lazy(
    r"""["'](?P<value>[^"'\n]{3,128})["']\.(?:equals|equalsIgnoreCase|contentEquals|Equals)\([ ]?"""
    r"""(?P<name>[A-Za-z_$][\w.$]{0,63})(?:\(\))?[ ]?\)"""
    rf"""|(?<!ssert)(?<!ssert_)(?i:{_COMPARED})"""
    r"""\([^"'\n]{0,60}?(?P<first>[A-Za-z_$][\w.$]{2,63})(?:\(\))?\)?,[ ]?[\w\[\].]{0,20}\(?["']"""
    r"""(?P<second>[^"'\n]{3,128})["']""",
    re.ASCII,
)


def _comparisons(text: str) -> Iterator[Assignment]:
    """A literal that a password is compared with, by a call."""
    for match in _EQUAL_TO.finditer(text):
        name = match["name"] or match["first"]
        group = "value" if match["name"] else "second"
        means, known = meaning(name)
        if means not in (NOTHING, DOUBTFUL) and _NAME.search(name):
            yield Assignment(name, means, known, match[group], *match.span(group), QUOTED, "==")


def _logins(text: str) -> Iterator[Assignment]:
    for value, start, end, sure in logins(text):
        yield Assignment("password", PASSWORD, True, value, start, end, QUOTED if sure else PROSE, TYPED)


def _speaks_of_command(text: str) -> bool:
    for word in _COMMAND_WORDS:  # noqa: SIM110 — `any` takes four times as long, and this is asked often
        if word in text:
            return True
    return False


def _inserted(text: str) -> Iterator[Assignment]:
    """What a statement puts into the column of a password."""
    for match in _INSERT.finditer(text):
        columns = [column.strip(' `"[]') for column in match["columns"].split(",")]
        at = match.end()
        for column in columns:
            value = _COLUMN_VALUE.match(text, at)
            if value is None:
                break
            at = value.end()
            means, known = meaning(column)
            if value["value"] and means not in (NOTHING, DOUBTFUL):
                yield Assignment(column, means, known, value["value"], *value.span("value"), QUOTED, "=")


def _is_all_that_is_given(match: re.Match[str], group: str) -> bool:
    """Whether a command takes nothing but a password there, so that one word is one."""
    text, value = match.string, match[group]
    if group == "encoded":
        return "asic" in text
    if group == "pgpass":
        return ":5432:" in text
    if group == "mysql":
        return " -u" in text[: match.start(group)]
    if group == "jwtkey":
        return len(value) >= 6 and value.islower() and value.isalpha()
    return group in ("ldap", "lftp", "encrypt")


_FLAGS = tuple(
    f"{flags}.String{form}" for flags in ("flag", "flags", "lags()") for form in ("", "P", "Var", "VarP")
)
"""How programs in Go declare an option with a default."""

_REACH = 200
"""Characters before a name in which the call that sets it is sought."""

_CALLEE = lazy(r"[A-Za-z_]\w{0,60}(?:<[\w, ]{0,40}>)?[!?]?[ ]?$", re.ASCII)
_HUMPS = lazy(r"[A-Z]{2,}(?![a-z])|[A-Z]?[a-z]+", re.ASCII)
_SETTING_LAST = words(
    "set hset res setenv setdefault putenv get getenv getattr setattr buildconfig resvalue field"
)
"""Words of a call whose last two texts are a name and its value, or the default for it."""
_SETTING = words(
    "put add append insert define with env environ property header param parameter form cookie entry pair of"
    " fill type enter default option config configure store save write register assign attr attribute"
    " variable secret fetch values stub"
)
"""Words of a call that takes a name and its value, pair by pair."""
_SAYING = words(
    "text label title message msg hint placeholder error errors translation description caption locale"
    " labelled alias choice choices"
)
"""Words of a call that says something about the name."""

_SETS = lazy(r"^(?:[\w.$]*\.)?(?:set|with|use|put|add)[_A-Z]|(?:^|\.)_?(?:[a-z]+_)?[Pp]ass(?:word|phrase)$")


def _sets(name: str) -> bool:
    """Whether a function of this name takes the secret: `setPassword`, `.password(…)`."""
    return bool(_SETS.search(name))
