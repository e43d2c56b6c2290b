"""Looks at credentials without fetching any, and, only when asked to, at AWS itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

from operations.aws.credential_signs import credential_sign
from screens.doctor_port import Area, Finding, Verdict

SOON_MINUTES = 60
"""Credentials that end sooner outlive few operations."""
SKEW_WARN, SKEW_FAIL = 30.0, 240.0
"""Seconds; AWS refuses signatures that are 5 minutes off (Signature Version 4)."""


@dataclass(frozen=True, slots=True)
class Met:
    """What a call to AWS showed: who we are there, how long the credentials live, and AWS's own time."""

    arn: str
    account: str
    region: str
    source: str
    expires_at: datetime | None
    date: str | None
    seconds: float


def look_at_credentials(environment: Mapping[str, str], home: Path, now: datetime) -> Iterator[Finding]:
    """Which credentials there seem to be, and when they end."""
    sign = credential_sign(environment, home)
    if sign is None:
        fix = "live work needs some: `aws configure sso`, then :login; a drill needs none"
        yield _found("credentials", Verdict.WARN, "no trace of AWS credentials", fix)
        return
    if sign.flaw:
        yield _found(
            "credentials",
            Verdict.WARN,
            f"{sign.kind} ({sign.where}): {sign.flaw}",
            "log in, or mend the profile",
        )
        return
    if sign.kind.startswith("long-lived"):
        fix = "roles with short-lived credentials leak less: IAM Identity Center, or role_arn"
        yield _found("credentials", Verdict.WARN, f"{sign.kind} ({sign.where})", fix)
    else:
        yield _found("credentials", Verdict.PASS, f"{sign.kind} ({sign.where})")
    yield _expiry(sign.expires_at, now)


def _expiry(until: datetime | None, now: datetime) -> Finding:
    if until is None:
        return _found("credentials-end", Verdict.PASS, "no end is written on this host; `--online` tells it")
    left = (until - now).total_seconds() / 60
    said = f"{until:%Y-%m-%dT%H:%MZ}"
    if left <= 0:
        return _found(
            "credentials-end", Verdict.WARN, f"they ended at {said}", "log in: :login in the console"
        )
    verdict = Verdict.WARN if left < SOON_MINUTES else Verdict.PASS
    return _found(
        "credentials-end", verdict, f"they end at {said}, in {left:.0f} min", "log in again before you arm"
    )


def look_at_aws(ask: Callable[[], Met], now: Callable[[], datetime]) -> Iterator[Finding]:
    """Whether AWS answers, as whom it takes us, and how far this clock is from its own.

    `ask` raises one of the errors that commands end with; anything else is a bug and is raised.
    """
    from console.exit_codes import code_for

    try:
        met = ask()
    except Exception as error:
        if code_for(error) is None:
            raise
        yield _found(
            "aws", Verdict.FAIL, str(error), "see to credentials, region and the way out; then again"
        )
        return
    yield _found(
        "aws",
        Verdict.PASS,
        f"{met.arn} in {met.region} answered in {met.seconds * 1000:.0f} ms, {met.source}",
    )
    if met.expires_at is not None:
        yield _expiry(met.expires_at, now())
    if met.date is not None:
        yield _skew(met.date, now())


def _skew(date: str, now: datetime) -> Finding:
    try:
        skew = (now - parsedate_to_datetime(date)).total_seconds()
    except (ValueError, TypeError):
        return _found("clock-skew", Verdict.PASS, "AWS said no time that can be read")
    verdict = (
        Verdict.FAIL if abs(skew) > SKEW_FAIL else Verdict.WARN if abs(skew) > SKEW_WARN else Verdict.PASS
    )
    way = "ahead of" if skew > 0 else "behind"
    said = f"this clock is {abs(skew):.0f} s {way} AWS's, give or take 1 s"
    return _found("clock-skew", verdict, said, "see to NTP (`timedatectl`)")


def _found(name: str, verdict: Verdict, message: str, fix: str = "") -> Finding:
    return Finding(name, Area.ACCOUNT, verdict, message, fix if verdict is not Verdict.PASS else "")
