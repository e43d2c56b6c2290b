"""Error codes that tell that a call had been applied before: the target is gone already, or there already."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from operations.aws.model import names
from operations.aws.model.shapes import Operation

_GONE_VERBS: Final = frozenset(
    {"BatchDelete", "Delete", "Deregister", "Detach", "Disassociate", "Release", "Remove", "Revoke", "Terminate",
     "Unsubscribe"}
)  # fmt: skip
_EXISTS_VERBS: Final = frozenset(
    {
        "Add",
        "Allocate",
        "Associate",
        "Attach",
        "Authorize",
        "Create",
        "Import",
        "Put",
        "Register",
        "Subscribe",
    }
)
_GONE_CODE: Final = re.compile(r"(NotFound|DoesNotExist|NonExistent\w*)(Exception|Fault|Error)?$|^NoSuch\w+")
_EXISTS_CODE: Final = re.compile(
    r"(AlreadyExists?|AlreadyOwnedByYou|AlreadyRegistered|AlreadyAssociated|ResourceExists)(Exception|Fault)?$|^Duplicate\w+"
)
_OTHER_THINGS: Final = re.compile(
    r"^(KMS|Kms|CustomKeyStore|Secret[sA-Z]?KeyStore)|Quota|Snapshot\w*AlreadyExists"
)
"""Codes about a key, a quota or a final snapshot, not about the target of the call."""

_EC2_GONE: Final[Mapping[str, frozenset[str]]] = {
    # EC2 models no errors: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
    "DeleteFlowLogs": frozenset({"InvalidFlowLogId.NotFound"}),
    "DeleteInternetGateway": frozenset({"InvalidInternetGatewayID.NotFound"}),
    "DeleteKeyPair": frozenset({"InvalidKeyPair.NotFound"}),
    "DeleteLaunchTemplate": frozenset(
        {"InvalidLaunchTemplateId.NotFound", "InvalidLaunchTemplateName.NotFoundException"}
    ),
    "DeleteNatGateway": frozenset({"NatGatewayNotFound", "InvalidNatGatewayID.NotFound"}),
    "DeleteNetworkInterface": frozenset({"InvalidNetworkInterfaceID.NotFound"}),
    "DeleteRoute": frozenset({"InvalidRoute.NotFound", "InvalidRouteTableID.NotFound"}),
    "DeleteRouteTable": frozenset({"InvalidRouteTableID.NotFound"}),
    "DeleteSecurityGroup": frozenset({"InvalidGroup.NotFound", "InvalidGroupId.NotFound"}),
    "DeleteSnapshot": frozenset({"InvalidSnapshot.NotFound"}),
    "DeleteSubnet": frozenset({"InvalidSubnetID.NotFound"}),
    "DeleteVolume": frozenset({"InvalidVolume.NotFound"}),
    "DeleteVpc": frozenset({"InvalidVpcID.NotFound"}),
    "DeleteVpcEndpoints": frozenset({"InvalidVpcEndpointId.NotFound", "InvalidVpcEndpoint.NotFound"}),
    "DeleteVpcPeeringConnection": frozenset({"InvalidVpcPeeringConnectionID.NotFound"}),
    "DetachInternetGateway": frozenset({"Gateway.NotAttached", "InvalidInternetGatewayID.NotFound"}),
    "DetachNetworkInterface": frozenset({"InvalidAttachmentID.NotFound"}),
    "DetachVolume": frozenset({"IncorrectState.NotAttached", "InvalidAttachment.NotFound"}),
    "DisassociateAddress": frozenset({"InvalidAssociationID.NotFound"}),
    "DisassociateRouteTable": frozenset({"InvalidAssociationID.NotFound"}),
    "ReleaseAddress": frozenset({"InvalidAllocationID.NotFound", "InvalidAddress.NotFound"}),
    "RevokeSecurityGroupEgress": frozenset({"InvalidPermission.NotFound"}),
    "RevokeSecurityGroupIngress": frozenset({"InvalidPermission.NotFound"}),
    "TerminateInstances": frozenset({"InvalidInstanceID.NotFound"}),
}

_GONE: Final[Mapping[str, frozenset[str]]] = {
    # codes that the models leave out
    "elbv2:DeleteTargetGroup": frozenset({"TargetGroupNotFound"}),
    "ecs:DeleteService": frozenset({"ClusterNotFoundException", "ServiceNotActiveException"}),
    "s3:DeleteBucket": frozenset({"NoSuchBucket"}),
    "s3:DeleteBucketPolicy": frozenset({"NoSuchBucketPolicy", "NoSuchBucket"}),
    "s3:DeleteObject": frozenset({"NoSuchKey", "NoSuchBucket"}),
    "sqs:DeleteQueue": frozenset({"AWS.SimpleQueueService.NonExistentQueue"}),
}

_EXISTS: Final[Mapping[str, frozenset[str]]] = {
    "dynamodb:CreateTable": frozenset({"ResourceInUseException", "TableAlreadyExistsException"}),
    "ec2:AssociateRouteTable": frozenset({"Resource.AlreadyAssociated"}),
    "ec2:AttachInternetGateway": frozenset({"Resource.AlreadyAssociated"}),
    "ec2:AuthorizeSecurityGroupEgress": frozenset({"InvalidPermission.Duplicate"}),
    "ec2:AuthorizeSecurityGroupIngress": frozenset({"InvalidPermission.Duplicate"}),
    "ec2:CreateFlowLogs": frozenset({"FlowLogAlreadyExists"}),
    "ec2:CreateKeyPair": frozenset({"InvalidKeyPair.Duplicate"}),
    "ec2:CreateLaunchTemplate": frozenset({"InvalidLaunchTemplateName.AlreadyExistsException"}),
    "ec2:CreateRoute": frozenset({"RouteAlreadyExists"}),
    "ec2:CreateSecurityGroup": frozenset({"InvalidGroup.Duplicate"}),
    "lambda:AddPermission": frozenset({"ResourceConflictException"}),
    "lambda:CreateAlias": frozenset({"ResourceConflictException"}),
    "lambda:CreateFunction": frozenset({"ResourceConflictException"}),
    "s3:CreateBucket": frozenset({"BucketAlreadyOwnedByYou"}),
    "servicediscovery:CreatePrivateDnsNamespace": frozenset({"DuplicateRequest"}),
    "ssm:PutParameter": frozenset({"ParameterAlreadyExists"}),
}

_NOT_ALL_GONE: Final = frozenset({"cloudwatch:DeleteAlarms"})
"""One name that does not exist fails the whole batch, and the others stay."""

_GONE_ALONE: Final = {"cloudwatch:DeleteDashboards": ("ResourceNotFound", "DashboardNames")}
"""Batches that are refused whole for one name that does not exist: the code says that it is gone only of one name
(CloudWatch API reference, DeleteDashboards)."""

_NOT_OURS: Final = frozenset(
    {"BucketAlreadyExists", "QueueNameExists", "DuplicateTagKeys", "XksKeyAlreadyInUseException"}
)
"""Somebody else has the name, or the thing differs from what was asked for."""

_MESSAGES: Final[Mapping[tuple[str, str], re.Pattern[str]]] = {
    ("ecs:CreateService", "InvalidParameterException"): re.compile(r"not idempotent", re.IGNORECASE),
    ("secretsmanager:DeleteSecret", "InvalidRequestException"): re.compile(
        r"already scheduled for deletion|marked for deletion|marked deleted", re.IGNORECASE
    ),
}
"""Errors whose code alone is ambiguous."""

_RECORD_PROBLEM: Final = re.compile(r"Tried to (delete|create) resource record set", re.IGNORECASE)
_RECORD_DONE: Final = re.compile(
    r"Tried to (delete|create) resource record set[^\]]*\][^\]]*but it (was not found|already exists)",
    re.IGNORECASE,
)


def gone(api: str, operation: Operation | None) -> frozenset[str]:
    """Returns the codes by which a call that takes something away says that it is gone already.

    Args:
        api: The call as `service:Action`.
        operation: Its model, or None when unknown.
    """
    service, action = names.split(api)
    if names.verb(action) not in _GONE_VERBS or api in _NOT_ALL_GONE:
        return frozenset()
    named = _EC2_GONE.get(action, frozenset()) if service == "ec2" else _GONE.get(api, frozenset())
    modelled = {
        code for code in _codes(operation) if _GONE_CODE.search(code) and not _is_other(service, code)
    }
    # a relation is gone with either of its ends; a thing is not gone because another thing is
    return named | (_about(names.noun(action), modelled) if names.verb(action) == "Delete" else modelled)


def exists(api: str, operation: Operation | None) -> frozenset[str]:
    """Returns the codes by which a call that makes something says that it is there already.

    Args:
        api: The call as `service:Action`.
        operation: Its model, or None when unknown.
    """
    service, action = names.split(api)
    if names.verb(action) not in _EXISTS_VERBS:
        return frozenset()
    modelled = {
        code for code in _codes(operation) if _EXISTS_CODE.search(code) and not _is_other(service, code)
    }
    if action.endswith("Snapshot"):
        modelled |= {code for code in _codes(operation) if re.search(r"Snapshot\w*AlreadyExists", code)}
    return _EXISTS.get(api, frozenset()) | (_about(names.noun(action), modelled) - _NOT_OURS)


def gone_alone(api: str, code: str, params: Mapping[str, object]) -> bool:
    """Says whether an error tells that the only thing that a batch was to remove is gone."""
    expected, member = _GONE_ALONE.get(api, ("", ""))
    named = params.get(member)
    return code == expected and isinstance(named, list | tuple) and len(named) == 1


def by_message(api: str, code: str, message: str) -> bool:
    """Says whether an error whose code is ambiguous tells by its message that the call had been applied."""
    if api == "route53:ChangeResourceRecordSets" and code == "InvalidChangeBatch":
        problems = len(_RECORD_PROBLEM.findall(message))
        return problems > 0 and len(_RECORD_DONE.findall(message)) == problems
    pattern = _MESSAGES.get((api, code))
    return pattern is not None and pattern.search(message) is not None


def _codes(operation: Operation | None) -> list[str]:
    return [shape.error_code for shape in operation.error_shapes] if operation is not None else []


def _is_other(service: str, code: str) -> bool:
    return service != "kms" and _OTHER_THINGS.search(code) is not None


def _about(thing: str, codes: set[str]) -> frozenset[str]:
    """Keeps the codes that name the thing itself where there are any: its parts' absence proves nothing."""
    own = {code for code in codes if code.startswith(thing.removesuffix("s")) or code.endswith(thing)}
    own |= {code for code in codes if code.removeprefix("Duplicate").startswith(thing)}
    return frozenset(own or codes)
