"""How a patch replaces or adds a method of a moto class."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

Method = Callable[..., Any]


def wrap(owner: type, name: str, make: Callable[[Method], Method]) -> None:
    """Replace the method `name` of `owner` by what `make` builds around the present one."""
    setattr(owner, name, make(getattr(owner, name)))


def put(owner: Any, name: str, value: Any) -> None:
    """Set an attribute of a moto class or module, new or old."""
    setattr(owner, name, value)


def answer(result: object) -> Any:
    """A response that moto serialises by the service's own model, whatever its protocol."""
    from moto.core.responses import ActionResult

    return ActionResult(result)


def refusal(code: str, message: str) -> Exception:
    """An error that moto sends to the client by the service's own protocol."""
    return _refusal_class()(code, message)


@cache
def _refusal_class() -> type[Exception]:
    """An error class of this package: of moto's own base class moto would ask which service it belongs to, in vain."""
    from moto.core.exceptions import ServiceException

    class Refusal(ServiceException):
        """A call that the sandbox refuses, as AWS would."""

    return Refusal
