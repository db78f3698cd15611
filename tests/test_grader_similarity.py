"""Copies are named, and right answers that look alike by nature are not."""

import ast
import builtins
import json
import random
from itertools import combinations

import pytest
from grading import NAMES, ROOT, exercise, notebook, solution
from hypothesis import given
from hypothesis import strategies as st

from course_lib import feedback
from grader import similarity
from grader.similarity import hints, prints

NAME = "03_adagrad"
TASKS = [task for task, about in feedback.tasks().items() if about["notebook"] == NAME]


def row(student, content, notebook=NAME, file=""):
    return {
        **{"student": student, "id": "", "notebook": notebook, "sha256": file or student},
        "prints": prints(content, notebook),
        "tasks": [],
    }


def named(rows):
    """The students of each hint."""
    return [{row["student"] for row in hint.rows} for hint in hints(rows)]


def answers() -> dict[str, list[str]]:
    """What people wrote for each task: right in four ways, and wrong in many."""
    folder = ROOT / "tasks" / NAME
    sources = [(folder / f"{way}.py").read_text() for way in ("in_place", "loops", "vectorised")]
    sources += [
        "\n".join(one["code"]) for one in json.loads((folder / "wrong_answers.json").read_text())
    ]
    found = {task: [] for task in TASKS}
    for source in sources:
        for part in ast.parse(source).body:
            if isinstance(part, ast.FunctionDef) and part.name in found:
                found[part.name].append(ast.unparse(part))
    return found


class Renamed(ast.NodeTransformer):
    """Gives every name that is the student's own another one."""

    def visit_Name(self, node):
        own = node.id != "np" and not hasattr(builtins, node.id)
        return ast.Name(f"my_{node.id}" if own else node.id)

    def visit_arg(self, node):
        return ast.arg(f"my_{node.arg}")


def copied(functions: list[str]) -> list[str]:
    """The same work in another order, with other names and a comment below each line."""
    trees = (Renamed().visit(ast.parse(function)) for function in reversed(functions))
    return [ast.unparse(tree).replace("\n", "\n    # as in the lecture\n") for tree in trees]


def test_of_a_class_the_copies_are_named_and_nobody_else():
    draw, known = random.Random(1), answers()
    own: list[list[str]] = []
    while len(own) < 45:
        functions = [draw.choice(known[task]) for task in TASKS]
        # Whoever has half of the tasks word for word as another has would be a copy too.
        if all(len({*functions} & {*others}) < 3 for others in own):
            own.append(functions)
    handed_in = own + [copied(functions) for functions in own[:5]]
    found = hints(row(str(at), notebook(*functions)) for at, functions in enumerate(handed_in))
    pairs = sorted(tuple(int(row["student"]) for row in hint.rows) for hint in found)
    assert pairs == [(number, 45 + number) for number in range(5)]
    for hint in found:
        assert hint.share == pytest.approx(1, abs=0.01)
        assert len(hint.tasks) >= 4
        assert set(hint.tasks) <= set(TASKS)


def test_an_answer_that_the_whole_class_gives_names_nobody():
    cells = [f"{cell}\n# {{}}" for cell in answers()[TASKS[1]][:1]]
    rows = [row(str(number), notebook(cells[0].format(number))) for number in range(30)]
    assert rows[0]["prints"]
    assert named(rows) == []


def test_the_same_file_is_named_first_and_once_for_all_who_handed_it_in():
    whole = solution(NAME)
    rows = [
        row("Ada", whole, file="whole"),
        row("Bo", whole, file="whole"),
        row("Chen", whole, file="whole"),
    ]
    others = (notebook(*functions) for functions in zip(*answers().values(), strict=False))
    rows += [row("Eve", whole), *(row(str(number), own) for number, own in enumerate(others))]
    assert named(rows) == [{"Ada", "Bo", "Chen"}, {"Ada", "Eve"}]


def test_only_hand_ins_of_one_notebook_are_compared():
    rows = [row("Ada", solution(NAME), file="1"), row("Ada", solution(NAME), "04_rmsprop", "1")]
    assert named(rows) == []


