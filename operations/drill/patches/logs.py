"""CloudWatch Logs: nobody has saved a query."""

from __future__ import annotations

from operations.drill.patches.support import answer, put
from operations.drill.world import World


def apply(_world: World) -> None:
    """Answer `describe_query_definitions` with an empty list."""
    from moto.logs import responses

    put(responses.LogsResponse, "describe_query_definitions", lambda _self: answer({"queryDefinitions": []}))
