"""What can stop an operation, a run or a runner."""

from __future__ import annotations


class EngineError(Exception):
    """Base of the engine's errors; the text is one line."""


class StepFailedError(EngineError):
    """A step surely did not do what it was for."""

    def __init__(self, step: str, message: str, code: str | None = None) -> None:
        self.step = step
        self.code = code
        super().__init__(message)


class StepInDoubtError(EngineError):
    """Nobody knows whether a step had its effect: `step` counts from 1 within its direction."""

    def __init__(self, step: int, api: str, why: str) -> None:
        self.step = step
        self.api = api
        super().__init__(why)


class PartlyDoneError(StepInDoubtError):
    """A batch was done in part, and the rest of it cannot be."""


class AnswerUnseenError(StepInDoubtError):
    """A step had its effect, and what it answered, which later steps need, shows nowhere."""


class EffectUnknownError(EngineError):
    """A step outside AWS was cut short: what it did until then is not known."""


class PersonNeededError(EngineError):
    """A person must act before the operation can go on."""


class WatchFiredError(EngineError):
    """A watch did not hold while the operation baked."""

    def __init__(self, check: str, message: str) -> None:
        self.check = check
        super().__init__(f"{check}: {message}")


class TriggerFiredError(EngineError):
    """A trigger of the plan fired that has operations undone without asking."""

    def __init__(self, trigger: str, message: str, operations: tuple[str, ...]) -> None:
        self.trigger = trigger
        self.operations = operations
        super().__init__(message)


class RunRefusedError(EngineError):
    """A run that may not start; nothing was done."""


class RunStoppedError(EngineError):
    """The run was asked to stop; what was begun goes on where it stands when the run is resumed."""
