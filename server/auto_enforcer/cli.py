"""The command: `auto-enforcer check`, `baseline`, `rules`, `explain`, `why`, `config`, `lsp`."""

from __future__ import annotations

import argparse
import errno
import gc
import os
import sys
from collections.abc import Callable, Mapping, Sequence

from auto_enforcer import __version__
from auto_enforcer.cli_exit import FAILED, UserError
from auto_enforcer.cli_parser import Parser

MOST_YOUNG = 20_000
"""Things that are made and not given back before somebody looks for garbage. A file leaves none of it behind,
and with Python's own 700 the looking takes a twentieth of a run."""

FORMATS = (
    *("text", "json", "jsonl", "sarif"),
    *("github", "gitlab", "junit", "checkstyle", "rdjson", "markdown", "html"),
)


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
            _overview().print_help(sys.stderr)
            return FAILED
        code = _run(_parsed(arguments))
        sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        sys.stderr.write("interrupted\n")
        return FAILED
    except UserError as error:
        from auto_enforcer.render.text import printable

        return _failed(printable(str(error)))
    except OSError as error:
        if _is_of_a_closed_pipe(error):
            # The reader has gone; what is left in the buffer must not raise again at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            return FAILED
        from auto_enforcer.policy_words import failing

        place = f"{error.filename}: " if error.filename is not None else ""
        return _failed(f"{place}{failing(error)}")
    except Exception as error:  # noqa: BLE001 — Python would exit with 1: something is blocked
        import traceback

        # The places alone: the error's own words may repeat a secret of the file.
        traceback.print_tb(error.__traceback__)
        return _failed(f"{type(error).__name__}: a defect of auto-enforcer; please report the lines above")


def _is_of_a_closed_pipe(error: OSError) -> bool:
    """Whether nobody reads what was to be written. Windows calls that an invalid argument."""
    if sys.platform == "win32" and error.errno == errno.EINVAL:
        return error.filename is None
    return isinstance(error, BrokenPipeError)


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

        _settle()
        return cli_check.run(options)
    if options.command == "hook":
        from auto_enforcer.hook import command

        _settle()
        return command.run(options)
    if options.command == "mcp":
        from auto_enforcer import mcp_server

        return mcp_server.run(options, main)
    if options.command == "init":
        from auto_enforcer import cli_init

        _settle()
        return cli_init.run(options, lambda words: _run(_parsed(words)))
    if options.command == "suppressions":
        from auto_enforcer import cli_suppressions

        _settle()
        return cli_suppressions.run(options)
    if options.command == "commit-msg":
        from auto_enforcer import cli_message

        _settle()
        return cli_message.run(options)
    if options.command == "pre-push":
        from auto_enforcer import cli_push

        _settle()
        return cli_push.run(options)
    if options.command == "config":
        from auto_enforcer import cli_config

        _settle()
        return cli_config.run(options)
    if options.command == "session":
        from auto_enforcer import cli_session

        _settle()
        return cli_session.run(options)
    if options.command == "baseline":
        from auto_enforcer import cli_baseline

        _settle()
        return cli_baseline.run(options)
    from auto_enforcer import cli_explain

    _settle()
    commands = {
        "rules": cli_explain.rules,
        "explain": cli_explain.explain,
        "why": cli_explain.why,
    }
    return commands[options.command](options)


def _settle() -> None:
    """From here on there is garbage to look for, but never among what is loaded by now, not even at exit."""
    gc.freeze()
    gc.set_threshold(MOST_YOUNG, 20, 20)
    gc.enable()


def _parsed(arguments: Sequence[str]) -> argparse.Namespace:
    """What was asked for. Raises UserError for what cannot be, with what may have been meant."""
    command = arguments[0]
    if command in ("-h", "--help", "--version"):
        return _overview().parse_args(arguments[:1])
    if command not in _COMMANDS:
        raise UserError(_no_command(command))
    parser = Parser(f"auto-enforcer {command}")
    parser.set_defaults(command=command)
    _COMMANDS[command][1](parser)
    return parser.parsed(arguments[1:])


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


