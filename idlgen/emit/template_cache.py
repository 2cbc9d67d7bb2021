"""Compiled templates beside their sources, as Python keeps its own modules."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path
from zlib import crc32

import jinja2
from jinja2.bccache import Bucket


class TemplateCache(jinja2.FileSystemBytecodeCache):
    """Keeps bytecode in `__pycache__` beside the templates.

    Compiling the templates takes a fifth of a small build. Jinja checks that the source
    is the same; `settings`, which it does not check, is part of the files' names. Where
    the folder cannot be written, or Python writes no bytecode, nothing is kept.
    """

    def __init__(self, templates: Path, settings: object) -> None:
        known = crc32(repr((jinja2.__version__, settings)).encode())
        super().__init__(str(templates / "__pycache__"), f"%s.{known:08x}.jinja")

    def load_bytecode(self, bucket: Bucket) -> None:
        """Read the bytecode if it is there."""
        with suppress(OSError):
            super().load_bytecode(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Write the bytecode if that is allowed."""
        if sys.dont_write_bytecode:
            return
        with suppress(OSError):
            Path(self.directory).mkdir(exist_ok=True)
            super().dump_bytecode(bucket)
