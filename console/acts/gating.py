"""The go/no-go gate for commands and rooms: take its verdict, read it from the journal, sign, waive, attest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from console import openers
from console.acts.made_checks import make_checks, record_items, record_refusal
from console.exit_codes import CommandError, ExitCode
from operations.checks.gate_papers import PaperState
from operations.checks.gate_reports import payload
from operations.checks.gate_standing import GateStanding, criterion_digest, gate_of, stand
from operations.checks.library import CheckedItem, Source, library
from operations.plan.loader import LoadedPlan
from operations.plan.registers import Criterion
from operations.plan.steps import ApiStep, HttpStep, WaitStep
from state.errors import JournalMissingError
from state.events import CheckStage, Event, Payload, Verdict
from state.gate_events import Attestation, GateDecision, GateSignOff, WaiverSigned
from state.journal import timestamp
from state.projections.evidence import Evidence, LastVerdict, fold_evidence
from state.projections.gate import GateHistory, fold_gates
from state.reader import JournalReader


@dataclass(frozen=True, slots=True)
class Taken:
    """A verdict taken now; `event` is where the journal keeps it, None with the reason in `unrecorded`."""

    standing: GateStanding
    event: Event | None
    unrecorded: str | None = None


@dataclass(frozen=True, slots=True)
class _Written:
    evidence: Evidence
    gates: Mapping[str, GateHistory]


def choose_gate(loaded: LoadedPlan, gate: str | None) -> str:
    """The gate that is meant: the one named, or the plan's only one.

    Raises:
        CommandError: there is no such gate, or several to choose from.
    """
    ids = [each.id for each in loaded.plan.gate]
    if not ids:
        raise CommandError(f"plan `{loaded.plan.plan}` has no `gate`; write one, see docs/plan-format.md")
    if gate is None and len(ids) == 1:
        return ids[0]
    if gate not in ids:
        said = "which gate?" if gate is None else f"no gate `{gate}`;"
        raise CommandError(f"{said} there are: {', '.join(ids)}")
    return gate


def take(
    loaded: LoadedPlan,
    gate: str,
    sandbox: str | None,
    journal: str | None,
    path: Path,
    *,
    parallel: int = 10,
    record: bool = True,
    create: bool = False,
) -> Taken:
    """Make every criterion now, and decide.

    Args:
        loaded: the plan.
        gate: which gate.
        sandbox: as the option `--sandbox`.
        journal: as the option `--journal`.
        path: the journal.
        parallel: checks at once.
        record: keep the samples and the verdict in the journal, if it is of the same world.
        create: make the journal where there is none.
    """
    criteria = [check for check in library(loaded.plan) if check.source is Source.CRITERION]
    items = make_checks(loaded, criteria, sandbox, journal, parallel)
    refusal = record_refusal(path, sandbox)
    if create and not path.is_file():
        refusal = None
    if refusal is None and record:
        return _recorded_now(loaded, gate, path, items)
    known = _written(path) if refusal is None else _Written(Evidence(), {})
    evidence = _with_items(known.evidence, items)
    why = refusal or "asked not to"
    return Taken(_stand(loaded, gate, replace(known, evidence=evidence)), None, why)


def recorded(loaded: LoadedPlan, gate: str, path: Path) -> GateStanding:
    """Where the gate stands by the journal alone; what is too old does not count."""
    return _stand(loaded, gate, _written(path))


def _recorded_now(loaded: LoadedPlan, gate: str, path: Path, items: Sequence[CheckedItem]) -> Taken:
    with openers.open_journal(path, loaded) as journal:
        record_items(journal, items)
        standing = recorded(loaded, gate, path)
        event = journal.append(payload(loaded.plan, standing, loaded.digest))
    return Taken(recorded(loaded, gate, path), event)


def _written(path: Path) -> _Written:
    try:
        with JournalReader(path) as reader:
            events = reader.events()
    except JournalMissingError:
        return _Written(Evidence(), {})
    return _Written(fold_evidence(events), fold_gates(events))


def _stand(loaded: LoadedPlan, gate: str, written: _Written) -> GateStanding:
    history = written.gates.get(gate, GateHistory())
    return stand(loaded.plan, gate, written.evidence, history, loaded.digest, openers.now())


def _with_items(evidence: Evidence, items: Sequence[CheckedItem]) -> Evidence:
    """Evidence with what was made just now and is in no journal."""
    at = timestamp(openers.now())
    fresh = {
        item.check.id: LastVerdict(
            item.outcome.verdict,
            at,
            0,
            item.check.id,
            item.outcome.message,
            item.outcome.stands_for,
        )
        for item in items
        if not item.outcome.by_hand
    }
    return replace(evidence, checks={**evidence.checks, **fresh})


class GateDesk:
    """What people write at a gate. Every refusal is a CommandError of one line."""

    def __init__(self, loaded: LoadedPlan, path: Path) -> None:
        self._loaded = loaded
        self._path = path

    def sign(self, gate: str, role: str, reason: str) -> Event:
        """Sign the newest verdict of a gate in the role of an approver.

        Raises:
            CommandError: there is nothing to sign, it is a NO-GO or no longer holds, or somebody else must.
        """
        standing = recorded(self._loaded, gate, self._path)
        last = standing.last
        if last is None:
            raise _refused(f"gate `{gate}` has no verdict to sign: take it with `cutover gate` first")
        if last.decision is GateDecision.NO_GO:
            raise _refused(f"gate `{gate}` is NO-GO (event {last.seq}): nobody can sign that")
        if standing.decision.rank < last.decision.rank:
            raise _refused(f"the verdict of event {last.seq} no longer holds: take it again")
        if last.digest != self._loaded.digest:
            raise _refused(f"the plan was changed since the verdict of event {last.seq}: take it again")
        self._approver(gate, role)
        for each in standing.sign_offs:
            if each.state is PaperState.VALID and each.actor == openers.actor() and each.role != role:
                raise _refused(f"you have signed as {each.role}: a second person must sign as {role}")
        return self._write(
            GateSignOff(
                gate=gate,
                role=role,
                decision=last.decision,
                verdict_seq=last.seq,
                digest=last.digest,
                reason=reason,
            )
        )

    def waive(
        self, gate: str, criterion: str, role: str | None, owner: str, until: datetime, reason: str
    ) -> Event:
        """Sign a waiver of a criterion, which `owner` sees to until a moment.

        Raises:
            CommandError: there is no such criterion, the moment is past, or somebody else must.
        """
        wanted = self._criterion(criterion)
        if until <= openers.now():
            raise CommandError(f"a waiver ends in the future, not at {timestamp(until.astimezone(UTC))}")
        self._approver(gate, role)
        for each in recorded(self._loaded, gate, self._path).waivers:
            other = next(
                (one for one in each.signed if one.actor == openers.actor() and one.role != role), None
            )
            if each.criterion == criterion and other is not None and each.state is not PaperState.EXPIRED:
                raise _refused(f"you have signed it as {other.role}: a second person must sign as {role}")
        return self._write(
            WaiverSigned(
                gate=gate,
                criterion=criterion,
                role=role,
                owner=owner,
                until=timestamp(until.astimezone(UTC)),
                reason=reason,
                digest=criterion_digest(wanted),
            )
        )

    def attest(self, criterion: str, verdict: Verdict, evidence: str, role: str | None) -> Event:
        """Say what a criterion came to that only a person can make.

        Raises:
            CommandError: there is no such criterion, it is read by a machine, or another role makes it.
        """
        step = self._criterion(criterion).check
        if isinstance(step, (ApiStep, WaitStep, HttpStep)):
            raise _refused(f"{criterion} is read ({step.title}), not attested: make it with `cutover gate`")
        wanted = getattr(step, "role", None)
        if wanted and role not in (None, wanted):
            raise _refused(f"{criterion} is made by {wanted}, not {role}")
        return self._write(
            Attestation(
                stage=CheckStage.ATTESTED,
                check=criterion,
                verdict=verdict,
                message=evidence,
                role=role or wanted,
            )
        )

    def _criterion(self, criterion: str) -> Criterion:
        found = {each.id: each for each in self._loaded.plan.criteria}
        if criterion not in found:
            raise CommandError(f"no criterion `{criterion}`; there are: {', '.join(found)}")
        return found[criterion]

    def _approver(self, gate: str, role: str | None) -> None:
        approvers = gate_of(self._loaded.plan, gate).approvers
        if approvers and role not in approvers:
            raise _refused(
                f"gate `{gate}` is signed by {', '.join(approvers)}, not by {role or 'just anybody'}"
            )

    def _write(self, said: Payload) -> Event:
        with openers.open_journal(self._path, self._loaded) as journal:
            return journal.append(said)


def _refused(message: str) -> CommandError:
    return CommandError(message, ExitCode.REFUSED)
