"""Dangerous calls and settings in Go."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auto_enforcer.model import Candidate, Fact, Line, Options
from auto_enforcer.rules._common import regex
from auto_enforcer.rules._kinds import said
from auto_enforcer.rules.security._shared import (
    ASKED,
    CONSTANT,
    Called,
    benign_hash,
    calls,
    chances,
    constant_name,
    either,
    excuse_of,
    is_constant,
    outside,
    redirects,
    rule,
    settings,
    unless_asked,
)
from auto_enforcer.rules.security._sql import Text, conditions, sql_rule

_GO = ("go",)
_PARTS = "Where|OrWhere|Having|Joins"
"""What takes a part of a statement."""

_SHELL = (
    r"\"(?:/bin/|/usr/bin/)?(?:(?:ba|z|da|k)?sh\"[ \t\n]*,[ \t\n]*\"-l?c\""
    r"|cmd(?:\.exe)?\"[ \t\n]*,[ \t\n]*\"/[cC]\""
    r"|powershell(?:\.exe)?\"[ \t\n]*,[ \t\n]*\"-(?:Command|c)\")[ \t\n]*,"
)
_COMMAND = r"(?P<call>(?<![\w.])\w{0,20}exec\.Command(?:Context)?)[ \t]*\("


def _shell(called: Called) -> Candidate | None:
    given = regex(_SHELL).search(called.call.text)
    if given is None:
        return None
    rest = called.call.code[given.end() : -1]
    return called.found(excuse_of(called.line, rest, rest))


def _exec(called: Called) -> Candidate | None:
    program = called.at(
        1
        if called.match["call"].endswith(("Context", "StartProcess")) and "exec." in called.match["call"]
        else 0
    )
    if program is None or regex(_SHELL).search(called.call.text):
        return None
    fixed = (
        program.constant
        or constant_name(called.line, program.code)
        or regex(r"os\.Args\[0\]|os\.Executable").match(program.code)
    )
    return called.found("constant" if fixed else "")


_MADE = r"(?i)html|markup|render|markdown|svg|icon|content|body|String\(\)|Bytes\(\)"
_REQUEST = r"\b(?:r|req|request|c|ctx)\.(?:FormValue|PostFormValue|URL|Form|Header|PathValue|Query|Param)\b"


def _html(called: Called) -> Candidate | None:
    name = called.match["call"]
    if name.startswith("template."):
        first = called.at(0)
        if first is None:
            return None
        excuse = "constant" if first.constant or constant_name(called.line, first.code) else ""
        if not excuse and regex(r"(?i)escape|sanitiz|bluemonday|policy\w*\.").search(first.code):
            excuse = "escaped"
        if (
            not excuse
            and not regex(_REQUEST).search(first.code)
            and not regex(r"\+|Sprintf").search(first.code)
        ):
            # What a renderer has made is meant to be markup; the other kinds are seldom text of others.
            made = regex(
                r"(?i)html|markup|render|markdown|svg|icon|content|body|String\(\)|Bytes\(\)"
            ).search(first.code)
            excuse = "made" if made or not name.endswith((".HTML", ".JS")) else ""
        return called.found(excuse, advice="give the template the text itself")
    written = called.at(1)
    if written is None or not regex(r"w|rw|writer|resp|response\w*").fullmatch(
        called.arguments[0].code.strip()
    ):
        return None
    rest = called.call.code[written.start : -1]
    asked = regex(_REQUEST).search(rest)
    tags = regex(r"<[a-zA-Z/!]").search(called.call.text) and not is_constant(rest)
    if not asked and not tags:
        return None
    return called.found(
        "escaped" if regex(r"(?i)escape|sanitiz").search(rest) else "", advice="use `html/template`"
    )


_HASHES = (
    r"(?P<span>(?<![\w.])(?P<name>md[45]|sha1)\.(?:New|Sum|Sum16)(?=\()"
    r"|(?<![\w.])crypto\.(?:MD[45]|SHA1)\b(?=\.New)|\bhmac\.New\([ \t]*md5\.New\b)"
)
_CIPHERS = (
    r"(?P<span>(?<![\w.])(?:des\.New(?:TripleDES)?Cipher|rc4\.NewCipher"
    r"|blowfish\.New(?:Salted)?Cipher|tea\.NewCipher|xtea\.NewCipher|cast5\.NewCipher"
    r"|twofish\.NewCipher)(?=\()|\bcipher\.NewECB(?:En|De)crypter(?=\()|\b\w*\.NewECB(?:En"
    r"|De)crypter(?=\())"
)
_VERSIONS = (
    r"(?P<span>\b(?:MinVersion|MaxVersion)[ \t]*[:=]+[ \t]*(?:tls\.)?(?P<name>VersionSSL30"
    r"|VersionTLS10|VersionTLS11|0x030[012])\b)"
)
_RANDOM = (
    r"(?<![\w.])(?:m?rand|mathrand|mrand)\.(?:Intn?|Int63n?|Int31n?|Uint32|Uint64|IntN|N|Perm"
    r"|Shuffle|Float64|New|Read|Seed)(?=\()"
)
_SECURE = Fact("secure-random", r"(?:^[ \t]{0,8}|\bimport[ \t]{1,4})\"(crypto/rand)\"")


def _chance(line: Line, options: Options) -> Iterator[Candidate]:
    secure = bool(line.facts(_SECURE.name))
    for candidate in chances(_RANDOM, "`crypto/rand`")(line, options):
        own = line.text[candidate.start : candidate.end].startswith("rand.")
        yield candidate._replace(value="secure-random" if secure and own else "")


_CORS = (
    r"(?P<span>\.(?:Set|Add|Header|SetHeader"
    r"|Append)\([ \t]*(?:\"(?i:Access-Control-Allow-Origin)\""
    r"|\w+\.HeaderAccessControlAllowOrigin)[ \t]*,[ \t]*(?:\"\*\""
    r"|\w+\.Header\.Get\([ \t]*\"Origin\"|(?:origin|\w*Origin)[ \t]*\))"
    r"|\b(?:AllowedOrigins|AllowOrigins"
    r"|AllowedOrigin)[ \t]*[:=][ \t]*(?:\[\]string\{)?[ \t]*\"\*\""
    r"|\bAllowAllOrigins[ \t]*[:=][ \t]*true|\bcors\.(?:Default|AllowAll)(?=\()"
    r"|\bCheckOrigin[ \t]*[:=][ \t]*func\([^()\n]*\)[ \t]*bool[ \t]*\{[ \t]*return[ \t]+true)"
)
_MODE = (
    r"(?P<span>\b(?:Chmod|Mkdir|MkdirAll|WriteFile|OpenFile)\([^\n]*,[ \t]*(?:(?:os"
    r"|fs)\.FileMode\([ \t]*)?(?:0o?[0-7]{0,2}[0-7]?7[2367]|0o?[0-7]?[0-7][0-7][27]"
    r"|0o?666)\)?[ \t]*\)|\bsyscall\.Umask\([ \t]*0[ \t]*\))"
)


def _mode(line: Line, match: re.Match[str]) -> str:
    # The mask takes 0666 of a new file back; of a file that is there nothing does.
    return (
        "masked" if regex(r"(?:OpenFile|WriteFile)\b").match(match["span"]) and "666" in match["span"] else ""
    )


_BIND = (
    r"(?P<span>\b(?:Listen|ListenPacket|ListenAndServe|ListenAndServeTLS|ListenTCP|Run"
    r"|Start)\((?:[ \t]*\"(?:tcp|udp)[46]?\"[ \t]*,)?[ \t]*\"(?:0\.0\.0\.0|\[::\])?:\d{0,5}\""
    r"|\bAddr[ \t]*[:=][ \t]*\"0\.0\.0\.0:\d{0,5}\")"
)


def _cookie(line: Line, match: re.Match[str]) -> str:
    near = line.text_before(10) + line.text + line.text_after(8)
    return "" if regex(r"(?i)cookie|session").search(near) else "none"


RULES = (
    rule(
        "exec-call",
        _GO,
        calls(
            (
                r"(?P<call>(?<![\w.])(?:\w{0,20}exec\.Command(?:Context)?|syscall\.Exec|os\.StartProcess"
                r"|syscall\.ForkExec))[ \t]*\("
            ),
            _exec,
        ),
        (r"exec\.Command", r"\bsyscall\.(?:Exec|ForkExec)\b", r"\bos\.StartProcess\b"),
        (CONSTANT,),
    ),
    rule("shell-injection", _GO, calls(_COMMAND, _shell), (r"exec\.Command",), (CONSTANT,)),
    sql_rule(
        _GO, Text(calls=True), (conditions(rf"\.(?:{_PARTS})", Text(calls=True)), (rf"\.(?:{_PARTS})\(",))
    ),
    rule(
        "weak-hash",
        _GO,
        settings(_HASHES, benign_hash),
        (r"\bmd[45]\.(?:New|Sum)", r"\bsha1\.(?:New|Sum)", r"\bcrypto\.(?:MD[45]|SHA1)\b"),
        (said("checksum"),),
    ),
    rule(
        "weak-cipher",
        _GO,
        settings(_CIPHERS),
        (r"\b(?:des|rc4|blowfish|x?tea|cast5|twofish)\.New", r"\bNewECB"),
    ),
    rule(
        "weak-key-size",
        _GO,
        settings(
            r"(?P<span>\b(?:rsa\.GenerateKey|rsa\.GenerateMultiPrimeKey)\([^\n]*,[ \t]*(?:512|768"
            r"|1024)[ \t]*\)|\bdsa\.L1024N160\b)"
        ),
        (r"\brsa\.Generate", r"\bdsa\.L1024"),
    ),
    rule("weak-tls-version", _GO, settings(_VERSIONS), (r"\bM(?:in|ax)Version\b",)),
    rule("insecure-random", _GO, _chance, (r"rand\.\w{1,9}\(",), (said("secure-random"),), (_SECURE,)),
    rule(
        "tls-verification-disabled",
        _GO,
        settings(r"(?P<span>\bInsecureSkipVerify[ \t]*(?::|=)[ \t]*true\b)", unless_asked()),
        (r"\bInsecureSkipVerify\b",),
        (ASKED,),
    ),
    rule(
        "unverified-host-key",
        _GO,
        settings(r"(?P<span>\bssh\.InsecureIgnoreHostKey(?=\())"),
        (r"\bInsecureIgnoreHostKey\b",),
    ),
    rule(
        "raw-html",
        _GO,
        calls(
            (
                r"(?P<call>(?<![\w.])(?:template\.(?:HTML|JS|URL|HTMLAttr|CSS|JSStr|Srcset)"
                r"|fmt\.Fprint(?:f|ln)?|io\.WriteString))[ \t]*\("
            ),
            _html,
        ),
        (
            r"\btemplate\.(?:HTML|JS|URL|CSS|Srcset)",
            r"\bfmt\.Fprint(?:f|ln)?\([ \t]*(?:w|rw|writer|resp)",
            r"\bio\.WriteString\([ \t]*(?:w|rw|writer|resp)",
        ),
        (CONSTANT, said("escaped"), said("made")),
    ),
    rule(
        "xxe-parser",
        _GO,
        settings(
            r"(?P<span>\bparser\.XMLParse(?:NoEnt|DTDLoad)\b|\blibxml2\.XMLParseNoEnt\b)",
            advice="leave entities alone",
        ),
        (r"\bXMLParse(?:NoEnt|DTDLoad)\b",),
    ),
    rule(
        "archive-path-traversal",
        _GO,
        settings(
            (
                r"(?P<span>\b(?:filepath|path)\.Join\([^()\n]*,[ \t]*(?:f|file|header|hdr|h|entry|zf"
                r"|zipFile|th|tarHeader)\.Name\b)"
            ),
            outside(
                r"\b(?:zip|tar)\.",
                r"HasPrefix\(|Contains\([^\n]*\"\.\.|filepath\.(?:Rel|IsLocal)\(|IsLocal\(|securejoin",
            ),
            advice="use `filepath.IsLocal` first",
        ),
        (r"\b(?:filepath|path)\.Join\(",),
        (said("checked"),),
    ),
    rule(
        "temp-file-race",
        _GO,
        settings(
            (
                r"(?P<span>\b(?:os\.Create|os\.WriteFile|os\.OpenFile"
                r"|ioutil\.WriteFile))\([ \t]*\"(?:/var)?/tmp/[\w./-]+\""
            ),
            advice="use `os.CreateTemp`",
        ),
        (r"\"(?:/var)?/tmp/",),
    ),
    rule(
        "debug-mode-enabled",
        _GO,
        settings(
            r"(?P<span>\"net/http/pprof\"|\bgin\.SetMode\([ \t]*gin\.DebugMode|\b(?:e|app|server"
            r"|echo)\.Debug[ \t]*=[ \t]*true\b)"
        ),
        (r"\"net/http/pprof\"", r"\bgin\.DebugMode\b", r"\.Debug[ \t]*=[ \t]*true"),
    ),
    rule(
        "permissive-cors",
        _GO,
        settings(_CORS),
        (
            r"(?i)access-?control-?allow-?origin",
            r"\bAllow(?:ed)?Origins?\b",
            r"\bAllowAllOrigins\b",
            r"\bcors\.(?:Default|AllowAll)\b",
            r"\bCheckOrigin\b",
        ),
    ),
    rule(
        "permissive-mode",
        _GO,
        settings(_MODE, _mode),
        (r"\b(?:Chmod|Mkdir|MkdirAll|WriteFile|OpenFile)\(", r"\bsyscall\.Umask\b"),
        (said("masked"),),
    ),
    rule(
        "bind-all-interfaces",
        _GO,
        settings(_BIND),
        (r"\b(?:Listen\w{0,12}|Run|Start)\([^\n]{0,40}:\d{0,5}\"", r"\"0\.0\.0\.0:"),
    ),
    rule(
        "cleartext-protocol",
        _GO,
        settings(r"(?P<span>(?<![\w.])(?:ftp|telnet)\.Dial\w*(?=\())", advice="SFTP or SSH"),
        (r"\b(?:ftp|telnet)\.Dial",),
    ),
    rule(
        "jwt-verification-disabled",
        _GO,
        settings(
            r"(?P<span>\bParseUnverified(?=\()|\bUnsafeAllowNoneSignatureType\b|\bSigningMethodNone\b"
            r"|\bUnsafeClaimsWithoutVerification(?=\())"
        ),
        (
            r"\bParseUnverified\b",
            r"\bUnsafeAllowNoneSignatureType\b",
            r"\bSigningMethodNone\b",
            r"\bUnsafeClaimsWithoutVerification\b",
        ),
    ),
    rule(
        "open-redirect",
        _GO,
        either(
            settings(
                r"(?P<span>\bhttp\.Redirect\([^,\n]*,[^,\n]*,[ \t]*(?:r|req|request)\.(?:FormValue"
                r"|URL\.Query\(\)\.Get|PostFormValue|Form\.Get|Referer|Header\.Get)\(|\b(?:c"
                r"|ctx)\.Redirect\([^,\n]*,[ \t]*c(?:tx)?\.(?:Query|Param|PostForm|QueryParam"
                r"|FormValue)\()"
            ),
            redirects(
                r"(?P<span>\b(?:http\.Redirect\([^,\n]*,[^,\n]*,|(?:c|ctx)\.Redirect\([^,\n]*,)[ \t]*"
                r"(?P<name>[A-Za-z_]\w{0,60})(?=[ \t]*[,)]))",
                r"(?:r|req|request)\.(?:FormValue|URL\.Query\(\)\.Get|PostFormValue|Form\.Get|Referer"
                r"|Header\.Get)\(|c(?:tx)?\.(?:Query|Param|PostForm|QueryParam|FormValue)\(",
            ),
        ),
        (r"\.Redirect\(",),
    ),
    rule(
        "insecure-cookie",
        _GO,
        settings(
            (
                r"(?P<span>\b(?:Secure|HttpOnly|HTTPOnly|CookieSecure"
                r"|CookieHTTPOnly)[ \t]*[:=]+[ \t]*false\b)"
            ),
            _cookie,
        ),
        (r"\b(?:Cookie)?(?:Secure|HttpOnly|HTTPOnly)[ \t]*[:=][ \t]*false",),
    ),
)
