"""Dangerous calls and settings in Java, Kotlin, Scala and Groovy."""

from __future__ import annotations

import re

from auto_enforcer.model import Candidate, Line
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
    is_constant,
    outside,
    redirects,
    rule,
    settings,
    unless_asked,
    where_near,
)
from auto_enforcer.rules.security._sql import Text, sql_rule

_JVM = ("java", "kotlin", "scala", "groovy")

_SHELL = (
    r"[{(,][ \t\n]*\"(?:/bin/|/usr/bin/)?(?:(?:ba|z|da|k)?sh\"[ \t\n]*,[ \t\n]*\"-l?c\""
    r"|cmd(?:\.exe)?\"[ \t\n]*,[ \t\n]*\"/[cC]\""
    r"|powershell(?:\.exe)?\"[ \t\n]*,[ \t\n]*\"-(?:Command|c)\")[ \t\n]*,"
)


def _passed(called: Called) -> Candidate | None:
    """`"sh", "-c", text`: what the shell is given."""
    given = regex(_SHELL).search(called.call.text)
    if given is None:
        return None
    rest = called.call.code[given.end() :]
    return called.found(excuse_of(called.line, rest.strip(" \t\n)}]"), rest))


def _shell(called: Called) -> Candidate | None:
    passed = _passed(called)
    if passed is not None:
        return passed
    first = called.at(0)
    if called.match["call"].endswith("ProcessBuilder") or first is None:
        return None
    if regex(
        r"new[ \t]+String|arrayOf|(?i:\w*(?:args|argv|array|list|parts)\b)|\w*(?:Args|Argv|Array"
        r"|List|Parts)\b"
    ).match(first.code):
        return None
    return called.found(excuse_of(called.line, first.code, first.text))


def _exec(called: Called) -> Candidate | None:
    first = called.at(0)
    if first is None or regex(_SHELL).search(called.call.text):
        return None
    return called.found(
        "constant"
        if first.constant
        or constant_name(called.line, first.code)
        or regex(
            r"new[ \t]+String\[\][ \t]*\{[ \t]*\"|(?:Arrays\.asList|List\.of|listOf|arrayOf)\([ \t]*\""
        ).match(first.text)
        else ""
    )


def _first(called: Called) -> Candidate | None:
    first = called.at(0)
    if first is None:
        return None
    return called.found("constant" if first.constant or constant_name(called.line, first.code) else "")


def _yaml(called: Called) -> Candidate | None:
    if called.match["call"].endswith("Yaml"):
        return called.found(
            "safe-constructor" if "SafeConstructor" in called.call.code else "",
            advice="give it a `SafeConstructor`",
        )
    return called.found(advice=_USE_JSON)


_USE_JSON = "read JSON into a type of your own, or set an `ObjectInputFilter`"

_DESERIALIZERS = (
    r"(?P<call>\bnew[ \t]+(?:ObjectInputStream|XMLDecoder|Yaml|XStream)"
    r"|(?<![\w.])(?:ObjectInputStream|XMLDecoder|XStream|Yaml)"
    r"|\bSerializationUtils\.deserialize|\.(?:enableDefaultTyping"
    r"|activateDefaultTyping))[ \t]*\("
)

_HASHES = (
    r"(?P<span>\bMessageDigest\.getInstance\([ \t]*\"(?P<name>(?i:MD[245]|SHA-?1|SHA))\""
    r"|\bDigestUtils\.(?:md[25]\w*|sha1?(?:Hex)?|getMd[25]Digest|getSha1?Digest|getShaDigest"
    r"|md5DigestAsHex)(?=\()|\bHashing\.(?:md5|sha1)(?=\()"
    r"|\bMac\.getInstance\([ \t]*\"HmacMD5\"|\bMessageDigestAlgorithms\.(?:MD[25]|SHA_1)\b"
    r"|\bnew[ \t]+(?:MD5|SHA1)Digest(?=\()|\bMessageDigestPasswordEncoder(?=\()"
    r"|\bMd5PasswordEncoder\b)"
)
_CIPHERS = (
    r"(?P<span>\b(?:Cipher|KeyGenerator"
    r"|SecretKeyFactory)\.getInstance\([ \t]*\"(?P<name>(?i:DES(?:/[\w/]+)?"
    r"|DESede(?:/[\w/]+)?|TripleDES(?:/[\w/]+)?|RC[245](?:/[\w/]+)?|ARCFOUR"
    r"|Blowfish(?:/[\w/]+)?|IDEA(?:/[\w/]+)?|\w+/ECB/\w+|AES(?=\"[ \t]*[),])))\""
    r"|\bnew[ \t]+(?:NullCipher|DESKeySpec|DESedeKeySpec)(?=\()"
    r"|\bnew[ \t]+SecretKeySpec\([^()\n]*(?:\([^()\n]*\)[^()\n]*)?,[ \t]*\"(?:DES|DESede|RC4|RC2|Blowfish)\")"
)


