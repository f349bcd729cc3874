"""The sources that an image is compared with: the truth of a simulation, or the catalogue."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..catalog import CALIBRATOR_TWIN_ARCSEC, nvss_name
from ..contract import StageFailure
from ..fits_image import SkyImage
from ..frames import separation_rad
from ..photometry_fit.field_catalog import CATALOG_FREQ_HZ, catalog_rows
from ..specs.common import SourceModel
from ..specs.photometry import QaSpec

Float = NDArray[np.float64]
_TRUTH_FIELDS = ("ra_deg", "dec_deg", "flux_jy")


@dataclass(frozen=True, kw_only=True)
class Listed:
    """Point sources on the sky, all arrays (n,).

    Attributes:
        name: what they are called.
        ra_deg, dec_deg: ICRS.
        flux_jy: at the image's effective frequency, before the primary beam.
        excluded: sources that judge nothing.
    """

    name: NDArray[np.str_]
    ra_deg: Float
    dec_deg: Float
    flux_jy: Float
    excluded: NDArray[np.bool_]


def listed_sources(spec: QaSpec, image: SkyImage) -> Listed:
    """Sources of the truth, or of the catalogue around the image; excluded ones that are in neither are added.

    Raises:
        StageFailure: FILE_MISSING, FILE_EMPTY or SPEC_INVALID for the truth, naming file and field; CATALOG_MISSING.
    """
    if spec.truth is None:
        name, ra, dec, flux = _of_catalog(spec, image)
    else:
        name, ra, dec, flux = _of_truth(Path(spec.truth), image)
    excluded = np.zeros(len(name), dtype=bool)
    for source in spec.exclude:
        twin = np.rad2deg(separation_rad(ra, dec, source.ra_deg, source.dec_deg)) * 3600 < CALIBRATOR_TWIN_ARCSEC
        excluded |= twin
        if not twin.any():
            name, ra, dec = [*name, source.name], np.append(ra, source.ra_deg), np.append(dec, source.dec_deg)
            flux, excluded = np.append(flux, _flux_at(source, image)), np.append(excluded, True)
    return Listed(name=np.array(name, dtype=np.str_), ra_deg=ra, dec_deg=dec, flux_jy=flux, excluded=excluded)


def _flux_at(source: SourceModel, image: SkyImage) -> float:
    nu = image.nu_eff_hz or source.ref_freq_hz
    return float(source.flux_jy * (nu / source.ref_freq_hz) ** source.spectral_index)


def _of_catalog(spec: QaSpec, image: SkyImage) -> tuple[list[str], Float, Float, Float]:
    rows = catalog_rows(image, spec.min_flux_jy)
    ra, dec = rows["ra_deg"].copy(), rows["dec_deg"].copy()
    scale = ((image.nu_eff_hz or CATALOG_FREQ_HZ) / CATALOG_FREQ_HZ) ** spec.spectral_index
    return [nvss_name(*place) for place in zip(ra, dec, strict=True)], ra, dec, np.asarray(rows["flux_jy"] * scale)


def _read_truth(path: Path) -> Mapping[str, Any]:
    if not path.is_file():
        raise StageFailure("FILE_MISSING", f"there is no truth at {path}", file=str(path))
    text = path.read_text(encoding="utf-8", errors="replace")
    if not text.strip():
        raise StageFailure("FILE_EMPTY", f"the truth {path} is empty", file=str(path))
    try:
        document = json.loads(text)
    except json.JSONDecodeError as cause:
        raise StageFailure("SPEC_INVALID", f"the truth {path} is no JSON: {cause}", file=str(path)) from cause
    if not isinstance(document, dict) or not isinstance(document.get("sources"), list):
        raise StageFailure("SPEC_INVALID", f"the truth {path} has no list 'sources'", file=str(path))
    return document


def _of_truth(path: Path, image: SkyImage) -> tuple[list[str], Float, Float, Float]:
    """Fluxes are given at the simulation's ``nu_eff_hz``; each source's own index takes them to the image's."""
    document = _read_truth(path)
    sources: Sequence[Any] = document["sources"]
    columns = [
        np.array([_number(path, i, source, field) for i, source in enumerate(sources)]) for field in _TRUTH_FIELDS
    ]
    ra, dec, flux = (column.astype(np.float64) for column in columns)
    index = np.array([float(source.get("spectral_index", 0.0)) for source in sources])
    nu_truth = float(document.get("nu_eff_hz") or image.nu_eff_hz or 1.0)
    scale = ((image.nu_eff_hz or nu_truth) / nu_truth) ** index
    return [str(source.get("name", i)) for i, source in enumerate(sources)], ra, dec, flux * scale


def _number(path: Path, index: int, source: Any, field: str) -> float:
    value = source.get(field) if isinstance(source, dict) else None
    if isinstance(value, (int, float)) and not isinstance(value, bool) and np.isfinite(value):
        return float(value)
    raise StageFailure(
        "SPEC_INVALID", f"the truth {path}: sources[{index}].{field} is {value!r}, a number is needed", file=str(path)
    )
