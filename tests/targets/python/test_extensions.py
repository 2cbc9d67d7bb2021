"""What templates of a project's own see of a schema's `x-` keys, and how they print it."""

from __future__ import annotations

import ast
from pathlib import PurePosixPath

import pytest

from idlgen.compiler import compile
from idlgen.emit.own_templates import OwnTemplate
from idlgen.targets.python.filters import FILTERS
from idlgen.targets.python.target import PythonTarget

SCHEMA = r"""
package: p
x-at: package
types:
  P: {fields: {items: list<int>, next: int?}}
  S:
    x-at: struct
    fields: {f: {type: int, x-at: field}, g: int}
  E: {enum: {a: {x-at: value}, b: {}}, x-at: enum}
  U: {union: {a: {type: int, x-at: variant}, b: null}, x-at: union}
  A: {alias: int, x-at: alias}
  N: {newtype: int, x-at: newtype}
errors:
  Bad: {status: internal, x-at: error, fields: {f: {type: int, x-at: error field}}}
services:
  Svc:
    x-at: service
    methods:
      go:
        x-at: method
        params: {p: {type: int, x-at: param}}
        examples: {one: {params: {p: 1}, x-at: example}}
      pages:
        params: {cursor: int?}
        returns: {type: P, x-at: result}
        paginate: {param: cursor, x-at: pages}
"""
EACH = """\
{% for part in parts %}
# {{ part.extensions.get("x-at", "nothing") }}
{% endfor %}
"""


def rendered(name: str, template: str) -> list[str]:
    """Return the comments that `template` writes in the place of the built-in `name`."""
    own = {f"{name}.j2": OwnTemplate(name, template)}
    outcome = compile(
        [PurePosixPath("p.yaml")], lambda _: SCHEMA.encode(), [PythonTarget({}, own)]
    )
    assert outcome.diagnostics == ()
    (body,) = (file.body for file in outcome.files if file.path == f"p/{name}")
    return [line.removeprefix("# ") for line in body.splitlines()]


@pytest.mark.parametrize(
    ("module", "parts", "told"),
    [
        ("types.py", "[view]", ["package"]),
        (
            "types.py",
            "view.declarations",
            [
                "nothing",
                "struct",
                "enum",
                "variant",
                "nothing",
                "nothing",
                "union",
                "alias",
                "newtype",
            ],
        ),
        ("types.py", "view.declarations[1].struct.attributes", ["field", "nothing"]),
        ("types.py", "view.declarations[2].enum.members", ["value", "nothing"]),
        ("errors.py", "[view] + view.errors", ["package", "error"]),
        ("errors.py", "view.errors[0].fields.attributes", ["error field"]),
        (
            "_service.py",
            "[view] + view.services + view.methods + view.params[0].attributes",
            ["package", "service", "method", "nothing", "param"],
        ),
        ("client.py", "[view] + view.clients", ["package", "service", "service"]),
        (
            "client.py",
            "view.clients[0].methods + view.clients[1].methods",
            ["method", "nothing", "nothing"] * 2,
        ),
        (
            "server.py",
            "[view] + view.servers + view.servers[0].handlers",
            ["package", "service", "method", "nothing"],
        ),
        (
            "testing.py",
            "[view] + view.fakes + view.fakes[0].methods + view.fakes[0].examples",
            ["package", "service", "method", "nothing", "example"],
        ),
    ],
)
def test_every_declaration_has_its_keys(
    module: str, parts: str, told: list[str]
) -> None:
    assert rendered(module, EACH.replace("parts", parts)) == told


@pytest.mark.parametrize(
    ("module", "methods"),
    [
        ("_service.py", "view.methods"),
        ("client.py", "view.clients[1].methods"),
        ("server.py", "view.servers[0].handlers"),
        ("testing.py", "view.fakes[0].methods"),
    ],
)
def test_a_method_has_the_keys_of_its_result_and_its_pages(
    module: str, methods: str
) -> None:
    template = f"""\
{{% for key in ("returns", "paginate") %}}
# {{{{ {methods}[0].part_extensions[key] }}}} {{{{ {methods}[1].part_extensions[key] }}}}
{{% endfor %}}
"""
    assert rendered(module, template) == [
        "{} {'x-at': 'result'}",
        "{} {'x-at': 'pages'}",
    ]


def test_templates_print_them_through_filters() -> None:
    template = '# {{ view.extensions["x-at"] | python_literal }}\n'
    assert rendered("types.py", template) == ['"package"']


@pytest.mark.parametrize(
    "value",
    [
        "a",
        "",
        'say "hi"\n\\',
        '"""\u202e\x00',
        12345678901234567890,
        -1.5,
        True,
        None,
        [],
        {},
        [1, [None, {"a'b": "{{ 1 }}"}]],
    ],
)
def test_a_literal_is_the_value_itself(value: object) -> None:
    written = FILTERS["python_literal"](value)
    assert ast.literal_eval(written) == value
    assert written.isprintable()


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("a  b\n\nimport os", "a b import os"),
        ("a\rb\u2028c\x0cd", "a b c d"),
        ("\u202eevil\\", "\\u202eevil\\\\"),
        (["a\nb", None], '["a\\\\nb", null]'),
        (1.5, "1.5"),
    ],
)
def test_a_comment_stays_on_its_line(value: object, written: str) -> None:
    assert FILTERS["python_comment"](value) == written
