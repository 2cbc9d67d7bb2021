"""How params become signatures, and what is sent of them."""

from __future__ import annotations

import re

import pytest

from tests.targets.typescript.conftest import Render


def method(render: Render, params: str, name: str = "go") -> str:
    """Return the code of the one method that has `params`: no comment, spaces folded."""
    schema = f"services: {{S: {{methods: {{{name}: {{params: {params}}}}}}}}}"
    client = render(f"package: p\n{schema}")["p/client.ts"]
    body = client.split("\n  }\n", 1)[1].rpartition("\n}\n")[0]
    code = re.sub(r"/\*\*.*?\*/", "", body, flags=re.DOTALL)
    return re.sub(r"\s+", " ", code).strip()


@pytest.mark.parametrize(
    ("params", "signature", "sent"),
    [
        ("{}", "go(", "{}"),
        ("{a: int}", "go(a: number, ", "{ a }"),
        (
            "{a: int?, b: string}",
            "go( b: string, optional: { a?: number | undefined } = {}, ",
            "{ a: optional.a, b }",
        ),
        (
            "{a: {type: int, default: 1}, b: (string | null)?}",
            (
                "go( optional: { a?: number | undefined; b?: string | null | undefined }"
                " = {}, "
            ),
            "{ a: optional.a, b: optional.b }",
        ),
        (
            "{a: {type: int, wire: x-a}, b: {type: int?, wire: '\"b'}}",
            "go( a: number, optional: { b?: number | undefined } = {}, ",
            '{ "x-a": a, "\\"b": optional.b }',
        ),
        # What the method itself has makes way, as words of the language do.
        (
            "{options: int, optional: int, class: int, others: int?}",
            (
                "go( options_: number, optional: number, class_: number, optional_: "
                "{ others?: number | undefined } = {}, "
            ),
            "{ options: options_, optional, class: class_, others: optional_.others }",
        ),
        # A key that is written out would set the prototype, one that is not would be
        # that of every object.
        (
            "{__proto__: int}",
            "go(__proto__: number, ",
            '{ ["__proto__"]: __proto__ }',
        ),
    ],
)
def test_params(render: Render, params: str, signature: str, sent: str) -> None:
    code = method(render, params)
    assert code.startswith(signature)
    assert re.search(rf"_service\.S\.go, {re.escape(sent)},? ?(options|$)", code)


def test_an_optional_param_is_the_callers_own(render: Render) -> None:
    code = method(render, "{constructor: int?}")
    own = '{}.hasOwnProperty.call(optional, "constructor")'
    assert f"constructor: {own} ? optional.constructor : undefined" in code


def test_modules_make_way_for_params(render: Render) -> None:
    code = method(render, "{_service: int, idl: int}")
    assert "this.#calls.unary(_service_.S.go, { _service, idl }" in code
    assert "options?: idl_.CallOptions" in code


@pytest.mark.parametrize(
    ("name", "expected"),
    [("constructor", "constructor_"), ("then", "then_"), ("toString", "toString")],
)
def test_methods_that_would_change_the_client_are_renamed(
    render: Render, name: str, expected: str
) -> None:
    assert f" {expected}(options" in f" {method(render, '{}', name)}"


def test_a_method_is_called_as_its_name_says(render: Render) -> None:
    client = render("""
        package: p
        services: {S: {methods: {getIt: {name: fetchIt}, fetchIt: {name: getIt}}}}
        """)["p/client.ts"]
    called = re.findall(r"  (\w+)\(options.*\n    return .*_service\.S\.(\w+)", client)
    assert called == [("fetchIt", "getIt"), ("getIt", "fetchIt")]


