"""What stands around each call, on both sides: the interface, and ready ones."""

from __future__ import annotations

from idlgen.runtime.interceptors.calls import (
    Call,
    ClientCall,
    ClientInterceptor,
    Interceptor,
)

__all__ = ["Call", "ClientCall", "ClientInterceptor", "Interceptor"]
