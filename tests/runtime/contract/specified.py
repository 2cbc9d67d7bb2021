"""The service of the JSON-RPC specification's examples, and a few methods more."""

from __future__ import annotations

from typing import Protocol

from msgspec import Struct

from idlgen.runtime import Int53, JsonValue, Method, NotFound, Service, serves


class SubtractParams(Struct, frozen=True, kw_only=True):
    minuend: Int53
    subtrahend: Int53


class ThreeParams(Struct, frozen=True, kw_only=True):
    a: Int53
    b: Int53
    c: Int53


class FiveParams(Struct, frozen=True, kw_only=True):
    a: Int53
    b: Int53
    c: Int53
    d: Int53
    e: Int53


class HelloParams(Struct, frozen=True, kw_only=True):
    number: Int53


class EchoParams(Struct, frozen=True, kw_only=True):
    value: JsonValue = None


class NoParams(Struct, frozen=True, kw_only=True):
    pass


class Gone(NotFound):
    _idl_name = "spec.Gone"


SUBTRACT: Method[int] = Method(
    "spec.Examples.subtract", handler="subtract", params=SubtractParams, returns=Int53
)
UPDATE: Method[None] = Method(
    "spec.Examples.update", handler="update", params=FiveParams, returns=None
)
SUM: Method[int] = Method(
    "spec.Examples.sum", handler="sum", params=ThreeParams, returns=Int53
)
NOTIFY_SUM: Method[None] = Method(
    "spec.Examples.notify_sum", handler="notify_sum", params=ThreeParams, returns=None
)
NOTIFY_HELLO: Method[None] = Method(
    "spec.Examples.notify_hello",
    handler="notify_hello",
    params=HelloParams,
    returns=None,
)
GET_DATA: Method[list[str | int]] = Method(
    "spec.Examples.get_data",
    handler="get_data",
    params=NoParams,
    returns=list[str | Int53],
)
ECHO: Method[JsonValue] = Method(
    "spec.Examples.echo", handler="echo", params=EchoParams, returns=JsonValue
)
LOSE: Method[None] = Method(
    "spec.Examples.lose",
    handler="lose",
    params=NoParams,
    returns=None,
    errors=(Gone,),
)
BREAK: Method[None] = Method(
    "spec.Examples.break", handler="break_", params=NoParams, returns=None
)
METHODS = (
    SUBTRACT,
    UPDATE,
    SUM,
    NOTIFY_SUM,
    NOTIFY_HELLO,
    GET_DATA,
    ECHO,
    LOSE,
    BREAK,
)


@serves(Service("spec.Examples", methods=METHODS))
class Examples(Protocol):
    def subtract(self, minuend: int, subtrahend: int) -> int: ...

    async def update(self, a: int, b: int, c: int, d: int, e: int) -> None: ...

    async def sum(self, a: int, b: int, c: int) -> int: ...

    async def notify_sum(self, a: int, b: int, c: int) -> None: ...

    async def notify_hello(self, number: int) -> None: ...

    async def get_data(self) -> list[str | int]: ...

    async def echo(self, value: JsonValue) -> JsonValue: ...

    async def lose(self) -> None: ...

    async def break_(self) -> None: ...


class Specified(Examples):
    """Does what the examples show; `done` holds what notifications asked for."""

    secret = "hunter2"

    def __init__(self) -> None:
        self.done: list[tuple[str, tuple[int, ...]]] = []

    def subtract(self, minuend: int, subtrahend: int) -> int:
        return minuend - subtrahend

    async def update(self, a: int, b: int, c: int, d: int, e: int) -> None:
        self.done.append(("update", (a, b, c, d, e)))

    async def sum(self, a: int, b: int, c: int) -> int:
        return a + b + c

    async def notify_sum(self, a: int, b: int, c: int) -> None:
        self.done.append(("notify_sum", (a, b, c)))

    async def notify_hello(self, number: int) -> None:
        self.done.append(("notify_hello", (number,)))

    async def get_data(self) -> list[str | int]:
        return ["hello", 5]

    async def echo(self, value: JsonValue) -> JsonValue:
        return value

    async def lose(self) -> None:
        raise Gone

    async def break_(self) -> None:
        raise ValueError(self.secret)

    def not_in_the_schema(self) -> str:
        return self.secret
