"""Runs a soak: processes of clients, and a server that ends again and again."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path
from queue import SimpleQueue
from random import Random
from typing import IO

import msgspec
from msgspec import structs

from tests.e2e.faults.counting import Counts
from tests.e2e.soak.crew import KINDS
from tests.e2e.soak.log import Fault, Keyed, Report, Rested, Unkeyed, Unreached
from tests.e2e.soak.outcome import Crew, Outcome, Plan, Sample
from tests.e2e.soak.server import ROOT, Monitor, Server
from tests.e2e.soak.service import TABLES
from tests.ports import own_port
from tests.runtime.contract.mill.types import Held

KILLED = 0.25
"""How many of the servers are killed, and not told to end."""
LONGEST_OUTAGE = 0.5
"""Seconds for which nobody listens, beside those that a server needs to start."""
LONG_LIVES = 0.25


class CrewProcess:
    """A process of clients; what they report is noted as it comes."""

    def __init__(self, kind: str, port: int, plan: Plan, errors: IO[bytes]) -> None:
        url = f"{kind.split()[1]}://127.0.0.1:{port}/rpc"
        module = [sys.executable, "-m", "tests.e2e.soak.crew"]
        given = [kind, url, str(plan.clients), plan.seed, str(plan.pause)]
        self._process = subprocess.Popen(
            [*module, *given],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
        )
        self.kind = kind
        self.reports: SimpleQueue[Report] = SimpleQueue()
        self._rested: SimpleQueue[Rested | None] = SimpleQueue()
        self._reading = threading.Thread(target=self._read, daemon=True)
        self._reading.start()

    def tell(self, word: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{word}\n".encode())
        self._process.stdin.flush()

    def rested(self) -> Rested:
        """Wait until it rests.

        Raises:
            RuntimeError: it has ended.
        """
        found = self._rested.get()
        if found is None:
            raise RuntimeError(f"the clients of {self.kind} ended: see their log")
        return found

    def end(self) -> None:
        self._process.kill()
        self._process.communicate()
        self._reading.join()

    def _read(self) -> None:
        assert self._process.stdout is not None
        decoder = msgspec.json.Decoder(Report)
        for line in self._process.stdout:
            report = decoder.decode(line)
            if isinstance(report, Rested):
                self._rested.put(report)
            else:
                self.reports.put(report)
        self._rested.put(None)


class Soak:
    """One soak, and what has been seen of it."""

    def __init__(self, plan: Plan, folder: Path) -> None:
        self._plan = plan
        self._random = Random(plan.seed)
        self._database = folder / "soak.db"
        self._errors = {who: folder / f"{who}.log" for who in ("server", "clients")}
        self._crews: list[CrewProcess] = []

    def run(self) -> Outcome:
        """Do all, and return what was seen."""
        with closing(sqlite3.connect(self._database)) as db:
            db.executescript(TABLES)
        with (
            own_port() as self._port,
            self._errors["server"].open("ab") as self._server_errors,
            self._errors["clients"].open("ab") as client_errors,
        ):
            self._server = self._started()
            try:
                for kind in KINDS:
                    self._crews.append(
                        CrewProcess(kind, self._port, self._plan, client_errors)
                    )
                self._soak()
            finally:
                for crew in self._crews:
                    crew.end()
                self._server.end(signal.SIGKILL)
        self._note_reports()
        self._note_database()
        self._outcome.server_errors = self._errors["server"].read_text("utf-8")
        self._outcome.client_errors = self._errors["clients"].read_text("utf-8")
        return self._outcome

    def _soak(self) -> None:
        crews = {each.kind: Crew(before=each.rested().held) for each in self._crews}
        self._outcome = Outcome(self._plan, self._held(), crews)
        self._begun = time.monotonic()
        self._tell("go")
        self._live()
        while self._is_on():
            self._restart()
            self._live()
        self._tell("stop")
        for crew in self._crews:
            rested = crew.rested()
            seen = self._outcome.crews[crew.kind]
            seen.after, seen.tally = rested.held, rested.tally
        self._outcome.after = self._held(self._outcome.before)
        self._outcome.seconds = self._elapsed()

    def _is_on(self) -> bool:
        restarts = len(self._outcome.outages)
        return self._elapsed() < self._plan.seconds or restarts < self._plan.restarts

    def _live(self) -> None:
        """Let the server serve for as long as it is given, and look at its memory."""
        self._outcome.lives.append([])
        plan = self._plan
        if plan.long_life is None or self._random.random() > LONG_LIVES:
            time.sleep(self._random.uniform(*plan.short_life))
        else:
            end = self._elapsed() + self._random.uniform(*plan.long_life)
            end = min(end, plan.seconds)
            while self._elapsed() < end:
                time.sleep(plan.rest_every)
                self._rest()
        self._note_reports()

    def _rest(self) -> None:
        """Have the clients rest, and note what each process holds then."""
        self._tell("rest")
        for crew in self._crews:
            rested = crew.rested()
            seen = self._outcome.crews[crew.kind]
            seen.tally = rested.tally
            seen.samples.append(Sample(self._elapsed(), rested.held))
        held = self._held()
        counts = msgspec.convert(structs.asdict(held), Counts)
        self._outcome.lives[-1].append(Sample(self._elapsed(), counts))
        self._tell("go")

    def _restart(self) -> None:
        is_killed = self._random.random() < KILLED
        how = signal.SIGKILL if is_killed else signal.SIGTERM
        outcome, begun = self._outcome, time.monotonic()
        wrong = self._server.end(how)
        if wrong is not None:
            outcome.faults.append(wrong)
        time.sleep(self._random.uniform(0, LONGEST_OUTAGE))
        self._server = self._started()
        outcome.outages.append((begun, time.monotonic()))
        outcome.ends[how.name] = outcome.ends.get(how.name, 0) + 1

    def _started(self) -> Server:
        return Server(self._port, self._database, self._server_errors)

    def _held(self, before: Held | None = None) -> Held:
        return Monitor(self._port).settled(before)

    def _tell(self, word: str) -> None:
        for crew in self._crews:
            crew.tell(word)

    def _elapsed(self) -> float:
        return time.monotonic() - self._begun

    def _note_reports(self) -> None:
        for crew in self._crews:
            while not crew.reports.empty():
                self._note(crew.reports.get())

    def _note(self, report: Report) -> None:
        outcome = self._outcome
        match report:
            case Fault(caller, what):
                outcome.faults.append(f"{caller}: {what}")
            case Keyed(key, answer):
                outcome.keyed[key] = answer
            case Unkeyed(name, answer):
                outcome.unkeyed[name] = answer
            case Unreached():
                outcome.unreached.append(report)

    def _note_database(self) -> None:
        outcome = self._outcome
        with closing(sqlite3.connect(self._database)) as db:
            for key, written in db.execute("SELECT key, written FROM writes"):
                outcome.writes.setdefault(key, []).append(written)
            for name, written in db.execute("SELECT name, written FROM runs"):
                outcome.runs.setdefault(name, []).append(written)


def soak(plan: Plan, folder: Path) -> Outcome:
    """Have it happen; the folder is for the database and for what processes log."""
    return Soak(plan, folder).run()
