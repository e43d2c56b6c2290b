"""The gate: its verdict taken, criteria attested and waived, the verdict signed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from console.asking import REFUSALS, Asking
from console.exit_codes import CommandError
from console.waivers import moment
from operations.checks.gate_papers import PaperState
from operations.plan.registers import Criterion, Gate
from operations.plan.steps import ApiStep, HttpStep, WaitStep
from screens.form import Entry, FormScreen
from screens.gate import GateRoom
from screens.gate_port import GateWork
from screens.lines import Line, Role, wrapped
from screens.preview_lines import place_lines
from state.events import Verdict

if TYPE_CHECKING:
    from console.app import CutoverApp

ABSENT = "this console takes no verdicts and signs nothing"
ATTEST = ":attest CRITERION pass|fail EVIDENCE; or put the cursor on it"


class GateKeeper:
    """Opens a gate and has people decide at it."""

    def __init__(self, app: CutoverApp) -> None:
        self._app = app
        self._asking = Asking(app)
        self._taking = False

    def handlers(self) -> Mapping[str, Callable[[str], None]]:
        """By action id."""
        return {"gate": self.open, "take": self.take, "sign": self.sign, "attest": self.attest}

    @property
    def _work(self) -> GateWork | None:
        return self._app.ports.gate

    def open(self, argument: str = "") -> None:
        """Show a gate, the plan's first unless one is named."""
        app = self._app
        gates = [gate.id for gate in app.plan.gate]
        if not gates or (argument and argument not in gates):
            said = f"no gate {argument}; there are: {', '.join(gates)}" if gates else "this plan has no gate"
            app.say(said, error=True)
            return
        gate, digest = argument or gates[0], self._work.digest if self._work else ""
        shown = app.room
        if isinstance(shown, GateRoom) and argument and shown.gate != gate:
            app.leave_to(app.rooms[-2])
        app.enter(lambda seen, actions: GateRoom(app.kit, seen, actions, gate, digest))

    @property
    def _room(self) -> GateRoom | None:
        room = self._app.room
        return room if isinstance(room, GateRoom) else None

    # the verdict

    def take(self, _argument: str = "") -> None:
        """Make every criterion now. It reads only, so it needs no arming."""
        room, work = self._room, self._work
        if room is None or work is None:
            self._app.say(ABSENT, error=True)
        elif self._taking:
            self._app.say("the criteria are being made already")
        else:
            self._taking = True
            self._app.run_worker(self._take(room, work), group="gate", exit_on_error=True)

    async def _take(self, room: GateRoom, work: GateWork) -> None:
        from operations.aws.outcome import GatewayError

        room.show_taking(self._app.clock())
        try:
            said = await asyncio.to_thread(work.take, room.gate)
        except (*REFUSALS, GatewayError) as error:
            self._app.say(f"no verdict: {error}", error=True)
        else:
            self._app.say(said)
        finally:
            self._taking = False
            if room.is_attached:
                room.show_taking(None)

    # what people write

    def sign(self, argument: str = "") -> None:
        """Ask to sign the newest verdict, in the role that is named or the first that is missing."""
        room, work = self._room, self._work
        if room is None or work is None:
            self._app.say(ABSENT, error=True)
            return
        missing = [each.role for each in room.standing.sign_offs if each.state is not PaperState.VALID]
        last = room.standing.last
        if last is None:
            self._app.say("there is no verdict to sign: :take it first", error=True)
        elif not missing:
            self._app.say("every approver has signed")
        else:
            self._asking.start(partial(self._sign, room, work, argument.strip() or missing[0]))

    async def _sign(self, room: GateRoom, work: GateWork, role: str) -> None:
        standing, last = room.standing, room.standing.last
        assert last is not None  # noqa: S101 - looked at before
        others = [
            f"{each.role}: {each.actor or each.why}" for each in standing.sign_offs if each.role != role
        ]
        texts = (
            f"You sign as {work.actor} that one may pass: {last.decision.value}, taken by {last.actor} in event {last.seq}.",
            f"Each role is signed by another person. {'; '.join(others)}",
            *standing.conditions,
        )
        entries = (
            Entry("role", "the approver's role", role),
            Entry("reason", "why; it stands in the journal"),
        )
        head = f"{standing.decision.value} now"
        screen = FormScreen(
            f"Sign {room.gate}", partial(self._lines, head, texts), entries, "sign", self._app.monotonic
        )
        given = await self._asking.form(screen)
        if given is not None:
            await self._asking.send(
                lambda: work.sign(room.gate, given["role"], given["reason"]), f"signed as {given['role']}"
            )

    def waive(self, criterion: str, until: str, reason: str) -> None:
        """Ask to sign a waiver of a criterion; goes to the gate first."""
        if self._room is None:
            self.open()
        room, work = self._room, self._work
        if room is None or work is None:
            self._app.say(ABSENT, error=True)
        else:
            self._asking.start(partial(self._waive, room, work, criterion, until, reason))

    async def _waive(self, room: GateRoom, work: GateWork, criterion: str, until: str, reason: str) -> None:
        found = self._criterion(criterion)
        waived = [each for each in room.standing.waivers if each.criterion == criterion]
        gate: Gate = next(each for each in self._app.plan.gate if each.id == room.gate)
        role = next(iter((*(waived[0].missing if waived else ()), *gate.approvers)), "")
        texts = (
            f"You answer as {work.actor} for {criterion} until then, although it does not pass.",
            f"It counts once every approver has signed, each another person: {', '.join(gate.approvers)}.",
            "A waiver never makes a GO: it lifts a NO-GO to a CONDITIONAL-GO at best.",
        )
        entries = (
            Entry("until", "2026-12-01T06:00Z, a day, or from now on 90m, 4h, 7d", until),
            Entry("owner", "who sees to it", waived[0].owner if waived else ""),
            Entry("role", "the approver's role", role, required=bool(gate.approvers)),
            Entry("reason", "why; it stands in the journal", reason),
        )
        screen = FormScreen(
            f"Waive {criterion}",
            partial(self._lines, found.title, texts),
            entries,
            "sign",
            self._app.monotonic,
        )
        given = await self._asking.form(screen)
        if given is None:
            return
        try:
            end = moment(given["until"], self._app.clock())
        except CommandError as error:
            self._app.say(str(error), error=True)
            return
        await self._asking.send(
            lambda: work.waive(
                room.gate, criterion, given["role"] or None, given["owner"], end, given["reason"]
            ),
            f"waiver of {criterion} signed",
        )

    def attest(self, argument: str = "") -> None:
        """Ask for a person's word about a criterion that no machine can make."""
        room, work = self._room, self._work
        if room is None or work is None:
            self._app.say(ABSENT, error=True)
            return
        criterion, _, rest = argument.strip().partition(" ")
        word, _, evidence = rest.strip().partition(" ")
        criterion = criterion or room.list.chosen or ""
        if criterion not in {each.id for each in self._app.plan.criteria}:
            self._app.say(ATTEST, error=True)
        elif isinstance(self._criterion(criterion).check, (ApiStep, WaitStep, HttpStep)):
            self._app.say(f"{criterion} is read, not attested: :take makes it", error=True)
        else:
            self._asking.start(partial(self._attest, work, criterion, word, evidence.strip()))

    async def _attest(self, work: GateWork, criterion: str, word: str, evidence: str) -> None:
        found = self._criterion(criterion)
        texts = (
            f"by hand: {found.check.title}",
            f"You say as {work.actor} what it came to; your word stands in the journal in its place.",
        )
        entries = (
            Entry("verdict", "pass or fail", word if word in ("pass", "fail") else ""),
            Entry("evidence", "what you saw, and where it can be seen again", evidence),
            Entry("role", "in which role", getattr(found.check, "role", None) or "", required=False),
        )
        screen = FormScreen(
            f"Attest {criterion}",
            partial(self._lines, found.title, texts),
            entries,
            "attest",
            self._app.monotonic,
        )
        given = await self._asking.form(screen)
        if given is None:
            return
        if given["verdict"] not in ("pass", "fail"):
            self._app.say("the verdict is pass or fail", error=True)
            return
        verdict = Verdict(given["verdict"])
        await self._asking.send(
            lambda: work.attest(criterion, verdict, given["evidence"], given["role"] or None),
            f"{criterion} attested: {verdict.value}",
        )

    def _criterion(self, key: str) -> Criterion:
        return next(each for each in self._app.plan.criteria if each.id == key)

    def _lines(self, head: str, texts: tuple[str, ...], width: int) -> list[Line]:
        rows = [*place_lines(self._app.banner, width), (), *wrapped(head, width, Role.STRONG)]
        return rows + [row for text in texts for row in wrapped(text, width)]
