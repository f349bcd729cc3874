"""Files of a tile: flat-noise and PB-corrected image, primary beam, residual, dirty beam, picture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..aberration import field_scale
from ..beam import mean_beam_map
from ..contract import Stage
from ..fits_write import Grid, ImageFacts, image_header, write_image
from ..model import Observation, image_position_deg, observation_of
from ..pictures import draw_image
from ..specs.image import ImageSpec
from .cleaned import Cleaned
from .coverage import Coverage
from .recipe import Recipe

Pixels = NDArray[np.float32]


def true_grid(coverage: Coverage, recipe: Recipe) -> tuple[Grid, float]:
    """Pixels in true ICRS coordinates, and the scale that was taken out of the cell.

    An image shows apparent places about its phase centre: annual aberration makes it too large or too small, and the
    north to which the uvw were turned is not exactly that at the centre (a turn of 1e-5 rad at declination 30).
    """
    summary = coverage.summary
    scale, rotation = field_scale(summary.phase_ra_deg, summary.phase_dec_deg, summary.mid_mjd), 0.0
    if summary.pointing_dec_deg is not None and summary.dish_diameter_m is not None:
        scale, rotation = similarity(observation_of(coverage.path))
    grid = Grid(
        ra_deg=summary.phase_ra_deg, dec_deg=summary.phase_dec_deg, width_px=recipe.imsize_px,
        height_px=recipe.imsize_px, cell_arcsec=recipe.cell_arcsec / scale, rotation_rad=rotation,
    )  # fmt: skip
    return grid, scale


def similarity(observation: Observation) -> tuple[float, float]:
    """Scale and turn (rad) of the image's plane against the true one, from directions a degree around the centre."""
    center = (observation.phase_ra_deg, observation.phase_dec_deg)
    flat = Grid(ra_deg=center[0], dec_deg=center[1], width_px=2, height_px=2, cell_arcsec=1.0, reference_px=(0, 0)).wcs
    angle = np.arange(8) * np.pi / 4
    true = 3600 * np.exp(1j * angle)
    ra, dec = flat.wcs_pix2world(-true.real, true.imag, 0)
    x, y = flat.wcs_world2pix(*image_position_deg(np.mod(ra, 360), dec, observation), 0)
    # Least squares of seen = scale exp(i turn) true, in complex offsets east + i north.
    ratio = ((-x + 1j * y) * true.conj()).sum() / (abs(true) ** 2).sum()
    return float(abs(ratio)), float(np.angle(ratio))


def beam_map(coverage: Coverage, grid: Grid) -> Pixels | None:
    """Primary beam averaged over the unflagged data, on the image's pixels; None if the dish is not known."""
    track = coverage.beam_track()
    if track is None:
        return None
    wcs = grid.wcs

    def to_icrs(x: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        ra, dec = wcs.wcs_pix2world(x.ravel(), y.ravel(), 0)
        return np.asarray(ra).reshape(x.shape), np.asarray(dec).reshape(x.shape)

    return mean_beam_map(grid.shape, to_icrs, track)


def beam_model(coverage: Coverage) -> str:
    """The primary beam in words, for headers and summaries."""
    diameter = coverage.summary.dish_diameter_m
    if diameter is None:
        return "none"
    follows = "tracking" if coverage.summary.pointing_dec_deg is None else "meridian drift"
    return f"airy {diameter:g} m, {follows}"


@dataclass(frozen=True, kw_only=True)
class Products:
    """What is written.

    Attributes:
        grid: pixels in true coordinates.
        cleaned: planes of the imager, the drifting sources restored in ``image``.
        pb: primary beam; None if unknown.
        facts: for the headers.
        rms_jy: noise, for the picture.
    """

    grid: Grid
    cleaned: Cleaned
    pb: Pixels | None
    facts: ImageFacts
    rms_jy: float


def write_products(spec: ImageSpec, stage: Stage, products: Products) -> bool:
    """Write the files that the spec asks for.

    Returns:
        Whether there is a PB-corrected image.
    """
    corrected = None
    if spec.pb_correct and products.pb is not None:
        with np.errstate(divide="ignore", invalid="ignore"):
            inside = products.pb >= spec.pb_limit
            corrected = np.where(inside, products.cleaned.image / products.pb, np.float32(np.nan))
    if spec.export_fits:
        _write_fits(spec, stage, products, corrected)
    shown = products.cleaned.image
    title = f"{spec.name}: {products.facts.nu_eff_hz / 1e6:.0f} MHz, noise {1e3 * products.rms_jy:.3g} mJy/beam"
    draw_image(
        stage.output("picture", f"{spec.name}.png"), shown, products.grid.wcs, title=title,
        rms_jy=products.rms_jy, beam=products.facts.beam,
    )  # fmt: skip
    return corrected is not None


def _write_fits(spec: ImageSpec, stage: Stage, products: Products, corrected: Pixels | None) -> None:
    grid, facts, cleaned = products.grid, products.facts, products.cleaned
    planes: dict[str, tuple[Pixels, str]] = {
        "image": (cleaned.image, "Jy/beam"),
        "residual": (cleaned.residual, "Jy/beam"),
        "psf": (cleaned.psf, ""),
    }
    if products.pb is not None:
        planes["pb"] = (products.pb, "")
    if corrected is not None:
        planes["image_pb"] = (corrected, "Jy/beam")
    for role, (data, unit) in planes.items():
        name = spec.name if role == "image" else f"{spec.name}-{role.replace('_', '-')}"
        kind = "Intensity" if unit else role
        header = image_header(grid, facts, unit, kind)
        header["PBCOR"] = (role == "image_pb", "divided by the primary beam")
        write_image(stage.output(role, f"{name}.fits"), data, header)
