"""Text as XML and HTML have it."""

from __future__ import annotations

from auto_enforcer.render.text import printable

_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"})


def escaped(text: str) -> str:
    """The text for content and for values of attributes, in ASCII, so that it is the same in any encoding.

    What is not printable, all that XML forbids among it, becomes an escape that can be read: `\\x1b`.
    """
    text = printable(text).translate(_ENTITIES)
    return text if text.isascii() else text.encode("ascii", "xmlcharrefreplace").decode("ascii")
