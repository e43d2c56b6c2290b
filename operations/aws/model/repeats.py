"""Says whether a call may simply be made again after an answer was lost."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from operations.aws.model import names, sql
from operations.aws.model.effects import effect
from operations.aws.model.types import Effect

_VERBS: Final = frozenset(
    {
        "Attach", "BatchDelete", "Delete", "Deregister", "Detach", "Disable", "Disassociate", "Enable", "Modify", "Put",
        "Release", "Remove", "Revoke", "Set", "Tag", "Unsubscribe", "Untag", "Update", "Upsert",
    }
)  # fmt: skip
"""Verbs that name the state to be reached; a second call finds it reached, or the target gone."""

_REPEATABLE: Final = frozenset(
    {
        "application-autoscaling:RegisterScalableTarget",
        "dms:TestConnection",  # tests again; the newer result replaces the older
        "dynamodb:BatchWriteItem",
        "ec2:AuthorizeSecurityGroupEgress",  # a second call answers InvalidPermission.Duplicate
        "ec2:AuthorizeSecurityGroupIngress",
        "ec2:CreateTags",
        "ec2:ReplaceNetworkAclEntry",
        "ec2:ReplaceRoute",
        "ecs:CreateCluster",  # answers the cluster that is there
        "elbv2:AddTags",
        "elbv2:RegisterTargets",
        "iam:AddUserToGroup",
        "rds:AddTagsToResource",
        "route53:ChangeTagsForResource",
        "s3:CreateBucket",  # 200 or BucketAlreadyOwnedByYou
        "secretsmanager:RestoreSecret",  # takes a deletion date away; there may be none
        "servicediscovery:RegisterInstance",
        "sns:CreateTopic",  # answers the topic that is there
        "sns:Subscribe",  # answers the subscription that is there
        "sqs:ChangeMessageVisibility",
        "sqs:CreateQueue",  # answers the queue that is there when its attributes are the same
        "ssm:AddTagsToResource",
        "stepfunctions:StopExecution",
    }
)
"""Calls whose verb does not say that they may be repeated."""

_NOT: Final = frozenset(
    {
        "autoscaling:AttachInstances",  # raises the desired capacity
        "autoscaling:DetachInstances",
        "cloudformation:UpdateStack",
        "cloudwatch:PutMetricData",  # counts every sample
        "dynamodb:UpdateItem",  # may add to a number
        "events:PutEvents",
        "firehose:PutRecord",
        "firehose:PutRecordBatch",
        "kinesis:PutRecord",
        "kinesis:PutRecords",
        "lambda:UpdateFunctionCode",
        "logs:PutLogEvents",
        "secretsmanager:PutSecretValue",  # a second version pushes the good one out of AWSPREVIOUS
        "secretsmanager:UpdateSecret",
        "secretsmanager:UpdateSecretVersionStage",
    }
)
"""Calls whose verb promises more than they hold."""

_RENAMES: Final = re.compile(r"^New\w*(Name|Identifier|Id|Path)$")


def repeatable(api: str, params: Mapping[str, object]) -> bool:
    """Says whether a second call with the same parameters has no further effect.

    Looks at the call alone: one that takes an idempotency token may be repeated with the same token too. A value
    counts, not its version number: `ssm:PutParameter` with Overwrite and `s3:PutObject` are repeatable.

    Args:
        api: The call as `service:Action`.
        params: Its parameters.
    """
    if effect(api, params) is Effect.READ:
        return True
    special = _BY_PARAMS.get(api)
    if special is not None:
        return special(params)
    if api in _NOT or any(_RENAMES.match(name) for name in params):
        return False
    return api in _REPEATABLE or names.verb(names.split(api)[1]) in _VERBS


def _only_upserts(params: Mapping[str, object]) -> bool:
    batch = params.get("ChangeBatch")
    changes = batch.get("Changes") if isinstance(batch, Mapping) else None
    if not isinstance(changes, list | tuple) or not changes:
        return False
    return all(isinstance(change, Mapping) and change.get("Action") == "UPSERT" for change in changes)


def _repeatable_sql(params: Mapping[str, object]) -> bool:
    text = params.get("sql")
    return isinstance(text, str) and sql.repeatable(text)


def _unconditional(params: Mapping[str, object]) -> bool:
    return not ({"ConditionExpression", "Expected"} & params.keys())


def _no_new_password(params: Mapping[str, object]) -> bool:
    return not params.get("RotateMasterUserPassword") and not any(_RENAMES.match(name) for name in params)


_BY_PARAMS: Final[Mapping[str, Callable[[Mapping[str, object]], bool]]] = {
    "dynamodb:DeleteItem": _unconditional,
    "dynamodb:PutItem": _unconditional,
    # each forced deployment replaces all tasks once more
    "ecs:UpdateService": lambda params: params.get("forceNewDeployment") in (None, False),
    "rds-data:ExecuteStatement": _repeatable_sql,
    "rds:ModifyDBCluster": _no_new_password,
    "rds:ModifyDBInstance": _no_new_password,
    "route53:ChangeResourceRecordSets": _only_upserts,
    "s3:PutObject": lambda params: not ({"IfMatch", "IfNoneMatch", "WriteOffsetBytes"} & params.keys()),
    "ssm:PutParameter": lambda params: params.get("Overwrite") is True,
}
"""Calls for which the parameters decide."""
