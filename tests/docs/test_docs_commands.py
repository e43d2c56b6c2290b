"""`docs/commands.md` names every command and option there is, and none that there is not."""

import re

import click
import pytest
from click.testing import CliRunner

from console import cli
from console.exit_codes import ExitCode
from console.settings import ENVIRONMENT
from tests.docs.reading import Command, commands, page, section

COMMANDS = commands()
OPTION = re.compile(r"(?<![\w-])--?[a-z][a-z-]*")
TEXT = page("commands.md")


def usage(command: Command) -> str:
    """The line that shows how a command is called."""
    lines = [line for line in section(TEXT, f"`{command.name}`").splitlines() if line.startswith("`cutover")]
    return lines[0] if lines else ""


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_command_has_a_section_that_shows_all_of_it(command: Command) -> None:
    shown = usage(command)
    assert shown, f"docs/commands.md has no section `{command.name}` with a usage line"
    missing = [option for option in command.options if option not in OPTION.findall(shown)]
    assert not missing, f"`{command.name}`: not in its usage line: {', '.join(missing)}"
    unnamed = [argument for argument in command.arguments if argument not in shown]
    assert not unnamed, f"`{command.name}`: not in its usage line: {', '.join(unnamed)}"


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_no_section_shows_an_option_that_is_gone(command: Command) -> None:
    gone = [option for option in OPTION.findall(usage(command)) if option not in command.options]
    assert not gone, f"`{command.name}` has no {', '.join(gone)}"


def test_every_section_is_of_a_command_that_there_is() -> None:
    documented = re.findall(r"^### `(cutover[^`]*)`$", TEXT, re.MULTILINE)
    assert sorted(documented) == [command.name for command in COMMANDS]


def test_what_is_said_not_to_be_there_is_not_there() -> None:
    promised = re.findall(r"`(cutover [^`]+)`", section(TEXT, "Not there yet"))
    assert set(promised).isdisjoint(command.name for command in COMMANDS)


def test_every_exit_code_is_explained() -> None:
    table = section(TEXT, "Exit codes")
    for code in ExitCode:
        assert re.search(rf"\b{code.value}\b", table), code


def test_the_environment_that_the_contract_names_is_explained() -> None:
    table = section(TEXT, "Environment")
    for name in (
        "AWS_PROFILE",
        "AWS_REGION",
        "AWS_ENDPOINT_URL",
        "NO_COLOR",
        "CUTOVER_CONFIG",
        "CUTOVER_JOURNAL",
    ):
        assert name in table
    for name in ("CUTOVER_READ_ONLY", "CUTOVER_LINK"):
        assert name in table
        assert name in ENVIRONMENT


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_help_has_an_example_of_this_command(command: Command) -> None:
    shown = CliRunner().invoke(cli.cutover, [*command.name.split()[1:], "--help"])
    assert shown.exit_code == 0
    assert re.search(rf"Example:\s+{command.name}\b", shown.output), shown.output
    undescribed = [p.name for p in command.command.params if isinstance(p, click.Option) and not p.help]
    assert not undescribed
