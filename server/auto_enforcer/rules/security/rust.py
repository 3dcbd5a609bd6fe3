"""Dangerous calls and settings in Rust."""

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
    either,
    excuse_of,
    onward,
    outside,
    rule,
    settings,
    unless_asked,
    where_near,
)
from auto_enforcer.rules.security._sql import Text, sql_rule

_RUST = ("rust",)

_COMMAND = r"(?P<call>(?<![\w:])(?:\w+::){0,4}Command::new)[ \t]*\("
_SHELL = (
    r"\([ \t\n]*\"(?:/bin/|/usr/bin/)?(?:(?:ba|z|da|k)?sh|cmd(?:\.exe)?|powershell(?:\.exe)?"
    r"|pwsh)\"[ \t\n]*\)"
)
_OPTION = r"\"(?:-[a-z]{0,3}c|/[cC]|-Command)\"[ \t\n]*(?:\)[ \t\n]*\.[ \t\n]*args?\(|,)"

_INSIDE = r"(?<!\{)\{[A-Za-z_]\w*(?::[^{}]*)?\}"
"""A field in a text that `format!` is given."""


def _filled(code: str, text: str) -> str:
    """The code of an expression, and the names that stand in the texts of its macros."""
    if "format!" not in code:
        return code
    inside = [match[0] for match in regex(_INSIDE).finditer(text) if not code[slice(*match.span())].strip()]
    return regex(r"(?:std::|alloc::)?\bformat!").sub(" ", " ".join([code, *inside]))


def _harmless(line: Line, code: str, text: str) -> str:
    """Why an expression does no harm: `constant`, `quoted`; else an empty text."""
    calls_of_text = (
        r"\b(?:\w+!\(\)|String::from|concat!|stringify!|as_str|to_string|to_owned|into|as_ref|mut)\b"
    )
    bare = _filled(regex(calls_of_text).sub(" ", code), text)
    return excuse_of(line, bare.strip(" \t\n&()"), text)


def _shells(line: Line, options: Options) -> Iterator[Candidate]:
    """`Command::new("sh").arg("-c").arg(text)`, over several lines."""
    for match in islice(regex(_COMMAND).finditer(line.text), 4):
        start, end = match.span("call")
        if not line.zone_at(start) & Zone.CODE:
            continue
        code, text = onward(line, match.end() - 1)
        shell = regex(_SHELL).match(text)
        option = regex(_OPTION).search(text, shell.end()) if shell else None
        if option is None:
            continue
        # What is run ends with the bracket that is open there.
        depth, stop = 0, len(code)
        for sign in regex(r"[()\[\]]").finditer(code, option.end()):
            depth += 1 if sign[0] in "([" else -1
            if depth < 0:
                stop = sign.start()
                break
        excuse = _harmless(line, code[option.end() : stop], text[option.end() : stop])
        yield Candidate(start, end, {"call": match["call"]}, (), excuse)


_LATER = (
    r"(?<![\w.])(?P<name>\w{1,40})[ \t]*(?P<call>\.args?)\([ \t]*&?\[?[ \t]*\"(?:-[a-z]{0,3}c"
    r"|/[cC])\"[ \t]*"
)


def _later(line: Line, options: Options) -> Iterator[Candidate]:
    """`shell.arg("-c").arg(text)`, where `shell` was made some lines above."""
    for match in islice(regex(_LATER).finditer(line.text), 4):
        name = match["name"]
        made = regex(
            rf"\b{name}\b[^=\n]{{0,40}}=[ \t]*(?:\w+::){{0,4}}Command::new\([ \t]*\"(?:/bin/"
            rf"|/usr/bin/)?(?:ba|z|da)?sh\""
        )
        if not line.zone_at(match.start("call")) & Zone.CODE or not made.search(line.text_before(12)):
            continue
        code, text = onward(line, match.end())
        given = regex(r"\)[ \t\n]*\.[ \t\n]*args?\(|,").match(text)
        if given:
            excuse = _harmless(line, code[given.end() :], text[given.end() :])
            yield Candidate(match.start("name"), match.end("call"), {"call": f"{name}.arg"}, (), excuse)


def _exec(called: Called) -> Candidate | None:
    first = called.at(0)
    if first is None or regex(_SHELL).match(called.call.text):
        return None
    fixed = _harmless(called.line, first.code, first.text) == "constant"
    own = regex(r"current_exe|\benv!|CARGO").search(first.text)
    return called.found("constant" if fixed or own else "")


