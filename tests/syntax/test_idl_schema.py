"""The JSON Schema of the language says what the parser says."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from jsonschema import Draft7Validator

from idlgen.compiler import compile
from idlgen.diagnostics import Diagnostic, Source
from idlgen.diagnostics.explanation import FOLDER
from idlgen.model import Status
from idlgen.resolve.types import SCALARS
from idlgen.syntax import durations, forms, shapes
from idlgen.syntax.document_reader import _PACKAGE_NAME, NEWEST_EDITION
from idlgen.syntax.idl_schema import idl_schema_path
from idlgen.syntax.yaml_reader import read_yaml
from idlgen.syntax.yaml_tree import plain_value

ROOT = Path(__file__).parent.parent.parent
SCHEMA: dict[str, Any] = json.loads(idl_schema_path().read_text(encoding="utf-8"))
DEFINITIONS = SCHEMA["definitions"]
VALIDATOR = Draft7Validator(SCHEMA)

OBJECTS: Mapping[str, tuple[forms.Form, dict[str, Any]]] = {
    "schema": (forms.DOCUMENT, SCHEMA),
    "member": (forms.MEMBER, DEFINITIONS["member"]["oneOf"][1]),
    "result": (
        forms.RESULT,
        DEFINITIONS["method"]["properties"]["returns"]["oneOf"][1],
    ),
    "struct": (forms.STRUCT, DEFINITIONS["struct"]),
    "enum": (forms.ENUM, DEFINITIONS["enum"]),
    "enum value": (forms.ENUM_VALUE, DEFINITIONS["enumValue"]),
    "alias": (forms.ALIAS, DEFINITIONS["alias"]),
    "newtype": (forms.NEWTYPE, DEFINITIONS["newtype"]),
    "error": (forms.ERROR, DEFINITIONS["error"]),
    "service": (forms.SERVICE, DEFINITIONS["service"]),
    "method": (forms.METHOD, DEFINITIONS["method"]),
    "example": (forms.EXAMPLE, DEFINITIONS["example"]),
}
"""Each form of the parser, and the object that stands for it."""


def as_json(text: str) -> object:
    """Return what an editor hands to the JSON Schema: YAML 1.2, as JSON."""
    faults: list[Diagnostic] = []
    root = read_yaml(Source("schema.yaml", text), faults.append)
    assert root is not None
    assert faults == []
    return plain_value(root)


def codes(text: str) -> set[str]:
    content = {PurePosixPath("user.yaml"): text.encode()}
    outcome = compile([*content], content.get, [])
    return {diagnostic.code for diagnostic in outcome.diagnostics}


def passes(text: str) -> bool:
    return VALIDATOR.is_valid(as_json(text))


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    """Follow `$ref`."""
    while "$ref" in schema:
        assert [*schema] == ["$ref"], "what stands beside $ref is ignored"
        schema = DEFINITIONS[schema["$ref"].removeprefix("#/definitions/")]
    return schema


def test_it_is_a_json_schema() -> None:
    Draft7Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"] == "http://json-schema.org/draft-07/schema#"


def test_every_form_of_the_parser_stands_in_it() -> None:
    declared = [
        value for value in vars(forms).values() if isinstance(value, forms.Form)
    ]
    tested = [form for form, _ in OBJECTS.values()]
    assert [form for form in declared if form not in (*tested, forms.TYPE)] == []
    kinds = {ref["$ref"] for ref in DEFINITIONS["type"]["oneOf"]}
    assert kinds == {
        f"#/definitions/{name}"
        for name in ("typeExpression", "struct", "enum", "alias", "newtype")
    }
    assert len(forms.TYPE_KINDS) + 1 == len(kinds)


@pytest.mark.parametrize("name", OBJECTS)
def test_a_construct_has_the_keys_of_its_form(name: str) -> None:
    form, object_ = OBJECTS[name]
    assert object_["properties"].keys() == form.keys
    assert object_["additionalProperties"] is False
    assert object_["patternProperties"] == {"^x-": {"$ref": "#/definitions/extension"}}


def described() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield the key, or the name of what is declared, and its schema."""
    for name, (_, object_) in OBJECTS.items():
        for key, schema in object_["properties"].items():
            yield f"{name}: {key}", key, schema
    for name in ("struct", "enum", "enumValue", "alias", "newtype", "type", "member"):
        yield name, "", {"$ref": f"#/definitions/{name}"}
    for name in ("error", "service", "method", "example", "extension"):
        yield name, "", {"$ref": f"#/definitions/{name}"}


