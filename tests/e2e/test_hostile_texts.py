"""Whatever a schema says is data: in Python, in TypeScript, and when it is imported.

One run of the real command builds a package for each text of the table, one that holds
them all, and the same with harmless texts; only strings and comments may tell them apart.
"""

from __future__ import annotations

import ast
import inspect
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

import msgspec
import pytest

from idlgen.compiler import compile
from idlgen.runtime import in_process
from tests.e2e.text_table import TEXTS

ROOT = Path(__file__).parent.parent.parent
MODULES = ("types", "errors", "_service", "client", "server", "testing")
EVERY = [*TEXTS.values()]
PACKAGES: dict[str, list[str]] = {
    "harmless_alone": ["harmless text"],
    "harmless_together": [f"harmless text {number}" for number in range(len(EVERY))],
    "together": EVERY,
    **{f"alone{number}": [text] for number, text in enumerate(EVERY)},
}
"""The texts of each package."""

HOSTILE = [package for package in PACKAGES if not package.startswith("harmless")]


def test_the_table_is_long_and_holds_each_text_once() -> None:
    assert len({*EVERY}) == len(EVERY) >= 40


def yaml(value: object) -> str:
    """Return flow YAML in which each text is in double quotes, all that is odd escaped."""
    match value:
        case dict():
            # An implicit key may have 1024 characters, an explicit one any number.
            entries = [f"? {yaml(key)} : {yaml(of)}" for key, of in value.items()]
            return f"{{{', '.join(entries)}}}"
        case list():
            return f"[{', '.join(map(yaml, value))}]"
        case bool() | None:
            return json.dumps(value)
    plain = re.compile("[^A-Za-z0-9 ]")
    escaped = plain.sub(lambda found: f"\\U{ord(found[0]):08x}", str(value))
    return f'"{"".join(escaped)}"'


def pattern(text: str) -> str:
    """Return a pattern that finds just this text."""
    return "".join(f"\\{c}" if c in "^$\\.*+?()[]{}|/" else c for c in text)


def wire_name(text: str) -> str:
    """Return `text` without what msgspec refuses in a member's name."""
    return re.sub(r'["\\\x00-\x1f]', lambda found: f"({ord(found[0])})", text)


def at_once(texts: Sequence[str]) -> str:
    """Return the texts as one; of several the long ones are left out."""
    return "\n\n".join(text for text in texts if len(texts) == 1 or len(text) < 1000)


def schema(package: str, texts: Sequence[str]) -> object:
    """Return a schema that has each text in every position that takes one."""
    every = at_once(texts)
    notes = {"doc": every, "deprecated": every, f"x-{every}": every}
    fields: dict[str, object] = {}
    values: dict[str, object] = {}
    types: dict[str, object] = {
        "Fields": {"fields": fields, **notes},
        "Open": {"enum": values, **notes},
        "Closed": {"enum": values, "closed": True, **notes},
    }
    errors: dict[str, object] = {}
    methods: dict[str, object] = {}
    for number, text in enumerate(texts):
        told = {"doc": text, "deprecated": text, f"x-{text}": {text: [text]}}
        member = {"type": "string", "example": text, "wire": wire_name(text), **told}
        narrowed = {"pattern": pattern(text[:1000])}
        fields[f"f{number}"] = {**member, "default": text, **narrowed}
        nested = {text: [text]}
        fields[f"m{number}"] = {"type": "map<list<string>>", "default": nested, **told}
        fields[f"v{number}"] = {"type": "Open", "default": text}
        values[text] = {"name": f"value{number}", **told}
        types[f"A{number}"] = {"alias": "string", **narrowed, **told}
        types[f"N{number}"] = {"newtype": "string", **narrowed, **told}
        errors[f"Bad{number}"] = {
            "status": "internal",
            "message": text.replace("{", "{{").replace("}", "}}"),
            "fields": {"s": member},
            **told,
        }
        methods[f"call{number}"] = {
            "params": {"p": member, "q": {"type": "string", "default": text}},
            "returns": "string",
            "errors": [f"Bad{number}"],
            "examples": {text: {"doc": text, "params": {"p": text}, "returns": text}},
            **told,
        }
    return {
        "package": package,
        "version": every,
        "doc": every,
        "types": types,
        "errors": errors,
        "services": {"Service": {"methods": methods, **notes}},
    }


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder above `hostile`, which one run of the real command wrote."""
    folder = tmp_path_factory.mktemp("texts")
    for package, texts in PACKAGES.items():
        text = yaml(schema(package, texts))
        (folder / f"{package}.yaml").write_text(text, "utf-8")
    build(folder, [f"{package}.yaml" for package in PACKAGES])
    return folder


def build(folder: Path, schemas: Sequence[str]) -> None:
    command = [sys.executable, "-m", "idlgen", "build", "--out", "hostile", *schemas]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stdout


def python_shape(path: Path) -> str:
    """The module's syntax tree with every string the same."""
    tree = ast.parse(path.read_bytes())
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            node.value = "text"
    return ast.dump(tree)


