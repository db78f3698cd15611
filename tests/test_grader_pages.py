"""The feedback pages and the class report: complete, safe to open, and readable by everyone."""

import re
import subprocess
import sys
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from grading import ROOT

from grader import Stop, pages
from grader.journal import NOT_GRADED, SCORED, ZERO
from grader.results import Change

HOSTILE = "<script>alert('1')</script> & \"quoted\" <img src=x onerror=alert(1)>"
VOID = {"meta", "img", "wbr"}
KNOWN = {
    "headline": "the mean for the sum",
    "details": ("Take the `sum` of the squares.",),
    "read": "03_adagrad.ipynb#Two-rules-with-one-name",
}


def mark(task="adagrad_sigmas", points=5, of=5, reason="", missed=(), finding=None):
    state = NOT_GRADED if points is None else SCORED if points else ZERO
    return {
        **{"task": task, "of": of, "points": points, "state": state, "reason": reason},
        **{"missed": list(missed), "finding": finding},
    }


def row(student="Ada", number="", notebook="03_adagrad", tasks=None, notes=(), failed="", **more):
    return {
        **{"student": student, "id": number, "notebook": notebook, "file": f"{student}.ipynb"},
        **{"sha256": "", "seconds": 0.1, "tasks": [mark()] if tasks is None else tasks},
        **{"notes": list(notes), "failed": failed, "again": False},
        **more,
    }


class Reader(HTMLParser):
    """Reads a page as a browser does: its tags and its visible text; each tag must be closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open:
            self.text += data

    def all(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


def written(folder: Path, *rows, changes=None) -> tuple[Reader, Reader]:
    """The page of the first student and the report."""
    pages.write(rows, folder, changes or {})
    own = folder / pages.page_name(rows[0]["student"], rows[0]["id"])
    return Reader(own.read_text("utf-8")), Reader((folder / "report.html").read_text("utf-8"))


def test_every_student_has_one_page_with_all_notebooks(tmp_path):
    rows = [row("Ada"), row("Ada", notebook="05_adam"), row("Alan"), row("Alan", "17")]
    page, report = written(tmp_path, *rows)
    assert "03 adagrad" in page.text
    assert "05 adam" in page.text
    assert len(list((tmp_path / "feedback").iterdir())) == 3
    links = [link["href"] for link in report.all("a")]
    assert len(links) == 3
    assert all((tmp_path / link).is_file() for link in links)


@pytest.mark.parametrize(
    ("mark", "words"),
    [
        (mark(points=5), ["right", "5 of 5"]),
        (mark(points=2), ["partly right", "2 of 5"]),
        (mark(points=0), ["not right yet", "0 of 5"]),
        (mark(points=None, reason="the disk was full"), ["could not be graded", "disk", "– of 5"]),
    ],
)
def test_a_result_is_said_in_words(tmp_path, mark, words):
    page, _ = written(tmp_path, row(tasks=[mark]))
    assert all(word in page.text for word in words)


def test_a_misconception_is_explained_with_the_paragraph_to_read(tmp_path):
    missed = ["the mean for the sum", "σ² must grow by g²"]
    page, report = written(tmp_path, row(tasks=[mark(points=0, missed=missed, finding=KNOWN)]))
    assert page.text.count("the mean for the sum") == 1
    assert "Take the sum of the squares." in page.text
    assert "Read “Two rules with one name” in notebooks/03_adagrad.ipynb." in page.text
    assert "σ² must grow by g²" in page.text
    assert "the mean for the sum" in report.text


def test_a_page_is_titled_by_the_student(tmp_path):
    pages.write([row("Ada", "17")], tmp_path, {})
    text = (tmp_path / pages.page_name("Ada", "17")).read_text("utf-8")
    assert re.findall("<h1>(.*?)</h1>", text) == ["<bdi>Ada</bdi> (17)"]


def project(*marks, notes=()):
    """Ada's project, with so many of 4 points for each criterion."""
    criteria = ["prediction", "budget", "seeds"]
    reasons = ["not marked yet" if points is None else "marked by hand" for points in marks]
    tasks = list(map(mark, criteria, marks, [4] * len(marks), reasons))
    return row(notebook="project", tasks=tasks, notes=notes) | {"file": ""}


