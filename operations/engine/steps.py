"""One step of an operation: intent, act, outcome; retries are journaled attempts, each one call on the wire."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from operations.aws.breaker import CircuitOpenError
from operations.aws.model.types import Effect
from operations.aws.outcome import Answer, CallFailedError, Certainty, GatewayError
from operations.aws.redaction import jsonable
from operations.engine.context import RunContext
from operations.engine.errors import EffectUnknownError, PersonNeededError, StepFailedError, StepInDoubtError
from operations.engine.filling import fill_step, step_name, step_params, with_token
from operations.engine.hands import PlannedStep
from operations.engine.reads import read_until, wait
from operations.plan.expressions import ExpressionError, search
from operations.plan.references import fill
from operations.plan.steps import ApiStep, CommandStep, HttpStep, ManualStep, Saves, Step, WaitStep
from state.events import Direction, Event, Result
from state.operation_events import StepIntent, StepOutcome

CALL_ATTEMPTS = 5
FIRST_PAUSE = 2.0
"""Plan seconds before the second attempt at a call that surely had no effect; each further pause is twice as long."""


@dataclass(frozen=True, slots=True)
class Site:
    """Where a step stands: `step` counts from 1 within the direction, `attempt` goes on from earlier runners."""

    operation: str
    direction: Direction
    step: int
    attempt: int = 1
    repeats: bool = False
    attested: bool = False


@dataclass(frozen=True, slots=True)
class _Act:
    """How one attempt ended well: the answer for `save`, how it went on the wire."""

    answer: Any
    seconds: float
    request_id: str | None = None
    polls: int | None = None
    code: str | None = None


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
        allowed = (step.retry + 1) if isinstance(step, ApiStep) and step.retry is not None else CALL_ATTEMPTS
        first, last = site.attempt, site.attempt + allowed - 1
        while True:
            intent = self._intend(site, planned, filled)
            try:
                act = await self._act(site, filled, intent)
            except CallFailedError as error:
                self._note_failure(site, error)
                if error.certainty is Certainty.UNKNOWN and intent.data["mutates"]:
                    raise StepInDoubtError(site.step, step_name(step), str(error)) from error
                if not error.retryable or site.attempt >= last:
                    raise StepFailedError(step.title, str(error), error.code) from error
            else:
                self._note_success(site, step, act)
                return
            await self._context.pace.sleep(FIRST_PAUSE * 2 ** (site.attempt - first))
            site = replace(site, attempt=site.attempt + 1)

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
            ),
            site.operation,
        )

    def token(self, site: Site, api: str | None, digest: str) -> str | None:
        """The client token of every attempt at a step, None where the API takes none."""
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
                answer, count = await read_until(self._context, step, step.params, step.until)
                return _Act(jsonable(answer.response), answer.seconds, answer.request_id, count)
            case WaitStep():
                return _Act({}, 0.0, polls=await wait(self._context, step, step.params))
        return await self._outside(site, step)

    async def _call(self, site: Site, step: ApiStep, intent: Event) -> _Act:
        gateway = self._context.gateway
        params = with_token(gateway.catalog, step.api, step.params, intent.data["token"])
        try:
            answer: Answer = await gateway.mutate(intent, step.api, params)
        except CircuitOpenError as error:
            raise CallFailedError("CircuitOpen", str(error), Certainty.NOT_APPLIED, False) from error
        except CallFailedError as error:
            if self._already_done(site, step, error):
                return _Act({}, error.seconds, code=error.code)
            raise
        except GatewayError as error:
            raise CallFailedError(type(error).__name__, str(error), Certainty.NOT_APPLIED, False) from error
        return _Act(jsonable(answer.response), answer.seconds, answer.request_id)

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