def _cipher(line: Line, match: re.Match[str]) -> str:
    # Without a mode AES is ECB for a cipher; for a key it is just a key.
    return "none" if (match["name"] or "").upper() == "AES" and "Cipher." not in match["span"] else ""


_VERSIONS = (
    r"(?P<span>\b(?:SSLContext\.getInstance|setProtocol|setEnabledProtocols|setSslProtocol"
    r"|setSSLProtocol|sslProtocol|protocols)\((?:[^()\n]*?"
    r"|[^()\n]{0,40}\([^()\n]*?)\"(?P<name>SSL|SSLv2|SSLv3|TLSv1"
    r"|TLSv1\.1)\"|\bTlsVersion\.(?:TLS_1_0|TLS_1_1|SSL_3_0)\b)"
)

_RANDOM = (
    r"\bnew[ \t]+(?:java\.util\.)?Random(?=\()|(?<![\w.])(?:java\.util\.)?Random(?=\(\))|\bMath\.random(?=\()"
    r"|\bThreadLocalRandom\.current(?=\()|\bRandomStringUtils\.random\w*(?=\()"
    r"|\bRandom\.(?:Default|next\w*)|(?<![\w.])(?:random|rnd|rand|rng)\.next\w*(?=\()"
)

_TLS = (
    r"(?P<span>\b(?:NoopHostnameVerifier\b|ALLOW_ALL_HOSTNAME_VERIFIER\b"
    r"|AllowAllHostnameVerifier\b|TrustAllStrategy\b|TrustAllCerts?\w*(?=\(|\.)"
    r"|InsecureTrustManagerFactory\b|NullHostnameVerifier\b|TrustAllX509\w*|TrustAllManager\b)"
    r"|\b(?:setHostnameVerifier|setDefaultHostnameVerifier|hostnameVerifier"
    r"|setSSLHostnameVerifier|loadTrustMaterial)\([^{}\n]*?->[ \t]*true\b"
    r"|\bhostnameVerifier[ \t]*\{[^{}\n]*->[ \t]*true\b|\bHostnameVerifier[ \t]*\{[^{}\n]{0,60}->[ \t]*true\b"
    r"|\bvoid[ \t]+check(?:Server|Client)Trusted\([^{}\n]*\)[^{}\n]*\{[ \t]*(?://[^\n]*)?\}"
    r"|\bfun[ \t]+check(?:Server)Trusted\([^{}\n]*\)[^{}\n]*\{[ \t]*\}"
    r"|\bboolean[ "
    r"\t]+verify\([ "
    r"\t]*(?:final[ \t]+)?String\b[^{}\n]*\{[ \t]*return[ \t]+true[ \t]*;?[ \t]*\}"
    r"|\bfun[ \t]+verify\([^{}\n]*String[^{}\n]*\)[^{}\n]*(?:=[ \t]*true\b"
    r"|\{[ \t]*return[ \t]+true[ \t]*\})|\bX509Certificate\[\]\{\}[ \t]*;?[ \t]*\}[ \t]*$)"
)
_TLS_SPREAD = (
    r"(?P<span>\b(?:void[ \t]+checkServerTrusted|boolean[ \t]+verify"
    r"|fun[ \t]+checkServerTrusted))\([^{}\n]*\)?[^{}\n]*\{?[ \t]*$"
)


def _spread(line: Line, match: re.Match[str]) -> str:
    """The body stands below, and does nothing or says yes."""
    name = match["spread"].split()[-1]
    below = line.text[match.end("spread") :] + "\n" + line.text_after(8)
    kept = regex(r"//[^\n]*").sub("", below)
    if name == "verify":
        return (
            ""
            if "SSLSession" in kept[:300] and regex(r"[^{}]{0,300}\{\s*return\s+true\s*;?\s*\}").match(kept)
            else "none"
        )
    return "" if regex(r"[^{}]{0,300}\{\s*(?:return\s*;?\s*)?\}").match(kept) else "none"