@pytest.mark.parametrize(
    ("key", "schema"), [pytest.param(*rest, id=name) for name, *rest in described()]
)
def test_every_key_is_described_by_an_example_that_passes(
    key: str, schema: dict[str, Any]
) -> None:
    full = resolved(schema)
    text, _, last = full["description"].rpartition("\n\n")
    assert text.endswith("."), "a sentence, then the example"
    examples = re.findall(r"`([^`]+)`", last)
    assert examples
    for example in examples:
        (value,) = shown(as_json(example), key)
        own = {**full, "definitions": DEFINITIONS}
        assert Draft7Validator(own).is_valid(value), example


def shown(example: object, key: str) -> list[object]:
    """Return what `key` has in the example, however deep, or what its only key has."""
    assert isinstance(example, dict)
    if key in example:
        return [example[key]]
    inner = [it for it in example.values() if isinstance(it, dict)]
    found = [value for it in inner for value in shown(it, key)] if key else []
    return found or [*example.values()]


def test_values_and_patterns_are_those_of_the_parser() -> None:
    status = DEFINITIONS["error"]["properties"]["status"]
    assert status["enum"] == [status.value for status in Status]
    assert DEFINITIONS["scalar"]["enum"] != []
    assert set(DEFINITIONS["scalar"]["enum"]) == SCALARS.keys()
    for words in (status, DEFINITIONS["scalar"]):
        assert len(words["enumDescriptions"]) == len(words["enum"])
    assert SCHEMA["properties"]["edition"]["enum"] == [NEWEST_EDITION]
    assert written(SCHEMA["properties"]["package"]) == _PACKAGE_NAME.pattern
    assert written(DEFINITIONS["typeName"]) == shapes.TYPE_NAME.pattern
    assert written(DEFINITIONS["memberName"]) == shapes.MEMBER_NAME.pattern
    assert written(DEFINITIONS["name"]) == shapes.MEMBER_NAME.pattern
    short, iso = (
        re.sub(r"\?P<\w+>", "", pattern.pattern)
        for pattern in (durations._SHORT, durations._ISO)
    )
    timeout = DEFINITIONS["method"]["properties"]["timeout"]
    assert written(timeout) == f"(?=.*[1-9])({short}|{iso})"


def written(schema: dict[str, Any]) -> str:
    pattern = schema["pattern"]
    assert isinstance(pattern, str)
    return pattern.removeprefix("^").removesuffix("$")


def blocks(page: Path, heading: str = "") -> Iterator[str]:
    _, _, text = page.read_text(encoding="utf-8").partition(heading)
    yield from re.findall(r"^```yaml.*\n((?:.*\n)*?)```$", text, re.MULTILINE)


def valid() -> Iterator[tuple[str, str]]:
    for path in sorted(ROOT.glob("schemas/*.yaml")):
        yield path.stem, path.read_text(encoding="utf-8")
    for page in sorted(FOLDER.glob("*.md")):
        for number, text in enumerate(blocks(page, "## Use instead")):
            yield f"{page.stem} {number}", text


@pytest.mark.parametrize(
    "text", [pytest.param(text, id=name) for name, text in valid()]
)
def test_what_the_parser_accepts_passes(text: str) -> None:
    assert [error.message for error in VALIDATOR.iter_errors(as_json(text))] == []


ODD = {
    "keys of one's own everywhere": """
        x-a: 1
        types:
          A: {fields: {a: {type: int, x-b: [1]}}, x-c: null}
          B: {enum: {a: {x-d: 1}}, x-e: 1}
          C: {alias: int, x-f: {}}
          D: {newtype: int, x-g: 1}
        errors:
          E: {status: aborted, x-h: 1}
        services:
          S:
            x-i: 1
            methods:
              m:
                returns: {type: int, x-j: 1}
                x-k: 1
                examples: {e: {returns: 1, x-l: 1}}
        """,
    "texts that YAML has other values for": """
        package: true
        version: 1.0
        doc: 12
        types:
          "True": {fields: {a: {type: int, wire: 1, name: true, deprecated: 1.5}}}
          A: {fields: {b: True}}
          Level: {enum: [1, 1.0, 1.10, 1.1, no, true, null, ~]}
          P: {alias: string, pattern: 1}
        errors:
          "Null": {status: not_found, message: 404}
          "TRUE": {status: not_found}
        services:
          S: {errors: [Null, TRUE], methods: {m: {returns: True}}}
        """,
    "nothing where nothing is needed": """
        types: {A: {fields: {}}, B: {enum: {a: , b: ~}}}
        errors: {}
        services: {S: {methods: {}}, T: {errors: [], methods: {m: , n: {params: {}}}}}
        """,
    "types of every form": """
        types:
          A: {fields: {a: int, b: string}}
          B: pick<A, a | b>
          C: ' omit < A , b > '
          D: {extends: (A), fields: {c: partial<A>}}
          E: {alias: 'map<uuid, list<set<int> | null> | null>'}
          F: {newtype: string}
          G: {newtype: F}
          H: (list<(A)>)
        services:
          S:
            methods:
              m:
                params:
                  a: string?
                  b: (string | null)?
                  c: '(string?)'
                  d: ( A | null ) ?
                  e: {type: map<A>?}
                returns: A | null
        """,
    "bounds of every form": """
        types:
          A: {alias: int, min: -5, exclusive_max: 0x10, multiple_of: 5}
          B: {alias: decimal, exclusive_min: '0.01', max: 1e3, multiple_of: '.01'}
          C: {alias: float, min: -.5, max: 1.5e3}
          D: {newtype: bytes, min_length: 0, max_length: 2}
          E: {alias: list<int>, min_items: 1, max_items: 1}
        """,
    "values of every form": """
        edition: 1
        types:
          Role: {enum: [a, b], closed: true}
          A:
            fields:
              a: {type: any, default: null}
              b: {type: any, default: {c: [1]}, example: [null]}
              d: {type: int | null, default: null}
        services:
          S: {methods: {m: {timeout: 1m500ms}, n: {timeout: PT0.5S}, o: {timeout: 1d}}}
        """,
}


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_what_is_odd_but_valid_passes(text: str) -> None:
    assert codes(text) == set()
    assert [error.message for error in VALIDATOR.iter_errors(as_json(text))] == []


