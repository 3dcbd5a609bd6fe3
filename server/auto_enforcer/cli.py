"""The command: `auto-enforcer check`, `rules`, `explain`, `why`, `config`, `lsp`."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from typing import TextIO

from auto_enforcer import __version__
from auto_enforcer.cli_arguments import (
    PROGRAM,
    Argument,
    Commands,
    Options,
    help_of,
    number_to,
    one_of,
    overview,
    parsed,
)
from auto_enforcer.cli_exit import CLEAN, FAILED, UserError
from auto_enforcer.cli_terminal import USUAL, columns

FORMATS = ("text", "json", "jsonl", "sarif")


def main(arguments: Sequence[str]) -> int:
    """Run the command and return its exit code. Never raises for what a user can do."""
    _open_streams()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    if arguments[:1] == ["lsp"]:
        # The server has arguments of its own, and this command must not be loaded to serve.
        from auto_enforcer.lsp.server import main as serve

        return serve(list(arguments[1:]))
    # What a start makes stays: a tenth of the time to the first violation would go into looking for garbage.
    gc.disable()
    try:
        if not arguments:
            sys.stderr.write(_overview(sys.stderr))
            return FAILED
        options = _parsed(arguments)
        code = CLEAN if options is None else _run(options)
        sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        sys.stderr.write("interrupted\n")
        return FAILED
    except BrokenPipeError:
        # The reader has gone; what is left in the buffer must not raise again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return FAILED
    except UserError as error:
        return _failed(str(error))
    except OSError as error:
        from auto_enforcer.policy_words import failing

        place = f"{error.filename}: " if error.filename is not None else ""
        return _failed(f"{place}{failing(error)}")
    except Exception as error:  # noqa: BLE001 — Python would exit with 1: something is blocked
        import traceback

        # The places alone: the error's own words may repeat a secret of the file.
        traceback.print_tb(error.__traceback__)
        return _failed(f"{type(error).__name__}: a defect of auto-enforcer; please report the lines above")


def _failed(message: str) -> int:
    """Say why the job could not be done. What was printed before goes first, if it still can be."""
    try:
        sys.stdout.flush()
    except OSError:
        # Nothing more can be written there, and what is in the buffer must not raise again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    sys.stderr.write(f"auto-enforcer: {message}\n")
    return FAILED


def _open_streams() -> None:
    """Put the null device in the place of standard streams that the caller closed: Python has None there, and
    a file opened later would take their number."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            descriptor = os.open(os.devnull, os.O_RDONLY if number == 0 else os.O_WRONLY)
            if descriptor != number:
                os.dup2(descriptor, number)
                os.close(descriptor)
            stream = open(number, "r" if number == 0 else "w", encoding="utf-8", closefd=False)  # noqa: SIM115
            setattr(sys, name, stream)


def _run(options: Options) -> int:
    try:
        os.getcwd()
    except OSError:
        raise UserError("the working folder is no longer there; go to one that is") from None
    if options.command == "check":
        from auto_enforcer import cli_check

        _settle()
        return cli_check.run(options)
    from auto_enforcer import cli_explain

    _settle()
    commands = {
        "rules": cli_explain.rules,
        "explain": cli_explain.explain,
        "why": cli_explain.why,
        "config": cli_explain.config,
    }
    return commands[options.command](options)


def _settle() -> None:
    """From here on there is garbage to look for, but never among what is loaded by now, not even at exit."""
    gc.freeze()
    gc.enable()


def _parsed(arguments: Sequence[str]) -> Options | None:
    """What was asked for; None where it was help or the version, which is printed. Raises UserError for what
    cannot be, with what may have been meant."""
    command = arguments[0]
    if command == "--version":
        sys.stdout.write(f"{PROGRAM} {__version__}\n")
        return None
    if command in ("-h", "--help"):
        sys.stdout.write(_overview(sys.stdout))
        return None
    if command not in _COMMANDS:
        raise UserError(_no_command(command))
    title, known = _COMMANDS[command]
    options = parsed(command, known, arguments[1:])
    if options is None:
        sys.stdout.write(help_of(command, title, known, columns(sys.stdout) or USUAL))
    return options


def _overview(stream: TextIO) -> str:
    return overview(
        _COMMANDS,
        "Enforces a team's policy: no secrets, no swallowed errors, no debug leftovers.",
        "Exit codes: 0 nothing is blocked, 1 something is blocked, 2 the job could not be done.",
        columns(stream) or USUAL,
    )


def _no_command(word: str) -> str:
    """What to say of a word in the place of a command."""
    from auto_enforcer.policy_words import meant

    if word.startswith("-") and word != "-":
        near = meant(word, ("--help", "--version"), listing=False)
        return f"there is no option `{word}`{near or '; options go after the command'}"
    near = meant(word, _COMMANDS, listing=False)
    if not near and (os.path.lexists(word) or word == "-"):
        near = f"; to check this path, write `auto-enforcer check {word}`"
    return f"there is no command `{word}`{near or meant('', _COMMANDS)}"


_COMMANDS: Commands = {
    "check": (
        "find violations in files and folders",
        (
            Argument(
                "paths",
                "files and folders (default: the working folder); `-` reads standard input",
                "PATH",
                many=True,
            ),
            Argument(
                "--format",
                f"how to print what is found: {', '.join(FORMATS)} (default: text)",
                "FORMAT",
                default="text",
                read=one_of(FORMATS),
            ),
            Argument(
                "--stdin-path",
                "the file that standard input stands for: its name decides the language and the policy",
                "PATH",
            ),
            Argument("--rule", "use only this rule or family; can be given several times", "RULE", many=True),
            Argument(
                "--jobs",
                "how many processes to use (default: as the work asks for)",
                "N",
                read=number_to(256),
            ),
            Argument("--no-cache", "reuse no results; compiled patterns are kept all the same"),
            Argument("--exit-zero", "exit with 0 even if something is blocked"),
            Argument("--timings", "print to standard error how long each rule took"),
            Argument("--verbose", "name each skipped file and say why", short="-v"),
            Argument(
                "--color",
                "when to use colours: auto, always, never (default: auto)",
                "WHEN",
                default="auto",
                read=one_of(("auto", "always", "never")),
            ),
        ),
    ),
    "rules": (
        "list the rules, or those that a file activates",
        (Argument("--active", "say which rule modules FILE activates, and why", "FILE"),),
    ),
    "explain": (
        "print a rule's page: what it finds, what it leaves alone, and why",
        (Argument("rule", "a rule's id, such as `logging/print-call`", "RULE"),),
    ),
    "why": (
        "say why a line has a violation, or has none",
        (
            Argument("place", "a line of a file; the first line is 1", "PATH:LINE"),
            Argument(
                "rule", "a rule or family (default: those that looked at the line)", "RULE", optional=True
            ),
            Argument("--all", "name every rule, also those that did not look"),
        ),
    ),
    "config": (
        "print the policy for a path, and where each value was set",
        (Argument("path", "a file or folder; it need not exist", "PATH"),),
    ),
    "lsp": ("serve an editor; see `auto-enforcer lsp --help`", ()),
}
