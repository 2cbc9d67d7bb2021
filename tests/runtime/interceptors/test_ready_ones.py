"""The ready interceptors: what they write of calls, on both sides, and what they do not."""

from __future__ import annotations

import asyncio
import json
import logging
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, get_current_span
from prometheus_client import CollectorRegistry, generate_latest

from generated_examples.user.errors import EmailTaken
from idlgen.runtime import AsyncClient, RpcError, Unavailable, asgi_app
from idlgen.runtime.auth import Assumed
from idlgen.runtime.errors import received
from idlgen.runtime.interceptors import logged, measured, traced
from idlgen.runtime.server.dispatcher import Dispatcher
from idlgen.runtime.transports import Reply, Request
from idlgen.runtime.transports.in_process import AsyncInProcessTransport
from tests.runtime.contract.accounts import Accounts
from tests.runtime.contract.feed.client import AsyncFeedClient
from tests.runtime.contract.newsroom import Newsroom
from tests.runtime.contract.serving import serving
from tests.runtime.contract.user import types
from tests.runtime.contract.user.client import (
    AsyncUserServiceClient,
    UserServiceClient,
)
from tests.runtime.contract.user.errors import UserNotFound

GET = "user.UserService.getUserById"
SECRET = "hunter2"


class Telling(Accounts):
    """Accounts whose ids make outcomes."""

    async def get_user_by_id(self, id: int) -> types.User:
        if id == 503:
            raise received(Unavailable(f"{SECRET} is away"))
        if id == 13:
            raise Unavailable(f"{SECRET} is away")
        if id == 405:
            raise received(UserNotFound(id=id))
        if id == 409:
            raise EmailTaken(email=SECRET)
        return await super().get_user_by_id(id)


def calls(*interceptors: Any, use: Callable[[Any, Any, Any], Any]) -> None:
    """Have `use` call with an async client in whose process the server is."""

    async def run() -> None:
        dispatcher = Dispatcher(
            Telling(), Newsroom(), authenticate=Assumed(), interceptors=interceptors
        )
        transport = AsyncInProcessTransport(dispatcher)
        options: Any = {
            "transport": transport,
            "interceptors": interceptors,
            "retries": 0,
            "token": SECRET,
        }
        made = (AsyncUserServiceClient, AsyncFeedClient, AsyncClient)
        await use(*(kind(**options) for kind in made))
        await transport.aclose()

    asyncio.run(run())


async def every_outcome(users: Any, feed: Any, untyped: Any) -> None:
    """Make one call of each outcome, one after the other."""
    for id in (1, 404, 500, 503, 13):
        with suppress(RpcError):
            await users.get_user_by_id(id)
    with suppress(RpcError):
        await untyped.call("what\nthey made up")
    async with feed.watch("endless") as events:
        await anext(aiter(events))


