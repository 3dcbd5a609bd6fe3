"""Dangerous calls and settings in Ruby."""

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
    benign_hash,
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
from auto_enforcer.rules.security._sql import IDENTIFIERS, Text, sql_rule

_RUBY = ("ruby",)


def _given(line: Line, start: int) -> tuple[list[tuple[str, str]], bool]:
    """What a call without or with brackets is given from a column on: (code, text) of each argument, as far
    as its line goes; and whether there is anything."""
    code, text = line.only(Zone.CODE), line.only(Zone.CODE | Zone.STRING | Zone.TEXT)
    bracket = regex(r"[ \t]*\(").match(code, start)
    at = bracket.end() if bracket else start
    depth, begin, found = 0, at, []
    end = len(code)
    for match in regex(r"[()\[\]{},;]|[ \t](?:if|unless|do|and|or|rescue)\b").finditer(code, at):
        sign = match[0]
        if sign in "([{":
            depth += 1
        elif sign in ")]}":
            depth -= 1
            if depth < 0:
                end = match.start()
                break
        elif depth == 0 and sign == ",":
            found.append((code[begin : match.start()], text[begin : match.start()]))
            begin = match.end()
        elif depth == 0:
            end = match.start()
            break
    found.append((code[begin:end], text[begin:end]))
    return [(one.strip(), other.strip()) for one, other in found if other.strip()], bool(text[at:end].strip())


_SHELLS = (
    r"(?<![\w.:@$])(?P<call>(?:Kernel\.|Process\.|::Kernel\.)?(?:system|exec|spawn)|IO\.popen"
    r"|(?:Open3\.)?(?:capture2e?|capture3|popen2e?|popen3|pipeline))(?=[ \t]*\("
    r"|[ \t]+[\"'%\w@#:\[{$])(?![ \t]*[=.])"
)
_BACKTICKS = r"(?P<call>`|%x[({\[|<!/])"


def _shells(line: Line, options: Options) -> Iterator[Candidate]:
    for match in islice(regex(_SHELLS).finditer(line.text), 4):
        start, end = match.span("call")
        if not line.zone_at(start) & Zone.CODE or regex(r"\b(?:def|alias|undef|:)[ \t]*(?:self\.)?$").search(
            line.text[:start]
        ):
            continue
        given, _ = _given(line, end)
        # What follows the command is an option of the call, or else it is a list, which no shell reads.
        rest = [
            text
            for _, text in given
            if not regex(r"(?:\w+:|:\w+[ \t]*=>|\*\*|\w*opt\w*$|[\"'][^\"']*[\"'][ \t]*=>)").match(text)
        ]
        if rest and regex(r"\{|(?:ENV|\w*env)\b(?![.\[(])").match(rest[0]):
            rest = rest[1:]
        if len(rest) != 1 or rest[0].startswith(("[", "*", "argv", "args")):
            passed = (
                len(rest) > 2
                and regex(r"[\"'](?:/bin/)?(?:ba|z)?sh[\"']").fullmatch(rest[0])
                and regex(r"[\"']-l?c[\"']").fullmatch(rest[1])
            )
            if not passed:
                continue
        if regex(r"\w*(?:path|bin|binary|executable|program)").fullmatch(rest[-1]):
            continue  # A program's name, with nothing behind it.
        code = next((code for code, text in given if text == rest[-1]), "")
        yield Candidate(start, end, {"call": match["call"]}, (), excuse_of(line, code, rest[-1]))


def _backticks(line: Line, options: Options) -> Iterator[Candidate]:
    code, end = line.only(Zone.CODE), 0
    for match in islice(regex(_BACKTICKS).finditer(line.text), 8):
        start = match.start()
        if (
            start < end
            or not line.zone_at(start) & Zone.STRING
            or (start and line.zone_at(start - 1) & Zone.STRING)
        ):
            continue
        if start and line.text[start - 1] == "}":
            continue  # What was put into a string ends there, and the string goes on.
        # The literal ends where code begins that is no field.
        end = start + 1
        fields = []
        while end < len(line.text):
            if line.zone_at(end) & Zone.STRING:
                end += 1
                continue
            field = regex(r"#\{([^{}\n]*)\}?").match(code, end) or regex(r"\{?([^{}\n]*)\}").match(code, end)
            if line.text[end] != "{" and line.text[end - 1] != "{" and line.text[end] != "#":
                break
            if field is None:
                break
            fields.append(field[1])
            end = max(field.end(), end + 1)
        if fields:
            joined = "\n".join(fields)
            yield Candidate(
                start,
                end,
                {"call": line.text[start:end][:1] if line.text[start] == "`" else "%x"},
                (),
                excuse_of(line, joined, joined),
            )


