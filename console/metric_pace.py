"""The pausing of metrics, in words."""

from __future__ import annotations

from screens.metrics_port import MetricsControl

ALONE = "readings come by themselves here"


def toggled(control: MetricsControl | None) -> str:
    """Pause the poller, or have it go on; what is so now."""
    if control is None:
        return ALONE
    control.pause(paused=not control.paused)
    return "metrics are paused" if control.paused else "metrics are read again"
