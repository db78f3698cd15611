"""Hands in a zip that is called a notebook."""

import zipfile


def hand_in(folder, honest):
    with zipfile.ZipFile(folder / "03_adagrad.ipynb", "w") as archive:
        archive.writestr("03_adagrad.ipynb", honest)
