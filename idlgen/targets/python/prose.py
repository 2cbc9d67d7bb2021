"""What docstrings say, as plain text: what a schema documents, and what is worth adding."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from idlgen.emit.json_text import json_line
from idlgen.model import Api, Error, Field, Method, Presence
from idlgen.targets.python.names import (
    PARAM_NAMES,
    class_name,
    module_path,
    value_name,
)
from idlgen.targets.python.service_names import MethodNames
from idlgen.targets.tsdoc.facts import access_fact


def described(
    doc: str | None, deprecated: str | None = None, since: str | None = None
) -> str | None:
    """Return the text for a thing with `doc`, or None where there is nothing to say."""
    if doc is deprecated is since is None:
        return None
    parts = [(doc or "").strip()]
    if since is not None:
        parts.append(f"Since {one_line(since)}.")
    if deprecated is not None:
        reason = deprecated.strip()
        parts.append(f"Deprecated: {reason}" if reason else "Deprecated.")
    return "\n\n".join(filter(None, parts)) or None


def introduced(
    title: str, doc: str | None, deprecated: str | None, since: str | None
) -> str:
    """Return the text for a thing that is told by its `title` where it has no doc."""
    return described((doc or "").strip() or title, deprecated, since) or title


def one_line(text: str) -> str:
    """Return `text` with every run of spaces and line ends as one space."""
    return " ".join(text.split())


def for_caller(api: Api, names: MethodNames) -> str | None:
    """Return what a client's method says: its params, what it raises, its deadline."""
    method = names.method
    sections = [
        _section("Args", _arguments(method.params)),
        _section("Raises", [*_errors(api, names), *_deadline(method)]),
    ]
    return _sectioned(method, f"Call ``{names.short}``.", sections)


def for_iterator(api: Api, names: MethodNames) -> str:
    """Return what a client's iterator over all pages of a method says."""
    method = names.method
    title = (
        f"Iterate over the items of all pages that ``{names.handler}`` returns.\n\n"
        "Each page is a call with these params and `options`, made once an item of it "
        "is asked for; `pages()` of the iterator gives the pages themselves."
    )
    sections = [
        introduced(title, None, method.deprecated, method.since),
        _behaviour(method),
        _section("Args", _arguments(method.params)),
        _section("Raises", [*_errors(api, names), *_deadline(method)]),
    ]
    return "\n\n".join(section for section in sections if section is not None)


def for_implementer(api: Api, names: MethodNames) -> str | None:
    """Return what a server's method says: what it does and may raise."""
    sections = [_section("Raises", [*_errors(api, names)])]
    return _sectioned(names.method, f"Answer ``{names.short}``.", sections)


def _sectioned(
    method: Method, substitute: str, sections: Sequence[str | None]
) -> str | None:
    told = [_behaviour(method), *sections]
    present = [section for section in told if section is not None]
    if not present and described(method.doc, method.deprecated, method.since) is None:
        return None
    text = introduced(substitute, method.doc, method.deprecated, method.since)
    return "\n\n".join([text, *present])


def _behaviour(method: Method) -> str | None:
    """Return whether a call may be repeated, and what its caller must show."""
    facts = []
    if method.readonly:
        facts.append("Read-only.")
    if method.idempotent:
        facts.append("Idempotent.")
    if access := access_fact(method, "``{}``".format):
        facts.append(f"{access}.")
    return " ".join(facts) or None


def _section(title: str, entries: Sequence[tuple[str, str]]) -> str | None:
    if not entries:
        return None
    lines = [f"    {name}: {text}" for name, text in entries]
    return "\n".join([f"{title}:", *lines])


def _arguments(params: Sequence[Field]) -> list[tuple[str, str]]:
    entries = [(value_name(p.identifier, PARAM_NAMES), _argument(p)) for p in params]
    return [(name, text) for name, text in entries if text]


def _argument(param: Field) -> str:
    sentences = [one_line(described(param.doc, param.deprecated, param.since) or "")]
    if param.presence is Presence.DEFAULTED and isinstance(param.default, list | dict):
        # The signature cannot show it.
        sentences.append(f"By default ``{json_line(param.default)}``.")
    return " ".join(filter(None, sentences))


def _errors(api: Api, names: MethodNames) -> Iterator[tuple[str, str]]:
    for ref in names.method.errors:
        error = api.error(ref)
        name = class_name(error.identifier)
        if ref.package != names.package:
            # What to import it from, for the reader knows only this package's errors.
            name = f"{module_path(ref.package).replace('/', '.')}.errors.{name}"
        yield name, _summary(error)


def _summary(error: Error) -> str:
    text = (error.doc or error.message or "").strip()
    return one_line(text.split("\n\n")[0]) or f"Status ``{error.status}``."


def _deadline(method: Method) -> Iterator[tuple[str, str]]:
    if method.timeout is not None:
        text = f"No answer within {method.timeout:g} s, unless `options` say otherwise."
        yield "DeadlineExceeded", text
