"""Mosaic: tiles checked, brought onto one grid and combined, with weight, coverage, time and beam maps."""

from __future__ import annotations

import shutil
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..aberration import SCALE_CARD
from ..contract import Stage, StageFailure
from ..fits_write import Grid, ImageFacts, image_header, write_image
from ..mosaicking.combine import Combined, combine
from ..mosaicking.consistency import check_tiles
from ..mosaicking.grid import common_grid
from ..mosaicking.resample import Backend, backend_version, choose_backend, resample
from ..mosaicking.tiles import Tile, read_tile, require_files
from ..pictures import draw_image
from ..specs.common import Beam, Check
from ..specs.image import MosaicSpec, MosaicSummary, MosaicTileSummary

#: Cards that a mosaic takes over from its tiles where they agree.
_INHERITED = ("CALIBRAT", "FLUXCAL", "CALTABK", "CALTABB", "CALTABG", "TELESCOP", "BEAMMODL")


def main(spec: MosaicSpec, stage: Stage) -> MosaicSummary:
    """Check the tiles, combine them, write the maps.

    Raises:
        StageFailure: TILES_INCONSISTENT if a check fails and validation is not ignored; SPEC_INVALID for doubled ids
            or a wrong limit; TOOL_MISSING, TOOL_FAILED of SWarp; file codes of ``read_image``.
    """
    _check_spec(spec)
    require_files(spec.tiles)
    tiles = []
    for number, tile in enumerate(spec.tiles):
        stage.events.progress(0.3 * number / len(spec.tiles), f"reading tile {tile.id}")
        tiles.append(read_tile(tile, spec.pb_limit))
    checks = check_tiles(tiles)
    stage.events.progress(0.35, "tiles checked")
    _judge(checks, spec, stage)
    grid = common_grid(tiles, spec.cell_arcsec)
    backend, hint = choose_backend(spec.backend)
    if hint is not None:
        stage.events.warning(hint)
    if spec.validate_only:
        return _summary(spec, tiles, checks, _Placed(grid, backend, _facts(spec, tiles, _equal_shares(tiles))), None)
    combined = _combine(spec, stage, tiles, grid, backend)
    placed = _Placed(grid, backend, _facts(spec, tiles, combined.shares))
    _write(spec, stage, grid, placed.facts, combined)
    stage.events.progress(1.0, f"mosaic of {len(tiles)} tiles")
    return _summary(spec, tiles, checks, placed, combined)


@dataclass(frozen=True)
class _Placed:
    """Where the mosaic lies, what brings the tiles there, and what its header says."""

    grid: Grid
    backend: Backend
    facts: ImageFacts


def _equal_shares(tiles: list[Tile]) -> list[float]:
    return [1 / len(tiles)] * len(tiles)


def _check_spec(spec: MosaicSpec) -> None:
    ids = [tile.id for tile in spec.tiles]
    doubled = sorted({tile_id for tile_id in ids if ids.count(tile_id) > 1})
    if doubled:
        raise StageFailure("SPEC_INVALID", f"tiles: the id {doubled[0]} is given twice")
    if not 0 < spec.pb_limit < 1:
        raise StageFailure("SPEC_INVALID", f"pb_limit is {spec.pb_limit}; it must lie between 0 and 1")
    if spec.cell_arcsec is not None and not spec.cell_arcsec > 0:
        raise StageFailure("SPEC_INVALID", f"cell_arcsec is {spec.cell_arcsec}; it must be positive")


def _judge(checks: list[Check], spec: MosaicSpec, stage: Stage) -> None:
    """Warn of what is odd; stop at what is wrong, unless asked not to."""
    failed = [check for check in checks if check.verdict == "fail"]
    for check in checks:
        if check.verdict == "warn" or (check.verdict == "fail" and (spec.ignore_validation or spec.validate_only)):
            stage.events.warning(f"{check.name}: {check.message}")
    if failed and not (spec.ignore_validation or spec.validate_only):
        words = "; ".join(f"{check.name}: {check.message} (limit {check.limit})" for check in failed)
        raise StageFailure("TILES_INCONSISTENT", f"the tiles do not belong together: {words}", checks=len(failed))


def _combine(spec: MosaicSpec, stage: Stage, tiles: list[Tile], grid: Grid, backend: Backend) -> Combined:
    scratch = stage.workdir / "scratch"
    scratch.mkdir(parents=True, exist_ok=True)
    stage.tools[backend] = backend_version(backend)

    def report(done: int) -> None:
        stage.events.progress(0.4 + 0.45 * done / len(tiles), f"{done} of {len(tiles)} tiles resampled")

    try:
        patches = resample(tiles, grid, backend, scratch=scratch, progress=report)
        combined = combine(tiles, patches, grid.shape, method=spec.method, pb_limit=spec.pb_limit)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    if not combined.coverage.any():
        raise StageFailure("IMAGE_INVALID", "no tile has data on the mosaic's grid")
    return combined


