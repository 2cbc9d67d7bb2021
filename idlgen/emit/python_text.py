"""Escaping filters for Python: what a schema says becomes a string, never code."""

from __future__ import annotations

import re
from collections.abc import Iterator

from idlgen.emit.invisible import INVISIBLE, code_point, with_plain_line_ends
from idlgen.emit.wide_characters import width

INDENT = "    "


def literal(text: str) -> str:
    """Return the string literal of `text` on one line, quoted as black quotes.

    What cannot be seen is escaped: line ends, control and bidi characters.
    """
    return _quoted(_visible(text))


def bytes_literal(data: bytes) -> str:
    """Return the bytes literal of `data` on one line, quoted as black quotes."""
    text = data.decode("latin-1").replace("\\", "\\\\")
    return "b" + _quoted("".join(c if " " <= c <= "~" else _escape(c) for c in text))


def comment(text: str) -> str:
    """Return `text` on one line, as it may stand in a comment."""
    return _visible(" ".join(text.split()))


def float_literal(value: float) -> str:
    """Return the literal of a finite number as black writes it: without a plus sign."""
    return repr(float(value)).replace("e+", "e")


def _quoted(body: str) -> str:
    if '"' not in body:
        return f'"{body}"'
    if body.count('"') > body.count("'"):
        return "'" + body.replace("'", "\\'") + "'"
    return '"' + body.replace('"', '\\"') + '"'


def docstring(text: str, depth: int, line_length: int) -> str:
    """Return `text` as a docstring for a block `depth` levels deep.

    Lines stay as written unless they are too long; those are wrapped at spaces. Lines
    after the first are indented. Nothing in `text` can end the docstring, and black
    leaves the result as it is.
    """
    indent = INDENT * depth
    room = max(line_length - len(indent), 20)
    body = _visible_lines(text)
    only = _clear_of_quotes(body[0])
    if len(body) == 1 and width(only) + 6 <= room:
        return f'"""{only}"""'
    lines = list(_wrapped(body[0], room - (6 if len(body) == 1 else 3), room))
    for line in body[1:]:
        lines += _wrapped(line, room, room)
    if len(lines) == 1:
        # Black never puts the end of a single line on a line of its own.
        return f'"""{only}"""'
    if lines[0].startswith('"'):
        lines[0] = "\\" + lines[0]
    rest = "".join(f"\n{indent}{line}" if line else "\n" for line in _dedent(lines[1:]))
    return f'"""{lines[0]}{rest}\n{indent}"""'


def _clear_of_quotes(line: str) -> str:
    # black parts a quote from the delimiter with a space: at the start an escape leaves
    # the text as it was, at the end there is no other way.
    start = "\\" if line.startswith('"') else ""
    end = " " if line.endswith('"') else ""
    return start + line + end


def _visible_lines(text: str) -> list[str]:
    text = with_plain_line_ends(text).expandtabs(4)
    lines = [_visible(line.rstrip()) for line in text.strip().split("\n")]
    return [line.replace('"""', '\\"\\"\\"') for line in lines]


def _wrapped(line: str, first_room: int, room: int) -> Iterator[str]:
    if width(line) <= first_room:
        yield line
        return
    words = line.split(" ")
    margin = _hanging_indent(words)
    current = words[0]
    for word in words[1:]:
        if not current.strip() or width(current) + 1 + width(word) <= first_room:
            current = f"{current} {word}"
        else:
            yield current.rstrip()
            current, first_room = margin + word, room
    yield current.rstrip()


def _hanging_indent(words: list[str]) -> str:
    margin = 0
    while margin < len(words) and not words[margin]:
        margin += 1
    if margin < len(words) and words[margin] in {"-", "*"}:
        return " " * (margin + 2)
    return " " * (margin + 4 if margin else 0)


def _dedent(lines: list[str]) -> list[str]:
    # As black does: what all lines after the first have in common is no indentation.
    margin = min((len(line) - len(line.lstrip()) for line in lines if line), default=0)
    return [line[margin:] for line in lines] if margin else lines


def _visible(text: str) -> str:
    if "\\" in text:
        text = text.replace("\\", "\\\\")
    if text.isprintable():
        return text
    return _INVISIBLE.sub(lambda found: _escape(found[0]), text)


_INVISIBLE = re.compile(f"[{INVISIBLE}]")
_SHORT_ESCAPES = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def _escape(char: str) -> str:
    if char < "\u0100":
        return _SHORT_ESCAPES.get(char, f"\\x{ord(char):02x}")
    return code_point(char)
