"""The listings that an inventory asks for, as a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True)
class Listing:
    """One kind of resource, and the call that lists it.

    Attributes:
        service: Name of the boto3 client.
        kind: What the resource is called in an inventory's keys.
        method: Method of the client, in snake case.
        rows: JMESPath of the rows in its answer.
        key: Name of the field that identifies a row; unused when rows are plain text.
        state: Name of the field that tells the state, if any.
        gone: States that mean that the resource exists no more.
        params: Parameters of the call.
    """

    service: str
    kind: str
    method: str
    rows: str
    key: str = ""
    state: str = ""
    gone: frozenset[str] = frozenset()
    params: tuple[tuple[str, Any], ...] = ()


_DELETED = frozenset({"deleted", "deleting", "DELETED"})

LISTS: Final[tuple[Listing, ...]] = (
    Listing("acm", "certificate", "list_certificates", "CertificateSummaryList", "CertificateArn", "Status"),
    Listing(
        "application-autoscaling",
        "target",
        "describe_scalable_targets",
        "ScalableTargets",
        "ResourceId",
        params=(("ServiceNamespace", "ecs"),),
    ),
    Listing(
        "application-autoscaling",
        "policy",
        "describe_scaling_policies",
        "ScalingPolicies",
        "PolicyName",
        params=(("ServiceNamespace", "ecs"),),
    ),
    Listing(
        "backup",
        "vault",
        "list_backup_vaults",
        "BackupVaultList[].{n: BackupVaultName, key: EncryptionKeyArn}",
        "n",
    ),
    Listing("cloudwatch", "alarm", "describe_alarms", "MetricAlarms", "AlarmName"),
    Listing("dms", "task", "describe_replication_tasks", "ReplicationTasks", "ReplicationTaskArn", "Status"),
    Listing(
        "dms",
        "instance",
        "describe_replication_instances",
        "ReplicationInstances",
        "ReplicationInstanceArn",
        "ReplicationInstanceStatus",
    ),
    Listing("dms", "endpoint", "describe_endpoints", "Endpoints", "EndpointArn", "Status"),
    Listing(
        "dms",
        "subnet-group",
        "describe_replication_subnet_groups",
        "ReplicationSubnetGroups",
        "ReplicationSubnetGroupIdentifier",
    ),
    Listing("ec2", "vpc", "describe_vpcs", "Vpcs", "VpcId", "State"),
    Listing("ec2", "subnet", "describe_subnets", "Subnets", "SubnetId", "State"),
    Listing("ec2", "internet-gateway", "describe_internet_gateways", "InternetGateways", "InternetGatewayId"),
    Listing("ec2", "nat-gateway", "describe_nat_gateways", "NatGateways", "NatGatewayId", "State", _DELETED),
    Listing("ec2", "address", "describe_addresses", "Addresses", "AllocationId"),
    Listing("ec2", "route-table", "describe_route_tables", "RouteTables", "RouteTableId"),
    Listing("ec2", "security-group", "describe_security_groups", "SecurityGroups", "GroupId"),
    Listing("ec2", "endpoint", "describe_vpc_endpoints", "VpcEndpoints", "VpcEndpointId", "State", _DELETED),
    Listing("ec2", "flow-log", "describe_flow_logs", "FlowLogs", "FlowLogId", "FlowLogStatus"),
    Listing(
        "ec2", "interface", "describe_network_interfaces", "NetworkInterfaces", "NetworkInterfaceId", "Status"
    ),
    Listing("elbv2", "load-balancer", "describe_load_balancers", "LoadBalancers", "LoadBalancerArn", "State"),
    Listing("elbv2", "target-group", "describe_target_groups", "TargetGroups", "TargetGroupArn"),
    Listing(
        "iam",
        "policy",
        "list_policies",
        "Policies[].{Arn: Arn, version: DefaultVersionId, attached: AttachmentCount}",
        "Arn",
        params=(("Scope", "Local"),),
    ),
    Listing("iam", "alias", "list_account_aliases", "AccountAliases"),
    Listing("kms", "alias", "list_aliases", "Aliases[?TargetKeyId]", "AliasName"),
    Listing("lambda", "function", "list_functions", "Functions", "FunctionName"),
    Listing("logs", "group", "describe_log_groups", "logGroups", "logGroupName"),
    Listing("rds", "cluster", "describe_db_clusters", "DBClusters", "DBClusterIdentifier", "Status"),
    Listing(
        "rds", "instance", "describe_db_instances", "DBInstances", "DBInstanceIdentifier", "DBInstanceStatus"
    ),
    Listing("rds", "subnet-group", "describe_db_subnet_groups", "DBSubnetGroups", "DBSubnetGroupName"),
    Listing("rds", "proxy", "describe_db_proxies", "DBProxies", "DBProxyName", "Status"),
    Listing(
        "rds",
        "cluster-snapshot",
        "describe_db_cluster_snapshots",
        "DBClusterSnapshots",
        "DBClusterSnapshotIdentifier",
        "Status",
    ),
    Listing("dynamodb", "backup", "list_backups", "BackupSummaries", "BackupArn", "BackupStatus", _DELETED),
    Listing("sns", "topic", "list_topics", "Topics", "TopicArn"),
    Listing("sns", "subscription", "list_subscriptions", "Subscriptions", "SubscriptionArn"),
    Listing("synthetics", "canary", "describe_canaries", "Canaries", "Name", "Status"),
    Listing("servicediscovery", "namespace", "list_namespaces", "Namespaces", "Id"),
    Listing("servicediscovery", "service", "list_services", "Services", "Id"),
)
"""One row for each kind of resource that a plain listing describes well enough."""
