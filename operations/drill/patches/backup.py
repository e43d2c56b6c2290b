"""AWS Backup: what a plan selects, and backup jobs that come to an end."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from operations.drill.patches.support import answer, put, refusal
from operations.drill.world import World

JOB_SECONDS = 2.0
"""Simulated length of a backup job."""


def apply(world: World) -> None:
    """Add selections and jobs."""
    from moto.backup import responses, urls

    handler = responses.BackupResponse
    for method in (
        _create_selection,
        _list_selections,
        _get_selection,
        _delete_selection,
        _delete_plan(handler),
    ):
        put(handler, method.__name__.lstrip("_").replace("_selection", "_backup_selection"), method)
    put(handler, "start_backup_job", _start_job(world))
    put(handler, "describe_backup_job", _describe_job(world))
    put(handler, "list_backup_jobs", _list_jobs(world))
    paths: dict[str, Any] = urls.url_paths
    own = {
        "{0}/backup/plans/(?P<plan>[^/]+)/selections/?$": handler.dispatch,
        "{0}/backup/plans/(?P<plan>[^/]+)/selections/(?P<selection>[^/]+)$": handler.dispatch,
        "{0}/backup-jobs/?$": handler.dispatch,
        "{0}/backup-jobs/(?P<job>[^/]+)$": handler.dispatch,
    }
    known = dict(paths)
    paths.clear()
    paths.update({**own, **known})  # the more particular paths first


def _store(response: Any, name: str) -> dict[str, Any]:
    """Something that moto's backend does not have, kept on it so that a reset forgets it."""
    backend = response.backup_backend
    if not hasattr(backend, name):
        setattr(backend, name, {})
    kept: dict[str, Any] = getattr(backend, name)
    return kept


def _id() -> str:
    from moto.moto_api._internal import mock_random

    return str(mock_random.uuid4())


def _now() -> float:
    return datetime.now(UTC).timestamp()


def _selections(response: Any) -> dict[str, dict[str, Any]]:
    plan = response.path.split("/plans/")[1].split("/")[0]
    if plan not in response.backup_backend.plans:
        raise refusal("ResourceNotFoundException", f"Failed reading Backup plan with provided id {plan}")
    found: dict[str, dict[str, Any]] = _store(response, "sandbox_selections").setdefault(plan, {})
    return found


def _create_selection(self: Any) -> Any:
    selections = _selections(self)
    wanted = json.loads(self.body)["BackupSelection"]
    if any(
        known["BackupSelection"]["SelectionName"] == wanted["SelectionName"] for known in selections.values()
    ):
        raise refusal("AlreadyExistsException", f"Backup selection {wanted['SelectionName']} exists already.")
    plan = self.path.split("/plans/")[1].split("/")[0]
    made = {"SelectionId": _id(), "BackupPlanId": plan, "CreationDate": _now(), "BackupSelection": wanted}
    selections[made["SelectionId"]] = made
    return answer({name: made[name] for name in ("SelectionId", "BackupPlanId", "CreationDate")})


def _list_selections(self: Any) -> Any:
    rows = [
        {
            "SelectionId": known["SelectionId"],
            "SelectionName": known["BackupSelection"]["SelectionName"],
            "BackupPlanId": known["BackupPlanId"],
            "CreationDate": known["CreationDate"],
            "IamRoleArn": known["BackupSelection"].get("IamRoleArn"),
        }
        for known in _selections(self).values()
    ]
    return answer({"BackupSelectionsList": rows})


def _get_selection(self: Any) -> Any:
    known = _selections(self).get(self.path.rstrip("/").split("/")[-1])
    if known is None:
        raise refusal("ResourceNotFoundException", "Backup selection does not exist.")
    return answer(known)


def _delete_selection(self: Any) -> Any:
    if _selections(self).pop(self.path.rstrip("/").split("/")[-1], None) is None:
        raise refusal("ResourceNotFoundException", "Backup selection does not exist.")
    return answer({})


def _delete_plan(handler: Any) -> Any:
    original = handler.delete_backup_plan

    def delete_backup_plan(self: Any) -> Any:
        plan = self.path.rstrip("/").split("/")[-1]
        if _store(self, "sandbox_selections").get(plan):
            raise refusal(
                "InvalidRequestException",
                "Related backup plan selections must be deleted prior to backup plan deletion",
            )
        answered = original(self)
        self.backup_backend.plans.pop(plan, None)  # moto keeps a deleted plan's name taken, AWS does not
        return answered

    return delete_backup_plan


def _start_job(world: World) -> Any:
    def start_backup_job(self: Any) -> Any:
        asked = json.loads(self.body)
        if asked["BackupVaultName"] not in self.backup_backend.vaults:
            raise refusal(
                "ResourceNotFoundException", f"Backup vault {asked['BackupVaultName']} does not exist."
            )
        job = {
            "BackupJobId": _id(),
            "BackupVaultName": asked["BackupVaultName"],
            "ResourceArn": asked["ResourceArn"],
            "IamRoleArn": asked["IamRoleArn"],
            "CreationDate": _now(),
            "sandbox_started": world.clock(),
        }
        _store(self, "sandbox_jobs")[str(job["BackupJobId"])] = job
        return answer({"BackupJobId": job["BackupJobId"], "CreationDate": job["CreationDate"]})

    return start_backup_job


def _shown(world: World, job: dict[str, Any]) -> dict[str, Any]:
    passed = world.since(job["sandbox_started"])
    state = "COMPLETED" if passed >= JOB_SECONDS else "RUNNING"
    percent = min(100, int(100 * passed / JOB_SECONDS))
    shown = {name: value for name, value in job.items() if not name.startswith("sandbox_")}
    return {**shown, "State": state, "PercentDone": f"{percent}.0"}


def _describe_job(world: World) -> Any:
    def describe_backup_job(self: Any) -> Any:
        job = _store(self, "sandbox_jobs").get(self.path.rstrip("/").split("/")[-1])
        if job is None:
            raise refusal("ResourceNotFoundException", "Backup job does not exist.")
        return answer(_shown(world, job))

    return describe_backup_job


def _list_jobs(world: World) -> Any:
    def list_backup_jobs(self: Any) -> Any:
        return answer({"BackupJobs": [_shown(world, job) for job in _store(self, "sandbox_jobs").values()]})

    return list_backup_jobs
