"""Plans with one kind of defect each, whose lines end in `#!`; and plans that only look as if they had one."""

from __future__ import annotations

from dataclasses import dataclass

from tests.operations.plan.samples import HEAD, VPC, plan_text


@dataclass(frozen=True, slots=True)
class Case:
    """A plan, the rule it breaks, and words that the finding has to say."""

    name: str
    rule: str
    text: str
    words: str = ""


def _step(line: str) -> str:
    return f"    - {line}\n"


def _forward(*lines: str) -> str:
    """The sound operation with more steps after its call, and a way back that changes something."""
    return VPC.replace("  inverse:\n", "".join(map(_step, lines)) + "  inverse:\n")


def _in(section: str, *lines: str) -> str:
    """The sound operation with a further section, or with more steps in one that it has."""
    head = f"  {section}:\n"
    steps = "".join(map(_step, lines))
    return VPC.replace(head, head + steps) if head in VPC else VPC + head + steps


def _second(line: str, depends_on: str = "[vpc]") -> str:
    """The sound operation and another one with this step."""
    return (
        VPC
        + f"- id: second\n  title: Second\n  kind: compute\n  depends_on: {depends_on}\n  forward:\n"
        + _step(line)
        + "  inverse: [{manual: undo}]\n  verify: [{api: 'sts:GetCallerIdentity'}]\n"
    )


def _chain(*links: tuple[str, str]) -> str:
    return "".join(
        f"- {{id: {name}, title: {name}, kind: compute, forward: [{{manual: do}}], inverse: [{{manual: undo}}],\n"
        f"   verify: [{{api: 'sts:GetCallerIdentity'}}],\n   depends_on: {needs}\n   }}\n"
        for name, needs in links
    )


_READ = "{api: 'ec2:DescribeVpcs', params: {}"
_METRIC = "- {id: m, title: M, namespace: N/N, name: n, threshold: {op: '<=', value: 1}"

