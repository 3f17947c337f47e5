"""The engine of one machine: the documents of all shards go through one pool, and a shard that is whole is committed."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from time import perf_counter

from poytakirja.archive.engines.prefetch import outcomes
from poytakirja.archive.engines.process_pool import Pool
from poytakirja.archive.ledger import PartRecord
from poytakirja.archive.outcome import Outcome
from poytakirja.archive.shard import Job, Shard, begin, finish
from poytakirja.archive.sources import File

_WAITING = 2
"""How many whole shards may wait to be written: what bounds the memory where workers are faster than the disk."""


def run(shards: Sequence[Shard], job: Job, jobs: int) -> Iterator[PartRecord | Outcome]:
    """Read the shards and commit each once it is whole, beside the reading; every outcome as it comes, every entry."""
    hand = _Hand(shards, job)
    workers = min(jobs, sum(len(shard.to_read) for shard in shards))
    limits = replace(job.limits, scans_at_once=max(job.limits.scans_at_once, jobs // max(workers, 1)))
    pool = Pool(workers, limits, job.reading)
    with ThreadPoolExecutor(1) as writer, closing(outcomes(pool, hand.files())) as read:
        committing: deque[Future[PartRecord]] = deque()
        for shard in shards:
            if not shard.to_read:
                committing.append(writer.submit(hand.end, shard, {}))
        for file, outcome in read:
            yield outcome
            whole = hand.take(file, outcome)
            if whole is not None:
                committing.append(writer.submit(hand.end, *whole))
            while len(committing) > _WAITING:
                yield committing.popleft().result()
        while committing:
            yield committing.popleft().result()


class _Hand:
    """The shards in hand: begun, and not yet whole."""

    def __init__(self, shards: Sequence[Shard], job: Job) -> None:
        self.shards = shards
        self.job = job
        self._shard_of: dict[str, Shard] = {}
        self._done: dict[str, dict[str, Outcome]] = {}
        self._begun: dict[str, tuple[int, float]] = {}

    def files(self) -> Iterator[File]:
        """Every file to read, shard after shard; a shard is noted as begun when its first file is taken."""
        for shard in self.shards:
            files = shard.to_read
            if files:
                self._begun[shard.part] = begin(self.job.place, shard), perf_counter()
                self._done[shard.part] = {}
                self._shard_of |= dict.fromkeys((file.source for file in files), shard)
            yield from files

    def take(self, file: File, outcome: Outcome) -> tuple[Shard, dict[str, Outcome]] | None:
        """Keep an outcome; its shard with all of them, if that makes it whole."""
        shard = self._shard_of.pop(file.source)
        done = self._done[shard.part]
        done[file.source] = outcome
        return (shard, self._done.pop(shard.part)) if len(done) == len(shard.to_read) else None

    def end(self, shard: Shard, done: dict[str, Outcome]) -> PartRecord:
        """Commit a shard."""
        attempt, began = self._begun.pop(shard.part, (1, perf_counter()))
        return finish(self.job, shard, done, attempt, perf_counter() - began)