_HASHES = (
    r"(?P<span>(?<![\w:])(?:\w+::){0,3}(?:(?P<name>Md[245]|Sha1)::(?:new|digest)(?=\()|md5::compute(?=\()"
    r"|sha1::Sha1::from(?=\()|MessageDigest::(?:md5|sha1)(?=\()|SHA1_FOR_LEGACY_USE_ONLY\b"
    r"|Hmac::<(?:Md5|Sha1)>))"
)
_CIPHERS = (
    r"(?P<span>(?<![\w:])(?:\w+::){0,3}(?:(?P<name>Des|TdesE(?:de|ee)[23]|Rc2|Rc4|Blowfish|Cast5|Idea)"
    r"(?:::<[^<>]{1,40}>)?::new(?:_from_slices?|_varkey|_var)?(?=\()|Cipher::(?:des_\w+|rc4"
    r"|rc2_\w+|bf_\w+|cast5_\w+"
    r"|idea_\w+|aes_\d+_ecb)(?=\()|(?:ecb|Ecb)(?:::(?:Encryptor|Decryptor))?(?:::)?<[^<>\n]{1,60}>))"
)
_TLS = (
    r"(?P<span>\b(?:danger_accept_invalid_certs|danger_accept_invalid_hostnames|accept_invalid_certs"
    r"|accept_invalid_hostnames|danger_accept_invalid_certificates|tls_danger_accept_invalid_certs"
    r"|tls_danger_accept_invalid_hostnames)\([ \t]*true"
    r"|\bSslVerifyMode::NONE\b|\b(?:verify_hostname|ssl_verify_peer|ssl_verify_host|set_verify_hostname)"
    r"\([ \t]*false|\.with_custom_certificate_verifier(?=\()|\bset_certificate_verifier(?=\())"
)
_NO_VERIFIER = (
    r"(?i)(?:no|skip|insecure|danger\w*|dummy|any|accept\w*|null|none|allow\w*|trust\w*all)\w*verif"
    r"|nocert|accept_?all|accept_?any|insecure|skip"
)


def _verifier(line: Line, match: re.Match[str]) -> str:
    """A verifier of one's own may verify: only its name tells."""
    if "_verifier" in match["span"]:
        given = (line.text[match.end() :] + "\n" + line.text_after(3))[:200].partition(";")[0]
        return "" if regex(_NO_VERIFIER).search(given) else "own-verifier"
    before = line.text[max(0, match.start() - 80) : match.start()]
    compared = regex(r"(?:==|!=|\bif\b|\bmatch\b)[^=;]{0,60}$").search(before)
    return "compared" if compared and match["span"].startswith("SslVerifyMode") else ""


_VERSIONS = (
    r"(?P<span>\b(?:Version::(?P<name>TLS_1_0|TLS_1_1)|SslVersion::(?:SSL3|TLS1|TLS1_1|Sslv2|Sslv3"
    r"|Tlsv10|Tlsv11)"
    r"|Protocol::(?:Sslv3|Tlsv10|Tlsv11)|SslMethod::(?:sslv3|tlsv1))\b)"
)


def _version(line: Line, match: re.Match[str]) -> str:
    before = line.text[max(0, match.start() - 120) : match.start()]
    before = before if before.strip() else line.text_before(1)
    asks = regex(r"(?i)\b\w*(?:min|max|version|protocol)\w*[ \t]*\([^()\n]{0,60}\(?[^()\n]{0,40}$").search(
        before
    )
    return "" if asks else "compared"


_RANDOM = (
    r"(?<![\w:])(?:\w+::){0,3}(?:SmallRng|Pcg32|Pcg64|Pcg64Mcg|XorShiftRng|Xoshiro\w+|Mt19937\w*"
    r"|WyRand|Isaac\w*Rng)"
    r"::\w+(?=\()|(?<![\w:])(?:\w+::){0,3}StdRng::seed_from_u64(?=\()|(?<![\w:])fastrand::\w+(?=\()"
    r"|(?<![\w:])(?:libc::)(?:rand|random|drand48)(?=\()|(?<![\w:])oorandom::\w+::new(?=\()"
)


def _html(called: Called) -> Candidate | None:
    first = called.at(0)
    if first is None:
        return None
    if called.match["call"].rpartition("::")[2] == "Html" and not (
        regex(r"format!").match(first.code) and regex(r"<[a-zA-Z/!]").search(first.text)
    ):
        return None
    excuse = "constant" if _harmless(called.line, first.code, first.text) == "constant" else ""
    if not excuse and regex(r"(?i)escape|encode|sanitiz|ammonia|clean").search(first.code):
        excuse = "escaped"
    return called.found(excuse, advice="escape it, or let the template do so")


_CORS = (
    r"(?P<span>\b(?:CorsLayer::(?:very_)?permissive|Cors::permissive)(?=\()"
    r"|\.allow_any_origin(?=\()|\.allow_origin\([ \t]*(?:(?:\w+::)*Any\b|AllowOrigin::any\(|\"\*\")"
    r"|\.send_wildcard(?=\()|\bAllowedOrigins::all(?=\()"
    r"|(?:\"(?i:Access-Control-Allow-Origin)\"|\bACCESS_CONTROL_ALLOW_ORIGIN)[ \t]*,[ \t]*"
    r"(?:HeaderValue::from_static\([ \t]*)?\"\*\")"
)


