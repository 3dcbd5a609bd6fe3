"""What an `[[allow]]` table of a policy says.

    [[allow]]
    rule = "secrets/hardcoded-password"
    path = "samples/config.json"
    hash = "0f…-9c…"
    reason = "the sample's own"

It is for files that take no comment. A violation is known by its text: the hash is a salt and a digest made
with it, as in the baseline, of a secret a slow one. So a line may move, and another text is another
violation.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from auto_enforcer import suppressions
from auto_enforcer.policy_values import Allowance, Place

MOST = 1_000
"""Tables of one file."""

MOST_SALTS = 4
"""Salts that the hashes of one policy are made with: each is tried with each secret of a file."""

HASH = "[0-9a-f]{32}-[0-9a-f]{24}"
"""What a hash is written as: salt and digest."""


Table = tuple[str, str, bytes, str, date | None]
"""What tells one table from another: all but its reason and its place."""


def read(file: str, data: bytes) -> frozenset[Table]:
    """The tables of a configuration file, by its path relative to the workspace, that say what they must;
    none where it cannot be read."""
    import tomllib

    try:
        content: Any = tomllib.loads(data.decode())
        if file.rpartition("/")[2] == "pyproject.toml":
            content = content["tool"]["auto-enforcer"]
        tables = content["allow"]
        return frozenset(filter(None, [_read(table, file) for table in tables]))
    except (ValueError, KeyError, TypeError, RecursionError):
        return frozenset()


def _read(table: Any, file: str) -> Table | None:
    until = table.get("until") if isinstance(table, dict) else 0
    if until is not None and (not isinstance(until, date) or isinstance(until, datetime)):
        return None
    try:
        return known(made({**table, "reason": ""}, file.rpartition("/")[0], Place(file)))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def known(one: Allowance) -> Table:
    """What tells a table from others."""
    return one.rule, one.path, one.salt, one.digest, one.until


NEW_FILE = "enforcer.toml"
"""Where a table goes where there is no configuration file."""


def placed(file: str, path: str) -> tuple[str, str, str]:
    """Where a table goes that speaks of a file, by paths relative to the workspace, for which a configuration
    file holds, "" for none: the file, what goes before the names of its tables, and the path as it has it."""
    folder = file.rpartition("/")[0]
    prefix = "tool.auto-enforcer." if file.rpartition("/")[2] == "pyproject.toml" else ""
    return file or NEW_FILE, prefix, path.removeprefix(f"{folder}/") if folder else path


def written(rule: str, path: str, known_by: str, prefix: str) -> str:
    """A table for which a person is to write the reason."""
    said = f'rule = "{rule}"\npath = {quoted(path)}\nhash = "{known_by}"\n'
    return f'[[{prefix}allow]]\n{said}reason = "{suppressions.PLACEHOLDER}"\n'


def quoted(words: str) -> str:
    """Words as TOML has them, whatever characters they are."""
    return json.dumps(words, ensure_ascii=False).replace("\x7f", "\\u007f")


def made(table: Mapping[str, Any], folder: str, place: Place) -> Allowance:
    """What a table says. Its texts are there and not empty. Raises ValueError with the key that is wrong, and
    what to do."""
    if re.fullmatch(HASH, table["hash"]) is None:
        raise ValueError("hash", "this is no hash of a violation; let an editor's quick fix write it")
    path = table["path"]
    inner = os.path.normpath(os.path.join(folder, path)).replace(os.sep, "/")
    if path.startswith("/") or os.path.isabs(path) or "\\" in path or inner.startswith("../"):
        raise ValueError("path", "must be a path relative to this file, with `/`, inside of the workspace")
    salt, _, digest = table["hash"].partition("-")
    return Allowance(
        table["rule"],
        inner,
        bytes.fromhex(salt),
        digest,
        suppressions.stated(table["reason"]),
        table.get("until"),
        place,
    )
