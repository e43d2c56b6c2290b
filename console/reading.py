"""Commands that only read AWS: a read-only gateway on the chosen ground, with the journal's values at hand."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from console import compose, openers
from console.ground import find_ground
from console.journal.journals import journal_path, read_status
from console.settings import load_settings
from operations.aws.gateway import Access, Gateway
from operations.checks.outside import Outside
from operations.engine.masking import learn_inputs
from operations.engine.outside import HandsOutside
from operations.engine.values import Values
from operations.plan.loader import LoadedPlan
from state.projections.states import PlanStatus

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading work is given: the gateway, values and status of the journal, what the setting has outside AWS."""

    gateway: Gateway
    values: Values
    status: PlanStatus
    outside: Outside


def read_aws(
    loaded: LoadedPlan,
    sandbox: str | None,
    journal: str | None,
    work: Callable[[Reading], Awaitable[Answer]],
) -> Answer:
    """Do some reading work with a gateway that lets nothing else out."""
    path: Path = journal_path(journal, loaded.plan.plan, os.environ)
    status = read_status(path)
    speed = load_settings(os.environ).values.sandbox_speed
    with ExitStack() as stack:
        ground = find_ground(loaded, sandbox, speed, stack)
        ground.wait()
        sessions = ground.setting.sessions
        run = status.run.id if status.run else "no-run"
        values = Values(
            loaded.plan, run, sessions.account, sessions.region, openers.now, ground.setting.secrets
        )
        values.learn(status)

        async def inside() -> Answer:
            async with compose.gateway_for(ground.setting, loaded.plan, Access.READ_ONLY) as gateway:
                learn_inputs(loaded.plan, values, gateway.redactor)
                return await work(Reading(gateway, values, status, HandsOutside(ground.setting.hands)))

        return asyncio.run(inside())
