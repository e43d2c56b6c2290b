"""EventBridge: patterns are tested, and a rule that is disabled does not fire."""

from __future__ import annotations

import json
from typing import Any

from operations.drill.patches.support import Method, answer, put, refusal, wrap
from operations.drill.world import World


def apply(_world: World) -> None:
    """Answer TestEventPattern, hold disabled rules, and refuse to delete a bus that has rules."""
    from moto.events import models, responses

    def test_event_pattern(self: Any) -> Any:
        pattern = models.EventPattern.load(self._get_param("EventPattern"))
        try:
            event = json.loads(self._get_param("Event"))
        except ValueError as error:
            raise refusal("InvalidEventPatternException", f"The event is not JSON: {error}") from error
        return answer({"Result": bool(pattern.matches_event(event))})

    put(responses.EventsHandler, "test_event_pattern", test_event_pattern)
    wrap(models.Rule, "send_to_targets", _unless_disabled)
    wrap(models.EventsBackend, "delete_event_bus", _only_without_rules)


def _unless_disabled(original: Method) -> Method:
    def send_to_targets(self: Any, *args: Any, **kwargs: Any) -> None:
        if self.state == "ENABLED":
            original(self, *args, **kwargs)

    return send_to_targets


def _only_without_rules(original: Method) -> Method:
    def delete_event_bus(self: Any, name: str) -> Any:
        bus = self.event_buses.get(name.rsplit("/", maxsplit=1)[-1])
        if bus is not None and bus.rules:
            raise refusal("ValidationException", f"EventBus {bus.name} can't be deleted since it has rules.")
        return original(self, name)

    return delete_event_bus
