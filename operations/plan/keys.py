"""Which keys a plan file may hold at a place, for 'did you mean' in error lines."""

from __future__ import annotations

import types
import typing
from typing import Annotated, Any, get_args, get_origin

from pydantic import BaseModel

from operations.plan.models import Plan


def known_keys(path: tuple[str | int, ...]) -> list[str]:
    """The keys of the model at a key path of a plan; for a step those of all five forms."""
    models: list[type[BaseModel]] = [Plan]
    for part in path:
        if isinstance(part, int):
            continue
        found = [found for model in models for found in _models_at(model, str(part))]
        models = found or models
    keys = {field.alias or name for model in models for name, field in model.model_fields.items()}
    return sorted(keys)


def _models_at(model: type[BaseModel], key: str) -> list[type[BaseModel]]:
    for name, field in model.model_fields.items():
        if key == (field.alias or name):
            return list(_models_in(field.annotation))
    return []


def _models_in(annotation: Any) -> typing.Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    elif get_origin(annotation) is Annotated:
        yield from _models_in(get_args(annotation)[0])
    elif get_origin(annotation) in (tuple, list, dict, typing.Union, types.UnionType):
        for argument in get_args(annotation):
            yield from _models_in(argument)
