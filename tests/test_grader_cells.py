"""A cell means to the grader what it means to IPython, which is asked as well."""

import ast
import os
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from IPython.core.inputtransformer2 import TransformerManager
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from grader import ROOT, cells

SOURCES = [
    "x = 1\ny = x + 1",
    "!echo one \\\n    two \\\n    three\nx = 1",
    "x = 1\n!echo {x}\n%cd .\ny = 2",
    ">>> def f(a):\n...     return 2 * a\n...\n>>> x = f(3)",
    "In [3]: x = 1\n   ...: y = 2",
    "In [12]: x = (1,\n    ...:      2)",
    "    x = 1\n    if x:\n        y = 2",
    "\n\n  x = 1\n  y = 2\n",
    "%%time\ndef f():\n    return 1\n\nx = f()",
    "\n%%time\nx = 1",
    "%%capture out\nx = 1\nprint(x)",
    "%%capture --no-stderr\n%time x = 1\ny = 2",
    "%time x = 5",
    "%time x = 1; y = 2",
    "x = %time 3 + 4",
    "for i in range(3):\n    %time x = i",
    "if False:\n    %time x = 1\nelse:\n    y = 1",
    "def f():\n    !echo here\n    return 7\nx = f()",
    "x = 1\nx?",
    "x = 17 % 5\ny = x if x != 2 else 'no?'  # really?",
    "text = '''\n%time x = 1\n!echo\n'''",
    "%%javascript\nlet x = 1",
    "%%html\n<b>x = 1</b>",
    "%matplotlib --list\nx = 1",
    "%%writefile written.txt\nx = 1\n%time\n",
    "%%writefile -a written.txt\ny = 2\n",
    "%%file other.txt\nx = 1",
    "x = 1\r\ny = 2\r\n",
    "import os, sys as system\nfrom math import pi, tau as circle",
    "from math import *\nx = floor(2.5)",
    "from __future__ import annotations, division\nx = 1 / 2",
    "# nothing\n",
    "",
]


@pytest.fixture(scope="module")
def shell():
    """IPython itself, which keeps no history and leaves this process as it was."""
    before, streams = dict(sys.modules), (sys.displayhook, sys.excepthook, sys.stdout, sys.stderr)
    yield InteractiveShell(config=Config({"HistoryManager": {"enabled": False}}))
    sys.displayhook, sys.excepthook, sys.stdout, sys.stderr = streams
    sys.modules["__main__"] = before["__main__"]


class Nothing:
    def __getattr__(self, name):
        return self

    def __call__(self, *args):
        return self


def plain(names):
    """The names of a cell that are numbers and texts, or functions and modules."""
    kinds = int, float, str, tuple
    return {
        name: value if isinstance(value, kinds) else type(value).__name__
        for name, value in names.items()
        if not name.startswith("_") and name not in ("In", "Out", "exit", "quit", "open", "out")
    }


def files(folder):
    return {path.name: path.read_text() for path in folder.iterdir()}


@pytest.mark.filterwarnings("ignore")  # what IPython's own code warns of
@pytest.mark.parametrize("source", SOURCES)
def test_a_cell_leaves_the_names_and_files_that_it_leaves_in_ipython(
    shell, source, tmp_path, monkeypatch
):
    (one := tmp_path / "one").mkdir()
    (other := tmp_path / "other").mkdir()
    monkeypatch.chdir(one)
    ours: dict = {"get_ipython": Nothing()}
    statements, _ = cells.read(source, "cell 1")
    for statement in statements:
        exec(compile(ast.Module([statement], []), "cell 1", "exec"), ours)
    monkeypatch.chdir(other)
    shell.reset(new_session=False)
    before = set(plain(shell.user_ns))
    shell.run_cell(source)
    theirs = plain(shell.user_ns)
    mine = plain(ours)
    assert mine.keys() - before == theirs.keys() - before
    assert {name: mine[name] for name in mine.keys() - before} == {
        name: theirs[name] for name in theirs.keys() - before
    }
    assert files(one) == files(other)


@pytest.mark.parametrize(
    ("source", "meaning"),
    [
        ("# mine\n%%time\nx = 1", "get_ipython().run_line_magic('%time', '')\nx = 1"),
        ("%timeit -n 10 -r3 f(x)", "f(x)"),
        ("%prun -l 5 -s cumulative f(x)", "f(x)"),
        ("%%timeit x = 1\ny = x", "y = x"),
        ("%memit f()", "f()"),
        ("x = !ls", "x = get_ipython().getoutput('ls')"),
        ("%time", "get_ipython().run_line_magic('time', '')"),
        ("%%bash\nrm -rf /", ""),
        ("%pip install torch", "get_ipython().run_line_magic('pip', 'install torch')"),
        ("import a, b.c as d", "import a\nimport b.c as d"),
        ("from a import b, c as d", "from a import b\nfrom a import c as d"),
    ],
)
def test_what_ipython_would_measure_or_have_others_do_is_run_or_left_out(source, meaning):
    assert "\n".join(map(ast.unparse, cells.read(source, "cell 1")[0])) == meaning


@pytest.mark.parametrize("source", ["def f(:", "x = (1", "%time x = (", "%%time\nreturn return"])
def test_what_python_cannot_read_is_its_syntax_error(source):
    with pytest.raises(SyntaxError) as raised:
        cells.read(source, "cell 1")
    assert raised.value.filename == "cell 1"


def test_the_lines_of_statements_are_those_of_the_cell():
    source = "%%time\nx = 1\n\n%time y = 2\nz = (3,\n     4)"
    statements, text = cells.read(source, "cell 1")
    assert [statement.lineno for statement in statements] == [2, 4, 5]
    lines = text.split("\n")
    assert [lines[1], lines[4]] == ["x = 1", "z = (3,"]


@given(
    st.lists(
        st.sampled_from(
            ["x = 1", "if x:", "    y = 2", "!ls", "%time z", "f?", "'''", "(", "é", "%%x"]
        )
    )
)
def test_any_lines_are_read_or_are_a_syntax_error(lines):
    source = "\n".join(lines)
    try:
        statements, text = cells.read(source, "cell 1")
    except SyntaxError:
        return
    compile(ast.Module(statements, []), "cell 1", "exec")
    for statement in statements:
        assert 1 <= statement.lineno <= len(text.split("\n"))


def test_the_reader_is_ipythons_own_and_loads_nothing_else_of_it():
    assert type(cells.reader()).__name__ == TransformerManager.__name__
    code = (
        "import sys; from grader import cells; cells.reader();"
        "print([name for name in sys.modules if 'ipython' in name.lower()])"
    )
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, env=environment)
    assert said.stdout == b"[]\n", said.stderr


def test_without_ipython_one_sentence_says_what_is_missing(monkeypatch):
    cells.reader.cache_clear()
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(ModuleNotFoundError, match="IPython, which reads cells, is not installed"):
        cells.reader()
