from __future__ import annotations

from idlgen.targets.docs.statuses import JSON_RPC_CODES


def test_codes_are_those_of_grpc_below_minus_32000() -> None:
    assert {status.value: code for status, code in JSON_RPC_CODES.items()} == {
        "cancelled": -32001,
        "unknown": -32002,
        "invalid_argument": -32003,
        "deadline_exceeded": -32004,
        "not_found": -32005,
        "already_exists": -32006,
        "permission_denied": -32007,
        "resource_exhausted": -32008,
        "failed_precondition": -32009,
        "aborted": -32010,
        "out_of_range": -32011,
        "unimplemented": -32012,
        "internal": -32013,
        "unavailable": -32014,
        "data_loss": -32015,
        "unauthenticated": -32016,
    }
