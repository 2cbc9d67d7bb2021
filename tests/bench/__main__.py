"""The bench: `python -m tests.bench`, from the repo's root, or `make bench`.

Times whole processes, cold: nothing is left of the run before but compiled modules and
templates. Then counts calls a second between processes, and those that a server takes on
one core. Ends 1 if a limit is broken.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tests.bench import building, bundling, calling, importing, loading, report
from tests.bench.measure import Measurement, Rate, interleaved
from tests.bench.report import Finding, ratio

SMALL, LARGE = 1000, 3000
STRUCTS = 500


def measure(folder: Path, runs: int) -> dict[str, Measurement]:
    """Run everything; the folders of the builds stay for a look inside."""
    small = building.write_inputs(folder / "small", SMALL)
    large = building.write_inputs(folder / "large", LARGE)
    builds = {
        f"idlgen, {SMALL} types": building.idlgen(small),
        f"protoc, {SMALL} types": building.protoc(small),
        f"datamodel, {SMALL} types": building.datamodel(small),
        f"idlgen, {LARGE} types": building.idlgen(large),
    }
    starts = {
        "idlgen, user.yaml": building.user_schema(folder / "user"),
        "import click, jinja2, yaml": building.imports_only(folder),
    }
    imports = importing.contenders(folder / "imports", STRUCTS)
    measured = interleaved(builds, runs) | interleaved(starts, runs)
    for name, measurement in interleaved(imports, runs).items():
        measured[f"import {STRUCTS} structs, {name}"] = measurement
    for built, n in ((small, SMALL), (large, LARGE)):
        missing = building.missing_types(built / "idlgen", n)
        if missing:
            raise SystemExit(f"missing in the output: {', '.join(missing[:10])}")
    return measured


def measure_calls(folder: Path, runs: int) -> dict[str, Rate]:
    """Run servers and clients."""
    with calling.contenders(folder) as clients:
        return calling.rates(interleaved(clients, runs))


def judge(measured: dict[str, Measurement]) -> list[Finding]:
    """Compare what was measured with what it may be."""
    small = measured[f"idlgen, {SMALL} types"]
    large = measured[f"idlgen, {LARGE} types"]
    user, bare = (
        measured["idlgen, user.yaml"],
        measured["import click, jinja2, yaml"],
    )
    imports = f"import {STRUCTS} structs, "
    structs = measured[imports + "idlgen"]
    return [
        ratio("build beside protoc", small, measured[f"protoc, {SMALL} types"], 0.9),
        ratio(
            "build beside datamodel-code-generator",
            small,
            measured[f"datamodel, {SMALL} types"],
            0.25,
        ),
        Finding(
            what=f"memory at {SMALL} types",
            value=small.peak_mib,
            limit=120,
            unit="MiB",
        ),
        ratio(f"growth from {SMALL} to {LARGE} types", large, small, 3.2),
        ratio("build of user.yaml beside bare imports", user, bare, 2.5),
        ratio("import beside pydantic", structs, measured[imports + "pydantic"], 0.25),
        ratio(
            "import beside msgspec by hand",
            structs,
            measured[imports + "msgspec by hand"],
            1.3,
        ),
    ]


def main() -> int:
    """Measure, print, write `results.json`; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("--runs", type=int, default=9, help="rounds of processes")
    parser.add_argument("--call-runs", type=int, default=5, help="rounds of calls")
    parser.add_argument("--load-runs", type=int, default=5, help="rounds of loads")
    options = parser.parse_args()
    loading.require_wrk()
    with tempfile.TemporaryDirectory(prefix="idlgen-bench-") as name:
        folder = Path(name)
        bundled = bundling.measured(folder / "bundles")
        measured = measure(folder, options.runs)
        rates = {"all cores": measure_calls(folder / "stubs", options.call_runs)}
        with calling.on_one_core():
            rates["one core"] = measure_calls(folder / "stubs", options.call_runs)
        loads = loading.loads(folder / "load", options.load_runs)
    findings = [
        *judge(measured),
        *calling.judge(rates["all cores"]),
        *calling.judge_one_core(rates["one core"]),
        *loading.judge(loads),
        *bundled,
    ]
    print(report.table(measured))
    for placement, found in rates.items():
        print(report.rates_table(placement, found))
    print(loading.table(loads))
    print("\n".join(map(str, findings)))
    runs = {
        "processes": options.runs,
        "calls": options.call_runs,
        "loads": options.load_runs,
    }
    report.write(measured, rates, loads, findings, runs)
    return 0 if all(finding.holds for finding in findings) else 1


if __name__ == "__main__":
    sys.exit(main())