FAULTS = {
    "a list for a schema": "[types]",
    "an unknown key of a schema": "typs: {}",
    "an unknown edition": "edition: 2\ntypes: {}",
    "an edition in quotes": "edition: '1'\ntypes: {}",
    "a package in capitals": "package: User\ntypes: {}",
    "a package that ends in a dot": "package: 'user.'\ntypes: {}",
    "no version after its key": "version:\ntypes: {}",
    "a map for a doc": "doc: {a: b}\ntypes: {}",
    "types as a list": "types: [User]",
    "types that are null": "types:",
    "a type in small letters": "types: {user: int}",
    "a type without a kind": "types: {User: {}}",
    "a type with only a doc": "types: {User: {doc: x}}",
    "a type with two kinds": "types: {User: {fields: {}, alias: int}}",
    "a type that is null": "types: {User: }",
    "a type that is a list": "types: {User: [int]}",
    "closed of a struct": "types: {User: {fields: {}, closed: true}}",
    "min of a struct": "types: {User: {fields: {}, min: 1}}",
    "extends without fields": "types: {A: {fields: {}}, B: {extends: A}}",
    "extends of a list": "types: {A: {fields: {}, extends: [A]}}",
    "an unknown key of a struct": "types: {User: {fields: {}, dok: x}}",
    "fields as a list": "types: {User: {fields: [id]}}",
    "fields that are null": "types: {User: {fields: }}",
    "a field whose name has a dash": "types: {User: {fields: {a-b: int}}}",
    "a key of one's own as a field": "types: {User: {fields: {x-a: int}}}",
    "a field without a type": "types: {User: {fields: {id: {doc: x}}}}",
    "a field that is null": "types: {User: {fields: {id: }}}",
    "a field that is a list": "types: {User: {fields: {id: [int]}}}",
    "a field whose type is a number": "types: {User: {fields: {id: 1}}}",
    "an unknown key of a field": "types: {User: {fields: {id: {type: int, dok: x}}}}",
    "an enum without values": "types: {Role: {enum: []}}",
    "an enum with no map of values": "types: {Role: {enum: {}}}",
    "an enum that is a text": "types: {Role: {enum: admin}}",
    "an enum value that is a list": "types: {Role: {enum: [[a]]}}",
    "an enum value given twice": "types: {Role: {enum: [a, a]}}",
    "an enum value with a text": "types: {Role: {enum: {a: Any.}}}",
    "an unknown key of an enum value": "types: {Role: {enum: {a: {wire: x}}}}",
    "closed with a text": "types: {Role: {enum: [a], closed: yes}}",
    "extends of an enum": "types: {Role: {enum: [a], extends: A}}",
    "an alias of nothing": "types: {A: {alias: }}",
    "an alias that may be absent": "types: {A: string?}",
    "an unknown key of an alias": "types: {A: {alias: int, default: 1}}",
    "a newtype of a list": "types: {A: {newtype: list<int>}}",
    "a newtype of a map": "types: {A: {newtype: {type: int}}}",
    "an unknown key of a newtype": "types: {A: {newtype: int, wire: a}}",
    "brackets for a list": "types: {A: {fields: {a: 'int[]'}}}",
    "two words for a type": "types: {A: {fields: {a: unsigned int}}}",
    "a union": "types: {A: {fields: {a: int | string}}}",
    "a type that is cut off": "types: {A: {fields: {a: 'list<'}}}",
    "a `?` inside": "types: {A: {fields: {a: list<int?>}}}",
    "two `?`": "types: {A: {fields: {a: int??}}}",
    "an empty type": "types: {A: {fields: {a: ''}}}",
    "a name with a dash": "types: {A: {fields: {}, name: a-b}}",
    "a wire name that is a map": "types: {A: {fields: {a: {type: int, wire: {}}}}}",
    "a bound that is a word": "types: {A: {alias: int, min: one}}",
    "a bound that is null": "types: {A: {alias: int, min: }}",
    "a multiple of zero": "types: {A: {alias: int, multiple_of: 0}}",
    "a length below zero": "types: {A: {alias: string, min_length: -1}}",
    "a length in quotes": "types: {A: {alias: string, max_length: '1'}}",
    "a pattern that is a list": "types: {A: {alias: string, pattern: [a]}}",
    "a pattern that is null": "types: {A: {alias: string, pattern: }}",
    "a count with a fraction": "types: {A: {alias: list<int>, min_items: 1.5}}",
    "errors as a list": "errors: [Gone]",
    "an error in small letters": "errors: {gone: {status: aborted}}",
    "an error without a status": "errors: {Gone: {message: gone}}",
    "an error that is null": "errors: {Gone: }",
    "an unknown status": "errors: {Gone: {status: gone}}",
    "an unknown key of an error": "errors: {Gone: {status: aborted, code: 1}}",
    "a message with a single brace": "errors: {Gone: {status: aborted, message: 'a {'}}",
    "a message that is a list": "errors: {Gone: {status: aborted, message: [a]}}",
    "a service without methods": "services: {S: {doc: x}}",
    "a service that is null": "services: {S: }",
    "an unknown key of a service": "services: {S: {methods: {}, method: {}}}",
    "methods that are null": "services: {S: {methods: }}",
    "a method whose name has a dot": "services: {S: {methods: {a.b: {}}}}",
    "a method that is a text": "services: {S: {methods: {m: string}}}",
    "an unknown key of a method": "services: {S: {methods: {m: {param: {}}}}}",
    "params as a list": "services: {S: {methods: {m: {params: [a]}}}}",
    "a result that may be absent": "services: {S: {methods: {m: {returns: int?}}}}",
    "a result that is null": "services: {S: {methods: {m: {returns: }}}}",
    "a result without a type": "services: {S: {methods: {m: {returns: {}}}}}",
    "an unknown key of a result": (
        "services: {S: {methods: {m: {returns: {type: int, doc: x}}}}}"
    ),
    "errors that are a text": "services: {S: {methods: {m: {errors: Gone}}}}",
    "an error listed twice": (
        "errors: {A: {status: aborted}}\nservices: {S: {errors: [A, A], methods: {}}}"
    ),
    "an error listed as a map": "services: {S: {methods: {m: {errors: [{a: b}]}}}}",
    "readonly with a text": "services: {S: {methods: {m: {readonly: on}}}}",
    "idempotent that is null": "services: {S: {methods: {m: {idempotent: }}}}",
    "a timeout without a unit": "services: {S: {methods: {m: {timeout: 2}}}}",
    "a timeout of zero": "services: {S: {methods: {m: {timeout: 0s}}}}",
    "a timeout in words": "services: {S: {methods: {m: {timeout: 2 seconds}}}}",
    "examples as a list": "services: {S: {methods: {m: {examples: [a]}}}}",
    "an example that is null": "services: {S: {methods: {m: {examples: {a: }}}}}",
    "an unknown key of an example": (
        "services: {S: {methods: {m: {examples: {a: {result: 1}}}}}}"
    ),
    "params of an example as a list": (
        "services: {S: {methods: {m: {examples: {a: {params: [1]}}}}}}"
    ),
}


@pytest.mark.parametrize("text", FAULTS.values(), ids=FAULTS)
def test_what_the_parser_refuses_for_its_shape_fails(text: str) -> None:
    assert codes(text) != set()
    assert not passes(text)


STRUCTURAL = re.compile(r"\[IDL02[0-4]\]")
CASES = [
    case.with_suffix(".yaml")
    for case in sorted(ROOT.glob("tests/cases/*.expected"))
    if STRUCTURAL.search(case.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_cases_of_structural_faults_fail(case: Path) -> None:
    text = case.read_text(encoding="utf-8")
    root = read_yaml(Source(case.name, text), lambda _: None)
    assert root is not None
    assert not VALIDATOR.is_valid(plain_value(root))


def test_there_are_cases_of_structural_faults() -> None:
    assert len(CASES) >= 12
