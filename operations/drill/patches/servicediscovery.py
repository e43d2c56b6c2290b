"""Cloud Map: a private namespace takes its hosted zone with it, and one with services stays."""

from __future__ import annotations

from typing import Any

from operations.drill.patches.support import Method, refusal, wrap
from operations.drill.world import World


def apply(_world: World) -> None:
    """Mend DeleteNamespace."""
    from moto.servicediscovery import models

    wrap(models.ServiceDiscoveryBackend, "delete_namespace", _with_its_zone)


def _with_its_zone(original: Method) -> Method:
    def delete_namespace(self: Any, namespace_id: str) -> Any:
        from moto.route53.models import route53_backends

        if any(service.namespace_id == namespace_id for service in self.services.values()):
            raise refusal("ResourceInUse", f"Namespace {namespace_id} has associated services.")
        namespace = self.get_namespace(namespace_id)
        done = original(self, namespace_id)
        zone = (namespace.dns_properties or {}).get("HostedZoneId", "").split("/")[-1]
        route53_backends[self.account_id]["aws"].zones.pop(zone, None)
        return done

    return delete_namespace
