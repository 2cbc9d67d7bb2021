"""The command line: arguments, printing and exit codes; one subcommand a file."""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress
from typing import NoReturn


def main() -> NoReturn:
    """Run the program and end the process with its exit code."""
    # A compiler's trees live until its end: walking them for garbage finds none, and
    # freeing them one by one takes a tenth of a large build.
    gc.disable()
    code = run()
    for stream in (sys.stdout, sys.stderr):
        with suppress(BrokenPipeError):
            stream.flush()
    os._exit(code)


def run() -> int:
    """Run the program and return its exit code."""
    from idlgen.cli.application import application

    try:
        application(prog_name="idlgen")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    except KeyboardInterrupt:
        return 130
    return 0
