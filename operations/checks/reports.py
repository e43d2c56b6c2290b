"""A made verification library as JSON, Markdown or JUnit."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from xml.etree import ElementTree as ET

from operations.checks.changes import Changed
from operations.checks.library import CheckedItem
from state.events import Verdict

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold, not even escaped (https://www.w3.org/TR/xml/#charsets)."""


def counts(items: Sequence[CheckedItem]) -> dict[str, int]:
    """How many checks came to each verdict."""
    counted = Counter(item.outcome.verdict for item in items)
    return {verdict.value: counted[verdict] for verdict in Verdict}


def as_object(items: Sequence[CheckedItem], changed: Sequence[Changed]) -> dict[str, object]:
    """The JSON shape of `verify`."""
    rows = [
        {
            "id": item.check.id,
            "category": item.check.category,
            "severity": item.check.severity.value,
            "source": item.check.source.value,
            "verdict": item.outcome.verdict.value,
            "message": item.outcome.message,
            "seconds": item.outcome.seconds,
            "stands_for": item.outcome.stands_for,
        }
        for item in items
    ]
    differences = [
        {
            "id": each.id,
            "change": each.change.value,
            "was": each.was.value if each.was else None,
            "now": each.now.value if each.now else None,
        }
        for each in changed
    ]
    return {"checks": rows, "counts": counts(items), "changes": differences}


def as_markdown(title: str, at: str, items: Sequence[CheckedItem], changed: Sequence[Changed]) -> str:
    """A report to paste into a ticket: a table a category, what is not a pass first."""
    summary = ", ".join(f"{count} {word}" for word, count in counts(items).items() if count)
    lines = [f"# Verification of {cell(title)}", "", f"{at}: {summary}", ""]
    if changed:
        lines += ["## Changed", "", "| check | was | is |", "|---|---|---|"]
        lines += [f"| {cell(each.id)} | {each.was or '-'} | {each.now or '-'} |" for each in changed]
        lines.append("")
    by_category = sorted(items, key=lambda item: item.check.category)
    for category, group in groupby(by_category, key=lambda item: item.check.category):
        lines += [f"## {cell(category)}", "", "| verdict | check | what was seen |", "|---|---|---|"]
        for item in sorted(group, key=lambda item: item.outcome.verdict is Verdict.PASS):
            lines.append(f"| {item.outcome.verdict} | {cell(item.check.id)} | {cell(seen(item))} |")
        lines.append("")
    return "\n".join(lines)


def seen(item: CheckedItem) -> str:
    """What was seen, else what the check is called; and in whose place a sandbox made it."""
    said = item.outcome.message or item.check.title
    return f"{said} (stands for {item.outcome.stands_for})" if item.outcome.stands_for else said


def cell(text: str) -> str:
    """Text that stays inside its table cell and is no markup."""
    flat = " ".join(text.split())
    return re.sub(r"([\\`*_\[\]<>|#])", r"\\\1", flat)


def as_junit(title: str, items: Sequence[CheckedItem]) -> str:
    """JUnit XML as CI systems read it: a fail is a failure, an inconclusive check is one too, an error an error.

    The form is that of the Jenkins xUnit schema: https://github.com/jenkinsci/xunit-plugin (junit-10.xsd).
    """
    counted = counts(items)
    root = ET.Element("testsuites", name=_xml(title))
    by_category = sorted(items, key=lambda item: item.check.category)
    for category, group in groupby(by_category, key=lambda item: item.check.category):
        members = list(group)
        inner = counts(members)
        suite = ET.SubElement(
            root,
            "testsuite",
            name=_xml(category),
            tests=str(len(members)),
            failures=str(inner["fail"] + inner["inconclusive"]),
            errors=str(inner["error"]),
            time=f"{sum(item.outcome.seconds for item in members):.3f}",
        )
        for item in members:
            _case(suite, item)
    root.set("tests", str(len(items)))
    root.set("failures", str(counted["fail"] + counted["inconclusive"]))
    root.set("errors", str(counted["error"]))
    return ET.tostring(root, encoding="unicode", xml_declaration=True)


def _case(suite: ET.Element, item: CheckedItem) -> None:
    outcome = item.outcome
    case = ET.SubElement(
        suite,
        "testcase",
        classname=_xml(item.check.category),
        name=_xml(f"{item.check.id} {item.check.title}"),
        time=f"{outcome.seconds:.3f}",
    )
    if outcome.verdict is Verdict.PASS:
        return
    tag = "error" if outcome.verdict is Verdict.ERROR else "failure"
    ET.SubElement(case, tag, type=outcome.verdict.value, message=_xml(outcome.message))


def _xml(text: str) -> str:
    return _NOT_XML.sub("�", text)
