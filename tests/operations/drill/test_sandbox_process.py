"""The sandbox as a process: ready in time, alone on its port, gone when it should be, and silent about credentials."""

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from sandbox_clients import Aws

from operations.drill.embedded import Sandbox, _environment
from operations.drill.errors import SandboxError

ROOT = Path(__file__).resolve().parents[3]
SERVER = [sys.executable, "-m", "operations.drill.server"]


def _answers(endpoint: str) -> bool:
    try:
        with urllib.request.urlopen(f"{endpoint}/moto-api/", timeout=2):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def test_start_does_not_block_and_the_endpoint_waits_until_it_answers() -> None:
    with Sandbox.start(None) as sandbox:
        assert not sandbox.ready()
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+", sandbox.endpoint)
        assert sandbox.ready()
        assert _answers(sandbox.endpoint)
        endpoint = sandbox.endpoint
    assert not _answers(endpoint)


def test_a_taken_port_is_one_line_and_exit_code_2() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = subprocess.run(
            [*SERVER, "--port", str(port)], cwd=ROOT, capture_output=True, text=True, timeout=20, check=False
        )
        assert done.returncode == 2
        assert done.stdout == ""
        assert done.stderr.count("\n") == 1
        assert f"port {port}" in done.stderr
        with Sandbox.start(None, port=port) as sandbox, pytest.raises(SandboxError, match=f"port {port}"):
            _ = sandbox.endpoint


def test_an_unreadable_plan_is_one_line_and_exit_code_2(tmp_path: Path) -> None:
    plan = tmp_path / "plan.yaml"
    plan.write_text("metrics: [", encoding="utf-8")
    done = subprocess.run(
        [*SERVER, "--plan", str(plan)], cwd=ROOT, capture_output=True, text=True, timeout=20, check=False
    )
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert str(plan) in done.stderr


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_it_prints_its_endpoint_and_ends_on_a_signal(how: signal.Signals) -> None:
    process = subprocess.Popen(SERVER, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline().startswith("http://127.0.0.1:")
    process.send_signal(how)
    assert process.wait(30) == 0
    assert process.communicate()[1] == ""


def test_it_ends_with_its_parent(eventually: Callable[..., Any]) -> None:
    script = (
        "import sys, os; from operations.drill.embedded import Sandbox; s = Sandbox.start(None);"
        "print(s.pid, s.endpoint, flush=True); os._exit(0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=30, check=False
    )
    endpoint = done.stdout.split()[1]
    assert eventually(lambda: not _answers(endpoint))


def test_a_stopped_sandbox_says_so() -> None:
    sandbox = Sandbox.start(None)
    sandbox.stop()
    sandbox.stop()
    with pytest.raises(SandboxError, match="stopped"):
        _ = sandbox.endpoint


def test_the_child_gets_no_credentials_of_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "production")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "real")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAREAL")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy")
    child = _environment()
    assert "AWS_PROFILE" not in child
    assert "AWS_SESSION_TOKEN" not in child
    assert "HTTPS_PROXY" not in child
    assert child["AWS_ACCESS_KEY_ID"] == "sandbox"
    assert child["AWS_SHARED_CREDENTIALS_FILE"] == os.devnull


@pytest.mark.parametrize(
    ("service", "method", "params"),
    [
        ("ssm", "start_automation_execution", {"DocumentName": "x"}),
        ("iam", "simulate_custom_policy", {"PolicyInputList": ["{}"], "ActionNames": ["s3:GetObject"]}),
        ("ec2", "start_network_insights_analysis", {"NetworkInsightsPathId": "nip-1", "ClientToken": "t"}),
        ("synthetics", "list_groups", {}),
        ("cloudwatch", "describe_alarm_history", {}),
        ("health", "describe_events", {}),
        ("cloudcontrol", "list_resources", {"TypeName": "AWS::S3::Bucket"}),
        ("route53", "list_traffic_policies", {}),
    ],
)
def test_what_is_missing_answers_400_so_that_nothing_retries_it(
    aws: Aws, service: str, method: str, params: dict[str, Any]
) -> None:
    with pytest.raises(ClientError) as caught:
        getattr(aws(service), method)(**params)
    assert caught.value.response["Error"]["Code"] == "SandboxNotImplemented"
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400


def test_the_estate_before_the_migration_is_there(aws: Aws) -> None:
    assert aws("iam").list_account_aliases()["AccountAliases"] == ["mistersmith-prod"]
    assert [vault["BackupVaultName"] for vault in aws("backup").list_backup_vaults()["BackupVaultList"]] == [
        "Default"
    ]
    policy = "arn:aws:iam::aws:policy/service-role/AmazonDMSVPCManagementRole"
    assert aws("iam").get_policy(PolicyArn=policy)["Policy"]["Arn"] == policy
    assert aws("sts").get_caller_identity()["Account"] == "123456789012"
    assert any(bucket["Name"].startswith("payments-") for bucket in aws("s3").list_buckets()["Buckets"])
    assert aws("ssm").get_parameter(Name="/payments/production/ledger/endpoint")["Parameter"]["Value"]
    assert (
        aws("logs").describe_log_groups(logGroupNamePrefix="/payments")["logGroups"][0]["retentionInDays"]
        == 90
    )
    assert (
        aws("dynamodb").describe_table(TableName="payments-settlements")["Table"]["TableStatus"] == "ACTIVE"
    )
    assert len(aws("sqs").list_queues(QueueNamePrefix="payments-")["QueueUrls"]) == 1


def test_a_process_whose_parent_was_gone_before_it_looked_ends_all_the_same() -> None:
    script = "import threading; from operations.drill.orphans import end_with; end_with(0); threading.Event().wait()"
    assert subprocess.run([sys.executable, "-c", script], timeout=30, check=False).returncode == 0
