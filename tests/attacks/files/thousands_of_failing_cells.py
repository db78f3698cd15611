"""Makes the list of what went wrong longer than any page or frame."""

import json


def hand_in(folder, honest):
    cells = [{"cell_type": "code", "source": "raise ValueError('\u4e2d' * 300)"}] * 3000
    text = json.dumps({"nbformat": 4, "cells": cells})
    (folder / "03_adagrad.ipynb").write_text(text)
