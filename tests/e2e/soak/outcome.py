"""What a soak was to be, and all that was seen of it."""

from __future__ import annotations

from msgspec import Struct as Record, field

from tests.e2e.faults.counting import Counts
from tests.e2e.soak.log import Unreached
from tests.runtime.contract.mill.types import Held


class Plan(Record, frozen=True, kw_only=True):
    """How long and how much; all spans are in seconds."""

    seed: str
    seconds: float
    clients: int
    """Of each of the four kinds."""
    pause: float
    """Between what a client does and what it does next, on average."""
    restarts: int
    """How many there are at least."""
    short_life: tuple[float, float] = (0.5, 6.0)
    long_life: tuple[float, float] | None = None
    """Of one server in four, where there is such a one: memory is looked at."""
    rest_every: float = 15.0


class Sample(Record, frozen=True):
    """What a process held at a moment at which nobody called."""

    at: float
    """Seconds since the soak began."""
    held: Counts


class Crew(Record):
    """What a process of clients held, and did."""

    before: Counts
    """Before the first client was there, and after all were closed once."""
    after: Counts | None = None
    """After the last was closed."""
    samples: list[Sample] = field(default_factory=list)
    """While they rested."""
    tally: dict[str, int] = field(default_factory=dict)


class Outcome(Record):
    """All that was seen."""

    plan: Plan
    before: Held
    """What the first server held when one of each call had been made."""
    crews: dict[str, Crew]
    seconds: float = 0.0
    after: Held | None = None
    """What the last one held after the last client had gone."""
    lives: list[list[Sample]] = field(default_factory=list)
    """What each server held whenever the clients rested."""
    outages: list[tuple[float, float]] = field(default_factory=list)
    """From when a server was ended until the next one listened, monotonic clock."""
    ends: dict[str, int] = field(default_factory=dict)
    """How often each signal ended a server."""
    faults: list[str] = field(default_factory=list)
    keyed: dict[str, str] = field(default_factory=dict)
    """What writes with a key were answered, by their key."""
    unkeyed: dict[str, str | None] = field(default_factory=dict)
    """What writes without a key were answered, by their name."""
    unreached: list[Unreached] = field(default_factory=list)
    writes: dict[str, list[str]] = field(default_factory=dict)
    """What was written with keys, as the database has it."""
    runs: dict[str, list[str]] = field(default_factory=dict)
    """What was written without."""
    server_errors: str = ""
    client_errors: str = ""

    def total(self) -> dict[str, int]:
        """Return the tallies of all clients."""
        total: dict[str, int] = {}
        for crew in self.crews.values():
            for what, number in crew.tally.items():
                total[what] = total.get(what, 0) + number
        return total
