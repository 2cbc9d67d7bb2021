"""What is told of types that hold integers of 64 bits, maps or anything at all."""

from __future__ import annotations

import re

import pytest

from tests.targets.typescript.conftest import Render


def entries(render: Render, types: str, returns: str, params: str = "{}") -> str:
    """Return what `_service.ts` says of the one method, its spaces folded."""
    files = render(
        f"package: p\ntypes: {types}\nservices: "
        f"{{S: {{methods: {{go: {{params: {params}, returns: {returns}}}}}}}}}"
    )
    service = files["p/_service.ts"].split("go: {")[1].split("},\n}")[0]
    shapes = files.get("p/_shapes.ts", "").partition("\nexport ")[2]
    told = re.sub(r"\s+", " ", f"{service} | {shapes}").strip()
    return told.removeprefix('name: "p.S.go",').strip(" |")


RECURSIVE = "{N: {fields: {v: int, next: N?}}, M: {fields: {n: N, m: 'map<M>'}}}"


@pytest.mark.parametrize(
    ("types", "returns", "told"),
    [
        ("{}", "int", ""),
        (RECURSIVE, "N", ""),
        ("{}", "int64 | null", 'result: "int64",'),
        ("{}", "list<uint64 | null>", 'result: { list: "int64" },'),
        ("{}", "set<int64>", 'result: { list: "int64" },'),
        ("{}", "any", 'result: "any",'),
        ("{}", "map<list<string>>", "result: { map: null },"),
        ("{}", "map<map<any>>", 'result: { map: { map: "any" } },'),
        ("{I: {newtype: int64}, A: {alias: I}}", "A", 'result: "int64",'),
        ("{E: {enum: [a]}}", "E", ""),
        (
            RECURSIVE,
            "M",
            (
                "result: () => _shapes.M, | "
                'const M: idl.Shape = { fields: [ ["m", { map: () => M }], ], };'
            ),
        ),
        (
            "{U: {union: {a: int64, b: null, 'c\"': any}, tag: '\"k'}}",
            "U",
            (
                'result: () => _shapes.U, | const U: idl.Shape = { tag: "\\"k", '
                'variants: [ ["a", "int64"], ["b", null], ["c\\"", "any"], ], };'
            ),
        ),
        (
            "{U: {union: {a: int}}}",
            "list<U>",
            (
                "result: { list: () => _shapes.U }, | const U: idl.Shape = "
                '{ tag: "type", variants: [ ["a", null], ], };'
            ),
        ),
        ("{U: {union: {a: int}, closed: true}}", "U", ""),
        (
            "{P: {fields: {__proto__: int64}}, U: {union: {a: P}, flat: true}}",
            "U",
            (
                "result: () => _shapes.U, | const P: idl.Shape = "
                '{ fields: [ ["__proto__", "int64"], ], }; export const U: idl.Shape = '
                '{ tag: "type", flat: true, variants: [ ["a", () => P], ], };'
            ),
        ),
        (
            "{G<T>: {fields: {v: T}}, I: {name: idl, fields: {v: int64}}}",
            "G<list<I>>",
            (
                "result: () => _shapes.G_of, | const idl_: idl.Shape = "
                '{ fields: [ ["v", "int64"], ], }; export const G_of: idl.Shape = '
                '{ fields: [ ["v", { list: () => idl_ }], ], };'
            ),
        ),
    ],
)
def test_results(render: Render, types: str, returns: str, told: str) -> None:
    found = entries(render, types, returns)
    assert sorted(found.split(" export ")) == sorted(told.split(" export "))


@pytest.mark.parametrize(
    ("param", "is_exact"),
    [
        ("int", False),
        ("int?", False),
        ("map<string>", False),
        ("int64?", True),
        ("list<float>", True),
        ("float32 | null", True),
        ("map<any>", True),
    ],
)
def test_params_that_need_care(render: Render, param: str, is_exact: bool) -> None:
    told = entries(render, "{}", "bool", f"{{p: '{param}'}}")
    assert ("exact: true," in told) == is_exact


def test_fields_of_errors_have_shapes(render: Render) -> None:
    files = render("""
        package: p
        types: {T: {fields: {v: int64}}}
        errors:
          Bad: {status: internal, fields: {t: T, n: int}}
          Fine: {status: internal, fields: {n: int}}
        """)
    assert files["p/errors.ts"].count("static readonly shape") == 1
    assert "shape: idl.Shape = _shapes.Bad;" in files["p/errors.ts"]
    assert '["t", () => T],' in files["p/_shapes.ts"]
