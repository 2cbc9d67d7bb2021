"""The params of a request, as the keyword arguments of its handler."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from idlgen.runtime.errors import Problem
from idlgen.runtime.method_codec import MethodCodec
from idlgen.runtime.protocols.jsonrpc.failures import INVALID_PARAMS, INVALID_REQUEST
from idlgen.runtime.protocols.jsonrpc.requests import Request
from idlgen.runtime.refusals import Refused
from idlgen.runtime.server.failures import Refusal
from idlgen.runtime.validation.members import scan


def read_params(request: Request, codec: MethodCodec[Any]) -> dict[str, object]:
    """Return the keyword arguments, of params by name or by position.

    Raises:
        Refusal: the params do not fit the method, or the request has a fault.
    """
    source: bytes | msgspec.Raw = request.params
    tree = request.tree
    try:
        if isinstance(tree, list):
            source, tree = _named(request.params, tree, codec.positions)
        if request.fault is None:
            return codec.decode_params(source, tree)
        raise Refusal(INVALID_REQUEST, *_faults(request.fault, source, codec))
    except Refused as error:
        raise Refusal(INVALID_PARAMS, *error.problems) from None


def _faults(
    fault: str, source: bytes | msgspec.Raw, codec: MethodCodec[Any]
) -> Iterator[Problem]:
    """Yield what is wrong with a request with the fault, whose params are `source`."""
    somewhere = Problem("$", fault)
    if scan(bytes(source).decode()).fault is None:
        yield somewhere
        return
    for problem in codec.explain_params(source, somewhere):
        if problem is somewhere:
            yield problem
        else:
            path = problem.path.removeprefix("$")
            yield Problem(f"$.params{path}", problem.message)


def _named(
    source: msgspec.Raw, tree: list[object], positions: list[bytes]
) -> tuple[bytes, dict[str, object]]:
    """Return params by position as the object of the same params by name."""
    if len(tree) > len(positions):
        problem = f"Expected at most {len(positions)} params, got {len(tree)}"
        raise Refusal(INVALID_PARAMS, Problem("$", problem))
    items = msgspec.json.decode(source, type=list[msgspec.Raw])
    pairs = zip(positions, items, strict=False)
    members = b",".join(b"%b:%b" % (name, bytes(item)) for name, item in pairs)
    names = (msgspec.json.decode(name, type=str) for name in positions)
    return b"{%b}" % members, dict(zip(names, tree, strict=False))
