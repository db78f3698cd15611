"""What a function makes of a task's cases: its results and errors, as data."""

import traceback
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from course_lib.feedback.comparing import close, decode, same
from course_lib.feedback.views import VIEWS
from course_lib.feedback.words import describe, expected_got
from course_lib.language import _
from course_lib.values import NotPlain, plain


@dataclass(frozen=True, eq=False)
class Answer:
    """What a function made of one case."""

    case: str
    arguments: dict[str, Any]
    expected: Any
    about: str = ""
    result: Any = None
    error: BaseException | None = None
    line: str = ""
    changed: tuple[str, ...] = ()
    unsuitable: str = ""  # why the result cannot be compared at all

    @property
    def right(self) -> bool:
        """Whether it is all that was asked for."""
        done = not (self.error or self.changed or self.unsuitable)
        return done and close(self.result, self.expected)


def ask(function: Callable[..., Any], case: dict[str, Any], view: str = "") -> Answer:
    """Call the function with copies of a case's arguments; whatever it raises becomes data."""
    arguments = {name: decode(value) for name, value in case["arguments"].items()}
    known = case["name"], arguments, decode(case["expected"]), case.get("about", "")
    copies = deepcopy(arguments)
    result, unsuitable = None, ""
    try:
        given = function(*copies.values())
        try:
            # A copy: a function may keep what it returns, and change it at the next call.
            result = plain(given)
            result = VIEWS[view](result) if view else result
        except NotPlain as no:
            unsuitable = expected_got(describe(known[2]), str(no))
            if "complex" in str(no):
                unsuitable += " " + _("Of a complex number np.abs gives the size.")
        except (TypeError, ValueError) as error:  # the view's own
            unsuitable = str(error)
    except BaseException as error:  # an interrupt and sys.exit too: a check never raises
        return Answer(*known, error=error, line=own_line(function, error))
    changed = tuple(name for name in arguments if not same(arguments[name], copies[name]))
    return Answer(*known, result=result, changed=changed, unsuitable=unsuitable)


def own_line(function: Callable[..., Any], error: BaseException) -> str:
    """Where in the learner's own code an exception came from, as far as that is known."""
    file = getattr(getattr(function, "__code__", None), "co_filename", None)
    own = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == file]
    if not own:
        return ""
    code = f": `{own[-1].line}`" * bool(own[-1].line)
    return _("in line {line} of its cell", line=own[-1].lineno) + code
