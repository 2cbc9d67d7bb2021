"""What stands around each call, on both sides: the interface, and ready ones.

The ready ones are loaded when they are first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from idlgen.runtime.interceptors.calls import (
    Call,
    ClientCall,
    ClientInterceptor,
    Interceptor,
)

if TYPE_CHECKING:
    from idlgen.runtime.interceptors.log_lines import logged
    from idlgen.runtime.interceptors.metrics import measured
    from idlgen.runtime.interceptors.spans import traced

__all__ = [
    "Call",
    "ClientCall",
    "ClientInterceptor",
    "Interceptor",
    "logged",
    "measured",
    "traced",
]

if not TYPE_CHECKING:
    # Hidden from type checkers, which would take any misspelt name for one of ours.
    _HOMES = {"logged": "log_lines", "measured": "metrics", "traced": "spans"}

    def __getattr__(name: str) -> object:
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module

        home = import_module(f"{__name__}.{_HOMES[name]}")
        value = globals()[name] = getattr(home, name)
        return value
