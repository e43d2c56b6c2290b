"""How much of a plan that does not fit is still looked at: a hostile one has a million things wrong."""

from __future__ import annotations

from pydantic_core import PydanticOmit


class Patience:
    """Passed to `Plan.model_validate` as its context; counts the parts that do not fit.

    Args:
        parts: how many of them are looked at.
    """

    def __init__(self, parts: int) -> None:
        self._left = parts

    def look(self) -> None:
        """A part is about to be looked at.

        Raises:
            PydanticOmit: there is no need to.
        """
        if self._left <= 0:
            raise PydanticOmit

    def lose(self) -> None:
        """A part did not fit."""
        self._left -= 1
