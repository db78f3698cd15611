"""Hands in under a name that is HTML, a formula, a table and a path."""


def hand_in(folder, honest):
    for name in (
        "<script>alert(1)<script>",
        "=HYPERLINK('x')",
        'mallory",6,6\nada,6',
        "..%2f..%2fleft-by-an-attack",
        "{0.__class__}",
        "\x1b[2J",
        b"\xff\xfe".decode("utf-8", "surrogateescape"),
        "x" * 250,
    ):
        other = folder.parents[1] / name / "03_adagrad"
        other.mkdir(parents=True)
        (other / f"{name[:240]}.ipynb").write_text('{"nbformat": 4, "cells": []}')
