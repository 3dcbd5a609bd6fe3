"""What of a rule's tables holds for one file: paths are the policy's matter, and a rule sees what is left."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from auto_enforcer import globs
from auto_enforcer.model import Option, Options
from auto_enforcer.policy_values import Place

TABLE_FORMS = ("words", "boundaries", "places")
"""The forms of options that are tables."""

FILLED_FORMS = ("boundaries", "places", "folder")
"""The forms of options that are not the same in every file."""

Filled = tuple[tuple[str, Any], ...]
"""The options of a rule that hold for a file, by name; hashable."""


def frozen(value: Any) -> Any:
    """A value of TOML as options hold it: lists are tuples."""
    if isinstance(value, list):
        return tuple(value)
    if isinstance(value, dict):
        return {name: frozen(one) for name, one in value.items()}
    return value


def merged(before: Any, after: Any, option: Option) -> Any:
    """What two words of a policy about an option come to: the later one, or both tables of names."""
    return {**before, **after} if option.form == "words" else after


def filled(
    options: tuple[Option, ...], given: Options, places: Mapping[str, Place], path: str, file: str
) -> Filled | None:
    """What the filled options of a rule are for a path. None where the rule has nothing to say of it.

    `places` are those where options were set; globs are relative to the folder of the file that set them.
    `file` is the policy's, for what a package said.
    """
    said = [places[option.name] for option in options if option.form in TABLE_FORMS and option.name in places]
    first = said[0].file if said else file
    found: list[tuple[str, Any]] = []
    says_nothing = False
    for option in options:
        place = places.get(option.name)
        inner = below(_folder(place.file if place is not None else first, file), path)
        if option.form == "boundaries":
            rows = boundaries(given[option.name], inner)
            says_nothing = says_nothing or not rows
            found.append((option.name, rows))
        elif option.form == "places":
            found.append((option.name, elsewhere(given[option.name], inner)))
        elif option.form == "folder":
            found.append((option.name, inner.rpartition("/")[0]))
    return None if says_nothing else tuple(found)


def boundaries(table: Mapping[str, tuple[str, ...]], path: str) -> tuple[tuple[str, str], ...]:
    """The globs of the lists whose own glob matches a path, each as written and as its expression."""
    rows = [_row(target) for glob, targets in table.items() if _matches(glob, path) for target in targets]
    return tuple(dict.fromkeys(rows))


def elsewhere(table: Mapping[str, tuple[str, ...]], path: str) -> tuple[str, ...]:
    """The names of whose globs none matches a path."""
    return tuple(name for name, own in table.items() if not any(_matches(glob, path) for glob in own))


def below(folder: str, path: str) -> str:
    """The path relative to a folder of the workspace; "" when it is not below."""
    if not folder:
        return path
    return path[len(folder) + 1 :] if path.startswith(folder + "/") else ""


def sought(option: Option, value: Any) -> list[str]:
    """For each name that an option gives, the word without which it is not on a line, in small letters."""
    found = [max(re.findall(r"[a-z]+|[0-9]+", _split(name)), key=len, default="") for name in value]
    return list(dict.fromkeys(word for word in found if word))


def _split(name: str) -> str:
    """A name with a blank between its words, in small letters."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name).lower()


def _folder(file: str, policy: str) -> str:
    """The folder that the globs of a file are relative to; those of a package to the policy's."""
    return (policy if file.startswith("package:") else file).rpartition("/")[0]


@lru_cache(1024)
def _row(glob: str) -> tuple[str, str]:
    return glob, globs.translate(glob)


@lru_cache(1024)
def _expression(glob: str) -> re.Pattern[str]:
    return globs.compile_globs([globs.translate(glob)])


def _matches(glob: str, path: str) -> bool:
    return bool(path) and _expression(glob).fullmatch(globs.composed(path)) is not None
