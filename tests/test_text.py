"""Text: decoding, blocks, pieces of long lines, columns."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from auto_enforcer import text

ODD = "\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
"""Characters at which `str.splitlines` cuts and editors do not."""

LINES = st.text(alphabet=st.sampled_from("ab é😀\u0301\t'\"" + ODD), max_size=30)
ENDS = st.sampled_from(["\n", "\r\n", "\r"])
TEXTS = st.lists(st.tuples(LINES, ENDS), max_size=12).map(
    lambda rows: "".join(line + end for line, end in rows)
)


def chunked(data: bytes, size: int) -> list[bytes]:
    """The data in chunks of `size` bytes."""
    return [data[i : i + size] for i in range(0, len(data), size)]


def joined(blocks: list[text.Block]) -> bytes:
    """The data that blocks and segments were cut from."""
    whole = b""
    for block in blocks:
        whole += block.data if block.last else block.data[: text.SEGMENT]
        if block.offset >= 0 and block.last:
            whole += b"\n"
    return whole


@given(TEXTS, st.integers(1, 40))
def test_blocks_hold_the_text_with_newline_ends_however_it_was_chunked(content: str, size: int) -> None:
    """Only `\\r\\n`, `\\n` and `\\r` become `\\n`; nothing else changes."""
    data = content.encode()
    blocks = list(text.blocks(chunked(data, size)))
    assert b"".join(b.data for b in blocks) == data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    assert all(b.data.endswith(b"\n") for b in blocks[:-1])


@given(
    TEXTS,
    st.sampled_from(["utf-8-sig", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"]),
    st.integers(1, 9),
)
def test_a_byte_order_mark_declares_the_encoding(content: str, encoding: str, size: int) -> None:
    """Text in any of them comes out as UTF-8 without the mark."""
    marks = {
        "utf-16-le": codecs.BOM_UTF16_LE,
        "utf-16-be": codecs.BOM_UTF16_BE,
        "utf-32-le": codecs.BOM_UTF32_LE,
        "utf-32-be": codecs.BOM_UTF32_BE,
    }
    # A text that begins with U+0000 would make the mark of UTF-16 that of UTF-32.
    data = marks.get(encoding, b"") + content.encode(encoding)
    blocks = list(text.blocks(chunked(data, size)))
    assert b"".join(b.data for b in blocks) == text.encode(content)


@pytest.mark.parametrize("tail", [b"", b"\n", b"\nnext line\n", b"\r\nnext"])
@pytest.mark.parametrize("extra", [-1, 0, 1, 511, 512, 515, 516, text.SEGMENT, text.SEGMENT + 700])
@pytest.mark.parametrize("unit", ["a", "é", "😀"])
def test_a_line_longer_than_a_block_comes_in_segments_that_do_not_depend_on_the_chunks(
    unit: str, extra: int, tail: bytes
) -> None:
    """The segments of one reading equal those of another, and `segments` of the line itself."""
    line = (unit * ((text.BLOCK + max(0, extra)) // len(unit.encode()) + 1)).encode()[: text.BLOCK + extra]
    data = b"first\n" + line + tail
    readings = [list(text.blocks(chunked(data, size))) for size in (1_000, text.BLOCK, 1 << 20)]
    for blocks in readings:
        assert joined(blocks).rstrip(b"\n") == data.replace(b"\r\n", b"\n").rstrip(b"\n")
        cut = [b for b in blocks if b.offset >= 0]
        assert cut == ([] if len(line) <= text.BLOCK else list(text.segments(line)))


PARTS = [
    ("a" * 700).encode(),
    ("é" * 500).encode(),
    ("😀" * 300).encode(),
    "\x80".encode(),
    b"\x80" * 5,
    b"\xe9",
    b"\xf0\x9f\x98" * 300,
    b"\xed\xa0\x80",
    ("😀" * 5_000).encode(),
    b"\x80" * 20_000,
]


@given(
    st.lists(st.sampled_from(PARTS), min_size=1, max_size=60),
    st.lists(st.integers(0, 200_000), max_size=8),
)
@example([PARTS[9]] * 8, [64_511, 64_512, 64_513, 64_515, 65_000])
@example([PARTS[5], *[PARTS[8]] * 8], [0, 64_511, 64_512, 64_515, 129_023])
def test_pieces_own_each_place_once_and_columns_are_those_of_the_line(
    parts: list[bytes], places: list[int]
) -> None:
    """Whatever is looked for at a character is found by exactly one piece, at the line's own column."""
    data = b"".join(parts)
    line = text.decode(data)
    hits = [min(place, len(data) - 1) for place in places]
    owned: list[int] = []
    column = 0
    for segment in text.segments(data) if len(data) > text.BLOCK else [text.Block(data, 0)]:
        inside = [hit - segment.offset for hit in hits if 0 <= hit - segment.offset < len(segment.data)]
        first, last = segment.offset == 0, segment.last
        for piece in text.pieces(segment.data, inside, column, first=first, last=last):
            assert len(piece.text) <= text.PIECE + 3
            assert line[piece.column : piece.column + len(piece.text)] == piece.text
            owned += range(piece.column + piece.own_start, piece.column + piece.own_end)
        column += text.characters_of(segment)
    assert column == len(line)
    assert len(owned) == len(set(owned))
    for hit in hits:
        assert text.characters(data[: hit + 1]) - 1 in owned


