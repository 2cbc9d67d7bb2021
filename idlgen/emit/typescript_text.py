"""Text of a schema as TypeScript: comments, string literals, property names."""

from __future__ import annotations

import re

from idlgen.emit.invisible import INVISIBLE, code_point, with_plain_line_ends
from idlgen.emit.json_text import json_line

# An `@` inside a word (an address) is no tag. Line feeds stay: lines are made of them.
_IN_COMMENTS = re.compile(rf"\*/|(?<!\w)@|(?!\n)[{INVISIBLE}]")
# In code only what could come to the start of a line, and inline tags.
_IN_CODE = re.compile(r"(?<=[\s{])@")


def comment_text(text: str) -> str:
    r"""Return `text` as it may stand in a block comment, line feeds kept.

    `*/` becomes `*\/`; an `@` that would begin a TSDoc tag (or the compiler's
    `@ts-` directives) becomes `\@`, the escape of TSDoc.
    """
    if text.isprintable() and "@" not in text and "*/" not in text:
        return text
    plain = with_plain_line_ends(text).replace("\t", " ")
    return _IN_COMMENTS.sub(_defused, plain)


def _defused(found: re.Match[str]) -> str:
    match found[0]:
        case "*/":
            return "*\\/"
        case "@":
            return "\\@"
        case character:
            return code_point(character)


def comment_code(text: str) -> str:
    """Return one line of JSON as a code span of a block comment."""
    return "`" + comment_json(text).replace("`", "\\u0060") + "`"


def comment_json(text: str) -> str:
    """Return JSON as it may stand in a block comment; it stays the same value.

    What has to go stands only in strings, where JSON has escapes of its own.
    """
    return _IN_CODE.sub(r"\\u0040", text.replace("*/", "*\\/"))


def string_literal(text: str) -> str:
    """Return `text` as a string literal in double quotes."""
    if text.isprintable() and '"' not in text and "\\" not in text:
        return f'"{text}"'
    # A JSON string is a TypeScript one, since ES2019 even with U+2028.
    return json_line(text)


def property_name(name: str) -> str:
    """Return `name` as the key of a member: quoted unless it is an identifier."""
    if name.isidentifier() and name.isascii():
        return name
    return string_literal(name)
