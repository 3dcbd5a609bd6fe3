"""Dangerous calls and settings in JavaScript and TypeScript."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

from auto_enforcer.model import Candidate, Fact, Line, Options, Zone
from auto_enforcer.rules._calls import CALL
from auto_enforcer.rules._common import regex
from auto_enforcer.rules._kinds import said
from auto_enforcer.rules.security._markup import unescaped
from auto_enforcer.rules.security._shared import (
    ASKED,
    CONSTANT,
    LOCAL,
    QUOTED,
    Called,
    calls,
    constant_name,
    either,
    excuse_of,
    function_around,
    given_last,
    is_constant,
    redirects,
    rule,
    secret_near,
    settings,
    unless_asked,
    unless_local,
)
from auto_enforcer.rules.security._sql import Text, conditions, sql_rule

_SCRIPTS = ("javascript", "javascriptreact", "typescript", "typescriptreact", "vue", "svelte")

_TEXT = Text(formats=r"\.[ \t]*(?:concat|join)[ \t]*\(|\b(?:util\.)?format\(")
_PARTS = r"(?:and|or)Where|(?:(?:and|or)?[wW]here|[hH]aving)Raw"
"""What takes a part of a statement as it is."""

_IMPORTED = Fact(
    "security-module",
    (
        r"([^\n;'\"]{0,80}(?:\bfrom|\brequire[ \t]{0,4}\("
        r"|\bimport)[ \t]{0,4}['\"](?:node:)?(?:child_process|shelljs|execa|md5|blueimp-md5"
        r"|js-md5|sha1|js-sha1|cross-spawn|vm|node-serialize|cors|csurf)['\"])"
    ),
)


_PROMISED_NAMES = r"(?:run|sh|shell|cmd|system|run(?:Command|Cmd|Shell)|(?:shell|cmd)Exec)"
_PROMISED = Fact(
    "security-promised",
    r"^[ \t]{0,20}(?:export[ \t]{1,4})?(?:const|let|var)[ \t]{1,4}(\w{1,30})[ \t]{0,4}=[ \t]{0,4}"
    r"(?:\w{1,20}\.)?promisify\([ \t]{0,4}(?:\w{1,20}\.)?exec[ \t]{0,4}\)",
)
"""Another name for `child_process.exec`."""


_QUOTING = Fact(
    "security-quoting",
    (
        r"\bfunction[ \t]{1,4}((?:escape|quote)(?:Cmd|Command|Shell|Sh|Win|Windows)"
        r"(?:Args?|Arguments?)?)[ \t]{0,4}\("
    ),
)
"""A function of the file's own that quotes what goes into a command."""


def _resolve(line: Line, name: str) -> str:
    """The full name of what a name means by the imports above; as it stands where they say nothing of it."""
    first, dot, rest = name.partition(".")
    known = _names(line.facts(_IMPORTED.name)).get(first)
    if known is None:
        return name
    return f"{known}.{rest}" if dot else known


@lru_cache(64)  # a file's calls ask for the same ones
def _names(statements: frozenset[str]) -> dict[str, str]:
    names: dict[str, str] = {}
    for statement in sorted(statements):
        module = regex(r"['\"](?:node:)?([\w-]+)['\"]$").search(statement)
        if module is None:
            continue
        names[""] = names.get("", "") + " " + module[1]
        listed = regex(r"\{([^{}]*)\}?").search(statement)
        for part in listed[1].split(",") if listed else ():
            one = regex(r"[ \t]*(\w+)(?:[ \t]*(?::|\bas\b)[ \t]*(\w+))?[ \t]*$").match(part)
            if one:
                names[one[2] or one[1]] = f"{module[1]}.{one[1]}"
        whole = regex(
            r"(?:\*[ \t]*as[ \t]+|\b(?:const|let|var"
            r"|import)[ \t]+(?:type[ \t]+)?)(\w+)[ \t]*(?:,[^=]*|=[^=]*|from\b|:[^=]*=[^=]*)"
        ).search(statement)
        if whole and whole[1] not in ("from", "type"):
            names[whole[1]] = module[1]
    return names


def _has(line: Line, module: str) -> bool:
    return module in _names(line.facts(_IMPORTED.name)).get("", "").split()


def _judge_first(called: Called) -> Candidate | None:
    first = called.at(0)
    if first is None:
        return None
    return called.found(
        "constant"
        if first.constant or constant_name(called.line, first.code) or _is_function(first.code)
        else ""
    )


def _is_function(code: str) -> bool:
    return (
        regex(r"(?:async\b[ \t]*)?(?:function\b|\([^()]*\)[ \t]*(?::[^=]*)?=>|\w+[ \t]*=>)").match(code)
        is not None
    )


def _eval(called: Called) -> Candidate | None:
    name = called.match["call"]
    if name.endswith("Function"):
        last = called.arguments[-1] if called.arguments else None
        return (
            called.found("constant" if all(one.constant for one in called.arguments) else "")
            if last
            else None
        )
    return _judge_first(called)


