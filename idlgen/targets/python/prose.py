"""What docstrings say, as plain text: what a schema documents, and what is worth adding."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from idlgen.emit.json_text import json_line
from idlgen.model import Api, Error, Field, Method, Presence
from idlgen.targets.python.names import PARAM_NAMES, class_name, value_name


def described(doc: str | None, deprecated: str | None = None) -> str | None:
    """Return the text for a thing with `doc`, or None where there is nothing to say."""
    text = (doc or "").strip()
    if deprecated is None:
        return text or None
    reason = deprecated.strip()
    notice = f"Deprecated: {reason}" if reason else "Deprecated."
    return f"{text}\n\n{notice}" if text else notice


def one_line(text: str) -> str:
    """Return `text` with every run of spaces and line ends as one space."""
    return " ".join(text.split())


def for_caller(api: Api, method: Method, called: str) -> str | None:
    """Return what a client's method says: its params, what it raises, its deadline.

    `called` is what the method is called where it has no doc of its own.
    """
    sections = [
        _section("Args", _arguments(method.params)),
        _section("Raises", [*_errors(api, method), *_deadline(method)]),
    ]
    return _sectioned(method, f"Call ``{called}``.", sections)


def for_implementer(api: Api, method: Method, called: str) -> str | None:
    """Return what a server's method says: what it does and may raise."""
    sections = [_section("Raises", [*_errors(api, method)])]
    return _sectioned(method, f"Answer ``{called}``.", sections)


def _sectioned(
    method: Method, substitute: str, sections: Sequence[str | None]
) -> str | None:
    text = described(method.doc, method.deprecated)
    present = [section for section in sections if section is not None]
    if text is None:
        return "\n\n".join([substitute, *present]) if present else None
    return "\n\n".join([text, *present])


def _section(title: str, entries: Sequence[tuple[str, str]]) -> str | None:
    if not entries:
        return None
    lines = [f"    {name}: {text}" for name, text in entries]
    return "\n".join([f"{title}:", *lines])


def _arguments(params: Sequence[Field]) -> list[tuple[str, str]]:
    entries = [(value_name(p.identifier, PARAM_NAMES), _argument(p)) for p in params]
    return [(name, text) for name, text in entries if text]


def _argument(param: Field) -> str:
    sentences = [one_line(described(param.doc, param.deprecated) or "")]
    if param.presence is Presence.DEFAULTED and isinstance(param.default, list | dict):
        # The signature cannot show it.
        sentences.append(f"By default ``{json_line(param.default)}``.")
    return " ".join(filter(None, sentences))


def _errors(api: Api, method: Method) -> Iterator[tuple[str, str]]:
    for ref in method.errors:
        error = api.error(ref)
        yield class_name(error.identifier), _summary(error)


def _summary(error: Error) -> str:
    text = (error.doc or error.message or "").strip()
    return one_line(text.split("\n\n")[0]) or f"Status ``{error.status}``."


def _deadline(method: Method) -> Iterator[tuple[str, str]]:
    if method.timeout is not None:
        text = f"No answer within {method.timeout:g} s, unless `options` say otherwise."
        yield "DeadlineExceeded", text