def _cors(line: Line, match: re.Match[str]) -> str:
    return "none" if regex(r"[ \t]*(?:assert|(?:pub[ \t]+)?fn)\b").match(line.text) else ""


_MODE = (
    r"(?P<span>\b(?:Permissions::from_mode|set_mode|fchmod|chmod"
    r"|mode)\([^()\n]{0,80}?0o?[0-7]{0,2}[0-7][2367]\b"
    r"|\bumask\([ \t]*0(?:o0*)?[ \t]*\))"
)


def _mode(line: Line, match: re.Match[str]) -> str:
    if match["span"].startswith("mode"):
        return "masked"  # What makes a file is given a mode that the mask takes back.
    return "sticky" if regex(r"0o?1[0-7]{3}\b").search(match["span"]) else ""


_COOKIES = (
    r"(?P<span>\.(?:secure|http_only|cookie_secure|cookie_http_only|with_secure|with_http_only|set_secure"
    r"|set_http_only)\([ \t]*false[ \t]*\))"
)


_cookie = where_near(r"(?i)cookie|session")


_YES = r"[^{}]{0,300}\{\s*(?:async\s+move\s*\{\s*)?(?:futures::future::ready\()?Ok\((?:\(self,\s*)?true\)"


def _host_key(line: Line, match: re.Match[str]) -> str:
    below = line.text[match.end() :] + "\n" + line.text_after(8)
    return "" if regex(_YES).match(below) else "none"


