"""The explorers, a module for each notebook: a model that computes, and a view that draws it.

A model is a pure function of its knobs, so it can be tested without a browser. A view makes its
figure once, names the lines that move, and says in one sentence what the knobs led to.
"""

from course_lib.explorers.burst import adagrad, bursts, offset
from course_lib.explorers.correction import adam
from course_lib.explorers.critical_points import landscape, training, walls
from course_lib.explorers.dials import playground
from course_lib.explorers.learning_rate import four_rates, valley
from course_lib.explorers.memory import crescent, track
from course_lib.explorers.warmup import digits, schedule

__all__ = [
    "adagrad",
    "adam",
    "bursts",
    "crescent",
    "digits",
    "four_rates",
    "landscape",
    "offset",
    "playground",
    "schedule",
    "track",
    "training",
    "valley",
    "walls",
]
