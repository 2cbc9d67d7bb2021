"""What TSDoc comments say of the parts of a schema, laid out as block comments.

An indent here is that of the declaration under the comment; the template prints it
before the first line, the comments hold it before the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from textwrap import wrap

from idlgen.emit.invisible import visible
from idlgen.emit.json_text import json_block, json_line
from idlgen.emit.typescript_text import comment_code, comment_json, comment_text
from idlgen.model import Example, Field, Method, Presence
from idlgen.targets.tsdoc.sentences import joined
from idlgen.wire.jsonrpc import written_params

WIDTH = 88


def comment(
    indent: str,
    doc: str | None,
    facts: Sequence[str] = (),
    tags: Sequence[str] = (),
    *,
    note: str = "",
) -> str:
    """Return the comment of a declaration, or "" where nothing is to be said.

    `doc` is the schema's text; `note` (sentences that go with it), `facts` (paragraphs)
    and `tags` (block tags) are of this target, with every text of the schema in them
    defused.
    """
    said = comment_text(doc.strip()) if doc else ""
    if note:
        said = _noted(said, note)
    if not facts and not tags and "\n" not in said:
        if not said:
            return ""
        if len(indent) + len(said) + len("/**  */") <= WIDTH:
            return f"/** {said} */"
    parts = [said, *facts, "\n".join(tags)]
    lines = "\n\n".join([part for part in parts if part]).split("\n")
    if len(lines) == 1 and len(indent) + len(lines[0]) + len("/**  */") <= WIDTH:
        return f"/** {lines[0]} */"
    return _block(indent, lines)


def member_comment(indent: str, field: Field, wire_note: str) -> str:
    """Return the comment of a struct's or an error's field, or ""."""
    tags = []
    if field.identifier != field.wire_name:
        wire_note = joined([wire_note, called(field.identifier)])
    if field.presence is Presence.DEFAULTED:
        tags.append(f"@defaultValue {_json(field.default)}")
    if field.has_example:
        tags.append(f"@example {_json(field.example)}")
    tags += deprecation(field.deprecated)
    return comment(indent, field.doc, (), tags, note=wire_note)


def called(identifier: str) -> str:
    """Return how generated code names what TypeScript calls as the wire does."""
    return f"Name in code: `{identifier}`."


def schema_name(name: str, declared: str) -> Sequence[str]:
    """Return the fact that tells what the schema calls a type, where that is not `name`."""
    return () if name == declared else (f"Name in the schema: `{declared}`.",)


def param_tag(name: str, field: Field, wire_note: str) -> str:
    """Return the tag of a param, or "" where its type says all there is to say.

    Members of a param that holds several are called `optional.cursor`.
    """
    parts = [one_line(field.doc), wire_note]
    if name.rpartition(".")[2] != field.wire_name:
        parts.append(f"On the wire: {code(field.wire_name)}.")
    if field.presence is Presence.DEFAULTED:
        parts.append(f"Default: {_json(field.default)}.")
    if field.has_example:
        parts.append(f"Example: {_json(field.example)}.")
    if field.deprecated is not None:
        parts.append(f"Deprecated: {one_line(field.deprecated)}")
    told = joined(parts)
    return f"@param {name} - {told}" if told else ""


def value_tag(indent: str, value: object) -> str:
    """Return the tag with an example of a type or an error."""
    if not isinstance(value, dict | list):
        return f"@example {_json(value)}"
    return f"@example\n{_fenced(indent, value)}"


def example_tag(indent: str, method: Method, example: Example) -> str:
    """Return the tag of an example of `method`: its params by name, and its result."""
    shown: dict[str, object] = {"params": written_params(method, example)}
    if method.returns is not None:
        shown["returns"] = example.returns
    title = one_line(example.doc) if example.doc else one_line(example.name)
    return f"@example {title}\n{_fenced(indent, shown)}"


def deprecation(reason: str | None) -> tuple[str, ...]:
    """Return the tag that tells why not to use something any more, if there is one."""
    return () if reason is None else (f"@deprecated {one_line(reason)}".rstrip(),)


def one_line(text: str | None) -> str:
    """Return a text of the schema, defused, on one line."""
    return " ".join(comment_text(text).split()) if text else ""


def code(text: str) -> str:
    """Return a wire name or a pattern as a code span; a pattern keeps its meaning."""
    return comment_code(visible(text))


def _noted(said: str, note: str) -> str:
    if "\n" in said:
        return f"{said}\n\n{note}"
    return joined([said, note])


def _fenced(indent: str, value: object) -> str:
    width = WIDTH - len(indent) - len(" * ")
    return f"```json\n{comment_json(json_block(value, width))}\n```"


def _json(value: object) -> str:
    return comment_code(json_line(value))


def _block(indent: str, lines: Iterable[str]) -> str:
    width = WIDTH - len(indent) - len(" * ")
    parts = ["/**"]
    fenced = False
    for line in lines:
        fence = line.startswith("```")
        fenced ^= fence
        kept = fenced or fence or len(line) <= width
        written = (line,) if kept else _wrapped(line, width)
        parts += [f"{indent} * {part}".rstrip() for part in written]
    parts.append(f"{indent} */")
    return "\n".join(parts)


def _wrapped(line: str, width: int) -> Sequence[str]:
    text = line.lstrip()
    margin = line[: len(line) - len(text)]
    hanging = "  " if text.startswith(("- ", "* ", "@")) else ""
    return wrap(
        text,
        width,
        initial_indent=margin,
        subsequent_indent=margin + hanging,
        break_long_words=False,
        break_on_hyphens=False,
    )
