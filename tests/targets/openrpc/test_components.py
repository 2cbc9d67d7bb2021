"""Which types a document holds, and what they are called there."""

from __future__ import annotations

import json
import re

import pytest

from tests.targets.openrpc.conftest import Document, Render, RenderFiles, parsed

MONEY = """
package: shop.money
types:
  Currency: {enum: [EUR, CHF], closed: true}
  Money: {fields: {amount: decimal, currency: Currency}}
  Page<T>: {fields: {items: list<T>}}
  Unused: {fields: {a: int}}
errors:
  TooPoor: {status: failed_precondition, fields: {missing: Money}}
  Unraised: {status: internal}
"""
SHOP = """
package: shop
imports: {money: money.yaml}
types:
  Article: {fields: {name: string, price: money.Money}}
services:
  Shop:
    methods:
      list: {returns: money.Page<Article>}
      buy: {params: {name: string}, returns: Article, errors: [money.TooPoor]}
"""


def refs(document: Document) -> set[str]:
    return set(re.findall(r'"\$ref": "#/components/([^"]*)"', json.dumps(document)))


def keys(document: Document) -> list[str]:
    return list(document["components"]["schemas"])


def test_what_is_imported_and_used_is_there(render_files: RenderFiles) -> None:
    files = render_files({"shop.yaml": SHOP, "money.yaml": MONEY})
    found = parsed(files["shop/shop.openrpc.json"])
    assert keys(found) == [
        "shop.Article",
        "shop.money.ArticlePage",
        "shop.money.Money",
        "shop.money.Currency",
        "shop.money.TooPoor",
    ]
    assert list(found["components"]["errors"]) == ["shop.money.TooPoor"]
    assert {ref.split("/")[1] for ref in refs(found)} == {*keys(found), "shop.Shop"}


INSTANCES = """
types:
  User: {{fields: {{id: int}}}}
  UserId: {{alias: int}}
  Role: {{enum: [a, b]}}
  Page<T>: {{fields: {{items: list<T>}}}}
  Pair<A, B>: {{fields: {{a: A, b: B}}}}
  Holder: {{fields: {{held: '{written}'}}}}
services: {{S: {{methods: {{go: }}}}}}
"""


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Page<User>", "UserPage"),
        ("Page<UserId>", "UserIdPage"),
        ("Page<string>", "StringPage"),
        ("Page<uint64>", "Uint64Page"),
        ("Page<list<User>>", "UserListPage"),
        ("Page<set<Role>>", "RoleSetPage"),
        ("Page<map<User>>", "UserMapPage"),
        ("Page<map<Role, User>>", "RoleUserMapPage"),
        ("Page<list<User | null>>", "NullableUserListPage"),
        ("Page<Page<User>>", "UserPagePage"),
        ("Pair<User, int>", "UserIntPair"),
    ],
)
def test_an_instance_is_called_by_its_arguments(
    written: str, name: str, render_files: RenderFiles
) -> None:
    files = render_files({"pkg.yaml": INSTANCES.format(written=written)})
    found = parsed(files["pkg/pkg.openrpc.json"])
    schemas = found["components"]["schemas"]
    held = schemas["pkg.Holder"]["properties"]["held"]
    assert held == {"$ref": f"#/components/schemas/pkg.{name}"}
    assert schemas[f"pkg.{name}"]["title"] == name
    # The generic itself is no type of any value.
    assert "pkg.Page" not in schemas
    assert {ref.split("/")[1] for ref in refs(found)} <= {*schemas, "pkg.S"}


