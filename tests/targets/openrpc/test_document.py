"""What a package's document says of its services."""

from __future__ import annotations

import json
from typing import Any

import pytest

from idlgen.targets import Comment, OptionError
from idlgen.targets.openrpc.target import OpenRpcTarget
from tests.targets.openrpc.conftest import Render, RenderFiles, parsed

SCHEMA = """
package: acme.shop
version: 1.2.0
doc: Sells things.
x-owner: shop team
types:
  Id: {newtype: uint32}
errors:
  Gone: {status: not_found, message: "{id} is gone {{for good}}", doc: No more., fields: {id: Id}, x-page: 7}
  TooBusy: {status: resource_exhausted, deprecated: Never., since: 1.1.0}
  Unused: {status: internal, fields: {why: string?}}
services:
  Shop:
    name: Store
    doc: The shop.
    deprecated: Closing down.
    errors: [TooBusy]
    x-floor: 2
    methods:
      buy:
        doc: Buy a thing.
        deprecated: Nothing is left.
        since: 1.1.0
        idempotent: true
        timeout: 1.5s
        auth: bearer
        scopes: [shop:buy]
        x-audit: true
        params:
          id: {type: Id, doc: Which one., deprecated: Use code., wire: x-id, x-own: 1}
          count: {type: uint32, default: 1, example: 3}
          note: {type: string?, sensitive: true}
        returns: list<Id>
        errors: [Gone]
        examples:
          one:
            doc: Just one.
            params: {id: 7, count: 1}
            returns: [7]
            x-tested: true
          several: {params: {id: 7, count: 2, note: please}, returns: [7, 8]}
      close:
"""


