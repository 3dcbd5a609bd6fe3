"""The texts that every front end is given: all blocks of the rule pages, real files, texts with planted
violations, and each of the forms that a text takes on a disk.

Every sample has a text that editors show for what the file holds, and a path that says its language. With
AUTO_ENFORCER_TEST_PROFILE=thorough all blocks come in each of their languages, else some of them in one.
"""

from __future__ import annotations

import codecs
import json
import os
import random
import sysconfig
import zlib
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import found
import pages
from auto_enforcer.languages import LANGUAGES, language_of
from bench.texts import planted

THOROUGH = os.environ.get("AUTO_ENFORCER_TEST_PROFILE") == "thorough"

REAL_FILES = 300 if THOROUGH else 150

LARGEST = 80_000
"""Bytes of a real file, at most: more than a block."""

SHARES: Mapping[str, int] = MappingProxyType(
    {
        ".py": 110,
        ".pyi": 20,
        ".c": 20,
        ".h": 25,
        ".cpp": 5,
        ".js": 15,
        ".css": 5,
        ".html": 5,
        ".json": 20,
        ".toml": 15,
        ".xml": 15,
        ".yaml": 5,
        ".ini": 5,
        ".md": 20,
        ".rst": 10,
        ".txt": 22,
        ".sh": 5,
        ".bat": 3,
        ".ps1": 2,
        "": 30,
    }
)
"""Real files of each suffix, at most, "" for files without one. The Python files make up for what the machine
has less of."""


class Sample(NamedTuple):
    """What a file of the workspace holds, and what an editor shows of it."""

    path: str
    """Relative to the workspace, with forward slashes."""
    data: bytes
    text: str

    @property
    def language(self) -> str:
        """What an editor calls its language."""
        return language_of(self.path, self.text.partition("\n")[0])


class Form(NamedTuple):
    """How a text may stand in a file."""

    name: str
    data_of: Callable[[str], bytes]


TEAM = r"""
[[rule]]
id = "team/caught"
languages = ["python", "javascript", "typescript"]
zones = ["code"]
pattern = '(?:except|catch) ?\(?(?P<name>\w+)'
message = "`{name}` is caught"
before = { lines = 3, literal = "try" }
file_seen = { pattern = 'import |require' }
fix = { replace = "handle {name}" }
[[rule]]
id = "team/capitals"
pattern = '[A-Z]{12}'
message = "`{match}` is loud"
[[rule]]
id = "team/word"
swap = { master = "main", dummy = "stand-in" }
"""
"""Rules that a team wrote: one that asks for what is around, one that looks at every line, one of words."""


def policy_files() -> Iterator[tuple[str, str]]:
    """The configuration files, by path: every rule is on, with the options of the block that needs them."""
    yield "enforcer.toml", f'extends = ["all"]\n{TEAM}'
    for folder, rule, block in _blocks():
        if "options" in block.keys:
            rules = f'[rules]\n"{rule}" = {block.keys["options"]}\n'
            yield f"{folder}/enforcer.toml", f'extends = ["all"]\n{rules}'


@cache
def samples() -> tuple[Sample, ...]:
    """All of them, in an order that is the same on every machine, as far as its files are."""
    return (*page_blocks(), *real_files(), *planted_texts(), *forms(), *notebooks())


def page_blocks() -> Iterator[Sample]:
    """Each fenced block of the rule pages, in each of its languages."""
    for folder, _, block in _blocks():
        for language in _languages(folder, block):
            text = pages.prepare(block, language).text
            name = block.keys.get("path") or _name(language)
            data = text.encode()
            yield Sample(f"{folder}/{language}/{name}", data, shown(data))


def real_files() -> Iterator[Sample]:
    """Files of the standard library, of the installed packages and of the project, chosen by their names."""
    chosen: dict[str, list[tuple[int, str, Path]]] = {suffix: [] for suffix in SHARES}
    for name, path in _files():
        suffix = os.path.splitext(name)[1]
        if suffix in chosen:
            chosen[suffix].append((zlib.crc32(name.encode()), name, path))
    spare: list[tuple[int, str, Path]] = []
    real: list[tuple[int, str, Path]] = []
    for suffix, share in SHARES.items():
        ordered = sorted(chosen[suffix])
        real += ordered[:share]
        spare += ordered[share:] if suffix == ".py" else ()
    for _, name, path in [*real, *spare][:REAL_FILES]:
        data = path.read_bytes()
        yield Sample(f"real/{name}", data, shown(data))


