"""Dangerous calls and settings in C, C++ and Objective-C."""

from __future__ import annotations

import re

from auto_enforcer.model import Candidate, Line, Zone
from auto_enforcer.rules._common import regex
from auto_enforcer.rules._kinds import said
from auto_enforcer.rules.security._shared import (
    ABOVE,
    ASKED,
    CONSTANT,
    Called,
    benign_hash,
    calls,
    chances,
    either,
    excuse_of,
    function_around,
    rule,
    settings,
    unless_asked,
)
from auto_enforcer.rules.security._sql import Text, sql_rule

_C = ("c", "cpp", "objective-c")

_DECLARES = (
    r"(?:\b(?:extern|static|inline|int|void|char|FILE|size_t|const|unsigned|long|auto"
    r"|bool)\b[\w \t*&]{0,80}|\*)[ \t]*$"
)
"""What stands before a name that is declared, not called."""


def _call(names: str) -> str:
    return rf"(?P<call>(?<![\w.>:])(?:std::|boost::process::|bp::|::)?(?:{names}))[ \t]*\("


def _is_declared(called: Called) -> bool:
    """Whether a function of that name is declared, or a macro is defined by the call."""
    if called.line.text.lstrip().startswith("#") or "__VA_ARGS__" in called.call.code:
        return True
    before = called.line.text[max(0, called.start - 80) : called.start]
    return regex(_DECLARES).search(before) is not None and not regex(r"\breturn\b|=|\(").search(before)


def _last(called: Called) -> str:
    return called.match["call"].rpartition(":")[2]


def _is_fixed(line: Line, code: str) -> bool:
    """Whether an expression is constant: a literal, a macro's name, or what was given one."""
    bare = regex(r"\b(?:L|u8|const|char|_|gettext|N_)(?=[ \t(*\"]|$)|[()&]").sub(" ", code).strip()
    if excuse_of(line, bare, "") == "constant":
        return True
    if not regex(r"\w{1,60}").fullmatch(bare) or bare not in line.text_before(ABOVE):
        return False
    given = regex(rf"\bconst\b[^=\n]{{0,60}}\b{bare}\b(?:\[\w*\])?[ \t]*(?:=[ \t]*|\{{[ \t]*)(?:L|u8)?\"")
    return any(bare in one.text and given.search(one.text) for one in line.before(ABOVE))


# --- commands ---

_PASSED = (
    r"\"(?:/bin/|/usr/bin/)?(?:ba|z|da|k)?sh\"[ \t\n]*,[ \t\n]*(?:\"\w+\"[ \t\n]*,[ \t\n]*)?\"-l?c\"[ \t\n]*,"
)


_QT_PASSED = r"\"(?:/bin/|/usr/bin/)?(?:ba|z|da|k)?sh\"[ \t\n]*,[^{\n]{0,40}\{[ \t\n]*\"-l?c\"[ \t\n]*,"


def _shell(called: Called) -> Candidate | None:
    first, name = called.at(0), _last(called)
    if first is None or _is_declared(called):
        return None
    if "QProcess" in called.match["call"]:
        given = regex(_QT_PASSED).search(called.call.text)
        rest = called.call.code[given.end() :].partition("}")[0] if given else ""
        return called.found("constant" if _is_fixed(called.line, rest) else "") if given else None
    if name.startswith(("exec", "posix_spawn")):
        given = regex(_PASSED).search(called.call.text)
        if given is None:
            return None
        rest = called.call.code[given.end() :]
        rest = regex(r",[ \t\n]*(?:\(char[ \t]*\*\)[ \t]*)?(?:NULL|nullptr|0)[ \t]*\)$").sub("", rest)
        return called.found("constant" if _is_fixed(called.line, rest.strip(" \t\n)")) else "")
    if len(called.arguments) != (1 if name.endswith("system") else 2):
        return None
    return called.found("constant" if _is_fixed(called.line, first.code) else "")


def _exec(called: Called) -> Candidate | None:
    first = called.at(0)
    if first is None or _is_declared(called) or regex(r"\"-l?c\"").search(called.call.text):
        return None
    own = regex(r"argv\[[01]\]|[sS]elf|/proc/self/exe").search(first.text)
    return called.found("constant" if own or _is_fixed(called.line, first.code) else "")


