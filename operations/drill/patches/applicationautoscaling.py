"""Application Auto Scaling: nothing scales here, so there are no activities."""

from __future__ import annotations

from operations.drill.patches.support import answer, put
from operations.drill.world import World


def apply(_world: World) -> None:
    """Answer `describe_scaling_activities` with an empty list."""
    from moto.applicationautoscaling import responses

    put(
        responses.ApplicationAutoScalingResponse,
        "describe_scaling_activities",
        lambda _self: answer({"ScalingActivities": []}),
    )
