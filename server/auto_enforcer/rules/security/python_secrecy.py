"""Dangerous calls and settings in Python: hashes, ciphers, keys, chance, and whom a connection trusts."""

from __future__ import annotations

import re

from auto_enforcer.model import Candidate, Edit, Fix, Line, Zone
from auto_enforcer.rules._calls import CALL
from auto_enforcer.rules._common import regex, words
from auto_enforcer.rules._kinds import said
from auto_enforcer.rules.security._imports import imports, resolve
from auto_enforcer.rules.security._python import FACTS, PYTHON, call_of
from auto_enforcer.rules.security._shared import (
    ASKED,
    HOLE,
    LOCAL,
    REFUSED,
    Called,
    around,
    calls,
    either,
    function_around,
    in_definition,
    is_refused,
    rule,
    secret_near,
    settings,
    unless_asked,
    unless_local,
    with_hole,
)

_BENIGN = (
    r"(?i)etag|cache|check_?sum|md5_?sum|gravatar|content_?hash|integrity|dedup"
    r"|file_?hash|revision|version|bucket|shard"
    r"|uuid|digest_size|git|blob|unique_?id|content_?md5|not.{0,10}security|colou?r|websocket"
    r"|handshake|file_?name|identifier"
)


def _hash(called: Called) -> Candidate | None:
    name = called.name
    made = regex(
        r"hashlib\.(md5|sha1|md4)|(?:Crypto|Cryptodome)\.Hash\.(MD5|MD4|MD2|SHA1?)\.new|(MD5|MD4"
        r"|MD2|SHA)\.new|(?:\w+\.)*hashes\.(MD5|SHA1)|md5\.(?:new|md5)|sha\.new"
    ).fullmatch(name)
    if made:
        which = next((group for group in made.groups() if group), "md5")
    elif name == "hashlib.new":
        first = called.at(0) or called.named("name")
        taken = regex(r"""["'](md5|md4|sha1?|sha-1)["']$""").match(first.text.lower()) if first else None
        if taken is None:
            return None
        which = taken[1]
    else:
        return None
    flag = called.named("usedforsecurity")
    if flag is not None:
        excuse = "not-for-security" if flag.code.strip() == "False" else ""
    else:
        near = around(called.line, 2) + " " + function_around(called.line)
        excuse = "checksum" if regex(_BENIGN).search(near) else ""
    shown = {"sha": "SHA-1", "sha1": "SHA-1", "sha-1": "SHA-1"}.get(which.lower(), which.upper())
    fixes: tuple[Fix, ...] = ()
    if name.startswith("hashlib.") and flag is None:
        text = "usedforsecurity=False"
        fixes = called.insertion("Say that it is not for security", f", {text}" if called.arguments else text)
    return called.found(excuse, fixes, name=shown)


_CIPHERS = (
    r"(?P<span>(?<![\w.])(?:[A-Za-z_]\w*\.)*(?:(?P<name>DES3?|ARC2|ARC4|Blowfish|CAST|XOR)\.new"
    r"|(?:algorithms|decrepit)\.(?P<other>ARC4|Blowfish|IDEA|TripleDES|CAST5|SEED|RC2)"
    r"|(?:modes\.ECB|AES\.MODE_ECB|MODE_ECB)))(?=[ \t]*(?:[(,)]|$))"
)


def _is_cipher_import(line: Line, match: re.Match[str]) -> str:
    return "none" if regex(r"[ \t]*(?:from|import)\b").match(line.text) else ""


_CHANCE = call_of("random|randint|randrange|choices?|getrandbits|sample|randbytes|uniform|shuffle")


def _chance(called: Called) -> Candidate | None:
    name = called.name
    if not regex(r"(?:random|np\.random|numpy\.random)\.\w+").fullmatch(name):
        return None
    secret = secret_near(called.line, called.start, called.end)
    if not secret:
        return None
    # What parts the parts of a message must not be in them; anybody may know it.
    near = function_around(called.line, 15) + called.line.text + called.line.text_after(2)
    parts = regex(r"(?i)boundary").search(near)
    return called.found("boundary" if parts else "", name=secret, advice="`secrets`")


_HTTP = (
    r"(?i)(?:get|post|put|patch|delete|head|options|request|send|session|client|async_?client"
    r"|connect\w*|\w*session|\w*client|urlopen|stream|download\w*|fetch\w*"
    r"|open|\w*http\w*|\w*request\w*|resource|elasticsearch|opensearch|influxdb\w*|vault|hvac"
    r"|smart_?connect\w*|poolmanager|httpsconnectionpool|tcpconnector|\w*adapter"
    r"|merge_environment_settings|update|dict|gitlab|jira|consul|github|login|api|\w*api|upload\w*)"
)