def _exec(called: Called) -> Candidate | None:
    name = _resolve(called.line, called.match["call"].replace("?.", "."))
    if not (
        name.startswith(("child_process.", "cross-spawn"))
        or regex(
            r"(?:cp|childProcess|child_process|require\(['\"](?:node:)?child_process['\"]\))\.\w+"
        ).fullmatch(name)
        or (_has(called.line, "child_process") and "." not in name)
    ):
        return None
    first = called.at(0)
    if first is None or _shell_of(called) is not None:
        return None
    fixed = (
        first.constant
        or constant_name(called.line, first.code)
        or regex(r"process\.(?:execPath|argv0|argv\[0\])").match(first.code)
    )
    return called.found("constant" if fixed else "")


_RUNS = (
    r"(?:exec|execSync|execAsync|execPromise|execPromisified|execP|pexec|promisedExec"
    r"|asyncExec|execPromisify|\$exec)"
)


def _shell(called: Called) -> Candidate | None:
    written = called.match["call"].replace("?.", ".")
    name = _resolve(called.line, written)
    last = name.rpartition(".")[2]
    if last in ("spawn", "spawnSync", "execFile", "execFileSync", "fork", "execa"):
        return _shell_of(called)
    known = name in (
        "child_process.exec",
        "child_process.execSync",
        "shelljs.exec",
        "execa.command",
        "execa.commandSync",
        "execa.execaCommand",
        "execa.execaCommandSync",
    )
    if not known and regex(_RUNS).fullmatch(last):
        receiver = written.rpartition(".")[0]
        known = regex(
            r"(?:cp|childProcess|child_process|shell|shelljs|sh"
            r"|require\(['\"](?:node:)?(?:child_process|shelljs)['\"]\))"
        ).fullmatch(receiver) is not None or (not receiver and _has(called.line, "child_process"))
    first = called.at(0)
    if not known or first is None or _is_function(first.code):
        return None
    excuse = excuse_of(called.line, first.code, first.text)
    if not excuse and regex(_RUNS).fullmatch(function_around(called.line, 6)):
        excuse = "wrapper" if regex(r"[A-Za-z_]\w*").fullmatch(first.code.strip()) else ""
    return called.found(excuse or _quoted_here(called.line, first.code))


def _is_promised(line: Line, name: str) -> str:
    return name if name in line.facts(_PROMISED.name) else ""


def _promised(called: Called) -> Candidate | None:
    """What `promisify(exec)` made is given."""
    first = called.at(0)
    if first is None or _is_function(first.code):
        return None
    return called.found(
        excuse_of(called.line, first.code, first.text) or _quoted_here(called.line, first.code)
    )


def _quoted_here(line: Line, code: str) -> str:
    """The excuse for a command that a function makes, in a file that quotes commands by one of its own."""
    made = regex(r"(?:await\b[ \t]*)?(?:\w+\.)?\w*[cC]ommand\w*[ \t]*\(").match(given_last(line, code))
    return "quoted" if made and line.facts(_QUOTING.name) else ""


def _shell_of(called: Called) -> Candidate | None:
    """`spawn("sh", ["-c", text])` and `spawn(text, { shell: true })`."""
    first, text = called.at(0), called.call.text
    if first is None:
        return None
    passed = regex(
        r"""\([ \t\n]*["'](?:/bin/|/usr/bin/)?(?:ba|z"""
        r"""|da)?sh["'][ \t\n]*,[ \t\n]*\[[ \t\n]*["']-l?c["'][ \t\n]*,"""
        r"""|\([ \t\n]*["'](?:cmd(?:\.exe)?"""
        r"""|powershell(?:\.exe)?)["'][ \t\n]*,[ \t\n]*\[[ \t\n]*["'](?:/c|-Command)["'][ \t\n]*,"""
    ).match(text)
    if passed:
        second = called.at(1)
        rest = called.call.code[passed.end() : second.end if second else len(text)]
        return called.found(excuse_of(called.line, rest, rest))
    if regex(r"\bshell[ \t]*:[ \t]*(?:true\b|[\"'])").search(text):
        code = first.code + "\n" + (called.arguments[1].code if len(called.arguments) > 2 else "")
        return called.found(excuse_of(called.line, code, text))
    return None


def _deserialization(called: Called) -> Candidate | None:
    name = called.match["call"].rpartition(".")[2]
    first = called.at(0)
    if first is None:
        return None
    if name == "unserialize" and not (
        _has(called.line, "node-serialize") or "erialize." in called.match["call"]
    ):
        return None
    return called.found(
        "constant" if first.constant else "", advice="use `JSON.parse`, and check what it gives"
    )


