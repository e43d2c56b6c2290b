"""What was mended in moto, one service after the other, through a client over HTTP."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore.exceptions import ClientError, WaiterError
from sandbox_clients import Aws

FAST = {"Delay": 0.05, "MaxAttempts": 100}


def _refused(call: Callable[..., Any], code: str, **params: Any) -> None:
    with pytest.raises(ClientError) as caught:
        call(**params)
    assert caught.value.response["Error"]["Code"] == code


def test_a_canary_is_started_stopped_and_deleted(aws: Aws, eventually: Callable[..., Any]) -> None:
    canaries = aws("synthetics")
    code = {"S3Bucket": "any", "S3Key": "any.zip", "Handler": "page.handler"}
    asked = {
        "Name": "page",
        "Code": code,
        "ArtifactS3Location": "s3://any",
        "ExecutionRoleArn": "arn:aws:iam::123456789012:role/canary",
        "Schedule": {"Expression": "rate(1 minute)"},
        "RuntimeVersion": "syn-nodejs-puppeteer-9.1",
    }
    canaries.create_canary(**asked)

    def state() -> Any:
        return canaries.describe_canaries(Names=["page"])["Canaries"][0]["Status"]["State"]

    assert eventually(lambda: state() == "READY")
    _refused(canaries.create_canary, "ConflictException", **asked)
    canaries.start_canary(Name="page")
    assert state() == "RUNNING"
    _refused(canaries.delete_canary, "ConflictException", Name="page")
    canaries.stop_canary(Name="page")
    assert eventually(lambda: state() == "STOPPED")
    canaries.delete_canary(Name="page")
    assert canaries.describe_canaries(Names=["page"])["Canaries"] == []
    _refused(canaries.get_canary, "ResourceNotFoundException", Name="page")


def test_a_replication_task_loads_its_tables_and_follows_changes(
    aws: Aws, cluster_arn: str, eventually: Callable[..., Any]
) -> None:
    dms = aws("dms")
    target = aws("rds").describe_db_clusters(DBClusterIdentifier="test-cluster")["DBClusters"][0]["Endpoint"]
    instance = dms.create_replication_instance(
        ReplicationInstanceIdentifier="tests", ReplicationInstanceClass="dms.t3.medium", AllocatedStorage=20
    )["ReplicationInstance"]["ReplicationInstanceArn"]
    ends = [
        dms.create_endpoint(
            EndpointIdentifier=name,
            EndpointType=name,
            EngineName="postgres",
            ServerName=server,
            Port=5432,
            DatabaseName="d",
        )["Endpoint"]["EndpointArn"]
        for name, server in (("source", "old.example.com"), ("target", target))
    ]
    for end in ends:
        dms.test_connection(ReplicationInstanceArn=instance, EndpointArn=end)
        dms.test_connection(ReplicationInstanceArn=instance, EndpointArn=end)
    task = dms.create_replication_task(
        ReplicationTaskIdentifier="tests",
        SourceEndpointArn=ends[0],
        TargetEndpointArn=ends[1],
        ReplicationInstanceArn=instance,
        MigrationType="full-load-and-cdc",
        TableMappings="{}",
    )["ReplicationTask"]["ReplicationTaskArn"]
    filters = [{"Name": "replication-task-arn", "Values": [task]}]
    dms.get_waiter("replication_task_ready").wait(Filters=filters, WaiterConfig=FAST)
    _refused(dms.stop_replication_task, "InvalidResourceStateFault", ReplicationTaskArn=task)

    def stats() -> Any:
        return dms.describe_replication_tasks(Filters=filters)["ReplicationTasks"][0]["ReplicationTaskStats"]

    assert stats()["FullLoadProgressPercent"] == 0
    dms.start_replication_task(ReplicationTaskArn=task, StartReplicationTaskType="start-replication")
    dms.get_waiter("replication_task_running").wait(Filters=filters, WaiterConfig=FAST)
    assert stats()["FullLoadProgressPercent"] < 100
    pending = dms.describe_table_statistics(ReplicationTaskArn=task)["TableStatistics"]
    assert any(row["ValidationPendingRecords"] for row in pending)
    assert eventually(lambda: stats()["FullLoadProgressPercent"] == 100)
    rows = dms.describe_table_statistics(ReplicationTaskArn=task)["TableStatistics"]
    assert {row["ValidationState"] for row in rows} == {"Validated"}
    wanted = next(row["FullLoadRows"] for row in rows if row["TableName"] == "tasks")
    counted = aws("rds-data").execute_statement(
        resourceArn=cluster_arn, secretArn="x" * 20, sql="SELECT count(*) FROM public.tasks"
    )
    assert counted["records"][0][0]["longValue"] == wanted

    _refused(dms.delete_replication_task, "InvalidResourceStateFault", ReplicationTaskArn=task)
    dms.stop_replication_task(ReplicationTaskArn=task)
    dms.start_replication_task(ReplicationTaskArn=task, StartReplicationTaskType="resume-processing")
    assert stats()["FullLoadProgressPercent"] == 100
    dms.stop_replication_task(ReplicationTaskArn=task)
    _refused(dms.delete_endpoint, "InvalidResourceStateFault", EndpointArn=ends[0])
    _refused(dms.delete_replication_instance, "InvalidResourceStateFault", ReplicationInstanceArn=instance)
    dms.delete_replication_task(ReplicationTaskArn=task)
    dms.get_waiter("replication_task_deleted").wait(Filters=filters, WaiterConfig=FAST)
    for end in ends:
        dms.delete_endpoint(EndpointArn=end)
    dms.get_waiter("endpoint_deleted").wait(
        Filters=[{"Name": "endpoint-arn", "Values": ends}], WaiterConfig=FAST
    )
    dms.delete_replication_instance(ReplicationInstanceArn=instance)
    by_instance = [{"Name": "replication-instance-arn", "Values": [instance]}]
    dms.get_waiter("replication_instance_deleted").wait(Filters=by_instance, WaiterConfig=FAST)


@pytest.fixture
def zone(aws: Aws, request: pytest.FixtureRequest) -> Any:
    made = aws("route53").create_hosted_zone(Name="example.net", CallerReference=request.node.name)
    return made["HostedZone"]["Id"]


def _record(**more: Any) -> Any:
    return {
        "Name": "example.net",
        "Type": "A",
        "TTL": 60,
        "ResourceRecords": [{"Value": "192.0.2.1"}],
        **more,
    }


def _change(aws: Aws, zone: str, *changes: Any) -> Any:
    batch = {"Changes": [{"Action": action, "ResourceRecordSet": record} for action, record in changes]}
    return aws("route53").change_resource_record_sets(HostedZoneId=zone, ChangeBatch=batch)["ChangeInfo"][
        "Id"
    ]


def _records(aws: Aws, zone: str) -> Any:
    found = aws("route53").list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
    return sorted(
        (item["Name"], item.get("SetIdentifier"), item.get("Weight")) for item in found if item["Type"] == "A"
    )


def test_record_changes_are_all_or_none_and_refused_where_aws_refuses_them(aws: Aws, zone: str) -> None:
    legacy, new = _record(SetIdentifier="legacy", Weight=100), _record(SetIdentifier="new", Weight=0)
    first = _change(aws, zone, ("CREATE", legacy), ("CREATE", new))
    assert first != _change(aws, zone, ("UPSERT", {**legacy, "Weight": 90}))
    standing = [("example.net.", "legacy", 90), ("example.net.", "new", 0)]
    assert _records(aws, zone) == standing
    for changes, reason in (
        ([("CREATE", new)], "already exists"),
        ([("DELETE", legacy)], "values provided do not match"),
        ([("DELETE", _record(SetIdentifier="other", Weight=1))], "was not found"),
        ([("UPSERT", {**new, "Weight": 50}), ("CREATE", new)], "already exists"),
        ([("UPSERT", {**new, "Weight": 256})], "Invalid weight"),
        ([("CREATE", _record())], "conflicts"),
        ([("UPSERT", _record(Name="example.org"))], "not permitted in zone"),
    ):
        with pytest.raises(ClientError, match=reason) as caught:
            _change(aws, zone, *changes)
        assert caught.value.response["Error"]["Code"] == "InvalidChangeBatch"
        assert _records(aws, zone) == standing
    _change(aws, zone, ("DELETE", {**legacy, "Weight": 90}), ("DELETE", new), ("CREATE", _record()))
    assert _records(aws, zone) == [("example.net.", None, None)]


def test_a_dns_answer_follows_the_weights(aws: Aws, zone: str) -> None:
    def ask(name: str = "example.net") -> Any:
        return aws("route53").test_dns_answer(HostedZoneId=zone, RecordName=name, RecordType="A")

    assert ask()["ResponseCode"] == "NXDOMAIN"
    alias = {"HostedZoneId": "Z35SXDOTRQ7X7K", "DNSName": "alb.example.com", "EvaluateTargetHealth": True}
    new = {"Name": "example.net", "Type": "A", "SetIdentifier": "new", "Weight": 0, "AliasTarget": alias}
    _change(aws, zone, ("CREATE", _record(SetIdentifier="legacy", Weight=100)), ("CREATE", new))
    assert (ask()["ResponseCode"], ask()["RecordData"]) == ("NOERROR", ["192.0.2.1"])
    _change(
        aws, zone, ("UPSERT", _record(SetIdentifier="legacy", Weight=0)), ("UPSERT", {**new, "Weight": 100})
    )
    assert ask()["RecordData"] == ["alb.example.com"]


def test_event_patterns_are_tested_and_a_bus_with_rules_stays(aws: Aws) -> None:
    events = aws("events")
    event = {
        "id": "1",
        "account": "1",
        "source": "a",
        "time": "2026-01-01T00:00:00Z",
        "region": "r",
        "resources": [],
        "detail-type": "t",
        "detail": {},
    }

    def matches(source: str) -> Any:
        return events.test_event_pattern(
            EventPattern=json.dumps({"source": [source]}), Event=json.dumps(event)
        )["Result"]

    assert matches("a") is True
    assert matches("b") is False
    events.create_event_bus(Name="tests")
    events.put_rule(Name="tests", EventBusName="tests", EventPattern='{"source": ["a"]}')
    _refused(events.delete_event_bus, "ValidationException", Name="tests")
    events.delete_rule(Name="tests", EventBusName="tests")
    events.delete_event_bus(Name="tests")


def test_a_disabled_rule_does_not_fire(aws: Aws) -> None:
    events, queue = aws("events"), aws("sqs").create_queue(QueueName="tests-events")["QueueUrl"]
    arn = aws("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"][
        "QueueArn"
    ]

    def waiting() -> Any:
        return int(
            aws("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["All"])["Attributes"][
                "ApproximateNumberOfMessages"
            ]
        )

    events.put_rule(Name="switch", EventPattern='{"source": ["tests"]}', State="DISABLED")
    events.put_targets(Rule="switch", Targets=[{"Id": "1", "Arn": arn}])
    events.put_events(Entries=[{"Source": "tests", "DetailType": "t", "Detail": "{}"}])
    assert waiting() == 0
    events.enable_rule(Name="switch")
    events.put_events(Entries=[{"Source": "tests", "DetailType": "t", "Detail": "{}"}])
    assert waiting() == 1


def test_an_image_pushed_to_a_scanning_repository_has_findings(aws: Aws) -> None:
    ecr = aws("ecr")
    ecr.create_repository(repositoryName="tests", imageScanningConfiguration={"scanOnPush": True})
    layer = {
        "mediaType": "application/vnd.docker.image.rootfs.diff.tar.gzip",
        "size": 10,
        "digest": "sha256:" + "0" * 64,
    }
    manifest = {
        "schemaVersion": 2,
        "mediaType": "application/vnd.docker.distribution.manifest.v2+json",
        "config": layer,
        "layers": [layer],
    }
    ecr.put_image(repositoryName="tests", imageTag="1", imageManifest=json.dumps(manifest))
    found = ecr.describe_image_scan_findings(repositoryName="tests", imageId={"imageTag": "1"})
    assert found["imageScanStatus"]["status"] == "COMPLETE"
    assert "CRITICAL" not in found["imageScanFindings"]["findingSeverityCounts"]
    assert ecr.describe_images(repositoryName="tests")["imageDetails"][0]["imageSizeInBytes"] > 0


def test_a_secret_is_what_is_staged_as_current(aws: Aws) -> None:
    secrets = aws("secretsmanager")
    first = secrets.create_secret(Name="tests", SecretString="one")["VersionId"]
    second = secrets.put_secret_value(SecretId="tests", SecretString="two")["VersionId"]
    assert secrets.get_secret_value(SecretId="tests")["SecretString"] == "two"
    secrets.update_secret_version_stage(
        SecretId="tests", VersionStage="AWSCURRENT", MoveToVersionId=first, RemoveFromVersionId=second
    )
    assert secrets.get_secret_value(SecretId="tests")["SecretString"] == "one"


def test_backups_select_run_and_end(aws: Aws, eventually: Callable[..., Any]) -> None:
    backup = aws("backup")
    rule = {
        "RuleName": "daily",
        "TargetBackupVaultName": "Default",
        "ScheduleExpression": "cron(0 5 ? * * *)",
    }
    plan = backup.create_backup_plan(BackupPlan={"BackupPlanName": "tests", "Rules": [rule]})["BackupPlanId"]
    role, table = "arn:aws:iam::123456789012:role/backup", "arn:aws:dynamodb:us-east-1:123456789012:table/x"
    wanted = {"SelectionName": "stores", "IamRoleArn": role, "Resources": [table]}
    selection = backup.create_backup_selection(BackupPlanId=plan, BackupSelection=wanted)["SelectionId"]
    assert [
        row["SelectionName"]
        for row in backup.list_backup_selections(BackupPlanId=plan)["BackupSelectionsList"]
    ] == ["stores"]
    assert backup.get_backup_selection(BackupPlanId=plan, SelectionId=selection)["BackupSelection"][
        "Resources"
    ] == [table]
    _refused(
        backup.create_backup_selection, "AlreadyExistsException", BackupPlanId=plan, BackupSelection=wanted
    )
    _refused(backup.delete_backup_plan, "InvalidRequestException", BackupPlanId=plan)
    backup.delete_backup_selection(BackupPlanId=plan, SelectionId=selection)
    assert backup.get_backup_plan(BackupPlanId=plan)["BackupPlan"]["BackupPlanName"] == "tests"
    backup.delete_backup_plan(BackupPlanId=plan)
    job = backup.start_backup_job(BackupVaultName="Default", ResourceArn=table, IamRoleArn=role)[
        "BackupJobId"
    ]
    assert eventually(lambda: backup.describe_backup_job(BackupJobId=job)["State"] == "COMPLETED")
    _refused(
        backup.start_backup_job,
        "ResourceNotFoundException",
        BackupVaultName="No",
        ResourceArn=table,
        IamRoleArn=role,
    )


def test_a_cluster_has_a_writer_and_a_reader_endpoint(aws: Aws, cluster_arn: str) -> None:
    ends = aws("rds").describe_db_cluster_endpoints(DBClusterIdentifier="test-cluster")["DBClusterEndpoints"]
    assert [end["EndpointType"] for end in ends] == ["WRITER", "READER"]
    assert {end["Status"] for end in ends} == {"available"}


def test_a_dry_run_changes_nothing(aws: Aws) -> None:
    count = len(aws("ec2").describe_vpcs()["Vpcs"])
    _refused(aws("ec2").create_vpc, "DryRunOperation", CidrBlock="10.200.0.0/16", DryRun=True)
    _refused(aws("ec2").describe_vpcs, "DryRunOperation", DryRun=True)
    assert len(aws("ec2").describe_vpcs()["Vpcs"]) == count


def test_a_deleted_endpoint_and_a_deleted_gateway_leave_nothing(aws: Aws, network: dict[str, str]) -> None:
    ec2 = aws("ec2")
    asked = {"VpcId": network["vpc"], "SubnetIds": [network["second"]], "VpcEndpointType": "Interface"}
    endpoint = ec2.create_vpc_endpoint(ServiceName="com.amazonaws.us-east-1.logs", **asked)["VpcEndpoint"][
        "VpcEndpointId"
    ]
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    gateway = ec2.create_nat_gateway(SubnetId=network["second"], AllocationId=address)["NatGateway"][
        "NatGatewayId"
    ]
    by_subnet = [{"Name": "subnet-id", "Values": [network["second"]]}]
    assert len(ec2.describe_network_interfaces(Filters=by_subnet)["NetworkInterfaces"]) == 2
    ec2.delete_vpc_endpoints(VpcEndpointIds=[endpoint])
    ec2.delete_nat_gateway(NatGatewayId=gateway)
    assert (
        ec2.describe_vpc_endpoints(Filters=[{"Name": "vpc-id", "Values": [network["vpc"]]}])["VpcEndpoints"]
        == []
    )
    assert ec2.describe_network_interfaces(Filters=by_subnet)["NetworkInterfaces"] == []
    ec2.release_address(AllocationId=address)


def test_a_message_to_a_function_needs_no_container(aws: Aws) -> None:
    trust = json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "lambda.amazonaws.com"},
                    "Action": "sts:AssumeRole",
                }
            ],
        }
    )
    role = aws("iam").create_role(RoleName="tests-function", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    aws("s3").create_bucket(Bucket="tests-code")
    aws("s3").put_object(Bucket="tests-code", Key="code.zip", Body=b"no zip")
    made = aws("lambda").create_function(
        FunctionName="tests",
        Runtime="python3.12",
        Role=role,
        Handler="a.b",
        Code={"S3Bucket": "tests-code", "S3Key": "code.zip"},
    )
    aws("lambda").get_waiter("function_active_v2").wait(FunctionName="tests", WaiterConfig=FAST)
    topic = aws("sns").create_topic(Name="tests")["TopicArn"]
    aws("sns").subscribe(TopicArn=topic, Protocol="lambda", Endpoint=made["FunctionArn"])
    assert aws("sns").publish(TopicArn=topic, Message="hello")["MessageId"]
    assert aws("lambda").invoke(FunctionName="tests", Payload=b"{}")["StatusCode"] == 200


def test_a_certificate_is_issued_by_itself(aws: Aws) -> None:
    asked = aws("acm").request_certificate(DomainName="tests.example.com", ValidationMethod="DNS")[
        "CertificateArn"
    ]
    try:
        aws("acm").get_waiter("certificate_validated").wait(CertificateArn=asked, WaiterConfig=FAST)
    except WaiterError as error:
        pytest.fail(str(error))
    aws("acm").delete_certificate(CertificateArn=asked)


def test_a_private_namespace_takes_its_zone_with_it(aws: Aws, network: dict[str, str]) -> None:
    cloud_map = aws("servicediscovery")
    before = len(aws("route53").list_hosted_zones()["HostedZones"])
    made = cloud_map.create_private_dns_namespace(Name="tests.local", Vpc=network["vpc"])["OperationId"]
    namespace = cloud_map.get_operation(OperationId=made)["Operation"]["Targets"]["NAMESPACE"]
    service = cloud_map.create_service(
        Name="s", NamespaceId=namespace, DnsConfig={"DnsRecords": [{"Type": "A", "TTL": 30}]}
    )
    _refused(cloud_map.delete_namespace, "ResourceInUse", Id=namespace)
    cloud_map.delete_service(Id=service["Service"]["Id"])
    cloud_map.delete_namespace(Id=namespace)
    assert len(aws("route53").list_hosted_zones()["HostedZones"]) == before


def test_what_a_role_may_do_follows_its_policies(aws: Aws) -> None:
    iam = aws("iam")
    trust = {
        "Effect": "Allow",
        "Principal": {"Service": "ecs-tasks.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }
    role = iam.create_role(
        RoleName="tests-rights",
        AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]}),
    )["Role"]["Arn"]
    statements = [
        {"Effect": "Allow", "Action": "sqs:*", "Resource": "arn:aws:sqs:us-east-1:123456789012:tests-*"},
        {"Effect": "Deny", "Action": "sqs:DeleteQueue", "Resource": "*"},
    ]
    document = json.dumps({"Version": "2012-10-17", "Statement": statements})
    iam.put_role_policy(RoleName="tests-rights", PolicyName="p", PolicyDocument=document)

    def decisions(who: str) -> list[str]:
        asked = iam.simulate_principal_policy(
            PolicySourceArn=who,
            ActionNames=["sqs:SendMessage", "sqs:DeleteQueue", "sns:Publish"],
            ResourceArns=["arn:aws:sqs:us-east-1:123456789012:tests-queue"],
        )
        return [row["EvalDecision"] for row in asked["EvaluationResults"]]

    assert decisions(role) == ["allowed", "explicitDeny", "implicitDeny"]
    assert set(decisions("arn:aws:iam::123456789012:user/owner")) == {"allowed"}
    _refused(
        iam.simulate_principal_policy,
        "NoSuchEntity",
        PolicySourceArn="arn:aws:iam::123456789012:role/none",
        ActionNames=["sns:Publish"],
    )


def test_calls_at_the_same_time_do_not_disturb_each_other(aws: Aws) -> None:
    client = aws("ssm")

    def put(number: int) -> int:
        client.put_parameter(Name=f"/tests/many/{number}", Value=str(number), Type="String")
        return int(client.get_parameter(Name=f"/tests/many/{number}")["Parameter"]["Value"])

    with ThreadPoolExecutor(12) as pool:
        assert list(pool.map(put, range(60))) == list(range(60))
    pages = client.get_paginator("get_parameters_by_path").paginate(Path="/tests/many")
    assert sum(len(page["Parameters"]) for page in pages) == 60


def test_what_is_taken_away_twice_is_refused_as_aws_does(aws: Aws) -> None:
    scaling = {
        "ServiceNamespace": "ecs",
        "ResourceId": "service/none/none",
        "ScalableDimension": "ecs:service:DesiredCount",
    }
    _refused(aws("rds").delete_db_proxy, "DBProxyNotFoundFault", DBProxyName="none")
    autoscaling = aws("application-autoscaling")
    _refused(autoscaling.delete_scaling_policy, "ObjectNotFoundException", PolicyName="none", **scaling)
    _refused(autoscaling.deregister_scalable_target, "ObjectNotFoundException", **scaling)


def test_a_scaling_policy_that_is_put_again_keeps_one_set_of_alarms(aws: Aws) -> None:
    ecs, autoscaling = aws("ecs"), aws("application-autoscaling")
    ecs.create_cluster(clusterName="scaled")
    ecs.register_task_definition(
        family="scaled", containerDefinitions=[{"name": "a", "image": "a", "memory": 128}]
    )
    ecs.create_service(cluster="scaled", serviceName="scaled", taskDefinition="scaled", desiredCount=0)
    target = {
        "ServiceNamespace": "ecs",
        "ResourceId": "service/scaled/scaled",
        "ScalableDimension": "ecs:service:DesiredCount",
    }
    autoscaling.register_scalable_target(MinCapacity=0, MaxCapacity=2, **target)
    metric = {"PredefinedMetricType": "ECSServiceAverageCPUUtilization"}
    asked = {"TargetValue": 50.0, "PredefinedMetricSpecification": metric}
    for _ in range(2):
        autoscaling.put_scaling_policy(
            PolicyName="cpu",
            PolicyType="TargetTrackingScaling",
            TargetTrackingScalingPolicyConfiguration=asked,
            **target,
        )
    prefix = "TargetTracking-service/scaled/scaled"
    assert len(aws("cloudwatch").describe_alarms(AlarmNamePrefix=prefix)["MetricAlarms"]) == 2


def test_the_operation_that_deleted_a_namespace_is_found_afterwards(aws: Aws) -> None:
    names = aws("servicediscovery")
    made = names.create_http_namespace(Name="found.test")["OperationId"]
    space = names.get_operation(OperationId=made)["Operation"]["Targets"]["NAMESPACE"]
    deleted = names.delete_namespace(Id=space)["OperationId"]
    filters = [
        {"Name": "NAMESPACE_ID", "Values": [space]},
        {"Name": "TYPE", "Values": ["DELETE_NAMESPACE"]},
        {"Name": "STATUS", "Values": ["SUBMITTED", "PENDING", "SUCCESS"], "Condition": "IN"},
    ]
    assert [each["Id"] for each in names.list_operations(Filters=filters)["Operations"]] == [deleted]
