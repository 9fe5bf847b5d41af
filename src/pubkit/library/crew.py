"""The processes that do the work: on this machine, or those of a Dask cluster.

A publication whose process dies takes no other down: whatever was under way is done again, each publication in a process
of its own in the end, and one whose own process dies too is lost, which its outcome says.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from typing import Any

from pubkit.boundary import budget
from pubkit.errors import EnvironmentFault, PubkitError, UsageError
from pubkit.library.work import Order, Outcome, State, carry_out

__all__ = ["cores", "on_cluster", "on_this_machine"]

#: How often processes that several publications share are tried; one that dies ends all of them.
_TOGETHER = 2
#: After so many publications a process is replaced: it never gives memory back.
_TASKS = 50
_REMEDY = "Build this publication alone: what ends its process is shown there."


def cores() -> int:
    """Return the number of processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def on_this_machine(orders: Sequence[Order], jobs: int) -> Iterator[Outcome]:
    """Yield the outcome of each order as it is known; `jobs` publications are in work at once."""
    left = {order.name: order for order in orders}
    for _ in range(_TOGETHER):
        if not left:
            return
        with _processes(min(jobs, len(left))) as shared:
            for outcome in _carried_out(shared, tuple(left.values()), _bounded):
                if outcome.state is not State.LOST:
                    del left[outcome.name]
                    yield outcome
    with ThreadPoolExecutor(jobs) as pool:
        yield from pool.map(_alone, left.values())


def on_cluster(orders: Iterable[Order], scheduler: str) -> Iterator[Outcome]:
    """Yield the outcome of each order as it is known, carried out by the workers of a Dask cluster.

    The scheduler gives the work of a worker that dies to another one.

    Raises:
        UsageError: Dask is not installed, or `scheduler` is not the address of one.
        EnvironmentFault: nobody answers at `scheduler`.
    """
    try:
        import distributed as dask
    except ImportError as error:
        remedy = 'Install it with: python -m pip install "pubkit-health[cluster]"'
        raise UsageError("--scheduler needs Dask, which is not installed.", remedy=remedy) from error
    distributed: Any = dask
    try:
        client = distributed.Client(scheduler, timeout="20s", set_as_default=False)
    except ValueError as error:
        raise UsageError(f"--scheduler: {error}", remedy="Name one like tcp://10.0.0.1:8786.") from error
    except OSError as error:
        message = f"No Dask scheduler answers at {scheduler}."
        raise EnvironmentFault(message, remedy="Start it with `dask scheduler`, or correct the address.") from error
    with client:
        yield from _carried_out(client.get_executor(pure=False), orders)


def _processes(number: int) -> ProcessPoolExecutor:
    # Started as Python itself starts, so that no thread of the caller is copied in the middle of its work.
    spawn = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(number, spawn, initializer=_begin, max_tasks_per_child=_TASKS)


def _begin() -> None:
    """Limit a process of this machine: each publication has a budget of its own."""
    budget.begin(pieces=True)


def _bounded(order: Order) -> Outcome:
    """Carry out an order within the budget of one publication."""
    try:
        with budget.piece():
            return carry_out(order)
    except PubkitError as error:
        return Outcome(order.name, State.REFUSED, error.exit_code, error=error.message, remedy=error.remedy)


def _carried_out(
    executor: Executor, orders: Iterable[Order], work: Callable[[Order], Outcome] = carry_out
) -> Iterator[Outcome]:
    """Yield an outcome for each order; an order whose process died is lost."""
    under_way = {}
    for order in orders:
        try:
            under_way[executor.submit(work, order)] = order
        except BrokenExecutor as error:
            yield _lost(order, error)
    for future in as_completed(under_way):
        try:
            yield future.result()
        except Exception as error:  # noqa: BLE001 - an executor may raise anything of its own if a worker dies
            yield _lost(under_way[future], error)


def _alone(order: Order) -> Outcome:
    with _processes(1) as own:
        return next(_carried_out(own, [order], _bounded))


def _lost(order: Order, error: Exception) -> Outcome:
    died = isinstance(error, BrokenExecutor) or type(error).__name__ == "KilledWorker"
    why = "Its process was ended from outside, or ran out of memory." if died else f"{type(error).__name__}: {error}"
    return Outcome(order.name, State.LOST, 4 if died else 5, error=why, remedy=_REMEDY)
