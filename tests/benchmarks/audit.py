"""The audit of the reference plan, and of a plan of ten thousand operations; of a folder of ten thousand tracker lines."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from console.soundness import CatalogKnowledge
from operations.exchange.audit.folder import audit_files, collect_auditable
from operations.exchange.shell import Bash
from operations.plan.audit.audit import audit
from operations.plan.audit.catalogue import RULES
from operations.plan.loader import LoadedPlan, load_plan
from operations.plan.models import Plan
from operations.plan.yaml_source import Source
from tests.benchmarks.measure import Line, best, seconds

TIMES = 5
OPERATIONS = 10_000
NOW = datetime(2026, 6, 1, tzinfo=UTC)
SLOWEST = 3
FEWER = 1_000
"""Operations of the plan on which every rule is timed by itself: each reads it anew."""


def _operation(n: int) -> dict[str, Any]:
    of = "${op-0.url}" if n else "nothing"
    return {
        "id": f"op-{n}",
        "title": f"Operation {n}",
        "kind": "compute",
        "role": "lead",
        "depends_on": [f"op-{n - 1}"] if n else [],
        "forward": [
            {"api": "sqs:CreateQueue", "params": {"QueueName": f"queue-{n}"}, "save": {"url": "QueueUrl"}},
            {"api": "sqs:TagQueue", "params": {"QueueUrl": "${url}", "Tags": {"of": of}}},
        ],
        "inverse": [{"api": "sqs:DeleteQueue", "params": {"QueueUrl": "${url}"}}],
        "loses": "messages that wait",
        "verify": [
            {
                "api": "sqs:GetQueueAttributes",
                "params": {"QueueUrl": "${url}"},
                "expect": "Attributes.DelaySeconds == '0'",
            }
        ],
    }


def large_plan(operations: int = OPERATIONS) -> LoadedPlan:
    """A chain of operations, each of which refers to a value of the first one and depends on the one before.

    Not out of a file: the loader refuses plans of this size, the audit is to bear them all the same.
    """
    each = [_operation(n) for n in range(operations)]
    named = [operation["id"] for operation in each]
    data = {
        "plan": "large",
        "title": "Large",
        "account": "123456789012",
        "region": "us-east-1",
        "roles": [{"id": "lead", "title": "Lead"}],
        "raci": [{"task": "all", "operations": named, "responsible": ["lead"], "accountable": "lead"}],
        "phases": [
            {"id": "1", "title": "All", "subphases": [{"id": "1.1", "title": "All", "operations": each}]}
        ],
    }
    return LoadedPlan(Plan.model_validate(data), Source(data), Path("large"), "")


def _slowest(loaded: LoadedPlan, knowledge: CatalogKnowledge) -> Iterator[Line]:
    """The rules that take longest, each by itself and so with what several of them share."""
    took = {rule.id: seconds(lambda: audit(loaded, knowledge, NOW.date(), [rule])) for rule in RULES}  # noqa: B023
    for rule_id in sorted(took, key=lambda each: took[each], reverse=True)[:SLOWEST]:
        yield best(f"  slowest by itself, {FEWER:,} operations: {rule_id}", [took[rule_id]])


@contextmanager
def _tracker() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        lines = [
            f"## ✅ Phase {n}\n**Started**: 2025-01-01T09:00:00Z\n- ✅ {n}.1 a - COMPLETE\n- 3/4 (75%)\n"
            for n in range(2_500)
        ]
        Path(name, "tracker.md").write_text("# Tracker\n" + "".join(lines), encoding="utf-8")
        yield Path(name)


def measure() -> Sequence[Line]:
    knowledge = CatalogKnowledge()
    reference = load_plan("reference")
    lines = [
        best(
            "reference plan", [seconds(lambda: audit(reference, knowledge, NOW.date())) for _ in range(TIMES)]
        )
    ]
    large = large_plan()
    lines.append(
        best(
            f"{OPERATIONS:,} operations in a chain",
            [seconds(lambda: audit(large, knowledge, NOW.date())) for _ in range(3)],
        )
    )
    lines += _slowest(large_plan(FEWER), knowledge)
    with _tracker() as folder:
        lines.append(
            best(
                "tracker of 10,000 lines",
                [
                    seconds(lambda: audit_files(collect_auditable(folder), knowledge, NOW, Bash()))
                    for _ in range(3)
                ],
            )
        )
    return lines
