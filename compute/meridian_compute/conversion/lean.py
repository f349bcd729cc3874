"""The lean converter: writes a group as one measurement set."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .. import site
from ..uvh5.header import Uvh5Header
from .averaging import Tally
from .geometry import Float, make_geometry
from .ms_main import averaged_times, create_ms, set_keywords, write_block, write_rows
from .ms_tables import MsFacts, write_subtables
from .plan import Conversion
from .rows import RowPlan
from .stream import Progress, stream_visibilities


def convert_lean(conversion: Conversion, ms: Path, progress: Progress) -> list[Tally]:
    """Write the measurement set.

    Returns:
        What was found in each file, in the order of ``conversion.group.headers``.

    Raises:
        StageFailure: as ``stream_visibilities``.
    """
    group, recipe = conversion.group, conversion.recipe
    n_pol = len(group.reference.polarizations)
    main = create_ms(ms, conversion.n_channel, n_pol)
    write_rows(main, recipe.rows, recipe.times, uvw_m=_uvw_m(conversion), integration_s=_integration_s(conversion))
    tallies = stream_visibilities(conversion, lambda start, block: write_block(main, start, block), progress)
    main.close()
    set_keywords_of(conversion, ms)
    write_subtables(str(ms), _facts(conversion))
    return tallies


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
