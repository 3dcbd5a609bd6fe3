"""Dangerous calls and settings in Swift."""

from __future__ import annotations

import re

from auto_enforcer.model import Candidate, Line, Zone
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
    function_around,
    onward,
    outside,
    rule,
    settings,
    unless_asked,
    where_near,
)
from auto_enforcer.rules.security._sql import Text, sql_rule

_SWIFT = ("swift",)
_OPTION = r"\[[ \t\n]*(?:\"-l\"[ \t\n]*,[ \t\n]*)?\"-l?c\"[ \t\n]*,"
"""A list of arguments by which a shell is given its text."""


def _excuse(line: Line, code: str) -> str:
    """Why an expression does no harm: `constant`, `quoted`; else an empty text."""
    return excuse_of(line, regex(r"[()\\\[\]]").sub(" ", code).strip(" \t\n,"), "")


_ARGUMENTS = r"(?<!\w)(?P<span>(?:\w{1,40}[?!]?\.){0,4}arguments)[ \t]*=[ \t]*(?=\[)"


def _passed(line: Line, match: re.Match[str]) -> str:
    """`process.arguments = ["-c", text]`."""
    code, text = onward(line, match.end(), 3)
    option = regex(_OPTION).match(text)
    if option is None:
        return "none"
    depth, stop = 0, len(code)
    for sign in regex(r"[()\[\]]").finditer(code):
        depth += 1 if sign[0] in "([" else -1
        if depth == 0:
            stop = sign.start()
            break
    return _excuse(line, code[option.end() : stop])


def _shell(called: Called) -> Candidate | None:
    name = called.match["call"].rpartition(".")[2]
    if name in ("system", "popen"):
        first = called.at(0)
        if first is None or function_around(called.line) == name:
            return None
        return called.found(_excuse(called.line, first.code))
    given = regex(_OPTION).search(called.call.text)
    if given is None:
        return None
    return called.found(_excuse(called.line, called.call.code[given.end() :].partition("]")[0]))


_STARTED = (
    r"(?<!\w)(?P<span>(?:\w{1,40}[?!]?\.){0,4}(?:launchPath"
    r"|executableURL))[ \t]*=(?!=)[ \t]*(?P<value>[^\n;]*)"
)
_URL = r"(?:Foundation\.)?(?:NS)?URL\([ \t]*(?:fileURLWithPath|filePath):[ \t]*"


def _started(line: Line, match: re.Match[str]) -> str:
    code = regex(_URL).sub("", line.only(Zone.CODE)[slice(*match.span("value"))])
    if regex(
        r"\b(?:Bundle|ProcessInfo"
        r"|CommandLine)\b"
    ).search(code) or (not code.strip(" )") and not match["value"]):
        return "constant"
    return "constant" if _excuse(line, code) == "constant" else ""


def _first(called: Called) -> Candidate | None:
    first = called.arguments[0] if called.arguments else None
    if first is None:
        return None
    name = called.match["call"].rpartition(".")[2]
    if name in ("NSPredicate", "NSExpression") and "format" not in (first.name, first.code[:6]):
        return None
    code = regex(r"^(?:format|with|withScript):?[ \t]*").sub("", first.code)
    return called.found("constant" if _excuse(called.line, code) == "constant" else "")