def _loose(line: Line, match: re.Match[str]) -> str:
    if regex(r"[ \t]*import\b").match(line.text):
        return "none"
    return _spread(line, match) if match["spread"] else ""


def _html(called: Called) -> Candidate | None:
    first = called.at(0) if not called.match["call"].endswith(("format", "printf", "BaseURL")) else None
    code, text = (first.code, first.text) if first else (called.call.code, called.call.text)
    asked = regex(r"\b(?:request|req)\.get(?:Parameter|Header|QueryString|RequestURI|Cookies)\b").search(code)
    tags = regex(r"<[a-zA-Z/!]").search(text) and not is_constant(code.strip("() "))
    if not asked and not tags:
        return None
    escaped = regex(r"(?i)escape|encode|sanitize|htmlutils|esapi|jsoup\.clean|policy").search(code)
    return called.found("escaped" if escaped else "", advice="escape the values")


_XML = (
    r"(?P<span>(?P<name>\b(?:DocumentBuilderFactory|SAXParserFactory|TransformerFactory"
    r"|SAXTransformerFactory|SchemaFactory|XMLInputFactory)\.new(?:Instance|Factory"
    r"|DefaultInstance)(?=\()"
    r"|\bXMLReaderFactory\.createXMLReader(?=\()|\bnew[ \t]+(?:SAXReader|SAXBuilder|DOMParser"
    r"|SAXParser)(?=\()))"
)
_SECURED = (
    r"disallow-doctype-decl|FEATURE_SECURE_PROCESSING|SUPPORT_DTD|ACCESS_EXTERNAL"
    r"|external-general-entities|IS_SUPPORTING_EXTERNAL_ENTITIES|isSupportingExternalEntities"
    r"|setExpandEntityReferences\([ \t]*false|setXIncludeAware\([ \t]*false|setFeature\("
    r"|setXMLResolver|setEntityResolver"
)


_OWN = r"[ \t]*(?:final[ \t]+)?(?:[A-Z]\w*|var|val)[ \t]+\w+[ \t]*="


def _xml(line: Line, match: re.Match[str]) -> str:
    indent = len(line.text) - len(line.text.lstrip())
    for one in (line, *line.after(20)):
        text = one.text.strip()
        if text == "}" and len(one.text) - len(one.text.lstrip()) < indent and regex(_OWN).match(line.text):
            return ""  # The factory is a variable of the method that ends here.
        if regex(_SECURED).search(one.text):
            return "secured"
    return ""


_CORS = (
    r"(?P<span>@CrossOrigin(?=[ \t]*$|[ \t]*\([ \t]*\))|@CrossOrigin\([^()\n]*\"\*\""
    r"|\b(?:addAllowedOrigin(?:Pattern)?|allowedOrigin(?:s|Patterns)|setAllowedOrigin(?:s"
    r"|Patterns)|anyHost)\((?:[^()\n]*(?:\([ \t]*)?\"\*\"|(?=\)))"
    r"|\b(?:setHeader|addHeader|header|append|set"
    r"|add)\([ \t]*(?:\"(?i:Access-Control-Allow-Origin)\"|\w+\.ACCESS_CONTROL_ALLOW_ORIGIN"
    r"|HttpHeaders\.AccessControlAllowOrigin)[ \t]*,[ \t]*(?:\"\*\"|(?:request"
    r"|req)\.getHeader\())"
)
_MODE = (
    r"(?P<span>\bPosixFilePermissions\.fromString\([ "
    r"\t]*\"[r-][w-][x-][r-][w-][x-][r-]w[x-]\"|\bPosixFilePermission\.OTHERS_WRITE\b"
    r"|\.setWritable\([ \t]*true[ \t]*,[ \t]*false)"
)
_JWT = (
    r"(?P<span>\.(?:parseClaimsJwt|parsePlaintextJwt|parseUnsecuredClaims"
    r"|parseUnsecuredContent)(?=\()|\bAlgorithm\.none(?=\()|\bSignatureAlgorithm\.NONE\b"
    r"|\.setSkipSignatureVerification(?=\()|\.setDisableRequireSignature(?=\()"
    r"|\bnew[ \t]+PlainJWT(?=\()|\bPlainJWT\.parse(?=\()|\.unsecured\(\)(?=[ \t]*\.))"
)
_CSRF = (
    r"(?P<span>\bcsrf\(\)\.disable(?=\()|\bcsrf\([ \t]*(?:\w+[ \t]*->[ \t]*\w+\.disable\(\)"
    r"|\w+::disable)|\bcsrf[ \t]*\{[ \t]*(?:it\.)?disable\(\)"
    r"|\bcsrf\(\)[ \t]*\.[ \t]*disable(?=\())"
)
_CSRF_SPREAD = r"(?P<span>^[ \t]*\.csrf\(\))[ \t]*$"