@pytest.mark.parametrize("package", HOSTILE)
def test_text_never_becomes_python(package: str, folder: Path) -> None:
    kind = "harmless_together" if package == "together" else "harmless_alone"
    for module in MODULES:
        hostile = python_shape(folder / "hostile" / package / f"{module}.py")
        harmless = python_shape(folder / "hostile" / kind / f"{module}.py")
        assert hostile == harmless, module


Token = tuple[str, str, str]


@pytest.fixture(scope="module")
def tokens(folder: Path, node: str, tsc: str) -> dict[str, list[Token]]:
    """What TypeScript's scanner finds in each package, comments and spaces left out."""
    files = [folder / "hostile" / name / f"{name}.d.ts" for name in PACKAGES]
    done = subprocess.run(
        [node, ROOT / "tests/node/tokens.mjs", *files], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    found = [[tuple(token) for token in each] for each in json.loads(done.stdout)]
    return dict(zip(PACKAGES, found, strict=True))


def typescript_shape(tokens: Sequence[Token]) -> list[str]:
    """The tokens with every string the same."""
    shape = ["text" if kind == "StringLiteral" else text for kind, text, _ in tokens]
    # A union that does not fit on a line has a bar before its first member too.
    return [
        text
        for before, text in zip(["", *shape], shape, strict=False)
        if (before, text) != ("=", "|")
    ]


@pytest.mark.parametrize("package", HOSTILE)
def test_text_never_becomes_typescript(
    package: str, tokens: dict[str, list[Token]]
) -> None:
    kind = "harmless_together" if package == "together" else "harmless_alone"
    assert typescript_shape(tokens[package]) == typescript_shape(tokens[kind])
    strings = [value for kind, _, value in tokens[package] if kind == "StringLiteral"]
    for text in PACKAGES[package]:
        # Two enums; the wire names of a field and of an error's field.
        wanted = [text, text, wire_name(text), wire_name(text)]
        assert sorted(each for each in strings if each in wanted) == sorted(wanted)


class Loaded(NamedTuple):
    """The modules of one package."""

    types: Any
    errors: Any
    client: Any
    server: Any
    testing: Any


Load = Callable[[str], Loaded]


@pytest.fixture(scope="module")
def load(folder: Path) -> Iterator[Load]:
    """`load(package)`: its modules; the working folder is the canary's."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        patch.chdir(folder)

        def load(package: str) -> Loaded:
            names = [f"hostile.{package}.{module}" for module in Loaded._fields]
            return Loaded(*map(import_module, names))

        yield load
    assert not [*folder.rglob("canary*")]


def folded(text: str | None) -> str:
    """A doc without regard to where its lines end, which generated code chooses."""
    return " ".join((text or "").split())


@pytest.mark.parametrize("package", HOSTILE)
def test_values_are_the_texts_given(package: str, load: Load, folder: Path) -> None:
    loaded = load(package)
    filled = loaded.types.Fields()
    document = msgspec.to_builtins(filled)
    # Each pattern finds its text.
    assert msgspec.convert(document, loaded.types.Fields) == filled
    fake = loaded.testing.FakeService()
    with in_process(loaded.client.ServiceClient, fake) as client:
        for number, text in enumerate(PACKAGES[package]):
            assert getattr(filled, f"f{number}") == text
            assert document[wire_name(text)] == text
            assert document[f"m{number}"] == {text: [text]}
            assert getattr(filled, f"v{number}").value == text
            for enum in (loaded.types.Open, loaded.types.Closed):
                assert enum[f"VALUE{number}"].value == text
            error = getattr(loaded.errors, f"Bad{number}")
            assert error(s=text).message == text
            assert error.Fields.__struct_encode_fields__ == (wire_name(text),)
            call = getattr(client, f"call{number}")
            assert call(p=text) == text
            assert inspect.signature(call).parameters["q"].default == text
    assert not (folder / "canary").exists()


@pytest.mark.parametrize("package", HOSTILE)
def test_docs_are_the_texts_given(package: str, load: Load, folder: Path) -> None:
    loaded = load(package)
    texts = PACKAGES[package]
    documented = [
        loaded.types,
        loaded.types.Fields,
        loaded.types.Open,
        loaded.types.Closed,
        loaded.client.ServiceClient,
        loaded.client.AsyncServiceClient,
        loaded.server.Service,
    ]
    for each in documented:
        assert folded(at_once(texts)) in folded(each.__doc__)
    beneath = [folded(doc) for doc in attribute_docs(loaded.types)]
    for number, text in enumerate(texts):
        told = folded(text)
        assert told in folded(getattr(loaded.errors, f"Bad{number}").__doc__)
        for owner in (loaded.client.ServiceClient, loaded.server.Service):
            doc = folded(getattr(owner, f"call{number}").__doc__)
            # The doc and the deprecation.
            assert doc.count(told) >= 2
        # Of two fields, of a value in each of two enums, of an alias and a newtype.
        assert sum(doc.startswith(told) for doc in beneath) >= 6


def attribute_docs(module: Any) -> Iterator[str]:
    tree = ast.parse(Path(module.__file__).read_bytes())
    for node in ast.walk(tree):
        match node:
            case ast.Expr(value=ast.Constant(value=str(text))):
                yield text


FILE_NAMES = [
    "harmless.yaml",
    "a\nimport canary.yaml",
    "b\rimport canary.yaml",
    "c\u2028import canary.yaml",
    "coding=utf-7.yaml",
    "# coding: latin-1 é.yaml",
    "e --> <script>canary()</script>.yaml".replace("/", "\u2215"),
    "f */ canary(); /*.yaml".replace("/", "\u2215"),
    'g "\'""" \\ {{ 7 * 7 }} {% raw %}.yaml',
    "h \u202e\u2066.yaml",
    "[canary].yaml",
    "@ts-nocheck.yaml",
    "type: ignore.yaml",
]


