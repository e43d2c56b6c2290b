"""The whole plan twice in one account: what a rollback leaves behind must not stand in the way of the next run."""

from __future__ import annotations

import pytest

from tests.e2e.conftest import Cutover, ServedSandbox


@pytest.mark.soak
def test_forward_and_back_twice_in_one_sandbox(cutover: Cutover, sandbox: ServedSandbox) -> None:
    for command in ("run", "rollback", "run", "rollback"):
        result = cutover(command, "reference", "--all", "--yes", f"--sandbox={sandbox.url}")
        assert result.code == 0, result.err[-2000:]
    assert cutover("journal", "verify").code == 0