_READING = [
    Case("alias", "plan/yaml", HEAD + "windows: &w []  #!\n", "aliases and anchors are not allowed"),
    Case("key-twice", "plan/yaml", HEAD + "title: again  #!\n", "stands here twice"),
    Case("unknown-key", "plan/schema", plan_text(VPC + "  bakes: {}  #!\n"), "did you mean `bake`?"),
    Case(
        "two-problems",
        "plan/schema",
        plan_text(VPC.replace("kind: infrastructure", "kind: infra  #!") + "  estimate: long  #!\n"),
    ),
]
_IDENTITY = [
    Case(
        "region",
        "plan/unknown-region",
        plan_text(head=HEAD.replace("us-east-1", "us-esat-1  #!")),
        "no region `us-esat-1`; did you mean `us-",
    ),
    Case("operation-twice", "plan/duplicate-id", plan_text(VPC + VPC.replace("id: vpc", "id: vpc  #!"))),
    Case(
        "role-twice",
        "plan/duplicate-id",
        plan_text(head=HEAD + "  - {id: lead, title: Another}  #!\n"),
        "the id `lead` is already taken at",
    ),
    Case(
        "operation-called-as-a-sub-phase",
        "plan/duplicate-id",
        plan_text(VPC.replace("id: vpc", "id: one  #!")).replace('"1.1"', "one"),
    ),
    Case(
        "metric-twice",
        "plan/duplicate-id",
        plan_text(registers=f"metrics:\n  {_METRIC}}}\n  {_METRIC}}}  #!\n"),
    ),
]
_GRAPH = [
    Case(
        "depends-on",
        "plan/unknown-operation",
        plan_text(VPC + "  depends_on: [vcp]  #!\n"),
        "there is no operation `vcp`; did you mean `vpc`?",
    ),
    Case(
        "depends-on-misspelt-and-refers-to-it",
        "plan/unknown-operation",
        plan_text(
            VPC
            + """\
- id: tag
  title: Tag
  kind: infrastructure
  depends_on: [vcp]  #!
  forward: [{api: "ec2:CreateTags", params: {Resources: ["${vpc.vpc_id}"], Tags: [{Key: a, Value: b}]}}]
  inverse: [{api: "ec2:DeleteTags", params: {Resources: ["${vpc.vpc_id}"], Tags: [{Key: a}]}}]
  verify: [{api: "ec2:DescribeVpcs", params: {VpcIds: ["${vpc.vpc_id}"]}, expect: "length(Vpcs[0].Tags) == `1`"}]
"""
        ),
    ),
    Case(
        "replaced-by",
        "plan/unknown-operation",
        plan_text(_chain(("a", "[]"), ("b", "[]")).replace("'}],", "', replaced_by: [b]}],  #!", 1)),
        "`b` does not come after `a`",
    ),
    Case(
        "blocks",
        "plan/unknown-operation",
        plan_text(
            registers="""\
            constraints:
              - {id: C-1, title: T, category: c, severity: low, blocks: ["1", "1.1", vpc]}
              - id: C-2
                title: T
                category: c
                severity: low
                blocks:
                  - vpc
                  - "1.2"  #!
            """
        ),
        "`C-2` blocks `1.2`, which is no operation, sub-phase or phase; did you mean",
    ),
    Case(
        "raci",
        "plan/unknown-operation",
        plan_text(
            registers="raci:\n  - {task: T, operations: [vpc, vpcs], responsible: [lead], accountable: lead}  #!\n"
        ),
    ),
    Case("itself", "plan/self-dependency", plan_text(VPC + "  depends_on: [vpc]  #!\n")),
    Case(
        "circle",
        "plan/cycle",
        plan_text(_chain(("a", "[c]  #!"), ("b", "[a]"), ("c", "[b]"), ("d", "[c]"))),
        "operations wait for each other: a → c → b → a",
    ),
    Case(
        "two-circles",
        "plan/cycle",
        plan_text(_chain(("a", "[b]  #!"), ("b", "[a]"), ("c", "[b, d]  #!"), ("d", "[c]"))),
    ),
]
_REFERENCES = [
    Case(
        "no-form",
        "plan/unreadable-reference",
        plan_text(_in("verify", _READ + ", expect: \"Vpcs[0].VpcId == '${vpc id}'\"}  #!")),
        "cannot read the reference ${vpc id}",
    ),
    Case(
        "never-closed",
        "plan/unreadable-reference",
        plan_text(
            VPC.replace('{CidrBlock: "${cidr}"}, save', '{CidrBlock: "${cidr"}, save').replace(
                "Vpc.VpcId}}", "Vpc.VpcId}}  #!"
            )
        ),
        "never closed",
    ),
    Case(
        "slip-in-an-input",
        "plan/unknown-reference",
        plan_text(VPC.replace("${cidr}", "${cidrr}").replace("Vpc.VpcId}}", "Vpc.VpcId}}  #!")),
        "${cidrr}: neither an input nor saved by `vpc`; did you mean `cidr`?",
    ),
    Case(
        "slip-in-an-operation",
        "plan/unknown-reference",
        plan_text(_second('{manual: "see ${vcp.vpc_id}"}  #!')),
        "there is no operation `vcp`; did you mean `vpc`?",
    ),
    Case(
        "operation-left-out",
        "plan/unknown-reference",
        plan_text(_second('{manual: "see ${vpc_id}"}  #!')),
        "write ${vpc.vpc_id}",
    ),
    Case(
        "in-nested-json",
        "plan/unknown-reference",
        plan_text(
            _forward(
                "api: 'sns:CreateTopic'\n"
                "      params:\n"
                "        Name: t\n"
                "        Attributes:\n"
                "          Policy:\n"
                "            $json:\n"
                "              Statement:\n"
                '                - {Resource: "x-${nothing}"}  #!'
            )
            + "  retains: [a topic]\n"
        ),
    ),
    Case(
        "in-a-criterion",
        "plan/unknown-reference",
        plan_text(
            registers="criteria:\n  - {id: T1, title: T, category: c,\n"
            "     check: {api: 'ec2:DescribeVpcs', params: {VpcIds: ['${vpc_id}']}}}  #!\n"
        ),
        "write ${vpc.vpc_id}",
    ),
    Case(
        "in-a-metric",
        "plan/unknown-reference",
        plan_text(registers=f"metrics:\n  {_METRIC}, dimensions: {{Vpc: '${{vpd.vpc_id}}'}}}}  #!\n"),
    ),
    Case(
        "in-a-command",
        "plan/unknown-reference",
        plan_text(_forward("command: [aws, --profile,\n               '${profile}']  #!")),
    ),
    Case(
        "empty-input",
        "plan/input-without-value",
        plan_text(_forward('{manual: "use ${empty}"}  #!')),
        "give `inputs.empty` a value",
    ),
    Case(
        "stranger",
        "plan/not-a-dependency",
        plan_text(_second('{manual: "see ${vpc.vpc_id}"}  #!', depends_on="[]")),
        "add `vpc` to the `depends_on` of `second`",
    ),
    Case(
        "wrong-name",
        "plan/never-saved",
        plan_text(_second('{manual: "see ${vpc.vpc_idd}"}  #!')),
        "`vpc` never saves `vpc_idd`; did you mean `vpc_id`?",
    ),
    Case(
        "saved-by-a-verification",
        "plan/never-saved",
        plan_text(_second('{manual: "see ${vpc.state}"}  #!')),
        "it saves: vpc_id",
    ),
    Case(
        "saved-by-a-stand-in-alone",
        "plan/never-saved",
        plan_text(
            _forward("{manual: look, stand_in: [{api: 'ec2:DescribeVpcs', save: {seen: 'Vpcs[0].VpcId'}}]}")
            + _second('{manual: "see ${vpc.seen}"}  #!').removeprefix(VPC)
        ),
        "only a stand-in does",
    ),
    Case(
        "the-wrong-order",
        "plan/used-before-saved",
        plan_text(
            VPC.replace(
                "  forward:\n",
                "  forward:\n    - {api: 'ec2:DescribeVpcs', params: {VpcIds: ['${vpc_id}']}}  #!\n",
            )
        ),
        "a later step of `vpc` saves it",
    ),
    Case(
        "its-own-answer",
        "plan/used-before-saved",
        plan_text(
            _forward(
                "{api: 'ec2:DescribeVpcs', params: {VpcIds: ['${own}']}, save: {own: 'Vpcs[0].VpcId'}}  #!"
            )
        ),
    ),
    Case(
        "in-the-checkpoint",
        "plan/used-before-saved",
        plan_text(_in("checkpoint", "{api: 'ec2:DescribeVpcs', params: {VpcIds: ['${vpc_id}']}}  #!")),
    ),
    Case(
        "saved-by-the-inverse",
        "plan/used-before-saved",
        plan_text(
            _forward('{manual: "use ${late}"}  #!').replace(
                "  inverse:\n", "  inverse:\n    - {command: [x], save: {late: '@'}}\n"
            )
        ),
    ),
    Case(
        "secret-of-another",
        "plan/secret-out-of-reach",
        plan_text(
            _forward(
                "{api: 'secretsmanager:GetRandomPassword', save: {pass: RandomPassword}, sensitive: [pass]}"
            )
            + _second('{manual: "use ${vpc.pass}"}  #!').removeprefix(VPC)
        ),
        "other operations cannot have it",
    ),
    Case(
        "secret-for-the-way-back",
        "plan/secret-out-of-reach",
        plan_text(
            _forward(
                "{api: 'secretsmanager:GetRandomPassword', save: {pass: RandomPassword}, sensitive: [pass]}",
                '{manual: "use ${pass}"}',
            ).replace("  inverse:\n", '  inverse:\n    - {manual: "use ${pass}"}  #!\n')
        ),
        "gone when the way back is needed",
    ),
    Case(
        "command-saves-alone",
        "plan/stand-in-saves-less",
        plan_text(
            _forward(
                "{command: [make], save: {made: '@'}, stand_in: []}",
                "{api: 'ec2:DescribeVpcs', params: {VpcIds: ['${made}']}}  #!",
            )
        ),
        "let a `stand_in` step of `vpc` save `made`",
    ),
    Case(
        "slip-in-sensitive",
        "plan/sensitive-not-saved",
        plan_text(
            _forward(
                "api: 'secretsmanager:GetRandomPassword'\n"
                "      save: {password: RandomPassword}\n"
                "      sensitive: [pasword]  #!"
            )
        ),
        "did you mean `password`?",
    ),
    Case(
        "save-in-verify",
        "plan/kept-nowhere",
        plan_text(_in("verify", _READ + ", save: {state: 'Vpcs[0].State'}}  #!")),
        "a step of `verify` saves state",
    ),
]
_EXPRESSIONS = [
    Case(
        "reference",
        "plan/reference-in-save",
        plan_text(
            _forward(
                _READ + ", save: {mine: \"Vpcs[?VpcId == '${vpc_id}'].State\"}}  #!",
            )
        ),
    ),
    Case(
        "expect",
        "plan/bad-expression",
        plan_text(_in("verify", _READ + ", expect: \"Vpcs[?State = 'available']\"}  #!")),
        "is no JMESPath",
    ),
    Case(
        "save",
        "plan/bad-expression",
        plan_text(_forward("{command: [x], save: {it: 'a['}, stand_in: []}  #!")),
    ),
    Case(
        "until",
        "plan/bad-expression",
        plan_text(_forward(_READ + ', until: "lenght(Vpcs) == `1`"}  #!')),
        "JMESPath has no function `lenght`",
    ),
    Case(
        "bare-number",
        "plan/bad-expression",
        plan_text(_in("verify", _READ + ', expect: "length(Vpcs) == 1"}  #!')),
    ),
    Case(
        "field-in-expect",
        "api/no-such-output",
        plan_text(_in("verify", _READ + ", expect: \"Vpcs[0].Status == 'available'\"}  #!")),
        "answer of ec2:DescribeVpcs: Status: Vpc has no such field",
    ),
    Case(
        "field-in-save",
        "api/no-such-output",
        plan_text(_forward(_READ + ', save: {it: "Vpcs[0].VpcID"}}  #!')),
        "did you mean VpcId?",
    ),
    Case(
        "value-in-until",
        "api/no-such-output",
        plan_text(_forward(_READ + ", until: \"Vpcs[0].State == 'avialable'\"}  #!")),
        "did you mean available?",
    ),
    Case(
        "field-in-a-criterion",
        "api/no-such-output",
        plan_text(
            registers="criteria:\n  - {id: T1, title: T, category: c,\n"
            "     check: {api: 'ec2:DescribeVpcs', expect: 'length(Vpc) == `1`'}}  #!\n"
        ),
    ),
]
_CALLS = [
    Case(
        "action",
        "api/unknown-call",
        plan_text(_forward("{api: 'ec2:DescribeVpc'}  #!")),
        "AWS has no call `ec2:DescribeVpc`; did you mean `ec2:DescribeVpcs`?",
    ),
    Case(
        "service",
        "api/unknown-call",
        plan_text(_forward("{api: 'elasticloadbalancingv2:DescribeLoadBalancers'}  #!")),
        "did you mean `elbv2:DescribeLoadBalancers`?",
    ),
    Case(
        "in-a-stand-in",
        "api/unknown-call",
        plan_text(_forward("manual: do\n      stand_in:\n        - {api: 'ec2:MakeVpc'}  #!")),
    ),
    Case(
        "waiter",
        "api/unknown-waiter",
        plan_text(_forward("{wait: 'ec2:vpc_availible'}  #!")),
        "did you mean `ec2:vpc_available`?",
    ),
    Case(
        "name",
        "api/bad-parameter",
        plan_text(_forward("{api: 'ec2:DescribeVpcs', params: {VpcsIds: ['${vpc_id}']}}  #!")),
        "ec2:DescribeVpcs: VpcsIds: no such parameter; did you mean VpcIds?",
    ),
    Case(
        "deep-in-a-list",
        "api/bad-parameter",
        plan_text(
            _forward(
                "api: 'ec2:CreateSubnet'\n"
                "      params:\n"
                '        VpcId: "${vpc_id}"\n'
                "        TagSpecifications:\n"
                "          - ResourceType: subnet\n"
                "            Tags:\n"
                "              - {Key: Name, Value: a}\n"
                "              - {Key: Name, Value: 3}  #!"
            )
        ),
        "TagSpecifications[0].Tags[1].Value: must be text, is a number",
    ),
    Case(
        "missing",
        "api/bad-parameter",
        plan_text(_forward("{api: 'ec2:CreateSubnet', params: {}}  #!") + "  retains: [a subnet]\n"),
    ),
    Case(
        "an-input-of-the-wrong-type",
        "api/bad-parameter",
        plan_text(_forward("{api: 'ec2:DescribeVpcs', params: {MaxResults: '${version}'}}  #!")),
        "must be a whole number, is text",
    ),
    Case(
        "text-for-a-number",
        "api/bad-parameter",
        plan_text(_forward("{api: 'ec2:DescribeVpcs', params: {MaxResults: '1${vpc_id}'}}  #!")),
    ),
    Case(
        "waiter-parameter",
        "api/bad-parameter",
        plan_text(_forward("{wait: 'ec2:vpc_available', params: {VpcId: '${vpc_id}'}}  #!")),
        "did you mean VpcIds?",
    ),
    *(
        Case(
            f"in-{section}",
            "api/check-that-changes",
            plan_text(
                _in(section, "{api: 'ec2:DeleteVpc', params: {VpcId: vpc-1}}  #!")
                + ("  bake: {minutes: 1}\n" if section == "watch" else "")
            ),
            f"ec2:DeleteVpc changes things, and stands in `{section}`",
        )
        for section in ("checkpoint", "verify", "watch", "guard")
    ),
    Case(
        "sql-in-a-criterion",
        "api/check-that-changes",
        plan_text(
            registers="criteria:\n  - id: T1\n    title: T\n    category: c\n    check:\n"
            "      api: 'rds-data:ExecuteStatement'  #!\n"
            "      params: {resourceArn: 'arn:aws:rds:x', secretArn: 'arn:aws:sm:x', sql: 'DELETE FROM a'}\n"
        ),
        "stands in a criterion",
    ),
    Case(
        "until",
        "api/until-on-a-change",
        plan_text(
            _forward("{api: 'ec2:StartInstances', params: {InstanceIds: [i-1]}, until_error: Gone}  #!")
        ),
        "`until_error` would repeat ec2:StartInstances",
    ),
]
_REST = [
    Case(
        "nothing-verified",
        "way-back/no-verification",
        plan_text(VPC.partition("  verify:")[0].replace("- id: vpc", "- id: vpc  #!")),
    ),
    Case(
        "only-looks-back",
        "way-back/only-reads",
        plan_text(
            VPC.replace("  inverse:\n", "  inverse:  #!\n").replace(
                '{api: "ec2:DeleteVpc", params: {VpcId: "${vpc_id}"}}',
                '{api: "ec2:DescribeVpcs", params: {VpcIds: ["${vpc_id}"]}}',
            )
        ),
    ),
    Case(
        "one-key-is-enough",
        "way-back/unconfirmed",
        plan_text(
            VPC.partition("  inverse:")[0]
            + "  irreversible: gone is gone\n  confirm: reversible  #!\n  verify:\n"
            + VPC.partition("  verify:\n")[2]
        ),
        "set `confirm: irreversible`",
    ),
    Case(
        "no-level-said",
        "way-back/unconfirmed",
        plan_text(
            VPC.partition("  inverse:")[0]
            + "  irreversible: gone is gone  #!\n  verify:\n"
            + VPC.partition("  verify:\n")[2]
        ),
    ),
    Case(
        "roles",
        "register/unknown-role",
        plan_text(
            VPC + "  role: led  #!\n" + "  approval: {roles: [lead, boss]}  #!\n",
            registers="""\
            gate:
              - {id: g, thresholds: {overall: 95}, approvers: [lead, nobody]}  #!
            constraints:
              - {id: C-1, title: T, category: c, severity: low, role: who}  #!
            raci:
              - task: T
                operations: [vpc]
                responsible: [lead, helper]  #!
                accountable: chief  #!
            """,
        ),
        "there is no role `led`; did you mean `lead`?",
    ),
    Case(
        "hand",
        "register/unknown-role",
        plan_text(_forward("{manual: look, role: looker}  #!")),
    ),
    Case(
        "stand-in-person",
        "register/unknown-role",
        plan_text(head=HEAD + "  - {id: other, title: Other, backup: leader}  #!\n"),
    ),
    Case(
        "statistic",
        "metric/bad-statistic",
        plan_text(registers=f"metrics:\n  {_METRIC}, statistic: average}}  #!\n"),
        "CloudWatch has no statistic `average`; did you mean `Average`?",
    ),
    Case(
        "percentile",
        "metric/bad-statistic",
        plan_text(registers=f"metrics:\n  {_METRIC}, statistic: p950}}  #!\n"),
        "a percentile such as p95",
    ),
    Case("period", "metric/bad-period", plan_text(registers=f"metrics:\n  {_METRIC}, period: 90}}  #!\n")),
    Case(
        "no-bound",
        "metric/no-threshold",
        plan_text(registers="metrics:\n  - {id: m, title: M, namespace: N/N, name: n}  #!\n"),
    ),
]
CASES = (*_READING, *_IDENTITY, *_GRAPH, *_REFERENCES, *_EXPRESSIONS, *_CALLS, *_REST)