class TestLogged:
    def lines(self, caplog: pytest.LogCaptureFixture) -> list[tuple[str, str]]:
        return [
            (
                record.levelname,
                f"{record.getMessage().partition(', ')[0]}"
                + record.getMessage().partition(" ms")[2],
            )
            for record in caplog.records
            if record.name == "idlgen.calls"
        ]

    def test_each_call_is_a_line_on_each_side(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        with caplog.at_level(logging.INFO):
            calls(logged(), use=every_outcome)
        assert self.lines(caplog) == [
            ("INFO", f"server {GET}: ok"),
            ("INFO", f"client {GET}: ok"),
            ("WARNING", f"server {GET}: not_found"),
            ("WARNING", f"client {GET}: not_found"),
            ("WARNING", f"server {GET}: internal"),
            ("WARNING", f"client {GET}: internal"),
            ("WARNING", f"server {GET}: internal"),
            ("WARNING", f"client {GET}: internal"),
            ("WARNING", f"server {GET}: unavailable"),
            ("WARNING", f"client {GET}: unavailable"),
            ("WARNING", "client 'what\\nthey made up': unimplemented"),
            ("INFO", "server feed.Feed.watch: cancelled"),
            ("INFO", "client feed.Feed.watch: cancelled"),
        ]
        ours = [r for r in caplog.records if r.name == "idlgen.calls"]
        assert SECRET not in "".join(f"{r.getMessage()} {vars(r)}" for r in ours)
        assert (
            vars(ours[2]).items()
            >= {
                "rpc_side": "server",
                "rpc_method": GET,
                "rpc_status": "not_found",
                "rpc_attempt": 1,
            }.items()
        )

    def test_a_server_tells_what_its_caller_was_told(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        async def use(users: Any, feed: Any, untyped: Any) -> None:
            # One that the method declares, whoever raised it; one that it does not.
            for id in (405, 409):
                with suppress(RpcError):
                    await users.get_user_by_id(id)

        with caplog.at_level(logging.INFO):
            calls(logged(), use=use)
        assert self.lines(caplog) == [
            ("WARNING", f"server {GET}: not_found"),
            ("WARNING", f"client {GET}: not_found"),
            ("WARNING", f"server {GET}: internal"),
            ("WARNING", f"client {GET}: internal"),
        ]

    def test_another_attempt_says_so_and_a_logger_may_be_given(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        class Late:
            left = 1

            def exchange(self, request: Request) -> Reply:
                if self.left:
                    self.left = 0
                    raise Unavailable("not yet")
                result = {"jsonrpc": "2.0", "result": None, "id": request.ids[0]}
                headers = {"content-type": "application/json"}
                return Reply(
                    status=200, headers=headers, body=json.dumps(result).encode()
                )

            def close(self) -> None:
                pass

        own = logging.getLogger("our.calls")
        with caplog.at_level(logging.INFO):
            users = UserServiceClient(transport=Late(), interceptors=[logged(own)])
            with suppress(RpcError):
                users.get_user_by_id(1)
        told = [r.getMessage() for r in caplog.records if r.name == "our.calls"]
        assert [line.partition("ms")[2] for line in told] == ["", ", attempt 2"]

    def test_what_nobody_reads_is_not_written(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        with caplog.at_level(logging.ERROR):
            calls(logged(), use=every_outcome)
        assert self.lines(caplog) == []


class TestMeasured:
    def numbers(self, registry: CollectorRegistry) -> dict[str, float]:
        """Return the counts and gauges, buckets and sums left out."""
        lines = generate_latest(registry).decode().splitlines()
        return {
            line.rpartition(" ")[0]: float(line.rpartition(" ")[2])
            for line in lines
            if line.startswith("rpc_")
            and not any(part in line for part in ("_bucket", "_sum", "_created"))
        }

    def test_each_side_counts_by_method_and_status(self) -> None:
        registry = CollectorRegistry()
        calls(measured(registry), use=every_outcome)
        get, watch = f'method="{GET}"', 'method="feed.Feed.watch"'
        count = 'rpc_{}_duration_seconds_count{{{},status="{}"}}'.format
        gauge = "rpc_{}_in_flight{{{}}}".format
        expected = {gauge("client", 'method="(untyped)"'): 0.0}
        expected[count("client", 'method="(untyped)"', "unimplemented")] = 1.0
        for side in ("client", "server"):
            expected |= {
                count(side, get, "ok"): 1.0,
                count(side, get, "not_found"): 1.0,
                count(side, get, "internal"): 2.0,
                count(side, get, "unavailable"): 1.0,
                count(side, watch, "cancelled"): 1.0,
                gauge(side, get): 0.0,
                gauge(side, watch): 0.0,
            }
        assert self.numbers(registry) == expected
        assert SECRET not in generate_latest(registry).decode()

    def test_made_up_methods_make_no_labels(self) -> None:
        registry = CollectorRegistry()

        async def use(users: Any, feed: Any, untyped: Any) -> None:
            for number in range(50):
                with suppress(RpcError):
                    await untyped.call(f"user.UserService.made{number}")

        calls(measured(registry), use=use)
        assert len(self.numbers(registry)) == 2

    def test_calls_that_run_are_in_flight(self) -> None:
        registry = CollectorRegistry()
        seen: list[dict[str, float]] = []

        async def use(users: Any, feed: Any, untyped: Any) -> None:
            async with feed.watch("endless") as events:
                await anext(aiter(events))
                seen.append(self.numbers(registry))

        calls(measured(registry), use=use)
        assert seen[0] == {
            'rpc_client_in_flight{method="feed.Feed.watch"}': 1.0,
            'rpc_server_in_flight{method="feed.Feed.watch"}': 1.0,
        }

    def test_one_registry_serves_many_interceptors(self) -> None:
        registry = CollectorRegistry()
        calls(measured(registry), measured(registry), use=every_outcome)
        numbers = self.numbers(registry)
        name = f'rpc_server_duration_seconds_count{{method="{GET}",status="ok"}}'
        assert numbers[name] == 2.0


class Spans(NamedTuple):
    provider: TracerProvider
    exporter: InMemorySpanExporter

    def ended(self) -> list[ReadableSpan]:
        return list(self.exporter.get_finished_spans())


@pytest.fixture
def spans() -> Iterator[Spans]:
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    yield Spans(provider, exporter)
    provider.shutdown()


def outline(span: ReadableSpan) -> tuple[str, str, str, str]:
    attributes = dict(span.attributes or {})
    status = str(attributes["rpc.response.status_code"])
    return span.kind.name, span.name, status, span.status.status_code.name


class TestTraced:
    def test_each_call_is_a_span_on_each_side_and_they_belong_together(
        self, spans: Spans
    ) -> None:
        calls(traced(spans.provider), use=every_outcome)
        get = "user.UserService/getUserById"
        ended = spans.ended()
        assert [outline(span) for span in ended] == [
            ("SERVER", get, "ok", "UNSET"),
            ("CLIENT", get, "ok", "UNSET"),
            ("SERVER", get, "not_found", "UNSET"),
            ("CLIENT", get, "not_found", "ERROR"),
            ("SERVER", get, "internal", "ERROR"),
            ("CLIENT", get, "internal", "ERROR"),
            ("SERVER", get, "internal", "ERROR"),
            ("CLIENT", get, "internal", "ERROR"),
            ("SERVER", get, "unavailable", "ERROR"),
            ("CLIENT", get, "unavailable", "ERROR"),
            ("CLIENT", "jsonrpc", "unimplemented", "ERROR"),
            ("SERVER", "feed.Feed/watch", "cancelled", "UNSET"),
            ("CLIENT", "feed.Feed/watch", "cancelled", "ERROR"),
        ]
        for server, client in zip(ended[:10:2], ended[1:11:2], strict=True):
            assert server.parent is not None
            assert server.parent.span_id == client.context.span_id
            assert server.context.trace_id == client.context.trace_id
            assert client.parent is None
        assert dict(ended[0].attributes or {}) == {
            "rpc.system.name": "jsonrpc",
            "rpc.method": "user.UserService/getUserById",
            "jsonrpc.protocol.version": "2.0",
            "rpc.response.status_code": "ok",
        }
        untyped = dict(ended[10].attributes or {})
        assert untyped["rpc.method"] == "_OTHER"
        assert untyped["rpc.method_original"] == "what\nthey made up"
        assert untyped["error.type"] == "unimplemented"
        assert SECRET not in "".join(span.to_json() for span in ended)

    def test_the_span_of_a_server_is_current_in_its_handler(self, spans: Spans) -> None:
        seen: list[int] = []

        class Looking(Accounts):
            def delete_user(self, id: int) -> bool:
                seen.append(get_current_span().get_span_context().span_id)
                return True

            async def ping(self) -> None:
                seen.append(get_current_span().get_span_context().span_id)

        async def run() -> None:
            dispatcher = Dispatcher(Looking(), interceptors=[traced(spans.provider)])
            transport = AsyncInProcessTransport(dispatcher)
            async with AsyncUserServiceClient(transport=transport) as users:
                await users.ping()
                await users.delete_user(1)

        asyncio.run(run())
        assert seen == [span.context.span_id for span in spans.ended()]

    def test_a_call_of_a_handler_is_a_child_of_its_call(self, spans: Spans) -> None:
        interceptor = traced(spans.provider)

        async def run() -> None:
            inner = AsyncInProcessTransport(Dispatcher(Accounts()))
            users = AsyncUserServiceClient(transport=inner, interceptors=[interceptor])

            class Front(Accounts):
                async def ping(self) -> None:
                    await users.get_user_by_id(1)

            outer = AsyncInProcessTransport(
                Dispatcher(Front(), interceptors=[interceptor])
            )
            async with AsyncUserServiceClient(transport=outer) as front:
                await front.ping()
            await users.aclose()

        asyncio.run(run())
        child, parent = spans.ended()
        assert (child.kind, parent.kind) == (SpanKind.CLIENT, SpanKind.SERVER)
        assert child.parent is not None
        assert child.parent.span_id == parent.context.span_id

    def test_calls_of_a_batch_are_beside_each_other(self, spans: Spans) -> None:
        async def use(users: Any, feed: Any, untyped: Any) -> None:
            async with users.batch() as b:
                b.add(users.get_user_by_id, 1)
                b.add(users.ping)

        calls(traced(spans.provider), use=use)
        clients = [span for span in spans.ended() if span.kind is SpanKind.CLIENT]
        servers = [span for span in spans.ended() if span.kind is SpanKind.SERVER]
        assert [span.parent for span in clients] == [None, None]
        assert {span.parent.span_id for span in servers if span.parent} == {
            span.context.span_id for span in clients
        }
        assert len({span.context.trace_id for span in clients}) == 2

    @pytest.mark.parametrize("wire", ["http", "ws"])
    def test_the_context_goes_over_sockets(self, spans: Spans, wire: str) -> None:
        interceptor = traced(spans.provider)
        with serving(asgi_app(Accounts(), interceptors=[interceptor])) as port:
            url = f"{wire}://127.0.0.1:{port}/rpc?key={SECRET}"
            with UserServiceClient(url, interceptors=[interceptor]) as users:
                users.get_user_by_id(1)
        found = {(span.kind.name, span.name): span for span in spans.ended()}
        get = "user.UserService/getUserById"
        sent, taken = found["CLIENT", get], found["SERVER", get]
        assert taken.parent is not None
        assert taken.parent.span_id == sent.context.span_id
        assert (
            dict(sent.attributes or {}).items()
            >= {
                "server.address": "127.0.0.1",
                "server.port": port,
            }.items()
        )
        assert SECRET not in sent.to_json()

    def test_nonsense_for_a_context_begins_a_trace(self, spans: Spans) -> None:
        dispatcher = Dispatcher(Accounts(), interceptors=[traced(spans.provider)])
        body = b'{"jsonrpc":"2.0","method":"UserService.ping","id":1}'
        for header in (
            "",
            "00-zz",
            "x" * 9000,
            "00-" + "0" * 32 + "-" + "0" * 16 + "-01",
        ):
            headers = {"traceparent": header}
            assert asyncio.run(dispatcher.dispatch(body, headers)) is not None
        assert [span.parent for span in spans.ended()] == [None] * 4


@pytest.mark.parametrize(
    ("name", "hidden", "message"),
    [
        (
            "measured",
            "prometheus_client",
            (
                "interceptors that measure need prometheus-client: "
                "pip install 'idlgen[prometheus]'"
            ),
        ),
        (
            "traced",
            "opentelemetry",
            (
                "interceptors that trace need opentelemetry-api: "
                "pip install 'idlgen[otel]'"
            ),
        ),
    ],
)
def test_what_is_not_installed_is_said(
    name: str, hidden: str, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, hidden, None)
    made: dict[str, Callable[[], object]] = {"measured": measured, "traced": traced}
    with pytest.raises(ImportError) as caught:
        made[name]()
    assert str(caught.value) == message


def test_they_are_loaded_by_those_who_use_them(root: Path) -> None:
    program = (
        "import sys; from tests.runtime.contract.user.client import UserServiceClient; "
        "UserServiceClient('http://127.0.0.1:1').close(); "
        "found = [n for n in sys.modules if n.startswith(('opentelemetry', 'prometheus')) "
        "or n.startswith('idlgen.runtime.interceptors.') and n.endswith(('lines', 'spans', "
        "'metrics'))]; assert not found, found; "
        "from idlgen.runtime.interceptors import logged, measured, traced; "
        "assert callable(logged())"
    )
    subprocess.run([sys.executable, "-c", program], cwd=root, check=True)
