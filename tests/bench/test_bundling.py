"""What is bundled is what is used, and it is small."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.bench import bundling
from tests.bench.bundling import Bundle
from tests.conftest import found_or_skip
from tests.e2e.typescript.conftest import compiled, configured

WEB_SOCKET = {"connection.ts", "socketstream.ts", "streamflow.ts", "websocket.ts"}
HTTP = {"events.ts", "http.ts", "responses.ts"}
NOT_USED = {"batch.ts", "credentials.ts", "raw.ts", "streams.ts"}
VALIDATION = {"constraints.ts", "kinds.ts", "reading.ts", "validation.ts"}


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory, node: str) -> Path:
    for path in (bundling.ES_PLUGIN, bundling.NODE / "node_modules/esbuild"):
        found_or_skip(path, path.name, "cd tests/node && npm ci")
    folder = tmp_path_factory.mktemp("bundles") / "src"
    bundling.write_programs(folder)
    return folder


@pytest.fixture(scope="module")
def bundles(programs: Path) -> Mapping[str, Bundle]:
    return bundling.bundles(programs)


def runtime(bundle: Bundle) -> set[str]:
    """Return the modules of the runtime that are in a bundle."""
    paths = [Path(path) for path in bundle.parts]
    return {path.name for path in paths if path.parent.name == "_idlgen"}


def test_transports_that_are_not_imported_are_not_there(
    bundles: Mapping[str, Bundle],
) -> None:
    assert runtime(bundles["idlgen_whole"]) >= WEB_SOCKET | HTTP | {"batch.ts"}
    assert runtime(bundles["idlgen"]).isdisjoint({*WEB_SOCKET, "batch.ts"})
    assert runtime(bundles["idlgen_websocket"]).isdisjoint({*HTTP, "batch.ts"})


def test_what_is_not_used_is_not_there(bundles: Mapping[str, Bundle]) -> None:
    assert runtime(bundles["idlgen_whole"]) >= NOT_USED
    assert runtime(bundles["idlgen"]).isdisjoint(NOT_USED)
    assert runtime(bundles["idlgen_websocket"]).isdisjoint(NOT_USED)


def test_validation_is_there_where_it_is_imported_alone(
    bundles: Mapping[str, Bundle],
) -> None:
    def named(name: str) -> set[str]:
        return {Path(path).name for path in bundles[name].parts}

    assert runtime(bundles["idlgen_whole"]) >= VALIDATION
    assert "generated/user/validation.ts" in bundles["idlgen_whole"].parts
    assert named("idlgen").isdisjoint(VALIDATION)
    assert named("idlgen_websocket").isdisjoint(VALIDATION)


def test_sizes_keep_their_limits(bundles: Mapping[str, Bundle]) -> None:
    findings = bundling.judge(bundles)
    assert [str(found) for found in findings if not found.holds] == []
    assert [found.limit for found in findings] == [0.25, 3.0, None, None, None]


def test_the_programs_are_right(programs: Path, node: str, tsc: str) -> None:
    configured(
        programs.parent,
        noEmit=True,
        types=[],
        lib=["es2022", "dom", "dom.iterable"],
        # What others wrote is not judged here.
        skipLibCheck=True,
        erasableSyntaxOnly=False,
    )
    compiled(node, tsc, programs.parent)
