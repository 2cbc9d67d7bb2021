"""What the bench found: ratios beside the most they may be."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

from tests.bench.measure import Measurement

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
)


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One number that has a limit: at most `limit`, in `unit`."""

    what: str
    value: float
    limit: float
    unit: str = "times"

    @property
    def holds(self) -> bool:
        """Whether the limit is kept."""
        return self.value <= self.limit


def ratio(
    what: str, measured: Measurement, beside: Measurement, limit: float
) -> Finding:
    """Compare two medians."""
    return Finding(what=what, value=measured.seconds / beside.seconds, limit=limit)


def table(measured: Mapping[str, Measurement], findings: Iterable[Finding]) -> str:
    """Return all results as text for a terminal."""
    lines = [f"{'':34}{'median s':>10}{'fastest':>10}{'slowest':>10}{'MiB':>8}"]
    lines += [
        f"{name:34}{m.seconds:10.3f}{m.fastest:10.3f}{m.slowest:10.3f}{m.peak_mib:8.0f}"
        for name, m in measured.items()
    ]
    lines.append("")
    lines += [
        f"{'ok ' if f.holds else 'NOT'} {f.what}: {f.value:.2f} {f.unit}, at most {f.limit:g}"
        for f in findings
    ]
    return "\n".join(lines)


def write(
    measured: Mapping[str, Measurement], findings: Iterable[Finding], runs: int
) -> None:
    """Write all results, with the versions they belong to, to `results.json`."""
    results = {
        "runs": runs,
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        "versions": {tool: version(tool) for tool in TOOLS},
        "findings": [rounded(asdict(f) | {"holds": f.holds}) for f in findings],
        "measured": {name: rounded(asdict(m)) for name, m in measured.items()},
    }
    text = json.dumps(results, indent=2, ensure_ascii=False)
    RESULTS.write_text(text + "\n", encoding="utf-8")


def rounded(record: Mapping[str, object]) -> dict[str, object]:
    return {
        key: round(value, 4) if isinstance(value, float) else value
        for key, value in record.items()
    }
