"""JMESPath expressions against the shape of an answer."""

from __future__ import annotations

import pytest

from operations.aws.model.catalog import ApiCatalog
from operations.aws.model.types import Rule

CATALOG = ApiCatalog()


@pytest.mark.parametrize(
    ("api", "expression"),
    [
        ("ec2:CreateVpc", "Vpc.VpcId"),
        ("ec2:CreateVpc", "ResponseMetadata.RequestId"),
        ("ec2:DescribeVpcs", "Vpcs[0].State == 'available' && Vpcs[0].CidrBlock == '${cidr}'"),
        ("ec2:DescribeVpcEndpoints", "length(VpcEndpoints[?State != 'deleted']) == `0`"),
        ("ec2:DescribeRouteTables", "length(RouteTables[].Routes[?State == 'blackhole'][]) == `0`"),
        ("ec2:DescribeVpcs", "sort_by(Vpcs, &VpcId)[0].VpcId"),
        ("ec2:DescribeVpcs", "max_by(Vpcs, &VpcId).CidrBlock"),
        ("ec2:DescribeVpcs", "Vpcs[].{id: VpcId, cidr: CidrBlock} | [0].id"),
        ("sqs:GetQueueAttributes", "Attributes.ApproximateNumberOfMessages == '0'"),
        ("iam:GetRolePolicy", "PolicyDocument.Statement[0].Effect"),  # botocore decodes it
        ("servicediscovery:GetOperation", "Operation.Targets.NAMESPACE"),
        ("rds-data:ExecuteStatement", "records[0][0].longValue > `0`"),
        ("ssm:GetParameter", "Parameter.Value == '${x#text}'"),
        ("ec2:DescribeVpcs", "@"),
        ("ec2:DescribeVpcs", "Vpcs[*].Tags[] | [?Key == 'Name'].Value"),
        ("ec2:DescribeVpcs", "Vpcs[-1:].VpcId"),
        ("ec2:DescribeVpcs", "not_null(Vpcs[0].VpcId, NextToken)"),
        ("ec2:DescribeVpcs", "map(&VpcId, Vpcs)"),
    ],
)
def test_a_right_expression_is_left_alone(api: str, expression: str) -> None:
    assert CATALOG.output_has(api, expression) == []


@pytest.mark.parametrize(
    ("api", "expression", "said"),
    [
        ("ec2:CreateVpc", "Vpc.VpcIdd", "did you mean VpcId?"),
        ("ec2:CreateVpc", "vpc.VpcId", "did you mean Vpc?"),
        ("ec2:DescribeVpcs", "Vpcs.VpcId", "is asked of a list"),
        ("ec2:DescribeVpcs", "length(Vpcs[?Stat == 'available'])", "did you mean State?"),
        ("ec2:DescribeVpcs", "Vpcs[].Tags[].Ky", "did you mean Key?"),
        ("ec2:DescribeVpcs", "sort_by(Vpcs, &VpcIdd)", "did you mean VpcId?"),
        ("ec2:DescribeVpcs", "Vpcs[0] | VpcIdd", "did you mean VpcId?"),
        ("ec2:CreateVpc", "Vpc[0].VpcId", "not a list"),
        ("ec2:CreateVpc", "Vpc.VpcId.Name", "is asked of String"),
        ("ec2:DeleteVpc", "Vpc.VpcId", "answers nothing"),
        ("kms:DescribeKey", "KeyMetadata.KeyState == 'Enabledd'", "did you mean Enabled?"),
        ("ec2:CreateVpc", "Vpc..VpcId", "is no JMESPath expression"),
    ],
)
def test_a_wrong_expression_is_found(api: str, expression: str, said: str) -> None:
    found = CATALOG.output_has(api, expression)
    assert len(found) == 1
    assert said in str(found[0])


def test_a_wrong_syntax_is_told_from_a_wrong_field() -> None:
    assert CATALOG.output_has("ec2:CreateVpc", "Vpc[")[0].rule is Rule.EXPRESSION
    assert CATALOG.output_has("ec2:CreateVpc", "Vpcc")[0].rule is Rule.NO_SUCH_FIELD
