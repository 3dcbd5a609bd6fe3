"""Dangerous commands in shell scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from auto_enforcer.model import Candidate, Line, Options, Zone
from auto_enforcer.rules._common import regex
from auto_enforcer.rules._kinds import said
from auto_enforcer.rules.security._shared import ABOVE, CONSTANT, QUOTED, either, means_secret, rule, settings
from auto_enforcer.rules.security._sql import IDENTIFIERS

_SHELLS = ("shellscript",)

_STARTS = (
    r"(?:^|[;&|({`]|\$\(|\b(?:then|do|else|if|while|until|exec|sudo|nohup|time|env|xargs|command)[ \t]"
    r"|![ \t])[ \t]*"
)
"""What a command stands behind."""

_VARIABLE = r"\$(?:\{(?P<braced>[^{}]*)\}|(?P<name>[A-Za-z_]\w*|[0-9@*]))"

_QUOTED = r"\"(?:[^\"\\\n]|\\.)*\"?|'[^'\n]*+'?"
"""A word's part in quotes, whether they are closed or not."""

_OWN = (
    r"(?:PWD|HOME|OLDPWD|UID|EUID|USER|LOGNAME|HOSTNAME|RANDOM|SECONDS|LINENO|PPID|SHELL|TMPDIR|PATH"
    r"|IFS|BASH\w*)"
)
"""Variables that the shell sets."""


def _names(text: str) -> list[str]:
    """The variables that stand in a word, as the shell would fill them in."""
    found = []
    for match in islice(regex(_VARIABLE).finditer(text), 32):
        if match.start() and text[match.start() - 1] == "\\":
            continue
        braced = match["braced"] or ""
        inner = regex(r"!?(\w+|[@*])").match(braced)
        name = match["name"] or (inner[1] if inner and not braced.endswith("@Q") else "")
        if name:
            found.append(name)
    return found


def _is_set(line: Line, name: str) -> bool:
    """Whether a variable was given something constant last, some lines above."""
    if regex(_OWN).fullmatch(name):
        return True
    if not regex(r"[A-Za-z_]\w{0,60}").fullmatch(name) or name not in line.text_before(ABOVE):
        return False
    given = regex(
        rf"(?:^|[\s;])(?:(?:local|export|readonly|declare|typeset)[ \t]+(?:-\w+[ \t]+)?)?{name}=(.*)"
    )
    for one in line.before(ABOVE):
        if name not in one.text:
            continue
        if regex(rf"\b(?:for|read|select|getopts)\b[^\n]*\b{name}\b|\b{name}\+=").search(one.text):
            return False
        match = given.search(one.text)
        if match:
            return "$" not in regex(rf"\$(?:\{{{_OWN}\}}|{_OWN}\b)").sub("", match[1]) and "`" not in match[1]
    return False


def _excuse(line: Line, word: str) -> str:
    """Why a word that is run does no harm: `constant`, `quoted`; else an empty text."""
    if regex(r"printf[ \t]+['\"]?%q|@Q\}|\bquote\w*|\bshellescape\b").search(word):
        return "quoted"
    # What a command answers is taken for what its author meant, as long as nothing else is put in.
    return "constant" if all(_is_set(line, name) for name in _names(word)) else ""


def _word(text: str, start: int) -> str:
    """The word that begins at a column, with its quotes."""
    match = regex(rf"(?:{_QUOTED}|\$\([^()\n]*+\)|[^\s\"';&|<>()\\]|\\.)*").match(text, start)
    return match[0] if match else ""


def _filled(word: str) -> str:
    """A word without what stands in single quotes, which the shell leaves alone."""
    return regex(_QUOTED).sub(lambda match: match[0] if match[0][0] == '"' else " ", word)


_EVAL = rf"{_STARTS}(?P<call>eval)[ \t]+"
_OF_USER = r"\$\{?(?:\w+_)?(?:PAGER|EDITOR|VISUAL|BROWSER)\b"
"""A program that who runs the script has chosen."""

_INDIRECT = r"[\"']?(?:(?:local|export)[ \t]+)?(?:\$\{?\w+\}?|\w)+=\\?[\"']?\\\$\{?[\w$\{\}]{1,80}\\?[\"']*$"
"""`eval "$name=\\$value"`: the value of a variable whose name is known at run time only."""


