"""Hands in JSON with a number of a million digits, and one that is infinite."""


def hand_in(folder, honest):
    text = f'{{"nbformat": {"9" * 1_000_000}, "nbformat_minor": 1e999999, "cells": []}}'
    (folder / "03_adagrad.ipynb").write_text(text)
