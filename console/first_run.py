"""The first run: nobody has set anything up, so the program says what it is and what to try, and does it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

import click

from console.settings import state_folder

WELCOME = """\
cutover carries a live system to AWS, step by reversible step.

There are no AWS credentials and no journals here yet. To begin:

  d  try it    the console on an embedded AWS sandbox: no account, no network;
               :tour shows you round                              cutover drill
  r  look      the bundled reference plan, read-only     cutover open reference
  h  doctor    what this terminal and host can do                cutover doctor
  q  quit

Your own plan: docs/plan-format.md and `cutover export schema` say how to write
one; then `cutover check PLAN` and `cutover PLAN`. To act on AWS log in first:
`aws configure sso`, `aws sso login`. Commands: `cutover --help`, `cutover man`.
"""


class Choice(StrEnum):
    """What somebody may want first."""

    DRILL = "d"
    REFERENCE = "r"
    DOCTOR = "h"
    QUIT = "q"


def is_first_run(environment: Mapping[str, str], home: Path) -> bool:
    """Whether there is neither a trace of credentials nor a journal of anything but drills."""
    from operations.aws.credential_signs import credential_sign

    if environment.get("CUTOVER_JOURNAL") or credential_sign(environment, home) is not None:
        return False
    folder = state_folder(environment)
    return not (folder.is_dir() and any(folder.glob("*.journal")))


def welcome() -> Choice:
    """Say what there is, and ask what it shall be; plain lines, which any terminal and screen reader can show."""
    from console.output import say

    say(WELCOME)
    answer = click.prompt(
        "What will it be",
        type=click.Choice([choice.value for choice in Choice], case_sensitive=False),
        default=Choice.DRILL.value,
        err=True,
    )
    return Choice(answer)


def begin() -> int:
    """Welcome somebody and do what they choose."""
    from console.opening import ConsoleOptions, open_drill, open_on

    options = ConsoleOptions(None, None, None, None)
    match welcome():
        case Choice.DRILL:
            return open_drill("reference", options)
        case Choice.REFERENCE:
            return open_on("reference", options)
        case Choice.DOCTOR:
            from console.commands.doctor import doctor

            return int(doctor.main([], standalone_mode=False) or 0)
    return 0
