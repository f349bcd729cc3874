"""Photometry: forced fits of the restoring beam at given positions of an image."""

from __future__ import annotations

import json
from collections import Counter

import numpy as np

from ..catalog import nvss_name
from ..contract import Stage, StageFailure
from ..fits_image import SkyImage, read_image, read_time_map
from ..photometry_fit.aegean import refit_by_aegean
from ..photometry_fit.field_catalog import FieldAgreement, agreement, catalog_sources, match_sources
from ..photometry_fit.measure import Limits, Measurement, measure
from ..photometry_fit.noise import MIN_EMPTY_POSITIONS
from ..photometry_fit.noise_frame import NoiseFrame, noise_frame, sample
from ..photometry_fit.positions import checked_position, read_positions
from ..specs.photometry import PhotometryPosition, PhotometryRow, PhotometrySpec, PhotometrySummary

#: Rows that fit into the summary; all of them are in the output ``rows``.
_ROWS_IN_SUMMARY = 1000
#: Range of the error scale that noise theory knows: dirty-beam noise 1.15, beam noise 1.41, with room.
_K_RANGE = (0.9, 1.6)


def main(spec: PhotometrySpec, stage: Stage) -> PhotometrySummary:
    """Measure every position of the spec, of its file and of the catalogue.

    Raises:
        StageFailure: IMAGE_NO_WCS, IMAGE_INVALID, SHAPE_MISMATCH and file codes of ``read_image``; SPEC_INVALID for
            wrong positions or none.
    """
    limits = _limits(spec)
    image = read_image(spec.fits)
    image.require_beam()
    stage.events.progress(0.2, "image read")
    frame = noise_frame(image, spec.flat_noise_fits, spec.pb_fits, spec.weight_fits)
    positions = _positions(spec, image, frame)
    shift = _shift(spec, image, frame)
    stage.events.progress(0.4, f"measuring {len(positions)} positions")
    mjd = None if spec.mjd_fits is None else read_time_map(spec.mjd_fits, image)
    measured = measure(image, frame, positions, shift, limits, mjd)
    rows = measured.rows
    if spec.method == "aegean":
        stage.events.progress(0.6, "fitting with Aegean")
        rows = refit_by_aegean(image, frame, rows, _shifted(positions, shift), limits, stage.workdir / "scratch")
        stage.tools["AegeanTools"] = _aegean_version()
    _warn(stage, measured)
    stage.output("rows", "rows.json").write_text(
        json.dumps([row.model_dump() for row in rows], allow_nan=False), encoding="utf-8"
    )
    stage.events.progress(1.0, f"{len(rows)} positions measured")
    return _summary(spec, image, measured, rows, shift)


def _limits(spec: PhotometrySpec) -> Limits:
    """Check the numbers of the spec that the models cannot."""
    inner, outer = spec.annulus_inner_arcsec, spec.annulus_outer_arcsec
    if spec.box_px is not None and not 1 <= spec.box_px <= 101:
        raise StageFailure("SPEC_INVALID", f"box_px is {spec.box_px}; give 1 to 101 pixels")
    if (inner is not None and inner < 0) or (outer is not None and outer <= (inner or 0)):
        raise StageFailure("SPEC_INVALID", f"the annulus from {inner} to {outer} arcsec is empty")
    if not 0 <= spec.pb_edge <= spec.pb_measured <= 1:
        raise StageFailure(
            "SPEC_INVALID", f"pb_edge {spec.pb_edge} and pb_measured {spec.pb_measured} are out of order"
        )
    return Limits(
        box_px=spec.box_px,
        annulus_inner_arcsec=inner,
        annulus_outer_arcsec=outer,
        pb_measured=spec.pb_measured,
        pb_edge=spec.pb_edge,
    )


def _positions(spec: PhotometrySpec, image: SkyImage, frame: NoiseFrame) -> list[PhotometryPosition]:
    """Positions of the spec, then of the file, then of the catalogue where the primary beam allows."""
    positions = [checked_position(position) for position in spec.positions or []]
    if spec.positions_file is not None:
        positions += read_positions(spec.positions_file)
    if spec.catalog == "nvss":
        sources = catalog_sources(image, spec.min_flux_jy)
        if frame.pb is not None:
            sources = sources.where(sample(frame.pb, sources.x, sources.y) >= spec.pb_edge)
        positions += [
            PhotometryPosition(id=nvss_name(ra, dec), ra_deg=float(ra), dec_deg=float(dec))
            for ra, dec in zip(sources.ra_deg, sources.dec_deg, strict=True)
        ]
    elif not positions:
        raise StageFailure("SPEC_INVALID", "no position to measure: give positions, positions_file or a catalog")
    return positions


def _shift(spec: PhotometrySpec, image: SkyImage, frame: NoiseFrame) -> FieldAgreement:
    """Median astrometric shift against the catalogue; none when not asked for, or with fewer than 5 references."""
    if not spec.correct_astrometry:
        return FieldAgreement(n_references=0)
    return agreement(match_sources(image, frame, catalog_sources(image, spec.min_flux_jy), spec.pb_measured))


def _shifted(positions: list[PhotometryPosition], shift: FieldAgreement) -> list[PhotometryPosition]:
    """Positions moved by the shift, for a tool that takes positions only."""
    moved = []
    for position in positions:
        east = (shift.ra_shift_arcsec or 0.0) / 3600 / max(np.cos(np.deg2rad(position.dec_deg)), 1e-6)
        north = (shift.dec_shift_arcsec or 0.0) / 3600
        moved.append(
            position.model_copy(
                update={"ra_deg": (position.ra_deg + east) % 360, "dec_deg": min(90.0, position.dec_deg + north)}
            )
        )
    return moved


def _warn(stage: Stage, measured: Measurement) -> None:
    k = measured.scale.k
    if k is None:
        stage.events.warning(
            f"only {measured.scale.n_empty} of {MIN_EMPTY_POSITIONS} empty positions: errors are 1.41 x local rms"
        )
    elif not _K_RANGE[0] <= k <= _K_RANGE[1]:
        stage.events.warning(
            f"the scatter at empty positions is {k:.2f} x the local rms; {_K_RANGE[0]} to {_K_RANGE[1]} is expected"
        )


def _summary(
    spec: PhotometrySpec, image: SkyImage, measured: Measurement, rows: list[PhotometryRow], shift: FieldAgreement
) -> PhotometrySummary:
    by_status = Counter(row.status for row in rows)
    return PhotometrySummary(
        method=spec.method,
        n_positions=len(rows),
        n_measured=by_status["measured"],
        by_status={str(status): count for status, count in by_status.items()},
        error_scale_k=measured.scale.k,
        n_empty_positions=measured.scale.n_empty,
        ra_shift_arcsec=shift.ra_shift_arcsec,
        dec_shift_arcsec=shift.dec_shift_arcsec,
        mid_mjd=image.mid_mjd,
        nu_eff_hz=image.nu_eff_hz,
        rows=rows if len(rows) <= _ROWS_IN_SUMMARY else None,
    )


def _aegean_version() -> str:
    from importlib.metadata import version

    return version("AegeanTools")
