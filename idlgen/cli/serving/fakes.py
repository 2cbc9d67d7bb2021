"""Fakes of all services of some schemas, and an app that serves them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NoReturn

from msgspec import Struct as Record

from idlgen.cli.compiled import Compiled
from idlgen.cli.failures import CannotRun
from idlgen.cli.generated_modules import GeneratedModules
from idlgen.runtime.auth import ANYONE, Credentials, Principal
from idlgen.runtime.fakes.calls import Calls, Recorded
from idlgen.runtime.server.app import asgi_app
from idlgen.runtime.server.asgi import DEFAULT_PATH, AsgiApp
from idlgen.runtime.testing import FakeService
from idlgen.targets.python.names import module_path
from idlgen.targets.python.service_names import service_names


class Mocked(Record, frozen=True):
    """An app that answers for services, their full names, and the code behind it."""

    app: AsgiApp
    services: tuple[str, ...]
    modules: GeneratedModules


def mock_services(compiled: Compiled, path: str | None) -> Mocked:
    """Return an app that answers for all services of the schemas.

    It takes every credential, as no schema says which one is right, but asks for one
    where a method does.

    Raises:
        CannotRun: there is no service, or one that cannot be served.
    """
    modules = compiled.modules()
    fakes = dict(all_fakes(compiled, modules))
    if not fakes:
        raise CannotRun("nothing to serve: the schemas declare no services")
    try:
        app = asgi_app(
            *fakes.values(), path=path or DEFAULT_PATH, authenticate=_everybody
        )
    except (TypeError, ValueError) as error:
        raise CannotRun(str(error)) from None
    return Mocked(app, tuple(fakes), modules)


def all_fakes(
    compiled: Compiled, modules: GeneratedModules
) -> Iterator[tuple[str, FakeService]]:
    """Yield a fake of each service, with the service's full name."""
    for package in compiled.api.packages.values():
        module = modules.module(f"{module_path(package.name)}/testing.py")
        for service in package.services.values():
            names = service_names(package, service)
            fake: object = getattr(module, names.fake)()
            assert isinstance(fake, FakeService)
            fake.calls = _Forgetful()
            yield names.full, fake


class _Forgetful(Calls):
    """Keeps nothing: nobody asks a mock what it was asked, which may go on for days."""

    def __init__(self) -> None:
        super().__init__(_unasked)

    def append(self, call: Recorded, /) -> None:
        """Let go of the call."""


def _unasked(_method: object) -> NoReturn:
    raise LookupError("a mock keeps no calls")


def _everybody(_credentials: Credentials) -> Principal:
    return ANYONE
