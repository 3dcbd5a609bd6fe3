"""Made-up tokens for the rule pages, so that no page and no test holds a real token's shape.

`{{name}}` in a page's block becomes what the generator `name` makes from a seed of its own; `{{name:2}}` is
another one of the same kind.
"""

from __future__ import annotations

import random
import string
from collections.abc import Callable, Mapping
from types import MappingProxyType

from secret_tokens import SECRETS

Generator = Callable[[random.Random], str]

ALPHANUMERIC = string.ascii_letters + string.digits
HEXADECIMAL = "0123456789abcdef"


def token(name: str, which: str = "") -> str | None:
    """The token of a kind, the same each time; `which` asks for another one. None: no such kind."""
    generator = GENERATORS.get(name)
    return None if generator is None else generator(random.Random(f"{name}:{which}"))


def some(alphabet: str, length: int) -> Generator:
    """A generator of `length` characters of an alphabet."""
    return lambda chance: "".join(chance.choices(alphabet, k=length))


def after(prefix: str, generator: Generator) -> Generator:
    """A generator of `prefix` and what another makes."""
    return lambda chance: prefix + generator(chance)


GENERATORS: Mapping[str, Generator] = MappingProxyType(
    {
        "alphanumeric-32": some(ALPHANUMERIC, 32),
        "hexadecimal-40": some(HEXADECIMAL, 40),
        **SECRETS,
    }
)
"""The kinds by name; one line each, without a line end."""
