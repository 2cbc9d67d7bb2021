"""Rendered files become the bytes that belong on the disk: header, digests and body."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec
from msgspec import Struct as Record

from idlgen.diagnostics import Diagnostic, Span
from idlgen.emit.own_templates import OwnTemplates
from idlgen.emit.python_format import formatter_of
from idlgen.model import Api, Package
from idlgen.targets import RenderedFile, target_sources
from idlgen.workspace.stamps import (
    SHARED,
    Digests,
    Stamp,
    compose,
    digest,
    normal,
)


class GeneratedFile(Record, frozen=True, kw_only=True):
    """One file as it belongs on the disk; `path` is relative to the output folder.

    `shared` says that several packages make it: then one that a person wrote may stand
    in its place.
    """

    path: str
    target: str
    stamp: Stamp
    header: bytes
    body: bytes
    shared: bool

    @property
    def data(self) -> bytes:
        """All bytes of the file."""
        return self.header + self.body


def stamped(
    files: Iterable[RenderedFile], api: Api, targets: Mapping[str, str]
) -> tuple[list[GeneratedFile], list[Diagnostic]]:
    """Return `files` with their headers, each path once, and the paths that collide.

    `targets` gives each target's digest.
    """
    schemas = schema_digests(api)
    unique: dict[str, GeneratedFile] = {}
    diagnostics = []
    for file in files:
        made = _stamp(file, api, schemas, targets)
        if unique.setdefault(file.path, made).data != made.data:
            diagnostics.append(_collision(unique[file.path], made))
    return list(unique.values()), diagnostics


def _collision(first: GeneratedFile, second: GeneratedFile) -> Diagnostic:
    makers = " and ".join(
        f"target `{file.target}` for `{file.stamp.schema}`" for file in (first, second)
    )
    return Diagnostic(
        code="IDL464",
        message=f"`{first.path}` would be written twice: by {makers}",
        path=first.path,
        hint="give one of the packages another name, or build into different folders",
    )


def _stamp(
    file: RenderedFile,
    api: Api,
    schemas: Mapping[str, str],
    targets: Mapping[str, str],
) -> GeneratedFile:
    body = file.body.encode()
    if file.package is None:
        label, schema = SHARED, digest(b"")
    else:
        label, schema = api.packages[file.package].path, schemas[file.package]
    stamp = Stamp(label, Digests(schema, targets[file.target], digest(normal(body))))
    return GeneratedFile(
        path=file.path,
        target=file.target,
        stamp=stamp,
        header=compose(stamp, file.comment).encode(),
        body=body,
        shared=file.package is None,
    )


def schema_digests(api: Api) -> dict[str, str]:
    """Return for each package the digest of what it and all that it imports mean.

    What an import says can show in the output of those that import it, however far.
    """
    own = {name: schema_digest(package) for name, package in api.packages.items()}
    return {name: _with_imports(name, api, own) for name in own}


def _with_imports(name: str, api: Api, own: Mapping[str, str]) -> str:
    reached = {name}
    waiting = [name]
    while waiting:
        new = set(api.packages[waiting.pop()].imports) - reached
        reached |= new
        waiting += new
    imported = sorted(reached - {name})
    if not imported:
        return own[name]
    return digest("\n".join([own[name], *(own[other] for other in imported)]).encode())


def schema_digest(package: Package) -> str:
    """Return the digest of what `package` alone means: its path and spans do not count."""
    meaning = msgspec.structs.replace(package, path="")
    return digest(msgspec.json.encode(meaning, enc_hook=_without_spans))


def _without_spans(value: object) -> None:
    if not isinstance(value, Span):
        raise NotImplementedError(f"the model holds a {type(value).__name__}")


def target_digest(
    name: str, options: Mapping[str, object], templates: OwnTemplates | None = None
) -> str:
    """Return the digest of all that decides what target `name` makes of a schema.

    Sources go by folder and name, so that it is the same from a wheel and a checkout;
    `templates` of the project's own go by name, wherever their folder lies.
    """
    parts = [json.dumps(options, sort_keys=True).encode()]
    for path in target_sources(name):
        parts.append(f"{path.parent.name}/{path.name}".encode())
        parts.append(normal(Path(path).read_bytes()))
    if templates:
        parts.append(formatter_of(templates).encode())
        for own in sorted(templates):
            parts += [own.encode(), templates[own].text.encode()]
    return digest(b"\0".join(parts))
