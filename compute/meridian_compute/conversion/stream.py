"""Streaming a group through the converter in blocks of integrations, so that memory stays small."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from typing import Final

import numpy as np

from ..contract import StageFailure
from ..uvh5.data import RawBlock, Uvh5Data, open_data
from .averaging import Tally
from .blocks import convert_block
from .plan import Conversion
from .rows import Span

#: Raw visibilities of one block over all files; two blocks are in memory at a time.
_BLOCK_BYTES: Final = 48 << 20
_THREADS: Final = 2
#: A file with more NaN than this is refused, not flagged.
_MAX_NONFINITE: Final = 0.5

Write = Callable[[int, RawBlock], None]
Progress = Callable[[float, str], None]
"""Takes the share that is done, 0 to 1, and words."""


def stream_visibilities(conversion: Conversion, write: Write, progress: Progress) -> list[Tally]:
    """Convert block after block in order of time; the next is prepared by threads while one is written.

    Args:
        conversion: what to do.
        write: called with the first row of each block and the block, which it may not keep.
        progress: called after each block.

    Returns:
        What was found in each file, in the order of ``conversion.group.headers``.

    Raises:
        StageFailure: DATA_NOT_FINITE, DATA_ALL_FLAGGED, or FILE_TRUNCATED while reading.
    """
    headers, recipe = conversion.group.headers, conversion.recipe
    tallies = [Tally() for _ in headers]
    blocks = list(recipe.rows.blocks(_times_at_once(conversion)))
    buffers = _make_buffers(conversion, max(span.rows.stop - span.rows.start for span in blocks))
    start = 0
    with ExitStack() as stack:
        files = [stack.enter_context(open_data(header)) for header in headers]
        pool = stack.enter_context(ThreadPoolExecutor(_THREADS))
        pending = _submit(pool, conversion, files, span=blocks[0], buffer=buffers[0])
        for number in range(len(blocks)):
            block, tasks = pending
            for tally, task in zip(tallies, tasks, strict=True):
                tally.add(task.result())
            if number + 1 < len(blocks):
                pending = _submit(pool, conversion, files, span=blocks[number + 1], buffer=buffers[(number + 1) % 2])
            write(start, block)
            start += block.flags.shape[0]
            progress((number + 1) / len(blocks), f"block {number + 1} of {len(blocks)}")
    _check_tallies(conversion, tallies)
    return tallies


def _times_at_once(conversion: Conversion) -> int:
    """Integrations per block: a multiple of those that are averaged."""
    recipe, header = conversion.recipe, conversion.group.reference
    row_bytes = 8 * len(conversion.group.headers) * header.freq_hz.size * len(header.polarizations)
    per_time = max(1, recipe.rows.n_row // recipe.rows.mjd_utc.size) * row_bytes
    return max(1, _BLOCK_BYTES // (per_time * recipe.times)) * recipe.times


def _make_buffers(conversion: Conversion, n_rows: int) -> list[RawBlock]:
    """Room for two blocks, used in turn; channels without a file stay as they are here: flagged, without weight."""
    shape = (
        n_rows // conversion.recipe.times,
        conversion.n_channel,
        len(conversion.group.reference.polarizations),
    )
    return [
        RawBlock(np.zeros(shape, np.complex64), np.ones(shape, np.bool_), np.zeros(shape, np.float32)) for _ in range(2)
    ]


def _submit(
    pool: ThreadPoolExecutor,
    conversion: Conversion,
    files: list[Uvh5Data],
    *,
    span: Span,
    buffer: RawBlock,
) -> tuple[RawBlock, list[Future[Tally]]]:
    """Start converting one block from all files into a buffer."""
    n_out = (span.rows.stop - span.rows.start) // conversion.recipe.times
    block = RawBlock(buffer.visibilities[:n_out], buffer.flags[:n_out], buffer.nsamples[:n_out])
    tasks = []
    for data, slot in zip(files, conversion.group.slots, strict=True):
        channels = conversion.channels_of(slot)
        part = RawBlock(block.visibilities[:, channels], block.flags[:, channels], block.nsamples[:, channels])
        tasks.append(pool.submit(convert_block, data, conversion.recipe, span, out=part))
    return block, tasks


def _check_tallies(conversion: Conversion, tallies: list[Tally]) -> None:
    for header, tally in zip(conversion.group.headers, tallies, strict=True):
        share = tally.n_nonfinite / tally.n_samples
        if share > _MAX_NONFINITE:
            message = f"{header.path}: {100 * share:.0f}% of Data/visdata is NaN or infinite"
            raise StageFailure("DATA_NOT_FINITE", message, file=str(header.path), field="Data/visdata")
    if all(tally.n_flagged == tally.n_samples for tally in tallies):
        names = conversion.group.reference.path
        message = f"nothing is left of the group of {names.name}: every visibility is flagged, zero or NaN"
        raise StageFailure("DATA_ALL_FLAGGED", message, file=str(names), field="Data/flags")