# --- texts that are longer than their place ---

_COPIES = (
    r"gets|_getws|strcpy|strcat|stpcpy|wcscpy|wcscat|lstrcpyA?|lstrcatA?|_mbscpy|_mbscat|sprintf"
    r"|vsprintf|scanf"
    r"|sscanf|fscanf|wscanf|StrCpyA?|_tcscpy|_tcscat"
)


def _copy(called: Called) -> Candidate | None:
    name, given = _last(called), called.arguments
    if _is_declared(called):
        return None
    if name in ("gets", "_getws"):
        return called.found(advice="use `fgets`") if len(given) == 1 else None
    if name.endswith("scanf"):
        forms = given[0 if name in ("scanf", "wscanf") else 1 :]
        return _scanned(called, forms[0].text) if forms else None
    if name.endswith("sprintf"):
        return _printed(called)
    if len(given) != 2:
        return None
    source, advice = given[1], "use `snprintf`, or `strlcpy`"
    chosen = regex(r"[^?]+\?[^:\w]*:[^\w]*$").match(source.code)
    if (
        source.text.lstrip("L").startswith(('"', "_T(", "TEXT("))
        or chosen
        or _is_fixed(called.line, source.code)
    ):
        return called.found("constant", advice=advice)
    return called.found("measured" if _is_measured(called, source.code, given[0].code) else "", advice=advice)


def _scanned(called: Called, form: str) -> Candidate | None:
    if regex(r"%(?:l|h)?s|%\[").search(form) is None:
        return None
    measured = _last(called) == "sscanf" and _is_measured(called, called.arguments[0].code)
    return called.found("measured" if measured else "", advice="give `%s` a width")


def _printed(called: Called) -> Candidate | None:
    given, advice = called.arguments, "use `snprintf`"
    if _last(called) == "vsprintf":
        return called.found(advice="use `vsnprintf`")
    if len(given) < 2 or not given[1].text.lstrip("L").startswith('"'):
        return None
    open_hole = regex(r"%[-+ #0]*(?:\*|\d*)(?:l|h)?s").search(given[1].text)
    rest = ",".join(one.code for one in given[2:])
    if open_hole is None or _is_fixed(called.line, rest):
        return called.found("bounded", advice=advice)
    return called.found("measured" if _is_measured(called, given[0].code) else "", advice=advice)


_MEASURES = (
    r"\b(?:strlen|wcslen|strnlen|lstrlen|_tcslen|sizeof|malloc|calloc|realloc|alloc\w*|\w*alloc"
    r"|MAX_PATH|assert)\b"
)


def _is_measured(called: Called, *codes: str) -> bool:
    """Whether the length of what is copied, or the room that it gets, is asked for right above."""
    near = called.line.text_before(12) + "\n" + called.line.text
    for code in codes:
        name = regex(r"([A-Za-z_]\w*)[^\w]*$").search(regex(r"[(\[+-].*").sub("", code) or code)
        if name and regex(
            rf"{_MEASURES}[^\n]{{0,80}}\b{name[1]}\b|\b{name[1]}\b[^\n;]{{0,60}}=[^\n;]{{0,60}}{_MEASURES}"
        ).search(near):
            return True
    return False


_FORMATS = {
    "printf": 0,
    "wprintf": 0,
    "fprintf": 1,
    "dprintf": 1,
    "sprintf": 1,
    "syslog": 1,
    "snprintf": 2,
    "swprintf": 2,
    "printk": 0,
    "err": 1,
    "errx": 1,
    "warn": 0,
    "warnx": 0,
    "NSLog": 0,
}


def _format(called: Called) -> Candidate | None:
    given, at = called.arguments, _FORMATS[_last(called)]
    # What has further values beside it was meant to be a form.
    if len(given) != at + 1 or _is_declared(called):
        return None
    form = given[at]
    if regex(r"@?\"|L\"|u8\"|R\"").search(form.text) or not regex(r"[A-Za-z_]").search(form.code):
        return None
    return called.found("constant" if _is_fixed(called.line, form.code) else "")


# --- statements ---

