"""The table of probes, read from `probes.yaml` when first asked for."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from operations.aws.probes.probe import Probe


class ProbeTable:
    """Which probe finds out about which call. Cheap to make; the table is read at the first question."""

    def __init__(self) -> None:
        self._rows: dict[str, Probe] | None = None

    def probe_for(self, api: str, request: Mapping[str, Any] | None = None) -> Probe | None:
        """Returns the probe for a call, or None when nothing can be looked up.

        Args:
            api: The call as `service:Action`.
            request: Its parameters; when given, None is returned too where they hold no natural key.
        """
        probe = self._table().get(api)
        if probe is None or (request is not None and not probe.usable(request)):
            return None
        return probe

    def apis(self) -> tuple[str, ...]:
        """Returns the calls that have a probe."""
        return tuple(self._table())

    def _table(self) -> dict[str, Probe]:
        if self._rows is None:
            import yaml

            text = files("operations.aws.probes").joinpath("probes.yaml").read_text("utf-8")
            self._rows = {api: _probe(api, row) for api, row in yaml.safe_load(text).items()}
        return self._rows


def _probe(api: str, row: Mapping[str, Any]) -> Probe:
    return Probe(
        api=api,
        read=row["read"],
        params=row["params"],
        answer=row["response"],
        needs=tuple(row.get("needs", ())),
        select=row.get("select"),
        where=tuple(row.get("where", {}).items()),
        absent_errors=frozenset(row.get("absent", ())),
        absence_is_success=row.get("gone") == "applied",
        first_page_holds=bool(row.get("first_page_holds", False)),
        follow=tuple(row["follow"]) if "follow" in row else None,
    )
