"""Plans that attack their reader, and values that attack what they are put into: refused quickly, and never carried out."""

from __future__ import annotations

import asyncio
import json
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from operations.engine.errors import EffectUnknownError, RunRefusedError, StepFailedError
from operations.engine.hands import LiveHands
from operations.plan.errors import PlanError, ReferenceProblem
from operations.plan.expressions import ExpressionError, search
from operations.plan.loader import find_plan, load_plan
from operations.plan.references import fill, fill_arguments
from operations.plan.steps import CommandStep, HttpStep
from state.reader import JournalReader
from state.request_events import RequestNote
from tests.conftest import Tally
from tests.hostile.attacks import HEAD, honest_folder, write_all
from tests.operations.engine.conftest import Bench
from tests.operations.engine.plans import parameter

MEGABYTES = 200
CHILD = """
import json, resource, sys
from pathlib import Path

def highest():  # of this program alone: ru_maxrss begins with that of the process that started it
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text().split("VmHWM:")[1].split()[0]) // 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

from operations.plan.errors import PlanError
from operations.plan.loader import load_plan
for file in sys.argv[1:]:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_utime
    try:
        load_plan(file)
        refused = None
    except PlanError as error:
        refused = str(error)[:300]
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps([refused, used.ru_utime - before, highest()]))
"""


