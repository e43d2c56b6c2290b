"""The metrics that a sandbox plays: read from a plan, or a small list of its own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from operations.drill.errors import SandboxError
from operations.drill.traffic import TrafficMetric, from_rows

_METRICS = re.compile(r"^[\"']?metrics[\"']?\s*:", re.MULTILINE)

BUILT_IN = (
    TrafficMetric("MisterSmith/Performance", "ErrorRate", (("Service", "api"),), "Percent", 0.4),
    TrafficMetric("MisterSmith/Performance", "Latency", (("Service", "api"),), "Milliseconds", 420.0),
    TrafficMetric("MisterSmith/Performance", "Throughput", (("Service", "api"),), "Count/Second", 180.0),
    TrafficMetric("MisterSmith/Agents", "PendingTaskCount", (), "Count", 40.0),
    TrafficMetric("MisterSmith/Agents", "ActiveAgents", (), "Count", 52.0),
)
"""What the traffic publishes when no plan says it."""


def read_metrics(plan: Path | None) -> list[TrafficMetric]:
    """The metrics of a plan file or folder.

    Args:
        plan: A YAML file, or a folder whose `*.yaml` files are read in name order; None for the built-in list.

    Raises:
        SandboxError: The file cannot be read as YAML.
    """
    if plan is None:
        return list(BUILT_IN)
    files = sorted(plan.glob("*.yaml")) if plan.is_dir() else [plan]
    rows = [row for file in files for row in _rows(file)]
    return from_rows(rows) or list(BUILT_IN)


def _rows(file: Path) -> list[Mapping[str, Any]]:
    import yaml

    try:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast where libyaml is there
        text = file.read_text(encoding="utf-8")
        if not _METRICS.search(text):
            return []  # a large plan has them in one file of many, and reading YAML is slow
        content = yaml.load(text, Loader=loader)  # noqa: S506 - one of the two safe loaders
    except (OSError, yaml.YAMLError) as error:
        raise SandboxError(f"the sandbox cannot read {file}: {str(error).splitlines()[0]}") from error
    rows = content.get("metrics") if isinstance(content, dict) else None
    return [row for row in rows or [] if isinstance(row, dict)]
