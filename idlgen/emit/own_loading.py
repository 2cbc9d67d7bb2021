"""Loads a project's own templates, and finds what is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping
from traceback import walk_tb

import jinja2
from jinja2 import meta
from jinja2.utils import missing

from idlgen.diagnostics import Diagnostic, Span
from idlgen.diagnostics.suggest import nearest
from idlgen.emit.own_templates import (
    BUILT_IN,
    TEMPLATE_API,
    OwnTemplate,
    OwnTemplates,
)

_SEEN = (
    "docs/configuration.md lists the templates and what they see (template API "
    f"{TEMPLATE_API})"
)


def beside(built_in: jinja2.BaseLoader, own: OwnTemplates) -> jinja2.BaseLoader:
    """Return a loader of `own` templates, and of `built_in` ones where there are none.

    Under the prefix `builtin/` it loads the built-in ones alone.
    """
    prefixed = jinja2.PrefixLoader({BUILT_IN: built_in})
    return jinja2.ChoiceLoader([prefixed, _OwnLoader(own), built_in])


class _OwnLoader(jinja2.BaseLoader):
    """Loads own templates, and keeps nothing compiled beside them."""

    def __init__(self, own: OwnTemplates) -> None:
        self._own = own

    def load(
        self,
        environment: jinja2.Environment,
        name: str,
        globals: Mapping[str, object] | None = None,
    ) -> jinja2.Template:
        """Return the template `name`, compiled anew.

        Raises:
            jinja2.TemplateNotFound: the project has no such template.
        """
        if name not in self._own:
            raise jinja2.TemplateNotFound(name)
        own = self._own[name]
        code = environment.compile(own.text, name, own.path)
        known = dict(globals or {})
        return environment.template_class.from_code(environment, code, known)


class Missing(jinja2.StrictUndefined):
    """Stands for what a template names and does not see; suggests what it may mean."""

    @property
    def _undefined_message(self) -> str:
        name = self._undefined_name
        if self._undefined_hint:
            return self._undefined_hint
        if self._undefined_obj is missing:
            return f"`{name}` is undefined; a template sees `view`"
        owner = type(self._undefined_obj).__name__
        found = nearest(str(name), dir(self._undefined_obj))
        suggestion = f"; did you mean `{found}`?" if found else ""
        return f"`{owner}` has no `{name}`{suggestion}"


def references(template: OwnTemplate) -> frozenset[str] | Diagnostic:
    """Return the names of the templates that `template` includes, imports or extends.

    What it computes when it is rendered is none of them. A template that is not valid
    is a finding.
    """
    try:
        tree = jinja2.Environment(autoescape=False).parse(template.text)
    except jinja2.TemplateSyntaxError as error:
        return _invalid(template, error)
    return frozenset(filter(None, meta.find_referenced_templates(tree)))


def fault(error: Exception, own: OwnTemplates) -> Diagnostic | None:
    """Return what a template of `own` did wrong that raised `error`; None if none did.

    The place is that of the innermost own template, by the line numbers that Jinja
    writes into tracebacks.
    """
    by_path = {template.path: template for template in own.values()}
    if isinstance(error, jinja2.TemplateSyntaxError) and error.filename in by_path:
        return _invalid(by_path[error.filename], error)
    place: Span | None = None
    for frame, line in walk_tb(error.__traceback__):
        template = by_path.get(frame.f_code.co_filename)
        place = template.at(line) if template else place
    if place is None:
        return None
    return Diagnostic(
        code="IDL515",
        message=f"this template fails: {_reason(error)}",
        span=place,
        hint=_hint(error),
    )


def _invalid(template: OwnTemplate, error: jinja2.TemplateSyntaxError) -> Diagnostic:
    reason = _line(error.message or "it cannot be read")
    return Diagnostic(
        code="IDL514",
        message=f"this is not a Jinja template: {reason[:1].lower()}{reason[1:]}",
        span=template.at(error.lineno),
    )


def _reason(error: Exception) -> str:
    if isinstance(error, jinja2.UndefinedError):
        return _line(str(error))
    if isinstance(error, jinja2.TemplateNotFound):
        return f"there is no template `{_line(str(error))}`"
    return f"{type(error).__name__}: {_line(str(error))}".removesuffix(": ")


def _hint(error: Exception) -> str | None:
    match error:
        case jinja2.UndefinedError():
            return _SEEN
        case jinja2.TemplateNotFound():
            return f"built-in templates go by `{BUILT_IN}/` and their name"
        case RecursionError():
            return (
                f"a template that includes itself may mean `{BUILT_IN}/` and its name"
            )
        case _:
            return None


def _line(text: str) -> str:
    """Return the first line of a text that may have been made from the schema."""
    line = text.strip().partition("\n")[0]
    return line if len(line) <= 200 else f"{line[:200]}…"
