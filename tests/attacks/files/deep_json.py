"""Hands in a notebook of brackets, a million deep."""


def hand_in(folder, honest):
    (folder / "03_adagrad.ipynb").write_text("[" * 1_000_000)
