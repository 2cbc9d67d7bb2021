"""`rpc.discover`: the OpenRPC document of all that an endpoint serves.

The target `openrpc` writes one document a package beside the package's Python. What an
endpoint answers is made of these when somebody first asks: importing and serving cost
nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from importlib import resources

import msgspec
from msgspec import Raw, Struct

from idlgen.runtime.descriptors import Service

METHOD = "rpc.discover"


class NoDocument(LookupError):
    """A service has no document; the text says which one, and what would write it."""


class _Info(Struct, frozen=True):
    title: str
    version: str


class _Document(Struct, frozen=True, omit_defaults=True):
    """The members that are handed on, in the bytes in which they stand in the file."""

    openrpc: str
    info: Raw
    methods: list[Raw]
    servers: list[Raw] = []
    components: dict[str, dict[str, Raw]] = {}


class _Named(Struct, frozen=True):
    name: str


class Discovery:
    """Makes the document of an endpoint of those of its packages."""

    def __init__(
        self, services: Sequence[tuple[Service, type]], methods: Iterable[str]
    ) -> None:
        """Take one or more services, each with its generated class, and the methods served."""
        self._services = services
        self._methods = frozenset(methods)

    @cached_property
    def document(self) -> bytes:
        """The JSON of the document.

        Raises:
            NoDocument: there is none of a service.
            ValueError, msgspec.DecodeError: the documents are damaged, or contradict
                each other: they were not generated from the same schemas.
        """
        documents = _read_all(self._services)
        parts = list(documents.values())
        merged = _Document(
            openrpc=parts[0].openrpc,
            info=_info(parts),
            methods=[
                method
                for part in parts
                for method in part.methods
                if msgspec.json.decode(method, type=_Named).name in self._methods
            ],
            servers=_distinct(server for part in parts for server in part.servers),
            components=_components(parts),
        )
        return msgspec.json.format(msgspec.json.encode(merged), indent=-1)


def _read_all(services: Iterable[tuple[Service, type]]) -> Mapping[str, _Document]:
    documents: dict[str, _Document] = {}
    for service, interface in services:
        package = service.name.rpartition(".")[0]
        if package not in documents:
            documents[package] = _read(package, interface)
    return documents


def _read(package: str, interface: type) -> _Document:
    module = sys.modules.get(interface.__module__)
    folder = getattr(module, "__package__", None)
    if folder:
        file = resources.files(folder) / f"{package.rpartition('.')[2]}.openrpc.json"
        if file.is_file():
            return msgspec.json.decode(file.read_bytes(), type=_Document)
    raise NoDocument(
        f"Package `{package}` has no OpenRPC document beside its Python: "
        "generate it with the target `openrpc`"
    )


def _info(documents: Sequence[_Document]) -> Raw:
    """Return the information of the only document, or what can be said of several."""
    if len(documents) == 1:
        return documents[0].info
    infos = [msgspec.json.decode(each.info, type=_Info) for each in documents]
    versions = {info.version for info in infos}
    title = ", ".join(info.title for info in infos)
    version = versions.pop() if len(versions) == 1 else "0.0.0"
    return Raw(msgspec.json.encode(_Info(title, version)))


def _distinct(parts: Iterable[Raw]) -> list[Raw]:
    return list({bytes(part): part for part in parts}.values())


def _components(documents: Iterable[_Document]) -> dict[str, dict[str, Raw]]:
    """Return the components of all; what several have, they say in the same bytes."""
    merged: dict[str, dict[str, Raw]] = {}
    for document in documents:
        for kind, components in document.components.items():
            known = merged.setdefault(kind, {})
            for name, component in components.items():
                if bytes(known.setdefault(name, component)) != bytes(component):
                    raise ValueError(f"two documents differ in {kind} `{name}`")
    return merged