def _processes(line: Line, options: Options) -> Iterator[Candidate]:
    for match in islice(regex(_SHELLS).finditer(line.text), 4):
        start, end = match.span("call")
        if not line.zone_at(start) & Zone.CODE or regex(r"\b(?:def|alias|undef)[ \t]*(?:self\.)?$").search(
            line.text[:start]
        ):
            continue
        given, _ = _given(line, end)
        plain = [
            (code, text)
            for code, text in given
            if not regex(r"(?:\w+:|:\w+[ \t]*=>|\*\*|\w*opt\w*$|\{|ENV\b|\w*env\b|\*)").match(text)
        ]
        if len(plain) > 1 and not plain[0][1].startswith("["):
            code = plain[0][0]
            yield Candidate(
                start,
                end,
                {"call": match["call"]},
                (),
                "constant" if is_constant(code) or constant_name(line, code) else "",
            )


_EVALS = (
    r"(?P<call>(?<![\w.:@$])(?:Kernel\.)?eval|\b(?:binding|\w+_binding)\.eval"
    r"|\.?\b(?:instance_eval|class_eval|module_eval|class_exec)|\bERB\.new)(?=[ \t]*\("
    r"|[ \t]+[\"'%\w@#<])(?![ \t]*[=.])"
)


def _evals(line: Line, options: Options) -> Iterator[Candidate]:
    for match in islice(regex(_EVALS).finditer(line.text), 4):
        start, end = match.span("call")
        if not line.zone_at(start) & Zone.CODE or regex(r"\b(?:def|alias|undef|:)[ \t]*(?:self\.)?$").search(
            line.text[:start]
        ):
            continue
        given, some = _given(line, end)
        if not some or regex(r"[ \t]*(?:\{|do\b|&)").match(line.text, end):
            continue
        if given[0][1].startswith(("<<", "&", "do", "{")) or (
            match["call"] == "ERB.new" and not regex(r".*(?:params|\+|request)").match(given[0][0])
        ):
            continue
        start += match["call"].startswith(".")
        excuse = "constant" if is_constant(given[0][0]) or constant_name(line, given[0][0]) else ""
        yield Candidate(start, end, {"call": match["call"].lstrip(".")}, (), excuse)


_CONDITIONS = (
    r"where|having|order|reorder|group|joins|from|select|pluck|update_all|delete_all"
    r"|destroy_all|exists\?|find_by"
    r"|calculate|lock|rewhere|not|count_by_sql|find_by_sql|execute|exec_query|select_all"
    r"|select_value|select_rows|sql"
)
_OWN_CONDITIONS = r"where|having|joins|rewhere|update_all|delete_all|find_by_sql|count_by_sql"
"""Those that a model calls on itself, and nothing else is called."""

_WHERE = (
    rf"(?:\.(?P<call>{_CONDITIONS})|(?:^|[={{>]|\breturn\b)[ \t]*(?P<own>{_OWN_CONDITIONS}))"
    rf"[ \t(\[]{{0,6}}(?P<open>[\"'])"
)


def _where(line: Line, options: Options) -> Iterator[Candidate]:
    """A condition of ActiveRecord that is put together."""
    for match in islice(regex(_WHERE).finditer(line.text), 4):
        start = match.start("open")
        if not line.zone_at(match.start("call" if match["call"] else "own")) & Zone.CODE or regex(
            r"[\"'][ \t]*(?i:select|insert|update|delete|drop)\b"
        ).match(line.text, start):
            continue
        given, _ = _given(line, start)
        code, text = given[0] if given else ("", "")
        if not regex(r"\{[ \t]*[^ \t}]|\+[ \t]*\w|\bparams\b").search(code):
            continue
        excuse = ""
        names = [name.rpartition(".")[2] for name in regex(r"[A-Za-z_@][\w.@]*").findall(code)]
        if is_constant(code):
            excuse = "constant"
        elif (
            regex(r"[\"']EXPLAIN #\{\w+\}").match(text)
            or regex(r"\b(?:quote\w*|sanitize\w*|to_i|to_f|Integer|connection\.quote)\b").search(code)
            or all(regex(IDENTIFIERS).fullmatch(name.strip("@")) for name in names)
        ):
            excuse = "identifier"
        yield Candidate(start, max(start + 1, start + len(text)), None, (), excuse)


