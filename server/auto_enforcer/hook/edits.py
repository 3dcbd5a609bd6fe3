"""Reads what a tool is about to write, and applies it to a file's text in memory."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from auto_enforcer.hook import events
from auto_enforcer.hook.events import Call, Cell, Edit, Event, Hunk, Payload, Write

MOST_WRITES = 200
"""Files and edits of one call that are read; a call with more cannot be judged."""

LARGEST_TEXT = 16 << 20
"""Characters that a file may have after an edit; with more it cannot be judged."""

MOST_COMPARED = 20_000_000
"""Lines that are compared while the places of a patch's hunks are sought."""

_PATH = ("file_path", "path", "filePath", "target_file", "notebook_path")
_CONTENT = ("content", "contents", "file_text", "fileText")
_OLD = ("old_string", "old_str", "oldString")
_NEW = ("new_string", "new_str", "newString")
_EVERY = ("replace_all", "allow_multiple", "replaceAll")
_PATCH = ("command", "patch", "input", "patch_text")
_BEGIN = "*** Begin Patch"


class UnclearError(Exception):
    """It cannot be told what a tool writes; the message says why."""


def called(payload: Payload, known: Mapping[str, Event], writing: Collection[str]) -> Call:
    """What an agent asks that names event, tool and arguments as most of them do."""
    name = events.said(payload, "hook_event_name")
    event = known.get(name, Event.OTHER)
    roots = events.listed(payload, "workspace_roots")
    folder = events.said(payload, "cwd") or (roots[0] if roots else "")
    call = Call(event, name, folder, roots, again=payload.get("stop_hook_active") is True)
    if not name:
        return call._replace(problem="the payload names no event")
    if event not in (Event.BEFORE, Event.AFTER):
        return call
    tool = events.said(payload, "tool_name")
    arguments = payload.get("tool_input")
    if tool and tool not in writing:
        return call
    try:
        writes = tuple(_first(writes_of(tool, arguments), MOST_WRITES))
    except UnclearError as error:
        return call._replace(problem=str(error)) if tool else call
    return call._replace(writes=writes)


def _first(writes: Iterator[Write], most: int) -> Iterator[Write]:
    for count, write in enumerate(writes):
        if count == most:
            raise UnclearError(f"it writes more than {most} files at once")
        yield write


def writes_of(tool: str, arguments: Any) -> Iterator[Write]:
    """What a tool writes that is given these arguments. Raises UnclearError."""
    if isinstance(arguments, str):
        if arguments.lstrip().startswith(_BEGIN):
            yield from patched(arguments)
            return
        arguments = _parsed(arguments)
    if not isinstance(arguments, dict):
        raise UnclearError("the tool's arguments are no object")
    patch = events.said(arguments, *_PATCH)
    path = events.said(arguments, *_PATH)
    if _BEGIN in patch and not path:
        yield from patched(patch)
        return
    if not path:
        raise UnclearError("the tool's arguments name no file")
    yield _one(tool, path, arguments)


def _parsed(text: str) -> Any:
    import json

    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _one(tool: str, path: str, arguments: Mapping[str, Any]) -> Write:
    """What one file becomes."""
    if tool == "Delete":
        return Write(path, removed=True)
    if arguments.get("command") == "view":
        return Write(path)
    if arguments.get("command") == "insert" or "insert_line" in arguments:
        line, content = arguments.get("insert_line"), _text(arguments, ("insert_text", *_NEW))
        if not isinstance(line, int) or content is None:
            raise UnclearError("it does not say what is inserted, or where")
        return Write(path, content, line=max(0, line))
    if "notebook_path" in arguments or "new_source" in arguments:
        mode = events.said(arguments, "edit_mode") or "replace"
        source = _text(arguments, ("new_source",)) or ""
        return Write(
            path,
            cell=Cell(events.said(arguments, "cell_id"), source, mode, events.said(arguments, "cell_type")),
        )
    several = arguments.get("edits")
    if isinstance(several, list):
        if len(several) > MOST_WRITES:
            raise UnclearError(f"it makes more than {MOST_WRITES} edits at once")
        return Write(path, edits=tuple([_edit(one) for one in several]))
    content = _text(arguments, _CONTENT)
    if content is not None:
        return Write(path, content)
    return Write(path, edits=(_edit(arguments),))


