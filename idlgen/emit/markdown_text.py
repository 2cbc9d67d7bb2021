"""Text of a schema as GitHub Flavored Markdown: paragraphs, table cells, code."""

from __future__ import annotations

import re

from idlgen.emit.invisible import INVISIBLE, code_point, visible, with_plain_line_ends
from idlgen.emit.json_text import json_block

# What is not a plain word or sentence; the rest is returned as it is.
_SPECIAL = re.compile(r"[\\`*_\[\]<>&|~${]|:[\w+-]+:")
_INLINE = re.compile(
    r"(?P<span>(?<!`)`(?P<code>[^`\n]+)`(?!`))"
    r"|(?P<escape>[\\`*\[\]|~$]|_(?<![A-Za-z0-9]_)|_(?![A-Za-z0-9]))"
    r"|(?P<entity>[<>]|&(?=#?\w+;)|\{(?=[{%#]))"
    r"|(?P<shortcode>(?<![\w:]):(?=[a-z0-9_+-]+:(?![\w:])))"
    rf"|(?P<invisible>[{INVISIBLE}])"
)
_LINE_START = re.compile(r"([-+=#]|\d{1,9}(?=[.)](?:\s|$)))")
_BULLET = re.compile(r"[-*] +(?=\S)")
# What a code span cannot hold everywhere: in a table cell, before a site's own templates.
_NOT_IN_SPANS = re.compile(r"[`|]|\{[{%#]|^ | $")
_PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")
_TEMPLATE_TAG = re.compile(r"\{(?=[{%#])")


def paragraphs(text: str) -> str:
    """Return `text` as paragraphs that show just it.

    Blank lines, `- ` bullets and `` `code` `` keep their meaning; nothing else has one.
    """
    if _is_plain(text):
        return text
    lines = with_plain_line_ends(text).replace("\t", " ").strip().split("\n")
    shown = "\n".join([_line(line.strip()) for line in lines])
    return re.sub(r"\n{3,}", "\n\n", shown)


def cell(text: str) -> str:
    """Return `text` on one line, for a table's cell or within a sentence."""
    if _is_plain(text):
        return text
    shown = paragraphs(text)
    if shown.startswith("- "):
        shown = f"• {shown[2:]}"
    shown = shown.replace("\n\n", "<br><br>").replace("\n- ", "<br>• ")
    return shown.replace("\n", " ")


def code(text: str) -> str:
    """Return `text` as code within a line; also right in a table's cell."""
    if text.isidentifier() and text.isascii():
        return f"`{text}`"
    shown = visible(text)
    if not shown:
        return '`""`'
    if _NOT_IN_SPANS.search(shown):
        inside = _PUNCTUATION.sub(lambda found: f"&#{ord(found[0])};", shown)
        return f"<code>{inside}</code>"
    return f"`{shown}`"


def fenced_json(value: object, width: int) -> str:
    """Return `value` as lines of JSON that may stand in a fence; see `json_block`.

    None of them begins with a backtick, so none ends the fence.
    """
    return without_template_tags(json_block(value, width))


def without_template_tags(json: str) -> str:
    """Return JSON that holds no `{{` or `{%`, which site generators would run.

    Only strings hold them in JSON, so an escape does not change the value.
    """
    return _TEMPLATE_TAG.sub(r"\\u007b", json)


def _is_plain(text: str) -> bool:
    return text.isprintable() and text[:1].isalpha() and not _SPECIAL.search(text)


def _line(line: str) -> str:
    if bullet := _BULLET.match(line):
        return f"- {_after_line_start(line[bullet.end() :])}"
    return _after_line_start(line)


def _after_line_start(line: str) -> str:
    shown = _INLINE.sub(_escaped, line)
    if start := _LINE_START.match(line):
        marker = start[0]
        # A number's dot is what makes a list item, any other mark is it itself.
        if marker.isdigit():
            return f"{marker}\\{shown[len(marker) :]}"
        return f"\\{shown}"
    return shown


def _escaped(found: re.Match[str]) -> str:
    match found.lastgroup:
        case "span":
            return code(found["code"])
        case "escape":
            return f"\\{found[0]}"
        case "entity":
            return f"&#{ord(found[0])};"
        case "shortcode":
            # GitHub makes an emoji of `:tada:`, escaped or not: it looks at what is shown.
            # A space without width is what keeps it from that.
            return f"{found[0]}&#8203;"
        case _:
            return code_point(found[0])
