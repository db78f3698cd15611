"""Hands in notebooks whose version is a truth value, a text, or from the future."""

import itertools


def hand_in(folder, honest):
    versions = itertools.count()
    for version in ("true", '"4"', "4.5", "99", "-1", "[4]", '"<b>' + "9" * 400 + '"'):
        other = folder.parents[1] / f"mallory {next(versions)}" / "03_adagrad"
        other.mkdir(parents=True)
        text = f'{{"nbformat": {version}, "cells": []}}'
        (other / "03_adagrad.ipynb").write_text(text)