def _csrf(line: Line, match: re.Match[str]) -> str:
    if not match["spread"]:
        return ""
    return "" if regex(r"[ \t]*\.disable\(\)").match(line.text_after(1)) else "none"


_REDIRECT = (
    r"(?P<span>\bsendRedirect\([ \t]*(?:request|req)\.get(?:Parameter|Header)\("
    r"|\"redirect:\"[ \t]*\+[ \t]*\w+"
    r"|\bnew[ \t]+RedirectView\([ \t]*(?:request\.getParameter\(|\w*[uU]rl\b))"
)
_COOKIES = (
    r"(?P<span>\.(?:setSecure|setHttpOnly)\([ \t]*false[ \t]*\)|\.(?:secure"
    r"|httpOnly)\([ \t]*false[ \t]*\)|\bisHttpOnly[ \t]*=[ \t]*false\b|\.(?:isSecure"
    r"|secure)[ \t]*=[ \t]*false\b)"
)


_cookie = where_near(r"(?i)cookie|session")


_HOST_KEYS = (
    r"(?P<span>\"StrictHostKeyChecking\"[ \t]*[,\]][ \t]*=?[ \t]*\"no\""
    r"|\bPromiscuousVerifier(?=\()|\bAcceptAllServerKeyVerifier\b)"
)
_PATHS = (
    r"(?P<span>(?:\bnew[ \t]+File|(?<![\w.])File|\bPaths?\.(?:get|of)|\.resolve"
    r"|(?<![\w.])Path\.of)\((?:[^()\n]*[,+])?[ \t]*\w*(?i:entry|header|file"
    r"|ze)\w*\.(?:getName\(\)|name\b))"
)
_TEMPORARY = (
    r"(?P<span>\bnew[ \t]+(?:FileOutputStream|FileWriter|PrintWriter"
    r"|RandomAccessFile))\([ \t]*(?:new[ \t]+File\([ \t]*)?\"(?:/var)?/tmp/[\w./-]+\""
    r"|(?P<other>\bFiles\.(?:write|writeString|newBufferedWriter"
    r"|createFile))\([ \t]*Paths?\.(?:get|of)\([ \t]*\"(?:/var)?/tmp/[\w./-]+\""
    r"|(?P<third>\bFiles\.createTempDir)(?=\(\))"
)

