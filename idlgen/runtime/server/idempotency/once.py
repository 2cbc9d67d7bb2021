"""Calls that came with an idempotency key: each is run once, and repetitions get its answer."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from typing import Any, NoReturn, TypeVar

import msgspec
from msgspec import UNSET, Raw, Struct as Record, UnsetType

from idlgen.runtime.call import CallContext
from idlgen.runtime.descriptors import Method
from idlgen.runtime.errors import (
    Aborted,
    InvalidArgument,
    RpcError,
    Unavailable,
    retry_after,
)
from idlgen.runtime.method_codec import MethodCodec, method_codec
from idlgen.runtime.option_checks import MAX_KEY
from idlgen.runtime.protocols.jsonrpc.failures import ErrorObject, rpc_error
from idlgen.runtime.refusals import Refused
from idlgen.runtime.server.idempotency.keys import (
    Claim,
    ClaimLost,
    Held,
    Kept,
    Key,
    KeyStore,
    OtherParams,
    claimed,
)
from idlgen.runtime.server.interruption import interruptible
from idlgen.runtime.server.invocation import HandlerFailed, TimeLimit
from idlgen.runtime.status import Status

T = TypeVar("T")

logger = logging.getLogger("idlgen.runtime")

NO_KEY = f"an idempotency key has 1 to {MAX_KEY} characters"
OTHER_PARAMS = "the idempotency key was used for a call with other params"
UNKNOWN = (
    "the outcome of the first try is not known: it may have been carried out, in whole "
    "or in part"
)
NESTED_TOO_DEEPLY = (
    "the params are nested too deeply for a call with an idempotency key"
)
OUT_OF_REACH = "the store of idempotency keys is out of reach"

FIRST_PAUSE = 0.01
LONGEST_PAUSE = 0.2
"""Seconds between two looks at a key that another process holds."""

TRY_AGAIN = frozenset((Status.UNAVAILABLE, Status.ABORTED, Status.RESOURCE_EXHAUSTED))
"""By raising these, a handler says that nothing was done."""

UNSURE = frozenset(
    (Status.UNKNOWN, Status.INTERNAL, Status.CANCELLED, Status.DEADLINE_EXCEEDED)
)
"""Of these nobody can say what was done, unless the schema declares them."""


class KeptAnswer(Record, frozen=True, omit_defaults=True):
    """What a store keeps, as JSON: either of the two."""

    result: Raw | UnsetType = UNSET
    error: ErrorObject | UnsetType = UNSET


class KeyedCall(Record, frozen=True, kw_only=True):
    """A call with a key.

    `run` runs the handler and returns the JSON of its result; `told` returns what the
    caller is told of what the handler raised, or None where it is told nothing.
    """

    method: Method[Any]
    keywords: Mapping[str, object]
    context: CallContext
    run: Callable[[], Awaitable[bytes]]
    told: Callable[[BaseException], ErrorObject | None]


class Once:
    """Runs the handlers of calls with keys, each key's once."""

    def __init__(self, store: KeyStore) -> None:
        self._store = store
        self._queues: dict[tuple[object, Key], _Queue] = {}

    async def result(self, call: KeyedCall) -> bytes:
        """Return the JSON of the call's result, of this try or of an earlier one.

        Raises:
            HandlerFailed: with the error of this try or of an earlier one; with
                InvalidArgument, Aborted or Unavailable, where the handler was not run.
            TimeIsUp: it was waiting for an earlier try.
            BaseException: what `run` raises.
        """
        key = _key(call)
        digest = _digest(call)
        async with self._turn(key, call.context):
            while True:
                looking = self._found(key, digest)
                found = await interruptible(looking, TimeLimit, call.context)
                if isinstance(found, Kept):
                    return _replayed(call, found)
                if isinstance(found, OtherParams):
                    raise HandlerFailed(InvalidArgument(OTHER_PARAMS))
                try:
                    return await self._run(call, found)
                except ClaimLost:
                    # Who took it has the answer, or will have.
                    continue

    @asynccontextmanager
    async def _turn(self, key: Key, context: CallContext) -> AsyncIterator[None]:
        """Let one call a key go on; the others of this event loop wait for it."""
        place = (asyncio.get_running_loop(), key)
        queue = self._queues.setdefault(place, _Queue())
        queue.length += 1
        try:
            await interruptible(_acquired(queue.lock), TimeLimit, context)
            try:
                yield
            finally:
                queue.lock.release()
        finally:
            queue.length -= 1
            if not queue.length:
                del self._queues[place]

    async def _found(self, key: Key, digest: bytes) -> Claim | Kept | OtherParams:
        """Claim the key, or return what there is of it once nobody holds it."""
        pause = FIRST_PAUSE
        while True:
            try:
                found = await self._store.claim(key, digest)
            except Exception as error:
                _unavailable("its idempotency key was not looked up", key, error)
            if not isinstance(found, Held):
                return found
            await asyncio.sleep(pause)
            pause = min(LONGEST_PAUSE, 2 * pause)

    async def _run(self, call: KeyedCall, claim: Claim) -> bytes:
        """Run the handler, and keep its answer if that is one to keep."""
        if claim.is_repeated and not (
            call.method.idempotent or self._store.transactional
        ):
            await _ended(claim, self._store.abandon(claim))
            raise HandlerFailed(Aborted(UNKNOWN))
        try:
            with claimed(claim):
                result = await call.run()
        except HandlerFailed as failure:
            await self._end_failed(call, claim, failure.error)
            raise
        except BaseException:
            await _ended(claim, self._store.abandon(claim))
            raise
        await self._keep(claim, KeptAnswer(result=Raw(result)))
        return result

    async def _end_failed(
        self, call: KeyedCall, claim: Claim, error: BaseException
    ) -> None:
        told = call.told(error)
        if isinstance(error, ClaimLost):
            await _ended(claim, self._store.abandon(claim))
            raise error
        if told is None or not isinstance(error, RpcError):
            await _ended(claim, self._store.abandon(claim))
        elif _did_nothing(error):
            await _ended(claim, self._store.release(claim))
        elif error.status in UNSURE and not error.error_name:
            await _ended(claim, self._store.abandon(claim))
        else:
            await self._keep(claim, KeptAnswer(error=told))

    async def _keep(self, claim: Claim, answer: KeptAnswer) -> None:
        """Keep the answer; raise ClaimLost where the claim has ended meanwhile."""
        try:
            keeping = self._store.keep(claim, msgspec.json.encode(answer))
            is_kept = await _to_the_end(keeping)
        except Exception as error:
            _unavailable("its answer was not kept", claim.key, error)
        if not is_kept:
            raise ClaimLost


