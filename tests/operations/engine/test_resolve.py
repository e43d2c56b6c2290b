"""A person's answer settles what nothing else can."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from state.events import Result, RunResult
from state.operation_events import OperationResolved
from state.projections.states import OperationState
from tests.operations.engine.conftest import Bench
from tests.operations.engine.test_doubt import MESSAGE


@pytest.mark.parametrize(("answer", "calls"), [(Result.APPLIED, 1), (Result.NOT_APPLIED, 2)])
def test_a_persons_answer_is_taken(bench: Callable[[str], Bench], answer: Result, calls: int) -> None:
    on = bench(MESSAGE)
    on.aws.faults["publish"] = ["reply lost"]
    assert on.run() is RunResult.IN_DOUBT
    on.append(OperationResolved(step=1, result=answer, by="kim", reason="looked"), "message")
    assert on.resume() is RunResult.SUCCEEDED
    assert on.aws.count("publish") == calls
    assert on.state("message") is OperationState.SUCCEEDED
