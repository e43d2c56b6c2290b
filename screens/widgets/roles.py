"""Component classes for the roles of text, so that themes colour what Python only names."""

from __future__ import annotations

from functools import lru_cache

from rich.style import Style
from textual.widget import Widget

from screens.lines import Role

_UNCOLOURED = frozenset({Role.PLAIN, Role.STRONG, Role.HEADING})


def role_classes() -> set[str]:
    """The component class of every role."""
    return {f"role--{role.name.lower()}" for role in Role}


def role_css(widget: str) -> str:
    """The rules that give each role its theme colour on a kind of widget."""
    rules = []
    for role in Role:
        colour = "$foreground" if role in _UNCOLOURED else f"${role.value}"
        rules.append(f"{widget} > .role--{role.name.lower()} {{ color: {colour}; }}")
    return "\n".join(rules)


def role_style(widget: Widget, role: Role) -> Style:
    """The style of a role on a widget, without a background of its own."""
    if role is Role.PLAIN:
        return Style.null()
    if role in _UNCOLOURED:
        return _emphasis(role)
    return Style(color=widget.get_component_rich_style(f"role--{role.name.lower()}").color) + _emphasis(role)


@lru_cache(None)
def _emphasis(role: Role) -> Style:
    return Style(bold=role.bold or None, reverse=role.reverse or None)
