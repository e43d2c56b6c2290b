"""The metrics that AWS services publish: names, dimensions and units, as data with the page that says so.

Only the namespaces that plans of this kind use; of any other nothing is known, and so nothing is said. `source` is the page of the
AWS documentation below https://docs.aws.amazon.com/. A dimension set is written with `+`; the empty set is the
metric over the whole account and region. Units are those of metrics whose unit an alarm may ask for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True, slots=True)
class Namespace:
    """The metrics of one namespace.

    Attributes:
        source: page of the AWS documentation.
        metrics: names, case as published.
        dimensions: sets of dimension names under which metrics are published; empty when sets are not judged.
        percent: metrics in percent that never exceed 100.
        units: the unit of metrics whose unit an alarm may ask for.
    """

    source: str
    metrics: frozenset[str]
    dimensions: frozenset[frozenset[str]] = frozenset()
    percent: frozenset[str] = frozenset()
    units: Mapping[str, str] = field(default_factory=dict)


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _sets(text: str) -> frozenset[frozenset[str]]:
    return frozenset(frozenset(filter(None, each.replace("-", "").split("+"))) for each in text.split())


def _units(**units: str) -> Mapping[str, str]:
    return {name: unit for unit, text in units.items() for name in text.split()}


_ALB_CODES: Final = (
    "HTTPCode_Target_2XX_Count HTTPCode_Target_3XX_Count HTTPCode_Target_4XX_Count HTTPCode_Target_5XX_Count "
    "HTTPCode_ELB_3XX_Count HTTPCode_ELB_4XX_Count HTTPCode_ELB_5XX_Count HTTPCode_ELB_500_Count "
    "HTTPCode_ELB_502_Count HTTPCode_ELB_503_Count HTTPCode_ELB_504_Count"
)

PUBLISHED: Final[Mapping[str, Namespace]] = {
    "AWS/ApplicationELB": Namespace(
        "elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html",
        _names(
            f"{_ALB_CODES} ActiveConnectionCount AnomalousHostCount BYoIPUtilPercentage "
            "ClientTLSNegotiationErrorCount ConsumedLCUs DesyncMitigationMode_NonCompliant_Request_Count "
            "DroppedInvalidHeaderRequestCount ELBAuthError ELBAuthFailure ELBAuthLatency ELBAuthRefreshTokenSuccess "
            "ELBAuthSuccess ELBAuthUserClaimsSizeExceeded ForwardedInvalidHeaderRequestCount GrpcRequestCount "
            "HTTP_Fixed_Response_Count HTTP_Redirect_Count HTTP_Redirect_Url_Limit_Exceeded_Count HealthyHostCount "
            "HealthyStateDNS HealthyStateRouting IPv6ProcessedBytes IPv6RequestCount JWTValidationFailureCount "
            "JWTValidationSuccessCount LambdaInternalError LambdaTargetProcessedBytes "
            "LambdaUserError LoadBalancerCapacityUnits LowReputationPacketsDropped LowReputationRequestsDenied "
            "MitigatedHostCount NewConnectionCount NonStickyRequestCount PeakLCUs ProcessedBytes "
            "RejectedConnectionCount RequestCount RequestCountPerTarget ReservedLCUs RuleEvaluations "
            "StandardProcessedBytes TargetConnectionErrorCount TargetResponseTime TargetTLSNegotiationErrorCount "
            "UnHealthyHostCount UnhealthyRoutingRequestCount UnhealthyStateDNS UnhealthyStateRouting ZonalShiftedHostCount"
        ),
        _sets(
            "LoadBalancer LoadBalancer+AvailabilityZone LoadBalancer+TargetGroup TargetGroup "
            "LoadBalancer+TargetGroup+AvailabilityZone TargetGroup+AvailabilityZone AvailabilityZone -"
        ),
        units=_units(
            Seconds="TargetResponseTime",
            Count=f"{_ALB_CODES} RequestCount UnHealthyHostCount HealthyHostCount",
        ),
    ),
    "AWS/ECS": Namespace(
        "AmazonECS/latest/developerguide/available-metrics.html",
        _names(
            "CPUReservation CPUUtilization MemoryReservation MemoryUtilization GPUReservation EBSFilesystemUtilization "
            "ActiveConnectionCount NewConnectionCount ProcessedBytes RequestCount GrpcRequestCount "
            "HTTPCode_Target_2XX_Count HTTPCode_Target_3XX_Count HTTPCode_Target_4XX_Count HTTPCode_Target_5XX_Count "
            "RequestCountPerTarget TargetProcessedBytes TargetResponseTime ClientTLSNegotiationErrorCount "
            "TargetTLSNegotiationErrorCount ManagedInstanceCount CapacityProviderReservation"
        ),
        units=_units(
            Percent="CPUReservation CPUUtilization MemoryReservation MemoryUtilization GPUReservation"
        ),
    ),
    "AWS/RDS": Namespace(
        "AmazonRDS/latest/AuroraUserGuide/Aurora.AuroraMonitoring.Metrics.html",
        _names(
            "ACUUtilization AbortedClients ActiveTransactions AuroraBinlogReplicaLag AuroraDMLRejectedMasterFull "
            "AuroraDMLRejectedWriterFull AuroraEstimatedSharedMemoryBytes AuroraGlobalDBDataTransferBytes "
            "AuroraGlobalDBProgressLag AuroraGlobalDBReplicatedWriteIO AuroraGlobalDBReplicationLag AuroraGlobalDBRPOLag "
            "AuroraMemoryHealthState AuroraMemoryNumDeclinedSqlTotal AuroraMemoryNumKillConnTotal "
            "AuroraMemoryNumKillQueryTotal AuroraMillisecondsSpentInOomRecovery AuroraNumOomRecoverySuccessful "
            "AuroraNumOomRecoveryTriggered AuroraOptimizedReadsCacheHitRatio AuroraReplicaLag AuroraReplicaLagMaximum "
            "AuroraReplicaLagMinimum AuroraSlowConnectionHandleCount AuroraSlowHandshakeCount AuroraVolumeBytesLeftTotal "
            "Aurora_pq_request_attempted Aurora_pq_request_executed Aurora_pq_request_failed Aurora_pq_request_in_progress "
            "Aurora_pq_request_not_chosen Aurora_pq_request_throttled AvailabilityPercentage AvailableGlobalWriteForwarding "
            "BackupRetentionPeriodStorageUsed BacktrackChangeRecordsCreationRate BacktrackChangeRecordsStored "
            "BacktrackWindowActual BacktrackWindowAlert BinLogDiskUsage BlockedTransactions BufferCacheHitRatio "
            "BurstBalance CheckpointLag ClientConnections ClientConnectionsClosed ClientConnectionsNoTLS "
            "ClientConnectionsReceived ClientConnectionsSetupFailedAuth ClientConnectionsSetupSucceeded "
            "ClientConnectionsTLS CommitLatency CommitThroughput ConnectionAttempts CPUCreditBalance CPUCreditUsage "
            "CPUSurplusCreditBalance CPUSurplusCreditsCharged CPUUtilization DatabaseConnectionRequests "
            "DatabaseConnectionRequestsWithTLS DatabaseConnections DatabaseConnectionsBorrowLatency "
            "DatabaseConnectionsCurrentlyBorrowed DatabaseConnectionsCurrentlyInTransaction "
            "DatabaseConnectionsCurrentlySessionPinned DatabaseConnectionsSetupFailed DatabaseConnectionsSetupSucceeded "
            "DatabaseConnectionsWithTLS DBLoad DBLoadCPU DBLoadNonCPU DBLoadRelativeToNumVCPUs DDLLatency DDLThroughput "
            "Deadlocks DeleteLatency DeleteThroughput DiskQueueDepth DiskQueueDepthLogVolume DMLLatency DMLThroughput "
            "EBSByteBalance% EBSIOBalance% EngineUptime FailedSQLServerAgentJobsCount ForwardingMasterDMLLatency "
            "ForwardingMasterDMLThroughput ForwardingMasterOpenSessions ForwardingReplicaDMLLatency "
            "ForwardingReplicaDMLThroughput ForwardingReplicaOpenSessions ForwardingReplicaReadWaitLatency "
            "ForwardingReplicaReadWaitThroughput ForwardingReplicaSelectLatency ForwardingReplicaSelectThroughput "
            "ForwardingWriterDMLLatency ForwardingWriterDMLThroughput ForwardingWriterOpenSessions FreeableMemory "
            "FreeEphemeralStorage FreeLocalStorage FreeLocalStoragePercent FreeStorageSpace FreeStorageSpaceLogVolume "
            "InsertLatency InsertThroughput LoginFailures MaxDatabaseConnectionsAllowed MaximumUsedTransactionIDs "
            "NetworkReceiveThroughput NetworkThroughput NetworkTransmitThroughput NumBinaryLogFiles "
            "OldestLogicalReplicationSlotLag OldestReplicationSlotLag PurgeBoundary PurgeFinishedPoint Queries "
            "QueryDatabaseResponseLatency QueryRequests QueryRequestsNoTLS QueryRequestsTLS QueryResponseLatency "
            "RDSToAuroraPostgreSQLReplicaLag ReadIOPS ReadIOPSEphemeralStorage ReadIOPSLocalStorage ReadIOPSLogVolume "
            "ReadLatency ReadLatencyEphemeralStorage ReadLatencyLocalStorage ReadLatencyLogVolume ReadThroughput "
            "ReadThroughputEphemeralStorage ReadThroughputLocalStorage ReadThroughputLogVolume ReplicaLag "
            "ReplicationChannelLag ReplicationSlotDiskUsage ResultSetCacheHitRatio RollbackSegmentHistoryListLength "
            "RowLockTime SelectLatency SelectThroughput ServerlessDatabaseCapacity SnapshotStorageUsed "
            "StorageNetworkReceiveThroughput StorageNetworkThroughput StorageNetworkTransmitThroughput SumBinaryLogSize "
            "SwapUsage TempStorageIOPS TempStorageThroughput TotalBackupStorageBilled TransactionAgeMaximum "
            "TransactionLogsDiskUsage TransactionLogsGeneration TruncateFinishedPoint UpdateLatency UpdateThroughput "
            "VolumeBytesUsed VolumeReadIOPs VolumeWriteIOPs WriteIOPS WriteIOPSEphemeralStorage WriteIOPSLocalStorage "
            "WriteIOPSLogVolume WriteLatency WriteLatencyEphemeralStorage WriteLatencyLocalStorage WriteLatencyLogVolume "
            "WriteThroughput WriteThroughputEphemeralStorage WriteThroughputLocalStorage WriteThroughputLogVolume "
            "NumVCPUs DBShardGroupACUUtilization DBShardGroupCapacity DBShardGroupComputeRedundancyCapacity "
            "DBShardGroupMaxACU ZeroETLReplicationLag"
        ),
        percent=frozenset({"CPUUtilization", "ACUUtilization", "BufferCacheHitRatio", "BurstBalance"}),
        units=_units(
            Percent="CPUUtilization ACUUtilization",
            Count="DatabaseConnections",
            Bytes="FreeableMemory FreeStorageSpace",
        ),
    ),
    "AWS/DMS": Namespace(
        "dms/latest/userguide/CHAP_Monitoring.html",
        _names(
            "AvailableMemory CDCChangesDiskSource CDCChangesDiskTarget CDCChangesMemorySource CDCChangesMemoryTarget "
            "CDCIncomingChanges CDCLatencySource CDCLatencyTarget CDCThroughputBandwidthSource CDCThroughputBandwidthTarget "
            "CDCThroughputRowsSource CDCThroughputRowsTarget CPUAllocated CPUUtilization DiskQueueDepth FreeMemory "
            "FreeStorageSpace FreeableMemory FullLoadThroughputBandwidthSource FullLoadThroughputBandwidthTarget "
            "FullLoadThroughputRowsSource FullLoadThroughputRowsTarget MemoryAllocated MemoryUsage "
            "NetworkReceiveThroughput NetworkTransmitThroughput ReadIOPS ReadLatency ReadThroughput SwapUsage "
            "ValidationAttemptedRecordCount ValidationBulkQuerySourceLatency ValidationBulkQueryTargetLatency "
            "ValidationFailedOverallCount ValidationItemQuerySourceLatency ValidationItemQueryTargetLatency "
            "ValidationPendingOverallCount ValidationSucceededRecordCount ValidationSuspendedOverallCount "
            "WriteIOPS WriteLatency WriteThroughput CapacityUtilization BurstBalance CPUCreditBalance CPUCreditUsage "
            "FullLoadRowsSource FullLoadRowsTarget"
        ),
        percent=frozenset({"CPUUtilization"}),
        units=_units(Seconds="CDCLatencySource CDCLatencyTarget", Percent="CPUUtilization"),
    ),
    "AWS/SQS": Namespace(
        "AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html",
        _names(
            "ApproximateAgeOfOldestMessage ApproximateNumberOfGroupsWithInflightMessages ApproximateNumberOfMessagesDelayed "
            "ApproximateNumberOfMessagesNotVisible ApproximateNumberOfMessagesVisible NumberOfDeduplicatedSentMessages "
            "NumberOfEmptyReceives NumberOfMessagesDeleted NumberOfMessagesReceived NumberOfMessagesSent SentMessageSize "
            "ApproximateNumberOfNoisyGroups ApproximateNumberOfMessagesVisibleInQuietGroups "
            "ApproximateNumberOfMessagesNotVisibleInQuietGroups ApproximateNumberOfMessagesDelayedInQuietGroups "
            "ApproximateAgeOfOldestMessageInQuietGroups"
        ),
        _sets("QueueName"),
        units=_units(
            Count="ApproximateNumberOfMessagesVisible ApproximateNumberOfMessagesNotVisible NumberOfMessagesSent "
            "NumberOfMessagesReceived NumberOfMessagesDeleted",
            Seconds="ApproximateAgeOfOldestMessage",
            Bytes="SentMessageSize",
        ),
    ),
    "AWS/Lambda": Namespace(
        "lambda/latest/dg/monitoring-metrics-types.html",
        _names(
            "AsyncEventAge AsyncEventsDropped AsyncEventsReceived ClaimedAccountConcurrency ConcurrentExecutions "
            "DeadLetterErrors DeletedEventCount DestinationDeliveryFailures DroppedEventCount Duration Errors "
            "FailedInvokeEventCount FilteredOutEventCount Invocations InvokedEventCount IteratorAge OffsetLag "
            "OnFailureDestinationDeliveredEventCount OversizedRecordCount PolledEventCount PostRuntimeExtensionsDuration "
            "ProvisionedConcurrencyInvocations ProvisionedConcurrencySpilloverInvocations ProvisionedConcurrencyUtilization "
            "ProvisionedConcurrentExecutions RecursiveInvocationsDropped SignatureValidationErrors Throttles "
            "UnreservedConcurrentExecutions UrlRequestCount UrlRequestLatency Url4xxCount Url5xxCount "
            "ProvisionedPollers EventPollerUnit"
        ),
        units=_units(
            Milliseconds="Duration IteratorAge", Count="Errors Invocations Throttles DeadLetterErrors"
        ),
    ),
    "AWS/DynamoDB": Namespace(
        "amazondynamodb/latest/developerguide/metrics-dimensions.html",
        _names(
            "AccountMaxReads AccountMaxTableLevelReads AccountMaxTableLevelWrites AccountMaxWrites "
            "AccountProvisionedReadCapacityUtilization AccountProvisionedWriteCapacityUtilization AgeOfOldestUnreplicatedRecord "
            "ConditionalCheckFailedRequests ConsumedChangeDataCaptureUnits ConsumedReadCapacityUnits "
            "ConsumedWriteCapacityUnits FailedToReplicateRecordCount FaultInjectionServiceInducedErrors "
            "MaxProvisionedTableReadCapacityUtilization MaxProvisionedTableWriteCapacityUtilization "
            "OnDemandMaxReadRequestUnits OnDemandMaxWriteRequestUnits OnlineIndexConsumedWriteCapacity "
            "OnlineIndexPercentageProgress OnlineIndexThrottleEvents PendingReplicationCount ProvisionedReadCapacityUnits "
            "ProvisionedWriteCapacityUnits ReadAccountLimitThrottleEvents ReadKeyRangeThroughputThrottleEvents "
            "ReadMaxOnDemandThroughputThrottleEvents ReadProvisionedThroughputThrottleEvents ReadThrottleEvents "
            "ReplicationLatency ReturnedBytes ReturnedItemCount ReturnedRecordsCount SuccessfulRequestLatency SystemErrors "
            "ThrottledPutRecordCount ThrottledRequests TimeToLiveDeletedItemCount TransactionConflict UserErrors "
            "WriteAccountLimitThrottleEvents WriteKeyRangeThroughputThrottleEvents WriteMaxOnDemandThroughputThrottleEvents "
            "WriteProvisionedThroughputThrottleEvents WriteThrottleEvents"
        ),
    ),
    "AWS/NATGateway": Namespace(
        "vpc/latest/userguide/vpc-nat-gateway-cloudwatch.html",
        _names(
            "ActiveConnectionCount BytesInFromDestination BytesInFromSource BytesOutToDestination BytesOutToSource "
            "ConnectionAttemptCount ConnectionEstablishedCount ErrorPortAllocation IdleTimeoutCount PacketsDropCount "
            "PacketsInFromDestination PacketsInFromSource PacketsOutToDestination PacketsOutToSource "
            "PeakBytesPerSecond PeakPacketsPerSecond"
        ),
        _sets("NatGatewayId NatGatewayId+AvailabilityZone"),
    ),
    "AWS/States": Namespace(
        "step-functions/latest/dg/procedure-cw-metrics.html",
        _names(
            "ActivitiesFailed ActivitiesHeartbeatTimedOut ActivitiesScheduled ActivitiesStarted ActivitiesSucceeded "
            "ActivitiesTimedOut ActivityRunTime ActivityScheduleTime ActivityTime ApproximateMapRunBacklogSize "
            "ApproximateOpenMapRunCount ConsumedCapacity ExecutionThrottled ExecutionTime ExecutionsAborted ExecutionsFailed "
            "ExecutionsRedriven ExecutionsStarted ExecutionsSucceeded ExecutionsTimedOut ExpressExecutionBilledDuration "
            "ExpressExecutionBilledMemory ExpressExecutionMemory LambdaFunctionRunTime LambdaFunctionScheduleTime "
            "LambdaFunctionTime LambdaFunctionsFailed LambdaFunctionsScheduled LambdaFunctionsStarted "
            "LambdaFunctionsSucceeded LambdaFunctionsTimedOut LambdaFunctionsHeartbeatTimedOut OpenExecutionCount "
            "OpenExecutionLimit OpenMapRunLimit ProvisionedBucketSize ProvisionedRefillRate RedrivenExecutionsAborted "
            "RedrivenExecutionsFailed RedrivenExecutionsSucceeded RedrivenExecutionsTimedOut "
            "ServiceIntegrationRunTime ServiceIntegrationScheduleTime ServiceIntegrationTime ServiceIntegrationsFailed "
            "ServiceIntegrationsScheduled ServiceIntegrationsStarted ServiceIntegrationsSucceeded "
            "ServiceIntegrationsTimedOut StateMachineRunTime ThrottledEvents StateTransition EncryptionConfigurationFailure"
        ),
    ),
    "AWS/Events": Namespace(
        "eventbridge/latest/userguide/eb-monitoring.html",
        _names(
            "DeadLetterInvocations Events EventsPerSecond FailedInvocations IngestiontoInvocationCompleteLatency "
            "IngestiontoInvocationStartLatency IngestionToInvocationCompleteLatency IngestionToInvocationStartLatency "
            "IngestionToInvocationSuccessLatency InvocationAttempts Invocations InvocationsCreated "
            "InvocationsFailedToBeSentToDlq InvocationsPerSecond InvocationsSentToDlq MatchedEvents "
            "PutEventsApproximateCallCount PutEventsApproximateFailedCount PutEventsApproximateSuccessCount "
            "PutEventsApproximateThrottledCount PutEventsEntriesCount PutEventsFailedEntriesCount PutEventsLatency "
            "PutEventsRequestSize PutPartnerEventsApproximateCallCount PutPartnerEventsApproximateFailedCount "
            "PutPartnerEventsApproximateSuccessCount PutPartnerEventsApproximateThrottledCount "
            "PutPartnerEventsEntriesCount PutPartnerEventsFailedEntriesCount PutPartnerEventsLatency "
            "RetryInvocationAttempts SuccessfulInvocationAttempts ThrottledRules TriggeredRules"
        ),
    ),
    "AWS/EC2": Namespace(
        "AWSEC2/latest/UserGuide/viewing_metrics_with_cloudwatch.html",
        _names(
            "CPUCreditBalance CPUCreditUsage CPUSurplusCreditBalance CPUSurplusCreditsCharged CPUUtilization "
            "DedicatedHostCPUUtilization DiskReadBytes DiskReadOps DiskWriteBytes DiskWriteOps EBSByteBalance% "
            "EBSIOBalance% EBSReadBytes EBSReadOps EBSWriteBytes EBSWriteOps GPUPowerUtilization "
            "InstanceEBSIOPSExceededCheck InstanceEBSThroughputExceededCheck MetadataNoToken MetadataNoTokenRejected "
            "NetworkIn NetworkOut NetworkPacketsIn NetworkPacketsOut StatusCheckFailed StatusCheckFailed_AttachedEBS "
            "StatusCheckFailed_Instance StatusCheckFailed_System"
        ),
        percent=frozenset({"CPUUtilization"}),
    ),
    "CloudWatchSynthetics": Namespace(
        "AmazonCloudWatch/latest/monitoring/CloudWatch_Synthetics_Canaries_metrics.html",
        _names(
            "2xx 4xx 5xx Duration Failed Failed_requests SuccessPercent VisualMonitoringSuccessPercent "
            "VisualMonitoringTotalComparisons DryRunFailed Retry"
        ),
        percent=frozenset({"SuccessPercent", "VisualMonitoringSuccessPercent"}),
        units=_units(Percent="SuccessPercent", Milliseconds="Duration"),
    ),
    "ECS/ContainerInsights": Namespace(
        "AmazonCloudWatch/latest/monitoring/Container-Insights-metrics-ECS.html",
        _names(
            "ContainerCpuReserved ContainerCpuUtilization ContainerCpuUtilized ContainerInstanceCount "
            "ContainerMemoryReserved ContainerMemoryUtilization ContainerMemoryUtilized ContainerNetworkRxBytes "
            "ContainerNetworkTxBytes ContainerStorageReadBytes ContainerStorageWriteBytes CpuReserved CpuUtilized "
            "DeploymentCount DesiredTaskCount EBSFilesystemSize EBSFilesystemUtilized EphemeralStorageReserved "
            "EphemeralStorageUtilized MemoryReserved MemoryUtilized NetworkRxBytes NetworkTxBytes PendingTaskCount "
            "RestartCount RunningTaskCount ServiceCount StorageReadBytes StorageWriteBytes TaskCount TaskCpuUtilization "
            "TaskEBSFilesystemUtilization TaskEphemeralStorageUtilization TaskMemoryUtilization TaskSetCount "
            "UnHealthyContainerHealthStatus instance_cpu_limit instance_cpu_reserved_capacity instance_cpu_usage_total "
            "instance_cpu_utilization instance_filesystem_utilization instance_memory_limit "
            "instance_memory_reserved_capacity instance_memory_utilization instance_memory_utliization "
            "instance_memory_working_set instance_network_total_bytes instance_number_of_running_tasks "
            "instance_filesystem_inodes instance_filesystem_inodes_free"
        ),
    ),
    "AWS/SNS": Namespace(
        "sns/latest/dg/sns-monitoring-using-cloudwatch.html",
        _names(
            "NumberOfMessagesPublished NumberOfNotificationsDelivered NumberOfNotificationsFailed "
            "NumberOfNotificationsFilteredOut NumberOfNotificationsFilteredOut-InvalidAttributes "
            "NumberOfNotificationsFilteredOut-NoMessageAttributes NumberOfNotificationsFilteredOut-InvalidMessageBody "
            "NumberOfNotificationsFilteredOut-MessageAttributes NumberOfNotificationsFilteredOut-MessageBody "
            "NumberOfNotificationsFailedToRedriveToDlq NumberOfNotificationsRedrivenToDlq PublishSize "
            "SMSMonthToDateSpentUSD SMSSuccessRate"
        ),
    ),
}
"""What is published, by namespace."""

RESERVED_PREFIX: Final = "AWS/"
"""Custom metrics may not be put into namespaces that begin so (CloudWatch API reference, PutMetricData, Namespace)."""
