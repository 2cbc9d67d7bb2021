"""The command line: arguments, printing and exit codes; one subcommand a file."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the program and leave with its exit code."""
    try:
        from idlgen.cli.application import application

        application(prog_name="idlgen")
    except KeyboardInterrupt:
        sys.exit(130)
