"""Synthetics: canaries that start, run, stop and are deleted."""

from __future__ import annotations

import json
from typing import Any

from operations.drill.patches.support import answer, put, refusal, wrap
from operations.drill.world import World

SETTLE_SECONDS = 0.3
"""Simulated time that a canary spends in a state that passes, such as STOPPING. A start is
done at once: plans verify it in the next call, without a wait."""

_PASSING = {"CREATING": "READY", "STOPPING": "STOPPED"}
_MAY = {"start": ("READY", "STOPPED"), "stop": ("RUNNING",), "delete": ("READY", "STOPPED", "ERROR")}


def apply(world: World) -> None:
    """Add StartCanary, StopCanary, DeleteCanary, and states that change."""
    from moto.core.utils import utcnow
    from moto.synthetics import models, responses, urls

    handler = responses.SyntheticsResponse

    def change(self: Any, verb: str, state: str) -> Any:
        canary = _find(self, world)
        if canary.state not in _MAY[verb]:
            raise refusal(
                "ConflictException", f"Canary {canary.name} is in state {canary.state}; it cannot {verb} now."
            )
        _move(world, canary, state)
        canary.timeline["LastStarted" if verb == "start" else "LastStopped"] = utcnow()
        return answer({})

    def delete_canary(self: Any) -> Any:
        canary = _find(self, world)
        if canary.state not in _MAY["delete"]:
            raise refusal(
                "ConflictException", f"Canary {canary.name} is in state {canary.state}; stop it first."
            )
        del self.synthetics_backend.canaries[canary.name]
        return answer({})

    def describe_canaries(self: Any) -> str:
        asked = json.loads(self.body or "{}").get("Names")
        found = [
            canary
            for canary in self.synthetics_backend.canaries.values()
            if not asked or canary.name in asked
        ]
        return json.dumps({"Canaries": [_shown(world, canary) for canary in found]})

    put(handler, "start_canary", lambda self: change(self, "start", "RUNNING"))
    put(handler, "stop_canary", lambda self: change(self, "stop", "STOPPING"))
    put(handler, "delete_canary", delete_canary)
    put(handler, "describe_canaries", describe_canaries)
    put(handler, "get_canary", lambda self: json.dumps({"Canary": _shown(world, _find(self, world))}))
    wrap(models.SyntheticsBackend, "create_canary", lambda original: _create(world, original))
    for verb in ("start", "stop"):
        urls.url_paths[f"{{0}}/canary/(?P<name>[^/]+)/{verb}$"] = handler.dispatch


def _create(world: World, original: Any) -> Any:
    def create_canary(self: Any, name: str, *args: Any, **kwargs: Any) -> Any:
        if name in self.canaries:
            raise refusal("ConflictException", f"Canary {name} exists already.")
        canary = original(self, name, *args, **kwargs)
        _move(world, canary, "CREATING")
        return canary

    return create_canary


def _move(world: World, canary: Any, state: str) -> None:
    canary.state = state
    canary.sandbox_moved = world.clock()


def _find(response: Any, world: World) -> Any:
    name = response.path.split("/canary/")[1].split("/")[0]
    canary = response.synthetics_backend.canaries.get(name)
    if canary is None:
        raise refusal("ResourceNotFoundException", f"Canary {name} does not exist.")
    _settle(world, canary)
    return canary


def _settle(world: World, canary: Any) -> None:
    if canary.state in _PASSING and world.since(canary.sandbox_moved) >= SETTLE_SECONDS:
        canary.state = _PASSING[canary.state]


def _shown(world: World, canary: Any) -> dict[str, Any]:
    _settle(world, canary)
    wire: dict[str, Any] = canary.to_dict()
    wire["Status"] = {"State": canary.state, "StateReason": "", "StateReasonCode": ""}
    stamps = {name: moment.timestamp() for name, moment in canary.timeline.items() if moment is not None}
    return {**{name: value for name, value in wire.items() if value is not None}, "Timeline": stamps}
