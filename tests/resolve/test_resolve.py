from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from idlgen.compiler import compile
from idlgen.model import (
    Alias,
    Api,
    Enum,
    Field,
    NamedType,
    Presence,
    Scalar,
    Status,
    Struct,
)
from tests.resolve.types_shown import package, show


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


@pytest.mark.parametrize("alias", ["string | null", "M", "{alias: M, max_length: 3}"])
def test_an_optional_member_may_be_null_where_its_alias_says_so(alias: str) -> None:
    text = f"types:\n  M: string | null\n  N: {alias}\n  S: {{fields: {{x: N?}}}}\n"
    struct = package(user=text).types["S"]

    assert isinstance(struct, Struct)
    [field] = struct.fields
    assert (show(field.type), field.presence) == ("user.N", "patch")


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
    assert patch.partial_of == NamedType("user", "A")


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


def test_a_chain_of_ten_thousand_structs_costs_no_frames() -> None:
    chain = "\n".join(f"  A{i}: {{fields: {{a: A{i + 1}}}}}" for i in range(10_000))

    declared = api(f"types:\n{chain}\n  A10000: int\n").packages["user"]

    assert len(declared.types) == 10_001


DERIVED = """
types:
  Card: pick<Admin, id | level>
  Admin: {extends: Base, fields: {level: {type: int, default: 3}}}
  Base: Person
  Person:
    fields:
      id: {type: int, min: 1}
      name: {type: string, default: Ada, doc: Display name.}
      note: string?
  Nameless: omit<Person, name>
  CardPatch: partial<Card>
"""


def test_derived_structs_copy_fields_whatever_the_order() -> None:
    types = api(DERIVED).packages["user"].types

    def shape(name: str) -> list[tuple[str, str, object]]:
        struct = types[name]
        assert isinstance(struct, Struct)
        return [(f.name, f.presence.value, f.default) for f in struct.fields]

    person = [
        ("id", "required", None),
        ("name", "defaulted", "Ada"),
        ("note", "optional", None),
    ]
    assert shape("Person") == person
    assert shape("Admin") == [*person, ("level", "defaulted", 3)]
    assert shape("Card") == [person[0], ("level", "defaulted", 3)]
    assert shape("Nameless") == [person[0], person[2]]
    assert shape("CardPatch") == [("id", "patch", None), ("level", "patch", None)]


def test_derived_structs_keep_docs_and_constraints() -> None:
    admin = api(DERIVED).packages["user"].types["Admin"]

    assert isinstance(admin, Struct)
    assert admin.fields[0].constraints.min == 1
    assert admin.fields[1].doc == "Display name."


def test_a_default_of_a_struct_that_is_derived_from_its_owner() -> None:
    types = (
        api(
            "types:\n"
            "  A: {fields: {n: {type: int, default: 7}, b: {type: B, default: {}}}}\n"
            "  B: pick<A, n>\n"
        )
        .packages["user"]
        .types
    )
    a, b = types["A"], types["B"]

    assert isinstance(a, Struct)
    assert isinstance(b, Struct)
    assert b.fields[0].default == 7
    assert a.fields[0].default == 7


def test_a_chain_of_ten_thousand_derived_structs_costs_no_frames() -> None:
    chain = "\n".join(f"  A{i}: pick<A{i + 1}, x>" for i in range(10_000))

    declared = api(f"types:\n{chain}\n  A10000: {{fields: {{x: int}}}}\n")

    last = declared.packages["user"].types["A0"]
    assert isinstance(last, Struct)
    assert [field.name for field in last.fields] == ["x"]


def test_defaults_that_lead_from_struct_to_struct_end_at_a_limit() -> None:
    chain = "\n".join(
        f"  A{i}: {{fields: {{a: {{type: A{i + 1}, default: {{}}}}}}}}"
        for i in range(1_000)
    )
    text = f"types:\n{chain}\n  A1000: {{fields: {{x: int?}}}}\n"

    outcome = compile([PurePosixPath("user.yaml")], lambda _: text.encode(), [])

    assert {d.code for d in outcome.diagnostics} == {"IDL018"}


def test_errors_of_a_service_are_those_of_every_method() -> None:
    service = (
        api(
            "errors: {A: {status: aborted}, B: {status: aborted}}\n"
            "services:\n"
            "  S: {errors: [A], methods: {m: {errors: [B]}, n: {errors: [A]}, o: {}}}\n"
        )
        .packages["user"]
        .services["S"]
    )

    assert [[e.name for e in m.errors] for m in service.methods] == [
        ["B", "A"],
        ["A"],
        ["A"],
    ]


