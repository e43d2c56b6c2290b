"""Plans with one kind of defect each, whose lines end in `#!`: time, claims, resources, the way back, registers, metrics."""

from __future__ import annotations

import textwrap

from tests.operations.plan.planted import Case
from tests.operations.plan.samples import HEAD, VPC, plan_text


def _operation(forward: str, inverse: str, more: str = "", name: str = "thing", verify: str = "") -> str:
    """An operation of one-line steps, one a line."""

    def steps(text: str) -> str:
        return "".join(
            f"    - {line}\n" if line.startswith("{") else f"{line}\n" for line in text.strip().splitlines()
        )

    seen = verify or "{api: 'sts:GetCallerIdentity'}"
    return (
        f"- id: {name}\n  title: Thing\n  kind: compute\n  forward:\n{steps(forward)}  inverse:\n{steps(inverse)}"
        f"  verify:\n{steps(seen)}{textwrap.indent(textwrap.dedent(more), '  ')}"
    )


def _verified(condition: str) -> str:
    return VPC.replace("\"Vpcs[0].State == 'available'\"}", f'"{condition}"}}  #!')


_ROLE = "{api: 'iam:CreateRole', params: {RoleName: r, AssumeRolePolicyDocument: '{}'}}"
_POLICY = "{api: 'iam:PutRolePolicy', params: {RoleName: r, PolicyName: p, PolicyDocument: '{}'}}"
_NO_ROLE = "{api: 'iam:DeleteRole', params: {RoleName: r}}"
_NO_POLICY = "{api: 'iam:DeleteRolePolicy', params: {RoleName: r, PolicyName: p}}"
_GROUPS = """
{api: 'ec2:CreateSecurityGroup', params: {GroupName: a, Description: a}, save: {a: GroupId}}
{api: 'ec2:CreateSecurityGroup', params: {GroupName: b, Description: b}, save: {b: GroupId}}
{api: 'ec2:AuthorizeSecurityGroupIngress', params: {GroupId: '${a}', IpPermissions: [{IpProtocol: '-1', UserIdGroupPairs: [{GroupId: '${b}'}]}]}}
{api: 'ec2:AuthorizeSecurityGroupIngress', params: {GroupId: '${b}', IpPermissions: [{IpProtocol: '-1', UserIdGroupPairs: [{GroupId: '${a}'}]}]}}
"""
_DELETE_B = "{api: 'ec2:DeleteSecurityGroup', params: {GroupId: '${b}'}}"
_DELETE_A = "{api: 'ec2:DeleteSecurityGroup', params: {GroupId: '${a}'}}"
_QUEUE = "{api: 'sqs:CreateQueue', params: {QueueName: app-tasks}, save: {url: QueueUrl}}"
_NO_QUEUE = "{api: 'sqs:DeleteQueue', params: {QueueUrl: '${url}'}}"
_ALARM_HEAD = "AlarmName: a, EvaluationPeriods: 3, ComparisonOperator: GreaterThanThreshold"
_CPU = "Namespace: AWS/RDS, MetricName: CPUUtilization, Statistic: Average, Period: 60"


def _alarm(rest: str, head: str = _ALARM_HEAD) -> str:
    make = f"{{api: 'cloudwatch:PutMetricAlarm', params: {{{head}, {rest}}}}}  #!"
    return plan_text(_operation(make, "{api: 'cloudwatch:DeleteAlarms', params: {AlarmNames: [a]}}"))


def _metric(rest: str) -> str:
    return plan_text(registers=f"metrics:\n  - {{id: m, title: M, {rest}}}  #!\n")


def _window(rest: str) -> str:
    return plan_text(registers=f"windows:\n  - {{id: w, title: W, {rest}}}  #!\n")


_GATE = "gate:\n  - id: go\n    thresholds: {a: 90}\n"
_CRITERION = "  - {{id: T{}, title: T, category: a, check: {{api: 'sts:GetCallerIdentity'}}}}\n"
_CRITERIA = "criteria:\n" + "".join(_CRITERION.format(number) for number in range(5))


