"""Dangerous calls and settings in Python."""

from __future__ import annotations

import re

from auto_enforcer.model import Candidate, Edit, Fact, Fix, Line, Options, Zone
from auto_enforcer.rules._calls import CALL
from auto_enforcer.rules._common import regex
from auto_enforcer.rules._kinds import said
from auto_enforcer.rules.security._imports import IMPORTED, imports, resolve
from auto_enforcer.rules.security._shared import (
    ABOVE,
    CONSTANT,
    QUOTED,
    Argument,
    Called,
    around,
    calls,
    constant_name,
    either,
    excuse_of,
    function_around,
    in_definition,
    is_constant,
    rule,
    secret_near,
    settings,
)
from auto_enforcer.rules.security._sql import Text, sql_rule

_PYTHON = ("python",)


def _call(names: str, bare: str = "") -> str:
    """A call of a name, dotted or not; `bare` are names that count without a module before them only."""
    dotless = rf"|(?<![\w.])(?:{bare})" if bare else ""
    return rf"(?P<call>(?<![\w.])(?:[A-Za-z_]\w*\.)*(?:{names}){dotless})[ \t]*\("


def _is_harmless(called: Called, argument: Argument | None) -> str:
    if argument is None:
        return "none"
    return "constant" if argument.constant or constant_name(called.line, argument.code) else ""


# --- text that becomes code ---


def _eval(called: Called) -> Candidate | None:
    if called.name not in ("eval", "builtins.eval", "__builtins__.eval"):
        return None
    excuse = _is_harmless(called, called.at(0))
    return None if excuse == "none" else called.found(excuse)


def _exec(called: Called) -> Candidate | None:
    name = called.name
    if name in ("exec", "execfile", "builtins.exec", "runpy.run_path"):
        excuse = _is_harmless(called, called.at(0))
    elif regex(r"os\.(?:exec[lv]p?e?|spawn[lv]p?e?|posix_spawnp?)").fullmatch(name):
        spawned = "spawn" in name and "posix" not in name
        first = called.at(1 if spawned else 0)
        excuse = _is_harmless(called, first)
        if first is not None and regex(r"\bsys\.executable\b").search(first.code):
            excuse = "constant"
    else:
        return None
    return None if excuse == "none" else called.found(excuse)


_SHELLS = {
    "os.system": 0,
    "os.popen": 0,
    "os.popen2": 0,
    "os.popen3": 0,
    "os.popen4": 0,
    "popen2.popen2": 0,
    "popen2.popen3": 0,
    "popen2.popen4": 0,
    "commands.getoutput": 0,
    "commands.getstatusoutput": 0,
    "subprocess.getoutput": 0,
    "subprocess.getstatusoutput": 0,
    "asyncio.create_subprocess_shell": 0,
    "asyncio.subprocess.create_subprocess_shell": 0,
    "loop.subprocess_shell": 1,
    "pexpect.runu": 0,
}
_RUNS = ("run", "call", "check_call", "check_output", "Popen")
_SHELL = r"(?:/bin/|/usr/bin/)?(?:ba|z|da|k)?sh|cmd(?:\.exe)?|powershell(?:\.exe)?|pwsh"


def _shell(called: Called) -> Candidate | None:
    at = _SHELLS.get(called.name)
    if at is not None:
        return _command(called, called.at(at) or called.named("cmd", "command"))
    module, _, name = called.name.rpartition(".")
    if name in _RUNS and (module in ("subprocess", "sp", "") or module.endswith("subprocess")):
        if not called.call.whole and "shell" not in called.call.code:
            return None
        command = called.at(0) or called.named("args")
        shell = called.named("shell")
        if shell is not None:
            return _command(called, command) if shell.code.strip() in ("True", "1") else None
        return _passed_to_shell(called, command)
    if regex(r"os\.(?:exec|spawn)[lv]p?e?").fullmatch(called.name):
        return _passed_to_shell(called, None)
    return None


def _passed_to_shell(called: Called, command: Argument | None) -> Candidate | None:
    """`["sh", "-c", text]`: a shell without `shell=True`."""
    text, code = (command.text, command.code) if command else (called.call.text, called.call.code)
    given = regex(
        rf"""["'](?:{_SHELL})["'][ "
        rf"\t\n]*,(?:[ \t\n]*["'](?:{_SHELL})["'][ \t\n]*,)?[ \t\n]*["'](?:-l?c|-ec|/c"
        rf"|-Command)["'][ \t\n]*,"""
    ).search(text)
    if given is None:
        return None
    rest = code[given.end() :]
    return (
        called.found(excuse_of(called.line, rest, text))
        if not is_constant(rest)
        else called.found("constant")
    )


