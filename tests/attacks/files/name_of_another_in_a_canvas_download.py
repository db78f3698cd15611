"""Calls its file so that a Canvas download reads like another student's in Moodle's."""


def hand_in(folder, honest):
    place = folder.parents[1] / "canvas"
    place.mkdir()
    (place / "ada_1_11_03_adagrad.ipynb").write_bytes(honest)
    (place / "zoe_2_12_03_adagrad.ipynb").write_bytes(honest)
    name = "mallory_3_13_ada_1_assignsubmission_file_03_adagrad.ipynb"
    (place / name).write_text('{"nbformat": 4, "cells": []}')
    return place
