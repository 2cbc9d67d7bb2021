"""Writes a drawn Api as the files of its packages, which import each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from random import Random

from idlgen.model import Api, Package
from idlgen.syntax.imports import path_between
from tests.property.drawn import Drawn
from tests.property.service_printer import ServicePrinter
from tests.property.words import FOLDERS, IMPORT_NAMES
from tests.property.yaml_printer import Literal, Printer, Text, Tree


@dataclass(frozen=True)
class Schemas:
    """The files of a build; from its `entries` imports lead to all others."""

    entries: tuple[PurePosixPath, ...]
    files: Mapping[PurePosixPath, bytes]

    def __str__(self) -> str:
        return "\n".join(
            f"# --- {path}\n{content.decode()}" for path, content in self.files.items()
        )


def print_schemas(drawn: Drawn, seed: int) -> Schemas:
    """Return the YAML of schemas that mean `drawn`, in the style of `seed`."""
    random = Random(seed)
    paths = _paths(drawn.api, random)
    files = {
        paths[name]: Printer(random).document(_document(drawn, package, paths, random))
        for name, package in drawn.api.packages.items()
    }
    entries = [paths[name] for name in _roots(drawn.api, random)]
    return Schemas(tuple(entries), files)


def _paths(api: Api, random: Random) -> dict[str, PurePosixPath]:
    paths: dict[str, PurePosixPath] = {}
    for name in api.packages:
        stem = random.choice((name.rpartition(".")[2], name.replace(".", "_")))
        path = PurePosixPath(f"{random.choice(FOLDERS)}{stem}.yaml")
        if path in paths.values():
            path = path.with_name(f"{name}.yaml")
        paths[name] = path
    return paths


def _roots(api: Api, random: Random) -> list[str]:
    """Return packages from which imports lead to all."""
    roots: list[str] = []
    reached: set[str] = set()
    names = [*api.packages]
    for name in random.sample(names, len(names)):
        if name not in reached or random.random() < 0.2:
            roots.append(name)
        pending = [name]
        while pending:
            found = pending.pop()
            if found not in reached:
                reached.add(found)
                pending.extend(api.packages[found].imports)
    return roots


def _document(
    drawn: Drawn, package: Package, paths: Mapping[str, PurePosixPath], random: Random
) -> dict[str, Tree]:
    aliases = _aliases(package, random)
    printer = ServicePrinter(drawn, package, aliases, random)
    path = paths[package.name]
    needs_name = path.stem != package.name
    sections: dict[str, Tree | None] = {
        "edition": Literal("1") if printer.chance(0.3) else None,
        "package": Text(package.name) if needs_name or printer.chance(0.5) else None,
        "version": printer.text(package.version),
        "doc": printer.text(package.doc),
        "imports": {
            alias: Text(_written(path, paths[name], random))
            for name, given in aliases.items()
            for alias in given
        },
        "types": printer.declared_types(),
        "errors": {n: printer.error(e) for n, e in package.errors.items()},
        "services": {n: printer.service(s) for n, s in package.services.items()},
        **printer.extensions(package.extensions),
    }
    for key in ("imports", "types", "errors", "services"):
        if not sections[key] and printer.chance(0.7):
            sections[key] = None
    # A schema that says nothing at all is refused.
    return printer.shuffled(sections) or {"types": {}}


def _aliases(package: Package, random: Random) -> dict[str, list[str]]:
    """Return what each imported package is called, one in ten by two names."""
    names = iter(random.sample(IMPORT_NAMES, len(IMPORT_NAMES)))
    return {
        imported: [next(names) for _ in range(2 if random.random() < 0.1 else 1)]
        for imported in package.imports
    }


def _written(importer: PurePosixPath, imported: PurePosixPath, random: Random) -> str:
    """Return one of the texts by which `importer` can name `imported`."""
    path = path_between(importer, imported)
    return random.choice((path, path, f"./{path}", f"x/../{path}", f".//{path}"))
