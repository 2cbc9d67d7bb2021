"""Streams in signatures: what clients take and give, and what handlers do."""

from __future__ import annotations

from collections.abc import Callable

from idlgen.model import Field, Method, StreamType
from idlgen.targets.python.annotations import Annotations

Use = Callable[[str], str]


def sent_at_once(method: Method) -> list[Field]:
    """Return the params that are sent with the call: all but one that is a stream."""
    return [param for param in method.params if not isinstance(param.type, StreamType)]


def channel_method(method: Method) -> str:
    """Return the name of the channel's method that makes such calls."""
    gives = isinstance(method.returns, StreamType)
    if method.streamed_param is not None:
        return "two_way_stream" if gives else "client_stream"
    return "stream" if gives else "unary"


def streams_to_send(use: Use, item: str, *, is_async: bool) -> str:
    """Return the annotation of a param that a caller streams: anything to iterate over."""
    plain = f"{use('Iterable')}[{item}]"
    return f"{use('AsyncIterable')}[{item}] | {plain}" if is_async else plain


def streams_received(use: Use, item: str) -> str:
    """Return the annotation of a param that a handler receives as a stream."""
    return f"{use('ParamStream')}[{item}]"


def result_of_call(annotations: Annotations, method: Method, *, is_async: bool) -> str:
    """Return the annotation of what a client's method gives."""
    if isinstance(method.returns, StreamType):
        name = "AsyncResultStream" if is_async else "ResultStream"
        item = annotations.type(method.returns.item)
        return f"{annotations.scope.use(name)}[{item}]"
    return "None" if method.returns is None else annotations.type(method.returns)


def result_of_handler(annotations: Annotations, method: Method) -> str:
    """Return the annotation of what a handler gives, be it async or not."""
    use = annotations.scope.use
    if isinstance(method.returns, StreamType):
        item = annotations.type(method.returns.item)
        return f"{use('AsyncIterable')}[{item}] | {use('Iterable')}[{item}]"
    result = "None" if method.returns is None else annotations.type(method.returns)
    return f"{result} | {use('Awaitable')}[{result}]"


def result_of_fake(annotations: Annotations, method: Method) -> str:
    """Return the annotation of what a fake gives: the items that it streams as a list.

    Where items come in, it streams some without waiting for them.
    """
    use = annotations.scope.use
    if isinstance(method.returns, StreamType):
        item = annotations.type(method.returns.item)
        is_two_way = method.streamed_param is not None
        return f"{use('AsyncIterator' if is_two_way else 'list')}[{item}]"
    return "None" if method.returns is None else annotations.type(method.returns)
