"""One step of an operation: intent, act, outcome; retries are journaled attempts, each one call on the wire."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from operations.aws.breaker import CircuitOpenError
from operations.aws.model.types import Effect
from operations.aws.outcome import Answer, CallFailedError, Certainty, GatewayError, credentials_over
from operations.aws.redaction import jsonable
from operations.engine.batches import PartlyDone, judge
from operations.engine.context import RunContext
from operations.engine.errors import (
    AnswerUnseenError,
    EffectUnknownError,
    PartlyDoneError,
    PersonNeededError,
    StepFailedError,
    StepInDoubtError,
)
from operations.engine.filling import fill_step, step_name, step_params, with_token
from operations.engine.hands import PlannedStep
from operations.engine.lookups import look, precondition
from operations.engine.reads import read_until, wait
from operations.plan.expressions import ExpressionError, search
from operations.plan.references import fill
from operations.plan.steps import ApiStep, CommandStep, HttpStep, ManualStep, Saves, Step, WaitStep
from state.errors import JournalUnwritableError, LeaseLostError
from state.events import Direction, Event, Result
from state.operation_events import StepIntent, StepOutcome

T = TypeVar("T")
CALL_ATTEMPTS = 5
FIRST_PAUSE = 2.0
"""Plan seconds before the second attempt at a call that surely had no effect; each further pause is twice as long."""


@dataclass(frozen=True, slots=True)
class Site:
    """Where a step stands: `step` counts from 1 within the direction, `attempt` goes on from earlier runners.

    `precondition` is what a probe showed before its first attempt, None when nobody has looked.
    """

    operation: str
    direction: Direction
    step: int
    attempt: int = 1
    repeats: bool = False
    attested: bool = False
    token: str | None = None
    precondition: str | None = None


@dataclass(frozen=True, slots=True)
class _Act:
    """How one attempt ended well: the answer for `save`, how it went on the wire."""

    answer: Any
    seconds: float
    request_id: str | None = None
    polls: int | None = None
    code: str | None = None
    partly: PartlyDone | None = None


class StepRunner:
    """Carries single steps out for a run."""

    def __init__(self, context: RunContext) -> None:
        self._context = context

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
        while True:
            intent = self._intend(site, planned, filled)
            try:
                act = await self._act(site, filled, intent)
            except CallFailedError as error:
                self._note_failure(site, error)
                if intent.data["mutates"] and await self._has_credentials_again(error, parks):
                    first, last, parks = first + 1, last + 1, parks + 1
                    site = replace(site, attempt=site.attempt + 1)
                    continue
                if error.certainty is Certainty.UNKNOWN and intent.data["mutates"]:
                    raise StepInDoubtError(site.step, step_name(step), str(error)) from error
                if not error.retryable or site.attempt >= last:
                    raise StepFailedError(step.title, str(error), error.code) from error
            except StepFailedError as error:
                self._note_failure(site, _unseen(error))
                raise
            else:
                if act.partly is None:
                    self._note_success(site, step, act)
                    return
                self._note_partly(site, act, act.partly)
                if act.partly.rest is None or site.attempt >= last:
                    raise PartlyDoneError(site.step, step_name(step), _some_failed(act.partly))
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

    async def _has_credentials_again(self, error: CallFailedError, parks: int) -> bool:
        context = self._context
        return credentials_over(error) and await context.parking.ended(context, error, parks)

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
        return catalog.token_for(
            api, self._context.token_seed(site.operation, site.direction, site.step, digest)
        )

    async def _act(self, site: Site, step: Step, intent: Event) -> _Act:
        match step:
            case ApiStep() if intent.data["mutates"]:
                return await self._call(site, step, intent)
            case ApiStep():
                answer, count = await _answered(read_until(self._context, step, step.params, step.until))
                return _Act(jsonable(answer.response), answer.seconds, answer.request_id, count)
            case WaitStep():
                return _Act({}, 0.0, polls=await _answered(wait(self._context, step, step.params)))
        return await self._outside(site, step)

    async def _call(self, site: Site, step: ApiStep, intent: Event) -> _Act:
        gateway = self._context.gateway
        params = with_token(gateway.catalog, step.api, step.params, intent.data["token"])
        try:
            answer: Answer = await gateway.mutate(intent, step.api, params)
        except LeaseLostError as error:
            self._note_failure(site, CallFailedError("LeaseLost", str(error), Certainty.NOT_APPLIED, False))
            raise
        except CircuitOpenError as error:
            raise CallFailedError("CircuitOpen", str(error), Certainty.NOT_APPLIED, False) from error
        except CallFailedError as error:
            if self._already_done(site, step, error):
                again = await self._found_again(site, step, params, error)
                return _Act(again, error.seconds, code=error.code)
            raise
        except GatewayError as error:
            raise CallFailedError(type(error).__name__, str(error), Certainty.NOT_APPLIED, False) from error
        except JournalUnwritableError as error:
            self._note_failure(site, CallFailedError("NeverSent", str(error), Certainty.NOT_APPLIED, False))
            raise
        found: Any = jsonable(answer.response)
        return _Act(found, answer.seconds, answer.request_id, partly=judge(step.api, step.params, found))

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
            self._note_failure(
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
        if site.direction is Direction.INVERSE and error.code in catalog.gone_errors(step.api):
            return True
        return site.repeats and catalog.tells_done(step.api, step.params, error.code, error.message)

    async def _outside(self, site: Site, step: CommandStep | HttpStep | ManualStep) -> _Act:
        started = self._context.monotonic()
        self._context.gateway.recheck()
        try:
            answer = await self._context.hands.perform(step, attested=site.attested)
        except EffectUnknownError as error:
            raise CallFailedError("CutShort", str(error), Certainty.UNKNOWN, False) from error
        except StepFailedError as error:
            raise CallFailedError(error.code or "Failed", str(error), Certainty.NOT_APPLIED, False) from error
        except PersonNeededError as error:
            self._note_failure(site, CallFailedError("Waits", str(error), Certainty.NOT_APPLIED, False))
            raise
        return _Act(answer, self._context.monotonic() - started)

    def _note_failure(self, site: Site, error: CallFailedError) -> None:
        unknown = error.certainty is Certainty.UNKNOWN
        self._context.record(
            StepOutcome(
                step=site.step,
                attempt=site.attempt,
                direction=site.direction,
                result=Result.UNKNOWN if unknown else Result.NOT_APPLIED,
                seconds=round(error.seconds, 4),
                code=error.code,
                error=self._context.gateway.redactor.redact_text(error.message),
            ),
            site.operation,
        )

    def _note_partly(self, site: Site, act: _Act, partly: PartlyDone) -> None:
        self._context.record(
            StepOutcome(
                step=site.step,
                attempt=site.attempt,
                direction=site.direction,
                result=Result.UNKNOWN,
                seconds=round(act.seconds, 4),
                request_id=act.request_id,
                code="PartlyDone",
                error=_some_failed(partly),
                items=partly.as_dict(),
            ),
            site.operation,
        )

    def _note_success(self, site: Site, step: Step, act: _Act) -> None:
        failure = None
        saved: dict[str, Any] = {}
        try:
            saved = self.save(site.operation, step, act.answer)
            failure = self._unexpected(site, step, act.answer)
        except ExpressionError as error:
            failure = str(error)
        self._context.record(
            StepOutcome(
                step=site.step,
                attempt=site.attempt,
                direction=site.direction,
                result=Result.APPLIED,
                seconds=round(act.seconds, 4),
                request_id=act.request_id,
                code=act.code,
                saved=saved,
                polls=act.polls,
                error=failure,
            ),
            site.operation,
        )
        if failure is not None:
            raise StepFailedError(step.title, failure)

    def _unexpected(self, site: Site, step: Step, answer: object) -> str | None:
        expect = getattr(step, "expect", None)
        if expect is None:
            return None
        filled = fill(expect, self._context.values.scope(site.operation))
        return None if search(filled, answer) is True else f"`{filled}` does not hold"

    def save(self, operation: str, step: Step, answer: object) -> dict[str, Any]:
        """Keep what the step saves from an answer; what may be journaled of it is returned."""
        saves: Saves = getattr(step, "save", {})
        secret = getattr(step, "sensitive", ())
        found = {name: search(expression, answer) for name, expression in saves.items()}
        redactor = self._context.gateway.redactor
        for name in secret:
            if isinstance(found.get(name), str):
                redactor.learn(found[name])
            self._context.values.keep_secret(operation, name, found.pop(name, None))
        shown = {name: redactor.redact_value(value) for name, value in found.items()}
        self._context.values.save(operation, found)
        return shown


def _some_failed(partly: PartlyDone) -> str:
    item, code = partly.failed[0]
    more = f" and {len(partly.failed) - 1} more" if len(partly.failed) > 1 else ""
    return f"{partly.done} items done, {len(partly.failed)} failed: {item} with {code}{more}"


def _unseen(error: StepFailedError) -> CallFailedError:
    """A wait that came to no good end says nothing about the call that it waited for, which was made."""
    why = f"{error}; what it waits for was asked for and may still come"
    return CallFailedError("NotSeen", why, Certainty.UNKNOWN, False)


async def _answered(reading: Awaitable[T]) -> T:
    """A read that could not even be sent has failed as one that was."""
    try:
        return await reading
    except CallFailedError:
        raise
    except GatewayError as error:
        retryable = isinstance(error, CircuitOpenError)
        raise CallFailedError(type(error).__name__, str(error), Certainty.NOT_APPLIED, retryable) from error
