"""How black splits a line that is too long, for the code that this target writes.

The rules are those of black's stable style, in its order: split at the last brackets,
prefer not to add optional parentheses, then split at delimiters inside brackets. They
are stated for lines without comments, multi-line strings and operators other than `|`
and `is`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct as Record

from idlgen.emit.wide_characters import width
from idlgen.targets.python.leaves import Leaf, Line, add_optional_parens, parse


class CannotSplit(Exception):
    """The line has no bracket or delimiter at which it would be worth splitting."""


class Split(Record, eq=False):
    """A line parted at a pair of brackets."""

    head: Line
    body: Line
    tail: Line
    opening: Leaf
    closing: Leaf

    @property
    def parts(self) -> list[Line]:
        return [line for line in (self.head, self.body, self.tail) if line.leaves]

    @property
    def is_at_optional_parens(self) -> bool:
        return self.opening.kind == "(" and not self.opening.text


Rule = Callable[[Line, bool], Sequence[Line]]


class Splitter:
    """Splits lines of more than `line_length` columns."""

    def __init__(self, line_length: int) -> None:
        self.line_length = line_length

    def statement(self, code: str, depth: int) -> list[str]:
        """Split an assignment, a call or the line that opens a class."""
        leaves = parse(code)
        equals = next(
            (i for i, leaf in Line(leaves, 0).outer_leaves() if leaf.text == "="), None
        )
        end = len(leaves)
        if equals is not None:
            add_optional_parens(leaves, equals + 1, end)
            end = equals
        if leaves[1].text == ":":
            add_optional_parens(leaves, 2, end)
        return self._split(Line(leaves, depth))

    def opening(self, code: str, depth: int) -> list[str]:
        """Split a call without its arguments, up to its bracket."""
        return self._split(Line(parse(code), depth))

    def item(self, code: str, depth: int) -> list[str]:
        """Split an argument or element, its comma included."""
        return self._split(Line(parse(code), depth, is_body=True))

    def param(self, code: str, depth: int) -> list[str]:
        """Split a parameter, its comma included."""
        leaves = parse(code)
        marks = {leaf.text: i for i, leaf in Line(leaves, 0).outer_leaves()}
        if "|" in marks:
            add_optional_parens(leaves, 2, marks.get("=", marks[","]))
        return self._split(Line(leaves, depth, is_body=True))

    def condition(self, code: str, depth: int) -> list[str]:
        """Split the line that opens an `if`."""
        leaves = parse(code)
        add_optional_parens(leaves, 1, len(leaves) - 1)
        return self._split(Line(leaves, depth))

    def tail(self, code: str, depth: int) -> list[str]:
        """Split what follows the parameters: `) -> int:`."""
        leaves = parse(code)
        colon = max(i for i, leaf in enumerate(leaves) if leaf.text == ":")
        add_optional_parens(leaves, 2, colon)
        return self._split(Line(leaves, depth, is_tail=True))

    def _split(self, line: Line) -> list[str]:
        return [str(part) for part in self._broken(line, force=False)]

    def _fits(self, line: Line, spare: int = 0) -> bool:
        return width(str(line)) + spare <= self.line_length

    def _broken(self, line: Line, *, force: bool) -> list[Line]:
        if self._fits(line) and not line.must_explode and not line.has_magic_comma():
            return [line]
        rules: list[Rule] = [self._at_brackets]
        if line.is_body:
            rules.insert(0, self._at_delimiters)
        for rule in rules:
            try:
                return self._apply(rule, line, force=force)
            except CannotSplit:
                continue
        return [line]

    def _apply(self, rule: Rule, line: Line, *, force: bool) -> list[Line]:
        """Split `line` by `rule` and its parts further.

        Where that leaves the first line too long and optional parentheses unused, a
        second opinion that is forced to use them wins if all of its lines fit.
        """
        before = str(line)
        unused = line.unused_parens()
        result: list[Line] = []
        for part in rule(line, force):
            if str(part) == before:
                raise CannotSplit
            result += self._broken(part, force=force)
        if (
            force
            or rule != self._at_brackets
            or not unused
            or any(paren.text for paren, is_outer in unused if is_outer)
            or self._fits(result[0])
            or any(leaf.is_added for leaf in line.leaves)
        ):
            return result
        second = self._apply(rule, line.copy(), force=True)
        return second if all(map(self._fits, second)) else result

    def _at_delimiters(self, line: Line, _force: bool) -> list[Line]:
        delimiters = line.delimiters()
        if not delimiters:
            raise CannotSplit
        starts = [0, *(index + 1 for index in delimiters)]
        parts = [
            Line(line.leaves[start:end], line.depth, is_body=line.is_body)
            for start, end in zip(starts, [*starts[1:], len(line.leaves)], strict=True)
            if start < end
        ]
        for part in parts:
            part.leaves[0].space = ""
        if line.leaves[delimiters[0]].kind == "," and line.leaves[-1].kind != ",":
            parts[-1].leaves.append(Leaf("", ",", kind=",", is_added=True))
        return parts

    def _at_brackets(self, line: Line, force: bool) -> list[Line]:
        first: list[Line] | None = None
        for omit in self._trailers_to_omit(line):
            if omit and self._opens_too_late(line, omit):
                continue
            lines = self._without_parens(_last_brackets(line, omit), line, omit, force)
            if first is None and not omit:
                first = lines
            if self._fits(lines[0]):
                return lines
        if first is not None:
            return first
        nothing: frozenset[Leaf] = frozenset()
        return self._without_parens(_last_brackets(line, nothing), line, nothing, force)

    def _without_parens(
        self, split: Split, line: Line, omit: frozenset[Leaf], force: bool
    ) -> list[Line]:
        """Return the parts of `split`, or of a better one without optional parentheses."""
        if split.is_at_optional_parens and not force and not split.body.delimiters():
            omit = omit | {split.closing}
            try:
                inner = _last_brackets(line, omit)
                if self._is_better(inner, split):
                    return self._without_parens(inner, line, omit, force)
            except CannotSplit:
                # Black takes any line with two `=`, a keyword's too, for `a = b = c`.
                unsplittable = len(split.body.leaves) < 2 and not self._fits(split.body)
                if unsplittable and _equals(line) < 2:
                    raise
        split.opening.text, split.closing.text = split.opening.kind, split.closing.kind
        return split.parts

    def _is_better(self, inner: Split, split: Split) -> bool:
        """Whether `inner` is better than `split`, which adds optional parentheses."""
        head = split.head.leaves
        if len(head) < 2 or head[-2].text != "=":
            return True
        if not any(leaf.opens or leaf.closes for leaf in head[:-1]):
            return True
        if not self._fits(split.head, spare=1) or split.head.has_magic_comma():
            return True
        equals, inner_equals = _equals(split.head), _equals(inner.head)
        if equals > 1 and equals > inner_equals:
            return False
        if any(leaf.closes for leaf in _after_last_equals(inner.head)):
            return True
        return inner_equals > 0 and self._fits(inner.head)

    def _opens_too_late(self, line: Line, omit: frozenset[Leaf]) -> bool:
        closing = next(
            (
                leaf
                for leaf in reversed(line.leaves)
                if leaf.closes and leaf not in omit
            ),
            None,
        )
        if closing is None or closing.opening is None or not closing.opening.text:
            return False
        position = 4 * line.depth
        for leaf in line.leaves:
            if leaf is closing.opening:
                return position > self.line_length
            position += len(leaf)
        return False

    def _trailers_to_omit(self, line: Line) -> Iterator[frozenset[Leaf]]:
        """Yield ever larger sets of closing brackets not to split at.

        A trailing bracket pair may be omitted if all that follows the pair before it
        fits in one line.
        """
        omit: set[Leaf] = set()
        if not line.has_magic_comma():
            yield frozenset()
        length = 4 * line.depth
        opening: Leaf | None = None
        closing: Leaf | None = None
        inner: set[Leaf] = set()
        for index in range(len(line.leaves) - 1, -1, -1):
            leaf = line.leaves[index]
            previous = line.leaves[index - 1] if index else None
            length += len(leaf)
            if length > self.line_length:
                return
            ends_with_comma = (
                previous is not None
                and previous.kind == ","
                and not line.is_one_tuple(leaf)
            )
            if opening is not None:
                if leaf is opening:
                    opening = None
                elif leaf.closes:
                    if ends_with_comma:
                        return
                    inner.add(leaf)
            elif leaf.closes:
                if previous is not None and previous.opens:
                    inner.add(leaf)
                    continue
                if closing is not None:
                    omit |= {closing, *inner}
                    inner.clear()
                    yield frozenset(omit)
                if ends_with_comma:
                    return
                if leaf.text:
                    opening, closing = leaf.opening, leaf


def _last_brackets(line: Line, omit: frozenset[Leaf]) -> Split:
    """Part `line` at its last bracket pair whose closing half is not in `omit`.

    Brackets with nothing in them, as those of an empty call, stay with what follows.
    """
    leaves = line.leaves
    closing = next(
        (
            leaf
            for index, leaf in reversed([*enumerate(leaves)])
            if leaf.closes
            and leaf not in omit
            and leaf.opening is not leaves[index - 1]
        ),
        None,
    )
    if closing is None or closing.opening not in leaves:
        raise CannotSplit
    opening = closing.opening
    start, end = leaves.index(opening) + 1, leaves.index(closing)
    tail = Line(leaves[end:], line.depth, is_tail=True)
    body = Line(leaves[start:end], line.depth + 1, is_body=True)
    body.must_explode = _must_explode(body, opening)
    return Split(Line(leaves[:start], line.depth), body, tail, opening, closing)


def _must_explode(body: Line, opening: Leaf) -> bool:
    """Whether `body` is split at its commas even if it would fit."""
    commas = [index for index, leaf in body.outer_leaves() if leaf.kind == ","]
    if not commas:
        return False
    ends_with_comma = commas[-1] == len(body.leaves) - 1
    return len(commas) > ends_with_comma and (ends_with_comma or opening.is_display)


def _equals(line: Line) -> int:
    return sum(leaf.text == "=" for leaf in line.leaves)


def _after_last_equals(line: Line) -> Iterator[Leaf]:
    for leaf in reversed(line.leaves):
        if leaf.text == "=":
            return
        yield leaf
