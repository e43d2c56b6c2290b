"""The colour of every role of text, as the theme has it.

Component classes would do the same: two dozen of them for every widget, each matched against the whole stylesheet
whenever a screen opens, which is most of what opening one costs. The theme's own table is asked instead.
"""

from __future__ import annotations

from functools import lru_cache

from rich.style import Style
from textual.color import Color
from textual.widget import Widget

from screens.lines import Role

_UNCOLOURED = frozenset({Role.PLAIN, Role.STRONG, Role.HEADING})


def role_style(widget: Widget, role: Role) -> Style:
    """The style of a role on a widget, without a background of its own."""
    if role is Role.PLAIN:
        return Style.null()
    if role in _UNCOLOURED:
        return _emphasis(role)
    return _coloured(widget.app.theme_variables[role.value], role)


@lru_cache(1024)
def _coloured(colour: str, role: Role) -> Style:
    return Style(color=Color.parse(colour).rich_color) + _emphasis(role)


@lru_cache(None)
def _emphasis(role: Role) -> Style:
    return Style(bold=role.bold or None, reverse=role.reverse or None)