ADAM = row(notebook="05_adam", tasks=[mark(points=None)], failed="it is empty")
UNKNOWN = row(notebook="", tasks=[], failed="it is a PDF") | {"file": "../A&b.pdf"}


@pytest.mark.parametrize(
    ("others", "total"),
    [
        ([], "5 of 5"),
        ([project(4, 3.5, 0)], "12.5 of 17"),
        ([project(4, None, 0)], "5 of 5 so far; the project is not marked yet"),
        ([ADAM], "5 of 5 so far; 05 adam could not be graded"),
        ([UNKNOWN], "5 of 5 so far; A&b.pdf could not be graded"),
    ],
)
def test_the_points_in_all_are_those_so_far_with_what_is_missing(tmp_path, others, total):
    page, report = written(tmp_path, row(), *others)
    assert f"Your points in all: {total}\n" in page.text
    assert total.partition(";")[0] in report.text.partition("StudentTotal")[2]


def test_a_project_has_points_for_its_criteria_and_no_verdicts(tmp_path):
    page, _ = written(tmp_path, project(4.0, 0.0, 2.5))
    text = page.text.rpartition("Project")[2]
    shown = ["Prediction", "4 of 4", "Budget", "0 of 4", "Seeds", "2.5 of 4"]
    assert sorted(shown, key=text.index) == shown
    assert "right" not in text


@pytest.mark.parametrize(
    ("marks", "said"),
    [((None, None, None), "Not marked yet."), ((4, None, None), "Not marked yet: budget, seeds.")],
)
def test_what_of_a_project_is_not_marked_yet_is_one_line(tmp_path, marks, said):
    page, _ = written(tmp_path, project(*marks))
    text = page.text.rpartition("Project")[2]
    assert said in text
    assert text.lower().count("not marked yet") == 1


def test_a_project_that_has_its_points_as_a_whole_waits_for_nothing(tmp_path):
    changes = {("Ada", "project"): Change(points=10)}
    for page in written(tmp_path, row(), project(4, None, None), changes=changes):
        assert "15 of 17" in page.text
        assert "marked" not in page.text


def test_that_nothing_was_handed_in_is_one_line(tmp_path):
    why = "nothing was handed in"
    tasks = [mark(points=0, reason=why), mark("b", 0, 6, why)]
    page, _ = written(tmp_path, row(tasks=tasks) | {"file": ""})
    assert page.text.lower().count(why) == 1
    assert "not right yet" not in page.text
    assert "0 of 11" in page.text


def test_a_comment_has_a_place_of_its_own(tmp_path):
    changes = {("Ada", "03_adagrad"): Change(comment="Well done.")}
    rows = row(notes=["Code cell 2 raised NameError."]), project(4, 4, notes=["A good control."])
    page, _ = written(tmp_path, *rows, changes=changes)
    said = ["Comment", "Well done.", "Noticed on the way", "Code cell 2"]
    assert sorted(said, key=page.text.index) == said
    assert "Noticed" not in page.text.rpartition("Project")[2]
    comment = page.text.rpartition("Comment")[2]
    assert "A good control." in comment


def test_there_are_remarks_only_where_there_is_one(tmp_path):
    for page in written(tmp_path, row()):
        assert "Remarks" not in page.text
    for page in written(tmp_path, row(), changes={("Ada", "03_adagrad"): Change(2)}):
        assert "Remarks" in page.text


PATH = 'class-1/A_da <i>&amp; "x"/03_adagrad.ipynb'