def _command(called: Called, command: Argument | None) -> Candidate | None:
    if command is None or regex(r"\*").match(command.code):
        return None
    excuse = excuse_of(called.line, command.code, command.text)
    if function_around(called.line) in (
        "popen",
        "system",
        "getoutput",
        "getstatusoutput",
        "create_subprocess_shell",
        "subprocess_shell",
    ):
        excuse = excuse or "wrapper"
    if not excuse and regex(r"(?:self\.|cls\.)?[A-Z_]+|sys\.executable").fullmatch(command.code):
        excuse = "constant"
    return called.found(excuse)


def _is_shell_run(line: Line, name: str) -> str:
    """The full name of what may run a shell; a call of `run` and its like only where a shell is spoken of."""
    full = resolve(line, name)
    last = full.rpartition(".")[2]
    if last in _RUNS and "shell" not in line.text and "-c" not in line.text and "/c" not in line.text:
        below = line.text_after(12)
        if "shell" not in below and "-c" not in below:
            return ""
    return full


# --- objects from data ---

_PICKLES = r"(?:pickle|cPickle|_pickle|dill|cloudpickle|six\.moves\.cPickle|pickle5)"
_USE_JSON = "read JSON, or a format with a schema"


def _deserialization(called: Called) -> Candidate | None:
    name = called.name
    if regex(
        rf"{_PICKLES}\.(?:loads?|Unpickler)|marshal\.loads?|shelve\.open|shelve\.DbfilenameShelf"
        rf"|jsonpickle\.(?:decode|unpickler\.decode|loads)|pandas\.read_pickle|pd\.read_pickle"
        rf"|jsonpickle\.Unpickler"
    ).fullmatch(name):
        first = called.at(0)
        constant = first is not None and first.constant and name.endswith(("loads", "decode"))
        return called.found("constant" if constant else "", advice=_USE_JSON)
    if regex(r"(?:ruamel\.)?yaml\.(?:(?:unsafe|full)_load(?:_all)?)").fullmatch(name):
        return called.found(
            fixes=called.renaming(
                "Load safely", regex(r"(?:unsafe|full)_").sub("safe_", called.match["call"])
            ),
            advice="use `yaml.safe_load`",
        )
    if name in ("yaml.load", "yaml.load_all"):
        loader = called.named("Loader") or called.at(1)
        safe = loader is not None and regex(r"(?:\w+\.)*C?(?:Safe|Base)Loader|\w*[Ss]afe\w*").fullmatch(
            loader.code.strip()
        )
        dots = called.match["call"]
        fixes: tuple[Fix, ...] = ()
        if loader is None and "." in dots and called.call.whole:
            fixes = called.renaming("Load safely", dots.replace(".load", ".safe_load"))
        return called.found("safe-loader" if safe else "", fixes, advice="use `yaml.safe_load`")
    return None


def _model(called: Called) -> Candidate | None:
    name = called.name
    if name == "torch.load":
        only = called.named("weights_only")
        safe = only is not None and only.code.strip() != "False"
        fixes = () if only else called.insertion("Load the weights only", ", weights_only=True")
        return called.found("safe-mode" if safe else "", fixes, advice="pass `weights_only=True`")
    if regex(r"(?:joblib|sklearn\.externals\.joblib)\.load").fullmatch(name):
        return called.found(
            advice="load it only from where nobody else writes, or keep it in a format without code"
        )
    if regex(r"(?:numpy|np)\.load").fullmatch(name):
        allowed = called.named("allow_pickle")
        if allowed is None:
            return None
        return called.found(
            "" if allowed.code.strip() == "True" else "safe-mode", advice="leave `allow_pickle` off"
        )
    if name.endswith((".from_pretrained", ".pipeline", ".load_dataset")) or name in (
        "pipeline",
        "load_dataset",
    ):
        trusted = called.named("trust_remote_code")
        if trusted is None:
            return None
        return called.found(
            "" if trusted.code.strip() == "True" else "safe-mode", advice="leave `trust_remote_code` off"
        )
    if name.endswith("load_model"):
        mode = called.named("safe_mode")
        if mode is None:
            return None
        return called.found(
            "" if mode.code.strip() == "False" else "safe-mode", advice="leave `safe_mode` on"
        )
    return None


# --- hashes, ciphers, chance ---

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


_CHANCE = _call("random|randint|randrange|choices?|getrandbits|sample|randbytes|uniform|shuffle")


def _chance(called: Called) -> Candidate | None:
    name = called.name
    if not regex(r"(?:random|np\.random|numpy\.random)\.\w+").fullmatch(name):
        return None
    secret = secret_near(called.line, called.start, called.end)
    return called.found(name=secret, advice="`secrets`") if secret else None


# --- TLS ---

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
    r"|(?<![\w.])CERT_NONE\b|\bcert_reqs[ \t]*=[ \t]*(?:ssl\.CERT_NONE|[\"']CERT_NONE[\"']"
    r"|None)"
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


