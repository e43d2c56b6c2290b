"""Calls and commands that destroy data for good, as data, and how to tell them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from operations.plan.audit.sites import Section, StepSite
from operations.plan.steps import ApiStep, CommandStep
from operations.plan.yaml_source import KeyPath

if TYPE_CHECKING:
    from operations.plan.audit.context import AuditContext

SWITCHES: Final[Mapping[str, Sequence[tuple[str, bool]]]] = {
    "rds:DeleteDBCluster": (("SkipFinalSnapshot", True), ("DeleteAutomatedBackups", True)),
    "rds:DeleteDBInstance": (("SkipFinalSnapshot", True), ("DeleteAutomatedBackups", True)),
    "docdb:DeleteDBCluster": (("SkipFinalSnapshot", True),),
    "neptune:DeleteDBCluster": (("SkipFinalSnapshot", True),),
    "redshift:DeleteCluster": (("SkipFinalClusterSnapshot", True),),
    "secretsmanager:DeleteSecret": (("ForceDeleteWithoutRecovery", True),),
    "ecr:DeleteRepository": (("force", True),),
}
"""Parameters that waive what AWS would have kept (each call's page in the AWS API reference)."""

ALWAYS: Final[Mapping[str, str]] = {
    "dynamodb:DeleteTable": "the table's items",
    "logs:DeleteLogGroup": "the log lines",
    "kinesis:DeleteStream": "the stream's records",
    "efs:DeleteFileSystem": "the files",
    "ec2:DeleteVolume": "the volume's data",
    "ec2:DeleteSnapshot": "the snapshot",
    "rds:DeleteDBClusterSnapshot": "the snapshot",
    "rds:DeleteDBSnapshot": "the snapshot",
    "backup:DeleteRecoveryPoint": "the recovery point",
    "sqs:PurgeQueue": "the messages that wait",
    "sqs:DeleteQueue": "the messages that wait",
}
"""Calls that leave nothing of the data, whatever their parameters."""

FLAGS: Final = (
    "--skip-final-snapshot",
    "--skip-final-cluster-snapshot",
    "--delete-automated-backups",
    "--force-delete-without-recovery",
)
"""The same switches as the AWS CLI writes them."""


@dataclass(frozen=True, slots=True)
class Loss:
    """What destroys data: its key path below the step, and what happens."""

    path: KeyPath
    what: str


def loss_of(context: AuditContext, operation_id: str, site: StepSite) -> Loss | None:
    """What a step of an inverse destroys for good, None when nothing is known of it."""
    step = site.step
    if isinstance(step, CommandStep):
        flag = command_loss(step.command)
        return Loss(("command",), f"the command has {flag}") if flag else None
    if not isinstance(step, ApiStep):
        return None
    if step.api in ALWAYS:
        return Loss(("api",), f"{step.api} destroys {ALWAYS[step.api]}")
    for name, value in SWITCHES.get(step.api, ()):
        if step.params.get(name) is value and not _member(context, operation_id, step.api, step.params):
            return Loss(("params", name), f"{step.api} has {name}: {str(value).lower()}")
    return None


def command_loss(words: Sequence[str]) -> str | None:
    """The words of a command that destroy data for good, None when there are none."""
    flag = next((word for word in words if word in FLAGS), None)
    if flag is not None:
        return flag
    if tuple(words[:3]) == ("aws", "s3", "rb") and "--force" in words:
        return "s3 rb --force"
    if "delete-repository" in words and "--force" in words:
        return "delete-repository --force"
    return None


def _member(context: AuditContext, operation_id: str, api: str, params: Mapping[str, Any]) -> bool:
    """Whether an instance belongs to a cluster: its data is the cluster's, and there is no snapshot of its own."""
    if api != "rds:DeleteDBInstance":
        return False
    name = params.get("DBInstanceIdentifier")
    made = [
        site.api
        for site in context.of_operation(operation_id)
        if site.section is Section.FORWARD and site.api
    ]
    return any(
        step.api == "rds:CreateDBInstance"
        and step.params.get("DBInstanceIdentifier") == name
        and "DBClusterIdentifier" in step.params
        for step in made
    )
