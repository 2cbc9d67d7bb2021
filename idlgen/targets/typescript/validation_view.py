"""The view of validation.ts: what the methods of a package answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from msgspec import Struct as Record

from idlgen.emit.typescript_text import string_literal
from idlgen.model import Api, Method, Package, StreamType
from idlgen.targets.tsdoc.comments import comment
from idlgen.targets.typescript.imports import module_import
from idlgen.targets.typescript.kinds import Kinds
from idlgen.targets.typescript.shapes import ShapeView
from idlgen.wire.jsonrpc import method_name

EXPORTED = "validation"


class AnswerView(Record, frozen=True):
    """What one method answers; `method` is a literal, `expected` an expression."""

    method: str
    expected: str
    extensions: Mapping[str, object]
    part_extensions: Mapping[str, Mapping[str, object]]


class ValidationView(Record, frozen=True):
    """All of validation.ts; `runtime` is what it calls the runtime."""

    comment: str
    imports: Sequence[str]
    runtime: str
    kinds: Sequence[ShapeView]
    answers: Sequence[AnswerView]
    extensions: Mapping[str, object]


def validation_view(
    api: Api,
    package: Package,
    free: Callable[[str], str],
    runtime: str,
    runtime_module: str,
) -> ValidationView:
    """Return the view of validation.ts for a package that declares services.

    `free` makes a name that nothing else in the module has.
    """
    kinds = Kinds(api, free)
    answers = [
        AnswerView(
            string_literal(method_name(package, service, method)),
            _expected(method, kinds),
            method.extensions,
            method.part_extensions,
        )
        for service in package.services.values()
        for method in service.methods
    ]
    told = f"What the methods of package {package.name} answer, for `validated()`."
    return ValidationView(
        comment=comment("", told),
        imports=[module_import(runtime, string_literal(runtime_module), "type ")],
        runtime=runtime,
        kinds=kinds.views(),
        answers=answers,
        extensions=package.extensions,
    )


def _expected(method: Method, kinds: Kinds) -> str:
    entries = []
    if method.returns is not None:
        name = "items" if isinstance(method.returns, StreamType) else "result"
        entries.append(f"{name}: {kinds.of(method.returns)}")
    errors = [*_errors(method, kinds)]
    if errors:
        inside = "".join(f"\n      {error}," for error in errors)
        entries.append(f"errors: {{{inside}\n    }}")
        return "{" + "".join(f"\n    {entry}," for entry in entries) + "\n  }"
    return f"{{ {entries[0]} }}" if entries else "{}"


def _errors(method: Method, kinds: Kinds) -> Iterator[str]:
    """Yield the members that tell of the fields of errors, those that have some."""
    for ref in method.errors:
        kind = kinds.of_error(ref)
        if kind is not None:
            yield f"{string_literal(f'{ref.package}.{ref.name}')}: {kind}"
