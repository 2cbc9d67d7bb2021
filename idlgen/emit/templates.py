"""Renders the templates of a target, and knows where they lie."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import jinja2

from idlgen.diagnostics import Diagnostic
from idlgen.emit.own_templates import OwnTemplates, TemplateFault
from idlgen.emit.python_format import formatted, is_formatted
from idlgen.emit.template_cache import TemplateCache

_SETTINGS: Mapping[str, Any] = {
    "trim_blocks": True,
    "lstrip_blocks": True,
    "keep_trailing_newline": True,
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


def built_in(target: str) -> list[str]:
    """Return the names of the built-in templates of `target`, sorted."""
    return sorted(path.name for path in (templates_root() / target).glob("*.j2"))


class Templates:
    """The templates of a target, some of them perhaps a project's own.

    `filters` are the target's escaping filters: every text that comes from a schema
    passes one of them, so that it can never become code. What an own template named
    `*.py.j2` writes is formatted in lines of `line_length` columns.
    """

    def __init__(
        self,
        target: str,
        filters: Mapping[str, Callable[..., str]],
        own: OwnTemplates | None = None,
        line_length: int = 88,
    ) -> None:
        self._own = own or {}
        self._line_length = line_length
        folder = templates_root() / target
        loader: jinja2.BaseLoader = jinja2.FileSystemLoader(folder)
        undefined: type[jinja2.Undefined] = jinja2.StrictUndefined
        if self._own:
            # Most projects have none, and need not wait for what those take.
            from idlgen.emit.own_loading import Missing, beside

            loader, undefined = beside(loader, self._own), Missing
        self._environment = jinja2.Environment(
            loader=loader,
            undefined=undefined,
            bytecode_cache=TemplateCache(folder, _SETTINGS),
            **_SETTINGS,
        )
        self._environment.filters.update(filters)

    def render(self, name: str, view: object) -> str:
        """Return what the template `name` makes of `view`.

        Raises:
            TemplateFault: a template of the project's own is at fault.
        """
        try:
            text = self._environment.get_template(name).render(view=view)
        except Exception as error:  # an own template may do anything
            self._blame(error)
            raise
        return self._finished(name, text) if name in self._own else text

    def _blame(self, error: Exception) -> None:
        from idlgen.emit.own_loading import fault

        found = fault(error, self._own)
        if found is not None:
            raise TemplateFault(found) from error

    def _finished(self, name: str, text: str) -> str:
        """Return what an own template wrote as it belongs into a file."""
        path = self._own[name].path
        try:
            text.encode()
            return formatted(text, self._line_length) if is_formatted(name) else text
        except UnicodeEncodeError as error:
            code = f"U+{ord(text[error.start]):04X}"
            message = f"this template writes {code}, which no file can hold"
            found = Diagnostic(code="IDL515", message=message, path=path)
            raise TemplateFault(found) from error
        except ValueError as error:
            found = Diagnostic(
                code="IDL517",
                message=f"what this template writes is not Python: {error}",
                path=path,
                hint="lines are those of the text that it writes, without the header",
            )
            raise TemplateFault(found) from error
