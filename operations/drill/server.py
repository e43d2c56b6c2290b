"""The process that serves the embedded AWS sandbox: `python -m operations.drill.server --port N`."""

from __future__ import annotations

import argparse
import os
import random
import signal
import socket
import sys
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, NoReturn

from operations.drill.errors import SandboxError
from operations.drill.metrics_file import read_metrics
from operations.drill.orphans import end_with
from operations.drill.patches import Registry
from operations.drill.world import World
from operations.drill.worlds import Worlds
from state.text import clean

if TYPE_CHECKING:
    from operations.drill.traffic import Traffic, TrafficMetric

HOST = "127.0.0.1"
"""The only address a sandbox is ever reached at: loopback."""

UNUSABLE = 2
"""Exit code when the port belongs to another program, or the plan cannot be read."""


def main(arguments: list[str] | None = None) -> int:
    """Serve until SIGTERM, SIGINT or, if asked, the end of the parent process.

    Returns:
        0 after a wanted end, 2 when the port or the arguments are unusable.
    """
    options = _parse(sys.argv[1:] if arguments is None else arguments)
    try:
        listener = _listen(options.port)
    except OSError as error:
        sys.stderr.write(
            f"cutover sandbox: port {options.port} of {HOST} cannot be used ({error.strerror}); choose another with --port\n"
        )
        return UNUSABLE
    try:
        metrics = read_metrics(options.plan)
    except SandboxError as error:
        sys.stderr.write(f"cutover sandbox: {clean(error)}\n")
        return UNUSABLE
    _end_on_signals()
    if options.die_with is not None:
        end_with(options.die_with)
    serve(listener, options, metrics)
    return 0


def serve(listener: socket.socket, options: argparse.Namespace, metrics: list[TrafficMetric]) -> None:
    """Load the sandbox, tell that it is ready, and answer calls until a signal ends the process.

    Args:
        listener: A socket that listens on loopback.
        options: The command line.
        metrics: What the traffic publishes.
    """
    port = listener.getsockname()[1]
    os.environ["MOTO_PORT"] = str(port)
    os.environ.setdefault("MOTO_ACM_VALIDATION_WAIT", "0")  # seconds until a certificate counts as validated
    from operations.drill.application import build
    from operations.drill.faults.middleware import in_front_of

    world = World(speed=options.speed)
    registry = Registry(world)
    application = in_front_of(build(registry), world)
    traffic = _start_traffic(metrics, registry, options.interval)
    worlds = Worlds(traffic.quiet, lambda original: _begin_copy(original, traffic))
    server = _make_server(listener, worlds.in_front_of(application, lambda: _knock(port)), worlds)
    endpoint = f"http://{HOST}:{port}"
    if options.ready_fd is not None:
        os.write(options.ready_fd, f"{endpoint}\n".encode())
        os.close(options.ready_fd)
    sys.stdout.write(f"{endpoint}\n")
    sys.stdout.flush()
    server.serve_forever(poll_interval=0.5)


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="operations.drill.server", description="Serve the embedded AWS sandbox."
    )
    parser.add_argument("--port", type=int, default=0, help="port on loopback; 0 takes a free one")
    parser.add_argument("--ready-fd", type=int, help="descriptor that the endpoint is written to when ready")
    parser.add_argument("--plan", type=Path, help="plan file or folder whose metrics the traffic plays")
    parser.add_argument(
        "--speed", type=float, default=1.0, help="how many times faster than life processes run"
    )
    parser.add_argument(
        "--interval", type=float, default=5.0, help="seconds between two points of every metric"
    )
    parser.add_argument(
        "--die-with", type=int, metavar="PID", help="end when the parent, which is this process, has ended"
    )
    return parser.parse_args(arguments)


def _listen(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen(128)
    except OSError:
        listener.close()
        raise
    return listener


def _knock(port: int) -> None:
    """Make the server's loop turn once."""
    socket.create_connection((HOST, port)).close()


def _begin_copy(original: int, traffic: Traffic) -> None:
    """What a forked copy of a process needs anew: threads do not survive a fork."""
    end_with(original)
    traffic.go_on()


def _make_server(listener: socket.socket, application: Any, worlds: Worlds) -> Any:
    from moto.moto_server.werkzeug_app import MotoRequestHandler
    from werkzeug.serving import make_server

    class Handler(MotoRequestHandler):
        """Keeps connections open and writes no request log."""

        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def setup(self) -> None:
            """A connection begins."""
            super().setup()
            worlds.opened(self.request)

        def finish(self) -> None:
            """A connection is over."""
            worlds.closed(self.request)
            super().finish()

        def log_request(self, *_args: Any, **_kwargs: Any) -> None:
            """Nothing: the journal of the caller is the log."""

    server = make_server(
        HOST,
        listener.getsockname()[1],
        application,
        threaded=True,
        request_handler=Handler,
        fd=listener.fileno(),
    )
    server.service_actions = worlds.at_rest  # type: ignore[method-assign]
    return server


def _start_traffic(metrics: list[TrafficMetric], registry: Registry, interval: float) -> Traffic:
    """History and a thread of points; CloudWatch's patch must be in place before its backend is made."""
    from datetime import UTC, datetime

    from operations.drill.traffic import Publisher, Traffic

    registry.apply("cloudwatch")
    publisher = Publisher(metrics, random.Random(0), lambda: datetime.now(UTC))  # noqa: S311 - figures, not secrets
    traffic = Traffic(publisher, interval)
    traffic.start()
    return traffic


def _end_on_signals() -> None:
    def end(_signal: int, _frame: FrameType | None) -> NoReturn:
        os._exit(
            0
        )  # everything here is in memory, and threads in the middle of an answer must not delay the end

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)


if __name__ == "__main__":
    sys.exit(main())
