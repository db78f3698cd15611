"""Hands in a link to the solution in place of a notebook."""

from pathlib import Path


def hand_in(folder, honest):
    solution = Path(__file__).parents[3] / "solutions" / "03_adagrad.ipynb"
    (folder / "03_adagrad.ipynb").symlink_to(solution)
