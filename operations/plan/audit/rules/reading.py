"""Rules that are checked while a plan is read: its YAML, and its shape."""

from __future__ import annotations

from operations.plan.audit.finding import Severity
from operations.plan.audit.rule import Rule

YAML = Rule(
    "plan/yaml",
    Severity.ERROR,
    "Every file of the plan is YAML that can be read strictly.",
    "Aliases, anchors, custom tags, a key that stands twice, a key that stands in two files of a folder, and files "
    "beyond the size limits are refused, because what they unfold to is not what a reviewer sees. "
    "Nothing else is checked in such a plan.",
    "write the value out where it is needed, once",
)
SCHEMA = Rule(
    "plan/schema",
    Severity.ERROR,
    "Every key is one that the format knows, and every value has the shape that it asks for.",
    "A key that is not known is never passed over: `invrese` would be an operation without a way back. "
    "`cutover export schema` writes the JSON Schema for an editor. Nothing else is checked in such a plan.",
    "see docs/plan-format.md",
)

RULES = (YAML, SCHEMA)
