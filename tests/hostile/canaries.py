"""Fills the parameters and answers of any AWS call with canaries, wherever a secret may stand."""

from __future__ import annotations

import base64
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from operations.aws.model.catalog import ApiCatalog
from operations.aws.model.library import ServiceLibrary
from operations.aws.secret_words import is_public_mark

MARK = "CANARY"
MARK_BASE64 = base64.b64encode(MARK.encode()).decode()
"""Every canary begins with the mark, so its base64 form begins with this."""
DEPTH = 8
LIBRARY = ServiceLibrary()
CATALOG = ApiCatalog()

LOOKS_SECRET = re.compile(
    r"(pass(word|wd|phrase)|secret|token|credentials?|(access|secret|private|api|signing)key|keymaterial|connectionstring"
    r"|secret(string|binary|value))$",
    re.IGNORECASE,
)
"""The test's own idea of a secret's name, apart from the program's."""
NO_SECRET = re.compile(
    # pages and positions, idempotency, optimistic locks; the id of an access key
    r"((next|previous)\w*|(\w*(request|change|updated?|lock|version))|client|creation|continuation|idempotency|pagination|page"
    r"|start|starting|sequence|uploadsequence|conditional|checkpoint)token$|^accesskey$",
    re.IGNORECASE,
)


@dataclass
class Canaries:
    """The canaries of one call, by text: where each stands, and whether it is a secret wherever it turns up."""

    seed: int
    places: dict[str, str] = field(default_factory=dict)
    loud: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)

    def new(self, place: str, *, loud: bool) -> str:
        """A new canary for a place."""
        text = f"{MARK}{self._random.getrandbits(64):016x}"
        self.places[text] = place
        if loud:
            self.loud.append(text)
        return text

    def found_in(self, raw: bytes) -> list[str]:
        """The places whose canaries stand in some bytes, plain or as base64."""
        if MARK.encode() not in raw and MARK_BASE64.encode() not in raw:
            return []
        return [
            place
            for text, place in self.places.items()
            if text.encode() in raw or base64.b64encode(text.encode())[:20] in raw
        ]


def looks_secret(name: str) -> bool:
    """Whether a member's name says secret to somebody who does not know this program."""
    folded = re.sub(r"[^A-Za-z0-9]", "", name)
    return LOOKS_SECRET.search(folded) is not None and NO_SECRET.search(folded) is None


def apis_of(service: str) -> list[str]:
    """Every call of a service."""
    model = LIBRARY.service(service)
    assert model is not None
    return [f"{service}:{operation}" for operation in model.operation_names]


def every_api() -> Iterator[str]:
    """Every call that botocore knows."""
    for service in sorted(LIBRARY.services()):
        yield from apis_of(service)


def some_apis(seed: int, services: int, each: int) -> Iterator[str]:
    """A seeded sample: so many calls of each of so many services; reading a service's model is what takes time."""
    chance = random.Random(seed)
    for service in chance.sample(sorted(LIBRARY.services()), services):
        names = apis_of(service)
        yield from chance.sample(names, min(each, len(names)))


def filled(shape: Any, canaries: Canaries, where: str) -> dict[str, Any]:
    """A structure's data with a canary in every member that is marked or named as a secret; the rest is left out."""
    if shape is None:
        return {}
    made = _make(shape, canaries, where, marked=False, loud=True, inside=())
    return made if isinstance(made, dict) else {}


def credentials_in(shape: Any, canaries: Canaries, where: str) -> dict[str, Any]:
    """The same without what the models mark although it is no credential (tags, regions, addresses, statements).

    Of an answer, such a member is journaled when the plan saves it, and only then.
    """
    made = filled(shape, canaries, where)
    kept = _without({text for text in canaries.places if text not in canaries.loud}, made)
    return kept if isinstance(kept, dict) else {}


def _without(dropped: set[str], value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without(dropped, item) for key, item in value.items()}
    if isinstance(value, list):
        return [_without(dropped, item) for item in value]
    text = value.decode() if isinstance(value, bytes) else value
    return "quiet" if text in dropped else value


def _make(
    shape: Any, canaries: Canaries, where: str, *, marked: bool, loud: bool, inside: tuple[str, ...]
) -> Any:
    """Data of a shape with canaries, None where there is nothing secret in it."""
    name = where.rpartition(".")[2].split("[")[0]
    if shape.metadata.get("sensitive") and not marked:
        marked, loud = True, not is_public_mark(name)
    if shape.name in inside or len(inside) > DEPTH:
        return None
    inner = (*inside, shape.name)
    match shape.type_name:
        case "structure":
            return _structure(shape, canaries, where, marked=marked, loud=loud, inside=inner)
        case "list":
            item = _make(shape.member, canaries, f"{where}[]", marked=marked, loud=loud, inside=inner)
            return None if item is None else [item]
        case "map":
            value = _make(shape.value, canaries, f"{where}[]", marked=marked, loud=loud, inside=inner)
            return None if value is None else {"key": value}
        case "string" | "character" if marked or looks_secret(name):
            return None if shape.metadata.get("enum") else canaries.new(where, loud=loud)
        case "blob" if marked or looks_secret(name):
            return canaries.new(where, loud=loud).encode()
    return None


def _structure(shape: Any, canaries: Canaries, where: str, **more: Any) -> dict[str, Any] | None:
    members: dict[str, Any] = {}
    for name, member in shape.members.items():
        made = _make(member, canaries, f"{where}.{name}", **more)
        if made is not None:
            members[name] = made
            if shape.metadata.get("union"):
                break
    return members or None
