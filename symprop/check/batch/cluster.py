"""A class on a Dask cluster.

Input: a job and rows, the address of a scheduler. Output: results in row order; needs the extra `dask`, and symprop on the workers.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from symprop.check.batch.result import Result
from symprop.check.batch.rows import Row
from symprop.check.batch.work import Job, Worker
from symprop.errors import MissingToolError, UsageError

CHUNK = 256
AHEAD = 64  # chunks under way


def mark_on_cluster(address: str, job: Job, rows: Iterable[Row]) -> Iterator[Result]:
    """The results of all rows, marked by the cluster's workers.

    Raises MissingToolError where Dask is not installed, UsageError where no scheduler answers at the address.
    """
    client = _client(address)
    try:
        shared = client.scatter(job, broadcast=True)
        pending: deque[Any] = deque()
        source = iter(rows)
        while True:
            while len(pending) < AHEAD and (chunk := list(islice(source, CHUNK))):
                pending.append(client.submit(mark_chunk, shared, chunk, pure=False))
            if not pending:
                return
            yield from pending.popleft().result()
    finally:
        client.close()


_WORKERS: dict[int, Worker] = {}


def mark_chunk(job: Job, rows: list[Row]) -> list[Result]:
    """Mark some rows on a worker, which keeps the network from one chunk to the next."""
    if id(job) not in _WORKERS:
        _WORKERS.clear()
        _WORKERS[id(job)] = Worker(job)
    worker = _WORKERS[id(job)]
    return [worker.mark(row) for row in rows]


def _client(address: str) -> Any:
    try:
        from dask.distributed import Client
    except ImportError as error:
        raise MissingToolError("a cluster needs Dask: pip install 'symprop[dask]'") from error
    try:
        connect: Any = Client
        return connect(address, timeout="10s")
    except (OSError, ValueError) as error:
        raise UsageError(f"no Dask scheduler answers at {address} ({error})") from error
