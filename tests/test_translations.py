"""A translation is whole, says the same, and what is made from it agrees with it."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from babel.messages.catalog import Message

from course_lib import language
from tools import translations
from tools.execute_notebooks import normal_form
from tools.taiwan import as_in_taiwan

ROOT = Path(__file__).parents[1]
TEXTS = translations.texts()
FOLDERS = ["zh"]  # those that are written by people
CATALOGUES = [(language.FOLDERS[folder], name) for folder in FOLDERS for name in TEXTS]
AGAIN = "run `nox -s translations`"
CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)
FORMULA = re.compile(r"\$\$.*?\$\$|\$[^$\n]+\$", re.DOTALL)
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
# Within a formula words are translated; a large number is written in a language's own steps.
WORDS = re.compile(r"(?<=\\text\{)[^{}]*")
LARGE = re.compile(r"([\d.]+) (million|万)")
HOLE = re.compile(r"\{[^{}]*\}")
# Words of the glossary that are not always terms: a step of a recipe, without loss of generality.
EVERYDAY = {"step", "offset", "map", "moment", "direction", "scale", "training"}
NO_TERM = ("without loss",)


@pytest.mark.parametrize(("of", "name"), CATALOGUES)
def test_every_text_is_translated_as_it_now_is(of, name):
    catalog = translations.read(of, name)
    for text, where in TEXTS[name]:
        message = catalog.get(text, where)
        told = f"{where or name}: {text[:60]!r}"
        assert message is not None, f"{told} is new: {AGAIN}"
        assert message.string, f"{told} is not translated"
        assert not message.fuzzy, f"{told} has changed: look at its translation"
    assert {(m.id, m.context) for m in catalog if m.id} == set(TEXTS[name]), AGAIN
    assert not catalog.obsolete, AGAIN


def messages(of: str, name: str) -> Iterator[Message]:
    return (message for message in translations.read(of, name) if message.id)


@pytest.mark.parametrize(("of", "name"), CATALOGUES)
def test_formulas_code_links_and_numbers_are_the_same(of, name):
    for message in messages(of, name):
        if message.context != "notebooks/glossary.md":  # where the English stands beside the term
            assert parts(message.string) == parts(message.id), message.id[:200]


def parts(text: str) -> dict[str, Counter[str]]:
    code, rest = CODE.findall(text), CODE.sub(" ", text)
    formulas = [WORDS.sub("", formula) for formula in FORMULA.findall(rest)]
    rest = LARGE.sub(in_digits, FORMULA.sub(" ", rest))
    links, rest = translations.LINK.findall(rest), translations.LINK.sub(" ", rest)
    headings = re.findall(r"^#+ ", rest, re.MULTILINE)
    found = code, formulas, links, NUMBER.findall(HOLE.sub(" ", rest)), HOLE.findall(rest), headings
    names = "code", "formulas", "links", "numbers", "holes", "headings"
    return dict(zip(names, map(Counter, found), strict=True))


@pytest.mark.parametrize(("of", "name"), CATALOGUES)
def test_no_blank_follows_a_full_width_mark(of, name):
    """What is bold ends before the mark: behind one within, Markdown would want the blank."""
    blank = re.compile(r".{0,20}[，、。：；？！（）“”《》][*_]* (?!\||-->).{0,20}")
    lacking = [found for m in messages(of, name) for found in blank.findall(m.string)]
    assert not lacking, lacking


def in_digits(large: re.Match[str]) -> str:
    return f"{float(large[1]) * {'million': 10**6, '万': 10**4}[large[2]]:.0f}"


def terms(of: str) -> dict[str, str]:
    """The glossary's English terms, each with its translation, from the rows that have one term."""
    page, found = "notebooks/glossary.md", {}
    for row in translations.blocks(page)[3:]:
        english, own = (
            re.sub(r"[*]|[(（].*", "", text.split("|")[1]).strip()
            for text in (row, translations.read(of, "pages").get(row, page).string)
        )
        if not re.search("[,;]", english) and english not in EVERYDAY:
            found[english.lower()] = own
    return found


