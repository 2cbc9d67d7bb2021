"""How long generated structs take to import, beside the same ones written by hand."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.bench import structs
from tests.bench.measure import Contender

# The libraries' own import is part of what a user waits for, so it is timed too.
PROGRAM = """
import time
started = time.perf_counter()
import {module}
print(time.perf_counter() - started)
"""


def contenders(folder: Path, n: int) -> dict[str, Contender]:
    """Write `n` structs three times into `folder`; return what imports each of them."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "bench.yaml").write_text(structs.as_idl(n))
    (folder / "by_hand.py").write_text(structs.as_msgspec(n))
    (folder / "models.py").write_text(structs.as_pydantic(n))
    build = (sys.executable, "-m", "idlgen", "build", "bench.yaml", "--out", "out")
    subprocess.run(build, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    modules = {
        "idlgen": "out.bench.types",
        "msgspec by hand": "by_hand",
        "pydantic": "models",
    }
    return {name: importing(module, folder) for name, module in modules.items()}


def importing(module: str, folder: Path) -> Contender:
    program = PROGRAM.format(module=module)
    return Contender(command=(sys.executable, "-c", program), cwd=folder, printed=True)