def test_a_student_sees_the_name_of_the_file_and_the_report_has_its_whole_path(tmp_path):
    lost = row(failed="it is empty", sha256="1" * 64) | {"file": PATH}
    page, report = written(tmp_path, lost)
    assert "Handed in: 03_adagrad.ipynb" in " ".join(page.text.split())
    assert "class-1" not in page.text
    assert f"03_adagrad.ipynb{PATH}" in report.text
    assert len(report.all("summary")) == 1
    assert not report.all("i")


def test_what_was_noticed_is_told(tmp_path):
    page, _ = written(tmp_path, row(notes=["Code cell 2 raised NameError."]))
    assert "Code cell 2 raised NameError." in page.text


def test_a_submission_that_could_not_be_graded_says_why_to_both(tmp_path):
    failed = row(notebook="", tasks=[], failed="it is a link to another file")
    for page in written(tmp_path, failed):
        assert "it is a link to another file" in page.text


def needs_you(report):
    """The lines under the heading, which is the first."""
    _, _, text = report.text.partition("Needs you")
    return " ".join(text.partition("Distribution")[0].split())


NONE = [mark(points=0, reason="not written yet"), mark("adagrad_step", 0, 6, "not written yet")]
MISSING = [mark(points=0, reason="there is no function adagrad_sigmas")]
WRONG = [mark(points=0, reason="the mean for the sum"), mark("b", 0, 5, "it raises NameError")]
WRONG.append(mark("c", 0, 5, "it raises NameError"))


@pytest.mark.parametrize(
    ("tasks", "notes", "why", "to_do"),
    [
        (NONE, [], "no task is written", "another file was meant"),
        (MISSING, [], "no function of its tasks is there", "other names"),
        (
            WRONG,
            ["x.txt was handed in too.", "Code cell 2 raised A."],
            "Code cell 2 raised A",
            "cell",
        ),
        (WRONG, [], "it raises NameError (in 2 of 3 tasks)", "one mistake"),
    ],
)
def test_a_notebook_without_a_point_needs_you_with_its_likely_cause(
    tmp_path, tasks, notes, why, to_do
):
    zero = row("Bo", tasks=tasks, notes=notes, sha256="1" * 64)
    _, report = written(tmp_path, row(sha256="2" * 64), zero)
    lines = needs_you(report)
    assert "Bo: 03 adagrad Bo.ipynb" in lines
    assert why in lines
    assert to_do in lines
    assert "Ada:" not in lines
    assert report.all("a")[0]["href"] == pages.page_name("Bo", "")


@pytest.mark.parametrize(
    ("tasks", "notes", "why"),
    [
        ([mark(), *MISSING], [], "there is no function adagrad_sigmas"),
        ([mark()], ["Its file has the name of a classmate, Bo Li."], "a classmate, Bo Li"),
    ],
)
def test_a_notebook_with_points_may_leave_a_question(tmp_path, tasks, notes, why):
    file = "CS1-03_adagrad-17.zip/Ada_41_assignsubmission_file/x.ipynb"
    _, report = written(tmp_path, row("Ada", tasks=tasks, notes=notes, sha256="1" * 64, file=file))
    assert why in needs_you(report)
    assert "it lay where" not in needs_you(report)
    assert "not without a question" in needs_you(report)


def test_a_notebook_in_the_place_of_another_leaves_a_question(tmp_path):
    file = "CS1-03_adagrad-17.zip/Ada_41_assignsubmission_file/05_adam.ipynb"
    _, report = written(tmp_path, row("Ada", notebook="05_adam", file=file))
    assert "it lay where 03_adagrad was to be handed in" in needs_you(report)


def test_a_zero_that_somebody_decided_or_that_is_not_whole_needs_nobody(tmp_path):
    changes = {("Bo", "03_adagrad"): Change(points=0)}
    rows = (
        row("Bo", tasks=NONE, sha256="1"),
        row("Chen", tasks=[*NONE, mark("x", 1, 5)], sha256="2"),
    )
    _, report = written(
        tmp_path, *rows, row("Eve", notebook="project", tasks=NONE), changes=changes
    )
    assert "Needs you" not in report.text