def _overview() -> argparse.ArgumentParser:
    """What there is, for a reader; each command has a parser of its own."""
    parser = Parser(
        "auto-enforcer",
        description="Enforces a team's policy: no secrets, no swallowed errors, no debug leftovers.",
        epilog="Exit codes: 0 nothing is blocked, 1 something is blocked, 2 the job could not be done.",
    )
    parser.add_argument("--version", action="version", version=f"auto-enforcer {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, (title, _) in _COMMANDS.items():
        commands.add_parser(name, help=title)
    return parser


def _add_rules(rules: argparse.ArgumentParser) -> None:
    rules.add_argument(
        "rule",
        nargs="?",
        metavar="RULE",
        help="a rule or family (default: all); `test` runs the tests that a team's own rules bring,"
        " `import` makes such rules of another tool's",
    )
    rules.add_argument(
        "file",
        nargs="?",
        metavar="FILE",
        help="with `test`: the file of the rules (default: the policy); with `import`: the other tool's file",
    )
    rules.add_argument(
        "--format",
        metavar="FORMAT",
        help="text, json or markdown (default: text); with `import` whose file it is: gitleaks or devskim",
    )
    rules.add_argument(
        "-o", "--output", metavar="OUT", help="with `import`: write there (default: standard output)"
    )
    rules.add_argument("--active", metavar="FILE", help="say which rule modules FILE activates, and why")


def _add_explain(explain: argparse.ArgumentParser) -> None:
    explain.add_argument("rule", metavar="RULE", help="a rule's id, such as `logging/print-call`")


def _add_why(why: argparse.ArgumentParser) -> None:
    why.add_argument("place", metavar="PATH:LINE", help="a line of a file, as `check` names it")
    why.add_argument(
        "rule", nargs="?", metavar="RULE", help="a rule or family (default: those that looked at the line)"
    )
    why.add_argument("--all", action="store_true", help="name every rule, also those that did not look")


def _add_config(config: argparse.ArgumentParser) -> None:
    config.add_argument(
        "path",
        nargs="?",
        default=".",
        metavar="PATH",
        help="a file or folder, which need not exist (default: the working folder)",
    )
    config.add_argument(
        "names",
        nargs="*",
        metavar="NAME",
        help="a key, rule or family of which all is shown (default: what is not as it is by default)",
    )
    config.add_argument("--all", action="store_true", help="show every key and rule")


def _add_init(init: argparse.ArgumentParser) -> None:
    init.add_argument(
        "path", nargs="?", default=".", metavar="PATH", help="the folder (default: the working folder)"
    )
    init.add_argument("--stdout", "--dry-run", action="store_true", help="print the policy and write nothing")
    init.add_argument(
        "--baseline", action="store_true", help="then write the baseline too: only what is new will block"
    )


def _add_suppressions(suppressions: argparse.ArgumentParser) -> None:
    suppressions.add_argument(
        "paths", nargs="*", metavar="PATH", help="files and folders (default: the working folder)"
    )
    suppressions.add_argument(
        "--format",
        type=_one_of(("text", "json")),
        default="text",
        metavar="FORMAT",
        help="text or json (default: text)",
    )


def _add_session(session: argparse.ArgumentParser) -> None:
    session.add_argument(
        "path",
        nargs="?",
        default=".",
        metavar="PATH",
        help="a file or folder of the workspace (default: the working folder)",
    )
    session.add_argument(
        "--format",
        type=_one_of(("text", "json")),
        default="text",
        metavar="FORMAT",
        help="text or json (default: text)",
    )
    session.add_argument("--forget", action="store_true", help="remove all that is kept of the workspace")


def _add_baseline(command: argparse.ArgumentParser) -> None:
    check = Parser("auto-enforcer check")
    _add_check(check)
    own = {name: value for name, value in vars(check.parsed([])).items() if name not in ("paths", "jobs")}
    command.set_defaults(**own)
    command.add_argument(
        "paths", nargs="*", metavar="PATH", help="files and folders (default: the working folder)"
    )
    command.add_argument(
        "--prune", action="store_true", help="take nothing in; drop the entries that nothing needs any more"
    )
    command.add_argument("--dry-run", action="store_true", help="write nothing; say what would be written")
    command.add_argument(
        "--jobs",
        type=_positive,
        metavar="N",
        help="how many processes to use (default: as the work asks for)",
    )


def _add_nothing(command: argparse.ArgumentParser) -> None:
    del command


def _add_check(check: argparse.ArgumentParser) -> None:
    check.add_argument(
        "paths",
        nargs="*",
        metavar="PATH",
        help="files and folders (default: the working folder); `-` reads standard input",
    )
    check.add_argument(
        "--format",
        type=_one_of(FORMATS),
        default="text",
        metavar="FORMAT",
        help=f"how to print what is found: {', '.join(FORMATS)} (default: text)",
    )
    check.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        help="write there what is found, and to standard error what it adds up to",
    )
    check.add_argument(
        "--stdin-path",
        metavar="PATH",
        help="the file that standard input stands for: its name decides the language and the policy",
    )
    check.add_argument(
        "--rule",
        action="extend",
        type=_names,
        default=[],
        metavar="RULE",
        help="use only this rule or family; can be given several times",
    )
    check.add_argument(
        "--jobs",
        type=_positive,
        metavar="N",
        help="how many processes to use (default: as the work asks for)",
    )
    check.add_argument(
        "--no-cache", action="store_true", help="reuse no results; compiled patterns are kept all the same"
    )
    check.add_argument(
        "--new",
        action="store_true",
        help="show and gate only what is new: not in the base, which is what the policy says"
        " (default: the merge base with the upstream's default branch, else HEAD)",
    )
    check.add_argument(
        "--base",
        metavar="REV",
        help="compare with this revision; `auto` for the default one, `REV...` for the commit that HEAD"
        " has in common with REV (means `--new`)",
    )
    check.add_argument(
        "--staged",
        action="store_true",
        help="check what is staged, as the index has it, and gate what is new (default base: HEAD)",
    )
    check.add_argument(
        "--commit",
        metavar="REV",
        help="check what REV brings, as it has it, and gate that (default base: its parents)",
    )
    check.add_argument("--exit-zero", action="store_true", help="exit with 0 even if something is blocked")
    check.add_argument(
        "--timings", action="store_true", help="print to standard error how long each rule took"
    )
    check.add_argument("-v", "--verbose", action="store_true", help="name each skipped file and say why")
    check.add_argument(
        "--color",
        type=_one_of(("auto", "always", "never")),
        default="auto",
        metavar="WHEN",
        help="when to use colours: auto, always, never (default: auto)",
    )


