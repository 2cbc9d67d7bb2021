"""Random names and texts: admissible ones, as awkward as they come."""

from __future__ import annotations

import json

from hypothesis import strategies as st

_TYPE_NAMES = """
    A Any Array Api Boolean Client Date Decimal Dict Enum Error Exception False Field
    Function HTTPServer2 Int53 JsonValue List Literal Map Meta Method NewType None
    NotFound Object Promise Record RpcError Self Service Status String Struct
    TYPE_CHECKING True TypeAlias URL UNSET UUID UnsetType User X_ Y__z Z9
"""
_MEMBER_NAMES = """
    A False HTTPUrl None Self True UNSET _ _1 __ __init__ __proto__ _private aclose any
    args async await break calls case catch class close constructor data datetime def
    default delete do errors eval except export field float from function getHTTPUrl2
    hasOwnProperty id import in int items json lambda list match message method msgspec
    name new null number object options package params path print prototype raise raw
    readonly return self set source status str string super this time toString try type
    types uint32 undefined userData user_data_2 var view void with_options x yield
"""
# What could end a string or a comment of some language, or be taken for markup.
TEXTS = [
    "A plain sentence.",
    "*/ pwned /*",
    '""" + pwned() + """',
    "'''",
    "ends with a backslash \\",
    'ends with a quote"',
    "{{ pwned }} {% pwned %} {# pwned #} ${pwned} {pwned}",
    "</script><!-- pwned -->",
    "one\ntwo\r\nthree\rfour\n\n  five",
    "\u202e\u2066 bidi \u2069",
    "\u2028 \u2029 \x85 \x0b \x0c",
    "NUL \0 escape \x1b delete \x7f",
    "  spaces  ",
    "\ttabs\t",
    "# no comment",
    "a: b # c",
    "- a",
    "홍길동 👩‍👩‍👧 é e\u0301",
    "@internal {@link pwned}",
    "| a | b |\n|---|---|",
    "`` ` ``",
    "null",
    "~",
    "true",
    "0x10",
    "1e3",
    "...",
    "---",
    "a very long text " * 20,
    "averylongword" * 20,
    "\ufeff",
    "\U0010ffff",
    "",
]

# YAML has an escape for everything but halves of surrogate pairs.
CHARACTERS = st.characters(codec="utf-8")

texts = st.one_of(st.sampled_from(TEXTS), st.text(CHARACTERS, max_size=12))
type_names = st.one_of(
    st.sampled_from(_TYPE_NAMES.split()),
    st.from_regex(r"[A-Z][A-Za-z0-9_]{0,8}", fullmatch=True),
)
member_names = st.one_of(
    st.sampled_from(_MEMBER_NAMES.split()),
    st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,8}", fullmatch=True),
)

# Python's decoders know names only as JSON has them without an escape: IDL404.
wire_names = texts.filter(
    lambda text: text and f'"{text}"' == json.dumps(text, ensure_ascii=False)
)


def folded(name: str) -> str:
    """Return what is left of a name in all targets: those that differ never collide."""
    return name.replace("_", "").lower() or "_"
