"""Where the JSON Schema of the language lies."""

from __future__ import annotations

from pathlib import Path


def idl_schema_path() -> Path:
    """Return the path of `idl.schema.json`, UTF-8, JSON Schema draft-07.

    In a wheel it lies inside the package, in a checkout or an editable install beside it.
    """
    package = Path(__file__).parent.parent
    installed = package / "schemas"
    folder = installed if installed.is_dir() else package.parent / "schemas"
    return folder / "idl.schema.json"