def without_code(text: str) -> str:
    for words in NO_TERM:
        text = text.replace(words, " ")
    return translations.LINK.sub(" ", CODE.sub(" ", text))


@pytest.mark.parametrize("of", {of for of, _ in CATALOGUES})
def test_a_term_is_called_what_the_glossary_calls_it(of):
    known, lacking = terms(of), []
    assert len(known) > 40
    for name in TEXTS.keys() - {"pages", "library"}:
        for message in messages(of, name):
            said = without_code(message.id).lower()
            own = without_code(message.string)
            lacking += [
                f"{english} = {term}: {message.id[:70]!r}"
                for english, term in known.items()
                if re.search(rf"(?<![\w-]){re.escape(english)}s?(?![\w-])", said)
                # The title of a paper stays English.
                if term not in own and english not in own.lower()
            ]
    assert not lacking, "\n".join(lacking)


@pytest.mark.parametrize("folder", FOLDERS)
def test_what_is_made_from_the_translations_agrees_with_them(folder):
    translation = translations.Translation(folder)
    for path in (*translations.NOTEBOOKS, *translations.EXERCISES):
        made = ROOT / translation.place(f"{path.parent.name}/{path.name}")
        committed = nbformat.read(made, as_version=4)
        notebook = translation.notebook(path)
        translations.keep_outputs(notebook, committed)
        assert made.read_text(encoding="utf-8") == normal_form(notebook), f"{made}: {AGAIN}"
    for page in translations.PAGES:
        made = ROOT / translation.place(page)
        assert made.read_text(encoding="utf-8") == translation.page(page), f"{made}: {AGAIN}"


@pytest.mark.parametrize("folder", language.FOLDERS)
def test_what_the_library_says_agrees_with_the_translations(folder):
    translation = translations.Translation(folder)
    file = language.CATALOGUES / translation.language / "LC_MESSAGES/course_lib.mo"
    assert file.read_bytes() == translation.messages(), AGAIN


@pytest.mark.parametrize("folder", FOLDERS)
@pytest.mark.parametrize("path", translations.NOTEBOOKS, ids=lambda path: path.stem)
def test_cells_print_the_same_in_every_language(folder, path):
    english = nbformat.read(path, as_version=4)
    own = nbformat.read(path.parent / folder / path.name, as_version=4)
    for one, other in zip(english.cells, own.cells, strict=True):
        assert (one.id, one.cell_type) == (other.id, other.cell_type)
        if one.cell_type == "code":
            assert one.source == other.source
            assert printed(one) == printed(other), one.id


def printed(cell: nbformat.NotebookNode) -> list[str]:
    return [output.text for output in cell.outputs if output.output_type == "stream"]


@pytest.mark.parametrize("folder", FOLDERS)
def test_links_lead_within_the_language_and_to_a_heading(folder):
    made = [*ROOT.glob(f"notebooks/{folder}/*.ipynb"), *ROOT.glob(f"exercises/{folder}/*.ipynb")]
    texts = {path: translated_text(path) for path in made}
    for path, text in texts.items():
        for link in translations.LINK.findall(text):
            if re.match(r"\w+:", link):
                continue
            file, _, anchor = link.partition("#")
            there = (path.parent / file).resolve() if file else path
            assert there.exists(), f"{path}: {link}"
            if "notebooks" in there.parts or "exercises" in there.parts:
                assert folder in there.parts, f"{path}: {link}"
            if anchor:
                assert re.search(f'^##+ <a id="{re.escape(anchor)}"></a>', texts[there], re.M), link


@pytest.mark.parametrize("path", translations.NOTEBOOKS, ids=lambda path: path.stem)
def test_every_anchor_that_is_linked_is_ascii(path):
    """JupyterLab looks for the anchor as the browser writes it, which no other heading has."""
    links = translations.LINK.findall(translated_text(path))
    assert [link for link in links if not link.isascii()] == []


def translated_text(path: Path) -> str:
    cells = nbformat.read(path, as_version=4).cells
    return "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")


