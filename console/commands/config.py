"""`cutover config`: the settings, and where each came from."""

from __future__ import annotations

import os

import click

from console.options import format_option


@click.group()
def config() -> None:
    """Look at the settings; they are never written by this program."""


@config.command("show")
@click.option("--origin", is_flag=True, help="Also say where each value came from.")
@format_option("text", "json")
def show_config(origin: bool, form: str) -> int:
    """Show every setting.

    \b
    Example:  cutover config show --origin
    """
    from console.output import show, show_json, table
    from console.settings import load_settings, state_folder

    loaded = load_settings(os.environ)
    values = {
        **loaded.values.model_dump(),
        "config_file": str(loaded.file),
        "state_folder": str(state_folder(os.environ)),
    }
    origins = {
        **loaded.origins,
        "config_file": "environment or default",
        "state_folder": "environment or default",
    }
    if form == "json":
        show_json(
            {
                key: {"value": value, "origin": origins[key]} if origin else value
                for key, value in values.items()
            }
        )
        return 0
    rows = [(key, value, origins[key]) if origin else (key, value) for key, value in values.items()]
    show(table(rows, ("setting", "value", "origin")[: len(rows[0])]))
    return 0
