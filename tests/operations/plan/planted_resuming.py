"""Plans with one kind of defect each, whose lines end in `#!`: triggers that never fire, secrets that are lost on resume."""

from __future__ import annotations

from tests.operations.plan.planted import Case
from tests.operations.plan.samples import VPC, plan_text

_METRICS = "metrics:\n  - {id: m, title: M, namespace: N/N, name: n, threshold: {op: '<=', value: 1}}\n"
_BAKES = VPC + "  estimate: 5\n  bake: {minutes: 5, every_seconds: 60}\n"
_ARMED = _BAKES + "  triggers: [t]  #!\n"


def _trigger(rest: str, operations: str = _ARMED, mark: str = "") -> str:
    told = "id: t, title: T, category: c, action: evaluate, severity: low"
    return plan_text(operations, _METRICS + f"triggers:\n  - {{{told}, {rest}}}{mark}\n")


def _secret(step: str, *later: str) -> str:
    """The sound operation with a step that has a secret, and with steps that need it."""
    users = "".join(f"    - {line}\n" for line in later)
    return plan_text(VPC.replace("  inverse:\n", f"    - {step}\n{users}  inverse:\n"))


_PUT = "{api: 'ssm:PutParameter', params: {Name: /%s, Value: '${key}', Type: SecureString, Overwrite: true}}"
_STAND_IN = "{api: 'ssm:GetParameter', params: {Name: /k}, save: {key: Parameter.Value}, sensitive: [key]}"
_KEEP = "save: {key: %s}, sensitive: [key]}  #!"

CASES = (
    Case("told-in-words", "plan/trigger-cannot-fire", _trigger("signal: s"), "has no metric"),
    Case(
        "longer-than-the-bake",
        "plan/trigger-cannot-fire",
        _trigger("metric: m, rings: {op: '>', value: 1}, for_seconds: 600"),
        "bakes 300",
    ),
    Case(
        "armed-without-being-one",
        "register/dangling",
        _trigger("metric: m, rings: {op: '>', value: 1}", _BAKES + "  triggers: [s]  #!\n"),
        "there is no trigger `s`",
    ),
    Case(
        "secret-of-a-change",
        "plan/secret-lost-on-resume",
        _secret(
            "{api: 'cognito-idp:UpdateUserPoolClient', params: {UserPoolId: us_1, ClientId: c}, "
            + _KEEP % "UserPoolClient.ClientSecret",
            _PUT % "a",
        ),
        "changes something and is not repeated",
    ),
    Case(
        "secret-of-a-command",
        "plan/secret-lost-on-resume",
        _secret("{command: [pass, show, db], stand_in: [" + _STAND_IN + "], " + _KEEP % "key", _PUT % "a"),
        "comes from a command",
    ),
    Case(
        "another-secret-each-time",
        "plan/secret-lost-on-resume",
        _secret(
            "{api: 'secretsmanager:GetRandomPassword', params: {}, " + _KEEP % "RandomPassword",
            _PUT % "a",
            _PUT % "b",
        ),
        "is needed by 2 later steps",
    ),
)
