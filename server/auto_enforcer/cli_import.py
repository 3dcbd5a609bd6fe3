"""`auto-enforcer rules import`: other tools' rule files as a team's own rules."""

from __future__ import annotations

import os
import sys

from auto_enforcer import rule_import
from auto_enforcer.cli_exit import CLEAN, UserError
from auto_enforcer.cli_files import real_path, today
from auto_enforcer.policy_words import failing
from auto_enforcer.render.text import printable
from auto_enforcer.rule_import_values import MalformedError
from auto_enforcer.session import Session


def run(path: str, form: str, out: str) -> int:
    """Write the rules of a file to `out`, or to standard output for "", and say on standard error what is not
    carried over. `form` is one of `rule_import.FORMATS`, "" where the file's name says it.

    Raises UserError.
    """
    form = form or _form(path)
    absolute = real_path(path)
    try:
        found = rule_import.imported(absolute, form)
    except MalformedError as error:
        raise UserError(_placed(error, absolute, path)) from None
    except OSError as error:
        raise UserError(f"{path}: cannot be read: {failing(error)}") from None
    if not found.carried:
        for name, reason in found.left_out:
            sys.stderr.write(f"{printable(name)}: left out: {printable(reason)}\n")
        raise UserError(f"{path} has no rule that can be carried over")
    text = _allowing(found.text, real_path(out or "rules.toml"))
    if out:
        _write(real_path(out), text, out)
    else:
        sys.stdout.write(text)
    for remark in found.remarks:
        sys.stderr.write(f"{printable(remark)}\n")
    for rule in found.carried:
        for note in rule.notes:
            sys.stderr.write(f"{printable(rule.table['id'])}: {printable(note)}\n")
    for name, reason in found.left_out:
        sys.stderr.write(f"{printable(name)}: left out: {printable(reason)}\n")
    whole = sum(not rule.notes for rule in found.carried)
    all_of_them = len(found.carried) + len(found.left_out)
    counted = f"{all_of_them} rule{'' if all_of_them == 1 else 's'}"
    in_part = len(found.carried) - whole
    sys.stderr.write(f"{counted}: {whole} whole, {in_part} in part, {len(found.left_out)} left out\n")
    return CLEAN


def _allowing(text: str, path: str) -> str:
    """The text with a suppression of what rules of secrets find in it: values that the rules leave alone look
    like secrets, and a file that blocks itself is of no use."""
    session, data = Session(os.path.dirname(path), today=today(), only=["secrets"]), text.encode()
    checked = session.check_chunks(path, [data], lambda: [data])
    rows = checked.report.rows if checked.report is not None else ()
    found = sorted({row.violation.rule for row, _ in rows if row.violation.rule.startswith("secrets/")})
    if not found:
        return text
    reason = "values that the rules below leave alone"
    first, _, rest = text.partition("\n")
    return f"{first}\n# enforcer: allow-file[{', '.join(found)}]: {reason}\n{rest}"


def _form(path: str) -> str:
    """The tool whose file a path looks like."""
    for end, form in ((".toml", "gitleaks"), (".json", "devskim")):
        if path.endswith(end):
            return form
    raise UserError(f"{path} does not say whose rules it has; add `--format gitleaks` or `--format devskim`")


def _placed(error: MalformedError, absolute: str, path: str) -> str:
    """What is wrong, at its place as it is shown."""
    file = error.place.file
    shown = path + file[len(absolute) :] if file.startswith(absolute) else file
    place = f"{shown}:{error.place.line + 1}:{error.place.column + 1}"
    key = f"{error.place.key}: " if error.place.key else ""
    return f"{place}: {key}{error}"


def _write(path: str, text: str, shown: str) -> None:
    """Put the text in the place of what the file holds, whole or not at all."""
    beside = f"{path}.{os.getpid()}.tmp"
    try:
        try:
            with open(beside, "x", encoding="utf-8", newline="\n") as file:
                file.write(text)
            os.replace(beside, path)
        except OSError:
            if os.path.lexists(beside):
                os.unlink(beside)
            raise
    except OSError as error:
        raise UserError(f"{shown}: cannot be written: {failing(error)}") from None
