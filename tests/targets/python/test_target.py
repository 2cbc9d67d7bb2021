import ast
from collections.abc import Callable

import pytest

from idlgen.compiler import Outcome
from idlgen.targets import Comment

Compiled = Callable[..., Outcome]


def paths(outcome: Outcome) -> list[tuple[str, str | None]]:
    return sorted((file.path, file.package) for file in outcome.files)


def test_a_package_is_a_folder_and_folders_above_belong_to_none(
    compiled: Compiled,
) -> None:
    text = """
        package: acme.class
        types: {A: string}
        errors: {E: {status: aborted}}
        services: {S: {methods: {a: {}}}}
        """
    outcome = compiled({"x": text})
    assert paths(outcome) == [
        ("__init__.py", None),
        ("acme/__init__.py", None),
        ("acme/class_/__init__.py", "acme.class"),
        ("acme/class_/_service.py", "acme.class"),
        ("acme/class_/client.py", "acme.class"),
        ("acme/class_/errors.py", "acme.class"),
        ("acme/class_/py.typed", "acme.class"),
        ("acme/class_/server.py", "acme.class"),
        ("acme/class_/testing.py", "acme.class"),
        ("acme/class_/types.py", "acme.class"),
    ]
    assert {file.comment for file in outcome.files} == {Comment.HASH}
    assert {file.target for file in outcome.files} == {"python"}


@pytest.mark.parametrize(
    ("section", "modules"),
    [
        ("types: {A: string}", {"types.py"}),
        ("errors: {E: {status: aborted}}", {"errors.py"}),
        (
            "services: {S: {methods: {a: {}}}}",
            {"_service.py", "client.py", "server.py", "testing.py"},
        ),
    ],
)
def test_a_module_is_written_only_if_something_is_in_it(
    compiled: Compiled, section: str, modules: set[str]
) -> None:
    outcome = compiled({"user": section})
    made = {file.path for file in outcome.files} - {"__init__.py"}
    always = {"user/__init__.py", "user/py.typed"}
    assert made == always | {f"user/{module}" for module in modules}


def test_a_package_above_another_has_its_own_init(compiled: Compiled) -> None:
    outcome = compiled(
        {
            "one": "package: acme\ntypes: {A: string}",
            "two": "package: acme.user\ntypes: {A: string}",
        }
    )
    inits = [p for p in paths(outcome) if p[0] == "acme/__init__.py"]
    assert inits == [("acme/__init__.py", "acme")]


EVIL = r'"\"\"\"\nimport os  # {{ 1 }} {% raw %} \\"'


def test_nothing_that_a_schema_says_becomes_code(compiled: Compiled) -> None:
    text = f"""
        doc: {EVIL}
        types:
          E: {{doc: {EVIL}, enum: {{{EVIL}: {{doc: {EVIL}}}}}}}
          S:
            doc: {EVIL}
            deprecated: {EVIL}
            fields: {{a: {{type: string, default: {EVIL}, doc: {EVIL}}}}}
        errors:
          X:
            doc: {EVIL}
            status: aborted
            message: "\\"\\"\\" {{a}}"
            fields: {{a: string}}
        services:
          T:
            doc: {EVIL}
            methods:
              m:
                doc: {EVIL}
                params: {{a: {{type: list<string>, default: [{EVIL}], doc: {EVIL}}}}}
                errors: [X]
                examples: {{{EVIL}: {{params: {{a: [{EVIL}]}}}}}}
        """
    outcome = compiled({"user": text})
    assert outcome.diagnostics == ()
    for file in outcome.files:
        for node in ast.walk(ast.parse(file.body)):
            assert not isinstance(node, ast.Import)
            assert not (isinstance(node, ast.Name) and node.id == "os")
