"""The doctor: each look passes, warns or fails by what it finds, and says what to do."""

import json
import os
import pty
import threading
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from console import cli
from console.doctor import asking
from console.doctor.account import Met, look_at_aws, look_at_credentials
from console.doctor.asking import Replies, parse
from console.doctor.examine import Doctoring, look_at_settings
from console.doctor.host import Host, look_at_host, look_at_journal
from console.doctor.swatches import NAMES, swatches
from console.doctor.terminal import Terminal, look_at_terminal
from operations.aws.outcome import CredentialsError
from screens.doctor_port import Finding, Verdict, worst
from state.request_events import RequestNote
from tests.state.making import written

NOW = datetime(2026, 11, 22, 1, 25, 12, tzinfo=UTC)
GOOD = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
TMUX = {**GOOD, "TMUX": "/tmp/x,1,0"}


def terminal(
    environment: Mapping[str, str],
    replies: Replies | None = None,
    encoding: str = "UTF-8",
    size: tuple[int, int] | None = (120, 40),
    tmux: Mapping[str, str] | None = None,
) -> dict[str, Finding]:
    answers = tmux or {}
    looked = look_at_terminal(
        Terminal(
            environment,
            encoding,
            size,
            replies or Replies(True, True, True),
            lambda words: answers.get(words[-1]),
        )
    )
    return {finding.id: finding for finding in looked}


def verdicts(found: Mapping[str, Finding]) -> dict[str, str]:
    return {
        name: finding.verdict.value for name, finding in found.items() if finding.verdict is not Verdict.PASS
    }


def test_a_good_terminal_passes_everywhere() -> None:
    found = terminal(GOOD)
    assert verdicts(found) == {}
    assert set(found) == {"term", "colours", "locale", "size", "link", "tmux", "sync", "osc52"}


def test_each_flaw_of_a_terminal_is_told_apart_and_says_what_to_do() -> None:
    for found, expected in (
        (terminal({"TERM": "dumb"}), {"term": "fail", "colours": "warn"}),
        (terminal({"TERM": "xterm"}), {"colours": "warn"}),
        (terminal({"TERM": "xterm", "NO_COLOR": ""}), {}),
        (terminal(GOOD, encoding="ANSI_X3.4-1968"), {"locale": "warn"}),
        (terminal(GOOD, size=(79, 24)), {"size": "warn"}),
        (terminal(GOOD, size=None), {"size": "warn"}),
        (terminal(GOOD, Replies()), {"sync": "warn", "osc52": "warn"}),
        (terminal(GOOD, Replies(True, False, None)), {"osc52": "warn"}),
        (terminal({**GOOD, "SSH_CONNECTION": "x"}), {"tmux": "warn"}),
    ):
        assert verdicts(found) == expected
        assert all(each.fix for each in found.values() if each.verdict is not Verdict.PASS)


def test_tmux_is_asked_for_its_version_and_options() -> None:
    good = terminal(TMUX, tmux={"-V": "tmux 3.3a", "set-clipboard": "external", "allow-passthrough": "on"})
    assert verdicts(good) == {}
    poor = terminal(TMUX, tmux={"-V": "tmux 2.9", "set-clipboard": "off", "allow-passthrough": "off"})
    assert verdicts(poor) == {"tmux": "warn", "tmux-clipboard": "warn", "tmux-passthrough": "warn"}
    assert verdicts(terminal(TMUX)) == {"tmux": "warn"}


def test_what_a_terminal_answers_is_read_whatever_else_it_says() -> None:
    assert parse(b"\x1b[?2026;2$y\x1b[?62;22;52c") == Replies(True, True, True)
    assert parse(b"jj\x1b[?2026;0$y\x1b[?62c") == Replies(True, False, None)
    assert parse(b"\x1b[?2026;4$y\x1b[?1;2c") == Replies(True, False, None)
    assert parse(b"\x1b[?6c") == Replies(True, False, None)
    assert parse(b"") == parse(b"\x1b[?20") == parse(b"\xff" * 100) == Replies()


def test_a_terminal_is_asked_without_echo_and_left_as_it_was() -> None:
    import termios

    master, slave = pty.openpty()
    before = termios.tcgetattr(slave)
    heard: list[bytes] = []

    def answer() -> None:
        heard.append(os.read(master, 100))
        os.write(master, b"\x1b[?2026;1$y")
        os.write(master, b"\x1b[?62;52c")

    thread = threading.Thread(target=answer)
    thread.start()
    said = parse(asking._exchange(slave, lambda: 0.0))
    thread.join()
    assert said == Replies(True, True, True)
    assert heard == [asking.QUESTION]
    assert termios.tcgetattr(slave) == before
    os.close(master)
    os.close(slave)


def journal_looks(path: Path, kind: str = "ext4", now: datetime = NOW) -> dict[str, Finding]:
    return {each.id: each for each in look_at_journal(Host(path, now, lambda: 0, lambda _: kind))}