def planted_texts() -> Iterator[Sample]:
    """Texts with violations in their first, middle and last lines; the last ones longer than a block."""
    for language in ("python", "typescript"):
        for count in (60, 400, 3_000):
            made = planted(language, count)
            yield Sample(f"planted/{count}{made.suffix}", made.whole.encode(), made.whole)


def forms() -> Iterator[Sample]:
    """Some texts in every form."""
    bases = [sample for sample in planted_texts() if len(sample.data) < 30_000]
    bases += [sample for sample in page_blocks() if zlib.crc32(sample.path.encode()) % 20 == 0]
    for sample in bases:
        for form in FORMS:
            data = form.data_of(sample.text)
            yield Sample(f"forms/{form.name}/{sample.path}", data, shown(data))
    for name, text in _ODD.items():
        data = text.encode()
        yield Sample(f"odd/{name}.py", data, shown(data))


def shown(data: bytes) -> str:
    """What an editor shows of a file: without its byte order mark, U+FFFD for what cannot be read."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    return data.decode("utf-8", "replace")


def notebooks() -> Iterator[Sample]:
    """Notebooks as their files hold them, whose cells are blocks of the pages, and what is nearly one; each
    in one of the forms, and some in all."""
    cells = [sample.text for sample in page_blocks() if sample.language in ("python", "shellscript")]
    for number, at in enumerate(range(0, len(cells), 5)):
        book = {"cells": [_cell(text) for text in cells[at : at + 5]], "metadata": {}, "nbformat": 4}
        text = json.dumps(book, indent=None if number % 5 == 4 else 1, ensure_ascii=number % 3 == 2) + "\n"
        if number % 7 == 6:
            text = text.replace('"nbformat"', '"nbformat', 1)
        for form in FORMS if number < 3 else FORMS[number % len(FORMS) :][:1]:
            data = form.data_of(text)
            yield Sample(f"books/{form.name}/{number}.ipynb", data, shown(data))
        yield Sample(f"books/{number}.ipynb", text.encode(), text)


def _cell(text: str) -> Mapping[str, object]:
    """A cell of code that prints what it says."""
    source = text.splitlines(keepends=True)
    output = {"name": "stdout", "output_type": "stream", "text": source[:3]}
    return {"cell_type": "code", "metadata": {}, "outputs": [output], "source": source}


def _blocks() -> Iterator[tuple[str, str, pages.Block]]:
    """The blocks, each with a folder of its own and the rule that its section is about: of each section the
    first, and of the others those that their folders' names choose."""
    for family in pages.families():
        for section in pages.read(family).sections:
            for number, block in enumerate(section.blocks):
                folder = f"blocks/{section.rule}/{number}"
                if THOROUGH or not number or zlib.crc32(folder.encode()) % 6 == 0:
                    yield folder, section.rule, block


def _languages(folder: str, block: pages.Block) -> tuple[str, ...]:
    languages = block.languages
    if THOROUGH:
        return languages
    return (languages[zlib.crc32(folder.encode()) % len(languages)],)


def _name(language: str) -> str:
    row = LANGUAGES[language]
    for suffix in row.suffixes:
        if language_of(f"service{suffix}") == language:
            return f"service{suffix}"
    return row.filenames[0] if row.filenames else f".{language.removeprefix('dot')}"


def _files() -> Iterator[tuple[str, Path]]:
    """Names that do not depend on where things are installed, and the files."""
    tops = {"packages": sysconfig.get_path("purelib"), "standard": sysconfig.get_path("stdlib")}
    tops["headers"] = sysconfig.get_path("include")
    tops["project"] = str(Path(__file__).parents[2] / "server")
    for top, folder in tops.items():
        for inside, folders, names in os.walk(folder):
            folders[:] = sorted(name for name in folders if name not in ("__pycache__", "site-packages"))
            relative = os.path.relpath(inside, folder).replace(os.sep, "/")
            for name in sorted(names):
                path = Path(inside, name)
                if os.path.splitext(name)[1] not in SHARES or not path.is_file():
                    continue
                if path.stat().st_size <= LARGEST and b"\0" not in path.read_bytes()[:8192]:
                    yield f"{top}/{relative}/{name}".replace("/./", "/"), path


