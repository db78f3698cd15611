"""Hands in from a folder whose name differs from a classmate's only where nobody sees it."""

import os


def hand_in(folder, honest):
    for name in ("ada\u200b", "\u202eada", " ada", "ada_"):
        other = folder.parents[1] / name / "03_adagrad"
        other.mkdir(parents=True)
        (other / "03_adagrad.ipynb").write_text('{"nbformat": 4, "cells": []}')
        os.utime(other / "03_adagrad.ipynb", (2**32, 2**32))
