"""The triggers of one operation: proven able to fire before it begins, sampled while it bakes, acted on when they fire."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from operations.aws.outcome import Answer
from operations.checks.metrics import MetricPoller
from operations.checks.triggers import Sample, judge
from operations.engine.context import RunContext
from operations.engine.errors import PersonNeededError, TriggerFiredError
from operations.engine.far_back import far_back
from operations.engine.reads import read
from operations.plan.models import Operation
from operations.plan.watching import MissingData, Trigger, TriggerAction
from state.events import CheckStage, Verdict
from state.operation_events import TriggerDisarmed, TriggerFired, TriggerSample
from state.projections.status import fold
from state.reader import JournalReader

BLIND_SAMPLES = 3
"""Samples in a row without anything to judge after which a person is asked, when a trigger needs fewer to fire."""


class Triggers:
    """What is armed while an operation bakes."""

    def __init__(self, context: RunContext, operation: Operation) -> None:
        self._context = context
        self._operation = operation
        plan = context.loaded.plan
        metrics = {metric.id: metric for metric in plan.metrics}
        wanted = [trigger for trigger in plan.triggers if trigger.id in operation.triggers]
        self._measured = [(each, metrics[each.metric]) for each in wanted if each.metric in metrics]
        self._unmeasured = set(operation.triggers) - {trigger.id for trigger, _ in self._measured}
        self._rung: dict[str, list[int]] = {}
        self._blind: Counter[str] = Counter()
        self._last: dict[str, Sample] = {}
        self._told: set[str] = set()

    @property
    def ids(self) -> tuple[str, ...]:
        """Of the triggers that are sampled."""
        return tuple(trigger.id for trigger, _ in self._measured)

    async def prove(self) -> None:
        """See that each could fire: there is fresh data, and it does not ring already.

        Raises:
            PersonNeededError: one could not; nothing was changed yet.
        """
        if self._unmeasured:
            names = ", ".join(sorted(self._unmeasured))
            raise PersonNeededError(f"trigger {names} cannot fire: the plan gives it no metric that is read")
        for sample, _ in await self._look(proof=True):
            if sample.blind:
                raise PersonNeededError(f"trigger {sample.trigger.id} cannot fire: {sample.message}")
            if sample.verdict is Verdict.FAIL:
                raise PersonNeededError(
                    f"trigger {sample.trigger.id} rings already: {sample.message}; nothing begins on a red alarm"
                )

    async def sample(self) -> None:
        """Look once at each, and do what the plan says for those that have rung long enough.

        Raises:
            TriggerFiredError: one fired that has operations undone.
            PersonNeededError: one fired that asks for a person, or has been blind for too long.
        """
        bake = self._operation.bake
        every = bake.every_seconds if bake is not None else 1.0
        fired: list[tuple[Sample, list[int]]] = []
        for sample, seq in await self._look():
            key = sample.trigger.id
            needed = sample.trigger.samples_to_fire(every)
            self._count(sample, seq)
            if len(self._rung.get(key, ())) >= needed:
                fired.append((sample, self._rung[key][-needed:]))
            if self._blind[key] >= max(needed, BLIND_SAMPLES):
                self._hold(f"trigger {key} saw nothing {self._blind[key]} times: {sample.message}")
        self._act(fired)

    def _count(self, sample: Sample, seq: int) -> None:
        key = sample.trigger.id
        self._last[key] = sample
        if sample.verdict is Verdict.FAIL:
            self._rung.setdefault(key, []).append(seq)
        elif sample.verdict is Verdict.PASS or sample.counts:
            self._rung[key] = []
        if sample.verdict is Verdict.PASS:
            self._told.discard(key)
        self._blind[key] = self._blind[key] + 1 if sample.blind and sample.counts else 0

    def close(self) -> None:
        """The bake is over: no data is not a pass.

        Raises:
            PersonNeededError: the last sample of one told nothing.
        """
        for key, sample in self._last.items():
            if sample.blind and sample.counts:
                self._hold(f"trigger {key} saw nothing at the end of the bake: {sample.message}")

    async def _look(self, *, proof: bool = False) -> list[tuple[Sample, int]]:
        if not self._measured:
            return []
        context = self._context
        metrics = list({metric.id: metric for _, metric in self._measured}.values())
        scope = context.values.scope(self._operation.id)
        snapshot = await MetricPoller(metrics, self._read, context.clock, scope).look()
        samples = [
            judge(_strictly(trigger) if proof else trigger, metric, snapshot, context.clock())
            for trigger, metric in self._measured
        ]
        return [(sample, self._journal(sample)) for sample in samples]

    async def _read(self, api: str, params: Mapping[str, Any]) -> Answer:
        return await read(self._context, api, params)

    def _journal(self, sample: Sample) -> int:
        trigger = sample.trigger
        payload = TriggerSample(
            stage=CheckStage.WATCH, check=_name(trigger), verdict=sample.verdict, message=sample.message
        )
        return self._context.record(payload, self._operation.id).seq

    def _act(self, fired: Sequence[tuple[Sample, list[int]]]) -> None:
        """Alerts are told; of the others one that goes back by itself comes before those that ask."""
        asking: list[str] = []
        back: TriggerFiredError | None = None
        for sample, seqs in fired:
            trigger = sample.trigger
            if trigger.id in self._told:
                continue
            self._told.add(trigger.id)
            undone = self._undone(trigger) if trigger.alone and back is None else ()
            self._context.record(
                TriggerFired(
                    check=_name(trigger),
                    message=sample.message,
                    trigger=trigger.id,
                    action=trigger.action.value,
                    samples=tuple(seqs),
                    operations=undone,
                ),
                self._operation.id,
            )
            if undone:
                back = TriggerFiredError(trigger.id, sample.message, undone)
            elif trigger.action is not TriggerAction.ALERT:
                asking.append(f"trigger {trigger.id} fired: {sample.message}; {_asks(trigger)}")
        if back is not None:
            self._context.record(TriggerDisarmed(why=f"trigger {back.trigger} fired"), self._operation.id)
            raise back
        if asking:
            self._hold("; ".join(asking))

    def _undone(self, trigger: Trigger) -> tuple[str, ...]:
        with JournalReader(self._context.journal.path) as reader:
            status = fold(reader.events())
        plan, graph = self._context.loaded.plan, self._context.graph
        return far_back(plan, graph, status, trigger.rolls_back, self._operation.id)

    def _hold(self, why: str) -> None:
        self._context.record(TriggerDisarmed(why=why), self._operation.id)
        raise PersonNeededError(why)


def _strictly(trigger: Trigger) -> Trigger:
    """For the proof: what is not there shows that nothing can fire, whatever the plan takes it for later."""
    return trigger.model_copy(update={"missing": MissingData.MISSING})


def _name(trigger: Trigger) -> str:
    return f"trigger {trigger.id}"


def _asks(trigger: Trigger) -> str:
    """What a person is to do."""
    goal = f" of {', '.join(trigger.rolls_back)}" if trigger.rolls_back else ""
    match trigger.action:
        case TriggerAction.EVALUATE:
            return f"look whether to go back{goal}"
        case TriggerAction.RESTART | TriggerAction.FAIL_OVER:
            return f"it asks for a {trigger.action.value.replace('_', '-')}, which a person does"
    if trigger.alone:
        return f"the way back{goal} is shut, or others stand on it; look what can be undone"
    return f"it asks for the way back{goal}, which a person has to agree to: `cutover rollback`"