_FILLS = (
    r"(?<![\w.>:])(?P<call>(?:std::)?(?:sn?printf|asprintf|sqlite3_s?n?mprintf|g_strdup_printf"
    r"|g_string_printf))[ \t]*\("
)
_VERBS = (
    r"\"[ \t]*(?i:select\b[^\"]{0,400}\bfrom\b|insert[ \t]+into\b|update\b[^\"]{1,80}\bset\b"
    r"|delete[ \t]+from\b"
    r"|replace[ \t]+into\b)"
)


def _statement(called: Called) -> Candidate | None:
    """`sprintf(sql, "SELECT … '%s'", name)`."""
    at = next((number for number, one in enumerate(called.arguments) if one.text.startswith('"')), None)
    if at is None or regex(_VERBS).match(called.arguments[at].text) is None:
        return None
    form, rest = called.arguments[at], [one.code for one in called.arguments[at + 1 :]]
    if not rest or not regex(r"%(?!%)").search(form.text):
        return None
    start, end = called.start, called.end
    if "\n" not in called.call.text[: form.end]:
        start = called.match.end() - 1 + form.start
        end = start + form.end - form.start
    if all(_is_fixed(called.line, one) for one in rest):
        return Candidate(start, end, None, (), "constant")
    # `%q` of SQLite escapes; numbers end nothing.
    loose = regex(r"%[-+ #0-9.*]*l?s").search(form.text)
    escaped = regex(r"(?i)escape|quote|table|column").search(" ".join(rest))
    return Candidate(start, end, None, (), "identifier" if escaped or loose is None else "")


_statements = calls(_FILLS, _statement)
_QT = (
    rf"\bQ(?:String|StringLiteral"
    rf"|Latin1String)\([ \t]*(?P<span>{_VERBS}[^\"\n]*\")[ \t]*\)[ \t]*\.[ \t]*arg\((?P<rest>[^\n;]*)"
)


def _qt(line: Line, match: re.Match[str]) -> str:
    """`QString("SELECT … '%1'").arg(name)`."""
    return "constant" if _is_fixed(line, line.only(Zone.CODE)[slice(*match.span("rest"))]) else ""


# --- hashes, ciphers, chance, TLS ---

_HASHES = (
    r"(?P<span>(?<![\w.>:])(?:(?P<name>MD[245]|SHA1)(?:_Init|_Update|_Final)?(?=\()|EVP_(?:md[245]"
    r"|sha1)(?=\()"
    r"|CC_(?:MD[245]|SHA1)(?:_Init)?(?=\()|wc_(?:Md5|Sha)Hash(?=\()|mbedtls_(?:md5|sha1)(?:_ret)?(?=\())"
    r"|\bGCRY_MD_(?:MD5|SHA1)\b|\bCALG_(?:MD[245]|SHA1?)\b|\bQCryptographicHash::(?:Md[45]|Sha1)\b"
    r"|\bkCCHmacAlg(?:MD5|SHA1)\b|\bMBEDTLS_MD_(?:MD5|SHA1)\b|\bG_CHECKSUM_(?:MD5|SHA1)\b"
    r"|\bCryptoPP::(?:Weak1?::MD5|SHA1)\b|\bEVP_get_digestbyname\([ \t]*\"(?i:md5|sha1)\")"
)
_CIPHERS = (
    r"(?P<span>\bEVP_(?:(?P<name>des|rc4|rc2|bf|idea|cast5|seed)\w*|\w+_ecb)(?=\()"
    r"|(?<![\w.>:])(?:DES_(?:\w+_encrypt|set_key\w*|encrypt\d)|RC4(?:_set_key)?|RC2_\w+|BF_\w+|IDEA_\w+"
    r"|CAST_\w+|AES_ecb_encrypt)(?=\()|\bkCCAlgorithm(?:DES|3DES|RC[24]|Blowfish|CAST)\b|\bkCCOptionECBMode\b"
    r"|\bCALG_(?:DES|3DES|3DES_112|RC[245]|DESX)\b|\bGCRY_CIPHER_(?:DES|3DES|ARCFOUR|BLOWFISH"
    r"|CAST5|RFC2268_\w+)\b"
    r"|\bGCRY_CIPHER_MODE_ECB\b|\bMBEDTLS_CIPHER_(?:DES\w*|ARC4\w*|BLOWFISH\w*|\w+_ECB)\b"
    r"|\bmbedtls_(?:des3?|arc4|blowfish)_(?:setkey\w*|crypt\w*)(?=\()"
    r"|\bCryptoPP::(?:DES|DES_EDE[23]|ARC4|Blowfish|ECB_Mode)\b(?:::\w+)?"
    r"|\bBCRYPT_(?:DES|3DES|RC[24])_ALGORITHM\b|\bBCRYPT_CHAIN_MODE_ECB\b)"
)


