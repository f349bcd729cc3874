"""Which sources are in the sky, and how bright the beam lets them be."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .. import site
from ..beam import airy_power
from ..catalog import CALIBRATOR_TWIN_ARCSEC, cone, nvss_name
from ..contract import StageFailure
from ..frames import hour_angle_dec, meridian_icrs, separation_rad
from ..model import source_flux_jy
from ..specs.common import SourceModel
from ..specs.simulate import SimulateSpec
from .plan import GroupPlan, Plan

Float = NDArray[np.float64]

#: Catalogue sources that never get brighter than this through the beam are left out.
_MIN_APPARENT_JY = 2e-3
#: Half-width of the strip that is searched: the fourth sidelobe of the beam.
_SEARCH_RADIUS_DEG = 12.0


@dataclass(frozen=True)
class Sky:
    """Sources of a simulation, the calibrator first; ``calibrator_index`` is None without one."""

    sources: list[SourceModel]
    calibrator_index: int | None


def make_sky(spec: SimulateSpec, plan: Plan) -> Sky:
    """Calibrator, extra sources and the catalogue sources of the strip, each once, with their flux factors.

    Raises:
        StageFailure: SPEC_INVALID if a flux factor names no source, or the sky is empty.
    """
    sources: list[SourceModel] = [] if spec.calibrator is None else [spec.calibrator]
    sources += spec.sky.extra_sources
    if spec.sky.catalog == "nvss":
        sources += [source for source in _strip_sources(spec, plan) if not _is_calibrator(source, spec)]
    if not sources:
        raise StageFailure("SPEC_INVALID", "the sky is empty: ask for the catalogue or give extra sources")
    return Sky(_with_factors(sources, spec.sky.flux_factors), None if spec.calibrator is None else 0)


def _strip_sources(spec: SimulateSpec, plan: Plan) -> list[SourceModel]:
    """Catalogue sources that at some time are brighter than ``_MIN_APPARENT_JY`` through the beam."""
    found: dict[str, SourceModel] = {}
    low_freq_hz = float(plan.freq_hz.min())
    for group in plan.groups:
        edges = group.mjd_utc[[0, len(group.mjd_utc) // 2, -1]]
        centre_ra, centre_dec = meridian_icrs(plan.pointing_dec_deg, edges)
        near = cone(float(centre_ra[1]), float(centre_dec[1]), _SEARCH_RADIUS_DEG)
        near = near[near["flux_jy"] >= spec.sky.min_flux_jy]
        theta = separation_rad(near["ra_deg"][:, None], near["dec_deg"][:, None], centre_ra, centre_dec)
        best = airy_power(theta, low_freq_hz, site.DISH_DIAMETER_M).max(axis=1)
        for row in near[near["flux_jy"] * best >= _MIN_APPARENT_JY]:
            ra_deg, dec_deg = float(row["ra_deg"]), float(row["dec_deg"])
            name = nvss_name(ra_deg, dec_deg)
            found[name] = SourceModel(name=name, ra_deg=ra_deg, dec_deg=dec_deg, flux_jy=float(row["flux_jy"]))
    return sorted(found.values(), key=lambda source: (-source.flux_jy, source.name))


def _is_calibrator(source: SourceModel, spec: SimulateSpec) -> bool:
    if spec.calibrator is None:
        return False
    angle = separation_rad(source.ra_deg, source.dec_deg, spec.calibrator.ra_deg, spec.calibrator.dec_deg)
    return bool(np.rad2deg(angle) * 3600 < CALIBRATOR_TWIN_ARCSEC)


def _with_factors(sources: list[SourceModel], factors: dict[str, float]) -> list[SourceModel]:
    """Multiply fluxes; a key is a name, or ``ra,dec`` in degrees for the source within 20 arcsec of it."""
    scaled = list(sources)
    for key, factor in factors.items():
        index = _index_of(key, sources)
        source = scaled[index]
        changes: dict[str, object] = {"flux_jy": source.flux_jy * factor}
        polynomial = getattr(source, "log_polynomial", None)
        if polynomial:
            changes["log_polynomial"] = [polynomial[0] + float(np.log10(factor)), *polynomial[1:]]
        scaled[index] = source.model_copy(update=changes)
    return scaled


def _index_of(key: str, sources: list[SourceModel]) -> int:
    for index, source in enumerate(sources):
        if source.name == key:
            return index
    try:
        ra_deg, dec_deg = (float(word) for word in key.split(","))
    except ValueError as cause:
        raise StageFailure("SPEC_INVALID", f"flux_factors: {key!r} is no source and no 'ra,dec'") from cause
    angle = separation_rad(ra_deg, dec_deg, [s.ra_deg for s in sources], [s.dec_deg for s in sources])
    index = int(angle.argmin())
    if np.rad2deg(angle[index]) * 3600 > 20:
        raise StageFailure("SPEC_INVALID", f"flux_factors: there is no source within 20 arcsec of {key}")
    return index


@dataclass(frozen=True)
class SeenSky:
    """The sky of one group as the array sees it.

    Attributes:
        direction: shape (n_time, n_source, 3), apparent unit vectors (towards the meridian at the equator, east, pole).
        theta_rad: shape (n_time, n_source), angle from the beam's centre.
    """

    direction: Float
    theta_rad: Float


def see(sources: list[SourceModel], mjd_utc: Float, pointing_dec_deg: float) -> SeenSky:
    """Apparent directions of all sources at some times; the beam's centre is at hour angle 0."""
    ra, dec = np.array([s.ra_deg for s in sources]), np.array([s.dec_deg for s in sources])
    hour_angle, apparent_dec = (np.deg2rad(angle) for angle in hour_angle_dec(ra, dec, mjd_utc[:, None]))
    direction = unit_vector(hour_angle, apparent_dec)
    centre = unit_vector(np.zeros(()), np.deg2rad(np.array(pointing_dec_deg)))
    # The angle from its chord: exact for small angles, where the arc cosine is not.
    chord = np.linalg.norm(direction - centre, axis=-1)
    return SeenSky(direction, 2 * np.arcsin(np.minimum(chord / 2, 1.0)))


def unit_vector(hour_angle_rad: Float, dec_rad: Float) -> Float:
    """Towards (meridian at the equator, east, pole): the axes of ITRF turned to the longitude of the site."""
    return np.stack(
        [
            np.cos(dec_rad) * np.cos(hour_angle_rad),
            -np.cos(dec_rad) * np.sin(hour_angle_rad),
            np.broadcast_to(np.sin(dec_rad), np.shape(hour_angle_rad)),
        ],
        axis=-1,
    )


def mean_apparent_flux_jy(sources: list[SourceModel], group: GroupPlan, plan: Plan, freq_hz: Float) -> Float:
    """S(nu) PB(t, nu) of each source averaged over the group's integrations and ``freq_hz``: shape (n_source,)."""
    seen = see(sources, group.mjd_utc, plan.pointing_dec_deg)
    means = []
    for index, source in enumerate(sources):
        power = airy_power(seen.theta_rad[:, index, None], freq_hz, site.DISH_DIAMETER_M)
        means.append(float((power * source_flux_jy(source, freq_hz)).mean()))
    return np.array(means)
