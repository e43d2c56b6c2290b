"""Random keys, seeded: nothing crashes the console, and nothing acts without an answer to a question that was awake."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from tests.screens.driving import LARGE, SMALL, Driven, make

from console.actions import ACTIONS  # isort: skip
from screens.arm import ArmScreen  # isort: skip
from screens.ask import AskScreen  # isort: skip
from screens.confirm import ConfirmScreen  # isort: skip
from screens.dialog import Dialog  # isort: skip

KEYS = sorted({key for action in ACTIONS for key in action.keys} - {"ctrl+q"})
PLAIN = [
    "y",
    "n",
    "q",
    "x",
    "enter",
    "escape",
    "tab",
    "space",
    "backspace",
    "up",
    "down",
    "left",
    "right",
    "1",
    "9",
]
ALIAS = "mistersmith-prod"
RUNS, SWEEP = 1, 100
LENGTH = 60
"""Keys of one run."""
QUESTIONS = (AskScreen, ConfirmScreen, ArmScreen)
UNASKED = {"disarm", "note"}
"""What needs no question: it changes neither the account nor a run."""


def a_walk(chance: random.Random) -> list[list[str]]:
    """Keys in handfuls: single ones, commands typed in full, the alias, words, all that an act takes."""
    commands = [action.usage for action in ACTIONS if action.command and action.id != "quit"]
    handfuls: list[list[str]] = []
    while sum(map(len, handfuls)) < LENGTH:
        match chance.randrange(10):
            case 0:
                handfuls.append(["colon", *_typed(chance.choice(commands)), "enter"])
            case 1:
                handfuls.append([*_typed(ALIAS), "enter"])
            case 2:
                handfuls.append(["colon", *_typed("arm"), "enter", *_typed(ALIAS), "enter"])
            case 3:
                handfuls.append(chance.choices(PLAIN, k=3))
            case 4 | 5:
                handfuls += [["colon", *_typed("arm"), "enter"], [*_typed(ALIAS), "enter"]]
                handfuls += [[chance.choice("rR")], ["y"]]
            case _:
                handfuls.append([chance.choice(KEYS)])
    return handfuls


def _typed(text: str) -> list[str]:
    names = {
        " ": "space",
        "-": "minus",
        ":": "colon",
        "[": "left_square_bracket",
        "]": "right_square_bracket",
    }
    names |= {"|": "vertical_line", "/": "slash", "#": "number_sign", "_": "underscore", ".": "full_stop"}
    return [names.get(letter, letter) for letter in text]


def acts(driven: Driven) -> list[tuple[str, ...]]:
    """What the desk was asked for that a person has to answer for."""
    return [asked for asked in driven.desk.asked if asked[0] not in UNASKED]


class Judge:
    """Knows, key by key, whether a question was answered: only then the desk may hear of an act."""

    def __init__(self, driven: Driven) -> None:
        self._driven = driven
        self.answers = 0

    def before(self, key: str) -> None:
        """Look at what the next key meets."""
        screen = self._driven.app.screen
        if not isinstance(screen, Dialog) or not isinstance(screen, QUESTIONS) or not screen.awake:
            return
        typing = isinstance(screen.focused, Input)
        if (key == "y" and not typing) or (key == "enter" and typing):
            self.answers += 1

    def after(self) -> None:
        """Nothing acted that was not answered, and nothing acted while read-only."""
        asked = acts(self._driven)
        assert len(asked) <= self.answers, f"{asked} after {self.answers} answers"


async def walk(
    driven: Driven, pilot: Pilot[int], handfuls: Sequence[Sequence[str]], chance: random.Random
) -> None:
    """Press the keys; now and then time passes, so that dialogs wake up."""
    judge = Judge(driven)
    for handful in handfuls:
        for key in handful:
            judge.before(key)
            await pilot.press(key)
            judge.after()
        if chance.random() < 0.5:
            await pilot.pause()
            driven.ticker.pass_seconds(1)
    await pilot.pause()
    judge.after()


async def run_one(seed: int) -> Driven:
    chance = random.Random(seed)
    driven = make()
    async with driven.app.run_test(size=chance.choice([SMALL, LARGE])) as pilot:
        await driven.settle(pilot)
        await walk(driven, pilot, a_walk(chance), chance)
        assert driven.app.bug is None, f"seed {seed}"
    return driven


@pytest.mark.parametrize("seed", range(RUNS))
async def test_random_keys_neither_crash_nor_act(seed: int) -> None:
    await run_one(seed)


@pytest.mark.soak
@pytest.mark.parametrize("part", range(10))
async def test_a_hundred_runs_of_random_keys(part: int) -> None:
    """Over all of them some acts are asked for and confirmed: the judge has something to judge."""
    asked = 0
    for seed in range(part * SWEEP // 10, (part + 1) * SWEEP // 10):
        asked += len(acts(await run_one(seed)))
    assert asked
