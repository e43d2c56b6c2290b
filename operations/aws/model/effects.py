"""Says whether a call only reads. What is not known to read is taken for a change."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from operations.aws.model import names, sql
from operations.aws.model.types import Effect

_READ_VERBS: Final = frozenset(
    {
        "Get",
        "Describe",
        "List",
        "Head",
        "Lookup",
        "Search",
        "BatchGet",
        "BatchDescribe",
        "BatchCheck",
        "Simulate",
    }
)

_READS: Final = frozenset(
    {
        "cloudformation:EstimateTemplateCost",
        "cloudformation:ValidateTemplate",
        "cloudfront:TestFunction",
        "dynamodb:Query",
        "dynamodb:Scan",
        "dynamodb:TransactGetItems",
        "events:TestEventPattern",
        "iot:TestAuthorization",
        "logs:FilterLogEvents",
        "logs:StartQuery",  # starts a search and nothing else
        "logs:TestMetricFilter",
        "rds:DownloadDBLogFilePortion",
        "route53:TestDNSAnswer",
        "route53domains:CheckDomainAvailability",
        "s3:SelectObjectContent",
        "servicediscovery:DiscoverInstances",
        "servicediscovery:DiscoverInstancesRevision",
        "stepfunctions:ValidateStateMachineDefinition",
        "sts:DecodeAuthorizationMessage",
        "timestream-query:Query",
    }
)
"""Reads whose verb does not say so."""

_CHANGES: Final = frozenset(
    {
        "cognito-identity:GetCredentialsForIdentity",  # hands out credentials
        "cognito-identity:GetId",  # makes an identity
        "cognito-identity:GetOpenIdToken",
        "cognito-identity:GetOpenIdTokenForDeveloperIdentity",  # makes an identity
        "kinesis-video-signaling:GetIceServerConfig",
        "sso:GetRoleCredentials",
        "stepfunctions:GetActivityTask",  # takes the task away from other workers
        "sts:GetFederationToken",  # hands out credentials
        "sts:GetSessionToken",
    }
)
"""Changes that call themselves reads."""

_SQL_MEMBER: Final = {"rds-data:ExecuteStatement": "sql", "redshift-data:ExecuteStatement": "Sql"}
_PARTIQL: Final = frozenset({"dynamodb:ExecuteStatement"})
_PARTIQL_READ: Final = re.compile(r"^\s*SELECT\b[^;]*;?\s*$", re.IGNORECASE)


def effect(api: str, params: Mapping[str, object]) -> Effect:
    """Returns READ for a call that surely changes nothing, else MUTATE.

    SQL is judged by its text; a text that is wholly unresolved counts as a change. A text with unresolved parts is
    judged as it stands: whoever makes the call must ask again with the resolved text.

    Args:
        api: The call as `service:Action`; whether it exists is not looked at.
        params: Its parameters.
    """
    return Effect.READ if _reads(api, params) else Effect.MUTATE


def _reads(api: str, params: Mapping[str, object]) -> bool:
    if api in _SQL_MEMBER:
        text = params.get(_SQL_MEMBER[api])
        return isinstance(text, str) and sql.reads_only(text)
    if api in _PARTIQL:
        text = params.get("Statement")
        return isinstance(text, str) and _PARTIQL_READ.match(text) is not None
    if api in _READS:
        return True
    return api not in _CHANGES and names.verb(names.split(api)[1]) in _READ_VERBS