def test_without_prints_the_same_file_is_named_if_it_has_a_point():
    rows = [{"student": name, "notebook": NAME, "sha256": "1"} for name in ("Ada", "Bo")]
    assert named(row | {"tasks": [{"points": 0}, {"points": None}]} for row in rows) == []
    assert named(row | {"tasks": [{"points": 0}, {"points": 2}]} for row in rows) == [{"Ada", "Bo"}]
    unread = (row | {"sha256": "", "tasks": [{"points": 2}]} for row in rows)
    assert named(unread) == []


@pytest.mark.parametrize("name", NAMES)
def test_what_the_exercise_gives_is_no_print(name):
    assert prints(exercise(name), name) == {}
    assert prints(solution(name), name)


WRITTEN = """
def adagrad_step(theta, lr):
    '''Return the step.'''
    size = np.sqrt(theta**2) + 1e-3  # a root
    return {"a": size * lr, "b": [size - 2.5 for _ in range(3)]}
"""
CHANGED = """
def adagrad_step(p, rate):
    root = np.sqrt( p ** 2 ) + 1e-3
    return {

        'first': root * rate,  # by the rate
        'then': [root - 2.5 for number in range(3)]}
"""


def test_names_texts_comments_and_layout_make_no_difference_but_numbers_do():
    own = prints(notebook(WRITTEN), NAME)
    assert own.keys() == {"adagrad_step"}
    assert prints(notebook(CHANGED), NAME) == own
    assert prints(notebook(CHANGED.replace("2.5", "3.5")), NAME) != own


def test_the_order_and_the_cells_of_functions_make_no_difference():
    parts = [own[0] for own in answers().values()]
    apart, together = notebook(*parts), notebook("\n\n".join(reversed(parts)))
    assert prints(apart, NAME) == prints(together, NAME)


PLAIN = st.none() | st.integers() | st.text(max_size=20)
DATA = PLAIN | st.lists(PLAIN, max_size=3) | st.dictionaries(st.text(max_size=3), PLAIN)
CELLS = st.fixed_dictionaries({"cell_type": st.just("code"), "source": DATA})


@given(st.binary(max_size=50) | (DATA | st.lists(CELLS).map(lambda some: {"cells": some})))
def test_whatever_is_handed_in_has_prints_or_none(content):
    content = content if isinstance(content, bytes) else json.dumps(content).encode()
    assert all(own for own in prints(content, NAME).values())


@given(st.text("def adm_stp()[]{}'\"\\#.:=x1 \n\té", max_size=200))
def test_whatever_is_written_in_a_cell_is_cut_into_signs_once(text):
    kept = "".join(similarity.signs(text))
    assert all(part == "''" or part.strip() for part in similarity.signs(text))
    assert len(kept) <= 2 * len(text)


@pytest.mark.parametrize(
    "content",
    [
        b'{"cells":' * 100_000,
        b"[" * similarity.LARGEST,
        b'{"cells": [' + b"1" * 5000 + b"]}",
        b" " * similarity.LARGEST + solution(NAME),
    ],
)
def test_what_is_too_deep_or_too_large_has_no_prints(content):
    assert prints(content, NAME) == {}


def test_a_cell_that_is_none_hides_no_other_one():
    whole = json.loads(notebook(WRITTEN))
    whole["cells"] += [None, {}, 3, {"cell_type": "code", "source": [None, 3]}]
    assert prints(json.dumps(whole).encode(), NAME) == prints(notebook(WRITTEN), NAME)


def test_of_much_code_the_beginning_counts():
    many = "\n".join(f"x{number} = {number}" for number in range(similarity.CODE))
    (own,) = prints(notebook(many), NAME).values()
    assert len(own) <= similarity.CODE
    assert prints(notebook(many, WRITTEN), NAME).keys() == {similarity.ELSEWHERE}


def test_a_run_longer_than_a_window_and_a_print_leaves_a_print_in_both():
    rest = [f"{number} + x" for number in range(200, 260)]
    shared = [f"{number} * x" for number in range(100, 100 + similarity.RUN)]
    for before, after in combinations([0, 1, 2, 3, 7, 20], 2):
        texts = ("\n".join([*rest[:at], *shared, *rest[at:]]) for at in (before, after))
        one, other = (prints(notebook(text), NAME)[similarity.ELSEWHERE] for text in texts)
        own = set(prints(notebook("\n".join(rest)), NAME)[similarity.ELSEWHERE])
        assert (set(one) & set(other)) - own
