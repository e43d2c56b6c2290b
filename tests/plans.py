"""The head of a small plan of one phase, which many tests write the rest of."""

from __future__ import annotations


def head(plan: str) -> str:
    """A plan up to its operations, which follow as a list that is indented by ten spaces."""
    return f"""
plan: {plan}
title: {plan.capitalize()}
account: "123456789012"
region: us-east-1
phases:
  - id: "1"
    title: One
    subphases:
      - id: "1.1"
        title: One
        operations:
"""
