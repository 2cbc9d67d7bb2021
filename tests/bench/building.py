"""How long `idlgen build` takes, beside protoc and datamodel-code-generator."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from tests.bench import synthetic
from tests.bench.measure import Contender

ROOT = Path(__file__).parent.parent.parent
IDLGEN = ("-m", "idlgen", "build", "bench.yaml", "--out", "idlgen")
PROTOC = (
    "-m",
    "grpc_tools.protoc",
    "-I.",
    "--python_out=protoc",
    "--pyi_out=protoc",
    "--grpc_python_out=protoc",
    "bench.proto",
)
DATAMODEL = (
    "-m",
    "datamodel_code_generator",
    "--input=bench.json",
    "--input-file-type=openapi",
    "--output-model-type=pydantic_v2.BaseModel",
    "--output=datamodel/models.py",
)
# Where each of the N types must stand, and how it does.
PLACES = {
    "types.py": r"^(?:class )?{name}\b",
    "bench.d.ts": r"^export (?:declare )?(?:interface|type|enum|const) {name}\b",
    "bench.md": r"^#+ .*\b{name}\b",
}


def write_inputs(folder: Path, n: int) -> Path:
    """Write the synthetic API of `n` types for all three tools; return `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "bench.yaml").write_text(synthetic.as_idl(n))
    (folder / "bench.proto").write_text(synthetic.as_proto(n))
    (folder / "bench.json").write_text(synthetic.as_openapi(n))
    return folder


def idlgen(folder: Path) -> Contender:
    """Build python and docs from the schema in `folder`, each time from nothing."""
    return contender(IDLGEN, folder, folder / "idlgen")


def protoc(folder: Path) -> Contender:
    """Run protoc for messages, their stubs and the services."""
    return contender(PROTOC, folder, folder / "protoc")


def datamodel(folder: Path) -> Contender:
    """Run datamodel-code-generator for pydantic models."""
    return contender(DATAMODEL, folder, folder / "datamodel")


def user_schema(folder: Path) -> Contender:
    """Build schemas/user.yaml, each time from nothing."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(ROOT / "schemas/user.yaml", folder / "bench.yaml")
    return idlgen(folder)


def imports_only(folder: Path) -> Contender:
    """Import what `idlgen build` must import, and do nothing with it."""
    return Contender(
        command=(sys.executable, "-c", "import click, jinja2, yaml"), cwd=folder
    )


def contender(arguments: Sequence[str], folder: Path, out: Path) -> Contender:
    anew: Callable[[], None] = partial(make_empty, out)
    return Contender(command=(sys.executable, *arguments), cwd=folder, prepare=anew)


def make_empty(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()


def missing_types(out: Path, n: int) -> list[str]:
    """Return where a type is missing in idlgen's output, as `file: name`.

    Raises:
        FileNotFoundError: one of the files is missing.
    """
    missing = []
    for file, pattern in PLACES.items():
        text = (out / "bench" / file).read_text(encoding="utf-8")
        missing += [
            f"{file}: {name}"
            for name in synthetic.type_names(n)
            if not re.search(pattern.format(name=name), text, re.MULTILINE)
        ]
    return missing
