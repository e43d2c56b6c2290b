"""What operators ask for and approve, as payloads of events."""

from __future__ import annotations

from state.events import Payload
from state.kinds import Kind


class RequestRun(Payload):
    """The operator asks for operations to be carried out; `confirmed` says how that was confirmed."""

    kind = Kind.REQUEST_RUN
    operations: tuple[str, ...]
    confirmed: str
    reason: str | None = None


class RequestRollback(RequestRun):
    """The operator asks for the way back."""

    kind = Kind.REQUEST_ROLLBACK


class RequestPause(Payload):
    """Start nothing new."""

    kind = Kind.REQUEST_PAUSE
    reason: str | None = None


class RequestResume(Payload):
    """Go on."""

    kind = Kind.REQUEST_RESUME
    reason: str | None = None


class RequestCancel(Payload):
    """Finish what is in flight and stop."""

    kind = Kind.REQUEST_CANCEL
    reason: str | None = None


class RequestArm(Payload):
    """The operator may act on a phase (`None`: on all) from here on; `alias` is what was typed."""

    kind = Kind.REQUEST_ARM
    phase: str | None
    alias: str


class RequestDisarm(Payload):
    """Back to read-only."""

    kind = Kind.REQUEST_DISARM
    why: str


class RequestNote(Payload):
    """A remark for whoever reads the journal."""

    kind = Kind.REQUEST_NOTE
    text: str


class RequestHandover(Payload):
    """Somebody offers the watch to `to`, or accepts the offer of the event `accepts`.

    `head` is the journal's newest row when it was offered and `phrase` that row's spoken phrase, which both sides compare.
    """

    kind = Kind.REQUEST_HANDOVER
    to: str
    summary: str
    head: int
    phrase: str
    accepts: int | None = None


class ApprovalGranted(Payload):
    """Somebody approved an operation of the plan with this digest."""

    kind = Kind.APPROVAL_GRANTED
    role: str | None
    digest: str
    reason: str


class ApprovalExpired(Payload):
    """An approval no longer counts: too old, of another plan, or of the one who asked."""

    kind = Kind.APPROVAL_EXPIRED
    why: str


class ConstraintWaived(Payload):
    """Somebody answers until a time for a constraint that is not settled; `digest` is of the constraint as it was then.

    `owner` sees to it, `until` is UTC in RFC 3339. What it blocks may start once two people have signed.
    """

    kind = Kind.WAIVER_SIGNED
    constraint: str
    role: str | None
    owner: str
    until: str
    reason: str
    digest: str


class RequestSkip(Payload):
    """Leave an operation out."""

    kind = Kind.REQUEST_SKIP
    reason: str


class RequestMarkDone(RequestSkip):
    """An operation, or its way back, was done by hand; `saved` is what it would have saved for others."""

    kind = Kind.REQUEST_MARK_DONE
    saved: dict[str, str] = {}


class RequestOrphan(RequestSkip):
    """Give an operation's way back up, so that the rest of the rollback goes on."""

    kind = Kind.REQUEST_ORPHAN


class RequestResolve(Payload):
    """A person's answer about an operation in doubt."""

    kind = Kind.REQUEST_RESOLVE
    answer: str
    reason: str