def test_an_alias_that_is_called_as_its_instance_is_the_instance(
    render_files: RenderFiles,
) -> None:
    schema = """
types:
  User: {fields: {id: int}}
  Page<T>: {doc: Some of many., fields: {items: list<T>}, x-generic: 1}
  UserPage: {alias: Page<User>, doc: Users., x-alias: 1}
  Holder: {fields: {a: UserPage, b: Page<User>}}
services: {S: {methods: {go: }}}
"""
    found = parsed(render_files({"pkg.yaml": schema})["pkg/pkg.openrpc.json"])
    assert keys(found) == ["pkg.User", "pkg.UserPage", "pkg.Holder"]
    schemas = found["components"]["schemas"]
    assert schemas["pkg.UserPage"] == {
        "title": "UserPage",
        "description": "Users.",
        "type": "object",
        "properties": {
            "items": {
                "type": "array",
                "items": {"$ref": "#/components/schemas/pkg.User"},
            }
        },
        "required": ["items"],
        "x-generic": 1,
        "x-alias": 1,
    }
    same = {"$ref": "#/components/schemas/pkg.UserPage"}
    assert schemas["pkg.Holder"]["properties"] == {"a": same, "b": same}


def test_instances_that_would_be_called_alike_are_spelled_out(
    render_files: RenderFiles,
) -> None:
    schema = """
types:
  A: {fields: {id: int}}
  AB: {fields: {id: int}}
  Page<T>: {fields: {items: list<T>}}
  BPage<T>: {fields: {items: list<T>}}
  IntPage: {fields: {items: list<string>}}
  Bad: {fields: {id: int}}
  Holder:
    fields: {a: Page<AB>, b: BPage<A>, c: Page<int>, d: 'Page<map<string, A>>'}
errors:
  AMapPage: {status: internal}
services: {S: {methods: {go: }}}
"""
    found = parsed(render_files({"pkg.yaml": schema})["pkg/pkg.openrpc.json"])
    schemas = found["components"]["schemas"]
    held = {
        name: member["$ref"].removeprefix("#/components/schemas/")
        for name, member in schemas["pkg.Holder"]["properties"].items()
    }
    assert held == {
        "a": "pkg.Page-pkg.AB",
        "b": "pkg.BPage-pkg.A",
        "c": "pkg.Page-int",
        "d": "pkg.Page-map-string-pkg.A",
    }
    assert set(held.values()) < set(schemas)
    titles = [schema["title"] for schema in schemas.values()]
    assert len(set(titles)) == len(titles)


def test_titles_of_namesakes_hold_their_packages(render_files: RenderFiles) -> None:
    files = render_files(
        {
            "a.yaml": """
                package: a
                imports: {b: b.yaml}
                types:
                  Item: {name: thing, fields: {b: b.Item}}
                  Other: {name: User, fields: {a: Item}}
                services: {S: {methods: {go: }}}
            """,
            "b.yaml": "package: b\ntypes: {Item: {name: thing, fields: {}}}",
        }
    )
    schemas = parsed(files["a/a.openrpc.json"])["components"]["schemas"]
    assert {key: schema["title"] for key, schema in schemas.items()} == {
        "a.Item": "a.Item",
        "a.Other": "User",
        "b.Item": "b.Item",
    }


def test_types_and_errors_show_their_examples(render: Render) -> None:
    components = render("""
        types:
          Id: {newtype: int, example: 7}
          Email: {alias: string, example: ada@example.com, x-mine: true}
          User: {fields: {id: Id, name: {type: string, wire: n}}, example: {id: 1, name: Ada}}
          Page<T>: {fields: {items: list<T>}}
          UserPage: {alias: Page<User>, example: {items: []}}
        errors:
          Gone: {status: not_found, fields: {id: Id}, example: {id: 9}}
          Plain: {status: internal, example: {}}
        services:
          Users: {methods: {find: {returns: UserPage, errors: [Gone, Plain]}}}
    """)["components"]

    shown = {
        key: schema["examples"]
        for key, schema in components["schemas"].items()
        if "examples" in schema
    }
    assert shown == {
        "pkg.Id": [7],
        "pkg.Email": ["ada@example.com"],
        "pkg.User": [{"id": 1, "n": "Ada"}],
        "pkg.UserPage": [{"items": []}],
        "pkg.Gone": [{"error": "pkg.Gone", "status": "not_found", "fields": {"id": 9}}],
        "pkg.Plain": [{"error": "pkg.Plain", "status": "internal"}],
    }
