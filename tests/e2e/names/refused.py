"""The names that meet an earlier one of their scope, with the code that says so."""

from __future__ import annotations

from collections.abc import Mapping

MEMBERS = {
    **dict.fromkeys(("Function", "Any", "Unset", "date", "error", "method"), "IDL401"),
    **dict.fromkeys(("service", "user", "uuid", "_missing_"), "IDL401"),
    **dict.fromkeys(("__", "__a", "__1", "a_"), "IDL401"),
}

REFUSED: Mapping[str, Mapping[str, str]] = {
    "fields": MEMBERS,
    "params": MEMBERS,
    "methods": MEMBERS,
    # `_` is LOW_LINE and `__` is LOW_LINE_LOW_LINE.
    "values": {name: code for name, code in MEMBERS.items() if name != "__"},
    "error_fields": MEMBERS,
    "services": {
        # They are what the services `Service` and `UserService` generate.
        "ServiceClient": "IDL118",
        "AsyncServiceClient": "IDL118",
        "FakeService": "IDL118",
        "UserServiceClient": "IDL118",
        "AsyncUserServiceClient": "IDL118",
        # Their constants are those of `UNSET` and `UUID`.
        "Unset": "IDL402",
        "Uuid": "IDL402",
    },
    "variants": {
        **dict.fromkeys((*MEMBERS.keys() - {"__"},), "IDL402"),
        # It is what keeps the variants that nobody knows.
        "unknown": "IDL402",
    },
}
"""By position; the other positions refuse none. Each is mended by a `name:`."""
