"""Hands in JSON that takes a hundred times its size in memory once it is read."""


def hand_in(folder, honest):
    text = '{"nbformat": 4, "cells": [' + "[]," * 10_000_000 + "[]]}"
    (folder / "03_adagrad.ipynb").write_text(text)