def _edit(arguments: Any) -> Edit:
    if not isinstance(arguments, dict):
        raise UnclearError("an edit is no object")
    old, new = _text(arguments, _OLD), _text(arguments, _NEW)
    if old is None or new is None:
        raise UnclearError("it does not say what is replaced by what")
    every = any(arguments.get(name) is True for name in _EVERY)
    expected = arguments.get("expected_replacements")
    return Edit(old, new, every or (isinstance(expected, int) and expected > 1))


def _text(arguments: Mapping[str, Any], names: Sequence[str]) -> str | None:
    return next((value for name in names if isinstance(value := arguments.get(name), str)), None)


def patched(patch: str) -> Iterator[Write]:
    """What a patch of `apply_patch` makes of which files. Raises UnclearError."""
    lines = patch.replace("\r\n", "\n").split("\n")
    begin = next((index for index, line in enumerate(lines) if line.strip() == _BEGIN), -1)
    if begin < 0:
        raise UnclearError("the patch does not begin as one")
    index = begin + 1
    while index < len(lines) and lines[index].strip() != "*** End Patch":
        header = lines[index].strip()
        index += 1
        if header.startswith("*** Add File: "):
            end = _end(lines, index)
            body = [line.removeprefix("+") for line in lines[index:end]]
            yield Write(header.removeprefix("*** Add File: "), "".join([f"{line}\n" for line in body]))
        elif header.startswith("*** Delete File: "):
            end = index
            yield Write(header.removeprefix("*** Delete File: "), removed=True)
        elif header.startswith("*** Update File: "):
            path = header.removeprefix("*** Update File: ")
            moved = ""
            if index < len(lines) and lines[index].strip().startswith("*** Move to: "):
                moved = lines[index].strip().removeprefix("*** Move to: ")
                index += 1
            end = _end(lines, index)
            hunks = tuple(_hunks(lines[index:end]))
            if moved:
                yield Write(moved, hunks=hunks, from_path=path)
                yield Write(path, removed=True)
            else:
                yield Write(path, hunks=hunks)
        else:
            end = index
        index = end


def _end(lines: Sequence[str], index: int) -> int:
    """Where the next file's part begins."""
    while index < len(lines):
        line = lines[index].strip()
        if line.startswith(("*** Add ", "*** Delete ", "*** Update ", "*** End Patch")):
            break
        index += 1
    return index


def _hunks(lines: Sequence[str]) -> Iterator[Hunk]:
    """The hunks of a file's part of a patch."""
    headings: list[str] = []
    old: list[str] = []
    new: list[str] = []
    at_end = False
    for line in lines:
        if line.startswith("@@"):
            if old or new:
                yield Hunk(tuple(headings), tuple(old), tuple(new), at_end)
                headings, old, new, at_end = [], [], [], False
            heading = line[2:].strip()
            if heading:
                headings.append(heading)
        elif line.strip() == "*** End of File":
            at_end = True
        elif line.startswith("+"):
            new.append(line[1:])
        elif line.startswith("-"):
            old.append(line[1:])
        else:
            kept = line.removeprefix(" ")
            old.append(kept)
            new.append(kept)
    if old or new:
        yield Hunk(tuple(headings), tuple(old), tuple(new), at_end)


