"""Dangerous calls and settings in C#."""

from __future__ import annotations

import re

from auto_enforcer.model import Candidate, Line
from auto_enforcer.rules._common import regex
from auto_enforcer.rules._kinds import said
from auto_enforcer.rules.security._shared import (
    ASKED,
    CONSTANT,
    Called,
    Judge,
    benign_hash,
    calls,
    chances,
    constant_name,
    either,
    excuse_of,
    outside,
    redirects,
    rule,
    settings,
    unless_asked,
)
from auto_enforcer.rules.security._sql import Text, sql_rule

_CSHARP = ("csharp",)
_SHELL = r"@?\"(?:[^\"\n]*[/\\])?(?:cmd(?:\.exe)?|powershell(?:\.exe)?|pwsh|(?:ba|z|da)?sh)\""


def _first(advice: str = "") -> Judge:
    def judge(called: Called) -> Candidate | None:
        first = called.at(0)
        if first is None:
            return None
        excuse = "constant" if first.constant or constant_name(called.line, first.code) else ""
        return called.found(excuse, advice=advice)

    return judge


def _process(called: Called) -> Candidate | None:
    first = called.at(0)
    if first is None or regex(_SHELL).match(first.text):
        return None
    if regex(r"(?i)new[ \t]+ProcessStartInfo|\w*(?:startinfo|psi|processinfo|procinfo|info)$").match(
        first.code
    ):
        return None
    return called.found("constant" if first.constant or constant_name(called.line, first.code) else "")


def _shell(called: Called) -> Candidate | None:
    first, second = called.at(0), called.at(1)
    if first is None or second is None or not regex(_SHELL).match(first.text):
        return None
    return called.found(excuse_of(called.line, second.code, second.text))


_ARGUMENTS = (
    r"(?<!\w)(?P<span>(?:\w{1,60}\.){0,6}Arguments)[ \t]*=[ \t]*(?P<value>(?:\$@?"
    r"|@\$?)?\"[ \t]*(?:/[cC]|-c|-Command)\b[^;\n]*)"
)


def _arguments(line: Line, match: re.Match[str]) -> str:
    start = match.start("value")
    return excuse_of(line, line.only(1)[start : match.end("value")], match["value"])


_DESERIALIZERS = (
    r"(?P<span>\bnew[ \t]+(?:BinaryFormatter|NetDataContractSerializer|LosFormatter"
    r"|SoapFormatter|ObjectStateFormatter)(?=\()"
    r"|\bTypeNameHandling[ \t]*=[ \t]*(?:Newtonsoft\.Json\.)?TypeNameHandling\.(?:All|Auto"
    r"|Objects|Arrays)\b"
    r"|\bTypeNameHandling\.(?:All|Auto|Objects|Arrays)\b"
    r"|\bnew[ \t]+JavaScriptSerializer\([ \t]*new[ \t]+SimpleTypeResolver\b"
    r"|\bnew[ \t]+(?:XmlSerializer|DataContractSerializer)\([ \t]*Type\.GetType\()"
)


def _deserializer(line: Line, match: re.Match[str]) -> str:
    return (
        "compared"
        if regex(r"(?:==|!=|\bcase\b|\bis\b)[^=]*$").search(line.text[: match.start("span")])
        else ""
    )


_HASHES = (
    r"(?P<span>\b(?P<name>MD5|SHA1)(?:\.Create|\.HashData(?:Async)?|Cng|Managed"
    r"|CryptoServiceProvider)?(?=\()|\bnew[ \t]+(?:MD5|SHA1|RIPEMD160|HMACMD5"
    r"|HMACRIPEMD160)\w*(?=\()|\b(?:HashAlgorithm|CryptoConfig)\.(?:Create"
    r"|CreateFromName)\([ \t]*\"(?:MD5|SHA1?|SHA-1)\"|\bHashAlgorithmName\.(?:MD5|SHA1)\b"
    r"|\bKeyDerivationPrf\.HMACSHA1\b)"
)
_CIPHERS = (
    r"(?P<span>\b(?P<name>DES|TripleDES|RC2)\.Create(?=\()|\bnew[ \t]+(?:DES|TripleDES"
    r"|RC2)(?:CryptoServiceProvider|Cng)(?=\()|\bCipherMode\.ECB\b|\bnew[ \t]+(?:DesEngine"
    r"|DesEdeEngine|RC4Engine|RC2Engine|BlowfishEngine|IdeaEngine)(?=\()"
    r"|\bSymmetricAlgorithm\.Create\([ \t]*\"(?:DES|3DES|TripleDES|RC2)\")"
)
_VERSIONS = (
    r"(?P<span>\b(?:SecurityProtocolType\.(?P<name>Ssl3|Tls|Tls11)|SslProtocols\.(?:Ssl2|Ssl3"
    r"|Tls|Tls11|Default))\b(?!\.))"
)