RULES = (
    rule(
        "eval-call",
        _JVM,
        calls(
            (
                r"(?P<call>(?<![\w.])(?:\w*(?:[eE]ngine|[sS]cript|nashorn|js|rhino)\w*(?:\(\))?\.eval"
                r"|\w*(?:[sS]hell|groovy)\w*\.(?:evaluate|parse)"
                r"|new[ \t]+GroovyShell\([^()\n]*\)\.evaluate|\w*[pP]arser\w*\.parseExpression"
                r"|new[ \t]+SpelExpressionParser\(\)\.parseExpression|Ognl\.(?:getValue|parseExpression)"
                r"|MVEL\.(?:eval|compileExpression|executeExpression)"
                r"|\w*[eE]xpression\w*\.parseExpression|\w*(?:[wW]eb|[vV]iew"
                r"|[bB]rowser)\w*\.evaluateJavascript))[ \t]*\("
            ),
            _first,
        ),
        (
            r"\.eval[ \t]*\(",
            r"\.evaluate[ \t]*\(",
            r"\bparseExpression\(",
            r"\bOgnl\.",
            r"\bMVEL"
            r"\.",
            r"\.evaluateJavascript\(",
        ),
        (CONSTANT,),
    ),
    rule(
        "exec-call",
        _JVM,
        calls(r"(?P<call>(?<![\w.])(?:new[ \t]+)?ProcessBuilder)[ \t]*\(", _exec),
        (r"\bProcessBuilder[ \t]*\(",),
        (CONSTANT,),
    ),
    rule(
        "shell-injection",
        _JVM,
        calls(
            (
                r"(?P<call>(?:\bRuntime\.getRuntime\(\)|(?<![\w.])(?:\w*[rR]untime|rt|r))\.exec"
                r"|(?<![\w.])(?:new[ \t]+)?ProcessBuilder)[ \t]*\("
            ),
            _shell,
        ),
        (r"\.exec[ \t]*\(", r"\bProcessBuilder[ \t]*\("),
        (CONSTANT, QUOTED),
    ),
    sql_rule(_JVM, Text(inside=r"\$\w+", formats=r"\.[ \t]*(?:concat|formatted|format)[ \t]*\(", calls=True)),
    rule(
        "unsafe-deserialization",
        _JVM,
        calls(_DESERIALIZERS, _yaml),
        (
            r"\bObjectInputStream[ \t]*\(",
            r"\bXMLDecoder[ \t]*\(",
            r"\bYaml[ \t]*\(",
            r"\bXStream[ \t]*\(",
            r"\bSerializationUtils\.deserialize\b",
            r"\b(?:enable|activate)DefaultTyping\b",
        ),
        (said("safe-constructor"),),
    ),
    rule(
        "weak-hash",
        _JVM,
        settings(_HASHES, benign_hash),
        (
            r"\bMessageDigest",
            r"\bDigestUtils\.",
            r"\bHashing\.(?:md5|sha1)\b",
            r"\bHmacMD5\b",
            r"\b(?:MD5|SHA1)Digest\(",
            r"\bMd5PasswordEncoder\b",
        ),
        (said("checksum"),),
    ),
    rule(
        "weak-cipher",
        _JVM,
        settings(_CIPHERS, _cipher),
        (
            r"\bCipher\.getInstance\b",
            r"\b(?:KeyGenerator|SecretKeyFactory)\.getInstance\b",
            r"\bNullCipher\b",
            r"\bDES(?:ede)?KeySpec\b",
            r"\bSecretKeySpec\b",
        ),
    ),
    rule(
        "weak-key-size",
        _JVM,
        settings(
            r"(?P<span>\.initialize\([ \t]*(?:512|768|1024)\b|\bRSAKeyGenParameterSpec\([ \t]*(?:512"
            r"|768|1024)\b)"
        ),
        (r"\.initialize\([ \t]*\d", r"\bRSAKeyGenParameterSpec\b"),
    ),
    rule(
        "weak-tls-version",
        _JVM,
        settings(_VERSIONS),
        (r"\bSSLContext\.getInstance\b", r"(?i)\b(?:set)?(?:enabled|ssl)?protocols?\(", r"\bTlsVersion\."),
    ),
    rule(
        "insecure-random",
        _JVM,
        chances(_RANDOM, "`SecureRandom`", r"SecureRandom"),
        (
            r"\bRandom\b",
            r"\bMath\.random\b",
            r"\bThreadLocalRandom\b",
            r"\bRandomStringUtils\b",
            r"\b(?:random|rnd|rand|rng)\.next",
        ),
        (said("secure-random"),),
    ),
    rule(
        "tls-verification-disabled",
        _JVM,
        settings(_TLS + "|" + _TLS_SPREAD.replace("<span>", "<spread>"), unless_asked(_loose)),
        (
            r"HostnameVerifier\b",
            r"HOSTNAME_VERIFIER\b",
            r"\bTrustAll",
            r"\bInsecureTrustManagerFactory\b",
            r"Trusted[ \t]*\(",
            r"\bverify[ \t]*\(",
            r"\bloadTrustMaterial\b",
            r"\bhostnameVerifier\b",
        ),
        (ASKED,),
    ),
    rule(
        "unverified-host-key",
        _JVM,
        settings(_HOST_KEYS),
        (r"\bStrictHostKeyChecking\b", r"\bPromiscuousVerifier\b", r"\bAcceptAllServerKeyVerifier\b"),
    ),
    rule(
        "raw-html",
        _JVM,
        calls(
            (
                r"(?P<call>(?:\b(?:response|resp|res|httpResponse)\.getWriter\(\)|(?<![\w.])(?:out|writer"
                r"|pw|printWriter))\.(?:print|println|write|append|format|printf)"
                r"|(?<![\w.])\w*(?:[wW]eb|[vV]iew|[bB]rowser)\w*\.loadData(?:WithBaseURL)?)[ \t]*\("
            ),
            _html,
        ),
        (
            r"\bgetWriter\(\)\.",
            r"\b(?:out|writer|pw|printWriter)\.(?:print|write|append|format)",
            r"\.loadData(?:WithBaseURL)?\(",
        ),
        (said("escaped"),),
    ),
    rule(
        "xxe-parser",
        _JVM,
        settings(
            _XML,
            _xml,
            advice=(
                'forbid DTDs: `setFeature("http://apache.org/xml/features/disallow-doctype-decl", true)`'
            ),
        ),
        (
            r"Factory\.new(?:Default)?(?:Instance|Factory)\(",
            r"\bcreateXMLReader\b",
            r"\bSAX(?:Reader|Builder|Parser)\(",
            r"\bDOMParser\(",
        ),
        (said("secured"),),
    ),
    rule(
        "archive-path-traversal",
        _JVM,
        settings(
            _PATHS,
            outside(
                r"(?i:\bzip\w*\.)|Zip(?:Entry|InputStream|File)|ArchiveEntry|JarEntry|TarEntry|JarFile",
                r"startsWith\(|getCanonicalPath|\.normalize\(|contains\([ \t]*\"\.\.",
            ),
            advice="compare the resolved path with the folder first",
        ),
        (r"\.getName\(\)", r"(?i)entry\w*\.name\b"),
        (said("checked"),),
    ),
    rule(
        "temp-file-race",
        _JVM,
        settings(_TEMPORARY, advice="use `Files.createTempFile`"),
        (r"\"(?:/var)?/tmp/", r"\bcreateTempDir\b"),
    ),
    rule(
        "debug-mode-enabled",
        _JVM,
        settings(
            r"(?P<span>@EnableWebSecurity\([ \t]*debug[ \t]*=[ \t]*true"
            r"|\bsetWebContentsDebuggingEnabled\([ \t]*true|\.setShowStackTrace\([ \t]*true)"
        ),
        (r"@EnableWebSecurity\b", r"\bsetWebContentsDebuggingEnabled\b", r"\bsetShowStackTrace\b"),
    ),
    rule(
        "permissive-cors",
        _JVM,
        settings(_CORS),
        (r"@CrossOrigin\b", r"(?i)allowedorigin", r"(?i)access.control.allow.origin", r"\banyHost\("),
    ),
    rule(
        "permissive-mode",
        _JVM,
        settings(_MODE),
        (r"\bPosixFilePermission", r"\bOTHERS_WRITE\b", r"\.setWritable\("),
    ),
    rule(
        "bind-all-interfaces",
        _JVM,
        settings(
            r"(?P<span>\b(?:InetSocketAddress|InetAddress\.getByName|bind|setHost|setBindAddress"
            r"|setAddress|host|listen)\([ \t]*\"(?:0\.0\.0\.0|::)\"|\bhost[ \t]*=[ \t]*\"0\.0\.0\.0\")"
        ),
        (r"\"(?:0\.0\.0\.0|::)\"",),
    ),
    rule(
        "cleartext-protocol",
        _JVM,
        settings(
            (
                r"(?P<span>\bnew[ \t]+(?:FTPClient|TelnetClient|FtpClient)(?=\()|(?<![\w.])(?:FTPClient"
                r"|TelnetClient)(?=\(\)))"
            ),
            advice="SFTP or SSH",
        ),
        (r"\b(?:FTPClient|TelnetClient|FtpClient)\(",),
    ),
    rule(
        "jwt-verification-disabled",
        _JVM,
        settings(_JWT),
        (
            r"\bparse(?:ClaimsJwt|PlaintextJwt|Unsecured\w{1,10})\b",
            r"\bAlgorithm\.none\b",
            r"\bSignatureAlgorithm\.NONE\b",
            r"\bsetSkipSignatureVerification\b",
            r"\bsetDisableRequireSignature\b",
            r"\bPlainJWT\b",
            r"\.unsecured\(",
        ),
    ),
    rule(
        "csrf-disabled",
        _JVM,
        settings(_CSRF + "|" + _CSRF_SPREAD.replace("<span>", "<spread>"), _csrf),
        (r"\bcsrf\b",),
    ),
    rule(
        "open-redirect",
        _JVM,
        either(
            settings(_REDIRECT),
            redirects(
                r"(?P<span>\bsendRedirect\([ \t]*(?P<name>[A-Za-z_]\w{0,60})(?=[ \t]*\)))",
                r"(?:request|req)\.get(?:Parameter|Header|QueryString)\(",
            ),
        ),
        (r"\bsendRedirect\(", r"\"redirect:\"", r"\bRedirectView\("),
    ),
    rule(
        "insecure-cookie",
        _JVM,
        settings(_COOKIES, _cookie),
        (r"(?i)\.(?:set|is)?(?:secure|httponly)[ \t]*[(=][ \t]*false", r"\bisHttpOnly[ \t]*="),
    ),
)