def _other_tls(line: Line, match: re.Match[str]) -> str:
    text, (start, end), name = line.text, match.span("span"), match["span"]
    before = text[:start]
    if regex(r"[ \t]*(?:from|import|def|class|async def)\b").match(text) or in_definition(line, start):
        return "none"
    if regex(r"ssl[ \t]*=").match(name):
        connects = regex(r"\b(?:session|client|aiohttp|TCPConnector|http\w*|connector)\b").search(text)
        return "" if connects else "none"
    if name.endswith("_create_unverified_context"):
        return "" if name.startswith("ssl.") or text[end : end + 1] == "(" else "none"
    if regex(r"\.\w+[ \t]*=").match(name):
        return "none" if before.endswith("self") else ""
    if name.endswith("_NONE"):
        # Compared, looked up or defined, it sets nothing.
        if regex(r"[ \t]*(?:==|!=|is\b|in\b|:|=|\])").match(text, end):
            return "compared"
        if regex(r"(?:==|!=|\bis\b|\bin\b|\bif\b|\belif\b|\bnot\b)[^=]*$").search(before):
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


# --- pages, documents, archives, files ---


def _html(called: Called) -> Candidate | None:
    name = called.name.rpartition(".")[2]
    if name in (
        "mark_safe",
        "SafeString",
        "SafeText",
        "Markup",
        "format_html",
        "render_template_string",
        "Template",
        "HTML",
    ):
        first = called.at(0)
        if first is None:
            return None
        if name == "HTML" or (
            name == "Template"
            and not regex(r"(?:jinja2|mako|mako\.template|django\.template)\.Template").fullmatch(called.name)
        ):
            return None
        if name == "format_html" and not regex(r"\.format\(|%|\+|\{").search(first.code):
            return None
        if (
            name in ("render_template_string", "Template")
            and regex(r"\w+").fullmatch(first.code)
            and not constant_name(called.line, first.code)
        ):
            return (
                called.found(advice="keep the template in a file, and give it values")
                if name != "Template"
                else None
            )
        excuse = "constant" if first.constant or constant_name(called.line, first.code) else ""
        if not excuse and regex(
            r"\b(?:escape|conditional_escape|bleach\.clean|clean|nh3\.clean|sanitize\w*"
            r"|format_html\w*|html\.escape|render_to_string|render|json_script|urlencode|quote"
            r"|render_template|_render)\b"
        ).search(first.code):
            excuse = "escaped"
        advice = (
            "escape it, or use `format_html`"
            if name != "render_template_string"
            else "keep the template in a file"
        )
        return called.found(excuse, advice=advice)
    if name == "Environment" and (
        called.name.startswith("jinja2")
        or (called.line.file.language and "jinja" in called.line.text.lower())
        or imports(called.line, "jinja2")
    ):
        escaping = called.named("autoescape")
        if escaping is None and "**" in called.call.code:
            return None
        off = escaping is None or escaping.code.strip() == "False"
        fixes = (
            called.insertion(
                "Escape by default", ", autoescape=True" if called.arguments else "autoescape=True"
            )
            if escaping is None
            else ()
        )
        return called.found("" if off else "escaped", fixes, advice="pass `autoescape=True`")
    return None


_XML = (
    r"xml\.(?:etree\.(?:c?ElementTree)\.(?:parse|iterparse|fromstring|XMLParser|XML"
    r"|fromstringlist)|sax\.(?:parse|parseString|make_parser)|sax\.expatreader\.create_parser"
    r"|dom\.(?:minidom|pulldom|expatbuilder)\.(?:parse|parseString))|lxml\.etree\.(?:parse"
    r"|fromstring|XMLParser|XML|iterparse|XMLTreeBuilder|HTMLParser)"
    r"|(?:ElementTree|ET|minidom|pulldom|expatbuilder|etree|xml\.sax|sax)\.(?:parse"
    r"|parseString|fromstring|iterparse|XMLParser|make_parser|XML)"
)


def _xxe(called: Called) -> Candidate | None:
    if (
        called.name.startswith("defusedxml")
        or not regex(_XML).fullmatch(called.name)
        or called.name.endswith("HTMLParser")
    ):
        return None
    if "defusedxml" in "".join(called.line.facts("defused-xml")):
        return called.found("defused", advice="use `defusedxml`")
    entities = called.named("resolve_entities")
    if (called.name.endswith("XMLParser") and "lxml" in called.name) or entities is not None:
        off = (entities is not None and entities.code.strip() in ("False", '"internal"')) or regex(
            r"[\"']internal[\"']"
        ).search(called.call.text)
        return called.found("defused" if off else "", advice="pass `resolve_entities=False`")
    first = called.at(0)
    if called.named("parser") or called.at(1) is not None:
        return None
    constant = first is not None and (first.constant or constant_name(called.line, first.code))
    return called.found("constant" if constant else "", advice="use `defusedxml`")


