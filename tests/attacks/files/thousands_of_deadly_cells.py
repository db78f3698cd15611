"""Ends the worker in each of thousands of cells, so that all is run again and again."""

import json


def hand_in(folder, honest):
    cells = [{"cell_type": "code", "source": "import os\nos._exit(0)"}] * 3000
    text = json.dumps({"nbformat": 4, "cells": cells})
    (folder / "03_adagrad.ipynb").write_text(text)
