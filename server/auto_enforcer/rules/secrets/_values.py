"""What a value is: small predicates, each one reason why a literal is no secret, and what a real one is like.

All look at the value alone (or with the name it is given to) and take linear time.
"""

from __future__ import annotations

import math
import re
from itertools import pairwise

from auto_enforcer.rules._common import lazy
from auto_enforcer.rules.secrets._words import words

_PLACEHOLDER_WORD = lazy(
    r"(?i)(?:^|[^a-z])(?:change[\W_]?(?:me|it|this|in|your)?|replace(?:[\W_]?(?:me|with|this))?|your|yours"
    r"|example|sample|dummy|fake|mock(?:ed)?|stub|place[\W_]?holder|todo|fixme|tbd|insert|redacted|masked"
    r"|removed|censored|foobar|foobarbaz|quux|blah|lorem|ipsum|asdf|foobared|null|nil|nan|undefined|n/a"
    r"|somesecret|nopass(?:word)?|xxx+)(?:[^a-z]|$)|^xx$"
    r"|^(?:foo|bar|baz|qux)(?:[\W_\d]|$)|^[a-z0-9]{1,8}[\W_](?:foo|bar|baz|qux)$"
    r"|^my[\W_][\w-]{0,20}[\W_](?:pass|passwd|password|secret|token|key)$|&lt;.{0,60}&gt;"
)
_SAYING_WORD = lazy(
    r"(?i)(?:^|[^a-z0-9])(?:hidden|unused|ignored?|invalid|wrong|incorrect|nonexistent|none|unknown|unset|empty"
    r"|missing|goes|here|snip|truncated|whatever|something|anything|not[\W_]?(?:set|used|real|needed|a)"
    r"|(?:super|top|very|ultra)[\W_]?secret|s[uo0]{1,2}p[e3]r[\W_]?s[e3]cr[e3]t|different|sekrit|secret1?|shh+)"
    r"(?:[^a-z0-9]|$)"
)
"""Words that say that the value is none where nothing beside them is written as people write passwords:
`M4ster-of-none` has one, too."""
_PLACEHOLDER_PART = lazy(
    r"(?i)change[\W_]?(?:me|it|this)|replace[\W_]?(?:me|with|this)|place[\W_]?holder|example|redacted"
    r"|dummy|fake|your[\W_]?(?:own|real|app|api|secret|token|key|pass|access|client|auth|private|stripe|bot)"
    r"|some[\W_]?(?:secret|password|token|key|random|long|value)|my[\W_]?(?:secret|password|passwd|token|api|key"
    r"|pass|private|access|super|auth|client)|(?:secret|password|token|key|value)[\W_]?here|[*•●█]{3}|\.{3}|…"
    r"|x{5}|^x{3,}$|^_+$|^-+$|deadbeef|0{8}|1234567890?abc|(?:random|secure|strong|long)[\W_]?(?:string|key|value)"
)
_PIECES = (
    *("change", "place", "example", "redacted", "dummy", "fake", "your", "some", "my", "here", "*", "..."),
    *("xxx", "deadbeef", "00000000", "123456789", "random", "secure", "strong", "long"),
)
"""One is in every ASCII text that _PLACEHOLDER_PART is found in, in lower case, save lines of `_` or `-`."""

_TEST_WORD = lazy(r"(?i)^(?:(?:unit|integration|e2e)?[\W_]?test(?:ing|er|s|ed)?)(?:[\W_][\w-]*)?$")
_ANGLED = lazy(r"^(?:<[^<>]*>|\[[^\[\]]*\]|\{[^{}]*\}|%[\w.-]+%|__\w+__|\([^()]*\)|@[\w.-]+@|«.*»|~\w+~)$")

