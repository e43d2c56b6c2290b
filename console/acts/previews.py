"""What an act would do, worked out from plan and journal: for the console's dialog and the command line's question."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from console.compose import Setting
from console.logs import remember
from console.openers import actor, now
from operations.aws.model.catalog import ApiCatalog
from operations.aws.redaction import Redactor
from operations.engine.values import Values
from operations.engine.way_back import WayBack, way_back
from operations.plan.digest import Digests
from operations.plan.errors import ReferenceProblem
from operations.plan.graph import PlanGraph
from operations.plan.models import ConfirmLevel, Operation, Plan
from operations.plan.obstacles import unmet, unmet_line
from operations.plan.proofs import WayBackProof, proofs_of, whole_proof
from operations.plan.references import Lookup, Reference, fill
from operations.plan.registers import Severity
from operations.plan.second_person import consent_flaw, needs_words
from operations.plan.steps import ApiStep, CommandStep, HttpStep, ManualStep, Step, WaitStep
from operations.plan.windows import outside_windows
from screens.ports import ActPreview, BackOut, PreviewCall
from screens.proof_words import proven_line, unproven_lines
from screens.times import minutes_text
from state.events import Direction
from state.projections.badges import Badge
from state.projections.states import PlanStatus
from state.text import clean

Proofs = Mapping[str, WayBackProof]

TITLED = 2
"""Operations that a title names: it must fit 80 columns, and what is asked for is listed below it."""
MAX_PARAMS = 400
"""Characters of a call's parameters that a preview shows."""


