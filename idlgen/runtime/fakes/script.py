"""What a fake was told to answer: values, functions and errors, for some calls or for all."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct as Record

from idlgen.runtime.codec import Refused
from idlgen.runtime.descriptors import Method, served_by
from idlgen.runtime.errors import RpcError, declared_name
from idlgen.runtime.fakes.calls import Handler
from idlgen.runtime.method_codec import method_codec
from idlgen.runtime.suggest import nearest


class Outcome(Record, frozen=True):
    """How a call ends: with `answer`, or with `error` after that many items."""

    answer: Any = None
    error: RpcError | None = None
    after: int = 0

    def result(self, keywords: Mapping[str, object]) -> Any:
        """Return the answer, that of the function where it is one.

        Raises:
            RpcError: the call is to fail at once.
        """
        if self.error is not None:
            raise self.error.with_traceback(None)
        return self.answer(**keywords) if callable(self.answer) else self.answer

    def at_the_end(self, items: list[Any]) -> list[Any]:
        """Return `after` of the items, said again where they are too few, then the error."""
        again = self.after // max(len(items), 1) + 1
        first = (items * again)[: self.after]
        return first if self.error is None else _Failing(first, self.error)


class _Failing(list[Any]):
    """Items that end with an error."""

    def __init__(self, items: list[Any], error: RpcError) -> None:
        super().__init__(items)
        self._error = error

    def __iter__(self) -> Iterator[Any]:
        yield from super().__iter__()
        raise self._error.with_traceback(None)


class Script:
    """The outcomes of the methods of one fake, whose class is `fake`."""

    def __init__(self, fake: type) -> None:
        self._methods = [
            method for service, _ in served_by(fake) for method in service.methods
        ]
        self._next: dict[str, list[Outcome]] = {}
        self._always: dict[str, Outcome] = {}
        self._lock = threading.Lock()

    def find(self, method: Handler | str) -> Method[Any]:
        """Return the method with the name of the handler, or with one on the wire.

        Raises:
            ValueError: the fake has none.
            TypeError: it is neither a function nor a text.
        """
        name = method if isinstance(method, str) else getattr(method, "__name__", None)
        if not isinstance(name, str):
            raise TypeError(f"give a method of the service or its name, not {method!r}")
        for known in self._methods:
            if name in (known.handler, known.bare_name, known.short_name, known.name):
                return known
        near = nearest(name, [known.handler for known in self._methods])
        hint = "" if near is None else f"; did you mean {near!r}?"
        raise ValueError(f"the fake has no method {name!r}{hint}")

    def add(self, method: Method[Any], outcome: Outcome, times: int | None) -> None:
        """Have the next calls end so, or with None all that nothing else is said of.

        Raises:
            ValueError: `times` is less than 1.
        """
        if times is not None and times < 1:
            raise ValueError(f"`times` must be at least 1, not {times}")
        with self._lock:
            if times is None:
                self._always[method.name] = outcome
            else:
                self._next.setdefault(method.name, []).extend([outcome] * times)

    def take(self, method: Method[Any]) -> Outcome | None:
        """Return how this call is to end; None where nothing was said."""
        if not self._next and not self._always:
            return None
        with self._lock:
            waiting = self._next.get(method.name)
            return waiting.pop(0) if waiting else self._always.get(method.name)


def answering(method: Method[Any], answer: object) -> Outcome:
    """Return the outcome of an answer, or of a function that is called for it.

    Raises:
        TypeError: the result is a stream, and the answer no list of its items.
        ValueError: it does not fit the method's result.
    """
    if callable(answer):
        return Outcome(answer=answer)
    for value in _items(method, answer) if method.stream_result else [answer]:
        try:
            method_codec(method).encode_result(value, check=True)
        except Refused as refused:
            told = "; ".join(f"{p.path}: {p.message}" for p in refused.problems)
            raise ValueError(f"{method.name} cannot answer this: {told}") from None
    return Outcome(answer=answer)


def _items(method: Method[Any], answer: object) -> list[Any]:
    if not isinstance(answer, list):
        kind = type(answer).__qualname__
        raise TypeError(
            f"{method.name} streams: give a list of items or a function, not {kind}"
        )
    return answer


def failing(method: Method[Any], error: object, after: int) -> Outcome:
    """Return the outcome of an error.

    Raises:
        TypeError: it is no error of a call, or a class.
        ValueError: the method does not declare it, or `after` is not for it.
    """
    if not isinstance(error, RpcError):
        raise TypeError(
            "give an error as the server would raise it, such as `NotFound()`, "
            f"not {error!r}"
        )
    kind = type(error)
    if declared_name(kind) and kind not in method.errors:
        known = ", ".join(sorted(each.__name__ for each in method.errors)) or "none"
        raise ValueError(
            f"{method.name} does not declare {kind.__name__}: its errors are {known}"
        )
    if after < 0:
        raise ValueError(f"`after` must be at least 0, not {after}")
    if after and not method.stream_result:
        raise ValueError(
            f"`after` counts the items of a stream: {method.name} has none"
        )
    return Outcome(error=error, after=after)
