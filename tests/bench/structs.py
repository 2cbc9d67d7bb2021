"""The same structs for three libraries, for the bench of import times: structs only."""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench.synthetic import FIELDS, REFERENCE, related


def as_idl(n: int) -> str:
    """Return `n` structs as idlgen reads them."""
    lines = ["package: bench", "types:"]
    for i in range(n):
        lines += [f"  Type{i}:", "    fields:"]
        lines += [f"      {field.name}: {field.idl}" for field in FIELDS]
        lines.append(f"      {REFERENCE}: {related(i, n)}?")
    return "\n".join(lines) + "\n"


def as_msgspec(n: int) -> str:
    """Return a module of `n` structs as one writes them by hand with msgspec."""
    imports = "from msgspec import Struct"
    return module(imports, "Struct, frozen=True, kw_only=True, omit_defaults=True", n)


def as_pydantic(n: int) -> str:
    """Return a module of `n` structs as one writes them by hand with pydantic."""
    return module("from pydantic import BaseModel", "BaseModel", n)


def module(imports: str, bases: str, n: int) -> str:
    future = "from __future__ import annotations\n\nfrom datetime import datetime\n"
    classes = (class_lines(i, bases, n) for i in range(n))
    body = "\n\n".join("\n".join(lines) for lines in classes)
    return f"{future}\n{imports}\n\n\n{body}\n"


def class_lines(i: int, bases: str, n: int) -> Iterator[str]:
    yield f"class Type{i}({bases}):"
    for field in FIELDS:
        yield f"    {field.name}: {field.python}"
    yield f"    {REFERENCE}: {related(i, n)} | None = None"