def _version(line: Line, match: re.Match[str]) -> str:
    before = line.text[: match.start("span")]
    if regex(r"(?:==|!=|\bcase\b|~[ \t]*)[^=]*$").search(before) or regex(r"[ \t]*(?:==|!=)").match(
        line.text, match.end()
    ):
        return "compared"
    return ""


_TLS = (
    r"(?P<span>\b(?:ServerCertificate(?:Custom)?ValidationCallback"
    r"|RemoteCertificateValidationCallback|ServerCertificateCustomValidationCallback"
    r"|CertificateValidationCallback)\b[^;{}\n]*?(?:=>[ \t]*(?:true\b"
    r"|\{[ \t]*return[ \t]+true)|delegate[^;{}\n]*\{[ \t]*return[ \t]+true)"
    r"|\bDangerousAcceptAnyServerCertificateValidator\b"
    r"|\bCertificateValidationMode[ \t]*=[ \t]*(?:\w+\.)*None\b"
    r"|\bCheckCertificateRevocationList[ \t]*=[ \t]*false\b"
    r"|\bX509CertificateValidationMode\.None\b)"
)
_HTML = (
    r"(?P<call>(?<![\w.])(?:@?Html\.Raw|MvcHtmlString\.Create"
    r"|(?:HttpContext\.(?:Current\.)?)?Response\.Write|new[ \t]+(?:HtmlString|MarkupString"
    r"|MvcHtmlString))|\bnew[ \t]+(?:HtmlString|MarkupString|MvcHtmlString))[ \t]*\("
)


def _html(called: Called) -> Candidate | None:
    first = called.at(0)
    if first is None:
        return None
    excuse = "constant" if first.constant or constant_name(called.line, first.code) else ""
    if not excuse and regex(r"(?i)encode|escape|sanitiz|json\.serialize|jsonconvert").search(first.code):
        excuse = "escaped"
    return called.found(excuse, advice="encode it, or let Razor do so")


_XML = (
    r"(?P<span>\bDtdProcessing[ \t]*=[ \t]*DtdProcessing\.Parse\b"
    r"|\bProhibitDtd[ \t]*=[ \t]*false\b|\bnew[ \t]+XmlUrlResolver(?=\()"
    r"|\bXmlResolver[ \t]*=[ \t]*new[ \t]+Xml(?:Url|Preloaded)Resolver\b)"
)
_CORS = (
    r"(?P<span>\.AllowAnyOrigin(?=\()|\bWithOrigins\([ \t]*\"\*\""
    r"|\bEnableCors\((?:origins:)?[ \t]*\"\*\"|\b(?:Add|Append|AppendHeader|AddHeader|Set"
    r"|TryAdd)\([ \t]*\"(?i:Access-Control-Allow-Origin)\"[ \t]*,[ \t]*\"\*\""
    r"|\[\"(?i:Access-Control-Allow-Origin)\"\][ \t]*=[ \t]*\"\*\""
    r"|\bSetIsOriginAllowed\([ \t]*\(?\w+\)?[ \t]*=>[ \t]*true)"
)
_JWT = (
    r"(?P<span>\b(?:RequireSignedTokens|ValidateIssuerSigningKey"
    r"|RequireExpirationTime_none)[ \t]*=[ \t]*false\b"
    r"|\bSignatureValidator[ \t]*=[ \t]*(?:\([^()\n]*\)"
    r"|delegate[^{\n]*)[ \t]*(?:=>[ \t]*(?:\{[ \t]*return[ \t]+)?"
    r"|\{[ \t]*return[ \t]+)new[ \t]+J|\bverify:[ \t]*false\b|\bJwtAlgorithm\.None\b"
    r"|\bSecurityAlgorithms\.None\b|\bNoneAlgorithm\b|\bWithoutSignatureVerification"
    r"|\bDoNotVerifySignature(?=\())"
)


