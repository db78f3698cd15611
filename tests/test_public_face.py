"""What a visitor reads first is true: the README, the citation, the licence of the text."""

import re
from pathlib import Path

import pytest
import yaml

import course_lib
from course_lib import feedback
from course_lib.explorers.maps import SIDE

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "docs/teaching.md",
    "docs/in_the_browser.md",
    "benchmarks/README.md",
]
PAGES += ["notebooks/glossary.md", "notebooks/lecture.md"]


def test_the_numbers_of_the_readme_are_those_of_the_course():
    assert f"**{len(feedback.tasks())} exercises**" in README
    assert f"a map of {SIDE**2:,} runs" in README
    notebooks = [path.name for path in sorted((ROOT / "notebooks").glob("*.ipynb"))]
    assert re.findall(r"\]\(notebooks/(.*\.ipynb)\)", README) == notebooks
    assert len(notebooks) == 6 + 2  # and the playground, and what lies beyond


def test_the_code_of_the_readme_runs():
    (code,) = re.findall(r"```python\n(.*?)```", README, re.S)
    names: dict = {}
    exec(code, names)
    assert len(names["path"].theta) == 201


@pytest.mark.parametrize("page", PAGES)
def test_every_link_within_the_repository_leads_to_a_file(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    links = re.findall(r"\]\((?!http|#)([^)#]+)", text)
    assert all(((ROOT / page).parent / link).exists() for link in links), links


def test_the_citation_names_this_version_and_these_authors():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["version"] == course_lib.__version__
    (author,) = (author["name"] for author in citation["authors"])
    assert author.removeprefix("The ") in (ROOT / "LICENSE-TEXT").read_text(encoding="utf-8")
    assert author.removeprefix("The ") in (ROOT / "LICENSE").read_text(encoding="utf-8")


def test_every_action_is_pinned_to_a_commit():
    workflows = [path.read_text(encoding="utf-8") for path in ROOT.glob(".github/workflows/*.yml")]
    used = re.findall(r"uses: (\S+)(.*)", "".join(workflows))
    assert used
    assert all(re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", action) for action, _ in used)
    assert all(re.fullmatch(r" # v\d+\.\d+\.\d+", comment) for _, comment in used)


FORMS = [path for path in ROOT.glob(".github/ISSUE_TEMPLATE/*.yml") if path.stem != "config"]


@pytest.mark.parametrize("form", FORMS, ids=lambda path: path.stem)
def test_an_issue_form_is_one(form):
    read = yaml.safe_load(form.read_text(encoding="utf-8"))
    assert {"name", "description", "body"} <= read.keys()
    assert all(part["type"] in ("input", "textarea") and part["id"] for part in read["body"])
