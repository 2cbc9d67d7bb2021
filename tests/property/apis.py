"""Random Apis of every construct of the language, valid in all that the resolver asks.

What is drawn is the model itself: schemas that are printed from it must resolve to it.
"""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import strategies as st

from idlgen.model import (
    Api,
    Error,
    Field,
    NamedType,
    Package,
    Service,
    TypeRef,
)
from tests.property.drawn import Drawn
from tests.property.references import names_in
from tests.property.service_drawing import ServiceDrawing
from tests.property.type_drawing import types_in
from tests.property.words import PACKAGE_NAMES, texts, versions


@st.composite
def apis(draw: st.DrawFn) -> Drawn:
    """Draw up to three packages with twelve types, and two errors and services each."""
    return _Drawing(draw).api()


class _Drawing(ServiceDrawing):
    def api(self) -> Drawn:
        names = self._package_names()
        self.draw_types(names)
        errors = {name: self._errors(name) for name in names}
        raised = [
            NamedType(name, error.name)
            for name, declared in errors.items()
            for error in declared
        ]
        services = {name: self._services(name, raised) for name in names}
        members = [
            member
            for name in names
            for member in _members(errors[name], services[name])
        ]
        self._drop_unused(members)
        packages = {
            name: self._package(name, errors[name], services[name]) for name in names
        }
        return Drawn(Api(packages=packages), self.derivations, self.values)

    def _package_names(self) -> list[str]:
        count = self.pick((1, 1, 2, 2, 3))
        names = self.random.sample(PACKAGE_NAMES, count)
        for name in names:
            self.taken[name] = set()
            # Nobody is forbidden to import what is not used.
            self.imported[name] = {n for n in names if self.sometimes(10)}
        return names

    def _errors(self, name: str) -> list[Error]:
        self.home = name
        return [self.error() for _ in self.count(2)]

    def _services(self, name: str, raised: list[NamedType]) -> list[Service]:
        self.home = name
        return [self.service(raised) for _ in self.count(2)]

    def _package(
        self, name: str, errors: list[Error], services: list[Service]
    ) -> Package:
        own = [ref for ref in self.types if ref.package == name]
        order = self.shuffled(own)
        return Package(
            name=name,
            path=f"{name}.yaml",
            imports=tuple(sorted(self.imported[name] - {name})),
            version=self.draw(versions) if self.sometimes() else None,
            doc=self.draw(texts) if self.sometimes() else None,
            types={ref.name: self.types[ref] for ref in order},
            errors={error.name: error for error in errors},
            services={service.name: service for service in services},
            extensions=self.extensions(),
        )

    def _drop_unused(self, members: list[TypeRef]) -> None:
        """Drop the partials that stand nowhere: nothing makes them."""
        while True:
            parts = [*members]
            for declared in self.types.values():
                parts += types_in(declared)
            parts += [derived.source for derived in self.derivations.values()]
            used = {name for part in parts for name in names_in(part)}
            unused = self.unnamed.intersection(self.types) - used
            if not unused:
                break
            for name in unused:
                del self.types[name], self.derivations[name]


def _members(errors: list[Error], services: list[Service]) -> Iterator[TypeRef]:
    """Yield the types of all that is not a type."""
    fields: list[Field] = [field for error in errors for field in error.fields]
    for service in services:
        for method in service.methods:
            fields += method.params
            if method.returns is not None:
                yield method.returns
    for field in fields:
        yield field.type