_BENIGN = (
    r"(?i)etag|cache|check_?sum|gravatar|content_?hash|integrity|dedup|file_?hash|revision"
    r"|version|bucket|shard|uuid|content-?md5|websocket|handshake"
    r"|sec-websocket|file_?name|chunk|module_?id|class_?name|scope_?id|sri\b|git"
)


def _hash_excuse(line: Line, match: re.Match[str]) -> str:
    if regex(r"[ \t]*(?:import\b|export\b|.*\brequire\()").match(line.text):
        return "none"
    return "checksum" if _is_benign(line.text + line.text_before(1) + line.text_after(1)) else ""


@lru_cache(8)  # each hash on a line asks for the same one
def _is_benign(text: str) -> bool:
    return regex(_BENIGN).search(text) is not None


_HASHES = (
    r"(?P<span>\bcreate(?:Hash|Hmac)\([ \t]*[\"'`](?:(?P<name>(?i:md[245]|sha-?1|rsa-md5"
    r"|rsa-sha1|ripemd))[\"'`])|\bCryptoJS\.(?:Hmac)?(?:MD5|SHA1)\b"
    r"|\bsubtle\.digest\([ \t]*(?:\{[ \t]*name[ \t]*:[ \t]*)?[\"']SHA-1[\"']"
    r"|\bforge\.md\.(?:md5|sha1)\.create\b|(?<![\w.])(?:md5|MD5|sha1|SHA1|hex_md5"
    r"|hex_sha1)(?=\([^)]))"
)
_CIPHERS = (
    r"(?P<span>\bcreate(?:Cipher|Decipher)(?:iv)?\([ \t]*[\"'`](?P<name>(?i:des\b[\w-]*|des3"
    r"|des-ede3?[\w-]*|rc[24][\w-]*|bf[\w-]*|blowfish[\w-]*|idea[\w-]*|cast5?[\w-]*"
    r"|seed[\w-]*|[\w-]+-ecb))[\"'`]"
    r"|\bcreate(?:Cipher|Decipher)(?=\()|\bCryptoJS\.(?:DES|TripleDES|RC4|RC4Drop|Rabbit)\b"
    r"|\b(?:CryptoJS\.)?mode\.ECB\b)"
)
_SIZES = (
    r"(?P<span>\bmodulusLength[ \t]*:[ \t]*(?:512|768|1024)\b"
    r"|\bnew[ \t]+NodeRSA\([ \t]*\{[ \t]*b[ \t]*:[ \t]*(?:512|768|1024)\b"
    r"|\bbits[ \t]*:[ \t]*(?:512|768|1024)\b|\bgenerateKeyPair\([ \t]*(?:512|1024)\b)"
)
_TLS_VERSIONS = (
    r"(?P<span>\b(?:secureProtocol|minVersion"
    r"|maxVersion)[ \t]*[:=][ \t]*[\"'`](?P<name>SSLv2(?:_\w+)?|SSLv3(?:_\w+)?"
    r"|TLSv1(?:_1)?_(?:client_|server_)?method|TLSv1(?:\.1)?)[\"'`])"
)


def _chance(line: Line, options: Options) -> Iterator[Candidate]:
    for match in islice(regex(r"\bMath\.random(?=[ \t]*\()").finditer(line.text), 4):
        if not line.zone_at(match.start()) & Zone.CODE:
            continue
        secret = secret_near(line, *match.span())
        if secret:
            yield Candidate(
                *match.span(),
                {
                    "call": "Math.random",
                    "name": secret,
                    "advice": "`crypto.randomBytes` or `crypto.getRandomValues`",
                },
            )


_TLS = (
    r"(?P<span>[\"']?\b(?:rejectUnauthorized|strictSSL|requestCert_verify|verifySSL|sslVerify"
    r"|checkCertificate)[\"']?[ \t]*[:=][ \t]*(?:false|0|!1)\b"
    r"|\b(?:process\.env(?:\.|\[[\"'`]))?NODE_TLS_REJECT_UNAUTHORIZED[\"']?\]?[ \t]*[=:][ \t]*[\"'`]?0[\"'`]?"
    r"|\bcheckServerIdentity[ \t]*[:=][ \t]*(?:\([^()]*\)|\w+)[ \t]*=>[ \t]*(?:undefined|null"
    r"|true|\{[ \t]*(?:return[ \t]*(?:undefined|null|true)?;?)?[ \t]*\}"
    r"|\([ \t]*\{?[ \t]*\}?[ \t]*\))"
    r"|\bcheckServerIdentity[ "
    r"\t]*[:=][ \t]*function[ \t]*\([^()]*\)[ \t]*\{[ \t]*(?:return[ \t]*(?:undefined|null"
    r"|true)?;?)?[ \t]*\}|\binsecureSkipTLSVerify[ \t]*:[ \t]*true"
    r"|\bignoreHTTPSErrors[ \t]*:[ \t]*true)"
)