def _eval(line: Line, options: Options) -> Iterator[Candidate]:
    for match in islice(regex(_EVAL).finditer(line.text), 4):
        start, end = match.span("call")
        if not line.zone_at(start) & Zone.CODE:
            continue
        rest = regex(rf"(?:[^;&|\n\"']|{_QUOTED})*").match(line.text, match.end())
        given = rest[0].strip() if rest else ""
        filled = _filled(given)
        if regex(r"[\"']?set[ \t]+--|[\"']?\w+=\([ \t]*\$").match(given):
            excuse = "words"
        elif regex(_OF_USER).search(filled):
            excuse = "chosen"
        elif regex(_INDIRECT).match(given) or regex(r"(?:echo|printf)[ \t]+[\"']?\\\$").match(given):
            excuse = "indirect"
        elif regex(r"[\"']?\$\([^$`]*\)[\"']?$").match(given) or not regex(r"\$|`").search(filled):
            excuse = "constant"
        else:
            excuse = _excuse(line, filled) or ("" if _is_foreign(line, filled) else "own-text")
        yield Candidate(start, end, {"call": "eval"}, (), excuse)


_FOREIGN = (
    r"=[\"']?(?:\$(?:\{[0-9@*]|[0-9@*])|(?:\$\(|`)[ \t]*(?:curl|wget|cat|head|tail|ssh|nc|jq|<)\b"
    r"|\$\(<)"
)


def _is_foreign(line: Line, word: str) -> bool:
    """Whether something in a word comes from the arguments, a file or the network, as far as is in sight."""
    if regex(r"(?:\$\(|`)[ \t]*(?:curl|wget|cat|ssh)\b").search(word):
        return True
    above = line.before(ABOVE)
    for name in _names(word):
        if name in "@*" or name.isdigit():
            return True
        given = regex(rf"(?:^|[\s;]){name}{_FOREIGN}|\b(?:read|mapfile)\b[^\n|;]*[ \t]{name}\b")
        if any(name in one.text and given.search(one.text) for one in above):
            return True
    return False


_PASSED = (
    r"(?<![\w./-])(?P<call>(?:(?:/usr)?/bin/)?(?:ba|z|da|k|a)?sh|su|runuser)[ \t]+(?:-(?!c\b)[\w-]*[ \t]+"
    r"|\w+[ \t]+(?=-c\b)){0,4}-[a-z]{0,3}c[ \t]+(?=[\"$])"
)


_REMOTE = r"(?<![\w./-])(?P<call>ssh)[ \t][^\n\"';|&]{1,120}[ \t](?=\")"


def _remote(line: Line, options: Options) -> Iterator[Candidate]:
    """`ssh host "run $1"`: the shell at the other end reads what a caller has given."""
    for match in islice(regex(_REMOTE).finditer(line.text), 4):
        word = _filled(_word(line.text, match.end()))
        if line.zone_at(match.start("call")) & Zone.CODE and any(
            name in "@*" or name.isdigit() for name in _names(word)
        ):
            yield Candidate(*match.span("call"), {"call": "ssh"}, (), _excuse(line, word))


def _shell(line: Line, options: Options) -> Iterator[Candidate]:
    for match in islice(regex(_PASSED).finditer(line.text), 4):
        start, end = match.span("call")
        word = _filled(_word(line.text, match.end()))
        if not line.zone_at(start) & Zone.CODE:
            continue
        # The name of each file is put into the text by `find` and `xargs`, quotes or not.
        each = "{}" in word and regex(r"-exec(?:dir)?\b|\bxargs\b").search(line.text, 0, start)
        if each or _names(word):
            yield Candidate(start, end, {"call": match["call"]}, (), "" if each else _excuse(line, word))


_SQL = (
    r"(?<![\w./-])(?:mysql|mariadb|psql|sqlite3|sqlcmd|clickhouse-client|cqlsh|isql|duckdb"
    r"|influx)\b[^\n;|]{0,200}?"
    r"(?P<span>\"[ \t]*(?i:select|insert|update|delete|replace|with|merge)\b(?:[^\"\\\n]|\\.)*\"?)"
)