_TIME = [
    Case("no-such-hour", "window/no-such-time", _window("opens: '25:00', closes: '04:00'"), "no time of day"),
    Case("never-open", "window/no-such-time", _window("opens: '04:00', closes: '04:00'"), "when it opens"),
    Case(
        "no-such-day",
        "window/no-such-time",
        _window("opens: '01:00', closes: '04:00', days: [mondays]"),
        "there is no day `mondays`",
    ),
    Case(
        "longer-than-its-window",
        "window/too-short",
        plan_text(
            VPC + "  estimate: 90  #!\n",
            "windows:\n  - {id: w, title: W, opens: '23:30', closes: '00:30', allows: [infrastructure]}\n",
        ),
        "`vpc` takes 90 minutes; no window for infrastructure is longer than 60",
    ),
    Case(
        "bake-that-looks-once",
        "plan/bake-looks-once",
        plan_text(VPC + "  bake: {minutes: 1, every_seconds: 120}  #!\n"),
        "bakes 1 minutes and looks every 120",
    ),
    Case(
        "bake-longer-than-the-estimate",
        "plan/bake-looks-once",
        plan_text(VPC + "  estimate: 5\n  bake: {minutes: 10}  #!\n"),
        "estimated at 5 minutes, of which it bakes 10",
    ),
    Case(
        "gives-up-at-once",
        "plan/polls-once",
        plan_text(
            VPC.replace(
                "  inverse:\n",
                "    - {api: 'ec2:DescribeVpcs', until: \"Vpcs[0].State == 'available'\", every_seconds: 60, timeout_seconds: 30}  #!\n"
                "  inverse:\n",
            )
        ),
        "every 60 seconds and gives up after 30",
    ),
]
_GROUP = "groups:\n  - {id: G, title: G, %s}  #!\n"
_GROUPED = "".join(
    f"- {{id: {name}, title: T, kind: compute, group: G, estimate: {minutes}, depends_on: [{needs}], forward: [{{manual: do}}], "
    "inverse: [{manual: undo}], verify: [{api: 'sts:GetCallerIdentity'}]}\n"
    for name, minutes, needs in (("a", 10, ""), ("b", 20, "a"), ("c", 5, ""))
)
_DURATIONS = [
    Case(
        "sum-that-is-none",
        "plan/planned-minutes",
        plan_text(_GROUPED, _GROUP % "sequential: 30"),
        "30 minutes one by one; its operations add up to 35",
    ),
    Case(
        "faster-than-its-chain",
        "plan/planned-minutes",
        plan_text(_GROUPED, _GROUP % "planned: 25, sequential: 35"),
        "planned at 25 minutes; its longest chain takes 30",
    ),
    Case(
        "group-of-nobody",
        "plan/unknown-group",
        plan_text(VPC + "  group: G1  #!\n", "groups:\n  - {id: G2, title: G}\n"),
        "there is no group `G1`",
    ),
]
_LOGIC = [
    Case("negative-length", "plan/never-holds", plan_text(_verified("length(Vpcs) < `0`")), "can never hold"),
    Case("half-a-thing", "plan/never-holds", plan_text(_verified("length(Vpcs) == `1.5`"))),
    Case(
        "two-things-at-once",
        "plan/never-holds",
        plan_text(_verified("Vpcs[0].State == 'available' && Vpcs[0].State == 'pending'")),
    ),
    Case("any-length", "plan/always-holds", plan_text(_verified("length(Vpcs) >= `0`")), "always holds"),
    Case("constant", "plan/always-holds", plan_text(_verified("`true`"))),
]
_CLAIMS = [
    Case(
        "complete-at-ninety",
        "claim/percent",
        plan_text().replace(
            "    title: Only\n", "    title: Only\n        claim: {status: complete, percent: 90}  #!\n"
        ),
        "sub-phase 1.1 is claimed complete at 90 %",
    ),
    Case(
        "complete-over-a-part-that-is-not",
        "claim/parts",
        plan_text()
        .replace("    title: One\n", "    title: One\n    claim: {status: complete, percent: 100}  #!\n")
        .replace("    title: Only\n", "    title: Only\n        claim: {status: blocked, percent: 40}\n"),
        "phase 1 is claimed complete, while 1.1 is not complete",
    ),
    Case(
        "resolved-half-way",
        "register/progress",
        plan_text(
            registers="constraints:\n  - {id: C, title: C, category: c, severity: low, status: resolved, progress: 40}  #!\n"
        ),
        "resolved at 40 %",
    ),
    Case(
        "week-nought",
        "register/progress",
        plan_text(
            registers="constraints:\n  - {id: C, title: C, category: c, severity: low, weeks: [0, 2]}  #!\n"
        ),
        "week 0",
    ),
]
_COMMANDS = [
    Case(
        "aws-command",
        "command/unknown-aws-command",
        plan_text(
            VPC.replace(
                "  inverse:\n", "    - {command: [aws, ecs, update-servcie, --force]}  #!\n  inverse:\n"
            )
        ),
        "did you mean `aws ecs update-service`?",
    ),
    Case(
        "script",
        "command/no-such-script",
        plan_text(VPC.replace("  inverse:\n", "    - {command: [./rollback.sh]}  #!\n  inverse:\n")),
        "there is no `./rollback.sh` beside the plan",
    ),
]
_RESOURCES = [
    Case(
        "own-dead-letter-queue",
        "resource/refers-to-itself",
        plan_text(
            _operation(
                "{api: 'sqs:CreateQueue', params: {QueueName: q, Attributes: {RedrivePolicy: "
                "{$json: {deadLetterTargetArn: 'arn:aws:sqs:us-east-1:123456789012:q'}}}}, save: {url: QueueUrl}}  #!",
                _NO_QUEUE,
                "loses: messages that wait\n",
            )
        ),
    ),
    Case(
        "peered-with-itself",
        "resource/refers-to-itself",
        plan_text(
            VPC
            + _operation(
                "{api: 'ec2:CreateVpcPeeringConnection', params: {VpcId: '${vpc.vpc_id}', PeerVpcId: '${vpc.vpc_id}'}, "
                "save: {id: VpcPeeringConnection.VpcPeeringConnectionId}}  #!",
                "{api: 'ec2:DeleteVpcPeeringConnection', params: {VpcPeeringConnectionId: '${id}'}}",
                "depends_on: [vpc]\n",
            )
        ),
    ),
    Case(
        "called-otherwise",
        "resource/two-names",
        plan_text(
            _operation(
                _QUEUE,
                _NO_QUEUE,
                "loses: messages that wait\n",
                verify="{api: 'sqs:GetQueueUrl', params: {QueueName: app_tasks}}  #!",
            )
        ),
        "`app_tasks` is called `app-tasks` where it is made",
    ),
    Case(
        "called-otherwise-in-a-metric",
        "resource/two-names",
        plan_text(
            _operation(_QUEUE, _NO_QUEUE, "loses: messages that wait\n"),
            "metrics:\n  - {id: m, title: M, namespace: AWS/SQS, name: NumberOfMessagesSent, dimensions: {QueueName: app-task}, "
            "threshold: {op: '<', value: 9}}  #!\n",
        ),
    ),
]
_WAY_BACK = [
    Case(
        "not-reversed",
        "way-back/not-reversed",
        plan_text(_operation(f"{_ROLE}\n{_POLICY}", f"{_NO_ROLE}  #!\n{_NO_POLICY}")),
        "iam:DeleteRole stands before iam:DeleteRolePolicy",
    ),
    Case(
        "left-behind",
        "way-back/leaves-behind",
        plan_text(
            _operation(
                "{api: 'sns:CreateTopic', params: {Name: a}, save: {a: TopicArn}}\n"
                "{api: 'sns:CreateTopic', params: {Name: b}, save: {b: TopicArn}}  #!",
                "{api: 'sns:DeleteTopic', params: {TopicArn: '${a}'}}",
            )
        ),
        "leaves what sns:CreateTopic makes",
    ),
    Case(
        "no-final-snapshot",
        "way-back/loses-data",
        plan_text(
            _operation(
                "{api: 'rds:CreateDBCluster', params: {DBClusterIdentifier: c, Engine: aurora-postgresql}}",
                "{api: 'rds:DeleteDBCluster', params: {DBClusterIdentifier: c, SkipFinalSnapshot: true}}  #!",
            )
        ),
        "rds:DeleteDBCluster has SkipFinalSnapshot: true",
    ),
    Case(
        "force-delete-in-a-command",
        "way-back/loses-data",
        plan_text(
            _operation(
                "{manual: do}",
                "{command: [aws, secretsmanager, delete-secret, --secret-id, s, --force-delete-without-recovery]}  #!",
            )
        ),
    ),
    Case(
        "groups-in-a-circle",
        "way-back/group-still-referenced",
        plan_text(_operation(_GROUPS, f"{_DELETE_B}  #!\n{_DELETE_A}")),
        "${thing.b} goes while a rule of ${thing.a} still refers to it",
    ),
]
_PEOPLE = [
    Case(
        "two-accountable",
        "raci/several-accountable",
        plan_text(
            registers="raci:\n  - {task: A, operations: [vpc], responsible: [lead], accountable: lead}\n"
            "  - {task: B, operations: [vpc], responsible: [lead], accountable: boss}  #!\n",
            head=HEAD + "  - {id: boss, title: Boss}\n",
        ),
        "both lead and boss",
    ),
    Case(
        "nobody-accountable",
        "raci/nobody-accountable",
        plan_text(
            VPC.replace("id: vpc", "id: vpc  #!"),
            "raci:\n  - {task: A, responsible: [lead], accountable: lead}\n",
        ),
        "nobody is accountable for `vpc`",
    ),
    Case(
        "nobody-responsible",
        "raci/nobody-responsible",
        plan_text(registers="raci:\n  - {task: A, operations: [vpc], accountable: lead}  #!\n"),
    ),
    Case(
        "done-by-somebody-else",
        "raci/role-without-part",
        plan_text(
            VPC + "  role: boss  #!\n",
            "raci:\n  - {task: A, operations: [vpc], responsible: [lead], accountable: lead}\n",
            HEAD + "  - {id: boss, title: Boss}\n",
        ),
    ),
    Case(
        "own-backup",
        "register/own-backup",
        plan_text(head=HEAD + "  - {id: boss, title: Boss, backup: boss}  #!\n"),
    ),
]
_GATES = [
    Case(
        "threshold-on-nothing",
        "gate/unknown-category",
        plan_text(registers=_CRITERIA + _GATE.replace("{a: 90}", "{a: 90, aa: 95}  #!")),
        "did you mean `a`?",
    ),
    Case(
        "criteria-nobody-judges",
        "gate/unjudged-category",
        plan_text(
            registers=_CRITERIA
            + _CRITERION.format(9).replace("category: a", "category: b").replace("\n", "  #!\n")
            + _GATE
        ),
        "no gate has a threshold for `b`",
    ),
    Case(
        "band-upside-down",
        "gate/empty-band",
        plan_text(registers=_CRITERIA + _GATE + "    conditional: {category: a, from: 90, to: 85}  #!\n"),
        "at least 90 and below 85",
    ),
    Case(
        "band-that-never-comes-out",
        "gate/unreachable-band",
        plan_text(registers=_CRITERIA + _GATE + "    conditional: {category: a, from: 85, to: 90}  #!\n"),
        "the nearest are 80 and 100",
    ),
]
_METRICS = [
    Case(
        "metric-nobody-publishes",
        "metric/unknown",
        _metric(
            "namespace: AWS/SQS, name: QueueDepth, dimensions: {QueueName: q}, threshold: {op: '<', value: 9}"
        ),
        "AWS/SQS has no metric `QueueDepth`",
    ),
    Case(
        "metric-of-an-alarm-nobody-publishes",
        "metric/unknown",
        _alarm(
            "Namespace: AWS/RDS, MetricName: CpuUtilization, Statistic: Average, Period: 60, Threshold: 80, AlarmActions: [x]"
        ),
        "did you mean `CPUUtilization`?",
    ),
    Case(
        "metric-of-a-dashboard-nobody-publishes",
        "metric/unknown",
        plan_text(
            _operation(
                "{api: 'cloudwatch:PutDashboard', params: {DashboardName: d, DashboardBody: {$json: {widgets: [{properties: {metrics: [\n"
                "        [AWS/SQS, NumberOfMessagesSent, QueueName, q],\n        [., QueueDepth, ., .]  #!\n      ]}}]}}}}",
                "{api: 'cloudwatch:DeleteDashboards', params: {DashboardNames: [d]}}",
            )
        ),
    ),
    Case(
        "dimensions-of-another",
        "metric/unknown-dimensions",
        _metric(
            "namespace: AWS/SQS, name: NumberOfMessagesSent, dimensions: {Queue: q}, threshold: {op: '<', value: 9}"
        ),
        "it is with: QueueName",
    ),
    Case(
        "custom-metric-in-aws",
        "metric/aws-namespace",
        plan_text(
            _operation(
                "{api: 'cloudwatch:PutMetricData', params: {Namespace: AWS/MisterSmith, MetricData: [{MetricName: m}]}}  #!",
                "{manual: undo}",
            )
        ),
    ),
    Case(
        "threshold-nothing-reaches",
        "metric/threshold-out-of-reach",
        _metric("namespace: AWS/RDS, name: CPUUtilization, threshold: {op: '<=', value: 120}"),
        "always `<= 120`, so it never warns",
    ),
    Case(
        "unit-of-another",
        "metric/threshold-out-of-reach",
        _metric(
            "namespace: AWS/SQS, name: ApproximateAgeOfOldestMessage, dimensions: {QueueName: q}, unit: Count, "
            "threshold: {op: '<', value: 9}"
        ),
        "published in Seconds",
    ),
    Case(
        "alarm-beyond-all-bounds",
        "alarm/cannot-fire",
        _alarm(f"{_CPU}, Threshold: 100, AlarmActions: [x]"),
        "never exceeds 100",
    ),
    Case(
        "alarm-that-wants-too-many",
        "alarm/cannot-fire",
        _alarm(f"{_CPU}, Threshold: 80, DatapointsToAlarm: 5, AlarmActions: [x]"),
        "wants 5 bad periods of 3",
    ),
    Case(
        "alarm-that-looks-back-too-far",
        "alarm/cannot-fire",
        _alarm(
            f"{_CPU.replace('Period: 60', 'Period: 1800')}, EvaluationPeriods: 96, Threshold: 80, AlarmActions: [x]",
            "AlarmName: a, ComparisonOperator: GreaterThanThreshold",
        ),
        "longer than CloudWatch looks back",
    ),
    Case("alarm-nobody-hears", "alarm/tells-nobody", _alarm(f"{_CPU}, Threshold: 80"), "no AlarmActions"),
]
_SUPPRESSIONS = [
    Case(
        "no-such-rule",
        "suppress/unknown-rule",
        plan_text(registers="suppress:\n  - {rule: plan/cycel, reason: R, until: 2026-12-31}  #!\n"),
        "did you mean `plan/cycle`?",
    ),
    Case(
        "ran-out",
        "suppress/expired",
        plan_text(registers="suppress:\n  - {rule: plan/cycle, reason: R, until: 2026-05-31}  #!\n"),
        "ran out on 2026-05-31",
    ),
    Case(
        "hides-nothing",
        "suppress/unused",
        plan_text(
            registers="suppress:\n  - {rule: plan/cycle, where: vpc, reason: R, until: 2026-06-01}  #!\n"
        ),
        "plan/cycle finds nothing at `vpc`",
    ),
]
_SHAPES = [
    Case(
        name,
        "api/bad-parameter",
        plan_text(
            VPC.replace("  inverse:\n", f"    - {{api: '{api}', params: {{{params}}}}}  #!\n  inverse:\n")
        ),
        words,
    )
    for name, api, params, words in (
        ("enum", "ec2:DescribeVpcAttribute", "VpcId: '${vpc_id}', Attribute: enableDns", "enableDnsSupport"),
        ("too-long", "iam:GetRole", f"RoleName: {'r' * 65}", "64"),
        ("pattern", "iam:GetRole", "RoleName: 'a role'", "does not match"),
    )
]
_MADE = (
    "- {id: q, title: Q, kind: messaging, loses: what waits, forward: [{api: 'sqs:CreateQueue', params: {QueueName: app-tasks}, save: {url: QueueUrl}}], "
    "inverse: [{api: 'sqs:DeleteQueue', params: {QueueUrl: '${url}'}}], "
    "verify: [{api: 'sqs:GetQueueUrl', params: {QueueName: app-tasks}}]}\n"
)
_ROUTE = (
    "  - {id: %s, subject: '%s', target: queue, name: app-tasks, samples: [{subject: %s, name: app-tasks}]}"
)
_REGISTERS = [
    Case(
        "alarm-on-no-metric",
        "register/dangling",
        plan_text(
            registers="alarms:\n  - {id: a, title: A, metric: cpu, rings: {op: '>', value: 1}, period: 60, severity: low}  #!\n"
        ),
        "there is no metric `cpu`",
    ),
    Case(
        "trigger-for-nothing",
        "register/dangling",
        plan_text(
            registers="triggers:\n  - {id: t, title: T, category: c, signal: s, action: roll_back, rolls_back: [vcp], severity: low}  #!\n"
        ),
        "did you mean `vpc`?",
    ),
    Case(
        "layer-of-nothing",
        "register/dangling",
        plan_text(
            registers="layers:\n  - {id: l, title: L, checks: ['inf-*'], every_seconds: 60, full_every_seconds: 60}  #!\n"
        ),
        "fits no check",
    ),
    Case(
        "costs-more-than-claimed",
        "register/cost",
        plan_text(
            registers="costs:\n"
            "  - {id: fits, title: F, claimed: [10, 20], parts: {a: [6, 10], b: [4, 10]}}\n"
            "  - {id: full, title: F, claimed: [10, 20], parts: {a: [9, 10], b: [4, 1011]}}  #!\n"
        ),
        "`full` is said to cost 20 USD at most; its parts come to 1,021",
    ),
    Case(
        "taken-by-another-route",
        "route/astray",
        plan_text(
            _MADE,
            "routes:\n" + _ROUTE % ("one", "a.*", "a.b") + "\n" + _ROUTE % ("two", "a.>", "a.c") + "  #!\n",
        ),
        "the route `one` takes `a.c`",
    ),
    Case(
        "queue-that-nobody-makes",
        "route/no-target",
        plan_text(registers="routes:\n" + _ROUTE % ("one", "a.*", "a.b") + "  #!\n"),
        "no operation makes `app-tasks`",
    ),
]
CASES = (
    *_TIME,
    *_DURATIONS,
    *_LOGIC,
    *_CLAIMS,
    *_COMMANDS,
    *_RESOURCES,
    *_WAY_BACK,
    *_PEOPLE,
    *_GATES,
    *_METRICS,
    *_SUPPRESSIONS,
    *_SHAPES,
    *_REGISTERS,
)