_DEFUSED = Fact("defused-xml", r"^[ \t]{0,40}(?:from|import)[ \t]{1,4}(defusedxml)\b")


def _archive(called: Called) -> Candidate | None:
    if called.name == "shutil.unpack_archive":
        return called.found("filtered" if called.named("filter") else "", advice='pass `filter="data"`')
    if not called.match["call"].endswith(".extractall"):
        return None
    filtered = called.named("filter")
    unfiltered = filtered is not None and regex(r"""["']fully_trusted["']""").match(filtered.text)
    receiver = called.match["call"].rpartition(".")[0]
    near = around(called.line, 6) + "\n" + called.line.text_before(12)
    is_zip = regex(r"(?i)zip|zf\b|whl|wheel|\bz\b").search(receiver) or (
        regex(
            rf"(?i)\bzip\w*\.?\w*\([^\n]*\bas[ \t]+{re.escape(receiver)}\b"
            rf"|\b{re.escape(receiver)}[ \t]*=[ \t]*[^\n]*zip|7z|rar"
        ).search(near)
    )
    if is_zip:
        return called.found("zip-archive", advice='pass `filter="data"`')
    if called.named("members"):
        return called.found("filtered", advice='pass `filter="data"`')
    fixes = (
        called.insertion("Extract data only", ', filter="data"' if called.arguments else 'filter="data"')
        if filtered is None
        else ()
    )
    return called.found(
        "filtered" if filtered and not unfiltered else "", fixes, advice='pass `filter="data"`'
    )


def _temporary(called: Called) -> Candidate | None:
    name = called.name
    if name in ("tempfile.mktemp", "os.tempnam", "os.tmpnam"):
        return called.found(advice="use `tempfile.NamedTemporaryFile` or `mkstemp`")
    if name in ("open", "io.open", "codecs.open"):
        first, mode = called.at(0), called.at(1) or called.named("mode")
        fixed = first is not None and regex(
            r"""[fFrR]{0,2}["'](?:/var)?/tmp/[\w.{}()\-/]+["']$|[fFrR]{0,2}["']/dev/shm/[\w.{}\-/]+["']$"""
        ).match(first.text)
        if not fixed or mode is None or not regex(r"""["'][rbt]*[wa+]""").match(mode.text):
            return None
        return called.found("exclusive" if "x" in mode.text else "", advice="use `tempfile`")
    return None


_DEBUG = (
    r"(?P<span>\b\w*app\w*\.run(?:_server)?\([^()\n]*?\bdebug[ \t]*=[ \t]*True\b|\b(?:app"
    r"|application|server)\.debug[ \t]*=[ \t]*True\b"
    r"|\.config\[[\"']DEBUG[\"']\][ \t]*=[ \t]*True\b|^[ \t]*(?:DEBUG|TEMPLATE_DEBUG"
    r"|FLASK_DEBUG|DEBUG_PROPAGATE_EXCEPTIONS)[ \t]*(?::[ \t]*bool[ \t]*)?=[ \t]*True\b"
    r"|\b(?:Flask|FastAPI|Starlette|Sanic|Bottle)\([^()\n]*\bdebug[ \t]*=[ \t]*True\b"
    r"|^[ \t]*debug[ \t]*=[ \t]*True(?=[ \t]*+,?[ \t]*+\)?$)"
    r"|\brun_simple\([^()\n]*\buse_debugger[ \t]*=[ \t]*True)"
)


def _debug(line: Line, match: re.Match[str]) -> str:
    span = match["span"].strip()
    if span.startswith(("DEBUG", "TEMPLATE_DEBUG")):
        if regex(_SETTINGS).search(line.text_before(ABOVE) + line.text_after(CALL)):
            return ""
        if any(regex(r"class[ \t]+\w*[Cc]onfig").match(one.text.strip()) for one in line.before(20)):
            return (
                "development"
                if any(
                    regex(r"class[ \t]+\w*(?:Dev|Test|Local|Debug)").match(one.text.strip())
                    for one in line.before(12)
                )
                else ""
            )
        return "not-settings"
    if span.startswith("debug"):
        for one in line.before(8):
            opened = regex(r"([\w.]+)\([^()]*$").search(one.only(Zone.CODE))
            if opened:
                return (
                    ""
                    if regex(r"(?:\w*app\w*\.run|Flask|FastAPI|Starlette)").fullmatch(opened[1])
                    else "none"
                )
        return "none"
    return ""


_SETTINGS = (
    r"\b(?:INSTALLED_APPS|ALLOWED_HOSTS|MIDDLEWARE|ROOT_URLCONF|SQLALCHEMY_DATABASE_URI"
    r"|SECRET_KEY|FLASK_APP|WSGI_APPLICATION)\b"
)