_VERIFY = (
    r"(?<![\w.])(?P<span>(?:verify|verify_ssl|ssl_verify|verify_certs?|validate_certs?"
    r"|verify_certificate|check_hostname|ssl_check_hostname|tls_verify)[ \t]*=[ \t]*False)\b"
)


_OTHER_TLS = (
    r"(?P<span>\b(?:ssl\.)?_create_unverified_context\b|(?<!\w)ssl\.CERT_NONE\b"
    r"|(?<![\w.])CERT_NONE\b|\bcert_reqs[ \t]*=[ \t]*(?:ssl\.CERT_NONE|[\"']CERT_NONE[\"'])"
    r"|(?<=[\w\])])\.(?:verify|check_hostname|verify_ssl|verify_mode)[ \t]*=[ \t]*(?:False"
    r"|ssl\.CERT_NONE|0)\b"
    r"|\bdisable_ssl_certificate_validation[ \t]*=[ \t]*True|\btls_insecure_set\([ \t]*True"
    r"|\bssl\._https_verify_certificates\([ \t]*False"
    r"|\b(?:[\"']PYTHONHTTPSVERIFY[\"'][ \t]*\][ \t]*=[ \t]*[\"']0[\"'])|\bSSL\.VERIFY_NONE\b"
    r"|(?<![\w.])VERIFY_NONE\b"
    r"|(?<![\w.])ssl[ \t]*=[ \t]*False(?=[ \t]*[,)])|\bssl_cert_reqs[ \t]*=[ \t]*(?:None|[\"']none[\"']))"
)


def _verify(line: Line, match: re.Match[str]) -> str:
    """It is a setting of a call that connects, by the call's name or the file's imports."""
    text = line.text
    if (
        regex(r"[ \t]*(?:(?:async[ \t]+)?def\b|class\b)").match(text)
        or in_definition(line, match.start("span"))
        or regex(r"jwt\b|\bdecode[ \t]*\(|jws\b").search(text)
    ):
        return "none"
    before = text[: match.start("span")]
    called = regex(r"([\w.]+)[ \t]*\([^()]*(?:\([^()]*\)[^()]*)*$").search(before)
    if called is None:
        for one in line.before(12):
            if regex(r"[ \t]*(?:async[ \t]+)?def\b").match(one.text):
                return "none"
            opened = regex(r"([\w.]+)[ \t]*\([^()]*$").search(one.only(Zone.CODE))
            if opened:
                called = opened
                break
    if called and "jwt" in called[1].lower():
        return "none"
    if called and regex(_HTTP).fullmatch(called[1].rpartition(".")[2]):
        return "" if not regex(r"(?i)decode|signature").search(called[1]) else "other-call"
    known = any(imports(line, module) for module in ("requests", "httpx", "aiohttp", "urllib3", "ssl"))
    return "" if known and called is not None else "other-call"


_SPREAD = r"(?P<span>[\"']verify[\"'][ \t]*:[ \t]*False\b|\[[\"']verify[\"']\][ \t]*=[ \t]*False\b)"


def _spread(line: Line, match: re.Match[str]) -> str:
    """It is an entry of what is spread into a call that connects: `requests.get(url, **options)`."""
    own = regex(r"(\w{1,60})$").search(line.text, 0, match.start())
    if own is None:
        for one in (line, *line.before(8)):
            text = one.text[: match.start()] if one is line else one.text
            own = regex(r"(?<![\w.])(\w{1,60})[ \t]*(?::[^=\n]{1,40})?=[ \t]*(?:\{|dict\()").search(text)
            if own or not one.text.strip():
                break
    if own is None:
        return "none"
    for one in (line, *line.after(CALL)):
        if own[1] in one.text:
            call = regex(rf"([\w.]+)\([^\n]*\*\*{HOLE}").search(with_hole(one.text, own[1]))
            if call:
                return "" if regex(_HTTP).fullmatch(call[1].rpartition(".")[2]) else "other-call"
    return "none"


def _verify_fix(line: Line, match: re.Match[str]) -> tuple[Fix, ...]:
    """Takes the argument out, with a comma beside it."""
    start, end = match.span("span")
    text = line.text
    before = regex(r",[ \t]*$").search(text, max(0, start - 8), start)
    after = regex(r"[ \t]*,[ \t]*").match(text, end)
    if before:
        start = before.start()
    elif after:
        end = after.end()
    elif not (text[start - 1 : start] == "(" and text[end : end + 1] == ")"):
        return ()
    return (Fix("Verify the certificate", False, (Edit(0, start, 0, end, ""),)),)


_TLS_SERVER = r"\b(?:PROTOCOL_TLS_SERVER|CLIENT_AUTH)\b"


