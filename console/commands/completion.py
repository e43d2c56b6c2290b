"""`cutover completion`: what a shell needs to complete commands, options and plans."""

from __future__ import annotations

import click

SHELLS = ("bash", "zsh", "fish")
VARIABLE = "_CUTOVER_COMPLETE"
"""The variable through which click's scripts ask the program."""


@click.command()
@click.argument("shell", type=click.Choice(SHELLS), metavar="SHELL")
def completion(shell: str) -> int:
    """Print the completion script for SHELL: bash (4.4 or newer), zsh or fish.

    \b
    Example:  cutover completion bash > ~/.local/share/bash-completion/completions/cutover
              cutover completion zsh > ~/.zfunc/_cutover
              cutover completion fish > ~/.config/fish/completions/cutover.fish
    """
    from click.shell_completion import get_completion_class

    from console.cli import cutover
    from console.output import show

    found = get_completion_class(shell)
    assert found is not None  # noqa: S101 - the choice allows only shells that click knows
    show(found(cutover, {}, "cutover", VARIABLE).source())
    return 0
