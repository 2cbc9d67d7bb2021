"""What each construct of the language is in JSON Schema."""

from __future__ import annotations

import pytest

from tests.targets.openrpc.conftest import Components, Document

INT = {
    "type": "integer",
    "minimum": -9007199254740991,
    "maximum": 9007199254740991,
}
TEXT = {"type": "string"}


def field_of(components: Components, member: str, others: str = "") -> object:
    found = components(f"Holder: {{fields: {{member: {member}}}}}\n{others}")
    return found["Holder"]["properties"]["member"]


@pytest.mark.parametrize(
    ("written", "schema"),
    [
        ("bool", {"type": "boolean"}),
        ("int", INT),
        (
            "int32",
            {"type": "integer", "minimum": -2147483648, "maximum": 2147483647},
        ),
        ("uint32", {"type": "integer", "minimum": 0, "maximum": 4294967295}),
        (
            "int64",
            {
                "type": ["integer", "string"],
                "minimum": -9223372036854775808,
                "maximum": 9223372036854775807,
                "pattern": "^-?(?:0|[1-9][0-9]*)$",
                "x-idl-type": "int64",
            },
        ),
        (
            "uint64",
            {
                "type": ["integer", "string"],
                "minimum": 0,
                "maximum": 18446744073709551615,
                "pattern": "^(?:0|[1-9][0-9]*)$",
                "x-idl-type": "uint64",
            },
        ),
        ("float", {"type": "number"}),
        (
            "float32",
            {
                "type": "number",
                "minimum": -3.4028234663852886e38,
                "maximum": 3.4028234663852886e38,
                "x-idl-type": "float32",
            },
        ),
        ("string", TEXT),
        ("datetime", {"type": "string", "format": "date-time"}),
        ("date", {"type": "string", "format": "date"}),
        ("uuid", {"type": "string", "format": "uuid"}),
        ("any", {}),
        ("list<bool>", {"type": "array", "items": {"type": "boolean"}}),
        (
            "set<date>",
            {
                "type": "array",
                "items": {"type": "string", "format": "date"},
                "uniqueItems": True,
            },
        ),
        ("map<bool>", {"type": "object", "additionalProperties": {"type": "boolean"}}),
        ("string | null", {"type": ["string", "null"]}),
        ("list<string> | null", {"type": ["array", "null"], "items": TEXT}),
        (
            "list<string | null>",
            {"type": "array", "items": {"type": ["string", "null"]}},
        ),
        ("any | null", {}),
    ],
)
def test_a_built_in_type(written: str, schema: object, components: Components) -> None:
    assert field_of(components, f"'{written}'") == schema


@pytest.mark.parametrize(
    ("key", "names"),
    [
        ("int", {"pattern": "^-?(?:0|[1-9][0-9]*)$"}),
        ("int64", {"pattern": "^-?(?:0|[1-9][0-9]*)$"}),
        ("uint32", {"pattern": "^(?:0|[1-9][0-9]*)$"}),
        ("uuid", {"type": "string", "format": "uuid"}),
        ("Weekday", {"$ref": "#/components/schemas/pkg.Weekday"}),
        ("Code", {"$ref": "#/components/schemas/pkg.Code"}),
        ("Number", {"pattern": "^(?:0|[1-9][0-9]*)$"}),
    ],
)
def test_the_names_of_a_maps_members(
    key: str, names: object, components: Components
) -> None:
    others = """
Weekday: {enum: [mon, tue], closed: true}
Code: {newtype: string, max_length: 3}
Number: {alias: uint32, max: 9}
"""
    assert field_of(components, f"'map<{key}, bool>'", others) == {
        "type": "object",
        "propertyNames": names,
        "additionalProperties": {"type": "boolean"},
    }


@pytest.mark.parametrize(
    ("member", "schema", "required"),
    [
        ("string", TEXT, True),
        ("string?", {"type": ["string", "null"]}, False),
        ("string | null", {"type": ["string", "null"]}, True),
        ("(string | null)?", {"type": ["string", "null"]}, False),
        ("{type: string, default: en}", {**TEXT, "default": "en"}, False),
        (
            "Other?",
            {"anyOf": [{"$ref": "#/components/schemas/pkg.Other"}, {"type": "null"}]},
            False,
        ),
        (
            "{type: Other, default: b}",
            {"allOf": [{"$ref": "#/components/schemas/pkg.Other"}], "default": "b"},
            False,
        ),
    ],
)
def test_presence(
    member: str, schema: object, required: bool, components: Components
) -> None:
    holder = f"Holder: {{fields: {{member: {member}}}}}\nOther: {{enum: [a, b]}}"
    found = components(holder)["Holder"]
    assert found["properties"] == {"member": schema}
    assert found.get("required") == (["member"] if required else None)