def test_bytes_that_are_not_utf8_are_read_as_editors_do() -> None:
    """One bad byte does not spoil the rest."""
    assert text.decode("é".encode()) == "é"
    assert text.decode(b"caf\xe9") == "caf\ufffd"
    assert text.decode(b"\xf0\x9f\x98 caf\xc3\xa9") == "\ufffd café"
    assert text.decode(b"\x93quoted\x94") == "\ufffdquoted\ufffd"


@given(
    st.text(alphabet="aé😀\u0301\u200f\uffff", max_size=12), st.sampled_from(["utf-8", "utf-16", "utf-32"])
)
def test_columns_convert_there_and_back(line: str, encoding: str) -> None:
    """Every code point column survives the way through each encoding, and equals the encoded length."""
    width = {"utf-8": 1, "utf-16": 2, "utf-32": 4}[encoding]
    for column in range(len(line) + 1):
        there = text.units(line, column, encoding)
        codec = encoding if encoding == "utf-8" else encoding + "-le"
        assert there == len(line[:column].encode(codec)) // width
        assert text.code_points(line, there, encoding) == column


@given(
    st.text(alphabet="aé😀", max_size=6), st.integers(-3, 40), st.sampled_from(["utf-8", "utf-16", "utf-32"])
)
@example("😀", 1, "utf-16")
@example("😀", 3, "utf-8")
def test_a_column_past_the_end_or_within_a_character_is_taken_to_a_place_that_is_there(
    line: str, column: int, encoding: str
) -> None:
    """Past the end is the end; within a character is its start."""
    found = text.code_points(line, column, encoding)
    assert 0 <= found <= len(line)
    back = text.units(line, found, encoding)
    assert back <= max(column, 0)
    if found < len(line):
        assert text.units(line, found + 1, encoding) > column


@given(TEXTS)
def test_lines_are_cut_at_the_ends_that_the_protocol_knows(content: str) -> None:
    """Nothing is lost, and only the three line ends cut."""
    lines = text.split_lines(content)
    assert "".join(lines) == content
    for line in lines[:-1]:
        assert line.endswith(("\n", "\r"))
        assert not any(end in line[:-1].removesuffix("\r") for end in "\r\n")
    assert not lines[-1].endswith(("\n", "\r"))


def test_a_lone_surrogate_becomes_the_replacement_character_at_equal_length() -> None:
    """No file can hold one."""
    assert text.well_formed("a\ud800b") == "a\ufffdb"
    assert text.well_formed("😀") == "😀"
