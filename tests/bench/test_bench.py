"""What the bench rests on: its inputs are what they claim to be. Nothing is timed."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.bench import building, calling, importing, loading, synthetic
from tests.bench.calls.clients import CLIENTS
from tests.bench.load.requests import HEADERS, answer
from tests.bench.load.servers import APPS
from tests.bench.measure import Contender, Load, Measurement, interleaved, once
from tests.bench.report import Finding

TYPES = 20


def test_one_type_in_ten_is_an_enum() -> None:
    assert [i for i in range(TYPES) if synthetic.is_enum(i)] == [9, 19]


@pytest.mark.parametrize("text", [synthetic.as_idl, synthetic.as_proto])
def test_every_type_and_service_is_declared(text: object) -> None:
    assert callable(text)
    words = text(TYPES).replace(":", " ").split()
    assert {f"Type{i}" for i in range(TYPES)} <= set(words)
    assert {f"Service{i}" for i in range(4)} <= set(words)
    assert "Service4" not in words


def test_the_openapi_text_holds_every_type_and_every_method() -> None:
    document = json.loads(synthetic.as_openapi(TYPES))
    schemas = document["components"]["schemas"]
    assert {f"Type{i}" for i in range(TYPES)} <= schemas.keys()
    assert len(schemas["Type0"]["properties"]) == 8
    assert len(document["paths"]) == TYPES


def test_a_returned_type_is_never_an_enum() -> None:
    results = [result for _, _, result in synthetic.methods(50)]
    assert len(results) == 50
    assert not [r for r in results if synthetic.is_enum(int(r.removeprefix("Type")))]


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return building.write_inputs(tmp_path_factory.mktemp("bench"), TYPES)


def test_idlgen_builds_every_type_into_every_file(inputs: Path) -> None:
    once(building.idlgen(inputs))
    assert building.missing_types(inputs / "idlgen", TYPES) == []
    assert len(building.missing_types(inputs / "idlgen", TYPES + 1)) == 3


def test_protoc_accepts_the_same_api(inputs: Path) -> None:
    once(building.protoc(inputs))
    assert (inputs / "protoc/bench_pb2_grpc.py").is_file()


def test_datamodel_code_generator_accepts_the_same_api(inputs: Path) -> None:
    once(building.datamodel(inputs))
    models = (inputs / "datamodel/models.py").read_text()
    assert models.count("\nclass Type") == TYPES


def test_the_three_modules_of_structs_import(tmp_path: Path) -> None:
    contenders = importing.contenders(tmp_path, TYPES)
    measured = interleaved(contenders, runs=1)
    assert measured.keys() == {"idlgen", "msgspec by hand", "pydantic"}
    assert all(m.seconds > 0 and m.peak_mib > 0 for m in measured.values())


def test_a_process_that_fails_is_not_measured(tmp_path: Path) -> None:
    failing = Contender(
        command=(sys.executable, "-c", "import sys; sys.exit('no')"), cwd=tmp_path
    )
    with pytest.raises(RuntimeError, match="no"):
        once(failing)


@pytest.fixture(scope="module")
def clients(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Mapping[str, Contender]]:
    stubs = tmp_path_factory.mktemp("stubs")
    with calling.contenders(stubs, sizes=dict.fromkeys(CLIENTS, 70)) as started:
        yield started


# One worker starts the servers.
@pytest.mark.xdist_group("bench of calls")
@pytest.mark.parametrize("name", CLIENTS)
def test_every_client_of_the_bench_gets_its_answers(
    name: str, clients: Mapping[str, Contender]
) -> None:
    assert once(clients[name]).seconds > 0


def test_every_client_is_measured_and_compared() -> None:
    assert calling.CLIENTS.keys() == CLIENTS.keys()
    compared = {name for c in calling.COMPARISONS for name in (c.measured, c.beside)}
    assert compared == CLIENTS.keys()


def test_seconds_are_turned_into_rates() -> None:
    seconds = Measurement(seconds=2, fastest=1, slowest=4, peak_mib=30)
    rate = seconds.rate(100)
    assert (rate.per_second, rate.fastest, rate.slowest) == (50, 100, 25)


@pytest.mark.parametrize(
    ("value", "limit", "at_least", "holds"),
    [
        (1, 2, False, True),
        (3, 2, False, False),
        (3, 2, True, True),
        (1, 2, True, False),
        (1, None, True, True),
    ],
)
def test_a_limit_is_the_most_or_the_least(
    value: float, limit: float | None, at_least: bool, holds: bool
) -> None:
    finding = Finding(what="x", value=value, limit=limit, at_least=at_least)
    assert finding.holds is holds
    assert str(finding).startswith("NOT") is not holds


# One worker starts the servers.
@pytest.mark.xdist_group("bench of loads")
@pytest.mark.parametrize("name", loading.SERVERS)
def test_every_server_under_load_answers(name: str) -> None:
    with loading.serving(name) as (port, pid):
        content = answer(port, loading.SERVERS[name])
        loading.check(name, content)
        assert loading.cpu_seconds(pid) > 0


def test_every_server_under_load_is_known_and_compared() -> None:
    assert loading.SERVERS.keys() == APPS.keys()
    loads = dict.fromkeys(loading.SERVERS, Load(per_second=100, busy=0.99))
    told = [finding.what for finding in loading.judge(loads)]
    assert len(told) == len(loading.SERVERS) - 1


def test_idlgen_under_load_asks_who_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(HEADERS, "Authorization", "Bearer other")
    with loading.serving("idlgen") as (port, _), pytest.raises(RuntimeError):
        loading.check("idlgen", answer(port, loading.SERVERS["idlgen"]))


@pytest.mark.parametrize(("busy", "holds"), [(0.96, True), (0.94, False)])
def test_a_load_that_left_a_core_idle_is_void(busy: float, holds: bool) -> None:
    loads = dict.fromkeys(loading.SERVERS, Load(per_second=100, busy=0.99))
    loads["idlgen"] = Load(per_second=1000, busy=busy)
    findings = [f for f in loading.judge(loads) if f.limit is not None]
    assert {finding.holds for finding in findings} == {holds}
    assert all(("void" in str(finding)) is not holds for finding in findings)


def test_without_wrk_the_bench_says_what_installs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(SystemExit, match="apt-get install wrk"):
        loading.require_wrk()
