"""Which call of an inverse undoes which call of the way forward, told from their names and parameters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from operations.plan.audit.sites import StepSite
from operations.plan.audit.usages import texts_in
from operations.plan.steps import ApiStep

_WORD: Final = re.compile(r"[A-Z][a-z]*")
_REFERENCE: Final = re.compile(r"\$\{(?:(?P<owner>[a-z0-9-]+)\.)?(?P<name>[a-z][a-z0-9_]*)")
OPPOSITES: Final[Mapping[str, tuple[str, ...]]] = {
    "Create": ("Delete",),
    "Put": ("Delete", "Remove"),
    "Allocate": ("Release",),
    "Attach": ("Detach",),
    "Associate": ("Disassociate",),
    "Authorize": ("Revoke",),
    "Register": ("Deregister",),
    "Run": ("Terminate", "Stop"),
    "Start": ("Stop",),
    "Request": ("Delete",),
    "Import": ("Delete",),
    "Add": ("Remove",),
    "Subscribe": ("Unsubscribe",),
    "Enable": ("Disable",),
}
"""Verbs of AWS actions, and those that take their effect back."""
MAKES: Final = frozenset({"Create", "Allocate", "Request", "Run", "Import"})
"""Verbs that bring something into the account that was not there before."""
_NAMES: Final = ("name", "identifier", "id", "arn")


@dataclass(frozen=True, slots=True)
class Call:
    """An API call as far as its name and parameters tell what it works on.

    Attributes:
        site: where it stands.
        service: botocore's name.
        verb: `Create` of `CreateVpc`.
        noun: `vpc`, lower case and without a plural's s.
        tokens: references `operation.name` that stand for what it saves.
        refers: references in its parameters, `operation.name`.
        values: its plain parameters by lower-case key without a plural's s.
    """

    site: StepSite
    service: str
    verb: str
    noun: str
    tokens: frozenset[str]
    refers: frozenset[str]
    values: Mapping[str, frozenset[str]]

    @property
    def api(self) -> str:
        """The call as the plan writes it."""
        return self.site.step.api if isinstance(self.site.step, ApiStep) else ""

    def undoes(self, other: Call) -> bool:
        """Whether this call takes back what the other one did."""
        if self.service != other.service or self.noun != other.noun:
            return False
        if self.verb not in OPPOSITES.get(other.verb, ()):
            return False
        common = self.values.keys() & other.values.keys()
        if any(not self.values[key] & other.values[key] for key in common):
            return False
        return bool(common) or bool(other.tokens & self.refers)

    def identity(self) -> Iterator[tuple[str, str, str]]:
        """What names the thing that this call works on: service, key and value."""
        for key, values in self.values.items():
            if key.endswith(_NAMES):
                yield from ((self.service, key, value) for value in values)


def call_of(site: StepSite) -> Call | None:
    """The call of a step, None when it is no API call."""
    step = site.step
    if not isinstance(step, ApiStep):
        return None
    service, _, action = step.api.partition(":")
    found = _WORD.match(action)
    verb = found[0] if found else action
    own = site.operation or ""
    return Call(
        site,
        service,
        verb,
        action[len(verb) :].lower().removesuffix("s"),
        frozenset(f"{own}.{name}" for name in step.save),
        frozenset(references(step.params, own)),
        {
            _key(key): frozenset(_plain(value, own))
            for key, value in step.params.items()
            if _plain(value, own)
        },
    )


def references(value: Any, own: str) -> Iterator[str]:
    """Every reference in a value, written `operation.name`; inputs look like values of the own operation."""
    for _, text in texts_in(value, ()):
        for match in _REFERENCE.finditer(text):
            yield f"{match['owner'] or own}.{match['name']}"


def normal(text: str, own: str) -> str:
    """The text with the owner written into every reference, so that texts of several operations can be compared."""
    return _REFERENCE.sub(lambda match: f"${{{match['owner'] or own}.{match['name']}", text)


def _key(key: str) -> str:
    return key.lower().removesuffix("s")


def _plain(value: Any, own: str) -> list[str]:
    each = value if isinstance(value, (list, tuple)) else [value]
    return [normal(item, own) for item in each if isinstance(item, str)]
