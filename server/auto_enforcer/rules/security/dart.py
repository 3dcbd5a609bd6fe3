"""Dangerous calls and settings in Dart."""

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
    excuse_of,
    rule,
    settings,
    unless_asked,
    where_near,
)
from auto_enforcer.rules.security._sql import Text, sql_rule

_DART = ("dart",)
_SHELL = r"[\"'](?:/(?:usr/)?bin/)?(?:(?:ba|z|da|k)?sh|cmd(?:\.exe)?|powershell(?:\.exe)?|pwsh)[\"']"
_OPTION = r"(?:const[ \t]+)?(?:<String>[ \t]*)?\[\s*[\"'](?:-l?c|/[cCkK]|-Command)[\"']\s*,"
"""A list of arguments by which a shell is given its text."""


def _shell(called: Called) -> Candidate | None:
    program, given, asked = called.at(0), called.at(1), called.named("runInShell")
    if program is None:
        return None
    option = regex(_OPTION).match(given.text) if given and regex(_SHELL).fullmatch(program.text) else None
    if given is not None and option is not None:
        code, text = (part[option.end() :].rstrip(" \t\n,]") for part in (given.code, given.text))
        return called.found(excuse_of(called.line, code.strip(), text.strip()))
    if asked is None or asked.code != "true":
        return None
    excuses = [excuse_of(called.line, one.code, one.text) for one in (program, given) if one]
    return called.found("" if "" in excuses else excuses[0])


def _script(called: Called) -> Candidate | None:
    first = called.named("source") or called.at(0)
    if first is None:
        return None
    return called.found("constant" if excuse_of(called.line, first.code, first.text) == "constant" else "")


_ACCEPTS = (
    r"\s*\(?\s*(?:\([^()]{0,160}\)|\w+)\s*"
    r"(?:=>\s*true\b(?!\s*[&|?])|\{\s*return\s+true\s*;\s*\})"
)
"""A function that says yes to whatever it is asked."""


def _certificate(line: Line, match: re.Match[str]) -> str:
    if not regex(_ACCEPTS).match(f"{line.text[match.end() :]}\n{line.text_after(4)}"):
        return "none"
    near = line.text[: match.start()] + "\n" + line.text_before(3)
    if regex(r"\b(?:if[ \t]*\([ \t]*|assert\(\(\)[ \t]*\{[ \t\n]*)k?[dD]ebug").search(near):
        return "asked"
    below = line.text_after(12)
    judged = regex(r"\bvalidateCertificate[ \t]*:").search(below) if match["span"][0] == "b" else None
    return "evaluated" if judged and not regex(_ACCEPTS).match(below, judged.end()) else ""


_cookie = where_near(r"(?i)cookie")


_HASHES = (
    r"(?P<span>(?<![\w.])(?:\w{1,20}\.)?(?P<name>md5|sha1)\.(?:convert|bind|startChunkedConversion)(?=\()"
    r"|\bHmac\([ \t]*(?:\w{1,20}\.)?(?:md5|sha1)(?=[ \t]*,)|\b(?:MD[245]|SHA1)Digest(?=\()"
    r"|\bDigest\([ \t]*[\"'](?:MD[245]|SHA-?1)[\"'])"
)
_CIPHERS = (
    r"(?P<span>\bAESMode\.ecb\b|\b(?P<name>DESede|DES|RC[24]|Blowfish)Engine(?=\()|\bECBBlockCipher(?=\()"
    r"|\bBlockCipher\([ \t]*[\"'](?:[\w-]{1,20}/ECB\b|DES)[^\"'\n]{0,40}[\"'])"
)
_CORS = (
    r"(?P<span>(?:[\"'](?i:Access-Control-Allow-Origin)[\"']|\baccessControlAllowOriginHeader)"
    r"[ \t]*(?:,|:|\][ \t]*=)[ \t]*[\"']\*[\"'])"
)
_LISTENS = (
    r"(?P<span>\bInternetAddress\.anyIPv[46]\b|\b(?:bind(?:Secure)?|serve)\([^()\n]{0,60}[\"'](?:0\.0\.0\.0|::)[\"']"
    r"|\b(?:host|address)\w{0,20}[ \t]*[:=][ \t]*[\"'](?:0\.0\.0\.0|::)[\"'])"
)

RULES = (
    rule(
        "eval-call",
        _DART,
        calls(
            r"(?P<call>(?<![\w.])(?:\w{1,40}[?!]?\.){0,4}(?:runJavaScript(?:ReturningResult)?"
            r"|runJavascript(?:ReturningResult)?|evaluateJavascript|evalJavascript))[ \t]*\(",
            _script,
            keyword=":",
        ),
        (r"\b(?:run|eval|evaluate)Java[sS]cript\w{0,15}[ \t]*\(",),
        (CONSTANT,),
    ),
    rule(
        "shell-injection",
        _DART,
        calls(r"(?P<call>\bProcess\.(?:run|runSync|start))[ \t]*\(", _shell, keyword=":"),
        (r"\bProcess\.(?:run|start)",),
        (CONSTANT, QUOTED),
    ),
    sql_rule(_DART, Text(inside=r"\$[A-Za-z_]\w*")),
    rule(
        "weak-hash",
        _DART,
        settings(_HASHES, benign_hash),
        (r"\b(?:md5|sha1)\.[a-z]", r"\bHmac\(", r"\b(?:MD[245]|SHA1)Digest\(", r"\bDigest\([\"' ]"),
        (said("checksum"),),
    ),
    rule(
        "weak-cipher",
        _DART,
        settings(_CIPHERS),
        (
            r"\bAESMode\.ecb\b",
            r"(?:DES|DESede|RC[24]|Blowfish)Engine\(",
            r"\bECBBlockCipher\(",
            r"\bBlockCipher\(",
        ),
    ),
    rule(
        "insecure-random",
        _DART,
        chances(r"(?<![\w.])(?:math\.)?Random(?=\()", "`Random.secure()`"),
        (r"\bRandom\(",),
    ),
    rule(
        "tls-verification-disabled",
        _DART,
        settings(
            r"(?P<span>\b(?:badCertificateCallback|onBadCertificate|validateCertificate))[ \t]*[=:](?!=)",
            unless_asked(_certificate),
        ),
        (r"\b(?:badCertificateCallback|onBadCertificate|validateCertificate)[ \t]*[=:]",),
        (ASKED, said("evaluated")),
    ),
    rule(
        "permissive-cors",
        _DART,
        settings(_CORS),
        (r"(?i)access-?control-?allow-?origin",),
    ),
    rule(
        "bind-all-interfaces",
        _DART,
        settings(_LISTENS),
        (r"\bInternetAddress\.any", r"[\"'](?:0\.0\.0\.0|::)[\"']"),
    ),
    rule(
        "insecure-cookie",
        _DART,
        settings(r"(?P<span>\b(?:secure|httpOnly)[ \t]*[:=][ \t]*false\b)", _cookie),
        (r"\b(?:secure|httpOnly)[ \t]*[:=][ \t]*false",),
    ),
)
