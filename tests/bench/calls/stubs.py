"""What protoc writes for `calls.proto`."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


def write(folder: Path) -> Path:
    """Run protoc on `calls.proto`; return the folder of its output."""
    folder.mkdir(parents=True, exist_ok=True)
    outputs = (f"--python_out={folder}", f"--grpc_python_out={folder}")
    command = (sys.executable, "-m", "grpc_tools.protoc", f"-I{HERE}", *outputs)
    subprocess.run((*command, "calls.proto"), check=True)
    return folder


def load(folder: str) -> tuple[Any, Any]:
    """Return the modules of messages and of services that `write` made in `folder`."""
    sys.path.append(folder)
    return import_module("calls_pb2"), import_module("calls_pb2_grpc")
