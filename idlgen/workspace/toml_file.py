"""A TOML file and the places of its keys, which `tomllib` does not tell."""

from __future__ import annotations

import re
import tomllib
from functools import cached_property

from idlgen.diagnostics import Diagnostic, Source, Span

Keys = tuple[str, ...]

_PART = r"""(?:[\w-]+|"[^"\n]*"|'[^'\n]*')"""
_DOTTED = rf"{_PART}(?:[ \t]*\.[ \t]*{_PART})*"
_TABLE = re.compile(rf"^[ \t]*\[+[ \t]*({_DOTTED})[ \t]*\]", re.MULTILINE)
_KEY = re.compile(rf"^[ \t]*({_DOTTED})[ \t]*=", re.MULTILINE)
_FAULT = re.compile(r"(.*) \(at line (\d+), column (\d+)\)")


class TomlFile:
    """What a TOML file says (`data`), and where it says it."""

    def __init__(self, source: Source, data: dict[str, object]) -> None:
        self.source = source
        self.data = data

    def table(self, keys: Keys) -> dict[str, object] | None:
        """Return the table at `keys`, or None if there is none."""
        value: object = self.data
        for key in keys:
            if not isinstance(value, dict) or key not in value:
                return None
            value = value[key]
        return value if isinstance(value, dict) else None

    def key_span(self, keys: Keys) -> Span | None:
        """Return where the key or the table `keys` is written, or None if unseen."""
        inline: Span | None = None
        for written, span in self._written:
            if written == keys:
                return span
            if written == keys[: len(written)] and written:
                inline = self._find(rf"\b{re.escape(keys[-1])}\b", span.end) or inline
        return inline

    def text_span(self, keys: Keys, text: str) -> Span | None:
        """Return where the text `text` stands in the value of the key `keys`."""
        key = self.key_span(keys)
        if key is None:
            return None
        return self._find(rf"""(["']){re.escape(text)}\1""", key.end) or key

    def _find(self, pattern: str, start: int) -> Span | None:
        found = re.compile(pattern).search(self.source.text, start)
        return Span(self.source, *found.span()) if found else None

    @cached_property
    def _written(self) -> list[tuple[Keys, Span]]:
        """Return the tables and keys in the order written, each by its full name."""
        text = self.source.text
        tables = [(found.start(1), found) for found in _TABLE.finditer(text)]
        keys = [(found.start(1), found) for found in _KEY.finditer(text)]
        written = []
        current: Keys = ()
        for _, found in sorted(tables + keys, key=lambda entry: entry[0]):
            parts = _parts(found[1])
            if found.re is _TABLE:
                current, full = parts, parts
            else:
                full = current + parts
            written.append((full, Span(self.source, *found.span(1))))
        return written


def read_toml(path: str, data: bytes) -> TomlFile | Diagnostic:
    """Return the TOML file that `data` is, or why it is none; `path` is for messages."""
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        return Diagnostic(
            code="IDL501",
            message=f"`{path}` is not UTF-8: byte {error.start} is {data[error.start]:#04x}",
            path=path,
        )
    source = Source(path, text)
    try:
        return TomlFile(source, tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        return _fault(source, str(error))


def _fault(source: Source, message: str) -> Diagnostic:
    found = _FAULT.fullmatch(message)
    span = Span(source, len(source.text), len(source.text))
    if found:
        start = _offset(source, int(found[2]), int(found[3]))
        span, message = Span(source, start, start + 1), found[1]
    return Diagnostic(
        code="IDL501",
        message=f"this is not TOML: {message[:1].lower()}{message[1:]}",
        span=span,
    )


def _offset(source: Source, line: int, column: int) -> int:
    before = source.text.splitlines(keepends=True)[: line - 1]
    return min(sum(map(len, before)) + column - 1, len(source.text))


def _parts(dotted: str) -> Keys:
    return tuple(part.strip("\"'") for part in re.findall(_PART, dotted))
