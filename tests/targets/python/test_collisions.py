from collections.abc import Callable

import pytest

from idlgen.compiler import Outcome

Compiled = Callable[..., Outcome]


@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        (
            "types: {S: {fields: {userId: int, user_id: int}}}",
            "IDL401",
            "`userId` and `user_id` both make `user_id` in Python",
        ),
        (
            "types: {S: {fields: {class: int, class_: int}}}",
            "IDL401",
            "`class` and `class_` both make `class_` in Python",
        ),
        (
            "types: {E: {enum: [a-b, A_B]}}",
            "IDL401",
            "`a-b` and `A_B` both make `A_B` in Python",
        ),
        (
            "errors: {E: {status: aborted, fields: {status: int, status_: int}}}",
            "IDL401",
            "`status` and `status_` both make `status_` in Python",
        ),
        (
            "services: {S: {methods: {getX: {}, get_x: {}}}}",
            "IDL401",
            "`getX` and `get_x` both make `get_x` in Python",
        ),
        (
            "services: {S: {methods: {m: {params: {_: int, __: int}}}}}",
            "IDL401",
            "`_` and `__` both make `underscore` in Python",
        ),
        (
            "{types: {None: string, None_: string}}",
            "IDL402",
            "`None` and `None_` both make `None_` in Python",
        ),
        (
            "services: {X: {methods: {a: {}}}, AsyncX: {methods: {a: {}}}}",
            "IDL402",
            "`X` and `AsyncX` both make `AsyncXClient` in Python",
        ),
        (
            "services: {User: {methods: {service: {}}}, UserService: {methods: {a: {}}}}",
            "IDL402",
            "`User.service` and `UserService` both make `USER_SERVICE` in Python",
        ),
        (
            "services: {S: {methods: {a_b: {}, a__b: {}}}}",
            "IDL402",
            "`S.a_b` and `S.a__b` both make `SABParams` in Python",
        ),
        (
            "types: {U: {union: {a-b: null, aB: null}}}",
            "IDL402",
            "`U.a-b` and `U.aB` both make `UAB` in Python",
        ),
        (
            "types: {U: {union: {a: null}}, UA: string}",
            "IDL402",
            "`UA` and `U.a` both make `UA` in Python",
        ),
        (
            "types: {U: {union: {a: null}}, UUnknown: string}",
            "IDL402",
            "`UUnknown` and `U` both make `UUnknown` in Python",
        ),
        (
            "types: {U: {union: {unknown: null}}}",
            "IDL402",
            "`U` and `U.unknown` both make `UUnknown` in Python",
        ),
        (
            "types: {U: {union: {b-c: null}}, UB: {union: {c: null}}}",
            "IDL402",
            "`U.b-c` and `UB.c` both make `UBC` in Python",
        ),
        (
            "{types: {V: {name: Fake, union: {s: null}}}, services: {S: {methods: {a: {}}}}}",
            "IDL402",
            "`S` and `V.s` both make `FakeS` in Python",
        ),
        (
            "types: {U: {union: {a: null}}, P<UA>: {fields: {a: UA}}}",
            "IDL402",
            "`U.a` and `P<UA>` both make `UA` in Python",
        ),
        (
            "types: {P<None>: {fields: {a: None}}, Q<None_>: {fields: {a: None_}}}",
            "IDL402",
            "`P<None>` and `Q<None_>` both make `None_` in Python",
        ),
    ],
)
def test_two_names_that_are_one_in_python_are_refused(
    compiled: Compiled, text: str, code: str, message: str
) -> None:
    outcome = compiled({"user": text})
    assert [(d.code, d.message) for d in outcome.diagnostics] == [(code, message)]
    (diagnostic,) = outcome.diagnostics
    assert diagnostic.span is not None
    assert diagnostic.labels[0].span != diagnostic.span
    assert diagnostic.hint == "give one of them another `name:`"
    assert outcome.files == ()


def test_names_that_only_look_alike_are_fine(compiled: Compiled) -> None:
    text = """
        types:
          S: {fields: {id: int, _id: int, ID2: int}}
          E: {enum: [a, b, unrecognized]}
          Open: {union: {a: null, not-unknown: null}}
          Closed: {union: {a: null, unknown: null}, closed: true}
          Mended: {union: {a-b: null, aB: {type: null, name: other}}}
          ClosedUnknown: {fields: {a: int}, name: Free}
          Page<T>: {fields: {items: list<T>}}
          Some<T>: {fields: {items: list<T>}}
        services:
          UserService: {methods: {get: {params: {options: int}}, getAll: {}}}
        """
    assert compiled({"user": text}).diagnostics == ()


@pytest.mark.parametrize(
    ("first", "second", "module"),
    [
        ("acme", "acme.types", "acme.types"),
        ("acme.client", "acme", "acme.client"),
        ("acme.class", "acme.class_", "acme.class_"),
    ],
)
def test_two_packages_in_one_place_are_refused(
    compiled: Compiled, first: str, second: str, module: str
) -> None:
    outcome = compiled(
        {
            "one": f"package: {first}\ntypes: {{A: string}}",
            "two": f"package: {second}\ntypes: {{A: string}}",
        }
    )
    (diagnostic,) = outcome.diagnostics
    assert diagnostic.code == "IDL403"
    assert diagnostic.message.endswith(f"both make the module `{module}` in Python")


def test_packages_beside_and_below_each_other_are_fine(compiled: Compiled) -> None:
    schemas = {
        "one": "package: acme\ntypes: {A: string}",
        "two": "package: acme.user\ntypes: {A: string}",
        "three": "package: acme.user.types_\ntypes: {A: string}",
    }
    assert compiled(schemas).diagnostics == ()
