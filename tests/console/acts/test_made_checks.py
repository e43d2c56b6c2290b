"""Checks made for `cutover verify` and the console: their verdicts come without secrets."""

from __future__ import annotations

from pathlib import Path

import pytest

from console.acts.made_checks import make_checks
from operations.checks.library import library
from operations.plan.loader import load_plan
from tests.operations.aws.aws_stub import serving
from tests.operations.engine.conftest import HEAD
from tests.operations.engine.plans import parameter

SECRET = "correct-horse-battery"


def test_a_secret_input_does_not_show_in_what_a_check_expects(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The expectation of a failed check was printed and journaled with the secret that had been filled in."""
    checks = """
inputs: {pw: {description: a secret, secret: true, from_env: BENCH_PW}}
checks:
  - {id: pw, title: The secret is there, category: security, check: {api: "sts:GetCallerIdentity", expect: "Arn == '${pw}'"}}
"""
    operations = "\n".join(" " * 10 + line for line in parameter("a").splitlines())
    file = tmp_path / "plan.yaml"
    file.write_text(HEAD + operations + checks)
    loaded = load_plan(file)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "made-up")
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("BENCH_PW", SECRET)
    with serving() as endpoint:
        monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
        wanted = [check for check in library(loaded.plan) if check.id == "pw"]
        (item,) = make_checks(loaded, wanted, None, str(tmp_path / "j.journal"), 1)
    assert item.outcome.verdict.value == "fail"
    assert SECRET not in str(item.outcome)
