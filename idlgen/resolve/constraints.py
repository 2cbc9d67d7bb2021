"""Constraints: which types take which, whether they can be met, and whether values do."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Context, Decimal

import msgspec

from idlgen.diagnostics import Diagnostic, Label, Span
from idlgen.model import NO_CONSTRAINTS, Constraints, Scalar
from idlgen.resolve.scalars import Misfit, scalar_value
from idlgen.resolve.scope import Scope
from idlgen.syntax.forms import (
    ITEM_CONSTRAINTS,
    LENGTH_CONSTRAINTS,
    NUMBER_CONSTRAINTS,
)
from idlgen.syntax.patterns import PatternError, parse_pattern
from idlgen.syntax.yaml_tree import (
    Entry,
    ErrorNode,
    Node,
    ScalarNode,
    as_int,
    is_null,
)

_NUMBERS = ("int", "int32", "uint32", "int64", "uint64", "float", "float32", "decimal")
_APPLICABLE: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(_NUMBERS, NUMBER_CONSTRAINTS),
    "string": (*LENGTH_CONSTRAINTS, "pattern"),
    "bytes": LENGTH_CONSTRAINTS,
    **dict.fromkeys(("list", "set", "map"), ITEM_CONSTRAINTS),
}
# Decimals have at most 400 digits, floats 309 before and 324 behind the point.
_EXACT = Context(prec=1600)
# Each pair bounds the same thing from below and from above.
_PAIRS = (
    ("min", "max"),
    ("min", "exclusive_max"),
    ("exclusive_min", "max"),
    ("exclusive_min", "exclusive_max"),
    LENGTH_CONSTRAINTS,
    ITEM_CONSTRAINTS,
)


def read_constraints(
    entries: Mapping[str, Entry], base: str | None, scope: Scope
) -> Constraints:
    """Return the constraints that `entries` give to a type that comes to `base`.

    `base` is a scalar's name, "enum", "struct", "list", "set" or "map"; None stands for
    a type that was refused. What does not apply or cannot be met is reported.
    """
    if not entries or base is None:
        return NO_CONSTRAINTS
    return _Reader(base, scope).read(entries)


class _Reader:
    def __init__(self, base: str, scope: Scope) -> None:
        self.base = base
        self.scope = scope

    def read(self, entries: Mapping[str, Entry]) -> Constraints:
        values: dict[str, object] = {}
        applicable = _APPLICABLE.get(self.base, ())
        for key, entry in entries.items():
            if key not in applicable:
                self._inapplicable(key, entry, applicable)
            elif not isinstance(entry.value, ErrorNode):
                value = self._value(key, entry.value)
                if value is not None:
                    values[key] = value
        self._check_order(values, entries)
        return msgspec.convert(values, Constraints)

    def _inapplicable(
        self, key: str, entry: Entry, applicable: tuple[str, ...]
    ) -> None:
        listed = ", ".join(f"`{name}`" for name in applicable)
        self._report(
            "IDL119",
            entry.key,
            f"`{key}` does not apply to `{self.base}`",
            f"`{self.base}` takes {listed}" if listed else "leave it out",
        )

    def _value(self, key: str, node: Node) -> object:
        if key in NUMBER_CONSTRAINTS:
            return self._number(key, node)
        if key == "pattern":
            return self._pattern(node)
        count = as_int(node)
        if count is None or count < 0:
            self._report("IDL120", node, f"`{key}` must be a count, such as `1`")
            return None
        return count

    def _number(self, key: str, node: Node) -> object:
        value: object = None
        if isinstance(node, ScalarNode):
            try:
                value = scalar_value(node, Scalar(self.base))
            except Misfit as misfit:
                self._report("IDL120", node, f"`{key}` must be {misfit}")
                return None
        if value is None or (key == "multiple_of" and Decimal(str(value)) <= 0):
            self._report("IDL120", node, f"`{key}` must be a number above zero")
            return None
        return value

    def _pattern(self, node: Node) -> str | None:
        if not isinstance(node, ScalarNode) or is_null(node):
            self._report("IDL121", node, "`pattern` must be a text")
            return None
        try:
            parse_pattern(node.text)
        except PatternError as error:
            self._bad_pattern(node, error)
            return None
        return node.text

    def _bad_pattern(self, node: ScalarNode, error: PatternError) -> None:
        start = node.start + error.at + (0 if node.plain else 1)
        self.scope.report(
            Diagnostic(
                code="IDL121",
                message=f"the pattern cannot be used: {error}",
                span=Span(self.scope.document.source, start, start + 1),
                hint="patterns are what JavaScript and Python read alike",
            )
        )

    def _check_order(
        self, values: Mapping[str, object], entries: Mapping[str, Entry]
    ) -> None:
        for low, high in _PAIRS:
            if low not in values or high not in values:
                continue
            least, most = Decimal(str(values[low])), Decimal(str(values[high]))
            exclusive = "exclusive_min" in (low, high) or "exclusive_max" in (low, high)
            if least > most or (exclusive and least == most):
                self._report(
                    "IDL120",
                    entries[high].value,
                    f"no value has `{low}` {values[low]} and `{high}` {values[high]}",
                    other=entries[low].value,
                )

    def _report(
        self,
        code: str,
        node: Node,
        message: str,
        hint: str | None = None,
        other: Node | None = None,
    ) -> None:
        place = self.scope.document.place
        labels = () if other is None else (Label(place(other), "with this"),)
        self.scope.report(
            Diagnostic(
                code=code, message=message, span=place(node), labels=labels, hint=hint
            )
        )


def violation(value: object, constraints: Constraints) -> str | None:
    """Return what a JSON value was expected to be, or None if it meets `constraints`."""
    if constraints is NO_CONSTRAINTS or value is None:
        return None
    for key, fits, expected in _TESTS:
        bound = getattr(constraints, key)
        if bound is not None and not fits(value, bound):
            return expected.format(bound)
    return None


def _is_multiple(value: object, bound: object) -> bool:
    """Return whether a number is a whole multiple of `bound`, exactly.

    Decimal's own `%` gives up where the quotient is longer than its precision. The
    zeros that an exponent stands for are never written out.
    """
    number, of = _decimal(value), _decimal(bound)
    if not number:
        return True
    (digits, exponent), (divisor, scale) = _scientific(number), _scientific(of)
    shift = exponent - scale
    if shift >= 0:
        return digits * pow(10, shift, divisor) % divisor == 0
    # A multiple has at least the divisor's digits.
    return (
        -shift <= number.adjusted() - exponent
        and digits % 10**-shift == 0
        and (digits // 10**-shift % divisor == 0)
    )


def _scientific(number: Decimal) -> tuple[int, int]:
    """Return the digits of a finite number without its point, and the exponent."""
    _, digits, exponent = number.as_tuple()
    assert isinstance(exponent, int)
    return int(Decimal((0, digits, 0))), exponent


def _decimal(value: object) -> Decimal:
    return Decimal(str(value))


def _length(value: object) -> int:
    assert isinstance(value, str | bytes | list | dict)
    return len(value)


def _matches(value: object, pattern: object) -> bool:
    import re

    return re.search(parse_pattern(str(pattern)).python, str(value)) is not None


_TESTS = (
    ("min", lambda v, b: _decimal(v) >= _decimal(b), "a number of at least {}"),
    ("max", lambda v, b: _decimal(v) <= _decimal(b), "a number of at most {}"),
    ("exclusive_min", lambda v, b: _decimal(v) > _decimal(b), "a number above {}"),
    ("exclusive_max", lambda v, b: _decimal(v) < _decimal(b), "a number below {}"),
    ("multiple_of", _is_multiple, "a multiple of {}"),
    ("min_length", lambda v, b: _length(v) >= b, "a length of at least {}"),
    ("max_length", lambda v, b: _length(v) <= b, "a length of at most {}"),
    ("pattern", _matches, "a text in which `{}` is found"),
    ("min_items", lambda v, b: _length(v) >= b, "at least {} items"),
    ("max_items", lambda v, b: _length(v) <= b, "at most {} items"),
)
