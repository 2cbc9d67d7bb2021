"""The runtime that generated clients import, written beside them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from idlgen.emit.templates import templates_root
from idlgen.targets.typescript.modules import RUNTIME_FOLDER


@cache
def _sources() -> tuple[tuple[str, str], ...]:
    folder = templates_root() / "typescript" / "runtime"
    return tuple(
        (path.name, path.read_text("utf-8")) for path in sorted(folder.glob("*.ts"))
    )


def runtime_files() -> Iterator[tuple[str, str]]:
    """Yield the path and the text of each module of the runtime.

    They are kept by hand: TypeScript, not templates.
    """
    for name, text in _sources():
        yield f"{RUNTIME_FOLDER}/{name}", text