_CORS = (
    r"(?P<span>\b(?:CORS_ORIGIN_ALLOW_ALL|CORS_ALLOW_ALL_ORIGINS|CORS_ALLOW_ALL)[ \t]*=[ \t]*True\b"
    r"|\b(?:allow_origins|origins|cors_allowed_origins|allowed_origins|CORS_ORIGINS"
    r"|CORS_ALLOWED_ORIGINS|allow_origin)[ \t]*=[ \t]*[\[(]?[ \t]*[\"']\*[\"']"
    r"|\ballow_origin_regex[ \t]*=[ \t]*r?[\"'](?:\.\*|https?://\.\*)[\"']"
    r"|\bcors_origin[ \t]*=[ \t]*[\"']\*[\"']"
    r"|\[[\"']Access-Control-Allow-Origin[\"']\][ \t]*=[ \t]*[\"']\*[\"']|\b(?:set_header"
    r"|add_header|add|header"
    r"|append)\([ \t]*[\"']Access-Control-Allow-Origin[\"'][ \t]*,[ \t]*[\"']\*[\"']"
    r"|(?<=[{,\s])[\"']Access-Control-Allow-Origin[\"'][ \t]*:[ \t]*[\"']\*[\"']"
    r"|[\"']origins[\"'][ \t]*:[ \t]*\[?[\"']\*[\"']"
    r"|(?<![\w.])CORS\([ \t]*\w+[ \t]*(?:,[ \t]*supports_credentials[ \t]*=[ \t]*True[ \t]*)?\))"
)


def _cors(line: Line, match: re.Match[str]) -> str:
    return "none" if regex(r"[ \t]*(?:def|class|if|elif|assert)\b").match(line.text) else ""


_MODE = (
    r"(?P<span>\b(?:chmod|fchmod|lchmod|mkdir|makedirs)[ \t]*\([^()\n]*(?:\([^()\n]*\)[^()\n]*){0,3}?(?:,"
    r"|mode[ \t]*=)[ \t]*(?:mode[ \t]*=[ \t]*)?"
    r"(?:0o?[0-7]{0,2}[0-7]{2}[2367]\b|511\b|438\b|stat\.S_IRWXO\b|[^,()\n]*\bS_IWOTH\b"
    r"|[^,()\n]*\bS_IRWXO\b)|\.chmod\([ \t]*(?:0o?[0-7]*[2367]\b|511\b)"
    r"|\bumask\([ \t]*0(?:o0*)?[ \t]*\))"
)


def _mode(line: Line, match: re.Match[str]) -> str:
    span = match["span"]
    if "umask" in span:
        # Asking for the mask sets it for a moment: that is an idiom.
        return (
            "asked" if regex(r"\w[ \t]*=[ \t]*(?:_?os\.)?$").search(line.text[: match.start("span")]) else ""
        )
    if regex(r"(?:mkdir|makedirs)\b").match(span):
        # What the mask takes away again.
        return "masked"
    if regex(r"[ \t]*[-&^]").match(line.text, match.end("span")):
        return "masked"
    if regex(r"0o?1[0-7]{3}\b").search(span):
        return "sticky"
    return ""


def _bound(line: Line, options: Options) -> list[Candidate]:
    found = []
    for match in regex(r"[\"'](?:0\.0\.0\.0|::)[\"']").finditer(line.text):
        before = line.text[: match.start()]
        if not regex(
            r"(?i)(?:\b\w*(?:host|bind|address|listen|addr|interface"
            r"|hostname)\w*[ \t]*(?::[^=\n]*)?=[ \t]*|bind\([ \t]*\(?|(?:run|serve\w*|listen"
            r"|start_server|Server)\([^()]*)$"
        ).search(before):
            continue
        found.append(Candidate(match.start(), match.end()))
    return found


# --- the web ---


def _jwt(called: Called) -> Candidate | None:
    name = called.name
    if not regex(
        r"(?:\w+\.)*(?:jwt|jws|jose\.jwt|JWT|jwt_lib|pyjwt)\.(?:decode|decode_complete|encode"
        r"|get_unverified_claims|process_jwt)|jwt\.decode"
    ).fullmatch(name):
        return None
    text = called.call.text
    if name.endswith("get_unverified_claims"):
        return called.found()
    none = regex(r"""(?i)\balgorithms?[ \t]*=[ \t]*\[?[ \t]*(?:["']none["']|None\b)""").search(text)
    if name.endswith("encode"):
        plain = regex(r"""(?i)\balgorithm[ \t]*=[ \t]*["']none["']""").search(text)
        return called.found() if plain else None
    off = regex(
        r"""\bverify[ \t]*=[ \t]*False\b|["'](?:verify_signature|verify)["'][ \t]*:[ \t]*False\b"""
        r"""|\bverify_signature[ \t]*=[ \t]*False\b"""
    ).search(text)
    if none and regex(r"(?i)=[ \t]*None\b").search(none[0]):
        none = None
    if off or none:
        return called.found()
    return called.found("verified") if called.call.whole else None