def _median_beam(tiles: list[Tile]) -> Beam:
    """The tiles' own beam where it is common, else that of the tile in the middle of the range."""
    ordered = sorted((tile.beam for tile in tiles), key=lambda beam: beam.bmaj_arcsec * beam.bmin_arcsec)
    return ordered[len(ordered) // 2]


def _edges_mjd(tiles: list[Tile]) -> tuple[float, float]:
    """First and last edge of the data of all tiles, as far as their headers say."""
    starts = [float(tile.corrected.header.get("MJD-OBS", tile.mid_mjd)) for tile in tiles]
    # A tile is centred on its mid-time, so its end follows from its start.
    ends = [2 * tile.mid_mjd - start for tile, start in zip(tiles, starts, strict=True)]
    return min(starts), max(ends)


def _facts(spec: MosaicSpec, tiles: list[Tile], shares: list[float]) -> ImageFacts:
    """What the mosaic's header says; times and frequencies are means over the tiles, by their shares of the weights.

    Raises:
        StageFailure: HEADER_FIELD_MISSING if no tile names its frequency.
    """
    start, end = _edges_mjd(tiles)
    frequencies = [tile.corrected.nu_eff_hz for tile in tiles]
    known = [(value, share) for value, share in zip(frequencies, shares, strict=True) if value is not None]
    if not known:
        raise StageFailure("HEADER_FIELD_MISSING", "no tile names its frequency (CTYPE3 FREQ, or RESTFRQ)")
    headers = [tile.corrected.header for tile in tiles]
    scales = [header.get(SCALE_CARD) for header in headers]
    inherited = {
        card: headers[0][card]
        for card in _INHERITED
        if card in headers[0] and all(header.get(card) == headers[0][card] for header in headers)
    }
    used = {f"tile {tile.id}": f"weight share {share:.4f}" for tile, share in zip(tiles, shares, strict=True)}
    return ImageFacts(
        beam=_median_beam(tiles),
        nu_eff_hz=_mean([frequency for frequency, _ in known], [share for _, share in known]),
        # A frequency axis needs a step; images of one channel often say 0.
        bandwidth_hz=max(float(header.get("CDELT3", 0.0)) for header in headers) or 1.0,
        start_mjd=start,
        end_mjd=end,
        mid_mjd=_mean([tile.mid_mjd for tile in tiles], shares),
        beam_model=str(inherited.pop("BEAMMODL", "none" if tiles[0].pb is None else "as the tiles")),
        aberration_scale=None if None in scales else float(np.mean(scales)),
        provenance={**used, **spec.provenance},
        cards={"NTILES": len(tiles), "METHOD": spec.method, **inherited},
    )


def _mean(values: list[float], weights: list[float]) -> float:
    return float(np.average(values, weights=np.maximum(weights, 1e-12)))


def _write(spec: MosaicSpec, stage: Stage, grid: Grid, facts: ImageFacts, combined: Combined) -> None:
    """The mosaic, its maps and its picture."""
    brightness = combined.brightness.astype(np.float32)
    write_image(stage.output("mosaic", f"{spec.name}.fits"), brightness, image_header(grid, facts))
    maps: dict[str, tuple[NDArray[np.floating], str]] = {
        "weight": (combined.inverse_variance.astype(np.float32), "Jy-2"),
        "coverage": (combined.coverage.astype(np.float32), ""),
        "mjd": (combined.mjd, "d"),
    }
    if facts.beam_model != "none":
        maps["pb"] = (combined.pb, "")
    for role, (data, unit) in maps.items():
        header = image_header(grid, facts, unit, role)
        write_image(stage.output(role, f"{spec.name}-{role}.fits"), data, header)
    stage.events.progress(0.92, "maps written")
    rms = _typical_rms(combined)
    tiles, megahertz = facts.cards["NTILES"], facts.nu_eff_hz / 1e6
    title = f"{spec.name}: {tiles} tiles, {megahertz:.0f} MHz, noise {1e3 * rms:.2f} mJy/beam"
    picture = stage.output("picture", f"{spec.name}.png")
    draw_image(picture, brightness, grid.wcs, title=title, rms_jy=rms, beam=facts.beam)


def _typical_rms(combined: Combined) -> float:
    """Noise expected from the weights, median over the covered pixels."""
    return float(np.median(combined.inverse_variance[combined.coverage > 0]) ** -0.5)


def _summary(
    spec: MosaicSpec, tiles: list[Tile], checked: list[Check], placed: _Placed, combined: Combined | None
) -> MosaicSummary:
    grid, facts = placed.grid, placed.facts
    shares = _equal_shares(tiles) if combined is None else combined.shares
    n_pixels = 0 if combined is None else int((combined.coverage > 0).sum())
    return MosaicSummary(
        method=spec.method,
        backend=placed.backend,
        beam=facts.beam,
        center_ra_deg=grid.ra_deg,
        center_dec_deg=grid.dec_deg,
        width_px=grid.width_px,
        height_px=grid.height_px,
        cell_arcsec=grid.cell_arcsec,
        nu_eff_hz=facts.nu_eff_hz,
        start_mjd=facts.start_mjd,
        end_mjd=facts.end_mjd,
        mid_mjd=facts.mid_mjd,
        rms_jy=None if combined is None else _typical_rms(combined),
        peak_jy=None if combined is None else float(np.nanmax(combined.brightness)),
        area_deg2=None if combined is None else n_pixels * (grid.cell_arcsec / 3600) ** 2,
        tiles=[_tile_summary(tile, share) for tile, share in zip(tiles, shares, strict=True)],
        checks=checked,
    )


def _tile_summary(tile: Tile, share: float) -> MosaicTileSummary:
    found = tile.agreement
    return MosaicTileSummary(
        id=tile.id,
        rms_jy=tile.rms_jy,
        beam=tile.beam,
        mid_mjd=tile.mid_mjd,
        weight_share=share,
        ra_offset_arcsec=found.ra_shift_arcsec,
        dec_offset_arcsec=found.dec_shift_arcsec,
        flux_ratio=found.flux_ratio,
        n_matched=found.n_references,
    )