def _add_mcp(mcp: argparse.ArgumentParser) -> None:
    from auto_enforcer import mcp_server

    mcp_server.add(mcp)


def _add_hook(hook: argparse.ArgumentParser) -> None:
    from auto_enforcer.hook import command

    command.add(hook)


def _add_commit_msg(message: argparse.ArgumentParser) -> None:
    from auto_enforcer import cli_message

    cli_message.add(message)


def _add_pre_push(push: argparse.ArgumentParser) -> None:
    from auto_enforcer import cli_push

    cli_push.add(push)


def _one_of(choices: Sequence[str]) -> Callable[[str], str]:
    """Takes one of some words."""

    def chosen(word: str) -> str:
        if word in choices:
            return word
        from auto_enforcer.policy_words import listed, meant

        near = meant(word, choices, listing=False)
        raise argparse.ArgumentTypeError(f"must be {listed(choices)}, not `{word}`{near}")

    return chosen


def _names(text: str) -> list[str]:
    """The names between commas."""
    return [name.strip() for name in text.split(",")]


def _positive(text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        number = 0
    if not 0 < number <= 256:
        raise argparse.ArgumentTypeError(f"must be a number from 1 to 256, not `{text}`")
    return number


_COMMANDS: Mapping[str, tuple[str, Callable[[argparse.ArgumentParser], None]]] = {
    "check": ("find violations in files and folders", _add_check),
    "init": ("write the first policy, from what there is", _add_init),
    "baseline": ("come to terms with what is found now: only what is new will block", _add_baseline),
    "rules": ("list the rules, or those that a file activates", _add_rules),
    "explain": ("print a rule's page: what it finds, what it leaves alone, and why", _add_explain),
    "why": ("say why a line has a violation, or has none", _add_why),
    "config": ("print the policy for a path, and where each value was set", _add_config),
    "hook": ("answer a coding agent that asks before it writes", _add_hook),
    "commit-msg": ("judge a commit's message, as git's hook of that name", _add_commit_msg),
    "pre-push": ("judge what a push brings that is new, as git's hook of that name", _add_pre_push),
    "suppressions": ("list what is allowed, why, until when, and whether it is used", _add_suppressions),
    "session": ("tell what is kept of a workspace between runs, or remove it", _add_session),
    "mcp": ("offer tools to coding agents over the Model Context Protocol", _add_mcp),
    "lsp": ("serve an editor; see `auto-enforcer lsp --help`", _add_nothing),
}
