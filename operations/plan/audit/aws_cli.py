"""Whether an AWS CLI command exists: `aws SERVICE COMMAND` against the API models and the CLI's own extras."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol


class Calls(Protocol):
    """What the AWS models know, of which this needs little."""

    def actions(self, service: str) -> Sequence[str]:
        """The names of all calls of a service; empty when there is no such service."""
        ...

    def waiter_exists(self, name: str) -> bool:
        """Whether there is such a waiter."""
        ...


RENAMED: Final[Mapping[str, str]] = {"s3api": "s3", "deploy": "codedeploy", "configservice": "config"}
"""Commands of the AWS CLI that are called otherwise in botocore (awscli/customizations)."""

ONLY_CLI: Final = frozenset(
    {
        "s3",
        "configure",
        "help",
        "sso",
        "login",
        "logout",
        "history",
        "ddb",
        "cli-dev",
        "emr",
        "gamelift",
        "opsworks-cm",
    }
)
"""Commands that are the CLI's own, or mostly so: not judged beyond their name, but for `s3`."""

S3: Final = frozenset({"cp", "sync", "ls", "mb", "rb", "mv", "rm", "presign", "website", "help"})

EXTRA: Final = frozenset(
    {
        "cloudformation deploy",
        "cloudformation package",
        "cloudfront sign",
        "cloudtrail validate-logs",
        "cloudtrail verify-query-results",
        "codeartifact login",
        "codecommit credential-helper",
        "codedeploy install",
        "codedeploy push",
        "codedeploy register",
        "codedeploy uninstall",
        "codedeploy deregister",
        "config get-status",
        "config subscribe",
        "datapipeline create-default-roles",
        "datapipeline list-runs",
        "dlm create-default-role",
        "ec2-instance-connect open-tunnel",
        "ec2-instance-connect ssh",
        "ecr get-login",
        "ecr get-login-password",
        "ecr-public get-login-password",
        "ecs deploy",
        "ecs monitor-express-gateway-service",
        "eks get-token",
        "eks update-kubeconfig",
        "emr-containers update-role-trust-policy",
        "iotsitewise wait",
        "lightsail push-container-image",
        "logs start-live-tail",
        "logs tail",
        "rds add-option-to-option-group",
        "rds generate-db-auth-token",
        "rds remove-option-from-option-group",
        "dsql generate-db-connect-auth-token",
        "dsql generate-db-connect-admin-auth-token",
        "servicecatalog generate",
        "ses send-email",
        "sagemaker start-session",
        "translate import-terminology",
    }
)
"""Commands that the CLI adds to a service, botocore's name first."""

WITH_VALUE: Final = frozenset(
    {
        "--ca-bundle",
        "--cli-connect-timeout",
        "--cli-read-timeout",
        "--cli-binary-format",
        "--color",
        "--endpoint-url",
        "--output",
        "--profile",
        "--query",
        "--region",
    }
)
"""Options before the service that take a value (AWS CLI reference, global options)."""

_WORD: Final = re.compile(r"[a-z][a-z0-9-]*")


@dataclass(frozen=True, slots=True)
class CliProblem:
    """What is wrong with a command, and what was most likely meant."""

    message: str
    fix: str | None = None


def aws_problem(words: Sequence[str], calls: Calls) -> CliProblem | None:
    """What is surely wrong with a command that begins with `aws`; None when nothing is, or it cannot be told."""
    given = _positional(words[1:])
    if not given or not _WORD.fullmatch(given[0]):
        return None
    service, command = given[0], given[1] if len(given) > 1 else ""
    if service == "s3" and _WORD.fullmatch(command) and command not in S3:
        return CliProblem(f"`aws s3` has no command `{command}`", _meant("aws s3 ", command, sorted(S3)))
    if service in ONLY_CLI:
        return None
    model = RENAMED.get(service, service)
    actions = calls.actions(model)
    if not actions:
        return CliProblem(f"the AWS CLI has no service `{service}`")
    if command == "wait":
        waiter = given[2] if len(given) > 2 else ""
        if _WORD.fullmatch(waiter) and not calls.waiter_exists(f"{model}:{waiter.replace('-', '_')}"):
            return CliProblem(f"`aws {service} wait` has no waiter `{waiter}`")
        return None
    if not _WORD.fullmatch(command) or command == "help" or f"{model} {command}" in EXTRA:
        return None
    known = {_flat(action): action for action in actions}
    if _flat(command) in known:
        return None
    kebabs = [kebab(action) for action in actions]
    return CliProblem(
        f"`aws {service}` has no command `{command}`", _meant(f"aws {service} ", command, kebabs)
    )


def action_of(words: Sequence[str], calls: Calls) -> str | None:
    """The call `service:Action` that a command makes, None when it cannot be told."""
    given = _positional(words[1:])
    if len(given) < 2:
        return None
    model = RENAMED.get(given[0], given[0])
    found = {_flat(action): action for action in calls.actions(model)}.get(_flat(given[1]))
    return f"{model}:{found}" if found else None


def kebab(action: str) -> str:
    """An action as the CLI writes it: `DescribeDBClusters` is `describe-db-clusters`."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "-", action)
    return parted.lower()


def _meant(before: str, word: str, known: Sequence[str]) -> str | None:
    near = difflib.get_close_matches(word, known, n=1)
    return f"did you mean `{before}{near[0]}`?" if near else None


def _flat(name: str) -> str:
    return name.replace("-", "").lower()


def _positional(words: Sequence[str]) -> list[str]:
    found: list[str] = []
    skip = False
    for word in words:
        if skip:
            skip = False
        elif word.startswith("-"):
            skip = word in WITH_VALUE
        else:
            found.append(word)
        if len(found) == 3:
            break
    return found
