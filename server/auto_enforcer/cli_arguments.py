"""How the command's line is read by a table of what it may hold, and how `--help` shows that table.

Not argparse: to import that and to build its parser takes a tenth of the time to the first violation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import SimpleNamespace
from typing import Any

from auto_enforcer.cli_exit import UserError
from auto_enforcer.model import NamedTuple

PROGRAM = "auto-enforcer"

Options = SimpleNamespace
"""What was asked for: `command`, and each argument's value by its name, written with underscores."""


class Argument(NamedTuple):
    """What a command's line may hold: an option, whose name has two dashes, or a word known by its place.

    `shown` stands for the value in the help; an option without it is a switch, which is False until given.
    `read` makes the value of the word; it raises WrongValue. `many`: it may be given any number of times,
    which makes a list. A word by its place that is neither `many` nor `optional` must be there.
    """

    name: str
    help: str
    shown: str = ""
    default: Any = None
    read: Callable[[str], Any] = str
    many: bool = False
    optional: bool = False
    short: str = ""
    """One dash and a letter: the same option."""

    @property
    def attribute(self) -> str:
        """Its name in the options."""
        return self.name.lstrip("-").replace("-", "_")


class WrongValue(Exception):
    """A value that cannot be; the message says what it must be."""


Commands = Mapping[str, tuple[str, tuple[Argument, ...]]]
"""By each command's name what it is for, and its arguments."""

HELP = Argument("--help", "show this help and exit", short="-h")


def parsed(command: str, arguments: Sequence[Argument], words: Sequence[str]) -> Options | None:
    """The options that the words after a command ask for; None where they ask for help. Raises UserError."""
    options = Options(command=command)
    for argument in arguments:
        unset = [] if argument.many else argument.default if argument.shown else False
        setattr(options, argument.attribute, unset)
    places, known = _split(arguments)
    rest, options_end = iter(words), False
    for word in rest:
        if options_end or word == "-" or not word.startswith("-"):
            if not places:
                raise UserError(f"`{word}` is one argument too many; {_see(command)}")
            _take(options, places[0], word, command)
            if not places[0].many:
                del places[0]
            continue
        if word == "--":
            options_end = True
            continue
        name, equals, value = word.partition("=")
        option = known.get(name)
        if option is None:
            raise UserError(f"`{command}` has no option `{name}`; {_meant(name, known) or _see(command)}")
        if option is HELP:
            return None
        if not option.shown:
            if equals:
                raise UserError(f"`{name}` takes no value; {_see(command)}")
            setattr(options, option.attribute, True)
            continue
        if not equals:
            value = next(rest, "--")
            if value.startswith("-") and value != "-":
                raise UserError(f"`{name}` needs a value; {_see(command)}")
        _take(options, option, value, command)
    missing = [place.shown for place in places if not place.many and not place.optional]
    if missing:
        raise UserError(f"nothing is given for {', '.join(missing)}; {_see(command)}")
    return options


def _take(options: Options, argument: Argument, word: str, command: str) -> None:
    try:
        value = argument.read(word)
    except WrongValue as error:
        message = f"`{argument.name}` {error}"
        raise UserError(message if message.endswith("?") else f"{message}; {_see(command)}") from None
    if argument.many:
        getattr(options, argument.attribute).append(value)
    else:
        setattr(options, argument.attribute, value)


def _split(arguments: Sequence[Argument]) -> tuple[list[Argument], dict[str, Argument]]:
    """Those that are known by their place, in order, and the options by each of their names."""
    places = [argument for argument in arguments if not argument.name.startswith("-")]
    options = [HELP, *(argument for argument in arguments if argument.name.startswith("-"))]
    return places, {name: option for option in options for name in (option.name, option.short) if name}


def _meant(name: str, known: Iterable[str]) -> str:
    import difflib

    near = difflib.get_close_matches(name[:100].lstrip("-"), [one.lstrip("-") for one in known], 1)
    return f"did you mean `--{near[0]}`?" if near else ""


def _see(command: str) -> str:
    return f"see `{PROGRAM} {command} --help`"


def one_of(choices: Sequence[str]) -> Callable[[str], str]:
    """Reads one of some words."""

    def read(word: str) -> str:
        if word in choices:
            return word
        from auto_enforcer.policy_words import listed, meant

        near = meant(word, choices, listing=False)
        raise WrongValue(f"must be {listed(choices)}, not `{word}`{near}")

    return read


def number_to(most: int) -> Callable[[str], int]:
    """Reads a number from 1 on."""

    def read(word: str) -> int:
        if not word.isdecimal() or not 0 < int(word[:9]) <= most:
            raise WrongValue(f"must be a number from 1 to {most}, not `{word}`")
        return int(word)

    return read


# Help


def overview(commands: Commands, about: str, end: str, width: int) -> str:
    """The help of the command as a whole: what it is for, its commands, what else there is to know."""
    rows = [(name, title) for name, (title, _) in commands.items()]
    options = [("-h, --help", HELP.help), ("--version", "print the version and exit")]
    usage = f"usage: {PROGRAM} [-h] [--version] COMMAND ..."
    return "\n\n".join(
        (
            usage,
            "\n".join(_wrapped(about, width)),
            _table("commands:", rows, width),
            _table("options:", options, width),
            "\n".join(_wrapped(end, width)) + "\n",
        )
    )


def help_of(command: str, title: str, arguments: Sequence[Argument], width: int) -> str:
    """The help of one command."""
    places, known = _split(arguments)
    options = dict.fromkeys(known.values())
    usage = " ".join(
        (
            f"usage: {PROGRAM} {command} [OPTION ...]",
            *(
                f"[{place.shown} ...]"
                if place.many
                else f"[{place.shown}]"
                if place.optional
                else place.shown
                for place in places
            ),
        )
    )
    parts = [usage, "\n".join(_wrapped(title, width))]
    if places:
        parts.append(_table("arguments:", [(place.shown, place.help) for place in places], width))
    parts.append(_table("options:", [(_written(option), option.help) for option in options], width) + "\n")
    return "\n\n".join(parts)


def _written(option: Argument) -> str:
    name = f"{option.short}, {option.name}" if option.short else option.name
    return f"{name} {option.shown}" if option.shown else name


def _table(heading: str, rows: Sequence[tuple[str, str]], width: int) -> str:
    """Two columns under a heading, the second one wrapped."""
    indent = min(24, max(len(name) for name, _ in rows) + 4)
    return "\n".join([heading, *(line for row in rows for line in _row(*row, indent, width))])


def _row(name: str, text: str, indent: int, width: int) -> Iterator[str]:
    lines = _wrapped(text, max(20, width - indent))
    first = f"  {name}"
    if len(first) + 2 > indent:
        yield first
        first = ""
    for line in lines:
        yield first.ljust(indent) + line
        first = ""


def _wrapped(text: str, width: int) -> list[str]:
    import textwrap

    return textwrap.wrap(text, width, break_on_hyphens=False)
