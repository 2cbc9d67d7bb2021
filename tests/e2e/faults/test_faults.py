"""After many faults, each a typed error, both sides hold what they held after a few.

`python -m tests.e2e.faults` runs the same table with 200 faults a row, and prints what
each process holds.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.e2e.faults.counting import Counts
from tests.e2e.faults.faults import FAULTS
from tests.e2e.faults.scene import Urls
from tests.e2e.faults.table import KINDS, left, peers, run

MANY = 60


@pytest.fixture(scope="module")
def urls() -> Iterator[Urls]:
    with peers() as urls:
        yield urls


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", FAULTS)
def test_nothing_is_left_of_faults(name: str, kind: str, urls: Urls) -> None:
    found = run(name, kind, MANY, urls)
    assert left(found.few.client, found.many.client) == []
    assert left(found.few.server, found.many.server) == []


def test_what_is_left_is_told() -> None:
    few = Counts(tasks=3, threads=1, files=9, blocks=1000, kilobytes=2000)
    many = Counts(tasks=3, threads=2, files=8, blocks=3001, kilobytes=6096)
    assert left(few, few) == []
    assert left(few, many) == [
        "threads: 1 after few, 2 after many",
        "blocks: 1000 after few, 3001 after many",
    ]
