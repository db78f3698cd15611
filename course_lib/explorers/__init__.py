"""The explorers, a module for each notebook: a model that computes, and a view that draws it.

A model is a pure function of its knobs, so it can be tested without a browser. A view makes its
figure once, names the lines that move, and says in one sentence what the knobs led to.
"""

from course_lib.explorers.beyond import turning
from course_lib.explorers.burst import adagrad, bursts, offset
from course_lib.explorers.correction import adam, memories_map
from course_lib.explorers.critical_points import landscape, training, walls
from course_lib.explorers.dials import playground, playground_map
from course_lib.explorers.learning_rate import four_rates, rate_map, valley
from course_lib.explorers.memory import crescent, memory_map, track
from course_lib.explorers.warmup import digits, schedule, warmup_map

__all__ = [
    "adagrad",
    "adam",
    "bursts",
    "crescent",
    "digits",
    "four_rates",
    "landscape",
    "memories_map",
    "memory_map",
    "offset",
    "playground",
    "playground_map",
    "rate_map",
    "schedule",
    "track",
    "training",
    "turning",
    "valley",
    "walls",
    "warmup_map",
]
