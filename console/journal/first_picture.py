"""Keeps what the next console shows before it has read anything (see `console.terminal.at_a_glance`)."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from time import monotonic

from console.terminal.at_a_glance import picture_file, plan_bytes
from operations.plan.backing import backing_of
from operations.plan.loader import LoadedPlan
from screens.back_out_lines import back_out_line
from screens.glyphs import UNICODE
from screens.ports import FeedUpdate
from screens.summary import group_row
from screens.times import parsed
from screens.words import state_word

EVERY_SECONDS = 10.0
"""Between two pictures; an older one is shown with the row that it was made at."""
WIDTH = 200
"""Columns for the answer to the way back, which is cut when it is shown."""


class FirstPicture:
    """Writes the picture of one plan and journal; what goes wrong with it only costs the next console its first look."""

    def __init__(
        self, folder: Path, loaded: LoadedPlan, journal: Path, clock: Callable[[], float] = monotonic
    ) -> None:
        self._folder = folder
        self._loaded = loaded
        self._journal = journal
        self._clock = clock
        self._kept: float | None = None
        self._digest = ""

    def keep(self, update: FeedUpdate) -> None:
        """Keep what an update says, unless one was kept a moment ago."""
        now = self._clock()
        if self._kept is not None and now - self._kept < EVERY_SECONDS:
            return
        self._kept = now
        file = picture_file(self._folder, self._journal)
        beside = file.with_suffix(f".{os.getpid()}")
        with suppress(OSError):
            self._digest = self._digest or hashlib.sha256(plan_bytes(self._loaded.origin)).hexdigest()
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            beside.touch(mode=0o600)
            beside.write_text(json.dumps(self._said(update)), encoding="utf-8")
            beside.replace(file)

    def _said(self, update: FeedUpdate) -> dict[str, object]:
        status, operations = update.status, self._loaded.plan.operations
        done = sum(status.of(key).state.satisfied for key in operations)
        return {
            "plan": self._digest,
            "seq": status.seq,
            "hash": status.hash,
            "answer": _answer(update),
            "run": f"run {state_word(status.run.state)}" if status.run else "no run yet",
            "done": f"{done}/{len(operations)} done",
            "rows": self._rows(update),
        }

    def _rows(self, update: FeedUpdate) -> list[tuple[str, str, str]]:
        """A row for each phase, in the words that name no time: it goes on until they are read."""
        now = parsed(update.status.at)
        if now is None:
            return []
        rows = (
            group_row(phase, update.known, backing_of(phase.operations, update.evidence), UNICODE, now)
            for phase in self._loaded.plan.phases
        )
        return [(row.glyph, row.name, row.words[-1]) for row in rows]


def _answer(update: FeedUpdate) -> str:
    """What the line of the way back says behind its name."""
    _, *said = back_out_line(update.back_out, UNICODE, WIDTH)
    return "".join(part.text for part in said).strip()
