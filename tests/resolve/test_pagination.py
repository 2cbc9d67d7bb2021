from __future__ import annotations

import pytest

from idlgen.model import Pagination
from tests.resolve.types_shown import outcome, package

TYPES = """
    types:
      Cursor: {alias: string, max_length: 100}
      Users: list<int>
      Page<T>: {fields: {items: list<T>, next: Cursor?}}
      Plain: {fields: {items: list<int>, next: string?}}
      Aliased: {fields: {items: Users, next: (Cursor | null)?}}
      Numbered: {fields: {next: int | null, items: {type: list<int>, default: []}}}
      Named: {fields: {users: list<int>, admins: list<int>, more: string?}}
      Part: pick<Named, users | more>
      More: {extends: Plain, fields: {total: int}}
      Again: Page<int>
      Maybe: int | null
      Twice: {fields: {items: list<int>, next: Maybe | null}}
"""


def paginated(params: str, returns: str, paginate: str) -> Pagination | None:
    method = f"{{params: {params}, returns: {returns}, paginate: {paginate}}}"
    found = package(user=f"{TYPES}\n    services: {{S: {{methods: {{m: {method}}}}}}}")
    return found.services["S"].methods[0].pagination


@pytest.mark.parametrize(
    ("params", "returns", "paginate", "expected"),
    [
        ("{cursor: string?}", "Plain", "cursor", ("cursor", "next", "items")),
        ("{cursor: string?}", "Page<bool>", "cursor", ("cursor", "next", "items")),
        ("{cursor: Cursor?}", "Page<bool>", "cursor", ("cursor", "next", "items")),
        ("{cursor: Cursor?}", "Again", "cursor", ("cursor", "next", "items")),
        ("{cursor: string?}", "Aliased", "cursor", ("cursor", "next", "items")),
        ("{cursor: string?}", "More", "cursor", ("cursor", "next", "items")),
        ("{after: int | null}", "Numbered", "after", ("after", "next", "items")),
        ("{after: (int | null)?}", "Numbered", "after", ("after", "next", "items")),
        (
            "{page: {type: int, default: 1}}",
            "Numbered",
            "{param: page}",
            ("page", "next", "items"),
        ),
        (
            "{a: string?, b: int?}",
            "Named",
            "{param: a, next: more, items: admins}",
            ("a", "more", "admins"),
        ),
        ("{a: string?}", "Part", "{param: a, next: more}", ("a", "more", "users")),
        ("{cursor: int?}", "Twice", "cursor", ("cursor", "next", "items")),
    ],
)
def test_pages_follow_one_another(
    params: str, returns: str, paginate: str, expected: tuple[str, str, str]
) -> None:
    param, next_, items = expected

    assert paginated(params, returns, paginate) == Pagination(
        param=param, next=next_, items=items
    )


def test_a_page_of_another_package() -> None:
    common = "types: {Page<T>: {fields: {items: list<T>, next: string?}}}"
    found = package(
        user="""
            imports: {common: common.yaml}
            types: {User: {fields: {id: int}}}
            services:
              S:
                methods:
                  m:
                    params: {cursor: string?}
                    returns: common.Page<User>
                    paginate: cursor
            """,
        common=common,
    )

    assert found.services["S"].methods[0].pagination == Pagination(
        param="cursor", next="next", items="items"
    )


def test_a_method_with_a_fault_has_no_pages() -> None:
    found = outcome(user="services: {S: {methods: {m: {paginate: cursor}}}}")
    (method,) = found.api.packages["user"].services["S"].methods

    assert [it.code for it in found.diagnostics] == ["IDL131", "IDL131"]
    assert method.pagination is None


@pytest.mark.parametrize(
    "types",
    [
        "A: B\n  B: A",
        "A: {fields: {items: A2, next: string?}}\n  A2: A3\n  A3: A2",
        "A: {fields: {items: list<int>, next: A2?}}\n  A2: A3\n  A3: A2",
    ],
)
def test_an_alias_without_end_is_reported_once(types: str) -> None:
    found = outcome(user=f"""types:
  {types}
services:
  S: {{methods: {{m: {{params: {{c: string?}}, returns: A, paginate: c}}}}}}
""")

    assert [it.code for it in found.diagnostics] == ["IDL106"]