_REFERENCE = lazy(
    r"^\$(?:[\w{(?$@!*:]|$)|\$\{|\$\(|\{\{|\}\}|<%|%>|#\{|@\{|\{%|%\{|^%\w+%|%\(\w+\)|\[\[|^[&*@]\w+$|^:\w+$"
    r"|^(?i:env|vault|file|ref\+\w+|ssm|secret|secrets|keyring|op|aws|gcp|azure|sops|akv|kms|cyberark|credhub|env_var"
    r"|secretsmanager|doppler|pass|keychain|system|property|config)(?:://|:[\w/.-]*$)|^ENC[\[(]|^\{cipher\}|^!\w+"
    r"|^arn:aws|^projects/[\w-]+/secrets/|^\(\w+\)$|^AQICAH|^\{[A-Z0-9_-]+\}[\w+/=]|^AgA|^\$ANSIBLE_VAULT"
    r"|\bprocess\.env\b|\bos\.environ\b|\bgetenv\b|\bENV\[|\bSystem\.get|^\w*(?:Env|ENV)\("
)
_FORMAT = lazy(
    r"%[-+0#]?\d*(?:[sdrxqvu]\b|@|\.\d)|\{\d*\}|\{[A-Za-z_][\w.]*(?:[!:][^{}]*)?\}|\$\d\b|^%\d$|\\\(\w"
)
_CALL = lazy(
    r"^[A-Za-z_$][\w.$:<>\[\]'\"-]*\(|\)\s*[;.,]?$|->|=>|\[\s*['\"]?\w+['\"]?\s*\]|^\w+\s*\?|[{}();]\s*$"
)
_REGEX = lazy(
    r"^\d\*[A-Z(]|\*[A-Za-z]+\*|\(\?[:=!<i]|\[(?:a-z|A-Z|0-9|\^|\\w|\\d)|\\[wdsSWDbB](?![a-z]{2})|\.[*+][?)$]?|\{\d+,\d*\}|\^.*\$$|\|.*\||[)\]][+*]"
)
_PATH = lazy(
    r"^(?:~|\.{1,2})?/[\w.@-]*[A-Za-z_][\w.@-]*(?:/|$)|^\.{1,2}[\\/]|^~[\\/]|^[A-Za-z]:[\\/]|^\\\\\w|^[a-z][\w+.-]*://"
    r"|^(?:www|mailto:|data:|file:|jar:|classpath:|urn:)|/\*|\*/"
    r"|\.(?:pem|key|crt|cer|p12|pfx|jks|json|ya?ml|toml|ini|txt|conf|cfg|xml|env|properties|html?|php|py|js|jsx|tsx?"
    r"|java|go|rb|md|sh|sql|css|png|svg|gpg|asc|pub|local|com|org|net|io|war|jar|zip|tar|gz|tgz|ova|log|csv|lock|tmpl|j2)$|^[a-z][\w.-]*:\d{2,5}$"
)
_HASH = lazy(
    r"^md5[0-9a-f]{32}$|^(?:md5|sha\d*|sha-?\d+|sha3|blake\w*|pbkdf2\w*|scrypt|argon2\w*|bcrypt\w*|hmac)[-:=$~_]"
    r"|^\$(?:2[abxy]?|1|5|6|y|7|argon2\w*|pbkdf2[\w-]*|apr1|scrypt|sha1|md5|P|H|S)\$|^\{(?:SSHA?|SHA|MD5|CRYPT)\d*\}"
    r"|^SCRAM-SHA|^scram|^[\w.@-]{1,64}:\$(?:2[abxy]?|1|5|6|y|apr1|argon2\w*)\$"
)
_HASH_LENGTHS = frozenset((32, 40, 48, 56, 64, 96, 128))
_HEXADECIMAL = lazy(r"^(?:0x)?(?:[0-9a-f]+|[0-9A-F]+)$")
_UUID = lazy(r"^\{?[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\}?$")
_IMAGE = lazy(
    r"^(?:iVBOR|/9j/|R0lGOD|PHN2Z|PD94b|UklGR|Qk0|AAABAA|d09G|T1RUTw|data:|LS0tLS1CRUdJTiBDRVJU|MFkw|MCow|MHYw|MIGf|MIIBI|MIICI|MII(?!\w{2,4}IBA))|"
    r"^(?:ssh-(?:rsa|ed25519|dss)|ecdsa-sha2-\S+)\s|^AAAA[BCE]3NzaC1|^age1[a-z0-9]{20}|^pk[._-]"
)
_SELECTOR = lazy(r"^(?:[#.][A-Za-z_][\w-]*(?:[ .#:>\[].*)?|//\w.*|\w*\[.*\].*|:\w+\(.*)$")
_SENTENCE_END = lazy(r"[:?!…。]$|^\s|\s$|\.\s*$")
_TYPE_WORDS = words(
    "string str text bool boolean int integer number float double object array list map char varchar"
    " varchar2 nvarchar bytes byte binary blob any void date datetime uuid optional required nullable"
    " hidden password passwords username user email input field textfield plain plaintext basic bearer jwt"
    " oauth oauth2 oidc token tokens digest ntlm kerberos md5 sha1 sha256 bcrypt scrypt argon2 true false"
    " yes no on off null none default auto never always manual static dynamic public private protected"
    " readonly internal external local global inherit include omit same-origin required|string secret"
    " secrets key keys value values data type name id label title invalid valid error errors success ok"
    " fail failed failure expired revoked inactive active enabled disabled unauthorized forbidden mismatch"
    " missing unset empty weak strong medium short long min max minlength maxlength pattern regex match"
    " matches new old current confirm confirmed confirmation hashed encrypted users current_password reset"
    " forgot change login logout signin signup register submit cancel show hide header query cookie body"
    " path form param post get put delete patch stdin prompt env environment file vault keyring keychain"
    " mask masked star asterisk textpassword current-password new-password one-time-code identifier"
    " literal operator comment symbol keyword whitespace newline eof punctuation bracket semicolon comma"
    " colon dot variable function word let const var class struct enum interface import return csrf xsrf"
    " access refresh session cookies bot app apps files compat nis systemd ldap api client server service"
    " account admin-password warn warning blocked info"
)
_COMMON_PASSWORDS = words(
    "admin root toor guest postgres mysql oracle sa tiger scott manager administrator welcome"
    " letmein qwerty dragon monkey master football baseball sunshine princess iloveyou shadow superman"
    " batman trustno1 hunter hunter2 abc123 passw0rd p@ssw0rd p@ssword passw0rd! pa55word pa$$w0rd 123456"
    " 1234 12345 12345678 123456789 1234567890 111111 000000 654321 123123 qwerty123 1q2w3e4r 1qaz2wsx"
    " zxcvbn raspberry ubnt vagrant ansible rabbitmq minioadmin elastic neo4j wordpress drupal joomla"
    " sonar nexus jenkins tomcat weblogic cisco calvin opensesame swordfish whatever1 system support"
    " operator backup demo"
)
_CREDENTIAL_WORDS = words(
    "password passwd passwort passphrase passcode pass pwd pw secret secrets token tokens key keys apikey"
    " api access auth credential credentials creds bearer user username the my a an db app test new old"
    " our one two this that user's admin client private public service account login value string"
)
_STOP_WORDS = words(
    "the your you a an is are be of for to and or in on at with must should not no please enter least"
    " invalid valid required field this that it if by from use user set password passwort passwords token"
    " secret username email login have has was will can cannot may key new old mot de la el der die das"
    " des"
)