@dataclass(frozen=True, slots=True)
class Previewer:
    """Works previews out for one plan and setting."""

    plan: Plan
    graph: PlanGraph
    setting: Setting
    redactor: Redactor
    digests: Digests

    @classmethod
    def of(cls, plan: Plan, setting: Setting) -> Previewer:
        """A previewer with its own offline API model."""
        return cls(plan, PlanGraph.of(plan), setting, Redactor(ApiCatalog(), tell=remember), Digests(plan))

    def proofs(self, badges: Mapping[str, Badge]) -> dict[str, WayBackProof]:
        """What badges prove of the plan as it is."""
        return proofs_of(self.plan, badges, self.digests)

    def whole(self, badges: Mapping[str, Badge]) -> WayBackProof:
        """What badges prove of the whole plan going forward and back."""
        return whole_proof(badges, self.digests)

    def calls(self, operation_id: str, section: str, status: PlanStatus) -> tuple[PreviewCall, ...]:
        """The steps of a section as they would be made now."""
        operation = self.plan.operations[operation_id]
        lookup = self.lookup(status, operation_id)
        planned = self.setting.hands.plan_steps(operation.sections()[section])
        return tuple(
            PreviewCall(operation_id, each.step.title, self._params(each.step, lookup), each.stands_for)
            for each in planned
        )

    def run(self, wanted: Sequence[str], status: PlanStatus, proofs: Proofs | None = None) -> ActPreview:
        """What carrying these operations out would do; without `proofs` nothing counts as proven."""
        todo = self.graph.in_order(key for key in wanted if not status.of(key).state.satisfied)
        operations = [self.plan.operations[key] for key in todo]
        irreversible = [operation.id for operation in operations if not operation.reversible]
        gaps = [f"{op.id} is skipped: {gap}" for op in operations if (gap := self.setting.hands.gap(op))]
        return ActPreview(
            title=self._title("Run", todo or tuple(wanted), wanted),
            direction=Direction.FORWARD,
            operations=todo,
            calls=tuple(call for key in todo for call in self.calls(key, "forward", status)),
            depends=_listed("later needed by", self.graph.descendants(todo)),
            way_back=self._way_back(operations, status),
            loses=tuple(f"{op.id}: {op.loses}" for op in operations if op.loses != "nothing"),
            retains=tuple(f"{op.id}: {line}" for op in operations for line in op.retains),
            takes=f"about {minutes_text(sum(op.estimate for op in operations))} one after the other, by the plan's estimates",
            level=ConfirmLevel.IRREVERSIBLE if irreversible else ConfirmLevel.REVERSIBLE,
            phrase=irreversible[0] if irreversible else None,
            approvals=tuple(line for op in operations if (line := self._approval(op, status))),
            refused=self._refused(wanted, todo, status),
            warnings=(*gaps, *outside_windows(self.plan, todo, now()), *self._open_constraints(todo)),
            unproven=unproven_lines(operations, proofs or {}, now()),
            proven=proven_line(operations, proofs or {}, now()),
        )

    def _title(self, verb: str, ids: tuple[str, ...], wanted: Sequence[str]) -> str:
        """What is done, in few words: the operation, the phase, or how many with the first of them; the rest is listed below."""
        if len(ids) == 1:
            return f"{verb} {ids[0]}"
        phases = (
            f"phase {each.id}" for each in self.plan.phases if set(self.plan.in_phase(each.id)) == set(wanted)
        )
        everything = "everything" if set(wanted) == set(self.plan.operations) else None
        meant = everything or next(phases, None)
        return (
            f"{verb} {meant}: {len(ids)} operations"
            if meant
            else f"{verb} {len(ids)} operations: {_first(ids)}"
        )

    def _way_back(self, operations: Sequence[Operation], status: PlanStatus) -> tuple[str, ...]:
        lines = []
        for operation in reversed(operations):
            if operation.irreversible:
                lines.append(f"{operation.id}: none: {operation.irreversible}")
            lines += [f"{operation.id}: {call.title}" for call in self.calls(operation.id, "inverse", status)]
        return tuple(lines)

    def _refused(self, wanted: Sequence[str], todo: Sequence[str], status: PlanStatus) -> str | None:
        if not todo:
            return f"nothing to do: {_names(tuple(wanted))} done already"
        missing = sorted(
            {need for key in todo for need in self.graph.needs(key)}
            - set(todo)
            - {key for key in self.plan.operations if status.of(key).state.satisfied}
        )
        if missing:
            return f"must be carried out first: {_names(tuple(missing))}"
        return self._unmet(todo, status)

    def _approval(self, operation: Operation, status: PlanStatus) -> str | None:
        """Whose approval an operation needs or has, None where nobody's: whoever asks now cannot give it."""
        if operation.approval is None or self.setting.hands.approval(operation) is not None:
            return None
        consent, asks = status.consents.get(operation.id), actor()
        flaw = consent_flaw(operation, consent, asks, consent.digest if consent else "", now())
        if consent is not None and flaw is None:
            return f"{operation.id}: approved by {consent.actor} as {consent.role or 'nobody in particular'}"
        said = f"{operation.id}: {needs_words(operation)} must approve within {operation.approval.timeout_minutes:g} min"
        return f"{said}{f'; {flaw}' if flaw else ''}. You ask ({asks}), so somebody else: :approve {operation.id}"

    def _unmet(self, todo: Sequence[str], status: PlanStatus) -> str | None:
        """Why a constraint that nobody has waived holds some of it up, None where none does."""
        found = unmet(self.plan, todo, status.waivers, now(), self.setting.hands.overlooks)
        return next((unmet_line(key, constraints) for key, constraints in found.items()), None)

    def _open_constraints(self, todo: Sequence[str]) -> tuple[str, ...]:
        places = {part for key in todo for part in (key, *(place.id for place in self.plan.place[key]))}
        return tuple(
            f"{each.id} {each.severity.value}, {each.status.word}: {each.title}"
            for each in self.plan.constraints
            if each.severity is Severity.CRITICAL and not each.status.settled and places & set(each.blocks)
        )

    def rollback(self, wanted: Sequence[str], status: PlanStatus, proofs: Proofs | None = None) -> ActPreview:
        """What rolling these operations back would do; without `proofs` nothing counts as proven."""
        back = way_back(self.plan, self.graph, status, wanted)
        operations = [self.plan.operations[key] for key in back.operations]
        return ActPreview(
            title=self._title("Roll back", back.operations or tuple(wanted), wanted),
            direction=Direction.INVERSE,
            operations=back.operations,
            calls=tuple(call for key in back.operations for call in self.calls(key, "inverse", status)),
            depends=_listed("stands on it", back.needs_too),
            way_back=(),
            loses=tuple(f"{key}: {what}" for key, what in back.loses.items()),
            retains=tuple(f"{key}: {line}" for key, lines in back.retains.items() for line in lines),
            takes=f"about {minutes_text(back.minutes)} on the longest chain, by the plan's estimates",
            level=ConfirmLevel.REVERSIBLE,
            refused=_back_refused(back, wanted),
            unproven=unproven_lines(operations, proofs or {}, now()),
            proven=proven_line(operations, proofs or {}, now()),
        )

    def back_out(self, status: PlanStatus, badges: Mapping[str, Badge] | None = None) -> BackOut:
        """Whether everything that stands can be undone, and how long that would take."""
        back = way_back(self.plan, self.graph, status, self.plan.operations, badges)
        return BackOut(
            back.possible,
            len(back.operations),
            back.minutes,
            back.blocked_by,
            tuple(f"{key}: {what}" for key, what in back.loses.items()),
            back.operations,
            back.minutes_by,
            sum(len(self.plan.operations[key].guard) for key in back.operations),
            max(back.operations, key=lambda key: status.of(key).started_at or "", default=None),
        )

    def lookup(self, status: PlanStatus, operation_id: str = "") -> Lookup:
        """What references stand for now; those without a value yet stay as they are written."""
        run = status.run.id if status.run else "run-id-of-the-run"
        sessions = self.setting.sessions
        values = Values(self.plan, run, sessions.account, sessions.region, now, lambda name, _: f"<{name}>")
        values.learn(status)
        scope = values.scope(operation_id)

        def known(reference: Reference) -> Any:
            try:
                return scope(reference)
            except ReferenceProblem:
                return str(reference) if reference.after is None else f"{reference.after}{reference}"

        return known

    def _params(self, step: Step, lookup: Lookup) -> str:
        text = clean(self.redactor.redact_text(self._written(step, lookup)))
        return text if len(text) <= MAX_PARAMS else text[: MAX_PARAMS - 1] + "…"

    def _written(self, step: Step, lookup: Lookup) -> str:
        match step:
            case ApiStep():
                shown: object = self.redactor.redact_params(step.api, fill(step.params, lookup))
                text = json.dumps(shown, ensure_ascii=False, default=str)
            case WaitStep():
                shown = self.redactor.redact_value(fill(step.params, lookup))
                text = json.dumps(shown, ensure_ascii=False, default=str)
            case CommandStep():
                text = " ".join(str(part) for part in fill(list(step.command), lookup))
            case HttpStep():
                text = str(fill(step.http, lookup))
            case ManualStep():
                text = f"{step.role or 'anyone'}: {fill(step.manual, lookup)}"
        return text


def _back_refused(back: WayBack, wanted: Sequence[str]) -> str | None:
    if back.blocked_by:
        return f"past the point of no return: {_names(back.blocked_by)} cannot be undone"
    if back.needs_too:
        return f"{_names(back.needs_too)} still stand on it; roll back those too, or all"
    return None if back.operations else f"nothing stands of {_names(tuple(wanted))}"


def _names(ids: tuple[str, ...]) -> str:
    return ", ".join(ids) if len(ids) <= 6 else f"{', '.join(ids[:5])} and {len(ids) - 5} more"


def _first(ids: tuple[str, ...]) -> str:
    return ", ".join(ids) if len(ids) <= TITLED else f"{', '.join(ids[:TITLED])} and {len(ids) - TITLED} more"


def _listed(lead: str, ids: frozenset[str] | tuple[str, ...]) -> str:
    return f"{lead}: {_names(tuple(sorted(ids)))}" if ids else "nothing else depends on it"
