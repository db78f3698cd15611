"""Hands in a pipe, from which a reader waits for ever."""

import os


def hand_in(folder, honest):
    os.mkfifo(folder / "03_adagrad.ipynb")