def _cipher(line: Line, match: re.Match[str]) -> str:
    after, before = line.text[match.end() :], line.text[: match.start()]
    if regex(r"[ \t]*#").match(line.text) or regex(r"[ \t]*(?:==|!=|:)").match(after):
        return "none"
    return "none" if regex(r"(?:\bcase|==|!=)[ \t]*$").search(before) or _is_head(before) else ""


def _is_head(before: str) -> bool:
    """Whether a function is declared or defined, by what stands before its name."""
    words = r"[ \t]*(?:(?:extern|static|inline|const|unsigned|struct)[ \t]+)*[A-Za-z_]\w*[ \t*]+$"
    return regex(words).match(before) is not None and not regex(r"[ \t]*return\b").match(before)


def _hash(line: Line, match: re.Match[str]) -> str:
    return _cipher(line, match) or benign_hash(line, match)


_VERSIONS = (
    r"(?P<span>\b(?P<name>SSLv[23]|TLSv1|TLSv1_1|DTLSv1)_(?:client_|server_)?method(?=\()"
    r"|\bCURL_SSLVERSION_(?:SSLv[23]|TLSv1_[01])\b"
    r"|\b(?:boost::)?asio::ssl::context::(?:sslv[23]|tlsv1|tlsv11)(?:_client|_server)?\b"
    r"|\bset_m(?:in|ax)_proto_version\([^()\n]{0,60},[ \t]*(?:SSL3|TLS1|TLS1_1)_VERSION\b"
    r"|\bQSsl::(?:SslV[23]|TlsV1_[01])(?:OrLater)?\b|\bSP_PROT_(?:SSL[23]|TLS1(?:_0"
    r"|_1)?)(?:_CLIENT|_SERVER)?\b"
    r"|\bMBEDTLS_SSL_MINOR_VERSION_[012]\b|\bGNUTLS_(?:SSL3|TLS1_[01])\b|\bkTLSProtocol1(?:1)?\b"
    r"|\bkSSLProtocol[23]\b)"
)


def _version(line: Line, match: re.Match[str]) -> str:
    before, after = line.text[: match.start()], line.text[match.end() :]
    if regex(r"[ \t]*(?:#|case\b)").match(line.text) or _is_head(before):
        return "none"
    if regex(r"(?:==|!=|[<>]=?)[ \t]*$").search(before) or regex(r"[ \t]*(?:==|!=|:)").match(after):
        return "compared"
    return ""


_RANDOM = (
    r"(?<![\w.>:])(?:std::)?(?:s?rand|s?random|drand48|lrand48|mrand48|rand_r|qrand"
    r"|g_random_int(?:_range)?)(?=[ \t]*\()"
    r"|\bstd::(?:mt19937(?:_64)?|minstd_rand0?|default_random_engine|uniform_int_distribution)\b"
)

_TLS = (
    r"(?P<span>\bCURLOPT_(?:PROXY_|DOH_)?SSL_VERIFY(?:PEER|HOST)[ \t]*,[ \t]*(?:\([a-z ]+\)[ \t]*)?"
    r"(?:0[lL]?|false|FALSE|NO|0x0)\b"
    r"|\bSSL(?:_CTX)?_set_verify\([^,()\n]{1,60}(?:\([^()\n]{0,30}\))?[ \t]*,[ \t]*SSL_VERIFY_NONE\b"
    r"|\bset_verify_mode\([ \t]*(?:boost::)?(?:\w+::)*verify_none\b"
    r"|\bsetPeerVerifyMode\([ \t]*QSsl\w*::VerifyNone\b"
    r"|\bignoreSslErrors(?=\([ \t]*\))|\bMBEDTLS_SSL_VERIFY_NONE\b"
    r"|\b(?:enable_server_certificate_verification|setVerifyCertificate)\([ \t]*false"
    r"|\bSECURITY_FLAG_IGNORE_(?:UNKNOWN_CA|CERT_\w+)\b"
    r"|\ballowInvalidCertificates[ \t]*=[ \t]*(?:YES|true)\b|\bvalidatesDomainName[ \t]*=[ \t]*(?:NO|false)\b"
    r"|\bsetAllowsAnyHTTPSCertificate:[ \t]*YES\b"
    r"|\bkCFStreamSSLValidatesCertificateChain\b[^;\n]{0,40}(?:kCFBooleanFalse|@NO|NO\b)"
    r"|\bset_validate_certificates\([ \t]*false|\bset_ssl_verify\([ \t]*false"
    r"|\bVerifySsl\{[ \t]*(?:false|0)[ \t]*\})"
)


