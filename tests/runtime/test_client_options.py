"""What a caller may set, and which setting wins."""

from __future__ import annotations

import math
import ssl

import pytest
import urllib3

from idlgen.runtime import CallOptions
from idlgen.runtime.options import Defaults, check_headers
from tests.runtime.contract.feed.client import AsyncFeedClient, FeedClient


@pytest.mark.parametrize(
    ("call", "client", "schema", "timeout"),
    [
        (None, None, None, 60.0),
        (None, None, 2.0, 2.0),
        (None, 5.0, 2.0, 5.0),
        (9.0, 5.0, 2.0, 9.0),
        (0.0, 5.0, 2.0, 0.0),
        (math.inf, 5.0, 2.0, None),
        (None, math.inf, 2.0, None),
        (1e9, None, 2.0, 1e9),
        (1e10, None, 2.0, None),
        (10**400, None, 2.0, None),
    ],
)
def test_the_timeout_nearest_to_the_call_wins(
    call: float | None,
    client: float | None,
    schema: float | None,
    timeout: float | None,
) -> None:
    defaults = Defaults(timeout=client)
    assert defaults.timeout_of(CallOptions(timeout=call), schema) == timeout
    if call is None:
        assert defaults.timeout_of(None, schema) == timeout


@pytest.mark.parametrize("timeout", [-1.0, math.nan, -math.inf])
def test_a_timeout_that_is_no_duration_is_refused(timeout: float) -> None:
    with pytest.raises(ValueError, match="a timeout is a number of seconds from 0"):
        CallOptions(timeout=timeout)


@pytest.mark.parametrize(
    ("headers", "message"),
    [
        ({"x y": "1"}, "'x y' cannot be the name of a header"),
        ({"": "1"}, "'' cannot be the name of a header"),
        ({"x": "1\r\ny: 2"}, "the value of header `x` holds more than printable ASCII"),
        ({"x": "홍길동"}, "the value of header `x` holds more than printable ASCII"),
        (
            {"Content-Length": "1"},
            "header `Content-Length` is set by the client itself",
        ),
        ({"content-type": "a"}, "header `content-type` is set by the client itself"),
    ],
)
def test_a_header_that_http_cannot_carry_is_refused(
    headers: dict[str, str], message: str
) -> None:
    with pytest.raises(ValueError) as caught:
        CallOptions(headers=headers)
    assert str(caught.value).startswith(message)


def test_an_idempotency_key_that_http_cannot_carry_is_refused() -> None:
    with pytest.raises(ValueError, match="`idempotency-key`"):
        CallOptions(idempotency_key="a\nb")


def test_a_refused_value_is_not_shown() -> None:
    with pytest.raises(ValueError) as caught:
        check_headers({"authorization": "Bearer s3cret\n"})
    assert "s3cret" not in str(caught.value)


def test_names_of_headers_are_compared_without_case() -> None:
    defaults = Defaults(headers={"x-a": "1", "x-b": "2"})
    replaced = defaults.replaced(3.0, {"X-A": "9"})
    assert replaced == Defaults(timeout=3.0, headers={"x-a": "9", "x-b": "2"})


@pytest.mark.parametrize("make", [FeedClient, AsyncFeedClient])
@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "ws://127.0.0.1:1"])
def test_a_context_for_tls_is_refused_where_there_is_none(
    make: type[FeedClient | AsyncFeedClient], url: str
) -> None:
    with pytest.raises(
        ValueError, match=f"`ssl` is for https:// and wss://, not {url[:2]}"
    ):
        make(url, ssl=ssl.create_default_context())


def test_a_context_for_tls_is_refused_beside_a_pool_that_has_one() -> None:
    with (
        urllib3.PoolManager() as pool,
        pytest.raises(TypeError, match="`ssl` and `pool` exclude each other"),
    ):
        FeedClient("https://127.0.0.1:1", ssl=ssl.create_default_context(), pool=pool)
