"""Which files a package makes, and where they import one another from."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest

from idlgen.targets import OptionError, target_sources
from idlgen.targets.typescript.target import TypeScriptTarget
from tests.targets.typescript.conftest import Render

RUNTIME = [
    "_idlgen/answers.ts",
    "_idlgen/batch.ts",
    "_idlgen/calls.ts",
    "_idlgen/connection.ts",
    "_idlgen/constraints.ts",
    "_idlgen/credentials.ts",
    "_idlgen/endpoint.ts",
    "_idlgen/errors.ts",
    "_idlgen/events.ts",
    "_idlgen/failures.ts",
    "_idlgen/http.ts",
    "_idlgen/index.ts",
    "_idlgen/kinds.ts",
    "_idlgen/limits.ts",
    "_idlgen/messages.ts",
    "_idlgen/meta.ts",
    "_idlgen/methods.ts",
    "_idlgen/pages.ts",
    "_idlgen/parsing.ts",
    "_idlgen/raw.ts",
    "_idlgen/reading.ts",
    "_idlgen/requests.ts",
    "_idlgen/responses.ts",
    "_idlgen/retries.ts",
    "_idlgen/rpcerror.ts",
    "_idlgen/shapes.ts",
    "_idlgen/sizes.ts",
    "_idlgen/socketstream.ts",
    "_idlgen/streamflow.ts",
    "_idlgen/streams.ts",
    "_idlgen/transport.ts",
    "_idlgen/validation.ts",
    "_idlgen/websocket.ts",
    "_idlgen/writing.ts",
]
MODULES = ["_service", "_shapes", "client", "errors", "index", "types", "validation"]
WHOLE = """
    package: acme.user
    types: {User: {fields: {id: int64}}}
    errors: {Gone: {status: not_found}}
    services: {Users: {methods: {get: {returns: User, errors: [Gone]}}}}
"""


def imported(files: Mapping[str, str], path: str) -> list[str]:
    return re.findall(r'from "(.*)";', files[path])


def test_a_package_makes_its_modules_and_the_runtime(render: Render) -> None:
    files = render(WHOLE)
    assert sorted(files) == [*RUNTIME, *(f"acme/user/{it}.ts" for it in MODULES)]
    assert imported(files, "acme/user/client.ts") == [
        "../../_idlgen/index.js",
        "./_service.js",
        "./types.js",
    ]
    index = ["./types.js", "./errors.js", "./client.js"]
    assert imported(files, "acme/user/index.ts") == index


def test_modules_that_would_be_empty_are_not_made(render: Render) -> None:
    files = render("package: none")
    assert sorted({*files} - {*RUNTIME}) == ["none/index.ts"]
    assert files["none/index.ts"].endswith("\nexport {};\n")
    files = render("{package: few, types: {Id: {newtype: int}}}")
    assert sorted({*files} - {*RUNTIME}) == ["few/index.ts", "few/types.ts"]


@pytest.mark.parametrize("name", ["types", "errors", "client", "index", "validation"])
def test_no_module_is_called_as_the_declarations_are(render: Render, name: str) -> None:
    files = render(WHOLE.replace("acme.user", f"acme.{name}"))
    named = [f"{it}_" if it == name else it for it in MODULES]
    assert sorted({*files} - {*RUNTIME}) == sorted(
        f"acme/{name}/{it}.ts" for it in named
    )
    for path in {*files} - {*RUNTIME}:
        assert f"./{name}.js" not in imported(files, path)


def test_the_runtime_may_be_a_package_of_npm(render: Render) -> None:
    files = render(WHOLE, runtime="@acme/idlgen-runtime")
    assert not [path for path in files if path.startswith("_idlgen")]
    for module in ("_service", "_shapes", "client", "errors", "validation"):
        assert imported(files, f"acme/user/{module}.ts")[0] == "@acme/idlgen-runtime"


@pytest.mark.parametrize("name", ["", "./own", "../x", "a/b", 'x";evil()//', "@a", "A"])
def test_what_is_no_package_of_npm_is_refused(name: str) -> None:
    with pytest.raises(OptionError, match="must be the name of an npm package"):
        TypeScriptTarget({"runtime": name})


def test_the_digest_covers_the_runtime_and_what_is_shared() -> None:
    def folders(target: str) -> set[str]:
        return {path.parent.name for path in target_sources(target)}

    shared = {"emit", "wire"}
    assert folders("typescript") == {"typescript", "runtime", "tsdoc", *shared}
    assert folders("docs") == {"docs", "tsdoc", *shared}
    assert folders("python") == {"python", *shared}
