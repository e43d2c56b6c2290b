"""Which journal file a command means, and whether it may be used for the world the command acts on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from console.exit_codes import CommandError, ExitCode
from console.settings import state_folder
from state.chain import spoken
from state.errors import JournalError, JournalMissingError
from state.kinds import Kind
from state.projections.states import PlanStatus
from state.projections.status import fold
from state.reader import JournalReader


@dataclass(frozen=True, slots=True)
class World:
    """What a journal's operations stand in: the setting's word and its address."""

    setting: str
    endpoint: str | None


def journal_path(given: str | None, plan_id: str, environment: Mapping[str, str]) -> Path:
    """The journal for a plan: as given, as in the environment, or the default for the plan."""
    named = given or environment.get("CUTOVER_JOURNAL")
    return Path(named) if named else state_folder(environment) / f"{plan_id}.journal"


def newest_journal(given: str | None, environment: Mapping[str, str]) -> Path:
    """The journal that a review command means when no plan is named.

    Raises:
        JournalMissingError: none is named and there is none.
    """
    named = given or environment.get("CUTOVER_JOURNAL")
    if named:
        return Path(named)
    folder = state_folder(environment)
    found = (
        sorted(folder.rglob("*.journal"), key=lambda path: path.stat().st_mtime) if folder.is_dir() else []
    )
    if not found:
        raise JournalMissingError(
            f"{folder}: no journal here; run something first, or give one with --journal FILE"
        )
    return found[-1]


def spoken_phrase(path: Path) -> str | None:
    """The phrase of a journal's newest row, with that row's number, None when there is no journal or it cannot be read."""
    try:
        with JournalReader(path) as reader:
            head = reader.head()
    except JournalError:
        return None
    return f"{spoken(head.hash)} (row {head.seq})"


def read_status(path: Path) -> PlanStatus:
    """What a journal says, an empty status when there is none yet."""
    try:
        with JournalReader(path) as reader:
            return fold(reader.events())
    except JournalMissingError:
        return PlanStatus()


def _last_world(path: Path) -> World | None:
    """What the last run of a journal was on, None without a run; found without reading all that came before."""
    try:
        with JournalReader(path) as reader:
            last = reader.last_of(Kind.RUN_STARTED)
    except JournalMissingError:
        return None
    return World(str(last.data.get("setting")), last.data.get("endpoint")) if last is not None else None


def claim(path: Path, world: World, *, chosen: bool) -> Path | None:
    """See that a journal fits the world a command is about to act on.

    A sandbox's default journal is put aside when its sandbox is gone; the new name is returned. Any other
    journal of another world, in which something stands, is refused.

    Raises:
        CommandError: the journal is of another world.
    """
    if _last_world(path) in (None, world):
        return None
    status = read_status(path)
    run = status.run
    if run is None:
        return None
    stands = [key for key, operation in status.operations.items() if operation.state.stands]
    if not stands and run.setting == world.setting:
        return None
    where = f"{run.setting} {run.endpoint or run.account}"
    if chosen or run.setting != "DRILL":
        raise CommandError(
            f"{path}: this journal is of {where}, where {len(stands)} operations stand; give another with --journal FILE,"
            f" or look at it with `cutover open --journal {path} --review`",
            ExitCode.REFUSED,
        )
    with JournalReader(path) as reader:
        aside = path.with_name(f"{path.stem}-{reader.meta['journal_id']}.journal")
    for suffix in ("", "-wal", "-shm"):
        file = path.with_name(path.name + suffix)
        if file.exists():
            file.rename(aside.with_name(aside.name + suffix))
    return aside
