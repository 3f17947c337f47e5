"""The engine of one machine: the documents of all buckets go through one pool, and a bucket that is whole is staged."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from itertools import chain
from typing import TypeVar

from extract.engines.isolate import Pool
from extract.engines.worker import Outcome
from extract.plan import File

Results = dict[str, Outcome]
Staged = TypeVar("Staged")
_WAITING = 2
"""How many whole buckets may wait to be written: what bounds the memory where workers are faster than the disk."""


def run(
    shards: Sequence[Sequence[File]],
    pool: Pool,
    stage: Callable[[int, Results], Staged],
    watch: Callable[[File, Outcome], None],
) -> Iterator[Staged]:
    """Read the files of each bucket and stage it once it is whole, beside the reading."""
    bucket_of = {file.source: bucket for bucket, files in enumerate(shards) for file in files}
    done: dict[int, Results] = {bucket: {} for bucket in range(len(shards))}
    with ThreadPoolExecutor(1) as writer, closing(pool.run(chain.from_iterable(shards))) as read:
        staged: deque[Future[Staged]] = deque()

        def stage_if_whole(bucket: int) -> None:
            if len(done[bucket]) == len(shards[bucket]):
                staged.append(writer.submit(stage, bucket, done.pop(bucket)))

        for bucket in range(len(shards)):
            if not shards[bucket]:
                stage_if_whole(bucket)
        for file, outcome in read:
            watch(file, outcome)
            bucket = bucket_of[file.source]
            done[bucket][file.source] = outcome
            stage_if_whole(bucket)
            while len(staged) > _WAITING:
                yield staged.popleft().result()
        while staged:
            yield staged.popleft().result()
