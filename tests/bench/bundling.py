"""How large programs for browsers become, beside connect-es and openapi-fetch.

Each calls the same two methods and looks at the same error. `idlgen_whole` is all that
there is: the client and the whole runtime.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import msgspec

from tests.bench.building import ROOT
from tests.bench.report import Finding

PROGRAMS = Path(__file__).parent / "bundles"
NAMES = ("idlgen", "idlgen_websocket", "idlgen_whole", "connect", "openapi_fetch")
NODE = ROOT / "tests/node"
ES_PLUGIN = NODE / "node_modules/@bufbuild/protoc-gen-es/bin/protoc-gen-es"


class Bundle(msgspec.Struct, frozen=True):
    """A bundle's sizes in bytes; `parts` are those of the files that it was made of."""

    minified: int
    gzipped: int
    parts: dict[str, int]


def write_programs(folder: Path) -> None:
    """Write the programs, and what is generated for them, as a project of ES modules."""
    shutil.copytree(PROGRAMS, folder)
    (folder / "node_modules").symlink_to(NODE / "node_modules")
    (folder / "package.json").write_text(json.dumps({"type": "module"}), "utf-8")
    generated = folder / "generated"
    build = ("idlgen", "build", "--target", "typescript", "schemas/user.yaml")
    _run(*build, "--out", str(generated), folder=ROOT)
    plugin = (f"--plugin=protoc-gen-es={ES_PLUGIN}", "--es_opt=target=ts")
    _run(
        "grpc_tools.protoc",
        "-I.",
        *plugin,
        "--es_out=generated",
        "user.proto",
        folder=folder,
    )


def _run(*module: str, folder: Path) -> None:
    command = (sys.executable, "-m", *module)
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)


def bundles(folder: Path) -> Mapping[str, Bundle]:
    """Return the bundles of the programs that stand in `folder`, by name."""
    command = ("node", str(NODE / "bundle.mjs"), *(f"{name}.ts" for name in NAMES))
    done = subprocess.run(command, cwd=folder, check=True, stdout=subprocess.PIPE)
    found = msgspec.json.decode(done.stdout, type=list[Bundle])
    return dict(zip(NAMES, found, strict=True))


def measured(folder: Path) -> list[Finding]:
    """Write and bundle the programs; return what was found."""
    if not ES_PLUGIN.exists():
        raise SystemExit(f"{ES_PLUGIN.name} is missing: cd tests/node && npm ci")
    write_programs(folder)
    return judge(bundles(folder))


def judge(found: Mapping[str, Bundle]) -> list[Finding]:
    """Compare the sizes with what they may be; all are minified and gzipped."""
    sizes = {name: bundle.gzipped for name, bundle in found.items()}
    beside = {
        "connect-es": (sizes["connect"], 0.25),
        "openapi-fetch": (sizes["openapi_fetch"], 3.0),
    }
    stated = {
        "two calls over HTTP": sizes["idlgen"],
        "two calls over WebSocket": sizes["idlgen_websocket"],
        "all of client and runtime": sizes["idlgen_whole"],
    }
    return [
        *(
            Finding(
                what=f"bundle of two calls beside {name}",
                value=sizes["idlgen"] / size,
                limit=limit,
            )
            for name, (size, limit) in beside.items()
        ),
        *(
            Finding(what=f"bundle of {what}", value=size / 1024, limit=None, unit="KiB")
            for what, size in stated.items()
        ),
    ]
