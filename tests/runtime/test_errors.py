"""Errors: the tree, declared errors, their messages, and the wire both ways."""

from __future__ import annotations

import copy
import pickle
from typing import ClassVar

import msgspec
import pytest
from msgspec import Struct, field

from idlgen.runtime import (
    Internal,
    InvalidArgument,
    NotFound,
    Problem,
    ResourceExhausted,
    RpcError,
    Status,
    Unavailable,
    UnknownError,
    errors,
)
from idlgen.runtime.protocols.jsonrpc.failures import (
    ErrorObject,
    rpc_error,
    status_error,
)
from tests.runtime.contract.user.errors import UserNotFound


class RateLimited(ResourceExhausted):
    _idl_name: ClassVar[str] = "user.RateLimited"
    _idl_message: ClassVar[str] = "{{wait}} {retryAfter} s, {soft}, {who}, {other}"

    class Fields(Struct, frozen=True, kw_only=True):
        retry_after: float = field(name="retryAfter")
        soft: bool
        who: str | None = None

    def __init__(
        self, *, retry_after: float, soft: bool, who: str | None = None
    ) -> None:
        self.retry_after = retry_after
        self.soft = soft
        self.who = who
        super().__init__(
            fields=self.Fields(retry_after=retry_after, soft=soft, who=who)
        )


class AccountGone(NotFound):
    _idl_name: ClassVar[str] = "user.AccountGone"


DECLARED = {kind._idl_name: kind for kind in (UserNotFound, RateLimited, AccountGone)}
WIRE = [
    ("cancelled", "Cancelled", 1),
    ("unknown", "UnknownError", 2),
    ("invalid_argument", "InvalidArgument", 3),
    ("deadline_exceeded", "DeadlineExceeded", 4),
    ("not_found", "NotFound", 5),
    ("already_exists", "AlreadyExists", 6),
    ("permission_denied", "PermissionDenied", 7),
    ("resource_exhausted", "ResourceExhausted", 8),
    ("failed_precondition", "FailedPrecondition", 9),
    ("aborted", "Aborted", 10),
    ("out_of_range", "OutOfRange", 11),
    ("unimplemented", "Unimplemented", 12),
    ("internal", "Internal", 13),
    ("unavailable", "Unavailable", 14),
    ("data_loss", "DataLoss", 15),
    ("unauthenticated", "Unauthenticated", 16),
]


@pytest.mark.parametrize(("status", "name", "number"), WIRE)
def test_each_status_has_a_number_and_a_class(
    status: str, name: str, number: int
) -> None:
    assert Status(status).number == number
    assert Status.from_number(number) == status
    kind = errors.error_class(Status(status))
    assert kind.__name__ == name
    assert kind().message == status.replace("_", " ")
    wire = status_error(kind("why"))
    assert wire.code == -32000 - number
    again = rpc_error(wire, {})
    assert (type(again), again.message) == (kind, "why")


def test_there_are_sixteen() -> None:
    assert len(Status) == 16
    assert Status.from_number(0) is None
    assert Status.from_number(17) is None


def test_only_unavailable_is_retryable_by_itself() -> None:
    assert Unavailable().retryable
    assert not Internal().retryable
    assert Internal(retryable=True).retryable


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (UserNotFound(id=7), "user 7 does not exist"),
        (
            RateLimited(retry_after=1.5, soft=True, who="{soft}"),
            "{wait} 1.5 s, true, {soft}, {other}",
        ),
        (
            RateLimited(retry_after=2, soft=False),
            "{wait} 2 s, false, null, {other}",
        ),
        (AccountGone(), "account gone"),
        (AccountGone("moved to Mars"), "moved to Mars"),
    ],
)
def test_a_message_names_its_fields(error: RpcError, message: str) -> None:
    assert error.message == message
    assert str(error) == message


def test_errors_survive_pickling_and_copying() -> None:
    error = UserNotFound(id=7)
    error.add_note("seen in a worker")
    problem = InvalidArgument(problems=[Problem("$.a", "Missing")])
    for again in (pickle.loads(pickle.dumps(error)), copy.copy(error)):
        assert type(again) is UserNotFound
        assert (again.id, again.message) == (7, "user 7 does not exist")
        assert again.__notes__ == ["seen in a worker"]
    assert pickle.loads(pickle.dumps(problem)).problems == (("$.a", "Missing"),)


