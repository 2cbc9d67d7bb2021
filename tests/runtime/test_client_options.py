"""What a caller may set, and which setting wins."""

from __future__ import annotations

import math
import ssl
from typing import Any

import pytest
import urllib3

from idlgen.runtime import CallOptions
from idlgen.runtime.option_checks import check_headers
from idlgen.runtime.options import Defaults
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


WRONG = [
    ({"timeout": "3s"}, "a timeout is a number of seconds, not '3s'"),
    ({"retries": "2"}, "`retries` is a number from 0, not '2'"),
    ({"headers": ["x"]}, "`headers` maps names to texts: give {'x-name': 'text'}"),
    ({"headers": {"x": 1}}, "`headers` maps names to texts: give {'x-name': 'text'}"),
    ({"timout": 3}, "{client} has no option `timout`; did you mean `timeout`?"),
]


@pytest.mark.parametrize("make", [FeedClient, AsyncFeedClient])
@pytest.mark.parametrize(
    ("options", "message"),
    [
        *WRONG,
        ({"url": 3}, "the `url` of a server is a text, not 3"),
        (
            {"ssl": False},
            (
                "`ssl` is an SSLContext, not False: `ssl.create_default_context(cafile="
                "...)` makes one that trusts certificates of your own"
            ),
        ),
        (
            {"max_response_bytes": "1MiB"},
            "`max_response_bytes` is a whole number, not '1MiB'",
        ),
        ({"user_agent": 3}, "`user_agent` is a text, not 3"),
        ({"proxy": 3}, "`proxy` is a text, not 3"),
        (
            {"interceptors": print},
            "`interceptors` is a list of functions, not a function: give [print]",
        ),
        (
            {"url": None, "transport": "http://h"},
            (
                "a transport has the method `exchange`, which str lacks; the URL of a "
                "server is the first argument"
            ),
        ),
    ],
)
def test_an_option_of_another_kind_is_refused_when_the_client_is_made(
    make: Any, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(TypeError) as caught:
        make(**{"url": "https://127.0.0.1:1", **options})
    assert str(caught.value) == message.replace("{client}", make.__name__)


@pytest.mark.parametrize("make", [FeedClient, AsyncFeedClient])
@pytest.mark.parametrize(
    ("options", "message"),
    [
        *WRONG[:4],
        (
            {"ssl": None},
            (
                "a view of {client} has no option `ssl`; known are `api_key`, `headers`, "
                "`retries`, `timeout`, `token`"
            ),
        ),
    ],
)
def test_so_it_is_when_a_view_is_made(
    make: Any, options: dict[str, Any], message: str
) -> None:
    client = make("http://127.0.0.1:1")
    with pytest.raises(TypeError) as caught:
        client.with_options(**options)
    assert str(caught.value) == message.replace("{client}", make.__name__)


@pytest.mark.parametrize(("options", "message"), WRONG[:4])
def test_so_it_is_when_options_of_a_call_are_made(
    options: dict[str, Any], message: str
) -> None:
    with pytest.raises(TypeError) as caught:
        CallOptions(**options)
    assert str(caught.value) == message


def test_options_of_a_call_that_are_none_are_refused() -> None:
    wrong: Any = {"timeout": 3}
    refused = "`options` of a call are `CallOptions"
    with FeedClient("http://127.0.0.1:1") as client:
        with pytest.raises(TypeError, match=refused):
            client.count("news", options=wrong)
        with pytest.raises(TypeError, match=refused), client.watch("x", options=wrong):
            pass


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