def test_a_patch_has_three_states(components: Components) -> None:
    found = components("""
User: {fields: {name: string, bio: 'string | null', nick: string?, tag: {type: string, default: x}}}
Patch: partial<User>
""")
    assert found["Patch"] == {
        "title": "Patch",
        "description": (
            "A patch of `User`: what is left out stays as it is, null clears."
        ),
        "type": "object",
        "properties": {
            "name": TEXT,
            "bio": {"type": ["string", "null"]},
            "nick": {"type": ["string", "null"]},
            "tag": TEXT,
        },
    }


@pytest.mark.parametrize(
    ("member", "schema"),
    [
        (
            "{type: int32, min: 1, max: 9, multiple_of: 2}",
            {"type": "integer", "minimum": 1, "maximum": 9, "multipleOf": 2},
        ),
        (
            "{type: float, exclusive_min: 0, exclusive_max: 0.5}",
            {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 0.5},
        ),
        (
            "{type: uint32, exclusive_max: 10}",
            {
                "type": "integer",
                "minimum": 0,
                "maximum": 4294967295,
                "exclusiveMaximum": 10,
            },
        ),
        (
            r"{type: string, min_length: 1, max_length: 9, pattern: '^\d+$'}",
            {**TEXT, "minLength": 1, "maxLength": 9, "pattern": r"^\d+$"},
        ),
        (
            "{type: string?, min_length: 1}",
            {"type": ["string", "null"], "minLength": 1},
        ),
        (
            "{type: list<bool>, min_items: 1, max_items: 2}",
            {
                "type": "array",
                "items": {"type": "boolean"},
                "minItems": 1,
                "maxItems": 2,
            },
        ),
        (
            "{type: map<bool>, min_items: 1, max_items: 2}",
            {
                "type": "object",
                "additionalProperties": {"type": "boolean"},
                "minProperties": 1,
                "maxProperties": 2,
            },
        ),
        (
            "{type: Port, max: 1024}",
            {"allOf": [{"$ref": "#/components/schemas/pkg.Port"}], "maximum": 1024},
        ),
        (
            "{type: Port?, max: 1024}",
            {
                "anyOf": [
                    {
                        "allOf": [{"$ref": "#/components/schemas/pkg.Port"}],
                        "maximum": 1024,
                    },
                    {"type": "null"},
                ]
            },
        ),
    ],
)
def test_a_constraint(member: str, schema: object, components: Components) -> None:
    assert field_of(components, member, "Port: {newtype: int32, min: 1}") == schema


@pytest.mark.parametrize(
    ("member", "keywords"),
    [
        (
            "{type: decimal, min: '0', multiple_of: '0.01'}",
            {"x-idl-minimum": "0", "x-idl-multipleOf": "0.01"},
        ),
        # Base64 has four characters for three bytes, the last of which may be padding.
        (
            "{type: bytes, min_length: 1, max_length: 4}",
            {"minLength": 4, "maxLength": 8},
        ),
        ("{type: bytes, max_length: 3}", {"maxLength": 4}),
    ],
)
def test_a_constraint_of_what_is_a_text_in_json(
    member: str, keywords: Document, components: Components
) -> None:
    found = field_of(components, member)
    assert isinstance(found, dict)
    plain = field_of(components, member.split(",", maxsplit=1)[0] + "}")
    assert isinstance(plain, dict)
    assert found == {**plain, **keywords}


def test_an_alias_and_a_newtype_are_components(components: Components) -> None:
    assert (
        components("""
Port: {newtype: int32, min: 1, doc: 'Where a server listens.', x-range: user}
Ports: {alias: list<Port>, max_items: 9, deprecated: Use one., since: 1.2.0}
Main: Port
""")
        == {
            "Port": {
                "title": "Port",
                "description": "Where a server listens.",
                "type": "integer",
                "minimum": 1,
                "maximum": 2147483647,
                "x-range": "user",
            },
            "Ports": {
                "title": "Ports",
                "description": "Since 1.2.0.\n\nDeprecated: Use one.",
                "deprecated": True,
                "type": "array",
                "items": {"$ref": "#/components/schemas/pkg.Port"},
                "maxItems": 9,
            },
            "Main": {
                "title": "Main",
                "allOf": [{"$ref": "#/components/schemas/pkg.Port"}],
            },
        }
    )


