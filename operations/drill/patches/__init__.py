"""Corrections of moto's services, applied when a service is first used.

One module a service, each with `apply(world)`. Applying late keeps the start fast: a patch imports the moto service that it
mends, and most drills use a third of them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from operations.drill.world import World

PATCHED: Final[frozenset[str]] = frozenset(
    {
        "applicationautoscaling",
        "backup",
        "cloudwatch",
        "dms",
        "ec2",
        "ecr",
        "ecs",
        "elbv2",
        "events",
        "iam",
        "logs",
        "rds",
        "rdsdata",
        "route53",
    }
    | {"secretsmanager", "servicediscovery", "sns", "synthetics"}
)
"""Names of moto's modules that have a patch here; the patch module is called the same."""

NEEDS: Final[dict[str, tuple[str, ...]]] = {
    "ecs": ("ec2",),
    "elb": ("elbv2", "ec2"),
    "elbv2": ("ec2",),
    "rds": ("ec2",),
}
"""Services whose backend another one calls inside the process, so that their patches must be in place too."""


class Registry:
    """Applies each patch at most once.

    Args:
        world: The surroundings that every patch is given.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._applied: set[str] = set()

    def apply(self, service: str) -> None:
        """Mend a service, and those that it calls, before its first use."""
        for name in (service, *NEEDS.get(service, ())):
            if name in PATCHED and name not in self._applied:
                self._applied.add(name)
                import_module(f"{__name__}.{name}").apply(self._world)
