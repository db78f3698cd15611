"""Hands in a folder with the name of the notebook, and a notebook deep in it."""


def hand_in(folder, honest):
    deep = folder / "03_adagrad.ipynb" / "/".join(["x"] * 200)
    deep.mkdir(parents=True)