def test_a_struct_is_open_unless_it_is_strict(components: Components) -> None:
    found = components("""
Open:
  doc: |
    Some thing.

    With more to say.
  fields:
    a: {type: string, wire: x-a, doc: The first., example: one, deprecated: Gone., x-own: [1]}
    b: {type: string, sensitive: true, since: '2'}
Closed: {strict: true, fields: {a: Open}}
Empty: {fields: {}}
""")
    assert found == {
        "Open": {
            "title": "Open",
            "description": "Some thing.\n\nWith more to say.",
            "type": "object",
            "properties": {
                "x-a": {
                    "description": "The first.\n\nDeprecated: Gone.",
                    "deprecated": True,
                    "type": "string",
                    "examples": ["one"],
                    "x-own": [1],
                },
                "b": {
                    "description": "Since 2.",
                    "type": "string",
                    "x-idl-sensitive": True,
                },
            },
            "required": ["x-a", "b"],
        },
        "Closed": {
            "title": "Closed",
            "type": "object",
            "properties": {"a": {"$ref": "#/components/schemas/pkg.Open"}},
            "required": ["a"],
            "additionalProperties": False,
        },
        "Empty": {"title": "Empty", "type": "object", "properties": {}},
    }


def test_an_enum_is_open_unless_it_is_closed(components: Components) -> None:
    found = components("""
Role:
  doc: What a user may do.
  enum: {admin: {doc: Everything., x-rank: 1}, member: , guest: {deprecated: No more., since: '3'}}
Day: {enum: [mon, tue], closed: true}
""")
    assert found == {
        "Role": {
            "title": "Role",
            "description": (
                "What a user may do.\n\n"
                "- `admin`: Everything.\n"
                "- `guest`: Since 3. Deprecated: No more."
            ),
            "anyOf": [
                {"type": "string", "enum": ["admin", "member", "guest"]},
                {"type": "string"},
            ],
            "x-idl-values": {"admin": {"x-rank": 1}},
        },
        "Day": {"title": "Day", "type": "string", "enum": ["mon", "tue"]},
    }


def test_a_tagged_union(components: Components) -> None:
    found = components("""
Event:
  doc: What happened.
  union:
    created: {type: Thing, doc: It began., x-loud: true}
    renamed: string | null
    purged: null
Thing: {fields: {id: int}}
""")
    assert found["Event"] == {
        "title": "Event",
        "description": "What happened.",
        "oneOf": [
            {
                "title": "Event created",
                "description": "It began.",
                "type": "object",
                "properties": {
                    "type": {"const": "created"},
                    "value": {"$ref": "#/components/schemas/pkg.Thing"},
                },
                "required": ["type", "value"],
                "x-loud": True,
            },
            {
                "title": "Event renamed",
                "type": "object",
                "properties": {
                    "type": {"const": "renamed"},
                    "value": {"type": ["string", "null"]},
                },
                "required": ["type", "value"],
            },
            {
                "title": "Event purged",
                "type": "object",
                "properties": {"type": {"const": "purged"}},
                "required": ["type"],
            },
            {
                "title": "Event unknown",
                "description": "A variant of a later version.",
                "type": "object",
                "properties": {
                    "type": {
                        "type": "string",
                        "not": {"enum": ["created", "renamed", "purged"]},
                    }
                },
                "required": ["type"],
            },
        ],
    }


def test_a_flat_closed_union(components: Components) -> None:
    found = components("""
Shape:
  union: {circle: Circle, square: Box<float>, nothing: null}
  flat: true
  tag: kind
  closed: true
Circle: {strict: true, fields: {radius: float, label: string?}}
Box<T>: {fields: {side: T}}
""")
    assert found["Shape"]["oneOf"] == [
        {
            "title": "Shape circle",
            "type": "object",
            "properties": {
                "kind": {"const": "circle"},
                "radius": {"type": "number"},
                "label": {"type": ["string", "null"]},
            },
            "required": ["kind", "radius"],
            "additionalProperties": False,
        },
        {
            "title": "Shape square",
            "type": "object",
            "properties": {"kind": {"const": "square"}, "side": {"type": "number"}},
            "required": ["kind", "side"],
        },
        {
            "title": "Shape nothing",
            "type": "object",
            "properties": {"kind": {"const": "nothing"}},
            "required": ["kind"],
        },
    ]


def test_types_that_hold_themselves_refer_to_themselves(components: Components) -> None:
    found = components("""
Node: {fields: {next: Node?, kids: list<Tree<Node>>}}
Tree<T>: {fields: {value: T, branches: list<Tree<T>>}}
""")
    here = {"$ref": "#/components/schemas/pkg.Node"}
    tree = {"type": "array", "items": {"$ref": "#/components/schemas/pkg.NodeTree"}}
    assert found["Node"]["properties"] == {
        "next": {"anyOf": [here, {"type": "null"}]},
        "kids": tree,
    }
    assert found["NodeTree"]["properties"] == {"value": here, "branches": tree}
