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
from idlgen.model import Auth, Status
from idlgen.resolve import auth
from idlgen.resolve.builtins import SCALARS
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
    "union": (forms.UNION, DEFINITIONS["union"]),
    "variant": (forms.VARIANT, DEFINITIONS["variant"]["oneOf"][2]),
    "alias": (forms.ALIAS, DEFINITIONS["alias"]),
    "newtype": (forms.NEWTYPE, DEFINITIONS["newtype"]),
    "error": (forms.ERROR, DEFINITIONS["error"]),
    "service": (forms.SERVICE, DEFINITIONS["service"]),
    "method": (forms.METHOD, DEFINITIONS["method"]),
    "pagination": (forms.PAGINATION, DEFINITIONS["pagination"]),
    "example": (forms.EXAMPLE, DEFINITIONS["example"]),
}
"""Each form of the parser, and the object that stands for it."""


TYPES = ("struct", "enum", "union", "alias", "newtype")
CALLS = ("error", "service", "method", "pagination", "auth", "scopes", "example")
PARTS = ("type", "member", "memberType", "resultType", "enumValue", "variant")


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
    assert kinds == {f"#/definitions/{name}" for name in ("typeExpression", *TYPES)}
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
    for name in (*TYPES, *PARTS, *CALLS, "extension"):
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
    for words in (status, DEFINITIONS["scalar"], DEFINITIONS["auth"]):
        assert len(words["enumDescriptions"]) == len(words["enum"])
    assert SCHEMA["properties"]["edition"]["enum"] == [NEWEST_EDITION]
    assert written(SCHEMA["properties"]["package"]) == _PACKAGE_NAME.pattern
    assert written(DEFINITIONS["typeName"]) == shapes.TYPE_NAME.pattern
    assert written(DEFINITIONS["importName"]) == shapes.IMPORT_NAME.pattern
    assert written(DEFINITIONS["memberName"]) == shapes.MEMBER_NAME.pattern
    assert written(DEFINITIONS["name"]) == shapes.MEMBER_NAME.pattern
    assert DEFINITIONS["auth"]["enum"] == [kind.value for kind in Auth]
    scope = DEFINITIONS["scopes"]["items"]
    for character in map(chr, range(0x180)):
        fits = re.search(scope["pattern"], character) is not None
        assert fits == (auth._SCOPE.fullmatch(character) is not None)
    for number, allowed in (
        (DEFINITIONS["number"], shapes.MEMBER_NUMBERS),
        (DEFINITIONS["enumValue"]["properties"]["number"], shapes.VALUE_NUMBERS),
    ):
        assert (number["minimum"], number["maximum"]) == (1, allowed.highest)
        taken = number.get("not", {"minimum": 0, "maximum": -1})
        assert range(taken["minimum"], taken["maximum"] + 1) == allowed.reserved
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
          E: {union: {a: {type: int, x-m: 1}, b: {x-n: 1}}, x-o: 1}
        errors:
          F: {status: aborted, x-h: 1}
        services:
          S:
            x-i: 1
            methods:
              m:
                params: {p: {type: int, x-p: 1}}
                returns: {type: int, x-j: 1}
                x-k: 1
                examples: {e: {params: {p: 1}, returns: 1, x-l: 1}}
        """,
    "texts that YAML has other values for": """
        package: true
        version: 1.0
        doc: 12
        types:
          "True": {fields: {a: {type: int, wire: 1, name: true, deprecated: 1.5}}}
          A: {fields: {b: True}}
          Level: {enum: [1, 1.0, 1.10, 1.1, no, true, null, ~]}
          P: {alias: string, pattern: 1, since: 1.10}
          Q: {union: {1: int, no: null, ~: string, true: ~}, tag: 1}
        errors:
          "Null": {status: not_found, message: 404}
          "TRUE": {status: not_found}
        services:
          S:
            errors: [Null, TRUE]
            auth: bearer
            scopes: [true, 1, 1.0, no, null]
            methods:
              m: {returns: True}
              n: {auth: none, scopes: []}
        """,
    "nothing where nothing is needed": """
        imports: {}
        types:
          A: {fields: {}}
          B: {enum: {a: , b: ~}}
          C: {union: {a: , b: ~, c: {}, d: {type: }}}
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
          Page<T>: {fields: {items: list<T>, next: string?}}
          'Pair< T ,U>': {fields: {first: T, second: U?}}
          I: Page<Page<A>>
          J: {extends: Page<A>, fields: {j: ' Page < A > '}}
          K: {extends: '(Pair<A, B>)', fields: {}}
          L: {union: {a: A, b: Page<A> | null, c: {type: list<L>}}, flat: false}
          M: {union: {a: A, b: B, c: null}, flat: true, tag: '@type', closed: true}
        services:
          S:
            methods:
              n: {params: {a: stream<A>, b: int?}, returns: stream<Page<A> | null>}
              o: {params: {a: {type: ' ( stream < (A) > ) '}}, returns: {type: stream<A>}}
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
    "numbers, versions and secrets": """
        version: 1
        types:
          A:
            since: v2 (beta)
            strict: true
            fields:
              a: {type: int, number: 1, since: 2026-01-31}
              b: {type: string, number: 536870911, sensitive: true}
              c: {type: int, number: 18999}
              d: {type: int, number: 0x5000}
          B: {enum: {a: {number: 19000}, b: {number: 2147483647, since: 1.1}}}
          C: {union: {a: {type: A, number: 20000, since: '2'}, b: {number: 18999}}}
        errors:
          E: {status: aborted, since: 1, fields: {a: {type: int, number: 1}}}
        services:
          S:
            since: 1
            methods: {m: {since: 1, params: {a: {type: int, number: 1}}}}
        """,
    "access and pages of every form": """
        types:
          A: {fields: {items: list<int>, next: string?}}
          B: {fields: {data: list<int>, ids: list<int>, more: int | null}}
        services:
          S:
            auth: api_key
            scopes: []
            methods:
              a: {auth: none}
              b: {auth: bearer, scopes: ['https://a.example/b', '!', 'a:b+c~']}
              c: {scopes: [read]}
              d: {params: {cursor: string?}, returns: A, paginate: cursor}
              e:
                params: {true: {type: string, default: ''}}
                returns: A
                paginate: true
              f:
                params: {after: int?}
                returns: B
                paginate: {param: after, next: more, items: data, x-a: 1}
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
    "a blank version": "version: ' '\ntypes: {}",
    "imports as a list": "imports: [common.yaml]",
    "imports that are null": "imports:",
    "an import in capitals": "imports: {Common: common.yaml}",
    "an import with a dot": "imports: {a.b: common.yaml}",
    "an import that is null": "imports: {common: }",
    "an import that is a map": "imports: {common: {path: common.yaml}}",
    "types as a list": "types: [User]",
    "types that are null": "types:",
    "a type in small letters": "types: {user: int}",
    "a type with a dot": "types: {common.User: int}",
    "a type param in small letters": "types: {Page<t>: {fields: {}}}",
    "no type params in brackets": "types: {Page<>: {fields: {}}}",
    "nothing but a space in brackets": "types: {'Page< >': {fields: {}}}",
    "type params without a comma": "types: {Page<T U>: {fields: {}}}",
    "type params with a comma too many": "types: {'Page<T,>': {fields: {}}}",
    "a space before type params": "types: {Page <T>: {fields: {}}}",
    "brackets that stay open": "types: {Page<T: {fields: {}}}",
    "a type param of a type param": "types: {Page<list<T>>: {fields: {}}}",
    "an alias with type params": "types: {List<T>: list<string>}",
    "an enum with type params": "types: {Role<T>: {enum: [a]}}",
    "a union with type params": "types: {Either<T>: {union: {a: int}}}",
    "a type without a kind": "types: {User: {}}",
    "a type with only a doc": "types: {User: {doc: x}}",
    "a type with two kinds": "types: {User: {fields: {}, alias: int}}",
    "a type that is null": "types: {User: }",
    "a type that is a list": "types: {User: [int]}",
    "closed of a struct": "types: {User: {fields: {}, closed: true}}",
    "min of a struct": "types: {User: {fields: {}, min: 1}}",
    "extends without fields": "types: {A: {fields: {}}, B: {extends: A}}",
    "extends of a list": "types: {A: {fields: {}, extends: [A]}}",
    "extends of a text in quotes": "types: {A: {fields: {}, extends: '\"B\"'}}",
    "strict with a text": "types: {A: {fields: {}, strict: yes}}",
    "strict of an enum": "types: {A: {enum: [a], strict: true}}",
    "a blank since": "types: {A: {fields: {}, since: ' '}}",
    "a since that is a list": "types: {A: {fields: {}, since: [1]}}",
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
    "a secret with a text": "types: {A: {fields: {a: {type: int, sensitive: 1}}}}",
    "a secret type": "types: {A: {alias: string, sensitive: true}}",
    "a number of zero": "types: {A: {fields: {a: {type: int, number: 0}}}}",
    "a number in quotes": "types: {A: {fields: {a: {type: int, number: '1'}}}}",
    "a number with a fraction": "types: {A: {fields: {a: {type: int, number: 1.5}}}}",
    "a number that is too high": (
        "types: {A: {fields: {a: {type: int, number: 536870912}}}}"
    ),
    "the first number of protobuf": (
        "types: {A: {fields: {a: {type: int, number: 19000}}}}"
    ),
    "the last number of protobuf": "types: {A: {union: {a: {number: 19999}}}}",
    "an enum's number of zero": "types: {A: {enum: {a: {number: 0}}}}",
    "an enum's number that is too high": (
        "types: {A: {enum: {a: {number: 2147483648}}}}"
    ),
    "a number of a type": "types: {A: {fields: {}, number: 1}}",
    "an enum without values": "types: {Role: {enum: []}}",
    "an enum with no map of values": "types: {Role: {enum: {}}}",
    "an enum that is a text": "types: {Role: {enum: admin}}",
    "an enum value that is a list": "types: {Role: {enum: [[a]]}}",
    "an enum value given twice": "types: {Role: {enum: [a, a]}}",
    "an enum value with a text": "types: {Role: {enum: {a: Any.}}}",
    "an unknown key of an enum value": "types: {Role: {enum: {a: {wire: x}}}}",
    "closed with a text": "types: {Role: {enum: [a], closed: yes}}",
    "extends of an enum": "types: {Role: {enum: [a], extends: A}}",
    "a union without variants": "types: {A: {union: {}}}",
    "a union that is null": "types: {A: {union: }}",
    "a union as a list": "types: {A: {union: [int, string]}}",
    "a union as a text": "types: {A: {union: int}}",
    "a variant as a list": "types: {A: {union: {a: [int]}}}",
    "a variant that may be absent": "types: {A: {union: {a: int?}}}",
    "a variant whose type is a list": "types: {A: {union: {a: {type: [int]}}}}",
    "an unknown key of a variant": "types: {A: {union: {a: {type: int, dok: x}}}}",
    "a default of a variant": "types: {A: {union: {a: {type: int, default: 1}}}}",
    "a tag that is null": "types: {A: {union: {a: int}, tag: }}",
    "a tag that is a list": "types: {A: {union: {a: int}, tag: [type]}}",
    "flat with a text": "types: {A: {union: {a: null}, flat: yes}}",
    "an unknown key of a union": "types: {A: {union: {a: null}, open: true}}",
    "flat of an enum": "types: {A: {enum: [a], flat: true}}",
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
    "a stream behind an alias": "types: {A: stream<int>}",
    "a stream of an alias": "types: {A: {alias: stream<int>}}",
    "a stream in a variant": "types: {A: {union: {a: stream<int>}}}",
    "a stream in a list": "types: {A: {fields: {a: list<stream<int>>}}}",
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
    "a stream of streams": "services: {S: {methods: {m: {returns: stream<stream<int>>}}}}",
    "a stream in a map": "services: {S: {methods: {m: {returns: map<stream<int>>}}}}",
    "a stream that may be null": (
        "services: {S: {methods: {m: {returns: stream<int> | null}}}}"
    ),
    "a param's stream that may be null": (
        "services: {S: {methods: {m: {params: {a: stream<int> | null}}}}}"
    ),
    "an unknown kind of auth": "services: {S: {auth: basic, methods: {}}}",
    "an auth that is null": "services: {S: {methods: {m: {auth: }}}}",
    "an auth that is a map": "services: {S: {auth: {bearer: x}, methods: {}}}",
    "scopes that are a text": "services: {S: {auth: bearer, scopes: a, methods: {}}}",
    "a scope that is a list": (
        "services: {S: {auth: bearer, scopes: [[a]], methods: {}}}"
    ),
    "a scope with a space": (
        "services: {S: {auth: bearer, scopes: [a b], methods: {}}}"
    ),
    "an empty scope": "services: {S: {auth: bearer, scopes: [''], methods: {}}}",
    "a scope listed twice": (
        "services: {S: {methods: {m: {auth: bearer, scopes: [a, b, a]}}}}"
    ),
    "scopes of what is open": (
        "services: {S: {methods: {m: {auth: none, scopes: [a]}}}}"
    ),
    "scopes of a service that is open": (
        "services: {S: {auth: none, scopes: [a], methods: {}}}"
    ),
    "pages as a list": "services: {S: {methods: {m: {paginate: [cursor]}}}}",
    "pages that are null": "services: {S: {methods: {m: {paginate: }}}}",
    "pages by what is no name": "services: {S: {methods: {m: {paginate: a-b}}}}",
    "pages without a param": "services: {S: {methods: {m: {paginate: {next: a}}}}}",
    "pages whose next is a list": (
        "services: {S: {methods: {m: {paginate: {param: a, next: [b]}}}}}"
    ),
    "an unknown key of pages": (
        "services: {S: {methods: {m: {paginate: {param: a, limit: b}}}}}"
    ),
    "pages of a service": "services: {S: {paginate: cursor, methods: {}}}",
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
