"""Methods, examples and errors as JSON-RPC 2.0 carries them."""

from __future__ import annotations

import re

from idlgen.model import Error, Example, Method, Package, Presence, Service, Status

# `Status` lists them in the order of grpc/status.h, which numbers them from 1.
ERROR_CODES = {status: -32000 - n for n, status in enumerate(Status, start=1)}
"""The codes of statuses: gRPC's numbers, counted down from -32000."""


def service_name(package: Package, service: Service) -> str:
    """Return the full name of a service: `user.UserService`."""
    return f"{package.name}.{service.name}"


def method_name(package: Package, service: Service, method: Method) -> str:
    """Return what a request calls a method: `user.UserService.getUserById`."""
    return f"{service_name(package, service)}.{method.name}"


def written_params(method: Method, example: Example) -> dict[str, object]:
    """Return the params that a client writes: one equal to its default is left out."""
    defaults = {
        param.wire_name: param.default
        for param in method.params
        if param.presence is Presence.DEFAULTED
    }
    return {
        name: value
        for name, value in example.params.items()
        if name not in defaults or value != defaults[name]
    }


def message_template(error: Error) -> str:
    """Return the message of an error, its fields in braces.

    Where the schema gives none it is the name in words: `user not found`.
    """
    if error.message is not None:
        return error.message
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", error.name).lower()
