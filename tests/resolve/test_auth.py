from __future__ import annotations

import pytest

from tests.resolve.types_shown import package


def access(service: str, method: str) -> tuple[str, tuple[str, ...]]:
    declared = package(user=f"services: {{S: {{{service}methods: {{m: {method}}}}}}}")
    (found,) = declared.services["S"].methods
    return found.auth, found.scopes


@pytest.mark.parametrize(
    ("service", "method", "kind", "scopes"),
    [
        ("", "{}", "none", ()),
        ("", "{auth: bearer}", "bearer", ()),
        ("", "{auth: api_key, scopes: [a, b]}", "api_key", ("a", "b")),
        ("auth: bearer, ", "{}", "bearer", ()),
        ("auth: bearer, ", "{scopes: [a]}", "bearer", ("a",)),
        ("auth: bearer, scopes: [a], ", "{}", "bearer", ("a",)),
        ("auth: bearer, scopes: [a], ", "{auth: api_key}", "api_key", ("a",)),
        ("auth: bearer, scopes: [a], ", "{scopes: [b, c]}", "bearer", ("b", "c")),
        ("auth: bearer, scopes: [a], ", "{scopes: []}", "bearer", ()),
        ("auth: bearer, scopes: [a], ", "{auth: none}", "none", ()),
        ("auth: none, ", "{auth: bearer, scopes: [no, 1.0]}", "bearer", ("no", "1.0")),
    ],
)
def test_a_method_says_who_may_call_it_else_its_service(
    service: str, method: str, kind: str, scopes: tuple[str, ...]
) -> None:
    assert access(service, method) == (kind, scopes)
