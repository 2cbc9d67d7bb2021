"""What the bench found: ratios beside the most, or the least, they may be."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

from tests.bench.measure import Load, Measurement, Rate

RESULTS = Path(__file__).parent / "results.json"
TOOLS = (
    "idlgen",
    "grpcio-tools",
    "datamodel-code-generator",
    "pydantic",
    "msgspec",
    "jinja2",
    "pyyaml",
    "click",
    "grpcio",
    "websockets",
    "aiohttp",
    "urllib3",
    "uvicorn",
    "h11",
    "httptools",
    "uvloop",
    "fastapi",
    "fastapi-jsonrpc",
    "pjrpc",
    "jsonrpcserver",
)


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One number, in `unit`, and its limit: the most, or the least if `at_least`.

    `void` says why the number says nothing, if it does not.
    """

    what: str
    value: float
    limit: float | None
    unit: str = "times"
    at_least: bool = False
    void: str = ""

    @property
    def holds(self) -> bool:
        """Whether the limit, if any, is kept; a void number keeps none."""
        if self.limit is None:
            return True
        if self.void:
            return False
        if self.at_least:
            return self.value >= self.limit
        return self.value <= self.limit

    def __str__(self) -> str:
        mark = "NOT" if not self.holds else "ok " if self.limit is not None else "   "
        text = f"{mark} {self.what}: {self.value:.2f} {self.unit}"
        if self.void:
            text += f" (void: {self.void})"
        if self.limit is None:
            return text
        return f"{text}, at {'least' if self.at_least else 'most'} {self.limit:g}"


def ratio(
    what: str, measured: Measurement, beside: Measurement, limit: float
) -> Finding:
    """Compare two medians."""
    return Finding(what=what, value=measured.seconds / beside.seconds, limit=limit)


def table(measured: Mapping[str, Measurement]) -> str:
    """Return all measurements as text for a terminal."""
    lines = [f"{'':36}{'median s':>10}{'fastest':>10}{'slowest':>10}{'MiB':>8}"]
    lines += [
        f"{name:36}{m.seconds:10.3f}{m.fastest:10.3f}{m.slowest:10.3f}{m.peak_mib:8.0f}"
        for name, m in measured.items()
    ]
    return "\n".join(lines) + "\n"


def rates_table(placement: str, rates: Mapping[str, Rate]) -> str:
    """Return all rates as text for a terminal."""
    lines = [f"{placement:36}{'a second':>10}{'fastest':>10}{'slowest':>10}{'MiB':>8}"]
    lines += [
        f"{name:36}{r.per_second:10.0f}{r.fastest:10.0f}{r.slowest:10.0f}{r.peak_mib:8.0f}"
        for name, r in rates.items()
    ]
    return "\n".join(lines) + "\n"


def write(
    measured: Mapping[str, Measurement],
    rates: Mapping[str, Mapping[str, Rate]],
    loads: Mapping[str, Load],
    findings: Iterable[Finding],
    runs: Mapping[str, int],
) -> None:
    """Write all results, with the versions they belong to, to `results.json`."""
    results = {
        "runs": dict(runs),
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        "versions": {tool: version(tool) for tool in TOOLS},
        "findings": [rounded(asdict(f) | {"holds": f.holds}) for f in findings],
        "measured": {name: rounded(asdict(m)) for name, m in measured.items()},
        "rates": {
            placement: {name: rounded(asdict(r)) for name, r in found.items()}
            for placement, found in rates.items()
        },
        "loads": {name: rounded(asdict(load)) for name, load in loads.items()},
    }
    text = json.dumps(results, indent=2, ensure_ascii=False)
    RESULTS.write_text(text + "\n", encoding="utf-8")


def rounded(record: Mapping[str, object]) -> dict[str, object]:
    return {
        key: round(value, 4) if isinstance(value, float) else value
        for key, value in record.items()
    }
