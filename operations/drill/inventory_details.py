"""The parts of an inventory that a plain listing does not describe: contents, policies, records, targets, rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Protocol

Describe = Callable[..., str]
Entries = Iterator[tuple[str, str]]


class Asks(Protocol):
    """What a detail needs to ask AWS."""

    def of(self, service: str) -> Any:
        """The client of a service."""

    def rows(self, service: str, method: str, path: str, **params: Any) -> list[Any]:
        """All rows of a listing."""


def _roles(ask: Asks, describe: Describe) -> Entries:
    for role in ask.rows("iam", "list_roles", "Roles"):
        name = role["RoleName"]
        content = {
            "trust": role.get("AssumeRolePolicyDocument"),
            "attached": ask.rows(
                "iam", "list_attached_role_policies", "AttachedPolicies[].PolicyArn", RoleName=name
            ),
            "inline": ask.rows("iam", "list_role_policies", "PolicyNames", RoleName=name),
        }
        yield f"iam/role/{name}", describe(content)


def _keys(ask: Asks, describe: Describe) -> Entries:
    kms = ask.of("kms")
    for key in ask.rows("kms", "list_keys", "Keys[].KeyId"):
        metadata = kms.describe_key(KeyId=key)["KeyMetadata"]
        yield f"kms/key/{key}", describe({"spec": metadata.get("KeySpec")}, metadata["KeyState"])


def _buckets(ask: Asks, describe: Describe) -> Entries:
    s3 = ask.of("s3")
    for bucket in ask.rows("s3", "list_buckets", "Buckets[].Name"):
        versioning = s3.get_bucket_versioning(Bucket=bucket).get("Status", "Off")
        versions = ask.rows("s3", "list_object_versions", "Versions[].[Key, Size]", Bucket=bucket)
        yield f"s3/bucket/{bucket}", describe({"versioning": versioning})
        for name in sorted({name for name, _ in versions}):
            yield f"s3/object/{bucket}/{name}", describe([size for key, size in versions if key == name])


def _parameters(ask: Asks, describe: Describe) -> Entries:
    names = ask.rows("ssm", "describe_parameters", "Parameters[].Name")
    for name in names:
        parameter = ask.of("ssm").get_parameter(Name=name)["Parameter"]
        yield f"ssm/parameter/{name}", describe({"value": parameter["Value"], "type": parameter["Type"]})


def _secrets(ask: Asks, describe: Describe) -> Entries:
    client = ask.of("secretsmanager")
    for secret in ask.rows("secretsmanager", "list_secrets", "SecretList"):
        value = client.get_secret_value(SecretId=secret["Name"]).get("SecretString")
        yield (
            f"secretsmanager/secret/{secret['Name']}",
            describe({"value": value, "key": secret.get("KmsKeyId")}),
        )


def _tables(ask: Asks, describe: Describe) -> Entries:
    client = ask.of("dynamodb")
    for name in ask.rows("dynamodb", "list_tables", "TableNames"):
        table = client.describe_table(TableName=name)["Table"]
        content = {
            "keys": table["KeySchema"],
            "indexes": [index["IndexName"] for index in table.get("GlobalSecondaryIndexes", [])],
            "items": client.scan(TableName=name, Select="COUNT")["Count"],
        }
        yield f"dynamodb/table/{name}", describe(content, table["TableStatus"])


def _zones(ask: Asks, describe: Describe) -> Entries:
    for zone in ask.rows("route53", "list_hosted_zones", "HostedZones"):
        yield f"route53/zone/{zone['Id']}", describe({"name": zone["Name"]})
        for record in ask.rows(
            "route53", "list_resource_record_sets", "ResourceRecordSets", HostedZoneId=zone["Id"]
        ):
            place = "/".join((record["Name"], record["Type"], record.get("SetIdentifier", "-")))
            yield (
                f"route53/record/{zone['Id']}/{place}",
                describe(record, f"weight {record['Weight']}" if "Weight" in record else ""),
            )


def _queues(ask: Asks, describe: Describe) -> Entries:
    client = ask.of("sqs")
    for url in ask.rows("sqs", "list_queues", "QueueUrls"):
        attributes = client.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        yield f"sqs/queue/{url.rsplit('/', 1)[1]}", describe(attributes)


def _buses(ask: Asks, describe: Describe) -> Entries:
    for bus in ask.rows("events", "list_event_buses", "EventBuses[].Name"):
        yield f"events/bus/{bus}", describe({})
        for rule in ask.rows("events", "list_rules", "Rules", EventBusName=bus):
            targets = ask.rows(
                "events", "list_targets_by_rule", "Targets", Rule=rule["Name"], EventBusName=bus
            )
            yield (
                f"events/rule/{bus}/{rule['Name']}",
                describe({"rule": rule, "targets": targets}, rule["State"]),
            )


def _dashboards(ask: Asks, describe: Describe) -> Entries:
    for name in ask.rows("cloudwatch", "list_dashboards", "DashboardEntries[].DashboardName"):
        yield (
            f"cloudwatch/dashboard/{name}",
            describe(ask.of("cloudwatch").get_dashboard(DashboardName=name)["DashboardBody"]),
        )


def _repositories(ask: Asks, describe: Describe) -> Entries:
    for repository in ask.rows("ecr", "describe_repositories", "repositories"):
        name = repository["repositoryName"]
        images = ask.rows("ecr", "list_images", "imageIds[].imageTag", repositoryName=name)
        yield (
            f"ecr/repository/{name}",
            describe({"images": images, "mutability": repository["imageTagMutability"]}),
        )


def _containers(ask: Asks, describe: Describe) -> Entries:
    client = ask.of("ecs")
    for arn in ask.rows("ecs", "list_task_definitions", "taskDefinitionArns", status="ACTIVE"):
        yield f"ecs/task-definition/{arn.rsplit('/', 1)[1]}", describe({})
    arns = ask.rows("ecs", "list_clusters", "clusterArns")
    for cluster in client.describe_clusters(clusters=arns)["clusters"] if arns else []:
        if cluster["status"] != "ACTIVE":
            continue
        yield (
            f"ecs/cluster/{cluster['clusterName']}",
            describe({"providers": cluster.get("capacityProviders")}, "ACTIVE"),
        )
        names = ask.rows("ecs", "list_services", "serviceArns", cluster=cluster["clusterName"])
        for service in (
            client.describe_services(cluster=cluster["clusterName"], services=names)["services"]
            if names
            else []
        ):
            if service["status"] == "ACTIVE":
                content = {"definition": service["taskDefinition"], "desired": service["desiredCount"]}
                yield (
                    f"ecs/service/{cluster['clusterName']}/{service['serviceName']}",
                    describe(content, "ACTIVE"),
                )


def _listeners(ask: Asks, describe: Describe) -> Entries:
    for balancer in ask.rows("elbv2", "describe_load_balancers", "LoadBalancers[].LoadBalancerArn"):
        for listener in ask.rows("elbv2", "describe_listeners", "Listeners", LoadBalancerArn=balancer):
            yield f"elbv2/listener/{listener['ListenerArn']}", describe(listener)


def _backup_plans(ask: Asks, describe: Describe) -> Entries:
    for plan in ask.rows("backup", "list_backup_plans", "BackupPlansList"):
        selections = ask.rows(
            "backup",
            "list_backup_selections",
            "BackupSelectionsList[].SelectionName",
            BackupPlanId=plan["BackupPlanId"],
        )
        yield (
            f"backup/plan/{plan['BackupPlanId']}",
            describe({"name": plan["BackupPlanName"], "selections": selections}),
        )


def _database_tables(ask: Asks, _describe: Describe) -> Entries:
    """Rows of every table of every cluster, through the Data API; a cluster without it has none to show."""
    client = ask.of("rds-data")
    tables = "SELECT table_schema, table_name FROM information_schema.tables"
    for cluster in ask.rows("rds", "describe_db_clusters", "DBClusters"):
        arn = cluster["DBClusterArn"]

        def run(sql: str, arn: str = arn) -> list[Any]:
            rows: list[Any] = client.execute_statement(resourceArn=arn, secretArn=arn, sql=sql).get(
                "records", []
            )
            return rows

        for schema, name in ((row[0]["stringValue"], row[1]["stringValue"]) for row in run(tables)):
            count = run(f"SELECT count(*) FROM {schema}.{name}")[0][0]["longValue"]  # noqa: S608 - names from the catalogue
            yield f"rds-data/table/{cluster['DBClusterIdentifier']}/{schema}.{name}", f"{count} rows"


DETAILS: tuple[tuple[str, Callable[[Asks, Describe], Entries]], ...] = (
    ("iam", _roles),
    ("kms", _keys),
    ("s3", _buckets),
    ("ssm", _parameters),
    ("secretsmanager", _secrets),
    ("dynamodb", _tables),
    ("route53", _zones),
    ("sqs", _queues),
    ("events", _buses),
    ("cloudwatch", _dashboards),
    ("ecr", _repositories),
    ("ecs", _containers),
    ("elbv2", _listeners),
    ("backup", _backup_plans),
    ("rds-data", _database_tables),
)
"""The service that each asks, and what yields keys and descriptions of one kind."""
