"""Reading plans: what is refused is refused quickly, with file, line and the nearest key."""

from __future__ import annotations

from pathlib import Path

import pytest

from operations.plan import yaml_source
from operations.plan.errors import PlanError
from operations.plan.loader import BUNDLED, InvalidPlanError, load_plan, operation_paths
from tests.operations.plan.samples import HEAD, PHASES, VPC, load, marked_lines, operation, plan_text, write


def refused(path: Path) -> PlanError:
    with pytest.raises(PlanError) as caught:
        load_plan(path)
    assert "\n" not in str(caught.value)
    return caught.value


def problems_of(path: Path) -> list[tuple[int | None, str, str | None]]:
    error = refused(path)
    assert isinstance(error, InvalidPlanError)
    return [(p.place.line if p.place else None, p.message, p.fix) for p in error.problems]


def test_a_sound_plan_loads_with_the_place_of_everything(tmp_path: Path) -> None:
    loaded = load(tmp_path)
    path = operation_paths(loaded.plan)["vpc"]
    lines = plan_text().splitlines()
    for key, wanted in [((), "- id: vpc"), (("title",), "title: VPC"), (("inverse", 0), "ec2:DeleteVpc")]:
        place = loaded.place(*path, *key)
        assert place.file == tmp_path / "plan.yaml"
        assert place.line is not None
        assert wanted in lines[place.line - 1]
    assert loaded.plan.operations["vpc"].reversible
    assert loaded.place("no", "such", 3).line in (None, 1)


def test_the_digest_is_of_the_content_and_not_of_its_writing(tmp_path: Path) -> None:
    first = load(tmp_path).digest
    assert load(tmp_path, VPC.replace("title: VPC", 'title:   "VPC"  # said otherwise')).digest == first
    assert load(tmp_path, VPC.replace("title: VPC", "title: Another")).digest != first


@pytest.mark.parametrize(
    ("operations", "message", "fix"),
    [
        (VPC.replace("  inverse:", "  invrese:  #!"), "unknown key `invrese`", "did you mean `inverse`?"),
        (VPC.replace("  title: VPC", "  titel: VPC  #!"), "unknown key `titel`", "did you mean `title`?"),
        (
            VPC.replace("  forward:\n", "  forward:\n    - {api: 'ec2:CreateVpc', parms: {}}  #!\n"),
            "unknown key `parms`",
            "did you mean `params`?",
        ),
        (
            VPC.replace("  forward:\n", "  forward:\n    - {apii: 'ec2:CreateVpc'}  #!\n"),
            "a step without a form",
            "give it one of: api, wait, command, http, manual",
        ),
        (
            VPC + "  bake: {minutes: 1, evry_seconds: 5}  #!\n",
            "unknown key `evry_seconds`",
            "did you mean `every_seconds`?",
        ),
        (
            VPC.replace(
                "  verify:\n",
                "  verify:\n    - {manual: look, stand_in: [{api: 'ec2:DescribeVpcs', expct: a}]}  #!\n",
            ),
            "unknown key `expct`",
            "did you mean `expect`?",
        ),
    ],
)
def test_an_unknown_key_names_its_line_and_the_nearest(
    tmp_path: Path, operations: str, message: str, fix: str
) -> None:
    text = plan_text(operations)
    found = problems_of(write(tmp_path, text))
    assert (marked_lines(text)[0], message, fix) in found


def test_a_missing_key_names_the_operation(tmp_path: Path) -> None:
    text = plan_text(VPC.replace("  kind: infrastructure\n", "").replace("- id: vpc", "- id: vpc  #!"))
    assert problems_of(write(tmp_path, text)) == [
        (marked_lines(text)[0], "the key `kind` is missing", "add `kind`")
    ]


@pytest.mark.parametrize(
    ("was", "now", "words"),
    [
        ("kind: infrastructure", "kind: infrastruktur", "`kind`: Input should be 'infrastructure'"),
        ("id: vpc", "id: VPC", "`id`: String should match pattern"),
        ('"ec2:CreateVpc"', '"CreateVpc"', "`api`: String should match pattern"),
        ("title: VPC", "title: [a]", "`title`: Input should be a valid string"),
    ],
)
def test_a_wrong_value_names_its_line(tmp_path: Path, was: str, now: str, words: str) -> None:
    text = plan_text(VPC.replace(was, now))
    ((line, message, _),) = problems_of(write(tmp_path, text))
    assert message.startswith(words)
    assert line is not None
    assert now.removeprefix("- ") in text.splitlines()[line - 1]