def test_a_document_says_all_of_its_services(render: Render) -> None:
    assert render(SCHEMA) == {
        "openrpc": "1.3.2",
        "info": {
            "title": "acme.shop",
            "version": "1.2.0",
            "description": "Sells things.",
            "x-owner": "shop team",
        },
        "methods": [
            {
                "name": "acme.shop.Shop.buy",
                "description": (
                    "Buy a thing.\n\nSince 1.1.0.\n\nDeprecated: Nothing is left."
                ),
                "deprecated": True,
                "tags": [{"$ref": "#/components/tags/acme.shop.Shop"}],
                "paramStructure": "by-name",
                "params": [
                    {
                        "name": "x-id",
                        "description": "Which one.\n\nDeprecated: Use code.",
                        "deprecated": True,
                        "required": True,
                        "schema": {"$ref": "#/components/schemas/acme.shop.Id"},
                        "x-own": 1,
                    },
                    {
                        "name": "count",
                        "required": False,
                        "schema": {
                            "type": "integer",
                            "minimum": 0,
                            "maximum": 4294967295,
                            "default": 1,
                            "examples": [3],
                        },
                    },
                    {
                        "name": "note",
                        "required": False,
                        "schema": {
                            "type": ["string", "null"],
                            "x-idl-sensitive": True,
                        },
                    },
                ],
                "result": {
                    "name": "result",
                    "schema": {
                        "type": "array",
                        "items": {"$ref": "#/components/schemas/acme.shop.Id"},
                    },
                },
                "errors": [
                    {"$ref": "#/components/errors/acme.shop.Gone"},
                    {"$ref": "#/components/errors/acme.shop.TooBusy"},
                ],
                "examples": [
                    {
                        "name": "one",
                        "description": "Just one.",
                        "params": [{"name": "x-id", "value": 7}],
                        "result": {"name": "result", "value": [7]},
                        "x-tested": True,
                    },
                    {
                        "name": "several",
                        "params": [
                            {"name": "x-id", "value": 7},
                            {"name": "count", "value": 2},
                            {"name": "note", "value": "please"},
                        ],
                        "result": {"name": "result", "value": [7, 8]},
                    },
                ],
                "x-idl-idempotent": True,
                "x-idl-timeout-ms": 1500,
                "x-idl-auth": "bearer",
                "x-idl-scopes": ["shop:buy"],
                "x-audit": True,
            },
            {
                "name": "acme.shop.Shop.close",
                "tags": [{"$ref": "#/components/tags/acme.shop.Shop"}],
                "paramStructure": "by-name",
                "params": [],
                "result": {"name": "result", "schema": {"type": "null"}},
                "errors": [{"$ref": "#/components/errors/acme.shop.TooBusy"}],
            },
        ],
        "components": {
            "schemas": {
                "acme.shop.Id": {
                    "title": "Id",
                    "type": "integer",
                    "minimum": 0,
                    "maximum": 4294967295,
                },
                "acme.shop.Gone": {
                    "title": "Gone",
                    "description": "No more.",
                    "type": "object",
                    "properties": {
                        "error": {"const": "acme.shop.Gone"},
                        "status": {"const": "not_found"},
                        "fields": {
                            "type": "object",
                            "properties": {
                                "id": {"$ref": "#/components/schemas/acme.shop.Id"}
                            },
                            "required": ["id"],
                        },
                    },
                    "required": ["error", "status", "fields"],
                    "x-page": 7,
                },
                "acme.shop.TooBusy": {
                    "title": "TooBusy",
                    "description": "Since 1.1.0.\n\nDeprecated: Never.",
                    "deprecated": True,
                    "type": "object",
                    "properties": {
                        "error": {"const": "acme.shop.TooBusy"},
                        "status": {"const": "resource_exhausted"},
                    },
                    "required": ["error", "status"],
                },
                "acme.shop.Unused": {
                    "title": "Unused",
                    "type": "object",
                    "properties": {
                        "error": {"const": "acme.shop.Unused"},
                        "status": {"const": "internal"},
                        "fields": {
                            "type": "object",
                            "properties": {"why": {"type": ["string", "null"]}},
                        },
                    },
                    "required": ["error", "status", "fields"],
                },
            },
            "errors": {
                "acme.shop.Gone": {
                    "code": -32005,
                    "message": "{id} is gone {{for good}}",
                    "data": {"$ref": "#/components/schemas/acme.shop.Gone"},
                },
                "acme.shop.TooBusy": {
                    "code": -32008,
                    "message": "too busy",
                    "data": {"$ref": "#/components/schemas/acme.shop.TooBusy"},
                },
                "acme.shop.Unused": {
                    "code": -32013,
                    "message": "unused",
                    "data": {"$ref": "#/components/schemas/acme.shop.Unused"},
                },
            },
            "tags": {
                "acme.shop.Shop": {
                    "name": "Store",
                    "description": "The shop.\n\nDeprecated: Closing down.",
                    "x-floor": 2,
                }
            },
        },
    }


def test_what_the_schema_does_not_say_is_left_out(render: Render) -> None:
    found = render("package: p\nservices: {S: {methods: {go: }}}")
    assert found == {
        "openrpc": "1.3.2",
        "info": {"title": "p", "version": "0.0.0"},
        "methods": [
            {
                "name": "p.S.go",
                "tags": [{"$ref": "#/components/tags/p.S"}],
                "paramStructure": "by-name",
                "params": [],
                "result": {"name": "result", "schema": {"type": "null"}},
            }
        ],
        "components": {"tags": {"p.S": {"name": "S"}}},
    }


def test_pages_are_told_by_their_names_on_the_wire(render: Render) -> None:
    found = render("""
types:
  Log: {fields: {lines: {type: list<string>, wire: x-lines}, last: {type: int?, wire: x-last}}}
  Logs: Log
services:
  S:
    methods:
      read: {readonly: true, params: {after: {type: int?, wire: x-after}}, returns: Logs, paginate: {param: after, next: last, items: lines}}
""")
    (method,) = found["methods"]
    assert method["x-idl-readonly"] is True
    assert method["x-idl-paginate"] == {
        "param": "x-after",
        "next": "x-last",
        "items": "x-lines",
    }


