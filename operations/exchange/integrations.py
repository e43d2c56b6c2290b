"""What Step Functions can call, as data: its optimised integrations, their patterns and their answers.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/integrate-optimized.html and the page of each service there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

OPTIMISED: Final[Mapping[str, frozenset[str]]] = {
    service: frozenset(actions.split())
    for service, actions in {
        "apigateway": "invoke",
        "athena": "startQueryExecution stopQueryExecution getQueryExecution getQueryResults",
        "batch": "submitJob",
        "bedrock": "invokeModel createModelCustomizationJob",
        "codebuild": "startBuild stopBuild batchDeleteBuilds batchGetReports startBuildBatch stopBuildBatch retryBuildBatch "
        "deleteBuildBatch",
        "databrew": "startJobRun",
        "dynamodb": "getItem putItem deleteItem updateItem",
        "ecs": "runTask",
        "eks": "createCluster deleteCluster createFargateProfile deleteFargateProfile createNodegroup deleteNodegroup runJob call",
        "elasticmapreduce": "createCluster setClusterTerminationProtection terminateCluster addStep cancelStep "
        "modifyInstanceFleetByName modifyInstanceGroupByName",
        "emr-containers": "createVirtualCluster deleteVirtualCluster startJobRun",
        "emr-serverless": "createApplication startApplication stopApplication deleteApplication startJobRun cancelJobRun",
        "events": "putEvents",
        "glue": "startJobRun",
        "http": "invoke",
        "lambda": "invoke",
        "mediaconvert": "createJob",
        "sagemaker": "createEndpoint createEndpointConfig createHyperParameterTuningJob createLabelingJob createModel "
        "createProcessingJob createTrainingJob createTransformJob updateEndpoint",
        "sns": "publish",
        "sqs": "sendMessage",
        "states": "startExecution",
    }.items()
}
"""Services and the actions that can be called without the AWS SDK integration."""

NO_SYNC: Final = frozenset({"apigateway", "dynamodb", "events", "http", "lambda", "sns", "sqs"})
"""Services whose calls have no job to wait for."""

NO_TOKEN: Final = frozenset(
    {"athena", "batch", "codebuild", "databrew", "dynamodb", "elasticmapreduce", "glue", "http", "sagemaker"}
)
"""Services that cannot hand a task token on."""

ANSWERS: Final[Mapping[str, frozenset[str]]] = {
    "lambda:invoke": frozenset({"ExecutedVersion", "FunctionError", "LogResult", "Payload", "StatusCode"}),
    "sns:publish": frozenset({"MessageId", "SequenceNumber"}),
    "sqs:sendMessage": frozenset(
        {
            "MD5OfMessageAttributes",
            "MD5OfMessageBody",
            "MD5OfMessageSystemAttributes",
            "MessageId",
            "SequenceNumber",
        }
    ),
    "dynamodb:getItem": frozenset({"ConsumedCapacity", "Item"}),
    "dynamodb:putItem": frozenset({"Attributes", "ConsumedCapacity", "ItemCollectionMetrics"}),
    "dynamodb:updateItem": frozenset({"Attributes", "ConsumedCapacity", "ItemCollectionMetrics"}),
    "dynamodb:deleteItem": frozenset({"Attributes", "ConsumedCapacity", "ItemCollectionMetrics"}),
    "events:putEvents": frozenset({"Entries", "FailedEntryCount"}),
}
"""The fields of the answer where it is not somebody's own: what takes the place of a state's input without a ResultPath."""

ALWAYS: Final = frozenset({"SdkHttpMetadata", "SdkResponseMetadata"})
"""Fields that every answer may have."""

SDK_NAMES: Final[Mapping[str, str]] = {
    "sfn": "stepfunctions",
    "cloudwatchlogs": "logs",
    "eventbridge": "events",
    "elasticloadbalancingv2": "elbv2",
    "elasticloadbalancing": "elb",
    "databasemigration": "dms",
    "servicediscovery": "servicediscovery",
    "applicationautoscaling": "application-autoscaling",
    "emrserverless": "emr-serverless",
}
"""Services that the SDK integration calls otherwise than botocore."""

_RESOURCE: Final = re.compile(
    r"arn:[\w-]+:states:[\w${}:.-]*?::?(?:(?P<sdk>aws-sdk):)?(?P<service>[\w-]+):(?P<action>\w+)(?P<tail>\.[\w.:]+)?$"
)


@dataclass(frozen=True, slots=True)
class Integration:
    """A resource of the form `arn:aws:states:::service:action.pattern`."""

    service: str
    action: str
    sdk: bool
    pattern: str

    @property
    def name(self) -> str:
        """`service:action`."""
        return f"{self.service}:{self.action}"


def integration(resource: str) -> Integration | None:
    """What a resource asks for, None when it is another kind of ARN or a placeholder."""
    found = _RESOURCE.match(resource)
    if found is None or found["service"] in {"activity", "stateMachine", "execution"}:
        return None
    return Integration(
        found["service"], found["action"], bool(found["sdk"]), (found["tail"] or "").removeprefix(".")
    )