def _tls(line: Line, match: re.Match[str]) -> str:
    """The program looks itself at whom a server asked for a certificate, or compares a fingerprint."""
    near = line.text_before(8) + line.text + line.text_after(CALL)
    if not match["span"].lstrip("\"'").startswith("rejectUnauthorized"):
        return ""
    if regex(r"\brequestCert\b[\"']?[ \t]*:[ \t]*true\b").search(near) and regex(r"\.authorized\b").search(
        near
    ):
        return "checked"
    return "checked" if regex(r"(?i)\.fingerprint(?:256|512)?\b[^\n]{0,20}[!=]==?").search(near) else ""


_ESCAPES = (
    r"(?i)\b(?:DOMPurify|sanitize\w*|\w*sanitiz\w*|escape\w*|\w*escape(?:html|xml)?"
    r"|encodeURIComponent|he\.(?:encode|escape)|purify|xss|html_?encode|textContent"
    r"|createTextNode|trustedHTML|createHTML|safe_?html"
    r"|renderToString|renderToStaticMarkup|stripTags|strip_tags|JSON\.stringify|t|i18n"
    r"|translate|__|gettext)(?:\.\w+)?[ \t]*\("
)

_ASSIGNED = r"(?P<span>\.(?:innerHTML|outerHTML|srcdoc))[ \t]*(?P<sign>\+?=)(?!=)[ \t]*"


def _markup(line: Line, options: Options) -> Iterator[Candidate]:
    for match in islice(regex(_ASSIGNED).finditer(line.text), 8):
        if not line.zone_at(match.start("span")) & Zone.CODE:
            continue
        code, text = _value(line, match.end())
        yield Candidate(
            match.start("span") + 1,
            match.end("span"),
            {"call": match["span"][1:], "advice": _ESCAPE},
            (),
            _markup_excuse(line, code, text),
        )


_ESCAPE = "set `textContent`, or clean it"


def _markup_excuse(line: Line, code: str, text: str) -> str:
    if is_constant(code) or constant_name(line, code):
        return "constant"
    if regex(r"[\w$.]+\.(?:innerHTML|outerHTML)").fullmatch(code.strip()):
        return "constant"
    return "escaped" if regex(_ESCAPES).search(code) or regex(_ESCAPES).match(given_last(line, code)) else ""


def _value(line: Line, start: int) -> tuple[str, str]:
    """The code and the text of what is assigned from a column on, up to a `;` or the end of the
    expression."""
    codes: list[str] = []
    texts: list[str] = []
    depth = 0
    for number, one in enumerate((line, *line.after(12))):
        code, text = one.only(Zone.CODE), one.only(Zone.CODE | Zone.STRING | Zone.TEXT)
        begin = start if number == 0 else 0
        for match in regex(r"[()\[\]{};,]").finditer(code, begin):
            depth += 1 if match[0] in "([{" else -1 if match[0] in ")]}" else 0
            if depth < 0 or (depth == 0 and match[0] in ";,"):
                return "\n".join([*codes, code[begin : match.start()]]), "\n".join(
                    [*texts, text[begin : match.start()]]
                )
        codes.append(code[begin:])
        texts.append(text[begin:])
        tail = one.text.rstrip()
        open_string = one.zone_at(len(one.text)) & Zone.STRING and not tail.endswith(("'", '"', "`"))
        if number == 0 and not one.text[begin:].strip():
            continue  # The value begins on the next line.
        if (
            depth == 0
            and not open_string
            and not tail.endswith(("+", "=", "?", ":", "(", "&&", "||", "`"))
            and not regex(r"[ \t]*[+.?:]").match(line.text_after(number + 1).rpartition("\n")[2])
        ):
            break
        if (
            depth == 0
            and tail.endswith("`")
            and not open_string
            and len(codes) > 0
            and "`" in texts[0][:1]
            and number
        ):
            break
    return "\n".join(codes), "\n".join(texts)


def _writes(called: Called) -> Candidate | None:
    name = called.match["call"].replace("?.", ".")
    last = name.rpartition(".")[2]
    if last == "insertAdjacentHTML":
        value = called.at(1)
    elif last == "html":
        value = called.at(0)
        if not regex(
            r"(?:\$|jQuery)\([^()]*\)\.html|\$\w*(?:\.\w+(?:\([^()]*\))?)*\.html"
            r"|(?:this\.)?\$\w+\.html"
        ).fullmatch(name):
            return None
    else:
        value = called.at(0)
    if value is None or _is_function(value.code):
        return None
    return called.found(_markup_excuse(called.line, value.code, value.text), advice=_ESCAPE)


_REQUEST = r"(?<![\w$.])(?:req|request)\.(?:query|params|body|headers|cookies)\b"


