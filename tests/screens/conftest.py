"""How the console is driven in tests: fixed clocks, fakes behind the ports, no motion."""

from __future__ import annotations

import pytest

from tests.screens.driving import Driven, make


@pytest.fixture(autouse=True)
def _unicode(monkeypatch: pytest.MonkeyPatch) -> None:
    """Snapshots do not depend on the locale of the machine."""
    monkeypatch.setattr("locale.getencoding", lambda: "UTF-8")


@pytest.fixture
def driven() -> Driven:
    """A console over fakes, not yet running."""
    return make()
