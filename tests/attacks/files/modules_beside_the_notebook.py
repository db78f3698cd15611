"""Hands in modules that Python or pytest would import from the folder of a notebook."""


def hand_in(folder, honest):
    trap = "open('/tmp/left-by-an-attack', 'w'); raise SystemExit"
    for name in ("conftest", "sitecustomize", "usercustomize", "numpy", "json", "course_lib"):
        (folder / f"{name}.py").write_text(trap)
    (folder / "pytest.ini").write_text("[pytest]\naddopts = --version\n")
    (folder / "03_adagrad.ipynb").write_text('{"nbformat": 4, "cells": []}')
