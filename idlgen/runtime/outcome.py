"""The mark on errors that calls ended with."""

from __future__ import annotations

from types import TracebackType

from idlgen.runtime.errors import RpcError, received


class Outcome:
    """A block whose errors are marked as the outcome of a call: see `received`."""

    def __enter__(self) -> None:
        pass

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if isinstance(error, RpcError):
            received(error)


outcome = Outcome()
