"""The man page names every command, option, key, setting, variable and exit code; the file in docs is the one that is made."""

import re
import shutil
import subprocess
from importlib.metadata import version

import pytest
from click.testing import CliRunner

from console import cli
from console.actions import ACTIONS
from console.commands.completion import SHELLS
from console.exit_codes import ExitCode
from console.manual import EXIT_WORDS, man_page
from console.settings import ENVIRONMENT, Settings
from tests.docs.reading import DOCS, commands, page

PAGE = man_page(cli.cutover, version("cutover-console"))
TEXT = (
    re.sub(r"\\\(aq", "'", re.sub(r"\\\(ga", "`", PAGE))
    .replace("\\-", "-")
    .replace("\\e", "\\")
    .replace("\\&", "")
)
MADE_BY = "python -m console man -o docs/cutover.1"


def test_every_command_and_option_stands_in_it() -> None:
    for command in commands():
        assert re.search(rf"^\.SS {re.escape(command.name)}( |$)", TEXT, re.MULTILINE), command.name
        for option in command.options:
            assert option in TEXT, f"{command.name} {option}"


def test_every_key_setting_variable_and_code_stands_in_it() -> None:
    for action in ACTIONS:
        assert action.help in TEXT, action.id
        assert action.shown_keys in TEXT
    for name in (*Settings.model_fields, *ENVIRONMENT, "CUTOVER_JOURNAL", "NO_COLOR"):
        assert name in TEXT
    assert set(EXIT_WORDS) == set(ExitCode)


def test_no_line_is_taken_for_a_request() -> None:
    requests = {line.split()[0] for line in PAGE.splitlines() if line.startswith(".")}
    assert requests <= {".TH", ".SH", ".SS", ".TP", ".B", ".I", ".RI", ".PP", ".nf", ".fi", ".br"}
    assert not [line for line in PAGE.splitlines() if line.startswith("'")]


def test_the_page_that_is_shipped_is_the_one_that_is_made() -> None:
    assert (DOCS / "cutover.1").read_text(encoding="utf-8") == PAGE, f"run `{MADE_BY}`"


@pytest.mark.skipif(shutil.which("man") is None, reason="there is no man on this machine")
def test_man_finds_nothing_to_warn_of() -> None:
    shown = subprocess.run(
        ["man", "--warnings", "-l", "-"], input=PAGE, capture_output=True, text=True, timeout=60, check=True
    )
    assert shown.stderr == ""
    assert "cutover doctor" in shown.stdout


@pytest.mark.parametrize("shell", SHELLS)
def test_completion_is_told_of_for_every_shell(shell: str) -> None:
    script = CliRunner().invoke(cli.cutover, ["completion", shell])
    assert script.exit_code == 0
    assert "_CUTOVER_COMPLETE" in script.output
    assert f"cutover completion {shell}" in page("first-run.md")


def test_completion_knows_commands_and_options(monkeypatch: pytest.MonkeyPatch) -> None:
    def completed(words: str, number: int) -> list[str]:
        monkeypatch.setenv("_CUTOVER_COMPLETE", "bash_complete")
        monkeypatch.setenv("COMP_WORDS", words)
        monkeypatch.setenv("COMP_CWORD", str(number))
        shown = CliRunner().invoke(cli.cutover, [], prog_name="cutover", complete_var="_CUTOVER_COMPLETE")
        return [line.partition(",")[2] for line in shown.output.splitlines()]

    assert completed("cutover do", 1) == ["doctor"]
    assert "--online" in completed("cutover doctor --", 2)
    assert "reference" in completed("cutover schedule ref", 2)
    assert completed("cutover completion ", 2) == list(SHELLS)
