"""What the panes say, as data: words, counts, order, times."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from operations.plan.backing import backing_of
from operations.plan.registers import ConstraintStatus
from screens.back_out_lines import back_out_line
from screens.constraint_lines import by_urgency, constraint_line, open_note
from screens.detail_lines import DetailPage, OperationView
from screens.glyphs import ASCII, UNICODE, choose_glyphs
from screens.head_lines import header_line, run_line, short_identity
from screens.known import Known
from screens.lines import Line, line_width
from screens.metric_lines import metric_lines, metrics_note, sparkline, standing_word, value_text
from screens.ports import BackOut, PreviewCall
from screens.summary import Row, group_row, operation_row
from screens.times import Zone, age_text, minutes_text, parsed, stopwatch, time_of_day, took
from screens.widgets.plot import downsampled
from state.events import Direction
from state.metrics import MetricsSnapshot
from state.projections.detail import StepState
from state.projections.states import OperationState, OperationStatus, PlanStatus
from tests.screens.fakes import NOW, FakeDesk, FakeMetrics, a_detail, a_plan, a_status, an_update, readings

PLAN = a_plan()


def said(pieces: Line) -> str:
    return "".join(part.text for part in pieces)


def known(status: PlanStatus | None = None) -> Known:
    update = an_update()
    return replace(update.known, status=status or update.status)


def phase_row(number: int, what: Known) -> Row:
    phase = PLAN.phases[number]
    return group_row(phase, what, backing_of(phase.operations, what.evidence), UNICODE, NOW)


def test_claims_are_never_evidence() -> None:
    """A phase with only a claim says so; one with operations shows the claim, the state and the evidence apart."""
    first, second, third = (phase_row(number, known()) for number in range(3))
    assert first.words[0] == "claimed 100 %, no evidence"
    assert first.glyph == UNICODE.claimed
    assert second.words[0] == "2/2 done, claimed 100 %, evidence 2 of 2, newest 83 min old"
    assert "claim 100 ev 2/2 83m" in second.words
    assert third.words[0] == "running 1/4, claimed not started, evidence 0 of 4, newest 10 min old"
    assert all("100 %" not in word or "claim" in word for row in (first, second) for word in row.words)


def test_a_claim_without_a_verdict_has_no_evidence() -> None:
    """No data is not a pass."""
    nothing = phase_row(1, Known())
    assert nothing.words[0] == "0/2 done, claimed 100 %, evidence 0 of 2, none made"
    assert nothing.words[-1] == "ev 0/2"
    unclaimed = phase_row(2, Known())
    assert (
        unclaimed.words[-1] == "0/4 done"
    )  # where nothing is claimed, what is done has a word beside its glyph


@pytest.mark.parametrize(
    ("state", "word"),
    [
        (OperationState.IN_DOUBT, "in doubt 1/4"),
        (OperationState.FAILED, "failed 1/4"),
        (OperationState.HELD, "held 1/4"),
        (OperationState.ROLLING_BACK, "rolling back 1/4"),
        (OperationState.ROLLED_BACK, "1/4 done"),
    ],
)
def test_a_phase_takes_the_most_urgent_state(state: OperationState, word: str) -> None:
    """What needs somebody shows through."""
    status = a_status()
    operations = {**status.operations, "traffic-10": OperationStatus("traffic-10", state)}
    row = phase_row(2, known(replace(status, operations=operations)))
    assert row.words[0].partition(",")[0] == word


@pytest.mark.parametrize("state", list(OperationState))
def test_every_state_has_a_glyph_and_a_word(state: OperationState) -> None:
    """Never colour alone, in both tables."""
    status = PlanStatus(operations={"vpc": OperationStatus("vpc", state)})
    for glyphs in (UNICODE, ASCII):
        row = operation_row(PLAN.operations["vpc"], Known(status), glyphs, "")
        assert len(row.glyph) == 1
        assert row.words[0].isascii()
    assert ASCII.states[state].isascii()


def test_what_waits_says_for_what() -> None:
    """A pending operation names what it waits for; with nothing to wait for it is ready."""
    rows = [
        operation_row(PLAN.operations[key], Known(a_status()), UNICODE, "")
        for key in ("traffic-25", "freeze-writes")
    ]
    assert rows[0].words == ("waits traffic-10", "waits")
    assert rows[1].words[0] == "no return, waits traffic-25"
    assert operation_row(PLAN.operations["vpc"], Known(), UNICODE, "").words == ("ready",)


@pytest.mark.parametrize(
    ("back", "words"),
    [
        (None, "not known yet"),
        (BackOut(True, 0, 0), "nothing to undo"),
        (BackOut(True, 1, 0.4, loses=()), "YES  <1 min  1 operation  loses: nothing"),
        (
            BackOut(True, 3, 132, loses=("orders since 01:00",)),
            "YES  2 h 12 min  3 operations  loses: orders since 01:00",
        ),
        (
            BackOut(False, 3, 9, blocked_by=("freeze-writes has no way back",)),
            "NO  3 operations  blocked by: freeze-writes",
        ),
    ],
)
def test_the_first_question(back: BackOut | None, words: str) -> None:
    """Can we go back, how much is it, how long, what is lost; or why not."""
    assert words in said(back_out_line(back, UNICODE, 100))


@pytest.mark.parametrize("width", [1, 10, 20, 30, 40, 60, 80, 120, 200])
def test_heads_fit(width: int) -> None:
    """The lines at the top fit every width, and read-only stays in sight from 30 columns on."""
    banner = FakeMetrics().place
    header = header_line(banner, (), width)
    assert line_width(header) <= width
    assert line_width(run_line(an_update(), banner, UNICODE, NOW, width)) <= width
    assert width < 30 or "READ-ONLY" in said(header)


def test_identities_are_short() -> None:
    """Of an ARN the part that tells people apart."""
    assert short_identity("arn:aws:sts::123456789012:assumed-role/oncall/kim") == "oncall/kim"
    assert short_identity("arn:aws:iam::123456789012:user/kim") == "user/kim"
    assert short_identity("kim") == "kim"


def page(width: int, *, full: bool) -> list[str]:
    calls = {
        name: FakeDesk().calls("traffic-10", name)
        for name in ("forward", "verify", "watch", "guard", "inverse")
    }
    view = OperationView("traffic-10", a_detail("traffic-10"), calls)
    made = DetailPage(PLAN.operations["traffic-10"], known(), view, UNICODE, NOW, width, full)
    rows = made.lines()
    assert all(line_width(row) <= width for row in rows)
    return [said(row) for row in rows]


@pytest.mark.parametrize("width", [30, 37, 80, 120])
@pytest.mark.parametrize("full", [False, True])
def test_an_operation_in_full(width: int, full: bool) -> None:
    """Forward, verification, watch, way back, what it loses; every line fits."""
    text = "\n".join(page(width, full=full))
    for heading in ("forward", "verify", "watch for 10 min", "way back", "checkpoint", "saved"):
        assert heading in text


def test_outcomes_stand_beside_their_calls() -> None:
    """A step that is done, one that runs, a watch that passes."""
    text = "\n".join(page(100, full=True))
    assert "applied 0.4 s" in text
    assert "running 58 s" in text
    assert "pass 3x" in text
    assert "5d1f-42" in text


def test_a_value_that_may_still_change_is_too_new_to_be_judged() -> None:
    """It is not said to be missing where it stands."""
    lag = next(each for each in readings() if each.id == "lag")
    assert standing_word(lag) == "no data"
    assert standing_word(replace(lag, times=(NOW,), values=(9.0,))) == "too new"


def test_what_was_sent_stands_where_its_values_are_known_no_more() -> None:
    """A way back gives up what its operation saved; its calls stay readable."""
    detail = a_detail("traffic-10")
    key = (Direction.FORWARD, 1)
    sent = replace(detail, steps={key: replace(detail.steps[key], params={"Id": "key-17"})})
    call = PreviewCall("traffic-10", "kms:DescribeKey", '{"Id": "${key_id}"}')
    view = OperationView("traffic-10", sent, {"forward": (call,)})
    made = DetailPage(PLAN.operations["traffic-10"], known(), view, UNICODE, NOW, 80, full=True)
    text = "\n".join(said(row) for row in made.lines())
    assert '{"Id": "key-17"}' in text
    assert "${key_id}" not in text


def test_doubt_is_not_failure() -> None:
    """A step whose effect nobody knows is in doubt."""
    detail = a_detail("traffic-10")
    key = (Direction.FORWARD, 1)
    doubtful = replace(
        detail, steps={key: replace(detail.steps[key], state=StepState.UNKNOWN, error="timed out")}
    )
    view = OperationView("traffic-10", doubtful)
    rows = DetailPage(PLAN.operations["traffic-10"], known(), view, UNICODE, NOW, 80).lines()
    text = "\n".join(said(row) for row in rows)
    assert "? route53:ChangeResourceRecordSets" in text
    assert "in doubt" in text
    assert "failed" not in text


def test_constraints_worst_first() -> None:
    """Unsettled before settled, worst first, and the count of open ones."""
    assert [each.id for each in by_urgency(PLAN.constraints)] == ["C-04", "C-07", "C-22", "C-30"]
    assert said(open_note(PLAN.constraints)) == "3 open of 4"


@pytest.mark.parametrize("width", [30, 38, 80, 120])
@pytest.mark.parametrize("status", list(ConstraintStatus))
def test_constraint_lines_fit(width: int, status: ConstraintStatus) -> None:
    """Severity and status are words; wide enough, what it blocks is said."""
    shown = said(constraint_line(PLAN.constraints[1].model_copy(update={"status": status}), UNICODE, width))
    assert len(shown) <= width
    assert "critical" in shown
    assert width < 80 or status.settled or "blocks 9, traffic-25" in shown


@pytest.mark.parametrize("width", [20, 30, 38, 60, 120])
def test_metric_lines_fit(width: int) -> None:
    """Every metric keeps its value and its word; plots shrink first."""
    rows = metric_lines(FakeMetrics().now, UNICODE, NOW, width)
    texts = [said(row) for row in rows]
    assert width < 38 or all(len(text) <= width for text in texts)
    assert "breached" in texts[0]
    assert any("no data" in text for text in texts)


@pytest.mark.parametrize(
    ("age", "words"), [(14, "10 s old"), (130, "2 min old"), (181, "STALE 3 min"), (None, "never read")]
)
def test_old_readings_say_so(age: int | None, words: str) -> None:
    """Three periods without a look is stale."""
    at = None if age is None else NOW - timedelta(seconds=age)
    assert words in said(metrics_note(MetricsSnapshot(FakeMetrics().now.readings, at), NOW))


def test_sparkline() -> None:
    """Lowest to highest; flat is low; nothing is nothing."""
    assert sparkline([0, 7], 8, UNICODE) == "▁█"
    assert sparkline([3, 3, 3], 2, UNICODE) == "▁▁"
    assert sparkline([], 8, UNICODE) == ""
    assert sparkline([1, float("nan"), 2], 8, UNICODE) == "▁█"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "-"),
        (0, "0"),
        (0.21, "0.21"),
        (412.4, "412"),
        (5000, "5000"),
        (123456, "123k"),
        (0.0001, "1.0e-04"),
        (2e9, "2G"),
    ],
)
def test_value_text(value: float | None, text: str) -> None:
    """A few characters, no lies: no data is not 0."""
    assert value_text(value) == text


def test_downsampling_keeps_peaks() -> None:
    """The one spike among many points is still there."""
    values = [1.0] * 1000
    values[777] = 99.0
    kept = downsampled(values, 120)
    assert len(kept) == 120
    assert max(kept) == 99.0


def test_times() -> None:
    """Durations and ages as people read them."""
    assert (stopwatch(7), stopwatch(192), stopwatch(3765)) == ("0:07", "3:12", "1:02:45")
    assert (took(0.4), took(58), took(192)) == ("0.4 s", "58 s", "3:12")
    assert (minutes_text(0.4), minutes_text(31), minutes_text(120), minutes_text(132)) == (
        "<1 min", "31 min", "2 h", "2 h 12 min",
    )  # fmt: skip
    assert (age_text(14), age_text(130), age_text(7200), age_text(200_000)) == ("10 s", "2 min", "2 h", "2 d")
    assert time_of_day(NOW, Zone.UTC) == "01:25:12Z"
    assert parsed("not a time") is None


@pytest.mark.parametrize(
    ("environ", "encoding", "ascii_only"),
    [({}, "UTF-8", False), ({}, "utf8", False), ({}, "ANSI_X3.4-1968", True), ({"CUTOVER_ASCII": "1"}, "UTF-8", True),
     ({"CUTOVER_ASCII": "0"}, "UTF-8", False)],
)  # fmt: skip
def test_glyphs_suit_the_terminal(environ: dict[str, str], encoding: str, ascii_only: bool) -> None:
    """ASCII by wish, or where the locale knows no UTF-8."""
    assert choose_glyphs(environ, encoding).ascii is ascii_only
