"""`cutover man`: the man page."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.option("-o", "--output", metavar="FILE", help="Where to; default: standard output.")
def man(output: str | None) -> int:
    """Print the man page: every command, key, setting and exit code.

    \b
    Example:  cutover man -o ~/.local/share/man/man1/cutover.1
              cutover man | man -l -
    """
    from importlib.metadata import version

    from console.cli import cutover
    from console.exit_codes import CommandError, ExitCode
    from console.manual import man_page
    from console.output import show

    page = man_page(cutover, version("cutover-console"))
    if output is None:
        show(page.removesuffix("\n"))
        return 0
    try:
        Path(output).write_text(page, encoding="utf-8")
    except OSError as error:
        raise CommandError(f"{output}: cannot be written: {error.strerror}", ExitCode.REFUSED) from error
    return 0