def _answers(called: Called) -> Candidate | None:
    """Markup with what the request says: `res.send("<h1>" + req.query.name)`."""
    first = called.at(0)
    if first is None or not regex(r"[\"'`][^\"'`\n]*<[a-zA-Z!/]").match(first.text):
        return None
    if not regex(_REQUEST).search(first.code):
        return None
    return called.found(_markup_excuse(called.line, first.code, first.text), advice=_ESCAPE)


_ATTRIBUTE = (
    r"(?P<span>\bdangerouslySetInnerHTML)[ \t]*(?:=[ \t]*\{\{"
    r"|:[ \t]*\{)[ \t]*[\"']?__html[\"']?[ \t]*:[ \t]*(?P<value>[^{}\n]*)"
    r"|(?P<other>\bdangerouslySetInnerHTML)[ \t]*=[ \t]*\{(?!\{)(?P<rest>[^{}\n]*)"
    r"|(?P<svelte>\{@html)[ \t]+(?P<shown>[^{}\n]*)"
)


def _attributes(line: Line, options: Options) -> Iterator[Candidate]:
    for match in islice(regex(_ATTRIBUTE).finditer(line.text), 4):
        group = next(name for name in ("span", "other", "svelte") if match[name])
        start, end = match.span(group)
        if not line.zone_at(start) & (Zone.CODE | Zone.TEXT):
            continue
        which = {"span": "value", "other": "rest", "svelte": "shown"}[group]
        code = line.only(Zone.CODE | Zone.TEXT)[match.start(which) : match.end(which)]
        yield Candidate(
            start,
            end,
            {"call": match[group].strip("{"), "advice": "clean the text, or write elements"},
            (),
            _markup_excuse(line, code, match[which]),
        )


def _templates(line: Line, options: Options) -> Iterator[Candidate]:
    """What a Vue template writes without escaping it."""
    if line.language == "vue":
        yield from unescaped(line, options)


_CORS = (
    r"(?P<span>(?<![\w.])cors\([ \t]*\)|\b(?:origin|origins|allowOrigin|allowedOrigins"
    r"|Access-Control-Allow-Origin)[\"']?[ \t]*:[ \t]*(?:\[[ \t]*)?(?:[\"'`]\*[\"'`]|true\b)"
    r"|\b(?:setHeader|header|set|append|writeHead|addHeader"
    r"|hset)\([ "
    r"\t]*[\"'`](?i:Access-Control-Allow-Origin)[\"'`][ \t]*,[ \t]*(?:[\"'`]\*[\"'`]|(?:req"
    r"|request|ctx|c|event)\.(?:headers|header|get|req)\b)"
    r"|[\"'`](?i:Access-Control-Allow-Origin)[\"'`]\]?[ \t]*[:=][ \t]*(?:[\"'`]\*[\"'`]"
    r"|(?:req|request)\.headers\b))"
)


def _cors(line: Line, match: re.Match[str]) -> str:
    span = match["span"]
    if regex(r"origins?|allow").match(span):
        near = line.text_before(6) + line.text
        return (
            "" if regex(r"(?i)cors|access-control|socket|Server\(|serverless|http").search(near) else "none"
        )
    return ""


_MODE = (
    r"(?P<span>\b(?:l|f)?chmod(?:Sync)?\([^\n]{0,200}?,[ \t]*(?:0o?[0-7]{0,2}[0-7]?[2367]\b(?!\d)"
    r"|[\"'`]0?o?[0-7]{0,2}[2367][\"'`]|511\b|438\b)"
    r"|\bmode[ \t]*:[ \t]*(?:0o?[0-7]?[0-7]{2}[2367]\b|0o?[0-7]{2}[2367]\b"
    r"|[\"'`]0?[0-7]{2}[2367][\"'`]|511\b)|\bprocess\.umask\([ \t]*(?:0|[\"']0+[\"'])[ \t]*\))"
)


def _bound(line: Line, options: Options) -> Iterator[Candidate]:
    for match in islice(regex(r"[\"'`](?:0\.0\.0\.0|::)[\"'`]").finditer(line.text), 4):
        before = line.text[: match.start()]
        if regex(
            r"(?i)\b(?:host|hostname|address|bind\w*|listen\w*|addr|interface)[\"']?[ \t]*[:=][ \t]*$"
            r"|\b(?:listen|bind)\([^()]*$|\|\|[ \t]*$"
        ).search(before):
            yield Candidate(*match.span())


def _jwt(called: Called) -> Candidate | None:
    text = called.call.text
    name = called.match["call"].rpartition(".")[2]
    none = regex(
        r"""(?i)\balgorithms?["']?[ \t]*:[ \t]*\[?[^\]}\n]{0,80}["']none["']"""
        r"""|\balg["']?[ \t]*:[ \t]*["']none["']"""
    ).search(text)
    unverified = (
        name == "verify"
        and len(called.arguments) > 1
        and called.arguments[1].text.strip() in ("null", "''", '""', "undefined", "false")
    )
    skipped = name == "decode" and len(called.arguments) > 2 and called.arguments[2].text.strip() == "true"
    off = regex(
        r"\b(?:verify|complete_verify|verifySignature|ignoreSignature)[ \t]*:[ \t]*false\b"
        r"|\bignoreSignature[ \t]*:[ \t]*true"
    ).search(text)
    if none or unverified or skipped or off:
        return called.found()
    return called.found("verified") if called.call.whole and name in ("verify", "sign") else None


