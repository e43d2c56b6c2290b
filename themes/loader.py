"""Reads colour themes from TOML; a bad file is reported and never stops the console."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError
from textual.color import Color, ColorParseError
from textual.theme import Theme

from themes.names import FALLBACKS

DEFAULT_THEME = "dark"
"""The bundled theme that stands in for one that is missing."""
NO_COLOUR_THEME = "ansi-16"
"""The theme for `NO_COLOR`: only one with the terminal's own colours can be stripped of them entirely."""


class Base(BaseModel):
    """Textual's own colours; every theme names all of these."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    primary: str
    secondary: str
    accent: str
    warning: str
    error: str
    success: str
    foreground: str
    background: str
    surface: str
    panel: str


class ThemeFile(BaseModel):
    """One file: its name, what it is for, its colours, and the names it gives a colour of their own."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    about: str
    dark: bool = True
    ansi: bool = False
    base: Base
    names: dict[str, str] = {}
    textual: dict[str, str] = {}


@dataclass(frozen=True, slots=True)
class ThemeProblem:
    """A file that is no theme, and why, in one line."""

    file: str
    message: str


@dataclass(frozen=True, slots=True)
class LoadedThemes:
    """The themes that could be read, and the files that could not."""

    themes: tuple[Theme, ...]
    problems: tuple[ThemeProblem, ...]


def load_themes(folder: Path | None = None) -> LoadedThemes:
    """The bundled themes, then those of a user's folder, which may replace bundled ones by name."""
    themes: dict[str, Theme] = {}
    problems: list[ThemeProblem] = []
    sources: list[Traversable] = sorted(files("themes").iterdir(), key=lambda entry: entry.name)
    if folder is not None and folder.is_dir():
        sources += sorted(folder.iterdir())
    for source in sources:
        if not source.name.endswith(".toml"):
            continue
        try:
            theme = read_theme(source.read_text(encoding="utf-8"))
        except (ThemeError, OSError, UnicodeDecodeError) as error:
            problems.append(ThemeProblem(str(source), str(error)))
        else:
            themes[theme.name] = theme
    return LoadedThemes(tuple(themes.values()), tuple(problems))


class ThemeError(Exception):
    """A text that is no theme, in one line."""


def read_theme(text: str) -> Theme:
    """A theme from the text of a file.

    Raises:
        ThemeError: it is not TOML, lacks a colour, or names one that there is not.
    """
    try:
        data: dict[str, Any] = tomllib.loads(text)
        described = ThemeFile.model_validate(data)
    except tomllib.TOMLDecodeError as error:
        raise ThemeError(f"not TOML: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        raise ThemeError(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from error
    base = described.base.model_dump()
    unknown = sorted(set(described.names) - set(FALLBACKS))
    if unknown:
        raise ThemeError(f"names.{unknown[0]}: there is no such name")
    for key, colour in (*base.items(), *described.names.items()):
        _check(key, colour)
    variables = {name: described.names.get(name, base[fallback]) for name, fallback in FALLBACKS.items()}
    return Theme(
        name=described.name,
        dark=described.dark,
        ansi=described.ansi,
        variables={**variables, **described.textual},
        **base,
    )


def _check(key: str, colour: str) -> None:
    try:
        Color.parse(colour)
    except ColorParseError as error:
        raise ThemeError(f"{key}: `{colour}` is not a colour") from error
