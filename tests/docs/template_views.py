"""The tables of docs/configuration.md: what each template sees, read off the views.

`python -m tests.docs.template_views` writes them anew; `make regen` does that too.
"""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Union, get_args, get_origin, get_type_hints

from idlgen.targets.docs.markdown_view import MarkdownView
from idlgen.targets.docs.typescript_view import TypeScriptView
from idlgen.targets.python.client_view import ClientsView
from idlgen.targets.python.descriptors_view import DescriptorsView
from idlgen.targets.python.errors_view import ErrorsView
from idlgen.targets.python.fakes_view import FakesView
from idlgen.targets.python.server_view import ServersView
from idlgen.targets.python.types_view import TypesView
from idlgen.targets.typescript import (
    client_view,
    descriptors_view,
    errors_view,
    index_view,
    types_view,
    validation_view,
)

PAGE = Path(__file__).parent.parent.parent / "docs/configuration.md"
BEGIN, END = "<!-- views: begin -->\n", "<!-- views: end -->\n"

VIEWS: Mapping[str, type] = {
    "python/_service.py.j2": DescriptorsView,
    "python/client.py.j2": ClientsView,
    "python/errors.py.j2": ErrorsView,
    "python/server.py.j2": ServersView,
    "python/testing.py.j2": FakesView,
    "python/types.py.j2": TypesView,
    "docs/package.d.ts.j2": TypeScriptView,
    "docs/package.md.j2": MarkdownView,
    "typescript/_service.ts.j2": descriptors_view.DescriptorsView,
    "typescript/_shapes.ts.j2": descriptors_view.ShapesView,
    "typescript/client.ts.j2": client_view.ClientsView,
    "typescript/errors.ts.j2": errors_view.ErrorsView,
    "typescript/index.ts.j2": index_view.IndexView,
    "typescript/types.ts.j2": types_view.TypesView,
    "typescript/validation.ts.j2": validation_view.ValidationView,
}
TEXTS = {str: "text", bool: "true or false", int: "number"}


def tables() -> str:
    """Return a table for each template: every path from `view`, and what is there."""
    return "".join("".join(_table(name, view)) for name, view in VIEWS.items())


def _table(name: str, view: type) -> Iterator[str]:
    yield f"\n### `{name}`\n\n| Attribute | What it is |\n| --- | --- |\n"
    for path, kind in _attributes("view", view, ()):
        yield f"| `{path}` | {kind} |\n"


def _attributes(
    path: str, view: type, above: tuple[type, ...]
) -> Iterator[tuple[str, str]]:
    for name, hint in get_type_hints(view).items():
        if not name.startswith("_"):
            yield from _attribute(f"{path}.{name}", hint, (*above, view))


def _attribute(
    path: str, hint: object, above: tuple[type, ...]
) -> Iterator[tuple[str, str]]:
    ending = ""
    if get_origin(hint) in (Union, types.UnionType):
        (hint,) = set(get_args(hint)) - {types.NoneType}
        ending = ", or none"
    many = get_origin(hint) in (Sequence, list, tuple)
    if many:
        hint = get_args(hint)[0]
    if get_origin(hint) in (Mapping, dict):
        yield path, "map" + ending
        return
    assert isinstance(hint, type), f"{path} is {hint}"
    if hint in TEXTS:
        yield path, ("list of " if many else "") + TEXTS[hint] + ending
        return
    called = (hint.__doc__ or "").partition("\n")[0].removesuffix(".")
    called = (called[:1].lower() + called[1:]).replace("|", "\\|")
    yield path, (f"list, each: {called}" if many else called) + ending
    if hint not in above:
        yield from _attributes(f"{path}[]" if many else path, hint, above)


def main() -> None:
    """Write the tables into the page."""
    before, rest = PAGE.read_text(encoding="utf-8").split(BEGIN)
    after = rest.split(END)[1]
    PAGE.write_text(f"{before}{BEGIN}{tables()}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
