"""Whole processes from start to end: how long a command takes, beside Python itself."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence

from tests.benchmarks.measure import Line, best, seconds

TIMES = 7
PROCESSES = {
    "python -c pass": ["-c", "pass"],
    "cutover --version": ["-m", "console", "--version"],
    "cutover status reference": ["-m", "console", "status", "reference"],
    "cutover schedule reference": ["-m", "console", "schedule", "reference"],
}


def measure() -> Sequence[Line]:
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "XDG_STATE_HOME": folder, "XDG_CONFIG_HOME": folder}
        environment.pop("CUTOVER_JOURNAL", None)

        def run(arguments: list[str]) -> object:
            return subprocess.run(
                [sys.executable, *arguments], env=environment, stdout=subprocess.DEVNULL, check=True
            )

        times: dict[str, list[float]] = {name: [] for name in PROCESSES}
        for _ in range(TIMES):
            for name, arguments in PROCESSES.items():
                times[name].append(seconds(lambda arguments=arguments: run(arguments)))
    return [best(name, found) for name, found in times.items()]
