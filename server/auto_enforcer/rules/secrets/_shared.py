"""What the family's modules share: a token's shape, how it is found in a line, the checksums in tokens."""

from __future__ import annotations

import binascii
import re
import zlib
from collections.abc import Callable, Iterator
from functools import lru_cache

from auto_enforcer.model import NamedTuple
from auto_enforcer.rules.secrets import _values

LEFT = r"(?:(?<![A-Za-z0-9])|(?<=\\[nrtbu]))"
"""No letter or digit before, save the one of an escape such as `\\n`."""
RIGHT = r"(?![A-Za-z0-9])"

_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


class Shape(NamedTuple):
    """A token's form. `pattern` is an `re` pattern with re.ASCII; its group `body` is the part that differs
    from token to token, its group `secret`, if it has one, what is marked (otherwise all). One of the texts
    `needles` is in every match. `trigger` is the pattern for the scanner where `pattern` is none (it has
    groups, look-around, an open end). `kind` is a noun with its article. `valid` verifies a checksum."""

    kind: str
    pattern: str
    needles: tuple[str, ...]
    trigger: str = ""
    valid: Callable[[str], bool] | None = None
    bare: bool = False
    """The pattern looks to its own borders."""


def prefixed(kind: str, prefixes: str, alphabet: str, least: int, most: int = 0) -> Shape:
    """A token that is one of the prefixes (blanks between them) and `least` to `most` characters (0: exactly
    `least`) of an alphabet, which is an `re` class. Base64 may end in `=`."""
    heads = tuple(prefixes.split())
    head = "|".join(re.escape(one).replace(r"\-", "-") for one in heads)
    padding = "={0,2}" if "+/" in alphabet else ""
    end = "" if alphabet.startswith(("[A", "[a", "[0")) and not alphabet.endswith("-]") else r"(?![\w-])"
    body = f"(?P<body>{alphabet}{{{least},{most or least}}}{padding})"
    return Shape(kind, f"(?:{head}){body}{end}", heads, f"(?:{head}){alphabet}{{{least}}}")


class Found(NamedTuple):
    """A token in a line: the span that is marked, the part that makes it differ, its kind."""

    start: int
    end: int
    body: str
    shape: Shape


def find(shape: Shape, text: str) -> Iterator[Found]:
    """The tokens of a shape in a line."""
    if not any(needle in text for needle in shape.needles):
        return
    for match in compiled(shape).finditer(text):
        groups = match.re.groupindex
        marked = "secret" if "secret" in groups else 0
        body = match["body"] if "body" in groups else match[0]
        yield Found(match.start(marked), match.end(marked), body or match[0], shape)


def triggers(shape: Shape) -> tuple[str, ...]:
    """What the scanner looks for."""
    return (shape.trigger or shape.pattern.replace("(?P<body>", "(?:").replace("(?P<secret>", "(?:"),)


@lru_cache(maxsize=512)
def compiled(shape: Shape) -> re.Pattern[str]:
    """The shape's pattern with its borders, compiled when first asked for."""
    pattern = shape.pattern if shape.bare else f"{LEFT}(?:{shape.pattern}){RIGHT}"
    return re.compile(pattern, re.ASCII)


def is_sample(body: str) -> bool:
    """Whether the part of a token that should be random is made up: dull, spelt, or a placeholder."""
    if _values.is_dull(body) or _values.says_placeholder(body) or _values.is_emulators(body):
        return True
    return len(body) >= 12 and _values.is_spelt(body)


def has_base62_crc32(token: str) -> bool:
    """Whether the last six characters are the CRC-32 of what stands between them and the first `_`, written
    with the digits 0-9A-Za-z and padded by zeros: the form of GitHub's and npm's tokens of 36 characters
    (https://github.blog/2021-04-05-behind-githubs-new-authentication-token-formats/)."""
    body = token.rpartition("_")[2]
    if len(body) != 36:
        return True
    return base62_crc32(body[:30]) == body[30:]


def base62_crc32(text: str) -> str:
    """The six base62 digits of a text's CRC-32."""
    number, digits = zlib.crc32(text.encode("ascii", "replace")), ""
    for _ in range(6):
        number, digit = divmod(number, 62)
        digits = _BASE62[digit] + digits
    return digits


def has_hexadecimal_crc32(token: str) -> bool:
    """Whether the last eight characters are the CRC-32 of all before, in hexadecimal: Atlassian's form."""
    return f"{zlib.crc32(token[:-8].encode('ascii', 'replace')):08x}" == token[-8:].lower()


def begins_with_number(token: str) -> bool:
    """Whether the part before the first dot is a number in base64: in Discord's tokens an account's id."""
    head = token.partition(".")[0]
    decoded = base64_text(head)
    return decoded is not None and decoded.isdigit()


def base64_text(encoded: str) -> str | None:
    """What a base64 text (either alphabet, padded or not) says, if it is UTF-8."""
    text = encoded.replace("-", "+").replace("_", "/").rstrip("=")
    try:
        return binascii.a2b_base64(text + "=" * (-len(text) % 4)).decode("utf-8")
    except (ValueError, UnicodeDecodeError):
        return None
