"""Rules about JMESPath: it must compile, and ask for what the answer has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from operations.plan.audit.compiling import expression_problem
from operations.plan.audit.context import AuditContext
from operations.plan.audit.finding import Severity
from operations.plan.audit.marking import mark
from operations.plan.audit.rule import Defect, rule
from operations.plan.audit.sites import StepSite, World
from operations.plan.yaml_source import KeyPath


def expressions(context: AuditContext, site: StepSite) -> Iterator[tuple[KeyPath, str]]:
    """Every expression of a step with its key path, references filled in where the plan knows their value."""
    for name, text in site.saves.items():
        yield (*site.path, "save", name), text
    own = frozenset(context.saved(site.operation, World.LIVE) if site.operation else ())
    for key, text in site.answer_expressions:
        filled = mark(text, context.plan, own, context.knowledge)
        if isinstance(filled, str):
            yield (*site.path, key), filled


@rule(
    "plan/reference-in-save",
    Severity.ERROR,
    "A `save` holds no references.",
    "References are filled in inside parameters, `expect` and `until`; in a `save` they would be taken as they stand "
    "and find nothing.",
    "save more, and choose where the value is used",
)
def reference_in_save(context: AuditContext) -> Iterable[Defect]:
    """`${` in the expressions under `save`."""
    for site in context.sites:
        for name, text in site.saves.items():
            if "${" in text:
                yield Defect((*site.path, "save", name), f"a reference in `{text}` is not filled in")


@rule(
    "plan/bad-expression",
    Severity.ERROR,
    "`save`, `expect` and `until` are JMESPath that compiles, with functions that exist.",
    "Expressions are the AWS CLI's JMESPath, with `parse_json` added. Numbers and true or false stand in backticks, "
    "text in single quotes. One that does not compile fails the step after its call has been made.",
    "mend the expression; see jmespath.org",
)
def bad_expression(context: AuditContext) -> Iterable[Defect]:
    """Expressions are compiled, and their functions looked up."""
    for site in context.sites:
        for path, text in expressions(context, site):
            problem = None if "save" in path and "${" in text else expression_problem(text)
            if problem is not None:
                yield Defect(path, problem)


@rule(
    "api/no-such-output",
    Severity.ERROR,
    "`save`, `expect` and `until` ask for fields that the call's answer has, and compare them with values it can have.",
    "A field that does not exist is null: what is saved is missing later, and a condition never holds. "
    "The answer's shape is that of the AWS models that come with cutover.",
    "see the call's output in the AWS reference",
)
def no_such_output(context: AuditContext) -> Iterable[Defect]:
    """Expressions on the answers of calls that exist."""
    for site in context.sites:
        api = site.api.api if site.api is not None else None
        if api is None or not context.knowledge.knows(api):
            continue
        for path, text in expressions(context, site):
            if expression_problem(text) is None:
                for problem in context.knowledge.output_has(api, text):
                    message, _, advice = f"{problem.path}: {problem.message}".partition("; ")
                    yield Defect(path, f"answer of {api}: {message}", advice or None)


RULES = (reference_in_save, bad_expression, no_such_output)
