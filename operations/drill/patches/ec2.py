"""EC2: a dry run changes nothing, and what is deleted leaves nothing behind."""

# ruff: noqa: SLF001 - a patch reaches into the classes that it mends
from __future__ import annotations

from typing import Any

from operations.drill.patches.support import Method, put, refusal, wrap
from operations.drill.world import World


def apply(_world: World) -> None:
    """Honour DryRun on every operation, and drop deleted VPC endpoints from descriptions."""
    from moto.ec2 import models, responses
    from moto.ec2.models.elastic_network_interfaces import NetworkInterface

    handler = responses.EC2Response
    put(handler, "call_action", _dry_run_first(handler.call_action))
    wrap(models.EC2Backend, "delete_vpc_endpoints", _gone)
    wrap(models.EC2Backend, "delete_nat_gateway", _without_interface)
    wrap(NetworkInterface, "__init__", _named)


def _dry_run_first(original: Method) -> Method:
    def call_action(self: Any) -> Any:
        asked = (self.querystring or {}).get("DryRun", [""])[0]
        if str(asked).lower() == "true":
            return self.serialized(_would_have_succeeded())
        return original(self)

    return call_action


def _would_have_succeeded() -> Any:
    from operations.drill.patches.support import answer

    return answer(refusal("DryRunOperation", "Request would have succeeded, but DryRun flag is set."))


def _gone(original: Method) -> Method:
    def delete_vpc_endpoints(self: Any, vpce_ids: list[str] | None = None) -> Any:
        deleted = original(self, vpce_ids)
        for name in vpce_ids or []:
            self.vpc_end_points.pop(name, None)
        return deleted

    return delete_vpc_endpoints


def _without_interface(original: Method) -> Method:
    def delete_nat_gateway(self: Any, nat_gateway_id: str) -> Any:
        gateway = self.nat_gateways.get(nat_gateway_id)
        if gateway is None:
            raise refusal("NatGatewayNotFound", f"The Nat Gateway {nat_gateway_id} was not found")
        deleted = original(self, nat_gateway_id)
        self.enis.pop(gateway._eni.id, None)
        return deleted

    return delete_nat_gateway


def _named(original: Method) -> Method:
    """An interface in a VPC without DNS host names has none; moto forgets to say so, and tasks ask."""

    def initialise(self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        if not hasattr(self, "private_dns_name"):
            self.private_dns_name = ""

    return initialise
