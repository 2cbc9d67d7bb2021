"""A line of code as its tokens: what `splitting` takes apart."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct as Record

from idlgen.emit.python_text import INDENT

_TOKEN = re.compile(
    r"""(?P<space>\ *)
    (?P<text>
        b?"(?:[^"\\]|\\.)*" | b?'(?:[^'\\]|\\.)*'
        | ->
        | \d[\w.]*(?:(?<=[eE])[-+]\d+)?
        | \w+
        | .
    )""",
    re.VERBOSE,
)

_KINDS = {**dict(zip("()[]{},|", "()[]{},|", strict=True)), "is": "|"}


class Leaf:
    """A token and the space before it; optional parentheses have no text while unused.

    `kind` is the bracket, comma or operator (`|`) that it is, else `x`. `opening` is a closing
    bracket's other half. `is_display` tells the brackets of a list, tuple or dict, and
    optional parentheses, from those of a call or an index. `is_added` marks a comma that
    was not in the code.
    """

    __slots__ = ("is_added", "is_display", "kind", "opening", "space", "text")

    def __init__(
        self,
        space: str,
        text: str,
        *,
        kind: str = "x",
        is_display: bool = False,
        is_added: bool = False,
    ) -> None:
        self.space = space
        self.text = text
        self.kind = kind
        self.is_display = is_display
        self.is_added = is_added
        self.opening: Leaf | None = None

    def __len__(self) -> int:
        return len(self.space) + len(self.text)

    @property
    def opens(self) -> bool:
        return self.kind in "([{"

    @property
    def closes(self) -> bool:
        return self.kind in ")]}"


def parse(code: str) -> list[Leaf]:
    """Return the leaves of `code`, its brackets paired."""
    leaves: list[Leaf] = []
    stack: list[Leaf] = []
    for match in _TOKEN.finditer(code):
        space, text = match["space"], match["text"]
        leaf = Leaf(space, text, kind=_KINDS.get(text, "x"))
        if leaf.opens:
            before = leaves[-1] if leaves else None
            follows_value = before is not None and (
                before.closes or before.text[-1:].isidentifier()
            )
            leaf.is_display = bool(space) or not follows_value
            stack.append(leaf)
        elif leaf.closes and stack:
            leaf.opening = stack.pop()
            leaf.is_display = leaf.opening.is_display
        leaves.append(leaf)
    return leaves


def add_optional_parens(leaves: list[Leaf], start: int, end: int) -> None:
    """Put unused parentheses around `leaves[start:end]`."""
    opening = Leaf(leaves[start].space, "", kind="(", is_display=True)
    closing = Leaf("", "", kind=")", is_display=True)
    leaves[start].space = ""
    closing.opening = opening
    leaves.insert(end, closing)
    leaves.insert(start, opening)


class Line(Record, eq=False):
    """Leaves on one line, `depth` levels deep.

    `is_body` says that they stand inside brackets that were split, `is_tail` that they
    begin with the end of those.
    """

    leaves: list[Leaf]
    depth: int
    is_body: bool = False
    is_tail: bool = False
    must_explode: bool = False

    def __str__(self) -> str:
        text = "".join(leaf.space + leaf.text for leaf in self.leaves)
        return INDENT * self.depth + text.lstrip(" ")

    def outer_leaves(self) -> Iterator[tuple[int, Leaf]]:
        """Yield the leaves outside brackets with their indices, and outer brackets."""
        depth = 0
        for index, leaf in enumerate(self.leaves):
            if leaf.closes and depth:
                depth -= 1
            if depth == 0:
                yield index, leaf
            if leaf.opens:
                depth += 1

    def delimiters(self) -> list[int]:
        """Return the indices after which the line may be split: commas, else operators."""
        commas = [index for index, leaf in self.outer_leaves() if leaf.kind == ","]
        if commas and commas != [len(self.leaves) - 1]:
            return commas
        return [index - 1 for index, leaf in self.outer_leaves() if leaf.kind == "|"]

    def unused_parens(self) -> list[tuple[Leaf, bool]]:
        """Return the optional parentheses of the line, and whether each is an outer one."""
        if self.is_tail:
            return []
        here = set(self.leaves)
        closed = {leaf.opening for leaf in self.leaves if leaf.opening in here}
        outer = {leaf for _, leaf in self.outer_leaves()}
        return [
            (leaf, leaf in outer)
            for leaf in self.leaves
            if not leaf.text and (leaf in closed or leaf.opening in closed)
        ]

    def has_magic_comma(self) -> bool:
        """Whether brackets on this line end with a comma that keeps them exploded."""
        return any(
            leaf.closes
            and leaf.opening in self.leaves
            and self.leaves[index - 1].kind == ","
            and not self.is_one_tuple(leaf)
            for index, leaf in enumerate(self.leaves)
        )

    def is_one_tuple(self, closing: Leaf) -> bool:
        """Whether the brackets that `closing` ends are a tuple of one element."""
        opening = closing.opening
        if closing.kind != ")" or opening is None or not opening.is_display:
            return False
        start, end = self.leaves.index(opening), self.leaves.index(closing)
        inside = Line(self.leaves[start + 1 : end], 0)
        return sum(leaf.kind == "," for _, leaf in inside.outer_leaves()) == 1

    def copy(self) -> Line:
        """Return the line with leaves of its own."""
        copies: dict[Leaf | None, Leaf] = {}
        for leaf in self.leaves:
            copied = Leaf(
                leaf.space, leaf.text, kind=leaf.kind, is_display=leaf.is_display
            )
            copied.opening = copies.get(leaf.opening)
            copies[leaf] = copied
        leaves = [copies[leaf] for leaf in self.leaves]
        return Line(leaves, self.depth, self.is_body, must_explode=self.must_explode)
