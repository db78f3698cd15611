"""Long work beside the kernel's own, with threads and, as in a browser, without."""

import asyncio
import signal
import sys
import threading
import time
from threading import Event
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest

from course_lib import background, optimizers, plots, surfaces
from course_lib.background import OneThread, Threads
from course_lib.maps import sweep
from course_lib.overlay import Explorer, Run
from course_lib.reading import Reading

WORKERS = [Threads(), OneThread()]


@pytest.fixture
def one_thread(monkeypatch):
    """Work as in a browser, where no thread can be started."""
    worker = OneThread()
    monkeypatch.setattr(background, "worker", lambda: worker)

    def refuse(*_):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)


def test_this_machine_works_in_threads():
    assert isinstance(background.worker(), Threads)


@pytest.mark.parametrize("worker", WORKERS)
def test_each_job_is_done_once(worker):
    jobs = [lambda n=n: n**2 for n in range(20)]
    assert sorted(worker.each(jobs)) == [n**2 for n in range(20)]


@pytest.mark.parametrize("worker", WORKERS)
def test_what_a_job_raises_is_raised(worker):
    with pytest.raises(ZeroDivisionError):
        list(worker.each([lambda: 1 / 0]))


def test_without_threads_no_job_is_done_before_it_is_asked_for():
    done = []
    running = OneThread().each([lambda n=n: done.append(n) for n in range(5)])
    next(running)
    running.close()
    assert done == [0]


def test_a_thread_goes_through_the_pieces_while_others_work():
    ended = Event()
    Threads().drive(ended.set() for _ in range(1))
    assert ended.wait(20)


def test_without_threads_messages_are_heard_between_two_pieces():
    heard = []

    async def kernel():
        OneThread().drive(heard.append(f"piece {n}") for n in range(3))
        heard.append("driven")
        while "piece 2" not in heard:
            heard.append("message")
            await asyncio.sleep(0)

    asyncio.run(kernel())
    assert heard[:2] == ["driven", "message"], "it returns at once"
    assert "message" in heard[heard.index("piece 1") : heard.index("piece 2")]


def test_a_block_that_takes_longer_is_told_of_and_a_short_one_is_not():
    told = []
    with Threads().after(0.01, lambda: told.append("late")):
        time.sleep(0.2)
    with Threads().after(0.2, lambda: told.append("early")):
        pass
    time.sleep(0.4)
    assert told == ["late"]


@pytest.fixture
def clock(monkeypatch):
    """Stand for Pyodide: keep what it is told to look into while it runs."""
    told = SimpleNamespace(clock=None, made=[])
    code, page = ModuleType("pyodide.code"), ModuleType("pyodide_js")
    code.run_js = lambda source: lambda milliseconds: told.made.append(milliseconds) or source
    page.setInterruptBuffer = lambda clock: setattr(told, "clock", clock)
    package = ModuleType("pyodide")
    package.code = code
    for name, module in (("pyodide", package), ("pyodide.code", code), ("pyodide_js", page)):
        monkeypatch.setitem(sys.modules, name, module)
    return told


def test_without_threads_the_block_itself_is_interrupted_to_tell(clock):
    told, before = [], signal.getsignal(signal.SIGINT)
    with OneThread().after(10, lambda: told.append("late")):
        assert (clock.made, bool(clock.clock)) == ([10_000], True)
        signal.raise_signal(signal.SIGINT)
    assert told == ["late"], "and the block goes on to its end"
    assert clock.clock is None
    assert signal.getsignal(signal.SIGINT) is before


@pytest.mark.usefixtures("one_thread")
def test_a_map_is_the_same_without_threads():
    given = optimizers.rmsprop, surfaces.crescent(), (-1.0, 0.5), 20
    axes = {"lr": np.geomspace(1e-3, 1, 60), "alpha": np.linspace(0, 0.99, 50)}
    seen = sweep(*given, **axes)
    cell = sweep(*given, lr=axes["lr"][7:8], alpha=axes["alpha"][9:10])
    assert np.isfinite(seen.loss).all()
    assert seen.loss[7, 9] == cell.loss[0, 0]


@pytest.mark.usefixtures("one_thread")
def test_a_run_is_started_and_stopped_without_threads(monkeypatch):
    counted = []

    def work():
        for piece in range(10_000):
            counted.append(piece)
            time.sleep(0.01)
            yield piece / 10_000

    sent = []
    monkeypatch.setattr(Explorer, "send", lambda self, frame, buffers: sent.append(frame))
    figure, _ = plots.figure()
    explorer = Explorer(figure, [], [], lambda: Reading("Counting."), Run("Count", work))

    async def kernel():
        explorer._receive(None, {"run": True}, [])
        assert sent[-1]["running"], "the start is answered before any work"
        while not sent[-1]["done"]:
            await asyncio.sleep(0.01)
        explorer._receive(None, {"run": False}, [])
        while len(sent) < 3 or sent[-1]["answer"]:
            await asyncio.sleep(0.01)

    asyncio.run(asyncio.wait_for(kernel(), 20))
    assert not sent[-1]["running"]
    assert 0 < len(counted) < 1000