def test_every_problem_is_reported_at_once(tmp_path: Path) -> None:
    text = plan_text(VPC.replace("  title: VPC", "  titel: VPC").replace("  kind:", "  kid:"))
    messages = {message for _, message, _ in problems_of(write(tmp_path, text))}
    assert messages == {
        "unknown key `titel`",
        "unknown key `kid`",
        "the key `title` is missing",
        "the key `kind` is missing",
    }


@pytest.mark.parametrize(
    ("operations", "words"),
    [
        (VPC.replace("  inverse:\n", "  guard:\n"), "needs either `inverse` steps or `irreversible: why`"),
        (VPC + "  irreversible: never\n", "needs either `inverse` steps or `irreversible: why`"),
        (
            VPC + '  watch: [{api: "ec2:DescribeVpcs", replaced_by: [x]}]\n  bake: {minutes: 5}\n',
            "`replaced_by` in `watch`; it is for steps of `verify`",
        ),
        (VPC + "  watch: [{api: 'ec2:DescribeVpcs'}]\n", "has `watch` steps but no `bake`"),
    ],
)
def test_an_operation_carries_its_way_back(tmp_path: Path, operations: str, words: str) -> None:
    ((line, message, _),) = problems_of(write(tmp_path, plan_text(operations)))
    assert words in message
    assert line == len((HEAD + PHASES).splitlines()) + 1


def test_the_second_of_two_operations_with_one_id_is_named(tmp_path: Path) -> None:
    text = plan_text(VPC + VPC)
    path = write(tmp_path, text)
    first, second = (n for n, line in enumerate(text.splitlines(), start=1) if line.strip() == "- id: vpc")
    assert problems_of(path) == [
        (second, f"the operation `vpc` is already at {path}:{first}", "give it another id")
    ]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("plan: a\nlist: &x [1]\n", 2, "aliases and anchors are not allowed"),
        ("plan: a\none: &x 1\ntwo: *x\n", 2, "aliases and anchors are not allowed"),
        ("plan: a\nbase: {<<: *b}\n", 2, "aliases and anchors are not allowed"),
        ("plan: a\ntitle: !secret x\n", 2, "the YAML tag !secret is not allowed"),
        ("plan: !!python/name:os.system x\n", 1, "python/name:os.system is not allowed"),
        ("plan: a\ndata: !!binary aGk=\n", 2, "2002:binary is not allowed"),
        ("plan: a\nday: !!timestamp 2025-01-01\n", 2, "2002:timestamp is not allowed"),
        ("plan: a\nn: !!int abc\n", 2, "cannot read the value 'abc'"),
        ("plan: a\nn: 9007199254740993\n", 2, "too large to be exact"),
        ("plan: a\nn: 1e999\n", 2, "too large to be exact"),
        ("plan: a\nn: " + "[" * 200 + "]" * 200, 2, "more than 100 lists and mappings in each other"),
        ("plan: a\ntitle: x\ntitle: y\n", 3, "the key `title` stands here twice"),
        ("plan: a\nphases:\n  - id: '1'\n    id: '2'\n", 4, "the key `id` stands here twice"),
        ("plan: a\n? [1, 2]\n: x\n", 2, "a key must be plain text"),
        ("plan: [a\n", 2, "not YAML: did not find expected ',' or ']'"),
        ("plan: a\n---\nplan: b\n", 2, "not YAML: but found another document"),
        ("- a\n- b\n", 1, "a plan is a mapping of keys to values"),
        ("", 1, "a plan is a mapping of keys to values"),
    ],
)
def test_what_a_plan_may_not_hold_is_refused_at_its_line(
    tmp_path: Path, text: str, line: int, words: str
) -> None:
    error = refused(write(tmp_path, text))
    assert words in error.message
    assert error.place is not None
    assert (error.place.file, error.place.line) == (tmp_path / "plan.yaml", line)


def test_an_alias_bomb_is_refused_before_it_unfolds(tmp_path: Path) -> None:
    rows = ["a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]"]
    rows += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    path = write(tmp_path, "\n".join(rows))
    error = refused(path)
    assert "aliases and anchors" in error.message


