"""All the names built, imported and served.

One run of `idlgen build` makes all of it. Then it is imported, called in this process and
over a socket, and given to three type checkers.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple, TypeGuard

import pytest

from idlgen.runtime import Method, Service, ServiceClient, asgi_app, in_process
from idlgen.runtime.descriptors import served_by
from tests.e2e.names.refused import REFUSED
from tests.e2e.names.schemas import COUNT, schemas
from tests.e2e.names.scopes import renaming
from tests.runtime.contract.serving import serving as under_uvicorn


class Called(NamedTuple):
    """One service: its generated Protocol and client, and its methods' descriptors."""

    interface: type
    client: type[ServiceClient]
    methods: Mapping[str, Any]


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Path:
    """The folder above `every_name`, which one run of the real command wrote."""
    folder = tmp_path_factory.mktemp("names")
    for package, text in schemas(REFUSED).items():
        (folder / f"{package}.yaml").write_text(text, "utf-8")
    command = [sys.executable, "-m", "idlgen", "build", "--out", "every_name"]
    for target in ("python", "docs", "typescript"):
        command += ["--target", target]
    files = sorted(path.name for path in folder.glob("*.yaml"))
    assert len(files) == COUNT
    done = subprocess.run(
        [*command, *files],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    return folder


@pytest.fixture(scope="session")
def services(folder: Path) -> Iterator[Mapping[str, Called]]:
    """Every service by its full name on the wire; every module has been imported."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        found = {}
        for path in sorted(folder.rglob("_service.py")):
            package = ".".join(path.parent.relative_to(folder).parts)
            import_module(f"{package}.testing")
            for interface in [*vars(import_module(f"{package}.server")).values()]:
                for service, marked in (
                    served_by(interface) if is_class(interface) else ()
                ):
                    if marked is interface:
                        found[service.name] = called(package, interface, service)
        yield found


def is_class(value: object) -> TypeGuard[type]:
    return isinstance(value, type)


def called(package: str, interface: type, service: Service) -> Called:
    name = service.name.rpartition(".")[2]
    if service.name.startswith("position.services.") and name in REFUSED["services"]:
        name = renaming(name)
    client = vars(import_module(f"{package}.client"))[f"{name}Client"]
    methods = {method.bare_name: method for method in service.methods}
    return Called(interface, client, methods)


def implementation(called: Called) -> object:
    """Return a service whose methods answer with their params, or raise an error."""

    def answering(method: Method[Any]) -> Callable[..., object]:
        def answer(self: object, **params: Any) -> object:
            if method.errors:
                error = method.errors[params["which"]]
                fields = error.Fields.__struct_fields__
                raise error(**{name: at for at, name in enumerate(fields, 1)})
            values = [*params.values()]
            return values[0] if len(method.params.__struct_fields__) == 1 else values

        return answer

    handlers = {method.handler: answering(method) for method in called.methods.values()}
    made = type("Answering", (called.interface,), handlers)
    return made()


@contextmanager
def serving(services: Mapping[str, Called]) -> Iterator[str]:
    """Serve them all under uvicorn in a thread; the URL."""
    app = asgi_app(*map(implementation, services.values()))
    with under_uvicorn(app) as port:
        yield f"http://127.0.0.1:{port}/rpc"


@pytest.fixture(scope="session")
def url(services: Mapping[str, Called]) -> Iterator[str]:
    with serving(services) as url:
        yield url


Connect = Callable[[str], Any]


@pytest.fixture(params=["in process", "over a socket"])
def connect(
    services: Mapping[str, Called], request: pytest.FixtureRequest
) -> Iterator[Connect]:
    """`connect(service)`: its generated client."""
    with ExitStack() as clients:

        def connect(name: str) -> ServiceClient:
            service = services[name]
            if request.param == "in process":
                client = in_process(service.client, implementation(service))
            else:
                client = service.client(request.getfixturevalue("url"))
            return clients.enter_context(client)

        yield connect