class _Queue:
    """The calls of one key, of which one goes on."""

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.length = 0


def _key(call: KeyedCall) -> Key:
    text = call.context.idempotency_key or ""
    if not 1 <= len(text) <= MAX_KEY:
        raise HandlerFailed(InvalidArgument(NO_KEY))
    principal = call.context.principal
    return Key(
        principal="" if principal is None else principal.name,
        method=call.method.name,
        text=text,
    )


def _digest(call: KeyedCall) -> bytes:
    """Return what is equal for calls with equal params, however they were written."""
    codec: MethodCodec[Any] = method_codec(call.method)
    try:
        encoded = codec.encode_params(call.method.params(**call.keywords))
        canonical = json.dumps(json.loads(encoded), sort_keys=True)
    except (Refused, RecursionError) as error:
        # What could be read in fewer frames than it can be written in.
        raise HandlerFailed(InvalidArgument(NESTED_TOO_DEEPLY)) from error
    return hashlib.sha256(canonical.encode()).digest()


def _replayed(call: KeyedCall, kept: Kept) -> bytes:
    """Return the result that was kept, or raise the error."""
    answer = msgspec.json.decode(kept.answer, type=KeptAnswer)
    if not isinstance(answer.error, UnsetType):
        declared = method_codec(call.method).errors
        raise HandlerFailed(rpc_error(answer.error, declared))
    return b"null" if isinstance(answer.result, UnsetType) else bytes(answer.result)


def _did_nothing(error: RpcError) -> bool:
    """Return whether the handler says so, by asking to be called again."""
    return (
        error.status in TRY_AGAIN or error.retryable or retry_after(error) is not None
    )


def _unavailable(what: str, key: Key, error: Exception) -> NoReturn:
    logger.error("%s: %s", key.method, what, exc_info=error)
    raise HandlerFailed(Unavailable(OUT_OF_REACH)) from error


async def _acquired(lock: asyncio.Lock) -> None:
    await lock.acquire()


async def _ended(claim: Claim, ending: Coroutine[Any, Any, None]) -> None:
    """End the claim; where that fails, the call still ends as it did."""
    try:
        await _to_the_end(ending)
    except Exception:
        what = "%s: the end of its idempotency key was not written down"
        logger.exception(what, claim.key.method)


async def _to_the_end(ending: Coroutine[Any, Any, T]) -> T:
    """Wait for it, and let it go on where this task is cancelled."""
    return await asyncio.shield(ending)
