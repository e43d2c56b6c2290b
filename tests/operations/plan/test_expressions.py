"""JMESPath in plans: the AWS CLI's, with `parse_json`, and errors in one line."""

from __future__ import annotations

from typing import Any

import pytest

from operations.plan.audit.compiling import expression_problem
from operations.plan.expressions import ExpressionError, compile_expression, search


@pytest.mark.parametrize(
    ("expression", "answer", "expected"),
    [
        ("Vpcs[0].VpcId", {"Vpcs": [{"VpcId": "vpc-1"}]}, "vpc-1"),
        ("length(Vpcs[?State == 'available']) == `1`", {"Vpcs": [{"State": "available"}]}, True),
        ("Missing.Deeper", {}, None),
        (
            "parse_json(Document).Statement[0].Effect",
            {"Document": '{"Statement":[{"Effect":"Allow"}]}'},
            "Allow",
        ),
        ("@", "text of a command", "text of a command"),
    ],
)
def test_an_expression_finds_its_value(expression: str, answer: Any, expected: object) -> None:
    assert search(expression, answer) == expected


@pytest.mark.parametrize(
    ("expression", "answer"),
    [
        ("Vpcs[", {}),
        ("a ==", {}),
        ("length(missing)", {}),
        ("parse_json(text)", {"text": "{"}),
        ("nofunction(@)", {}),
    ],
)
def test_what_cannot_be_worked_out_is_one_line(expression: str, answer: Any) -> None:
    with pytest.raises(ExpressionError) as caught:
        search(expression, answer)
    assert "\n" not in str(caught.value)
    assert expression in str(caught.value)


def test_compiling_alone_says_what_is_wrong() -> None:
    with pytest.raises(ExpressionError, match="is no JMESPath"):
        compile_expression("Vpcs[?State = 'x']")


@pytest.mark.parametrize(
    "expression",
    [
        "Vpcs[0].State == '${state}'",
        "length(Vpcs) == `${count}`",
        "Tags.${name}",
        "parse_json(a).b",
        "sort_by(Items, &Name)[-1]",
        "length(missing) == `1` && not_null(a, b, 'c') == 'c'",
        "{a: length(@), b: [keys(@), values(@)]}",
    ],
)
def test_an_expression_with_references_compiles(expression: str) -> None:
    assert expression_problem(expression) is None


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("Vpcs[?State = 'x']", "is no JMESPath"),
        ("'${open", "is no JMESPath"),
        ("lenght(Vpcs) == `1`", "no function `lenght`"),
        ("Vpcs[?contians(Tags, 'x')].{id: VpcId}", "no function `contians`"),
        ("length(Vpcs, `1`)", "`length` does not take 2 arguments"),
        ("", "is no JMESPath"),
    ],
)
def test_what_does_not_compile_says_why(expression: str, words: str) -> None:
    assert words in (expression_problem(expression) or "")
