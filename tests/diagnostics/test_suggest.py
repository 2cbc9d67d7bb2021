from __future__ import annotations

import pytest

from idlgen.diagnostics.suggest import did_you_mean, nearest


@pytest.mark.parametrize(
    ("word", "candidates", "found"),
    [
        ("Usr", ["User", "Order"], "User"),
        ("readOnly", ["readonly", "returns"], "readonly"),
        ("user_id", ["userId"], "userId"),
        ("xyz", ["User"], None),
        ("a", [], None),
    ],
)
def test_the_nearest_name(word: str, candidates: list[str], found: str | None) -> None:
    assert nearest(word, candidates) == found


def test_the_hint() -> None:
    assert did_you_mean("Usr", ["User"]) == "did you mean `User`?"
    assert did_you_mean("xyz", ["User"]) is None
