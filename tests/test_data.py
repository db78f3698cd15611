"""The data sets are what they say; tests/reference/make.py compares two with scikit-learn's."""

from pathlib import Path

import numpy as np

from course_lib import data

FOLDER = Path(data.__file__).parent


def test_digits_are_1797_images_of_64_pixels():
    x, y = data.digits()
    assert x.shape == (1797, 64)
    assert (x.min(), x.max()) == (0.0, 1.0)
    assert x.sum() * 16 == 561718
    assert np.bincount(y).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    image = x[0].reshape(8, 8)  # a zero: a ring around an empty middle
    assert y[0] == 0
    assert image[3:5, 3:5].max() < 0.1 < image[3:5].max()


def test_diabetes_has_442_patients_and_every_column_has_mean_0_and_variance_1():
    x, y = data.diabetes()
    assert x.shape == (442, 10)
    assert y.shape == (442,)
    both = np.column_stack([x, y])
    np.testing.assert_allclose(both.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(both.var(axis=0), 1)
    assert len(set(x[:, 1])) == 2  # sex
    # The body mass index tells most of the progress, as in Efron et al. (2004).
    assert np.argmax(np.abs(x.T @ y)) == 2


def test_letters_are_the_pairs_of_a_text_of_33_characters():
    counts, characters = data.letters()
    assert counts.shape == (33, 33)
    assert characters == " abcdefghijklmnopqrstuvwxyz.,:?()"
    assert counts.sum() == 102719
    # Every character but the first and the last of the text both ends and begins a pair.
    assert np.abs(counts.sum(axis=0) - counts.sum(axis=1)).max() <= 1
    assert counts[0, 0] == 0  # no two spaces
    assert characters[counts[characters.index("q")].argmax()] == "u"


def test_each_call_returns_arrays_of_its_own():
    for load in (data.digits, data.diabetes):
        x, y = load()
        x[:] = y[:] = -1
        assert load()[0].max() > 0
        assert load()[1].max() > 0


def test_every_data_set_has_its_source_and_licence():
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    for file in FOLDER.glob("*.npz"):
        section = text.split(f"## `{file.name}`")[1].split("\n## ")[0]
        assert "Source:" in section
        assert "Licence:" in section
