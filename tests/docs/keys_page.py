"""Writes `docs/keys.md` from the table of commands: `python -m tests.docs.keys_page > docs/keys.md`."""

from collections.abc import Sequence

from console.actions import ACTIONS
from screens.action import Action, Scope

HEAD = """# Keys and commands of the console

The console starts read-only. What is marked ● asks for something that changes the account or a run: it needs `:arm` first, and a dialog
shows what would happen before anything does. Every key has a command in the palette (`Ctrl+P`) as well, and those with a `:` name can be
typed after `:`, shortened as long as only one fits; what could be several does nothing and says which.
"""
OWN = """## Keys of your own

In the [settings](settings.md) file, by id, with one key or several; none takes the key away:

```toml
[keys]
run = ["x"]
down = ["n", "down"]
zoom = []
```

Keys are written as they are pressed: `x`, `X`, `?`, `Ctrl+X`, `Shift+Tab`, `F5`, `PgDn`. Help, the palette, the line of hints, dialogs, the tour
and `cutover config show` show them, and they move and close dialogs as well. Esc always goes back: `back` keeps it. Refused, with the line in the file: an id that there is not, a key that another command has (give that one another key in the same
table, and they may change places), Ctrl+C, Ctrl+P, Ctrl+Q and what terminals cannot tell apart; and, for what is marked ●, the keys
that are typed by accident or that answer questions: Enter, the space bar, `y`, `n`, Backspace, Tab, Esc and those that move.
"""


def keys_page(actions: Sequence[Action] = ACTIONS) -> str:
    """The whole page."""
    parts = [HEAD]
    for scope in Scope:
        rows = [_row(action) for action in actions if action.scope is scope]
        if rows:
            parts.append(
                f"## {scope.value}\n\n| id | key | command | does |\n|---|---|---|---|\n"
                + "\n".join(rows)
                + "\n"
            )
    return "\n".join([*parts, OWN])


def _row(action: Action) -> str:
    keys = " ".join(f"`{key}`" for key in action.shown_keys.split())
    usage = f"`{action.usage}`".replace("|", "\\|") if action.usage else ""
    mark = " ●" if action.mutates else ""
    return f"| `{action.id}` | {keys} | {usage} | {action.help}{mark} |"


if __name__ == "__main__":
    print(keys_page(), end="")
