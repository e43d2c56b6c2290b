"""The hands of a setting, lent to the checks: stand-ins in a sandbox, real URLs live."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from operations.checks.outside import NotAskedError, OtherAnswerError, OutsideStep
from operations.engine.errors import EffectUnknownError, StepFailedError
from operations.engine.hands import Hands
from operations.plan.steps import CommandStep, HttpStep, Step


class HandsOutside:
    """Adapter of `operations.checks.outside.Outside` over a setting's hands."""

    def __init__(self, hands: Hands) -> None:
        self._hands = hands

    def instead(self, step: OutsideStep) -> Sequence[Step] | None:
        """The calls that stand in for the step, None where the setting makes it as the plan has it."""
        planned = self._hands.plan_steps((step,))
        if not any(each.stands_for for each in planned):
            return None
        return tuple(each.step for each in planned if each.step is not step)

    async def ask(self, step: HttpStep | CommandStep) -> Any:
        """GET a URL or carry a command out; see `operations.checks.outside.Outside`."""
        try:
            return await self._hands.perform(step, attested=False)
        except EffectUnknownError as error:
            raise NotAskedError(str(error)) from error
        except StepFailedError as error:
            wrong = OtherAnswerError if error.code is not None else NotAskedError
            raise wrong(str(error)) from error
