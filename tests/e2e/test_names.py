"""Every name that a schema may give to anything, in every place it may stand.

One run of `idlgen build` makes all of it. Then it is imported, called in this process and
over a socket, and given to three type checkers.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from importlib import import_module
from itertools import cycle
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple, TypeGuard

import msgspec
import pytest
import uvicorn

from idlgen.compiler import compile
from idlgen.runtime import (
    Client,
    Method,
    Service,
    ServiceClient,
    asgi_app,
    in_process,
)
from idlgen.runtime.descriptors import served_by
from idlgen.targets import TARGETS, target_factory
from tests.e2e.name_schemas import (
    FIELD_VALUES,
    PACKAGE_NAMES,
    SCOPES,
    TYPE_NAMES,
    TYPE_VALUES,
    renaming,
    schemas,
)
from tests.e2e.name_table import NAMES

# Names that meet an earlier one of their scope in Python, with the code that says so.
MEMBERS = {
    **dict.fromkeys(("Function", "Any", "Unset", "date", "error", "method"), "IDL401"),
    **dict.fromkeys(("service", "user", "uuid", "_missing_"), "IDL401"),
    **dict.fromkeys(("__", "__a", "__1", "a_"), "IDL401"),
}
REFUSED: Mapping[str, Mapping[str, str]] = {
    "fields": MEMBERS,
    "params": MEMBERS,
    "methods": MEMBERS,
    # `_` is LOW_LINE and `__` is LOW_LINE_LOW_LINE.
    "values": {name: code for name, code in MEMBERS.items() if name != "__"},
    "error_fields": MEMBERS,
    "services": {
        # They are what the services `Service` and `UserService` generate.
        "ServiceClient": "IDL118",
        "AsyncServiceClient": "IDL118",
        "FakeService": "IDL118",
        "UserServiceClient": "IDL118",
        "AsyncUserServiceClient": "IDL118",
        # Their constants are those of `UNSET` and `UUID`.
        "Unset": "IDL402",
        "Uuid": "IDL402",
    },
}


def test_the_table_is_long_and_holds_each_name_once() -> None:
    assert len(NAMES) >= 300
    assert len({*NAMES}) == len(NAMES) == sum(map(len, SCOPES.values()))


@pytest.mark.parametrize("position", REFUSED)
def test_only_names_that_meet_another_one_are_refused(position: str) -> None:
    refused: dict[str, str] = {}
    # Names are given to what is refused until nothing is, as a user would do it.
    while found := refusals(schemas({position: refused})[f"position.{position}"]):
        assert found.keys().isdisjoint(refused)
        refused |= found
    assert refused == REFUSED[position]
    rows = TYPE_NAMES if position == "services" else NAMES
    assert len(refused) * 20 <= len(rows)


def refusals(schema: str) -> dict[str, str]:
    """Return the code of what is found by the text that it is found at."""
    outcome = compile(
        [PurePosixPath("names.yaml")],
        lambda _: schema.encode(),
        [target_factory(name)({}) for name in TARGETS],
    )
    found = {}
    for each in outcome.diagnostics:
        assert each.span is not None
        named = each.span.source.text[each.span.start : each.span.end].strip('"')
        found[named] = each.code
    # A method meets another one only because its service does.
    found.pop("go", None)
    return found


class Called(NamedTuple):
    """One service: its generated Protocol and client, and its methods' descriptors."""

    interface: type
    client: type[ServiceClient]
    methods: Mapping[str, Any]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder above `every_name`, which one run of the real command wrote."""
    folder = tmp_path_factory.mktemp("names")
    for package, text in schemas(REFUSED).items():
        (folder / f"{package}.yaml").write_text(text, "utf-8")
    command = [sys.executable, "-m", "idlgen", "build", "--out", "every_name"]
    files = sorted(path.name for path in folder.glob("*.yaml"))
    assert len(files) == len(PACKAGE_NAMES) + len(TYPE_VALUES) + 7
    done = subprocess.run(
        [*command, *files],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent.parent)},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    return folder


@pytest.fixture(scope="module")
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
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical"))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}/rpc"
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture(scope="module")
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


@pytest.mark.parametrize("kind", TYPE_VALUES)
def test_types(kind: str, connect: Connect, services: Mapping[str, Called]) -> None:
    name = f"position.{kind}.Caller"
    client = connect(name)
    methods = services[name].methods.values()
    assert len(methods) == len(TYPE_NAMES)
    for method in methods:
        value = msgspec.convert(TYPE_VALUES[kind], method.returns)
        assert getattr(client, method.handler)(value) == value


@pytest.mark.parametrize("scope", SCOPES)
def test_fields(scope: str, connect: Connect, services: Mapping[str, Called]) -> None:
    name = "position.fields.Service"
    client = connect(name)
    values = dict(zip(NAMES, cycle(FIELD_VALUES.values()), strict=False))
    document = {name: values[name] for name in SCOPES[scope]}
    for verb in ("echo", "patch"):
        method = services[name].methods[f"{verb}{scope}"]
        value = msgspec.convert(document, method.returns)
        answer = getattr(client, method.handler)(value)
        assert answer == value
        assert msgspec.to_builtins(answer) == document


@pytest.mark.parametrize("scope", SCOPES)
def test_params(scope: str, connect: Connect, services: Mapping[str, Called]) -> None:
    name = "position.params.Service"
    client = connect(name)
    method = services[name].methods[f"all{scope}"]
    assert method.params.__struct_encode_fields__ == SCOPES[scope]
    numbers = range(len(SCOPES[scope]))
    call = getattr(client, method.handler)
    keywords = dict(zip(method.params.__struct_fields__, numbers, strict=True))
    assert call(**keywords) == [*numbers]
    assert call(*numbers) == [*numbers]


@pytest.mark.parametrize("scope", SCOPES)
def test_methods(scope: str, connect: Connect, services: Mapping[str, Called]) -> None:
    name = f"position.methods.{scope}"
    client = connect(name)
    methods = services[name].methods
    assert tuple(methods) == SCOPES[scope]
    for number, method in enumerate(methods.values()):
        (param,) = method.params.__struct_fields__
        call = getattr(client, method.handler)
        assert call(number) == number
        assert call(**{param: number}) == number


def test_the_wire_has_the_names_of_the_schema(url: str) -> None:
    with Client(url) as client:
        for scope, names in SCOPES.items():
            for name in names:
                method = f"position.methods.{scope}.{name}"
                assert client.call(method, **{name: 5}) == 5


@pytest.mark.parametrize("scope", SCOPES)
def test_enum_values(
    scope: str, connect: Connect, services: Mapping[str, Called]
) -> None:
    name = "position.values.Service"
    client = connect(name)
    methods = services[name].methods
    for kind in ("open", "closed"):
        method = methods[f"{kind}{scope}"]
        members = [*method.returns]
        assert tuple(member.value for member in members) == SCOPES[scope]
        for member in members:
            assert getattr(client, method.handler)(member) is member
    method = methods[f"defaults{scope}"]
    defaults = method.returns()
    assert tuple(msgspec.to_builtins(defaults).values()) == SCOPES[scope]
    assert getattr(client, method.handler)(defaults) == defaults


def test_errors(connect: Connect, services: Mapping[str, Called]) -> None:
    client = connect("position.errors.Caller")
    method = services["position.errors.Caller"].methods["fail"]
    error: Any
    for which, (error, name) in enumerate(zip(method.errors, TYPE_NAMES, strict=True)):
        with pytest.raises(error) as caught:
            client.fail(which)
        assert type(caught.value) is error
        assert caught.value.error_name == f"position.errors.{name}"
        assert caught.value.number == 1


def test_fields_of_errors(connect: Connect, services: Mapping[str, Called]) -> None:
    client = connect("position.error_fields.Service")
    method = services["position.error_fields.Service"].methods["fail"]
    for which, scope in enumerate(SCOPES):
        error: Any = method.errors[which]
        with pytest.raises(error) as caught:
            client.fail(which)
        assert type(caught.value) is error
        assert error.Fields.__struct_encode_fields__ == SCOPES[scope]
        names = error.Fields.__struct_fields__
        values = [getattr(caught.value, name) for name in names]
        assert values == [*range(1, len(names) + 1)]


def test_services_and_packages(connect: Connect) -> None:
    names = [f"position.services.{name}" for name in TYPE_NAMES]
    names += [f"{name}.Service" for name in PACKAGE_NAMES]
    for number, name in enumerate(names):
        assert connect(name).go(number) == number


def run(command: Sequence[str | Path], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_mypy_finds_nothing(folder: Path) -> None:
    run([sys.executable, "-m", "mypy", "--strict", "every_name"], folder)


def test_pyright_finds_nothing(folder: Path, pyright: str) -> None:
    settings = {"typeCheckingMode": "strict", "include": ["every_name"]}
    (folder / "pyrightconfig.json").write_text(json.dumps(settings), "utf-8")
    run([pyright, "--pythonpath", sys.executable], folder)


def test_tsc_finds_nothing(folder: Path, tsc: str) -> None:
    files = sorted(folder.rglob("*.d.ts"))
    assert len(files) == len(PACKAGE_NAMES) + len(TYPE_VALUES) + 7
    run([tsc, "--strict", "--noEmit", "--skipLibCheck", "false", *files], folder)