def _server_tls(line: Line, match: re.Match[str]) -> str:
    """A server's context asks nobody for a certificate by default; and what raises an error sets nothing."""
    own = _other_tls(line, match)
    if own:
        return own
    start, end = match.span("span")
    if line.text[start] == ".":
        owner = regex(r"[\w.]+$").search(line.text, max(0, start - 80), start)
        below = line.text_after(3)
        if is_refused(line) or regex(r"\bassertRaises\w*\((?:ssl\.)?(?:SSL\w*Error|OSError)\b").search(below):
            return "refused"
        if regex(r"\bassert\w*[ (][^\n]*\.(?:check_hostname|verify_mode)\b").search(below):
            return "compared"  # A test asks what the setting does.
        return "server" if owner and _is_servers(line, owner[0]) else ""
    called = regex(r"\w*Server[ \t]*\([^()]*$").search(line.text[:start] or "")
    for one in () if called else line.before(4):
        opened = regex(r"(\w+)[ \t]*\([^()]*$").search(one.text)
        if opened or one.text.rstrip().endswith((":", ")")):
            called = regex(r"\w*Server").fullmatch(opened[1]) if opened else None
            break
    if called or regex(r"\.verify_mode[ \t]*=").search(line.text_before(1)):
        near = line.text_before(4) + line.text[:end] + line.text_after(2)
        return "server" if regex(_TLS_SERVER).search(near) else ""
    return ""


def _is_servers(line: Line, name: str) -> bool:
    """Whether a context is a server's: by its name, or the protocol it was made for."""
    made = regex(rf"(?<![\w.]){re.escape(name)}[ \t]*=(?!=)")
    for one in line.before(12):
        if regex(r"[ \t]*(?:async[ \t]+)?def\b").match(one.text):
            break
        if made.search(one.text):
            if regex(_TLS_SERVER).search(one.text):
                return True
            if regex(r"\bcreate_default_context\b|\bPROTOCOL_TLS_CLIENT\b").search(one.text):
                return False  # It goes to a server.
            break
    return "server" in words(name)


def _other_tls(line: Line, match: re.Match[str]) -> str:
    text, (start, end), name = line.text, match.span("span"), match["span"]
    before = text[:start]
    if regex(r"[ \t]*(?:from|import|def|class|async def)\b").match(text) or in_definition(line, start):
        return "none"
    if regex(r"ssl[ \t]*=").match(name):
        connects = regex(r"\b(?:session|client|aiohttp|TCPConnector|http\w*|connector)\b").search(text)
        return "" if connects or imports(line, "aiohttp") else "none"
    if name.endswith("_create_unverified_context"):
        return "" if name.startswith("ssl.") or text[end : end + 1] == "(" else "none"
    if regex(r"\.\w+[ \t]*=").match(name):
        return "none" if before.endswith("self") else ""
    if name.endswith("_NONE"):
        # Compared, looked up or defined, it sets nothing.
        if regex(r"[ \t]*(?:==|!=|is\b|in\b|:|=|\])").match(text, end):
            return "compared"
        if regex(r"(?:==|!=|\bis\b|\bin\b|\bif\b|\belif\b|\bnot\b)[^=]*$|\bassert\w*\([^=]*$").search(before):
            return "compared"
        return "" if regex(r"(?:=|\(|,|\breturn\b|\belse\b)[ \t]*$").search(before) else "compared"
    return ""


_TLS_VERSIONS = (
    r"(?P<span>\b(?:ssl\.|SSL\.)?(?:PROTOCOL_(?P<name>SSLv2|SSLv3|SSLv23|TLSv1(?:_1)?)"
    r"|(?:SSLv2|SSLv3|TLSv1(?:_1)?)_METHOD|TLSVersion\.(?P<other>SSLv3|TLSv1(?:_1)?))\b)"
)


def _tls_version(line: Line, match: re.Match[str]) -> str:
    start, end = match.span("span")
    before = line.text[:start] if line.text[:start].strip() else line.text_before(1).rstrip()
    if regex(r"[ \t]*(?:from|import)\b").match(line.text) or "SSLv23" in match["span"]:
        return "none"
    asks = regex(r"(?i)(?:context|wrap_socket|version|protocol|method)\w*[ \t]*(?:=(?!=)|\()[ \t]*$").search(
        before
    )
    if regex(r"[ \t]*(?:==|!=|:|in\b|is\b)").match(line.text, end) or not asks:
        return "compared"
    return ""


_HOST_KEY = (
    r"(?P<span>\bset_missing_host_key_policy\([ \t]*(?:\w+\.)*(?:AutoAddPolicy"
    r"|WarningPolicy)\b|\bknown_hosts[ \t]*=[ \t]*None\b)"
)


def _host_key(line: Line, match: re.Match[str]) -> str:
    if match["span"].startswith("known"):
        return (
            ""
            if regex(r"asyncssh|\bconnect\(").search(around(line, 3)) and "def " not in line.text
            else "none"
        )
    return ""


