"""The lean converter: streams a group through in blocks of integrations, so that memory stays small."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from .. import site
from ..contract import StageFailure
from ..specs.convert import ConvertSpec
from ..uvh5.data import RawBlock, Uvh5Data, open_data
from ..uvh5.header import Uvh5Header
from .averaging import Tally, averaging_factor
from .blocks import Recipe, convert_block
from .geometry import Float, PhaseCentre, choose_phase_centre, make_geometry
from .group import FileGroup
from .ms_main import averaged_times, create_ms, set_keywords, write_block, write_rows
from .ms_tables import MsFacts, write_subtables
from .rows import RowPlan, plan_rows, require_same_baselines

#: Raw visibilities of one block over all files; two blocks are in memory at a time.
_BLOCK_BYTES: Final = 48 << 20
_THREADS: Final = 2
#: A file with more NaN than this is refused, not flagged.
_MAX_NONFINITE: Final = 0.5

Progress = Callable[[float, str], None]
"""Takes the share that is done, 0 to 1, and words."""


@dataclass(frozen=True)
class Conversion:
    """A group and how it is converted."""

    group: FileGroup
    recipe: Recipe
    centre: PhaseCentre

    @property
    def n_channel(self) -> int:
        """Channels of the measurement set, missing subbands included."""
        return self.group.freq_hz.size // self.recipe.channels

    @property
    def freq_hz(self) -> Float:
        """Channels of the measurement set, ascending."""
        return np.asarray(self.group.freq_hz.reshape(-1, self.recipe.channels).mean(axis=1))

    def channels_of(self, slot: int) -> slice:
        """Channels that one subband fills."""
        width = self.n_channel // self.group.n_slots
        return slice(slot * width, (slot + 1) * width)


def plan_conversion(group: FileGroup, spec: ConvertSpec) -> Conversion:
    """Choose averages and phase centre, and compute the geometry of all integrations.

    Raises:
        StageFailure: SPEC_INVALID for delays of unknown antennas, SHAPE_MISMATCH if integrations cannot be averaged.
    """
    header = group.reference
    rows = plan_rows(header)
    interval_s = float(np.median(header.integration_s))
    times = averaging_factor(rows.mjd_utc.size, interval_s, spec.max_integration_s)
    if times > 1:
        require_same_baselines(rows, header)
    centre = choose_phase_centre(header)
    recipe = Recipe(
        rows=rows,
        geometry=make_geometry(header, centre, rows.mjd_utc),
        channels=averaging_factor(header.freq_hz.size, header.channel_width_hz, spec.max_channel_width_hz),
        times=times,
        clip=spec.clip_jy,
        delay_s=_delays_s(header, spec.remove_delays_ns),
        reference_hz=float(group.freq_hz.mean()),
    )
    return Conversion(group, recipe, centre)


def _delays_s(header: Uvh5Header, delays_ns: dict[str, float]) -> Float | None:
    if not delays_ns:
        return None
    names = dict(zip(header.antennas.name, header.antennas.number.tolist(), strict=True))
    delay_s = np.zeros(header.data_antennas.size)
    for name, delay_ns in delays_ns.items():
        if name not in names:
            message = f"remove_delays_ns names antenna {name!r}, which is not in {header.path.name}"
            raise StageFailure("SPEC_INVALID", message, field="remove_delays_ns")
        delay_s[header.data_antennas == names[name]] = delay_ns * 1e-9
    return delay_s


def convert_lean(conversion: Conversion, ms: Path, progress: Progress) -> list[Tally]:
    """Write the measurement set.

    Returns:
        What was found in each file, in the order of ``conversion.group.headers``.

    Raises:
        StageFailure: DATA_NOT_FINITE, DATA_ALL_FLAGGED, or FILE_TRUNCATED while reading.
    """
    group, recipe = conversion.group, conversion.recipe
    n_pol = len(group.reference.polarizations)
    main = create_ms(ms, conversion.n_channel, n_pol)
    write_rows(main, recipe.rows, recipe.times, _uvw_m(conversion), _integration_s(conversion))
    tallies = _write_visibilities(conversion, lambda start, block: write_block(main, start, block), progress)
    main.close()
    set_keywords_of(conversion, ms)
    write_subtables(str(ms), _facts(conversion))
    return tallies


def scan(conversion: Conversion, progress: Progress) -> list[Tally]:
    """Read and convert all visibilities, write nothing: what ``validate_only`` does.

    Raises:
        StageFailure: as ``convert_lean``.
    """
    return _write_visibilities(conversion, lambda _start, _block: None, progress)


def _write_visibilities(
    conversion: Conversion, write: Callable[[int, RawBlock], None], progress: Progress
) -> list[Tally]:
    """Convert block after block; the next is prepared by threads while one is written."""
    headers, recipe = conversion.group.headers, conversion.recipe
    tallies = [Tally() for _ in headers]
    start = 0
    with ExitStack() as stack:
        files = [stack.enter_context(open_data(header)) for header in headers]
        pool = stack.enter_context(ThreadPoolExecutor(_THREADS))
        blocks = list(recipe.rows.blocks(_times_at_once(conversion)))
        pending = _submit(pool, conversion, files, *blocks[0])
        for number, following in enumerate([*blocks[1:], None], start=1):
            block, tasks = pending
            for tally, task in zip(tallies, tasks, strict=True):
                tally.add(task.result())
            if following is not None:
                pending = _submit(pool, conversion, files, *following)
            write(start, block)
            start += block.flags.shape[0]
            progress(number / len(blocks), f"block {number} of {len(blocks)}")
    _check_tallies(conversion, tallies)
    return tallies


def _times_at_once(conversion: Conversion) -> int:
    """Integrations per block: a multiple of those that are averaged."""
    recipe, header = conversion.recipe, conversion.group.reference
    row_bytes = 8 * len(conversion.group.headers) * header.freq_hz.size * len(header.polarizations)
    per_time = max(1, recipe.rows.n_row // recipe.rows.mjd_utc.size) * row_bytes
    return max(1, _BLOCK_BYTES // (per_time * recipe.times)) * recipe.times


def _submit(
    pool: ThreadPoolExecutor, conversion: Conversion, files: list[Uvh5Data], times: slice, rows: slice
) -> tuple[RawBlock, list[Future[Tally]]]:
    """Start converting one block of all files into one array; channels without a file stay flagged."""
    recipe = conversion.recipe
    n_out = (rows.stop - rows.start) // recipe.times
    shape = (n_out, conversion.n_channel, len(conversion.group.reference.polarizations))
    block = RawBlock(np.zeros(shape, np.complex64), np.ones(shape, np.bool_), np.zeros(shape, np.float32))
    tasks = []
    for data, slot in zip(files, conversion.group.slots, strict=True):
        channels = conversion.channels_of(slot)
        part = RawBlock(block.visibilities[:, channels], block.flags[:, channels], block.nsamples[:, channels])
        tasks.append(pool.submit(convert_block, data, recipe, times, rows, part))
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


def _uvw_m(conversion: Conversion) -> Float:
    """Coordinates uvw of the rows of the measurement set, r1 - r2, shape (n_out, 3)."""
    recipe, header = conversion.recipe, conversion.group.reference
    plan = recipe.rows
    if recipe.geometry.uvw_m is None:
        return _own_uvw_m(header, plan, recipe.times)
    mjd_utc, per_time = averaged_times(plan, recipe.times)
    geometry = recipe.geometry if recipe.times == 1 else make_geometry(header, conversion.centre, mjd_utc)
    assert geometry.uvw_m is not None
    first, second = plan.first, plan.second
    if recipe.times > 1:
        first, second = (np.tile(ends[: plan.rows_per_time], mjd_utc.size) for ends in (first, second))
    time = np.repeat(np.arange(mjd_utc.size), per_time)
    return geometry.uvw_m[time, first] - geometry.uvw_m[time, second]


def _own_uvw_m(header: Uvh5Header, plan: RowPlan, times: int) -> Float:
    """The file's own uvw, which are r2 - r1."""
    uvw_m = header.read_uvw_m()
    uvw_m = uvw_m if plan.order is None else uvw_m[plan.order]
    uvw_m = np.where(plan.swapped[:, None], uvw_m, -uvw_m)
    if times == 1:
        return uvw_m
    return np.asarray(uvw_m.reshape(-1, times, plan.rows_per_time, 3).mean(axis=1).reshape(-1, 3))


