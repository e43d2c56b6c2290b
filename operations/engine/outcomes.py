"""What became of an attempt at a step, in the journal, and what the step saves of its answer."""

from __future__ import annotations

from typing import Any

from operations.aws.outcome import CallFailedError, Certainty
from operations.engine.batches import PartlyDone
from operations.engine.context import RunContext
from operations.engine.errors import StepFailedError
from operations.engine.site import Act, Site
from operations.plan.errors import ReferenceProblem
from operations.plan.expressions import ExpressionError, search
from operations.plan.references import fill
from operations.plan.steps import Saves, Step
from state.events import Result
from state.operation_events import StepOutcome


class Outcomes:
    """Journals outcomes and keeps saved values for one run."""

    def __init__(self, context: RunContext) -> None:
        self._context = context

    def failed(self, site: Site, error: CallFailedError) -> None:
        """An attempt that did not end well: whether it had its effect is what the error knows."""
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

    def partly(self, site: Site, act: Act, partly: PartlyDone) -> None:
        """A batch of which a part was done."""
        self._context.record(
            StepOutcome(
                step=site.step,
                attempt=site.attempt,
                direction=site.direction,
                result=Result.UNKNOWN,
                seconds=round(act.seconds, 4),
                request_id=act.request_id,
                code="PartlyDone",
                error=some_failed(partly),
                items=partly.as_dict(),
            ),
            site.operation,
        )

    def succeeded(self, site: Site, step: Step, act: Act) -> None:
        """An attempt that had its effect.

        Raises:
            StepFailedError: its `expect` does not hold, or what it saves is not in the answer.
        """
        failure = None
        saved: dict[str, Any] = {}
        try:
            saved = self.save(site.operation, step, act.answer)
            failure = self._unexpected(site, step, act.answer)
        except (ExpressionError, ReferenceProblem) as error:
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
            value = found.pop(name, None)
            redactor.learn_all(value)
            self._context.values.keep_secret(operation, name, value)
        shown = {name: redactor.redact_value(value) for name, value in found.items()}
        self._context.values.save(operation, found)
        return shown


def some_failed(partly: PartlyDone) -> str:
    """How much of a batch was done, in words."""
    item, code = partly.failed[0]
    more = f" and {len(partly.failed) - 1} more" if len(partly.failed) > 1 else ""
    done = "" if partly.done is None else f"{partly.done} items done, "
    return f"{done}{len(partly.failed)} failed: {item} with {code}{more}"