_YAML = (
    r"(?P<span>\b(?:Marshal\.(?:load|restore)|(?:YAML|Psych)\.(?:unsafe_load(?:_file)?"
    r"|load(?:_file|_stream)?)|Oj\.(?:object_load|load)|PStore\.new|JSON\.(?:restore"
    r"|unsafe_load)))(?=[ \t]*\(|[ \t]+[\w@\"'])"
)


def _yaml(line: Line, match: re.Match[str]) -> str:
    rest = line.text[match.end("span") :]
    if match["span"] == "Oj.load":
        return "" if regex(r"mode:[ \t]*:object").search(rest) else "none"
    if regex(r"permitted_classes|safe:[ \t]*true").search(rest):
        return "permitted"
    given, _ = _given(line, match.end("span"))
    return (
        "constant"
        if (given and is_constant(given[0][0]))
        or (
            regex(r"[ \t(]*(?:File\.(?:read|join|open)\(|Rails\.root|__dir__|IO\.read)").match(rest)
            and "Marshal" not in match["span"]
        )
        else ""
    )


_HASHES = (
    r"(?P<span>\b(?:OpenSSL::)?Digest::(?:MD[245]|SHA1)\b"
    r"|\bOpenSSL::Digest\.new\([ \t]*[\"'](?i:md[245]|sha-?1)[\"']|\bDigest\([ \t]*:(?:MD5"
    r"|SHA1)[ \t]*\)|\bOpenSSL::HMAC\.(?:hex)?digest\([ \t]*[\"'](?i:md5)[\"'])"
)
_CIPHERS = (
    r"(?P<span>\bOpenSSL::Cipher(?:::Cipher)?\.new[ \t(]+[\"'](?P<name>(?i:des[\w-]*"
    r"|rc[245][\w-]*|bf[\w-]*|blowfish|idea[\w-]*|cast5?[\w-]*|seed[\w-]*|[\w-]+-ecb))[\"']"
    r"|\bOpenSSL::Cipher::(?:DES|RC4|RC2|BF|IDEA|CAST5)\b)"
)
_TLS = (
    r"(?P<span>\bOpenSSL::SSL::VERIFY_NONE\b|\bverify_(?:ssl|mode|peer|hostname"
    r"|host)[ \t]*(?::|=|=>)[ \t]*false\b|\bssl_verify(?:_peer|_host)?:?[ \t]*(?:="
    r"|=>)?[ \t]*false\b|\bssl:[ \t]*\{[ \t]*verify:[ \t]*false"
    r"|(?<![\w.:])verify:[ \t]*false(?=[ \t]*[,})\n]|$)"
    r"|\bverify_none\b|:verify_ssl[ \t]*=>[ \t]*false\b|\bssl_verify_mode[ \t]*[:=][ \t]*:none)"
)


def _tls(line: Line, match: re.Match[str]) -> str:
    before = line.text[: match.start("span")]
    if regex(r"(?:==|!=|\bwhen|\bif|\bunless)[^=]*$").search(before):
        return "compared"
    if match["span"].startswith("verify:"):
        near = line.text + line.text_before(4)
        return (
            ""
            if regex(r"(?i)http|faraday|rest|ssl|conn|excon|client|request|get|post").search(near)
            and not regex(r"(?i)jwt").search(near)
            else "none"
        )
    return ""


