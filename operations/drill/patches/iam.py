"""IAM: AWS managed policies exist, in the one partition that a sandbox has, and what a principal may do can be asked."""

from __future__ import annotations

from typing import Any

from operations.drill.patches.support import Method, answer, put, refusal, wrap
from operations.drill.world import World


def apply(_world: World) -> None:
    """Add SimulatePrincipalPolicy, and keep moto from making 1,582 managed policies for each partition, which costs a second."""
    from moto.iam import models, responses

    put(responses.IamResponse, "simulate_principal_policy", _simulate)
    wrap(models.IAMBackend, "_init_aws_policies", _in_one_partition)


def _in_one_partition(original: Method) -> Method:
    def make(self: Any) -> list[Any]:
        made: list[Any] = original(self) if self.region_name == "aws" else []
        return made

    return make


def _simulate(self: Any) -> Any:
    """Answer by the policies of the role; a principal that is no role of the account is the sandbox's owner and may do all."""
    asked = self._get_param("PolicySourceArn")
    actions = self._get_param("ActionNames", [])
    resources = self._get_param("ResourceArns", []) or ["*"]
    documents = _documents(self.backend, asked)
    rows = [
        {
            "EvalActionName": action,
            "EvalResourceName": resource,
            "EvalDecision": _decide(documents, action, resource),
        }
        for action in actions
        for resource in resources
    ]
    return answer({"EvaluationResults": rows, "IsTruncated": False})


def _documents(backend: Any, arn: str) -> list[Any] | None:
    """The policies of a role, None for the owner."""
    if ":role/" not in arn:
        return None
    role = next((role for role in backend.roles.values() if role.arn == arn), None)
    if role is None:
        raise refusal("NoSuchEntity", f"The role {arn} cannot be found.")
    return [*role.policies.values(), *role.managed_policies.values()]


def _decide(documents: list[Any] | None, action: str, resource: str) -> str:
    from moto.iam.access_control import IAMPolicy, PermissionResult

    if documents is None:
        return "allowed"
    found = [IAMPolicy(document).is_action_permitted(action, resource) for document in documents]
    if PermissionResult.DENIED in found:
        return "explicitDeny"
    return "allowed" if PermissionResult.PERMITTED in found else "implicitDeny"