_CSRF = (
    r"(?P<span>@(?:\w+\.)*csrf_exempt\b|@csrf\.exempt\b|\bWTF_CSRF_(?:ENABLED"
    r"|CHECK_DEFAULT)[ \t]*=[ \t]*False\b|[\"']WTF_CSRF_(?:ENABLED"
    r"|CHECK_DEFAULT)[\"']\][ \t]*=[ \t]*False\b"
    r"|(?<![\w.])csrf_exempt(?=\()|\bcsrf\.exempt(?=\()|\bCSRF_(?:ENABLED"
    r"|PROTECTION)[ \t]*=[ \t]*False\b|\bcsrf[ \t]*=[ \t]*False(?=[ \t]*[,)\n]|$)"
    r"|\b_dont_enforce_csrf_checks[ \t]*=[ \t]*True)"
)


def _csrf(line: Line, match: re.Match[str]) -> str:
    if regex(r"[ \t]*(?:from|import|def|class)\b").match(line.text):
        return "none"
    if any(regex(r"[ \t]*class[ \t]+\w*(?:Test|Dev|Local)").match(one.text) for one in line.before(20)):
        return "development"
    return ""


_REDIRECT = (
    r"(?P<span>\b(?:redirect|HttpResponseRedirect|HttpResponsePermanentRedirect"
    r"|RedirectResponse|HTTPFound|HTTPSeeOther)\([ \t]*(?:url[ \t]*=[ \t]*)?"
    r"(?:flask\.|self\.)?request\.(?:args|form|values|GET|POST|query_params|params|referrer"
    r"|headers|META|cookies|data|json|query|url|REQUEST)\b)"
)

_COOKIES = (
    r"(?P<span>\b(?:SESSION_COOKIE_(?:SECURE|HTTPONLY)|CSRF_COOKIE_(?:SECURE|HTTPONLY)"
    r"|REMEMBER_COOKIE_(?:SECURE|HTTPONLY)|LANGUAGE_COOKIE_SECURE)[ \t]*=[ \t]*False\b"
    r"|[\"'](?:SESSION_COOKIE_(?:SECURE|HTTPONLY)"
    r"|REMEMBER_COOKIE_SECURE)[\"']\][ \t]*=[ \t]*False\b|(?<![\w.])(?:secure|httponly"
    r"|https_only)[ \t]*=[ \t]*False(?=[ \t]*[,)]))"
)


def _cookie(line: Line, match: re.Match[str]) -> str:
    if match["span"][0].islower():
        near = line.text + line.text_before(6)
        if regex(r"(?i)def\b").match(line.text.lstrip()) or not regex(
            r"set_cookie\w*\(|SessionMiddleware"
        ).search(near):
            return "none"
    if any(regex(r"[ \t]*class[ \t]+\w*(?:Test|Dev|Local)").match(one.text) for one in line.before(20)):
        return "development"
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


_FACTS = (IMPORTED,)