@pytest.mark.parametrize(
    ("failed", "again", "to_do"),
    [
        ("it is a PDF", False, "Ask for the right file"),
        ("two hand-ins claim this: a and b", False, "Rename one file"),
        ("what should have graded it was lost", True, "the same command once more"),
    ],
)
def test_what_could_not_be_graded_says_what_to_do(tmp_path, failed, again, to_do):
    _, report = written(tmp_path, row(), row("Bo", tasks=[], failed=failed) | {"again": again})
    assert failed in needs_you(report)
    assert to_do in needs_you(report)


def test_the_report_begins_with_how_many_need_somebody(tmp_path):
    lost = [row(name, failed="it is empty", tasks=[]) for name in ("Bo", "Chen")]
    zero = row("Bo", notebook="05_adam", tasks=NONE, sha256="1" * 64)
    _, report = written(tmp_path, row(), *lost, zero)
    begin = " ".join(report.text.partition("Needs you")[0].split())
    assert "3 hand-ins of 2 students need you. The class has 3 students and 4 hand-ins." in begin
    _, report = written(tmp_path, row(), lost[0])
    assert "1 hand-in of 1 student needs you." in report.text


def test_what_to_do_is_said_once_for_all_whom_it_helps(tmp_path):
    whys = {"Bo": "it is empty", "Chen": "it is a PDF", "Eve": "two hand-ins claim this: a and b"}
    lost = [row(name, failed=why, tasks=[]) for name, why in whys.items()]
    _, report = written(tmp_path, row(), *lost)
    lines = needs_you(report)
    said = ["Ask for the right file", "Bo:", "it is empty", "Chen:", "it is a PDF"]
    said += ["Rename one file", "Eve:", "two hand-ins claim"]
    assert sorted(said, key=lines.index) == said
    assert lines.count("Ask for the right file") == 1


def test_each_cell_of_a_card_has_the_name_of_its_column(tmp_path):
    half = [mark(points=0, finding=KNOWN), mark("adagrad_step", 6, 6)]
    rows = [row(tasks=half), row("Bo", failed="it is empty", tasks=[]), row(notebook="05_adam")]
    pages.write(rows, tmp_path, {("Ada", "03_adagrad"): Change(2)})
    text = (tmp_path / "report.html").read_text("utf-8")
    cards = re.findall('<table class="cards.*?</table>', text, re.S)
    assert len(cards) == text.count("<table") == 5
    for table in cards:
        _, *names = re.findall('<th scope="col">(.*?)</th>', table)
        for line in table.partition("<tbody>")[2].split("</tr>")[:-1]:
            assert re.findall('<td[^>]* data-label="(.*?)"', line) == names


def test_a_project_that_is_not_marked_yet_is_counted_and_not_listed(tmp_path):
    project = row(notebook="project", tasks=[mark("seeds", None, 4, "not marked yet")], file="")
    _, report = written(tmp_path, row(), project)
    assert "Needs you" not in report.text
    assert "Projects that are not marked in full yet: 1." in report.text
    assert "Students (1)" in report.text  # of the distribution, in which the other notebook counts


def test_hints_of_copying_link_to_everybody_and_say_what_they_cannot_tell(tmp_path):
    prints = {"adagrad_sigmas": [1, 2], "": [3]}
    rows = [row(name, sha256="1", prints=prints) for name in ("Ada", "Bo")]
    _, report = written(tmp_path, *rows, row("Chen", sha256="2", prints={}))
    lines = needs_you(report)
    assert "the same file, byte by byte, with adagrad_sigmas" in lines
    assert "never a proof" in lines
    assert "Short answers agree by nature" in lines
    links = [link["href"] for link in report.all("a")]
    assert links[:2] == [pages.page_name("Ada", ""), pages.page_name("Bo", "")]


def test_where_nothing_needs_anybody_the_report_says_so(tmp_path):
    _, report = written(tmp_path, row())
    assert "Needs you" not in report.text
    assert "Every submission could be graded." in report.text


