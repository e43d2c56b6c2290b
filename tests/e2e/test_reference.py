"""The main job on real input: the whole reference plan forward, looked at from outside, and back."""

from __future__ import annotations

import json
import re
import sqlite3
from pathlib import Path

import boto3
import pytest
from botocore.config import Config

from operations.drill.inventory import Change, Difference, difference, inventory
from operations.plan.loader import load_plan
from tests.e2e.conftest import Cutover, ServedSandbox

CONFIG = Config(retries={"total_max_attempts": 1}, inject_host_prefix=False)


def _client(service: str, url: str) -> object:
    return boto3.client(
        service,
        endpoint_url=url,
        region_name="us-east-1",
        aws_access_key_id="x",
        aws_secret_access_key="x",
        config=CONFIG,
    )


@pytest.mark.xdist_group("reference")
def test_the_reference_plan_runs_whole_and_rolls_back_whole(
    cutover: Cutover, sandbox: ServedSandbox, tmp_path: Path
) -> None:
    plan = load_plan("reference").plan
    before = inventory(sandbox.url)

    forward = cutover("run", "reference", "--all", "--yes", f"--sandbox={sandbox.url}", "--format", "json")
    assert forward.code == 0, forward.err[-3000:]
    states = {key: operation["state"] for key, operation in forward.json["operations"].items()}
    gaps = {key for key, operation in plan.operations.items() if operation.sandbox_gap}
    without_return = {key for key, operation in plan.operations.items() if not operation.reversible}
    assert {key for key, state in states.items() if state == "succeeded"} == set(
        plan.operations
    ) - gaps - without_return
    assert {key for key, state in states.items() if state == "skipped"} == gaps - without_return

    vpcs = _client("ec2", sandbox.url).describe_vpcs(
        Filters=[{"Name": "tag:Name", "Values": ["mistersmith-vpc"]}]
    )
    assert len(vpcs["Vpcs"]) == 1
    clusters = _client("rds", sandbox.url).describe_db_clusters()["DBClusters"]
    assert [cluster["DBClusterIdentifier"] for cluster in clusters] == ["mistersmith-aurora-cluster"]
    services = _client("ecs", sandbox.url).list_services(cluster="mistersmith-cluster")["serviceArns"]
    assert len(services) == 3
    zones = _client("route53", sandbox.url).list_hosted_zones()["HostedZones"]
    records = _client("route53", sandbox.url).list_resource_record_sets(HostedZoneId=zones[0]["Id"])[
        "ResourceRecordSets"
    ]
    assert {r["SetIdentifier"]: r["Weight"] for r in records if "SetIdentifier" in r} == {
        "legacy": 0,
        "aws": 100,
    }
    assert len(difference(before, inventory(sandbox.url))) > 100
    verified = cutover(
        "verify", "reference", "--category", "cutover", f"--sandbox={sandbox.url}", "--format", "json"
    )
    assert verified.json["counts"]["pass"] >= 10
    other = [each["id"] for each in verified.json["checks"] if each["verdict"] != "pass"]
    assert other == ["decommission-legacy.1", "decommission-legacy.2"]
    assert "traffic-10.1, traffic-25.1, traffic-50.1, freeze-writes.1" in verified.err

    back = cutover("rollback", "reference", "--all", "--yes", f"--sandbox={sandbox.url}", "--format", "json")
    assert back.code == 0, back.err[-3000:]
    stands = {
        key: o["state"]
        for key, o in back.json["operations"].items()
        if o["state"] not in ("rolled_back", "pending", "skipped")
    }
    assert stands == {}
    assert _client("ecs", sandbox.url).list_clusters()["clusterArns"] == []
    left = difference(before, inventory(sandbox.url))
    assert [each for each in left if not _declared(each)] == []
    assert len(left) == 7

    verified = cutover("journal", "verify", "--format", "json")
    assert verified.code == 0
    assert verified.json["ok"] is True
    _change_one_byte(cutover.journal)
    damaged = cutover("journal", "verify", "--format", "json")
    assert damaged.code == 5
    assert damaged.json["first_bad"] == 20


RETAINED = (
    r"kms/key/[0-9a-f-]+ PendingDeletion .*",
    r"rds/cluster-snapshot/mistersmith-(aurora-final|before-drop|synced)-\w+ available .*",
    r"dynamodb/backup/.*:table/(CoordinationState|MisterSmithStreams|mistersmith-discoveries)/backup/.* AVAILABLE .*",
)
"""What the plan says (`retains`) its inverses leave on purpose: safety copies, and a key that awaits its deletion."""


def _declared(left: Difference) -> bool:
    found = f"{left.resource} {left.after}"
    return left.change is Change.ADDED and any(re.fullmatch(pattern, found) for pattern in RETAINED)


def _change_one_byte(journal: Path) -> None:
    connection = sqlite3.connect(journal)
    connection.execute("DROP TRIGGER events_are_never_changed")
    (data,) = connection.execute("SELECT data FROM events WHERE seq = 20").fetchone()
    changed = (
        data.replace('"', "'", 1) if json.loads(data) == {} else data[:-2] + chr(ord(data[-2]) ^ 1) + data[-1]
    )
    connection.execute("UPDATE events SET data = ? WHERE seq = 20", (changed,))
    connection.commit()
    connection.close()
