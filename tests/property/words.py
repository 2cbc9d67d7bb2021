"""Random names and texts: admissible ones, as awkward as they come."""

from __future__ import annotations

import json
import string
from random import Random

from hypothesis import strategies as st

_TYPE_NAMES = """
    A Any Array Api Boolean Client Date Decimal Dict Enum Error Exception False Field
    Function Generic HTTPServer2 Int53 JsonValue List Literal Map Meta Method NewType None
    NotFound Object Promise Record RpcError Self Service Status String Struct
    TYPE_CHECKING True TypeAlias TypeVar URL UNSET UUID Unknown UnsetType User X_ Y__z Z9
"""
_MEMBER_NAMES = """
    A False HTTPUrl None Self True UNSET _ _1 __ __init__ __proto__ _private aclose any
    args async await break calls case catch class close constructor data datetime def
    default delete do errors eval except export field float from function getHTTPUrl2
    hasOwnProperty id import in int items json lambda list match message method msgspec
    name new next null number object options package params path print prototype raise raw
    readonly return self set source status str string super this time toString try type
    types uint32 undefined userData user_data_2 var view void with_options x yield
"""
# No two of them lie on the same path, and none where another has a module.
_PACKAGES = """
    a acme acme.user acme.user.deep.est class common import idlgen list msgspec pkg self
    snake_case typing uuid v1.types2 x.y.z
"""
# What imported packages are called in a schema; a name there comes before a dot.
_IMPORTS = """
    a any b c2 common int list map null omit partial pick pkg self set stream string true
    types x_y
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


def type_name(random: Random) -> str:
    """Return a random name of a type."""
    return _name(random, _TYPE_NAMES.split(), string.ascii_uppercase)


def member_name(random: Random) -> str:
    """Return a random name of a member, a method or what `name:` says."""
    return _name(random, _MEMBER_NAMES.split(), string.ascii_letters + "_")


def _name(random: Random, known: list[str], first: str) -> str:
    if random.random() < 0.5:
        return random.choice(known)
    rest = string.ascii_letters + string.digits + "_"
    length = random.randrange(9)
    return random.choice(first) + "".join(random.choices(rest, k=length))


PACKAGE_NAMES = _PACKAGES.split()
IMPORT_NAMES = _IMPORTS.split()
FOLDERS = ("", "", "schemas/", "schemas/deep/er/", "a b/", "é/", "..a/", "x.y/")
versions = texts.filter(str.strip)
scopes = st.text(
    st.sampled_from([chr(c) for c in range(0x21, 0x7F) if chr(c) not in '"\\']),
    min_size=1,
    max_size=9,
)

# Python's decoders know names only as JSON has them without an escape: IDL404.
wire_names = texts.filter(
    lambda text: text and f'"{text}"' == json.dumps(text, ensure_ascii=False)
)


def folded(name: str) -> str:
    """Return what is left of a name in all targets: those that differ never collide."""
    return name.replace("_", "").lower() or "_"
