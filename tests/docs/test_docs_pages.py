"""Pages: links lead somewhere, commands that are shown exist, keys are all listed."""

import importlib.util
import re
from pathlib import Path

import pytest

from tests.docs.reading import DOCS, HEADING, ROOT, commands, outside_code, page, pages

LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
MADE_LATER = {"docs/images/console.svg"}
"""What is recorded from a real run rather than written."""


def anchors(file: Path) -> set[str]:
    """The anchors that a code host makes of a page's headings."""
    headings = [match[2] for match in HEADING.finditer(outside_code(file.read_text(encoding="utf-8")))]
    return {re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("file", pages(), ids=lambda file: str(file.relative_to(ROOT)))
def test_every_relative_link_leads_somewhere(file: Path) -> None:
    for link in LINK.findall(outside_code(file.read_text(encoding="utf-8"))):
        if re.match(r"[a-z]+:", link):
            continue
        target, _, anchor = link.partition("#")
        found = (file.parent / target).resolve() if target else file
        if found.relative_to(ROOT).as_posix() in MADE_LATER:
            continue
        assert found.exists(), f"{file.name}: {link} leads nowhere"
        if anchor:
            assert anchor in anchors(found), f"{file.name}: {link}: no such heading"


def test_the_index_names_every_page() -> None:
    linked = set(LINK.findall(page("README.md")))
    assert {file.name for file in DOCS.glob("*.md")} - {"README.md"} <= linked


@pytest.mark.parametrize(
    "file", [*pages(), ROOT / ".ci" / "run"], ids=lambda file: str(file.relative_to(ROOT))
)
def test_every_make_target_that_is_shown_is_in_the_makefile(file: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    text = file.read_text(encoding="utf-8")
    shown = re.findall(r"(?:^|`)make ([a-z]+)", text, re.MULTILINE)
    assert set(shown) <= targets, f"{file.name}: no such target"


def test_the_readme_shows_the_two_commands_first() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert re.findall(r"^make ([a-z]+)", readme, re.MULTILINE)[:2] == ["drill", "test"]


@pytest.mark.parametrize("file", pages(), ids=lambda file: str(file.relative_to(ROOT)))
def test_every_command_that_is_shown_to_be_typed_exists(file: Path) -> None:
    names = {command.name for command in commands()}
    groups = {name.rsplit(" ", 1)[0] for name in names}
    for block in re.findall(
        r"^```(?:console|sh|bash)?\n(.*?)^```$", file.read_text(), re.MULTILINE | re.DOTALL
    ):
        for line in block.splitlines():
            words = line.split("#")[0].split()
            if words[:1] != ["cutover"] or len(words) < 2 or words[1].startswith(("-", "[")):
                continue
            name = " ".join(words[:3]) if " ".join(words[:2]) in groups else " ".join(words[:2])
            assert name in names, f"{file.name}: `{line.strip()}`"


def test_the_keys_page_is_what_the_table_of_commands_says() -> None:
    if importlib.util.find_spec("console.actions") is None:
        pytest.skip("there is no table of commands yet")
    from console.actions import ACTIONS
    from tests.docs.keys_page import keys_page

    shown = page("keys.md")
    missing = [action.id for action in ACTIONS if f"`{action.id}`" not in shown]
    assert not missing, f"docs/keys.md: run `python -m tests.docs.keys_page > docs/keys.md`: {missing}"
    assert shown == keys_page(), "run `python -m tests.docs.keys_page > docs/keys.md`"
