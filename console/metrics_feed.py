"""The console's metric poller: a thread with a loop of its own that looks at CloudWatch now and then.

It also asks once who the console is, so that neither the first paint nor a key ever waits for AWS.
"""

from __future__ import annotations

import asyncio
import random
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from console.compose import Setting, gateway_for
from console.openers import now
from console.pace import MetricsPace
from operations.aws.credentials import CredentialLife
from operations.aws.gateway import Access, Gateway
from operations.aws.outcome import THROTTLES, Answer, GatewayError, credentials_over
from operations.checks.metric_rounds import MetricRounds
from operations.checks.metrics import MetricPoller
from operations.drill.errors import SandboxError
from operations.plan.models import Plan
from operations.plan.references import Lookup
from screens.ports import Banner
from state.metrics import MetricsSnapshot

LOGIN_SECONDS = 5.0
"""Between tries while there are no credentials: each may run the operator's `credential_process`."""
NAP_SECONDS = 0.5
"""Between two looks whether to stop waiting."""
JITTER = 0.1
"""Up to this part of the pace a look comes later, so that consoles do not ask in step."""
MOST_TIMES = 8
"""While CloudWatch throttles, every look waits twice as long as the one before, at most so many times the pace."""
RETRY_SECONDS = 0.5
"""Between tries while nobody answers yet, such as a sandbox that is still starting."""


class GatewayMetrics:
    """Adapter of `screens.ports.MetricsFeed`. `ready` says whether there is somebody to ask yet."""

    def __init__(
        self,
        plan: Plan,
        setting: Setting,
        lookup: Callable[[], Lookup],
        pace: MetricsPace,
        ready: Callable[[], bool],
        trouble: Callable[[], str | None] = lambda: None,
        jitter: Callable[[], float] = lambda: random.uniform(0.0, JITTER),  # noqa: S311 - spreads looks
    ) -> None:
        self._plan = plan
        self._setting = setting
        self._lookup = lookup
        self.pace = pace
        self._jitter = jitter
        self._rounds = MetricRounds([metric for metric in plan.metrics if metric.show], setting.speed)
        self._ready = ready
        self._trouble = trouble
        self._snapshot = MetricsSnapshot()
        self._stop = threading.Event()
        self._again = threading.Event()
        self._life: CredentialLife | None = None
        self._thread = threading.Thread(target=self._main, name="metrics", daemon=True)
        sessions = setting.sessions
        self._banner = Banner(
            plan=plan.plan,
            setting=sessions.name,
            account=sessions.account,
            alias=plan.alias,
            region=sessions.region,
            identity="",
            endpoint=sessions.endpoint,
            problem="asking AWS who we are",
        )

    def stop(self) -> None:
        """End the thread; waits a moment for a look that is under way."""
        self._stop.set()
        if self._thread.ident is not None:
            self._thread.join(timeout=2)

    def snapshot(self) -> MetricsSnapshot:
        """The last readings. The first call begins to look: until the screen is painted AWS's libraries are in the way."""
        if self._thread.ident is None and not self._stop.is_set():
            self._thread.start()
        return replace(self._snapshot, every=self.pace.every_seconds, paused=self.pace.why_not)

    def banner(self) -> Banner:
        """Where the console stands, as far as is known by now."""
        trouble = self._trouble()
        return self._banner if trouble is None else replace(self._banner, problem=trouble)

    def life(self) -> CredentialLife | None:
        """How long the console's credentials live, None while that is not known."""
        return self._life

    def again(self) -> None:
        """Read the credentials anew: somebody has logged in."""
        self._again.set()

    def _main(self) -> None:
        asyncio.run(self._look_until_stopped())

    async def _look_until_stopped(self) -> None:
        while not self._stop.is_set():
            pause = RETRY_SECONDS
            try:
                if self._ready():
                    await self._look()
                else:
                    self._banner = replace(self._banner, problem="the sandbox is starting")
            except (GatewayError, SandboxError) as error:
                self._life = None
                without = credentials_over(error)
                said = f"no credentials, :login ({error})" if without else str(error)
                self._banner = replace(self._banner, problem=said, login_by=None)
                pause = LOGIN_SECONDS if without else RETRY_SECONDS
            await self._pause(pause)
            self._again.clear()

    async def _look(self) -> None:
        async with gateway_for(self._setting, self._plan, Access.READ_ONLY) as gateway:
            await self._note_life(gateway)
            self._banner = replace(
                self._banner, identity=gateway.identity.arn, identity_at=now(), problem=None
            )
            await self._poll(gateway)

    async def _note_life(self, gateway: Gateway) -> None:
        self._life = await gateway.life()
        login_by = None if self._life.renewable else self._life.expires_at
        self._banner = replace(self._banner, login_by=login_by)

    async def _poll(self, gateway: Gateway) -> None:
        over: list[GatewayError] = []

        async def read(api: str, params: Mapping[str, Any]) -> Answer:
            try:
                return await gateway.read(api, params)
            except GatewayError as error:
                over.extend([error] if credentials_over(error) else [])
                raise

        throttled = 0
        await self._until_due(0.0)
        while not self._stop.is_set() and not self._again.is_set():
            look = await MetricPoller(self._rounds.due(now()), read, now, self._lookup()).look()
            self._snapshot = self._told(self._rounds.merge(look, now()))
            if over:
                raise over[0]
            await self._note_life(gateway)
            throttled = throttled + 1 if throttling(look.error) else 0
            await self._until_due(min(2**throttled, MOST_TIMES) + self._jitter())

    def _told(self, look: MetricsSnapshot) -> MetricsSnapshot:
        """A look that says of which region it is where something went wrong."""
        return replace(look, error=f"{self._setting.sessions.region}: {look.error}") if look.error else look

    async def _until_due(self, share: float) -> None:
        """Wait for so many times the pace, and for the end of a pause; another pace counts at once."""
        waited = 0.0
        while waited < self.pace.every_seconds * share or self.pace.why_not is not None:
            if self._stop.is_set() or self._again.is_set():
                return
            await asyncio.sleep(NAP_SECONDS)
            waited += NAP_SECONDS

    async def _pause(self, seconds: float) -> None:
        for _ in range(max(1, int(seconds / NAP_SECONDS))):
            if self._stop.is_set() or self._again.is_set():
                return
            await asyncio.sleep(NAP_SECONDS)


def throttling(error: str | None) -> bool:
    """Whether an error, as one line, is CloudWatch's word for too many calls."""
    return error is not None and error.partition(":")[0] in THROTTLES
