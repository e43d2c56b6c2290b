"""`docs/plan-format.md` names every key that a plan may have, with the values it may take."""

import re
from collections.abc import Iterator
from enum import Enum
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from operations.plan.models import Plan
from tests.docs.reading import page

TEXT = page("plan-format.md")
WORDS = set(re.findall(r"[A-Za-z_][A-Za-z0-9_-]*", TEXT))


def _inside(annotation: Any) -> Iterator[Any]:
    arguments = get_args(annotation)
    yield annotation
    for argument in arguments:
        yield from _inside(argument)


def _models() -> set[type[BaseModel]]:
    found: set[type[BaseModel]] = set()
    waiting: list[type[BaseModel]] = [Plan]
    while waiting:
        model = waiting.pop()
        if model in found:
            continue
        found.add(model)
        for field in model.model_fields.values():
            waiting += [
                each
                for each in _inside(field.annotation)
                if isinstance(each, type) and issubclass(each, BaseModel)
            ]
    return found


MODELS = sorted(_models(), key=lambda model: model.__name__)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_key_is_named(model: type[BaseModel]) -> None:
    keys = [field.alias or name for name, field in model.model_fields.items()]
    missing = [key for key in keys if key not in WORDS]
    assert not missing, f"docs/plan-format.md does not name {', '.join(missing)} of {model.__name__}"


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_value_of_a_choice_is_named(model: type[BaseModel]) -> None:
    for name, field in model.model_fields.items():
        for each in _inside(field.annotation):
            if isinstance(each, type) and issubclass(each, Enum):
                missing = [
                    item.value
                    for item in each
                    if not re.search(rf"(?<![\w-]){re.escape(str(item.value))}(?![\w-])", TEXT)
                ]
                assert not missing, f"docs/plan-format.md does not name {missing} of {model.__name__}.{name}"


def test_the_models_were_found() -> None:
    assert {"Plan", "Phase", "Operation", "ApiStep", "ManualStep", "Metric"} <= {m.__name__ for m in MODELS}
