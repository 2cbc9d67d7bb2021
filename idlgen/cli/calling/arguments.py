"""What the command line and stdin give a method, held against its types before it goes."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

import click
import msgspec
from msgspec import Raw, Struct

from idlgen.runtime.calling import Params
from idlgen.runtime.descriptors import Method
from idlgen.runtime.errors import Problem
from idlgen.runtime.method_codec import method_codec
from idlgen.runtime.refusals import Refused
from idlgen.runtime.scalars import JsonValue
from idlgen.runtime.validation.members import scan

STDIN = "-"
FILE = "@"


class WrongData(Exception):
    """Data that does not fit: what it was to be, and every problem with its path."""

    def __init__(self, what: str, problems: Sequence[Problem]) -> None:
        super().__init__(what)
        self.what = what
        self.problems = problems


def read_params(method: Method[object], given: str | None) -> Struct:
    """Return the params that the argument PARAMS gives: JSON, `@FILE` or `-` for stdin.

    Raises:
        click.UsageError: they cannot be read, or are no JSON of an object or array.
        WrongData: they do not fit the method.
    """
    if given == STDIN and method.stream_param is not None:
        raise click.UsageError(
            f"{method.short_name} reads the items of `{method.stream_param.name}` from "
            "stdin: give its other params as JSON or by @FILE."
        )
    text = "{}" if given is None else _text(given)
    return _params(method, text, given)


def read_untyped_params(given: str | None) -> Params:
    """Return the params that the argument PARAMS gives, of which nobody knows the types.

    Raises:
        click.UsageError: they cannot be read, or are no JSON of an object or array.
    """
    text = "{}" if given is None else _text(given)
    _, fault = _scanned(text, given)
    if fault is not None:
        raise click.UsageError(f"PARAMS cannot be sent: {fault}.")
    params: dict[str, JsonValue] | list[JsonValue] = json.loads(text)
    return params


def read_items(method: Method[object], lines: BinaryIO) -> Iterator[object]:
    """Yield the items of the method's stream: one JSON value a line, blank lines none.

    Raises:
        WrongData: a line is no item.
    """
    codec = method_codec(method)
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                item = codec.decode_sent_item(Raw(line.strip()))
            except Refused as refused:
                what = f"line {number} of stdin is no item of {method.name}"
                raise WrongData(what, refused.problems) from None
            yield item


def _text(given: str) -> str:
    try:
        if given == STDIN:
            return sys.stdin.buffer.read().decode()
        if given.startswith(FILE):
            return Path(given.removeprefix(FILE)).read_text(encoding="utf-8")
    except OSError as error:
        why = error.strerror or error
        raise click.UsageError(f"Cannot read '{given}': {why}.") from None
    except UnicodeDecodeError:
        raise click.UsageError(f"Cannot read '{given}': it is not UTF-8.") from None
    return given


def _params(method: Method[object], text: str, given: str | None) -> Struct:
    what = f"wrong params of {method.name}"
    codec = method_codec(method)
    tree, fault = _scanned(text, given)
    source = text.encode(errors="surrogatepass")
    if isinstance(tree, list):
        source, tree = _by_name(codec.positions, source, tree, what)
    try:
        if fault is not None:
            somewhere = Problem("$", fault)
            raise WrongData(what, codec.explain_params(source, somewhere))
        return method.params(**codec.decode_params(source, tree))
    except Refused as refused:
        raise WrongData(what, refused.problems) from None


def _scanned(
    text: str, given: str | None
) -> tuple[dict[str, object] | list[object], str | None]:
    """Return the shape of PARAMS, and what is wrong with them though they are JSON.

    Raises:
        click.UsageError: they are no JSON of an object or array.
    """
    try:
        scanned = scan(text)
    except (ValueError, RecursionError) as error:
        raise click.UsageError(_no_json(error, given)) from None
    if not isinstance(scanned.tree, dict | list):
        raise click.UsageError(
            "PARAMS are a JSON object, or an array of params by position."
        )
    return scanned.tree, scanned.fault


def _by_name(
    positions: Sequence[bytes], source: bytes, tree: list[object], what: str
) -> tuple[bytes, dict[str, object]]:
    """Return params by position as the object of the same params by name."""
    if len(tree) > len(positions):
        problem = f"Expected at most {len(positions)} params, got {len(tree)}"
        raise WrongData(what, [Problem("$", problem)])
    try:
        items = msgspec.json.decode(source, type=list[Raw])
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise WrongData(what, [Problem("$", str(error))]) from None
    names = positions[: len(items)]
    members = b",".join(
        b"%b:%b" % (name, bytes(item)) for name, item in zip(names, items, strict=True)
    )
    keys = [msgspec.json.decode(name, type=str) for name in names]
    return b"{%b}" % members, dict(zip(keys, tree, strict=True))


def _no_json(error: Exception, given: str | None) -> str:
    if isinstance(error, RecursionError):
        return "PARAMS are nested too deeply."
    hint = ""
    if given is not None and given[:1] not in (FILE, STDIN):
        hint = " A shell wants quotes around them: '{\"id\": 1}'."
    return f"PARAMS are no JSON: {error}.{hint}"
