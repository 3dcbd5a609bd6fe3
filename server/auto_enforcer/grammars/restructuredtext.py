"""The grammar of reStructuredText: prose, comments, and code blocks in their own language."""

from __future__ import annotations

from auto_enforcer.expressions import compiled
from auto_enforcer.grammars.modes import CODE, COMMENT, TEXT, TOKEN, Cursor, Mode, Rule
from auto_enforcer.grammars.row import Language
from auto_enforcer.languages import LANGUAGES, PLAINTEXT, language_named

_DIRECTIVE = compiled(
    r"((?:[ \t]*+(?:[-*+]|\d{1,3}\.|#\.)[ \t]++)*+[ \t]*+)"
    r"\.\.[ \t]+(?:code-block|sourcecode|code)::[ \t]*([\w+#.-]*)"
)
_COMMENT = compiled(r"([ \t]*)\.\.(?:[ \t]+(?!\[|_|\||(?:[\w.+-]+(?::[\w.+-]+)?)::)(?=\S)|[ \t]*$)")


def modes(row: Language) -> dict[str, Mode]:
    """The modes of reStructuredText. What is indented under a directive or a comment belongs to it."""
    prose = (Rule("`", "``(?:[^`]++|`(?!`))++``", TOKEN, CODE),)
    return {
        "start": Mode(TEXT, prose, settled=True, depth=0, line=_line),
        "comment": Mode(COMMENT, line=_comment),
        "options": Mode(TEXT, line=_options),
        "block": Mode(TEXT, line=_block),
    }


def _line(cursor: Cursor, index: int) -> bool:
    text = cursor.text
    if index + 1 < len(cursor.frames) or ".." not in text:
        return False
    found = _DIRECTIVE.match(text)
    if found:
        language = language_named(found[2]) or PLAINTEXT
        cursor.push(("restructuredtext", "options", (len(found[1]), language)))
        cursor.emit(0, TEXT)
        return True
    found = _COMMENT.match(text)
    if found:
        cursor.emit(0, TEXT)
        cursor.emit(len(found[1]), COMMENT)
        cursor.push(("restructuredtext", "comment", len(found[1])))
        return True
    return False


def _indent(text: str) -> int:
    """The line's indentation; -1 for a blank line."""
    stripped = text.lstrip(" \t")
    return len(text) - len(stripped) if stripped else -1


def _outside(cursor: Cursor, index: int, parent: int) -> bool:
    """Whether the line stands left of what belongs to the block, which then ends before it."""
    indent = _indent(cursor.text)
    if indent < 0 or indent > parent:
        return False
    cursor.frames = cursor.frames[:index]
    cursor.parts.clear()
    cursor.speak(0)
    return True


def _comment(cursor: Cursor, index: int) -> bool:
    parent = cursor.frames[index][2]
    assert isinstance(parent, int)
    if _outside(cursor, index, parent):
        return _line(cursor, index - 1)
    cursor.emit(0, COMMENT)
    return True


def _options(cursor: Cursor, index: int) -> bool:
    data = cursor.frames[index][2]
    assert isinstance(data, tuple)
    parent, language = data
    if _outside(cursor, index, parent):
        return _line(cursor, index - 1)
    cursor.emit(0, TEXT)
    if cursor.text.strip():
        return True
    inner = (language, LANGUAGES[language].fenced, 0)
    cursor.frames = (*cursor.frames[:index], ("restructuredtext", "block", parent), inner)
    return True


def _block(cursor: Cursor, index: int) -> bool:
    parent = cursor.frames[index][2]
    assert isinstance(parent, int)
    return _outside(cursor, index, parent) and _line(cursor, index - 1)
