"""Secrets Manager: a secret's value is the one staged AWSCURRENT, not the one written last."""

from __future__ import annotations

from typing import Any

from operations.drill.patches.support import Method, wrap
from operations.drill.world import World


def apply(_world: World) -> None:
    """Let GetSecretValue mean AWSCURRENT when neither a version nor a stage is asked for."""
    from moto.secretsmanager import models

    wrap(models.SecretsManagerBackend, "get_secret_value", _current)


def _current(original: Method) -> Method:
    def get_secret_value(self: Any, secret_id: str, version_id: str, version_stage: str) -> Any:
        if not version_id and not version_stage and self._is_valid_identifier(secret_id):
            versions = self.secrets[secret_id].versions
            if any("AWSCURRENT" in version["version_stages"] for version in versions.values()):
                version_stage = "AWSCURRENT"
        return original(self, secret_id, version_id, version_stage)

    return get_secret_value