def _jwt(line: Line, match: re.Match[str]) -> str:
    if match["span"].startswith("verify"):
        return "" if regex(r"(?i)jwt|token|decode").search(line.text + line.text_before(3)) else "none"
    return ""


def _cookie(line: Line, match: re.Match[str]) -> str:
    return (
        ""
        if regex(r"(?i)cookie|session").search(line.text + line.text_before(10)) or "Policy" in match["span"]
        else "none"
    )


def _debug(line: Line, match: re.Match[str]) -> str:
    near = line.text + line.text_before(4)
    return "development" if regex(r"(?i)IsDevelopment|#if[ \t]+DEBUG|IsEnvironment").search(near) else ""


RULES = (
    rule(
        "eval-call",
        _CSHARP,
        calls(
            (
                r"(?P<call>(?<![\w.])(?:CSharpScript\.(?:Evaluate|Run|Create)(?:Async)?(?:<\w+>)?"
                r"|\w*[eE]ngine\.(?:Execute|Evaluate)|\w*(?:[pP]rovider"
                r"|[cC]ompiler)\.CompileAssemblyFromSource))[ \t]*\("
            ),
            _first(),
        ),
        (r"\bCSharpScript\.", r"ngine\.(?:Execute|Evaluate)\(", r"\bCompileAssemblyFromSource\b"),
        (CONSTANT,),
    ),
    rule(
        "exec-call",
        _CSHARP,
        calls(
            (
                r"(?P<call>(?<![\w.])(?:(?:System\.)?(?:Diagnostics\.)?Process\.Start"
                r"|new[ \t]+ProcessStartInfo))[ \t]*\("
            ),
            _process,
        ),
        (r"\bProcess\.Start\b", r"\bProcessStartInfo[ \t]*\("),
        (CONSTANT,),
    ),
    rule(
        "shell-injection",
        _CSHARP,
        either(
            calls(
                (
                    r"(?P<call>(?<![\w.])(?:(?:System\.)?(?:Diagnostics\.)?Process\.Start"
                    r"|new[ \t]+ProcessStartInfo))[ \t]*\("
                ),
                _shell,
            ),
            settings(_ARGUMENTS, _arguments),
        ),
        (r"\bProcess\.Start\b", r"\bProcessStartInfo[ \t]*\(", r"\bArguments[ \t]*="),
        (CONSTANT,),
    ),
    sql_rule(_CSHARP, Text(formats=r"\.[ \t]*(?:Concat|Format)[ \t]*\(", calls=True)),
    rule(
        "unsafe-deserialization",
        _CSHARP,
        settings(_DESERIALIZERS, _deserializer, advice="use `System.Text.Json` with types of your own"),
        (
            r"\b(?:Binary|Los|Soap|ObjectState)Formatter\(",
            r"\bNetDataContractSerializer\b",
            r"\bTypeNameHandling\b",
            r"\bSimpleTypeResolver\b",
            r"\bType\.GetType\(",
        ),
        (said("compared"),),
    ),
    rule(
        "weak-hash",
        _CSHARP,
        settings(_HASHES, benign_hash),
        (
            r"\b(?:MD5|SHA1|RIPEMD160|HMACMD5|HMACRIPEMD160)",
            r"\b(?:HashAlgorithm|CryptoConfig)\.Create",
            r"\bHMACSHA1\b",
        ),
        (said("checksum"),),
    ),
    rule(
        "weak-cipher",
        _CSHARP,
        settings(_CIPHERS),
        (
            r"\b(?:Triple)?DES(?:\.Create|C)",
            r"\bRC2(?:\.Create|C)",
            r"\bCipherMode\.ECB\b",
            r"\b(?:Des|DesEde|RC4|RC2|Blowfish|Idea)Engine\(",
            r"\bSymmetricAlgorithm\.Create\b",
        ),
    ),
    rule(
        "weak-key-size",
        _CSHARP,
        settings(
            r"(?P<span>\b(?:RSA|DSA)\.Create\([ \t]*(?:512|768|1024)\b|\bnew[ \t]+(?:RSA"
            r"|DSA)(?:CryptoServiceProvider|Cng)\([ \t]*(?:512|768|1024)\b"
            r"|\bKeySize[ \t]*=[ \t]*(?:512|768|1024)\b)"
        ),
        (r"\b[RD]SA\.Create\(", r"\b[RD]SAC", r"\bKeySize[ \t]*="),
    ),
    rule(
        "weak-tls-version",
        _CSHARP,
        settings(_VERSIONS, _version),
        (r"\bSecurityProtocolType\.", r"\bSslProtocols\."),
        (said("compared"),),
    ),
    rule(
        "insecure-random",
        _CSHARP,
        chances(
            (
                r"\bnew[ \t]+(?:System\.)?Random(?=\()|\bRandom\.Shared\.\w+(?=\()|(?<![\w.])_?(?:random"
                r"|rnd|rand|rng)\.Next\w*(?=\()"
            ),
            "`RandomNumberGenerator`",
            r"RandomNumberGenerator|RNGCrypto",
        ),
        (r"\bRandom\b", r"(?i)\b_?(?:random|rnd|rand|rng)\.next"),
        (said("secure-random"),),
    ),
    rule(
        "tls-verification-disabled",
        _CSHARP,
        settings(_TLS, unless_asked()),
        (
            r"ValidationCallback\b",
            r"\bDangerousAcceptAny",
            r"\bCertificateValidationMode\b",
            r"\bCheckCertificateRevocationList\b",
            r"\bX509CertificateValidationMode\b",
        ),
        (ASKED,),
    ),
    rule(
        "unverified-host-key",
        _CSHARP,
        settings(
            r"(?P<span>\bCanTrust[ \t]*=[ \t]*true\b"
            r"|\bSshHostKeyPolicy[ \t]*=[ \t]*\w+\.GiveUpSecurityAndAcceptAny\b"
            r"|\bGiveUpSecurityAndAcceptAnySshHostKey[ \t]*=[ \t]*true)"
        ),
        (r"\bCanTrust\b", r"\bGiveUpSecurity"),
    ),
    rule(
        "raw-html",
        _CSHARP,
        calls(_HTML, _html),
        (r"\bHtml\.Raw\(", r"\bMvcHtmlString\b", r"\bResponse\.Write\(", r"\b(?:Html|Markup)String\("),
        (CONSTANT, said("escaped")),
    ),
    rule(
        "xxe-parser",
        _CSHARP,
        settings(_XML, advice="forbid DTDs and set no resolver"),
        (r"\bDtdProcessing\b", r"\bProhibitDtd\b", r"\bXmlUrlResolver\b", r"\bXmlResolver\b"),
    ),
    rule(
        "archive-path-traversal",
        _CSHARP,
        settings(
            r"(?P<span>\bPath\.Combine\([^()\n]*\b\w*[eE]ntry\w*\.(?:FullName|Name|Key|FileName)\b)",
            outside(r"(?i)zip|\btar|archive", r"StartsWith\(|GetFullPath\([^\n]*\n[^\n]*Start|\"\.\.\""),
            advice="compare the full path with the folder first",
        ),
        (r"\bPath\.Combine\(",),
        (said("checked"),),
    ),
    rule(
        "debug-mode-enabled",
        _CSHARP,
        settings(
            (
                r"(?P<span>\.UseDeveloperExceptionPage(?=\()"
                r"|\bIncludeExceptionDetailInFaults[ \t]*=[ \t]*true|\bcustomErrors[ \t]+mode=\"Off\""
                r"|\bEnableDetailedErrors[ \t]*=[ \t]*true"
                r"|\.EnableSensitiveDataLogging\([ \t]*(?:true[ \t]*)?\))"
            ),
            _debug,
        ),
        (
            r"\bUseDeveloperExceptionPage\b",
            r"\bIncludeExceptionDetailInFaults\b",
            r"\bEnableDetailedErrors\b",
            r"\bEnableSensitiveDataLogging\b",
        ),
        (said("development"),),
    ),
    rule(
        "permissive-cors",
        _CSHARP,
        settings(_CORS),
        (
            r"\bAllowAnyOrigin\b",
            r"\bWithOrigins\(",
            r"\bEnableCors\(",
            r"(?i)access-control-allow-origin",
            r"\bSetIsOriginAllowed\(",
        ),
    ),
    rule(
        "permissive-mode",
        _CSHARP,
        settings(
            r"(?P<span>\bUnixFileMode\.OtherWrite\b"
            r"|\bnew[ "
            r"\t]+FileSystemAccessRule\([ "
            r"\t]*\"Everyone\"[ \t]*,[ \t]*FileSystemRights\.(?:FullControl|Modify|Write))"
        ),
        (r"\bUnixFileMode\.OtherWrite\b", r"\bFileSystemAccessRule\("),
    ),
    rule(
        "bind-all-interfaces",
        _CSHARP,
        settings(
            r"(?P<span>\bUseUrls\([^()\n]*\"https?://(?:0\.0\.0\.0|\*|\+)[:/\"]"
            r"|\bIPAddress\.(?:IPv6)?Any\b|\bListenAnyIP(?=\()"
            r"|\bIPAddress\.Parse\([ \t]*\"0\.0\.0\.0\")"
        ),
        (r"\bUseUrls\(", r"\bIPAddress\.", r"\bListenAnyIP\("),
    ),
    rule(
        "cleartext-protocol",
        _CSHARP,
        settings(
            (
                r"(?P<span>\bnew[ \t]+FtpClient(?=\()|\bWebRequest\.Create\([ \t]*\"ftp://"
                r"|\(FtpWebRequest\)[ \t]*WebRequest\.Create(?=\()|\bnew[ \t]+TelnetClient(?=\())"
            ),
            advice="SFTP or SSH",
        ),
        (r"\bFtpClient\(", r"\bFtpWebRequest\b", r"\"ftp://", r"\bTelnetClient\("),
    ),
    rule(
        "jwt-verification-disabled",
        _CSHARP,
        settings(_JWT, _jwt),
        (
            r"\bRequireSignedTokens\b",
            r"\bValidateIssuerSigningKey\b",
            r"\bSignatureValidator\b",
            r"\bverify:[ \t]*false",
            r"\b(?:JwtAlgorithm|SecurityAlgorithms)\.None\b",
            r"\bNoneAlgorithm\b",
            r"\bDoNotVerifySignature\b",
        ),
    ),
    rule(
        "csrf-disabled",
        _CSHARP,
        settings(
            r"(?P<span>\[IgnoreAntiforgeryToken\b|\bnew[ \t]+IgnoreAntiforgeryTokenAttribute(?=\()"
            r"|\.DisableAntiforgery(?=\())"
        ),
        (r"\bIgnoreAntiforgeryToken", r"\bDisableAntiforgery\b"),
    ),
    rule(
        "open-redirect",
        _CSHARP,
        either(
            settings(
                r"(?P<span>\b(?:Redirect|RedirectPermanent"
                r"|Response\.Redirect)\([ \t]*(?:\w+\.)?Request\.(?:Query|QueryString|Form|Headers|Params"
                r"|Cookies)\b|(?<!Local)\bRedirect\([ \t]*(?:returnUrl|redirectUrl|next|url)[ \t]*\))"
            ),
            redirects(
                r"(?P<span>\b(?:Response\.)?Redirect(?:Permanent)?\([ \t]*"
                r"(?!(?:returnUrl|redirectUrl|next|url)\b)(?P<name>[A-Za-z_]\w{0,60})(?=[ \t]*\)))",
                r"(?:\w+\.)?Request\.(?:Query|QueryString|Form|Headers|Params|Cookies)\b",
            ),
        ),
        (r"\bRedirect(?:Permanent)?\(",),
    ),
    rule(
        "insecure-cookie",
        _CSHARP,
        settings(
            (
                r"(?P<span>\b(?:HttpOnly|Secure|RequireSsl|requireSSL)[ \t]*=[ \t]*false\b"
                r"|\bCookieSecurePolicy\.None\b|\bHttpOnlyPolicy\.None\b)"
            ),
            _cookie,
        ),
        (
            r"\b(?:HttpOnly|Secure|RequireSsl|requireSSL)[ \t]*=[ \t]*false",
            r"\bCookieSecurePolicy\.None\b",
            r"\bHttpOnlyPolicy\.None\b",
        ),
    ),
)
