"""Small plans for the tests of the plan room, and the line of the mark `#!` in them."""

from __future__ import annotations

import textwrap
from pathlib import Path

from operations.plan.loader import LoadedPlan, load_plan

HEAD = """\
plan: sample
title: Sample
account: "123456789012"
region: us-east-1
inputs:
  cidr: {value: 10.0.0.0/16}
  version: {value: "15.4"}
  empty: {description: forgotten}
  password: {secret: true, from_env: PASSWORD}
roles:
  - {id: lead, title: Lead}
"""
PHASES = """\
phases:
  - id: "1"
    title: One
    subphases:
      - id: "1.1"
        title: Only
        operations:
"""
VPC = """\
- id: vpc
  title: VPC
  kind: infrastructure
  forward:
    - {api: "ec2:CreateVpc", params: {CidrBlock: "${cidr}"}, save: {vpc_id: Vpc.VpcId}}
  inverse:
    - {api: "ec2:DeleteVpc", params: {VpcId: "${vpc_id}"}}
  verify:
    - {api: "ec2:DescribeVpcs", params: {VpcIds: ["${vpc_id}"]}, expect: "Vpcs[0].State == 'available'"}
"""
"""An operation in which there is nothing to find."""
MARK = "#!"


def plan_text(operations: str = VPC, registers: str = "", head: str = HEAD) -> str:
    """A whole plan of operations, with further keys at the end."""
    body = textwrap.indent(textwrap.dedent(operations), " " * 10)
    return head + PHASES + body + textwrap.dedent(registers)


def write(folder: Path, text: str, name: str = "plan.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def load(folder: Path, operations: str = VPC, registers: str = "", head: str = HEAD) -> LoadedPlan:
    return load_plan(write(folder, plan_text(operations, registers, head)))


def marked_lines(text: str) -> list[int]:
    """The lines that end in the mark, counted from 1."""
    return [number for number, line in enumerate(text.splitlines(), start=1) if line.endswith(MARK)]


def operation(name: str, *depends_on: str, minutes: float = 1) -> str:
    """An operation that does nothing worth mentioning."""
    return (
        f"- {{id: {name}, title: {name}, kind: compute, depends_on: [{', '.join(depends_on)}], "
        f"estimate: {minutes}, forward: [{{manual: do}}], inverse: [{{manual: undo}}], "
        'verify: [{api: "sts:GetCallerIdentity"}]}\n'
    )
