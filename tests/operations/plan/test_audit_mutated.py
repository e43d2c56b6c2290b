"""Plans that somebody's cat walked over: whatever they look like, the audit ends with findings and never with a traceback."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from console.soundness import CatalogKnowledge
from operations.plan.audit.audit import audit, unreadable
from operations.plan.audit.finding import Finding
from operations.plan.errors import PlanError
from operations.plan.loader import BUNDLED, load_plan
from tests.operations.plan.planted import CASES as OLD_CASES
from tests.operations.plan.planted import SOUND
from tests.operations.plan.planted_rules import CASES as NEW_CASES

KNOWLEDGE = CatalogKnowledge()
SLICE, SWEEP = 100, 1_000
TEXTS = [*SOUND.values(), *(case.text for case in (*OLD_CASES, *NEW_CASES))]
COPY = Path(__file__).with_name("planted_copy.yaml").read_text(encoding="utf-8")
WORDS: list[Any] = [
    None, True, 0, -1, 1e9, 2**60, "", " ", "${", "${x}", "${a.b}", "${vpc.vpc_id}", "ec2:CreateVpc", "ec2:", ":", "a" * 300,
    "\u0000", "\ud7ff", "length(@)", "[?a==`1`].b | [0]", "99:99", "2026-02-30", [], {}, [[]], {"$json": {}}, {"a": None},
]  # fmt: skip


def mutate(data: Any, chance: random.Random) -> Any:
    """The data with one value somewhere in it replaced, removed, doubled, or moved under another key."""
    if isinstance(data, dict) and data and chance.random() < 0.9:
        key = chance.choice(list(data))
        act = chance.random()
        if act < 0.75:
            return {**data, key: mutate(data[key], chance)}
        rest = {name: value for name, value in data.items() if name != key}
        return (
            rest if act < 0.85 else {**rest, chance.choice([*data, "save", "params", "id", "x"]): data[key]}
        )
    if isinstance(data, list) and data and chance.random() < 0.9:
        place = chance.randrange(len(data))
        act = chance.random()
        if act < 0.8:
            return [*data[:place], mutate(data[place], chance), *data[place + 1 :]]
        return [*data[:place], *data[place + 1 :]] if act < 0.9 else [*data, data[place]]
    if isinstance(data, str) and data and chance.random() < 0.6:
        place = chance.randrange(len(data))
        return (
            data[:place]
            + chance.choice(["", "$", "{", "}", "'", "`", "[", "é", ":", " ", data])
            + data[place + 1 :]
        )
    return chance.choice(WORDS)


def findings_of(path: Path) -> tuple[Finding, ...]:
    try:
        loaded = load_plan(path)
    except PlanError as error:
        return unreadable(error, path)
    return audit(loaded, KNOWLEDGE, date(2026, 6, 1))


def sweep(folder: Path, texts: list[str], seeds: range) -> set[str]:
    """Audit one mutated plan a seed; the rules that were broken."""
    broken: set[str] = set()
    for seed in seeds:
        chance = random.Random(seed)
        data = yaml.load(chance.choice(texts), yaml.CSafeLoader)
        for _ in range(chance.randint(1, 4)):
            data = mutate(data, chance)
        path = folder / "plan.yaml"
        path.write_text(yaml.dump(data, Dumper=yaml.CSafeDumper, allow_unicode=True), encoding="utf-8")
        try:
            found = findings_of(path)
        except Exception as error:  # noqa: BLE001 - whatever comes out, the seed has to be known
            pytest.fail(f"seed {seed}: {error!r}")
        for finding in found:
            broken.add(finding.rule)
            assert finding.message, f"seed {seed}: {finding.rule} says nothing"
    return broken


def readable(texts: list[str]) -> list[str]:
    return [text for text in texts if "&a" not in text and "&w" not in text]


def test_a_mutated_plan_gives_findings_and_no_traceback(tmp_path: Path) -> None:
    broken = sweep(tmp_path, readable(TEXTS), range(SLICE))
    assert len(broken) >= 8, "the mutations reach too little"


@pytest.mark.soak
def test_a_thousand_mutated_plans_give_no_traceback(tmp_path: Path) -> None:
    head = (BUNDLED / "reference" / "plan.yaml").read_text(encoding="utf-8")
    broken = sweep(
        tmp_path,
        [*readable(TEXTS), *[head + COPY.replace("\nwindows:", "\nwindow:")] * 40],
        range(SLICE, SLICE + SWEEP),
    )
    assert len(broken) > 20, "the mutations reach too little"
