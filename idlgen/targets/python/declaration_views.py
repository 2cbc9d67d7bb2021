"""The views of types.py's declarations, and the empty lines between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct as Record

from idlgen.targets.python.structs import AttributeView, StructView


class EnumView(Record, frozen=True):
    """An enum class; `type_checking` is what an open one calls TYPE_CHECKING."""

    header: str
    docstring: str | None
    members: Sequence[AttributeView]
    type_checking: str | None


class AssignmentView(Record, frozen=True):
    """An alias, a closed union, or a newtype that is the same at run time."""

    statement: str
    docstring: str | None


class BranchesView(Record, frozen=True):
    """A newtype or an open union: another thing at run time than to checkers."""

    type_checking: str
    static: str
    runtime: str
    docstring: str | None


class DeclarationView(Record):
    """One declaration of one of four kinds; `gap` parts it from the one before.

    A union is several: a struct a variant, one for what is unknown, and its own name.
    Where `imports` is set it is none: what has to be imported before the rest.
    `extensions` are those of the type, or of a variant where it is a variant's class.
    """

    gap: str = ""
    struct: StructView | None = None
    enum: EnumView | None = None
    assignment: AssignmentView | None = None
    branches: BranchesView | None = None
    imports: str | None = None
    extensions: Mapping[str, object] = {}

    @property
    def is_class(self) -> bool:
        """Whether two empty lines stand around it."""
        return self.struct is not None or self.enum is not None

    @property
    def is_one_line(self) -> bool:
        """Whether the next of its kind may follow directly."""
        return self.assignment is not None and self.assignment.docstring is None


def gap(before: DeclarationView | None, view: DeclarationView) -> str:
    """Return the empty lines before `view`, one line end each."""
    if view.is_class or (before is not None and before.is_class):
        return "\n\n"
    if before is None or not (before.is_one_line and view.is_one_line):
        return "\n"
    return ""
