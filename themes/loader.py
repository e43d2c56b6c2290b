"""Reads colour themes from TOML; a bad file is reported and never stops the console."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError
from textual.color import Color, ColorParseError
from textual.theme import Theme

from state.toml_lines import line_of
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
    """A file that is no theme, with its line where that is known, and why, in one line."""

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
        except ThemeError as error:
            place = f"{source}:{error.line}" if error.line else str(source)
            problems.append(ThemeProblem(place, str(error)))
        except OSError as error:
            problems.append(ThemeProblem(str(source), f"cannot be read: {error.strerror}"))
        except UnicodeDecodeError:
            problems.append(ThemeProblem(str(source), "not UTF-8 text"))
        else:
            themes[theme.name] = theme
    return LoadedThemes(tuple(themes.values()), tuple(problems))


class ThemeError(Exception):
    """A text that is no theme, in one line; `line` is where it stands in the text, counted from 1, if anywhere."""

    def __init__(self, message: str, line: int | None = None) -> None:
        self.line = line
        super().__init__(message)


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
        raise _not_valid(error, text) from error
    base = described.base.model_dump()
    for name in described.names:
        if name not in FALLBACKS:
            raise _unknown(f"names.{name}", name, FALLBACKS, text)
    for table, colours in (("base", base), ("names", described.names)):
        for key, colour in colours.items():
            _check(table, key, colour, text)
    if described.ansi:
        _check_ansi({**base, **described.names}, text)
    variables = {name: described.names.get(name, base[fallback]) for name, fallback in FALLBACKS.items()}
    return Theme(
        name=described.name,
        dark=described.dark,
        ansi=described.ansi,
        variables={**variables, **described.textual},
        **base,
    )


def _not_valid(error: ValidationError, text: str) -> ThemeError:
    first = error.errors()[0]
    place = [str(part) for part in first["loc"]]
    where = ".".join(place)
    if first["type"] == "extra_forbidden":
        known = Base.model_fields if place[0] == "base" else ThemeFile.model_fields
        return _unknown(where, place[-1], known, text)
    if first["type"] == "missing":
        return ThemeError(f"{where} is missing: every theme needs it")
    return ThemeError(f"{where}: {first['msg']}", _line(place, text))


def _unknown(where: str, name: str, known: Iterable[str], text: str) -> ThemeError:
    near = difflib.get_close_matches(name, known, n=1)
    hint = f"did you mean `{near[0]}`?" if near else f"known: {', '.join(known)}"
    return ThemeError(f"{where}: there is no such name; {hint}", _line(where.split("."), text))


def _check(table: str, key: str, colour: str, text: str) -> None:
    try:
        Color.parse(colour)
    except ColorParseError as error:
        hint = "write it as #rrggbb, a CSS name, or ansi_red and the like"
        raise ThemeError(f"{key}: `{colour}` is not a colour; {hint}", line_of(text, key, table)) from error


def _check_ansi(colours: Mapping[str, str], text: str) -> None:
    """A theme that says it uses the terminal's own colours uses nothing else."""
    for key, colour in colours.items():
        if Color.parse(colour).ansi is None:
            line = line_of(text, key, "names") or line_of(text, key, "base")
            raise ThemeError(
                f"{key}: `{colour}` is not one of the terminal's own, as `ansi = true` says", line
            )


def _line(place: Sequence[str], text: str) -> int | None:
    return line_of(text, place[-1], ".".join(place[:-1]))