_HASHES = (
    r"(?P<span>\b(?:CC_(?P<name>MD[245]|SHA1)(?:_Init)?(?=\()|Insecure\.(?:MD5|SHA1)\b"
    r"|kCCHmacAlg(?:MD5|SHA1)\b"
    r"|kSecDigest(?:MD5|SHA1)\b)|(?<=[\w)])\.(?:md5|sha1)(?=\(\)))"
)
_CIPHERS = (
    r"(?P<span>\bkCCAlgorithm(?P<name>DES|3DES|RC[24]|Blowfish|CAST)\b|\bkCCOptionECBMode\b"
    r"|\bblockMode:[ \t]*(?:CryptoSwift\.)?(?:ECB\(|\.ECB\b|\.ecb\b)|(?<![\w.])Blowfish(?=\())"
)
_VERSIONS = (
    r"(?P<span>\b(?:tlsM(?:in|ax)imumSupportedProtocol(?:Version)?|minimumTLSVersion)[ \t]*[=:][ \t]*\w*"
    r"\.(?P<name>TLSv10|TLSv11|DTLSv10|tlsProtocol1|tlsProtocol11|sslProtocol3|tlsv1|tlsv11|ssl3)\b"
    r"|\bsec_protocol_options_set_m(?:in|ax)_tls_protocol_version\([^()\n]{0,60}\.(?:TLSv10|TLSv11)\b"
    r"|\bkTLSProtocol1(?:1)?\b|\bkSSLProtocol[23]\b)"
)
_RANDOM = (
    r"(?<![\w.])(?:s?rand|s?random|drand48|lrand48|mrand48)(?=\(\))"
    r"|\bGK(?:LinearCongruential|MersenneTwister|ARC4)?RandomSource(?=\()"
)
_TLS = (
    r"(?P<span>\b(?:DisabledTrustEvaluator|DisabledEvaluator)(?=\()|\.disableEvaluation\b"
    r"|\bvalidatesDomainName[ \t]*=[ \t]*false\b|\ballowInvalidCertificates[ \t]*=[ \t]*true\b"
    r"|\bcertificateVerification[ \t]*[:=][ \t]*\.(?:none|noHostnameVerification)\b"
    r"|\bkCFStreamSSLValidatesCertificateChain\b[^\n;]{0,40}\b(?:false|kCFBooleanFalse)\b"
    r"|\ballowsAnyHTTPSCertificate\b[^\n]{0,40}\btrue\b|\ballowSelfSigned\w*[ \t]*[:=][ \t]*true\b"
    r"|\bvalidateCertificateChain:[ \t]*false\b|\bvalidateHost:[ \t]*false\b"
    r"|\ballowExpired:[ \t]*true\b)"
    r"|(?P<other>\((?:[ \t]*\."
    r"|\w+\.AuthChallengeDisposition\.)useCredential[ \t]*,[ \t]*URLCredential\([ \t]*"
    r"(?:trust|forTrust):)"
    r"|(?P<spread>\bsec_protocol_options_set_verify_block\b)"
)
_EVALUATES = (
    r"SecTrust(?:Evaluate|SetAnchor|Copy|Get)\w*|SecCertificateCopyData|pinned|evaluate\(|isValid|validate"
)


def _tls(line: Line, match: re.Match[str]) -> str:
    if match["other"]:
        return "evaluated" if regex(_EVALUATES).search(line.text_before(25)) else ""
    if match["spread"]:
        below = line.text[match.end() :] + "\n" + line.text_after(10)
        accepted = regex(r"(?i)\bcomplet\w*\([ \t]*true[ \t]*\)").search(below)
        return "" if accepted and not regex(_EVALUATES).search(below) else "none"
    return ""


def _html(called: Called) -> Candidate | None:
    first, advice = called.arguments[0] if called.arguments else None, "escape the values"
    if first is None:
        return None
    if called.match["call"].endswith("loadHTMLString") and not regex(r"\+|\\|\(").search(first.code):
        return None
    if _excuse(called.line, first.code) == "constant":
        return called.found("constant", advice=advice)
    escaped = regex(r"(?i)escap|encod|sanitiz|JSONSerialization").search(first.code)
    return called.found("escaped" if escaped else "", advice=advice)


_MADE = (
    r"(?P<span>\bNS(?:Keyed)?Unarchiver\.(?:unarchiveObject|unarchiveTopLevelObjectWithData)(?=\()"
    r"|\brequiresSecureCoding[ \t]*=[ \t]*false\b)"
)
_TMP = r"\"(?:/private)?(?:/var)?/tmp/[\w./-]+\""
_TEMPORARY = (
    rf"(?P<span>\.write\(toFile:[ \t]*{_TMP}|\bcreateFile\(atPath:[ \t]*{_TMP}"
    rf"|\.write\(to:[ \t]*URL\(fileURLWithPath:[ \t]*{_TMP}|(?<![\w.])(?:mktemp|tmpnam|tempnam)(?=\())"
)
_MODE = (
    r"(?P<span>\bposixPermissions[ \t]*:[ \t]*(?:NSNumber\([ \t]*value:[ \t]*)?(?:0o[0-7]{0,2}"
    r"[0-7][2367]\b|511\b|438\b)"
    r"|(?<![\w.])(?:l|f)?chmod\([^;\n]{1,80}?,[ \t]*(?:0o[0-7]{0,2}[0-7][2367]\b|511\b)"
    r"|(?<![\w.])umask\([ \t]*0(?:o0+)?[ \t]*\))"
)
_COOKIES = r"(?P<span>\b(?:isSecure|isHTTPOnly|secure|httpOnly)[ \t]*[:=][ \t]*false\b)"


_cookie = where_near(r"(?i)cookie|session\.")


