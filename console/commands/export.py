"""`cutover export`: plans and formats for other programs."""

from __future__ import annotations

import click

from console.options import plan_argument


@click.group()
def export() -> None:
    """Write what other programs read.

    \b
    Example:  cutover export schema reference -o plan.schema.json
    """


@export.command("schema")
@plan_argument
@click.option("-o", "output", metavar="PATH", help="Where to; default: standard output.")
def schema(plan: str, output: str | None) -> int:
    """Write the JSON Schema of plan files, for your editor.

    \b
    Example:  cutover export schema reference -o plan.schema.json
    """
    import json
    from pathlib import Path

    from console.exit_codes import CommandError, ExitCode
    from console.output import show
    from operations.plan.loader import find_plan
    from operations.plan.schema import json_schema

    find_plan(plan)
    text = json.dumps(json_schema(), indent=2, ensure_ascii=False)
    if output is None:
        show(text)
        return 0
    try:
        Path(output).write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise CommandError(f"{output}: cannot be written: {error.strerror}", ExitCode.REFUSED) from error
    return 0
