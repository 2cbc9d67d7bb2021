"""TypeScript names for the names of a schema, and where two of them meet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from idlgen.diagnostics import Diagnostic, Label
from idlgen.model import Declaration, Field, Package

# What strict mode, modules and classes keep from being the name of anything.
_RESERVED_WORDS = """
    arguments await break case catch class const continue debugger default delete do
    else enum eval export extends false finally for function if implements import in
    instanceof interface let new null package private protected public return static
    super switch this throw true try typeof var void while with yield
"""
_RESERVED = frozenset(_RESERVED_WORDS.split())
# What interfaces and type aliases cannot be called either.
_OWN_TYPES = """
    any bigint boolean never number object string symbol undefined unknown
"""
_RESERVED_TYPES = _RESERVED.union(_OWN_TYPES.split())


def type_name(declaration: Declaration) -> str:
    """Return the name of an interface or a type: what `name:` says, else the schema's.

    Names of the schema begin with a capital, as no reserved word does; what `name:`
    says may be one, and gets an underscore.
    """
    name = declaration.identifier
    return f"{name}_" if name in _RESERVED_TYPES else name


def type_names(package: Package) -> Mapping[str, str]:
    """Return the TypeScript name of each declaration by its name in the schema."""
    return {each.name: type_name(each) for each in _declarations(package)}


def colliding_types(package: Package) -> Iterator[Diagnostic]:
    """Yield each declaration whose name in TypeScript another one has already."""
    seen: dict[str, Declaration] = {}
    for declaration in _declarations(package):
        name = type_name(declaration)
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


def param_names(params: Sequence[Field]) -> Mapping[str, str]:
    """Return the name of each param in a signature, by its name in the schema.

    A reserved word, or a name that an earlier param has, gets underscores until no
    other param is called so.
    """
    names: dict[str, str] = {}
    taken = {param.identifier for param in params} - _RESERVED
    for param in params:
        name = param.identifier
        if name in _RESERVED or name in names.values():
            name += "_"
            while name in taken:
                name += "_"
            taken.add(name)
        names[param.name] = name
    return names


def _declarations(package: Package) -> Iterator[Declaration]:
    yield from package.types.values()
    yield from package.errors.values()
    yield from package.services.values()
