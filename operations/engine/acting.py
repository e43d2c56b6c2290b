"""One attempt at a step: the call, the read, the wait, or what happens outside AWS."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from typing import Any, TypeVar

from operations.aws.breaker import CircuitOpenError
from operations.aws.outcome import Answer, CallFailedError, Certainty, GatewayError
from operations.aws.redaction import jsonable
from operations.engine.batches import judge
from operations.engine.context import RunContext
from operations.engine.errors import AnswerUnseenError, EffectUnknownError, PersonNeededError, StepFailedError
from operations.engine.filling import with_token
from operations.engine.lookups import look
from operations.engine.outcomes import Outcomes
from operations.engine.reads import read_until, wait
from operations.engine.site import Act, Site
from operations.plan.steps import ApiStep, CommandStep, HttpStep, ManualStep, Step, WaitStep
from state.errors import JournalUnwritableError, LeaseLostError
from state.events import Direction, Event

T = TypeVar("T")


class Acting:
    """Carries single attempts out for a run, each one call on the wire."""

    def __init__(self, context: RunContext, outcomes: Outcomes) -> None:
        self._context = context
        self._outcomes = outcomes

    async def attempt(self, site: Site, step: Step, intent: Event) -> Act:
        """Make the one attempt that an intent stands for.

        Raises:
            CallFailedError: it did not end well.
            StepFailedError: what it waits for did not come.
            AnswerUnseenError: it had its effect, and no read shows what it had answered.
            PersonNeededError: a person must act first.
        """
        match step:
            case ApiStep() if intent.data["mutates"]:
                return await self._call(site, step, intent)
            case ApiStep():
                answer, count = await _answered(read_until(self._context, step, step.params, step.until))
                return Act(jsonable(answer.response), answer.seconds, answer.request_id, count)
            case WaitStep():
                return Act({}, 0.0, polls=await _answered(wait(self._context, step, step.params)))
        return await self._outside(site, step)

    async def _call(self, site: Site, step: ApiStep, intent: Event) -> Act:
        gateway = self._context.gateway
        params = with_token(gateway.catalog, step.api, step.params, intent.data["token"])
        try:
            answer: Answer = await gateway.mutate(intent, step.api, params)
        except (LeaseLostError, JournalUnwritableError) as error:
            self._never_left(site, error)
            raise
        except CircuitOpenError as error:
            raise CallFailedError("CircuitOpen", str(error), Certainty.NOT_APPLIED, False) from error
        except CallFailedError as error:
            if self._already_done(site, step, error):
                again = await self._found_again(site, step, params, error)
                return Act(again, error.seconds, code=error.code)
            raise
        except GatewayError as error:
            raise CallFailedError(type(error).__name__, str(error), Certainty.NOT_APPLIED, False) from error
        found: Any = jsonable(answer.response)
        return Act(found, answer.seconds, answer.request_id, partly=judge(step.api, step.params, found))

    def _never_left(self, site: Site, error: LeaseLostError | JournalUnwritableError) -> None:
        """The guard of what changes something has stopped it: its intent is in the journal, and it surely had no effect."""
        code = "LeaseLost" if isinstance(error, LeaseLostError) else "NeverSent"
        self._outcomes.failed(site, CallFailedError(code, str(error), Certainty.NOT_APPLIED, False))

    async def _found_again(
        self, site: Site, step: ApiStep, params: Mapping[str, Any], error: CallFailedError
    ) -> Any:
        """What a call that is refused because it was applied before had answered, as far as `save` needs it.

        Raises:
            CallFailedError: it is said to be there, and does not show.
            AnswerUnseenError: no read shows what it had answered.
        """
        probe = self._context.probes.probe_for(step.api, params)
        if probe is None and step.save and site.repeats and error.code not in step.done_if_error:
            why = f"{error.message}; so it was applied, but {', '.join(step.save)} was in the answer that was lost"
            self._outcomes.failed(
                site, CallFailedError(error.code, why, Certainty.UNKNOWN, False, error.seconds)
            )
            raise AnswerUnseenError(site.step, step.api, why)
        if not step.save or probe is None:
            return {}
        sighting = await look(self._context, probe, params)
        if sighting.response is None and site.repeats:
            why = f"{error.message}; but {sighting.read} does not show it"
            raise CallFailedError(error.code, why, Certainty.UNKNOWN, False, error.seconds)
        return jsonable(sighting.response or {})

    def _already_done(self, site: Site, step: ApiStep, error: CallFailedError) -> bool:
        """An inverse whose target is gone has its effect, and so has a repeated call that finds its own work."""
        catalog = self._context.gateway.catalog
        if error.certainty is Certainty.UNKNOWN:
            return False
        if error.code in step.done_if_error:
            return True
        gone = error.code in catalog.gone_errors(step.api)
        if gone and site.direction is Direction.INVERSE:
            return True
        if site.precondition == "present" and not gone:
            return False  # it was there before the first attempt: somebody else's
        return site.repeats and catalog.tells_done(step.api, step.params, error.code, error.message)

    async def _outside(self, site: Site, step: CommandStep | HttpStep | ManualStep) -> Act:
        started = self._context.monotonic()
        try:
            self._context.gateway.recheck()
        except (LeaseLostError, JournalUnwritableError) as error:
            self._never_left(site, error)
            raise
        try:
            answer = await self._context.hands.perform(step, attested=site.attested)
        except EffectUnknownError as error:
            raise CallFailedError("CutShort", str(error), Certainty.UNKNOWN, False) from error
        except StepFailedError as error:
            raise CallFailedError(error.code or "Failed", str(error), Certainty.NOT_APPLIED, False) from error
        except PersonNeededError as error:
            self._outcomes.failed(site, CallFailedError("Waits", str(error), Certainty.NOT_APPLIED, False))
            raise
        return Act(answer, self._context.monotonic() - started)


async def _answered(reading: Awaitable[T]) -> T:
    """A read that could not even be sent has failed as one that was."""
    try:
        return await reading
    except CallFailedError:
        raise
    except GatewayError as error:
        retryable = isinstance(error, CircuitOpenError)
        raise CallFailedError(type(error).__name__, str(error), Certainty.NOT_APPLIED, retryable) from error
