"""The interceptor that counts and times calls for Prometheus."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from idlgen.runtime.interceptors.calls import Call, Interceptor, Side
from idlgen.runtime.interceptors.outcomes import OK, bounded_name, status_of
from idlgen.runtime.transports.failures import missing

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry, Gauge, Histogram

BUCKETS = (
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
)  # fmt: skip
"""Seconds."""


def measured(registry: CollectorRegistry | None = None) -> Interceptor:
    """Return an interceptor that measures calls, on both sides.

    `registry` gets the histograms ``rpc_client_duration_seconds`` and
    ``rpc_server_duration_seconds`` by `method` and `status`, and the gauges
    ``rpc_client_in_flight`` and ``rpc_server_in_flight`` by `method`, each when the
    first call of its side is made; by default it is Prometheus' own. All untyped calls
    of clients have one label, ``(untyped)``.

    Raises:
        ImportError: prometheus-client is not installed.
    """
    try:
        from prometheus_client import REGISTRY
    except ImportError as error:
        library, what = "prometheus-client", "interceptors that measure"
        raise missing(library, what, "prometheus") from error
    chosen = REGISTRY if registry is None else registry

    @contextmanager
    def measuring_calls(call: Call) -> Iterator[None]:
        duration, in_flight = _meters(chosen, call.side)
        method = bounded_name(call)
        running = in_flight.labels(method)
        running.inc()
        begun = time.perf_counter()
        status = OK
        try:
            yield
        except BaseException as error:
            status = status_of(call, error)
            raise
        finally:
            running.dec()
            duration.labels(method, status).observe(time.perf_counter() - begun)

    return measuring_calls


_KNOWN: WeakKeyDictionary[CollectorRegistry, dict[Side, tuple[Histogram, Gauge]]] = (
    WeakKeyDictionary()
)


def _meters(registry: CollectorRegistry, side: Side) -> tuple[Histogram, Gauge]:
    """Return the meters of the registry, which has each once."""
    known = _KNOWN.setdefault(registry, {})
    if side not in known:
        from prometheus_client import Gauge, Histogram

        duration = Histogram(
            f"rpc_{side}_duration_seconds",
            f"How long calls take, as the {side} sees them.",
            ["method", "status"],
            registry=registry,
            buckets=BUCKETS,
        )
        in_flight = Gauge(
            f"rpc_{side}_in_flight",
            f"Calls that have not ended, as the {side} sees them.",
            ["method"],
            registry=registry,
            # Of processes that share a folder: those that have ended run no calls.
            multiprocess_mode="livesum",
        )
        known[side] = duration, in_flight
    return known[side]
