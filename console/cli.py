"""The command `cutover`: finds the command asked for, and ends with one line and the contract's exit code."""

from __future__ import annotations

import difflib
import errno
import gc
import importlib
import os
import sys
from pathlib import Path
from typing import Any

import click

from console.exit_codes import CommandError, ExitCode, code_for, told

COMMANDS = {
    "attach": "console.commands.attach:attach",
    "approve": "console.commands.approve:approve",
    "check": "console.commands.check:check",
    "completion": "console.commands.completion:completion",
    "config": "console.commands.config:config",
    "doctor": "console.commands.doctor:doctor",
    "drill": "console.commands.open:drill",
    "export": "console.commands.export:export",
    "gate": "console.commands.gate:gate",
    "journal": "console.commands.journal:journal",
    "man": "console.commands.man:man",
    "mark-done": "console.commands.by_hand:mark_done",
    "metrics": "console.commands.metrics:metrics",
    "notify": "console.commands.notify:notify",
    "open": "console.commands.open:open_console",
    "orphan": "console.commands.by_hand:orphan",
    "rehearse": "console.commands.rehearse:rehearse",
    "resolve": "console.commands.resolve:resolve",
    "reset-terminal": "console.commands.reset_terminal:reset_terminal",
    "resume": "console.commands.resume:resume",
    "rollback": "console.commands.rollback:rollback",
    "run": "console.commands.run:run",
    "sandbox": "console.commands.sandbox:sandbox",
    "schedule": "console.commands.schedule:schedule",
    "serve": "console.commands.serve:serve",
    "skip": "console.commands.by_hand:skip",
    "status": "console.commands.status:status",
    "verify": "console.commands.verify:verify",
    "waive": "console.commands.waive:waive",
}
"""Every command and where it lives; a command's module is imported when the command is called."""


ACTING = {"run", "rollback", "resume", "rehearse"}
"""Commands whose end is not known when nobody reads on: they do not end with 0 then."""


class NobodyReadsError(Exception):
    """Who reads our output has enough, as `head` has: that is no failure, and click would take it for one."""


class CutoverGroup(click.Group):
    """Loads commands when they are asked for; a first word that is none of them is a plan to open."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands."""
        del ctx
        return sorted(COMMANDS)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """An option that is not the group's own is one of the console, which needs no name."""
        own = {name for parameter in self.get_params(ctx) for name in parameter.opts}
        if args and args[0].startswith("-") and args[0].partition("=")[0] not in own:
            args = ["open", *args]
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Carry the command out."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:
            if ctx.invoked_subcommand in ACTING:
                raise
            raise NobodyReadsError from error

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name, imported now."""
        del ctx
        where = COMMANDS.get(cmd_name)
        if where is None:
            return None
        module, _, name = where.partition(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """A command, or `open` with the first word as its plan."""
        if args[0] in COMMANDS:
            return super().resolve_command(ctx, args)
        from operations.plan.errors import PlanError
        from operations.plan.loader import find_plan

        try:
            find_plan(args[0])
        except PlanError as error:
            near = difflib.get_close_matches(args[0], COMMANDS, n=1)
            hint = f"did you mean `{near[0]}`?" if near else "see `cutover --help`"
            raise CommandError(f"no command or plan `{args[0]}`; {hint}") from error
        return "open", self.get_command(ctx, "open"), args


@click.group(
    cls=CutoverGroup,
    invoke_without_command=True,
    subcommand_metavar="[COMMAND|PLAN] [ARGS]...",
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(package_name="cutover-console", prog_name="cutover")
@click.pass_context
def cutover(ctx: click.Context) -> Any:
    """Carries a live system to AWS, step by reversible step.

    Without a command it opens the console on PLAN, or on the bundled reference plan; it starts read-only. Where there
    are neither credentials nor journals yet, it says what to try first.

    \b
    Example:  cutover drill
              cutover run reference vpc subnets --sandbox
    """
    if ctx.invoked_subcommand is None:
        from console.first_run import begin, is_first_run
        from console.options import on_terminal

        if on_terminal() and is_first_run(os.environ, Path.home()):
            return begin()
        command = CutoverGroup().get_command(ctx, "open")
        assert command is not None  # noqa: S101 - it stands in COMMANDS
        return ctx.invoke(command, plan="reference")
    return None


NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO}
"""What the system says of an output that takes no more; a file that is opened by name tells that itself."""

COLLECT_AFTER = (50_000, 20, 50)
"""Objects more than before after which Python looks for circles: plans and journals are large and have none."""


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; the exit code is returned, or given to the system when this is the script."""
    gc.set_threshold(*COLLECT_AFTER)
    code = _run(sys.argv[1:] if arguments is None else arguments)
    if arguments is None:
        sys.exit(code)
    return code


def _run(arguments: list[str]) -> int:
    try:
        result = cutover.main(arguments, prog_name="cutover", standalone_mode=False)
    except click.ClickException as error:
        return _fail(error.format_message().replace("\n", " "), ExitCode.USAGE)
    except (click.Abort, KeyboardInterrupt):
        return _fail("interrupted", ExitCode.INTERRUPTED)
    except (BrokenPipeError, NobodyReadsError):
        _write_nowhere()
        return ExitCode.DONE
    except Exception as error:  # noqa: BLE001 - a bug is told of, and ends the command
        if isinstance(error, OSError) and error.errno in NO_ROOM and error.filename is None:
            _write_nowhere()
            message = f"the output cannot be written: {error.strerror}; make room, or write it elsewhere"
            return _fail(message, ExitCode.REFUSED)
        code = code_for(error)
        if code is None:
            from console.crash import crashed

            return crashed(error, "this command")
        return _fail(told(error), code)
    return int(result or 0)


def _write_nowhere() -> None:
    """What is left in the buffer would fail again when Python ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _fail(message: str, code: ExitCode) -> int:
    from console.output import say_error

    say_error(message)
    return code
