"""What `validation.ts` says of the methods' answers."""

from __future__ import annotations

import re

import pytest

from tests.targets.typescript.conftest import Render


def told(render: Render, types: str, returns: str) -> str:
    """Return what is said of the one method's answer, and the constants it needs."""
    method = f"{{returns: '{returns}'}}" if returns else "{}"
    module = render(
        f"package: p\ntypes: {types}\nservices: {{S: {{methods: {{go: {method}}}}}}}"
    )["p/validation.ts"]
    kinds, answer = module.split("satisfies idl.Contract;")[1].split("export const ")
    said = re.sub(r"\s+", " ", f"{answer} | {kinds}").strip(" |")
    return said.removeprefix('validation: idl.Validation = { "p.S.go": ')


@pytest.mark.parametrize(
    ("types", "returns", "expected"),
    [
        ("{}", "", "{}, };"),
        ("{}", "int64", '{ result: "int64" }, };'),
        ("{}", "stream<int | null>", '{ items: { nullable: "int" } }, };'),
        ("{}", "set<uuid>", '{ result: { list: "uuid" } }, };'),
        ("{}", "map<int, any>", '{ result: { map: "any", key: "int" } }, };'),
        ("{E: {enum: [a]}}", "E", '{ result: "string" }, };'),
        (
            "{E: {enum: [a, '\"b'], closed: true}}",
            "list<E>",
            (
                "{ result: { list: () => E } }, }; | "
                'const E: idl.Kind = { texts: ["a", "\\"b"], };'
            ),
        ),
        (
            "{I: {newtype: int64, min: 9007199254740993}}",
            "I",
            '{ result: { is: "int64", min: 9007199254740993n } }, };',
        ),
        (
            "{A: {alias: decimal, exclusive_min: '0.10'}}",
            "A",
            '{ result: { is: "decimal", above: "0.10" } }, };',
        ),
        (
            r"{A: {alias: string, pattern: '^\-[\-.]\\\-$', max_length: 3}}",
            "A",
            (
                r'{ result: { is: "string", maxLength: 3, '
                r'pattern: "^\\x2d[\\x2d.]\\\\\\x2d$" } }, };'
            ),
        ),
        (
            "{A: {alias: bytes, min_length: 2}}",
            "A",
            '{ result: { is: "bytes", minBytes: 2 } }, };',
        ),
        (
            (
                "{T: {fields: {__proto__: int, o: T?, p: (int | null)?, "
                "d: {type: int64, default: 9223372036854775807}, "
                "s: {type: string, sensitive: true, wire: x-s}}}}"
            ),
            "T",
            (
                "{ result: () => T }, }; | const T: idl.Kind = { fields: [ "
                '["__proto__", "int"], ["o", () => T, null], '
                '["p", { nullable: "int" }, true], '
                '["d", "int64", "9223372036854775807"], '
                '["x-s", { sensitive: "string" }], ], };'
            ),
        ),
        (
            "{G<T>: {fields: {v: T}}, V: {name: validation, fields: {}}}",
            "G<list<V>>",
            (
                "{ result: () => G_of }, }; | const G_of: idl.Kind = { fields: [ "
                '["v", { list: () => validation_ }], ], }; '
                "const validation_: idl.Kind = { fields: [ ], };"
            ),
        ),
        (
            "{P: {fields: {n: int}}, U: {union: {a: P, b: null}, flat: true, closed: true}}",
            "U",
            (
                '{ result: () => U }, }; | const U: idl.Kind = { tag: "type", flat: true, '
                'closed: true, variants: [ ["a", () => P], ["b", null], ], }; '
                'const P: idl.Kind = { fields: [ ["n", "int"], ], };'
            ),
        ),
    ],
)
def test_answers(render: Render, types: str, returns: str, expected: str) -> None:
    assert told(render, types, returns) == expected


def test_errors_are_told_with_their_fields(render: Render) -> None:
    module = render("""
        package: p
        types: {T: {fields: {v: int64}}}
        errors:
          Bad: {status: internal, fields: {t: T?, n: {type: int, default: 5}}}
          Hidden: {status: internal, fields: {s: {type: string, sensitive: true}}}
          Empty: {status: internal}
        services:
          S:
            errors: [Empty]
            methods:
              none: {}
              go: {returns: int, errors: [Bad, Hidden]}
              stop: {errors: [Bad]}
        """)["p/validation.ts"]
    told = re.sub(r"\s+", " ", module)
    assert told.count("const Bad: idl.Kind") == 1
    assert (
        'const Bad: idl.Kind = { fields: [ ["t", () => T, null], ["n", "int", "5"], ], };'
    ) in told
    assert '["s", { sensitive: "string" }]' in told
    assert "Empty" not in told
    assert told.endswith(
        '{ "p.S.none": {}, '
        '"p.S.go": { result: "int", errors: { "p.Bad": () => Bad, '
        '"p.Hidden": () => Hidden, }, }, '
        '"p.S.stop": { errors: { "p.Bad": () => Bad, }, }, }; '
    )