def _integration_s(conversion: Conversion) -> NDArray[np.float64]:
    plan, times = conversion.recipe.rows, conversion.recipe.times
    integration_s = conversion.group.reference.integration_s
    integration_s = integration_s if plan.order is None else integration_s[plan.order]
    if times == 1:
        return integration_s
    return np.asarray(integration_s.reshape(-1, times, plan.rows_per_time).sum(axis=1).reshape(-1))


def _units(header: Uvh5Header) -> str:
    return "Jy" if header.phasing.layout == "dsa110_meridian" else header.vis_units


def telescope_name(header: Uvh5Header) -> str:
    """Name for OBSERVATION: the one name of the array, whatever its older files say."""
    return site.TELESCOPE_NAME if header.phasing.layout == "dsa110_meridian" else header.telescope_name


def set_keywords_of(conversion: Conversion, ms: Path) -> None:
    """Leave in a measurement set what no column holds."""
    facts = {
        "missing_subbands": np.array(conversion.group.missing_subbands, dtype=np.int32),
        "n_files": len(conversion.group.headers),
        "channels_averaged": conversion.recipe.channels,
        "integrations_averaged": conversion.recipe.times,
    }
    set_keywords(ms, _units(conversion.group.reference), facts)


def _facts(conversion: Conversion) -> MsFacts:
    header, recipe = conversion.group.reference, conversion.recipe
    history = (
        f"{len(conversion.group.headers)} UVH5 files from {header.path.name}, "
        f"{recipe.channels} channels and {recipe.times} integrations averaged"
    )
    return MsFacts(
        header=header,
        telescope_name=telescope_name(header),
        centre=conversion.centre,
        freq_hz=conversion.freq_hz,
        channel_width_hz=header.channel_width_hz * recipe.channels,
        start_mjd=header.start_mjd,
        end_mjd=header.end_mjd,
        history=history,
    )