def test_streams_stand_beside_what_params_and_result_carry(render: Render) -> None:
    found = render("""
types:
  Item: {fields: {id: int}}
services:
  S:
    methods:
      watch: {params: {since: date}, returns: stream<Item>, examples: {one: {params: {since: 2026-01-31}, returns: [{id: 1}]}}}
      upload: {params: {name: string, parts: {type: stream<Item>, doc: Its parts., x-own: 1}}, returns: int32}
      talk: {params: {words: stream<string | null>}, returns: stream<string>}
""")
    watch, upload, talk = found["methods"]
    item = {"$ref": "#/components/schemas/pkg.Item"}
    nothing = {"name": "result", "schema": {"type": "null"}}
    assert [param["name"] for param in watch["params"]] == ["since"]
    assert watch["result"] == nothing
    assert watch["x-idl-streams"] == {"result": {"name": "result", "schema": item}}
    # OpenRPC's examples are one request and one response.
    assert "examples" not in watch
    assert [param["name"] for param in upload["params"]] == ["name"]
    assert upload["result"]["schema"]["type"] == "integer"
    assert upload["x-idl-streams"] == {
        "param": {
            "name": "parts",
            "description": "Its parts.",
            "schema": item,
            "x-own": 1,
        }
    }
    assert talk["params"] == []
    assert talk["x-idl-streams"] == {
        "param": {"name": "words", "schema": {"type": ["string", "null"]}},
        "result": {"name": "result", "schema": {"type": "string"}},
    }


def test_the_url_is_the_only_server(render: Render) -> None:
    schema = "services: {S: {methods: {go: }}}"
    assert "servers" not in render(schema)
    found = render(schema, url="https://api.example.com/rpc")
    assert found["servers"] == [{"url": "https://api.example.com/rpc"}]


@pytest.mark.parametrize(
    "url", ["", "/rpc", "localhost:8000", "https://a b", "http://"]
)
def test_half_a_url_is_refused(url: str) -> None:
    with pytest.raises(OptionError, match="`url` must be a whole URL"):
        OpenRpcTarget({"url": url})


def test_each_package_with_services_has_a_file(render_files: RenderFiles) -> None:
    files = render_files(
        {
            "a.yaml": "package: acme.shop\nservices: {S: {methods: {go: }}}",
            "b.yaml": "package: common\ntypes: {Id: int}",
            # Python calls this folder `import_`, and servers look there.
            "c.yaml": "package: import.user\nservices: {S: {methods: {go: }}}",
        }
    )
    assert {path: file.package for path, file in files.items()} == {
        "acme/shop/shop.openrpc.json": "acme.shop",
        "import_/user/user.openrpc.json": "import.user",
    }
    assert {file.comment for file in files.values()} == {Comment.JSON}


def test_the_text_is_readable(render_files: RenderFiles) -> None:
    doc = json.dumps("스키마 \u202e\u2066 \x00 \ufeff \u2028 end")
    schema = f"package: p\ndoc: {doc}\nservices: {{S: {{methods: {{go: }}}}}}"
    (file,) = render_files({"p.yaml": schema}).values()
    lines = file.body.splitlines()
    assert lines[:2] == ['  "openrpc": "1.3.2",', '  "info": {']
    assert lines[-1] == "}"
    assert file.body.endswith("}\n")
    told = r'    "description": "스키마 \u202e\u2066 \u0000 \ufeff \u2028 end"'
    assert told in lines
    assert parsed(file)["info"]["description"] == json.loads(doc)


def test_numbers_stay_exact(render: Render) -> None:
    found = render("""
x-big: [123456789012345678901234567890, 1.10, 1e400]
services: {S: {methods: {go: {params: {n: {type: uint64, default: 18446744073709551615}}}}}}
""")
    values: Any = found["info"]["x-big"]
    assert values[0] == 123456789012345678901234567890
    (param,) = found["methods"][0]["params"]
    assert param["schema"]["default"] == 18446744073709551615
