"""The classes of a union: one a variant, and one for variants that are not known."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from idlgen.emit.python_text import docstring
from idlgen.model import VALUE_KEY, Api, Field, Struct, Union, Variant
from idlgen.targets.python.declaration_views import DeclarationView
from idlgen.targets.python.examples import shown_fields
from idlgen.targets.python.layout import Layout
from idlgen.targets.python.prose import described
from idlgen.targets.python.structs import Shape, StructView, StructWriter
from idlgen.targets.python.union_names import VariantNames, union_names
from idlgen.targets.python.values import flat_struct

Use = Callable[[str], str]

MAX_BARS = 200
"""How many `|` an alias may have: pyright gives up at 256 in one expression."""


class UnionWriter:
    """Writes the unions of one module; `use` says what imported names are called there."""

    def __init__(
        self, api: Api, use: Use, structs: StructWriter, layout: Layout
    ) -> None:
        self._api = api
        self._use = use
        self._structs = structs
        self._layout = layout

    def classes(self, union: Union) -> Iterator[DeclarationView]:
        """Yield the classes of the variants, then that of the unknown ones."""
        names = union_names(union)
        for each in names.variants:
            view = self._variant(union, each)
            yield DeclarationView(struct=view, extensions=each.variant.extensions)
        if names.unknown is not None:
            header = f"class {names.unknown}({self._use('Unknown')}):"
            text = f"A variant of ``{names.name}`` that this code does not know."
            view = StructView(
                self._layout.statement(header),
                docstring(text, 1, self._layout.line_length),
                (),
            )
            yield DeclarationView(struct=view)

    def static(self, union: Union) -> str:
        """Return the statement that names the union, as checkers see it."""
        names = union_names(union)
        classes = " | ".join(names.classes)
        if len(names.classes) > MAX_BARS:
            classes = f"{self._use('Union')}[{', '.join(names.classes)}]"
        return f"{names.name}: {self._use('TypeAlias')} = {classes}"

    def runtime(self, union: Union) -> str:
        """Return the statement that names an open union at run time."""
        names = union_names(union)
        known = ", ".join([variant.name for variant in names.variants])
        return f"{names.name} = {names.unknown}.beside({known})"

    def _variant(self, union: Union, names: VariantNames) -> StructView:
        variant = names.variant
        doc, strict = variant.doc, False
        fields: Sequence[Field] = _payload(variant)
        if union.flat and variant.type is not None:
            carried = flat_struct(self._api, variant.type)
            declared = self._api.declaration(carried)
            assert isinstance(declared, Struct)
            fields = shown_fields(self._api, declared, self._api.fields(carried))
            doc, strict = doc or declared.doc, declared.strict
        return self._structs.struct(
            names.name,
            fields,
            described(doc, variant.deprecated, variant.since),
            Shape(tag=(union.tag, variant.text), strict=strict),
        )


def _payload(variant: Variant) -> tuple[Field, ...]:
    if variant.type is None:
        return ()
    return (Field(name=VALUE_KEY, type=variant.type, span=variant.span),)
