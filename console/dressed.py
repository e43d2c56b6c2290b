"""An app in themes: its colours as data, and nothing on the wire that the terminal cannot show or was told not to."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from textual.filter import LineFilter
from textual.theme import Theme

from console.parts import Frame
from console.sturdy import SturdyApp
from console.terminal.listening import ConsoleDriver
from screens.glyphs import ASCII_CLASS, Glyphs, choose_glyphs
from screens.wire import AsciiOnly, Colourless, OwnSixteen
from themes.loader import DEFAULT_THEME, NO_COLOUR_THEME, LoadedThemes, load_themes


@lru_cache(maxsize=1)
def _bundled() -> LoadedThemes:
    return load_themes()


_ASCII_ONLY, _COLOURLESS, _OWN_SIXTEEN = AsciiOnly(), Colourless(), OwnSixteen()


class DressedApp(SturdyApp):
    """Draws in a theme, with the glyphs that the terminal has."""

    frame: Frame = Frame.CALM
    """What the lines around panes and dialogs say; Textual asks for colours before any `__init__` of ours is done."""

    def __init__(self) -> None:
        """Find out what the terminal can show; `dress` puts a theme on."""
        self.without_colour = "NO_COLOR" in os.environ
        super().__init__(driver_class=ConsoleDriver, ansi_color=True if self.without_colour else None)
        self.glyphs: Glyphs = choose_glyphs(os.environ)
        self.set_class(self.glyphs.ascii, ASCII_CLASS)
        self.theme_names: tuple[str, ...] = ()
        self.theme_problems: list[str] = []

    def dress(self, theme: str, folder: Path | None) -> None:
        """Put a theme on; one of the user's own may lie in the folder. What is wrong with it stands in `theme_problems`."""
        wanted = NO_COLOUR_THEME if self.without_colour else theme
        loaded = load_themes(folder) if folder is not None else _bundled()
        self.theme_problems = [f"{problem.file}: {problem.message}" for problem in loaded.problems]
        self.theme_names = tuple(each.name for each in loaded.themes)
        for each in loaded.themes:
            self.register_theme(each)
        if wanted not in self.theme_names:
            self.theme_problems.append(
                f"there is no theme {wanted}; these are: {', '.join(self.theme_names)}"
            )
        self.theme = wanted if wanted in self.theme_names else DEFAULT_THEME

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Colours for themes that do not name them, Textual's own among them."""
        default = next(theme for theme in _bundled().themes if theme.name == DEFAULT_THEME)
        return dict(default.variables)

    def get_css_variables(self) -> dict[str, str]:
        """The theme's colours; the lines around panes and dialogs are in the colour of LIVE where all is live."""
        variables = super().get_css_variables()
        if self.frame is Frame.LIVE:
            variables |= {"frame": variables["live"], "dialog-border": variables["live"]}
        self.theme_variables = variables
        return variables

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Textual's own, then what the terminal cannot show or was told not to: nothing gets past these."""
        wire: list[LineFilter] = [_ASCII_ONLY] if self.glyphs.ascii else []
        if self.no_color:
            wire.append(_COLOURLESS)
        elif self.current_theme.ansi:
            wire.append(_OWN_SIXTEEN)
        return [*super().get_line_filters(), *wire]

    def on_ready(self) -> None:
        """The first paint is out: what is drawn later follows the theme."""
        self.theme_changed_signal.subscribe(self, self._recolour)

    def _recolour(self, _theme: Theme) -> None:
        """What is drawn in a theme's colours by Python is drawn again; stylesheets see to the rest."""
        for screen in self.screen_stack:
            for widget in screen.walk_children():
                widget.refresh()
