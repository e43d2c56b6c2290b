"""`docs/settings.md` names every setting with its variable and its default."""

import pytest

from console.settings import ENVIRONMENT, Settings
from tests.docs.reading import page

VARIABLES = {field: variable for variable, field in ENVIRONMENT.items()}


@pytest.mark.parametrize("field", Settings.model_fields)
def test_every_setting_is_explained_with_its_variable_and_default(field: str) -> None:
    rows = [line for line in page("settings.md").splitlines() if line.startswith(f"| `{field}` |")]
    assert len(rows) == 1, f"docs/settings.md must have one row for `{field}`"
    _, _, variable, default, what, _ = (cell.strip() for cell in rows[0].split("|"))
    assert variable == f"`{VARIABLES[field]}`"
    value = Settings.model_fields[field].default
    shown = "none" if value is None else f"`{str(value).lower() if isinstance(value, bool) else value}`"
    assert default == shown
    assert what


def test_every_setting_has_a_variable() -> None:
    assert set(VARIABLES) == set(Settings.model_fields)


def test_no_setting_is_explained_that_is_gone() -> None:
    table = [
        line for line in page("settings.md").splitlines() if line.startswith("| `") and "CUTOVER_" in line
    ]
    assert len(table) == len(Settings.model_fields)