def _tls(line: Line, match: re.Match[str]) -> str:
    if match["span"].endswith("SSL_VERIFY_NONE") and match["span"].startswith("SSL"):
        # A server that asks its clients for no certificate verifies nothing by design.
        near = function_around(line) + line.text_before(20) + line.text
        return "server" if regex(r"(?i)server|accept|listen").search(near) else ""
    if regex(r"[ \t]*#").match(line.text) or regex(r"[ \t]*(?:==|!=)").match(line.text, match.end()):
        return "none"
    return ""


# --- files ---


def _temporary(called: Called) -> Candidate | None:
    name, advice = _last(called), "use `mkstemp`"
    if _is_declared(called):
        return None
    if name.lstrip("_w") in ("mktemp", "tmpnam", "tempnam", "tmpnam_r"):
        return called.found(advice=advice)
    first, mode = called.at(0), called.at(1)
    fixed = first is not None and regex(r"\"(?:/var)?/tmp/[\w./-]+\"$").match(first.text)
    if not fixed or mode is None:
        return None
    if name == "fopen":
        if not regex(r"\"[wa]").match(mode.text):
            return None
        return called.found("exclusive" if "x" in mode.text else "", advice=advice)
    if "O_CREAT" not in called.call.code:
        return None
    return called.found("exclusive" if "O_EXCL" in called.call.code else "", advice=advice)


_MODE = (
    r"(?P<span>(?<![\w.>])(?:l|f)?chmod(?:at)?\([^;\n]{1,120}?,[ \t]*(?:0[0-7]{0,2}[0-7][2367]\b"
    r"|[^,()\n]{0,80}\bS_IWOTH\b|[^,()\n]{0,80}\bS_IRWXO\b|ACCESSPERMS\b)|(?<![\w.>])umask\([ \t]*0+[ \t]*\)"
    r"|\bpermissions\([^;\n]{1,120}?perms::(?:all|others_write|others_all)\b)"
)


def _mode(line: Line, match: re.Match[str]) -> str:
    if "umask" in match["span"]:
        return "asked" if regex(r"\w[ \t]*=[ \t]*(?:::)?$").search(line.text[: match.start()]) else ""
    return "sticky" if regex(r"\b01[0-7]{3}\b").search(match["span"]) else ""


_XML = (
    r"(?P<span>\bXML_PARSE_(?:NOENT|DTDLOAD)\b|\bxmlSubstituteEntitiesDefault\([ \t]*1"
    r"|\bxmlLoadExtDtdDefaultValue[ \t]*=[ \t]*1|\bsetShouldResolveExternalEntities:[ \t]*YES"
    r"|\bshouldResolveExternalEntities[ \t]*=[ \t]*YES|\bNSXMLNodeLoadExternalEntitiesAlways\b)"
)


def _xml(line: Line, match: re.Match[str]) -> str:
    taken_out = regex(r"&[ \t]*~?[ \t]*$").search(line.text[: match.start()])
    return "none" if regex(r"[ \t]*#").match(line.text) or taken_out else ""


_ADDRESSES = (
    r"(?P<span>\bINADDR_ANY\b|\bin6addr_any\b|\bIN6ADDR_ANY_INIT\b"
    r"|\b(?:inet_addr|inet_pton|listen|bind|set_address|from_string|make_address"
    r"|AddListeningPort)\([^()\n]{0,40}\"(?:0\.0\.0\.0|::)[:\"]"
    r"|\bQHostAddress::Any(?:IPv[46])?\b)"
)
_MADE = (
    r"(?P<span>\bunarchiveObjectWith(?:Data|File)(?=:)|\bunarchiveTopLevelObjectWithData(?=:)"
    r"|\bsetRequiresSecureCoding:[ \t]*NO\b|\brequiresSecureCoding[ \t]*=[ \t]*NO\b)"
)

