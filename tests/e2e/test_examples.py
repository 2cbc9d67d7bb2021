"""The programs of examples/, run as they stand, each in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from decimal import Decimal
from pathlib import Path

import pytest

from examples import shop
from generated_examples.database.client import DatabaseServiceClient
from generated_examples.database.errors import QueryRefused, ReadOnly, TableNotFound
from generated_examples.order.client import OrderServiceClient
from generated_examples.order.errors import EmptyOrder, OrderNotFound, UnknownCustomer
from generated_examples.order.types import (
    OrderData,
    OrderId,
    OrderLine,
    OrderStatus,
    UserId,
)
from generated_examples.user.client import UserServiceClient
from generated_examples.user.errors import EmailTaken, UserNotFound
from generated_examples.user.types import (
    Role,
    UserData,
    UserDataPartial,
    UserEvent,
    UserEventCreated,
    UserEventDeleted,
    UserEventUpdated,
)
from idlgen.runtime import JsonValue

PATIENCE = 60
"""Seconds of a call, for which the schemas may leave less than a busy machine takes."""

Start = Callable[..., str]


@pytest.fixture(scope="module")
def start(root: Path) -> Iterator[Start]:
    """Starts a service of examples/ and returns its URL; all end with the module."""
    with ExitStack() as running:

        def start(service: str, *arguments: str | Path) -> str:
            return running.enter_context(serving(root, service, *arguments))

        yield start


@contextmanager
def serving(root: Path, service: str, *arguments: str | Path) -> Iterator[str]:
    command = [sys.executable, "-m", f"examples.{service}", "0", *map(str, arguments)]
    with subprocess.Popen(
        command, cwd=root, stdout=subprocess.PIPE, encoding="utf-8"
    ) as process:
        try:
            assert process.stdout is not None
            url = process.stdout.readline().strip()
            assert url.startswith("http://127.0.0.1:"), "the service did not start"
            yield url
        finally:
            process.terminate()


def output(root: Path, program: str, *arguments: str) -> str:
    command = [sys.executable, "-X", "utf8", "-m", f"examples.{program}", *arguments]
    done = subprocess.run(
        command, cwd=root, check=True, stdout=subprocess.PIPE, encoding="utf-8"
    )
    return done.stdout


@pytest.mark.parametrize("scheme", ["http", "ws"])
def test_user_client_prints_typed_results_sync_and_async(
    scheme: str, start: Start, root: Path
) -> None:
    assert output(root, "user_client", by(scheme, start("user_service"))) == (
        "user 1 is 홍길동 <hong@example.com>\n"
        "nobody has the id 123\n"
        "user 2 is Ada, called Countess\n"
        "ada@example.com is taken\n"
        "all users: 홍길동, Ada\n"
        "deleted: True\n"
    )


def by(scheme: str, url: str) -> str:
    """Return the URL with the scheme that chooses the wire."""
    return url.replace("http", scheme)


@pytest.fixture(scope="module", params=["http", "ws"])
def users(start: Start, request: pytest.FixtureRequest) -> Iterator[UserServiceClient]:
    url = by(request.param, start("user_service"))
    with UserServiceClient(url, timeout=PATIENCE) as client:
        yield client


def test_a_user_is_made_changed_and_deleted(users: UserServiceClient) -> None:
    made = users.create_user(
        UserData(name="Bo", email="bo@example.com", nickname="B", roles=[Role.GUEST])
    )
    assert users.get_user_by_id(made.id) == made
    changed = users.update_user(made.id, UserDataPartial(nickname=None))
    assert (changed.name, changed.nickname) == ("Bo", None)
    assert changed.roles == [Role.GUEST]
    assert users.delete_user(made.id)
    assert not users.delete_user(made.id)
    with pytest.raises(UserNotFound) as caught:
        users.get_user_by_id(made.id)
    assert caught.value.id == made.id


def test_an_address_is_taken_only_once(users: UserServiceClient) -> None:
    with pytest.raises(EmailTaken) as caught:
        users.create_user(UserData(name="Hong", email="hong@example.com"))
    assert caught.value.email == "hong@example.com"
    kept = users.update_user(1, UserDataPartial(email="hong@example.com"))
    assert kept.email == "hong@example.com"


def test_users_are_listed_page_by_page(users: UserServiceClient) -> None:
    made = users.create_user(UserData(name="Cy", email="cy@example.com"))
    first = users.list_users(limit=1)
    assert [user.name for user in first.items] == ["홍길동"]
    assert first.next is not None
    second = users.list_users(cursor=first.next, limit=10)
    assert [user.id for user in second.items] == [made.id]
    assert second.next is None
    users.delete_user(made.id)


def test_what_happened_is_told_page_by_page(users: UserServiceClient) -> None:
    made = users.create_user(UserData(name="Di", email="di@example.com"))
    changed = users.update_user(made.id, UserDataPartial(nickname="D"))
    users.delete_user(made.id)
    events: list[UserEvent] = []
    page = users.list_events(limit=2)
    events += page.items
    while page.next is not None:
        page = users.list_events(cursor=page.next, limit=2)
        events += page.items
    assert events[-3:] == [
        UserEventCreated(value=made),
        UserEventUpdated(value=changed),
        UserEventDeleted(value=made.id),
    ]


@pytest.fixture(scope="module", params=["http", "ws"])
def orders_url(start: Start, request: pytest.FixtureRequest) -> str:
    """Of a service that itself calls another one by the same wire."""
    scheme: str = request.param
    return by(scheme, start("order_service", by(scheme, start("user_service"))))


@pytest.fixture(scope="module")
def orders(orders_url: str) -> Iterator[OrderServiceClient]:
    with OrderServiceClient(orders_url, timeout=PATIENCE) as client:
        yield client


def test_order_client_orders_for_a_user_of_another_process(
    start: Start, root: Path
) -> None:
    url = start("order_service", start("user_service"))
    assert output(root, "order_client", url) == (
        "order 1: 홍길동 pays 39.80 EUR\n"
        "refused: user 123 does not exist, so they cannot order\n"
        "order 1 is cancelled\n"
    )


def test_an_order_holds_who_the_user_service_said_it_was(
    orders: OrderServiceClient,
) -> None:
    line = OrderLine(sku="KB-104", quantity=3, unit_price=Decimal("0.10"))
    order = orders.create_order(UserId(1), OrderData(lines=[line]))
    assert order.customer.name == "홍길동"
    assert order.total == Decimal("0.30")
    assert orders.get_order(order.id) == order
    assert orders.list_orders(UserId(1))[0] == order
    orders.cancel_order(order.id)
    assert orders.list_orders(UserId(1), status=OrderStatus.PLACED) == []
    assert orders.list_orders(UserId(2)) == []


def test_what_cannot_be_ordered_is_refused(orders: OrderServiceClient) -> None:
    line = OrderLine(sku="KB-104", quantity=1, unit_price=Decimal(1))
    with pytest.raises(UnknownCustomer) as unknown:
        orders.create_order(UserId(99), OrderData(lines=[line]))
    assert unknown.value.user_id == 99
    with pytest.raises(EmptyOrder):
        orders.create_order(UserId(1), OrderData(lines=[]))
    with pytest.raises(OrderNotFound):
        orders.get_order(OrderId(99))


@pytest.fixture(scope="module")
def shop_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("shop") / "shop.db"
    shop.create(file)
    return file


@pytest.fixture(scope="module")
def database_url(start: Start, shop_file: Path) -> str:
    return start("database_service", shop_file)


@pytest.fixture(params=["http", "ws"])
def database(
    database_url: str, request: pytest.FixtureRequest
) -> Iterator[DatabaseServiceClient]:
    url = by(request.param, database_url)
    with DatabaseServiceClient(url, timeout=PATIENCE) as client:
        yield client


def test_database_client_reads_a_users_data(database_url: str, root: Path) -> None:
    assert output(root, "database_client", database_url) == (
        "user: {'id': 1, 'name': '홍길동', 'email': 'hong@example.com'}\n"
        "orders: [[1, '39.80'], [2, '5.00']]\n"
        "refused: this database may only be read\n"
    )


def test_a_parameter_never_becomes_sql(database: DatabaseServiceClient) -> None:
    hostile = "' OR 1=1; DROP TABLE users; --"
    found = database.query("SELECT id FROM users WHERE name = ?", params=[hostile])
    assert found.rows == []
    assert database.query("SELECT ?", params=[hostile]).rows == [[hostile]]
    assert database.list_tables() == ["orders", "users"]


def test_values_of_every_kind_cross_the_wire(database: DatabaseServiceClient) -> None:
    found = database.query("SELECT ?, ?, ?, x'00ff'", params=[None, 2**53 + 1, 1.5])
    assert found.rows == [[None, 2**53 + 1, 1.5, "AP8="]]


def test_more_rows_than_asked_for_are_cut_and_told(
    database: DatabaseServiceClient,
) -> None:
    found = database.query("SELECT id FROM orders ORDER BY id", limit=2)
    assert (found.rows, found.truncated) == ([[1], [2]], True)
    found = database.query("SELECT id FROM orders ORDER BY id", limit=3)
    assert (found.rows, found.truncated) == ([[1], [2], [3]], False)


@pytest.mark.parametrize(
    ("sql", "params", "reason"),
    [
        ("SELECT * FROM nowhere", [], "no such table: nowhere"),
        ("SELECT 1; SELECT 2", [], "one statement at a time"),
        ("SELECT ?", [], "Incorrect number of bindings"),
        ("SELECT ?", [[1]], "type 'list' is not supported"),
        ("SELECT ?", [2**70], "too large"),
        ("ATTACH 'other.db' AS other", [], "too many attached databases"),
    ],
)
def test_a_query_that_sqlite_does_not_take_is_refused(
    database: DatabaseServiceClient, sql: str, params: list[JsonValue], reason: str
) -> None:
    with pytest.raises(QueryRefused, match=reason):
        database.query(sql, params=params)


def test_writing_is_refused_by_default(database: DatabaseServiceClient) -> None:
    with pytest.raises(ReadOnly):
        database.execute("DELETE FROM users")
    with pytest.raises(ReadOnly):
        database.query("DELETE FROM users")
    assert database.query("SELECT count(*) FROM users").rows == [[2]]


def test_a_table_is_described(database: DatabaseServiceClient) -> None:
    columns = database.describe_table("orders")
    assert [(c.name, c.declared_type, c.nullable, c.primary_key) for c in columns] == [
        ("id", "INTEGER", True, True),
        ("user_id", "INTEGER", False, False),
        ("total", "TEXT", True, False),
    ]
    with pytest.raises(TableNotFound) as caught:
        database.describe_table("nothing")
    assert caught.value.table == "nothing"


def test_a_writable_database_is_changed(start: Start, tmp_path: Path) -> None:
    shop.create(tmp_path / "shop.db")
    url = start("database_service", tmp_path / "shop.db", "writable")
    with DatabaseServiceClient(url, timeout=PATIENCE) as database:
        change = database.execute(
            "INSERT INTO orders (user_id, total) VALUES (?, ?)", params=[2, "1.00"]
        )
        assert (change.rows_affected, change.last_row_id) == (1, 4)
        assert database.query("SELECT count(*) FROM orders").rows == [[4]]