def test_names_of_files_never_become_code(tmp_path: Path) -> None:
    for number, name in enumerate(FILE_NAMES):
        text = yaml(schema(f"file{number}", ["harmless text"]))
        (tmp_path / name).write_text(text, "utf-8")
    build(tmp_path, FILE_NAMES)
    for number in range(len(FILE_NAMES)):
        for path in sorted((tmp_path / "hostile" / f"file{number}").iterdir()):
            before = tmp_path / "hostile/file0" / path.name.replace(str(number), "0")
            # The two lines of a header that comments end with, and nothing else.
            lines = path.read_text("utf-8").splitlines()
            assert len(lines) == len(before.read_text("utf-8").splitlines())
            if path.suffix == ".py":
                assert python_shape(path) == python_shape(before)


def test_half_a_surrogate_is_refused() -> None:
    text = b'package: p\ndoc: "\\ud800"\n'
    found = compile([PurePosixPath("p.yaml")], lambda _: text, []).diagnostics
    assert [each.code for each in found] == ["IDL012"]


def run(command: Sequence[str | Path], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, (done.stdout + done.stderr)[:5000]


def test_mypy_finds_nothing(folder: Path) -> None:
    run([sys.executable, "-m", "mypy", "--strict", "-p", "hostile.together"], folder)


def test_pyright_finds_nothing(folder: Path, pyright: str) -> None:
    settings = {"typeCheckingMode": "strict", "include": ["hostile/together"]}
    (folder / "pyrightconfig.json").write_text(json.dumps(settings), "utf-8")
    run([pyright, "--pythonpath", sys.executable], folder)


def test_tsc_finds_nothing(folder: Path, tsc: str) -> None:
    files = sorted(folder.rglob("*.d.ts"))
    assert len(files) == len(PACKAGES)
    run([tsc, "--strict", "--noEmit", "--skipLibCheck", "false", *files], folder)
