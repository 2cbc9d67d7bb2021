"""What clients show: a token or an API key, given or asked for, and seen by nobody else."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from websockets.asyncio.client import connect

from idlgen.runtime import (
    CallOptions,
    DeadlineExceeded,
    Unauthenticated,
    Unavailable,
    asgi_app,
)
from idlgen.runtime.auth import Principal, known_tokens
from idlgen.runtime.interceptors import ClientCall
from idlgen.runtime.options import Defaults
from idlgen.runtime.transports import Reply, Request
from tests.runtime.contract.guarded.client import AsyncVaultClient, VaultClient
from tests.runtime.contract.serving import serving
from tests.runtime.contract.vault import Strongroom

KINDS = pytest.mark.parametrize("kind", ["sync", "async"])


class Table:
    """A transport that notes what it is given, and fails as often as it is told."""

    def __init__(self, failures: int = 0) -> None:
        self.requests: list[Request] = []
        self._failures = failures

    def take(self, request: Request) -> Reply:
        self.requests.append(request)
        if len(self.requests) <= self._failures:
            raise Unavailable("not yet")
        calls = json.loads(request.body)
        answers = [
            {"jsonrpc": "2.0", "result": "x", "id": call["id"]}
            for call in (calls if isinstance(calls, list) else [calls])
        ]
        body = json.dumps(answers if isinstance(calls, list) else answers[0]).encode()
        headers = {"content-type": "application/json"}
        return Reply(status=200, headers=headers, body=body)

    @property
    def shown(self) -> list[tuple[str | None, str | None]]:
        """The token and the key of each request."""
        return [
            (it.headers.get("authorization"), it.headers.get("x-api-key"))
            for it in self.requests
        ]


class SyncTable(Table):
    def exchange(self, request: Request) -> Reply:
        return self.take(request)

    def close(self) -> None:
        pass


class AsyncTable(Table):
    async def exchange(self, request: Request) -> Reply:
        return self.take(request)

    async def aclose(self) -> None:
        pass


def called(
    kind: str, use: Callable[[Any], Any], failures: int = 0, **options: Any
) -> Table:
    """Have `use` make calls with a client of the options; what was sent."""
    if kind == "sync":
        blocking = SyncTable(failures)
        use(VaultClient(transport=blocking, **options))
        return blocking
    table = AsyncTable(failures)

    async def run() -> None:
        await use(AsyncVaultClient(transport=table, **options))

    asyncio.run(run())
    return table


def look(client: Any) -> Any:
    return client.look()


@KINDS
@pytest.mark.parametrize(
    ("options", "shown"),
    [
        ({}, (None, None)),
        ({"token": "t"}, ("Bearer t", None)),
        ({"api_key": "k"}, (None, "k")),
        ({"token": lambda: "t", "api_key": lambda: "k"}, ("Bearer t", "k")),
        ({"token": None, "api_key": None}, (None, None)),
        ({"token": "t", "headers": {"Authorization": "Own x"}}, ("Own x", None)),
        (
            {"token": lambda: "t", "headers": {"Authorization": "Own x"}},
            ("Own x", None),
        ),
        ({"api_key": "k", "headers": {"X-Api-Key": "own"}}, (None, "own")),
    ],
)
def test_what_is_sent(
    kind: str, options: dict[str, Any], shown: tuple[str | None, str | None]
) -> None:
    assert called(kind, look, **options).shown == [shown]


@KINDS
def test_headers_of_a_call_and_of_an_interceptor_win_over_a_token(kind: str) -> None:
    own = CallOptions(headers={"authorization": "Own x"})
    for token in ("t", lambda: "t"):
        table = called(kind, lambda client: client.look(options=own), token=token)
        assert table.shown == [("Own x", None)]

    @contextmanager
    def signing(call: ClientCall) -> Iterator[None]:
        call.headers["authorization"] = "Signed y"
        yield

    table = called(kind, look, token=lambda: "t", interceptors=[signing])
    assert table.shown == [("Signed y", None)]


@KINDS
def test_a_function_is_asked_before_each_attempt(kind: str) -> None:
    numbers = iter(range(1, 9))

    def ask() -> str:
        return f"t{next(numbers)}"

    table = called(kind, look, failures=1, token=ask)
    assert table.shown == [("Bearer t1", None), ("Bearer t2", None)]


def test_an_async_client_waits_for_a_token() -> None:
    async def ask() -> str:
        await asyncio.sleep(0)
        return "awaited"

    assert called("async", look, token=ask).shown == [("Bearer awaited", None)]


def test_a_sync_client_cannot_wait_and_says_so() -> None:
    async def ask() -> str:
        return "never"

    options: Any = {"token": ask}
    client = VaultClient(transport=SyncTable(), **options)
    with pytest.raises(TypeError, match="a sync client cannot wait for a token"):
        client.look()


def test_a_token_is_waited_for_no_longer_than_the_call() -> None:
    async def ask() -> str:
        await asyncio.Event().wait()
        return "never"

    async def run() -> None:
        client = AsyncVaultClient(transport=AsyncTable(), token=ask)
        await client.look(options=CallOptions(timeout=0.01, retries=0))

    with pytest.raises(DeadlineExceeded):
        asyncio.run(run())


@KINDS
def test_a_view_shows_another_token(kind: str) -> None:
    async def use_async(client: Any) -> None:
        for view in views(client):
            await view.look()

    def use(client: Any) -> None:
        for view in views(client):
            view.look()

    def views(client: Any) -> list[Any]:
        return [
            client.with_options(token="v"),
            client.with_options(token=lambda: "w"),
            client.with_options(api_key="k"),
            client.with_options(timeout=5),
            client,
        ]

    for token in ("t", lambda: "t"):
        table = called(kind, use if kind == "sync" else use_async, token=token)
        assert table.shown == [
            ("Bearer v", None),
            ("Bearer w", None),
            ("Bearer t", "k"),
            ("Bearer t", None),
            ("Bearer t", None),
        ]


@KINDS
def test_a_batch_asks_once_and_says_once_what_all_show(kind: str) -> None:
    asked: list[str] = []

    def ask() -> str:
        asked.append("once")
        return "t"

    def add(client: Any, b: Any) -> None:
        b.add(client.look)
        b.add(client.look)
        if other:
            b.add(client.with_options(token="v").look)

    def use(client: Any) -> None:
        with client.batch() as b:
            add(client, b)

    async def use_async(client: Any) -> None:
        async with client.batch() as b:
            add(client, b)

    chosen = use if kind == "sync" else use_async
    other = False
    table = called(kind, chosen, token=ask)
    assert table.shown == [("Bearer t", None)]
    assert b"meta" not in table.requests[0].body
    other = True
    table = called(kind, chosen, token=ask)
    assert table.shown == [(None, None)]
    assert [call["meta"] for call in json.loads(table.requests[0].body)] == [
        {"authorization": "Bearer t"},
        {"authorization": "Bearer t"},
        {"authorization": "Bearer v"},
    ]
    assert asked == ["once", "once"]


@KINDS
@pytest.mark.parametrize("token", ["", "a b", "Bearer a", "a\r\nx: y", "ö"])
def test_what_is_no_token_is_refused_and_not_shown(kind: str, token: str) -> None:
    for option in ("token", "api_key"):
        given: list[Any] = [token, lambda: token]
        for shown in given:
            with pytest.raises(ValueError) as caught:
                called(kind, look, 0, **{option: shown})
            assert str(caught.value).startswith("a token is printable ASCII")
    with pytest.raises(TypeError, match="a token is a text, not NoneType"):
        called(kind, look, token=lambda: None)


def test_what_asking_raises_is_raised() -> None:
    def ask() -> str:
        raise OSError("no keyring")

    table = SyncTable()
    with pytest.raises(OSError, match="no keyring"):
        VaultClient(transport=table, token=ask).look()
    assert table.requests == []


def test_a_token_wins_over_the_user_of_a_url() -> None:
    with serving(asgi_app(Strongroom(), authenticate=known_tokens({}))) as port:
        url = f"http://ada:s3cret@127.0.0.1:{port}"
        shown: list[Any] = [{}, {"token": "t0ken"}]
        for options in shown:
            with (
                VaultClient(url, **options) as client,
                pytest.raises(Unauthenticated) as caught,
            ):
                client.look()
            told = str(caught.value)
            assert ("not accepted" in told) == bool(options)


@KINDS
@pytest.mark.parametrize("wire", ["http", "ws"])
def test_nothing_shows_a_token(
    kind: str, wire: str, caplog: pytest.LogCaptureFixture
) -> None:
    async def use(client: Any) -> str:
        with pytest.raises(Unauthenticated) as caught:
            await client.look()
        await client.aclose()
        return f"{caught.value!r} {vars(caught.value)}"

    calls: list[ClientCall] = []

    @contextmanager
    def noting(call: ClientCall) -> Iterator[None]:
        calls.append(call)
        yield

    told = ""
    with (
        caplog.at_level(logging.DEBUG),
        serving(asgi_app(Strongroom(), authenticate=known_tokens({}))) as port,
    ):
        url = f"{wire}://127.0.0.1:{port}"
        for token in ("s3cret", lambda: "s3cret"):
            options: Any = {"token": token, "api_key": token, "interceptors": [noting]}
            if kind == "async":
                told += asyncio.run(use(AsyncVaultClient(url, **options)))
                continue
            with VaultClient(url, **options) as client:
                with pytest.raises(Unauthenticated) as caught:
                    client.look()
                told += f"{client!r} {caught.value!r} {vars(caught.value)}"
    logged = [record.getMessage() for record in caplog.records]
    defaults = Defaults().replaced(token="s3cret", headers={"authorization": "s3cret"})
    request = Request(
        ids=(1,), body=b"s3cret", headers={"authorization": "s3cret"}, timeout=None
    )
    options = CallOptions(headers={"authorization": "s3cret"})
    told += f"{logged} {calls} {defaults} {request} {options}"
    assert "s3cret" not in told
    assert "authorization" not in str(calls)


def test_a_browser_shows_its_token_in_meta_and_never_in_the_url() -> None:
    """It cannot set headers of a handshake: each call of the socket says who it is."""
    known = known_tokens({"t1": Principal("ada", frozenset({"vault:read"}))})

    async def run(port: int) -> list[Any]:
        answers = []
        async with connect(f"ws://127.0.0.1:{port}/rpc?token=t1") as socket:
            for meta in (
                {"authorization": "Bearer t1"},
                {},
                {"authorization": "Bearer t2"},
            ):
                request = {
                    "jsonrpc": "2.0",
                    "method": "Vault.look",
                    "id": 1,
                    "meta": meta,
                }
                await socket.send(json.dumps(request))
                answer = json.loads(await socket.recv())
                answers.append(
                    answer.get("result") or answer["error"]["data"]["status"]
                )
        return answers

    with serving(asgi_app(Strongroom(), authenticate=known)) as port:
        answers = asyncio.run(run(port))
    assert answers == ["ada", "unauthenticated", "unauthenticated"]
