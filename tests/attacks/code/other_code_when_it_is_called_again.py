"""Answers once and then ends the worker, so that its notebook is run over and over."""

import os

calls = []


def answer(*args):
    if calls:
        os._exit(0)
    calls.append(0)
    return 1.0
