"""Operations for the bench, as YAML."""

NETWORK = """
- id: network
  title: A network
  kind: infrastructure
  checkpoint:
    - {api: "ec2:DescribeVpcs", params: {}, save: {networks_before: "Vpcs[].VpcId"}}
  forward:
    - api: "ec2:CreateVpc"
      params: {CidrBlock: 10.0.0.0/16, TagSpecifications: [{ResourceType: vpc, Tags: [{Key: Name, Value: "net-${run_id}"}]}]}
      save: {vpc_id: Vpc.VpcId}
  verify:
    - {api: "ec2:DescribeVpcs", params: {VpcIds: ["${vpc_id}"]}, expect: "Vpcs[0].State == 'available'"}
  inverse:
    - {api: "ec2:DeleteVpc", params: {VpcId: "${vpc_id}"}}
"""


def parameter(name: str, *needs: str, value: str = "1", extra: str = "") -> str:
    """An operation that puts one parameter and takes it away again."""
    return f"""
- id: {name}
  title: Parameter {name}
  kind: configuration
  depends_on: [{", ".join(needs)}]
  forward:
    - {{api: "ssm:PutParameter", params: {{Name: /{name}, Value: "{value}", Type: String}}}}
  verify:
    - {{api: "ssm:GetParameter", params: {{Name: /{name}}}, expect: "Parameter.Value == '{value}'"}}
  inverse:
    - {{api: "ssm:DeleteParameter", params: {{Name: /{name}}}}}
{extra}"""
