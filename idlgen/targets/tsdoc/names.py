"""TypeScript names for the names of a schema, and where two of them meet."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from idlgen.diagnostics import Diagnostic, Label
from idlgen.model import Declaration, Field, Package, Union

# What strict mode, modules and classes keep from being the name of anything.
_RESERVED_WORDS = """
    arguments await break case catch class const continue debugger default delete do
    else enum eval export extends false finally for function if implements import in
    instanceof interface let new null package private protected public return static
    super switch this throw true try typeof var void while with yield
"""
RESERVED = frozenset(_RESERVED_WORDS.split())
# What interfaces, type aliases and imports cannot be called either: the language's own
# types, and words that are taken for an operator where a type begins.
_OWN_TYPES = """
    any bigint boolean infer intrinsic keyof never number object readonly
    string symbol undefined unique unknown
"""
_RESERVED_TYPES = RESERVED.union(_OWN_TYPES.split())


def free_name(name: str) -> str:
    """Return `name`, with an underscore where TypeScript keeps it for itself."""
    return f"{name}_" if name in _RESERVED_TYPES else name


def type_name(declaration: Declaration) -> str:
    """Return the name of an interface or a type: what `name:` says, else the schema's.

    Names of the schema begin with a capital, as no reserved word does; what `name:`
    says may be one, and gets an underscore.
    """
    return free_name(declaration.identifier)


def unknown_name(union: Union) -> str:
    """Return the name of what stands for the variants that an open union has not yet."""
    return f"{type_name(union)}Unknown"


def made_names(package: Package) -> Iterator[tuple[str, Declaration]]:
    """Yield each name that the file declares, with what in the schema makes it."""
    for section in (package.types, package.errors, package.services):
        for declaration in section.values():
            yield type_name(declaration), declaration
            if isinstance(declaration, Union) and not declaration.closed:
                yield unknown_name(declaration), declaration


def colliding_types(package: Package) -> Iterator[Diagnostic]:
    """Yield each declaration that makes a name in TypeScript which another one makes."""
    seen: dict[str, Declaration] = {}
    for name, declaration in made_names(package):
        first = seen.setdefault(name, declaration)
        if first is not declaration:
            yield Diagnostic(
                code="IDL402",
                message=f"`{first.name}` and `{declaration.name}` "
                f"both make `{name}` in TypeScript",
                span=declaration.span,
                labels=(Label(first.span, f"`{first.name}` is here"),),
                hint="give one of them another `name:`",
            )


def param_names(
    params: Sequence[Field], reserved: Collection[str] = RESERVED
) -> Mapping[str, str]:
    """Return the name of each param in a signature, by its name in the schema.

    A reserved word, or a name that an earlier param has, gets underscores until no
    other param is called so.
    """
    names: dict[str, str] = {}
    taken = {param.identifier for param in params}.difference(reserved)
    for param in params:
        name = param.identifier
        if name in reserved or name in names.values():
            name += "_"
            while name in taken:
                name += "_"
            taken.add(name)
        names[param.name] = name
    return names
