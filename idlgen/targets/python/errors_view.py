"""The view of errors.py: one class for each declared error, of the class of its status."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from msgspec import Struct as Record

from idlgen.emit.python_text import docstring, literal
from idlgen.model import Api, Error, Field, Package
from idlgen.targets.python.annotations import Annotations, Scope
from idlgen.targets.python.foreign_modules import ForeignModules
from idlgen.targets.python.imports import Imports, class_names
from idlgen.targets.python.layout import Layout
from idlgen.targets.python.names import ERROR_FIELD_NAMES, class_name
from idlgen.targets.python.params import keywords_of_caller, params
from idlgen.targets.python.prose import described
from idlgen.targets.python.structs import StructView, StructWriter
from idlgen.targets.python.values import Values
from idlgen.wire.error_classes import ERROR_CLASSES


class DefaultView(Record, frozen=True):
    """A parameter that is UNSET where the caller left it out, and what it is then."""

    condition: str
    assignment: str


class ErrorView(Record, frozen=True):
    """An error class; `fields` is None where the error has none."""

    header: str
    docstring: str | None
    name: str
    message: str | None
    fields: StructView | None
    signature: str
    defaults: Sequence[DefaultView]
    assignments: Sequence[str]
    initialization: str
    extensions: Mapping[str, object]


class ErrorsView(Record, frozen=True):
    """All of errors.py."""

    docstring: str
    imports: str
    errors: Sequence[ErrorView]
    extensions: Mapping[str, object]


_HOLE = re.compile(r"\{\{|\}\}|\{([A-Za-z_][A-Za-z0-9_]*)\}")


def errors_view(api: Api, package: Package, layout: Layout) -> ErrorsView:
    """Return the view of errors.py for a package that declares errors."""
    foreign = ForeignModules(api, package.name)
    imports = Imports(foreign, class_names(package.errors))
    writer = _ErrorsWriter(api, package.name, imports, layout)
    errors = [writer.error(error) for error in package.errors.values()]
    return ErrorsView(
        docstring=docstring(
            f"Errors of package ``{package.name}``.", 0, layout.line_length
        ),
        imports=imports.lines(layout),
        errors=errors,
        extensions=package.extensions,
    )


class _ErrorsWriter:
    def __init__(
        self, api: Api, package: str, imports: Imports, layout: Layout
    ) -> None:
        self._api = api
        self._package = package
        self._layout = layout
        self._scope = Scope(package, imports, types="types")
        self._static = Annotations(api, self._scope, at_runtime=False)
        self._fields = StructWriter(
            api,
            Annotations(api, self._scope, at_runtime=True),
            layout,
            reserved=ERROR_FIELD_NAMES,
            depth=1,
        )

    def error(self, error: Error) -> ErrorView:
        layout, use = self._layout, self._scope.use
        text = described(error.doc, error.deprecated, error.since)
        constant = f"{use('ClassVar')}[{use('str')}]"
        name = literal(f"{self._package}.{error.name}")
        taken = params(self._api, self._static, error.fields, ERROR_FIELD_NAMES)
        names = [param.name for param in taken]
        message = None
        if error.message is not None:
            called = dict(zip([f.name for f in error.fields], names, strict=True))
            message = literal(_with_names(error.message, called))
            message = f"_idl_message: {constant} = {message}"
        fields = ", ".join([f"{name}={name}" for name in names])
        keywords = [param.declaration for param in taken if param.is_required]
        keywords += keywords_of_caller(self._scope, taken)
        return ErrorView(
            header=layout.statement(
                f"class {class_name(error.identifier)}({use(ERROR_CLASSES[error.status])}):"
            ),
            docstring=text and docstring(text, 1, layout.line_length),
            name=layout.statement(f"_idl_name: {constant} = {name}", 1),
            message=message and layout.statement(message, 1),
            fields=self._fields.struct("Fields", error.fields) if taken else None,
            signature=layout.definition(
                "def __init__(", ["self", "*", *keywords], ") -> None:"
            ),
            defaults=[
                self._default(names, param.name, field)
                for param, field in zip(taken, error.fields, strict=True)
                if param.is_deferred
            ],
            assignments=[layout.statement(f"self.{n} = {n}", 2) for n in names],
            initialization=layout.statement(
                f"super().__init__(fields=self.Fields({fields}))", 2
            ),
            extensions=error.extensions,
        )

    def _default(self, params: list[str], name: str, field: Field) -> DefaultView:
        # The other params shadow what stands outside of the function.
        values = Values(self._api, self._scope.within(frozenset(params)))
        expression = values.expression(field.type, field.default)
        return DefaultView(
            condition=self._layout.condition(
                f"if {name} is {self._scope.use('UNSET')}:", 2
            ),
            assignment=self._layout.statement(f"{name} = {expression}", 3),
        )


def _with_names(message: str, called: Mapping[str, str]) -> str:
    """Return the message with its fields in braces as `called` in Python."""

    def replaced(hole: re.Match[str]) -> str:
        return hole[0] if hole[1] is None else f"{{{called[hole[1]]}}}"

    return _HOLE.sub(replaced, message)
