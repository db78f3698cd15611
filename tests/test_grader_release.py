"""The students' bundle: it holds no answer and no test, and it works where nothing else is."""

import io
import json
import os
import re
import shlex
import tomllib
import zipfile
from pathlib import Path

import nbformat
import pytest
from grading import NAMES, ROOT, cells_of
from nbclient import NotebookClient

from grader import release
from grader.__main__ import main, parser


@pytest.fixture(scope="module")
def out(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("release")
    assert main(["release", str(folder)]) == 0
    return folder


@pytest.fixture(scope="module")
def bundle(out, tmp_path_factory) -> Path:
    """The bundle as a student gets it: the zip, unpacked."""
    folder = tmp_path_factory.mktemp("student")
    with zipfile.ZipFile(out / "adaptive-learning-rates.zip") as archive:
        archive.extractall(folder)
    return folder / "adaptive-learning-rates"


def texts(bundle: Path) -> dict[str, str]:
    """What each file says, notebooks cell by cell; pictures and data say nothing."""
    found = {}
    for path in sorted(bundle.rglob("*")):
        if path.is_file() and path.suffix not in (".png", ".npz"):
            # Messages are compiled: UTF-8 between numbers.
            text = path.read_bytes().decode(errors="replace" if path.suffix == ".mo" else "strict")
            if path.suffix == ".ipynb":
                text += "\n" + "\n".join(cells_of(text.encode()))
            found[path.relative_to(bundle).as_posix()] = text
    return found


def lines_of(text: str) -> set[str]:
    """The lines that give something away: an import or a bracket does not."""
    lines = {line.strip() for line in text.splitlines()}
    return {line for line in lines if len(line) > 25 and not line.startswith(("import", "from"))}


def solved(name: str) -> list[str]:
    """What stands in the solution where learners write."""
    code = "\n".join(cells_of((ROOT / "solutions" / f"{name}.ipynb").read_bytes()))
    return re.findall(r"### BEGIN SOLUTION\n(.*?)\n *### END SOLUTION", code, re.S)


def plain(text: str) -> str:
    return "".join(text.split())


def test_the_zip_and_the_folder_hold_the_same_files(out, bundle):
    folder = out / "adaptive-learning-rates"
    files = {p.relative_to(folder): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    assert files == {
        p.relative_to(bundle): p.read_bytes() for p in bundle.rglob("*") if p.is_file()
    }


def test_it_holds_what_learners_need_and_nothing_else(bundle):
    assert sorted(path.name for path in bundle.iterdir()) == [
        *(".jupyter", "LICENSE", "LICENSE-TEXT", "README.md", "README.zh.md", "course_lib"),
        *("environment.yml", "exercises", "explorer.png", "notebooks", "pyproject.toml"),
    ]
    for folder in ("notebooks", "exercises"):
        names = [path.name for path in sorted((ROOT / folder).glob("*.ipynb"))]
        assert [path.name for path in sorted((bundle / folder).glob("*.ipynb"))] == names
    library = {p.relative_to(ROOT) for p in (ROOT / "course_lib").rglob("*.*") if p.is_file()}
    missing = {p for p in library if not (bundle / p).exists()}
    assert {p.suffix for p in missing} <= {".pyc"}
    assert not list(bundle.rglob("__pycache__"))


@pytest.mark.parametrize("name", NAMES)
def test_no_file_holds_the_solution_of_a_task(bundle, name):
    cells = [plain(code) for code in solved(name)]
    assert len(cells) >= 2
    for file, text in texts(bundle).items():
        assert not [cell for cell in cells if cell in plain(text)], file


@pytest.mark.parametrize("name", NAMES)
def test_no_exercise_and_no_module_holds_a_line_of_a_solution(bundle, name):
    # A notebook explains the same mathematics, and may write a line of it.
    lines = set().union(*map(lines_of, solved(name)))
    for file, text in texts(bundle).items():
        if not file.startswith("notebooks/"):
            assert not [line for line in lines if line in text], file


@pytest.mark.parametrize("name", NAMES)
def test_no_file_holds_a_line_of_a_hidden_test(bundle, name):
    lines = lines_of((ROOT / "tasks" / name / "test_hidden.py").read_text("utf-8"))
    assert len(lines) > 50
    for file, text in texts(bundle).items():
        found = [line for line in lines if line in text or json.dumps(line)[1:-1] in text]
        assert not found, file


def test_no_file_has_a_mark_of_a_solution_or_of_hidden_tests(bundle):
    for file, text in texts(bundle).items():
        assert not re.search("BEGIN SOLUTION|HIDDEN TESTS", text), file


@pytest.mark.parametrize(
    ("name", "heading"),
    [("README.md", "What each notebook answers"), ("README.zh.md", "每个笔记本回答什么问题")],
)
def test_every_link_of_the_readme_leads_to_a_file(bundle, name, heading):
    text = (bundle / name).read_text("utf-8")
    links = re.findall(r"\]\((?!http)([^)]+)\)", text)
    assert len(links) >= 8
    assert all((bundle / link).exists() for link in links)
    assert f"## {heading}\n" in text


def test_pip_and_conda_find_all_that_the_metadata_name(bundle):
    metadata = tomllib.loads((bundle / "pyproject.toml").read_text("utf-8"))
    own = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    project = own["project"]
    del project["scripts"]  # of the grader
    project["optional-dependencies"] = {"lab": project["optional-dependencies"]["lab"]}
    assert metadata["project"] == project
    assert metadata["build-system"] == own["build-system"]
    hatch = own["tool"]["hatch"]
    hatch["build"]["targets"]["wheel"]["packages"].remove("grader")
    assert metadata["tool"] == {"hatch": hatch}
    assert (bundle / hatch["version"]["path"]).exists()
    named = [project["readme"], *project["license-files"], "course_lib"]
    assert all((bundle / name).exists() for name in named)
    assert (bundle / "environment.yml").read_bytes() == (ROOT / "environment.yml").read_bytes()


@pytest.mark.parametrize("name", NAMES)
def test_an_exercise_runs_in_the_bundle_with_its_own_library(bundle, name, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(bundle))
    notebook = nbformat.read(bundle / "exercises" / f"{name}.ipynb", as_version=4)
    asks = nbformat.v4.new_code_cell("import course_lib\nprint(course_lib.__file__)")
    notebook.cells.append(asks)
    NotebookClient(
        notebook,
        kernel_name="python3",
        resources={"metadata": {"path": bundle / "exercises"}},
        timeout=60,
    ).execute()
    assert notebook.cells[-1].outputs[0].text.strip() == os.fspath(
        bundle / "course_lib" / "__init__.py"
    )
    assert "not written yet" in str(notebook.cells)


def test_the_same_course_makes_the_same_zip(out, tmp_path):
    assert main(["release", str(tmp_path)]) == 0
    name = "adaptive-learning-rates.zip"
    assert (tmp_path / name).read_bytes() == (out / name).read_bytes()


def test_an_earlier_bundle_is_left_alone(out, capsys):
    before = sorted(out.rglob("*"))
    assert main(["release", str(out)]) == 1
    assert capsys.readouterr().err.endswith("choose another place, or move it away.\n")
    assert sorted(out.rglob("*")) == before


def test_the_wheel_for_the_browser_holds_the_library_alone():
    pytest.importorskip("hatchling")
    from tools import build_lite

    _, content = build_lite.course()
    with zipfile.ZipFile(io.BytesIO(content)) as wheel:
        folders = {name.partition("/")[0] for name in wheel.namelist()}
        given = {name for name in wheel.namelist() if name.startswith("course_lib/")}
    assert {name for name in folders if not name.endswith(".dist-info")} == {"course_lib"}
    assert given == {name for name in release.bundle() if name.startswith("course_lib/")}


def test_the_guide_for_teachers_names_commands_that_there_are():
    guide = (ROOT / "docs" / "teaching.md").read_text("utf-8")
    commands = re.findall(r"^course-grader (.*)$", guide, re.M)
    assert len(commands) >= 5
    for command in commands:
        assert parser().parse_args(shlex.split(command))
