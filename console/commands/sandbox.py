"""`cutover sandbox`: the embedded sandbox, served alone."""

from __future__ import annotations

import os
import signal
import threading

import click

from console.options import speed_option


@click.command()
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=0,
    help="Where to listen on loopback; default: any free port.",
)
@click.option(
    "--plan", default="reference", show_default=True, help="The plan whose metrics its traffic publishes."
)
@speed_option
def sandbox(port: int, plan: str, speed: float | None) -> int:
    """Serve the embedded AWS sandbox and print its endpoint; ends on SIGTERM or Ctrl+C.

    \b
    Example:  cutover sandbox --port 5000
    """
    from console.output import say, show
    from console.settings import load_settings
    from operations.drill.embedded import Sandbox
    from operations.plan.loader import find_plan

    pace = speed or load_settings(os.environ).values.sandbox_speed
    over = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: over.set())
    with Sandbox.start(find_plan(plan), port=port, speed=pace) as served:
        show(served.endpoint)
        while not over.wait(0.5):
            if not served.alive():
                say("error: the sandbox ended by itself")
                return 1
    return 0
