"""Packages that import each other, as checkers, black and Python itself see them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from importlib import import_module
from pathlib import Path, PurePosixPath
from types import ModuleType
from typing import Any

import msgspec
import pytest

from idlgen.compiler import compile
from idlgen.runtime import Method
from idlgen.runtime.codec import Codec, Refused
from idlgen.targets.python.target import PythonTarget

FOLDER = Path(__file__).parent / "packages"
SCHEMAS = sorted(path.name for path in FOLDER.glob("*.yaml"))


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder above `tree`, which is what the schemas in `packages` make."""
    folder = tmp_path_factory.mktemp("packages")
    outcome = compile(
        [PurePosixPath(name) for name in SCHEMAS],
        lambda path: (FOLDER / path).read_bytes(),
        [PythonTarget({})],
    )
    assert outcome.diagnostics == ()
    for file in outcome.files:
        path = folder / "tree" / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file.body, encoding="utf-8")
    return folder


@pytest.fixture
def importable(tree: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.syspath_prepend(tree)
    yield tree
    forget()


def forget() -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "tree"]:
        del sys.modules[name]


def module_names(tree: Path) -> list[str]:
    paths = sorted(path.relative_to(tree) for path in tree.rglob("*.py"))
    return [".".join(path.with_suffix("").parts) for path in paths]


