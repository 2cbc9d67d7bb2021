from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from idlgen.compiler import compile
from idlgen.model import (
    Alias,
    Api,
    Enum,
    Field,
    ListType,
    MapType,
    NamedType,
    NullableType,
    Presence,
    Scalar,
    ScalarType,
    SetType,
    Status,
    Struct,
    TypeRef,
)


def api(text: str) -> Api:
    outcome = compile([PurePosixPath("user.yaml")], lambda _: text.encode(), [])
    assert outcome.diagnostics == ()
    return outcome.api


def fields(text: str) -> dict[str, Field]:
    """The fields of `A` in a schema that declares it and some others."""
    others = "  User: {fields: {id: int}}\n  Role: {enum: [admin]}\n"
    declared = api(f"types:\n{others}  A:\n    fields:\n{text}").packages["user"]
    struct = declared.types["A"]
    assert isinstance(struct, Struct)
    return {field.name: field for field in struct.fields}


def show(type_: TypeRef) -> str:
    match type_:
        case ScalarType(scalar=scalar):
            return scalar.value
        case ListType(element=element):
            return f"list<{show(element)}>"
        case SetType(element=element):
            return f"set<{show(element)}>"
        case MapType(key=key, value=value):
            return f"map<{show(key)}, {show(value)}>"
        case NullableType(inner=inner):
            return f"{show(inner)} | null"
        case NamedType(package=package, name=name):
            return f"{package}.{name}"
        case _:
            return "?"


@pytest.mark.parametrize(
    ("written", "meant", "presence"),
    [
        *((scalar.value, scalar.value, "required") for scalar in Scalar),
        ("float64", "float", "required"),
        ("User", "user.User", "required"),
        ("list<User>", "list<user.User>", "required"),
        ("set<Role>", "set<user.Role>", "required"),
        ("map<int>", "map<string, int>", "required"),
        ("'map<uuid, list<int>>'", "map<uuid, list<int>>", "required"),
        ("int?", "int", "optional"),
        ("int | null", "int | null", "required"),
        ("list<int | null>?", "list<int | null>", "optional"),
        ("(int | null)?", "int | null", "patch"),
        ("{type: int, default: 3}", "int", "defaulted"),
        ("partial<User>", "user.UserPartial", "required"),
    ],
)
def test_types_and_presence(written: str, meant: str, presence: str) -> None:
    field = fields(f"      x: {written}\n")["x"]

    assert (show(field.type), field.presence) == (meant, presence)


@pytest.mark.parametrize(
    ("type_", "written", "value"),
    [
        ("string", "no", "no"),
        ("string", "1.10", "1.10"),
        ("string", "012", "012"),
        ("string", "12:30", "12:30"),
        ("bool", "true", True),
        ("int", "0x10", 16),
        ("int64", "-9223372036854775808", -(2**63)),
        ("uint64", "18446744073709551615", 2**64 - 1),
        ("float", "3", 3.0),
        ("decimal", "1.10", "1.10"),
        ("bytes", "aGk=", "aGk="),
        ("datetime", "2026-01-01t00:00:00z", "2026-01-01T00:00:00Z"),
        ("datetime", "2026-01-01 09:00:00+09:00", "2026-01-01T09:00:00+09:00"),
        ("date", "2026-01-31", "2026-01-31"),
        ("time", "12:30:00", "12:30:00"),
        ("duration", "1h30m", "PT1H30M"),
        (
            "uuid",
            "12345678123456781234567812345678",
            "12345678-1234-5678-1234-567812345678",
        ),
        ("any", "{a: [1, null, x]}", {"a": [1, None, "x"]}),
        ("Role", "admin", "admin"),
        ("list<Role>", "[admin]", ["admin"]),
        ("set<int>", "[2, 1]", [2, 1]),
        ("'map<int, bool>'", "{1: true}", {"1": True}),
        ("map<string>", "{null: a, true: b}", {"null": "a", "true": "b"}),
        ("int | null", "null", None),
        ("User", "{id: 1}", {"id": 1}),
    ],
)
def test_defaults_become_json(type_: str, written: str, value: object) -> None:
    field = fields(f"      x: {{type: {type_}, default: {written}}}\n")["x"]

    assert field.default == value
    assert type(field.default) is type(value)


def test_defaults_of_structs_are_filled_in_however_they_are_ordered() -> None:
    declared = api(
        "types:\n"
        "  A: {fields: {b: {type: B, default: {}}}}\n"
        "  B: {fields: {n: {type: int, default: 7}, s: string?}}\n"
    ).packages["user"]
    struct = declared.types["A"]

    assert isinstance(struct, Struct)
    assert struct.fields[0].default == {"n": 7}