def _with_marks(text: str, marks: str) -> bytes:
    """The text with some of these characters put into its lines, the same ones each time."""
    chance = random.Random(text)
    lines = text.split("\n")
    for number, line in enumerate(lines):
        at = chance.choice((0, len(line) - len(line.lstrip()), len(line), chance.randint(0, len(line))))
        if line and chance.random() < 0.7:
            lines[number] = f"{line[:at]}{chance.choice(marks)}{line[at:]}"
    return "\n".join(lines).encode()


def _before_violations(text: str) -> bytes:
    """The text with characters of one, two, three and four bytes before each violation of a line."""
    lines = text.split("\n")
    for row in reversed(found.rows(text)):
        line, at = lines[row.number], row.violation.start
        if line[:at].isascii():
            indent = len(line) - len(line.lstrip())
            lines[row.number] = f"{line[:indent]}\U0001f600é‱ {line[indent:]}" if at else f"\U0001f600 {line}"
    return "\n".join(lines).encode()


def _spoiled(text: str) -> bytes:
    """The text with bytes that are no UTF-8 in some of its lines."""
    chance = random.Random(text)
    lines = text.encode().split(b"\n")
    for number, line in enumerate(lines):
        if chance.random() < 0.5:
            at = chance.randint(0, len(line))
            wrong = chance.choice((b"\xff", b"\xe9", b"\xc3", b"\xf0\x9f\x98", b"\xed\xa0\x80", b"\x93x\x94"))
            lines[number] = line[:at] + wrong + line[at:]
    return b"\n".join(lines)


def _mixed_ends(text: str) -> bytes:
    chance = random.Random(text)
    ends = (b"\n", b"\r\n", b"\r", b"\n\r", b"\r\r\n")
    return b"".join(line + chance.choice(ends) for line in text.encode().split(b"\n"))


FORMS = (
    Form("crlf", lambda text: text.replace("\n", "\r\n").encode()),
    Form("cr", lambda text: text.replace("\n", "\r").encode()),
    Form("mixed-ends", _mixed_ends),
    Form("no-final-end", lambda text: text.rstrip("\n").encode()),
    Form("bom", lambda text: codecs.BOM_UTF8 + text.encode()),
    Form("bom-crlf", lambda text: codecs.BOM_UTF8 + text.replace("\n", "\r\n").encode()),
    Form("utf-16-le", lambda text: codecs.BOM_UTF16_LE + text.encode("utf-16-le")),
    Form("utf-16-be", lambda text: codecs.BOM_UTF16_BE + text.replace("\n", "\r\n").encode("utf-16-be")),
    Form("utf-16-cut", lambda text: codecs.BOM_UTF16_LE + text.encode("utf-16-le")[:-1]),
    Form("utf-32-le", lambda text: codecs.BOM_UTF32_LE + text.encode("utf-32-le")),
    Form("no-utf-8", _spoiled),
    Form("late-nul", lambda text: (text + "\n" * 8_192 + text.replace(" ", " \0", 3)).encode()),
    Form("early-nul", lambda text: text.replace(" ", " \0", 3).encode()),
    Form("nul-in-utf-16", lambda text: codecs.BOM_UTF16_LE + text.replace(" ", "\0", 1).encode("utf-16-le")),
    Form("controls", lambda text: _with_marks(text, "\f\v\x1c\x85\u2028\u2029")),
    Form("blanks", lambda text: _with_marks(text, "\u00a0\ufeff\u200b\u3000\u0301")),
    Form("astral", lambda text: _with_marks(text, "\U0001f600\U000e0041\U00020bb7é")),
    Form("astral-before", _before_violations),
)

_LONG = "\U0001f600é = 'settle', "

_ODD: Mapping[str, str] = MappingProxyType(
    {
        "empty": "",
        "one-end": "\n",
        "one-cr": "\r",
        "ends": "\r\n\r\r\n\n",
        "one-letter": "x",
        "no-line": "print(1)",
        "mark-alone": "\ufeff",
        "two-marks": "\ufeff\ufeffprint(1)\n",
        "long": f"x = {_LONG * 400}; print(x)\n# TODO: settle\n",
        "longer": f"x = {_LONG * 6_000}; print(x)  # TODO: settle\r\nprint(x)\r\n",
        "long-ascii": f"x = {'settle, ' * 12_000}; print(x)  # TODO: settle\rprint(x)\r",
        "split-end": f"#{'a' * 61}\r\n" * 1_023 + f"#{'a' * 62}\r\nprint(x)\r\n",
        "open": f'x = """\n{"print(x)" + chr(10)}' * 3,
    }
)

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