RULES = (
    rule(
        "eval-call",
        _PYTHON,
        calls(r"(?P<call>(?<![\w.])(?:(?:builtins|__builtins__)\.)?eval)[ \t]*\(", _eval),
        (r"\beval[ \t]*\(",),
        (CONSTANT,),
    ),
    rule(
        "exec-call",
        _PYTHON,
        calls(
            _call(
                (
                    r"os\.(?:exec[lv]p?e?|spawn[lv]p?e?|posix_spawnp?)|exec[lv]p?e?|spawn[lv]p?e?|exec"
                    r"|execfile"
                ),
                "exec|execfile",
            ),
            _exec,
            resolve,
        ),
        (r"\bexec(?:file|[lv]p?e?)?[ \t]*\(", r"\bspawn[lv]p?e?[ \t]*\(", r"\bposix_spawnp?[ \t]*\("),
        (CONSTANT,),
        _FACTS,
    ),
    rule(
        "shell-injection",
        _PYTHON,
        calls(
            _call(
                r"system|popen[234]?|getoutput|getstatusoutput|create_subprocess_shell|subprocess_shell"
                r"|run|call|check_call|check_output|Popen"
                r"|runu|os\.(?:exec|spawn)[lv]p?e?|[a-z]{1,4}"
            ),
            _shell,
            _is_shell_run,
        ),
        (
            *(
                r"system[ \t]*\(",
                r"popen[234]?[ \t]*\(",
                r"\bget(?:status)?output[ \t]*\(",
                r"subprocess_shell[ \t]*\(",
            ),
            *(
                r"\brun[ \t]*\(",
                r"\bcheck_(?:call|output)[ \t]*\(",
                r"\bcall[ \t]*\(",
                r"\bPopen[ \t]*\(",
                r"\bos\.(?:exec|spawn)[lv]",
            ),
        ),
        (CONSTANT, QUOTED, said("wrapper")),
        _FACTS,
    ),
    sql_rule(_PYTHON, Text(joins=r"\+|%", formats=r"\.[ \t]*(?:format|join)[ \t]*\(")),
    rule(
        "unsafe-deserialization",
        _PYTHON,
        calls(
            _call(
                r"loads?|load_all|unsafe_load(?:_all)?|full_load(?:_all)?|Unpickler|un_?pickle|decode"
                r"|read_pickle"
                r"|open|DbfilenameShelf"
            ),
            _deserialization,
            resolve,
        ),
        (
            *(
                r"(?:[pP]ickle|dill|marshal|yaml)\w{0,8}\.loads?(?:_all)?[ \t]*\(",
                r"\bloads?[ \t]*\(",
                r"\b(?:unsafe|full)_load",
                r"\b[uU]n_?pickle\w{0,8}[ \t]*\(",
            ),
            *(
                r"\bjsonpickle\.",
                r"\bread_pickle\b",
                r"\bshelve\b",
                r"\bload_all[ \t]*\(",
                r"\bun_?pickle[ \t]*\(",
            ),
        ),
        (CONSTANT, said("safe-loader")),
        _FACTS,
    ),
    rule(
        "trusting-pickle-model",
        _PYTHON,
        calls(_call(r"load|from_pretrained|load_model|pipeline|load_dataset"), _model, resolve),
        (
            r"\b(?:torch|joblib|np|numpy)\.load[ \t]*\(",
            r"\bload[ \t]*\(",
            r"\bfrom_pretrained[ \t]*\(",
            r"\bload_model[ \t]*\(",
            r"\bpipeline[ \t]*\(",
            r"\bload_dataset[ \t]*\(",
        ),
        (said("safe-mode"),),
        _FACTS,
    ),
    rule(
        "weak-hash",
        _PYTHON,
        calls(_call(r"md5|sha1|md4|new|MD5|SHA1"), _hash, resolve),
        (
            r"\b(?:md[45]|sha1)\b",
            r"\b(?:MD[245]|SHA1?)\.new\b",
            r"\bhashes\.(?:MD5|SHA1)\b",
            r"\bhashlib\.new\b",
            r"\bnew\([ \t]*[\"'](?:md|sha)",
        ),
        (said("not-for-security"), said("checksum")),
        _FACTS,
    ),
    rule(
        "weak-cipher",
        _PYTHON,
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
        _PYTHON,
        calls(_call(r"generate_private_key|generate_parameters|generate|newkeys"), _key_size, resolve),
        (r"\bgenerate_(?:private_key|parameters)\b", r"\b(?:RSA|DSA)\.generate\b", r"\bnewkeys\b"),
        (said("long-enough"),),
        _FACTS,
    ),
    rule(
        "weak-tls-version",
        _PYTHON,
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
        _PYTHON,
        calls(_CHANCE, _chance, resolve),
        (r"\b(?:random|randint|randrange|choices?|getrandbits|sample|randbytes|uniform|shuffle)[ \t]*\(",),
        (),
        _FACTS,
    ),
    rule(
        "tls-verification-disabled",
        _PYTHON,
        either(settings(_VERIFY, _verify, _verify_fix), settings(_OTHER_TLS, _other_tls)),
        (
            *(
                r"\bverif\w{0,14}[ \t]*=[ \t]*(?:False|0)",
                r"\b\w{0,12}verify[ \t]*=[ \t]*False",
                r"\bvalidate_certs?[ \t]*=",
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
        (said("other-call"), said("compared")),
        _FACTS,
    ),
    rule(
        "unverified-host-key",
        _PYTHON,
        settings(_HOST_KEY, _host_key),
        (r"\bset_missing_host_key_policy\b", r"\bknown_hosts[ \t]*=[ \t]*None"),
    ),
    rule(
        "raw-html",
        _PYTHON,
        calls(
            _call(
                r"mark_safe|SafeString|SafeText|Markup|format_html|render_template_string|Template"
                r"|Environment"
            ),
            _html,
            resolve,
        ),
        (
            r"\bmark_safe\b",
            r"\bSafe(?:String|Text)\b",
            r"\bMarkup[ \t]*\(",
            r"\bformat_html\b",
            r"\brender_template_string\b",
            r"\bTemplate[ \t]*\(",
            r"\bEnvironment[ \t]*\(",
        ),
        (CONSTANT, said("escaped")),
        _FACTS,
    ),
    rule(
        "xxe-parser",
        _PYTHON,
        calls(
            _call(
                r"parse|parseString|fromstring|fromstringlist|iterparse|XMLParser|make_parser|XML"
                r"|XMLTreeBuilder|create_parser"
            ),
            _xxe,
            resolve,
        ),
        (
            *(
                (
                    r"\b(?:etree|ET|ElementTree|minidom|pulldom|sax|expatbuilder)\.(?:parse|fromstring"
                    r"|iterparse|XML)"
                ),
                r"\bfromstring[ \t]*\(",
            ),
            *(
                r"\biterparse[ \t]*\(",
                r"\bXMLParser[ \t]*\(",
                r"\bmake_parser[ \t]*\(",
                r"\bparseString[ \t]*\(",
            ),
        ),
        (CONSTANT, said("defused")),
        (*_FACTS, _DEFUSED),
    ),
    rule(
        "archive-path-traversal",
        _PYTHON,
        calls(
            (
                r"(?P<call>(?<![\w.])(?:[A-Za-z_][\w.]*(?:\([^()\n]{0,80}\))?\.)?(?:extractall"
                r"|unpack_archive))[ \t]*\("
            ),
            _archive,
            resolve,
        ),
        (r"\bextractall[ \t]*\(", r"\bunpack_archive[ \t]*\("),
        (said("zip-archive"), said("filtered")),
        _FACTS,
    ),
    rule(
        "temp-file-race",
        _PYTHON,
        calls(_call(r"mktemp|tempnam|tmpnam|open"), _temporary, resolve),
        (
            r"\bmktemp[ \t]*\(",
            r"\bte?mpnam[ \t]*\(",
            r"\bopen[ \t]*\([ \t]*\w{0,2}[\"'](?:/var)?/(?:tmp|dev/shm)/",
        ),
        (said("exclusive"),),
        _FACTS,
    ),
    rule(
        "debug-mode-enabled",
        _PYTHON,
        settings(_DEBUG, _debug),
        (r"(?i)debug\b[^=\n]{0,12}=[ \t]*True", r"\bDEBUG\w*[ \t]*[:=]", r"(?i)debug[\"']\][ \t]*="),
        (said("not-settings"), said("development")),
    ),
    rule(
        "permissive-cors",
        _PYTHON,
        settings(_CORS, _cors),
        (
            r"\bCORS",
            r"origins?\w{0,10}[\"']?[ \t]*[=:][ \t]*[\[(]?[ \t]*r?[\"'](?:\*|\.\*|http)",
            r"(?i)Access-Control-Allow-Origin",
        ),
    ),
    rule(
        "permissive-mode",
        _PYTHON,
        settings(_MODE, _mode),
        (
            r"chmod[ \t]*\(",
            r"\bumask[ \t]*\(",
            r"\bmkdir[ \t]*\(",
            r"\bmakedirs[ \t]*\(",
        ),
        (said("asked"), said("masked"), said("sticky")),
    ),
    rule(
        "bind-all-interfaces",
        _PYTHON,
        _bound,
        (r"[\"'](?:0\.0\.0\.0|::)[\"']",),
    ),
    rule(
        "cleartext-protocol",
        _PYTHON,
        calls(_call("Telnet|FTP"), _protocol, resolve),
        (r"\bTelnet[ \t]*\(", r"\bFTP[ \t]*\("),
        (),
        _FACTS,
    ),
    rule(
        "jwt-verification-disabled",
        _PYTHON,
        calls(_call("decode|decode_complete|encode|get_unverified_claims|process_jwt"), _jwt, resolve),
        (
            r"(?i)j(?:wt|ws|ose)\w{0,8}\.(?:decode|encode|get_unverified|process)",
            r"\bdecode(?:_complete)?[ \t]*\(",
        ),
        (said("verified"),),
        _FACTS,
    ),
    rule(
        "csrf-disabled",
        _PYTHON,
        settings(_CSRF, _csrf),
        (
            r"(?i)csrf[._]exempt",
            r"(?i)csrf\w{0,20}(?:[\"']\])?[ \t]*=[ \t]*False",
            r"_dont_enforce_csrf_checks",
        ),
        (said("development"),),
    ),
    rule(
        "open-redirect",
        _PYTHON,
        settings(_REDIRECT),
        (r"\b(?:redirect|HttpResponse(?:Permanent)?Redirect|RedirectResponse|HTTPFound|HTTPSeeOther)\(",),
    ),
    rule(
        "insecure-cookie",
        _PYTHON,
        settings(_COOKIES, _cookie),
        (
            r"(?i)cookie_(?:secure|httponly)\w{0,8}(?:[\"']\])?[ \t]*=",
            r"\b(?:secure|httponly|https_only)[ \t]*=[ \t]*False",
        ),
        (said("development"),),
    ),
)