def test_a_journal_on_a_sound_disk_passes_and_one_on_a_network_fails(tmp_path: Path) -> None:
    path = written(tmp_path / "j.journal", [RequestNote(text="x")])
    assert verdicts(journal_looks(path)) == {}
    assert verdicts(journal_looks(path, "nfs4")) == {"journal-filesystem": "fail"}
    assert verdicts(journal_looks(path, "tmpfs")) == {"journal-filesystem": "warn"}
    assert verdicts(journal_looks(path, now=NOW - timedelta(days=30))) == {"journal-time": "warn"}
    path.chmod(0o644)
    assert verdicts(journal_looks(path)) == {"journal-file": "warn"}
    tmp_path.chmod(0o777)
    assert verdicts(journal_looks(path))["journal-folder"] == "fail"
    tmp_path.chmod(0o700)
    path.write_bytes(b"no journal" * 1000)
    assert verdicts(journal_looks(path))["journal-time"] == "fail"
    assert verdicts(journal_looks(tmp_path / "new" / "none.journal")) == {}


def test_a_clock_that_nobody_keeps_is_told_of() -> None:
    for state, expected in ((0, {}), (5, {"clock": "warn"}), (None, {})):
        found = {each.id: each for each in look_at_host(Host(Path("j"), NOW, lambda state=state: state))}  # type: ignore[misc]
        assert verdicts(found) == expected


def test_credentials_are_judged_by_kind_and_end(tmp_path: Path) -> None:
    assert [each.verdict for each in look_at_credentials({}, tmp_path, NOW)] == [Verdict.WARN]
    session = {
        "AWS_ACCESS_KEY_ID": "A",
        "AWS_SECRET_ACCESS_KEY": "never-shown",
        "AWS_SESSION_TOKEN": "never-shown",
    }
    found = list(look_at_credentials(session, tmp_path, NOW))
    assert [each.verdict for each in found] == [Verdict.PASS, Verdict.PASS]
    assert "never-shown" not in repr(found)
    half = list(look_at_credentials({"AWS_ACCESS_KEY_ID": "A"}, tmp_path, NOW))
    assert [each.verdict for each in half] == [Verdict.WARN]


@pytest.mark.parametrize(
    ("seconds", "verdict"), [(0, "pass"), (60, "warn"), (-60, "warn"), (300, "fail"), (-300, "fail")]
)
def test_the_clock_is_held_against_awss(seconds: int, verdict: str) -> None:
    met = Met(
        "arn:aws:iam::1:user/kim",
        "1",
        "us-east-1",
        "the environment",
        NOW + timedelta(minutes=20),
        "Sun, 22 Nov 2026 01:25:12 GMT",
        0.1,
    )
    found = {each.id: each for each in look_at_aws(lambda: met, lambda: NOW + timedelta(seconds=seconds))}
    assert found["aws"].verdict is Verdict.PASS
    assert found["credentials-end"].verdict is Verdict.WARN
    assert found["clock-skew"].verdict.value == verdict


def test_an_aws_that_cannot_be_reached_is_a_finding_and_a_bug_is_a_bug() -> None:
    def fails() -> Met:
        raise CredentialsError("no usable credentials")

    def bug() -> Met:
        raise ZeroDivisionError

    (found,) = look_at_aws(fails, lambda: NOW)
    assert (found.verdict, found.message) == (Verdict.FAIL, "no usable credentials")
    with pytest.raises(ZeroDivisionError):
        list(look_at_aws(bug, lambda: NOW))


def test_settings_that_cannot_be_read_are_a_finding(tmp_path: Path) -> None:
    file = tmp_path / "c.toml"
    file.write_text("theme = 'dark'\nnonsense = 1\n")
    (found,) = look_at_settings({"CUTOVER_CONFIG": str(file)})
    assert found.verdict is Verdict.FAIL
    file.write_text("theme = 'light'\n")
    good, only = look_at_settings({"CUTOVER_CONFIG": str(file), "CUTOVER_READ_ONLY": "1"})
    assert "theme" in good.message
    assert "CUTOVER_READ_ONLY" in only.message


def test_swatches_name_every_colour() -> None:
    assert all(name in "\n".join(swatches()) for name in NAMES)


def test_a_console_does_not_ask_the_terminal_that_it_reads_itself(tmp_path: Path) -> None:
    doctor = Doctoring(GOOD, tmp_path / "j.journal", lambda: NOW, lambda: pytest.fail("asked"))
    sync = next(each for each in doctor.examine(sync=False) if each.id == "sync")
    assert sync.verdict is Verdict.PASS


def test_the_command_says_the_same_as_json_and_its_end_tells_whether_something_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("CUTOVER_CONFIG", str(tmp_path / "none.toml"))
    good = CliRunner().invoke(cli.cutover, ["doctor", "--format", "json"], standalone_mode=False)
    said = json.loads(good.stdout)
    assert set(said) == {"checks", "counts"}
    assert set(said["checks"][0]) == {"id", "area", "verdict", "message", "fix"}
    assert sum(said["counts"].values()) == len(said["checks"])
    assert (said["counts"]["fail"], good.return_value) == (0, 0)
    monkeypatch.setenv("TERM", "dumb")
    bad = CliRunner().invoke(cli.cutover, ["doctor"], standalone_mode=False)
    assert bad.return_value == 1
    assert "fail  term" in bad.stdout
    assert "do: " in bad.stdout
    assert "\x1b" not in bad.stdout


def test_the_worst_finding_counts() -> None:
    assert worst(()) is Verdict.PASS
