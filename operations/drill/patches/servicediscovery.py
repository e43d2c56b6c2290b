"""Cloud Map: a private namespace takes its hosted zone with it, one with services stays, and operations are found by filter."""

from __future__ import annotations

import json
from typing import Any

from operations.drill.patches.support import Method, answer, put, refusal, wrap
from operations.drill.world import World


def apply(_world: World) -> None:
    """Mend DeleteNamespace and ListOperations, which forgets what was about a namespace that is gone."""
    from moto.servicediscovery import models, responses

    wrap(models.ServiceDiscoveryBackend, "delete_namespace", _with_its_zone)
    put(responses.ServiceDiscoveryResponse, "list_operations", _list_operations)


def _list_operations(self: Any) -> Any:
    filters = {each["Name"]: each["Values"] for each in json.loads(self.body or "{}").get("Filters", [])}
    found = [
        operation.to_json(short=True)
        for operation in self.servicediscovery_backend.operations.values()
        if all(_of(operation, name) in values for name, values in filters.items())
    ]
    return answer({"Operations": found})


def _of(operation: Any, name: str) -> str | None:
    """What a filter of this name compares."""
    match name:
        case "TYPE":
            return str(operation.operation_type)
        case "STATUS":
            return str(operation.status)
    return operation.targets.get(name.removesuffix("_ID"))  # type: ignore[no-any-return]


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