def _statement(line: Line, match: re.Match[str]) -> str:
    names = [name for name in _names(match["span"]) if not _is_set(line, name)]
    if not names:
        return "constant"
    value = regex(r"(?:['=<>(,%]|\b(?:values|like|in)\b)[ \t(]*'?%?\$").search(match["span"])
    form = rf"{IDENTIFIERS}|(?i:\w*(?:table|db|database|schema)\w*)"
    return "identifier" if value is None or all(regex(form).fullmatch(name) for name in names) else ""


_GIVEN = r"(?:[^\n;|&\"']|\"[^\"\n]*\"|'[^'\n]*')"
_TLS = (
    rf"{_STARTS}(?P<span>curl[ \t]{_GIVEN}{{0,400}}?(?<=[ \t])(?:-(?!-)[a-jl-zA-Z]*k[a-zA-Z]*"
    rf"|--insecure|--proxy-insecure)"
    r"(?=[ \t\n)\"'`;|]|$))"
    rf"|{_STARTS}(?P<spread>wget[ \t]{_GIVEN}{{0,400}}?--no-check-certificate\b)"
    r"|(?P<other>\bhttp\.sslVerify[= \t]+[\"']?(?:false|0)\b|\bGIT_SSL_NO_VERIFY=[\"']?(?:1|true)\b"
    r"|\bNODE_TLS_REJECT_UNAUTHORIZED=[\"']?0\b|\bPYTHONHTTPSVERIFY=[\"']?0\b"
    r"|\bstrict-ssl[= \t]+[\"']?false\b"
    r"|--insecure-skip-tls-verify\b(?!=false)|--verify[= ]no\b|--no-verify-ssl\b"
    r"|--tlsverify=false\b|--no-verify-tls\b"
    r"|--trusted-host[= \t]|--skip-ssl-validation\b|\bssl_verify[= \t:]+false\b)"
)


def _tls(line: Line, match: re.Match[str]) -> str:
    if regex(r"[ \t]*(?:echo|printf)\b").match(line.text):
        return "none"
    spoken = line.text[match.start() : match.start() + 400]
    local = regex(
        r"(?:https?://|--trusted-host[= \t])(?:\[?::1\]?|localhost|127\.\d+\.\d+\.\d+"
        r"|0\.0\.0\.0)(?![\w.])"
    )
    return "local" if local.search(spoken) else ""


_CIPHERS = (
    r"(?P<span>\bopenssl[ \t]+(?:enc[ \t][^\n;|]{0,80}?-(?P<name>des\w*(?:-\w+)*"
    r"|rc[24]\w*(?:-\w+)*|bf(?:-\w+)*|idea(?:-\w+)*"
    r"|cast5?(?:-\w+)*|seed(?:-\w+)*|[\w-]+-ecb)\b|(?:des3?|rc4|rc2|bf|idea)[ \t]))"
)
_SIZES = (
    r"(?P<span>\bopenssl[ \t]+(?:genrsa|gendsa|dsaparam|dhparam)[ \t][^\n;|]{0,80}?\b(?:512|768|1024)\b"
    r"|\bopenssl[ \t]+req[ \t][^\n;|]{0,120}?-newkey[ \t]+rsa:(?:512|768|1024)\b"
    r"|\bssh-keygen[ \t](?![^\n;|]{0,80}-t[ \t]*(?:ecdsa|ed25519))[^\n;|]{0,80}?-b[ \t]*(?:512|768|1024)\b"
    r"|\bssh-keygen[ \t][^\n;|]{0,80}?-t[ \t]*(?:dsa|rsa1)\b|\brsa_keygen_bits:(?:512|768|1024)\b)"
)
_VERSIONS = (
    r"(?P<span>(?<![\w./-])curl[ \t][^\n;|]{0,200}?(?<=[ \t])(?:-[123]|--tlsv1|--sslv[23]"
    r"|--tlsv1\.[01]|--tls-max[ \t]+1\.[01])"
    r"(?=[ \t]|$)|(?<![\w./-])wget[ \t][^\n;|]{0,200}?--secure-protocol=(?:SSLv[23]|TLSv1(?:_[01])?)\b)"
)
_RANDOM = r"\$\{?RANDOM\b\}?|\bdate[ \t]+\+%[sN]\b[^\n;)]{0,20}\|[ \t]*(?:md5|sha)\w*sum\b"
_GIVES = r"(?:^|[\s;])(?:(?:local|export|readonly|declare)[ \t]+(?:-\w+[ \t]+)?)?([A-Za-z_]\w{0,60})\+?="