RULES = (
    rule(
        "exec-call",
        _C,
        calls(_call(r"_?w?exec[lv]p?e?|_w?spawn[lv]p?e?"), _exec),
        (r"\b_?w?exec[lv]p?e?[ \t]*\(", r"\b_w?spawn[lv]"),
        (CONSTANT,),
    ),
    rule(
        "shell-injection",
        _C,
        calls(
            _call(
                r"system|_wsystem|popen|_popen|_wpopen|exec[lv]p?e?|posix_spawnp?"
                r"|QProcess::(?:execute|startDetached)"
            ),
            _shell,
        ),
        (
            r"\b_?w?system[ \t]*\(",
            r"\b_?w?popen[ \t]*\(",
            r"\bexec[lv]p?e?[ \t]*\(",
            r"\bposix_spawn",
            r"\bQProcess::",
        ),
        (CONSTANT,),
    ),
    sql_rule(
        _C,
        Text(formats=r"\.[ \t]*append[ \t]*\(", calls=True, holes=r"\{[^{}]*\}", loose=r"\{[^{}]*\}"),
        (either(_statements, settings(_QT, _qt)), (r"printf[ \t]*\(", r"\.[ \t]*arg[ \t]*\(")),
    ),
    rule(
        "unsafe-deserialization",
        ("objective-c",),
        settings(_MADE, advice="use `unarchivedObjectOfClass`"),
        (r"\bunarchive(?:TopLevel)?Object", r"equiresSecureCoding\b"),
    ),
    rule(
        "unbounded-copy",
        _C,
        calls(_call(_COPIES), _copy),
        (
            r"\bgets[ \t]*\(",
            r"\b_getws\b",
            r"\b(?:l?str|stp|wcs|_mbs|_tcs|Str)(?:cpy|cat|Cpy)A?[ \t]*\(",
            r"\bv?sprintf[ \t]*\(",
            r"scanf[ \t]*\(",
        ),
        (CONSTANT, said("bounded"), said("measured")),
    ),
    rule(
        "format-string",
        _C,
        calls(_call("|".join(_FORMATS)), _format),
        (
            r"\b[fds]?n?w?printf[ \t]*\(",
            r"\bsyslog[ \t]*\(",
            r"\bprintk[ \t]*\(",
            r"\b(?:err|warn)x?[ \t]*\(",
            r"\bNSLog\(",
        ),
        (CONSTANT,),
    ),
    rule(
        "weak-hash",
        _C,
        settings(_HASHES, _hash),
        (
            r"\bMD[245](?:_\w{4,6})?\(",
            r"\bSHA1(?:_\w{4,6})?\(",
            r"\bEVP_(?:md[245]|sha1|get_digest)",
            r"\b(?:CC_|CALG_|GCRY_MD_|MBEDTLS_MD_|G_CHECKSUM_)(?:MD|SHA1?)",
            r"\bQCryptographicHash::",
            r"\bkCCHmacAlg",
            r"\bmbedtls_(?:md5|sha1)",
            r"\bwc_(?:Md5|Sha)Hash",
            r"\bCryptoPP::",
        ),
        (said("checksum"),),
    ),
    rule(
        "weak-cipher",
        _C,
        settings(_CIPHERS, _cipher),
        (
            r"\bEVP_\w{2,30}\(",
            r"\b(?:DES|RC[24]|BF|IDEA|CAST)_\w{2,20}\(",
            r"\bRC4\(",
            r"\bAES_ecb_encrypt\b",
            r"\bkCC(?:Algorithm|OptionECB)",
            r"\b(?:CALG|GCRY_CIPHER|MBEDTLS_CIPHER|BCRYPT)_",
            r"\bmbedtls_(?:des|arc4|blowfish)",
            r"\bCryptoPP::",
        ),
    ),
    rule(
        "weak-key-size",
        _C,
        settings(
            r"(?P<span>\b(?:RSA_generate_key(?:_ex)?|DSA_generate_parameters(?:_ex)?"
            r"|EVP_PKEY_CTX_set_rsa_keygen_bits"
            r"|EVP_RSA_gen|mbedtls_rsa_gen_key"
            r"|DH_generate_parameters)\((?:[^()\n]{0,120},)?[ \t]*(?:512|768|1024)\b)"
        ),
        (
            r"\b[RD]SA_generate",
            r"_rsa_keygen_bits\b",
            r"\bEVP_RSA_gen\b",
            r"_rsa_gen_key\b",
            r"\bDH_generate",
        ),
    ),
    rule(
        "weak-tls-version",
        _C,
        settings(_VERSIONS, _version),
        (
            r"v[123](?:_1)?_(?:client_|server_)?method\(",
            r"\bCURL_SSLVERSION_",
            r"\bcontext::(?:sslv|tlsv)",
            r"_set_m(?:in|ax)_proto",
            r"\bset_m(?:in|ax)_proto",
            r"\bQSsl::",
            r"\bSP_PROT_",
            r"\bMBEDTLS_SSL_MINOR",
            r"\bGNUTLS_(?:SSL3|TLS1)",
            r"\bk(?:TLS|SSL)Protocol",
        ),
        (said("compared"),),
    ),
    rule(
        "insecure-random",
        _C,
        chances(_RANDOM, "`getrandom` or `RAND_bytes`", r"RAND_bytes|getrandom|arc4random"),
        (
            r"rand(?:om|_r)?[ \t]*\(",
            r"rand48[ \t]*\(",
            r"\bg_random_int",
            r"\bstd::(?:mt19937|minstd|default_random|uniform)",
        ),
        (said("secure-random"),),
    ),
    rule(
        "tls-verification-disabled",
        _C,
        settings(_TLS, unless_asked(_tls)),
        (
            r"_SSL_VERIFY",
            r"\bSSL_VERIFY_NONE\b",
            r"\bverify_none\b",
            r"\bVerifyNone\b",
            r"\bignoreSslErrors\b",
            r"_server_certificate_verification\b",
            r"\bSECURITY_FLAG_IGNORE",
            r"\ballowInvalidCertificates\b",
            r"\bvalidatesDomainName\b",
            r"AllowsAnyHTTPSCertificate\b",
            r"ValidatesCertificateChain\b",
            r"\b(?:set_validate_certificates|set_ssl_verify|setVerifyCertificate)\b",
            r"\bVerifySsl\{",
        ),
        (said("server"), ASKED),
    ),
    rule(
        "unverified-host-key",
        _C,
        settings(
            r"(?P<span>\bSSH_OPTIONS_STRICTHOSTKEYCHECK[ \t]*,[ \t]*&?(?:0|zero|no|off)\b)",
        ),
        (r"_STRICTHOSTKEYCHECK\b",),
    ),
    rule(
        "xxe-parser",
        _C,
        settings(_XML, _xml, advice="leave entities alone"),
        (
            r"\bXML_PARSE_",
            r"\bxmlSubstitute",
            r"\bxmlLoadExtDtd",
            r"houldResolveExternalEntities",
            r"\bNSXMLNodeLoadExternal",
        ),
    ),
    rule(
        "temp-file-race",
        _C,
        calls(_call(r"_?w?mktemp|_?w?tmpnam(?:_r)?|_?w?tempnam|fopen|open|open64|creat"), _temporary),
        (r"mktemp[ \t]*\(", r"te?mpnam(?:_r)?[ \t]*\(", r"\bf?open(?:64)?[ \t]*\("),
        (said("exclusive"),),
    ),
    rule(
        "permissive-mode",
        _C,
        settings(_MODE, _mode),
        (r"chmod(?:at)?\(", r"\bumask\(", r"\bpermissions\("),
        (said("asked"), said("sticky")),
    ),
    rule(
        "bind-all-interfaces",
        _C,
        settings(_ADDRESSES),
        (
            r"\bINADDR_ANY\b",
            r"\b(?:in6addr_any|IN6ADDR_ANY_INIT)\b",
            r"\"(?:0\.0\.0\.0|::)[:\"]",
            r"\bQHostAddress::Any",
        ),
    ),
)
