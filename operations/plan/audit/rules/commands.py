"""Rules about local commands: the program and the AWS CLI's command exist."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from operations.plan.audit.aws_cli import aws_problem
from operations.plan.audit.context import AuditContext
from operations.plan.audit.finding import Severity
from operations.plan.audit.rule import Defect, rule
from operations.plan.steps import CommandStep


@rule(
    "command/unknown-aws-command",
    Severity.ERROR,
    "Every `aws` command is one that the AWS CLI has.",
    "The CLI's commands follow the API models that come with cutover, but for a few of its own. One that does not exist ends "
    "with a usage error, in the middle of the operation.",
    "see `aws SERVICE help`",
)
def unknown_aws_command(context: AuditContext) -> Iterable[Defect]:
    """Argument vectors that begin with `aws`."""
    for site in context.sites:
        if isinstance(site.step, CommandStep) and site.step.command[0] == "aws":
            problem = aws_problem(site.step.command, context.knowledge)
            if problem is not None:
                yield Defect((*site.path, "command"), problem.message, problem.fix)


@rule(
    "command/no-such-script",
    Severity.WARNING,
    "A script that a command names by a relative path stands beside the plan.",
    "`./rollback.sh` that nobody wrote is found out about when it is needed. Programs without a path are looked for when "
    "the plan runs; absolute paths are the host's own business.",
    "write the script, or correct the path",
)
def no_such_script(context: AuditContext) -> Iterable[Defect]:
    """Relative paths at the head of argument vectors."""
    origin = context.loaded.origin
    folder = origin if origin.is_dir() else origin.parent
    for site in context.sites:
        if not isinstance(site.step, CommandStep):
            continue
        program = site.step.command[0]
        relative = "/" in program and "${" not in program and not Path(program).is_absolute()
        if relative and not (folder / program).exists():
            yield Defect((*site.path, "command"), f"there is no `{program}` beside the plan")


RULES = (unknown_aws_command, no_such_script)
