"""Random packages of every construct of the language, valid in all that the resolver asks.

What is drawn is the model itself: a schema that is printed from it must resolve to it.
Values come first and constraints after them, so that each type is known to have values.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hypothesis import strategies as st
from msgspec import structs

from idlgen.model import (
    Error,
    Example,
    Field,
    Method,
    NamedType,
    Package,
    Service,
    Status,
)
from tests.property.drawn import Drawn
from tests.property.type_drawing import NOWHERE, PACKAGE, TypeDrawing
from tests.property.words import member_names, texts, type_names

# Durations above zero, in seconds, and how to write them.
TIMEOUTS: Mapping[float, tuple[str, ...]] = {
    2.0: ("2s", "2000ms", "PT2S"),
    0.5: ("500ms", "0.5s", "PT0.5S"),
    5400.0: ("1h30m", "90m", "PT1H30M"),
}


@st.composite
def packages(draw: st.DrawFn) -> Drawn:
    """Draw a package with up to nine types, two errors and two services."""
    return _Drawing(draw).package()


class _Drawing(TypeDrawing):
    def package(self) -> Drawn:
        self.draw_types()
        errors = [self.error() for _ in self.count(2)]
        names = [error.name for error in errors]
        services = [self.service(names) for _ in self.count(2)]
        order = self.draw(st.permutations([*self.types]))
        package = Package(
            name=PACKAGE,
            path="pkg.yaml",
            version=self.draw(texts) if self.sometimes() else None,
            doc=self.draw(texts) if self.sometimes() else None,
            types={name: self.types[name] for name in order},
            errors={error.name: error for error in errors},
            services={service.name: service for service in services},
            extensions=self.extensions(),
        )
        return Drawn(package, self.derivations, self.values)

    def with_examples(self, owner: str, most: int) -> tuple[Field, ...]:
        members = self.members(owner, set(), most)
        return tuple(self.with_example(owner, member) for member in members)

    def error(self) -> Error:
        name = self.fresh(type_names, self.taken)
        fields = self.with_examples(name, 3)
        message = None
        if self.sometimes(60):
            pieces = [f"{{{field.name}}}" for field in fields]
            pieces += ["{{", "}}", "{{x}}", " a text ", "\n", '"', "\\"]
            message = "".join(self.draw(st.lists(st.sampled_from(pieces), max_size=5)))
        return Error(
            name=name,
            status=self.pick([*Status]),
            message=message,
            fields=fields,
            extensions=self.extensions(),
            span=NOWHERE,
            **self.notes(self.taken),
        )

    def service(self, errors: Sequence[str]) -> Service:
        name = self.fresh(type_names, self.taken)
        taken: set[str] = set()
        return Service(
            name=name,
            methods=tuple(self.method(name, errors, taken) for _ in self.count(3)),
            extensions=self.extensions(),
            span=NOWHERE,
            **self.notes(self.taken),
        )

    def method(self, service: str, errors: Sequence[str], taken: set[str]) -> Method:
        name = self.fresh(member_names, taken)
        owner = f"{service}.{name}"
        raised = [error for error in errors if self.sometimes(50)]
        method = Method(
            name=name,
            params=self.with_examples(owner, 3),
            returns=self.type() if self.sometimes(70) else None,
            errors=tuple(NamedType(PACKAGE, error) for error in raised),
            readonly=self.draw(st.booleans()),
            idempotent=self.draw(st.booleans()),
            timeout=self.pick([None, *TIMEOUTS]),
            extensions=self.extensions(),
            span=NOWHERE,
            **self.notes(taken),
        )
        return self.with_call(owner, method) if self.sometimes() else method

    def with_call(self, owner: str, method: Method) -> Method:
        result = None
        if method.returns is not None:
            result = self.draw(self.values.of(method.returns))
        example = Example(
            name=self.draw(texts),
            params=self.draw(self.values.object(owner, method.params)),
            returns=result,
            doc=self.draw(st.none() | texts),
            span=NOWHERE,
        )
        return structs.replace(method, examples=(example,))
