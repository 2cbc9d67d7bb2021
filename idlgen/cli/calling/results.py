"""Results and errors of calls as people and programs read them."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Sequence

import click
import msgspec

from idlgen.cli.console import Console
from idlgen.emit.invisible import visible
from idlgen.runtime.descriptors import Method
from idlgen.runtime.errors import InvalidArgument, Problem, RpcError
from idlgen.runtime.method_codec import method_codec

_TOKEN = re.compile(
    r'("(?:[^"\\]|\\.)*")(\s*:)?|\b(?:true|false|null)\b|-?\d[\d.eE+-]*'
)


class Results:
    """Prints what a method returns: JSON with two columns a level, or a line."""

    def __init__(
        self, method: Method[object], console: Console, *, compact: bool
    ) -> None:
        self._method = method
        self._console = console
        self._compact = compact

    def whole(self, result: object) -> None:
        """Print the result; nothing for a method that has none."""
        if self._method.returns is not None:
            self._print(result, compact=self._compact)

    def item(self, item: object) -> bool:
        """Print an item of a stream on a line; return whether anybody still reads."""
        return self._print(item, compact=True)

    def _print(self, value: object, *, compact: bool) -> bool:
        encoded = method_codec(self._method).encode_result(value, check=False)
        return print_json(encoded, self._console, compact=compact)


def print_json(encoded: bytes, console: Console, *, compact: bool) -> bool:
    """Print JSON, with two columns a level or on a line; return whether it was read."""
    # Without spaces a line would break nowhere on a terminal.
    text = msgspec.json.format(encoded, indent=0 if compact else 2).decode()
    shown = _legible(text)
    if console.colors(sys.stdout):
        shown = _TOKEN.sub(_paint, shown)
    return console.result(f"{shown}\n")


def _legible(text: str) -> str:
    """Return JSON whose characters all can be seen; it stands for the same value."""
    return "\n".join(map(visible, text.split("\n")))


def _paint(token: re.Match[str]) -> str:
    string, colon = token[1], token[2]
    if string is None:
        return click.style(token[0], fg="cyan")
    if colon is None:
        return click.style(string, fg="green")
    return f"{click.style(string, fg='blue')}{colon}"


def print_error(error: RpcError, console: Console, *, as_json: bool) -> None:
    """Print all that the error says on stderr: for people, or as one line of JSON."""
    problems = error.problems if isinstance(error, InvalidArgument) else ()
    if as_json:
        console.warn(visible(_error_json(error, problems)))
        return
    console.error(visible(error.message))
    for line in _details(error, problems):
        console.warn(f"  {line}")


def print_problems(
    what: str, problems: Sequence[Problem], console: Console, *, as_json: bool
) -> None:
    """Print what is wrong with data that was not sent, in the same two forms."""
    if as_json:
        document = {"message": what, "problems": [it._asdict() for it in problems]}
        console.warn(visible(json.dumps(document, ensure_ascii=False)))
        return
    console.error(visible(what))
    for line in _listed(problems):
        console.warn(f"  {line}")


def _details(error: RpcError, problems: Sequence[Problem]) -> Iterator[str]:
    yield f"status: {error.status}"
    if error.error_name:
        yield f"error: {visible(error.error_name)}"
    if error.details:
        fields = json.dumps(error.details, ensure_ascii=False)
        yield f"fields: {visible(fields)}"
    for note in getattr(error, "__notes__", ()):
        yield visible(note)
    yield from _listed(problems)


def _listed(problems: Sequence[Problem]) -> Iterator[str]:
    for path, message in problems:
        yield f"{visible(path)}: {visible(message)}"


def _error_json(error: RpcError, problems: Sequence[Problem]) -> str:
    document = {
        "status": error.status,
        "error": error.error_name,
        "message": error.message,
        "fields": dict(error.details),
        "problems": [problem._asdict() for problem in problems],
    }
    shown = {key: value for key, value in document.items() if value}
    return json.dumps(shown, ensure_ascii=False)
