"""Holds the interpreter in one call of C that no signal can interrupt."""

import re


def answer(*args):
    re.match(r"(a+)+$", "a" * 60 + "b")
