"""Whether tiles belong into one mosaic: beam, cell, beam correction, noise, position, flux scale, frequency, tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import median

import numpy as np

from ..fits_write import PROVENANCE_CARDS
from ..photometry_fit.field_catalog import MIN_REFERENCES
from ..specs.common import Check
from .tiles import Tile

#: Relative difference of bmaj or bmin to the median: above the first a warning, above the second a failure.
BEAM_WARN, BEAM_FAIL = 0.02, 0.20
CELL_FAIL = 1e-3
RMS_WARN, RMS_FAIL = 2.0, 5.0
#: Clean has diverged where the deepest negative is beyond this share of the peak and beyond this many sigma.
MIN_OVER_PEAK, MIN_OVER_RMS = -0.02, -8.0
OFFSET_FAIL_ARCSEC = 2.0
FLUX_RATIO_RANGE = (0.8, 1.25)
FLUX_SPREAD_WARN, FLUX_SPREAD_FAIL = 0.05, 0.15
FREQUENCY_WARN_HZ, FREQUENCY_FAIL_HZ = 10e6, 50e6

_SCALE_CARDS = ("CALIBRAT", "FLUXCAL")
_TABLE_CARDS = tuple(PROVENANCE_CARDS[f"caltable_{kind}"] for kind in "kbg")


def check_tiles(tiles: Sequence[Tile]) -> list[Check]:
    """Every check, in the order an astronomer would look; each names the tile that stands out."""
    rules: list[Callable[[Sequence[Tile]], Check]] = [
        _different, _corrected, _cell, _beam, _rms, _diverged, _astrometry, _flux_ratio, _flux_spread, _frequency,
        _flux_scale, _tables,
    ]  # fmt: skip
    return [rule(tiles) for rule in rules]


def _check(name: str, value: float | None, limit: str, verdict: str, message: str) -> Check:
    return Check.model_validate({"name": name, "value": value, "limit": limit, "verdict": verdict, "message": message})


def _graded(name: str, value: float, limits: tuple[float, float], unit: str, what: str) -> Check:
    """Pass up to the first limit, warn up to the second, fail beyond."""
    verdict = "pass" if value <= limits[0] else "warn" if value <= limits[1] else "fail"
    return _check(name, value, f"<= {limits[0]:g} {unit}, at most {limits[1]:g}", verdict, what)


def _worst(tiles: Sequence[Tile], values: Sequence[float]) -> tuple[float, str]:
    index = int(np.argmax(values))
    return float(values[index]), tiles[index].id


def _different(tiles: Sequence[Tile]) -> Check:
    keys = [(round(tile.mid_mjd, 5), *(round(angle, 3) for angle in tile.corrected.center_deg)) for tile in tiles]
    twice = sorted({tile.id for tile, key in zip(tiles, keys, strict=True) if keys.count(key) > 1})
    if twice:
        return _check("different", len(twice), "0", "fail", f"the same tile is given twice: {', '.join(twice)}")
    return _check("different", 0, "0", "pass", f"{len(tiles)} different tiles")


def _corrected(tiles: Sequence[Tile]) -> Check:
    without = [tile.id for tile in tiles if tile.pb is None]
    if without and len(without) < len(tiles):
        message = f"without primary-beam correction: {', '.join(without)}; all tiles or none must have it"
        return _check("pb_corrected", len(without), "all or none", "fail", message)
    return _check("pb_corrected", len(without), "all or none", "pass", "no tile" if without else "every tile")


def _cell(tiles: Sequence[Tile]) -> Check:
    cells = [tile.corrected.cell_arcsec for tile in tiles]
    worst, name = _worst(tiles, [abs(cell / median(cells) - 1) for cell in cells])
    verdict = "pass" if worst <= CELL_FAIL else "fail"
    message = f"cells of {min(cells):.3f} to {max(cells):.3f} arcsec (tile {name} differs most)"
    return _check("cell", worst, f"<= {CELL_FAIL:g} relative", verdict, message)


def _beam(tiles: Sequence[Tile]) -> Check:
    major, minor = [tile.beam.bmaj_arcsec for tile in tiles], [tile.beam.bmin_arcsec for tile in tiles]
    spread = [max(abs(a / median(major) - 1), abs(b / median(minor) - 1)) for a, b in zip(major, minor, strict=True)]
    worst, name = _worst(tiles, spread)
    message = f"beams of {min(major):.1f} to {max(major):.1f} arcsec (tile {name} differs most)"
    return _graded("beam", worst, (BEAM_WARN, BEAM_FAIL), "relative", message)


def _rms(tiles: Sequence[Tile]) -> Check:
    rms = [tile.rms_jy for tile in tiles]
    worst, name = _worst(tiles, [value / median(rms) for value in rms])
    message = f"noise of {1e3 * min(rms):.2f} to {1e3 * max(rms):.2f} mJy (tile {name} is noisiest)"
    return _graded("rms", worst, (RMS_WARN, RMS_FAIL), "x median", message)


def _diverged(tiles: Sequence[Tile]) -> Check:
    """Weights hide a diverged tile: each tile is looked at before it gets one."""
    ratios = []
    for tile in tiles:
        low, high = float(np.nanmin(tile.flat.data)), float(np.nanmax(tile.flat.data))
        ratios.append(low / high if high > 0 and low < MIN_OVER_RMS * tile.rms_jy else 0.0)
    worst, name = _worst(tiles, [-ratio for ratio in ratios])
    verdict = "pass" if -worst > MIN_OVER_PEAK else "fail"
    message = f"minimum / peak of tile {name}: {-100 * worst:.1f} %" if worst else "no negatives beyond the noise"
    return _check("diverged", -worst, f"> {MIN_OVER_PEAK:g}", verdict, message)


def _astrometry(tiles: Sequence[Tile]) -> Check:
    offsets = []
    for tile in tiles:
        found = tile.agreement
        ra, dec = found.ra_shift_arcsec, found.dec_shift_arcsec
        offsets.append(0.0 if ra is None or dec is None else float(np.hypot(ra, dec)))
    limit = f"<= {OFFSET_FAIL_ARCSEC:g} arcsec"
    if not _with_references(tiles):
        return _check("astrometry", None, limit, "not_evaluated", _too_few())
    worst, name = _worst(tiles, offsets)
    verdict = "pass" if worst <= OFFSET_FAIL_ARCSEC else "fail"
    return _check("astrometry", worst, limit, verdict, f"tile {name} is {worst:.2f} arcsec off the catalogue")


def _flux_ratio(tiles: Sequence[Tile]) -> Check:
    low, high = FLUX_RATIO_RANGE
    limit = f"{low:g} to {high:g}"
    usable = _with_references(tiles)
    if not usable:
        return _check("flux_ratio", None, limit, "not_evaluated", _too_few())
    ratios = [tile.agreement.flux_ratio or 1.0 for tile in usable]
    _, name = _worst(usable, [abs(np.log(ratio)) for ratio in ratios])
    worst = next(ratio for tile, ratio in zip(usable, ratios, strict=True) if tile.id == name)
    verdict = "pass" if low <= worst <= high else "fail"
    return _check("flux_ratio", worst, limit, verdict, f"tile {name} has {worst:.3f} times the catalogue's fluxes")


def _flux_spread(tiles: Sequence[Tile]) -> Check:
    usable = _with_references(tiles)
    limit = f"<= {FLUX_SPREAD_WARN:g}, at most {FLUX_SPREAD_FAIL:g}"
    if len(usable) < 2:
        return _check("flux_spread", None, limit, "not_evaluated", _too_few())
    ratios = [tile.agreement.flux_ratio or 1.0 for tile in usable]
    worst, name = _worst(usable, [abs(ratio / median(ratios) - 1) for ratio in ratios])
    message = f"tile {name} differs {100 * worst:.1f} % from the others' flux scale"
    return _graded("flux_spread", worst, (FLUX_SPREAD_WARN, FLUX_SPREAD_FAIL), "relative", message)


def _frequency(tiles: Sequence[Tile]) -> Check:
    frequencies = [tile.corrected.nu_eff_hz for tile in tiles]
    known = [value for value in frequencies if value is not None]
    if len(known) < len(tiles):
        limit = f"<= {FREQUENCY_FAIL_HZ / 1e6:g} MHz"
        return _check("frequency", None, limit, "not_evaluated", "a tile's header names no frequency")
    spread = (max(known) - min(known)) / 1e6
    message = f"effective frequencies of {min(known) / 1e6:.1f} to {max(known) / 1e6:.1f} MHz"
    return _graded("frequency", spread, (FREQUENCY_WARN_HZ / 1e6, FREQUENCY_FAIL_HZ / 1e6), "MHz", message)


def _flux_scale(tiles: Sequence[Tile]) -> Check:
    for card in _SCALE_CARDS:
        values = {str(tile.corrected.header.get(card, "")) for tile in tiles}
        if len(values) > 1:
            names = ", ".join(sorted(value or "none" for value in values))
            return _check("flux_scale", len(values), "one", "fail", f"{card} differs between tiles: {names}")
    return _check("flux_scale", 1, "one", "pass", "one calibrator and flux scale")


def _tables(tiles: Sequence[Tile]) -> Check:
    sets = {tuple(str(tile.corrected.header.get(card, "")) for card in _TABLE_CARDS) for tile in tiles}
    if len(sets) > 1:
        return _check("tables", len(sets), "one set", "warn", f"{len(sets)} different sets of calibration tables")
    return _check("tables", 1, "one set", "pass", "one set of calibration tables")


def _with_references(tiles: Sequence[Tile]) -> list[Tile]:
    return [tile for tile in tiles if tile.agreement.flux_ratio is not None]


def _too_few() -> str:
    return f"fewer than {MIN_REFERENCES} bright catalogue sources in every tile"
