"""Constraints in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from idlgen.model import (
    NO_CONSTRAINTS,
    Alias,
    Api,
    Constraints,
    NamedType,
    Newtype,
    NullableType,
    Scalar,
    ScalarType,
    TypeRef,
)
from idlgen.model.declarations import Bound


def constraint_text(
    api: Api, ref: TypeRef, constraints: Constraints, code: Callable[[str], str]
) -> str:
    """Return what narrows the values of type `ref`, such as `1 to 100 characters`, or "".

    `code` shows a pattern as code. The text neither begins with a capital nor ends
    with a full stop.
    """
    if constraints is NO_CONSTRAINTS:
        return ""
    return ", ".join(_phrases(constraints, _is_bytes(api, ref), code))


def constraint_sentence(
    api: Api, ref: TypeRef, constraints: Constraints, code: Callable[[str], str]
) -> str:
    """Return `constraint_text` as a sentence, or ""."""
    text = constraint_text(api, ref, constraints, code)
    return f"{text[0].upper()}{text[1:]}." if text else ""


def _phrases(
    constraints: Constraints, is_bytes: bool, code: Callable[[str], str]
) -> Iterator[str]:
    c = constraints
    if c.exclusive_min is not None:
        yield f"above {_number(c.exclusive_min)}"
    yield from _range(_number(c.min), _number(c.max), "")
    if c.exclusive_max is not None:
        yield f"below {_number(c.exclusive_max)}"
    if c.multiple_of is not None:
        yield f"a multiple of {_number(c.multiple_of)}"
    yield from _range(c.min_length, c.max_length, "byte" if is_bytes else "character")
    if c.pattern is not None:
        yield f"matches {code(c.pattern)}"
    yield from _range(c.min_items, c.max_items, "item")


def _number(bound: Bound | None) -> Bound | None:
    """Return a bound as people write it: `1`, not `1.0`."""
    if isinstance(bound, float) and bound.is_integer() and abs(bound) < 2**53:
        return int(bound)
    return bound


def _range(least: object, most: object, unit: str) -> Iterator[str]:
    """Yield `1 to 3 items`, `at least 1 item`, `at most 3 items` or `exactly 1 item`."""
    if least is None and most is None:
        return
    last = least if most is None else most
    noun = f" {unit}" if unit and last == 1 else f" {unit}s" if unit else ""
    if most is None:
        yield f"at least {least}{noun}"
    elif least is None:
        yield f"at most {most}{noun}"
    elif least == most:
        yield f"exactly {most}{noun}"
    else:
        yield f"{least} to {most}{noun}"


def _is_bytes(api: Api, ref: TypeRef) -> bool:
    while True:
        match ref:
            case NullableType(inner):
                ref = inner
            case NamedType():
                declared = api.declaration(ref)
                if not isinstance(declared, Alias | Newtype):
                    return False
                ref = declared.type
            case _:
                return ref == ScalarType(Scalar.BYTES)
