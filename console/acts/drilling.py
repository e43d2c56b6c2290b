"""The drill's hand on a sandbox: scenarios and faults over its own door, each of them journaled."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any
from urllib.error import URLError

from console import openers
from operations.drill.errors import SandboxError
from operations.drill.faults.remote import RemoteFaults
from operations.drill.faults.script import FaultKind, Rule
from operations.drill.scenarios import SCENARIOS, scenario
from operations.plan.loader import LoadedPlan
from screens.drill_port import Choice, DrillError, DrillState
from state.drill_events import DrillInject, DrillStarted
from state.errors import JournalError
from state.events import Payload
from state.projections.timeline import timeline
from state.reader import JournalReader

SINGLE = 3
"""Calls that meet a fault that was injected by itself."""
LOGGED = 50
"""Lines of what was injected."""
_TITLES = {
    FaultKind.REPLY_LOST: "carried out, then the connection ends without an answer",
    FaultKind.REQUEST_LOST: "not carried out, the connection ends",
    FaultKind.RESET_BEFORE: "not carried out, the connection is reset",
    FaultKind.RESET_AFTER: "carried out, then the connection is reset",
    FaultKind.HANG_BEFORE: "not carried out, and nothing is answered for half a minute",
    FaultKind.HANG_AFTER: "carried out, and nothing is answered for half a minute",
    FaultKind.THROTTLED: "not carried out: too many calls",
    FaultKind.EXPIRED: "not carried out: the credentials are over",
    FaultKind.ERROR_BEFORE: "not carried out: an error of the service",
    FaultKind.ERROR_AFTER: "carried out, and answered with an error of the service",
    FaultKind.PARTIAL: "a batch is carried out but for its last item",
    FaultKind.LAG: "carried out, and reads answer from before for a while",
}


class SandboxDrill:
    """Adapter of `screens.drill_port.DrillDesk`."""

    def __init__(
        self, endpoint: str, journal: Path, loaded: LoadedPlan, name: str = "calm", seed: int = 0
    ) -> None:
        """Make it; nothing happens before `begin`.

        Args:
            endpoint: the sandbox, on loopback.
            journal: where what is injected is written.
            loaded: the plan that the journal is of.
            name: the scenario.
            seed: its seed.

        Raises:
            SandboxError: there is no such scenario.
        """
        self._remote = RemoteFaults(endpoint)
        self._journal = journal
        self._loaded = loaded
        self._scenario = scenario(name)
        self._seed = seed
        self._problem = ""

    def begin(self, wait: Callable[[], object]) -> None:
        """Put the scenario on the wire as soon as the sandbox answers, in a thread of its own."""
        threading.Thread(target=self._begin, args=(wait,), name="scenario", daemon=True).start()

    def _begin(self, wait: Callable[[], object]) -> None:
        try:
            wait()
            rules = self._scenario.rules(self._seed)
            self._put(rules, DrillStarted(scenario=self._scenario.id, seed=self._seed, faults=_told(rules)))
        except (DrillError, SandboxError) as error:
            self._problem = f"the scenario did not begin: {error}"

    def choices(self) -> Sequence[Choice]:
        """Scenarios, with the faults that this seed makes, and single faults."""
        whole = [
            Choice(
                f"scenario {each.id}",
                each.id,
                each.title,
                each.learn,
                tuple(map(fault_line, each.rules(self._seed))),
            )
            for each in SCENARIOS.values()
        ]
        single = [
            Choice(f"fault {kind.value}", kind.value, _TITLES[kind], lines=(fault_line(_single(kind)),))
            for kind in FaultKind
        ]
        return [*whole, *single]

    def state(self) -> DrillState:
        """What is on the wire now."""
        try:
            faults = tuple(
                f"{row['kind']} on {row['api']}, {row['seen']} calls looked at" for row in self._remote.seen()
            )
            with JournalReader(self._journal) as reader:
                events = reader.newest(LOGGED, kind="drill")
        except (OSError, URLError, JournalError, KeyError) as error:
            return DrillState(self._scenario.id, self._seed, problem=f"the sandbox does not answer: {error}")
        log = timeline(event for event in events if event.kind != "drill.score")
        return DrillState(self._scenario.id, self._seed, faults, log, self._problem)

    def inject(self, choice: str) -> str:
        """Put a scenario or a fault on the wire."""
        what, _, name = choice.partition(" ")
        try:
            rules = scenario(name).rules(self._seed) if what == "scenario" else (_single(FaultKind(name)),)
        except (SandboxError, ValueError) as error:
            raise DrillError(str(error)) from error
        self._put(rules, DrillInject(faults=_told(rules)))
        return name

    def clear(self) -> None:
        """Take everything off the wire."""
        self._put((), DrillInject())

    def _put(self, rules: Sequence[Rule], told: Payload) -> None:
        """The journal first: what was never journaled never happened."""
        try:
            with openers.open_journal(self._journal, self._loaded) as journal:
                journal.append(told)
            if rules:
                self._remote.script(*rules, seed=self._seed)
            else:
                self._remote.clear()
        except (OSError, URLError, JournalError) as error:
            raise DrillError(f"the sandbox's faults could not be changed: {error}") from error


def _single(kind: FaultKind) -> Rule:
    return Rule(kind, times=SINGLE)


def _told(rules: Sequence[Rule]) -> tuple[dict[str, Any], ...]:
    """Rules with what differs from a plain one."""
    plain = {each.name: each.default for each in fields(Rule)}
    return tuple(
        {key: value for key, value in asdict(rule).items() if key == "kind" or value != plain.get(key)}
        for rule in rules
    )


def fault_line(rule: Rule) -> str:
    """A fault in words."""
    calls = "calls" if not rule.mutating else "calls that change something"
    whose = "all" if rule.api == "*" else rule.api
    often = f"{rule.chance:.0%} of " if rule.chance < 1 else ""
    count = "" if rule.times >= 1000 else f"{rule.times} "
    after = f", after {rule.after}" if rule.after else ""
    return f"{rule.kind.value}: {often}{count}{calls} of {whose}{after}"
