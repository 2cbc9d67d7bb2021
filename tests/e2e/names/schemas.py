"""Schemas that hold every name of the table, one position a package."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tests.e2e.names import member_schemas, type_schemas
from tests.e2e.names.scopes import PACKAGE_NAMES, SERVED, Renamed
from tests.e2e.names.type_schemas import TYPE_VALUES

POSITIONS: Mapping[str, Callable[[frozenset[str]], str]] = {
    "fields": member_schemas.fields,
    "params": member_schemas.params,
    "methods": member_schemas.methods,
    "values": member_schemas.values,
    "errors": member_schemas.errors,
    "error_fields": member_schemas.error_fields,
    "services": type_schemas.services,
    "variants": type_schemas.variants,
    "tags": type_schemas.tags,
    "type_params": type_schemas.type_params,
    "import_names": type_schemas.import_names,
    "imports": type_schemas.imports,
}
"""What writes the schema of the package `position.<key>`."""

COUNT = len(PACKAGE_NAMES) + len(TYPE_VALUES) + len(POSITIONS)
"""How many schemas there are."""


def schemas(renamed: Renamed) -> dict[str, str]:
    """Return the text of each schema by its package's name.

    `renamed` holds, by position, the names that get a `name:`.
    """
    texts = {f"position.{kind}": type_schemas.types(kind) for kind in TYPE_VALUES}
    for position in POSITIONS:
        texts[f"position.{position}"] = schema(position, renamed)
    texts |= dict.fromkeys(PACKAGE_NAMES, type_schemas.IMPORTED)
    texts |= dict.fromkeys(SERVED, type_schemas.IMPORTED + type_schemas.SERVICE)
    return {package: f'package: "{package}"\n{text}' for package, text in texts.items()}


def schema(position: str, renamed: Renamed) -> str:
    """Return the text of one position's schema, without its package."""
    return POSITIONS[position](frozenset(renamed.get(position, ())))