def _protocol(called: Called) -> Candidate | None:
    advice = {"telnetlib.Telnet": "SSH", "ftplib.FTP": "`ftplib.FTP_TLS` or SFTP"}.get(called.name)
    return called.found(advice=advice) if advice else None


def _key_size(called: Called) -> Candidate | None:
    name = called.name
    made = regex(
        r"(?:\w+\.)*(?:rsa|dsa|dh)\.(?:generate_private_key|generate_parameters|newkeys)"
        r"|(?:\w+\.)*(?:RSA|DSA)\.generate"
    ).fullmatch(name)
    if made is None:
        return None
    size = called.named("key_size", "bits") or (
        called.at(0) if name.endswith(("RSA.generate", "DSA.generate", "newkeys")) else called.at(1)
    )
    number = regex(r"(\d{3,5})$").match(size.code.strip()) if size else None
    if number is None:
        return None
    return called.found("long-enough" if int(number[1]) >= 2048 else "")


RULES = (
    rule(
        "weak-hash",
        PYTHON,
        calls(call_of(r"md5|sha1|md4|new|MD5|SHA1"), _hash, resolve),
        (
            r"\b(?:md[45]|sha1)\b",
            r"\b(?:MD[245]|SHA1?)\.new\b",
            r"\bhashes\.(?:MD5|SHA1)\b",
            r"\bhashlib\.new\b",
            r"\bnew\([ \t]*[\"'](?:md|sha)",
        ),
        (said("not-for-security"), said("checksum")),
        FACTS,
    ),
    rule(
        "weak-cipher",
        PYTHON,
        settings(_CIPHERS, _is_cipher_import),
        (
            r"\b(?:DES3?|ARC[24]|Blowfish|CAST|XOR)\.new\b",
            r"\b(?:algorithms|decrepit)\.(?:ARC4|Blowfish|IDEA|TripleDES|CAST5|SEED|RC2)\b",
            r"\bmodes\.ECB\b",
            r"\bMODE_ECB\b",
        ),
    ),
    rule(
        "weak-key-size",
        PYTHON,
        calls(call_of(r"generate_private_key|generate_parameters|generate|newkeys"), _key_size, resolve),
        (r"\bgenerate_(?:private_key|parameters)\b", r"\b(?:RSA|DSA)\.generate\b", r"\bnewkeys\b"),
        (said("long-enough"),),
        FACTS,
    ),
    rule(
        "weak-tls-version",
        PYTHON,
        settings(_TLS_VERSIONS, _tls_version),
        (
            r"\bPROTOCOL_(?:SSLv|TLSv1)",
            r"\b(?:SSLv[23]|TLSv1(?:_1)?)_METHOD\b",
            r"\bTLSVersion\.(?:SSL|TLSv1)",
        ),
        (said("compared"),),
    ),
    rule(
        "insecure-random",
        PYTHON,
        calls(_CHANCE, _chance, resolve),
        (r"\b(?:random|randint|randrange|choices?|getrandbits|sample|randbytes|uniform|shuffle)[ \t]*\(",),
        (said("boundary"),),
        FACTS,
    ),
    rule(
        "tls-verification-disabled",
        PYTHON,
        either(
            settings(_VERIFY, unless_local(unless_asked(_verify)), _verify_fix),
            settings(_OTHER_TLS, unless_local(unless_asked(_server_tls))),
            settings(_SPREAD, unless_asked(_spread)),
        ),
        (
            *(
                r"\bverif\w{0,14}[ \t]*=[ \t]*(?:False|0)",
                r"\b\w{0,12}verify[ \t]*=[ \t]*False",
                r"\bvalidate_certs?[ \t]*=",
                r"[\"']verify[\"']\]?[ \t]*[:=][ \t]*False",
            ),
            *(
                r"CERT_NONE\b",
                r"VERIFY_NONE\b",
                r"check_hostname[ \t]*=",
                r"_create_unverified_context\b",
                r"\bcert_reqs[ \t]*=",
            ),
            *(
                r"\bdisable_ssl_cert",
                r"\btls_insecure_set\b",
                r"_https_verify_cert",
                r"PYTHONHTTPSVERIFY",
                r"\bssl[ \t]*=[ \t]*False",
            ),
        ),
        (said("other-call"), said("compared"), said("server"), REFUSED, ASKED, LOCAL),
        FACTS,
    ),
    rule(
        "unverified-host-key",
        PYTHON,
        settings(_HOST_KEY, _host_key),
        (r"\bset_missing_host_key_policy\b", r"\bknown_hosts[ \t]*=[ \t]*None"),
    ),
    rule(
        "cleartext-protocol",
        PYTHON,
        calls(call_of("Telnet|FTP"), _protocol, resolve),
        (r"\bTelnet[ \t]*\(", r"\bFTP[ \t]*\("),
        (),
        FACTS,
    ),
)