def test_a_changed_sentence_is_fuzzy_and_a_new_one_empty_until_somebody_looks(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(translations, "LOCALE", tmp_path)
    monkeypatch.setattr(translations, "texts", lambda: {"one": [("A small gradient.", "cell 1")]})
    translations.merge("zh_CN")
    catalog = translations.read("zh_CN", "one")
    catalog.get("A small gradient.", "cell 1").string = "梯度很小。"
    translations.save("zh_CN", "one", catalog)
    changed = [("A small gradient!", "cell 1"), ("And something else.", "cell 2")]
    monkeypatch.setattr(translations, "texts", lambda: {"one": changed})
    translations.merge("zh_CN")
    first, second = list(messages("zh_CN", "one"))
    assert (first.id, first.string, first.fuzzy) == (changed[0][0], "梯度很小。", True)
    assert (second.id, second.string) == (changed[1][0], "")


def test_the_language_is_that_of_the_variable_or_of_the_folder(monkeypatch):
    monkeypatch.setattr(language, "FOLDER", "zh")
    monkeypatch.delenv("COURSE_LANG", raising=False)
    assert language._("right") == "对"
    monkeypatch.setenv("COURSE_LANG", "")
    assert language._("right") == "right"
    monkeypatch.setenv("COURSE_LANG", "a language that nobody speaks")
    assert language._("right") == "right"


def test_a_sentence_fills_its_holes_and_keeps_braces_that_are_put_in():
    assert (
        language._("{name} has hints 1 to {count}", name="{x}", count=3) == "{x} has hints 1 to 3"
    )


def test_of_a_slip_the_code_is_kept_and_the_words_are_translated(monkeypatch):
    monkeypatch.setenv("COURSE_LANG", "zh_CN")
    said = language.around_code("`gradients` where `theta` belongs")
    assert said.count("`gradients`") == said.count("`theta`") == 1
    assert "belongs" not in said


@pytest.mark.parametrize(
    ("here", "variable", "address"),
    [
        ("exercises", "", "../notebooks/03_adagrad.ipynb#The-burst"),
        ("exercises", "zh_CN", "../notebooks/zh/03_adagrad.ipynb#The-burst"),
        ("zh", "zh_CN", "../../notebooks/zh/03_adagrad.ipynb#The-burst"),
    ],
)
def test_a_check_leads_to_the_paragraph_in_its_language(monkeypatch, here, variable, address):
    monkeypatch.setattr(language, "FOLDER", here)
    monkeypatch.setenv("COURSE_LANG", variable)
    found, heading = language.page("03_adagrad.ipynb#The-burst")
    assert found == address
    assert (heading == "The burst") == (not variable)


# What a reader in Taiwan found, and how it must read. The English tells rows from lines.
IN_TAIWAN = [
    ("最大曲率", "", "最大曲率"),
    ("60 个中有 50 个", "", "60 個中有 50 個"),
    ("二阶导数组成的矩阵", "", "二階導數組成的矩陣"),
    ("推导出来，只有参数", "", "推導出來，只有參數"),
    ("单元格里的镜像点", "", "儲存格裡的鏡像點"),
    ("两个数组，舍入误差", "", "兩個陣列，捨入誤差"),
    ("从计算机率到计算机", "", "從計算機率到電腦"),
    ("每一行是一个 θ，每一列是一次运行", "a row, a column", "每一列是一個 θ，每一欄是一次執行"),
    ("排成列的特征向量", "eigenvectors in columns", "排成行的特徵向量"),
    ("进行三行代码", "three lines", "進行三行程式碼"),
    ("一行公式，第一行", "a line, the first row", "一行公式，第一列"),
    ("行得通的数组排列", "rows", "行得通的陣列排列"),
    ("数据库，标签页，软件包", "", "資料庫，分頁，套件"),
    ("沿二次函数下降，写一个函数", "", "沿二次函數下降，寫一個函式"),
    ("都打印出来，再打印总和", "", "都印出來，再印出總和"),
    ("打印，或存为 PDF", "", "列印，或存為 PDF"),
    ("文件拖进列表里的文件夹", "", "檔案拖進清單裡的資料夾"),
]


@pytest.mark.parametrize(("simplified", "english", "said"), IN_TAIWAN)
def test_taiwan_reads_its_own_words(simplified, english, said):
    assert as_in_taiwan(simplified, english) == said
