"""Rules about what an inverse takes back: all of it, in reverse order, and without losing data unsaid."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from operations.plan.audit.context import AuditContext
from operations.plan.audit.counterparts import MAKES, Call
from operations.plan.audit.finding import Severity
from operations.plan.audit.losses import loss_of
from operations.plan.audit.rule import Defect, rule
from operations.plan.audit.sites import Section
from operations.plan.steps import CommandStep, ManualStep


@rule(
    "way-back/not-reversed",
    Severity.ERROR,
    "An inverse takes things back in the reverse of the order in which they were made.",
    "What was made later and refers to something made before has to go first: AWS refuses to delete a role that still "
    "has a policy, or a subnet before its gateway, and the way back stops half way. Only pairs of which one refers to "
    "the other are compared.",
    "swap the two steps of the inverse",
)
def not_reversed(context: AuditContext) -> Iterable[Defect]:
    """Pairs of dependent calls of one way forward, and the calls that undo them."""
    for key in context.plan.operations:
        forward, inverse = context.calls(key, Section.FORWARD), context.calls(key, Section.INVERSE)
        turn = {place: _first(call, inverse) for place, call in enumerate(forward)} if inverse else {}
        for earlier, later in _dependent(forward):
            first, second = turn.get(earlier), turn.get(later)
            if first is not None and second is not None and first < second:
                undo, late = inverse[first], inverse[second]
                message = (
                    f"{undo.api} stands before {late.api}, which undoes what was made later and refers to it"
                )
                yield Defect((*undo.site.path, "api"), message)


def _first(call: Call, inverse: list[Call]) -> int | None:
    return next((place for place, undo in enumerate(inverse) if undo.undoes(call)), None)


def _dependent(forward: list[Call]) -> Iterator[tuple[int, int]]:
    """Pairs of calls, by place, of which the later one refers to what the earlier one made."""
    made: dict[object, int] = {}
    for later, call in enumerate(forward):
        mentions: set[object] = {*call.refers, *call.identity()}
        yield from {(made[each], later) for each in mentions if each in made}
        if call.verb in MAKES or call.verb == "Put":
            for each in (*call.tokens, *call.identity()):
                made.setdefault(each, later)


_PARTS = frozenset({"tag", "grant", "token", "changeset", "snapshot", "launchtemplateversion"})
"""What goes with the thing that it belongs to, or is made to stay."""


@rule(
    "way-back/leaves-behind",
    Severity.WARNING,
    "What the way forward makes, the inverse removes, or `retains` says that it stays.",
    "A second run finds what the first one left and fails, and what is left costs money. What belongs to something that "
    "the inverse does remove counts as removed; an inverse with commands or a person's steps is not judged.",
    "delete it in the inverse, or name it in `retains`",
)
def leaves_behind(context: AuditContext) -> Iterable[Defect]:
    """Making calls that no call of the inverse refers to."""
    for key, operation in context.plan.operations.items():
        by_hand = any(isinstance(step, (CommandStep, ManualStep)) for step in operation.inverse)
        if not operation.reversible or operation.retains or by_hand:
            continue
        inverse = context.calls(key, Section.INVERSE)
        forward = context.calls(key, Section.FORWARD)
        touched = {each for call in inverse for each in _mentioned(call)}
        for call in reversed(forward):
            if call.verb not in MAKES and call.tokens & touched:
                touched |= call.refers
        for call in forward:
            makes = call.verb in MAKES and call.noun not in _PARTS and context.knowledge.knows(call.api)
            if makes and not _gone(call, touched):
                yield Defect((*call.site.path, "api"), f"the inverse of `{key}` leaves what {call.api} makes")
            else:
                touched |= call.tokens


def _mentioned(call: Call) -> Iterator[str]:
    yield from call.refers
    for values in call.values.values():
        yield from values


def _gone(call: Call, touched: set[str]) -> bool:
    """Whether the inverse refers to the thing itself, or to something that it is part of."""
    return any(each in touched for each in (*call.tokens, *_mentioned(call)))


@rule(
    "way-back/loses-data",
    Severity.ERROR,
    "Where an inverse destroys data for good, `loses` says so.",
    "SkipFinalSnapshot, ForceDeleteWithoutRecovery and their like take away what a snapshot or a recovery window would "
    "have kept. `loses: nothing`, the default, is shown in every confirmation; somebody at 3 am believes it.",
    "say in `loses` what is gone, or keep it: a final snapshot, a recovery window",
)
def loses_data(context: AuditContext) -> Iterable[Defect]:
    """Destroying calls and commands in inverses that are said to lose nothing."""
    for key, operation in context.plan.operations.items():
        if operation.loses.strip().rstrip(".").lower() not in {"", "nothing", "none", "no data"}:
            continue
        for site in context.of_operation(key):
            if site.section is Section.INVERSE and not site.stand_in:
                found = loss_of(context, key, site)
                if found is not None:
                    yield Defect(
                        (*site.path, *found.path),
                        f"`{key}` says `loses: {operation.loses}`, and {found.what}",
                    )


@rule(
    "way-back/group-still-referenced",
    Severity.ERROR,
    "Before a security group is deleted, no rule of another group refers to it any more.",
    "AWS refuses to delete a group that another group's rule names (DependencyViolation). Groups that name each other "
    "in a circle cannot be deleted in any order until their rules are revoked.",
    "revoke the rule that refers to it first",
)
def group_still_referenced(context: AuditContext) -> Iterable[Defect]:
    """Deletions of groups, and the rules that still stand at that moment."""
    named_by = _rules_by_source(context)
    if not named_by:
        return
    for key in context.plan.operations:
        gone: set[str] = set()
        for call in context.calls(key, Section.INVERSE):
            groups = call.values.get("groupid", frozenset())
            if call.api == "ec2:DeleteSecurityGroup":
                for holder, owner in sorted((h, o) for g in groups for h, o in named_by.get(g, ())):
                    if holder not in gone | groups and not context.undone_before(owner, key):
                        message = f"{_bare(groups)} goes while a rule of {holder} still refers to it"
                        yield Defect((*call.site.path, "api"), message)
                        break
            if call.api in {"ec2:DeleteSecurityGroup", *_REVOKES}:
                gone |= groups


_REVOKES = ("ec2:RevokeSecurityGroupIngress", "ec2:RevokeSecurityGroupEgress")
_AUTHORIZES = ("ec2:AuthorizeSecurityGroupIngress", "ec2:AuthorizeSecurityGroupEgress")


def _bare(groups: Iterable[str]) -> str:
    return ", ".join(sorted(groups))


def _rules_by_source(context: AuditContext) -> dict[str, set[tuple[str, str]]]:
    """For every group that rules name: the groups that hold these rules, with the operation that made them."""
    found: dict[str, set[tuple[str, str]]] = {}
    for key in context.plan.operations:
        for call in context.calls(key, Section.FORWARD):
            if call.api in _AUTHORIZES:
                holders = call.values.get("groupid", frozenset())
                for source in {f"${{{each}}}" for each in call.refers} - holders:
                    for holder in holders:
                        found.setdefault(source, set()).add((holder, key))
    return found


RULES = (not_reversed, leaves_behind, loses_data, group_still_referenced)