def _markup(line: Line, options: Options) -> Iterator[Candidate]:
    for match in islice(
        regex(
            r"\.(?P<call>html_safe)\b|(?:(?<![\w.:@])|(?<=\bhelpers\.)|(?<=\bview_context\.))(?P<raw>raw)"
            r"(?=[ \t]*\(|[ \t]+[\w@\"'])(?![ \t]*[=.])|(?<![\w.])render[ \t(]+(?P<inline>inline):"
        ).finditer(line.text),
        4,
    ):
        group = match.lastgroup or "call"
        start, end = match.span(group)
        if not line.zone_at(start) & Zone.CODE:
            continue
        if group == "call":
            before = line.only(Zone.CODE)[: match.start()]
            literal = regex(r"[\"'][^\"'\n]*[\"']$").search(line.text, 0, match.start())
            if literal and not line.zone_at(match.start() - 1) & Zone.STRING:
                literal = None
            code = before[literal.start() :] if literal else _receiver(line, before)
        else:
            given, some = _given(line, end + (group == "inline"))
            if not some:
                continue
            code = given[0][0]
        excuse = (
            "constant"
            if is_constant(code) or regex(r"\([ \t]*\*[^\"'{}]*\)").fullmatch(code)
            else "escaped"
            if regex(
                r"\b(?:h|sanitize\w*|escape\w*|html_escape|strip_tags|content_tag|(?:\w+_)?tag"
                r"|(?:link|button)_to(?:_\w+)?|safe_join|t|translate|(?:\w+_)?to_(?:json|pdf|csv)|json_escape"
                r"|j|render|l(?=[ \t(]{1,2}:))\b"
            ).search(code)
            else ""
        )
        yield Candidate(
            start, end, {"call": match[group], "advice": "use `sanitize` or `content_tag`"}, (), excuse
        )


_RECEIVER = 15
"""Lines above in which an expression may begin."""


def _receiver(line: Line, code: str) -> str:
    """The expression that ends where the code does and is sent a message there, with all that is in its
    brackets, some of it above."""
    start, depth = _begin(code, 0)
    if not depth:
        return code[start:]
    pieces = [code]
    for one in line.before(_RECEIVER):
        code = one.only(Zone.CODE)
        start, depth = _begin(code, depth)
        pieces.append(code[start:])
        if not depth:
            break
    return "\n".join(reversed(pieces))


def _begin(code: str, depth: int) -> tuple[int, int]:
    """Where the expression begins that ends with some code, inside of so many brackets that close behind it;
    and how many of them are open before the code."""
    for start in range(len(code), 0, -1):
        character = code[start - 1]
        if character in ")]}":
            depth += 1
        elif character in "([{":
            if not depth:
                return start, 0
            depth -= 1
        elif not depth and not (character.isalnum() or character in "_.@:!?&"):
            return start, 0
    return 0, depth


_RANDOM = (
    r"(?<![\w.:])(?:Kernel\.|Random\.)?rand\b(?=[ \t]*[(\d.\w])|\bRandom\.(?:new|rand"
    r"|bytes)\b|\.(?:sample|shuffle)\b(?![ \t]*\(?[ \t]*random:[ \t]*SecureRandom)"
)
_CORS = (
    r"(?P<span>\borigins[ \t(]+[\"']\*[\"']"
    r"|[\"'](?i:Access-Control-Allow-Origin)[\"']\]?[ \t]*(?:=>|=|,|:)[ \t]*(?:[\"']\*[\"']"
    r"|request\.(?:headers|env)\b))"
)
_MODE = (
    r"(?P<span>\b(?:File|FileUtils|Pathname)?\.?(?:l?chmod"
    r"|chmod_R)[ \t(]+(?:0o?[0-7]{0,2}[0-7]?[2367]\b|[\"'][ugoa]*[ao]\+r?w)"
    r"|\bmode:[ \t]*0o?[0-7]{0,2}[0-7][27]\b|\bFile\.umask[ \t(]+0+\b)"
)
_JWT = (
    r"(?P<span>\bJWT\.decode[ \t(]+[^,\n]+,[ \t]*[^,\n]+,[ \t]*false\b|\bJWT\.(?:decode"
    r"|encode)[ \t(]+[^\n]*[\"']none[\"']|\bverify_signature:[ \t]*false\b)"
)
_CSRF = (
    r"(?P<span>\bskip_before_action[ \t(]+:verify_authenticity_token"
    r"|\bskip_before_filter[ \t(]+:verify_authenticity_token|\bskip_forgery_protection\b"
    r"|\bprotect_from_forgery[ \t(]+(?:except|only):"
    r"|\ballow_forgery_protection[ \t]*=[ \t]*false\b|\bdisable[ \t]+:protection\b"
    r"|\bset[ \t]+:protection,[ \t]*false\b)"
)
_GOES = r"(?P<span>\bredirect_to[ \t(]+(?P<name>[a-z_]\w{0,60})(?=[ \t]*(?:[,)]|$)))"
_ASKS = r"(?:params\b|request\.(?:referer|referrer|params)\b|cookies\b)"
_REDIRECT = (
    r"(?P<span>\bredirect_to[ \t(]+(?:params|request\.(?:referer|referrer|params|env"
    r"|original_url)|cookies)\b|\bredirect[ \t(]+params\b)"
)
_COOKIES = (
    r"(?P<span>\b(?:secure|httponly)(?::|[ \t]*=>)[ \t]*false\b|:(?:secure"
    r"|httponly)[ \t]*=>[ \t]*false\b)"
)


