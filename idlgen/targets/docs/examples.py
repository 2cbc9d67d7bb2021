"""Examples as the wire carries them."""

from __future__ import annotations

from idlgen.model import Example, Method, Presence


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
