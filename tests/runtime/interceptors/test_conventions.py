"""Spans and metrics beside what OpenTelemetry and Prometheus themselves say of them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.semconv._incubating.attributes import (
    jsonrpc_attributes,
    rpc_attributes,
)
from opentelemetry.semconv.attributes import error_attributes, server_attributes
from opentelemetry.semconv.schemas import Schemas
from opentelemetry.trace import SpanKind

from idlgen.runtime import CallOptions, Client, RpcError, asgi_app
from idlgen.runtime.interceptors import traced
from idlgen.runtime.interceptors.spans import CONVENTIONS
from tests.runtime.contract.accounts import Accounts
from tests.runtime.contract.serving import serving
from tests.runtime.contract.user.client import UserServiceClient

GET = "user.UserService/getUserById"
CALLER = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture
def exporter() -> InMemorySpanExporter:
    return InMemorySpanExporter()


@pytest.fixture
def provider(exporter: InMemorySpanExporter) -> Iterator[TracerProvider]:
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    yield provider
    provider.shutdown()


def of_kind(exporter: InMemorySpanExporter, kind: SpanKind) -> list[ReadableSpan]:
    return [span for span in exporter.get_finished_spans() if span.kind is kind]


def test_attributes_are_those_of_the_conventions(
    provider: TracerProvider, exporter: InMemorySpanExporter
) -> None:
    interceptor = traced(provider)
    with serving(asgi_app(Accounts(), interceptors=[interceptor])) as port:
        url = f"http://127.0.0.1:{port}"
        with UserServiceClient(url, interceptors=[interceptor]) as users:
            for id in (1, 404):
                with suppress(RpcError):
                    users.get_user_by_id(id)
        with Client(url, interceptors=[interceptor]) as client, suppress(RpcError):
            client.call("nope")
    known = {
        rpc_attributes.RPC_SYSTEM_NAME,
        rpc_attributes.RPC_METHOD,
        rpc_attributes.RPC_METHOD_ORIGINAL,
        rpc_attributes.RPC_RESPONSE_STATUS_CODE,
        jsonrpc_attributes.JSONRPC_PROTOCOL_VERSION,
        error_attributes.ERROR_TYPE,
        server_attributes.SERVER_ADDRESS,
        server_attributes.SERVER_PORT,
    }
    seen = {
        key for span in exporter.get_finished_spans() for key in span.attributes or ()
    }
    assert seen == known
    systems = {
        dict(span.attributes or {})["rpc.system.name"]
        for span in exporter.get_finished_spans()
    }
    assert systems == {rpc_attributes.RpcSystemNameValues.JSONRPC.value}
    scope = exporter.get_finished_spans()[0].instrumentation_scope
    assert scope is not None
    assert (scope.name, scope.schema_url) == ("idlgen", CONVENTIONS)
    assert CONVENTIONS in {schema.value for schema in Schemas}


@pytest.mark.parametrize("wire", ["http", "ws"])
def test_each_call_of_a_batch_carries_its_own_context(
    provider: TracerProvider, exporter: InMemorySpanExporter, wire: str
) -> None:
    interceptor = traced(provider)
    with serving(asgi_app(Accounts(), interceptors=[interceptor])) as port:
        url = f"{wire}://127.0.0.1:{port}"
        with UserServiceClient(url, interceptors=[interceptor]) as users:
            with users.batch() as batch:
                batch.add(users.get_user_by_id, 1)
                batch.add(users.get_user_by_id, 2)
            users.ping()
    clients = of_kind(exporter, SpanKind.CLIENT)
    servers = of_kind(exporter, SpanKind.SERVER)
    assert len(clients) == 3
    sent = {(span.context.trace_id, span.context.span_id) for span in clients}
    taken = {
        (span.context.trace_id, span.parent.span_id) for span in servers if span.parent
    }
    assert taken == sent


@pytest.mark.parametrize("wire", ["http", "ws"])
def test_a_server_goes_on_with_the_trace_of_any_caller(
    provider: TracerProvider, exporter: InMemorySpanExporter, wire: str
) -> None:
    app = asgi_app(Accounts(), interceptors=[traced(provider)])
    with serving(app) as port, UserServiceClient(f"{wire}://127.0.0.1:{port}") as users:
        headers = {"traceparent": CALLER, "tracestate": "vendor=1"}
        users.get_user_by_id(1, options=CallOptions(headers=headers))
        unsampled = {"traceparent": CALLER.removesuffix("01") + "00"}
        users.get_user_by_id(2, options=CallOptions(headers=unsampled))
    (span,) = exporter.get_finished_spans()
    assert span.parent is not None
    assert f"{span.parent.trace_id:032x}" == "0af7651916cd43dd8448eb211c80319c"
    assert f"{span.parent.span_id:016x}" == "b7ad6b7169203331"
    assert span.context.trace_state.get("vendor") == "1"


SHARING = """
import os
from prometheus_client import CollectorRegistry, generate_latest, multiprocess
from idlgen.runtime.interceptors import measured
from idlgen.runtime.interceptors.calls import ClientCall

def call():
    return ClientCall("a.B.c", headers={}, deadline=None, peer="")

around = measured()
child = os.fork()
if not child:
    around(call()).__enter__()
    os._exit(0)
os.waitpid(child, 0)
multiprocess.mark_process_dead(child)
with around(call()):
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry)
    print(generate_latest(registry).decode())
"""


def test_processes_that_have_ended_have_no_calls_in_flight(
    tmp_path: Path, root: Path
) -> None:
    environment: dict[str, Any] = {
        **os.environ,
        "PROMETHEUS_MULTIPROC_DIR": str(tmp_path),
    }
    printed = subprocess.run(
        [sys.executable, "-c", SHARING],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    found = [it for it in printed.splitlines() if it.startswith("rpc_client_in_flight")]
    assert found == ['rpc_client_in_flight{method="a.B.c"} 1.0']
