"""SNS: a message to a function is delivered without running it, since the sandbox has no containers."""

from __future__ import annotations

from typing import Any

from operations.drill.patches.support import Method, wrap
from operations.drill.world import World


def apply(_world: World) -> None:
    """Take delivery to functions out of `Subscription.publish`, and count a topic's subscriptions."""
    from moto.sns import models

    wrap(models.Subscription, "publish", _unless_function)
    for name in ("subscribe", "unsubscribe"):
        wrap(models.SNSBackend, name, _counted)


def _unless_function(original: Method) -> Method:
    def publish(self: Any, *args: Any, **kwargs: Any) -> None:
        if self.protocol != "lambda":
            original(self, *args, **kwargs)

    return publish


def _counted(original: Method) -> Method:
    def change(self: Any, *args: Any, **kwargs: Any) -> Any:
        changed = original(self, *args, **kwargs)
        for topic in self.topics.values():
            topic.subscriptions_confimed = sum(item.topic is topic for item in self.subscriptions.values())
        return changed

    return change
