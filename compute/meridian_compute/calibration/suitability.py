"""Whether a measurement set can be calibrated on a calibrator: beam, time, horizon."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .. import site
from ..beam import airy_power
from ..contract import StageFailure
from ..frames import hour_angle_dec, icrs_to_apparent, utc_of_mjd
from ..model import Observation, beam_angle_rad
from ..ms_summary import MsGrid
from ..specs.calibrate import SolveSpec
from ..specs.common import CalibratorModel

#: Hour angle degrees per day of mean solar time.
_DEGREES_PER_DAY = 360.0 * 1.00273790935
#: A transit that a caller names may differ from the computed one by this (rounding, another Earth-orientation table).
_TRANSIT_TOLERANCE_S = 30.0


@dataclass(frozen=True, kw_only=True)
class Suitability:
    """Where the calibrator is in the data.

    Attributes:
        transit_mjd: when it crosses the meridian; mid-observation for telescopes that track.
        beam_at_transit: power beam towards it then, at the middle of the band.
        warnings: what was passed over because of ``force``, or because the transit falls into a gap.
    """

    transit_mjd: float
    beam_at_transit: float
    warnings: tuple[str, ...]


def transit_near(calibrator: CalibratorModel, mjd_utc: float) -> float:
    """Time of the meridian transit nearest to a time, MJD UTC, to a millisecond."""
    transit = mjd_utc
    for _ in range(4):
        hour_angle_deg, _dec = hour_angle_dec(calibrator.ra_deg, calibrator.dec_deg, transit)
        transit -= float(hour_angle_deg) / _DEGREES_PER_DAY
    return transit


def check_suitability(spec: SolveSpec, observation: Observation, grid: MsGrid) -> Suitability:
    """Refuse a calibrator that cannot calibrate this data.

    Raises:
        StageFailure: CALIBRATOR_BELOW_HORIZON, CALIBRATOR_OUTSIDE_TIME, CALIBRATOR_OUTSIDE_BEAM, or SPEC_INVALID if
            ``transit_mjd`` is no transit of the calibrator.
    """
    warnings: list[str] = []
    if observation.pointing_dec_deg is None:
        transit_mjd = (grid.start_mjd + grid.end_mjd) / 2
    else:
        _check_horizon(spec.calibrator, grid.start_mjd)
        transit_mjd = _transit(spec, grid)
        warnings += _check_time(spec, transit_mjd, grid)
    # A transit in a gap next to the data is judged by the beam at the nearest integration.
    seen_mjd = float(np.clip(transit_mjd, observation.mjd_utc[0], observation.mjd_utc[-1]))
    angle = beam_angle_rad(spec.calibrator.ra_deg, spec.calibrator.dec_deg, seen_mjd, observation=observation)
    beam = float(airy_power(angle, observation.freq_hz.mean(), observation.diameter_m)[0, 0])
    if beam < spec.min_beam:
        message = (
            f"{spec.calibrator.name} is {np.rad2deg(angle[0, 0]):.2f} degrees from the beam's centre at its transit: "
            f"the beam is {beam:.3f} there, at least {spec.min_beam} is needed"
        )
        if not spec.force:
            raise StageFailure("CALIBRATOR_OUTSIDE_BEAM", message, calibrator=spec.calibrator.name, beam=round(beam, 4))
        warnings.append(message)
    return Suitability(transit_mjd=transit_mjd, beam_at_transit=beam, warnings=tuple(warnings))


def _check_horizon(calibrator: CalibratorModel, mjd_utc: float) -> None:
    _ra, dec_deg = icrs_to_apparent(calibrator.ra_deg, calibrator.dec_deg, mjd_utc)
    elevation_deg = 90.0 - abs(site.LATITUDE_DEG - float(dec_deg))
    if elevation_deg <= 0:
        message = f"{calibrator.name} never rises at the site: its elevation at transit is {elevation_deg:.1f} degrees"
        raise StageFailure("CALIBRATOR_BELOW_HORIZON", message, calibrator=calibrator.name)


def _transit(spec: SolveSpec, grid: MsGrid) -> float:
    named = spec.transit_mjd
    computed = transit_near(spec.calibrator, (grid.start_mjd + grid.end_mjd) / 2 if named is None else named)
    if named is not None and abs(named - computed) * site.SECONDS_PER_DAY > _TRANSIT_TOLERANCE_S:
        message = (
            f"transit_mjd {named:.6f} ({utc_of_mjd(named)}) is no transit of {spec.calibrator.name}; "
            f"the nearest one is at {computed:.6f} ({utc_of_mjd(computed)})"
        )
        raise StageFailure("SPEC_INVALID", message, field="transit_mjd")
    return computed


def _check_time(spec: SolveSpec, transit_mjd: float, grid: MsGrid) -> list[str]:
    """The transit lies in the data; or in the gap beside them when the caller names it, for files leave gaps."""
    if grid.start_mjd <= transit_mjd < grid.end_mjd:
        return []
    outside_days = max(grid.start_mjd - transit_mjd, transit_mjd - grid.end_mjd)
    message = (
        f"{spec.calibrator.name} transits at {utc_of_mjd(transit_mjd)}, {outside_days * site.SECONDS_PER_DAY:.0f} s "
        f"outside the data ({utc_of_mjd(grid.start_mjd)} to {utc_of_mjd(grid.end_mjd)})"
    )
    in_gap = spec.transit_mjd is not None and outside_days <= (grid.end_mjd - grid.start_mjd) / 2
    if in_gap or spec.force:
        return [message]
    raise StageFailure("CALIBRATOR_OUTSIDE_TIME", message, calibrator=spec.calibrator.name)
