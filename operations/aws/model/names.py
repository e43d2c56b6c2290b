"""Names of API calls: taking them apart, and finding the one that was meant."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final

_SERVICE_ALIASES: Final = {
    # what IAM, the console, CloudFormation or the AWS CLI call a service that botocore names otherwise
    "application-auto-scaling": "application-autoscaling",
    "cloudmap": "servicediscovery",
    "cloudwatchlogs": "logs",
    "elasticfilesystem": "efs",
    "elasticloadbalancing": "elbv2",
    "elasticloadbalancingv2": "elbv2",
    "elasticmapreduce": "emr",
    "eventbridge": "events",
    "monitoring": "cloudwatch",
    "s3api": "s3",
    "servicequotas": "service-quotas",
    "states": "stepfunctions",
    "tagging": "resourcegroupstaggingapi",
}
_VERB: Final = re.compile(r"[A-Z]+[a-z0-9]*")
_BATCH: Final = re.compile(r"Batch[A-Z][a-z]+")


def split(api: str) -> tuple[str, str]:
    """Takes `service:Action` apart; the action is empty where there is no colon."""
    service, _, action = api.partition(":")
    return service, action


def verb(action: str) -> str:
    """Returns the leading verb of an action: `Create` of CreateVpc, `BatchGet` of BatchGetItem."""
    match = _BATCH.match(action) or _VERB.match(action)
    return match.group() if match else action


def noun(action: str) -> str:
    """Returns what an action is about: `DBCluster` of DeleteDBCluster."""
    return action[len(verb(action)) :]


def nearest(word: str, candidates: Iterable[str]) -> str | None:
    """Returns the candidate that was most likely meant by `word`, or None when nothing is close."""
    names = list(candidates)
    folded = {fold(name): name for name in names}
    close = get_close_matches(fold(word), folded, n=1, cutoff=0.6)
    return folded[close[0]] if close else None


def nearest_service(service: str, services: Iterable[str]) -> str | None:
    """Returns the botocore service that was meant by another tool's name for it, or by a typing slip."""
    alias = _SERVICE_ALIASES.get(service.lower())
    return alias or nearest(service, services)


def fold(name: str) -> str:
    """Returns a name without case, hyphens, dots and underscores, so that create_vpc equals CreateVpc."""
    return re.sub(r"[-_. ]", "", name).lower()
