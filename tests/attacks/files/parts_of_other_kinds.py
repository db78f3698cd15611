"""Hands in a notebook whose parts are of kinds that nobody expects."""

import json


def hand_in(folder, honest):
    sources = [None, 7, {"a": 1}, [None], [["deep"]], True, "\ud800", ["x" * 1000] * 1000]
    kinds = ["code", ["code"], None, {"code": 1}]
    cells = [{"cell_type": kind, "source": source} for kind in kinds for source in sources]
    book = {"nbformat": 4, "cells": [*cells, None, 7, "code", []], "worksheets": "none"}
    (folder / "03_adagrad.ipynb").write_text(json.dumps(book))
