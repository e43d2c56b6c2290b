"""What people write at a gate, as questions: a signature, a waiver of a criterion, an attestation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from console.acts.forms import Form
from console.acts.waivers import moment
from console.exit_codes import CommandError
from operations.checks.gate_papers import PaperState
from operations.checks.gate_standing import GateStanding, gate_of, stand
from operations.plan.models import Plan
from operations.plan.registers import Criterion
from operations.plan.steps import ApiStep, HttpStep, ManualStep, WaitStep
from screens.entry import Entry, Given
from screens.gate_port import GateWork
from screens.ports import FeedUpdate
from state.events import Verdict
from state.projections.evidence import Evidence
from state.projections.gate import GateHistory

ABSENT = "this console takes no verdicts and signs nothing"
ATTEST = ":attest CRITERION pass|fail EVIDENCE"
UNTIL = "2026-12-01T06:00Z, a day, or from now on 90m, 4h, 7d"
"""The forms of a moment at which a waiver ends."""
WHY = Entry("reason", "why; it stands in the journal")
MADE_BY_HAND = ("pass", "fail")
"""What a person may say that a criterion came to."""


def chosen_gate(plan: Plan, argument: str) -> str:
    """The gate that is named, or the plan's first.

    Raises:
        CommandError: there is no such gate, or none at all.
    """
    gates = [gate.id for gate in plan.gate]
    if not gates:
        raise CommandError("this plan has no gate")
    if argument and argument not in gates:
        raise CommandError(f"no gate {argument}; there are: {', '.join(gates)}")
    return argument or gates[0]


def standing_of(plan: Plan, gate: str, update: FeedUpdate | None, digest: str, now: datetime) -> GateStanding:
    """Where a gate stands by what the journal says; `digest` is the plan's, empty where it is not to be compared."""
    evidence = update.evidence if update else Evidence()
    history = (update.gates.get(gate) if update else None) or GateHistory()
    return stand(plan, gate, evidence, history, digest, now)


@dataclass(frozen=True, slots=True)
class GateForms:
    """The questions at one gate, as it stands."""

    plan: Plan
    gate: str
    standing: GateStanding
    work: GateWork
    clock: Callable[[], datetime]

    def sign(self, role: str = "") -> Form:
        """A signature under the newest verdict, in the role that is named or the first that is missing.

        Raises:
            CommandError: there is nothing to sign, or everybody has.
        """
        standing, work, last = self.standing, self.work, self.standing.last
        missing = [each.role for each in standing.sign_offs if each.state is not PaperState.VALID]
        if last is None:
            raise CommandError("there is no verdict to sign: :take it first")
        if not missing:
            raise CommandError("every approver has signed")
        role = role or missing[0]
        others = [
            f"{each.role}: {each.actor or each.why}" for each in standing.sign_offs if each.role != role
        ]
        texts = (
            f"You sign as {work.actor} that one may pass: {last.decision.value}, taken by {last.actor} in event {last.seq}.",
            f"Each role is signed by another person. {'; '.join(others)}",
            *standing.conditions,
        )

        def send(given: Given) -> str:
            work.sign(self.gate, given["role"], given["reason"])
            return f"signed as {given['role']}"

        entries = (Entry("role", "the approver's role", role), WHY)
        return Form(f"Sign {self.gate}", texts, "sign", send, entries, f"{standing.decision.value} now")

    def waive(self, key: str, until: str, reason: str) -> Form:
        """A waiver of a criterion."""
        found, work = self._criterion(key), self.work
        waived = [each for each in self.standing.waivers if each.criterion == key]
        approvers = gate_of(self.plan, self.gate).approvers
        role = next(iter((*(waived[0].missing if waived else ()), *approvers)), "")
        texts = (
            f"You answer as {work.actor} for {key} until then, although it does not pass.",
            f"It counts once every approver has signed, each another person: {', '.join(approvers)}.",
            "A waiver never makes a GO: it lifts a NO-GO to a CONDITIONAL-GO at best.",
        )

        def send(given: Given) -> str:
            end, signed_as = moment(given["until"], self.clock()), given["role"] or None
            work.waive(self.gate, key, signed_as, given["owner"], end, given["reason"])
            return f"waiver of {key} signed"

        entries = (
            Entry("until", UNTIL, until),
            Entry("owner", "who sees to it", waived[0].owner if waived else ""),
            Entry("role", "the approver's role", role, required=bool(approvers)),
            Entry("reason", WHY.hint, reason),
        )
        return Form(f"Waive {key}", texts, "sign", send, entries, found.title)

    def attest(self, argument: str, chosen: str = "") -> Form:
        """A person's word, `CRITERION pass|fail EVIDENCE`; what is left out is asked for.

        Raises:
            CommandError: there is no such criterion, or it is read by a machine.
        """
        key, _, rest = argument.strip().partition(" ")
        word, _, evidence = rest.strip().partition(" ")
        key = key or chosen
        if key not in {each.id for each in self.plan.criteria}:
            raise CommandError(ATTEST)
        found, work = self._criterion(key), self.work
        if isinstance(found.check, (ApiStep, WaitStep, HttpStep)):
            raise CommandError(f"{key} is read, not attested: :take makes it")
        texts = (
            found.check.title if isinstance(found.check, ManualStep) else f"by hand: {found.check.title}",
            f"You say as {work.actor} what it came to; your word stands in the journal in its place.",
        )

        def send(given: Given) -> str:
            if given["verdict"] not in MADE_BY_HAND:
                raise CommandError("the verdict is pass or fail")
            verdict = Verdict(given["verdict"])
            work.attest(key, verdict, given["evidence"], given["role"] or None)
            return f"{key} attested: {verdict.value}"

        entries = (
            Entry("verdict", "pass or fail", word if word in MADE_BY_HAND else ""),
            Entry("evidence", "what you saw, and where it can be seen again", evidence.strip()),
            Entry("role", "in which role", getattr(found.check, "role", None) or "", required=False),
        )
        return Form(f"Attest {key}", texts, "attest", send, entries, found.title)

    def _criterion(self, key: str) -> Criterion:
        return next(each for each in self.plan.criteria if each.id == key)
