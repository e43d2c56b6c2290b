"""`cutover config`: the settings, and where each came from."""

from __future__ import annotations

import os

import click

from console.options import format_option


@click.group()
def config() -> None:
    """Look at the settings; they are never written by this program.

    \b
    Example:  cutover config show --origin
    """


@config.command("show")
@click.option("--origin", is_flag=True, help="Also say where each value came from.")
@format_option("text", "json")
def show_config(origin: bool, form: str) -> int:
    """Show every setting, and the keys that you have put elsewhere.

    \b
    Example:  cutover config show --origin
    """
    from console.actions import ACTIONS
    from console.keymap import read_keys
    from console.output import show, show_json, table
    from console.settings import load_settings, state_folder
    from screens.action import shown_key

    loaded = load_settings(os.environ)
    values = {
        **loaded.values.model_dump(mode="json"),
        "config_file": str(loaded.file),
        "state_folder": str(state_folder(os.environ)),
    }
    origins = {
        **loaded.origins,
        "config_file": "environment or default",
        "state_folder": "environment or default",
    }
    for action_id, keys in read_keys(loaded.keys, loaded.file, ACTIONS).keys.items():
        values[f"keys.{action_id}"] = " ".join(map(shown_key, keys)) or "none"
        origins[f"keys.{action_id}"] = str(loaded.file)
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
