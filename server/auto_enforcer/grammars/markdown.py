"""The grammar of Markdown: prose with fences and front matter, each in its own language."""

from __future__ import annotations

from auto_enforcer.expressions import compiled
from auto_enforcer.grammars.modes import CODE, COMMENT, POP, PUSH, SKIP, TEXT, TOKEN, Cursor, Mode, Rule
from auto_enforcer.grammars.row import Language
from auto_enforcer.languages import LANGUAGES, PLAINTEXT, language_named

_FENCE = compiled(
    r"(?P<before>[ \t>]*+(?:(?:[-*+]|\d{1,9}[.)])[ \t]++>?)*+[ \t]*+)"
    r"(?P<fence>`{3,}+(?=[^`]*+$)|~{3,}+)[ \t]*+(?P<info>.*)"
)
_CLOSER = compiled(r"[ \t>]*+(`{3,}+|~{3,}+)[ \t]*+$")
_QUOTE = compiled(r"[ \t]*+(?:>[ \t]?)++")
_LANGUAGE = compiled(r"[{.\s]*+([\w+#-]+)")
_FRONT_MATTER = {"---": "yaml", "+++": "toml"}


def modes(row: Language) -> dict[str, Mode]:
    """The modes of Markdown: `start` is only the first line, which may open front matter."""
    prose = (
        Rule("<", "<!--(?:[^-]++|-(?!->))*+-->", TOKEN, COMMENT),
        Rule("<", "<!--", PUSH, COMMENT, "comment"),
        Rule("`", "`[^`]++`(?!`)", TOKEN, CODE),
        Rule("`", "``(?:[^`]++|`(?!`))++``(?!`)", TOKEN, CODE),
        Rule("`", "`+", SKIP, TEXT),
    )
    return {
        "start": Mode(TEXT, prose, depth=0, line=_first_line),
        "body": Mode(TEXT, prose, depth=0, settled=True, line=_line),
        "comment": Mode(COMMENT, (Rule("-", "-->", POP, COMMENT),), settled=True),
        "front matter": Mode(TEXT, settled=True, line=_front_matter),
        "fence": Mode(TEXT, settled=True, line=_fence),
        "quoted fence": Mode(TEXT, line=_fence),
    }


def _first_line(cursor: Cursor, index: int) -> bool:
    body = (*cursor.frames[:index], ("markdown", "body", 0))
    rest = cursor.frames[index + 1 :]
    cursor.frames = (*body, *rest)
    closer = cursor.text.rstrip(" \t")
    if closer in _FRONT_MATTER and not rest:
        cursor.frames = (*body, ("markdown", "front matter", closer), (_FRONT_MATTER[closer], "start", 0))
        cursor.emit(0, TEXT)
        return True
    return _line(cursor, index)


def _front_matter(cursor: Cursor, index: int) -> bool:
    closer = cursor.text.rstrip(" \t")
    if closer != cursor.frames[index][2] and closer != "...":
        return False
    return _leave(cursor, index)


def _line(cursor: Cursor, index: int) -> bool:
    """A line of prose: a fence opens on it, or none does."""
    if index + 1 < len(cursor.frames):
        return False
    text = cursor.text
    found = _FENCE.match(text) if "```" in text or "~~~" in text else None
    if found is None:
        return False
    named = _LANGUAGE.match(found["info"])
    language = (language_named(named[1]) if named else None) or PLAINTEXT
    name = "quoted fence" if ">" in found["before"] else "fence"
    cursor.emit(0, TEXT)
    cursor.push(
        ("markdown", name, (found["fence"][0], len(found["fence"]))),
        (language, LANGUAGES[language].fenced, 0),
    )
    return True


def _fence(cursor: Cursor, index: int) -> bool:
    """A line inside a fence: it may be the closer, and a quoted one ends with its quotation."""
    text, data = cursor.text, cursor.frames[index][2]
    assert isinstance(data, tuple)
    mark, length = data
    quoted = _QUOTE.match(text) if cursor.frames[index][1] == "quoted fence" else None
    if cursor.frames[index][1] == "quoted fence" and quoted is None:
        cursor.frames = cursor.frames[:index]
        cursor.parts.clear()
        cursor.speak(0)
        return _line(cursor, index - 1)
    if mark * 3 in text:
        found = _CLOSER.match(text)
        if found and found[1][0] == mark and len(found[1]) >= length:
            return _leave(cursor, index)
    if quoted is not None:
        cursor.parts = [(0, "markdown")]
        cursor.emit(0, TEXT)
        cursor.position = quoted.end()
        cursor.speak(quoted.end())
    return False


def _leave(cursor: Cursor, index: int) -> bool:
    cursor.frames = cursor.frames[:index]
    cursor.parts.clear()
    cursor.speak(0)
    cursor.emit(0, TEXT)
    return True
