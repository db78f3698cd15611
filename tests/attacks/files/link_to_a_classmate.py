"""Hands in links to a classmate's notebook and folder."""


def hand_in(folder, honest):
    (folder / "03_adagrad.ipynb").symlink_to("../../ada/03_adagrad/03_adagrad.ipynb")
    (folder / "more").symlink_to("../../ada", target_is_directory=True)
