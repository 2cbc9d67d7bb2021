"""What generated code imports: types, errors, clients and servers.

Each name is loaded when it is first used, so that generated types cost no more than
the structs they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from idlgen.runtime.auth import Credentials, Principal, known_tokens
    from idlgen.runtime.batch import AsyncBatch, Batch
    from idlgen.runtime.call import CallContext, current_call
    from idlgen.runtime.client import AsyncServiceClient, ServiceClient
    from idlgen.runtime.contract import require_contract
    from idlgen.runtime.descriptors import (
        Method,
        Pagination,
        Service,
        StreamParam,
        serves,
    )
    from idlgen.runtime.enums import OpenEnum
    from idlgen.runtime.errors import (
        Aborted,
        AlreadyExists,
        Cancelled,
        DataLoss,
        DeadlineExceeded,
        FailedPrecondition,
        Internal,
        InvalidArgument,
        NotFound,
        OutOfRange,
        PermissionDenied,
        Problem,
        ResourceExhausted,
        RpcError,
        Unauthenticated,
        Unavailable,
        Unimplemented,
        UnknownError,
    )
    from idlgen.runtime.field_examples import shows
    from idlgen.runtime.options import CallOptions
    from idlgen.runtime.pagination import AsyncPaged, Paged
    from idlgen.runtime.pending import Pending, RawAnswer
    from idlgen.runtime.scalars import (
        FiniteDecimal,
        Float32,
        Int32,
        Int53,
        Int64,
        JsonValue,
        UInt32,
        UInt64,
    )
    from idlgen.runtime.sensitive import hides, strict
    from idlgen.runtime.server.app import asgi_app
    from idlgen.runtime.server.idempotency.keys import KeyStore
    from idlgen.runtime.server.idempotency.memory import MemoryKeys
    from idlgen.runtime.server.idempotency.sqlite import SqliteKeys
    from idlgen.runtime.server.streams import ParamStream
    from idlgen.runtime.status import Status
    from idlgen.runtime.streams import AsyncResultStream, ResultStream
    from idlgen.runtime.testing import CannedCall, FakeService, in_process
    from idlgen.runtime.unions import Unknown
    from idlgen.runtime.untyped import AsyncClient, Client

__all__ = [
    "Aborted",
    "AlreadyExists",
    "AsyncBatch",
    "AsyncClient",
    "AsyncPaged",
    "AsyncResultStream",
    "AsyncServiceClient",
    "Batch",
    "CallContext",
    "CallOptions",
    "Cancelled",
    "CannedCall",
    "Client",
    "Credentials",
    "DataLoss",
    "DeadlineExceeded",
    "FailedPrecondition",
    "FakeService",
    "FiniteDecimal",
    "Float32",
    "Int32",
    "Int53",
    "Int64",
    "Internal",
    "InvalidArgument",
    "JsonValue",
    "KeyStore",
    "MemoryKeys",
    "Method",
    "NotFound",
    "OpenEnum",
    "OutOfRange",
    "Paged",
    "Pagination",
    "ParamStream",
    "Pending",
    "PermissionDenied",
    "Principal",
    "Problem",
    "RawAnswer",
    "ResourceExhausted",
    "ResultStream",
    "RpcError",
    "Service",
    "ServiceClient",
    "SqliteKeys",
    "Status",
    "StreamParam",
    "UInt32",
    "UInt64",
    "Unauthenticated",
    "Unavailable",
    "Unimplemented",
    "Unknown",
    "UnknownError",
    "asgi_app",
    "current_call",
    "hides",
    "in_process",
    "known_tokens",
    "require_contract",
    "serves",
    "shows",
    "strict",
]

if not TYPE_CHECKING:
    # Hidden from type checkers, which would take any misspelt name for one of ours.
    _HOMES = {
        "auth": "Credentials Principal known_tokens",
        "batch": "AsyncBatch Batch",
        "call": "CallContext current_call",
        "client": "AsyncServiceClient ServiceClient",
        "contract": "require_contract",
        "descriptors": "Method Pagination Service StreamParam serves",
        "enums": "OpenEnum",
        "field_examples": "shows",
        "options": "CallOptions",
        "pagination": "AsyncPaged Paged",
        "pending": "Pending RawAnswer",
        "scalars": "FiniteDecimal Float32 Int32 Int53 Int64 JsonValue UInt32 UInt64",
        "sensitive": "hides strict",
        "server.app": "asgi_app",
        "server.idempotency.keys": "KeyStore",
        "server.idempotency.memory": "MemoryKeys",
        "server.idempotency.sqlite": "SqliteKeys",
        "server.streams": "ParamStream",
        "status": "Status",
        "streams": "AsyncResultStream ResultStream",
        "testing": "CannedCall FakeService in_process",
        "unions": "Unknown",
        "untyped": "AsyncClient Client",
    }
    _HOME = {name: home for home, names in _HOMES.items() for name in names.split()}

    def __getattr__(name: str) -> object:
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module

        home = import_module(f"{__name__}.{_HOME.get(name, 'errors')}")
        value = globals()[name] = getattr(home, name)
        return value

    def __dir__() -> list[str]:
        return __all__
