"""The engine of many machines: a dask cluster carries shards; its workers read them, each document apart, and commit them.

OUTPUT, and inputs that are no URLs, stand on storage that all workers see under the same paths.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import socket
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import closing, contextmanager
from dataclasses import replace
from itertools import islice
from threading import Timer
from time import monotonic, perf_counter
from typing import Any

from poytakirja._safe_path import without_working_folder
from poytakirja.archive import ledger
from poytakirja.archive.engines import EngineError
from poytakirja.archive.engines.prefetch import outcomes
from poytakirja.archive.engines.process_pool import Pool
from poytakirja.archive.ledger import PartRecord
from poytakirja.archive.outcome import Outcome
from poytakirja.archive.output_folder import OutputFolder
from poytakirja.archive.shard import Job, Shard, begin, finish
from poytakirja.archive.sources import File, is_url
from poytakirja.read.ocr.tesseract import find

_LOG = logging.getLogger(__name__)
_CONNECT_SECONDS = 20
_AHEAD = 2
"""So many shards for each thread of the cluster are with the scheduler at a time."""
_LOOK_SECONDS = 2.0


def run(shards: Sequence[Shard], job: Job, scheduler: str) -> Iterator[PartRecord]:
    """Let the cluster read the shards; every entry once it is committed. Workers may come and go meanwhile."""
    try:
        from distributed import Client, KilledWorker, as_completed  # noqa: PLC0415  an extra
        from distributed.comm.core import CommClosedError  # noqa: PLC0415
    except ImportError as error:
        raise EngineError(f"--engine dask needs dask ({error}): pip install 'poytakirja[dask]'") from error
    client: Any
    try:
        client = Client(scheduler, timeout=_CONNECT_SECONDS, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise EngineError(f"{scheduler}: no dask scheduler answers ({error}): check --scheduler") from error
    job = replace(job, place=OutputFolder(job.place.out.resolve()))
    waiting = map(_absolute, shards)
    silent = Timer(_CONNECT_SECONDS, _warn_where_idle, (client, scheduler))
    silent.daemon = True
    silent.start()
    with client, _cancelled_at_end(silent):
        futures: Any = as_completed(loop=client.loop)  # type: ignore[no-untyped-call]

        def submit_some() -> None:
            room = max(1, _AHEAD * sum(client.nthreads().values())) - futures.count()
            for shard in islice(waiting, max(room, 0)):
                futures.add(client.submit(read, shard, job, key=f"{job.token}-{shard.part}", pure=False))

        submit_some()
        for future in futures:
            try:
                yield future.result()
            except (CancelledError, CommClosedError) as error:
                raise EngineError(f"{scheduler}: the dask scheduler is gone ({error}): run again to go on") from error
            except KilledWorker as error:
                raise EngineError(
                    f"workers died again and again over {future.key}: see their logs; run again to go on"
                ) from error
            submit_some()


@contextmanager
def _cancelled_at_end(timer: Timer) -> Iterator[None]:
    """End a timer with the context."""
    try:
        yield
    finally:
        timer.cancel()


def _warn_where_idle(client: Any, scheduler: str) -> None:
    """Say that nothing is read since the cluster has no worker; it may get some."""
    if not client.nthreads():
        _LOG.warning("poytakirja: %s: the dask cluster has no worker yet: waiting for one", scheduler)


def _absolute(shard: Shard) -> Shard:
    return replace(shard, files=tuple(f if is_url(f.path) else replace(f, path=os.path.abspath(f.path)) for f in shard.files))


def read(shard: Shard, job: Job) -> PartRecord:
    """Read a shard and commit it: what a worker of the cluster does, a shard in each of its threads."""
    sys.path[:] = without_working_folder(sys.path)
    _check(shard, job)
    process = multiprocessing.current_process()
    if process.daemon:  # what dask's nanny starts may have no children of its own otherwise
        process.daemon = False
    attempt, began, looked = begin(job.place, shard), perf_counter(), monotonic()
    done: dict[str, Outcome] = {}
    with closing(outcomes(Pool(min(1, len(shard.to_read)), job.limits, job.reading), shard.to_read)) as found:
        for file, outcome in found:
            done[file.source] = outcome
            if monotonic() - looked > _LOOK_SECONDS:
                looked = monotonic()
                job.place.check_token(job.token)
    return finish(job, shard, done, attempt, perf_counter() - began)


def _check(shard: Shard, job: Job) -> None:
    """Refuse to work where this machine is not like the one that began the run."""
    host, place = socket.gethostname(), job.place
    if not place.note("token").exists():
        raise EngineError(f"{host} does not see {place.out}: put OUTPUT on storage that all workers share")
    place.check_token(job.token)
    if ledger.key(job.reading) != job.key:
        raise EngineError(f"{host} has another version of poytakirja, its rules or its model: install the same everywhere")
    if job.reading.ocr and find() != job.reading.ocr:
        raise EngineError(f"{host} has {find()}, the run {job.reading.ocr}: install the same tesseract and models everywhere")
    here = [file for file in shard.to_read if not is_url(file.path)]
    if here and not any(map(_is_there, here)):
        raise EngineError(f"{host} does not see {here[0].path}: put the inputs on storage that all workers share, or give URLs")


def _is_there(file: File) -> bool:
    return os.path.exists(file.path)
