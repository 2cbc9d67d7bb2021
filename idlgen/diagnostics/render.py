"""Diagnostics as text for people, JSON for programs and annotations for GitHub."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias
from unicodedata import category, combining, east_asian_width

from idlgen.diagnostics.diagnostic import Diagnostic, Severity
from idlgen.diagnostics.source import Span

TAB = "    "
MAX_EXCERPT = 200

_RED, _YELLOW, _BLUE, _BOLD, _RESET = (
    "\x1b[1;31m",
    "\x1b[1;33m",
    "\x1b[1;34m",
    "\x1b[1m",
    "\x1b[0m",
)


def render_text(diagnostics: Sequence[Diagnostic], color: bool) -> str:
    """Return the diagnostics with excerpts of their sources, a blank line between."""
    paint = _paint if color else _plain
    return "\n".join("".join(_text(d, paint)) for d in diagnostics)


def render_json(diagnostics: Sequence[Diagnostic]) -> str:
    """Return one JSON document: a list of findings, lines and columns from 1."""
    import json

    return json.dumps([_as_data(d) for d in diagnostics], ensure_ascii=False, indent=2)


def render_github(diagnostics: Sequence[Diagnostic]) -> str:
    """Return one workflow command a line, as GitHub Actions reads annotations."""
    return "".join(f"{_github(d)}\n" for d in diagnostics)


class _Place:
    """Where a finding is, as far as that is known."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        span = diagnostic.span
        self.path = diagnostic.path if span is None else span.source.path
        self.start = None if span is None else span.source.position(span.start)
        self.end = None if span is None else span.source.position(span.end)


def _as_data(diagnostic: Diagnostic) -> dict[str, object]:
    place = _Place(diagnostic)
    data: dict[str, object] = {
        "code": diagnostic.code,
        "severity": diagnostic.severity.value,
        "message": diagnostic.message,
        "path": place.path,
        "labels": [
            {
                "path": label.span.source.path,
                "start": label.span.position._asdict(),
                "message": label.message,
            }
            for label in diagnostic.labels
        ],
        "hint": diagnostic.hint,
    }
    if place.start is not None and place.end is not None:
        data["start"] = place.start._asdict()
        data["end"] = place.end._asdict()
    return data


def _github(diagnostic: Diagnostic) -> str:
    place = _Place(diagnostic)
    properties = {"title": diagnostic.code}
    if place.path is not None:
        properties["file"] = place.path
    if place.start is not None and place.end is not None:
        properties |= {"line": str(place.start.line), "col": str(place.start.column)}
        properties |= {"endLine": str(place.end.line)}
    message = diagnostic.message
    if diagnostic.hint is not None:
        message = f"{message}\n{diagnostic.hint}"
    fields = ",".join(
        f"{key}={_escape(value, ':,')}" for key, value in properties.items()
    )
    return f"::{diagnostic.severity} {fields}::{_escape(message, '')}"


def _escape(text: str, extra: str) -> str:
    for character in "%\r\n" + extra:
        text = text.replace(character, f"%{ord(character):02X}")
    return text


def _plain(text: str, _: str) -> str:
    return text


def _paint(text: str, style: str) -> str:
    return f"{style}{text}{_RESET}"


_Paint: TypeAlias = Callable[[str, str], str]


def _text(diagnostic: Diagnostic, paint: _Paint) -> Iterator[str]:
    style = _RED if diagnostic.severity is Severity.ERROR else _YELLOW
    yield paint(f"{diagnostic.severity}[{diagnostic.code}]", style)
    yield paint(f": {_shown(diagnostic.message)}", _BOLD) + "\n"
    spans = [label.span for label in diagnostic.labels]
    if diagnostic.span is not None:
        spans.append(diagnostic.span)
    width = max((len(str(span.position.line)) for span in spans), default=1)
    gutter = " " * width
    if diagnostic.span is not None:
        yield from _excerpt(diagnostic.span, "", "-->", style, gutter, paint)
    elif diagnostic.path is not None:
        yield f"{gutter}{paint('-->', _BLUE)} {_shown(diagnostic.path)}\n"
    for label in diagnostic.labels:
        yield from _excerpt(label.span, label.message, ":::", _BLUE, gutter, paint)
    if diagnostic.hint is not None:
        yield f"{gutter} {paint('=', _BLUE)} {paint('help', _BOLD)}: "
        yield f"{_shown(diagnostic.hint)}\n"


def _excerpt(
    span: Span, message: str, arrow: str, style: str, gutter: str, paint: _Paint
) -> Iterator[str]:
    line, column = span.position
    path = _shown(span.source.path)
    yield f"{gutter}{paint(arrow, _BLUE)} {path}:{line}:{column}\n"
    written = span.source.lines[line - 1]
    if not written.strip() and not message:
        return
    before, marked, after = _cut(written, column - 1, span.end - span.start)
    bar = paint("|", _BLUE)
    number = paint(str(line).rjust(len(gutter)), _BLUE)
    carets = "^" * max(_columns(marked), 1)
    note = f" {_shown(message)}" if message else ""
    yield f"{gutter} {bar}\n"
    yield f"{number} {bar} {_shown(before + marked + after)}\n"
    yield f"{gutter} {bar} {' ' * _columns(before)}{paint(carets + note, style)}\n"


def _cut(line: str, column: int, length: int) -> tuple[str, str, str]:
    """Split a line around the marked part; what is far from a long line's mark is cut."""
    marked = line[column : column + length].rstrip()
    before, after = line[:column], line[column + len(marked) :]
    if len(line) > MAX_EXCERPT:
        marked = marked[: MAX_EXCERPT // 2]
        before = before if len(before) <= 40 else f"…{before[-40:]}"
        after = after if len(after) <= 40 else f"{after[:40]}…"
    return before, marked, after


def _shown(text: str) -> str:
    """Return text that moves no cursor: tabs as spaces, control and bidi characters escaped."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_glyph, text))


def _glyph(character: str) -> str:
    if character == "\t":
        return TAB
    if category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp", "Co", "Cn"):
        return f"\\u{ord(character):04x}"
    return character


def _columns(text: str) -> int:
    """Return the terminal columns that `text` takes as `_shown` prints it."""
    return sum(map(_width, _shown(text)))


def _width(character: str) -> int:
    if combining(character) or category(character) == "Me":
        return 0
    return 2 if east_asian_width(character) in "WF" else 1
