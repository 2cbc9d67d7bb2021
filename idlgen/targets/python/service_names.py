"""What the generated modules call a service's and a method's parts."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct as Record

from idlgen.model import Method, Package, Service
from idlgen.targets.python.names import (
    METHOD_NAMES,
    PARAM_NAMES,
    camel_case,
    class_name,
    class_stem,
    constant_name,
    value_name,
)
from idlgen.targets.python.pagination import iterator_name
from idlgen.targets.python.streams import sent_at_once


class MethodNames(Record, frozen=True):
    """A method with its Python name, its constant and params class in _service.py.

    `package` is the one that declares it; `full` is its name on the wire, `short` the
    same without the package.
    """

    package: str
    method: Method
    full: str
    short: str
    handler: str
    constant: str
    params_class: str

    @property
    def arguments(self) -> list[str]:
        """The params as keyword arguments of the params class."""
        names = [
            value_name(param.identifier, PARAM_NAMES)
            for param in sent_at_once(self.method)
        ]
        return [f"{name}={name}" for name in names]

    @property
    def streamed(self) -> str | None:
        """The name of the param that is a stream, where one is."""
        param = self.method.streamed_param
        return None if param is None else value_name(param.identifier, PARAM_NAMES)

    @property
    def iterator(self) -> str | None:
        """The name of the iterator over all pages, where the result is one of them."""
        return iterator_name(self.method)


class ServiceNames(Record, frozen=True):
    """A service with the names of its classes and of its constant."""

    service: Service
    full: str
    interface: str
    unimplemented: str
    client: str
    async_client: str
    fake: str
    constant: str
    methods: Sequence[MethodNames]

    @property
    def handlers(self) -> frozenset[str]:
        """The names that the methods have in classes."""
        return frozenset([method.handler for method in self.methods])

    @property
    def members_of_client(self) -> frozenset[str]:
        """The names that the methods and their iterators have in clients."""
        iterators = [method.iterator for method in self.methods]
        return self.handlers.union(name for name in iterators if name is not None)


def service_names(package: Package, service: Service) -> ServiceNames:
    """Return the names for `service`."""
    constant = constant_name(service.identifier)
    stem = class_stem(service.identifier)
    return ServiceNames(
        service=service,
        full=f"{package.name}.{service.name}",
        interface=class_name(service.identifier),
        unimplemented=f"{stem}Unimplemented",
        client=f"{stem}Client",
        async_client=f"Async{stem}Client",
        fake=f"Fake{stem}",
        constant=constant,
        methods=[
            _method_names(package, service, constant, method)
            for method in service.methods
        ],
    )


def _method_names(
    package: Package, service: Service, constant: str, method: Method
) -> MethodNames:
    handler = value_name(method.identifier, METHOD_NAMES)
    return MethodNames(
        package=package.name,
        method=method,
        full=f"{package.name}.{service.name}.{method.name}",
        short=f"{service.name}.{method.name}",
        handler=handler,
        constant=f"{constant}_{handler.upper()}",
        params_class=f"{class_stem(service.identifier)}{camel_case(handler)}Params",
    )