def test_a_partial_keeps_what_null_may_clear() -> None:
    declared = api(
        "types:\n"
        "  A: {fields: {a: int, b: int?, c: int | null, d: {type: int, default: 1}}}\n"
        "  P: partial<A>\n"
    ).packages["user"]
    patch = declared.types["P"]

    assert isinstance(patch, Struct)
    assert [(f.name, show(f.type)) for f in patch.fields] == [
        ("a", "int"),
        ("b", "int | null"),
        ("c", "int | null"),
        ("d", "int"),
    ]
    assert {f.presence for f in patch.fields} == {Presence.PATCH}
    assert patch.partial_of == "A"


@pytest.mark.parametrize(
    ("partials", "named"),
    [
        ("", "APartial"),
        ("  P: partial<A>\n", "P"),
        ("  P: partial<A>\n  Q: partial<A>\n", "APartial"),
    ],
)
def test_an_inline_partial_is_the_declared_one_if_there_is_exactly_one(
    partials: str, named: str
) -> None:
    declared = api(
        f"types:\n  A: {{fields: {{a: int}}}}\n{partials}"
        "services:\n  S: {methods: {m: {params: {patch: partial<A>}}}}\n"
    ).packages["user"]

    param = declared.services["S"].methods[0].params[0]
    assert param.type == NamedType("user", named)
    assert isinstance(declared.types[named], Struct)


def test_services_and_errors() -> None:
    declared = api(
        "version: 1.10\n"
        "types: {User: {fields: {id: int}}, Users: list<User>}\n"
        "errors:\n"
        "  Gone: {status: not_found, message: 'user {id} is {{gone}}', fields: {id: int}}\n"
        "services:\n"
        "  S:\n"
        "    doc: Accounts.\n"
        "    methods:\n"
        "      get:\n"
        "        readonly: true\n"
        "        timeout: 500ms\n"
        "        params: {id: int, deep: {type: bool, default: false}}\n"
        "        returns: Users\n"
        "        errors: [Gone]\n"
        "        x-cost: {points: 3}\n"
        "        examples: {one: {params: {id: 1}, returns: [{id: 1}]}}\n"
        "      ping:\n"
    ).packages["user"]
    get, ping = declared.services["S"].methods

    assert declared.version == "1.10"
    assert declared.errors["Gone"].status is Status.NOT_FOUND
    assert (get.readonly, get.idempotent, get.timeout) == (True, False, 0.5)
    assert get.errors == (NamedType("user", "Gone"),)
    assert get.extensions == {"x-cost": {"points": 3}}
    assert get.examples[0].params == {"id": 1, "deep": False}
    assert get.examples[0].returns == [{"id": 1}]
    assert (ping.params, ping.returns) == ((), None)


def test_enum_values_are_any_text() -> None:
    enum = (
        api(
            "types:\n  A:\n    closed: true\n    enum: {us-east-1: {doc: East.}, '*': , 3.1: , no: {}}\n"
        )
        .packages["user"]
        .types["A"]
    )

    assert isinstance(enum, Enum)
    assert [v.text for v in enum.values] == ["us-east-1", "*", "3.1", "no"]
    assert (enum.closed, enum.values[0].doc) == (True, "East.")


def test_an_alias_may_stand_before_what_it_names() -> None:
    alias = api("types: {A: list<B>, B: {newtype: uuid}}").packages["user"].types["A"]

    assert isinstance(alias, Alias)
    assert show(alias.type) == "list<user.B>"


def test_the_package_is_named_after_the_file_unless_it_says_otherwise() -> None:
    assert [*api("types: {A: int}").packages] == ["user"]
    assert [*api("package: acme.users\ntypes: {A: int}").packages] == ["acme.users"]


def test_two_files_of_one_package_are_refused() -> None:
    entries = [PurePosixPath("a/user.yaml"), PurePosixPath("b/user.yaml")]

    outcome = compile(entries, lambda _: b"types: {A: int}", [])

    assert [d.code for d in outcome.diagnostics] == ["IDL107"]


def test_a_chain_of_ten_thousand_aliases_costs_no_frames() -> None:
    chain = "\n".join(f"  A{i}: A{i + 1}" for i in range(10_000))

    declared = api(f"types:\n{chain}\n  A10000: int\n").packages["user"]

    assert len(declared.types) == 10_001


def test_a_chain_of_ten_thousand_structs_costs_no_frames() -> None:
    chain = "\n".join(f"  A{i}: {{fields: {{a: A{i + 1}}}}}" for i in range(10_000))

    declared = api(f"types:\n{chain}\n  A10000: int\n").packages["user"]

    assert len(declared.types) == 10_001
