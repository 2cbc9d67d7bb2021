"""What the comments of methods say, whatever their signatures look like."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from idlgen.model import Api, Method, NamedType
from idlgen.targets.tsdoc.comments import (
    code,
    deprecation,
    example_tag,
    one_line,
    param_tag,
)
from idlgen.targets.tsdoc.durations import duration_text
from idlgen.targets.tsdoc.facts import access_fact, pages_fact, since_fact
from idlgen.targets.tsdoc.types import TypeScriptTypes


def method_tags(
    api: Api,
    types: TypeScriptTypes,
    method: Method,
    names: Mapping[str, str],
    error_name: Callable[[NamedType], str],
) -> Iterator[str]:
    """Yield the block tags of a method's comment.

    `names` are what its params are called; `error_name` shows an error that it throws.
    """
    for param in method.params:
        if tag := param_tag(names[param.name], param, types.member_note(param)):
            yield tag
    if method.returns is not None and (told := types.note(method.returns)):
        yield f"@returns {told}"
    for ref in method.errors:
        doc = one_line(api.error(ref).doc)
        yield f"@throws {error_name(ref)} {doc}".rstrip()
    yield from deprecation(method.deprecated)
    for example in method.examples:
        yield example_tag("  ", method, example)


def behaviour(
    api: Api, method: Method, names: Mapping[str, str], naming: str
) -> Sequence[str]:
    """Return what a method's comment says of it beside its doc, as paragraphs.

    `naming` tells by which other name it goes, or is "".
    """
    facts = []
    if method.readonly:
        facts.append("Read-only.")
    if method.idempotent:
        facts.append("Idempotent.")
    if method.timeout is not None:
        facts.append(f"Timeout: {duration_text(method.timeout)}.")
    if access := access_fact(method, code):
        facts.append(f"{access}.")
    if since := since_fact(method.since, code):
        facts.append(since)
    if naming:
        facts.append(naming)
    paragraphs = [" ".join(facts)]
    if method.pagination is not None:
        param = f"`{names[method.pagination.param]}`"
        paragraphs.append(pages_fact(api, method, param, code))
    return [paragraph for paragraph in paragraphs if paragraph]
