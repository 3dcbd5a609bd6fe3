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

import os
import re
from collections.abc import Mapping
from typing import Any

from auto_enforcer.policy_values import Allowance, Place

MOST = 1_000
"""Tables of one file."""

MOST_SALTS = 4
"""Salts that the hashes of one policy are made with: each is tried with each secret of a file."""

HASH = "[0-9a-f]{32}-[0-9a-f]{24}"
"""What a hash is written as: salt and digest."""


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
        table["reason"].strip(),
        table.get("until"),
        place,
    )
