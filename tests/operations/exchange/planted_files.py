"""Files with one kind of defect each, and files that only look as if they had one."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Case:
    """A file, the rule it breaks, words of the lines at which it does, and words that the finding has to say."""

    name: str
    rule: str
    file: str
    text: str
    at: tuple[str, ...]
    words: str = ""

    def lines(self) -> list[int]:
        """The line of each of the words in `at`, counted from 1."""
        lines = self.text.splitlines()
        return [next(n for n, line in enumerate(lines, start=1) if each in line) for each in self.at]


def _md(name: str, rule: str, text: str, *at: str, words: str = "") -> Case:
    return Case(name, rule, "tracker.md", text, at, words)


LAMBDA = "arn:aws:states:::lambda:invoke"
END: dict[str, Any] = {"Type": "Succeed"}
CATCH = [{"ErrorEquals": ["States.ALL"], "Next": "End"}]


def machine(states: dict[str, Any], **more: Any) -> str:
    """A definition that starts at its first state and has an `End`."""
    return json.dumps({"StartAt": next(iter(states)), **more, "States": {**states, "End": END}}, indent=1)


def task(resource: str = LAMBDA, next_state: str = "End", **more: Any) -> dict[str, Any]:
    return {"Type": "Task", "Resource": resource, "Next": next_state, "Catch": CATCH, **more}


def _asl(name: str, rule: str, text: str, *at: str, words: str = "") -> Case:
    return Case(name, rule, "machine.asl.json", text, at, words)


def runbook(*steps: str, parameters: str = "  Name: {type: String}\n") -> str:
    """An Automation document of flow-style steps, one a line."""
    lines = "".join(f"  - {step}\n" for step in steps)
    return f"schemaVersion: '0.3'\nparameters:\n{parameters}mainSteps:\n{lines}"


def dashboard(*rows: str) -> str:
    """A dashboard with one widget, each row on a line of its own."""
    lines = ",\n".join(rows)
    return f'{{"widgets": [{{"type": "metric", "properties": {{"metrics": [\n{lines}\n]}}}}]}}'


def alarm(**properties: Any) -> str:
    """A template with one alarm, each property on a line of its own."""
    whole = {
        "AlarmActions": ["topic"],
        "Namespace": "AWS/RDS",
        "MetricName": "CPUUtilization",
        "Statistic": "Average",
        "Period": 60,
        "EvaluationPeriods": 3,
        "Threshold": 80,
        "ComparisonOperator": "GreaterThanThreshold",
        **properties,
    }
    body = {"Type": "AWS::CloudWatch::Alarm", "Properties": {k: v for k, v in whole.items() if v is not None}}
    return json.dumps({"Resources": {"TheAlarm": body}}, indent=1)


_FILES = [
    Case(
        "broken-json", "file/unreadable", "a.json", '{"StartAt": "A",\n "States": {"A": ]}\n', ('"States"',)
    ),
    Case("tab-in-yaml", "file/unreadable", "a.yaml", "mainSteps:\n\t- a\n", ("- a",)),
    Case(
        "key-twice",
        "file/key-twice",
        "a.asl.json",
        '{"StartAt": "End", "States": {\n  "End": {"Type": "Succeed"},\n  "End": {"Type": "Succeed", "Comment": "2"}}}\n',
        ("Comment",),
    ),
    Case("python", "script/python-syntax", "a.py", "x = 1\ndef f(:\n    pass\n", ("def f(:",)),
]
_SHELL = [
    Case(
        "unclosed-if",
        "script/shell-syntax",
        "a.sh",
        "#!/bin/bash\nif true; then\n  echo a\necho b\n",
        ("echo b",),
    ),
    _md(
        "unclosed-in-a-block",
        "script/shell-syntax",
        "# T\n\n```bash\necho a\nfor i in 1 2; do echo; fi\n```\n",
        "fi",
        words="near",
    ),
    Case(
        "unknown-aws-command",
        "command/unknown-aws-command",
        "a.sh",
        "set -e\nx=$(aws ecs describe-servces --cluster a)\n",
        ("describe-servces",),
        "did you mean `aws ecs describe-services`?",
    ),
    Case(
        "unknown-waiter",
        "command/unknown-aws-command",
        "a.sh",
        "aws rds wait db-cluster-avail --x y\n",
        ("wait",),
    ),
    Case("unknown-s3", "command/unknown-aws-command", "a.sh", "aws s3 copy a s3://b\n", ("copy",)),
    Case(
        "no-such-service", "command/unknown-aws-command", "a.sh", "true && \\\n  aws ecss list-x\n", ("true",)
    ),
    Case(
        "rollback-that-destroys",
        "script/loses-data",
        "rollback-db.sh",
        "aws rds delete-db-cluster --db-cluster-identifier c \\\n  --skip-final-snapshot\n",
        ("delete-db-cluster",),
        "--skip-final-snapshot",
    ),
    _md(
        "rollback-block-that-destroys",
        "script/loses-data",
        "# T\n\n## Rollback\n```sh\naws s3 rb s3://a --force\n```\n",
        "s3 rb",
    ),
    Case("script-that-is-not-there", "script/no-such-file", "a.sh", "set -e\n./verify.sh all\n", ("verify",)),
    _md(
        "script-said-to-be-there",
        "script/no-such-file",
        "# T\n\n- Script (verify-all.sh) written\n",
        "verify-all",
    ),
    _md(
        "custom-metric-in-aws",
        "metric/aws-namespace",
        "# T\n\n```bash\naws cloudwatch put-metric-data --namespace AWS/Mine --metric-name a --value 1\n```\n",
        "AWS/Mine",
    ),
]
_LINKS = [
    _md("dangling", "link/dangling", "# T\n\nSee [the plan](plans/a.md).\n", "plans/a.md"),
    _md("nothing-opens-it", "link/unknown-scheme", "# T\n\n[Notes](memory://notes/a)\n", "memory"),
    _md("my-machine", "link/one-machine", "# T\n\n```\nls /Users/me/plan/\n```\n", "/Users/me"),
]
_TRACKERS = [
    _md(
        "no-such-day",
        "tracker/no-such-date",
        "# T\n\nDone on 2025-02-30.\n",
        "02-30",
        words="there is no 2025-02-30",
    ),
    _md(
        "ends-before-it-starts",
        "tracker/impossible-dates",
        "# T\n\n## Phase 1\n**Started**: 2025-03-02T10:00:00Z\n**Completed**: 2025-03-01T10:00:00Z\n",
        "Completed",
    ),
    _md(
        "after-the-last-update",
        "tracker/impossible-dates",
        "# T\n**Last Updated**: 2025-03-01T10:00:00Z\n\n## Phase 1\n**Completed**: 2025-03-01T11:00:00Z\n",
        "Completed",
        words="after the tracker's last update",
    ),
    _md(
        "in-the-future",
        "tracker/impossible-dates",
        "# T\n\n## Phase 1\n**Started**: 2025-03-02\n**Completed**: 2099-01-01\n",
        "Completed",
        words="in the future",
    ),
    _md(
        "before-the-one-before",
        "tracker/impossible-dates",
        "# T\n## Phase 1\n**Started**: 2025-07-01\n**Completed**: 2025-07-02\n"
        "## Phase 2\n**Started**: 2025-01-01\n**Completed**: 2025-01-02\n",
        "2025-01-02",
        words="phase 2 was completed 2025-01-02, before phase 1 was started 2025-07-01",
    ),
    _md(
        "complete-at-80",
        "tracker/status-percent",
        "# T\n\n## Phase 1\n**Status**: COMPLETE (80%)\n",
        "COMPLETE",
    ),
    _md("ticked-and-pending", "tracker/status-percent", "# T\n\n- ✅ 1.1 Network - PENDING\n", "1.1"),
    _md(
        "two-statuses",
        "tracker/status-percent",
        "# T\n\n## ✅ Phase 1\n**Status**: IN PROGRESS\n",
        "**Status**",
    ),
    _md("open-part", "tracker/parts", "# T\n\n## ✅ Phase 1\n- ✅ 1.1 a\n- [ ] 1.2 b\n", "1.2"),
    _md(
        "open-part-beneath",
        "tracker/parts",
        "# T\n\n## Phase 1\n**Status**: COMPLETE\n### 🔄 Network\ntext\n",
        "Network",
    ),
    _md(
        "next-actions-under-100-percent",
        "tracker/still-pending",
        "# T\n\n- Total Phases: 1\n- ✅ Completed: 1 (100%)\n\n## ✅ Phase 1\n\n## Next Actions\n1. ✅ a\n2. ⏳ b\n",
        "⏳ b",
        words="line 4 says 100 %",
    ),
    _md(
        "begin-what-is-complete",
        "tracker/still-pending",
        "# T\n## ✅ Phase 1\n## 🔄 Phase 2\n\n## Next Steps\n- ⏳ Begin Phase 1\n",
        "Begin",
        words="phase 1 is complete",
    ),
    _md(
        "wrong-total",
        "tracker/total",
        "# T\n\n- Total Phases: 3\n\n## ✅ Phase 1\n## ✅ Phase 2\n",
        "Total",
        words="2 stand in this file",
    ),
    _md(
        "wrong-number-complete",
        "tracker/total",
        "# T\n\n- Total Phases: 2\n- ✅ Completed: 2 (100%)\n\n## ✅ Phase 1\n## 🔄 Phase 2\n",
        "Completed",
        words="1 are, by their own status",
    ),
    _md(
        "wrong-sum",
        "tracker/total",
        "# T\n\n| step | minutes |\n|---|---|\n| a | 10 min |\n| b | 15 min |\n| **Total** | **30 min** |\n",
        "Total",
        words="`minutes` adds up to 25, the row of totals says 30",
    ),
    _md(
        "wrong-percentage",
        "tracker/percentage",
        "# T\n\n- 44% time reduction (88min→50min)\n",
        "44%",
        words="43.2 % less",
    ),
    _md("wrong-share", "tracker/percentage", "# T\n\n- Tests: 3/4 (80%)\n", "3/4", words="75 %"),
    _md(
        "wrong-count",
        "tracker/count",
        "# T\n\n- **Verification Commands**: 5 written\n\n## Verification Commands\n```bash\n# one\ntrue\n\nfalse\n```\n",
        "5 written",
        words="2 stand under the heading",
    ),
    _md(
        "found-here-and-there",
        "tracker/count",
        "# T\n- 25 risks identified with owners\n- 12 gaps found\n\n## Metrics\n- **Gaps Found**: 10+\n- **Risks Found**: 10+ major\n",
        "Risks Found",
        words="line 2 says `25 risks identified`",
    ),
    _md(
        "sum-over-the-phases",
        "tracker/count",
        "# T\n## Phase 1\n**Agents Deployed**: 2\n## Phase 2\n**Agents Deployed**: 3\n## Metrics\n- **Active Agents**: 6\n",
        "Active",
        words="adds up to 5",
    ),
    _md(
        "wrong-duration",
        "tracker/duration",
        "# T\n## Phase 1\n**Started**: 2025-01-01T10:00:00Z\n**Completed**: 2025-01-01T10:40:00Z\n**Duration**: 15 minutes\n",
        "Duration",
        words="it is 0:40:00",
    ),
    _md(
        "raci",
        "tracker/accountable",
        "# T\n\n| task | Ann | Bob |\n|---|---|---|\n| a | A | R |\n| b | R | C |\n| c | A | A/R |\n",
        "| b",
        "| c",
    ),
]
_STATES = [
    _asl(
        "next",
        "asl/unknown-state",
        machine({"A": task(next_state="Ende")}),
        '"Next": "Ende"',
        words="did you mean `End`?",
    ),
    _asl(
        "forgotten",
        "asl/unreachable",
        machine({"A": task(), "Lonely": task()}),
        '"Lonely"',
        words="nothing leads to the state `Lonely`",
    ),
    _asl(
        "no-way-on",
        "asl/dead-end",
        machine({"A": task(next_state="B"), "B": {"Type": "Pass"}}),
        '"B": {',
    ),
    _asl(
        "round-and-round",
        "asl/no-way-out",
        machine(
            {"A": {"Type": "Wait", "Seconds": 1, "Next": "B"}, "B": {"Type": "Pass", "Next": "A"}}
        ).replace(',\n  "End": {\n   "Type": "Succeed"\n  }', ""),
        '"A": {',
    ),
    _asl(
        "no-default",
        "asl/no-default",
        machine(
            {"A": {"Type": "Choice", "Choices": [{"Variable": "$.a", "StringEquals": "b", "Next": "End"}]}}
        ),
        '"A": {',
    ),
    _asl(
        "catch-all-first",
        "asl/catch-all-not-last",
        machine({"A": task(Catch=[*CATCH, {"ErrorEquals": ["States.Timeout"], "Next": "End"}])}),
        '"ErrorEquals": [',
    ),
    _asl(
        "no-catch",
        "asl/no-catch",
        machine({"A": task(Catch=[])}),
        '"A": {',
        words="1 of 1 tasks have no Catch: `A`",
    ),
    _asl("mixed", "asl/mixed-languages", machine({"A": task(Arguments={"a": 1})}), '"Arguments"'),
    _asl(
        "no-such-action",
        "asl/wrong-integration",
        machine({"A": task("arn:aws:states:::sqs:sendMesage")}),
        "Resource",
    ),
    _asl(
        "message-with-sync",
        "asl/wrong-integration",
        machine({"A": task("arn:aws:states:::sns:publish.sync", TimeoutSeconds=9)}),
        "Resource",
    ),
    _asl(
        "token-nobody-gets",
        "asl/wrong-integration",
        machine({"A": task(f"{LAMBDA}.waitForTaskToken", TimeoutSeconds=9)}),
        "Resource",
        words="hands to nobody",
    ),
    _asl(
        "no-such-sdk-call",
        "asl/wrong-integration",
        machine({"A": task("arn:aws:states:::aws-sdk:rds:describeDBCluster")}),
        "Resource",
        words="did you mean `describeDBClusters`?",
    ),
    _asl(
        "waits-for-ever",
        "asl/no-timeout",
        machine({"A": task("arn:aws:states:::ecs:runTask.sync")}),
        '"A": {',
        words="waits for the end of ecs:runTask",
    ),
    _asl(
        "input-thrown-away",
        "asl/lost-input",
        machine({"A": task(next_state="B"), "B": task(Parameters={"Payload": {"id.$": "$.orderId"}})}),
        "$.orderId",
        words="`B` reads $.orderId; the output of `A` has",
    ),
    _asl(
        "list-behind-a-parallel",
        "asl/lost-input",
        machine(
            {
                "A": {
                    "Type": "Parallel",
                    "Branches": [{"StartAt": "X", "States": {"X": {"Type": "Pass", "End": True}}}],
                    "Next": "B",
                },
                "B": {
                    "Type": "Choice",
                    "Choices": [{"Variable": "$.ok", "BooleanEquals": True, "Next": "End"}],
                    "Default": "End",
                },
            }
        ),
        '"Variable"',
        words="is a list",
    ),
]
_RUNBOOKS = [
    Case(
        name,
        rule,
        "runbook.yaml",
        runbook(*steps),
        (at,),
        words,
    )
    for name, rule, steps, at, words in (
        (
            "action",
            "ssm/unknown-action",
            ["{name: A, action: 'aws:slep', inputs: {Duration: PT1M}}"],
            "slep",
            "`aws:sleep`",
        ),
        (
            "step",
            "ssm/unknown-step",
            [
                "{name: A, action: 'aws:sleep', onFailure: 'step:Bck', inputs: {Duration: PT1M}}",
                "{name: Back, action: 'aws:sleep'}",
            ],
            "Bck",
            "did you mean `Back`?",
        ),
        (
            "behind-the-end",
            "ssm/unreachable",
            ["{name: A, action: 'aws:sleep', isEnd: true}", "{name: B, action: 'aws:sleep'}"],
            "name: B",
            "",
        ),
        (
            "reference",
            "ssm/unknown-reference",
            ["{name: A, action: 'aws:sleep', inputs: {Duration: '{{ Nam }}'}}"],
            "Nam }",
            "`Name`",
        ),
        (
            "call",
            "ssm/unknown-call",
            ["{name: A, action: 'aws:executeAwsApi', inputs: {Service: rds, Api: DescribeDBCluster}}"],
            "DescribeDBCluster",
            "",
        ),
    )
]
_MONITORING = [
    Case(
        "metric",
        "metric/unknown",
        "d.json",
        dashboard('["AWS/SQS", "QueueDepth", "QueueName", "q"]'),
        ("QueueDepth",),
    ),
    Case(
        "dots",
        "metric/unknown-dimensions",
        "d.json",
        dashboard(
            '["AWS/SQS", "NumberOfMessagesSent", "QueueName", "q"]',
            '[".", "NumberOfMessagesSent", "Queue", "."]',
        ),
        ('"Queue"',),
    ),
    Case(
        "row",
        "dashboard/bad-row",
        "d.json",
        dashboard('["AWS/SQS", "NumberOfMessagesSent", "QueueName"]'),
        ("AWS/SQS",),
    ),
    Case("bounds", "alarm/cannot-fire", "t.json", alarm(Threshold=100), ('"Threshold"',)),
    Case("unheard", "alarm/tells-nobody", "t.json", alarm(AlarmActions=None), ('"Properties"',)),
]
CASES = (*_FILES, *_SHELL, *_LINKS, *_TRACKERS, *_STATES, *_RUNBOOKS, *_MONITORING)

SOUND = {
    "tracker.md": "# Tracker\n**Generated**: 2025-01-01T09:00:00Z\n**Last Updated**: 2025-02-01T09:00:00Z\n\n- Total Phases: 2\n"
    "- ✅ Completed: 1 (50%)\n- 🔄 In Progress: 1 (50%)\n\n## ✅ Phase 1: A\n**Status**: COMPLETE (100%)\n"
    "**Started**: 2025-01-01T09:00:00Z\n**Completed**: 2025-01-01T09:15:00Z\n**Duration**: 15 min\n- ✅ 1.1 a - COMPLETE\n  - 60+ things\n"
    "\n## 🔄 Phase 2: B\n**Status**: IN PROGRESS (40%)\n- ✅ 2.1 a\n- ⏳ 2.2 b\n\n## Next Actions\n- ⏳ Finish Phase 2\n- not marked\n\n"
    "[this](tracker.md) [web](https://example.com) [part](#next-actions) `[no](link)`\n\n"
    "| step | minutes |\n|---|---|\n| a | 1.5 |\n| b | 2 |\n| Total | 3.5 |\n\n50% faster (100 s → 50 s), 3 of 4 (75%), version 1.2.3\n"
    "\n## Tests\n**Status**: COMPLETE, 80% of the lines are covered; see upstream.sh\n",
    "session.md": "# Session\n```bash\n$ aws ecs frobnicate (\nerror: no such thing\n```\n```bash\naws s3 cp <file> s3://<bucket>/\n"
    "cat <<'EOF'\naws nothing here\nEOF\necho aws nothing at all\n```\n```json\n{ not json\n```\n",
    "good.sh": "#!/bin/bash\nset -euo pipefail\n# aws old comment\nfor x in a b; do\n  aws ec2 describe-vpcs --query 'Vpcs[?a==`b`]' |\n    jq .\ndone\n"
    "aws ecr get-login-password | docker login\naws --region us-east-1 rds wait db-cluster-available --db-cluster-identifier c\n"
    'aws "$service" whatever\naws configure set region x\n./other.sh\n',
    "other.sh": "#!/bin/sh\naws rds delete-db-cluster --skip-final-snapshot\n",
    "good.py": "import os\nprint(os.sep)\n",
    "good.asl.json": machine(
        {
            "A": task(ResultPath="$.a", next_state="B"),
            "B": task(
                f"{LAMBDA}.waitForTaskToken",
                Parameters={"t.$": "$$.Task.Token", "o.$": "$.order"},
                TimeoutSeconds=9,
                next_state="C",
            ),
            "C": {
                "Type": "Choice",
                "Choices": [
                    {"Variable": "$.x", "IsPresent": True, "Next": "End"},
                    {"Variable": "$.y", "StringEquals": "", "Next": "D"},
                ],
                "Default": "End",
            },
            "D": {"Type": "Wait", "Seconds": 5, "Next": "C"},
        }
    ),
    "comments.json5": '// a machine\n{"StartAt": "A", /* here */ "States": {"A": {"Type": "Wait", "Seconds": ${Wait}, "End": true,},},}\n',
    "runbook.yaml": runbook(
        "{name: A, action: 'aws:branch', inputs: {Choices: [{NextStep: C, Variable: '{{ Name }}', StringEquals: a}], Default: B}}",
        "{name: B, action: 'aws:executeAwsApi', isEnd: true, inputs: {Service: rds, Api: DescribeDBClusters, F: '{{ global:DATE }}'}}",
        "{name: C, action: 'aws:sleep', onFailure: 'step:B', inputs: {Duration: 'PT{{A.Out}}M', Role: '{{automation:EXECUTION_ID}}'}}",
    ),
    "good-dashboard.json": dashboard(
        '["AWS/SQS", "NumberOfMessagesSent", "QueueName", "q", {"stat": "Sum"}]',
        '["...", "r"]',
        '[".", "NumberOfMessagesReceived", ".", "."]',
        '[{"expression": "SUM(METRICS())"}]',
        '["My/Own", "Anything", "a", "b"]',
    ),
    "good-alarm.json": alarm(
        Threshold="${Threshold}", Dimensions=[{"Name": "DBInstanceIdentifier", "Value": {"Ref": "Db"}}]
    ),
    "tagged.yaml": "Resources:\n  A:\n    Type: AWS::SNS::Topic\n    Properties: {TopicName: !Sub '${AWS::StackName}-a', Key: !GetAtt B.Arn}\n",
    "rendered.json.tpl": '{"widgets": [%{ for x in y }]}\n',
}
"""Files in which there is nothing to find, all in one folder."""