@pytest.mark.catalogue(24, "alias bomb, 50 MB plan, shell lines", "refused <= 1 s, RSS <= 200 MB; 0 executed")
def test_a_plan_that_attacks_its_reader_is_refused(tally: Tally, tmp_path: Path) -> None:
    """In one process for all of them, so that what one leaves behind counts too."""
    written = write_all(tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", CHILD, *map(str, written.values())],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert done.returncode == 0, done.stderr[-2000:]
    for name, answer in zip(written, done.stdout.splitlines(), strict=True):
        refused, seconds, megabytes = json.loads(answer)
        problem = None
        if refused is None:
            problem = "was not refused"
        elif seconds > 1 or megabytes > MEGABYTES:
            problem = f"took {seconds:.1f} s and {megabytes} MB"
        elif "\n" in refused or len(refused) < 10:
            problem = f"said {refused!r}"
        tally.note(f"{name}: {problem}" if problem else None)


@pytest.mark.parametrize("files", [3, pytest.param(10, marks=pytest.mark.soak)])
def test_an_honest_plan_of_ten_thousand_operations_loads(files: int, tmp_path: Path) -> None:
    """The bounds are there for hostile plans: what a large migration needs lies within them, in a folder of files."""
    loaded = load_plan(honest_folder(tmp_path, files=files, operations=1000))
    assert len(loaded.plan.operations) == files * 1000
    last = files - 1
    assert loaded.place("phases", last, "subphases", 0, "operations", 999, "id").file.name == f"p{last}.yaml"


def test_a_plan_folder_holds_its_own_files(tmp_path: Path) -> None:
    """A link must not pull in a file from elsewhere; a pipe or device is no plan."""
    folder, elsewhere = tmp_path / "plan", tmp_path / "secret.yaml"
    folder.mkdir()
    elsewhere.write_text("title: secret\n")
    (folder / "plan.yaml").write_text(HEAD)
    (folder / "more.yaml").symlink_to(elsewhere)
    with pytest.raises(PlanError, match="leads out of the plan's folder"):
        load_plan(folder)
    (folder / "more.yaml").unlink()
    (folder / "more.yaml").symlink_to("../secret.yaml")
    with pytest.raises(PlanError, match="leads out of the plan's folder"):
        load_plan(folder)
    for device in ("/dev/zero", "/dev/stdin"):
        with pytest.raises(PlanError, match="not a file"):
            load_plan(device)


@pytest.mark.parametrize(
    "name",
    ["../../../etc/passwd", "..", "reference/../reference", "a\0b", "x" * 5000, "$(id)", "-rf", "", "~"],
)
def test_a_plan_of_a_strange_name_is_refused_in_one_line(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever is typed as a plan's name."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(PlanError) as refused:
        load_plan(find_plan(name))
    assert len(str(refused.value)) < 6000


@pytest.mark.parametrize(
    "value",
    ["$(touch HIT)", "`touch HIT`", "; touch HIT", "${IFS}touch${IFS}HIT", "a b", "'", '"', "*", "\n", ""],
)
def test_a_value_stays_one_argument(value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing that a value holds is looked at by a shell."""
    monkeypatch.chdir(tmp_path)
    script = "import json, sys; print(json.dumps(sys.argv[1:]))"
    written = (sys.executable, "-c", script, "--name=${x}", "${x}")
    step = CommandStep(command=written).model_copy(
        update={"command": fill_arguments(written, lambda _: value)}
    )
    assert asyncio.run(LiveHands().perform(step, attested=False)) == [f"--name={value}", value]
    assert not (tmp_path / "HIT").exists()


def test_a_value_never_becomes_an_option() -> None:
    """`-rf` out of AWS must not be taken for an option; behind `--` or an option's name it cannot be."""
    with pytest.raises(ReferenceProblem, match="begins with `-`"):
        fill_arguments(("rm", "${x}"), lambda _: "-rf")
    assert fill_arguments(("rm", "--", "${x}"), lambda _: "-rf") == ("rm", "--", "-rf")
    assert fill_arguments(("rm", "--file=${x}"), lambda _: "-rf") == ("rm", "--file=-rf")


def test_a_command_that_cannot_be_started_or_does_not_end() -> None:
    """A NUL is refused, endless output is not kept, and what is cut short is not taken for failed."""
    hands = LiveHands()
    with pytest.raises(StepFailedError, match="cannot start"):
        asyncio.run(hands.perform(CommandStep(command=("echo", "a\0b")), attested=False))
    endless = CommandStep(command=("yes",), timeout_seconds=0.3)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(EffectUnknownError, match="took longer"):
        asyncio.run(hands.perform(endless, attested=False))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "ftp://127.0.0.1/x",
        "data:text/plain,hi",
        "http://",
        "/etc/passwd",
        "http://[",
        "http://a\nb/",
    ],
)
def test_only_the_web_is_asked(address: str) -> None:
    """A reference may turn an address into another kind of address only after the plan was checked."""
    step = HttpStep(http="https://example.com").model_copy(update={"http": address})
    with pytest.raises(StepFailedError):
        asyncio.run(LiveHands().perform(step, attested=False))


BOMBS = [
    "[@,@]|" * 200 + "@",
    "[@,@][]|" * 200 + "@",
    "(" * 3000 + "a",
    "!" * 3900 + "a",
    "a" * 5000,
    "[*].[@,@,@]|" * 40 + "@",
]


@pytest.mark.parametrize("expression", BOMBS, ids=lambda text: text[:12])
def test_an_expression_that_grows_without_end_is_refused(expression: str) -> None:
    """JMESPath can double its result at every step."""
    with pytest.raises(ExpressionError):
        search(expression, [[1], [2]])


def test_a_text_that_doubles_is_refused() -> None:
    """Texts too."""
    with pytest.raises(ExpressionError, match="too much work"):
        search("join('', [@, @]) | " * 60 + "@", "ab")


@pytest.mark.parametrize(
    "text",
    ["${" * 50_000, "${now-" + "9" * 5000 + "d}", "${" + "a-" * 50_000 + "}", "${a" + "#" * 90_000 + "}"],
    ids=lambda text: text[:6],
)
def test_references_are_read_in_linear_time(text: str) -> None:
    """No form of a reference makes its reader slow or fall over."""
    said = ""
    try:
        fill(text, lambda _: "x")
    except ReferenceProblem as problem:
        said = problem.message
    assert "\n" not in said


def test_filters_of_the_journal_hold_no_wildcards(bench: Callable[[str], Bench]) -> None:
    """What is typed as an id, kind or run is sought as it is."""
    made = bench(parameter("one"))
    made.run()
    made.append(RequestNote(text="'; DROP TABLE events; --"), "' OR 1=1 --")
    with JournalReader(made.path) as reader:
        for hostile in (
            "%",
            "_%",
            "*",
            "' OR '1'='1",
            '" OR 1=1 --',
            "step.%",
            "NEAR(a b)",
            "\0",
            "step' --",
        ):
            assert reader.newest(10, kind=hostile) == []
            assert reader.newest(10, run=hostile) == []
            assert reader.newest(10, operation=hostile) == []
        assert len(reader.newest(100, kind="step")) == len(made.events("step"))
        assert len(reader.newest(10, operation="' OR 1=1 --")) == 1


def test_a_plan_that_is_edited_while_it_runs_changes_nothing(bench: Callable[[str], Bench]) -> None:
    """The run goes on with what was loaded; to resume it, the plan must be the one that it was started from."""
    made = bench(parameter("one") + parameter("two", "one"))
    before = made.file.read_text()

    def edit(action: str, params: dict[str, object]) -> None:
        if action == "put_parameter":
            made.file.write_text(before.replace("/two", "/evil"))

    made.aws.on_call = edit
    made.aws.faults["GetParameter"] = []
    assert made.run() == "succeeded"
    assert set(made.aws.parameters) == {"/one", "/two"}
    made.loaded = load_plan(made.file)
    with pytest.raises(RunRefusedError, match="plan has changed"):
        made.resume()
    assert set(made.aws.parameters) == {"/one", "/two"}