def applied(old: str | None, write: Write) -> str | None:
    """The text that a file will have, from the one it has (None: there is no file); line ends are `\\n` in
    both. None where nothing is written: the file goes, or the agent's own tool will refuse the edit. Raises
    UnclearError."""
    if write.removed:
        return None
    if write.line is not None:
        lines = (old or "").split("\n")
        if old is None or write.line > len(lines):
            return None
        content = (write.content or "").removesuffix("\n")
        return "\n".join([*lines[: write.line], content, *lines[write.line :]])
    if write.content is not None:
        return write.content
    if write.cell is not None:
        return None if old is None else _with_cell(old, write.cell)
    if write.hunks:
        return None if old is None else _with_hunks(old, write.hunks)
    if write.from_path:
        return old
    if not write.edits:
        return None
    text = old
    for edit in write.edits:
        text = _replaced(text, edit)
        if text is None:
            return None
    return text


def _replaced(text: str | None, edit: Edit) -> str | None:
    old, new = edit.old.replace("\r\n", "\n"), edit.new.replace("\r\n", "\n")
    if not old:
        # So agents make a file, or fill one that is empty.
        return None if text else new
    count = text.count(old) if text is not None else 0
    if text is None or count == 0 or (count > 1 and not edit.every):
        return None
    if len(text) + count * (len(new) - len(old)) > LARGEST_TEXT:
        raise UnclearError("the file would be too large to be judged")
    return text.replace(old, new)


def _with_hunks(text: str, hunks: Sequence[Hunk]) -> str | None:
    """The text with each hunk below the one before it."""
    lines = text.split("\n")
    has_end = lines[-1] == ""
    if has_end:
        lines.pop()
    at = 0
    for hunk in hunks:
        for heading in hunk.headings:
            found = _sought((heading,), lines, at, at_end=False)
            if found < 0:
                return None
            at = found + 1
        old, new = hunk.old, hunk.new
        found = _sought(old, lines, at, at_end=hunk.at_end) if old else len(lines)
        if found < 0 and old and not old[-1]:
            # What is meant for the end of a file may name the line that is not there.
            old, new = old[:-1], new[:-1] if new and not new[-1] else new
            found = _sought(old, lines, at, at_end=hunk.at_end)
        if found < 0:
            return None
        lines[found : found + len(old)] = new
        at = found + len(new)
    return "\n".join(lines) + "\n"


def _sought(wanted: Sequence[str], lines: Sequence[str], start: int, *, at_end: bool) -> int:
    """Where lines stand from `start` on: as they are, else but for white space at their ends, else around
    them; -1 where they do not."""
    readings = (str, str.rstrip, str.strip)
    if len(wanted) * (len(lines) - start) > MOST_COMPARED:
        raise UnclearError("the patch is too long to be judged")
    first = max(start, len(lines) - len(wanted)) if at_end else start
    for reading in readings:
        sought = [reading(line) for line in wanted]
        for index in range(first, len(lines) - len(wanted) + 1):
            if (
                reading(lines[index]) == sought[0]
                and [reading(line) for line in lines[index : index + len(wanted)]] == sought
            ):
                return index
    return -1


def _with_cell(text: str, cell: Cell) -> str | None:
    """A notebook's text with a cell changed; None where it is none, or has no such cell."""
    import json

    notebook = _parsed(text)
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(cells, list):
        return None
    at = next(
        (
            index
            for index, one in enumerate(cells)
            if isinstance(one, dict) and cell.id in (one.get("id"), f"cell-{index}")
        ),
        -1,
    )
    source = cell.source.splitlines(keepends=True)
    if cell.mode == "insert":
        kind = cell.kind or "code"
        cells.insert(at + 1, {"cell_type": kind, "metadata": {}, "source": source, "outputs": []})
    elif at < 0:
        return None
    elif cell.mode == "delete":
        del cells[at]
    else:
        cells[at] = {**cells[at], "source": source, **({"cell_type": cell.kind} if cell.kind else {})}
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"


def rewritten(text: str) -> str:
    """A notebook's text as `applied` writes it, to be compared with; the text itself where it is none."""
    import json

    notebook = _parsed(text)
    return text if notebook is None else json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"
