"""The 16 canonical statuses of RPC, the same on every wire."""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    """The canonical statuses of RPC, in the order of their gRPC numbers from 1."""

    CANCELLED = "cancelled"
    UNKNOWN = "unknown"
    INVALID_ARGUMENT = "invalid_argument"
    DEADLINE_EXCEEDED = "deadline_exceeded"
    NOT_FOUND = "not_found"
    ALREADY_EXISTS = "already_exists"
    PERMISSION_DENIED = "permission_denied"
    RESOURCE_EXHAUSTED = "resource_exhausted"
    FAILED_PRECONDITION = "failed_precondition"
    ABORTED = "aborted"
    OUT_OF_RANGE = "out_of_range"
    UNIMPLEMENTED = "unimplemented"
    INTERNAL = "internal"
    UNAVAILABLE = "unavailable"
    DATA_LOSS = "data_loss"
    UNAUTHENTICATED = "unauthenticated"

    @property
    def number(self) -> int:
        """The gRPC number, 1 to 16."""
        return _STATUSES.index(self) + 1

    @classmethod
    def from_number(cls, number: int) -> Status | None:
        """Return the status with the gRPC number, or None where there is none."""
        return _STATUSES[number - 1] if 1 <= number <= len(_STATUSES) else None


_STATUSES = tuple(Status)
