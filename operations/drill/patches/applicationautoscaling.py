"""Application Auto Scaling: nothing scales here; a policy that is put again keeps one set of alarms; what is gone is refused."""

from __future__ import annotations

from typing import Any

from operations.drill.patches.support import Method, answer, put, refusal, wrap
from operations.drill.world import World


def apply(_world: World) -> None:
    """Answer `describe_scaling_activities` with an empty list, and let a policy's alarms go with the policy they replace.

    moto makes alarms for every PutScalingPolicy; AWS updates the policy and its alarms in place.
    """
    from moto.applicationautoscaling import models, responses

    put(
        responses.ApplicationAutoScalingResponse,
        "describe_scaling_activities",
        lambda _self: answer({"ScalingActivities": []}),
    )
    backend = models.ApplicationAutoscalingBackend
    wrap(backend, "put_scaling_policy", _with_one_set_of_alarms)
    wrap(backend, "delete_scaling_policy", _refused_by_its_code)
    wrap(backend, "deregister_scalable_target", _refused_by_its_code)


def _refused_by_its_code(original: Method) -> Method:
    """What is not there is an ObjectNotFoundException (Application Auto Scaling API reference), in moto a ValidationException."""
    from moto.applicationautoscaling.exceptions import AWSValidationException

    def call(self: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return original(self, *args, **kwargs)
        except AWSValidationException as error:
            raise refusal("ObjectNotFoundException", error.message) from error

    return call


def _with_one_set_of_alarms(original: Method) -> Method:
    def put_scaling_policy(self: Any, *args: Any, **kwargs: Any) -> Any:
        before = dict(self.policies)
        policy = original(self, *args, **kwargs)
        for key, old in before.items():
            if self.policies.get(key) is not old:
                old.delete_alarms(self.account_id, self.region_name)
        return policy

    return put_scaling_policy
