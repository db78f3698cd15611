"""Long work beside what the kernel does: in threads, or where there are none, as in a browser.

    worker().each(jobs)               what functions return, as it comes
    worker().drive(pieces)            go through an iterator while the kernel answers
    with worker().after(10, say): …   call a function if the block takes longer

In a browser Python has one thread, in which the kernel too hears its messages. There `each` does
one job after the other, `drive` lets messages be heard between two pieces, and `after` asks the
clock at jumps and calls of the running code, as Python does for Ctrl+C.
"""

import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from functools import cache
from threading import Thread, Timer
from typing import Any, TypeVar

from course_lib.language import N_

T = TypeVar("T")


class Threads:
    """Work in threads of its own; `how_to_stop` says how a learner ends what the kernel does."""

    how_to_stop = N_("■ above stops it.")

    def each(self, jobs: Sequence[Callable[[], T]]) -> Generator[T, None, None]:
        """Work in a thread for each core; closing the iterator ends it before its end."""
        pool = ThreadPoolExecutor(os.cpu_count())
        try:
            for future in as_completed([pool.submit(job) for job in jobs]):
                yield future.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)

    def drive(self, pieces: Iterable[object]) -> None:
        """Go through the iterator in a thread that ends with the kernel."""
        Thread(target=deque, args=[pieces, 0], daemon=True).start()

    @contextmanager
    def after(self, seconds: float, call: Callable[[], object]) -> Iterator[None]:
        """Let a timer call the function."""
        timer = Timer(seconds, call)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()


class OneThread:
    """Work in the only thread there is, that of the kernel and its event loop."""

    how_to_stop = N_(
        "Only “Restart Kernel” (⟳ above) stops it. Then run the cells again from the top."
    )

    def __init__(self) -> None:
        self._tasks: set[Any] = set()  # the loop itself would forget them

    def each(self, jobs: Sequence[Callable[[], T]]) -> Generator[T, None, None]:
        """Do one job after the other."""
        return (job() for job in jobs)

    def drive(self, pieces: Iterable[object]) -> None:
        """Let the event loop take one piece after the other."""
        import asyncio  # only here: `check` need not wait for what it does not use

        task = asyncio.ensure_future(_between_messages(pieces))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    @contextmanager
    def after(self, seconds: float, call: Callable[[], object]) -> Iterator[None]:
        """Let Pyodide interrupt the block, as by Ctrl+C, when the time has come."""
        before = signal.signal(signal.SIGINT, lambda *_: call())
        _interrupt_after(seconds)
        try:
            yield
        finally:
            _interrupt_after(None)
            signal.signal(signal.SIGINT, before)


@cache
def worker() -> Threads | OneThread:
    """Return who does long work on this machine."""
    return OneThread() if sys.platform == "emscripten" else Threads()


async def _between_messages(pieces: Iterable[object]) -> None:
    import asyncio

    for _ in pieces:
        await asyncio.sleep(0.005)


# What Pyodide looks into every few steps: it is 2 (Ctrl+C) once, when the time has come.
_CLOCK = """
(milliseconds) => {
  let due = Date.now() + milliseconds
  return {
    get 0() { return Date.now() < due ? 0 : 2 },
    set 0(_) { if (Date.now() >= due) due = Infinity },
  }
}
"""


def _interrupt_after(seconds: float | None) -> None:
    """Let Pyodide interrupt what runs after a while, or no longer."""
    import pyodide.code  # type: ignore[import-not-found]
    import pyodide_js  # type: ignore[import-not-found]

    clock: Any = None
    if seconds is not None:
        clock = pyodide.code.run_js(_CLOCK)(1000 * seconds)
    pyodide_js.setInterruptBuffer(clock)
