"""The code behind the course: θ ← θ - η_t · m_t / σ_t, one part at a time.

optimizers   the direction m and the scale σ, and the named rules made of them
schedules    the learning rate η as a function of the number of updates done
surfaces     two-dimensional error surfaces with gradient and Hessian
network      a small multilayer perceptron on one flat θ, with its data in `data`
descent      runs an optimizer on a surface or a network and records the path
maps         the loss after T updates for every pair of two settings
ranks        the rank correlation
plots        figures with text alternatives
explorers    pictures with sliders
feedback     check, hint and progress of the exercises
"""

from importlib import import_module
from types import ModuleType

__version__ = "0.1.0"
__all__ = [
    "data",
    "descent",
    "explorers",
    "feedback",
    "maps",
    "network",
    "optimizers",
    "plots",
    "ranks",
    "schedules",
    "surfaces",
]


def __getattr__(name: str) -> ModuleType:
    # Imported when first named, so that the mathematics loads no matplotlib and no widgets.
    if name in __all__:
        return import_module(f"course_lib.{name}")
    raise AttributeError(f"module 'course_lib' has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
