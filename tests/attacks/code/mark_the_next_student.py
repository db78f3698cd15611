"""Patches what a later submission in the same process would use, to take its marks away."""

import builtins
import os
import sys

import numpy as np

import course_lib.network

np.sqrt = np.cumsum = np.arange = course_lib.network.Network = builtins.print = None
np.array([0.0]).flags.writeable = True
np.seterr(all="raise")
np.random.seed(0)
os.umask(0o777)
os.nice(19)
os.environ["PYTHONSTARTUP"] = os.environ["LD_PRELOAD"] = "/scratch/left-by-an-attack.so"
sys.setrecursionlimit(60)
builtins.open = builtins.__import__ = None