def test_a_tower_of_brackets_is_refused_before_it_is_climbed(tmp_path: Path) -> None:
    path = write(tmp_path, "plan: a\nn: " + "[" * 200_000)
    error = refused(path)
    assert "in each other" in error.message


def test_the_number_of_nodes_is_capped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_source, "MAX_NODES", 50)
    error = refused(write(tmp_path, "plan: a\nlist: [" + ", ".join("x" * 60) + "]\n"))
    assert error.message == "more than 50 YAML nodes"
    assert error.fix == "split the plan into files"


def test_the_size_of_a_file_is_capped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_source, "MAX_BYTES", 10)
    assert "split the plan into files" in refused(write(tmp_path, plan_text())).message


def test_words_that_other_yaml_takes_for_booleans_and_dates_stay_text(tmp_path: Path) -> None:
    source = yaml_source.read_yaml(
        write(tmp_path, "a: yes\nb: on\nc: 2025-01-01\nd: 1_000\ne: 0o17\nf: 1e3\ng: true\nh: ~\ni: 010\n")
    )
    assert source.data == {
        "a": "yes",
        "b": "on",
        "c": "2025-01-01",
        "d": "1_000",
        "e": "0o17",
        "f": 1000.0,
        "g": True,
        "h": None,
        "i": 10,
    }


def test_a_folder_is_merged_in_name_order_with_its_marks(tmp_path: Path) -> None:
    write(tmp_path, plan_text(operation("one")), "a.yaml")
    second = PHASES.replace('"1"', '"2"').replace('"1.1"', '"2.1"') + " " * 10 + operation("two", "one")
    write(tmp_path, "# a second file\n" + second, "b.yaml")
    loaded = load_plan(tmp_path)
    assert list(loaded.plan.operations) == ["one", "two"]
    paths = operation_paths(loaded.plan)
    assert paths["two"] == ("phases", 1, "subphases", 0, "operations", 0)
    assert (
        str(loaded.place(*paths["one"])) == f"{tmp_path / 'a.yaml'}:{len((HEAD + PHASES).splitlines()) + 1}"
    )
    assert str(loaded.place(*paths["two"])) == f"{tmp_path / 'b.yaml'}:{len(PHASES.splitlines()) + 2}"


def test_a_problem_in_the_second_file_of_a_folder_is_placed_there(tmp_path: Path) -> None:
    write(tmp_path, plan_text(operation("one")), "a.yaml")
    broken = PHASES.replace('"1"', '"2"') + " " * 10 + operation("two").replace("title:", "titel:")
    write(tmp_path, broken, "b.yaml")
    error = refused(tmp_path)
    assert isinstance(error, InvalidPlanError)
    assert {p.place.file.name for p in error.problems if p.place} == {"b.yaml"}
    assert {p.place.line for p in error.problems if p.place} == {len(PHASES.splitlines()) + 1}


def test_a_scalar_key_in_two_files_of_a_folder_is_refused(tmp_path: Path) -> None:
    write(tmp_path, plan_text(), "a.yaml")
    write(tmp_path, "\ntitle: Another\n", "b.yaml")
    error = refused(tmp_path)
    assert str(error) == f"{tmp_path / 'b.yaml'}:2: the key `title` stands in two files; keep one of them"


def test_an_empty_folder_says_what_a_plan_folder_holds(tmp_path: Path) -> None:
    assert "a plan folder holds plan.yaml at least" in str(refused(tmp_path))


def test_an_unknown_name_offers_the_bundled_plans() -> None:
    error = refused(Path("no-such-plan"))
    assert "no plan `no-such-plan`" in str(error)
    assert "reference" in str(error)


def test_a_file_that_cannot_be_opened_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "plan.yaml").mkdir()
    assert "cannot read the plan" in str(refused(tmp_path))


def test_a_bundled_plan_is_found_by_its_name() -> None:
    loaded = load_plan("reference")
    assert loaded.origin == BUNDLED / "reference"
    assert [phase.id for phase in loaded.plan.phases] == [str(number) for number in range(1, 10)]
    paths = operation_paths(loaded.plan)
    assert set(paths) == set(loaded.plan.operations)
    for key, path in paths.items():
        place = loaded.place(*path, "id")
        assert place.line is not None
        assert f"id: {key}" in place.file.read_text(encoding="utf-8").splitlines()[place.line - 1]
