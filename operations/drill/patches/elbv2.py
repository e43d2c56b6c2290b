"""Load balancing: a listener, rule or balancer that is deleted lets go of its target groups and certificates, as AWS has it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from operations.drill.patches.support import Method, wrap
from operations.drill.world import World


def apply(_world: World) -> None:
    """Recount what is in use after every deletion; moto only ever adds."""
    from moto.elbv2 import models

    for name in ("delete_listener", "delete_rule", "delete_load_balancer"):
        wrap(models.ELBv2Backend, name, _recounted)


def _recounted(original: Method) -> Method:
    def delete(self: Any, *args: Any, **kwargs: Any) -> Any:
        certificates = {listener.certificate for listener in _listeners(self) if listener.certificate}
        deleted = original(self, *args, **kwargs)
        for group in self.target_groups.values():
            group.load_balancer_arns = [
                listener.load_balancer_arn
                for listener in _listeners(self)
                if group.arn in set(_forwarded_to(self, listener))
            ]
        _let_go_of(self, certificates)
        return deleted

    return delete


def _listeners(backend: Any) -> Iterator[Any]:
    for balancer in backend.load_balancers.values():
        yield from balancer.listeners.values()


def _forwarded_to(backend: Any, listener: Any) -> Iterator[str]:
    actions = [
        *listener.default_actions,
        *(action for rule in listener.rules.values() for action in rule.actions),
    ]
    for action in actions:
        if action.type == "forward":
            yield from backend._get_target_group_arns_from(action_data=action.data)  # noqa: SLF001 - moto's own


def _let_go_of(backend: Any, certificates: set[str]) -> None:
    from moto.acm.models import acm_backends

    standing = {listener.arn for listener in _listeners(backend)}
    bundles = acm_backends[backend.account_id][backend.region_name]._certificates  # noqa: SLF001 - moto's own
    for arn in certificates:
        with suppress(KeyError):
            bundle = bundles[arn]
            bundle.in_use_by = [
                user for user in bundle.in_use_by if ":listener/" not in user or user in standing
            ]
