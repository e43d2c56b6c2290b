"""The man page, made of the tree of commands, the table of keys, the settings and the exit codes (roff, see man(7))."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import click

from console.actions import ACTIONS
from console.exit_codes import ExitCode
from console.settings import ENVIRONMENT, Settings
from screens.action import Action, Scope

EXIT_WORDS = {
    ExitCode.DONE: "Done, holds, GO.",
    ExitCode.NO: "It ran and the answer is no: an operation failed, a check did not pass, NO-GO, a finding of severity error.",
    ExitCode.USAGE: "Usage, or a plan that cannot be read.",
    ExitCode.IN_DOUBT: "An operation is in doubt.",
    ExitCode.REFUSED: "Refused: no credentials, wrong account, read-only, held lease, unmet constraint, missing approval.",
    ExitCode.DAMAGED: "The journal is damaged or was tampered with.",
    ExitCode.INTERRUPTED: "Interrupted by SIGINT, after saying in the journal what was left.",
    ExitCode.TERMINATED: "Ended by SIGTERM, likewise.",
}
VARIABLES = {
    "CUTOVER_JOURNAL": "The journal, where no --journal is given.",
    "CUTOVER_CONFIG": "The settings file, instead of the one in the configuration folder.",
    "NO_COLOR": "No colours; glyphs and words tell everything.",
    "AWS_PROFILE": "As for every AWS tool, like AWS_REGION, AWS_ENDPOINT_URL and the others.",
    "XDG_STATE_HOME": "Journals, signed heads, screenshots and reports lie in cutover/ below it.",
    "XDG_CONFIG_HOME": "Settings and themes lie in cutover/ below it.",
}
"""Variables that are no settings."""
FILES = {
    "~/.config/cutover/config.toml": "Settings; never written by the program. macOS: ~/Library/Application Support/cutover.",
    "~/.local/state/cutover/PLAN.journal": "The journal of a plan, its owner's alone. macOS: ~/Library/Application Support/cutover.",
}


def man_page(root: click.Group, version: str) -> str:
    """The whole page, `cutover(1)`."""
    parts = [
        f'.TH CUTOVER 1 "" "cutover {_escaped(version)}" "User Commands"',
        ".SH NAME",
        r"cutover \- carries a live system to AWS, step by reversible step",
        ".SH SYNOPSIS",
        r".B cutover",
        ".RI [ PLAN ]",
        ".br",
        ".B cutover",
        ".I COMMAND",
        ".RI [ ARGUMENTS ]",
        ".SH DESCRIPTION",
        *_paragraphs(root.help or ""),
        ".SH COMMANDS",
        *(row for name, command in _leaves("cutover", root) for row in _command(name, command)),
        ".SH KEYS",
        *_keys(ACTIONS),
        ".SH SETTINGS",
        _escaped("From the environment first, then from the settings file, then the default."),
        *_settings(),
        ".SH ENVIRONMENT",
        *(row for name, words in VARIABLES.items() for row in _item(name, words)),
        ".SH FILES",
        *(row for name, words in FILES.items() for row in _item(name, words)),
        ".SH EXIT STATUS",
        *(row for code in ExitCode for row in _item(str(code.value), EXIT_WORDS[code])),
    ]
    return "\n".join(parts) + "\n"


def _escaped(text: str) -> str:
    """Text that roff takes for text: no escapes, no requests at the start of a line, hyphens that can be searched for."""
    plain = text.replace("\\", r"\e").replace("-", r"\-").replace("'", r"\(aq").replace("`", r"\(ga")
    return f"\\&{plain}" if plain.startswith(".") else plain


def _item(tag: str, words: str) -> Iterator[str]:
    yield ".TP"
    yield f".B {_escaped(tag)}" if tag else r"\&"
    yield _escaped(words)


def _leaves(name: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    if not isinstance(command, click.Group):
        yield name, command
        return
    context = click.Context(command, info_name=name)
    for child in command.list_commands(context):
        found = command.get_command(context, child)
        if found is not None and not found.hidden:
            yield from _leaves(f"{name} {child}", found)


def _command(name: str, command: click.Command) -> Iterator[str]:
    context = click.Context(command, info_name=name)
    usage = " ".join(piece for piece in command.collect_usage_pieces(context) if piece != "[OPTIONS]")
    yield f".SS {_escaped(f'{name} {usage}'.strip())}"
    yield from _paragraphs(command.help or "")
    for parameter in command.params:
        record = parameter.get_help_record(context) if isinstance(parameter, click.Option) else None
        if record is not None:
            yield from _item(*record)


def _paragraphs(text: str) -> Iterator[str]:
    """A docstring's paragraphs; what follows `\\b` keeps its lines, as click has it."""
    for number, paragraph in enumerate(re.split(r"\n\s*\n", text.strip())):
        if number:
            yield ".PP"
        if "\b" in paragraph:
            yield ".nf"
            yield from (_escaped(row) for row in paragraph.replace("\b", "").strip("\n").splitlines())
            yield ".fi"
        else:
            yield _escaped(" ".join(paragraph.split()))


def _keys(actions: Sequence[Action]) -> Iterator[str]:
    for scope in Scope:
        chosen = [action for action in actions if action.scope is scope]
        if chosen:
            yield f".SS {_escaped(scope.value)}"
        for action in chosen:
            called = ", ".join(each for each in (action.shown_keys, action.usage) if each)
            yield from _item(called or action.title, action.help)


def _settings() -> Iterator[str]:
    variables = {field: variable for variable, field in ENVIRONMENT.items()}
    for name, field in Settings.model_fields.items():
        default = "none" if field.default is None else str(field.default)
        yield from _item(f"{name}, {variables[name]}", f"{field.description} (default: {default})")
