"""One step of an operation: intent, act, outcome; retries are journaled attempts, each one call on the wire."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from operations.aws.model.types import Effect
from operations.aws.outcome import CallFailedError, Certainty, credentials_over
from operations.aws.redaction import jsonable
from operations.engine.acting import Acting
from operations.engine.batches import PartlyDone
from operations.engine.context import RunContext
from operations.engine.errors import PartlyDoneError, StepFailedError, StepInDoubtError
from operations.engine.filling import fill_step, step_name, step_params, with_token
from operations.engine.hands import PlannedStep
from operations.engine.lookups import precondition
from operations.engine.outcomes import Outcomes, some_failed
from operations.engine.site import Site
from operations.plan.steps import ApiStep, HttpStep, Step, WaitStep
from state.events import Event
from state.operation_events import StepIntent

CALL_ATTEMPTS = 5
FIRST_PAUSE = 2.0
"""Plan seconds before the second attempt at a call that surely had no effect; each further pause is twice as long."""


class StepRunner:
    """Carries single steps out for a run."""

    def __init__(self, context: RunContext) -> None:
        self._context = context
        self._outcomes = Outcomes(context)
        self._acting = Acting(context, self._outcomes)

    async def run(self, site: Site, planned: PlannedStep) -> None:
        """Carry one step out, with as many attempts as are safe.

        Raises:
            StepFailedError: it surely did not have its effect, or its `expect` does not hold.
            StepInDoubtError: nobody knows.
            PersonNeededError: a person must act first.
            ReferenceProblem: a reference in it has no value.
        """
        step = planned.step
        filled = fill_step(step, self._context, site.operation)
        site = await self._looked_before(site, filled)
        allowed = (step.retry + 1) if isinstance(step, ApiStep) and step.retry is not None else CALL_ATTEMPTS
        first, last, parks = site.attempt, site.attempt + allowed - 1, 0
        parted: PartlyDone | None = None
        while True:
            intent = self._intend(site, planned, filled)
            try:
                act = await self._acting.attempt(site, filled, intent)
            except CallFailedError as error:
                self._outcomes.failed(site, error)
                if intent.data["mutates"] and await self._has_credentials_again(site, step, error, parks):
                    first, last, parks = first + 1, last + 1, parks + 1
                    site = replace(site, attempt=site.attempt + 1)
                    continue
                if error.certainty is Certainty.UNKNOWN and intent.data["mutates"]:
                    raise StepInDoubtError(site.step, step_name(step), str(error)) from error
                if not error.retryable or site.attempt >= last:
                    raise _ended(site, step, error, parted) from error
            except StepFailedError as error:
                self._outcomes.failed(site, _unseen(error))
                raise
            else:
                if act.partly is None:
                    self._outcomes.succeeded(site, step, act)
                    return
                self._outcomes.partly(site, act, act.partly)
                if act.partly.rest is None or site.attempt >= last:
                    raise PartlyDoneError(site.step, step_name(step), some_failed(act.partly))
                parted = act.partly
                filled = filled.model_copy(update={"params": dict(act.partly.rest)})
            await self._context.pace.sleep(FIRST_PAUSE * 2 ** (site.attempt - first))
            site = replace(site, attempt=site.attempt + 1)

    async def _looked_before(self, site: Site, step: Step) -> Site:
        """What a later look will be compared with: there before, an effect proves nothing."""
        if not isinstance(step, ApiStep) or site.precondition is not None:
            return site
        catalog = self._context.gateway.catalog
        if catalog.effect(step.api, step.params) is not Effect.MUTATE:
            return site
        digest = self._context.gateway.digest(step.api, step.params)
        sent = with_token(catalog, step.api, step.params, self.token(site, step.api, digest))
        return replace(site, precondition=await precondition(self._context, step.api, sent))

    async def _has_credentials_again(
        self, site: Site, step: Step, error: CallFailedError, parks: int
    ) -> bool:
        """Whether a call that was refused for want of credentials can be made now, however long that took.

        Raises:
            StepInDoubtError: it is a repeat, and what was safe to repeat then may no longer be: a token has its time.
        """
        context = self._context
        if not (credentials_over(error) and await context.parking.ended(context, error, parks)):
            return False
        if site.repeats:
            why = f"the credentials ended before it could be repeated: {error}"
            raise StepInDoubtError(site.step, step_name(step), why) from error
        return True

    def _intend(self, site: Site, planned: PlannedStep, filled: Step) -> Event:
        gateway = self._context.gateway
        name, params = step_name(planned.step), step_params(filled)
        api = name if isinstance(filled, ApiStep) else None
        mutates = api is None and not isinstance(filled, (WaitStep, HttpStep))
        if api is not None:
            mutates = gateway.catalog.effect(api, params) is Effect.MUTATE
        shown = gateway.redactor.redact_params(api, params) if api else gateway.redactor.redact_value(params)
        digest = gateway.digest(api, params) if api else gateway.digest("outside:" + name, {})
        return self._context.record(
            StepIntent(
                step=site.step,
                attempt=site.attempt,
                direction=site.direction,
                api=name,
                params_digest=digest,
                token=self.token(site, api, digest) if mutates else None,
                mutates=mutates,
                params=jsonable(shown),
                stands_for=planned.stands_for,
                precondition=site.precondition,
            ),
            site.operation,
        )

    def token(self, site: Site, api: str | None, digest: str) -> str | None:
        """The client token of every attempt at a step, None where the API takes none.

        A repeated call carries the token that was journaled: another run would derive another one.
        """
        if site.token is not None:
            return site.token
        catalog = self._context.gateway.catalog
        if api is None or catalog.token_member(api) is None:
            return None
        return catalog.token_for(api, self._context.token_seed(site, digest))

    def save(self, operation: str, step: Step, answer: object) -> dict[str, Any]:
        """Keep what the step saves from an answer; what may be journaled of it is returned."""
        return self._outcomes.save(operation, step, answer)


def _ended(
    site: Site, step: Step, error: CallFailedError, parted: PartlyDone | None
) -> StepFailedError | PartlyDoneError:
    """A refusal that ends a step; what an earlier attempt has done of a batch stands all the same."""
    if parted is None:
        return StepFailedError(step.title, str(error), error.code)
    return PartlyDoneError(site.step, step_name(step), f"{some_failed(parted)}; for these {error}")


def _unseen(error: StepFailedError) -> CallFailedError:
    """A wait that came to no good end says nothing about the call that it waited for, which was made."""
    why = f"{error}; what it waits for was asked for and may still come"
    return CallFailedError("NotSeen", why, Certainty.UNKNOWN, False)