_CSRF = (
    r"(?P<span>\bcsrf(?:Protection|Token|Check|Prevention)?[ \t]*:[ \t]*false\b"
    r"|\bignoreMethods[ \t]*:[ \t]*\[[^\]\n]*[\"'](?:POST|PUT|DELETE|PATCH)[\"']"
    r"|\bcheckOrigin[ \t]*:[ \t]*false\b|\bcsrfPrevention[ \t]*=[ \t]*false\b)"
)
_REDIRECT = (
    r"(?P<span>\b(?:res|response|reply|ctx|c"
    r"|h)\.redirect\([ \t]*(?:\d{3}[ \t]*,[ \t]*)?(?:req|request|ctx|c)\.(?:query|params|body"
    r"|headers|header|get|param|url|originalUrl|req)\b"
    r"|\b(?:window\."
    r"|document\.)?location(?:\.href)?[ \t]*=[ \t]*(?:new[ \t]+URLSearchParams\("
    r"|(?:\w+\.)*(?:searchParams|urlParams|params|query)\.(?:get\(|\w+))"
    r"|\blocation\.(?:assign|replace)\([ \t]*(?:\w+\.)*(?:searchParams|urlParams"
    r"|params)\.get\()"
)
_GOES = (
    r"(?P<span>\b(?:(?:res|response|reply|ctx|c|h)\.redirect\([ \t]*(?:\d{3}[ \t]*,[ \t]*)?"
    r"|(?:window\.|document\.)?location(?:\.href)?[ \t]*=[ \t]*|\blocation\.(?:assign|replace)\([ \t]*)"
    r"(?P<name>[A-Za-z_$][\w$]{0,60})(?=[ \t]*(?:[;)]|as\b|$)))"
)
_ASKS = (
    r"(?:String\([ \t]*)?(?:(?:req|request|ctx|c)\.(?:query|params|body|headers|header|get|param|url"
    r"|originalUrl|req)\b|new[ \t]+URLSearchParams\(|(?:\w+\.)*(?:searchParams|urlParams)\.get\()"
)
_COOKIES = r"(?P<span>\b(?:httpOnly|secure)[\"']?[ \t]*[:=][ \t]*false\b)"


def _cookie(line: Line, match: re.Match[str]) -> str:
    near = line.text + line.text_before(8)
    if not regex(r"(?i)cookie|session").search(near):
        return "none"
    return (
        "development"
        if regex(r"(?i)nodemailer|smtp|createTransport|\b465\b|\b587\b|localhost|development").search(near)
        else ""
    )


_TEMPORARY = (
    r"(?P<span>\b(?:writeFile|writeFileSync|appendFile|appendFileSync|createWriteStream"
    r"|openSync|outputFile(?:Sync)?))\([ \t]*[\"'`](?:/var)?/tmp/[\w.\-/]+[\"'`]"
)
_SLIP = (
    r"(?P<span>\bpath\.(?:join|resolve)\([^()\n]*,[ \t]*(?:entry|file|header|zipEntry|e"
    r"|item)\.(?:path|fileName|entryName|name)\b)"
)


def _slip(line: Line, match: re.Match[str]) -> str:
    near = line.text_before(12) + line.text_after(8)
    if not regex(r"(?i)zip|\btar\b|archive|entry|extract|decompress").search(near + line.text) or not regex(
        r"(?i)unzip|\.tar\b|tar\b|yauzl|jszip|adm-?zip|unzipper|archive|zipEntry|getEntries"
        r"|entryName"
    ).search(near + line.text):
        return "none"
    return (
        "checked"
        if regex(r"startsWith\(|\.\.|relative\(|normalize\(|isAbsolute|sanitize").search(near)
        else ""
    )


_RECEIVER = r"(?:[\w$]{1,60}(?:\([^()\n]{0,80}\))?(?:\?\.|\.)){0,6}"


def _call(names: str) -> str:
    return rf"(?P<call>(?<![\w$.]){_RECEIVER}(?:{names}))[ \t]*\("


