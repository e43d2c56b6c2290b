"""ECR: an image pushed to a repository that scans on push has findings."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from operations.drill.patches.support import Method, wrap
from operations.drill.world import World

_COUNTS = {"LOW": 2, "INFORMATIONAL": 1}
"""What every scan of the sandbox finds: nothing critical, so that a gate is decided by what a drill does, not by chance."""


def apply(_world: World) -> None:
    """Scan on push, and report findings without a critical one."""
    from moto.ecr import models

    wrap(models.ECRBackend, "put_image", _scan_on_push)
    wrap(models.ECRBackend, "describe_image_scan_findings", _plain_findings)


def _scan_on_push(original: Method) -> Method:
    def put_image(self: Any, repository_name: str, *args: Any, **kwargs: Any) -> Any:
        image = original(self, repository_name, *args, **kwargs)
        if self.repositories[repository_name].image_scanning_configuration.get("scanOnPush"):
            image.last_scan = datetime.now(UTC).replace(tzinfo=None)
        return image

    return put_image


def _plain_findings(original: Method) -> Method:
    def describe_image_scan_findings(self: Any, *args: Any, **kwargs: Any) -> Any:
        found = original(self, *args, **kwargs)
        findings = found.get("imageScanFindings")
        if findings:
            findings["findings"] = []
            findings["findingSeverityCounts"] = dict(_COUNTS)
        return found

    return describe_image_scan_findings