_PASSWORD = "{api: 'secretsmanager:GetRandomPassword', save: {pass: RandomPassword}, sensitive: [pass]}"
SOUND = {
    "expect-on-its-own-answer": plan_text(
        _forward("{api: 'ec2:DescribeVpcs', save: {own: 'Vpcs[0].VpcId'}, expect: \"'${own}' != ''\"}")
    ),
    "secret-within-its-operation": plan_text(
        _forward(_PASSWORD, '{manual: "use ${pass}"}').replace(
            "  verify:\n", "  verify:\n    - {api: 'ec2:DescribeVpcs', params: {VpcIds: ['${pass}']}}\n"
        )
    ),
    "secret-read-again-in-the-inverse": plan_text(
        _forward(_PASSWORD).replace(
            "  inverse:\n", f'  inverse:\n    - {_PASSWORD}\n    - {{manual: "use ${{pass}}"}}\n'
        )
    ),
    "run-of-another-operation": plan_text(_second('{manual: "made in ${vpc.run_id}, now ${run_id}"}')),
    "its-own-name-in-full": plan_text(_forward('{manual: "made ${vpc.vpc_id}"}')),
    "dependency-of-a-dependency": plan_text(
        _second('{manual: "see ${vpc.vpc_id}"}')
        + "- id: third\n  title: Third\n  kind: compute\n  depends_on: [second]\n  confirm: none\n"
        + "  forward: [{manual: 'see ${vpc.vpc_id}'}]\n  inverse: [{manual: undo}]\n"
        + "  verify: [{api: 'sts:GetCallerIdentity'}]\n"
    ),
    "checkpoint-for-the-way-back": plan_text(
        _in("checkpoint", "{api: 'ec2:DescribeVpcs', save: {before: 'Vpcs[].VpcId'}}").replace(
            "  inverse:\n", '  inverse:\n    - {manual: "compare with ${before}"}\n'
        )
    ),
    "stand-in-saves-as-the-command-does": plan_text(
        _forward(
            "{command: [make], save: {made: '@'},\n"
            "       stand_in: [{api: 'ec2:DescribeVpcs', save: {made: 'Vpcs[0].VpcId'}}]}",
            "{api: 'ec2:DescribeVpcs', params: {VpcIds: ['${made}']}}",
        )
    ),
    "left-out-in-a-sandbox": plan_text(
        _forward(
            "{command: [make], save: {made: '@'}}",
            "{api: 'ec2:DescribeVpcs', params: {VpcIds: ['${made}']}}",
        )
    ),
    "reads-both-ways": plan_text(
        VPC.partition("  forward:")[0]
        + "  forward: [{api: 'ec2:DescribeVpcs'}]\n  inverse: [{api: 'ec2:DescribeVpcs'}]\n"
        + "  verify: [{api: 'ec2:DescribeVpcs'}]\n"
    ),
    "only-a-run-knows": plan_text(
        _forward(
            "{api: 'ec2:DescribeVpcs', params: {MaxResults: '${vpc_id}', Filters: '${vpc_id}'}}",
            "{api: 'cloudwatch:GetMetricStatistics', params: {Namespace: N, MetricName: '${password}', Period: 60,"
            " StartTime: '${now-10m}', EndTime: '${now}', Statistics: [Sum]}}",
            "{api: 'ec2:DescribeVpcs', until: \"length(Vpcs[?VpcId == '${vpc_id}']) == `1`\"}",
        )
    ),
    "sql-that-reads": plan_text(
        registers="criteria:\n  - id: T1\n    title: T\n    category: c\n    check:\n"
        "      api: 'rds-data:ExecuteStatement'\n"
        "      params: {resourceArn: '${vpc.vpc_id}', secretArn: '${vpc.vpc_id}', sql: 'SELECT 1'}\n"
    ),
    "metric-of-an-operation": plan_text(
        registers=f"metrics:\n  {_METRIC}, statistic: p99.9, period: 300, dimensions: {{V: '${{vpc.vpc_id#-}}'}}}}\n"
        "  - {id: n, title: N, namespace: N/N, name: n, statistic: 'TM(10%:90%)', period: 10,\n"
        "     threshold: {op: '<', value: 1}}\n"
    ),
}
