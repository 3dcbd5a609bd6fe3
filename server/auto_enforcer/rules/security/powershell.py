"""Dangerous commands in PowerShell."""

from __future__ import annotations

import re

from auto_enforcer.model import Line
from auto_enforcer.rules._common import regex
from auto_enforcer.rules._kinds import said
from auto_enforcer.rules.security._shared import (
    ABOVE,
    CONSTANT,
    benign_hash,
    chances,
    rule,
    settings,
)

_POWERSHELL = ("powershell",)
_VARIABLE = r"\$(?:\{(?P<braced>\w+)\}|(?P<name>(?:\w+:)?\w+))"
_OWN = r"(?i:PSScriptRoot|PWD|HOME|PSCommandPath|null|true|false|PSHOME)"
"""Variables that the shell sets."""


def _is_constant(line: Line, text: str) -> bool:
    """Whether nothing in a command's text is known at run time only."""
    bare = regex(r"'[^'\n]*'").sub(" ", text)
    names = [match["name"] or match["braced"] for match in regex(_VARIABLE).finditer(bare)]
    return "$(" not in bare and all(regex(_OWN).fullmatch(name) or _is_set(line, name) for name in names)


def _is_set(line: Line, name: str) -> bool:
    """Whether a variable was given a literal last, some lines above."""
    if not regex(r"\w{1,60}").fullmatch(name):
        return False
    given = regex(rf"(?i)\${name}[ \t]*(?P<sign>\+?=)[ \t]*(.*)")
    literal = regex(r"(?:'[^'\n]*'|\"[^\"$`\n]*\"|\d+)[ \t]*;?[ \t]*$")
    for one in line.before(ABOVE):
        match = given.search(one.text)
        if match:
            return match["sign"] == "=" and literal.match(match[2]) is not None
    return False


_EVAL = (
    r"(?P<span>(?<![\w.$-])(?i:invoke-expression|iex)\b)(?![ \t]*[=:])(?P<rest>[^\n;|}]*)"
    r"|(?P<other>\[(?i:scriptblock)\]::(?i:create))\((?P<given>[^\n;]*)"
    r"|(?P<third>\.(?i:InvokeScript|NewScriptBlock))\((?P<value>[^\n;]*)"
)
_LOADS = r"(?i)\bi(?:wr|rm)\b|invoke-(?:webrequest|restmethod)|download|\bcurl\b|\bwget\b"


def _eval(line: Line, match: re.Match[str]) -> str:
    given = match["rest"] or match["given"] or match["value"] or ""
    if match["span"] and not given.strip():
        # What is run comes through the pipe.
        given = line.text[: match.start()]
        if not regex(r"\|[ \t]*$").search(given):
            return "none"
        if regex(_LOADS).search(given):
            return ""
    return "constant" if _is_constant(line, given) else ""


_SHELLS = (
    r"(?<![\w.$\\/-])(?P<span>(?i:cmd(?:\.exe)?[ \t]+/[ck]|(?:powershell|pwsh)(?:\.exe)?[ \t]+"
    r"(?:-(?!c)\w+[ \t]+(?:\w+[ \t]+)?){0,6}-c(?:ommand)?))[ \t]+(?P<rest>[^\n]*)"
)


def _shell(line: Line, match: re.Match[str]) -> str:
    return "constant" if _is_constant(line, match["rest"]) else ""


_STARTS = r"(?P<span>(?<![\w.$-])(?i:start-process))\b(?P<rest>[^\n;|]*)"


def _start(line: Line, match: re.Match[str]) -> str:
    first = regex(r"[ \t]+(?:-(?i:FilePath)[ \t]+)?(\S+)").match(match["rest"])
    if first is None or first[1].startswith(("-", "(", "@")):
        return "none"
    return "constant" if _is_constant(line, first[1]) else ""


_SQL = (
    r"(?P<span>\"[ \t]*(?i:select\b[^\"\n]{1,400}\bfrom\b|insert[ \t]+into\b|update\b[^\"\n]{1,80}\bset\b"
    r"|delete[ \t]+from\b)(?:[^\"`\n]|`.)*\")"
)
_TAKES = (
    r"(?i)invoke-\w*sql\w*|-query\b|commandtext|sqlcommand|\$\w*(?:sql|query"
    r"|statement)\w*[ \t]*\+?=|execute\w*\("
)


def _statement(line: Line, match: re.Match[str]) -> str:
    text = match["span"]
    if not regex(_TAKES).search(line.text[: match.start()]) or not regex(_VARIABLE + r"|\$\(").search(text):
        return "none"
    if _is_constant(line, text.replace("'", " ")):
        return "constant"
    return "" if regex(r"[='<>(,%][ \t]*'?%?\$").search(text) else "identifier"


_TLS = (
    r"(?P<span>-(?i:SkipCertificateCheck|SkipCACheck|SkipCNCheck|TrustServerCertificate)\b(?!:[ \t]*\$false)"
    r"|\b(?i:ServerCertificateValidationCallback)[ \t]*=[ \t]*(?:\{[ \t]*(?i:return[ \t]+)?\$"
    r"(?i:true)[ \t]*;?[ \t]*\}"
    r"|\[\w*(?i:TrustAll|Ignore)\w*)|\b(?i:CertificatePolicy)[ \t]*=[^\n]{0,60}\b(?i:TrustAll\w*)"
    r"|\b(?i:Set-PowerCLIConfiguration)\b[^\n]{0,80}-(?i:InvalidCertificateAction)[ \t]+(?i:Ignore)\b"
    r"|\$env:NODE_TLS_REJECT_UNAUTHORIZED[ \t]*=[ \t]*[\"']?0)"
)
_VERSIONS = r"(?P<span>\[(?:System\.)?(?i:Net\.SecurityProtocolType)\]::(?P<name>(?i:Ssl3|Tls11|Tls))\b)"