def _chance(line: Line, options: Options) -> Iterator[Candidate]:
    given = regex(_GIVES).search(line.text)
    if given is None or not means_secret(given[1]):
        return
    match = regex(_RANDOM).search(line.text, given.end())
    if match and line.zone_at(match.start()) & (Zone.CODE | Zone.STRING):
        details = {"call": match[0], "name": given[1], "advice": "`openssl rand` or `/dev/urandom`"}
        yield Candidate(*match.span(), details)


_HOST_KEYS = (
    r"(?P<span>[\"']?\bStrictHostKeyChecking[= \t]+[\"']?(?:no|off)\b"
    r"|[\"']?\bUserKnownHostsFile[= \t]+[\"']?/dev/null\b)"
)
_TEMPORARY = (
    r"(?P<span>\bmktemp[ \t]+(?:-\w+[ \t]+){0,4}-\w*u\w*\b|\bmktemp[ \t]+[^\n;|]{0,40}--dry-run\b"
    r"|(?<![\w$])/(?:var/)?tmp/[\w./-]*(?:\$\$|\$\{?RANDOM\b\}?)[\w./-]*)"
    r"|>>?\|?[ \t]*(?P<other>[\"']?/(?:var/)?tmp/[\w./-]+(?![\w./${-]))"
)
_MODE = (
    r"(?<![\w./-])(?P<span>chmod[ \t]+(?:-[\w-]+[ \t]+){0,3}[\"']?(?:[0-7]{0,3}[2367]\b"
    r"|[ugoa]{0,3}[ao][ugo]{0,3}\+[rxXst]*w[rwxXst]*\b"
    r"|\+[rxXst]*w[rwxXst]*\b|[ugoa]{0,3}[ao][ugo]{0,3}=[rx]*w[rx]*\b)"
    r"|umask[ \t]+0{1,4}(?=[ \t]*(?:[;&|)]|$))|mkdir[ \t]+(?:-\w+[ \t]+)*(?:-m|--mode)[= \t]*0?777\b"
    r"|install[ \t]+[^\n;|]{0,60}-m[ \t]*0?[0-7]{2}[2367]\b)"
)


def _mode(line: Line, match: re.Match[str]) -> str:
    span = match["span"]
    if regex(r"[ \t][\"']?\+").search(span):
        return "masked"
    if regex(r"[ \t][\"']?0?1[0-7]{2}[2367]\b").search(span):
        return "sticky"
    return "sticky" if regex(r"[ \t\"']*/dev/").match(line.text, match.end()) else ""


_ADDRESSES = (
    r"(?P<span>(?:--(?:host|bind|address|listen|bind-address|http-host|ip)[= \t]+|(?<=[ \t])-[bHh][ \t]+"
    r"|\b(?:HOST|BIND\w*|LISTEN\w*)=)[\"']?(?:0\.0\.0\.0|\[::\]|::)(?![\w.])|\brunserver[ \t]+0\.0\.0\.0)"
)
_PROTOCOLS = (
    rf"{_STARTS}(?P<span>(?:telnet|rlogin|rsh|rcp|tftp|ftp)(?=[ \t]+(?:-\w+[ \t]+){{0,6}}[\w$\"<]))"
    r"|\b(?P<other>(?:curl|wget|lftp)[ \t][^\n;|]{0,120}?[\"']?\bftp://)"
)
_WEAK = (
    r"(?P<span>\bopenssl[ \t]+(?:dgst[ \t]+[^\n;|]{0,40}?-(?P<name>md[245]|sha1)\b|(?:md5|sha1)\b"
    r"|passwd[ \t]+(?:-\w+[ \t]+){0,4}-(?:1|crypt|apr1)\b)|\b(?:md5|sha1)sum\b"
    r"|\bhtpasswd[ \t]+[^\n;|]{0,40}-\w*[dms]\b)"
)


