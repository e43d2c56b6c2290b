"""The page that shows a console: textual-serve's terminal, nothing from anywhere else, no script of the page's own."""

from __future__ import annotations

import html
from importlib.util import find_spec
from pathlib import Path

from console.exit_codes import CommandError, ExitCode

SCRIPT, SHEET, FONT = "js/textual.js", "css/xterm.css", "fonts/RobotoMono-VariableFont_wght.ttf"


def assets() -> Path:
    """The folder of textual-serve's script, style and font.

    Raises:
        CommandError: the extra is not installed.
    """
    found = find_spec("textual_serve")
    folder = Path(found.origin).parent / "static" if found and found.origin else None
    if folder is None or not (folder / SCRIPT).is_file():
        raise CommandError(
            "`cutover serve` needs the extra `serve`: install cutover-console[serve]", ExitCode.REFUSED
        )
    return folder


def policy(host: str) -> str:
    """The page's content security policy: its own script, style and font, and its own WebSocket.

    xterm.js sets styles from its script, hence `unsafe-inline` for styles alone.
    """
    return (
        f"default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self'; "
        f"img-src 'self' data:; connect-src 'self' ws://{host}; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    )


def page(title: str, host: str) -> str:
    """The page; `host` is a `Host` header that the door has let in."""
    name, where = html.escape(title), html.escape(f"ws://{host}/ws")
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{name}</title>
<link rel="stylesheet" href="/static/{SHEET}">
<script src="/static/{SCRIPT}"></script>
<style>
@font-face {{ font-family: "Roboto Mono"; src: url("/static/{FONT}"); }}
html, body {{ height: 100%; margin: 0; background: #101418; color: #e6e6e6; font-family: "Roboto Mono", monospace; }}
.textual-terminal {{ width: 100vw; height: 100vh; }}
.over {{ display: none; position: absolute; inset: 0; padding: 2em; background: #101418; z-index: 10; }}
body.-closed .over {{ display: block; }}
</style>
</head>
<body>
<p class="over">The console has ended. Reload the page to open it again.</p>
<div id="terminal" class="textual-terminal" data-session-websocket-url="{where}" data-font-size="16"></div>
</body>
</html>
"""
