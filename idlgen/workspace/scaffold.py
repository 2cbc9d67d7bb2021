"""The files with which a project begins."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from msgspec import Struct as Record

from idlgen.workspace.configuration import OWN_FILE, PYPROJECT, find_configuration
from idlgen.workspace.project import DEFAULT_OUT

_CONFIGURATION = """\
# What `idlgen build` and `idlgen check` work on; paths are relative to this file.
schemas = ["schemas/*.yaml"]
out = "generated"
targets = ["python", "docs"]
"""

_EXAMPLE = "schemas/greeting.yaml"
_SCHEMA = """\
edition: 1
package: greeting
version: 1.0.0
doc: Greetings, as an example of an interface.

types:
  Language:
    doc: What a greeting is written in.
    enum: [en, ko]
  Greeting:
    doc: One greeting.
    fields:
      text: string
      language: Language

errors:
  NobodyThere:
    doc: The name is empty.
    status: invalid_argument
    message: there is nobody to greet

services:
  GreetingService:
    doc: Greets people.
    methods:
      greet:
        doc: Return a greeting for the person.
        readonly: true
        params:
          name: {type: string, doc: Who is greeted.}
          language: {type: Language, default: en}
        returns: Greeting
        errors: [NobodyThere]
        examples:
          ada:
            params: {name: Ada}
            returns: {text: "Hello, Ada!", language: en}
"""

_GITATTRIBUTES = """\
# Where two branches changed the schema, merge the schema, then run `idlgen build`.
{pattern} linguist-generated text eol=lf -merge
"""

_GITHUB = """\
name: idlgen
on: [push, pull_request]
permissions:
  contents: read
jobs:
  check:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with: {python-version: "3.11"}
      - run: pip install idlgen
      - run: idlgen check --output-format github
"""

_GITLAB = """\
idlgen:
  image: python:3.11
  script:
    - pip install idlgen
    - idlgen check
"""

_ATTRIBUTES = ".gitattributes"
_FILES: Mapping[str, str] = {
    OWN_FILE: _CONFIGURATION,
    _EXAMPLE: _SCHEMA,
    _ATTRIBUTES: _GITATTRIBUTES,
    ".github/workflows/idlgen.yml": _GITHUB,
    ".gitlab-ci.yml": _GITLAB,
}
_ADDABLE = (_ATTRIBUTES, ".gitlab-ci.yml")
"""Files that a project often has already, to which our lines can be added by hand."""


class Begun(Record, frozen=True, kw_only=True):
    """What happened to one file of the scaffold.

    `stands_instead` is what was there already, or None if `path` was written; then
    `to_add` may hold lines that are worth adding to it by hand.
    """

    path: str
    stands_instead: str | None = None
    to_add: str | None = None


def begin(folder: Path) -> Iterator[Begun]:
    """Write into `folder` the files with which a project begins, and tell of each.

    What exists is never overwritten. Where there is a configuration, the example
    schema is not written: the configuration says which schemas there are.

    Raises:
        OSError: a file or a folder cannot be written.
    """
    configured = _configuration(folder)
    for path, text in _FILES.items():
        if configured and path == OWN_FILE:
            yield Begun(path=path, stands_instead=configured)
        elif path == _ATTRIBUTES:
            pattern = _pattern(_out(folder) if configured else DEFAULT_OUT)
            if pattern is not None:
                yield _write(folder, path, text.format(pattern=pattern))
        elif not configured or path != _EXAMPLE or (folder / path).exists():
            yield _write(folder, path, text)


def _configuration(folder: Path) -> str | None:
    if (folder / OWN_FILE).exists():
        return OWN_FILE
    try:
        configured = b"[tool.idlgen" in (folder / PYPROJECT).read_bytes()
    except FileNotFoundError:
        return None
    return f"[tool.idlgen] of {PYPROJECT}" if configured else None


def _out(folder: Path) -> str:
    """Return the output folder that the configuration of `folder` names."""
    configuration = find_configuration(folder.resolve()).configuration
    return (configuration.out if configuration else None) or DEFAULT_OUT


def _pattern(out: str) -> str | None:
    """Return what git calls all files of the folder, None for one outside of ours."""
    path = PurePosixPath(out)
    if path.is_absolute() or ".." in path.parts or not path.parts:
        return None
    pattern = f"{path}/**"
    return f'"{pattern}"' if " " in pattern else pattern


def _write(folder: Path, path: str, text: str) -> Begun:
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        with file.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
    except FileExistsError:
        missing = path in _ADDABLE and text not in _text_of(file)
        return Begun(path=path, stands_instead=path, to_add=text if missing else None)
    return Begun(path=path)


def _text_of(file: Path) -> str:
    return file.read_text(encoding="utf-8", errors="replace") if file.is_file() else ""
