"""What is known of the characters that the rules look for: names, scripts, and which letters look alike."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

BIDIRECTIONAL: Mapping[str, str] = MappingProxyType(
    {
        "\u202a": "left-to-right embedding",
        "\u202b": "right-to-left embedding",
        "\u202c": "pop directional formatting",
        "\u202d": "left-to-right override",
        "\u202e": "right-to-left override",
        "\u2066": "left-to-right isolate",
        "\u2067": "right-to-left isolate",
        "\u2068": "first strong isolate",
        "\u2069": "pop directional isolate",
    }
)
"""The controls that turn the order in which text is shown."""

OPENERS: Mapping[str, str] = MappingProxyType(
    dict.fromkeys("\u202a\u202b\u202d\u202e", "\u202c") | dict.fromkeys("\u2066\u2067\u2068", "\u2069")
)
"""What each of them is closed by."""

INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200c\u200d\u2060\u2061\u2062\u2063\u2064"
    "\u206a\u206b\u206c\u206d\u206e\u206f\u3164\ufeff\uffa0\ufe00-\ufe0f"
    "\ufff9\ufffa\ufffb\U000e0000-\U000e007f\U000e0100-\U000e01ef"
)
"""A character class of what takes no room, or shows as a blank, and is no blank."""


def name_of(character: str) -> str:
    """The name of a character for a message, with its code: U+200B zero width space."""
    code = f"U+{ord(character):04X}"
    name = BIDIRECTIONAL.get(character) or unicodedata.name(character, "").lower()
    return f"{code} {name}" if name else code


@lru_cache(4096)
def script_of(letter: str) -> str:
    """The script of a letter by its name, such as `LATIN`; "" for what is no letter."""
    if not letter.isalpha():
        return ""
    name = unicodedata.name(letter, "")
    if name.startswith(("FULLWIDTH LATIN", "MATHEMATICAL")):
        return "COMPATIBILITY"
    return name.partition(" ")[0]


def is_right_to_left(text: str) -> bool:
    """Whether a text has letters of a script that runs from right to left."""
    return any(unicodedata.bidirectional(character) in ("R", "AL") for character in text)


CYRILLIC = MappingProxyType(
    dict(
        zip(
            "асеорхуіјѕһԁԛԝьАВЕКМНОРСТУХІЈЅҺԌԚԜѴ",
            "aceopxyijshdqwbABEKMHOPCTYXIJSHGQWV",
            strict=True,
        )
    )
)
GREEK = MappingProxyType(dict(zip("οΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "oABEZHIKMNOPTYX", strict=True)))
"""Only those that mathematics does not use for themselves: not `ν` and `ρ`, which look like `v` and `p`."""
ARMENIAN = MappingProxyType(dict(zip("օսոԼՍՕ", "ounLUO", strict=True)))
CHEROKEE = MappingProxyType(dict(zip("ᎠᎡᎢᎪᎬᎳᎷᎻᎾᏃᏆᏎᏒᏔᏙᏚᏞᏟᏢᏦ", "DRTAEWMHOZISRWVSLCPK", strict=True)))

LOOK_ALIKES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {"CYRILLIC": CYRILLIC, "GREEK": GREEK, "ARMENIAN": ARMENIAN, "CHEROKEE": CHEROKEE}
)
"""By script, its letters that look like a Latin one in most type faces, and which."""


def latin_look(letter: str) -> str:
    """The Latin letter that another looks like, "" when it looks like none."""
    script = script_of(letter)
    if script == "COMPATIBILITY":
        plain = unicodedata.normalize("NFKC", letter)
        return plain if plain.isascii() and plain.isalpha() else ""
    return LOOK_ALIKES.get(script, {}).get(letter, "")
