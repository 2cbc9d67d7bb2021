"""Reads the names of types, and the type params that structs have: `Page<T>`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from idlgen.syntax.member_reader import MemberReader
from idlgen.syntax.shapes import TYPE_NAME
from idlgen.syntax.yaml_tree import ScalarNode

_GENERIC_NAME = re.compile(
    r"([A-Z][A-Za-z0-9_]*)<(\s*[^\s,<>]+\s*(?:,\s*[^\s,<>]+\s*)*)>"
)
# What `Page <T>`, `Page<list<T>>`, `common.Page` and the like were meant to be.
_ALMOST = re.compile(
    r"(?P<dots>(?:\w+\.)*)(?P<name>[A-Z]\w*)\s*(?:<(?P<params>.*))?",
    re.ASCII | re.DOTALL,
)
_PARAM = re.compile(r"[^\s,]+")
_ALMOST_PARAM = re.compile(r"[A-Z][A-Za-z0-9_]*")


class TypeNameReader(MemberReader):
    """Takes the keys of the `types` section apart."""

    def type_name(self, key: ScalarNode) -> tuple[ScalarNode, list[ScalarNode]]:
        """Return the name and the type params of `Page<T>`."""
        generic = _GENERIC_NAME.fullmatch(key.text)
        if generic is None:
            return self.odd_name(key)
        params = [*_parts(key, generic.span(2), _PARAM)]
        for param in params:
            if not TYPE_NAME.fullmatch(param.text):
                self.bad_name(param, TYPE_NAME)
        return _part(key, *generic.span(1)), params

    def odd_name(self, key: ScalarNode) -> tuple[ScalarNode, list[ScalarNode]]:
        """Return what a key without type params is, or was meant to be."""
        if TYPE_NAME.fullmatch(key.text):
            return key, []
        almost = _ALMOST.fullmatch(key.text)
        if almost is None:
            self.bad_name(key, TYPE_NAME)
            return key, []
        meant, params = almost["name"], []
        if almost["params"] is not None:
            params = [*_parts(key, almost.span("params"), _ALMOST_PARAM)]
            meant += f"<{', '.join(param.text for param in params) or 'T'}>"
        if almost["dots"]:
            problem = f"`{key.text}` is not a name: it has a dot"
            hint = f"call it `{meant}`; a type of another package is declared there"
        else:
            problem = f"`{key.text}` is not a name with type params"
            hint = f"write `{meant}`"
        self.report("IDL101", key, problem, hint)
        return _part(key, 0, almost.end("name")), params


def _part(key: ScalarNode, start: int, end: int) -> ScalarNode:
    """Return a part of a key, with its place."""
    # In a quoted key the text begins after the quote.
    base = key.start if key.plain else key.start + 1
    return ScalarNode(key.text[start:end], key.plain, base + start, base + end)


def _parts(
    key: ScalarNode, span: tuple[int, int], pattern: re.Pattern[str]
) -> Iterator[ScalarNode]:
    """Yield each `pattern` within a part of a key."""
    for found in pattern.finditer(key.text, *span):
        yield _part(key, *found.span())
