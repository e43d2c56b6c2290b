"""Commands that only read AWS: a read-only gateway on the chosen ground, with the journal's values at hand."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TypeVar

from console import compose, openers
from console.ground import find_ground
from console.journals import journal_path, read_status
from console.settings import load_settings
from operations.aws.gateway import Access, Gateway
from operations.engine.values import Values
from operations.plan.loader import LoadedPlan
from state.projections.states import PlanStatus

Answer = TypeVar("Answer")


def read_aws(
    loaded: LoadedPlan,
    sandbox: str | None,
    journal: str | None,
    work: Callable[[Gateway, Values, PlanStatus], Awaitable[Answer]],
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
                return await work(gateway, values, status)

        return asyncio.run(inside())
