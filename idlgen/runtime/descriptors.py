"""What generated code tells a channel and a server about its services."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Generic, TypeVar

from msgspec import Struct

from idlgen.runtime.errors import RpcError

Result_co = TypeVar("Result_co", covariant=True)
Class = TypeVar("Class", bound=type)

NO_DEFAULTS: Mapping[str, Callable[[], object]] = {}


class StreamParam(Struct, frozen=True):
    """A param that the client streams: the handler's keyword, the type of its items.

    `item` is a type expression for msgspec.
    """

    name: str
    item: object


class Pagination(Struct, frozen=True, kw_only=True):
    """How a page leads to the next: a keyword of the method, attributes of its result.

    `param` takes the cursor, `next` holds that of the next page, None or UNSET on the
    last one, `items` the list of what is on this page.
    """

    param: str
    next: str
    items: str


class Method(Generic[Result_co]):
    """One method: its full name on the wire, its params, its result.

    `params` is a struct class: its field names are the keywords of the handler named
    `handler`, its encoded names those of the wire, their order the positional order.
    `defaults` makes the values of params that the client leaves out because the
    default is mutable. `returns` is a type expression for msgspec, or None where there
    is no result. `timeout` is in seconds. `auth` is `bearer` or `api_key` where the caller
    must say who it is, and hold all `scopes`; else empty. `stream_param` is not among
    `params`; where the result is a stream, which `stream_result` tells, `returns` is what
    its items are. `streams` says whether a call is more than one message each way.
    `pagination` is there where the result is one page of several.
    """

    __slots__ = (
        "auth",
        "defaults",
        "errors",
        "handler",
        "idempotent",
        "name",
        "pagination",
        "params",
        "readonly",
        "returns",
        "scopes",
        "stream_param",
        "stream_result",
        "streams",
        "timeout",
    )

    def __init__(
        self,
        name: str,
        *,
        handler: str,
        params: type[Struct],
        returns: object,
        errors: Sequence[type[RpcError]] = (),
        defaults: Mapping[str, Callable[[], object]] = NO_DEFAULTS,
        readonly: bool = False,
        idempotent: bool = False,
        timeout: float | None = None,
        auth: str = "",
        scopes: Sequence[str] = (),
        stream_param: StreamParam | None = None,
        stream_result: bool = False,
        pagination: Pagination | None = None,
    ) -> None:
        self.name = name
        self.handler = handler
        self.params = params
        self.returns = returns
        self.errors = errors
        self.defaults = defaults
        self.readonly = readonly
        self.idempotent = idempotent
        self.timeout = timeout
        self.auth = auth
        self.scopes = scopes
        self.stream_param = stream_param
        self.stream_result = stream_result
        self.pagination = pagination
        self.streams = stream_result or stream_param is not None

    @property
    def short_name(self) -> str:
        """The name without its package: `UserService.getUserById`."""
        return ".".join(self.name.split(".")[-2:])

    @property
    def bare_name(self) -> str:
        """The name without its service: `getUserById`."""
        return self.name.rpartition(".")[2]

    def __repr__(self) -> str:
        return f"Method({self.name!r})"


class Service:
    """A service's full name, `user.UserService`, and its methods."""

    __slots__ = ("methods", "name")

    def __init__(self, name: str, *, methods: Sequence[Method[object]]) -> None:
        self.name = name
        self.methods = methods

    def __repr__(self) -> str:
        return f"Service({self.name!r})"


_SERVED = "__idl_service__"


def serves(service: Service) -> Callable[[Class], Class]:
    """Mark a class as the interface that an implementation of `service` has.

    The mark is set from outside, so that it is no member of a Protocol: an object fits
    the Protocol by its methods alone.
    """

    def mark(interface: Class) -> Class:
        setattr(interface, _SERVED, service)
        return interface

    return mark


def served_by(implementation: type) -> list[tuple[Service, type]]:
    """Return the services that a class implements, each with its marked interface."""
    return [
        (service, base)
        for base in implementation.__mro__
        if isinstance(service := vars(base).get(_SERVED), Service)
    ]
