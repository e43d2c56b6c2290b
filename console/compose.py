"""The composition root: chooses the setting of a run, live or sandbox, and puts its parts together."""

from __future__ import annotations

import os
import random
import shlex
import time
from collections.abc import Mapping
from dataclasses import dataclass

from console.exit_codes import CommandError, ExitCode
from console.logs import guard_logs
from console.openers import now
from operations.aws.detached import DetachedGateway, DetachedSessions
from operations.aws.gateway import Access, Gateway
from operations.aws.model.catalog import ApiCatalog
from operations.aws.outcome import RefusedError
from operations.aws.probes.table import ProbeTable
from operations.aws.redaction import Redactor
from operations.aws.regions import region_problem
from operations.aws.sessions import LiveSessions, SandboxSessions, Sessions
from operations.engine.anchor_outbox import Outbox
from operations.engine.context import RunContext
from operations.engine.hands import Hands, LiveHands, StandIns
from operations.engine.pace import Pace
from operations.engine.values import SecretSource, Values
from operations.plan.errors import ReferenceProblem
from operations.plan.graph import PlanGraph
from operations.plan.loader import LoadedPlan
from operations.plan.models import Input, Plan
from operations.plan.steps import ApiStep, WaitStep
from state.journal import Journal


@dataclass(frozen=True, slots=True)
class Setting:
    """Where a run happens: its AWS, its hands outside AWS, its secrets, its speed."""

    sessions: Sessions
    hands: Hands
    secrets: SecretSource
    speed: float


FAR = ("--use-device-code", "--no-browser")
"""A browser of a far host is nobody's, and what it would be sent back to is loopback there: show an address and a code."""


def login_command(setting: str | None, profile: str | None, *, far: bool = False) -> tuple[str, ...]:
    """The argument vector of a login: the setting's words, else the AWS CLI's for the profile; `far`: over SSH.

    Raises:
        CommandError: a quotation mark in the setting is not closed.
    """
    if setting:
        try:
            return tuple(shlex.split(setting))
        except ValueError as error:
            raise CommandError(f"setting `login_command`: {error}") from error
    return ("aws", "sso", "login", *(("--profile", profile) if profile else ()), *(FAR if far else ()))


def live_setting(plan: Plan, environment: Mapping[str, str], login: str | None = None) -> Setting:
    """The operator's own credentials on the plan's account and region; `login` is the setting `login_command`.

    Raises:
        RefusedError: the environment asks for another region than the plan's.
        CommandError: it asks for a region that does not exist.
    """
    for variable in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        region = environment.get(variable)
        if region and region != plan.region:
            problem = region_problem(region)
            if problem:
                raise CommandError(
                    f"{variable}: {problem}; the plan is for {plan.region}: set that, or unset it"
                )
            raise RefusedError(
                f"{variable} is {region}, the plan may touch only {plan.region}; unset it or change the plan"
            )
    if not asks_aws(plan):
        return Setting(
            DetachedSessions(plan.account, plan.region), LiveHands(), environment_secrets(environment), 1.0
        )
    sessions = LiveSessions(
        account=plan.account,
        region=plan.region,
        endpoint=environment.get("AWS_ENDPOINT_URL") or None,
        profile=environment.get("AWS_PROFILE") or None,
        login=login_command(
            login,
            environment.get("AWS_PROFILE"),
            far=bool(environment.get("SSH_CONNECTION") or environment.get("SSH_TTY")),
        ),
    )
    return Setting(sessions, LiveHands(), environment_secrets(environment), 1.0)


def asks_aws(plan: Plan) -> bool:
    """Whether anything in the plan, carried out live, asks AWS: a fallback for when nobody there answers must not."""
    steps = [step for each in plan.operations.values() for part in each.sections().values() for step in part]
    steps += [each.check for each in plan.criteria]
    steps += [each.check for each in plan.checks]
    return bool(plan.metrics) or any(isinstance(step, (ApiStep, WaitStep)) for step in steps)


def sandbox_setting(plan: Plan, endpoint: str, speed: float) -> Setting:
    """A sandbox on loopback; secrets are made up, people and commands are stood in for.

    Raises:
        RefusedError: the address is not loopback.
    """
    sessions = SandboxSessions(endpoint=endpoint, region=plan.region, account=plan.account)
    return Setting(sessions, StandIns(), made_up_secrets, speed)


def environment_secrets(environment: Mapping[str, str]) -> SecretSource:
    """Secrets from the environment, as the plan's inputs name them."""

    def find(name: str, declared: Input) -> str:
        variable = declared.from_env or f"CUTOVER_{name.upper()}"
        value = environment.get(variable)
        if not value:
            raise ReferenceProblem(
                f"${{{name}}}: the secret is not set", None, f"set {variable} in the environment"
            )
        return value

    return find


def made_up_secrets(name: str, declared: Input) -> str:
    """Secrets for a sandbox: nobody's."""
    del declared
    return f"sandbox-{name}-not-a-secret"


def gateway_for(setting: Setting, plan: Plan, access: Access) -> Gateway:
    """A gateway for a setting; open it with `async with`."""
    catalog = ApiCatalog()
    redactor = Redactor(catalog, tell=guard_logs(os.environ).learn)
    make = DetachedGateway if isinstance(setting.sessions, DetachedSessions) else Gateway
    return make(
        setting.sessions,
        access,
        catalog,
        redactor,
        monotonic=time.monotonic,
        rates=plan.limits.calls_per_second,
    )


def run_context(
    loaded: LoadedPlan,
    journal: Journal,
    gateway: Gateway,
    setting: Setting,
    run: str,
    outbox: Outbox | None = None,
) -> RunContext:
    """The parts of one run; `outbox` is its S3 anchor."""
    values = Values(
        plan=loaded.plan,
        run_id=run,
        account=setting.sessions.account,
        region=setting.sessions.region,
        clock=now,
        secret_input=setting.secrets,
    )
    return RunContext(
        loaded=loaded,
        graph=PlanGraph.of(loaded.plan),
        journal=journal,
        gateway=gateway,
        probes=ProbeTable(),
        hands=setting.hands,
        values=values,
        pace=Pace(setting.speed),
        clock=now,
        monotonic=time.monotonic,
        chance=random.Random(),  # noqa: S311 - jitter of pauses
        run=run,
        outbox=outbox,
    )


def refuse_read_only(read_only: bool) -> None:
    """Refuse to act when the settings say so.

    Raises:
        CommandError: read-only.
    """
    if read_only:
        raise CommandError(
            "read-only: CUTOVER_READ_ONLY or the settings say so; nothing was done", ExitCode.REFUSED
        )
