"""Struct classes: of types, of errors' fields and of methods' params."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct as Record

from idlgen.emit.json_text import json_line
from idlgen.emit.python_text import INDENT, docstring, literal
from idlgen.model import Api, Field, Presence
from idlgen.targets.python.annotations import Annotations
from idlgen.targets.python.layout import Layout
from idlgen.targets.python.names import value_name
from idlgen.targets.python.prose import described
from idlgen.targets.python.values import Values


class AttributeView(Record, frozen=True):
    """A line of a struct's body, `name: str = "x"`, and the docstring under it."""

    declaration: str
    docstring: str | None
    extensions: Mapping[str, object]


class StructView(Record, frozen=True):
    """A class: its decorators and the line that opens it, its docstring, its attributes.

    `type_checking` is what one without attributes calls TYPE_CHECKING: to checkers it
    has an `__init__` without params, or mypy would let it be called with anything.
    """

    header: str
    docstring: str | None
    attributes: Sequence[AttributeView]
    type_checking: str | None = None


class Shape(Record, frozen=True, kw_only=True):
    """What a struct class is besides its fields.

    `type_params` are the names of its type variables, `tag` is the key and the text that
    tell a variant from the others of its union.
    """

    type_params: Sequence[str] = ()
    tag: tuple[str, str] | None = None
    strict: bool = False


PLAIN = Shape()


class StructWriter:
    """Writes the struct classes of one module, `depth` levels deep.

    `reserved` are names that no attribute may have. Structs `of_params` have no docs, as
    clients tell them, and leave a default that is no plain literal to the server: the
    attribute is UNSET until then.
    """

    def __init__(
        self,
        api: Api,
        annotations: Annotations,
        layout: Layout,
        *,
        reserved: frozenset[str],
        depth: int = 0,
        of_params: bool = False,
    ) -> None:
        self._api = api
        self._annotations = annotations
        self._layout = layout
        self._reserved = reserved
        self._depth = depth
        self._of_params = of_params

    def struct(
        self,
        name: str,
        fields: Sequence[Field],
        text: str | None = None,
        shape: Shape = PLAIN,
    ) -> StructView:
        """Return the class `name`; `text` is what its docstring says."""
        names = [value_name(field.identifier, self._reserved) for field in fields]
        annotations = self._annotations.within(frozenset(names))
        use, omits = annotations.scope.use, self._omits_defaults(fields)
        bases = [use("Struct")]
        if shape.type_params:
            bases.append(f"{use('Generic')}[{', '.join(shape.type_params)}]")
        options = ["frozen=True", "kw_only=True"]
        if omits:
            options.append("omit_defaults=True")
        if shape.tag is not None:
            key, tag = map(literal, shape.tag)
            options += [f"tag_field={key}", f"tag={tag}"]
        header = f"class {name}({', '.join([*bases, *options])}):"
        lines = [
            *(["@" + use("strict")] if shape.strict else []),
            *self._hiding(use, names, fields),
            *self._showing(use, names, fields),
            header,
        ]
        return StructView(
            f"\n{INDENT * self._depth}".join(
                [self._layout.statement(line, self._depth) for line in lines]
            ),
            self._docstring(text, self._depth + 1),
            [
                self._attribute(annotations, name, field, omits=omits)
                for name, field in zip(names, fields, strict=True)
            ],
            None if fields or self._of_params else use("TYPE_CHECKING"),
        )

    def _hiding(
        self, use: Callable[[str], str], names: Sequence[str], fields: Sequence[Field]
    ) -> list[str]:
        """Return the decorator that hides the sensitive fields, where there are some."""
        hidden = [
            literal(name)
            for name, field in zip(names, fields, strict=True)
            if field.sensitive
        ]
        return [f"@{use('hides')}({', '.join(hidden)})"] if hidden else []

    def _showing(
        self, use: Callable[[str], str], names: Sequence[str], fields: Sequence[Field]
    ) -> list[str]:
        """Return the decorator with the examples of the fields of a type."""
        if self._of_params or self._depth:
            return []
        shown = [
            f"{name}={literal(json_line(field.example))}"
            for name, field in zip(names, fields, strict=True)
            if field.has_example
        ]
        return [f"@{use('shows')}({', '.join(shown)})"] if shown else []

    def _omits_defaults(self, fields: Sequence[Field]) -> bool:
        for field in fields:
            if field.presence is Presence.OPTIONAL:
                return True
            if field.presence is Presence.DEFAULTED and self._of_params:
                return True
        return False

    def _attribute(
        self, annotations: Annotations, name: str, field: Field, *, omits: bool
    ) -> AttributeView:
        use = annotations.scope.use
        annotation = annotations.member(field)
        value, is_factory = None, False
        match field.presence:
            case Presence.OPTIONAL:
                value = "None"
            case Presence.PATCH:
                value = use("UNSET")
            case Presence.DEFAULTED:
                values = Values(self._api, annotations.scope)
                is_plain = values.is_plain(field.type, field.default)
                if self._of_params and not is_plain:
                    annotation = f"{annotation} | {use('UnsetType')}"
                    value = use("UNSET")
                else:
                    # msgspec leaves out the very object of the default, and what a
                    # factory made is never that.
                    is_factory = not self._of_params and (omits or not is_plain)
                    express = values.made if is_factory else values.expression
                    value = express(field.type, field.default)
        arguments = []
        if value is not None:
            arguments.append(
                f"default_factory=lambda: {value}" if is_factory else f"default={value}"
            )
        key = field.wire_name
        if name != key:
            arguments.append(f"name={literal(key)}")
        declaration = f"{name}: {annotation}"
        if len(arguments) == 1 and value is not None and not is_factory:
            declaration += f" = {value}"
        elif arguments:
            declaration += f" = {use('field')}({', '.join(arguments)})"
        depth = self._depth + 1
        text = None
        if not self._of_params:
            text = described(field.doc, field.deprecated, field.since)
        return AttributeView(
            self._layout.statement(declaration, depth),
            self._docstring(text, depth),
            field.extensions,
        )

    def _docstring(self, text: str | None, depth: int) -> str | None:
        return text and docstring(text, depth, self._layout.line_length)
