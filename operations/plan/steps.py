"""Steps of an operation: an API call, a wait, a command, an HTTP check or a person's act."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from itertools import pairwise
from typing import Annotated, Any, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    ModelWrapValidatorHandler,
    Tag,
    ValidationError,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
    model_validator,
)

from operations.plan.patience import Patience

API_NAME = r"^[a-z0-9-]+:[A-Za-z0-9]+$"
WAITER_NAME = r"^[a-z0-9-]+:[a-z0-9_]+$"
SAVED_NAME = r"^[a-z][a-z0-9_]*$"

SHELLS = frozenset({"ash", "bash", "csh", "dash", "fish", "ksh", "mksh", "sh", "tcsh", "zsh"})
_SCRIPT_OPTION = re.compile(r"-[a-zA-Z]*c[a-zA-Z]*$")

FORM_KEYS = ("api", "wait", "command", "http", "manual")
"""The keys that tell the five forms of a step apart."""


def form_key(value: object) -> str | None:
    """The key that marks the form of a step, for a mapping out of YAML or for a model."""
    present = value.keys() if isinstance(value, Mapping) else getattr(type(value), "model_fields", {})
    return next((key for key in FORM_KEYS if key in present), None)


class PlanModel(BaseModel):
    """Base of everything in a plan file: immutable, and unknown keys are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    @model_validator(mode="wrap")
    @classmethod
    def _while_patience_lasts(
        cls, value: Any, handler: ModelWrapValidatorHandler[Self], info: ValidationInfo
    ) -> Self:
        """What a loader passes as context bounds the problems that are told: `{}` alone lacks four keys or more."""
        patience = info.context
        if not isinstance(patience, Patience):
            return handler(value)
        patience.look()
        try:
            return handler(value)
        except ValidationError:
            patience.lose()
            raise


class StepForm(StrEnum):
    """Which of the five forms a step has; the value is the key that marks it in YAML."""

    API = "api"
    WAIT = "wait"
    COMMAND = "command"
    HTTP = "http"
    MANUAL = "manual"


Saves = dict[Annotated[str, Field(pattern=SAVED_NAME)], str]


class ApiStep(PlanModel):
    """One AWS call; with `until` a read that is repeated until it holds.

    `done_if_error` names error codes that say that the call's effect is there already. `replaced_by`, of a verification or a check of the register, names later
    operations that change on purpose what it looks at: while one of them stands it says nothing any more. `every_seconds` and `timeout_seconds` count plan time, which a sandbox may run faster than the clock.
    """

    api: Annotated[str, Field(pattern=API_NAME)]
    params: dict[str, Any] = {}
    save: Saves = {}
    expect: str | None = None
    until: str | None = None
    until_error: str | None = None
    done_if_error: tuple[str, ...] = ()
    replaced_by: tuple[str, ...] = ()
    every_seconds: Annotated[float, Field(gt=0)] = 5
    timeout_seconds: Annotated[float, Field(gt=0)] = 300
    retry: Annotated[int, Field(ge=0, le=10)] | None = None
    sensitive: tuple[str, ...] = ()

    @property
    def form(self) -> StepForm:
        """The form of this step."""
        return StepForm.API

    @property
    def title(self) -> str:
        """What a screen calls this step."""
        return f"{self.api} until it holds" if self.until or self.until_error else self.api


class WaitStep(PlanModel):
    """A botocore waiter, polled by the engine with the waiter's own verdicts."""

    wait: Annotated[str, Field(pattern=WAITER_NAME)]
    params: dict[str, Any] = {}
    every_seconds: Annotated[float, Field(gt=0)] | None = None
    timeout_seconds: Annotated[float, Field(gt=0)] | None = None

    @property
    def form(self) -> StepForm:
        """The form of this step."""
        return StepForm.WAIT

    @property
    def title(self) -> str:
        """What a screen calls this step."""
        return f"wait {self.wait}"


CallStep = Annotated[
    Annotated[ApiStep, Tag("api")] | Annotated[WaitStep, Tag("wait")],
    Discriminator(form_key),
]
"""A step that only talks to AWS: what a `stand_in` may hold."""


class CommandStep(PlanModel):
    """A local command: an argument vector that no shell ever sees."""

    command: Annotated[tuple[str, ...], Field(min_length=1)]
    timeout_seconds: Annotated[float, Field(gt=0)] = 600
    evidence: str | None = None
    save: Saves = {}
    sensitive: tuple[str, ...] = ()
    stand_in: tuple[CallStep, ...] | None = None

    @field_validator("command", mode="before")
    @classmethod
    def _is_a_vector(cls, value: object) -> object:
        if isinstance(value, str):
            raise ValueError(
                "a command is a list of arguments, never a line for a shell: [program, argument, …]"
            )
        return value

    @model_validator(mode="after")
    def _needs_no_shell(self) -> CommandStep:
        if "${" in self.command[0]:
            raise ValueError(
                "the program of a command must stand in the plan; a reference may only be an argument"
            )
        for program, option in pairwise(self.command):
            if program.rpartition("/")[2] in SHELLS and _SCRIPT_OPTION.match(option):
                raise ValueError(
                    f"`{program} {option}` hands a line to a shell; put it into a script and give that its arguments"
                )
        return self

    @property
    def form(self) -> StepForm:
        """The form of this step."""
        return StepForm.COMMAND

    @property
    def title(self) -> str:
        """What a screen calls this step."""
        return f"command {self.command[0]}"


def _several(value: object) -> object:
    return value if isinstance(value, (list, tuple)) else (value,)


_STATUS = {"type": "integer"}
Statuses = Annotated[
    tuple[int, ...],
    Field(min_length=1),
    BeforeValidator(_several),
    WithJsonSchema({"anyOf": [_STATUS, {"type": "array", "items": _STATUS, "minItems": 1}]}),
]
"""One status, or a list of those that are right."""


class HttpStep(PlanModel):
    """A check of a URL: GET it and compare the status with the one, or those, expected, and the JSON body with `expect`."""

    http: Annotated[str, Field(pattern=r"^(https?://|\$\{)")]
    expect_status: Statuses = (200,)
    expect: str | None = None
    every_seconds: Annotated[float, Field(gt=0)] = 5
    timeout_seconds: Annotated[float, Field(gt=0)] = 30
    stand_in: tuple[CallStep, ...] | None = None

    @property
    def form(self) -> StepForm:
        """The form of this step."""
        return StepForm.HTTP

    @property
    def title(self) -> str:
        """What a screen calls this step."""
        return f"GET {self.http}"


class ManualStep(PlanModel):
    """Something that a person does and then attests, with a role that may do so."""

    manual: Annotated[str, Field(min_length=1)]
    role: str | None = None
    evidence: str | None = None
    stand_in: tuple[CallStep, ...] | None = None

    @property
    def form(self) -> StepForm:
        """The form of this step."""
        return StepForm.MANUAL

    @property
    def title(self) -> str:
        """What a screen calls this step."""
        return f"by hand: {self.manual}"


Step = Annotated[
    Annotated[ApiStep, Tag("api")]
    | Annotated[WaitStep, Tag("wait")]
    | Annotated[CommandStep, Tag("command")]
    | Annotated[HttpStep, Tag("http")]
    | Annotated[ManualStep, Tag("manual")],
    Discriminator(form_key),
]
"""Any step; the key that is present tells the form."""
