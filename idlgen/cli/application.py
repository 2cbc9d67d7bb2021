"""The group of subcommands: finds them, and turns what they return into an exit code."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click

from idlgen._version import __version__
from idlgen.cli.console import Console, prepare_streams
from idlgen.cli.options import common_options, settings_of

CLEAN, FOUND, CANNOT_RUN, INTERNAL, INTERRUPTED = 0, 1, 2, 3, 130
"""Exit codes: nothing found; a finding with a place, or drift; usage, a file missing or
not writable; a fault of idlgen itself; stopped by the user."""

GROUPS = {
    "Generate": {
        "build": "Generate code and documentation from schemas.",
        "check": "Prove that the generated files are up to date.",
        "config": "Print the configuration and where each value comes from.",
        "init": "Begin a project: an example schema, configuration, CI.",
    },
    "Run": {
        "serve": "Serve an implementation of services.",
        "call": "Call a method of a server.",
        "mock": "Serve schemas without an implementation.",
    },
    "Look up": {
        "explain": "Say what the code of a finding means.",
        "rules": "List the codes that a finding can have.",
        "schema": "Print the JSON Schema of the language, for editors.",
        "version": "Print the version of idlgen.",
    },
}
"""The subcommands, each in the module of its name, in the order that help shows."""

COMMANDS = {name: text for group in GROUPS.values() for name, text in group.items()}


class Application(click.Group):
    """Loads a subcommand's module when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order that help shows."""
        return [*COMMANDS, *super().list_commands(ctx)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command, or None if there is no such one."""
        if cmd_name not in COMMANDS:
            return super().get_command(ctx, cmd_name)
        command = import_module(f"idlgen.cli.{cmd_name}").command
        assert isinstance(command, click.Command)
        return command

    def format_commands(
        self, ctx: click.Context, formatter: click.HelpFormatter
    ) -> None:
        """Write the lists of commands without loading one of them."""
        # So that the texts of all groups stand in one column.
        width = max(map(len, self.list_commands(ctx)))
        for heading, commands in GROUPS.items():
            with formatter.section(heading):
                rows = [(name.ljust(width), text) for name, text in commands.items()]
                formatter.write_dl(rows)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that `args` names, or suggest one.

        Raises:
            click.UsageError: there is no such command.
        """
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            raise click.UsageError(_no_such_command(name), ctx)
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the subcommand and leave with the number that it returns."""
        prepare_streams()
        console = Console(settings_of(ctx))
        try:
            code = super().invoke(ctx)
        except KeyboardInterrupt:
            code = INTERRUPTED
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            console.internal_error(error)
            code = INTERNAL
        console.flush()
        ctx.exit(code or CLEAN)


def _no_such_command(name: str) -> str:
    from idlgen.diagnostics.suggest import nearest

    found = nearest(name, COMMANDS)
    suggestion = f" Did you mean '{found}'?" if found else ""
    return f"No such command '{name}'.{suggestion}"


@click.group(
    cls=Application,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit codes: 0 clean, 1 findings or drift, 2 could not run, 3 internal error.",
)
@click.version_option(__version__, message="%(prog)s %(version)s")
@common_options
def application() -> None:
    """Generate typed Python, and documentation, from interface definitions in YAML."""