def _version(line: Line, match: re.Match[str]) -> str:
    compared = regex(r"(?i)-(?:eq|ne|band|bnot)[ \t]*$").search(line.text[: match.start()])
    return "compared" if compared else ""


_NET = r"(?i:System\.Security\.Cryptography\.)"
_HASHES = (
    r"(?P<span>\b(?P<name>(?i:MD5|SHA1))(?i:CryptoServiceProvider|Managed|Cng)\b"
    rf"|\[{_NET}(?i:MD5|SHA1)\]::(?i:Create|HashData)|(?i:HashAlgorithm\]::Create)\([\"'](?i:MD5|SHA1)[\"'])"
)
_CIPHERS = (
    r"(?P<span>\b(?P<name>(?i:DES|TripleDES|RC2))(?i:CryptoServiceProvider|Cng)\b"
    rf"|\[{_NET}(?i:DES|TripleDES|RC2)\]::(?i:Create)|\b(?i:CipherMode)\]::(?i:ECB)\b)"
)
_MADE = (
    r"(?P<span>\b(?i:BinaryFormatter|NetDataContractSerializer|LosFormatter|SoapFormatter"
    r"|ObjectStateFormatter)\b"
    r"(?=\]|\)|\(|[ \t]*$))"
)
_MODE = (
    r"(?P<span>\b(?i:icacls)\b[^\n;|]{0,200}[\"']?(?:(?i:Everyone)|\*S-1-1-0)[\"']?:(?:\((?:OI|CI"
    r"|IO)\)){0,3}\(?[FMW]\)?"
    r"|\b(?i:FileSystemAccessRule)\b[\"']?[^\n]{0,80}[\"'](?i:Everyone)[\"'][ \t]*,[ \t]*[\"']"
    r"(?i:FullControl|Modify"
    r"|Write)[\"']|\bchmod[ \t]+(?:-\w+[ \t]+)*0?777\b)"
)

RULES = (
    rule(
        "eval-call",
        _POWERSHELL,
        settings(_EVAL, _eval),
        (
            r"(?i)\binvoke-expression\b",
            r"(?i)\biex\b",
            r"(?i)\[scriptblock\]::create",
            r"(?i)\.(?:InvokeScript|NewScriptBlock)\(",
        ),
        (CONSTANT,),
    ),
    rule("exec-call", _POWERSHELL, settings(_STARTS, _start), (r"(?i)\bstart-process\b",), (CONSTANT,)),
    rule(
        "shell-injection",
        _POWERSHELL,
        settings(_SHELLS, _shell),
        (r"(?i)\bcmd(?:\.exe)?[ \t]+/[ck]", r"(?i)\b(?:powershell|pwsh)(?:\.exe)?[ \t][^\n]{0,120}-c"),
        (CONSTANT,),
    ),
    rule(
        "sql-built-from-text",
        _POWERSHELL,
        settings(_SQL, _statement),
        (r"(?i)\"[ \t]*(?:select|insert|update|delete)[ \t]",),
        (CONSTANT, said("identifier")),
    ),
    rule(
        "unsafe-deserialization",
        _POWERSHELL,
        settings(_MADE, advice="read JSON"),
        (r"(?i)\b(?:Binary|Los|Soap|ObjectState)Formatter\b", r"(?i)\bNetDataContractSerializer\b"),
    ),
    rule(
        "weak-hash",
        _POWERSHELL,
        settings(_HASHES, benign_hash),
        (r"(?i)\b(?:md5|sha1)(?:c|m|\]|[\"'])",),
        (said("checksum"),),
    ),
    rule(
        "weak-cipher",
        _POWERSHELL,
        settings(_CIPHERS),
        (r"(?i)\b(?:triple)?des(?:c|\])", r"(?i)\brc2(?:c|\])", r"(?i)\]::ecb\b"),
    ),
    rule(
        "weak-tls-version",
        _POWERSHELL,
        settings(_VERSIONS, _version),
        (r"(?i)\.SecurityProtocolType\]::",),
        (said("compared"),),
    ),
    rule(
        "insecure-random",
        _POWERSHELL,
        chances(
            r"(?<![\w.$-])(?i:get-random)\b|\b(?i:System\.Random)\b",
            "`RandomNumberGenerator`",
            r"(?i)RandomNumberGenerator",
        ),
        (r"(?i)\bget-random\b", r"(?i)\bsystem\.random\b"),
        (said("secure-random"),),
    ),
    rule(
        "tls-verification-disabled",
        _POWERSHELL,
        settings(_TLS),
        (
            r"(?i)-skip(?:certificate|ca|cn)",
            r"(?i)-TrustServerCertificate\b",
            r"(?i)\bServerCertificateValidationCallback\b",
            r"(?i)\bCertificatePolicy\b",
            r"(?i)-InvalidCertificateAction\b",
            r"\bNODE_TLS_REJECT_UNAUTHORIZED",
        ),
    ),
    rule(
        "permissive-mode",
        _POWERSHELL,
        settings(_MODE),
        (r"(?i)\bicacls\b", r"(?i)\bFileSystemAccessRule\b", r"\bchmod[ \t]"),
    ),
)
