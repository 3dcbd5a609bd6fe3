"""Dangerous calls and settings in Python: text that becomes code, a command, a statement or an object."""

from __future__ import annotations

from auto_enforcer.model import Candidate, Fix, Line
from auto_enforcer.rules._common import regex
from auto_enforcer.rules._kinds import said
from auto_enforcer.rules.security._imports import resolve
from auto_enforcer.rules.security._python import FACTS, PYTHON, call_of, harmless, is_built
from auto_enforcer.rules.security._shared import (
    CONSTANT,
    QUOTED,
    REFUSED,
    Argument,
    Called,
    calls,
    excuse_of,
    function_around,
    is_constant,
    is_refused,
    rule,
)
from auto_enforcer.rules.security._sight import is_chosen, is_given_constants, is_made_of_constants
from auto_enforcer.rules.security._sql import Text, sql_rule


def _eval(called: Called) -> Candidate | None:
    if called.name == "logging.config.listen":
        return None if called.named("verify") else called.found()
    if called.name not in ("eval", "builtins.eval", "__builtins__.eval", "exec", "execfile", "builtins.exec"):
        return None
    first = called.at(0)
    excuse = harmless(called, first)
    if (
        first is not None
        and not excuse
        and (is_chosen(called.line, first.code) or is_made_of_constants(called.line, first.code))
    ):
        excuse = "constant"
    return None if excuse == "none" else called.found(excuse)


def _exec(called: Called) -> Candidate | None:
    name = called.name
    if name in ("runpy.run_path", "os.startfile"):
        excuse = harmless(called, called.at(0))
    elif regex(r"os\.(?:exec[lv]p?e?|spawn[lv]p?e?|posix_spawnp?)").fullmatch(name):
        spawned = "spawn" in name and "posix" not in name
        first = called.at(1 if spawned else 0)
        excuse = harmless(called, first)
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
    if name == "exec_command":
        # What a client of SSH is given goes through a shell at the other end, and is meant to.
        command = called.at(0) or called.named("command")
        return _command(called, command) if command and is_built(command) else None
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
        "check_output",
        "check_call",
    ):
        excuse = excuse or "wrapper"
    if not excuse and regex(r"(?:self\.|cls\.)?[A-Z_]+|sys\.executable").fullmatch(command.code):
        excuse = "constant"
    rest = _behind_shell(command)
    if not excuse and (is_constant(rest) or is_given_constants(called.line, rest)):
        excuse = "constant"
    return called.found(excuse or ("refused" if is_refused(called.line) else ""))


def _behind_shell(command: Argument) -> str:
    """The code of a command without the name of the shell that it begins with: `f"{unix_shell} -c true"`."""
    code = command.code
    shell = r"(?:\w+_)?shell\b"
    begins = regex(rf"""[fF]["']\{{({shell})\}}[ ]|["']%s[ ][^%\n]*["'][ \t\n]*%[ \t]*({shell})\s*$""").match(
        command.text
    )
    if begins is None:
        return code
    start, end = begins.span(begins.lastindex or 0)
    return code[:start] + " " * (end - start) + code[end:]


_STARTERS = (
    r"system|popen[234]?|getoutput|getstatusoutput|create_subprocess_shell|subprocess_shell|run|call|check_call"
    r"|check_output|Popen|runu|(?:exec|spawn)[lv]p?e?|exec_command"
)
"""The last names of what starts a program, whatever a file calls it."""

_RENAMED = r"^[ \t]{0,40}(?:\w{1,30}[ \t]*=[ \t]*)?[a-z]{1,2}\(|\bshell[ \t]*=[ \t]*(?:True|1)"
"""Where another name for one is looked at: a line of its own with a short one, or a word that tells."""


def _is_shell_run(line: Line, name: str) -> str:
    """The full name of what may run a shell; a call of `run` and its like only where a shell is spoken of."""
    full = resolve(line, name)
    last = full.rpartition(".")[2]
    if not regex(_STARTERS).fullmatch(last):
        return ""
    if not regex(_STARTERS).fullmatch(name.rpartition(".")[2]) and not regex(_RENAMED).search(line.text):
        return ""
    if last in _RUNS and "shell" not in line.text and "-c" not in line.text and "/c" not in line.text:
        below = line.text_after(12)
        if "shell" not in below and "-c" not in below:
            return ""
    return full


