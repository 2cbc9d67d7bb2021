"""How long tests of idempotency keys wait before they fail."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

PATIENCE = 60


def within_a_minute(main: Coroutine[Any, Any, T]) -> T:
    """Run it as `asyncio.run` does; fail where it would hang."""
    return asyncio.run(asyncio.wait_for(main, PATIENCE))
