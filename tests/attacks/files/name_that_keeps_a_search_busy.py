"""Hands in a file whose name and text take a careless regular expression for ever."""


def hand_in(folder, honest):
    folder.parent.rename(folder.parents[1] / ("_1" * 100))
    place = folder.parents[1] / ("_1" * 100) / "03_adagrad"
    (place / ("_1" * 90 + "_assignsubmission_" + "_" * 30 + ".ipynb")).write_text(
        "def " + "a" * 3_000_000 + " " * 3_000_000 + "def def " * 200_000
    )
