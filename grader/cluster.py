"""Grades on the workers of a Dask cluster, to which only the notebooks travel.

A worker runs in a copy of this repository, where `course-grader doctor` finds no fault. Each of
its threads starts an examiner, which refuses to grade with other hidden tests than ours. Whoever
reaches a scheduler can run programs there: on a shared network, its address should be tls://….
"""

import logging
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager

from grader import Stop

WAITING = 20  # seconds for the scheduler to answer, and then for a first worker to be there


@contextmanager
def workers(address: str) -> Iterator[tuple[Executor, int]]:
    """Yield an executor that runs on the cluster's workers, and how many threads they have.

    What a lost worker was grading, the scheduler gives to another one.
    """
    try:
        from distributed import Client
    except ImportError:
        raise Stop('--dask needs a package more: pip install -e ".[cluster]".') from None
    for logger in ("distributed", "distributed.client"):  # of what matters we hear another way
        logging.getLogger(logger).setLevel(logging.CRITICAL)
    try:
        client = Client(address, timeout=WAITING)
    except (OSError, ValueError) as error:
        raise Stop(f"No scheduler answers at {address}.") from error
    with client:
        try:
            client.wait_for_workers(1, timeout=WAITING)
        except TimeoutError as error:
            raise Stop(f"The scheduler at {address} has no worker.") from error
        # Never pure: that would take equal notebooks for one, and old results for new ones.
        yield client.get_executor(pure=False), sum(client.nthreads().values())