RULES = (
    rule(
        "eval-call",
        _SWIFT,
        calls(
            r"(?P<call>(?<![\w.])(?:\w{1,40}[?!]?\.){0,4}(?:evaluateJavaScript|evaluateScript"
            r"|callAsyncJavaScript"
            r"|stringByEvaluatingJavaScript)|(?<![\w.])(?:NSPredicate|NSExpression))[ \t]*\(",
            _first,
            keyword=":",
        ),
        (
            r"\bevaluate(?:JavaScript|Script)[ \t]*\(",
            r"\bcallAsyncJavaScript[ \t]*\(",
            r"EvaluatingJavaScript[ \t]*\(",
            r"\bNS(?:Predicate|Expression)[ \t]*\(",
        ),
        (CONSTANT,),
    ),
    rule(
        "exec-call",
        _SWIFT,
        settings(_STARTED, _started),
        (r"\b(?:launchPath|executableURL)[ \t]*=",),
        (CONSTANT,),
    ),
    rule(
        "shell-injection",
        _SWIFT,
        either(
            settings(_ARGUMENTS, _passed),
            calls(
                (
                    r"(?P<call>(?<![\w.])(?:Darwin\.|Glibc\.)?(?:system|popen)|\bProcess\.(?:run"
                    r"|launchedProcess))[ \t]*\("
                ),
                _shell,
            ),
        ),
        (
            r"\barguments[ \t]*=[ \t]*\[",
            r"\b(?:system|popen)[ \t]*\(",
            r"\bProcess\.(?:run|launchedProcess)[ \t]*\(",
        ),
        (CONSTANT, QUOTED),
    ),
    sql_rule(_SWIFT, Text(formats=r"(?<![\w\])])\(\s*[\w!]", calls=True, holes=r"%[-+ #0-9.*]*[a-zA-Z@]")),
    rule(
        "unsafe-deserialization",
        _SWIFT,
        settings(_MADE, advice="use `unarchivedObject(ofClass:from:)`"),
        (r"\bNS(?:Keyed)?Unarchiver\.", r"\brequiresSecureCoding\b"),
    ),
    rule(
        "weak-hash",
        _SWIFT,
        settings(_HASHES, benign_hash),
        (r"\bCC_(?:MD|SHA1)", r"\bInsecure\.", r"\bkCCHmacAlg", r"\bkSecDigest", r"\.(?:md5|sha1)\(\)"),
        (said("checksum"),),
    ),
    rule(
        "weak-cipher",
        _SWIFT,
        settings(_CIPHERS),
        (r"\bkCC(?:Algorithm|OptionECB)", r"\bblockMode:", r"\bBlowfish\("),
    ),
    rule(
        "weak-key-size",
        _SWIFT,
        settings(
            r"(?P<span>\bkSecAttrKeySizeInBits\b(?:[ \t]*as[ \t]+String)?[ \t]*[:\]][ \t]*=?[ \t]*"
            r"(?:512|768|1024)\b"
            r"|\bRSA\([ \t]*keySize:[ \t]*(?:512|768|1024)\b|\.bits(?:512|1024)\b)"
        ),
        (r"\bkSecAttrKeySizeInBits\b", r"\bkeySize:", r"\.bits(?:512|1024)"),
    ),
    rule(
        "weak-tls-version",
        _SWIFT,
        settings(_VERSIONS),
        (
            r"\btlsM\w{2}imumSupported",
            r"\bminimumTLSVersion\b",
            r"_tls_protocol_version\(",
            r"\bk(?:TLS|SSL)Protocol",
        ),
    ),
    rule(
        "insecure-random",
        _SWIFT,
        chances(_RANDOM, "`SystemRandomNumberGenerator` or `SecRandomCopyBytes`", r"SecRandomCopyBytes"),
        (r"\bs?rand(?:om)?\(\)", r"rand48\(\)", r"\bGK\w{0,20}RandomSource\("),
        (said("secure-random"),),
    ),
    rule(
        "tls-verification-disabled",
        _SWIFT,
        settings(_TLS, unless_asked(_tls)),
        (
            r"\bDisabled(?:Trust)?Evaluator\(",
            r"\.disableEvaluation\b",
            r"\bvalidatesDomainName\b",
            r"\ballowInvalidCertificates\b",
            r"\bcertificateVerification\b",
            r"ValidatesCertificateChain\b",
            r"\ballowsAnyHTTPSCertificate\b",
            r"\.useCredential\b",
            r"_set_verify_block\b",
            r"\ballowSelfSigned",
            r"\bvalidate(?:CertificateChain|Host):",
            r"\ballowExpired:",
        ),
        (said("evaluated"), ASKED),
    ),
    rule(
        "unverified-host-key",
        _SWIFT,
        settings(r"(?P<span>\.acceptAnything\(\)|\bAcceptAllHostKeysDelegate(?=\())"),
        (r"\.acceptAnything\(", r"\bAcceptAllHostKeysDelegate\b"),
    ),
    rule(
        "raw-html",
        _SWIFT,
        calls(r"(?P<call>(?<![\w.])(?:\w{1,40}[?!]?\.){0,4}loadHTMLString|\bUnsafeRaw)[ \t]*\(", _html),
        (r"\bloadHTMLString[ \t]*\(", r"\bUnsafeRaw[ \t]*\("),
        (CONSTANT, said("escaped")),
    ),
    rule(
        "xxe-parser",
        _SWIFT,
        settings(
            r"(?P<span>\bshouldResolveExternalEntities[ \t]*=[ \t]*true\b|\.nodeLoadExternalEntitiesAlways\b"
            r"|\bXML_PARSE_(?:NOENT|DTDLOAD)\b)",
            advice="leave entities alone",
        ),
        (r"\bshouldResolveExternalEntities\b", r"\.nodeLoadExternalEntitiesAlways\b", r"\bXML_PARSE_"),
    ),
    rule(
        "archive-path-traversal",
        _SWIFT,
        settings(
            r"(?P<span>\.appending(?:PathComponent|Path)?\([ \t]*(?:path:[ \t]*"
            r"|component:[ \t]*)?(?:entry|zipEntry|file|item"
            r"|header)\.(?:path|name|fileName|filename)\b)",
            outside(
                r"(?i)\b(?:zip\w*|tar\w*|archive|unzip\w*)\b",
                r"hasPrefix\(|\.contains\([ \t]*\"\.\.|standardized|isContained",
            ),
            advice="compare the standardized path with the folder first",
        ),
        (r"\.appending(?:PathComponent|Path)?\(",),
        (said("checked"),),
    ),
    rule(
        "temp-file-race",
        _SWIFT,
        settings(_TEMPORARY, advice="use `FileManager.default.temporaryDirectory` with a UUID"),
        (r"/tmp/", r"\b(?:mktemp|te?mpnam)\("),
    ),
    rule(
        "permissive-cors",
        _SWIFT,
        settings(
            r"(?P<span>\ballowedOrigin:[ \t]*\.(?:all|originBased)\b|\ballowOrigin:[ \t]*\.(?:all|any)\b"
            r"|(?:\"(?i:Access-Control-Allow-Origin)\"|\.accessControlAllowOrigin)[ \t]*(?:,|:"
            r"|\][ \t]*=)[ \t]*(?:value:[ \t]*)?\"\*\")"
        ),
        (r"\ballow(?:ed)?Origin:", r"(?i)access-?control-?allow-?origin"),
    ),
    rule(
        "permissive-mode",
        _SWIFT,
        settings(_MODE),
        (r"\bposixPermissions\b", r"chmod\(", r"\bumask\("),
    ),
    rule(
        "bind-all-interfaces",
        _SWIFT,
        settings(
            r"(?P<span>\b(?:host|hostname|bind|address"
            r"|ipAddress)\w{0,20}[ \t]*[:=][ \t]*\"(?:0\.0\.0\.0|::)\"|\bINADDR_ANY\b"
            r"|\bin6addr_any\b)"
        ),
        (r"\"(?:0\.0\.0\.0|::)\"", r"\bINADDR_ANY\b", r"\bin6addr_any\b"),
    ),
    rule(
        "jwt-verification-disabled",
        _SWIFT,
        settings(
            r"(?P<span>\bJWTSigner\.none\b|\bjwt\.unverified(?=\()|\.unverified\([ \t]*(?:token"
            r"|\w*[jJ]wt)\b|\bJWTVerifier\.none\b"
            r"|\bAlgorithm\.none\b|\bverifySignature:[ \t]*false\b)"
        ),
        (
            r"\bJWT(?:Signer|Verifier)\.none\b",
            r"\.unverified\(",
            r"\bAlgorithm\.none\b",
            r"\bverifySignature:",
        ),
    ),
    rule(
        "open-redirect",
        _SWIFT,
        settings(
            r"(?P<span>\b(?:req|request)\.redirect\(to:[ \t]*(?:try[ \t]+)?(?:req"
            r"|request)\.(?:query|content|parameters"
            r"|headers)\b)"
        ),
        (r"\.redirect\(to:",),
    ),
    rule(
        "insecure-cookie",
        _SWIFT,
        settings(_COOKIES, _cookie),
        (r"\b(?:isSecure|isHTTPOnly|secure|httpOnly)[ \t]*[:=][ \t]*false",),
    ),
)
