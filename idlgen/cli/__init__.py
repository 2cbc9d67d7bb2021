"""The command line: arguments, printing and exit codes; one subcommand a file."""

from __future__ import annotations

import gc
import sys


def main() -> None:
    """Run the program and leave with its exit code."""
    # A compiler's trees live until its end: walking them for garbage finds none.
    gc.disable()
    try:
        from idlgen.cli.application import application

        application(prog_name="idlgen")
    except KeyboardInterrupt:
        sys.exit(130)
