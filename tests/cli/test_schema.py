from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from click.testing import Result

Idlgen = Callable[..., Result]


def test_the_json_schema_is_printed_as_it_is_committed(
    idlgen: Idlgen, root: Path
) -> None:
    result = idlgen("schema")
    assert (result.exit_code, result.stderr) == (0, "")
    committed = root / "schemas/idl.schema.json"
    assert result.stdout == committed.read_text(encoding="utf-8")
    assert json.loads(result.stdout)["title"] == "idlgen, edition 1"


def test_printing_it_loads_nothing_heavy() -> None:
    program = (
        "import sys\n"
        "from idlgen.cli import run\n"
        "sys.argv = ['idlgen', 'schema']\n"
        "try:\n"
        "    run()\n"
        "finally:\n"
        "    print({'jinja2', 'yaml', 'msgspec'} & set(sys.modules), file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stderr == "set()\n"
