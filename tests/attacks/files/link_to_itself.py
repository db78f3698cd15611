"""Hands in links that lead round in a circle, and a folder that holds itself."""


def hand_in(folder, honest):
    (folder / "03_adagrad.ipynb").symlink_to("03_adagrad.ipynb")
    (folder / "round").symlink_to(".", target_is_directory=True)
