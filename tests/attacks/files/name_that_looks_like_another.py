"""Hands in from folders whose names a person could take for a classmate's."""

import os


def hand_in(folder, honest):
    for name in ("\u0430d\u0430", "a da", "ada.", "ada_"):
        other = folder.parents[1] / name / "03_adagrad"
        other.mkdir(parents=True)
        (other / "03_adagrad.ipynb").write_text('{"nbformat": 4, "cells": []}')
        os.utime(other / "03_adagrad.ipynb", (2**32, 2**32))
