import ast

import black
import pytest
from hypothesis import given, settings, strategies as st

from idlgen.emit.python_text import bytes_literal, docstring, literal

TRICKY = [
    '"',
    '"""',
    "'",
    "\\",
    "\\n",
    "\n",
    "\r\n",
    "\t",
    "\x00",
    "\x0c",
    "\x85",
    "\u202e",
    "\u2028",
    "{{ x }}",
    "{% x %}",
    "# fmt: off",
    "한글",
    "\N{FAMILY}",
    " ",
    "  ",
    "- item",
    "    code",
    "word",
    "x" * 95,
]
texts = st.lists(st.sampled_from(TRICKY) | st.text(max_size=5), max_size=30).map(
    "".join
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", '"plain"'),
        ("홍길동", '"홍길동"'),
        ('{"id": 1}', "'{\"id\": 1}'"),
        ("it's", '"it\'s"'),
        ("'\"", '"\'\\""'),
        ("a\\b", '"a\\\\b"'),
        ("a\nb\t\x00", '"a\\nb\\t\\x00"'),
        ("\u202eevil", '"\\u202eevil"'),
        ('"""', '\'"""\''),
    ],
)
def test_a_string_literal_is_quoted_as_black_quotes(text: str, expected: str) -> None:
    assert literal(text) == expected


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"hello", 'b"hello"'),
        (b'"', "b'\"'"),
        (b"\x00\xff\\", 'b"\\x00\\xff\\\\"'),
        (b"a\n", 'b"a\\n"'),
    ],
)
def test_a_bytes_literal_is_ascii(data: bytes, expected: str) -> None:
    assert bytes_literal(data) == expected


@given(texts, st.binary(max_size=20))
def test_literals_mean_what_they_were_made_of(text: str, data: bytes) -> None:
    assert ast.literal_eval(literal(text)) == text
    assert ast.literal_eval(bytes_literal(data)) == data
    source = f"x = [\n    {literal(text)},\n    {bytes_literal(data)},\n]\n"
    assert black.format_str(source, mode=black.Mode()) == source


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One line.", '"""One line."""'),
        ('Ends with a "quote"', '"""Ends with a "quote" """'),
        ('"Begins" with one', '"""\\"Begins" with one"""'),
        ('Says """ and \\', '"""Says \\"\\"\\" and \\\\"""'),
        ("A line\nand another", '"""A line\n    and another\n    """'),
        (
            "This is a line that is longer than forty columns",
            '"""This is a line that is longer\n    than forty columns\n    """',
        ),
        (
            "Title\n\n- a point of more than thirty-six columns",
            '"""Title\n\n    - a point of more than thirty-six\n      columns\n    """',
        ),
        # Black forgets what all lines after the first are indented by.
        ("Title\n    code\n      more", '"""Title\n    code\n      more\n    """'),
        ("x" * 60, f'"""{"x" * 60}"""'),
        ("\u202ehidden", '"""\\u202ehidden"""'),
    ],
)
def test_a_docstring_keeps_lines_and_wraps_long_ones(text: str, expected: str) -> None:
    assert docstring(text, 1, 40) == expected


@settings(max_examples=200)
@given(texts, st.integers(0, 2), st.sampled_from([40, 88]))
def test_no_text_breaks_out_of_a_docstring_or_troubles_black(
    text: str, depth: int, line_length: int
) -> None:
    if not text.strip():
        return
    written = docstring(text, depth, line_length)
    blocks = (
        "DOCSTRING\n",
        "class C:\n    DOCSTRING\n\n    x: int\n",
        "class C:\n    def f(self):\n        DOCSTRING\n",
    )
    source = blocks[depth].replace("DOCSTRING", written)
    assert ast.literal_eval(written).split() == text.split()
    mode = black.Mode(line_length=line_length)
    assert black.format_str(source, mode=mode) == source
