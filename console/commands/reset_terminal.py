"""`cutover reset-terminal`: mend a terminal that a killed program left in disorder."""

from __future__ import annotations

import click


@click.command("reset-terminal")
def reset_terminal() -> int:
    """Mend this terminal after a console was killed or a link was lost.

    Leaves the full screen, turns mouse, focus, paste and kitty key reports off, shows the cursor, and sets the line's
    modes as `stty sane` does. When keys print junk or nothing, type it blindly and end it with Ctrl+J.

    \b
    Example:  cutover reset-terminal
    """
    from console.exit_codes import CommandError
    from console.terminal.mend import mend

    if not mend():
        raise CommandError("there is no terminal to mend: run this on the terminal that is in disorder")
    return 0
