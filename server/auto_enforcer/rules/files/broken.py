"""Rules about files of data that no program can read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from auto_enforcer.model import FileExcuse, FileRule, FileView, Finding, Options, Severity
from auto_enforcer.rules.files._places import place_of
from auto_enforcer.rules.files._yaml import first_fault

MOST_JSON = 512 * 1024
MOST_TOML = 128 * 1024
MOST_YAML = 128 * 1024
"""Characters of a file that is read: reading takes some thirty times as much memory, and TOML takes long."""

MOST_DOTS = 256
"""Dots on a line of TOML: a key of so many parts takes the parser the square of their number."""

_WITH_COMMENTS = (
    *("tsconfig", "jsconfig", "launch", "settings", "tasks", "extensions", "keybindings", "devcontainer"),
    *("argv", "eslintrc", "babelrc", "jshintrc", "jscsrc", "swcrc", "hintrc", "stylelintrc", "tslint"),
    *("typedoc", "turbo", "nx", "deno", "wrangler", "renovate", "api-extractor", "rush", "pyrightconfig"),
    *("biome", "angular", "language-configuration", "jsonc", "json5"),
)
"""What stands in the names of JSON files whose readers allow comments and commas at the end."""

_TEMPLATES = ("{{", "{%", "<%", "${{", "[[[", "@@", "<#", "#{", "{#")
"""What is filled in before the file is read: until then it is a template."""


def _broken_json(view: FileView, options: Options) -> Iterator[Finding]:
    from json import JSONDecodeError, loads

    text = view.text or ""
    if len(text) > MOST_JSON:
        return
    try:
        loads(text, parse_int=_kept, parse_float=_kept)
    except JSONDecodeError as error:
        yield _at(text, error.pos, error.msg)
    except RecursionError:
        return


def _kept(number: str) -> str:
    """A number as it is written: to make one of a million digits takes minutes."""
    return number


def _broken_toml(view: FileView, options: Options) -> Iterator[Finding]:
    import re
    from tomllib import TOMLDecodeError, loads

    text = view.text or ""
    if len(text) > MOST_TOML:
        return
    # Its lines end with `\n` or `\r\n`; the places that it names count characters of this text.
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if any(line.count(".") > MOST_DOTS for line in text.split("\n")):
        return
    try:
        loads(text, parse_float=_kept)
    except TOMLDecodeError as error:
        said = str(error)
        place = re.search(r" \(at line (\d+), column (\d+)\)\Z", said)
        if place is None:
            yield Finding(text.count("\n"), details={"why": _why(said.removesuffix(" (at end of document)"))})
        else:
            line, column = int(place[1]) - 1, int(place[2]) - 1
            yield Finding(line, column, column + 1, {"why": _why(said[: place.start()])})
    except RecursionError:
        return
    except ValueError:
        return  # a number or a date beyond what Python can hold


def _broken_yaml(view: FileView, options: Options) -> Iterator[Finding]:
    text = view.text or ""
    if len(text) > MOST_YAML:
        return
    fault = first_fault(text)
    if fault is not None:
        line, start, end, why = fault
        yield Finding(line, start, end, {"why": why})


def _at(text: str, offset: int, why: str) -> Finding:
    line, column = place_of(text, offset)
    return Finding(line, column, column + 1, {"why": _why(why)})


def _why(said: str) -> str:
    """A parser's word within a sentence."""
    return said[:1].lower() + said[1:].removesuffix(" at").rstrip(".:")


def _has_comments(view: FileView, finding: Finding | None, options: Options) -> bool:
    name = view.name.lower()
    stem = name.partition(".json")[0].lstrip(".")
    parts = stem.replace("_", ".").replace("-", ".").split(".")
    folders = view.path.lower().split("/")[:-1]
    return (
        any(word in parts or stem.startswith(word) for word in _WITH_COMMENTS)
        or name.startswith(".")
        or ".vscode" in folders
        or ".devcontainer" in folders
    )


def _is_template(view: FileView, finding: Finding | None, options: Options) -> bool:
    text = view.text or ""
    return any(mark in text for mark in _TEMPLATES)


def _is_sample(view: FileView, finding: Finding | None, options: Options) -> bool:
    """Whether a file is broken on purpose, or is the beginning of one."""
    words = view.path.lower().replace("_", "/").replace("-", "/").replace(".", "/").split("/")
    return any(word in _ON_PURPOSE for word in words)


_ON_PURPOSE = frozenset(
    (
        *("invalid", "malformed", "broken", "bad", "corrupt", "corrupted", "fail", "error", "errors"),
        *("wrong", "mock", "mocks", "stub", "stubs"),
        *("template", "templates", "tmpl", "tpl", "fixture", "fixtures", "testdata", "test", "tests", "spec"),
        *("snapshots", "snapshot", "samples", "partial", "partials"),
    )
)


def _is_blank(view: FileView, finding: Finding | None, options: Options) -> bool:
    return not (view.text or "").strip()


def _is_of_several(view: FileView, finding: Finding | None, options: Options) -> bool:
    """Whether each line, or each paragraph, is a JSON text of its own."""
    from json import JSONDecodeError, JSONDecoder

    text, at, count = view.text or "", 0, 0
    decoder = JSONDecoder(parse_int=_kept, parse_float=_kept)
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        try:
            _, at = decoder.raw_decode(text, at)
        except (JSONDecodeError, RecursionError):
            return False
        count += 1
    return count > 1


def _has_remarks(view: FileView, finding: Finding | None, options: Options) -> bool:
    """Whether the file is of a dialect that allows comments: a line begins with one."""
    lines = (line.lstrip() for line in (view.text or "").splitlines())
    return any(line.startswith(("//", "/*", "#")) for line in lines)


def _rule(
    name: str,
    language: str,
    check: Callable[[FileView, Options], Iterator[Finding]],
    *further: FileExcuse,
    **fields: Any,
) -> FileRule:
    return FileRule(
        id=f"files/broken-{name}",
        severity=Severity.WARNING,
        message=f"no program can read this {name.upper()} file: {{why}}; mend it here",
        check=check,
        languages=(language,),
        reads=True,
        excuses=(
            FileExcuse("on-purpose", _is_sample, beforehand=True),
            *further,
            FileExcuse("template", _is_template),
        ),
        **fields,
    )


FILE_RULES = (
    _rule(
        "json",
        "json",
        _broken_json,
        FileExcuse("comments-by-name", _has_comments, beforehand=True),
        FileExcuse("blank", _is_blank),
        FileExcuse("several-texts", _is_of_several),
        FileExcuse("comments", _has_remarks),
    ),
    _rule("toml", "toml", _broken_toml),
    _rule("yaml", "yaml", _broken_yaml),
)
