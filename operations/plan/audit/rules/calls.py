"""Rules about AWS calls: they exist, take these parameters, and change things only where they may."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from operations.plan.audit.context import AuditContext
from operations.plan.audit.finding import Severity
from operations.plan.audit.rule import Defect, rule
from operations.plan.audit.sites import StepSite
from operations.plan.steps import ApiStep, WaitStep
from operations.plan.yaml_source import KeyPath

_PART: Final = re.compile(r"\[(\d+)\]|([^.\[\]]+)")


def _api_sites(context: AuditContext) -> Iterator[tuple[StepSite, ApiStep]]:
    return ((site, site.step) for site in context.sites if isinstance(site.step, ApiStep))


def _wait_sites(context: AuditContext) -> Iterator[tuple[StepSite, WaitStep]]:
    return ((site, site.step) for site in context.sites if isinstance(site.step, WaitStep))


def _changes(context: AuditContext, site: StepSite, step: ApiStep) -> bool:
    """Whether a call that exists is not known to be a mere read."""
    return context.knowledge.knows(step.api) and not context.knowledge.reads(step.api, context.marked(site))


@rule(
    "api/unknown-call",
    Severity.ERROR,
    "Every `api` is a call that AWS has, written `service:Action` with botocore's name of the service.",
    "Calls are looked up in the AWS models that come with cutover; a service that is younger than them is not known.",
    "write it as service:Action, e.g. ec2:CreateVpc",
)
def unknown_call(context: AuditContext) -> Iterable[Defect]:
    """Calls are looked up."""
    for site, step in _api_sites(context):
        if not context.knowledge.knows(step.api):
            near = context.knowledge.nearest(step.api)
            fix = f"did you mean `{near}`?" if near else None
            yield Defect((*site.path, "api"), f"AWS has no call `{step.api}`", fix)


@rule(
    "api/unknown-waiter",
    Severity.ERROR,
    "Every `wait` is a waiter that botocore has, written `service:waiter_name`.",
    "Waiters are botocore's, with its own verdicts about success and failure. Where there is none, an `api` step with "
    "`until` does the same.",
    "write a read with `until` instead",
)
def unknown_waiter(context: AuditContext) -> Iterable[Defect]:
    """Waiters are looked up."""
    for site, step in _wait_sites(context):
        if not context.knowledge.waiter_exists(step.wait):
            near = context.knowledge.nearest_waiter(step.wait)
            fix = f"did you mean `{near}`?" if near else None
            yield Defect((*site.path, "wait"), f"botocore has no waiter `{step.wait}`", fix)


@rule(
    "api/bad-parameter",
    Severity.ERROR,
    "Parameters are those that the call takes, of the right type, length, range and pattern, none missing.",
    "Inputs are filled in first; what only a run knows counts as fitting. AWS would refuse the call in the middle of "
    "the operation.",
    "see the call's input in the AWS reference",
)
def bad_parameter(context: AuditContext) -> Iterable[Defect]:
    """Parameters of calls and waiters against the AWS models."""
    for site, call in _api_sites(context):
        if context.knowledge.knows(call.api):
            yield from _parameter_defects(context, site, call.api)
    for site, waiter in _wait_sites(context):
        if context.knowledge.waiter_exists(waiter.wait):
            yield from _parameter_defects(context, site, context.knowledge.waiter_api(waiter.wait))


def _parameter_defects(context: AuditContext, site: StepSite, api: str) -> Iterator[Defect]:
    for problem in context.knowledge.problems(api, context.marked(site)):
        what, _, advice = problem.message.partition("; ")
        at = f"{problem.path}: {what}" if problem.path else what
        yield Defect((*site.path, "params", *_key_path(problem.path)), f"{api}: {at}", advice or None)


def _key_path(path: str) -> KeyPath:
    return tuple(int(match[1]) if match[1] else match[2] for match in _PART.finditer(path))


@rule(
    "api/check-that-changes",
    Severity.ERROR,
    "Checkpoints, verifications, watches, guards and criteria make reads only.",
    "They are repeated, run in parallel and run read-only: a change made there is journaled as no change and never "
    "undone. The gateway refuses it in a run. A call that is not known to be a read counts as a change.",
    "read what is there instead, or move the call to `forward`",
)
def check_that_changes(context: AuditContext) -> Iterable[Defect]:
    """Changing calls where only reads may stand."""
    for site, step in _api_sites(context):
        if site.section.only_reads and _changes(context, site, step):
            where = "a criterion" if site.operation is None else f"`{site.section}`"
            yield Defect((*site.path, "api"), f"{step.api} changes things, and stands in {where}")


@rule(
    "api/until-on-a-change",
    Severity.ERROR,
    "`until` and `until_error` stand with reads only.",
    "They repeat the call until something holds; a change must be made once.",
    "make the change, then wait with a read of its own",
)
def until_on_a_change(context: AuditContext) -> Iterable[Defect]:
    """Changing calls that would be repeated."""
    for site, step in _api_sites(context):
        for key in ("until", "until_error"):
            if getattr(step, key) is not None and _changes(context, site, step):
                yield Defect((*site.path, key), f"`{key}` would repeat {step.api}, which changes things")


RULES = (unknown_call, unknown_waiter, bad_parameter, check_that_changes, until_on_a_change)
