"""Jobs that several processes share: each is done by one of them, and again if that one fails."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from time import sleep
from typing import TypeVar

from .engine import Jobs

LISTED = 1000  # jobs that are named in one request
WAIT_SECONDS = 0.3  # between looks at what other processes still have to do

T = TypeVar("T")


def share(
    jobs: Jobs, keys: Sequence[str], do: Callable[[Sequence[str]], None], *, most: int, waiting: Callable[[], None]
) -> list[str]:
    """Do those of the jobs that no other process does, and return the others when they are done too.

    Args:
        jobs: of the library. They must have been added.
        keys: the jobs to be done.
        do: does some of them.
        most: the most jobs to do at once.
        waiting: called again and again while other processes have the rest.
    """
    left, by_others = list(keys), list[str]()
    while left:
        others = [key for some in batches(left, LISTED) for key in _not_taken(jobs, some, do, most)]
        undone = {key for some in batches(others, LISTED) for key in jobs.waiting(some)}
        by_others += [key for key in others if key not in undone]
        left = [key for key in others if key in undone]
        if left:
            waiting()
            sleep(WAIT_SECONDS)
    return by_others


def add(jobs: Jobs, keys: Sequence[str]) -> None:
    """Add jobs. Those that are there already stay as they are."""
    for some in batches(keys, LISTED):
        jobs.add(some)


def _not_taken(jobs: Jobs, keys: list[str], do: Callable[[Sequence[str]], None], most: int) -> list[str]:
    """Do those of the jobs that no other process has taken or done, and return the others."""
    while keys:
        with jobs.taking(keys, most) as taken:
            do(taken)
        if not taken:
            break
        done = set(taken)
        keys = [key for key in keys if key not in done]
    return keys


def batches(
    items: Iterable[T], size: int, *, weigh: Callable[[T], int] = lambda _: 0, heavy: float = math.inf
) -> Iterator[list[T]]:
    """Yield items in lists of ``size``. The last one may be shorter, and one whose items weigh ``heavy`` or more."""
    batch, weight = list[T](), 0
    for item in items:
        batch.append(item)
        weight += weigh(item)
        if len(batch) == size or weight >= heavy:
            yield batch
            batch, weight = [], 0
    if batch:
        yield batch