def test_each_notebook_has_its_statistics(tmp_path):
    half = [mark(points=0), mark("adagrad_step", 5, 5)]
    rows = [row("Ada"), row("Bo", tasks=half), row("Chen", tasks=[mark(points=0)]), row("Eve")]
    rows += [row("Fay", failed="it is empty", tasks=[mark(points=None)])]
    _, report = written(tmp_path, *rows, row("Ada", notebook="05_adam", tasks=[], failed="no"))
    text = "".join(report.text.partition("Notebooks")[2].split())
    # handed in, full, none, not graded; of the shares 100, 50, 0 and 100 the mean and median
    assert "03adagrad62%75%521105adam––1001" in text


@pytest.mark.parametrize(
    ("dated", "shown"),
    [
        ("2026-11-27T09:30:05+00:00", "dated 2026-11-27 09:30 UTC, SHA-256"),
        ("2026-11-27T09:30:05", "dated 2026-11-27 09:30, SHA-256"),
        ("", "Ada.ipynb, SHA-256"),
    ],
)
def test_a_student_sees_which_file_was_graded(tmp_path, dated, shown):
    page, _ = written(tmp_path, row(sha256="0123456789abcdef" * 4, dated=dated))
    text = " ".join(page.text.split())
    assert "Handed in: Ada.ipynb" in text
    assert f"{shown} 0123456789abcdef…" in text


def test_a_journal_of_before_knows_no_date(tmp_path):
    page, _ = written(tmp_path, row(sha256="0123456789abcdef" * 4))
    assert "dated" not in page.text


def test_an_override_and_late_days_are_visible_and_marked(tmp_path):
    changes = {("Ada", "03_adagrad"): Change(2, 3)}
    for page in written(tmp_path, row(), changes=changes):
        assert "3 of 5" in page.text
        assert "late days: 2" in page.text
        assert "set by hand; the grader found 5 of 5" in page.text


def test_no_text_of_a_student_becomes_markup(tmp_path):
    finding = {"headline": HOSTILE, "details": (HOSTILE,), "read": f"{HOSTILE}#{HOSTILE}"}
    tasks = [mark(HOSTILE, 0, 5, HOSTILE, [HOSTILE], finding), mark(reason=HOSTILE, points=None)]
    rows = row(HOSTILE, HOSTILE, HOSTILE, tasks, [HOSTILE], HOSTILE), row("Eve", tasks=tasks)
    for page in written(tmp_path, *rows):
        assert not page.all("script")
        assert not page.all("img")
        assert "<script>alert('1')</script>" in page.text
        attributes = {name for _, own in page.tags for name in own}
        assert not [name for name in attributes if name.startswith("on")]


@pytest.mark.parametrize(
    "student", ["../../etc/passwd", "a/b", "", "CON", "é" * 300, "..", "\ud800"]
)
def test_a_name_never_leads_out_of_the_folder(tmp_path, student):
    pages.write([row(student)], tmp_path, {})
    (file,) = (tmp_path / "feedback").iterdir()
    assert re.fullmatch(r"\w*_[0-9a-f]{32}\.html", file.name)
    assert {path.name for path in tmp_path.iterdir()} == {"feedback", "report.html"}


def test_names_that_differ_in_signs_or_capitals_alone_have_pages_of_their_own(tmp_path):
    names = ["Ada L", "ada l", "Ada-L", "Ada L."]
    pages.write(map(row, names), tmp_path, {})
    files = {path.name.casefold() for path in (tmp_path / "feedback").iterdir()}
    assert len(files) == len(names)


def test_a_page_needs_and_allows_nothing_from_elsewhere(tmp_path):
    for page in written(tmp_path, row(tasks=[mark(points=0, finding=KNOWN)]), row("Alan")):
        policy = next(m["content"] for m in page.all("meta") if "http-equiv" in m)
        assert "default-src 'none'" in policy
        assert not page.all("link")
        assert not page.all("script")
        assert not page.all("img")