def test_wire_names_and_names_for_targets() -> None:
    declared = api(
        "types:\n"
        "  A:\n"
        "    name: Other\n"
        "    fields:\n"
        "      id: {type: int, wire: x-amz-id, name: number}\n"
        "      b: {type: B, default: {id: 1}}\n"
        "  B: {fields: {id: {type: int, wire: ID}}}\n"
        "  C: {enum: {'*': {name: any}}}\n"
    ).packages["user"]
    a, c = declared.types["A"], declared.types["C"]

    assert isinstance(a, Struct)
    assert isinstance(c, Enum)
    assert (a.name, a.identifier) == ("A", "Other")
    field = a.fields[0]
    assert (field.name, field.wire_name, field.identifier) == (
        "id",
        "x-amz-id",
        "number",
    )
    assert a.fields[1].default == {"ID": 1}
    assert c.values[0].identifier == "any"


@pytest.mark.parametrize(
    ("type_", "constraint", "value"),
    [
        ("int64", "max: 9223372036854775807", 2**63 - 1),
        ("float", "max: 2", 2.0),
        ("decimal", "max: 1.50", "1.50"),
    ],
)
def test_bounds_are_exact(type_: str, constraint: str, value: object) -> None:
    bound = fields(f"      x: {{type: {type_}, {constraint}}}\n")["x"].constraints.max

    assert bound == value
    assert type(bound) is type(value)


def test_lengths_of_bytes_count_bytes() -> None:
    field = fields("      x: {type: bytes, max_length: 2, default: aGk=}\n")["x"]

    assert field.default == "aGk="


def test_values_have_all_defaults_of_their_struct_wherever_they_stand() -> None:
    found = fields("""
      kids: {type: list<A>, default: [{size: 3, kids: []}], example: [{size: 2}]}
      size: {type: int, default: 1}
      late: {type: Late, default: {a: {kids: [], late: {}}}}
  Late: {fields: {a: A?, n: {type: int, default: 7}}}
""")
    late = {"a": {"kids": [], "size": 1, "late": {"n": 7}}, "n": 7}
    kids = [{"kids": [], "size": 3, "late": late}]

    assert found["late"].default == late
    assert found["kids"].default == kids
    assert found["kids"].example == [{"kids": kids, "size": 2, "late": late}]


@pytest.mark.parametrize(
    ("type_", "step", "value"),
    [
        ("decimal", "1e-200", "1e199"),
        ("decimal", "7e-200", "7e150"),
        ("float", "5e-324", "1.7976931348623157e308"),
        ("uint64", "3", "18446744073709551615"),
    ],
)
def test_multiples_are_exact_at_both_ends(type_: str, step: str, value: str) -> None:
    field = fields(
        f"      x: {{type: {type_}, multiple_of: {step}, default: {value}}}\n"
    )

    assert field["x"].presence is Presence.DEFAULTED


def test_an_endless_decimal_is_refused() -> None:
    text = "types: {A: {alias: decimal, multiple_of: 1e999999999}}"

    outcome = compile([PurePosixPath("user.yaml")], lambda _: text.encode(), [])

    assert [d.code for d in outcome.diagnostics] == ["IDL120"]


def test_an_own_key_that_ends_like_a_type_is_no_part_of_one() -> None:
    found = fields("      a: {type: int, x-note: set<, x-b>: null, 'x->': ~}\n")

    assert found["a"].extensions == {"x-note": "set<", "x-b>": None, "x->": None}


def test_an_example_without_params_has_their_defaults() -> None:
    call = "{params: {a: {type: int, default: 3}, b: int?}, examples: {x: {}}}"
    services = api(f"services: {{S: {{methods: {{m: {call}}}}}}}").packages["user"]

    (method,) = services.services["S"].methods
    assert method.examples[0].params == {"a": 3}


def test_what_is_derived_from_a_strict_struct_is_strict() -> None:
    types = api("""types:
  A: {fields: {a: int}, strict: true}
  B: {fields: {b: int}}
  Patch: partial<A>
  Part: pick<A, a>
  Rest: omit<A, a>
  More: {extends: A, fields: {b: A}}
  Own: {extends: B, fields: {}, strict: true}
  Inline: {fields: {p: partial<More>, q: partial<B>}}
""").packages["user"].types

    strict = {n for n, d in types.items() if isinstance(d, Struct) and d.strict}
    assert strict == {"A", "Patch", "Part", "Rest", "More", "Own", "MorePartial"}


@pytest.mark.parametrize("written", ["-0", "-0.0", "-0e5"])
def test_a_float_keeps_the_sign_of_zero(written: str) -> None:
    default = fields(f"      x: {{type: float, default: {written}}}\n")["x"].default

    assert isinstance(default, float)
    assert str(default) == "-0.0"
