"""The place of every key is the place of its text."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from auto_enforcer.toml_places import KeyPath, places

_KEYS = st.one_of(
    st.text("abc-_1", min_size=1, max_size=4),
    st.text("ab.=\"'[]{}#\\ \té日", max_size=5),
)
_SCALARS = st.sampled_from(
    [
        "1",
        "true",
        "-2.5e3",
        "inf",
        "0xff",
        "1979-05-27T07:32:00Z",
        "1979-05-27 07:32:00",
        "07:32:00",
        '""',
        "''",
        '"a = 1 # \\" ] }"',
        "'[x] = \\'",
        '"""\nkey = 1\n[table]\n"""',
        '"""""two quotes"""""',
        '"""a \\\n  b \\""" """',
        "'''\n[[x]]\n'''''",
        "'''a'''",
    ]
)
_FILLING = st.sampled_from(["", " ", "\n", " # x = ] }\n", "\r\n\t"])
_SPACE = st.sampled_from(["", " ", "\t "])


@st.composite
def _key_text(draw: st.DrawFn, key: str) -> str:
    if key and all(character.isascii() and (character.isalnum() or character in "-_") for character in key):
        forms = [key, f'"{key}"', f"'{key}'"]
    else:
        forms = [json.dumps(key), json.dumps(key, ensure_ascii=False)]
        if "'" not in key and "\t" not in key:
            forms.append(f"'{key}'")
    return draw(st.sampled_from(forms))


@st.composite
def _dotted(draw: st.DrawFn, keys: list[str]) -> str:
    return f"{draw(_SPACE)}.{draw(_SPACE)}".join(draw(_key_text(key)) for key in keys)


@st.composite
def _value(draw: st.DrawFn, depth: int = 0) -> str:
    form = draw(st.integers(0, 5 if depth < 3 else 2))
    if form <= 2:
        return draw(_SCALARS)
    if form <= 4:
        elements = draw(st.lists(_value(depth + 1), max_size=3))
        filled = [f"{draw(_FILLING)}{element}{draw(_FILLING)}" for element in elements]
        comma = "," if filled and draw(st.booleans()) else ""
        return f"[{','.join(filled)}{comma}{draw(_FILLING)}]"
    keys = draw(st.lists(_KEYS, max_size=3, unique=True))
    pairs = []
    for key in keys:
        tail = draw(st.lists(_KEYS, max_size=1))
        pairs.append(
            f"{draw(_SPACE)}{draw(_dotted([key, *tail]))}{draw(_SPACE)}={draw(_SPACE)}{draw(_value(3))}"
        )
    return "{" + ",".join(pairs) + draw(_SPACE) + "}"


@st.composite
def _document(draw: st.DrawFn) -> str:
    lines = []
    tables = [(), *draw(st.lists(st.lists(_KEYS, min_size=1, max_size=3).map(tuple), max_size=4))]
    for table in tables:
        if table:
            header = draw(_dotted(list(table)))
            double = draw(st.booleans())
            header = f"{draw(_SPACE)}[[{header}]]" if double else f"[{draw(_SPACE)}{header}{draw(_SPACE)}]"
            lines += [header] * draw(st.integers(1, 2 if double else 1))
        for keys in draw(st.lists(st.lists(_KEYS, min_size=1, max_size=3), max_size=3)):
            lines.append(f"{draw(_SPACE)}{draw(_dotted(keys))}{draw(_SPACE)}={draw(_SPACE)}{draw(_value())}")
        lines.append(draw(st.sampled_from(["", "# [x]", "  # '''"])))
    return draw(st.sampled_from(["\n", "\r\n"])).join(lines)


@given(_document())
def test_the_text_at_the_place_of_a_key_is_the_key(text: str) -> None:
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return  # a key that the generator said twice
    spans = places(text)
    lines = text.split("\n")
    paths = list(_paths(table))
    assert set(spans) == set(paths)
    for path in paths:
        span = spans[path]
        written = lines[span.line][span.column : span.end]
        key = path[-1] if isinstance(path[-1], str) else None
        if key is not None:
            assert tomllib.loads(f"{written} = 0") == {key: 0}


def test_an_element_of_a_list_has_the_place_of_its_value() -> None:
    text = "a = [\n  'x', # y\n  ['z'],\n]\n"
    assert places(text)["a", 0] == (1, 2, 5)
    assert places(text)["a", 1] == (2, 2, 7)
    assert places(text)["a", 1, 0] == (2, 3, 6)


def test_a_table_has_the_place_of_its_own_header_even_when_a_deeper_one_came_first() -> None:
    assert places("[a.b]\n[a]\nc = 1\n") == {
        ("a",): (1, 1, 2),
        ("a", "b"): (0, 3, 4),
        ("a", "c"): (2, 0, 1),
    }


def test_each_table_of_an_array_has_its_own_header() -> None:
    spans = places("[[a]]\nx = 1\n[[a]]\n[a.b]\ny = 2\n")
    assert spans["a",] == (0, 2, 3)
    assert spans["a", 0] == (0, 2, 3)
    assert spans["a", 1] == (2, 2, 3)
    assert spans["a", 1, "b", "y"] == (4, 0, 1)


def _paths(value: Any, above: KeyPath = ()) -> Iterator[KeyPath]:
    if above:
        yield above
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _paths(inner, (*above, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _paths(inner, (*above, index))