def _extra(called: Called) -> Candidate | None:
    """A condition of Django that is put together: `rows.extra(where=["name = '%s'" % name])`."""
    for given in ("where", "select", "tables", "order_by"):
        argument = called.named(given)
        if argument is not None and "params" not in called.call.code and is_built(argument):
            quoted = regex(r"\b(?:qn|quote\w*)[ \t]*\(").search(argument.code)
            return called.found("constant" if argument.constant else "identifier" if quoted else "")
    return None


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
        own = first is not None and regex(r"(?:\w+\.)*dumps\(.*\)").fullmatch(first.code.strip())
        return called.found("constant" if constant else "dumped" if own else "", advice=_USE_JSON)
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


RULES = (
    rule(
        "eval-call",
        PYTHON,
        calls(
            r"(?P<call>(?<![\w.])(?:(?:builtins|__builtins__)\.)?(?:eval|exec(?:file)?)"
            r"|\blogging\.config\.listen)[ \t]*\(",
            _eval,
        ),
        (r"\beval[ \t]*\(", r"\bexec(?:file)?[ \t]*\(", r"\bconfig\.listen[ \t]*\("),
        (CONSTANT,),
    ),
    rule(
        "exec-call",
        PYTHON,
        calls(
            call_of(
                (
                    r"os\.(?:exec[lv]p?e?|spawn[lv]p?e?|posix_spawnp?|startfile)|exec[lv]p?e?|spawn[lv]p?e?"
                    r"|posix_spawnp?|startfile|run_path"
                ),
            ),
            _exec,
            resolve,
        ),
        (
            r"\bexec[lv]p?e?[ \t]*\(",
            r"\brun_path[ \t]*\(",
            r"\bspawn[lv]p?e?[ \t]*\(",
            r"\bposix_spawnp?[ \t]*\(",
            r"\bstartfile[ \t]*\(",
        ),
        (CONSTANT,),
        FACTS,
    ),
    rule(
        "shell-injection",
        PYTHON,
        calls(
            call_of(
                r"system|popen[234]?|getoutput|getstatusoutput|create_subprocess_shell|subprocess_shell"
                r"|run|call|check_call|check_output|Popen"
                r"|runu|os\.(?:exec|spawn)[lv]p?e?|[A-Za-z_]\w{0,24}"
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
                r"\bshell[ \t]*=[ \t]*(?:True|1)",
                r"\bexec_command[ \t]*\(",
                # Another name: what it is given is one name, or put together. Without counters, which cost
                # a quarter of the whole scan.
                r"^[ \t]*(?:\w+[ \t]*=[ \t]*)?[a-z]{1,2}\((?:[\w\x80-\xff]+\)|[fFrR]{1,2}[\"']"
                r"|[\w.\[\]\x80-\xff]+[ \t]*[+%]"
                r"|[\"'][^\"'\n]*[\"'][ \t]*[+%.])",
            ),
        ),
        (CONSTANT, QUOTED, said("wrapper"), REFUSED),
        FACTS,
    ),
    sql_rule(
        PYTHON,
        Text(joins=r"\+|%", formats=r"\.[ \t]*(?:format|join)[ \t]*\("),
        (calls(r"(?P<call>\.extra)[ \t]*\(", _extra), (r"\.extra[ \t]*\(",)),
    ),
    rule(
        "unsafe-deserialization",
        PYTHON,
        calls(
            call_of(
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
        (CONSTANT, said("safe-loader"), said("dumped")),
        FACTS,
    ),
    rule(
        "trusting-pickle-model",
        PYTHON,
        calls(call_of(r"load|from_pretrained|load_model|pipeline|load_dataset"), _model, resolve),
        (
            r"\b(?:torch|joblib|np|numpy)\.load[ \t]*\(",
            r"\bload[ \t]*\(",
            r"\bfrom_pretrained[ \t]*\(",
            r"\bload_model[ \t]*\(",
            r"\bpipeline[ \t]*\(",
            r"\bload_dataset[ \t]*\(",
        ),
        (said("safe-mode"),),
        FACTS,
    ),
)
