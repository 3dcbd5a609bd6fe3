"""The command: `auto-enforcer check`, `rules`, `explain`, `why`, `config`, `lsp`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Mapping, Sequence

from auto_enforcer import __version__
from auto_enforcer.cli_exit import FAILED, UserError

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
    try:
        options = _parser(arguments[0] if arguments else "").parse_args(arguments)
        code = _run(options)
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
        place = f"{error.filename}: " if error.filename is not None else ""
        return _failed(f"{place}{error.strerror or error}")
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


def _run(options: argparse.Namespace) -> int:
    try:
        os.getcwd()
    except OSError:
        raise UserError("the working folder is no longer there; go to one that is") from None
    if options.command == "check":
        from auto_enforcer import cli_check

        return cli_check.run(options)
    from auto_enforcer import cli_explain

    commands = {
        "rules": cli_explain.rules,
        "explain": cli_explain.explain,
        "why": cli_explain.why,
        "config": cli_explain.config,
    }
    return commands[options.command](options)


def _parser(command: str) -> argparse.ArgumentParser:
    """The parser for a command's line. Those of other commands are not made: each takes its time."""
    parser = argparse.ArgumentParser(
        prog="auto-enforcer",
        description="Enforces a team's policy: no secrets, no swallowed errors, no debug leftovers.",
        epilog="Exit codes: 0 nothing blocked, 1 blocked, 2 could not do the job.",
        allow_abbrev=False,
        formatter_class=_formatter,
    )
    parser.add_argument("--version", action="version", version=f"auto-enforcer {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, (title, add) in _COMMANDS.items():
        if command in (name, "") or command not in _COMMANDS:
            add(commands.add_parser(name, help=title, allow_abbrev=False, formatter_class=_formatter))
    return parser


def _formatter(prog: str) -> argparse.HelpFormatter:
    # Without a width argparse imports shutil to ask for it, for each argument that is added.
    try:
        width = os.get_terminal_size().columns
    except OSError:
        width = 80
    return argparse.HelpFormatter(prog, width=max(20, width - 2))


def _add_rules(rules: argparse.ArgumentParser) -> None:
    rules.add_argument("--active", metavar="FILE", help="which rule modules FILE activates, and why")


def _add_explain(explain: argparse.ArgumentParser) -> None:
    explain.add_argument("rule", metavar="RULE")


def _add_why(why: argparse.ArgumentParser) -> None:
    why.add_argument("place", metavar="PATH:LINE")
    why.add_argument("rule", nargs="?", metavar="RULE")


def _add_config(config: argparse.ArgumentParser) -> None:
    config.add_argument("path", metavar="PATH")


def _add_nothing(command: argparse.ArgumentParser) -> None:
    del command


def _add_check(check: argparse.ArgumentParser) -> None:
    check.add_argument("paths", nargs="*", metavar="PATH", help="files and folders; `-` reads standard input")
    check.add_argument("--format", choices=FORMATS, default="text", help="of what is printed (default: text)")
    check.add_argument("--stdin-path", metavar="PATH", help="the path that standard input is checked as")
    check.add_argument(
        "--rule", action="append", default=[], metavar="RULE", help="run this rule or family only"
    )
    check.add_argument(
        "--jobs", type=_positive, metavar="N", help="processes (default: by the work there is)"
    )
    check.add_argument(
        "--no-cache", action="store_true", help="reuse no results; compiled patterns are kept all the same"
    )
    check.add_argument("--exit-zero", action="store_true", help="exit with 0 also when something is blocked")
    check.add_argument("--timings", action="store_true", help="print to standard error what each rule took")
    check.add_argument("-v", "--verbose", action="store_true", help="name each skipped file with its reason")
    check.add_argument("--color", choices=("auto", "always", "never"), default="auto")


def _positive(text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        number = 0
    if not 0 < number <= 256:
        raise argparse.ArgumentTypeError("give a number from 1 to 256")
    return number


_COMMANDS: Mapping[str, tuple[str, Callable[[argparse.ArgumentParser], None]]] = {
    "check": ("print the violations of files", _add_check),
    "rules": ("list the rules, or those that a file activates", _add_rules),
    "explain": ("print a rule's page", _add_explain),
    "why": ("why a line has, or has not, violations", _add_why),
    "config": ("the policy that holds for a path, with the place of every word", _add_config),
    "lsp": ("serve an editor: `auto-enforcer lsp --help`", _add_nothing),
}