@pytest.mark.parametrize(
    ("params", "returns", "expected"),
    [
        (
            "{a: int}",
            "stream<int>",
            (
                "go(a: number, options?: idl.CallOptions): AsyncIterable<number> "
                "{ return idl.stream(this.#calls, _service.S.go, { a }, options); }"
            ),
        ),
        (
            "{a: stream<int | null>, b: int}",
            "bool",
            (
                "go( a: idl.Items<number | null>, b: number, options?: idl.CallOptions, ): "
                "Promise<boolean> "
                "{ return idl.collect(this.#calls, _service.S.go, { b }, options, a); }"
            ),
        ),
        (
            "{a: stream<int>}",
            "stream<string>",
            (
                "go(a: idl.Items<number>, options?: idl.CallOptions): AsyncIterable<string> "
                "{ return idl.stream(this.#calls, _service.S.go, {}, options, a); }"
            ),
        ),
    ],
)
def test_streams(render: Render, params: str, returns: str, expected: str) -> None:
    client = render(
        "package: p\n"
        f"services: {{S: {{methods: {{go: {{params: {params}, returns: {returns}}}}}}}}}"
    )["p/client.ts"]
    code = client.split("\n  }\n", 1)[1].rpartition("\n}\n")[0]
    assert re.sub(r"\s+", " ", code).strip() == expected


@pytest.mark.parametrize(
    ("auths", "constructor", "calls"),
    [
        (
            ["none"],
            "transport: idl.Transport, options?: idl.ClientOptions",
            "new idl.Calls(transport, options)",
        ),
        (
            ["none", "bearer"],
            (
                " transport: idl.Transport, options?: idl.ClientOptions & "
                "idl.TokenOptions, "
            ),
            "new idl.Calls(idl.withCredentials(transport, options), options)",
        ),
        (
            ["api_key"],
            (
                " transport: idl.Transport, options?: idl.ClientOptions & "
                "idl.ApiKeyOptions, "
            ),
            "new idl.Calls(idl.withCredentials(transport, options), options)",
        ),
        (
            ["api_key", "bearer"],
            (
                " transport: idl.Transport, options?: idl.ClientOptions & "
                "idl.TokenOptions & idl.ApiKeyOptions, "
            ),
            "new idl.Calls(idl.withCredentials(transport, options), options)",
        ),
    ],
)
def test_a_client_takes_what_its_methods_ask_for(
    render: Render, auths: list[str], constructor: str, calls: str
) -> None:
    methods = ", ".join(f"m{n}: {{auth: {auth}}}" for n, auth in enumerate(auths))
    files = render(f"package: p\nservices: {{S: {{methods: {{{methods}}}}}}}")
    client = re.sub(r"\s+", " ", files["p/client.ts"])
    assert f"constructor({constructor}) {{ this.#calls = {calls}; }}" in client
    told = re.findall(r'auth: "(\w+)"', files["p/_service.ts"])
    assert told == [auth for auth in auths if auth != "none"]


PAGES = """
    package: p
    types:
      Page<T>: {fields: {items: {type: list<T>, wire: x-items}, next: string?}}
      Log: {fields: {lines: list<string>, files: list<int>, last: {type: int?, wire: "\\"l"}}}
    services:
      S:
        methods:
          listUsers:
            params: {day: date, cursor: {type: string?, wire: "'c"}}
            returns: Page<int>
            paginate: cursor
          read_log:
            params: {after: int?}
            returns: Log
            paginate: {param: after, next: last, items: lines}
          iterListUsers:
    """


def test_methods_that_paginate_have_iterators(render: Render) -> None:
    files = render(PAGES)
    client = re.sub(r"/\*\*.*?\*/", "", files["p/client.ts"], flags=re.DOTALL)
    client = re.sub(r"\s+", " ", client)
    assert (
        "iterListUsers_( day: string, optional: { cursor?: string | undefined } = {}, "
        "options?: idl.PageOptions, ): idl.Paged<number, Page<number>> { return new "
        "idl.Paged( this.#calls, _service.S.listUsers, "
        '{ day, "\'c": optional.cursor }, options, ); }'
    ) in client
    assert "iter_read_log(" in client
    assert "): idl.Paged<string, Log> {" in client
    assert " iterListUsers(options?: idl.CallOptions): Promise<void> {" in client


def test_descriptors_tell_how_pages_follow_each_other(render: Render) -> None:
    service = render(PAGES)["p/_service.ts"]
    assert re.findall("pages: (.*),\n", service) == [
        '{ param: "\'c", next: "next", items: "x-items" }',
        '{ param: "after", next: "\\"l", items: "lines" }',
    ]
