"""Clients over real sockets: what they are made with, and what then goes over the wire."""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from typing import Any

import aiohttp
import pytest
import urllib3
import uvicorn
from msgspec import Struct

from idlgen._version import __version__
from idlgen.runtime import (
    AsyncClient,
    CallOptions,
    Client,
    DeadlineExceeded,
    Internal,
    Method,
    ResourceExhausted,
    RpcError,
    Service,
    ServiceClient,
    Unavailable,
    asgi_app,
    serves,
)
from idlgen.runtime.errors import was_received
from idlgen.runtime.transports import Reply, Request
from tests.hurry import lengthening

KINDS = pytest.mark.parametrize("kind", ["sync", "async"])


class Recorder(ThreadingHTTPServer):
    """Answers every call with the target and headers that it came with."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.address = f"127.0.0.1:{self.server_address[1]}"
        self.requests: list[dict[str, Any]] = []


class _Handler(BaseHTTPRequestHandler):
    server: Recorder
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        request = json.loads(self.rfile.read(int(self.headers["content-length"])))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.requests.append(request)
        seen = {"target": self.path, "headers": headers, "request": request}
        answer = {"jsonrpc": "2.0", "id": request.get("id"), "result": seen}
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def recorder() -> Iterator[Recorder]:
    with Recorder() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)


def call(kind: str, url: str, **options: Any) -> Any:
    """Call `m` with an untyped client of the kind; what the recorder saw."""
    if kind == "sync":
        with Client(url, **options) as client:
            return client.call("m", 1)

    async def run() -> Any:
        async with AsyncClient(url, **options) as client:
            return await client.call("m", 1)

    return asyncio.run(run())


MISSPELT: Any = {"timout": 1}
PYTHON = "{}.{}.{}".format(*sys.version_info[:3])


@KINDS
def test_the_client_says_who_it_is(kind: str, recorder: Recorder) -> None:
    seen = call(kind, recorder.address)
    assert seen["headers"] == {
        "host": recorder.address,
        "accept": "application/json",
        "accept-encoding": seen["headers"]["accept-encoding"],
        "content-type": "application/json",
        "content-length": str(
            len(b'{"jsonrpc":"2.0","method":"m","params":[1],"id":1}')
        ),
        "user-agent": f"idlgen/{__version__} python/{PYTHON}",
        "idlgen-timeout-ms": "60000",
    }
    assert seen["target"] == "/rpc"


@KINDS
def test_user_agent_and_headers_can_be_given(kind: str, recorder: Recorder) -> None:
    seen = call(kind, recorder.address, user_agent="mine/1", headers={"X-Team": "a"})
    assert seen["headers"]["user-agent"] == "mine/1"
    assert seen["headers"]["x-team"] == "a"


@KINDS
def test_the_urls_user_is_sent_unless_a_header_says_otherwise(
    kind: str, recorder: Recorder
) -> None:
    url = f"http://ada:s3cret@{recorder.address}"
    assert call(kind, url)["headers"]["authorization"] == "Basic YWRhOnMzY3JldA=="
    seen = call(kind, url, headers={"Authorization": "Bearer t"})
    assert seen["headers"]["authorization"] == "Bearer t"


@KINDS
def test_a_proxy_comes_from_the_environment_or_by_argument(
    kind: str, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = call(kind, "users.invalid:81", proxy=recorder.address)
    assert seen["target"] == "http://users.invalid:81/rpc"
    monkeypatch.setenv("HTTP_PROXY", recorder.address)
    assert call(kind, "users.invalid")["target"] == "http://users.invalid/rpc"
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    assert call(kind, recorder.address)["target"] == "/rpc"
    monkeypatch.delenv("NO_PROXY")
    assert call(kind, recorder.address, trust_env=False)["target"] == "/rpc"


def test_a_pool_or_session_of_the_callers_goes_its_own_way(
    recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "127.0.0.1:1")
    with urllib3.PoolManager() as pool:
        assert call("sync", recorder.address, pool=pool)["target"] == "/rpc"
    proxy = urllib3.ProxyManager(f"http://{recorder.address}")
    seen = call("sync", "users.invalid", pool=proxy)
    assert seen["target"] == "http://users.invalid/rpc"

    async def run() -> Any:
        async with aiohttp.ClientSession() as session:
            return await AsyncClient(recorder.address, session=session).call("m")

    assert asyncio.run(run())["target"] == "/rpc"


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (Client, TypeError, "needs the `url` of a server, or a `transport`"),
        (
            lambda: Client("h", transport=Answers()),
            TypeError,
            "`url` and `transport` exclude each other",
        ),
        (
            lambda: Client(transport=Answers(), proxy="p"),
            TypeError,
            "`proxy` and `transport` exclude each other",
        ),
        (
            lambda: Client("h", pool=urllib3.PoolManager(), proxy="p"),
            TypeError,
            "`proxy` and `pool` exclude each other",
        ),
        (
            lambda: Client("ws://h", pool=urllib3.PoolManager()),
            TypeError,
            "`pool` is for calls over HTTP, not over WebSocket",
        ),
        (AsyncClient, TypeError, "needs the `url` of a server"),
        (lambda: Client("h", **MISSPELT), TypeError, "did you mean `timeout`?"),
        (
            lambda: Client("h", timeout=-1),
            ValueError,
            "a timeout is a number of seconds",
        ),
        (lambda: Client("grpc://h"), ValueError, "scheme `grpc://` is not supported"),
        (lambda: Client("h", headers={"a b": "1"}), ValueError, "name of a header"),
        (lambda: Client("h", user_agent="a\nb"), ValueError, "header `user-agent`"),
        (lambda: Client("h", proxy="socks5://p"), ValueError, "is not supported"),
    ],
)
def test_what_cannot_be_is_refused_when_the_client_is_made(
    make: Callable[[], object], error: type[Exception], message: str
) -> None:
    with pytest.raises(error) as caught:
        make()
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("library", "module", "make", "message"),
    [
        (
            "urllib3",
            "idlgen.runtime.transports.blocking",
            Client,
            "sync clients over HTTP need urllib3: pip install 'idlgen[http]'",
        ),
        (
            "aiohttp",
            "idlgen.runtime.transports.asynchronous",
            AsyncClient,
            "async clients over HTTP need aiohttp: pip install 'idlgen[http]'",
        ),
        (
            "websockets.exceptions",
            "idlgen.runtime.transports.websocket",
            lambda _: AsyncClient("ws://h"),
            "clients over WebSocket need websockets: pip install 'idlgen[ws]'",
        ),
        (
            "websockets.exceptions",
            "idlgen.runtime.transports.websocket",
            lambda _: Client("ws://h"),
            "clients over WebSocket need websockets: pip install 'idlgen[ws]'",
        ),
        (
            "httpx2",
            "idlgen.runtime.transports.httpx2",
            lambda _: import_module("idlgen.runtime.transports.httpx2"),
            "transports over httpx2 need httpx2: pip install 'idlgen[httpx2]'",
        ),
        (
            "pyreqwest.client",
            "idlgen.runtime.transports.pyreqwest",
            lambda _: import_module("idlgen.runtime.transports.pyreqwest"),
            (
                "transports over pyreqwest need pyreqwest: "
                "pip install 'idlgen[pyreqwest]'"
            ),
        ),
    ],
)
def test_a_missing_library_is_named_with_the_way_to_get_it(
    library: str,
    module: str,
    make: Callable[[str], object],
    message: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    monkeypatch.delitem(sys.modules, module, raising=False)
    with pytest.raises(ImportError) as caught:
        make("h")
    assert str(caught.value) == message


LOADING = """
import sys
from idlgen.runtime import {name}
print(sorted({{"aiohttp", "asyncio", "urllib3"}} & set(sys.modules)))
{name}("h")
print(sorted({{"aiohttp", "asyncio", "urllib3"}} & set(sys.modules)))
"""


@pytest.mark.parametrize(
    ("name", "loaded"),
    [("Client", "['urllib3']"), ("AsyncClient", "['aiohttp', 'asyncio']")],
)
def test_an_http_library_is_loaded_when_a_client_needs_it(
    name: str, loaded: str
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOADING.format(name=name)],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert done.stdout.splitlines() == ["[]", loaded]


def test_a_closed_client_and_its_views_refuse_calls(recorder: Recorder) -> None:
    client = Client(recorder.address)
    view = client.with_options(timeout=1)
    view.close()
    for closed in (client, view):
        with pytest.raises(RuntimeError, match="this client is closed"):
            closed.call("m")


def test_a_sync_client_may_be_called_in_a_running_loop(recorder: Recorder) -> None:
    async def run() -> Any:
        return call("sync", recorder.address)

    assert asyncio.run(run())["request"]["params"] == [1]


def test_an_async_client_belongs_to_the_loop_of_its_first_call(
    recorder: Recorder,
) -> None:
    client = AsyncClient(recorder.address)
    with asyncio.Runner() as first, asyncio.Runner() as second:
        first.run(client.call("m"))
        with pytest.raises(RuntimeError, match="make one client per loop"):
            second.run(client.call("m"))
        first.run(client.aclose())


@KINDS
def test_a_notification_has_no_id_and_brings_nothing(
    kind: str, recorder: Recorder
) -> None:
    async def run() -> None:
        async with AsyncClient(recorder.address) as client:
            await client.notify("m", a=1)

    if kind == "sync":
        with Client(recorder.address) as client:
            client.notify("m", a=1)
    else:
        asyncio.run(run())
    assert recorder.requests[-1] == {
        "jsonrpc": "2.0",
        "method": "m",
        "params": {"a": 1},
    }


def test_a_notification_that_was_not_taken_is_an_error() -> None:
    refused = Reply(status=503, headers={}, body=b"")
    with pytest.raises(Unavailable):
        Client(transport=Answers(refused)).notify("m")


def test_params_come_by_position_or_by_keyword_not_both() -> None:
    with Client("h") as client:
        with pytest.raises(TypeError, match="by position or by keyword, not both"):
            client.call("m", 1, a=2)
        with pytest.raises(TypeError, match="by position or by keyword, not both"):
            client.notify("m", 1, a=2)


class Answers:
    """A transport that answers everything with one reply, or raises one error."""

    def __init__(self, outcome: Reply | Exception | None = None) -> None:
        self._outcome = outcome

    def exchange(self, request: Request) -> Reply:
        if isinstance(self._outcome, Exception):
            raise self._outcome
        assert self._outcome is not None
        return self._outcome

    def close(self) -> None:
        pass


@pytest.mark.parametrize(
    "outcome",
    [
        Unavailable("gone"),
        Reply(status=503, headers={}, body=b""),
        Reply(
            status=200,
            headers={"content-type": "application/json"},
            body=b'{"jsonrpc":"2.0","id":1,"error":{"code":-32005,"message":"no"}}',
        ),
    ],
)
def test_every_error_of_a_call_is_marked_as_its_outcome(
    outcome: Reply | Exception,
) -> None:
    with pytest.raises(RpcError) as caught:
        Client(transport=Answers(outcome)).call("m")
    assert was_received(caught.value)


class TextParams(Struct, frozen=True, kw_only=True):
    text: str


ECHO: Method[str] = Method("t.T.echo", handler="echo", params=TextParams, returns=str)
STALL: Method[str] = Method(
    "t.T.stall", handler="stall", params=TextParams, returns=str
)


@serves(Service("t.T", methods=(ECHO, STALL)))
class Interface:
    pass


class Texts(Interface):
    def __init__(self) -> None:
        self.cancelled = threading.Event()

    def echo(self, text: str) -> str:
        return text

    async def stall(self, text: str) -> str:
        try:
            await asyncio.Event().wait()
        finally:
            self.cancelled.set()
        return text


class TextsClient(ServiceClient):
    def echo(self, text: str) -> str:
        return self._idl_channel.unary(ECHO, TextParams(text=text))

    def stall(self, text: str, *, options: CallOptions) -> str:
        return self._idl_channel.unary(STALL, TextParams(text=text), options)


@contextmanager
def serving(texts: Texts) -> Iterator[str]:
    """Serve `texts` under uvicorn in a thread; the address."""
    config = uvicorn.Config(asgi_app(texts, max_body=2000), log_level="critical")
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        try:
            yield f"127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture(scope="module")
def texts() -> Texts:
    return Texts()


@pytest.fixture(scope="module")
def address(texts: Texts) -> Iterator[str]:
    with serving(texts) as address:
        yield address


def test_eight_threads_share_one_typed_client(address: str) -> None:
    words = [f"낱말 {number}" for number in range(80)]
    with TextsClient(address) as client, ThreadPoolExecutor(8) as threads:
        assert list(threads.map(client.echo, words)) == words


def test_a_call_that_takes_too_long_ends_on_both_sides(
    address: str, texts: Texts
) -> None:
    with TextsClient(address) as client:
        for seconds in lengthening(0.2):
            with pytest.raises(DeadlineExceeded):
                client.stall("x", options=CallOptions(timeout=seconds))
            if texts.cancelled.wait(seconds):
                break
        assert client.echo("after") == "after"


def test_too_much_either_way_is_resource_exhausted(address: str) -> None:
    with TextsClient(address) as client, pytest.raises(ResourceExhausted):
        client.echo("x" * 3000)
    with (
        TextsClient(address, max_response_bytes=100) as client,
        pytest.raises(ResourceExhausted, match="more than 100 bytes"),
    ):
        client.echo("x" * 100)


def test_a_wrong_path_is_unimplemented_and_named(address: str) -> None:
    with TextsClient(f"{address}/api") as client, pytest.raises(RpcError) as caught:
        client.echo("x")
    assert caught.value.status == "unimplemented"
    assert f"http://{address}/api answered 404 Not Found" in caught.value.message


def test_a_server_that_went_away_is_unavailable_and_worth_another_try() -> None:
    with serving(Texts()) as address:
        client = TextsClient(address)
        assert client.echo("x") == "x"
    with pytest.raises(Unavailable) as caught:
        client.echo("x")
    assert caught.value.retryable
    client.close()


def test_an_answer_of_another_shape_is_internal(recorder: Recorder) -> None:
    with TextsClient(recorder.address) as client, pytest.raises(Internal) as caught:
        client.echo("x")
    assert "t.T.echo" in caught.value.message
