"""The target `openrpc`: `user.openrpc.json` of package `user`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import ClassVar, cast

from idlgen.diagnostics import Diagnostic
from idlgen.emit.json_text import json_document
from idlgen.emit.own_templates import OwnTemplates
from idlgen.model import Api, Package
from idlgen.targets import Comment, OptionError, RenderedFile
from idlgen.targets.openrpc.document import document
from idlgen.targets.python.names import module_path

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[!-~]+")


class OpenRpcTarget:
    """Renders a package's services for tools that read OpenRPC.

    The option `url` is where they are served. There are no templates: JSON is written
    by an encoder, which no text can break out of.
    """

    OPTIONS: ClassVar[Mapping[str, type]] = {"url": str}
    name = "openrpc"

    def __init__(
        self, options: Mapping[str, object], templates: OwnTemplates | None = None
    ) -> None:
        del templates  # there are none
        self._url = cast(str | None, options.get("url"))
        if self._url is not None and not _URL.fullmatch(self._url):
            raise OptionError(
                "url", "must be a whole URL, such as `https://example.com/rpc`"
            )

    def check(self, api: Api, package: Package) -> Iterator[Diagnostic]:
        """Yield nothing: OpenRPC takes every name, and says of streams what there is."""
        del api, package
        yield from ()

    def render(self, api: Api, package: Package) -> Iterator[RenderedFile]:
        """Yield `acme/user/user.openrpc.json` for `acme.user`, if it has services.

        It lies beside the Python of the package, where servers look for it.
        """
        if not package.services:
            return
        # The header begins the object.
        text = json_document(document(api, package, self._url)).removeprefix("{\n")
        stem = package.name.rpartition(".")[2]
        yield RenderedFile(
            path=f"{module_path(package.name)}/{stem}.openrpc.json",
            body=text,
            comment=Comment.JSON,
            target=self.name,
            package=package.name,
        )
