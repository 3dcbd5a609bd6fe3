"""How a command's arguments are read: mistakes are told in one line, with what may have been meant."""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Sequence
from typing import NoReturn

from auto_enforcer.cli_exit import UserError


class Parser(argparse.ArgumentParser):
    """A parser whose mistakes are told in one line, as those are that we find ourselves."""

    def __init__(self, prog: str, description: str | None = None, epilog: str | None = None) -> None:
        super().__init__(
            prog, description=description, epilog=epilog, allow_abbrev=False, formatter_class=_formatter
        )

    def parsed(self, arguments: Sequence[str]) -> argparse.Namespace:
        """What was asked for; options may stand between paths. Raises UserError for what is not known."""
        # What stands behind `--` is no option, whatever it begins with; argparse loses that on its way.
        end = arguments.index("--") if "--" in arguments else len(arguments)
        plain = arguments[end + 1 :]
        stand_ins = [f"\0{number}" for number in range(len(plain))]
        options, unknown = self.parse_known_intermixed_args([*arguments[:end], *stand_ins])
        known = dict(zip(stand_ins, plain, strict=True))
        for name, value in vars(options).items():
            if isinstance(value, list):
                setattr(options, name, [known.get(item, item) for item in value])
            elif isinstance(value, str):
                setattr(options, name, known.get(value, value))
        if not unknown:
            return options
        unknown = [known.get(item, item) for item in unknown]
        wrong = unknown[0].partition("=")[0]
        if not wrong.startswith("-"):
            raise UserError(f"`{wrong}` is one argument too many; see `{self.prog} --help`")
        import difflib

        names = re.findall("(?<![a-z-])--([a-z-]+)", self.format_help())
        near = difflib.get_close_matches(wrong.lstrip("-")[:100], names, 1)
        hint = f"did you mean `--{near[0]}`?" if near else f"see `{self.prog} --help`"
        raise UserError(f"`{self.prog.rpartition(' ')[2]}` has no option `{wrong}`; {hint}")

    def error(self, message: str) -> NoReturn:
        """Raise UserError."""
        message = re.sub(r"^argument (?:-\w/)?(\S+): ", r"`\1` ", message)
        message = message.replace("the following arguments are required: ", "nothing is given for ")
        message = re.sub("ignored explicit argument .*", "takes no value", message)
        hint = "" if message.endswith("?") else f"; see `{self.prog} --help`"
        raise UserError(message.replace("expected one argument", "needs a value") + hint)


def _formatter(prog: str) -> argparse.HelpFormatter:
    # Without a width argparse imports shutil to ask for it, for each argument that is added.
    try:
        width = os.get_terminal_size().columns
    except OSError:
        width = 80
    return argparse.HelpFormatter(prog, width=max(20, width - 2))
