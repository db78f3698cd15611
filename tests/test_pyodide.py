"""Only the files that Pyodide itself names come into the pages."""

from hashlib import sha256

import pytest

from tools import pyodide

RIGHT = b"the right file"
DIGEST = sha256(RIGHT).hexdigest()


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_PYODIDE", str(tmp_path / "pyodide"))
    return tmp_path / "pyodide"


def fetching(monkeypatch, content):
    """Let a fetched file hold this; return which were fetched."""
    fetched = []

    def fetch(name, folder):
        fetched.append(name)
        (folder / name).write_bytes(content)

    monkeypatch.setattr(pyodide, "fetch", fetch)
    return fetched


def test_what_lies_there_is_not_fetched(folder, monkeypatch):
    fetched = fetching(monkeypatch, RIGHT)
    folder.mkdir()
    (folder / "a.whl").write_bytes(RIGHT)
    assert pyodide.content("a.whl", DIGEST) == RIGHT
    assert fetched == []


def test_what_is_missing_or_another_file_is_fetched_once(folder, monkeypatch):
    fetched = fetching(monkeypatch, RIGHT)
    folder.mkdir()
    (folder / "b.whl").write_bytes(b"cut off")
    for _ in range(2):
        for name in ("a.whl", "b.whl"):
            assert pyodide.content(name, DIGEST) == RIGHT
    assert fetched == ["a.whl", "b.whl"]


@pytest.mark.usefixtures("folder")
def test_a_fetched_file_that_is_another_is_not_used(monkeypatch):
    fetching(monkeypatch, b"something else")
    with pytest.raises(pyodide.NoPyodide, match=r"^The a\.whl that was fetched is not that of"):
        pyodide.content("a.whl", DIGEST)


@pytest.mark.usefixtures("folder")
def test_where_nothing_can_be_fetched_a_sentence_says_what_helps(monkeypatch):
    def fetch(name, folder):
        raise OSError("no network")

    monkeypatch.setattr(pyodide, "fetch", fetch)
    with pytest.raises(pyodide.NoPyodide, match=r"a\.whl .* \(no network\)\. Name a folder"):
        pyodide.content("a.whl", DIGEST)


def test_an_official_lock_is_found_beside_one_made_from_it(folder, monkeypatch):
    monkeypatch.setattr(pyodide, "CORE", {pyodide.LOCK: DIGEST})
    folder.mkdir()
    (folder / pyodide.LOCK).write_bytes(b"made from it")
    (folder / "official-lock.json").write_bytes(RIGHT)
    assert pyodide.core() == {pyodide.LOCK: RIGHT}
