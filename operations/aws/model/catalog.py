"""The one door to the offline AWS API model: a facade over what botocore bundles and what it leaves out."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from operations.aws.model import effects as effects_of
from operations.aws.model import errors, iam, outputs, params, repeats, sensitive, tokens, waiters
from operations.aws.model.library import ServiceLibrary
from operations.aws.model.names import split
from operations.aws.model.shapes import Shape
from operations.aws.model.types import (
    ApiModelError,
    Direction,
    Effect,
    ShapeProblem,
    UnknownApiError,
    WaiterSpec,
)


class ApiCatalog:
    """What AWS calls exist, what they take, return and do.

    Needs no credentials and no network. Cheap to make: botocore is imported at the first question, each service's
    model is read at the first question about it and then kept. An API is written `service:Action` with botocore's
    service name, a waiter `service:waiter_name`.
    """

    def __init__(self) -> None:
        self._library = ServiceLibrary()
        self._sensitive = lru_cache(maxsize=512)(self._find_sensitive)

    def knows(self, api: str) -> bool:
        """Says whether AWS has a call of that name."""
        return self._library.operation(api) is not None

    def actions(self, service: str) -> tuple[str, ...]:
        """Returns the names of all calls of a service; empty when botocore has no such service."""
        model = self._library.service(service)
        return tuple(model.operation_names) if model is not None else ()

    def nearest(self, api: str) -> str | None:
        """Returns the existing call that was most likely meant, or None."""
        return self._library.nearest(api)

    def problems(self, api: str, params_of_call: Mapping[str, object]) -> list[ShapeProblem]:
        """Returns what is surely wrong with a call's parameters; `UNKNOWN` and `PartlyKnown` may stand in them.

        Raises:
            UnknownApiError: There is no such call.
        """
        return params.problems(self._library.need(api).input_shape, params_of_call)

    def output_has(self, api: str, expression: str) -> list[ShapeProblem]:
        """Returns what is surely wrong with a JMESPath expression on the call's answer; empty when nothing is.

        Raises:
            UnknownApiError: There is no such call.
        """
        return outputs.problems(self._library.need(api).output_shape, expression)

    def waiter_exists(self, name: str) -> bool:
        """Says whether botocore has a waiter `service:waiter_name`."""
        service, waiter = split(name)
        return waiter in self._library.waiters(service)

    def nearest_waiter(self, name: str) -> str | None:
        """Returns the existing waiter that was most likely meant, or None."""
        return waiters.nearest(self._library, name)

    def waiter_operation(self, name: str) -> WaiterSpec:
        """Returns what a waiter polls, how often, and how it judges the answers.

        Raises:
            UnknownApiError: There is no such waiter.
        """
        return waiters.spec(self._library, name)

    def effect(self, api: str, params_of_call: Mapping[str, object]) -> Effect:
        """Returns READ for a call that surely changes nothing, else MUTATE."""
        if not self.knows(api):
            return Effect.MUTATE
        return effects_of.effect(api, params_of_call)

    def repeatable(self, api: str, params_of_call: Mapping[str, object]) -> bool:
        """Says whether a second call with the same parameters has no further effect; False where in doubt."""
        return self.knows(api) and repeats.repeatable(api, params_of_call)

    def gone_errors(self, api: str) -> frozenset[str]:
        """Returns the codes by which a deleting call says that its target is gone already."""
        return errors.gone(api, self._library.operation(api))

    def exists_errors(self, api: str) -> frozenset[str]:
        """Returns the codes by which a creating call says that what it makes is there already."""
        return errors.exists(api, self._library.operation(api))

    def tells_done(
        self, api: str, params_of_call: Mapping[str, object], code: str, message: str = ""
    ) -> bool:
        """Says whether an error tells that an earlier attempt of the same call had been applied.

        Ask it only when there was an earlier attempt: to a first call the same error says that the world is not as
        the plan takes it to be.
        """
        codes = self.gone_errors(api) | self.exists_errors(api)
        if api == "ssm:PutParameter" and params_of_call.get("Overwrite"):
            return False
        return (
            code in codes
            or errors.gone_alone(api, code, params_of_call)
            or errors.by_message(api, code, message)
        )

    def token_member(self, api: str) -> str | None:
        """Returns the top-level parameter that carries the call's idempotency token, or None."""
        return tokens.member(api, self._library.operation(api))

    def token_for(self, api: str, seed: str) -> str:
        """Returns the idempotency token for a seed, the same in every process.

        Raises:
            ApiModelError: The call takes no token, or none of ours fits its shape.
        """
        member = self.token_member(api)
        shape = self.input_shape(api)
        if member is None or shape is None:
            raise ApiModelError(f"{api} takes no idempotency token")
        return tokens.derive(api, shape.members[member], seed)

    def with_token(self, api: str, params_of_call: Mapping[str, object], seed: str) -> dict[str, object]:
        """Returns the parameters with an idempotency token; unchanged when the call takes none or has one."""
        member = self.token_member(api)
        if member is None or member in params_of_call:
            return dict(params_of_call)
        return {**params_of_call, member: self.token_for(api, seed)}

    def sensitive_paths(self, api: str, direction: Direction) -> frozenset[tuple[str, ...]]:
        """Returns the paths of the members that the models mark as sensitive; `*` is any item of a list or map."""
        return self._sensitive(api, direction)

    def iam_action(self, api: str) -> str:
        """Returns the IAM action that allows a call."""
        return iam.action(api, self._library.service(split(api)[0]))

    def input_shape(self, api: str) -> Shape | None:
        """Returns the shape of a call's parameters; None when it takes none or does not exist."""
        operation = self._library.operation(api)
        return operation.input_shape if operation is not None else None

    def output_shape(self, api: str) -> Shape | None:
        """Returns the shape of a call's answer; None when it has none or does not exist."""
        operation = self._library.operation(api)
        return operation.output_shape if operation is not None else None

    def _find_sensitive(self, api: str, direction: Direction) -> frozenset[tuple[str, ...]]:
        shape = self.input_shape(api) if direction is Direction.INPUT else self.output_shape(api)
        return sensitive.paths(shape)


__all__ = ["ApiCatalog", "UnknownApiError"]