def _cookie(line: Line, match: re.Match[str]) -> str:
    return "" if regex(r"(?i)cookie|session").search(line.text + line.text_before(8)) else "none"


RULES = (
    rule("eval-call", _RUBY, _evals, (r"eval\b", r"\bclass_exec\b", r"\bERB\.new\b"), (CONSTANT,)),
    rule(
        "exec-call",
        _RUBY,
        _processes,
        (r"\b(?:system|exec|spawn)[ \t(]", r"\bpopen", r"\bcapture[23]"),
        (CONSTANT,),
    ),
    rule(
        "shell-injection",
        _RUBY,
        either(_shells, _backticks),
        (r"\b(?:system|exec|spawn)[ \t(]", r"\bpopen", r"\bcapture[23]", r"\bpipeline", r"`", r"%x"),
        (CONSTANT, QUOTED),
    ),
    sql_rule(
        _RUBY,
        Text(joins=r"\+|%|<<", formats=r"(?!x)x"),
        (
            _where,
            (
                rf"\.(?:{_CONDITIONS})[ \t(\[]{{0,6}}[\"']",
                rf"(?:^|[={{>n])[ \t]*(?:{_OWN_CONDITIONS})[ \t(\[]{{1,6}}[\"']",
            ),
        ),
    ),
    rule(
        "unsafe-deserialization",
        _RUBY,
        settings(_YAML, _yaml, advice="use `JSON.parse` or `YAML.safe_load`"),
        (
            r"\bMarshal\.",
            r"\b(?:YAML|Psych)\.",
            r"\bOj\.",
            r"\bPStore\b",
            r"\bJSON\.(?:restore|unsafe_load)\b",
        ),
        (CONSTANT, said("permitted")),
    ),
    rule(
        "weak-hash",
        _RUBY,
        settings(_HASHES, benign_hash),
        (r"\bDigest(?:::|\()(?:MD|SHA1|:MD5|:SHA1)", r"\bOpenSSL::Digest\.new\b", r"\bOpenSSL::HMAC\b"),
        (said("checksum"),),
    ),
    rule("weak-cipher", _RUBY, settings(_CIPHERS), (r"\bOpenSSL::Cipher\b",)),
    rule(
        "weak-key-size",
        _RUBY,
        settings(r"(?P<span>\bOpenSSL::PKey::(?:RSA|DSA)\.(?:new|generate)[ \t(]+(?:512|768|1024)\b)"),
        (r"\bOpenSSL::PKey::",),
    ),
    rule(
        "weak-tls-version",
        _RUBY,
        settings(
            r"(?P<span>\b(?:ssl_version|min_version|max_version)[ \t]*(?:=|:"
            r"|=>)[ \t]*(?:[\"':](?P<name>SSLv2|SSLv3|TLSv1|TLSv1_1)(?:[\"']|\b)"
            r"|OpenSSL::SSL::(?:SSL2|SSL3|TLS1|TLS1_1)_VERSION))"
        ),
        (r"\bssl_version\b", r"\bm(?:in|ax)_version\b"),
    ),
    rule(
        "insecure-random",
        _RUBY,
        chances(_RANDOM, "`SecureRandom`"),
        (r"\brand\b", r"\bRandom\.", r"\.(?:sample|shuffle)\b"),
    ),
    rule(
        "tls-verification-disabled",
        _RUBY,
        settings(_TLS, unless_asked(_tls)),
        (
            r"\bVERIFY_NONE\b",
            r"\bverify\w{0,12}[ \t]*(?::|=|=>)[ \t]*false",
            r"\bssl_verify",
            r"\bverify_none\b",
        ),
        (said("compared"), ASKED),
    ),
    rule(
        "unverified-host-key",
        _RUBY,
        settings(r"(?P<span>\bverify_host_key:[ \t]*(?::never|false)|\bparanoid:[ \t]*false)"),
        (r"\bverify_host_key\b", r"\bparanoid:"),
    ),
    rule(
        "raw-html",
        _RUBY,
        _markup,
        (r"\.html_safe\b", r"\braw[ \t(]", r"\brender[ \t(]{1,3}inline:"),
        (CONSTANT, said("escaped")),
    ),
    rule(
        "xxe-parser",
        _RUBY,
        settings(
            (
                r"(?P<span>\b\w+\.noent\b|\bParseOptions::(?:NOENT|DTDLOAD)\b"
                r"|\bdefault_substitute_entities[ \t]*=[ \t]*true\b|\bXML::Parser::Options::NOENT\b)"
            ),
            advice="leave entities alone",
        ),
        (r"\bnoent\b", r"\b(?:NOENT|DTDLOAD)\b", r"\bdefault_substitute_entities\b"),
    ),
    rule(
        "archive-path-traversal",
        _RUBY,
        settings(
            (
                r"(?P<span>\bFile\.(?:join|expand_path)\([^()\n]*\b(?:entry|file|f|e)\.(?:name"
                r"|full_name)\b)"
            ),
            outside(
                r"(?i)\bzip\b|Zip::|TarReader|Gem::Package",
                r"start_with\?|expand_path[^\n]*start|\.\.|safe_path",
            ),
            advice="compare the expanded path with the folder first",
        ),
        (r"\bFile\.(?:join|expand_path)\(",),
        (said("checked"),),
    ),
    rule(
        "temp-file-race",
        _RUBY,
        settings(
            (
                r"(?P<span>\b(?:File\.(?:write|binwrite)"
                r"|IO\.write))[ \t(]+[\"'](?:/var)?/tmp/[\w./-]+[\"']|(?P<other>\bFile\.(?:open"
                r"|new))[ \t(]+[\"'](?:/var)?/tmp/[\w./-]+[\"'][ \t]*,[ \t]*[\"'][wa]"
            ),
            advice="use `Tempfile`",
        ),
        (r"[\"'](?:/var)?/tmp/",),
    ),
    rule("permissive-cors", _RUBY, settings(_CORS), (r"\borigins[ \t(]", r"(?i)access-control-allow-origin")),
    rule("permissive-mode", _RUBY, settings(_MODE), (r"chmod", r"\bmode:[ \t]*0", r"\bFile\.umask\b")),
    rule(
        "bind-all-interfaces",
        _RUBY,
        settings(
            r"(?P<span>\b(?:TCPServer|UDPSocket|Server)\.(?:new|open)[ \t(]+[\"'](?:0\.0\.0\.0"
            r"|::)[\"']|\bset[ \t]+:bind,[ \t]*[\"']0\.0\.0\.0[\"']|\b(?:host|bind|Host"
            r"|BindAddress)(?::|[ \t]*=>|[ \t]*=)?[ \t(]*[\"'](?:tcp://)?(?:0\.0\.0\.0|::)[\"':])"
        ),
        (r"0\.0\.0\.0", r"[\"']::[\"']"),
    ),
    rule(
        "cleartext-protocol",
        _RUBY,
        settings(r"(?P<span>\bNet::(?:FTP|Telnet)(?:\.|::)(?:new|open)\b)", advice="SFTP or SSH"),
        (r"\bNet::(?:FTP|Telnet)\b",),
    ),
    rule("jwt-verification-disabled", _RUBY, settings(_JWT), (r"\bJWT\.", r"\bverify_signature:")),
    rule(
        "csrf-disabled",
        _RUBY,
        settings(_CSRF),
        (
            r":verify_authenticity_token\b",
            r"\bskip_forgery_protection\b",
            r"\bprotect_from_forgery\b",
            r"\ballow_forgery_protection\b",
            r":protection\b",
        ),
    ),
    rule(
        "open-redirect",
        _RUBY,
        either(settings(_REDIRECT), redirects(_GOES, _ASKS)),
        (r"\bredirect(?:_to)?[ \t(]",),
    ),
    rule(
        "insecure-cookie",
        _RUBY,
        settings(_COOKIES, _cookie),
        (r"\b(?:secure|httponly)(?::|[ \t]*=>)[ \t]*false",),
    ),
)