def run(command: list[str | Path], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_mypy_finds_nothing(tree: Path, tmp_path: Path) -> None:
    command: list[str | Path] = [sys.executable, "-m", "mypy", "--strict"]
    run([*command, "--config-file=", "--cache-dir", tmp_path, "tree"], tree)


def test_pyright_finds_nothing(tree: Path, pyright: str) -> None:
    settings = {"typeCheckingMode": "strict", "include": ["tree"]}
    (tree / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    run([pyright, "--pythonpath", sys.executable], tree)


def test_black_changes_nothing(tree: Path) -> None:
    run([sys.executable, "-m", "black", "--check", "tree"], tree)


def test_imports_are_sorted(tree: Path) -> None:
    run([sys.executable, "-m", "ruff", "check", "--isolated", "--select=I", "."], tree)


def test_every_module_may_be_imported_first(importable: Path) -> None:
    names = module_names(importable)
    assert len(names) > 30
    for first in names:
        forget()
        import_module(first)
        for name in names:
            look_through(import_module(name))


def look_through(module: ModuleType) -> None:
    """Resolve every annotation, as the runtime does when it first needs it."""
    for declared in vars(module).values():
        struct = getattr(declared, "Fields", declared)
        is_struct = isinstance(struct, type) and issubclass(struct, msgspec.Struct)
        if is_struct and not getattr(struct, "__parameters__", ()):
            msgspec.inspect.type_info(struct)
        if isinstance(declared, Method):
            msgspec.inspect.type_info(declared.returns)


def test_a_module_of_a_ring_is_importable_alone(tree: Path) -> None:
    for package in ("x", "y", "z"):
        run([sys.executable, "-c", f"import tree.round.{package}.types"], tree)


BILL = {"reference": "ab", "order": 2, "roles": ["admin"]}
BILL |= {"sum": {"amount": "1.50", "currency": "usd"}}
PLACE = {"size": "small", "prices": {"EUR": {"amount": "1", "currency": "eur"}}}
USER = {
    "id": 1,
    "role": "member",
    "kind": "late",
    "level": 3,
    "higher": 4,
    "priority": 2,
    "through": "admin",
    "maybe": "late",
    "wallet": {"amount": "1.50", "currency": "eur"},
    "debts": [],
    "common_types": "usd",
    "billing_types": "early",
}


@pytest.mark.parametrize(
    ("module", "type_", "text"),
    [
        ("acme.user", "User", USER),
        (
            "acme.user",
            "User",
            USER | {"debts": [BILL], "ledger": {"EUR": [BILL]}, "types": ["late"]},
        ),
        ("acme.user", "User", USER | {"pages": {"items": [BILL | {"who": USER}]}}),
        (
            "acme.user",
            "User",
            USER
            | {
                "nested": {
                    "items": [
                        {"first": USER, "second": USER["wallet"], "users": [USER]}
                    ]
                }
            },
        ),
        ("acme.user", "Event", {"type": "billed", "value": BILL}),
        (
            "acme.user",
            "Event",
            {"type": "paid", "value": {"type": "card", "value": "ABC"}},
        ),
        ("acme.user", "Event", {"type": "many", "value": [BILL, BILL]}),
        ("acme.user", "Flat", {"type": "bill", **BILL}),
        ("acme.user", "Flat", {"type": "place", **PLACE}),
        ("acme.user", "Deep", {"a": [["admin"], []]}),
        ("acme.user", "BillPage", {"items": [BILL], "next": "b"}),
        ("acme.user", "Change", {"sum": BILL["sum"]}),
        ("acme.billing", "Bill", BILL | {"who": USER, "event": {"type": "nothing"}}),
        ("acme", "Shop", {**PLACE, "till": "0.50"}),
        ("acme", "Money", {"inner": BILL["sum"], "below": {"value": BILL["sum"]}}),
        ("errors", "Type", None),
        (
            "class_.import_",
            "Type",
            {"class_types": {"a": 1}, "types_types": None} | {"import_types": 5},
        ),
        (
            "round.x",
            "Node",
            {"next": {"next": {"id": 1}, "id": 2}, "id": 3}
            | {"whole": [{"id": 4}], "far": {"a": [5]}},
        ),
        ("round.z", "Fary", [1, 2]),
        ("round.x", "Ahead", [[[[{"id": 1}]]]]),
    ],
)
def test_values_go_through_all_packages_and_come_back(
    importable: Path, module: str, type_: str, text: object
) -> None:
    codec = Codec[Any](getattr(import_module(f"tree.{module}.types"), type_))
    value = codec.decode(json.dumps(text).encode())
    assert json.loads(codec.encode(value)) == text


@pytest.mark.parametrize(
    ("module", "type_", "text"),
    [
        ("acme.user", "Debts", [BILL, BILL, BILL, BILL]),
        ("acme.user", "Ledger", {"EUR": [BILL, BILL, BILL, BILL]}),
        ("acme.user", "Ledger", {"euro": []}),
        ("acme.user", "Deep", {"a": []}),
        ("acme.user", "User", USER | {"level": 0}),
        ("acme.user", "User", USER | {"level": 6}),
        ("acme.user", "User", USER | {"higher": 1}),
        ("acme.user", "User", USER | {"higher": 6}),
        ("acme.user", "DeepLevel", "a"),
        ("acme.user", "DeepLevel", "0123456789"),
        ("acme.billing", "Bill", BILL | {"reference": "0" * 21}),
        ("acme.billing", "Bill", BILL | {"order": 6}),
        ("round.x", "Node", {"id": 3, "whole": [{"id": 4}] * 10}),
    ],
)
def test_limits_hold_where_another_package_sets_them(
    importable: Path, module: str, type_: str, text: object
) -> None:
    codec = Codec[Any](getattr(import_module(f"tree.{module}.types"), type_))
    with pytest.raises(Refused):
        codec.decode(json.dumps(text).encode())


def test_defaults_are_made_of_the_other_packages_classes(importable: Path) -> None:
    billing = import_module("tree.acme.billing.types")
    common = import_module("tree.common.types")
    user = import_module("tree.acme.user.types").User()
    assert user.kind is billing.Kind.LATE
    assert user.common_types is common.Currency.USD
    assert isinstance(user.wallet, common.Money)
    assert json.loads(msgspec.json.encode(user)) == USER


def test_errors_of_every_package_reach_the_caller(importable: Path) -> None:
    client, errors, server, testing = (
        import_module(f"tree.acme.user.{name}")
        for name in ("client", "errors", "server", "testing")
    )
    common, other, billing = (
        import_module(f"tree.{name}.errors")
        for name in ("common", "acme.common", "acme.billing")
    )
    money = import_module("tree.common.types").Money
    price = money(amount=Decimal(1))
    raised: list[Exception] = []
    answers: list[object] = []

    def refuse(self: object, common_types: object, **given: object) -> object:
        answers.append((common_types, given["debts"], given["prices"]))
        raise raised[-1]

    implementation = type(
        "Users", (server.UsersUnimplemented,), {"common_types": refuse}
    )
    users = testing.in_process(client.UsersClient, implementation())
    for error in (
        common.CurrencyUnknown(code="ABC"),
        other.CurrencyUnknown(),
        errors.CurrencyUnknown(),
        errors.Poor(common_types=1, missing=price),
        billing.Overdue(by=timedelta(seconds=1)),
    ):
        raised.append(error)
        with pytest.raises(type(error)) as caught:
            users.common_types(price)
        assert type(caught.value) is type(error)
    assert answers == [(price, [[]], [])] * 5