RULES = (
    rule("exec-call", _RUST, calls(_COMMAND, _exec), (r"\bCommand::new\b",), (CONSTANT,)),
    rule(
        "shell-injection",
        _RUST,
        either(_shells, _later),
        (r"\bCommand::new\b", r"\.args?\([ \t]*&?\[?[ \t]*\"(?:-[a-z]{0,3}c|/[cC])\""),
        (CONSTANT, QUOTED),
    ),
    sql_rule(_RUST, Text(inside=_INSIDE, calls=True, holes=r"\{[^{}]*\}", loose=r"\{[^{}]*\}")),
    rule(
        "weak-hash",
        _RUST,
        settings(_HASHES, benign_hash),
        (
            r"\bMd[245]::",
            r"\bSha1::",
            r"\bmd5::compute\b",
            r"\bMessageDigest::(?:md5|sha1)\b",
            r"\bSHA1_FOR_LEGACY",
            r"\bHmac::<",
        ),
        (said("checksum"),),
    ),
    rule(
        "weak-cipher",
        _RUST,
        settings(_CIPHERS),
        (
            r"\b(?:Des|TdesE..[23]|Rc[24]|Blowfish|Cast5|Idea)::(?:new|<)",
            r"\bCipher::",
            r"(?i)\becb(?:::\w{2}cryptor)?(?:::)?<",
        ),
    ),
    rule(
        "weak-key-size",
        _RUST,
        settings(
            r"(?P<span>\b(?:RsaPrivateKey|RsaKey|Rsa)::(?:new|generate"
            r"|generate_with_e)\((?:[^()\n]{0,60},)?[ \t]*(?:512|768"
            r"|1024)\b|\bDsa::generate\([ \t]*(?:512|1024)\b)"
        ),
        (r"\bRsa\w{0,12}::(?:new|generate)", r"\bDsa::generate\b"),
    ),
    rule(
        "weak-tls-version",
        _RUST,
        settings(_VERSIONS, _version),
        (
            r"\bVersion::TLS_1_[01]\b",
            r"\bSslVersion::",
            r"\bProtocol::(?:Sslv3"
            r"|Tlsv1[01])\b",
            r"\bSslMethod::",
        ),
        (said("compared"),),
    ),
    rule(
        "insecure-random",
        _RUST,
        chances(_RANDOM, "`OsRng`"),
        (
            r"\b(?:SmallRng|Pcg\w{2,6}|XorShiftRng|Xoshiro\w{1,20}|Mt19937\w{0,10}|WyRand|Isaac\w{0,8}Rng)::",
            r"\bStdRng::seed_from",
            r"\bfastrand::",
            r"\blibc::d?rand",
            r"\boorandom::",
        ),
    ),
    rule(
        "tls-verification-disabled",
        _RUST,
        settings(_TLS, unless_asked(_verifier)),
        (
            r"accept_invalid_",
            r"\bSslVerifyMode::NONE\b",
            r"\b(?:verify_hostname|ssl_verify_peer|ssl_verify_host)\(",
            r"_certificate_verifier\(",
        ),
        (said("own-verifier"), said("compared"), ASKED),
    ),
    rule(
        "unverified-host-key",
        _RUST,
        settings(r"(?P<span>\bfn[ \t]+check_server_key)\b", _host_key),
        (r"\bcheck_server_key\b",),
    ),
    rule(
        "raw-html",
        _RUST,
        calls(
            r"(?P<call>(?<![\w:.])(?:\w+::){0,3}(?:PreEscaped|Html|MarkupDisplay::new_safe|RawHtml))[ \t]*\(",
            _html,
        ),
        (r"\bPreEscaped[ \t]*\(", r"\b(?:Raw)?Html[ \t]*\(", r"\bMarkupDisplay::new_safe\b"),
        (CONSTANT, said("escaped")),
    ),
    rule(
        "archive-path-traversal",
        _RUST,
        settings(
            (
                r"(?P<span>\.(?:join|push)\([ \t]*&?[ \t]*(?:file|entry|zip_file|zipfile|f|item|e)"
                r"\.(?:name|path|filename|file_name)\(\))"
            ),
            outside(
                r"(?i)\b(?:zip|tar|archive|ZipArchive|entries)\b",
                r"enclosed_name|starts_with\(|Component::|canonicalize\(|sanitiz|mangled_name",
            ),
            advice="use `enclosed_name`, or compare the path with the folder first",
        ),
        (r"\.(?:join|push)\([ \t]*&?[ \t]*\w{1,16}\.",),
        (said("checked"),),
    ),
    rule(
        "temp-file-race",
        _RUST,
        settings(
            r"(?P<span>\b(?:File::create|fs::write|fs::File::create))\([ \t]*\"(?:/var)?/tmp/[\w./-]+\"",
            advice="use the crate `tempfile`",
        ),
        (r"\"(?:/var)?/tmp/",),
    ),
    rule(
        "permissive-cors",
        _RUST,
        settings(_CORS, _cors),
        (
            r"\bCors(?:Layer)?::(?:very_)?permissive\b",
            r"\ballow_any_origin\b",
            r"\.allow_origin\(",
            r"\bsend_wildcard\b",
            r"\bAllowedOrigins::all\b",
            r"(?i)access.control.allow.origin",
        ),
    ),
    rule(
        "permissive-mode",
        _RUST,
        settings(_MODE, _mode),
        (r"\bfrom_mode\(", r"\bset_mode\(", r"chmod\(", r"\bmode\(", r"\bumask\("),
        (said("masked"), said("sticky")),
    ),
    rule(
        "bind-all-interfaces",
        _RUST,
        settings(
            r"(?P<span>\b(?:bind|serve|listen|set_host|host|run)\([ \t]*&?\(?[ \t]*\"(?:0\.0\.0\.0"
            r"|\[::\]|::)(?::\d{1,5})?\""
            r"|\bIpv[46]Addr::UNSPECIFIED\b|\[0, ?0, ?0, ?0\](?=[ \t]*,[ \t]*\w)"
            r"|\b\w{0,30}(?:addr|host|bind"
            r"|address)\w{0,20}[ \t]*(?::[^=\n]{1,20})?=[ \t]*\"(?:0\.0\.0\.0"
            r"|\[::\])(?::\d{1,5})?\")"
        ),
        (r"\"(?:0\.0\.0\.0|\[::\]|::)", r"\bUNSPECIFIED\b", r"\[0, ?0, ?0, ?0\]"),
    ),
    rule(
        "cleartext-protocol",
        _RUST,
        settings(
            r"(?P<span>(?<![\w:])(?:\w+::){0,2}(?:FtpStream|AsyncFtpStream|Telnet)::connect(?=\())",
            advice="SFTP or SSH",
        ),
        (r"\b(?:Async)?FtpStream::", r"\bTelnet::"),
    ),
    rule(
        "jwt-verification-disabled",
        _RUST,
        settings(
            r"(?P<span>\binsecure_disable_signature_validation(?=\()|\bdangerous_insecure_decode\w*"
            r"|\bdangerous_unsafe_decode\w*|\binsecure_decode\b|\bdecode_without_verification\w*"
            r"|\bAlgorithm::None\b)"
        ),
        (
            r"\binsecure_(?:disable|decode)",
            r"\bdangerous_(?:insecure|unsafe)",
            r"\bdecode_without_verification",
            r"\bAlgorithm::None\b",
        ),
    ),
    rule(
        "open-redirect",
        _RUST,
        settings(
            r"(?P<span>\bRedirect::(?:to|temporary|permanent|found|see_other)\([ \t]*&?(?:params"
            r"|query|q|form|payload|req"
            r"|request)(?:\.0)?\.\w+)"
        ),
        (r"\bRedirect::",),
    ),
    rule(
        "insecure-cookie",
        _RUST,
        settings(_COOKIES, _cookie),
        (r"(?:secure|http_only)\([ \t]*false",),
    ),
)
