"""`cutover verify` of 100 checks beside the same 100 calls in a bare aiobotocore script and through the `aws` CLI under `xargs -P8`.

All of them are whole processes, side by side on one sandbox that `cutover sandbox` serves, after a whole forward run.
"""

import json
import os
import re
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from botocore import xform_name

from console.compose import made_up_secrets
from console.journal.journals import read_status
from operations.checks.library import Source, library
from operations.engine.values import Values
from operations.plan.loader import load_plan
from operations.plan.references import fill
from operations.plan.steps import ApiStep
from tests.benchmarks.measure import Line, seconds

CHECKS = 100
PARALLEL = 8
TIMES = 5
TIMES_CLI = 3
"""The CLI takes a process a call; fewer rounds keep the measurement under some minutes."""
SPEED = 100_000
PATIENCE = 60.0
BARE = Path(__file__).with_name("bare_calls.py")
PLANS = Path(__file__).parents[2] / "operations" / "plans" / "reference"
CLI_SERVICES = {"s3": "s3api"}
"""Services that the CLI names otherwise."""


@dataclass(frozen=True)
class Contender:
    """Something that makes the calls; `act` raises when one of them fails."""

    what: str
    act: Callable[[], None]
    times: int = TIMES


@dataclass(frozen=True)
class World:
    """The sandbox, the journal of the run in it, and an environment without anybody's settings."""

    folder: Path
    endpoint: str
    environment: dict[str, str]

    @property
    def journal(self) -> Path:
        return self.folder / "bench.journal"

    def cutover(self, *words: str) -> str:
        """What a `cutover` process prints; only a verdict of `no` may end it otherwise than with 0."""
        done = subprocess.run(
            [sys.executable, "-m", "console", *words, "--journal", str(self.journal)],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode not in (0, 1):
            raise RuntimeError(f"cutover {words[0]} ended with {done.returncode}: {done.stderr[-500:]}")
        return done.stdout


@contextmanager
def world() -> Iterator[World]:
    """A served sandbox in which the reference plan has gone forward."""
    with tempfile.TemporaryDirectory() as name, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        made = World(Path(name), f"http://127.0.0.1:{port}", _environment(name))
        served = subprocess.Popen(
            [sys.executable, "-m", "console", "sandbox", "--port", str(port), "--speed", str(SPEED)],
            env=made.environment,
            stdout=subprocess.DEVNULL,
        )
        try:
            _wait(port)
            made.cutover(
                "run", "reference", "--all", "--yes", f"--sandbox={made.endpoint}", "--speed", str(SPEED)
            )
            yield made
        finally:
            served.terminate()
            served.wait()


def _environment(folder: str) -> dict[str, str]:
    kept = {key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ}
    return kept | {
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "XDG_STATE_HOME": folder,
        "XDG_CONFIG_HOME": folder,
        "XDG_DATA_HOME": folder,
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_PAGER": "",
    }


def _wait(port: int) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError("the sandbox does not answer")


def _chosen(made: World) -> tuple[list[str], list[dict[str, Any]]]:
    """The first 100 checks of the register that pass, and the calls that they make."""
    told = json.loads(
        made.cutover("verify", "reference", f"--sandbox={made.endpoint}", "--no-record", "--format", "json")
    )
    passing = {row["id"] for row in told["checks"] if row["verdict"] == "pass"}
    plan, status = load_plan("reference").plan, read_status(made.journal)
    assert status.run is not None
    values = Values(
        plan, status.run.id, plan.account, plan.region, lambda: datetime.now(UTC), made_up_secrets
    )
    values.learn(status)
    ids, calls = [], []
    for check in library(plan):
        if check.source is not Source.CHECK or check.id not in passing or not isinstance(check.step, ApiStep):
            continue
        service, _, operation = check.step.api.partition(":")
        method = xform_name(operation)
        ids.append(check.id)
        calls.append(
            {"service": service, "method": method, "params": fill(check.step.params, values.scope(""))}
        )
        if len(ids) == CHECKS:
            return ids, calls
    raise RuntimeError(f"only {len(ids)} checks pass")


def _verify(made: World, plan: str, ids: Sequence[str]) -> Callable[[], None]:
    chosen = [word for key in ids for word in ("--id", key)]

    def act() -> None:
        told = json.loads(
            made.cutover(
                "verify", plan, f"--sandbox={made.endpoint}", "--no-record", "--format", "json",
                "--max-parallel", str(PARALLEL), *chosen,
            )
        )  # fmt: skip
        if told["counts"]["pass"] != len(ids):
            raise RuntimeError(f"not all checks passed: {told['counts']}")

    return act


def _bare(made: World, calls: Path) -> Callable[[], None]:
    def act() -> None:
        words = [sys.executable, str(BARE), made.endpoint, str(calls), str(PARALLEL)]
        done = subprocess.run(words, env=made.environment, capture_output=True, text=True, check=True)
        if int(done.stdout) != CHECKS:
            raise RuntimeError(f"{done.stdout.strip()} calls were answered")

    return act


def _cli(made: World, aws: str, calls: Sequence[dict[str, Any]]) -> Callable[[], None]:
    words: list[str] = []
    for call in calls:
        service = CLI_SERVICES.get(call["service"], call["service"])
        operation = call["method"].replace("_", "-")
        words += [service, operation, "--cli-input-json", json.dumps(call["params"])]
    given = "\0".join(words) + "\0"

    def act() -> None:
        subprocess.run(
            ["xargs", "-0", "-n", "4", f"-P{PARALLEL}", aws, "--endpoint-url", made.endpoint, "--output", "json"],
            env=made.environment,
            input=given,
            text=True,
            stdout=subprocess.DEVNULL,
            check=True,
        )  # fmt: skip

    return act


def _unlimited(made: World) -> str:
    """The reference plan without `calls_per_second`: what the limits of the plan cost shows beside it."""
    folder = made.folder / "unlimited"
    shutil.copytree(PLANS, folder)
    file = folder / "plan.yaml"
    file.write_text(re.sub(r"\n  calls_per_second: \{[^}]*\}", "", file.read_text()))
    return str(folder)


def _contenders(made: World) -> tuple[list[Contender], list[Line]]:
    ids, calls = _chosen(made)
    file = made.folder / "calls.json"
    file.write_text(json.dumps(calls))
    found = [
        Contender("bare aiobotocore script", _bare(made, file)),
        Contender("cutover verify, the plan's rate limits", _verify(made, "reference", ids)),
        Contender("cutover verify, limits taken out", _verify(made, _unlimited(made), ids)),
    ]
    aws, xargs = shutil.which("aws"), shutil.which("xargs")
    if aws is None or xargs is None:
        missing = "aws" if aws is None else "xargs"
        return found, [Line(f"aws CLI under xargs -P{PARALLEL}", f"not measured: `{missing}` is not on PATH")]
    said = subprocess.run(
        [aws, "--version"], env=made.environment, capture_output=True, text=True, check=False
    )
    name = (said.stdout or said.stderr).split(" ")[0]
    return [*found, Contender(f"{name} under xargs -P{PARALLEL}", _cli(made, aws, calls), TIMES_CLI)], []


def _cpu() -> float:
    """Processor seconds of all processes that were started here and have ended: what a busy machine does not change."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def measure() -> Sequence[Line]:
    """Medians of rounds in which each takes its turn, and their ratio to the bare script."""
    with world() as made:
        contenders, lines = _contenders(made)
        times: dict[str, list[float]] = {each.what: [] for each in contenders}
        spent: dict[str, list[float]] = {each.what: [] for each in contenders}
        for number in range(TIMES):
            for each in contenders:
                if number < each.times:
                    before = _cpu()
                    times[each.what].append(seconds(each.act))
                    spent[each.what].append(_cpu() - before)
    floor, least = median(times[contenders[0].what]), median(spent[contenders[0].what])
    rows = [
        Line(
            f"{CHECKS} calls: {what}",
            f"median {median(found):7.2f} s  {median(found) / floor:5.2f}x   best {min(found):7.2f} s   "
            f"CPU {median(spent[what]):6.2f} s  {median(spent[what]) / least:5.2f}x   n {len(found)}",
        )
        for what, found in times.items()
    ]
    return [*rows, *lines]
