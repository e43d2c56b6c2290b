"""Scenarios of a drill: which faults the sandbox's wire has, worked out from a seed, so that a drill can be had again."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from operations.drill.errors import SandboxError
from operations.drill.faults.script import FaultKind, Rule

Rules = tuple[Rule, ...]
OFTEN = 100_000
"""Calls: more than any drill makes."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """One scenario.

    Attributes:
        id: its name.
        title: what goes wrong, in a line.
        learn: what it is good for.
        make: the rules for a source of chance.
    """

    id: str
    title: str
    learn: str
    make: Callable[[random.Random], Rules]

    def rules(self, seed: int) -> Rules:
        """The rules for a seed; the same for the same seed."""
        return self.make(random.Random(f"{self.id} {seed}"))  # noqa: S311 - faults, not secrets


def _calm(_chance: random.Random) -> Rules:
    return ()


def _throttled(chance: random.Random) -> Rules:
    share = chance.uniform(0.15, 0.3)
    reads = Rule(FaultKind.THROTTLED, mutating=False, times=OFTEN, chance=share / 3)
    return (Rule(FaultKind.THROTTLED, times=OFTEN, chance=share), reads)


def _lost_replies(chance: random.Random) -> Rules:
    lost = Rule(FaultKind.REPLY_LOST, times=chance.randint(2, 4), after=chance.randint(1, 5), chance=0.6)
    return (lost, Rule(FaultKind.REQUEST_LOST, times=2, after=chance.randint(6, 12), chance=0.6))


def _slow_replica(chance: random.Random) -> Rules:
    behind = chance.uniform(10, 40)
    return tuple(
        Rule(FaultKind.LAG, api=api, times=OFTEN, after=chance.randint(0, 2), seconds=behind)
        for api in ("rds:*", "dms:*", "route53:*")
    )


def _credentials_expire(chance: random.Random) -> Rules:
    first = chance.randint(15, 40)
    return (Rule(FaultKind.EXPIRED, mutating=False, times=chance.randint(3, 6), after=first),)


def _error_spike(chance: random.Random) -> Rules:
    service = chance.choice(("ec2", "ecs", "rds", "elbv2", "route53"))
    status = chance.choice((500, 503))
    times, after = chance.randint(4, 8), chance.randint(0, 2)
    spike = Rule(FaultKind.ERROR_BEFORE, api=f"{service}:*", times=times, after=after, status=status)
    return (spike, Rule(FaultKind.ERROR_AFTER, times=1, after=chance.randint(8, 20), status=status))


SCENARIOS: Mapping[str, Scenario] = {
    each.id: each
    for each in (
        Scenario("calm", "the estate before the migration, with its usual traffic and no faults",
                 "the plan itself", _calm),
        Scenario("throttled", "AWS answers a part of the calls with its throttling error",
                 "that retries pace themselves, and what is late and what is wrong", _throttled),
        Scenario("lost-replies", "some calls are carried out, and the connection ends without an answer",
                 "settling what is in doubt: look before acting again", _lost_replies),
        Scenario("slow-replica", "reads of databases and of DNS answer from before the last change for a while",
                 "waiting for what was read to be true", _slow_replica),
        Scenario("credentials-expire", "in the middle of a run the credentials are over, and come back",
                 "pausing, logging in, going on", _credentials_expire),
        Scenario("error-spike", "one service fails for some calls, and one call elsewhere fails after it was carried out",
                 "telling what was not done from what nobody knows", _error_spike),
    )
}  # fmt: skip
"""Every scenario by its name."""


def scenario(name: str) -> Scenario:
    """A scenario by its name.

    Raises:
        SandboxError: there is none of this name.
    """
    found = SCENARIOS.get(name)
    if found is None:
        raise SandboxError(f"no scenario `{name}`; there are: {', '.join(SCENARIOS)}")
    return found