def test_a_declared_error_travels_whole() -> None:
    wire = status_error(RateLimited(retry_after=1.5, soft=True))
    assert msgspec.json.decode(msgspec.json.encode(wire)) == {
        "code": -32008,
        "message": "{wait} 1.5 s, true, null, {other}",
        "data": {
            "error": "user.RateLimited",
            "status": "resource_exhausted",
            "fields": {"retryAfter": 1.5, "soft": True, "who": None},
        },
    }
    error = rpc_error(wire, DECLARED)
    assert isinstance(error, RateLimited)
    assert (error.retry_after, error.soft, error.who) == (1.5, True, None)
    assert error.details == {"retryAfter": 1.5, "soft": True, "who": None}


def test_the_servers_wording_of_a_declared_error_wins() -> None:
    error = rpc_error(
        wire(-32005, "gone", '{"error":"user.UserNotFound","fields":{"id":7}}'),
        DECLARED,
    )
    assert isinstance(error, UserNotFound)
    assert (error.message, str(error), error.args) == ("gone", "gone", ("gone",))


def wire(code: int, message: str, data: str | None = None) -> ErrorObject:
    raw = msgspec.UNSET if data is None else msgspec.Raw(data.encode())
    return ErrorObject(code=code, message=message, data=raw)


@pytest.mark.parametrize(
    ("error", "kind", "message", "details"),
    [
        (wire(-32700, "Parse error"), InvalidArgument, "Parse error", {}),
        (wire(-32600, "Invalid Request"), InvalidArgument, "Invalid Request", {}),
        (
            wire(-32601, "Method not found"),
            errors.Unimplemented,
            "Method not found",
            {},
        ),
        (wire(-32602, "Invalid params"), InvalidArgument, "Invalid params", {}),
        (wire(-32603, "Internal error"), Internal, "Internal error", {}),
        (wire(-32016, "who?"), errors.Unauthenticated, "who?", {}),
        (wire(-32000, "x"), UnknownError, "x", {}),
        (wire(-32017, "x"), UnknownError, "x", {}),
        (wire(1, "x"), UnknownError, "x", {}),
        (wire(1, "x", '{"status":"aborted"}'), errors.Aborted, "x", {}),
        (wire(1, "x", '{"status":"abroad"}'), UnknownError, "x", {}),
        (wire(1, "x", '{"a":[1]}'), UnknownError, "x", {"a": [1]}),
        (wire(1, "x", "[1]"), UnknownError, "x", {"data": [1]}),
        (wire(1, "x", '{"status":5,"a":1}'), UnknownError, "x", {"status": 5, "a": 1}),
        (
            wire(
                -32005,
                "x",
                '{"error":"user.Nobody","status":"not_found","fields":{"id":7}}',
            ),
            NotFound,
            "x",
            {"id": 7},
        ),
        (
            wire(
                -32005,
                "x",
                '{"error":"user.UserNotFound","status":"not_found","fields":{"id":"x"}}',
            ),
            NotFound,
            "x",
            {"id": "x"},
        ),
    ],
)
def test_what_is_not_declared_becomes_the_class_of_its_status(
    error: ErrorObject, kind: type[RpcError], message: str, details: dict[str, object]
) -> None:
    read = rpc_error(error, DECLARED)
    assert type(read) is kind
    assert (read.message, read.details) == (message, details)


def test_problems_arrive_as_data_and_in_the_message() -> None:
    problems = ",".join(f'{{"path":"$.a{n}","message":"m"}}' for n in range(5))
    error = rpc_error(
        wire(-32602, "Invalid params", f'{{"problems":[{problems}]}}'), {}
    )
    assert isinstance(error, InvalidArgument)
    assert error.message == (
        "Invalid params: `$.a0`: m; `$.a1`: m; `$.a2`: m; and 2 more"
    )
    assert len(error.problems) == 5
    assert error.problems[4] == Problem("$.a4", "m")
