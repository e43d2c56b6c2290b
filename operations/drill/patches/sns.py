"""SNS: a message to a function is delivered without running it, since the sandbox has no containers."""

from __future__ import annotations

from typing import Any

from operations.drill.patches.support import Method, wrap
from operations.drill.world import World


def apply(_world: World) -> None:
    """Take delivery to functions out of `Subscription.publish`."""
    from moto.sns import models

    wrap(models.Subscription, "publish", _unless_function)


def _unless_function(original: Method) -> Method:
    def publish(self: Any, *args: Any, **kwargs: Any) -> None:
        if self.protocol != "lambda":
            original(self, *args, **kwargs)

    return publish
