"""Dangerous calls and settings in PHP."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from auto_enforcer.model import Candidate, Line, Options, Zone
from auto_enforcer.rules._common import regex
from auto_enforcer.rules._kinds import said
from auto_enforcer.rules.security._shared import (
    ASKED,
    CONSTANT,
    QUOTED,
    Called,
    benign_hash,
    calls,
    chances,
    constant_name,
    either,
    excuse_of,
    function_around,
    redirects,
    rule,
    settings,
    unless_asked,
)
from auto_enforcer.rules.security._sql import Text, conditions, sql_rule

_PHP = ("php",)

_TEXT = Text(joins=r"\.", inside=r"\{?\$\w+(?:(?:->|\[)\w+)?", calls=True)
_RAW = r"(?:or)?(?:[wW]here|[hH]aving)Raw"
"""What takes a part of a statement as it is."""

_INSIDE = r"\$\w+"
_ASKED = r"\$_(?:GET|POST|REQUEST|COOKIE|SERVER|FILES)\b"


def _whole(code: str, text: str) -> str:
    """The code of an argument, with the variables inside of its strings."""
    quoted = regex(r"'[^'\n]*'").sub(lambda match: " " * len(match[0]), text)
    inside = [
        match[0] for match in regex(_INSIDE).finditer(quoted) if not code[match.start() : match.end()].strip()
    ]
    return " ".join([code, *inside])


def _first(called: Called) -> Candidate | None:
    first = called.at(0)
    if first is None:
        return None
    code = _whole(first.code, first.text)
    name = called.match["call"]
    if name == "assert" and not regex(r"[\"']|\$_").match(first.text):
        return None
    if name == "preg_replace":
        return (
            called.found()
            if regex(r"[\"'][^\"'\n]*[/#~|][a-df-zA-Z]*e[a-zA-Z]*[\"']$").match(first.text)
            else None
        )
    if name == "create_function":
        code += "".join(_whole(one.code, one.text) for one in called.arguments)
    return called.found("constant" if excuse_of(called.line, code.strip(), "") == "constant" else "")


def _shell(called: Called) -> Candidate | None:
    first = called.at(0)
    if first is None or first.text.startswith("["):
        return None
    code = _whole(first.code, first.text).strip()
    return called.found(excuse_of(called.line, code, code))


def _backticks(line: Line, options: Options) -> Iterator[Candidate]:
    for match in islice(regex(r"`[^`\n]*`").finditer(line.text), 4):
        if line.zone_at(match.start()) & Zone.STRING and (
            not match.start() or line.zone_at(match.start() - 1) & Zone.CODE
        ):
            names = " ".join(regex(_INSIDE).findall(match[0]))
            if names:
                yield Candidate(*match.span(), {"call": "`"}, (), excuse_of(line, names, names))


_INCLUDES = rf"(?P<span>(?<![\w$>:])(?:include|require)(?:_once)?)\b[ \t]*\(?[^;\n]*{_ASKED}"


def _serialized(called: Called) -> Candidate | None:
    first = called.at(0)
    if first is None:
        return None
    allowed = regex(r"[\"']allowed_classes[\"'][ \t]*=>[ \t]*(?:false|\[)").search(called.call.text)
    excuse = (
        "allowed-classes"
        if allowed
        else "constant"
        if first.constant or constant_name(called.line, first.code)
        else ""
    )
    return called.found(excuse, advice="use `json_decode`, or `allowed_classes`")


_HASHES = (
    r"(?P<span>(?<![\w$>:])(?:md5|sha1|md5_file|sha1_file)(?=[ \t]*\([ \t]*[^)\s])"
    r"|(?<![\w$>:])(?:hash|hash_init|hash_hmac|mhash)\([ \t]*(?:[\"'](?P<name>md[245]"
    r"|sha1)[\"']|MHASH_MD5|MHASH_SHA1)|\bPASSWORD_MD5\b|(?<![\w$>:])crypt(?=\([ \t]*\$))"
)
_CIPHERS = (
    r"(?P<span>\bopenssl_(?:en|de)crypt\([^\n]*,[ \t]*[\"'](?P<name>(?i:des[\w-]*"
    r"|rc[245][\w-]*|bf-[\w-]*|blowfish|idea[\w-]*|cast5[\w-]*|seed[\w-]*|[\w-]+-ecb))[\"']"
    r"|\bMCRYPT_(?:DES|3DES|TRIPLEDES|RC2|RC4|ARCFOUR|BLOWFISH|CAST_128|MODE_ECB|IDEA)\b"
    r"|(?<![\w$>:])mcrypt_(?:encrypt|decrypt|ecb|module_open)(?=\())"
)
_VERSIONS = (
    r"(?P<span>\bCURL_SSLVERSION_(?P<name>SSLv2|SSLv3|TLSv1_0|TLSv1_1)\b"
    r"|\bSTREAM_CRYPTO_METHOD_(?:SSLv2|SSLv3|SSLv23|TLSv1_0|TLSv1_1)_CLIENT\b)"
)
_RANDOM = r"(?<![\w$>:])(?:rand|mt_rand|uniqid|lcg_value|array_rand|str_shuffle|shuffle)(?=[ \t]*\()"
_TLS = (
    r"(?P<span>\bCURLOPT_SSL_VERIFY(?:PEER|HOST|STATUS)[ \t]*(?:,|=>)[ \t]*(?:false|FALSE|0"
    r"|\"0\"|'0')|\bCURLOPT_PROXY_SSL_VERIFYPEER[ \t]*(?:,|=>)[ \t]*(?:false|0)"
    r"|[\"'](?:verify_peer|verify_peer_name|verify|sslverify|verify_host"
    r"|ssl_verify_peer)[\"'][ \t]*(?:=>|\][ \t]*=)[ \t]*(?:false|FALSE|0)\b"
    r"|[\"']allow_self_signed[\"'][ \t]*=>[ \t]*true\b|->(?:withoutVerifying"
    r"|setSslVerification)\((?:[ \t]*(?:false|0)[ \t,][^()\n]*|(?=\))))"
)


def _tls(line: Line, match: re.Match[str]) -> str:
    if regex(r"(?i)verif").search(function_around(line, 12)) and regex(_OFF).search(line.text_before(3)):
        return "asked"
    if regex(r"[\"']verify[\"']").match(match["span"]):
        near = line.text_before(8) + line.text + line.text_after(4)
        return (
            ""
            if regex(r"(?i)client|guzzle|http|request|curl|->(?:get|post|put|delete)\(").search(near)
            else "none"
        )
    return ""


_OFF = r"\bif[ \t]*\([ \t]*(?:!|(?:false|0)[ \t]*===?|[^()\n]*===?[ \t]*(?:false|0)\b)"


_ESCAPES = (
    r"\b(?:htmlspecialchars|htmlentities|esc_\w+|e|strip_tags|intval|urlencode|rawurlencode"
    r"|json_encode|filter_\w+|sanitize_\w+|wp_kses\w*|absint|h|number_format|md5|count|isset"
    r"|empty)[ \t]*\(|\((?:int|float|bool)\)"
)
_ECHO = (
    rf"(?P<span>(?<![\w$>:])(?:echo|print)|<\?=)[ \t(]*(?P<shown>[^;\n]*{_ASKED}[^;\n]*)"
    rf"|(?<![\w$>:])(?P<other>printf|vprintf)\((?P<given>[^;\n]*{_ASKED}[^;\n]*)"
    rf"|\bnew[ \t]+(?P<third>HtmlString|Markup)\([ \t]*(?P<value>[^;\n]*\$[^;\n]*)"
)


def _echoed(line: Line, match: re.Match[str]) -> str:
    shown = match["shown"] or match["given"] or match["value"] or ""
    if match["third"] and not regex(rf"{_ASKED}|[\"'][ \t]*\.[ \t]*\$|\"[^\"\n]*\$|\$\w+[ \t]*\.").search(
        shown
    ):
        return "made"
    return "escaped" if regex(_ESCAPES).search(shown) else ""


_CORS = (
    r"(?P<span>\bheader\([ \t]*[\"'](?i:Access-Control-Allow-Origin)[ \t]*:[ \t]*(?:\*"
    r"|[\"'][ \t]*\.[ \t]*\$_SERVER\[[\"']HTTP_ORIGIN|\{?\$_SERVER)"
    r"|[\"'](?i:Access-Control-Allow-Origin)[\"'][ \t]*(?:,|=>)[ \t]*(?:[\"']\*[\"']"
    r"|\$request->header)|[\"'](?:allowed_origins"
    r"|allow_origin)[\"'][ \t]*=>[ \t]*\[[ \t]*[\"']\*[\"'])"
)
_DEBUG = (
    r"(?P<span>\bini_set\([ "
    r"\t]*[\"']display_(?:startup_)?errors[\"'][ \t]*,[ \t]*(?:[\"']?(?:1|on|On|true)[\"']?"
    r"|true|TRUE)|\bdefine\([ \t]*[\"'](?:WP_DEBUG|WP_DEBUG_DISPLAY|YII_DEBUG"
    r"|APP_DEBUG)[\"'][ \t]*,[ \t]*true|[\"']debug[\"'][ \t]*=>[ \t]*true(?=[ \t]*,?[ \t]*$)"
    r"|(?<![\w$>:])phpinfo(?=\())"
)
_MODE = (
    r"(?P<span>\b(?:chmod|mkdir|lchmod|fchmod)\([^;\n]*,[ \t]*(?:0o?[0-7]{0,2}[0-7]?[2367]\b"
    r"|511\b)|\bumask\([ \t]*0+[ \t]*\))"
)
_JWT = (
    r"(?P<span>\bJWT::(?:decode|encode)\([^;\n]*[\"']none[\"']"
    r"|[\"']alg[\"'][ \t]*=>[ \t]*[\"']none[\"']|\bnew[ \t]+(?:\\?\w+\\)*(?:UnencryptedNone"
    r"|Signer\\None|None)(?=\())"
)
_CSRF = (
    r"(?P<span>[\"']csrf_protection[\"'][ \t]*=>[ \t]*false\b"
    r"|\benableCsrfValidation[ \t]*(?:=|=>)[ \t]*false\b"
    r"|[\"']enableCsrfValidation[\"'][ \t]*=>[ \t]*false\b"
    r"|\bwithoutMiddleware\([^;\n]*Csrf\w*|[\"']csrf[\"'][ \t]*=>[ \t]*false\b)"
)
_REDIRECT = (
    rf"(?P<span>\bheader\([ \t]*[\"']Location:[ \t]*[\"'][ \t]*\.[ \t]*{_ASKED}"
    rf"|\bheader\([ \t]*\"Location:[ \t]*\{{?{_ASKED}|\b(?:redirect|wp_redirect"
    rf"|RedirectResponse)\([ \t]*(?:{_ASKED}|\$request->(?:get|input|query)))"
)
_GOES = (
    r"(?P<span>\bheader\([ \t]*(?:[\"']Location:[ \t]*[\"'][ \t]*\.[ \t]*|\"Location:[ \t]*\{?)"
    r"(?P<name>\$\w{1,60})(?=[ \t]*[)}\"])|\b(?:redirect|wp_redirect|RedirectResponse)\([ \t]*"
    r"(?P<other>\$\w{1,60})(?=[ \t]*[,)]))"
)
_ASKS = rf"(?:trim\()?(?:{_ASKED}|\$request->(?:get|input|query)\b)"
_COOKIES = (
    r"(?P<span>[\"'](?:session\.cookie_(?:secure|httponly))[\"'][ \t]*,[ \t]*(?:[\"']?(?:0"
    r"|off|Off|false)[\"']?|false)|[\"'](?:secure|httponly|http_only|cookie_secure"
    r"|cookie_httponly)[\"'][ \t]*=>[ \t]*false\b)"
)


def _cookie(line: Line, match: re.Match[str]) -> str:
    return "" if regex(r"(?i)cookie|session").search(line.text + line.text_before(8)) else "none"


_NAMES = r"eval|assert|create_function|preg_replace"

RULES = (
    rule(
        "eval-call",
        _PHP,
        either(calls(rf"(?P<call>(?<![\w$>:\\])(?:{_NAMES}))[ \t]*\(", _first), settings(_INCLUDES)),
        (
            r"\beval[ \t]*\(",
            r"\bassert[ \t]*\([ \t]*[\"'$]",
            r"\bcreate_function[ \t]*\(",
            r"\bpreg_replace[ \t]*\(",
            r"\b(?:include|require)(?:_once)?\b[^;\n]{0,200}\$_",
        ),
        (CONSTANT,),
    ),
    rule(
        "shell-injection",
        _PHP,
        either(
            calls(
                (
                    r"(?P<call>(?<![\w$>:\\])\\?(?:system|exec|shell_exec|passthru|popen|proc_open"
                    r"|pcntl_exec))[ \t]*\("
                ),
                _shell,
            ),
            _backticks,
        ),
        (r"\b(?:shell_exec|system|exec|passthru|popen|proc_open|pcntl_exec)[ \t]*\(", r"`[^`\n]{0,200}\$"),
        (CONSTANT, QUOTED),
    ),
    sql_rule(
        _PHP,
        _TEXT,
        (
            conditions(rf"(?:->|::)(?:{_RAW})", _TEXT),
            (rf"(?:->|::)(?:{_RAW})\(",),
        ),
    ),
    rule(
        "unsafe-deserialization",
        _PHP,
        calls(
            (
                r"(?P<call>(?<![\w$>:\\])\\?(?:unserialize|yaml_parse|maybe_unserialize"
                r"|igbinary_unserialize))[ \t]*\("
            ),
            _serialized,
        ),
        (r"unserialize[ \t]*\(", r"\byaml_parse\b"),
        (CONSTANT, said("allowed-classes")),
    ),
    rule(
        "weak-hash",
        _PHP,
        settings(_HASHES, benign_hash),
        (
            r"\b(?:md5|sha1)(?:_file)?[ \t]*\(",
            r"\bm?hash(?:_init|_hmac)?\([ \t]*(?:[\"'](?:md|sha1)|MHASH)",
            r"\bcrypt\(",
        ),
        (said("checksum"),),
    ),
    rule(
        "weak-cipher", _PHP, settings(_CIPHERS), (r"\bopenssl_(?:en|de)crypt\b", r"\bMCRYPT_", r"\bmcrypt_")
    ),
    rule(
        "weak-key-size",
        _PHP,
        settings(
            r"(?P<span>[\"']private_key_bits[\"'][ \t]*=>[ \t]*(?:512|768|1024)\b"
            r"|\bRSA::createKey\([ \t]*(?:512|1024)\b)"
        ),
        (r"\bprivate_key_bits\b", r"\bRSA::createKey\b"),
    ),
    rule("weak-tls-version", _PHP, settings(_VERSIONS), (r"\bCURL_SSLVERSION_", r"\bSTREAM_CRYPTO_METHOD_")),
    rule(
        "insecure-random",
        _PHP,
        chances(_RANDOM, "`random_bytes` or `random_int`"),
        (
            r"\b(?:mt_)?rand[ \t]*\(",
            r"\buniqid[ \t]*\(",
            r"\blcg_value\b",
            r"\barray_rand\b",
            r"\b(?:str_)?shuffle[ \t]*\(",
        ),
    ),
    rule(
        "tls-verification-disabled",
        _PHP,
        settings(_TLS, unless_asked(_tls)),
        (
            r"SSL_VERIFY",
            r"[\"'](?:ssl_?)?verify\w{0,12}[\"']",
            r"\ballow_self_signed\b",
            r"\bwithoutVerifying\b",
            r"\bsetSslVerification\b",
        ),
        (ASKED,),
    ),
    rule(
        "raw-html",
        _PHP,
        settings(_ECHO, _echoed, advice="use `htmlspecialchars`"),
        (r"\$_(?:GET|POST|REQUEST|COOKIE|SERVER|FILES)\b", r"\b(?:HtmlString|Markup)\("),
        (said("escaped"), said("made")),
    ),
    rule(
        "xxe-parser",
        _PHP,
        settings(
            (
                r"(?P<span>\bLIBXML_(?:NOENT|DTDLOAD)\b|\blibxml_disable_entity_loader\([ \t]*false"
                r"|->(?:substituteEntities|resolveExternals)[ \t]*=[ \t]*true)"
            ),
            advice="leave entities alone",
        ),
        (
            r"\bLIBXML_(?:NOENT|DTDLOAD)\b",
            r"\blibxml_disable_entity_loader\b",
            r"->(?:substituteEntities|resolveExternals)\b",
        ),
    ),
    rule(
        "temp-file-race",
        _PHP,
        settings(
            (
                r"(?P<span>(?<![\w$>:])file_put_contents)\([ \t]*[\"'](?:/var)?/tmp/[\w./-]+[\"']"
                r"|(?<![\w$>:])(?P<other>fopen)\([ "
                r"\t]*[\"'](?:/var)?/tmp/[\w./-]+[\"'][ \t]*,[ \t]*[\"'][wac]"
            ),
            advice="use `tmpfile` or `tempnam`",
        ),
        (r"[\"'](?:/var)?/tmp/",),
    ),
    rule(
        "debug-mode-enabled",
        _PHP,
        settings(_DEBUG),
        (
            r"\bdisplay_(?:startup_)?errors\b",
            r"_DEBUG\w{0,8}[\"'][ \t]*,",
            r"[\"']debug[\"'][ \t]*=>",
            r"\bphpinfo\(",
        ),
    ),
    rule(
        "permissive-cors",
        _PHP,
        settings(_CORS),
        (r"(?i)access-control-allow-origin", r"\ballow(?:ed)?_origins?\b"),
    ),
    rule(
        "permissive-mode",
        _PHP,
        settings(_MODE),
        (r"\b[lf]?chmod\(", r"\bmkdir\(", r"\bumask\("),
    ),
    rule(
        "bind-all-interfaces",
        _PHP,
        settings(
            r"(?P<span>\b(?:stream_socket_server|socket_bind|socket_create_listen)\([^()\n]{0,80}?[\"'](?:\w+://)?"
            r"(?:0\.0\.0\.0|\[::\]|::)[:\"'])"
        ),
        (r"(?:0\.0\.0\.0|\[::\])", r"[\"']::[\"']"),
    ),
    rule(
        "cleartext-protocol",
        _PHP,
        settings(r"(?P<span>(?<![\w$>:])ftp_connect(?=\())", advice="`ftp_ssl_connect` or SFTP"),
        (r"\bftp_connect\b",),
    ),
    rule(
        "jwt-verification-disabled",
        _PHP,
        settings(_JWT),
        (r"\bJWT::", r"[\"']alg[\"']", r"\b(?:UnencryptedNone|None)\("),
    ),
    rule("csrf-disabled", _PHP, settings(_CSRF), (r"(?i)csrf",)),
    rule(
        "open-redirect",
        _PHP,
        either(settings(_REDIRECT), redirects(_GOES, _ASKS)),
        (r"\bheader\([ \t]*[\"']Location", r"\b(?:wp_)?redirect\(", r"\bRedirectResponse\("),
    ),
    rule(
        "insecure-cookie",
        _PHP,
        settings(_COOKIES, _cookie),
        (r"\bcookie_(?:secure|httponly)\b", r"[\"'](?:secure|http_?only)[\"'][ \t]*=>[ \t]*false"),
    ),
)
