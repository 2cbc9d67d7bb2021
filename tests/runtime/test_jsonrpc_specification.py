"""JSON-RPC 2.0 whole: the specification's examples, its edges, and hostile JSON."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from http.client import HTTPConnection

import pytest

from idlgen.runtime import Method, Service, asgi_app, serves
from idlgen.runtime.server.dispatcher import Dispatcher
from tests.runtime.contract.exchanges import (
    ALL,
    DONE,
    HOSTILE,
    SPECIFICATION,
    Exchange,
    call,
    error,
    result,
    without_data,
)
from tests.runtime.contract.serving import serving
from tests.runtime.contract.specified import NoParams, Specified

JSON = {"content-type": "application/json"}


@pytest.fixture
def dispatcher() -> Iterator[Dispatcher]:
    dispatcher = Dispatcher(Specified())
    yield dispatcher
    dispatcher.close()


@pytest.fixture(scope="module")
def connection() -> Iterator[HTTPConnection]:
    """A connection that is kept to a server under uvicorn."""
    with serving(asgi_app(Specified())) as port:
        connection = HTTPConnection("127.0.0.1", port)
        yield connection
        connection.close()


@pytest.mark.parametrize("exchange", ALL, ids=lambda exchange: exchange.name)
def test_every_message_has_its_answer(
    dispatcher: Dispatcher, exchange: Exchange
) -> None:
    answer = asyncio.run(dispatcher.dispatch(exchange.request))
    assert without_data(answer) == exchange.answer


@pytest.mark.parametrize("exchange", ALL, ids=lambda exchange: exchange.name)
def test_every_message_has_its_answer_over_http(
    connection: HTTPConnection, exchange: Exchange
) -> None:
    connection.request("POST", "/rpc", exchange.request, JSON)
    response = connection.getresponse()
    body = response.read()
    assert without_data(body) == exchange.answer
    if exchange.answer is None:
        assert (response.status, body) == (204, b"")
    else:
        assert response.status == 200
        assert response.headers["content-type"] == "application/json"


def test_the_specifications_notifications_are_carried_out() -> None:
    specified = Specified()
    dispatcher = Dispatcher(specified)

    async def run() -> None:
        for exchange in SPECIFICATION:
            await dispatcher.dispatch(exchange.request)

    asyncio.run(run())
    dispatcher.close()
    assert specified.done == DONE


def test_nothing_of_a_batch_that_is_no_json_is_carried_out(
    dispatcher: Dispatcher,
) -> None:
    specified = Specified()
    dispatcher = Dispatcher(specified)
    update = '{"jsonrpc":"2.0","method":"Examples.update","params":[1,2,3,4,5]}'
    asyncio.run(dispatcher.dispatch(f"[{update},{update}".encode()))
    asyncio.run(dispatcher.dispatch(f"[{update},{call('echo', '[NaN]')}]".encode()))
    assert specified.done == []


@pytest.mark.parametrize(
    "id", ["null", "0", "-0", "1.50", "1E2", "9007199254740993", '"\\u00e9"', '"é  e"']
)
def test_an_id_comes_back_in_the_bytes_in_which_it_was_sent(
    dispatcher: Dispatcher, id: str
) -> None:
    request = call("sum", "[1,2,4]", f" {id} ").encode()
    expected = f'{{"jsonrpc":"2.0","result":7,"id":{id}}}'.encode()
    assert asyncio.run(dispatcher.dispatch(request)) == expected
    batch = b" [ %b ] " % request
    assert asyncio.run(dispatcher.dispatch(batch)) == b"[%b]" % expected


def test_the_server_lives_on_through_hostile_messages_on_one_connection(
    connection: HTTPConnection,
) -> None:
    for exchange in HOSTILE:
        connection.request("POST", "/rpc", exchange.request, JSON)
        connection.getresponse().read()
    connection.request("POST", "/rpc", call("sum", "[1,2,4]").encode(), JSON)
    assert json.loads(connection.getresponse().read()) == result(7)


@pytest.mark.parametrize(
    ("request_text", "problem"),
    [
        ("[]", ("$", "A batch has at least one request")),
        (f"[{','.join('1' * 1001)}]", ("$", "A batch has at most 1000 requests")),
        ("1", ("$", "A request is an object")),
        (call("sum", id="1e999"), ("$.id", "Number out of range")),
        (
            call("sum", '{"a":1,"a":2,"b":3,"c":4}'),
            ("$.params.a", "Member is written twice"),
        ),
        (
            call("sum", "[1,2,1e999]"),
            ("$.params.c", "Number out of range"),
        ),
        (call("echo", "[[1e999]]"), ("$", "Number out of range")),
        (call("foobar", "[[1e999]]"), ("$", "Number out of range")),
        (
            call("sum")[:-1] + ',"meta":{"timeout_ms":1,"timeout_ms":2}}',
            ("$", "Member is written twice"),
        ),
    ],
)
def test_what_is_no_request_says_where(
    dispatcher: Dispatcher, request_text: str, problem: tuple[str, str]
) -> None:
    answer = json.loads(
        asyncio.run(dispatcher.dispatch(request_text.encode())) or b"null"
    )
    assert answer["error"]["code"] == -32600
    found = [(it["path"], it["message"]) for it in answer["error"]["data"]["problems"]]
    assert problem in found


def test_what_is_no_request_in_a_batch_says_why(dispatcher: Dispatcher) -> None:
    answers = json.loads(asyncio.run(dispatcher.dispatch(b"[[],1]")) or b"null")
    found = [answer["error"]["data"]["problems"] for answer in answers]
    assert found == [
        [{"path": "$", "message": "A batch holds requests, no other batch"}],
        [{"path": "$", "message": "A request is an object"}],
    ]


@pytest.mark.parametrize("name", ["rpc.Service.method", "rpc.method"])
def test_a_service_may_not_take_the_names_that_are_the_specifications(
    name: str,
) -> None:
    reserved: Method[None] = Method(name, handler="m", params=NoParams, returns=None)

    @serves(Service("rpc.Service", methods=(reserved,)))
    class Interface:
        pass

    class Implementation(Interface):
        async def m(self) -> None: ...

    with pytest.raises(ValueError, match=r"`rpc\.` are reserved by JSON-RPC"):
        Dispatcher(Implementation())


def test_rpc_discover_is_the_only_name_that_the_specification_leaves_to_it() -> None:
    dispatcher = Dispatcher(Specified(), discover=False)
    request = b'{"jsonrpc":"2.0","method":"rpc.discover","id":1}'
    assert without_data(asyncio.run(dispatcher.dispatch(request))) == error(-32601)