_PART = lazy(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_JOINTS = lazy(r"^(?!--?[a-z][\w-]*=?$)[A-Za-z0-9_.:/ +@|~-]+$")
_SHORT_WORDS = words(
    "db js ts id ui io k8s tls ssl ssh tcp udp ip dns http https css html xml yml yaml json sql aws gcp"
    " s3 rds vm vpc cdn ci cd qa env dev prod stg tst pwd psw pw usr grp svc srv ns pg lb fs os cpu gpu"
    " rpc grpc jwt oidc npm git gh tmp src dst btn txt img msg cfg pkg lib bin sys ctx fn rhs lhs str len"
    " num idx ptr cmd dir sdk cli api md5 sha crt pem gpg pgp pk sk fk tbl x y z v b"
)
_RARE_PAIRS = words(
    "bq bx bz cj cv cx dx fk fq fv fx fz gq gv gx hk hx hz jb jc jd jf jg jh jk jl jm jn jp jq jr js jt"
    " jv jw jx jz kq kv kx kz lx mq mx mz pq pv px pz qb qc qd qe qf qg qh qj qk ql qm qn qo qp qr qs qt"
    " qv qw qx qy qz rx sx sz tq tx vb vc vd vf vg vh vj vk vl vm vn vp vq vr vs vt vw vx vz wq wv wx wz"
    " xb xd xg xj xk xl xm xn xq xr xs xv xw xz yq yv yx zb zc zd zf zg zh zj zk zm zn zp zq zr zs zt zv"
    " zw zx hj hq hv gj gk gz fj bj wj yj lj mj kj bk cb cd cf cg cm cp cw dk fc fd fg fh fm fn gc gf hc"
    " hf hg kc kd mk pc pf pg pk td tk wb wc wf wg wk wm wp wt"
)


_COUNTING = lazy(
    r"(?i)0?1234(?:5(?:6(?:7(?:8(?:9(?:0|abcdef|a)?)?)?)?)?)?|9876(?:5(?:4(?:3(?:2(?:10?)?)?)?)?)?|abcd(?:e(?:f(?:g\w*)?)?)?"
)


_PUBLISHED = words(
    "SlAV32hkKG 2YotnFZFEjr1zCsicMWpAA tGzv3JOkF0XG5Qx2TlKWIA mF_9.B5f-4.1JqM"
    " czZCaGRSa3F0MzpnWDFmQmF0M2JW h480djs93hd8 gX1fBat3bV 7Fjfp0ZBr1KtDRbnfVdmIw SplxlOBeZQQYbYS6WxSbIA"
    " QWxhZGRpbjpvcGVuIHNlc2FtZQ=="
)
"""What the standards of OAuth and HTTP show as examples."""

_EMULATORS = ("Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1", "C2y6yDjf5/R+ob0N8A7Cgv30VRDJIWEH")
"""How the keys begin with which emulators of a cloud's services come: everybody's are the same."""


def is_emulators(value: str) -> bool:
    """The key of an emulator."""
    return value.startswith(_EMULATORS)


def is_published(value: str) -> bool:
    """A value out of a standard's example."""
    return value in _PUBLISHED


def entropy(value: str) -> float:
    """Shannon's entropy of the characters, in bits each."""
    size = len(value)
    shares = [value.count(character) / size for character in set(value)]
    return -sum(share * math.log2(share) for share in shares)


def is_placeholder(value: str) -> bool:
    """It says itself that something else belongs there: `changeme`, `<token>`, `your-key`, `****`."""
    return (
        says_placeholder(value)
        or _PLACEHOLDER_WORD.search(value) is not None
        or _TEST_WORD.match(value) is not None
        or _says_nothing(value)
    )


def _says_nothing(value: str) -> bool:
    said = _SAYING_WORD.search(value)
    return said is not None and not is_spelt_in_digits(f"{value[: said.start()]}-{value[said.end() :]}")


def says_placeholder(value: str) -> bool:
    """Says so inside a longer run of letters too: what a token with `EXAMPLE` in it does."""
    return _has_placeholder(value) or (value[:1] in "<[{%_(@«~" and _ANGLED.match(value) is not None)


def _has_placeholder(value: str) -> bool:
    if value.isascii() and value.strip("_-\n"):
        # A real token has none of the pieces, and then the pattern need not even be compiled.
        folded = value.lower()
        if not any(piece in folded for piece in _PIECES):
            return False
    return _PLACEHOLDER_PART.search(value) is not None


_ALPHABET = "abcdefghijklmnopqrstuvwxyz"


def is_dull(value: str) -> bool:
    """Few different characters, or the alphabet in its order: nobody's secret, however long."""
    folded = value.lower()
    different = len(set(folded.strip("-_=. ")))
    if different <= 3 or (len(value) >= 12 and different <= 5):
        return True
    letters = "".join(filter(str.isalpha, folded))
    digits = "".join(filter(str.isdigit, folded))
    if len(letters) > 2 and letters in _ALPHABET and digits in "1234567890123456":
        return True
    steps = sum(1 for a, b in pairwise(folded) if ord(b) - ord(a) in (1, 0, -1))
    return len(value) >= 8 and steps >= (len(value) - 1) * 0.7


def is_reference(value: str) -> bool:
    """It points to where the value is: `${DB_PASSWORD}`, `vault:…`, `{{ … }}`, `$1`."""
    return bool(_REFERENCE.search(value))


def is_template(value: str) -> bool:
    """A format string: `%s`, `{name}`, `{0}`."""
    return bool(_FORMAT.search(value))


def is_expression(value: str) -> bool:
    """Written without quotes, it is code: a call, an index, a condition."""
    return bool(_CALL.search(value))


def is_access_path(value: str) -> bool:
    """Leads to a value through objects: `settings.db.password`, `Shards[-1].Id`."""
    if not re.fullmatch(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*|\[[^\[\]]{0,20}\])+", value):
        return False
    if is_spelt_in_digits(value):
        return False
    return "[" in value or all(is_wordy(part) for part in value.split("."))


def is_pattern(value: str) -> bool:
    """A regular expression."""
    return bool(_REGEX.search(value))


def is_path(value: str) -> bool:
    """A file's path, an address without credentials, a file name."""
    if _PATH.search(value):
        return True
    return "/" in value and "=" not in value and all(is_wordy(part) for part in value.split("/") if part)


def is_selector(value: str) -> bool:
    """How a page's element is found: `#password`, `input[name=password]`."""
    return bool(_SELECTOR.match(value)) and not re.search(r"[!$%]|\d[A-Za-z]\d", value)


def is_version(value: str) -> bool:
    """A version or a range of them, an IP address, a date."""
    value = value.removeprefix("npm:").removeprefix("workspace:")
    if "::" in value and re.fullmatch(r"(?:[a-z]{2,12}:)?(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{0,4}", value):
        return True
    return bool(
        re.fullmatch(
            r"[\^~<>=v!* ]{0,3}\d+(?:[._-][\dx*]+)+(?:[-+.](?:alpha|beta|rc|dev|post|pre)?[\w.+-]{0,12})?",
            value,
        )
    )


def is_hash(value: str) -> bool:
    """Says that it is a digest: `sha256:…`, `$2b$…`, `{SSHA}…`."""
    return bool(_HASH.match(value))


def is_digest_shaped(value: str) -> bool:
    """Hexadecimal, as long as a known digest."""
    return len(value) in _HASH_LENGTHS and bool(_HEXADECIMAL.match(value))


def is_uuid(value: str) -> bool:
    """A universally unique identifier."""
    return bool(_UUID.match(value))


def is_public(value: str) -> bool:
    """Begins like an image, a font, a certificate or a public key."""
    return bool(_IMAGE.match(value))


def is_type_name(value: str) -> bool:
    """A word that programs have for kinds of things: `string`, `required`, `bearer`."""
    folded = value.lower().strip("\"'`*.?!|,;:[] ")
    return folded in _TYPE_WORDS or folded.split("(")[0] in _TYPE_WORDS or folded.split("|")[0] in _TYPE_WORDS


def is_common_password(value: str) -> bool:
    """One of the passwords that everybody tries first."""
    return value.lower() in _COMMON_PASSWORDS


_SERVICE_DEFAULTS = {
    "clickhouse": ("clickhouse", "default"),
    "key": ("android",),
    "store": ("android",),
    "mariadb": ("mariadb", "mysql", "root"),
    "minio": ("minio", "minioadmin"),
    "mongo": ("mongo", "mongodb", "root"),
    "mysql": ("mysql", "root"),
    "neo4j": ("neo4j",),
    "pg": ("postgres",),
    "postgres": ("postgres",),
    "postgresql": ("postgres", "postgresql"),
    "rabbitmq": ("guest", "rabbitmq"),
    "redis": ("redis",),
}


def is_service_default(value: str, name: str) -> bool:
    """What every tutorial of a service gives to its variable: `postgres` to `POSTGRES_PASSWORD`."""
    words = name.lower().removesuffix("password").strip("_.").split("_")
    return any(value in _SERVICE_DEFAULTS.get(word, ()) for word in words)


def is_label(value: str) -> bool:
    """Words for people: a sentence, a caption, a translation."""
    if not value.isascii() and not any(character.isdigit() for character in value):
        return True
    if " " in value.strip() or "\t" in value:
        words = re.findall(r"[^\W\d_]{2,}", value)
        if not words or not any(len(word) > 2 for word in words):
            return bool(_SENTENCE_END.search(value)) or len(value.split()) > 6
        plain = sum(1 for word in words if word.isalpha() and _pronounceable(word.lower()))
        return plain * 2 >= len(words) or any(word.lower() in _STOP_WORDS for word in words)
    if _SENTENCE_END.search(value) and value[:-1].replace("-", "").isalpha():
        return True
    return value.isalpha() and value[0].isupper() and value[1:].islower()


def is_key_words(value: str) -> bool:
    """Several lower-case words and no sentence: a passphrase, or a password in groups of four letters."""
    words = value.split(" ")
    if len(words) < 4 or any(word in _STOP_WORDS for word in words):
        return False
    return all(re.fullmatch(r"[a-z]+|\d{1,4}", word) for word in words)


def is_said(value: str) -> bool:
    """Has one of the words that hold sentences together."""
    return " " in value and not _STOP_WORDS.isdisjoint(value.split(" "))


def is_own_name(value: str, name: str) -> bool:
    """Nothing but the words that mean a secret, or the name again: `password`, `my-api-key`, `dbpass`."""
    folded = value.lower()
    if re.fullmatch(r"[a-z]{0,10}(?:pass(?:wo?r?d)?|pwd|secret|token)", folded) and value.islower():
        return True
    # A parser's test has `pass1` beside `login1`, and a sign or a blank inside of the word.
    if re.fullmatch(r"pass[0-9]|p[\W_]?a[\W_]?s[\W_]?s", folded):
        return True
    bare = re.sub(r"[\W_]", "", name.lower())
    if folded.replace("_", "").replace("-", "") == bare:
        return True
    # `elemPassword1 = "Passwort1"`: both are the first of several.
    number = re.search(r"\d+$", folded)
    if number and bare.endswith(number[0]) and folded[: number.start()] in _CREDENTIAL_WORDS:
        return True
    parts = [part.lower() for part in _PART.findall(value)]
    if not parts or "".join(parts) != re.sub(r"[\W_]", "", folded):
        return False
    return all(part in _CREDENTIAL_WORDS for part in parts)


def is_identifier(value: str, digits: bool) -> bool:
    """Words of a program joined by `_`, `-`, `.`, `:`, `/` or humps. `digits`: parts may be short numbers."""
    if not _JOINTS.match(value):
        return bool(re.fullmatch(r"--?[a-z][\w-]*=?", value))
    if is_spelt_in_digits(value) or is_mixed(value) or _turns(value) >= 3:
        return False
    parts = _PART.findall(value)
    numbers = [part for part in parts if part.isdigit()]
    words = [part.lower() for part in parts if not part.isdigit()]
    if not words or (numbers and not digits) or any(len(number) > 4 for number in numbers):
        return False
    letters = sum(len(word) for word in words)
    long = sum(len(word) for word in words if len(word) >= 4 and _pronounceable(word))
    joined = len(words) > 1 or bool(re.search(r"[_.:/-]", value))
    if not joined or len(numbers) > len(words):
        return False
    return all(_wordlike(word) for word in words) or (
        long * 10 >= letters * 7 and len(words) > 2 and not re.search(r"[a-z]\d+[a-z]", value)
    )


def is_screaming(value: str) -> bool:
    """The name of a constant or of an environment variable."""
    if not re.fullmatch(r"_*[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+", value):
        return False
    parts = value.strip("_").split("_")
    return sum(part.isalpha() for part in parts) * 2 > len(parts) or is_identifier(value, digits=True)


def names_secret(value: str) -> bool:
    """It has a word for a secret among others that are words: `reset-password`, `tokenStore`."""
    parts = [part.lower() for part in _PART.findall(value)]
    if not parts or any(part.isdigit() for part in parts):
        return False
    folded = value.lower()
    if not re.search(r"passw|secret|token|credential|api.?key|passphrase|private.?key|access.?key", folded):
        return False
    return bool(_JOINTS.match(value)) and all(len(part) == 1 or _wordlike(part) for part in parts)


def is_number(value: str) -> bool:
    """A number as programs write them with a prefix: `0x0B95;`."""
    return bool(
        re.fullmatch(r"0[xX][0-9A-Fa-f]{1,8}[uUlL]{0,3};?|0[bB][01]{1,32};?|0[oO][0-7]{1,11};?", value)
    )


def is_wordy(value: str) -> bool:
    """Made of words only, with or without joints."""
    parts = _PART.findall(value)
    return bool(parts) and all(len(part) < 5 if part.isdigit() else _wordlike(part.lower()) for part in parts)


def is_spelt(value: str) -> bool:
    """Words and counting, however long: `very_long_secret_key_1234567890`."""
    rest = _uncounted(value)
    words = [part for part in _PART.findall(rest) if not part.isdigit()]
    letters = sum(len(word) for word in words)
    long = sum(len(word) for word in words if len(word) >= 4 and _pronounceable(word.lower()))
    digits = sum(character.isdigit() for character in rest)
    return digits <= 4 and long * 10 >= letters * 7 and not re.search(r"[a-z]\d+[a-z]", rest)


def looks_made(value: str) -> bool:
    """Looks made by a machine or for security: mixed kinds of characters that make no words."""
    if len(value) < 8 or " " in value:
        return len(value) >= 6 and _turns(value) >= 3
    if (rest := _uncounted(value)) != value and (len(rest) < 8 or is_wordy(rest)):
        return False
    digits = sum(character.isdigit() for character in value)
    letters = sum(character.isalpha() for character in value)
    if not letters:
        return False
    if not digits:
        return letters >= 16 and not is_wordy(value) and _irregular(value)
    if re.fullmatch(r"[vV]?\d+(?:[._-]\d+)+[\w.+-]{0,12}|\d+(?:\.\d+)?[A-Za-z]{1,5}", value):
        return False
    return not is_identifier(value, digits=True) and not (
        re.fullmatch(r"[A-Za-z]+\d{1,4}", value) and is_wordy(value)
    )


def looks_strong(value: str) -> bool:
    """Has a digit or a sign inside, beside letters: for places where words are expected."""
    inner = value[1:-1]
    if len(value) < 6 or not any(character.isalpha() for character in value):
        return False
    digit = any(character.isdigit() for character in value)
    sign = any(character in "!$%^&*#?~+=@" for character in inner)
    if not digit and not sign:
        return False
    return not re.fullmatch(
        r"[vV]?\d[\d._-]*\w?|\d+[a-z]{1,3}|[a-zA-Z]+\d|\w+\(\)?|[\w.-]+@[\w-]+(?:\.[\w-]+)+", value
    )


_SPELT_IN_DIGITS = lazy(
    r"(?<![A-Za-z0-9])(?=[A-Za-z0-9]{0,23}[A-Za-z][013457]{1,2}[a-z])"
    r"(?!(?:[vsxhe]|(?i:oauth|md|sha|utf|mp|web|log|win|py|php|node|http|tls|test|user|u?int|float|ipv"
    r"|base|aes|rsa|es|rs|hs|ed|ec|jdk|java|vue|sql|level|step|phase|page|line|case|tier|layer))\d)"
    r"[A-Za-z][A-Za-z0-9]{4,23}(?![A-Za-z0-9])"
)
_SPELLING = str.maketrans("013457", "oieast")


def is_spelt_in_digits(value: str) -> bool:
    """Has a word in which digits stand for letters, as people make passwords: `V10let`, `Curt4in`."""
    for match in _SPELT_IN_DIGITS.finditer(value):
        word = match[0].translate(_SPELLING)
        if sum(character.isdigit() for character in match[0]) <= 3 and (
            (word.isalpha() and _pronounceable(word.lower()))
            or _pronounceable(match[0].replace("1", "l").translate(_SPELLING).lower())
        ):
            return True
    return False


_ALIKE = words(
    "token tokens secret secrets key keys api auth user users test tests client session service app name id"
    " type value header error version release role group field label string default example sample access"
    " password"
    " pass bearer title step phase page part chapter section level iso utf sha windows android chrome mozilla"
)


def is_mixed(value: str) -> bool:
    """Words and numbers joined, one word with a capital and one without: `keyboard-Lynx-77`. No program
    names things so, and people make secrets so."""
    if len(value) < 9 or not re.fullmatch(r"[A-Za-z0-9]+(?:[._|+-][A-Za-z0-9]+)+", value):
        return False
    parts = _PART.findall(value)
    capital = any(len(part) > 2 and part[0].isupper() and part[1:].islower() for part in parts)
    return capital and any(map(str.isdigit, value)) and not any(part.lower() in _ALIKE for part in parts)


def _turns(value: str) -> int:
    """How often letters and digits take turns in a value of nothing else: short tokens are like that."""
    if not value.isalnum() or not value.isascii():
        return 0
    return sum(1 for a, b in pairwise(value) if a.isdigit() != b.isdigit())


def _uncounted(value: str) -> str:
    """The value without what only counts: `1234`, `9876`, `abcd`."""
    folded = value.lower()
    counts = "1234" in folded or "9876" in folded or "abcd" in folded
    return _COUNTING.sub("", value) if counts else value


def _irregular(value: str) -> bool:
    """Letters whose case changes as in no identifier, or pairs of letters that words have not."""
    turns = sum(1 for a, b in pairwise(value) if a.islower() != b.islower())
    return turns * 3 > len(value) or not _pronounceable(re.sub(r"[^a-z]", "", value.lower()))


def _wordlike(word: str) -> bool:
    if len(word) <= 3:
        return word in _SHORT_WORDS or any(vowel in word for vowel in "aeiouy")
    return word in _SHORT_WORDS or _pronounceable(word)


def _pronounceable(word: str) -> bool:
    """Has vowels about as often as words do, and hardly a pair of letters that words have not."""
    if not word:
        return False
    vowels = sum(1 for letter in word if letter in "aeiouyäöüáéíóúàèêçãõñ")
    if not 0.15 <= vowels / len(word) <= 0.75:
        return len(word) <= 4 and vowels > 0
    rare = sum(1 for at in range(len(word) - 1) if word[at : at + 2] in _RARE_PAIRS)
    return rare * 6 <= len(word)