def _hashed(line: Line, match: re.Match[str]) -> str:
    """Sums of files are checksums; of a secret they are not."""
    if not match["span"].endswith("sum"):
        return ""
    given = line.text[max(0, match.start() - 120) : match.start()]
    piped = regex(r"(?:echo|printf)[ \t][^|\n]{0,100}\|[ \t]*$").search(given)
    return "" if piped and any(means_secret(name) for name in _names(piped[0])) else "none"


RULES = (
    rule(
        "eval-call",
        _SHELLS,
        _eval,
        (r"\beval[ \t]",),
        (CONSTANT, QUOTED, said("words"), said("own-text"), said("chosen"), said("indirect")),
    ),
    rule(
        "shell-injection",
        _SHELLS,
        either(_shell, _remote),
        (
            r"\bssh[ \t]",
            r"(?:sh|\bsu|\brunuser)[ \t][^\n]{0,80}-[a-z]{0,3}c[ \t]",
        ),
        (CONSTANT, QUOTED),
    ),
    rule(
        "sql-built-from-text",
        _SHELLS,
        settings(_SQL, _statement),
        (r"\b(?:mysql|mariadb|psql|sqlite3|sqlcmd|clickhouse-client|cqlsh|isql|duckdb|influx)\b",),
        (CONSTANT, said("identifier")),
    ),
    rule(
        "weak-hash",
        _SHELLS,
        settings(_WEAK, _hashed),
        (r"\b(?:md5|sha1)sum\b", r"\bopenssl[ \t]+(?:dgst|md5|sha1|passwd)\b", r"\bhtpasswd[ \t]"),
    ),
    rule("weak-cipher", _SHELLS, settings(_CIPHERS), (r"\bopenssl[ \t]+(?:enc|des|rc|bf|idea)",)),
    rule(
        "weak-key-size",
        _SHELLS,
        settings(_SIZES),
        (r"\bopenssl[ \t]+(?:gen|req|d)", r"\bssh-keygen\b", r"\brsa_keygen_bits:"),
    ),
    rule("weak-tls-version", _SHELLS, settings(_VERSIONS), (r"\bcurl[ \t]", r"--secure-protocol=")),
    rule("insecure-random", _SHELLS, _chance, (r"\$\{?RANDOM\b", r"\bdate[ \t]+\+%")),
    rule(
        "tls-verification-disabled",
        _SHELLS,
        settings(_TLS, _tls),
        (
            r"\bcurl[ \t][^\n]{0,400}-(?:\w{0,12}k|-insecure|-proxy-insecure)",
            r"--no-check-certificate\b",
            r"(?i)sslverify|ssl_no_verify|ssl_verify",
            r"\bNODE_TLS_REJECT_UNAUTHORIZED",
            r"\bPYTHONHTTPSVERIFY",
            r"\bstrict-ssl",
            r"--insecure-skip",
            r"--(?:verify|no-verify|tlsverify|trusted-host|skip-ssl)",
        ),
        (said("local"),),
    ),
    rule(
        "unverified-host-key",
        _SHELLS,
        settings(_HOST_KEYS),
        (r"\bStrictHostKeyChecking\b", r"\bUserKnownHostsFile\b"),
    ),
    rule(
        "temp-file-race",
        _SHELLS,
        settings(_TEMPORARY, advice="use `mktemp`"),
        (r"\bmktemp[ \t]", r"/tmp/[^\n]{0,80}\$", r">[ \t]*[\"']?/(?:var/)?tmp/"),
    ),
    rule(
        "permissive-mode",
        _SHELLS,
        settings(_MODE, _mode),
        (r"\bchmod[ \t]", r"\bumask[ \t]", r"\bmkdir[ \t][^\n]{0,40}-m", r"\binstall[ \t]"),
        (said("masked"), said("sticky")),
    ),
    rule("bind-all-interfaces", _SHELLS, settings(_ADDRESSES), (r"0\.0\.0\.0", r"\[?::\]?")),
    rule(
        "cleartext-protocol",
        _SHELLS,
        settings(_PROTOCOLS, advice="SSH, SFTP or HTTPS"),
        (r"\b(?:telnet|rlogin|rsh|rcp|t?ftp)[ \t]", r"\bftp://"),
    ),
)
