"""``convert``: the files of one group, or one file of any telescope, into one measurement set."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from .. import site
from ..contract import Stage
from ..conversion.averaging import Tally
from ..conversion.group import gather_group
from ..conversion.lean import convert_lean, telescope_name
from ..conversion.plan import Conversion, plan_conversion
from ..conversion.stream import stream_visibilities
from ..frames import group_id_of, utc_of_mjd
from ..ms_summary import summarize_ms
from ..specs.common import MsSummary
from ..specs.convert import ConvertSpec, ConvertSummary

#: 30 m are an arcsecond on the sky, or 0.07 s of transit.
_SITE_TOLERANCE_M: Final = 30.0


def main(spec: ConvertSpec, stage: Stage) -> ConvertSummary:
    """Check the files, then convert them; with ``validate_only`` read everything and write nothing."""
    group = gather_group([Path(name).absolute() for name in spec.files], spec.expected_subbands, spec.min_subbands)
    conversion = plan_conversion(group, spec)
    if group.missing_subbands:
        names = ", ".join(f"sb{number:02d}" for number in group.missing_subbands)
        stage.events.warning(f"subbands {names} are missing; their channels are flagged")
    if spec.validate_only:
        tallies = _scan(conversion, stage)
        summary = _expected_summary(conversion, tallies)
    else:
        path = stage.output("ms", f"{_name(conversion)}.ms")
        tallies = _convert(conversion, spec, path, stage)
        summary = summarize_ms(path)
    _warn(conversion, tallies, stage)
    return ConvertSummary(
        ms=summary,
        n_files=len(group.headers),
        channels_averaged=conversion.recipe.channels,
        integrations_averaged=conversion.recipe.times,
        raw_bytes=sum(header.size_bytes for header in group.headers),
        zero_fraction=_share(tallies, "n_zero"),
        nonfinite_fraction=_share(tallies, "n_nonfinite"),
    )


def _convert(conversion: Conversion, spec: ConvertSpec, path: Path, stage: Stage) -> list[Tally]:
    if spec.driver == "lean":
        return convert_lean(conversion, path, stage.events.progress)
    # Imported here: pyuvdata takes seconds to import, and only this driver needs it.
    from ..conversion.pyuvdata_driver import convert_with_pyuvdata

    stage.tools["pyuvdata"] = convert_with_pyuvdata(conversion, path)
    return _scan(conversion, stage)


def _scan(conversion: Conversion, stage: Stage) -> list[Tally]:
    """Read and convert everything, write nothing."""
    return stream_visibilities(conversion, lambda _start, _block: None, stage.events.progress)


def _name(conversion: Conversion) -> str:
    """Stem of the measurement set: the group's id, or the file's own name for other telescopes."""
    header = conversion.group.reference
    if header.phasing.layout == "dsa110_meridian":
        return group_id_of(header.start_mjd)
    return header.path.name.rsplit(".", 1)[0]


def _share(tallies: list[Tally], field: str) -> float:
    total = sum(tally.n_samples for tally in tallies)
    return sum(int(getattr(tally, field)) for tally in tallies) / total


def _warn(conversion: Conversion, tallies: list[Tally], stage: Stage) -> None:
    """Say what the astronomer should know of each file."""
    reference = conversion.group.reference
    if reference.site_offset_m > _SITE_TOLERANCE_M:
        offset = f"{reference.site_offset_m:.0f} m from the T-centre"
        stage.events.warning(f"{reference.path.name} puts the array {offset}; the T-centre is used")
    for header, tally in zip(conversion.group.headers, tallies, strict=True):
        name = header.path.name
        if tally.n_nonfinite:
            stage.events.warning(f"{name}: {tally.n_nonfinite} visibilities are NaN or infinite; they are flagged")
        if tally.n_zero > 0.5 * tally.n_samples:
            stage.events.warning(f"{name}: {100 * tally.n_zero / tally.n_samples:.0f}% of the visibilities are zero")
        if tally.n_bad_weights:
            stage.events.warning(f"{name}: Data/nsamples holds {tally.n_bad_weights} impossible counts; taken as 1")


def _expected_summary(conversion: Conversion, tallies: list[Tally]) -> MsSummary:
    """What the summary of the measurement set would say."""
    header, recipe = conversion.group.reference, conversion.recipe
    mid_mjd = (header.start_mjd + header.end_mjd) / 2
    phasing = header.phasing
    dsa110 = phasing.layout == "dsa110_meridian"
    diameters = header.antennas.diameter_m
    present = len(conversion.group.headers) / conversion.group.n_slots
    return MsSummary(
        group_id=group_id_of(header.start_mjd) if dsa110 else None,
        telescope_name=telescope_name(header),
        n_antennas=int(header.data_antennas.size),
        n_baselines=header.n_baselines,
        n_times=recipe.rows.mjd_utc.size // recipe.times,
        n_channels=conversion.n_channel,
        n_rows=recipe.rows.n_row // recipe.times,
        polarizations=sorted(header.polarizations, reverse=True),
        freq_min_hz=float(conversion.freq_hz[0]),
        freq_max_hz=float(conversion.freq_hz[-1]),
        channel_width_hz=header.channel_width_hz * recipe.channels,
        start_mjd=header.start_mjd,
        end_mjd=header.end_mjd,
        mid_mjd=mid_mjd,
        start_utc=utc_of_mjd(header.start_mjd),
        pointing_dec_deg=None if phasing.pointing_dec_rad is None else float(np.rad2deg(phasing.pointing_dec_rad)),
        phase_ra_deg=conversion.centre.ra_deg,
        phase_dec_deg=conversion.centre.dec_deg,
        dish_diameter_m=site.DISH_DIAMETER_M if dsa110 else _common_diameter_m(diameters),
        flagged_fraction=1 - present * (1 - _share(tallies, "n_flagged")),
        missing_subbands=conversion.group.missing_subbands,
    )


def _common_diameter_m(diameters: NDArray[np.float64] | None) -> float | None:
    known = np.unique(diameters) if diameters is not None else np.zeros(0)
    return float(known[0]) if known.size == 1 and known[0] > 0 else None
