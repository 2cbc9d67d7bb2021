"""One made-up API of any size, written for each of the tools that the bench compares.

`n` types, every tenth an enum of four values, the others structs of eight mixed fields;
`n` / 5 services of five methods, each with params of its own.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import NamedTuple


class Field(NamedTuple):
    """A field of every struct: its name, and its type in each tool's words."""

    name: str
    idl: str
    proto: str
    openapi: dict[str, object]
    python: str


TEXT = {"type": "string"}
INTEGER = {"type": "integer"}
FIELDS = (
    Field("name", "string", "string", {**TEXT}, "str"),
    Field("count", "int", "int64", {**INTEGER}, "int"),
    Field("active", "bool", "bool", {"type": "boolean"}, "bool"),
    Field(
        "created_at",
        "datetime",
        "google.protobuf.Timestamp",
        {"type": "string", "format": "date-time"},
        "datetime",
    ),
    Field("ratio", "float", "double", {"type": "number"}, "float"),
    Field(
        "tags",
        "list<string>",
        "repeated string",
        {"type": "array", "items": TEXT},
        "list[str]",
    ),
    Field(
        "scores",
        "map<int>",
        "map<string, int64>",
        {"type": "object", "additionalProperties": INTEGER},
        "dict[str, int]",
    ),
)
# The eighth refers to another type, so that all types form one graph with cycles.
REFERENCE = "related"
VALUES = ("alpha", "beta", "gamma", "delta")


def type_names(n: int) -> list[str]:
    """Return the names of the `n` types, enums among them."""
    return [f"Type{i}" for i in range(n)]


def is_enum(i: int) -> bool:
    """Tell whether type `i` is an enum."""
    return i % 10 == 9


def related(i: int, n: int) -> str:
    """Return the name of the type that struct `i` refers to."""
    return f"Type{(i * 7 + 3) % n}"


def methods(n: int) -> Iterator[tuple[int, int, str]]:
    """Yield each method's service, its number there, and the struct it returns."""
    for service in range(n // 5):
        for method in range(5):
            yield service, method, f"Type{(service * 5 + method) // 10 * 10}"


def as_idl(n: int) -> str:
    """Return the API as idlgen reads it."""
    lines = ["package: bench", "doc: A synthetic API.", "types:"]
    for i in range(n):
        lines += [f"  Type{i}:", f"    doc: Type number {i}."]
        if is_enum(i):
            lines.append(f"    enum: [{', '.join(VALUES)}]")
            continue
        lines.append("    fields:")
        lines += [f"      {field.name}: {field.idl}" for field in FIELDS]
        lines.append(f"      {REFERENCE}: {related(i, n)}?")
    lines.append("services:")
    for service, method, result in methods(n):
        if method == 0:
            lines += [f"  Service{service}:", "    methods:"]
        params = "{id: int, name: string?}"
        lines.append(f"      method{method}: {{params: {params}, returns: {result}}}")
    return "\n".join(lines) + "\n"


def as_proto(n: int) -> str:
    """Return the API as protoc reads it."""
    lines = [
        'syntax = "proto3";',
        "package bench;",
        'import "google/protobuf/timestamp.proto";',
    ]
    for i in range(n):
        lines.append(f"// Type number {i}.")
        if is_enum(i):
            values = ("unspecified", *VALUES)
            body = " ".join(f"T{i}_{v.upper()} = {k};" for k, v in enumerate(values))
            lines.append(f"enum Type{i} {{ {body} }}")
            continue
        lines.append(f"message Type{i} {{")
        lines += [f"  {f.proto} {f.name} = {k};" for k, f in enumerate(FIELDS, 1)]
        lines += [f"  optional {related(i, n)} {REFERENCE} = 8;", "}"]
    for service, method, _ in methods(n):
        body = "int64 id = 1; optional string name = 2;"
        lines.append(f"message Service{service}Method{method}Request {{ {body} }}")
    for service, method, result in methods(n):
        if method == 0:
            lines.append(f"service Service{service} {{")
        request = f"Service{service}Method{method}Request"
        lines.append(f"  rpc method{method}({request}) returns ({result});")
        if method == 4:
            lines.append("}")
    return "\n".join(lines) + "\n"


def as_openapi(n: int) -> str:
    """Return the API as datamodel-code-generator reads it: OpenAPI 3.0 in JSON."""
    schemas: dict[str, object] = {}
    for i in range(n):
        about = {"description": f"Type number {i}."}
        if is_enum(i):
            schemas[f"Type{i}"] = {**about, "type": "string", "enum": list(VALUES)}
            continue
        properties: dict[str, object] = {field.name: field.openapi for field in FIELDS}
        required = list(properties)
        properties[REFERENCE] = reference(related(i, n))
        schemas[f"Type{i}"] = {**about, **an_object(properties, required)}
    paths = {}
    for service, method, result in methods(n):
        request = f"Service{service}Method{method}Request"
        params = {"id": {"type": "integer"}, "name": {"type": "string"}}
        schemas[request] = an_object(params, ["id"])
        paths[f"/Service{service}/method{method}"] = {
            "post": {
                "requestBody": {"content": in_json(reference(request))},
                "responses": {
                    "200": {"description": "ok", "content": in_json(reference(result))}
                },
            }
        }
    document = {
        "openapi": "3.0.3",
        "info": {"title": "bench", "version": "1"},
        "paths": paths,
        "components": {"schemas": schemas},
    }
    return json.dumps(document, indent=1)


def reference(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def an_object(properties: object, required: list[str]) -> dict[str, object]:
    return {"type": "object", "properties": properties, "required": required}


def in_json(schema: object) -> dict[str, object]:
    return {"application/json": {"schema": schema}}
