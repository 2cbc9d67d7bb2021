"""The Jinja environment of a target, and where its templates lie."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import jinja2

from idlgen.emit.template_cache import TemplateCache

_SETTINGS: Mapping[str, Any] = {
    "trim_blocks": True,
    "lstrip_blocks": True,
    "keep_trailing_newline": True,
    "undefined": jinja2.StrictUndefined,
    "autoescape": False,
}


@cache
def templates_root() -> Path:
    """Return the folder that holds one folder of templates a target.

    In a wheel it lies inside the package, in a checkout or an editable install beside it.
    """
    package = Path(__file__).parent.parent
    installed = package / "templates"
    return installed if installed.is_dir() else package.parent / "templates"


def environment(
    target: str, filters: Mapping[str, Callable[..., str]]
) -> jinja2.Environment:
    """Return the environment in which the templates of `target` are rendered.

    `filters` are the target's escaping filters: every text that comes from a schema
    passes one of them, so that it can never become code.
    """
    folder = templates_root() / target
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder),
        bytecode_cache=TemplateCache(folder, _SETTINGS),
        **_SETTINGS,
    )
    environment.filters.update(filters)
    return environment