RULES = (
    rule(
        "eval-call",
        _SCRIPTS,
        calls(
            r"(?P<call>(?<![\w$.])(?:(?:window|globalThis|global|self)\.)?eval"
            r"|(?<![\w$.])(?:new[ \t]+)?Function"
            r"|(?<![\w$.])(?:vm|require\(['\"](?:node:)?vm['\"]\))\.(?:runIn\w+|compileFunction)"
            r"|\bnew[ \t]+vm\.Script)[ \t]*\(",
            _eval,
        ),
        (
            r"\beval[ \t]*\(",
            r"\bFunction[ \t]*\(",
            r"\brunIn\w{2,16}\(",
            r"\bvm\.(?:Script|compile)",
        ),
        (CONSTANT,),
    ),
    rule(
        "exec-call",
        _SCRIPTS,
        calls(_call("spawn|spawnSync|execFile|execFileSync|fork"), _exec),
        (r"\bspawn(?:Sync)?[ \t]*\(", r"\bexecFile(?:Sync)?[ \t]*\(", r"\bfork[ \t]*\("),
        (CONSTANT, QUOTED),
        (_IMPORTED,),
    ),
    rule(
        "shell-injection",
        _SCRIPTS,
        either(
            calls(
                _call(r"exec\w{0,12}|pexec|promisedExec|asyncExec|command|commandSync|spawn|spawnSync|fork"),
                _shell,
            ),
            calls(rf"(?<![\w$.])(?P<call>{_PROMISED_NAMES})[ \t]*\(", _promised, _is_promised),
        ),
        (
            r"\bp?exec(?:Sync|Async|Promise|P|Promis\w{1,8})?[ \t]*\(",
            r"\bexec(?:File|a)\w{0,16}[ \t]*\(",
            r"\bspawn(?:Sync)?[ \t]*\(",
            r"\b(?:async|promised)Exec[ \t]*\(",
            r"\bexeca\.command",
            rf"\b{_PROMISED_NAMES}\((?:`[^`\n]*\$|[\"'][^\n]*\+|[A-Za-z_$])",
        ),
        (CONSTANT, QUOTED, said("wrapper")),
        (_IMPORTED, _QUOTING, _PROMISED),
    ),
    sql_rule(_SCRIPTS, _TEXT, (conditions(rf"\.(?:{_PARTS})", _TEXT), (rf"\.(?:{_PARTS})\([ \t]*[\"'`]",))),
    rule(
        "unsafe-deserialization",
        _SCRIPTS,
        calls(
            (
                r"(?P<call>(?<![\w$.])(?:[\w$]+\.)?(?:unserialize|deepDeserialize)"
                r"|(?<![\w$.])(?:v8\.deserialize|cryo\.parse|Cryo\.parse))[ \t]*\("
            ),
            _deserialization,
        ),
        (
            r"\bunserialize[ \t]*\(",
            r"\bdeepDeserialize[ \t]*\(",
            r"\bv8\.deserialize\b",
            r"\b[cC]ryo\.parse\b",
        ),
        (CONSTANT,),
        (_IMPORTED,),
    ),
    rule(
        "weak-hash",
        _SCRIPTS,
        settings(_HASHES, _hash_excuse),
        (
            r"\bcreate(?:Hash|Hmac)\([ \t]*[\"'`](?:[mM][dD]|[sS][hH][aA]-?1|[rR])",
            r"\bCryptoJS\.",
            r"\bsubtle\.digest\b",
            r"\bforge\.md\.",
            r"(?i)\b(?:hex_)?(?:md5|sha1)\(",
        ),
        (said("checksum"),),
    ),
    rule(
        "weak-cipher",
        _SCRIPTS,
        settings(_CIPHERS),
        (r"\bcreate(?:Ciph|Deciph)er(?:iv)?[ \t]*\(", r"\bCryptoJS\.", r"\bmode\.ECB\b"),
    ),
    rule(
        "weak-key-size",
        _SCRIPTS,
        settings(_SIZES),
        (
            r"\bmodulusLength\b",
            r"\bNodeRSA\b",
            r"\bbits[ \t]*:[ \t]*(?:512|768|1024)",
            r"\bgenerateKeyPair\(",
        ),
    ),
    rule(
        "weak-tls-version",
        _SCRIPTS,
        settings(_TLS_VERSIONS),
        (r"\bsecureProtocol\b", r"\bm(?:in|ax)Version[ \t]*[:=]"),
    ),
    rule("insecure-random", _SCRIPTS, _chance, (r"\bMath\.random\b",)),
    rule(
        "tls-verification-disabled",
        _SCRIPTS,
        settings(_TLS, unless_local(unless_asked(_tls))),
        (
            r"\brejectUnauthorized\b",
            r"\bstrictSSL\b",
            r"NODE_TLS_REJECT_UNAUTHORIZED",
            r"\bcheckServerIdentity\b",
            r"\b(?:verifySSL|sslVerify|checkCertificate)\b",
            r"\binsecureSkipTLSVerify\b",
            r"\bignoreHTTPSErrors\b",
        ),
        (ASKED, said("checked"), LOCAL),
    ),
    rule(
        "raw-html",
        _SCRIPTS,
        either(
            _markup,
            calls(
                rf"(?P<call>(?<![\w$.])(?:window\.)?document\.write(?:ln)?"
                rf"|(?<![\w$.]){_RECEIVER}(?:insertAdjacentHTML|bypassSecurityTrust(?:Html|Script"
                rf"|ResourceUrl|Url)"
                rf"|createContextualFragment)|\bnew[ \t]+(?:Handlebars\.)?SafeString"
                r"|(?<![\w$.])(?:\$|jQuery)\([^()\n]{0,80}\)\.html"
                r"|(?<![\w$.])(?:this\.)?\$\w+\.html)[ \t]*\(",
                _writes,
            ),
            calls(
                r"(?P<call>(?<![\w$.])(?:res|response|reply)(?:\.(?:status|type)\([^()\n]{0,40}\))?"
                r"\.(?:send|write|end))[ \t]*\(",
                _answers,
            ),
            _attributes,
            _templates,
        ),
        (
            r"\.(?:inner|outer)HTML\b",
            r"\.srcdoc\b",
            r"\bdocument\.write",
            r"\binsertAdjacentHTML\b",
            r"\bbypassSecurityTrust",
            r"\.(?:send|write|end)\([ \t]*[\"'`][^\"'`\n]{0,80}<",
            r"\bcreateContextualFragment\b",
            r"\bSafeString\b",
            r"\.html[ \t]*\(",
            r"\bdangerouslySetInnerHTML\b",
            r"\{@html\b",
            r"\b[vx]-html\b",
            r":inner(?:HTML|-html)\b",
        ),
        (CONSTANT, said("escaped"), said("layout")),
        zones=Zone.CODE | Zone.STRING | Zone.TEXT,
    ),
    rule(
        "xxe-parser",
        _SCRIPTS,
        settings(
            (
                r"(?P<span>\b(?:noent|resolveExternalEntities|processExternalEntities|expandEntities"
                r"|dtdload)[ \t]*:[ \t]*true\b)"
            ),
            advice="leave entities alone",
        ),
        (r"\bnoent\b", r"\b(?:resolve|process)ExternalEntities\b", r"\bexpandEntities\b", r"\bdtdload\b"),
    ),
    rule(
        "archive-path-traversal",
        _SCRIPTS,
        settings(_SLIP, _slip, advice="compare the resolved path with the folder first"),
        (r"\bpath\.(?:join|resolve)\(",),
        (said("checked"),),
    ),
    rule(
        "temp-file-race",
        _SCRIPTS,
        settings(_TEMPORARY, advice="make a folder by `fs.mkdtemp`"),
        (r"[\"'`](?:/var)?/tmp/",),
    ),
    rule(
        "permissive-cors",
        _SCRIPTS,
        settings(_CORS, _cors),
        (
            r"\bcors\([ \t]*\)",
            r"(?i)access-control-allow-origin",
            r"\borigins?[\"']?[ \t]*:[ \t]*\[?[ \t]*(?:[\"'`]\*|true)",
            r"\ballow(?:ed)?Origins?[\"']?[ \t]*:",
        ),
    ),
    rule(
        "permissive-mode",
        _SCRIPTS,
        settings(_MODE),
        (r"\b[lf]?chmod(?:Sync)?\(", r"\bmode[ \t]*:[ \t]*[\"'`]?(?:0|5|7)", r"\bprocess\.umask\("),
    ),
    rule("bind-all-interfaces", _SCRIPTS, _bound, (r"[\"'`](?:0\.0\.0\.0|::)[\"'`]",)),
    rule(
        "jwt-verification-disabled",
        _SCRIPTS,
        calls(
            (
                r"(?P<call>(?<![\w$.])(?:jwt|jsonwebtoken|JWT|jose|jws|expressJwt|jwtService"
                r"|this\.jwtService)\.(?:verify|decode|sign|verifyAsync|jwtVerify)"
                r"|(?<![\w$.])(?:expressjwt|expressJwt|jwtVerify))[ \t]*\("
            ),
            _jwt,
        ),
        (
            r"(?i)\b(?:jwt|jsonwebtoken|jose|jws|jwtservice)\.(?:verify|decode|sign|jwtverify)",
            r"\b(?:express[jJ]wt|jwtVerify)[ \t]*\(",
        ),
        (said("verified"),),
    ),
    rule(
        "csrf-disabled",
        _SCRIPTS,
        settings(_CSRF),
        (r"\bcsrf\w{0,12}[ \t]*[:=][ \t]*false", r"\bignoreMethods\b", r"\bcheckOrigin\b"),
    ),
    rule(
        "open-redirect",
        _SCRIPTS,
        either(settings(_REDIRECT), redirects(_GOES, _ASKS)),
        (r"\.redirect\(", r"\blocation\b"),
    ),
    rule(
        "insecure-cookie",
        _SCRIPTS,
        settings(_COOKIES, _cookie),
        (r"\b(?:httpOnly|secure)[\"']?[ \t]*[:=][ \t]*false",),
        (said("development"),),
    ),
)