def test_a_page_has_language_title_landmark_headings_and_headed_tables(tmp_path):
    for page in written(tmp_path, row(notes=["a note"]), row("Alan")):
        names = [name for name, _ in page.tags]
        assert page.all("html") == [{"lang": "en"}]
        assert names.count("title") == names.count("main") == names.count("h1") == 1
        levels = [int(name[1]) for name in names if re.fullmatch(r"h\d", name)]
        assert all(after <= before + 1 for before, after in pairwise(levels))
        assert names.count("table") == names.count("caption")
        assert all(head["scope"] in ("col", "row") for head in page.all("th"))


def test_the_distribution_says_its_numbers_in_words(tmp_path):
    half = [mark(points=0, finding=KNOWN), mark("adagrad_step", 6, 6)]
    _, report = written(tmp_path, row(tasks=half), row("Alan"), row("Grace"))
    assert "Students (3) by their share of all points" in report.text
    assert "What was not handed in counts 0." in report.text
    assert "The median is 100 %; 2 reached 90 % or more, 0 less than 50 %." in report.text
    (histogram,) = (figure for figure in report.all("svg") if "role" in figure)
    assert " 1 with 50 to 60 %," in histogram["aria-label"]
    assert histogram["aria-label"].endswith(" 2 with 90 to 100 %.")


def test_each_bar_stands_beside_its_number_and_is_as_long(tmp_path):
    half = [mark(points=0, finding=KNOWN), mark("adagrad_step", 6, 6)]
    _, report = written(tmp_path, row(tasks=half), row("Alan"), row("Grace"))
    assert lengths(report) == ["66.7%", "100.0%", "33.3%"]
    tasks = report.text.partition("Hardest tasks")[2]
    said = ("adagrad_sigmas", "67 %", "adagrad_step", "100 %", "the mean for the sum")
    assert sorted(said, key=tasks.index) == list(said)


def lengths(report):
    """The bars of the tables, from above."""
    return [bar["width"] for bar in report.all("rect") if bar["class"] == "bar" and "x" not in bar]


def test_what_could_not_be_graded_lowers_no_figure(tmp_path):
    lost = [mark(points=None, reason="the disk was full")]
    _, report = written(tmp_path, row(), row("Alan", tasks=lost))
    assert "Students (1)" in report.text
    assert "left out are 1 of whom something could not be graded" in report.text
    assert lengths(report) == ["100.0%"]


def test_a_class_of_which_nothing_could_be_graded_has_a_report(tmp_path):
    page, report = written(tmp_path, row(tasks=[], failed="it is empty"))
    assert not report.all("svg")
    assert "it is empty" in report.text
    assert "Your points in all: none so far; 03 adagrad could not be graded" in page.text


def test_points_beyond_all_are_drawn_with_the_best(tmp_path):
    changes = {("Ada", "03_adagrad"): Change(points=7), ("Alan", "03_adagrad"): Change(points=-1)}
    _, report = written(tmp_path, row(), row("Alan"), changes=changes)
    assert "1 reached 90 % or more, 1 less than 50 %" in report.text


def test_a_run_loads_no_drawing_library():
    code = "import sys, grader.__main__; print(*set(sys.modules) & {'matplotlib', 'PIL'})"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert (ran.stdout.strip(), ran.stderr) == ("", "")


def test_the_same_rows_make_the_same_pages(tmp_path):
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        pages.write([row(tasks=[mark(points=0, finding=KNOWN)])], tmp_path / folder, {})
    one, two = (
        [p.read_bytes() for p in sorted((tmp_path / f).rglob("*.html"))] for f in ("one", "two")
    )
    assert one == two


def test_a_page_that_cannot_be_written_is_one_sentence(tmp_path):
    (tmp_path / "feedback").write_text("in the way")
    with pytest.raises(Stop, match=r"cannot be written: .*The journal has every mark"):
        pages.write([row()], tmp_path, {})
