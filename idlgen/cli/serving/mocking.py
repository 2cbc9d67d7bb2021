"""A mock that can be built anew while it serves, when a schema changes."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from idlgen.cli.compiled import Faulty, compile_schemas
from idlgen.cli.console import Console
from idlgen.cli.serving.fakes import Mocked, mock_services
from idlgen.runtime.server.scope import Receive, Scope, Send

INTERVAL = 0.25
"""Seconds between two looks at the schemas."""


class Mock:
    """An ASGI app that hands each connection to the latest build."""

    def __init__(
        self, schemas: Sequence[str], console: Console, path: str | None
    ) -> None:
        self._schemas = schemas
        self._console = console
        self._path = path
        self._sources: Mapping[Path, object] = {}
        self._served: Mocked | None = None
        self._watching: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection; see `AsgiApp`."""
        assert self._served is not None
        await self._served.app(scope, receive, send)

    async def drain(self, grace: float) -> bool:
        """Take no more calls; see `AsgiApp`."""
        return self._served is None or await self._served.app.drain(grace)

    def build(self) -> Mocked | Faulty:
        """Compile the schemas and serve them from now on, unless they are faulty.

        Raises:
            click.ClickException: no schema is given, or none declares a service.
        """
        compiled = compile_schemas(
            self._schemas,
            self._console,
            targets=("python", "openrpc"),
            option="SCHEMAS",
        )
        if isinstance(compiled, Faulty):
            return compiled
        mocked = mock_services(compiled, self._path)
        self._sources = _seen(compiled.sources)
        if self._served is not None:
            self._served.modules.forget()
        self._served = mocked
        return mocked

    def watch(self) -> None:
        """Build anew whenever a schema changes, until the event loop ends."""
        self._watching = asyncio.get_running_loop().create_task(self._watch())

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(INTERVAL)
            now = _seen(self._sources)
            if now != self._sources:
                self._sources = now
                self._build_anew()

    def _build_anew(self) -> None:
        try:
            built = self.build()
        except click.ClickException as error:
            self._console.warn(f"Error: {error.format_message()}")
            return
        if isinstance(built, Faulty):
            self._console.findings(built.diagnostics, aside=True)
            self._console.warn("serving what was there before")
            return
        self._console.summary(f"serving {', '.join(built.services)} anew")


def _seen(files: Sequence[Path] | Mapping[Path, object]) -> Mapping[Path, object]:
    """Return what tells that a file has changed: its time and size, None for no file."""
    return {file: _stamp(file) for file in files}


def _stamp(file: Path) -> object:
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size
